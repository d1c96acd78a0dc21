//! Services over HTTP: seal, post, open, judge. Every end says whether the platform may have acted.

use std::time::Duration;

use super::envelope::{self, Opened};
use super::judgement::{self, Weight};
use super::sign;
use crate::clock;
use crate::http::{self, Failure};
use crate::json::{self, Json, Object, ObjectWriter};
use crate::log;
use crate::reply::{Code, Data, Error, Status, words};
use crate::settings::{Onepay, Profile};

/// A service of the platform and how its `param` is checked.
#[derive(Debug, Clone, Copy)]
pub struct Service {
    /// The `transType`.
    pub trans_type: &'static str,
    /// Which order number it carries.
    pub order: Order,
    /// Members of `param` that must hold text.
    pub required: &'static [&'static str],
    /// Members of `param` that the document lists as text.
    pub texts: &'static [&'static str],
}

/// The order number that a service carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// None.
    Absent,
    /// The order's, if given.
    Given,
    /// The order's, or a refund's own, if given.
    Queried,
    /// The order's, always.
    Needed,
    /// The refund's own, always.
    RefundNeeded,
}

/// Queries a patient's account.
pub const ACCOUNT_INFO: Service = plain("hop.account.info", Order::Given);
/// Puts money on an account.
pub const RECHARGE: Service = plain("hop.trade.recharge", Order::Needed);
/// Gives money back.
pub const REFUND: Service = plain("hop.trade.refund", Order::RefundNeeded);
/// Tells what became of an order.
pub const QUERY: Service = plain("hop.trade.query", Order::Queried);
/// Lists trades.
pub const DETAILS: Service = plain("hop.trade.details", Order::Given);
/// Queries the account behind a wristband (document, part 3, 1).
pub const WRISTBAND_ACCOUNT: Service =
    Service { trans_type: "portal.wb.queryAccount", order: Order::Absent, required: &["key"], texts: &["key"] };
/// Makes a wristband's code (document, part 3, 2).
pub const WRISTBAND_CODE: Service = Service {
    trans_type: "portal.wb.getWristbandCode",
    order: Order::Absent,
    required: &[],
    texts: &["cardType", "cardNo", "idNo", "idType", "operatorId", "operatorName", "accountType"],
};

const fn plain(trans_type: &'static str, order: Order) -> Service {
    Service { trans_type, order, required: &[], texts: &[] }
}

/// What hangs on a service: any may move money, but for those that are known only to ask, or to make a wristband.
fn weight(trans_type: &str) -> Weight {
    let light = [ACCOUNT_INFO, DETAILS, WRISTBAND_ACCOUNT, WRISTBAND_CODE];
    if trans_type == QUERY.trans_type {
        Weight::TellsState
    } else if light.iter().any(|known| known.trans_type == trans_type) {
        Weight::Light
    } else {
        Weight::MovesMoney
    }
}

/// Refuses a `param` that cannot be signed or encrypted. Errors point into `/param`.
pub fn check_sealing(settings: &Onepay, trans_type: &str, param: &Json<'_>) -> Result<(), Error> {
    let mut message = String::with_capacity(2048);
    ObjectWriter::append(&mut message, |message| envelope::seal(settings, trans_type, param, &clock::stamp(), message))
}

