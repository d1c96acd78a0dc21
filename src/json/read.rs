//! Reading JSON text (RFC 8259). Of members with the same name the last one counts.

use std::borrow::Cow;
use std::collections::HashMap;

use super::scan::{Eight, clean_prefix};
use super::{Json, MAX_DEPTH, MAX_EXPONENT, Member, Object, pointer};

/// From this size on a text's lists are trimmed.
const LARGE_TEXT: usize = 64 * 1024;

/// Why a text could not be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong.
    pub fault: Fault,
    /// The byte offset in the text.
    pub offset: usize,
    /// The JSON pointer of the value that was being read.
    pub pointer: String,
}

/// What is wrong with a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is not JSON.
    Syntax,
    /// It nests deeper than [`MAX_DEPTH`].
    Depth,
    /// A number's exponent is beyond [`MAX_EXPONENT`].
    Exponent,
}

/// Reads one value that fills the whole text. A byte order mark before it is passed over.
pub fn read(text: &str) -> Result<Json<'_>, ReadError> {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, bytes: text.as_bytes(), at: start, depth: 0 };
    let value = reader.value()?;
    reader.space();
    if reader.at < reader.bytes.len() {
        return Err(reader.error(Fault::Syntax));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn error(&self, fault: Fault) -> ReadError {
        ReadError { fault, offset: self.at, pointer: String::new() }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\t' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let here = self.peek() == Some(byte);
        self.at += usize::from(here);
        here
    }

    fn slice(&self, from: usize) -> &'a str {
        self.text.get(from..self.at).unwrap_or_default()
    }

    fn value(&mut self) -> Result<Json<'a>, ReadError> {
        self.space();
        match self.peek() {
            Some(b'"') => self.string().map(Json::String),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            _ => Err(self.error(Fault::Syntax)),
        }
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Result<Json<'a>, ReadError> {
        if !self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            return Err(self.error(Fault::Syntax));
        }
        self.at += word.len();
        Ok(value)
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<Json<'a>, ReadError>) -> Result<Json<'a>, ReadError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(Fault::Depth));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    /// A list with room for what objects usually hold. In a large text, millions of lists with room to spare could use
    /// up a 32-bit host's memory.
    fn list<T>(&self) -> Vec<T> {
        Vec::with_capacity(if self.bytes.len() > LARGE_TEXT { 0 } else { 12 })
    }

    fn trim<T>(&self, list: &mut Vec<T>) {
        if self.bytes.len() > LARGE_TEXT {
            list.shrink_to_fit();
        }
    }

    fn array(&mut self) -> Result<Json<'a>, ReadError> {
        let mut items = Vec::new();
        self.space();
        if self.take(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            let item = self.value().map_err(|error| under(error, &items.len().to_string()))?;
            items.push(item);
            self.space();
            if self.take(b']') {
                self.trim(&mut items);
                return Ok(Json::Array(items));
            }
            if !self.take(b',') {
                return Err(self.error(Fault::Syntax));
            }
        }
    }

    fn object(&mut self) -> Result<Json<'a>, ReadError> {
        self.space();
        if self.take(b'}') {
            return Ok(Json::Object(Object::default()));
        }
        let mut members = self.list();
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return Err(self.error(Fault::Syntax));
            }
            let name = self.string()?;
            self.space();
            if !self.take(b':') {
                return Err(self.error(Fault::Syntax));
            }
            let value = self.value().map_err(|error| under(error, &name))?;
            members.push((name, value));
            self.space();
            if self.take(b'}') {
                let mut members = last_of_each_name(members);
                self.trim(&mut members);
                return Ok(Json::Object(Object(members)));
            }
            if !self.take(b',') {
                return Err(self.error(Fault::Syntax));
            }
        }
    }

    fn string(&mut self) -> Result<Cow<'a, str>, ReadError> {
        let quote = self.at;
        let mut escaped = false;
        self.at += 1;
        loop {
            self.at += clean_prefix(self.bytes.get(self.at..).unwrap_or_default(), Eight::json_special);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                _ => return Err(self.error(Fault::Syntax)),
            }
        }
        self.at += 1;
        if escaped {
            return serde_json::from_str(self.slice(quote))
                .map(Cow::Owned)
                .map_err(|_| ReadError { offset: quote, ..self.error(Fault::Syntax) });
        }
        Ok(Cow::Borrowed(self.text.get(quote + 1..self.at - 1).unwrap_or_default()))
    }

    fn digits(&mut self) -> Result<(), ReadError> {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == from { Err(self.error(Fault::Syntax)) } else { Ok(()) }
    }

    fn number(&mut self) -> Result<Json<'a>, ReadError> {
        let from = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            let exponent = self.at;
            self.digits()?;
            if self.slice(exponent).parse().is_ok_and(|size: u32| size <= MAX_EXPONENT) {
                return Ok(Json::Number(Cow::Borrowed(self.slice(from))));
            }
            return Err(ReadError { offset: from, ..self.error(Fault::Exponent) });
        }
        Ok(Json::Number(Cow::Borrowed(self.slice(from))))
    }
}

