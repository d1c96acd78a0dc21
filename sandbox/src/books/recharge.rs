//! Recharges: money onto an account, once an order number.

use super::trade::{Charge, ChargeOrder, TradeState};
use super::{Books, Card, Change};
use crate::journal::Denied;
use crate::refusal::{self, Refusal};

/// A trade as it stands, and whether this request booked it.
pub(crate) struct Booked<T> {
    pub trade: T,
    pub fresh: bool,
}

impl Books {
    /// Books a recharge in that state; the balance grows only with `succ`. A known order with the same content is
    /// handed back as it stands, whatever the account's status is by now.
    ///
    /// `now` is `yyyyMMddHHmmss`.
    pub(crate) fn recharge(
        &mut self,
        mut order: ChargeOrder,
        result: TradeState,
        now: &str,
    ) -> Result<Booked<Charge>, Denied<Refusal>> {
        let mut account = self.account(&order.card)?.clone();
        order.card = account.card.clone();
        if let Some(known) = self.charges.get(&order.out_charge_no) {
            return Ok(same_order(known, &order)?);
        }
        account.allow_recharge()?;
        let moves = result == TradeState::Succ;
        if moves {
            account.add(order.charge_amt)?;
        }
        let sequence = self.sequence + 1;
        let charge =
            Charge { order, charge_no: platform_number(now, sequence), result, trade_time: now.to_owned(), sequence };
        let change = Change {
            sequence: Some(sequence),
            account: moves.then_some(account),
            order: Some(charge.clone()),
            ..Change::default()
        };
        self.change(change).map_err(Denied::Unwritten)?;
        Ok(Booked { trade: charge, fresh: true })
    }

    /// What is on the account of a card.
    pub fn balance(&self, card: &Card) -> Result<crate::money::Fen, Refusal> {
        self.account(card).map(|account| account.balance)
    }
}

fn same_order(known: &Charge, order: &ChargeOrder) -> Result<Booked<Charge>, Refusal> {
    if known.order == *order {
        return Ok(Booked { trade: known.clone(), fresh: false });
    }
    let number = &order.out_charge_no;
    Err(Refusal::new(refusal::ORDER_REUSED, format!("订单号 {number} 已用于不同内容的充值")))
}

/// The platform's own number, as the document's examples have it: the time, then at least four digits.
pub(super) fn platform_number(now: &str, sequence: u64) -> String {
    format!("{now}{sequence:04}")
}
