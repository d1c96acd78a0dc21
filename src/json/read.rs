//! Reading JSON text (RFC 8259). Of members with the same name the last one counts.

use std::borrow::Cow;
use std::collections::HashMap;

use super::scan::{Eight, clean_prefix};
use super::{Json, MAX_DEPTH, MAX_EXPONENT, MAX_VALUES, Member, Object, pointer};

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
    /// It holds more than [`MAX_VALUES`] values.
    Size,
}

/// Reads one value that fills the whole text. A byte order mark before it is passed over.
pub fn read(text: &str) -> Result<Json<'_>, ReadError> {
    read_within(text, MAX_DEPTH, MAX_VALUES)
}

/// The same of a reply, in which what was read within the limits stands a few levels deeper, and may stand twice.
pub fn read_reply(text: &str) -> Result<Json<'_>, ReadError> {
    read_within(text, MAX_DEPTH + 8, 2 * MAX_VALUES + 1000)
}

fn read_within(text: &str, levels: usize, values: usize) -> Result<Json<'_>, ReadError> {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, bytes: text.as_bytes(), at: start, levels, values, members: 0 };
    let mut value = Json::Null;
    let end = reader.value(&mut value).and_then(|()| {
        reader.space();
        if reader.at < reader.bytes.len() { Err(reader.error(Fault::Syntax)) } else { Ok(()) }
    });
    end.map(|()| value).map_err(|error| *error)
}

/// Boxed, and values are filled in where they stay: handing them up through results costs more than reading them.
type Step<T = ()> = Result<T, Box<ReadError>>;

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    /// How many levels may still be opened.
    levels: usize,
    /// How many values may still come.
    values: usize,
    /// How many members the object had that was read last.
    members: usize,
}

impl<'a> Reader<'a> {
    #[cold]
    fn error(&self, fault: Fault) -> Box<ReadError> {
        self.error_at(fault, self.at)
    }

    #[cold]
    fn error_at(&self, fault: Fault, offset: usize) -> Box<ReadError> {
        Box::new(ReadError { fault, offset, pointer: String::new() })
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

    fn value(&mut self, place: &mut Json<'a>) -> Step {
        let Some(left) = self.values.checked_sub(1) else { return Err(self.error(Fault::Size)) };
        self.values = left;
        self.space();
        match self.peek() {
            Some(b'"') => *place = Json::String(self.string()?),
            Some(b'{') => self.nested(place, Self::object)?,
            Some(b'[') => self.nested(place, Self::array)?,
            Some(b'-' | b'0'..=b'9') => *place = Json::Number(Cow::Borrowed(self.number()?)),
            Some(b't') => *place = self.word("true", Json::Bool(true))?,
            Some(b'f') => *place = self.word("false", Json::Bool(false))?,
            Some(b'n') => *place = self.word("null", Json::Null)?,
            _ => return Err(self.error(Fault::Syntax)),
        }
        Ok(())
    }

    fn word(&mut self, word: &str, value: Json<'a>) -> Step<Json<'a>> {
        if !self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
            return Err(self.error(Fault::Syntax));
        }
        self.at += word.len();
        Ok(value)
    }

    fn nested(&mut self, place: &mut Json<'a>, read: fn(&mut Self, &mut Json<'a>) -> Step) -> Step {
        let Some(left) = self.levels.checked_sub(1) else { return Err(self.error(Fault::Depth)) };
        self.levels = left;
        self.at += 1;
        let end = read(self, place);
        self.levels += 1;
        end
    }

    /// A list with room for what objects usually hold. In a large text, millions of lists with room to spare could use
    /// up a 32-bit host's memory; but there objects are rows, each like the one before.
    fn list<T>(&self) -> Vec<T> {
        Vec::with_capacity(if self.bytes.len() > LARGE_TEXT { self.members } else { 12 })
    }

    fn trim<T>(&self, list: &mut Vec<T>) {
        if self.bytes.len() > LARGE_TEXT {
            list.shrink_to_fit();
        }
    }

