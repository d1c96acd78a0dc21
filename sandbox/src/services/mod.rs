//! The platform's services: from a request's `param` through the books to the answer's `param`.

mod account;
mod params;
mod trade;
mod wristband;

use hislink::json::{self, Json, Object};
use serde_json::Value;

use crate::books::{Books, TradeState};
use crate::journal::Denied;
use crate::refusal::{self, Refusal};
use params::Params;

/// The services by `transType`.
pub const SERVICES: &[&str] = &[
    "hop.account.info",
    "hop.trade.recharge",
    "hop.trade.refund",
    "hop.trade.query",
    "hop.trade.details",
    "portal.wb.queryAccount",
    "portal.wb.getWristbandCode",
];

/// What a service needs to know beside its `param`.
#[derive(Debug, Clone)]
pub struct Circumstances<'c> {
    /// The platform's time, `yyyyMMddHHmmss`.
    pub now: &'c str,
    /// The state that new trades are left in.
    pub trades_end: TradeState,
    /// What the addresses of wristbands start with.
    pub wristband_url: &'c str,
}

/// What a service did.
#[derive(Debug, Clone, PartialEq)]
pub struct Served {
    /// The answer's `param`.
    pub param: Value,
    /// Whether this request entered a trade into the books.
    pub booked: bool,
}

impl From<Value> for Served {
    fn from(param: Value) -> Self {
        Self { param, booked: false }
    }
}

/// Runs a service. `param` is JSON text, an object or nothing.
pub fn run(
    books: &mut Books,
    trans_type: &str,
    param: &str,
    around: &Circumstances<'_>,
) -> Result<Served, Denied<Refusal>> {
    let object = match json::read(param) {
        Ok(Json::Object(object)) => object,
        Ok(Json::Null) => Object::default(),
        _ if param.trim().is_empty() => Object::default(),
        _ => return Err(Refusal::new(refusal::BAD_TEXT, "param 应为 JSON 对象").into()),
    };
    let params = Params(&object);
    Ok(match trans_type {
        "hop.account.info" => account::info(books, &params)?.into(),
        "hop.trade.recharge" => trade::recharge(books, &params, around)?,
        "hop.trade.refund" => trade::refund(books, &params, around)?,
        "hop.trade.query" => trade::query(books, &params)?.into(),
        "hop.trade.details" => trade::details(books, &params)?.into(),
        "portal.wb.queryAccount" => wristband::account(books, &params)?.into(),
        "portal.wb.getWristbandCode" => wristband::code(books, &params, around.wristband_url)?.into(),
        "" => return Err(Refusal::new(refusal::UNKNOWN_TRANS_TYPE, "transType 不能为空").into()),
        other => {
            return Err(Refusal::new(refusal::UNKNOWN_TRANS_TYPE, format!("transType {other} 不存在")).into());
        }
    })
}
