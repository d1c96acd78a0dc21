//! What became of an order, and the trades of an account or of all over days.

use serde::Serialize;

use super::trade::{Charge, Refund, TradeState};
use super::{Books, Card};
use crate::money::Fen;
use crate::refusal::Refusal;

/// A trade that a query asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A recharge, and the sum of its refunds that succeeded.
    Charge(Charge, Fen),
    /// A refund, and the recharge it takes from.
    Refund(Refund, Charge),
}

/// Whole days in the platform's time, as `yyyyMMdd`, both included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub begin: String,
    /// The last day.
    pub end: String,
}

impl Period {
    fn holds(&self, time: &str) -> bool {
        let day = time.get(..8).unwrap_or_default();
        self.begin.as_str() <= day && day <= self.end.as_str()
    }
}

/// A trade in a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// Document 1.4: `hop.trade.recharge` or `hop.trade.refund`.
    pub trade_type: &'static str,
    /// The account's own.
    #[serde(flatten)]
    pub card: Card,
    /// The order's number.
    pub out_charge_no: String,
    /// The platform's number of the order.
    pub charge_no: String,
    /// The refund's number, for a refund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub out_refund_no: Option<String>,
    /// The platform's number of the refund.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_no: Option<String>,
    /// How much.
    pub amount: Fen,
    /// Its state.
    pub result: TradeState,
    /// When it was booked, `yyyyMMddHHmmss`.
    pub trade_time: String,
}

/// A part of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// How many trades the whole listing has.
    pub total: usize,
    /// Those of the page.
    pub trades: Vec<Listed>,
}

/// An order, and the refund of it that is meant, if one is.
type Trade<'b> = (&'b Charge, Option<&'b Refund>);

impl Books {
    /// A recharge by its order number.
    pub fn find_charge(&self, out_charge_no: &str) -> Option<Found> {
        let charge = self.charges.get(out_charge_no)?.clone();
        let refunded = self.taken_from(out_charge_no, |state| state == TradeState::Succ);
        Some(Found::Charge(charge, refunded))
    }

    /// A refund by its own number.
    pub fn find_refund(&self, out_refund_no: &str) -> Option<Found> {
        let refund = self.refunds.get(out_refund_no)?.clone();
        let charge = self.charges.get(&refund.order.out_charge_no)?.clone();
        Some(Found::Refund(refund, charge))
    }

    /// The trades of both kinds within a period, in the order they were booked, without the first `skip` and at most
    /// `take`; of one account, or of all without a card.
    pub fn trades(&self, card: Option<&Card>, period: &Period, skip: usize, take: usize) -> Result<Page, Refusal> {
        let card = card.map(|card| self.account(card)).transpose()?.map(|account| &account.card);
        let charges = self.charges.values().map(|charge| (charge, None));
        let refunds = self.refunds.values().filter(|refund| period.holds(&refund.trade_time));
        let refunds = refunds.filter_map(|refund| Some((self.charges.get(&refund.order.out_charge_no)?, Some(refund))));
        let asked = |(charge, refund): &Trade<'_>| {
            card.is_none_or(|card| charge.order.card == *card) && (refund.is_some() || period.holds(&charge.trade_time))
        };
        let mut trades: Vec<Trade<'_>> = charges.chain(refunds).filter(asked).collect();
        trades.sort_unstable_by_key(|(charge, refund)| refund.map_or(charge.sequence, |refund| refund.sequence));
        Ok(Page { total: trades.len(), trades: trades.iter().skip(skip).take(take).map(listed).collect() })
    }
}

fn listed((charge, refund): &Trade<'_>) -> Listed {
    let of_charge = Listed {
        trade_type: "hop.trade.recharge",
        card: charge.order.card.clone(),
        out_charge_no: charge.order.out_charge_no.clone(),
        charge_no: charge.charge_no.clone(),
        out_refund_no: None,
        refund_no: None,
        amount: charge.order.charge_amt,
        result: charge.result,
        trade_time: charge.trade_time.clone(),
    };
    let Some(refund) = refund else { return of_charge };
    Listed {
        trade_type: "hop.trade.refund",
        out_refund_no: Some(refund.order.out_refund_no.clone()),
        refund_no: Some(refund.refund_no.clone()),
        amount: refund.order.refund_amt,
        result: refund.result,
        trade_time: refund.trade_time.clone(),
        ..of_charge
    }
}
