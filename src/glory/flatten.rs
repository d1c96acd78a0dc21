//! A body as signing text: flattened to names, sorted, joined (document 1.3.1, first step).

use std::cmp::Ordering;
use std::fmt::Write;

use crate::json::{Json, Object};
use crate::reply::{Error, words};
use crate::settings::Numbers;

/// The largest exponent that is written out where numbers are signed plainly.
const MAX_PLAIN_EXPONENT: i64 = 400;

/// `name=value&name=value` of a body: members as `a.b`, items as `a[0]`, in ascending bytes of the whole name. Null,
/// `""`, `{}` and `[]` are left out, and so is the top-level `sign`. Strings stand as they are.
///
/// Fails on a number that is too large to be written plainly; the place is a JSON pointer into the body.
pub fn signing_text(body: &Object<'_>, numbers: Numbers) -> Result<String, Error> {
    let mut walk = Walk { path: String::new(), leaves: Leaves::InOrder(String::with_capacity(1024)), numbers };
    if has_ambiguous_name(body) {
        // A name with a dot or bracket of its own may stand between another's nested names: all are sorted together.
        walk.leaves = Leaves::Unordered(Vec::new());
    }
    walk.members(body, true)?;
    Ok(walk.leaves.into_text())
}

/// Where the flattened names go.
enum Leaves {
    /// Each `name=value` is written when it is reached: the walk goes by the order of names.
    InOrder(String),
    /// Names and values, to be sorted.
    Unordered(Vec<(String, String)>),
}

impl Leaves {
    fn add(&mut self, name: &str, value: &str) {
        match self {
            Leaves::InOrder(text) => {
                let separator = if text.is_empty() { "" } else { "&" };
                text.extend([separator, name, "=", value]);
            }
            Leaves::Unordered(leaves) => leaves.push((name.to_owned(), value.to_owned())),
        }
    }

    fn into_text(self) -> String {
        match self {
            Leaves::InOrder(text) => text,
            Leaves::Unordered(mut leaves) => {
                leaves.sort_by(|(one, _), (other, _)| one.cmp(other));
                leaves.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
            }
        }
    }
}

fn has_ambiguous_name(object: &Object<'_>) -> bool {
    let mark = |byte| matches!(byte, b'.' | b'[' | b']');
    object.iter().any(|(name, value)| name.bytes().any(mark) || is_ambiguous(value))
}

fn is_ambiguous(value: &Json<'_>) -> bool {
    match value {
        Json::Object(object) => has_ambiguous_name(object),
        Json::Array(items) => items.iter().any(is_ambiguous),
        _ => false,
    }
}

struct Walk {
    path: String,
    leaves: Leaves,
    numbers: Numbers,
}

impl Walk {
    fn members(&mut self, object: &Object<'_>, top: bool) -> Result<(), Error> {
        let mut members: Vec<_> = object.iter().filter(|(name, _)| !(top && name == "sign")).collect();
        members.sort_by(|(one, first), (other, second)| by_token((one, end_of(first)), (other, end_of(second))));
        for (name, value) in members {
            let before = self.path.len();
            if !top {
                self.path.push('.');
            }
            self.path.push_str(name);
            self.value(value).map_err(|error| error.below(&format!("/{}", crate::json::escape(name))))?;
            self.path.truncate(before);
        }
        Ok(())
    }