fn under(mut error: ReadError, name: &str) -> ReadError {
    error.pointer.insert_str(0, &pointer::escape(name));
    error.pointer.insert(0, '/');
    error
}

/// Up to this many members, names are compared each with each; beyond, they are looked up.
const FEW: usize = 24;

fn last_of_each_name(members: Vec<Member<'_>>) -> Vec<Member<'_>> {
    let twice = if members.len() <= FEW {
        (1..members.len()).any(|n| {
            let (before, from) = members.split_at(n);
            from.first().is_some_and(|(name, _)| before.iter().any(|(earlier, _)| earlier == name))
        })
    } else {
        true
    };
    if !twice {
        return members;
    }
    let mut places: HashMap<Cow<'_, str>, usize> = HashMap::with_capacity(members.len());
    let mut kept: Vec<Member<'_>> = Vec::with_capacity(members.len());
    for (name, value) in members {
        match places.get(&name).and_then(|&place| kept.get_mut(place)) {
            Some(earlier) => earlier.1 = value,
            None => {
                places.insert(name.clone(), kept.len());
                kept.push((name, value));
            }
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_spelling() {
        for number in ["1.10", "1E2", "1e+2", "12345678901234567890", "-0", "-0.0", "1E-07", "0.10E+002"] {
            let text = format!("{{\"v\":[{number}]}}");
            assert_eq!(super::super::to_text(&read(&text).unwrap()), text);
        }
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in
            ["", " ", "{", "[1,]", "{\"a\":1,}", "01", "1.", ".5", "+1", "1e", "nul", "\"a", "\"\\x\"", "\"\\ud800\""]
        {
            assert_eq!(read(text).unwrap_err().fault, Fault::Syntax, "{text}");
        }
        assert_eq!(read("\"a\u{1}\"").unwrap_err().fault, Fault::Syntax);
        assert_eq!(read("1 2").unwrap_err(), ReadError { fault: Fault::Syntax, offset: 2, pointer: String::new() });
    }

    #[test]
    fn limits_name_their_place() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(read(&deep(MAX_DEPTH + 1)).unwrap_err().fault, Fault::Depth);
        let error = read("{\"a/b\":[0,1e999999999]}").unwrap_err();
        assert_eq!((error.fault, error.pointer.as_str()), (Fault::Exponent, "/a~1b/1"));
    }

    #[test]
    fn the_last_of_equal_names_counts() {
        assert_eq!(super::super::to_text(&read("{\"a\":1,\"b\":2,\"a\":3}").unwrap()), "{\"a\":3,\"b\":2}");
        let many: String = (0..100).map(|n| format!("\"k{}\":{n},", n % 50)).collect();
        let text = format!("{{{many}\"k0\":\"last\"}}");
        let Json::Object(object) = read(&text).unwrap() else { panic!("an object") };
        assert_eq!((object.len(), object.get("k0").unwrap().as_str()), (50, Some("last")));
    }
}
