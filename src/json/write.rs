//! Writing JSON text: compact, numbers as they came, nothing escaped that need not be.

use super::{Json, Object};

/// The compact text of a value.
pub fn to_text(value: &Json<'_>) -> String {
    let mut out = String::with_capacity(512);
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
    if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&serde_json::Value::from(text).to_string());
    }
}

/// Writes an object member by member, for replies.
#[derive(Debug)]
pub struct ObjectWriter(String);

impl ObjectWriter {
    /// An object without members.
    pub fn new() -> Self {
        Self::with_capacity(256)
    }

    /// An object without members, with room for `bytes` of text.
    pub fn with_capacity(bytes: usize) -> Self {
        let mut text = String::with_capacity(bytes + 2);
        text.push('{');
        Self(text)
    }

    /// Adds a string.
    pub fn string(&mut self, name: &str, value: &str) -> &mut Self {
        write_string(self.name(name), value);
        self
    }

    /// Adds a value.
    pub fn value(&mut self, name: &str, value: &Json<'_>) -> &mut Self {
        write_value(self.name(name), value);
        self
    }

    /// Adds a value that is JSON text already.
    pub fn raw(&mut self, name: &str, json: &str) -> &mut Self {
        self.name(name).push_str(json);
        self
    }

    /// Adds `true` or `false`.
    pub fn bool(&mut self, name: &str, value: bool) -> &mut Self {
        self.raw(name, if value { "true" } else { "false" })
    }

    /// The text of the object.
    pub fn finish(self) -> String {
        let mut text = self.0;
        text.push('}');
        text
    }

    fn name(&mut self, name: &str) -> &mut String {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        write_string(&mut self.0, name);
        self.0.push(':');
        &mut self.0
    }
}

impl Default for ObjectWriter {
    fn default() -> Self {
        Self::new()
    }
}