    fn items(&mut self, items: &[Json<'_>]) -> Result<(), Error> {
        for place in in_order_of_text(items.len()) {
            let Some(item) = items.get(place) else { continue };
            let before = self.path.len();
            // Writing to a String cannot fail.
            let _ = write!(self.path, "[{place}]");
            self.value(item).map_err(|error| error.below(&format!("/{place}")))?;
            self.path.truncate(before);
        }
        Ok(())
    }

    fn value(&mut self, value: &Json<'_>) -> Result<(), Error> {
        match value {
            Json::Null => {}
            Json::Bool(truth) => self.leaves.add(&self.path, if *truth { "true" } else { "false" }),
            Json::String(text) if text.is_empty() => {}
            Json::String(text) => self.leaves.add(&self.path, text),
            Json::Number(text) if self.numbers == Numbers::Literal => self.leaves.add(&self.path, text),
            Json::Number(text) => self.leaves.add(&self.path, &plain(text)?),
            Json::Array(items) => self.items(items)?,
            Json::Object(object) => self.members(object, false)?,
        }
        Ok(())
    }
}

/// What follows a name in the flattened names below it.
fn end_of(value: &Json<'_>) -> &'static str {
    match value {
        Json::Array(_) => "[",
        Json::Object(_) => ".",
        _ => "",
    }
}

fn by_token((one, one_end): (&str, &str), (other, other_end): (&str, &str)) -> Ordering {
    let common = one.len().min(other.len());
    let (one, one_rest) = one.as_bytes().split_at(common);
    let (other, other_rest) = other.as_bytes().split_at(common);
    // What follows the names matters only where one begins with the other.
    one.cmp(other).then_with(|| {
        one_rest.iter().copied().chain(one_end.bytes()).cmp(other_rest.iter().copied().chain(other_end.bytes()))
    })
}

/// The indices below `count` in the order of `0]`, `10]`, `11]`, `1]`, `2]`: a digit stands before the bracket.
fn in_order_of_text(count: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    if count > 10 {
        order.sort_by_cached_key(|place| format!("{place}]"));
    }
    order
}

/// A number without exponent and without trailing zeros: `10.00` as `10`, `1e3` as `1000`, `-0` as `0`.
fn plain(number: &str) -> Result<String, Error> {
    let (sign, magnitude) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (mantissa, exponent) = magnitude.split_once(['e', 'E']).unwrap_or((magnitude, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX);
    if exponent.abs() > MAX_PLAIN_EXPONENT {
        return Err(Error::field(
            "",
            words!("数字 {number} 过大，无法展开签名", "the number {number} is too large to be written out"),
        ));
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    // Where the point stands among the digits; zeros fill what is missing on either side.
    let point = whole.len() as i64 + exponent;
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => (format!("{digits}{}", "0".repeat(point - digits.len())), String::new()),
        Ok(point) => {
            let (whole, fraction) = digits.split_at(point);
            (whole.to_owned(), fraction.to_owned())
        }
        Err(_) => (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
    };
    let whole = Some(whole.trim_start_matches('0')).filter(|digits| !digits.is_empty()).unwrap_or("0");
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str, numbers: Numbers) -> String {
        let Json::Object(body) = crate::json::read(body).unwrap() else { panic!("an object") };
        signing_text(&body, numbers).unwrap()
    }

    #[test]
    fn numbers_are_written_out_plainly() {
        for (number, expected) in [
            ("10.00", "10"),
            ("0.10", "0.1"),
            ("1e3", "1000"),
            ("1.50E-2", "0.015"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("-1.20", "-1.2"),
            ("100", "100"),
            ("12.5e1", "125"),
            ("12345678901234567890.123", "12345678901234567890.123"),
            ("0.00e5", "0"),
        ] {
            assert_eq!(plain(number).unwrap(), expected, "{number}");
        }
        assert!(plain("1e401").is_err());
    }

    #[test]
    fn the_walk_in_order_gives_what_sorting_all_names_gives() {
        let rows: Vec<_> =
            (0..120).map(|n| format!("{{\"v\":{n},\"w\":[[{n},\"\"],{{\"b\":true,\"a\":null}}]}}")).collect();
        let body = format!(
            "{{\"listA\":1,\"list\":[{}],\"list_\":2,\"a\":{{\"z\":1,\"b\":{{}}}},\"a-\":3,\"A\":4}}",
            rows.join(",")
        );
        let walked = text(&body, Numbers::Literal);
        let mut sorted: Vec<_> = walked.split('&').map(|item| item.split_once('=').unwrap()).collect();
        sorted.sort();
        assert_eq!(walked, sorted.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"));
        assert_eq!(sorted.len(), 5 + 120 * 3);
    }

    #[test]
    fn names_with_dots_are_sorted_among_the_nested() {
        assert_eq!(text(r#"{"a":{"b":1},"a.a":2,"a.c":3}"#, Numbers::Literal), "a.a=2&a.b=1&a.c=3");
    }
}
