//! The calls.

use std::sync::Arc;

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use super::reading::{MoreCards, NewAccount, Nothing, Settled, Wanted, shaped};
use super::{Answer, Answered, Failed};
use crate::glory::{self, check::HospitalCheck};
use crate::platform::Platform;
use crate::{faults, notify};

/// `POST /control/reset`
pub fn reset(platform: &Platform, value: &Value) -> Answer {
    let Nothing {} = shaped(value)?;
    platform.reset()?;
    platform.log.line(|| "control: reset".to_owned());
    Ok(Answered::Json(json!({ "reset": true })))
}

/// `POST /control/faults`
pub fn set_fault(platform: &Platform, value: &Value) -> Answer {
    let fault = faults::read(value).map_err(Failed::because)?;
    platform.log.line(|| format!("control: fault {}", json!(&fault)));
    platform.faults().set(fault);
    Ok(Answered::Json(json!(&*platform.faults())))
}

/// `DELETE /control/faults`: all, or the one that the body names as `POST` does.
pub fn clear_faults(platform: &Platform, value: &Value) -> Answer {
    if value.as_object().is_some_and(Map::is_empty) {
        platform.faults().clear();
        platform.log.line(|| "control: faults cleared".to_owned());
    } else {
        let fault = faults::read(value).map_err(Failed::because)?;
        platform.log.line(|| format!("control: fault cleared {}", json!(&fault)));
        platform.faults().clear_one(&fault);
    }
    Ok(Answered::Json(json!(&*platform.faults())))
}

/// `POST /control/accounts`
pub fn put_account(platform: &Platform, value: &Value) -> Answer {
    let account = shaped::<NewAccount>(value)?.account()?;
    platform.books().put_account(account.clone())?;
    platform.log.line(|| format!("control: account {} {}", account.card.card_type, account.card.card_no));
    Ok(Answered::Json(json!(account)))
}

/// `POST /control/orders/{number}`
pub fn settle(platform: &Platform, number: &str, value: &Value) -> Answer {
    let Settled { result } = shaped(value)?;
    platform.books().settle(number, result)?;
    platform.log.line(|| format!("control: {number} is {}", result.as_str()));
    Ok(Answered::Json(json!({ "number": number, "result": result })))
}

/// `POST /control/notification`: the text, not sent.
pub fn notification(platform: &Platform, value: &Value) -> Answer {
    let wanted: Wanted = shaped(value)?;
    if wanted.url.is_some() {
        return Err(Failed::because("unknown member url; /control/notify sends"));
    }
    notify::text(platform, &wanted.out_charge_no, wanted.amount()?, wanted.types()?)
        .map(Answered::Text)
        .map_err(|message| Failed(StatusCode::CONFLICT, message))
}

/// `POST /control/notify`: sends, and tells what came back.
pub async fn notify(platform: Arc<Platform>, value: Value) -> Answer {
    let wanted: Wanted = shaped(&value)?;
    let url = wanted.url.clone().ok_or_else(|| Failed::because("url is missing"))?;
    let text = notify::text(&platform, &wanted.out_charge_no, wanted.amount()?, wanted.types()?)
        .map_err(|message| Failed(StatusCode::CONFLICT, message))?;
    let sent = text.clone();
    let answered = tokio::task::spawn_blocking(move || notify::send(&url, &text)).await;
    let answered = answered.map_err(|error| error.to_string()).and_then(|answered| answered);
    let answered = answered.map_err(|message| Failed(StatusCode::BAD_GATEWAY, message))?;
    platform.log.line(|| format!("control: notified {}, HTTP {}", wanted.out_charge_no, answered.status));
    Ok(Answered::Json(json!({ "sent": sent, "httpStatus": answered.status, "answer": answered.body })))
}

/// `POST /control/glory/cards`
pub fn add_cards(platform: &Platform, value: &Value) -> Answer {
    let MoreCards { add } = shaped(value)?;
    let size = platform.glory.roster().add(add);
    platform.log.line(|| format!("control: {add} more cards: {size}"));
    Ok(Answered::Json(json!({ "rosterSize": size })))
}

/// `POST /control/glory/check`: asks a hospital for its deductions, and tells how the answer compares.
pub async fn check(platform: Arc<Platform>, value: Value) -> Answer {
    let check: HospitalCheck = shaped(&value)?;
    let (asking, url) = (platform.clone(), check.url.clone());
    let report = tokio::task::spawn_blocking(move || glory::check::run(&asking.glory, &check)).await;
    let report = report.map_err(|error| error.to_string()).and_then(|report| report);
    let report = report.map_err(|message| Failed(StatusCode::BAD_GATEWAY, message))?;
    platform.log.line(|| {
        format!("control: checked {url}: HTTP {}, {} {}", report.status, report.response_flag, report.response_message)
    });
    Ok(Answered::Json(json!(report)))
}
