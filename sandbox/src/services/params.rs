//! Typed access to a request's `param`. Numbers count by their spelling.

use hislink::json::{Json, Object};
use hislink::onepay::dictionary;

use crate::books::{Account, Card};
use crate::money::Fen;
use crate::refusal::{self, Refusal};

/// A request's `param`.
pub struct Params<'p, 'a>(pub &'p Object<'a>);

impl<'p> Params<'p, '_> {
    /// A text or number that is not blank.
    pub fn text(&self, name: &str) -> Result<Option<&'p str>, Refusal> {
        match self.0.get(name) {
            None | Some(Json::Null) => Ok(None),
            Some(value) => match value.as_scalar() {
                Some(text) => Ok(Some(text).filter(|text| !text.trim().is_empty())),
                None => Err(Refusal::new(refusal::BAD_TEXT, format!("字段 {name} 应为文本"))),
            },
        }
    }

    /// A text that must be there.
    pub fn required(&self, name: &str) -> Result<&'p str, Refusal> {
        self.text(name)?.ok_or_else(|| missing(name))
    }

    /// A code of the document's dictionary of that name.
    pub fn code(&self, name: &str) -> Result<Option<&'p str>, Refusal> {
        let Some(code) = self.text(name)? else { return Ok(None) };
        // `TRANS_ UNIT` is how the document prints it.
        let known = dictionary::of(name).is_some_and(|entries| entries.name_of(code).is_some());
        if known || (name == "depositeType" && code == "TRANS_ UNIT") {
            return Ok(Some(code));
        }
        Err(Refusal::new(refusal::UNKNOWN_CODE, format!("字段 {name} 的代码 {code} 不在字典中")))
    }

    /// A code that must be there.
    pub fn required_code(&self, name: &str) -> Result<&'p str, Refusal> {
        self.code(name)?.ok_or_else(|| missing(name))
    }

    /// `cardType` and `cardNo`.
    pub fn card(&self) -> Result<Card, Refusal> {
        Ok(Card::new(self.required_code("cardType")?, self.required("cardNo")?))
    }

    /// The same, unless both are missing.
    pub fn optional_card(&self) -> Result<Option<Card>, Refusal> {
        if self.text("cardType")?.is_none() && self.text("cardNo")?.is_none() {
            return Ok(None);
        }
        self.card().map(Some)
    }

    /// Yuan above zero with at most two decimals.
    pub fn amount(&self, name: &str) -> Result<Fen, Refusal> {
        let text = self.required(name)?;
        Fen::of_yuan(text).filter(|amount| *amount > Fen::ZERO).ok_or_else(|| {
            Refusal::new(refusal::BAD_AMOUNT, format!("{name} 应为大于零、至多两位小数的金额（元）：{text}"))
        })
    }

    /// A whole number from 1 to `most`.
    pub fn count(&self, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
        let Some(text) = self.text(name)? else { return Ok(default) };
        let number = text.parse().ok().filter(|number| (1..=most).contains(number));
        number.ok_or_else(|| Refusal::new(refusal::BAD_RANGE, format!("{name} 应为 1 到 {most} 的整数")))
    }

    /// Refuses an `idNo`, `accountType` or `userName` that is given and is not the account's.
    pub fn check_person(&self, account: &Account) -> Result<(), Refusal> {
        let registered = [
            ("idNo", account.id_no.as_str()),
            ("accountType", account.account_type.code()),
            ("userName", account.user_name.as_str()),
        ];
        for (name, value) in registered {
            if self.text(name)?.is_some_and(|given| given != value) {
                return Err(Refusal::new(refusal::OTHER_PERSON, format!("{name} 与账户登记信息不一致")));
            }
        }
        Ok(())
    }
}

fn missing(name: &str) -> Refusal {
    Refusal::new(refusal::MISSING_FIELD, format!("缺少字段 {name}"))
}
