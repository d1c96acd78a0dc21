//! The three forms in which hosts hold texts: UTF-8, GBK (what "ANSI" is on Chinese Windows), and UTF-16. Safe code: what
//! points to them is read and written elsewhere.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, EncoderResult, GBK, mem};
use smallvec::SmallVec;

use super::host_text::Unit;
use crate::reply::{Code, Error, Status, Words, words};
use crate::request;

/// A form of text.
pub(super) trait Form {
    /// What capacities and lengths count.
    type Unit: Unit;

    /// The most units that a byte of UTF-8 becomes.
    const MOST: usize;

    /// The text that these units are, or `BAD_ENCODING` with the offset of the unit at fault.
    fn read(units: &[Self::Unit]) -> Result<Cow<'_, str>, Error>;

    /// The same of a value that is not JSON itself.
    fn read_value(units: &[Self::Unit]) -> Result<Cow<'_, str>, Error> {
        Self::read(units)
    }

    /// Gives the units of a text, without a terminator, piece by piece: a copy of a large reply may find no memory in a
    /// 32-bit host.
    fn write(text: &str, give: impl FnMut(&[Self::Unit]));

    /// How many units that is.
    fn length(text: &str) -> usize {
        let mut length = 0;
        Self::write(text, |piece| length += piece.len());
        length
    }
}

/// The units of a piece where a text has to be converted.
const PIECE: usize = 1024;

/// `hislink_call` and its like.
pub(super) struct Utf8;
/// `hislink_call_a` and its like.
pub(super) struct Gbk;
/// `hislink_call_w` and its like.
pub(super) struct Utf16;

impl Form for Utf8 {
    type Unit = u8;
    const MOST: usize = 1;

    fn read(units: &[u8]) -> Result<Cow<'_, str>, Error> {
        request::text_of(units).map(Cow::Borrowed)
    }

    fn write(text: &str, mut give: impl FnMut(&[u8])) {
        give(text.as_bytes());
    }
}

impl Form for Gbk {
    type Unit = u8;
    /// Twelve escape characters for a picture of four bytes, six for a rare letter of two.
    const MOST: usize = 3;

    fn read(units: &[u8]) -> Result<Cow<'_, str>, Error> {
        if units.is_ascii() {
            return request::text_of(units).map(Cow::Borrowed);
        }
        let mut decoder = GBK.new_decoder_without_bom_handling();
        let room = decoder.max_utf8_buffer_length_without_replacement(units.len()).unwrap_or_default();
        let mut text = with_room(room)?;
        let (end, read) = decoder.decode_to_string_without_replacement(units, &mut text, true);
        match end {
            DecoderResult::InputEmpty => Ok(Cow::Owned(text)),
            DecoderResult::OutputFull => Err(bad(too_long())),
            DecoderResult::Malformed(length, behind) => {
                let offset = read.saturating_sub(usize::from(length) + usize::from(behind));
                Err(bad(words!("文本不是 GBK（从第 {offset} 字节起）", "the text is not GBK from byte {offset} on")))
            }
        }
    }

    /// What [`Gbk::write`] has made of a name with a rare character becomes that name again.
    fn read_value(units: &[u8]) -> Result<Cow<'_, str>, Error> {
        let text = Self::read(units)?;
        Ok(if text.contains("\\u") { Cow::Owned(unescaped(&text)) } else { text })
    }

    fn write(text: &str, mut give: impl FnMut(&[u8])) {
        let mut encoder = GBK.new_encoder();
        let mut piece = [0; PIECE];
        let mut rest = text;
        loop {
            let (end, read, written) = encoder.encode_from_utf8_without_replacement(rest, &mut piece, true);
            give(piece.get(..written).unwrap_or_default());
            rest = rest.get(read..).unwrap_or_default();
            match end {
                EncoderResult::InputEmpty => return,
                EncoderResult::OutputFull => {}
                EncoderResult::Unmappable(lacking) => give(&escaped(lacking)),
            }
        }
    }
}

impl Form for Utf16 {
    type Unit = u16;
    const MOST: usize = 1;

    fn read(units: &[u16]) -> Result<Cow<'_, str>, Error> {
        let offset = mem::utf16_valid_up_to(units);
        if offset < units.len() {
            let words = words!(
                "文本不是 UTF-16：第 {offset} 个单元是不成对的代理",
                "the text is not UTF-16: unit {offset} is an unpaired surrogate"
            );
            return Err(bad(words));
        }
        let mut text = with_room(units.iter().map(|unit| utf8_bytes(*unit)).sum())?;
        let (mut rest, mut piece) = (units, [0; PIECE]);
        while !rest.is_empty() {
            let (read, written) = mem::convert_utf16_to_utf8_partial(rest, &mut piece);
            let converted = piece.get(..written).and_then(|piece| str::from_utf8(piece).ok());
            // Neither happens: all was found valid, and a piece has room for more than one character.
            let (Some(converted), 1..) = (converted, read) else { return Err(bad(too_long())) };
            text.push_str(converted);
            rest = rest.get(read..).unwrap_or_default();
        }
        Ok(Cow::Owned(text))
    }

    fn write(text: &str, mut give: impl FnMut(&[u16])) {
        // No text has more units than bytes; the conversion wants one more, and the border may lie three bytes behind.
        let (mut rest, mut piece) = (text, [0; PIECE + 4]);
        while !rest.is_empty() {
            let border = (rest.len().min(PIECE)..).find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
            let (part, behind) = rest.split_at_checked(border).unwrap_or((rest, ""));
            let written = mem::convert_str_to_utf16(part, &mut piece);
            give(piece.get(..written).unwrap_or_default());
            rest = behind;
        }
    }

    fn length(text: &str) -> usize {
        // A unit for each character, and one more for those of four bytes.
        text.bytes().map(|byte| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0)).sum()
    }
}

