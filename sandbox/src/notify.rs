//! Notifications: the platform tells the hospital that a recharge has succeeded.

use std::time::Duration;

use hislink::http::Transport;
use hislink::http::{Client, Url};
use hislink::reply::Language;
use hislink::settings::{EncryptType, SignType};

use crate::books::{Charge, TradeState};
use crate::envelope::Members;
use crate::money::Fen;
use crate::platform::Platform;
use crate::{clock, envelope};

/// The `transType` of the notification.
const CHARGE_SUCCESS: &str = "charge.success";

/// How long the hospital may take to answer.
const LIMIT: Duration = Duration::from_secs(10);

/// What a hospital answered to a notification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The body as text.
    pub body: String,
}

/// The text of the notification for an order that has succeeded. An amount takes the place of the order's.
pub fn text(
    platform: &Platform,
    out_charge_no: &str,
    amount: Option<Fen>,
    types: (SignType, EncryptType),
) -> Result<String, String> {
    let charge = platform.books().charge(out_charge_no).cloned();
    let charge = charge.ok_or_else(|| format!("no order {out_charge_no}"))?;
    if charge.result != TradeState::Succ {
        return Err(format!("order {out_charge_no} is {}; settle it as succ first", charge.result.as_str()));
    }
    let timestamp = clock::stamp_with_milliseconds(0);
    let amount = amount.unwrap_or(charge.order.charge_amt);
    envelope::notification(CHARGE_SUCCESS, param(&charge, amount), types, &timestamp, &platform.settings)
        .map_err(|error| error.to_string())
}

/// The real platform sends `chargeAmt` as a number.
fn param(charge: &Charge, amount: Fen) -> String {
    let mut param = Members::default();
    param
        .string("channel", &charge.order.deposite_type)
        .raw("chargeAmt", &amount.to_string())
        .string("chargeNo", &charge.charge_no)
        .string("outChargeNo", &charge.order.out_charge_no)
        .string("status", "SUCCESS");
    param.text()
}

/// Posts a notification and waits for the answer.
pub fn send(address: &str, text: &str) -> Result<Answered, String> {
    let address = Url::parse(address, "/url").map_err(|error| error.details().words.text(Language::En).to_owned())?;
    let client = Client::new(Transport::default()).map_err(|error| error.to_string())?;
    match client.post_json(&address, &[], text, Some(LIMIT)) {
        Ok(answer) => Ok(Answered { status: answer.status, body: String::from_utf8_lossy(&answer.body).into_owned() }),
        Err(failure) => Err(failure.words.en),
    }
}
