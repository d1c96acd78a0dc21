//! Typed access to the members of an object. Every error names the place at fault.

use crate::json::{Json, Object, escape};
use crate::reply::{Code, Error, Status, words};

/// The longest time limit of a call: an hour.
pub const MAX_TIMEOUT_MS: u64 = 3_600_000;

/// An object, where it stands, and the code of errors about it.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'j, 'a> {
    object: &'j Object<'a>,
    /// The JSON pointer of the object; empty for the request itself.
    place: &'j str,
    code: Code,
}

impl<'j, 'a> Fields<'j, 'a> {
    /// The members of `object`, which stands at the JSON pointer `place`.
    pub fn new(object: &'j Object<'a>, place: &'j str, code: Code) -> Self {
        Self { object, place, code }
    }

    /// The JSON pointer of a member.
    pub fn pointer(&self, name: &str) -> String {
        format!("{}/{}", self.place, escape(name))
    }

    fn error(&self, name: &str, words: crate::reply::Words) -> Error {
        Error::new(Status::Rejected, self.code, words).at(self.pointer(name))
    }

    /// Refuses members other than these.
    pub fn only(&self, known: &[&[&str]]) -> Result<(), Error> {
        match self.object.iter().find(|(name, _)| !known.iter().any(|names| names.contains(&name.as_ref()))) {
            None => Ok(()),
            Some((name, _)) => {
                let list = known.concat().join(", ");
                Err(self.error(
                    name,
                    words!("不认识的成员 {name}；可用的有：{list}", "unknown member {name}; known are: {list}"),
                ))
            }
        }
    }

    /// A member that is not null.
    pub fn get(&self, name: &str) -> Option<&'j Json<'a>> {
        self.object.get(name).filter(|value| **value != Json::Null)
    }

    /// The error for a member that must be there.
    pub fn missing(&self, name: &str) -> Error {
        self.error(name, words!("缺少 {name}", "{name} is missing"))
    }

    /// A string.
    pub fn string(&self, name: &str) -> Result<Option<&'j str>, Error> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::String(text)) => Ok(Some(text)),
            Some(_) => Err(self.error(name, words!("{name} 必须是字符串", "{name} must be a string"))),
        }
    }

    /// An object.
    pub fn object(&self, name: &str) -> Result<Option<&'j Object<'a>>, Error> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Object(object)) => Ok(Some(object)),
            Some(_) => Err(self.error(name, words!("{name} 必须是 JSON 对象", "{name} must be a JSON object"))),
        }
    }

    /// A list of strings.
    pub fn strings(&self, name: &str) -> Result<Option<Vec<String>>, Error> {
        let wrong = || self.error(name, words!("{name} 必须是字符串数组", "{name} must be an array of strings"));
        match self.get(name) {
            None => Ok(None),
            Some(Json::Array(items)) => items
                .iter()
                .map(|item| item.as_str().map(str::to_owned).ok_or_else(wrong))
                .collect::<Result<_, _>>()
                .map(Some),
            Some(_) => Err(wrong()),
        }
    }

    /// A whole number from 1 to `most`.
    pub fn count(&self, name: &str, most: u64) -> Result<Option<u64>, Error> {
        let wrong = || {
            self.error(
                name,
                words!("{name} 必须是 1 到 {most} 的整数", "{name} must be a whole number from 1 to {most}"),
            )
        };
        match self.get(name) {
            None => Ok(None),
            Some(Json::Number(text)) => match text.parse() {
                Ok(number) if (1..=most).contains(&number) => Ok(Some(number)),
                _ => Err(wrong()),
            },
            Some(_) => Err(wrong()),
        }
    }

    /// `true` or `false`; false where it is not given.
    pub fn flag(&self, name: &str) -> Result<bool, Error> {
        match self.get(name) {
            None => Ok(false),
            Some(Json::Bool(truth)) => Ok(*truth),
            Some(_) => Err(self.error(name, words!("{name} 必须是 true 或 false", "{name} must be true or false"))),
        }
    }

    /// One of the given words.
    pub fn choice<T: Copy>(&self, name: &str, choices: &[(&str, T)]) -> Result<Option<T>, Error> {
        let Some(text) = self.string(name)? else { return Ok(None) };
        match choices.iter().find(|(word, _)| *word == text) {
            Some((_, choice)) => Ok(Some(*choice)),
            None => {
                let list = choices.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
                Err(self.error(name, words!("{name} 只能是 {list}", "{name} must be one of {list}")))
            }
        }
    }
}
