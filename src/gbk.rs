//! GBK as the platform's Java encodes it, for SM4.
//!
//! Measured against Java 17: it has no characters at the codes that GB 18030 filled later, where the
//! web's GBK, which encoding_rs follows, has some; and it writes the euro sign as A2 E3, where the web writes 80.

use std::borrow::Cow;

use encoding_rs::GBK;

const EURO: &[u8] = &[0xA2, 0xE3];

/// The GBK bytes of a text, or the first character that GBK lacks.
pub fn encode(text: &str) -> Result<Cow<'_, [u8]>, char> {
    if !text.contains('€') {
        return encode_without_euro(text);
    }
    let parts = text.split('€').map(encode_without_euro).collect::<Result<Vec<_>, _>>()?;
    Ok(Cow::Owned(parts.join(EURO)))
}

/// The text of GBK bytes, or none where they are no GBK.
pub fn decode(bytes: &[u8]) -> Option<String> {
    GBK.decode_without_bom_handling_and_without_replacement(bytes).map(Cow::into_owned)
}

fn encode_without_euro(text: &str) -> Result<Cow<'_, [u8]>, char> {
    let (bytes, _, lacking) = GBK.encode(text);
    if !lacking && !has_newer(&bytes) {
        return Ok(bytes);
    }
    let lacks = |c: &char| {
        let mut utf8 = [0; 4];
        let (bytes, _, lacking) = GBK.encode(c.encode_utf8(&mut utf8));
        lacking || has_newer(&bytes)
    };
    Err(text.chars().find(lacks).unwrap_or(char::REPLACEMENT_CHARACTER))
}

/// Whether GBK bytes hold a code that GB 18030 filled later.
fn has_newer(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    loop {
        match rest {
            [lead @ 0x81..=0xFF, trail, after @ ..] => {
                if is_newer(*lead, *trail) {
                    return true;
                }
                rest = after;
            }
            [_, after @ ..] => rest = after,
            [] => return false,
        }
    }
}

fn is_newer(lead: u8, trail: u8) -> bool {
    match lead {
        0xA6 => matches!(trail, 0xD9..=0xDF | 0xEC..=0xED | 0xF3),
        0xA8 => matches!(trail, 0x92 | 0xBC | 0xBF),
        0xA9 => matches!(trail, 0x89..=0x95),
        0xFE => matches!(trail, 0x50..=0xA0),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_javas() {
        assert_eq!(encode("易€a").unwrap().as_ref(), [0xD2, 0xD7, 0xA2, 0xE3, b'a']);
        assert_eq!(encode("€").unwrap().as_ref(), EURO);
        assert_eq!(encode("镕堃").unwrap().len(), 4);
        assert_eq!(encode("﨑").unwrap().len(), 2);
        for (text, lacking) in [("a䶮", '䶮'), ("㐂", '㐂'), ("ok😀", '😀'), ("€ǹ", 'ǹ')] {
            assert_eq!(encode(text), Err(lacking), "{text}");
        }
        assert_eq!(decode(&[0xA2, 0xE3]).as_deref(), Some("€"));
        assert_eq!(decode(&[0x81]), None);
    }
}
