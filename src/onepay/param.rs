//! Checks of a named service's `param` before anything is sent: codes, amounts, order numbers, documented fields.

use super::dictionary::DICTIONARIES;
use super::trade::{Order, Service};
use crate::json::{Json, Object, escape};
use crate::reply::{Error, Words, words};
use crate::settings::Onepay;

/// Refuses codes that the document's dictionaries lack, in the members of `param` that have one.
pub fn check_codes(param: &Object<'_>) -> Result<(), Error> {
    for dictionary in DICTIONARIES.iter().filter(|dictionary| dictionary.checked) {
        let field = dictionary.field;
        let Some(value) = given(param, field) else { continue };
        let known = value.as_scalar().is_some_and(|code| dictionary.name_of(as_printed(code)).is_some());
        if !known {
            let (name, section, codes) = (dictionary.name, dictionary.section, dictionary.codes());
            return Err(at(
                field,
                words!(
                    "{field} 不在{name}（{section}）中，可用：{codes}",
                    "{field} is not in the dictionary {section}: {codes}"
                ),
            ));
        }
    }
    Ok(())
}

/// The document prints one code as `TRANS_ UNIT`; what a site really uses passes either way.
fn as_printed(code: &str) -> &str {
    if code == "TRANS_ UNIT" { "TRANS_UNIT" } else { code }
}

/// Refuses amounts that are not yuan above zero with at most two decimals, in the members of `param` named so.
pub fn check_amounts(param: &Object<'_>, amount_fields: &[String]) -> Result<(), Error> {
    for field in amount_fields {
        let amount = param.get(field).filter(|value| **value != Json::Null);
        if amount.is_some_and(|value| !value.as_scalar().is_some_and(is_amount)) {
            return Err(at(
                field,
                words!(
                    "{field} 必须是大于零、至多两位小数的金额（元），例如 100.00",
                    "{field} must be yuan above zero with at most two decimals, such as 100.00"
                ),
            ));
        }
    }
    Ok(())
}

/// Digits, then at most a point and one or two digits; not all zero. No sign, no exponent: nothing to misread.
fn is_amount(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(whole, decimals)| (whole, Some(decimals)));
    let well_formed = digits(whole) && decimals.is_none_or(|decimals| digits(decimals) && decimals.len() <= 2);
    let padded = whole.len() > 1 && whole.starts_with('0');
    well_formed && !padded && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'))
}

/// The fen of an amount as [`check_amounts`] lets it pass; none for more than can be counted.
pub fn fen(text: &str) -> Option<i64> {
    if !is_amount(text) {
        return None;
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals:0<2}").parse().ok()
}

/// Fen as yuan with two decimals.
pub fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

/// The member of `param` that holds a service's own number.
pub fn order_field<'s>(settings: &'s Onepay, service: &Service) -> &'s str {
    if service.order == Order::RefundNeeded { &settings.refund_field } else { &settings.order_field }
}

/// Puts the order number of the request's `member` into the member `field` of `param`, or takes the one that stands
/// there. Both must agree.
pub fn settle_order<'a>(
    param: &mut Object<'a>,
    field: &'a str,
    (member, order_no): (&str, Option<&'a str>),
) -> Result<(), Error> {
    if order_no.is_some_and(|text| text.is_empty() || text.trim() != text) {
        let words = words!("{member} 必须是首尾无空格的非空文本", "{member} must be a text without blanks at its ends");
        return Err(Error::field(format!("/{member}"), words));
    }
    match (order_no, given(param, field)) {
        (Some(order_no), None) => param.set(field, Json::String(order_no.into())),
        (Some(order_no), Some(inside)) if inside.as_scalar() != Some(order_no) => {
            return Err(at(
                field,
                words!("{member} 与 param 中的 {field} 不一致", "{member} and the {field} in param differ"),
            ));
        }
        _ => {}
    }
    Ok(())
}

/// Refuses a `param` whose member `field` holds no text, or one with blanks at its ends.
pub fn require(param: &Object<'_>, field: &str) -> Result<(), Error> {
    match given(param, field) {
        Some(value) if value.as_scalar().is_some_and(|text| !text.is_empty() && text.trim() == text) => Ok(()),
        None => Err(at(field, words!("缺少 {field}", "{field} is missing"))),
        Some(_) => Err(at(
            field,
            words!("{field} 必须是首尾无空格的非空文本", "{field} must be a text without blanks at its ends"),
        )),
    }
}

/// Refuses values that are no text in the members that the document lists as text.
pub fn check_texts(param: &Object<'_>, fields: &[&str]) -> Result<(), Error> {
    match fields.iter().find(|field| given(param, field).is_some_and(|value| value.as_scalar().is_none())) {
        None => Ok(()),
        Some(field) => Err(at(field, words!("{field} 必须是文本", "{field} must be a text"))),
    }
}

/// A member that is there: neither null nor an empty text, which are not signed either.
fn given<'p, 'a>(param: &'p Object<'a>, field: &str) -> Option<&'p Json<'a>> {
    param.get(field).filter(|value| !matches!(value, Json::Null) && value.as_str() != Some(""))
}

fn at(field: &str, words: Words) -> Error {
    Error::field(format!("/param/{}", escape(field)), words)
}

#[cfg(test)]
mod tests {
    use super::{fen, is_amount};

    #[test]
    fn amounts_are_yuan_and_fen() {
        for good in ["1", "0.01", "0.1", "100", "100.5", "100.50", "99999999999999.99"] {
            assert!(is_amount(good), "{good}");
        }
        for bad in
            ["", "0", "0.00", "-1", "+1", "1.", ".5", "1.005", "1.000", "1e2", "1E2", "1,000", " 1", "01", "NaN", "１"]
        {
            assert!(!is_amount(bad), "{bad}");
        }
    }
    #[test]
    fn equal_amounts_are_equal_fen() {
        for text in ["100", "100.0", "100.00"] {
            assert_eq!(fen(text), Some(10_000), "{text}");
        }
        assert_eq!((fen("0.01"), fen("0.1"), fen("1.005")), (Some(1), Some(10), None));
        assert_eq!(fen("99999999999999999999"), None);
    }
}
