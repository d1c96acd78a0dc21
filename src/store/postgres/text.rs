//! Texts as PostgreSQL can hold them. It knows no NUL, and the Oracle modes of its relatives take an empty text for no
//! text, so noncharacters of Unicode stand for the two.

use std::borrow::Cow;

use tokio_postgres::{Error, Row};

const NUL: char = '\u{0}';
const FOR_NUL: char = '\u{FDD0}';
const FOR_EMPTY: &str = "\u{FDD1}";

/// A text on its way in.
pub(super) fn stored(text: &str) -> Cow<'_, str> {
    match text {
        "" => FOR_EMPTY.into(),
        _ if text.contains(NUL) => text.replace(NUL, FOR_NUL.encode_utf8(&mut [0; 4])).into(),
        _ => text.into(),
    }
}

/// A text on its way out.
fn kept(text: String) -> String {
    match text.as_str() {
        FOR_EMPTY => String::new(),
        _ if text.contains(FOR_NUL) => text.replace(FOR_NUL, "\0"),
        _ => text,
    }
}

/// The text in that column.
pub(super) fn text(row: &Row, column: usize) -> Result<String, Error> {
    row.try_get(column).map(kept)
}

/// The text in that column, which may be null.
pub(super) fn maybe_text(row: &Row, column: usize) -> Result<Option<String>, Error> {
    row.try_get::<_, Option<String>>(column).map(|found| found.map(kept))
}

/// The bytes in that column: none are stored as null.
pub(super) fn bytes(row: &Row, column: usize) -> Result<Vec<u8>, Error> {
    row.try_get::<_, Option<Vec<u8>>>(column).map(Option::unwrap_or_default)
}

/// Bytes on their way in.
pub(super) fn stored_bytes(bytes: &[u8]) -> Option<&[u8]> {
    Some(bytes).filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_stored_comes_back() {
        for (text, inside) in [("", "\u{FDD1}"), ("\0", "\u{FDD0}"), ("a\0\0长", "a\u{FDD0}\u{FDD0}长"), (" ", " ")] {
            assert_eq!(stored(text), inside);
            assert_eq!(kept(inside.to_owned()), text);
        }
    }
}
