//! Values as programs spell them in a signing text.

use std::borrow::Cow;
use std::fmt::Write;

use crate::json::plain_number;

/// How numbers are spelt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// As the platform and the settings ask.
    #[default]
    Right,
    /// As they stand in the JSON text.
    Literal,
    /// Without exponent and trailing zeros: `10.00` as `10`.
    Plain,
    /// As a double of Java or Python: `10.00` as `10.0`. Whole numbers stay.
    Double,
    /// With two decimals: `10` as `10.00`.
    TwoDecimals,
}

impl Numbers {
    /// A JSON number's spelling; `right` is what the platform asks for. None for one too large to be written out.
    pub fn spell<'n>(
        self,
        number: &'n str,
        right: impl FnOnce(&'n str) -> Option<Cow<'n, str>>,
    ) -> Option<Cow<'n, str>> {
        match self {
            Numbers::Right => right(number),
            Numbers::Literal => Some(Cow::Borrowed(number)),
            Numbers::Plain => plain_number(number).ok().map(Cow::Owned),
            Numbers::Double if !number.contains(['.', 'e', 'E']) => Some(Cow::Borrowed(number)),
            Numbers::Double => {
                let plain = plain_number(number).ok()?;
                Some(Cow::Owned(if plain.contains('.') { plain } else { format!("{plain}.0") }))
            }
            Numbers::TwoDecimals => {
                let plain = plain_number(number).ok()?;
                let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
                Some(Cow::Owned(format!("{whole}.{decimals:0<2}")))
            }
        }
    }
}

/// What becomes of null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Nulls {
    /// Left out, as both platforms ask.
    #[default]
    Dropped,
    /// The word.
    Word,
    /// An empty text.
    Empty,
}

/// Percent escapes as Java's `URLEncoder` writes them: a blank is a plus.
pub fn url_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'*' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            // Writing to a String cannot fail.
            _ => _ = write!(out, "%{byte:02X}"),
        }
    }
    out
}
