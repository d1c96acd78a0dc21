//! A deduction's fields (document 2.2.2) and a cancellation's (2.3.2): read from a request's members, and checked.

use super::cert_no::{self, Fault};
use super::{dictionary, money};
use crate::clock;
use crate::fields::Fields;
use crate::json::{Json, Object};
use crate::reply::{Error, Words, words};
use crate::store::Deduction;

/// The longest texts, in characters. The document sets no limits; these are above what certificates and serial numbers
/// need and below what breaks a column.
const MAX_CERT_NO: usize = 64;
const MAX_CERT_NAME: usize = 128;
const MAX_DEDUCTION_ID: usize = 64;
const MAX_REMARKS: usize = 1024;

/// A cancellation (document 2.3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    /// The deduction to take back.
    pub deduction_id: String,
    /// When it was taken back: `yyyy-MM-dd HH:mm:ss`.
    pub time: String,
}

/// Reads a deduction; `org_code` is the profile's. Errors are `BAD_FIELD` with the member.
pub fn read(fields: &Fields<'_, '_>, org_code: &str) -> Result<Deduction, Error> {
    check_org(fields, org_code)?;
    let cert_type = code(fields, "certType")?;
    let deduction = Deduction {
        org_code: org_code.to_owned(),
        cert_no: cert_no(fields, &cert_type)?,
        cert_type,
        cert_name: exact(fields, "certName", MAX_CERT_NAME)?,
        deduction_id: exact(fields, "deductionID", MAX_DEDUCTION_ID)?,
        total_fee: required(fields, "totalFee")?.to_owned(),
        deduction_fee: required(fields, "deductionFee")?.to_owned(),
        deduction_time: time(fields, "deductionTime")?,
        glory_type: code(fields, "gloryType")?,
        deduction_type: code(fields, "deductionType")?,
        remarks: remarks(fields)?,
    };
    check_money(fields, &deduction)?;
    Ok(deduction)
}

/// Reads a cancellation. Errors as of [`read`].
pub fn read_cancellation(fields: &Fields<'_, '_>, org_code: &str) -> Result<Cancellation, Error> {
    check_org(fields, org_code)?;
    Ok(Cancellation {
        deduction_id: exact(fields, "deductionID", MAX_DEDUCTION_ID)?,
        time: time(fields, "deductionTime")?,
    })
}

/// A deduction as it is sent.
pub fn body(deduction: &Deduction) -> Object<'_> {
    let mut body = object(&members(deduction));
    if let Some(remarks) = &deduction.remarks {
        body.set("remarks", text(remarks));
    }
    body
}

/// A cancellation as it is sent.
pub fn cancellation_body<'a>(org_code: &'a str, cancellation: &'a Cancellation) -> Object<'a> {
    object(&[("orgCode", org_code), ("deductionID", &cancellation.deduction_id), ("deductionTime", &cancellation.time)])
}

/// The required fields of 2.2.2, which 3.1.3 has too, in the document's order.
pub fn members(deduction: &Deduction) -> [(&'static str, &str); 10] {
    [
        ("orgCode", &deduction.org_code),
        ("certType", &deduction.cert_type),
        ("certNo", &deduction.cert_no),
        ("certName", &deduction.cert_name),
        ("deductionID", &deduction.deduction_id),
        ("totalFee", &deduction.total_fee),
        ("deductionFee", &deduction.deduction_fee),
        ("deductionTime", &deduction.deduction_time),
        ("gloryType", &deduction.glory_type),
        ("deductionType", &deduction.deduction_type),
    ]
}

/// An object of texts.
pub fn object<'a>(members: &[(&'static str, &'a str)]) -> Object<'a> {
    let mut object = Object::default();
    for (name, value) in members {
        object.set(*name, text(value));
    }
    object
}

fn text(value: &str) -> Json<'_> {
    Json::String(value.into())
}

fn wrong(fields: &Fields<'_, '_>, name: &str, words: Words) -> Error {
    Error::field(fields.pointer(name), words)
}

/// A text that is there and not blank.
fn required<'j>(fields: &Fields<'j, '_>, name: &str) -> Result<&'j str, Error> {
    let given = fields.string(name)?.ok_or_else(|| fields.missing(name))?;
    if given.trim().is_empty() {
        return Err(wrong(fields, name, words!("{name} 不能为空", "{name} must not be blank")));
    }
    Ok(given)
}

