//! Trades: orders for recharges and refunds, and their states (document 1.7).

use serde::{Deserialize, Serialize};

use super::account::Card;
use crate::money::Fen;

/// The state of a trade, without `notfound`, which no trade has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TradeState {
    /// Waiting to be traded.
    Init,
    /// Being traded.
    Ing,
    /// Done: the only state in which the money has moved.
    Succ,
    /// Failed.
    Fail,
    /// Gone wrong: nobody knows.
    Exp,
    /// Closed without a trade.
    Closed,
}

impl TradeState {
    /// The word in `result`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Ing => "ing",
            Self::Succ => "succ",
            Self::Fail => "fail",
            Self::Exp => "exp",
            Self::Closed => "closed",
        }
    }

    /// Whether money has moved or still may.
    pub fn holds_money(self) -> bool {
        !matches!(self, Self::Fail | Self::Closed)
    }
}

/// What a recharge asks for. Two requests with the same content and order number are the same order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChargeOrder {
    /// The client's order number.
    pub out_charge_no: String,
    /// The account, by its own card where a wristband named it.
    #[serde(flatten)]
    pub card: Card,
    /// More than nothing.
    pub charge_amt: Fen,
    /// Document 1.5.
    pub deposite_type: String,
    /// Document 1.13.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel_type: Option<String>,
}

/// A booked recharge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Charge {
    /// What was asked for.
    #[serde(flatten)]
    pub order: ChargeOrder,
    /// The platform's own number.
    pub charge_no: String,
    /// Its state.
    pub result: TradeState,
    /// When it was booked, `yyyyMMddHHmmss`.
    pub trade_time: String,
    /// Its place among all trades.
    pub sequence: u64,
}

/// What a refund asks for. Two requests with the same content and refund number are the same refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RefundOrder {
    /// The client's refund number.
    pub out_refund_no: String,
    /// The recharge that it takes from.
    pub out_charge_no: String,
    /// More than nothing.
    pub refund_amt: Fen,
    /// Document 1.6.
    pub withdraw_mode: String,
}

/// A booked refund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    /// What was asked for.
    #[serde(flatten)]
    pub order: RefundOrder,
    /// The platform's own number.
    pub refund_no: String,
    /// Its state.
    pub result: TradeState,
    /// When it was booked, `yyyyMMddHHmmss`.
    pub trade_time: String,
    /// Its place among all trades.
    pub sequence: u64,
}