    fn array(&mut self, place: &mut Json<'a>) -> Step {
        self.space();
        let mut items = Vec::new();
        while !(items.is_empty() && self.take(b']')) {
            let n = items.len();
            items.push(Json::Null);
            if let Some(item) = items.last_mut() {
                self.value(item).map_err(|error| under(error, &n.to_string()))?;
            }
            if self.ends(b']')? {
                break;
            }
        }
        self.trim(&mut items);
        *place = Json::Array(items);
        Ok(())
    }

    fn object(&mut self, place: &mut Json<'a>) -> Step {
        self.space();
        if self.take(b'}') {
            *place = Json::Object(Object::default());
            return Ok(());
        }
        let mut members: Vec<Member<'a>> = self.list();
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
            members.push((name, Json::Null));
            if let Some((name, value)) = members.last_mut() {
                self.value(value).map_err(|error| under(error, name))?;
            }
            if self.ends(b'}')? {
                break;
            }
        }
        let mut members = last_of_each_name(members);
        self.trim(&mut members);
        self.members = members.len();
        *place = Json::Object(Object(members));
        Ok(())
    }

    /// Whether a list ends here; if not, there must be a comma.
    fn ends(&mut self, with: u8) -> Step<bool> {
        self.space();
        match self.peek() {
            Some(byte) if byte == with || byte == b',' => {
                self.at += 1;
                Ok(byte == with)
            }
            _ => Err(self.error(Fault::Syntax)),
        }
    }

    fn string(&mut self) -> Step<Cow<'a, str>> {
        let from = self.at + 1;
        let length = clean_prefix(self.bytes.get(from..).unwrap_or_default(), Eight::json_special);
        if self.bytes.get(from + length) == Some(&b'"') {
            self.at = from + length + 1;
            return Ok(Cow::Borrowed(self.text.get(from..from + length).unwrap_or_default()));
        }
        self.string_with_escapes()
    }

    /// A string with escapes; those of a single character are resolved here, any other string is serde_json's work.
    fn string_with_escapes(&mut self) -> Step<Cow<'a, str>> {
        let quote = self.at;
        let mut text = Some(String::with_capacity(256));
        self.at += 1;
        loop {
            let from = self.at;
            self.at += clean_prefix(self.bytes.get(from..).unwrap_or_default(), Eight::json_special);
            if let Some(text) = &mut text {
                text.push_str(self.slice(from));
            }
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    let escaped = self.bytes.get(self.at + 1).and_then(|byte| single_escape(*byte));
                    match (escaped, &mut text) {
                        (Some(character), Some(text)) => text.push(character),
                        _ => text = None,
                    }
                    self.at += 2;
                }
                _ => return Err(self.error(Fault::Syntax)),
            }
        }
        self.at += 1;
        match text {
            Some(text) => Ok(Cow::Owned(text)),
            None => {
                serde_json::from_str(self.slice(quote)).map(Cow::Owned).map_err(|_| self.error_at(Fault::Syntax, quote))
            }
        }
    }

    fn digits(&mut self) -> Step {
        let from = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == from { Err(self.error(Fault::Syntax)) } else { Ok(()) }
    }

    fn number(&mut self) -> Step<&'a str> {
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
            if !self.slice(exponent).parse().is_ok_and(|size: u32| size <= MAX_EXPONENT) {
                return Err(self.error_at(Fault::Exponent, from));
            }
        }
        Ok(self.slice(from))
    }
}

/// What a backslash and this byte stand for, but for `\u`.
fn single_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'"' | b'\\' | b'/' => char::from(byte),
        b'b' => '\u{8}',
        b'f' => '\u{C}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        _ => return None,
    })
}

#[cold]
fn under(mut error: Box<ReadError>, name: &str) -> Box<ReadError> {
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
    fn strings_unescape_as_serde_json_does() {
        for text in [r#""a\"b\\c\/d\b\f\n\r\te""#, r#""\u4e2d\n\ud83d\ude00""#, r#""易\\""#, r#""""#, r#""\"""#] {
            let expected: String = serde_json::from_str(text).unwrap();
            assert_eq!(read(text).unwrap().as_str(), Some(expected.as_str()), "{text}");
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
        let many = |values: usize| format!("[{}0]", "0,".repeat(values - 2));
        assert!(read(&many(MAX_VALUES)).is_ok());
        assert_eq!(read(&many(MAX_VALUES + 1)).unwrap_err().fault, Fault::Size);
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