/// Runs a service and waits for its end. Errors of input point to `/transType` and into `/param`.
pub fn transact(
    profile: &Profile,
    trans_type: &str,
    param: &Json<'_>,
    limit: Option<Duration>,
    data: &mut Data<'_>,
) -> Result<(), Error> {
    let settings = profile.onepay()?;
    let url = settings.address()?;
    let (mut message, now) = (String::with_capacity(2048), clock::stamp());
    ObjectWriter::append(&mut message, |message| envelope::seal(settings, trans_type, param, &now, message))?;
    log::signed(profile.log.as_ref(), || {
        envelope::request_text(settings, trans_type, param, &now).ok().map(|text| sign::masked(&text))
    });
    let answer = profile.client.post_json(url, &[], &message, limit).map_err(Failure::into_error)?;
    let text = answer.text()?;
    // From here on the platform has the request; only its own word can say that nothing happened.
    let message = answer_envelope(text)?;
    let plain = envelope::decrypted(&message, settings).map_err(unopened)?;
    let opened = envelope::open(&message, plain.as_deref(), settings).map_err(unopened)?;
    // A param that was signed as a text says as much as one that was signed as an object.
    let as_read;
    let said = match &opened.param {
        Json::String(text) => {
            as_read = json::read(text).unwrap_or(Json::Null);
            &as_read
        }
        param => param,
    };
    same_order(param, said, settings).map_err(|error| error.with_data(|data| write_answer(&message, &opened, data)))?;
    let state = said.as_object().and_then(|said| said.get("result")).filter(|state| **state != Json::Null);
    // A state that is no text is none of the document's.
    let state = state.map(|state| state.as_scalar().unwrap_or("?"));
    judged(&message, &opened, state, weight(trans_type), data)
}

fn answer_envelope(text: &str) -> Result<Object<'_>, Error> {
    match json::read(text) {
        Ok(Json::Object(message)) => match message.get("respCode").and_then(Json::as_scalar) {
            Some(code) if may_be_the_platforms(&message, code) => Ok(message),
            Some(code) => {
                let said = text_of(&message, "respMsg");
                let words = words!(
                    "应答没有签名，且 respCode {code} 不是平台的应答码",
                    "the answer is not signed, and its respCode {code} is none of the platform's"
                );
                Err(http::unreadable(&words).from_platform(code, said))
            }
            None => Err(http::unreadable(&words!("应答没有 respCode", "the answer has no respCode"))),
        },
        _ => Err(http::unreadable(&words!("应答不是完整的 JSON 对象", "the answer is no whole JSON object"))),
    }
}

/// Whether an answer is signed, or unsigned with a code that the platform uses: a gateway's own page is neither.
fn may_be_the_platforms(message: &Object<'_>, resp_code: &str) -> bool {
    let signed = message.get("sign").is_some_and(sign::is_signed);
    signed || judgement::is_success(resp_code) || judgement::is_refusal(resp_code)
}

/// An answer that does not open: its members are none of the request's, so none is named as the one at fault.
fn unopened(error: Error) -> Error {
    match error.details().code {
        Code::SignMismatch | Code::DecryptFailed => error.with_status(Status::Unknown).without_field(),
        _ => http::unreadable(&error.details().words),
    }
}

/// Refuses an answer that names another order than the request did: whatever it says, it says not of this one.
fn same_order(asked: &Json<'_>, answered: &Json<'_>, settings: &Onepay) -> Result<(), Error> {
    let text = |param: &Json<'_>, field: &str| param.as_object()?.get(field)?.as_scalar().map(str::to_owned);
    for field in [&settings.order_field, &settings.refund_field] {
        if let (Some(asked), Some(answered)) = (text(asked, field), text(answered, field))
            && asked != answered
        {
            return Err(http::unreadable(&words!(
                "应答属于另一订单：{field} 为 {answered}",
                "the answer is for another order: its {field} is {answered}"
            )));
        }
    }
    Ok(())
}

fn judged(
    message: &Object<'_>,
    opened: &Opened<'_>,
    state: Option<&str>,
    weight: Weight,
    data: &mut Data<'_>,
) -> Result<(), Error> {
    let (resp_code, resp_msg) = (text_of(message, "respCode"), text_of(message, "respMsg"));
    let write = |data: &mut Data<'_>| write_answer(message, opened, data);
    judgement::judge(resp_code, resp_msg, state, weight).map_err(|end| end.with_data(write))?;
    write(data);
    Ok(())
}

fn write_answer(message: &Object<'_>, opened: &Opened<'_>, data: &mut Data<'_>) {
    data.value("param", &opened.param)
        .string("respCode", text_of(message, "respCode"))
        .string("respMsg", text_of(message, "respMsg"));
    if !opened.verified {
        data.bool("verified", false);
    }
}

fn text_of<'m>(message: &'m Object<'_>, name: &str) -> &'m str {
    message.get(name).and_then(Json::as_scalar).unwrap_or_default()
}
