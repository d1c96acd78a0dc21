//! Typed access to a request's body, as strict as the document: what is STRING comes as a string, what is int as a
//! number. Refusals are the platform's messages.

use hislink::json::{Json, Object};

use crate::clock;
use crate::money::Fen;

/// The codes of certificates (document 4.1).
pub const CERT_TYPES: &[&str] = &["0", "1", "2", "3", "4", "5", "6"];

/// The codes of cards.
pub const GLORY_TYPES: &[&str] = &["1"];

/// The codes of what is reduced.
pub const DEDUCTION_TYPES: &[&str] = &["0", "1", "2"];

/// A request's body.
pub struct Fields<'p, 'a>(pub &'p Object<'a>);

impl<'p> Fields<'p, '_> {
    /// A text that may be missing or blank.
    pub fn optional(&self, name: &str) -> Result<Option<&'p str>, String> {
        match self.0.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.as_ref()).filter(|text| !text.trim().is_empty())),
            Some(_) => Err(format!("字段 {name} 应为文本")),
        }
    }

    /// A text that must be there.
    pub fn text(&self, name: &str) -> Result<&'p str, String> {
        self.optional(name)?.ok_or_else(|| format!("缺少字段 {name}"))
    }

    /// A code of a dictionary.
    pub fn code(&self, name: &str, codes: &[&str]) -> Result<&'p str, String> {
        let code = self.text(name)?;
        if codes.contains(&code) { Ok(code) } else { Err(format!("字段 {name} 的代码 {code} 不在字典中")) }
    }

    /// A real moment as `yyyy-MM-dd HH:mm:ss`.
    pub fn time(&self, name: &str) -> Result<&'p str, String> {
        let time = self.text(name)?;
        if clock::is_time(time) { Ok(time) } else { Err(format!("{name} 应为 yyyy-MM-dd HH:mm:ss：{time}")) }
    }

    /// Yuan with exactly two decimals.
    pub fn money(&self, name: &str) -> Result<Fen, String> {
        let text = self.text(name)?;
        let fen = Fen::of_yuan(text).filter(|fen| fen.to_string() == text);
        fen.ok_or_else(|| format!("{name} 应为保留两位小数的金额（元）：{text}"))
    }

    /// A whole number from zero on, within the bounds of `int`.
    pub fn count(&self, name: &str) -> Result<u64, String> {
        match self.0.get(name) {
            None | Some(Json::Null) => Err(format!("缺少字段 {name}")),
            Some(Json::Number(text)) => {
                let number = text.parse::<i32>().ok().and_then(|number| u64::try_from(number).ok());
                number.ok_or_else(|| format!("{name} 应为不小于零的整数（int）：{text}"))
            }
            Some(_) => Err(format!("字段 {name} 应为整数")),
        }
    }
}
