//! How a sender made a sign: the right way by default, and what mistakes change of it.

use crate::explain::charset::Charset;
use crate::explain::spelling::{Nulls, Numbers};
use crate::explain::text::Written;
use crate::explain::variant::Variant;

/// A way of signing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Way {
    /// How deep the body was flattened.
    pub shape: Shape,
    /// How nested names are put together.
    pub names: Names,
    /// How the items of arrays are named.
    pub index: Index,
    /// Whether names lost the blanks at their ends.
    pub names_trimmed: bool,
    /// Whether the top-level `sign` was signed.
    pub sign_put_in: bool,
    /// Whether nested members that are called `sign` were left out.
    pub nested_sign_left_out: bool,
    /// Whether empty texts were signed.
    pub empty: bool,
    /// Whether `{}` and `[]` were signed.
    pub empty_nested: bool,
    /// Whether blank texts were dropped.
    pub blank_dropped: bool,
    /// What became of null.
    pub nulls: Nulls,
    /// The order of names.
    pub order: Order,
    /// How numbers are spelt.
    pub numbers: Numbers,
    /// Whether booleans are spelt `True` and `False`.
    pub booleans_capital: bool,
    /// Whether texts stand in quotes.
    pub quoted: bool,
    /// Whether values are percent-encoded.
    pub url_encoded: bool,
    /// What was added behind the body.
    pub end: End,
    /// The timestamp that was signed.
    pub stamp: Stamp,
    /// What was taken for the key.
    pub key: Variant,
    /// What was taken for the key of the HMAC alone.
    pub mac_key: MacKey,
    /// How the text became bytes.
    pub charset: Charset,
    /// What the HMAC was made of.
    pub message: Message,
    /// What was made of that.
    pub mac: Mac,
    /// How the sign was written.
    pub written: Written,
    /// Whether white space stands around the sign.
    pub padded: bool,
}

/// How deep a body was flattened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shape {
    /// To its last value.
    #[default]
    Flat,
    /// Nested objects and arrays are JSON.
    NestedAsJson,
    /// Arrays are JSON, objects are flattened.
    ArraysAsJson,
    /// The whole body is its JSON text.
    BodyAsJson,
    /// Nested objects and arrays are left out.
    TopOnly,
}

/// How nested names are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Names {
    /// `a.b`
    #[default]
    Dotted,
    /// `b`
    Last,
    /// `a[b]`
    Bracketed,
    /// `a_b`
    Underscored,
}

/// How items are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Index {
    /// `a[0]`
    #[default]
    Right,
    /// `a[1]` for the first.
    FromOne,
    /// `a.0`
    Dotted,
    /// `a[]`
    Empty,
    /// `a`
    Missing,
}

/// An order of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Ascending bytes of the whole name.
    #[default]
    Right,
    /// As they stand in the body.
    AsSent,
    /// Level by level, items by their number.
    ByLevel,
    /// Without regard to case.
    Caseless,
}

/// What was added behind the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum End {
    /// `&key=KEY&timestamp=TIMESTAMP`
    #[default]
    Right,
    /// Without the timestamp.
    NoTimestamp,
    /// Without the key.
    NoKey,
    /// Neither.
    Nothing,
    /// The timestamp first.
    TimestampFirst,
    /// The timestamp among the sorted names, the key at the end.
    TimestampSorted,
    /// Both among the sorted names.
    BothSorted,
    /// No `&` before the key.
    NoAmpersand,
    /// `&` also where nothing stands before.
    AlwaysAmpersand,
    /// Key and timestamp with nothing between.
    Bare,
    /// The key under another name.
    Named(&'static str),
    /// The sid too, at the end.
    WithSid,
    /// The sid too, among the sorted names.
    SidSorted,
}

/// The timestamp that was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stamp {
    /// The header's.
    #[default]
    Header,
    /// So many seconds later.
    Shifted(i64),
    /// The header's, as `yyyy-MM-dd HH:mm:ss`.
    Written,
    /// The header's in milliseconds since 1970.
    Milliseconds,
    /// The header's in seconds since 1970.
    Seconds,
    /// The body's member of that name.
    Body,
}

/// What was taken for the key of the HMAC alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MacKey {
    /// The key.
    #[default]
    Same,
    /// Nothing.
    Nothing,
    /// The sid.
    Sid,
    /// The timestamp.
    Timestamp,
    /// The bytes that the key is the hex of.
    Bytes,
    /// The MD5 of the key, in lower-case hex.
    Md5,
}

/// What the HMAC was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Message {
    /// The MD5 in upper-case hex.
    #[default]
    Right,
    /// The MD5 in lower-case hex.
    Md5Lower,
    /// The bytes of the MD5.
    Md5Bytes,
    /// The text itself.
    Text,
    /// The text in capitals.
    TextUpper,
}

/// What was made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mac {
    /// HMAC-SHA256.
    #[default]
    Right,
    /// Nothing: the MD5 is the sign.
    Nothing,
    /// SHA-256 without a key.
    Sha256,
    /// HMAC-SHA256 with key and message in each other's place.
    Swapped,
    /// HMAC-MD5.
    HmacMd5,
}
