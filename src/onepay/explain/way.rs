//! How a sender made a sign: the right way by default, and what mistakes change of it.

use crate::explain::charset::Charset;
use crate::explain::spelling::{Nulls, Numbers};
use crate::explain::text::Written;
use crate::explain::variant::Variant;

/// A way of signing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Way {
    /// Top-level members that were left out.
    pub left_out: Vec<&'static str>,
    /// Top-level members that were signed and should not be.
    pub put_in: Vec<&'static str>,
    /// What stood for `param`.
    pub param: Param,
    /// Whether empty top-level values were signed.
    pub empty_outside: bool,
    /// Whether empty members inside `param` were signed.
    pub empty_inside: bool,
    /// What became of null.
    pub nulls: Nulls,
    /// Whether `{}` and blank texts were dropped too.
    pub more_dropped: bool,
    /// Whether nested members that are called `sign` and the like were left out.
    pub nested_left_out: bool,
    /// The order of top-level members.
    pub outside: Order,
    /// The order of the members inside `param`.
    pub inside: Order,
    /// How numbers are spelt.
    pub numbers: Numbers,
    /// Whether numbers in `param` have no quotes.
    pub numbers_bare: bool,
    /// Whether booleans in `param` have no quotes.
    pub booleans_bare: bool,
    /// How the JSON of `param` is written.
    pub escapes: Escapes,
    /// Whether a blank follows colons and commas in the JSON of `param`.
    pub spaced: bool,
    /// Whether top-level texts lost the blanks at their ends.
    pub trimmed: bool,
    /// Whether values are percent-encoded.
    pub url_encoded: bool,
    /// Where the secret stands.
    pub key: Key,
    /// What was taken for the secret.
    pub secret: Variant,
    /// How the text became bytes.
    pub charset: Charset,
    /// How the bytes became a digest.
    pub digest: Digest,
    /// How the digest was written.
    pub written: Written,
    /// Whether white space stands around the sign.
    pub padded: bool,
}

/// What stood for `param`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Param {
    /// Its sorted JSON with quoted scalars.
    #[default]
    Right,
    /// Its JSON text as it travels.
    AsSent,
    /// Its members, beside the envelope's.
    Spread,
    /// Nothing, and `encryptData` was signed.
    Encrypted,
}

/// An order of members.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// As the settings ask.
    #[default]
    Right,
    /// As they stand in the message.
    AsSent,
    /// By the other `keyOrder`.
    OtherSetting,
}

/// Escapes inside `param`, on top of the platform's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Escapes {
    /// What is not ASCII, as `\u`.
    pub non_ascii: NonAscii,
    /// `\/`
    pub slash: bool,
    /// `<`, `>`, `&`, `=` and `'` as `\u003c` and so on.
    pub html: bool,
    /// U+007F to U+009F, U+2028 and U+2029 raw.
    pub fewer: bool,
    /// `\u` in small hex digits.
    pub small: bool,
}

/// What became of text that is not ASCII.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NonAscii {
    /// It stands raw.
    #[default]
    Raw,
    /// `\u4e2d`
    Small,
    /// `\u4E2D`
    Capital,
}

/// The place of the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Key {
    /// `&key=` at the end.
    #[default]
    Right,
    /// None.
    Missing,
    /// `key=` at the end, without `&`.
    WithoutAmpersand,
    /// At the end, with nothing before it.
    Bare,
    /// `&` and the secret.
    WithoutName,
    /// `key=` and the secret at the beginning.
    First,
    /// `key` among the sorted names.
    Sorted,
    /// Under another name at the end.
    Named(&'static str),
}

/// A digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Digest {
    /// By the message's `signType`.
    #[default]
    Right,
    /// MD5.
    Md5,
    /// SM3.
    Sm3,
    /// SHA-256.
    Sha256,
    /// HMAC-SHA256 under the secret.
    HmacSha256,
    /// HMAC-MD5 under the secret.
    HmacMd5,
}
