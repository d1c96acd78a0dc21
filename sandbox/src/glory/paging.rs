//! Pages of the roster, right ones and those that faults ask for.
//!
//! A page's signing text is written along with it: a client may pull a million rows, and to read the page again and
//! flatten it took longer than all the rest.

use std::fmt::Write;
use std::sync::LazyLock;

use hislink::json::ObjectWriter;
use serde_json::Value;

use super::roster::{self, Row};
use crate::faults::{FaultKind, Plan};

/// Most rows of a page (document 2.1).
pub const PAGE: u64 = 500;

/// How many a page has where it has too many.
const TOO_MANY: u64 = PAGE + 1;

/// How far a page goes back where the platform goes backwards.
const BACK: u64 = 250;

/// Places in a page in the order of their names: `[0]`, `[100]`, `[101]`, `[10]`, `[1]`.
static PLACES: LazyLock<Vec<(usize, String)>> = LazyLock::new(|| {
    let mut places: Vec<_> = (0..TOO_MANY as usize).map(|place| (place, format!("data[{place}]"))).collect();
    places.sort_by(|(_, one), (_, other)| one.cmp(other));
    places
});

/// An answer's `data`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Data {
    /// A JSON array.
    pub json: String,
    /// What is signed of it, where that is known already.
    pub signing_text: Option<String>,
}

/// The rows after a record number; none where the roster, of that size, has no more.
pub fn page(after: u64, size: u64, plan: &Plan) -> Data {
    let (after, last) = bounds(after, size, plan);
    let rows: Vec<Row> = (after + 1..=last).map(roster::row).collect();
    let json = json_of(&rows);
    match plan.bad_member() {
        Some((member, value)) => Data { json: spoilt(&json, member, value), signing_text: None },
        None => Data { json, signing_text: Some(signing_text(&rows)) },
    }
}

/// The record numbers that a page lies between: after the first, up to the last.
fn bounds(after: u64, size: u64, plan: &Plan) -> (u64, u64) {
    if plan.has(&FaultKind::TooManyRows) {
        // Whether the roster has them or not: rows are computed.
        return (after, after + TOO_MANY);
    }
    if plan.has(&FaultKind::RepeatCursor) && after > 0 {
        return (after.saturating_sub(PAGE), after);
    }
    let after = if plan.has(&FaultKind::Backwards) { after.saturating_sub(BACK) } else { after };
    (after, size.min(after + PAGE))
}

fn json_of(rows: &[Row]) -> String {
    let mut text = String::with_capacity(rows.len() * 128 + 2);
    text.push('[');
    for row in rows {
        if text.len() > 1 {
            text.push(',');
        }
        ObjectWriter::append(&mut text, |object| {
            object
                .string("certType", row.cert_type)
                .string("certNo", &row.cert_no)
                .string("certName", &row.cert_name)
                .raw("gloryID", &row.glory_id.to_string())
                .string("gloryType", "1")
                .raw("dataID", &row.data_id.to_string());
        });
    }
    text.push(']');
    text
}

fn signing_text(rows: &[Row]) -> String {
    let mut text = String::with_capacity(rows.len() * 240);
    for (place, at) in PLACES.iter() {
        let Some(row) = rows.get(*place) else { continue };
        if !text.is_empty() {
            text.push('&');
        }
        let Row { cert_type, cert_no, cert_name, glory_id, data_id } = row;
        text.extend([at, ".certName=", cert_name, "&", at, ".certNo=", cert_no, "&", at, ".certType=", cert_type, "&"]);
        // Writing to a String cannot fail.
        let _ = write!(text, "{at}.dataID={data_id}&{at}.gloryID={glory_id}&{at}.gloryType=1");
    }
    text
}

/// A page in which the middle row's member has another value, or is gone.
fn spoilt(page: &str, member: &str, value: Option<&Value>) -> String {
    let mut rows: Vec<Value> = serde_json::from_str(page).unwrap_or_default();
    let middle = rows.len() / 2;
    if let Some(object) = rows.get_mut(middle).and_then(Value::as_object_mut) {
        match value {
            Some(value) => object.insert(member.to_owned(), value.clone()),
            None => object.remove(member),
        };
    }
    Value::Array(rows).to_string()
}

#[cfg(test)]
mod tests {
    use hislink::glory::flatten;
    use hislink::json;
    use hislink::settings::Numbers;

    use super::*;

    #[test]
    fn the_signing_text_is_that_of_the_page() {
        for (after, size) in [(0, 0), (0, 1), (7, 18), (0, 500), (999_500, 1_000_000), (0, 499)] {
            let data = page(after, size, &Plan::default());
            let text = format!("{{\"data\":{}}}", data.json);
            let body = json::read(&text).unwrap();
            let flattened = flatten::signing_text(body.as_object().unwrap(), Numbers::Literal).unwrap();
            assert_eq!(data.signing_text, Some(flattened), "{after} of {size}");
        }
    }
}
