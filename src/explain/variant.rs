//! The secret as it stands in programs and settings that have it wrong.

use zeroize::Zeroizing;

/// What was taken for the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Variant {
    /// It.
    #[default]
    Itself,
    /// It, with something behind.
    Followed(&'static str),
    /// It, with a blank before.
    Preceded,
    /// It, without the blanks at its ends that these settings have.
    Trimmed,
    /// In capitals.
    Upper,
    /// In small letters.
    Lower,
    /// The identity: appId, sid.
    Identity,
    /// The key that messages are encrypted with.
    MessageKey,
    /// Nothing.
    Nothing,
}

impl Variant {
    /// The text that was taken; none where these settings do not have it.
    pub fn of(self, secret: &str, identity: Option<&str>, message_key: Option<&str>) -> Option<Zeroizing<String>> {
        let text = match self {
            Variant::Itself => secret.to_owned(),
            Variant::Followed(end) => [secret, end].concat(),
            Variant::Preceded => [" ", secret].concat(),
            Variant::Trimmed => secret.trim().to_owned(),
            Variant::Upper => secret.to_ascii_uppercase(),
            Variant::Lower => secret.to_ascii_lowercase(),
            Variant::Identity => identity?.to_owned(),
            Variant::MessageKey => message_key?.to_owned(),
            Variant::Nothing => String::new(),
        };
        Some(Zeroizing::new(text))
    }
}
