//! JSON as the platforms sign it: numbers stay text.
//!
//! serde_json turns `1E2` into `1e+2` on the way through, and a signature is made over the spelling, so the structure
//! is read here; escapes inside strings are serde_json's work. Limits: [`MAX_DEPTH`], [`MAX_EXPONENT`],
//! [`MAX_VALUES`].

mod plain;
mod pointer;
mod read;
pub(crate) mod scan;
mod write;

pub use plain::plain_number;
pub use pointer::{escape, find, member_text, place_of_text, with_member};
pub use read::{Fault, ReadError, read, read_reply};
pub use write::{ObjectWriter, to_text, write_string, write_value};

use std::borrow::Cow;

/// How deep arrays and objects may nest; the outermost counts as 1.
pub const MAX_DEPTH: usize = 128;

/// The largest decimal exponent of a number, either way: beyond it no peer can calculate with it.
pub const MAX_EXPONENT: u32 = 99_999;

/// How many values a text may hold: a million take some 50 MB, which a 32-bit host can still give.
pub const MAX_VALUES: usize = 1_000_000;

/// A JSON value. Text is borrowed from its source where nothing had to be unescaped.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'a> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it was written.
    Number(Cow<'a, str>),
    /// A string, unescaped.
    String(Cow<'a, str>),
    /// An array.
    Array(Vec<Json<'a>>),
    /// An object.
    Object(Object<'a>),
}

/// The members of an object in the order of their first appearance, each name once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Object<'a>(Vec<Member<'a>>);

/// A name and its value.
pub type Member<'a> = (Cow<'a, str>, Json<'a>);

impl<'a> Object<'a> {
    /// The value of a member.
    pub fn get(&self, name: &str) -> Option<&Json<'a>> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The value of a member, to be changed.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Json<'a>> {
        self.0.iter_mut().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The members in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Member<'a>> {
        self.0.iter()
    }

    /// The member at a place.
    pub fn nth(&self, place: usize) -> Option<&Member<'a>> {
        self.0.get(place)
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sets a member; a new one goes to the end.
    pub fn set(&mut self, name: impl Into<Cow<'a, str>>, value: Json<'a>) {
        let name = name.into();
        match self.0.iter_mut().find(|(key, _)| *key == name) {
            Some(member) => member.1 = value,
            None => self.0.push((name, value)),
        }
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Json<'a>> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(at).1)
    }
}

impl<'a> Json<'a> {
    /// The object, if it is one.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Json::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a string or number: what a host means by a code, quoted or not.
    pub fn as_scalar(&self) -> Option<&str> {
        match self {
            Json::String(text) | Json::Number(text) => Some(text),
            _ => None,
        }
    }
}
