//! Pages of the roster, right ones and those that faults ask for.

use hislink::json::ObjectWriter;
use serde_json::Value;

use super::roster;
use crate::faults::{FaultKind, Plan};

/// Most rows of a page (document 2.1).
pub const PAGE: u64 = 500;

/// How far a page goes back where the platform goes backwards.
const BACK: u64 = 250;

/// The rows after a record number as a JSON array; blank ones where the roster, of that size, has no more.
pub fn page(after: u64, size: u64, plan: &Plan) -> String {
    let (after, last) = bounds(after, size, plan);
    let mut rows: Vec<String> = (after + 1..=last).map(row_text).collect();
    if let Some((member, value)) = plan.bad_member() {
        let middle = rows.len() / 2;
        rows.get_mut(middle).into_iter().for_each(|row| spoil(row, member, value));
    }
    format!("[{}]", rows.join(","))
}

/// The record numbers that a page lies between: after the first, up to the last.
fn bounds(after: u64, size: u64, plan: &Plan) -> (u64, u64) {
    if plan.has(&FaultKind::TooManyRows) {
        // Whether the roster has them or not: rows are computed.
        return (after, after.saturating_add(PAGE + 1));
    }
    if plan.has(&FaultKind::RepeatCursor) && after > 0 {
        return (after.saturating_sub(PAGE), after);
    }
    let after = if plan.has(&FaultKind::Backwards) { after.saturating_sub(BACK) } else { after };
    (after, size.min(after.saturating_add(PAGE)))
}

fn row_text(data_id: u64) -> String {
    let row = roster::row(data_id);
    let mut text = String::with_capacity(160);
    ObjectWriter::append(&mut text, |object| {
        object
            .string("certType", row.cert_type)
            .string("certNo", &row.cert_no)
            .string("certName", &row.cert_name)
            .raw("gloryID", &row.glory_id.to_string())
            .string("gloryType", "1")
            .raw("dataID", &row.data_id.to_string());
    });
    text
}

/// Gives a row's member another value, or takes it out.
fn spoil(row: &mut String, member: &str, value: Option<&Value>) {
    let Ok(Value::Object(mut object)) = serde_json::from_str(row) else { return };
    match value {
        Some(value) => object.insert(member.to_owned(), value.clone()),
        None => object.remove(member),
    };
    *row = Value::Object(object).to_string();
}
