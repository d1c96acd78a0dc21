//! Writing JSON text: compact, numbers as they came, nothing escaped that need not be.

use std::fmt::Write;

use super::scan::{Eight, clean_prefix};
use super::{Json, Object};

/// The compact text of a value.
pub fn to_text(value: &Json<'_>) -> String {
    let mut out = String::with_capacity(1024);
    write_value(&mut out, value);
    out
}

/// Appends the compact text of a value.
pub fn write_value(out: &mut String, value: &Json<'_>) {
    match value {
        Json::Null => out.push_str("null"),
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(text) => out.push_str(text),
        Json::String(text) => write_string(out, text),
        Json::Array(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Json::Object(object) => write_object(out, object),
    }
}

fn write_object(out: &mut String, object: &Object<'_>) {
    out.push('{');
    for (n, (name, value)) in object.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        write_string(out, name);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

/// Appends a string with its quotes.
pub fn write_string(out: &mut String, text: &str) {
    if clean_prefix(text.as_bytes(), Eight::json_special) == text.len() {
        write_clean(out, text);
    } else {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}", serde_json::Value::from(text));
    }
}

/// Appends a string that holds nothing to escape.
#[inline]
pub(crate) fn write_clean(out: &mut String, text: &str) {
    out.extend(["\"", text, "\""]);
}

/// What stands between the braces of an object's text.
fn members_of(object: &str) -> &str {
    object.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or_default().trim()
}

/// Writes an object member by member into a text.
///
/// The names that callers give in their code hold nothing to escape; [`entry`](Self::entry) takes any name.
#[derive(Debug)]
pub struct ObjectWriter<'t> {
    text: &'t mut String,
    empty: bool,
}

impl ObjectWriter<'_> {
    /// Appends an object to `text`, with the members that `fill` writes.
    pub fn append<R>(text: &mut String, fill: impl FnOnce(&mut ObjectWriter<'_>) -> R) -> R {
        text.push('{');
        let end = fill(&mut ObjectWriter { text, empty: true });
        text.push('}');
        end
    }

    /// The text of an object with the members that `fill` writes.
    pub fn text(fill: impl FnOnce(&mut ObjectWriter<'_>)) -> String {
        let mut text = String::with_capacity(256);
        Self::append(&mut text, fill);
        text
    }

    /// The text of `object`, itself the text of a JSON object, with the members that `fill` writes behind its own.
    pub fn extended(object: &str, fill: impl FnOnce(&mut ObjectWriter<'_>)) -> String {
        let members = members_of(object);
        let mut text = String::with_capacity(object.len() + 256);
        text.extend(["{", members]);
        fill(&mut ObjectWriter { text: &mut text, empty: members.is_empty() });
        text.push('}');
        text
    }

    /// Adds the members of `object`, the text of a JSON object.
    pub fn members(&mut self, object: &str) -> &mut Self {
        let members = members_of(object);
        if !members.is_empty() {
            self.comma();
            self.text.push_str(members);
        }
        self
    }

    /// Adds a string.
    pub fn string(&mut self, name: &'static str, value: &str) -> &mut Self {
        write_string(self.member(name, value.len()), value);
        self
    }

    /// Adds a string that holds nothing to escape, such as hex, base64 or a word of the protocol.
    pub(crate) fn clean(&mut self, name: &'static str, value: &str) -> &mut Self {
        write_clean(self.member(name, value.len()), value);
        self
    }

    /// Adds a value.
    pub fn value(&mut self, name: &'static str, value: &Json<'_>) -> &mut Self {
        write_value(self.member(name, 0), value);
        self
    }

    /// Adds a value that is JSON text already.
    pub fn raw(&mut self, name: &'static str, json: &str) -> &mut Self {
        self.member(name, json.len()).push_str(json);
        self
    }

    /// Adds `true` or `false`.
    pub fn bool(&mut self, name: &'static str, value: bool) -> &mut Self {
        self.raw(name, if value { "true" } else { "false" })
    }

    /// Adds an object with the members that `fill` writes.
    pub fn object<R>(&mut self, name: &'static str, fill: impl FnOnce(&mut ObjectWriter<'_>) -> R) -> R {
        ObjectWriter::append(self.member(name, 0), fill)
    }

    /// Adds an array of objects, each filled by `fill` from one item.
    pub fn objects<T>(
        &mut self,
        name: &'static str,
        items: &[T],
        fill: impl Fn(&mut ObjectWriter<'_>, &T),
    ) -> &mut Self {
        let text = self.member(name, 0);
        text.push('[');
        for (n, item) in items.iter().enumerate() {
            if n > 0 {
                text.push(',');
            }
            ObjectWriter::append(text, |object| fill(object, item));
        }
        text.push(']');
        self
    }

    /// Adds a warning, the only one.
    pub fn warning(&mut self, text: &str) -> &mut Self {
        self.value("warnings", &Json::Array(vec![Json::String(text.into())]))
    }

    /// Adds a value under any name.
    pub fn entry(&mut self, name: &str, value: &Json<'_>) -> &mut Self {
        write_value(self.any_member(name), value);
        self
    }

    /// Adds an object under any name.
    pub fn entry_object(&mut self, name: &str, fill: impl FnOnce(&mut ObjectWriter<'_>)) -> &mut Self {
        ObjectWriter::append(self.any_member(name), fill);
        self
    }

    /// Makes room for a value of that length, and for what may come behind a large one: a text that grows because of its
    /// last bracket takes twice the memory.
    fn member(&mut self, name: &'static str, length: usize) -> &mut String {
        self.text.reserve(name.len() + length + 64);
        self.comma();
        write_clean(self.text, name);
        self.text.push(':');
        self.text
    }

    fn any_member(&mut self, name: &str) -> &mut String {
        self.comma();
        write_string(self.text, name);
        self.text.push(':');
        self.text
    }

    fn comma(&mut self) {
        if !self.empty {
            self.text.push(',');
        }
        self.empty = false;
    }
}
