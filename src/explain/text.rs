//! A signing text that knows the place of its secret, so that the secret never joins it.

use base64ct::{Base64, Encoding};

/// What stands before the secret and behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The whole text where the secret has no place in it.
    pub before: String,
    /// What follows the secret; none where there is no secret.
    pub after: Option<String>,
}

impl Text {
    /// With a secret at its end.
    pub fn ending(before: String) -> Self {
        Self { before, after: Some(String::new()) }
    }

    /// Without a secret.
    pub fn whole(before: String) -> Self {
        Self { before, after: None }
    }

    /// For people: the secret as `***`.
    pub fn masked(&self) -> String {
        let Self { before, after } = self;
        match after {
            Some(after) => format!("{before}***{after}"),
            None => before.clone(),
        }
    }
}

/// How a digest is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Written {
    /// In the hex that the platform asks for.
    #[default]
    Right,
    /// In hex of the other case.
    OtherCase,
    /// In base64.
    Base64,
    /// The 16 hex digits in the middle.
    Middle,
}

impl Written {
    /// A digest as text; `upper` is the platform's own case.
    pub fn write(self, digest: &[u8], upper: bool) -> String {
        let hex = |upper| if upper { hex::encode_upper(digest) } else { hex::encode(digest) };
        match self {
            Written::Right => hex(upper),
            Written::OtherCase => hex(!upper),
            Written::Base64 => Base64::encode_string(digest),
            Written::Middle => hex(upper).get(8..24).unwrap_or_default().to_owned(),
        }
    }
}

/// A sign with the white space that stands around the given one.
pub fn padded(sign: &str, given: &str) -> String {
    let bare = given.trim();
    match given.find(bare).filter(|_| !bare.is_empty()) {
        Some(start) => {
            let (before, rest) = given.split_at(start);
            format!("{before}{sign}{}", rest.get(bare.len()..).unwrap_or_default())
        }
        None => sign.to_owned(),
    }
}