/// The bytes in UTF-8 of a unit; of a surrogate, half of its pair's.
fn utf8_bytes(unit: u16) -> usize {
    let surrogate = unit & 0xF800 == 0xD800;
    1 + usize::from(unit >= 0x80) + usize::from(unit >= 0x800 && !surrogate)
}

/// An empty text with room for so many bytes, or `BAD_ENCODING` where a 32-bit host has none left.
pub(super) fn with_room(bytes: usize) -> Result<String, Error> {
    let mut text = String::new();
    text.try_reserve_exact(bytes).map_err(|_| bad(too_long()))?;
    Ok(text)
}

/// What GBK lacks, as JSON writes it in ASCII.
fn escaped(character: char) -> SmallVec<[u8; 12]> {
    let mut text = SmallVec::new();
    for unit in character.encode_utf16(&mut [0; 2]) {
        text.extend_from_slice(b"\\u");
        for shift in [12, 8, 4, 0] {
            let digit = char::from_digit(u32::from(*unit >> shift & 0xF), 16).unwrap_or('0');
            text.push(digit.to_ascii_uppercase() as u8);
        }
    }
    text
}

/// A text with each `\uXXXX` of a character that GBK lacks as that character; of others it is left, they were never escaped.
fn unescaped(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.find("\\u").and_then(|at| rest.split_at_checked(at)) {
        read.push_str(before);
        let (character, length) = escaped_character(from).unwrap_or(('\\', 1));
        read.push(character);
        rest = from.get(length..).unwrap_or_default();
    }
    read + rest
}

/// The character that GBK lacks whose escapes the text begins with, and their length.
fn escaped_character(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
    };
    let units = [Some(unit(0)?), unit(6)];
    let character = char::decode_utf16(units.into_iter().flatten()).next()?.ok()?;
    is_lacking(character).then_some((character, 6 * character.len_utf16()))
}

fn is_lacking(character: char) -> bool {
    let (mut utf8, mut gbk) = ([0; 4], [0; 4]);
    let text = character.encode_utf8(&mut utf8);
    let (end, ..) = GBK.new_encoder().encode_from_utf8_without_replacement(text, &mut gbk, true);
    matches!(end, EncoderResult::Unmappable(_))
}

fn bad(words: Words) -> Error {
    Error::new(Status::Rejected, Code::BadEncoding, words)
}

fn too_long() -> Words {
    words!("文本过长", "the text is too long")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written<F: Form>(text: &str) -> Vec<F::Unit> {
        let mut units = Vec::new();
        F::write(text, |piece| units.extend_from_slice(piece));
        assert_eq!(units.len(), F::length(text));
        units
    }

    #[test]
    fn gbk_comes_and_goes_and_what_it_lacks_is_escaped() {
        assert_eq!(written::<Gbk>("充值A€"), [0xB3, 0xE4, 0xD6, 0xB5, b'A', 0x80]);
        assert_eq!(Gbk::read(&[0xB3, 0xE4, 0xD6, 0xB5, b'A', 0x80]).unwrap(), "充值A€");
        assert_eq!(written::<Gbk>("a😀é\u{0E01}"), b"a\\uD83D\\uDE00\xA8\xA6\\u0E01");
        assert_eq!(Gbk::read(b"plain").unwrap(), "plain");
        // Over the borders of pieces.
        let long = "长😀".repeat(10 * PIECE);
        assert_eq!(written::<Gbk>(&long), b"\xB3\xA4\\uD83D\\uDE00".repeat(10 * PIECE));
        for (bytes, offset) in [(&b"ab\xFF"[..], 2), (b"ab\xB3", 2), (b"\xB3\xE4\x81 ", 2), (b"abc\xB3\x00x", 3)] {
            let error = Gbk::read(bytes).unwrap_err();
            assert_eq!(error.details().code, Code::BadEncoding);
            assert!(error.details().words.en.contains(&format!("byte {offset} ")), "{bytes:?}: {error}");
        }
    }

    #[test]
    fn a_value_with_escapes_of_what_gbk_lacks_is_what_it_was() {
        let plain =
            ["张三", "C:\\users\\x", "\\u", "\\u12", "\\uD842", "\\uD842\\u0041", "\\u5145", "\\\\u", "\\u+0E1"];
        for text in ["\u{20BB7}野家", "a\u{0E01}\u{1F600}b"].into_iter().chain(plain) {
            assert_eq!(Gbk::read_value(&written::<Gbk>(text)).unwrap(), text);
        }
        assert_eq!(Gbk::read_value(b"\\uD842\\uDFB7").unwrap(), "\u{20BB7}");
        assert!(Gbk::read_value(b"ab\xFF").is_err());
    }

    #[test]
    fn utf_16_needs_its_surrogates_in_pairs() {
        let units: Vec<u16> = "a😀充".encode_utf16().collect();
        assert_eq!((Utf16::read(&units).unwrap(), written::<Utf16>("a😀充")), ("a😀充".into(), units.clone()));
        // A pair on the border of two pieces.
        let long = format!("a{}", "😀".repeat(PIECE));
        assert_eq!(written::<Utf16>(&long), long.encode_utf16().collect::<Vec<_>>());
        for (bad, offset) in [(&units[..2], 1), (&[0xDC00, 97][..], 0), (&[97, 98, 0xD800, 99][..], 2)] {
            let error = Utf16::read(bad).unwrap_err();
            assert!(error.details().words.en.contains(&format!("unit {offset} ")), "{error}");
        }
    }
}