/// A text that the platform compares: programs pad what they take from fixed columns, and padding makes it another.
fn exact(fields: &Fields<'_, '_>, name: &str, most: usize) -> Result<String, Error> {
    let given = required(fields, name)?;
    if given.trim() != given || given.contains(char::is_control) {
        let words = words!(
            "{name} 首尾不能有空白，也不能含控制字符",
            "{name} must not begin or end with a blank, nor hold control characters"
        );
        return Err(wrong(fields, name, words));
    }
    not_longer(fields, name, given, most)?;
    Ok(given.to_owned())
}

fn not_longer(fields: &Fields<'_, '_>, name: &str, given: &str, most: usize) -> Result<(), Error> {
    if given.chars().count() <= most {
        return Ok(());
    }
    Err(wrong(fields, name, words!("{name} 超过 {most} 个字符", "{name} is longer than {most} characters")))
}

fn check_org(fields: &Fields<'_, '_>, org_code: &str) -> Result<(), Error> {
    match fields.string("orgCode")? {
        Some(given) if given != org_code => {
            let words = words!("orgCode 与配置中的 {org_code} 不一致", "orgCode differs from the profile's {org_code}");
            Err(wrong(fields, "orgCode", words))
        }
        _ => Ok(()),
    }
}

/// A code of the field's dictionary.
fn code(fields: &Fields<'_, '_>, name: &str) -> Result<String, Error> {
    let given = required(fields, name)?;
    match dictionary::of(name) {
        Some(dictionary) if dictionary.name_of(given).is_none() => {
            let (title, section, codes) = (dictionary.name, dictionary.section, dictionary.codes());
            let words = words!(
                "{name} 不在{title}（{section}）中，可用：{codes}",
                "{name} is not in the dictionary {section}: {codes}"
            );
            Err(wrong(fields, name, words))
        }
        _ => Ok(given.to_owned()),
    }
}

fn time(fields: &Fields<'_, '_>, name: &str) -> Result<String, Error> {
    let given = required(fields, name)?;
    if clock::is_time(given) {
        return Ok(given.to_owned());
    }
    let words = words!("{name} 应为真实的 yyyy-MM-dd HH:mm:ss", "{name} must be a real yyyy-MM-dd HH:mm:ss");
    Err(wrong(fields, name, words))
}

fn cert_no(fields: &Fields<'_, '_>, cert_type: &str) -> Result<String, Error> {
    let number = exact(fields, "certNo", MAX_CERT_NO)?;
    // Only identity cards have numbers that can be checked.
    let fault = if cert_type == "0" { cert_no::check(&number).err() } else { None };
    let words = match fault {
        None => return Ok(number),
        Some(Fault::Form) => words!(
            "certNo 应为 18 位身份证号（末位可为 X）、15 位旧号或带 * 的脱敏号",
            "certNo must be an identity number of 18 (the last may be X) or 15 digits, or one masked with *"
        ),
        Some(Fault::Birth) => {
            words!("certNo 中的出生日期不存在，请核对", "the birth date inside certNo is not real: compare it")
        }
        Some(Fault::CheckDigit) => {
            words!("certNo 的校验位不符，请核对", "the check digit of certNo is wrong: compare it")
        }
    };
    Err(wrong(fields, "certNo", words))
}

/// Nothing for a blank one, which would not be signed either.
fn remarks(fields: &Fields<'_, '_>) -> Result<Option<String>, Error> {
    let Some(given) = fields.string("remarks")?.filter(|text| !text.trim().is_empty()) else { return Ok(None) };
    not_longer(fields, "remarks", given, MAX_REMARKS)?;
    Ok(Some(given.to_owned()))
}

/// Both amounts above zero, and the deduction not above the total.
fn check_money(fields: &Fields<'_, '_>, deduction: &Deduction) -> Result<(), Error> {
    let above_zero = |name: &'static str, text: &str| {
        money::fen(text).filter(|fen| *fen > 0).ok_or_else(|| {
            let words = words!(
                "{name} 应为大于零、恰好两位小数的金额文本（元），例如 25.50",
                "{name} must be yuan above zero as text with exactly two decimals, such as 25.50"
            );
            wrong(fields, name, words)
        })
    };
    let total = above_zero("totalFee", &deduction.total_fee)?;
    if above_zero("deductionFee", &deduction.deduction_fee)? <= total {
        return Ok(());
    }
    let words = words!("deductionFee 不能大于 totalFee", "deductionFee must not be above totalFee");
    Err(wrong(fields, "deductionFee", words))
}
