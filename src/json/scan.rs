//! Finds the bytes of a string that need care, eight at a time: most strings have none.
//!
//! Inlined by force: called, these steps took a twentieth of a seal's time.

const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH_BITS: u64 = u64::from_ne_bytes([0x80; 8]);

/// Eight bytes, the first in the lowest place.
#[derive(Clone, Copy)]
pub(crate) struct Eight(u64);

impl Eight {
    /// Marks the bytes that are `byte`. Only the first mark is reliable, which is the one that counts.
    #[inline]
    pub(crate) fn equal(self, byte: u8) -> u64 {
        let difference = self.0 ^ (ONES * u64::from(byte));
        difference.wrapping_sub(ONES) & !difference & HIGH_BITS
    }

    /// Marks the bytes below 0x20, likewise.
    #[inline]
    pub(crate) fn control(self) -> u64 {
        self.0.wrapping_sub(ONES * 0x20) & !self.0 & HIGH_BITS
    }

    /// Marks what a JSON string cannot hold as it is: controls, quotes and backslashes.
    #[inline]
    pub(crate) fn json_special(self) -> u64 {
        self.control() | self.equal(b'"') | self.equal(b'\\')
    }
}

/// How many bytes stand before the first that `marked` marks.
#[inline(always)]
pub(crate) fn clean_prefix(bytes: &[u8], marked: impl Fn(Eight) -> u64) -> usize {
    match bytes.split_first_chunk::<32>() {
        None => by_eights(bytes, marked),
        Some((start, rest)) => match by_eights(start, &marked) {
            32 => 32 + long_prefix(rest, marked),
            place => place,
        },
    }
}

/// The same for what is long, such as a ciphertext: 32 bytes at a step.
fn long_prefix(bytes: &[u8], marked: impl Fn(Eight) -> u64) -> usize {
    let is_clean = |chunk: &&[u8; 32]| {
        let (eights, _) = chunk.as_chunks::<8>();
        eights.iter().fold(0, |marks, eight| marks | marked(Eight(u64::from_le_bytes(*eight)))) == 0
    };
    let passed = bytes.as_chunks::<32>().0.iter().take_while(is_clean).count() * 32;
    passed + by_eights(bytes.get(passed..).unwrap_or_default(), marked)
}

#[inline(always)]
fn by_eights(bytes: &[u8], marked: impl Fn(Eight) -> u64) -> usize {
    let (eights, rest) = bytes.as_chunks::<8>();
    for (n, eight) in eights.iter().enumerate() {
        let marks = marked(Eight(u64::from_le_bytes(*eight)));
        if marks != 0 {
            return n * 8 + first_mark(marks);
        }
    }
    // What is left overlaps what is known to be clean, or itself.
    match (rest.is_empty(), bytes.last_chunk::<8>()) {
        (true, _) => bytes.len(),
        (false, Some(last)) => match marked(Eight(u64::from_le_bytes(*last))) {
            0 => bytes.len(),
            marks => bytes.len() - 8 + first_mark(marks),
        },
        (false, None) => short_prefix(bytes, marked),
    }
}

/// The same for one to seven bytes.
#[inline(always)]
fn short_prefix(bytes: &[u8], marked: impl Fn(Eight) -> u64) -> usize {
    const CLEAN: u64 = u64::from_ne_bytes([b'a'; 8]);
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let word = u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32;
        return match marked(Eight(word)) {
            0 => bytes.len(),
            marks => match first_mark(marks) {
                place @ 0..4 => place,
                place => bytes.len() + place - 8,
            },
        };
    }
    let word = bytes.iter().rev().fold(CLEAN, |word, byte| word << 8 | u64::from(*byte));
    match marked(Eight(word)) {
        0 => bytes.len(),
        marks => first_mark(marks),
    }
}

fn first_mark(marks: u64) -> usize {
    (marks.trailing_zeros() / 8) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_at_every_place() {
        for length in 0..80 {
            let clean = vec![0xE4; length];
            assert_eq!(clean_prefix(&clean, Eight::json_special), length);
            for place in 0..length {
                for special in [b'"', b'\\', 0, 0x1F] {
                    let mut bytes = clean.clone();
                    bytes[place] = special;
                    assert_eq!(clean_prefix(&bytes, Eight::json_special), place, "{length} {special}");
                }
            }
        }
        assert_eq!(clean_prefix(b" !#[]\x7F\x80\xFF", Eight::json_special), 8);
    }
}
