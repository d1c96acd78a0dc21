//! Refunds: back from an account, never more than its recharge brought.

use super::recharge::{Booked, platform_number};
use super::trade::{Charge, Refund, RefundOrder, TradeState};
use super::{Books, Change};
use crate::journal::Denied;
use crate::money::Fen;
use crate::refusal::{self, Refusal};

impl Books {
    /// Books a refund in that state; the balance shrinks only with `succ`. A known refund with the same content is
    /// handed back as it stands.
    ///
    /// `now` is `yyyyMMddHHmmss`.
    pub(crate) fn refund(
        &mut self,
        order: RefundOrder,
        result: TradeState,
        now: &str,
    ) -> Result<Booked<Refund>, Denied<Refusal>> {
        if let Some(known) = self.refunds.get(&order.out_refund_no) {
            return Ok(same_refund(known, &order)?);
        }
        let charge = self.refundable(&order.out_charge_no)?.clone();
        if result.holds_money() {
            self.room_for(&charge, order.refund_amt)?;
        }
        let mut account = self.account(&charge.order.card)?.clone();
        account.allow_refund()?;
        let moves = result == TradeState::Succ;
        if moves {
            account.take(order.refund_amt)?;
        }
        let sequence = self.sequence + 1;
        let refund =
            Refund { order, refund_no: platform_number(now, sequence), result, trade_time: now.to_owned(), sequence };
        let change = Change {
            sequence: Some(sequence),
            account: moves.then_some(account),
            refund: Some(refund.clone()),
            ..Change::default()
        };
        self.change(change).map_err(Denied::Unwritten)?;
        Ok(Booked { trade: refund, fresh: true })
    }

    /// The order that a refund takes from.
    fn refundable(&self, out_charge_no: &str) -> Result<&Charge, Refusal> {
        let unknown = || Refusal::new(refusal::NO_ORDER, format!("原充值订单 {out_charge_no} 不存在"));
        let charge = self.charges.get(out_charge_no).ok_or_else(unknown)?;
        if charge.result == TradeState::Succ {
            return Ok(charge);
        }
        let state = charge.result.as_str();
        let message = format!("原充值订单 {out_charge_no} 未成功（{state}），不能退款");
        Err(Refusal::new(refusal::ORDER_NOT_SETTLED, message))
    }

    /// Refuses an amount beyond what the order has left; refunds that are still under way count.
    pub(super) fn room_for(&self, charge: &Charge, amount: Fen) -> Result<(), Refusal> {
        let left = self.left_of(charge);
        if amount <= left {
            return Ok(());
        }
        let message = format!("退款金额 {amount} 元超过可退金额 {left} 元");
        Err(Refusal::new(refusal::OVER_REFUND, message))
    }

    fn left_of(&self, charge: &Charge) -> Fen {
        let taken = self.taken_from(&charge.order.out_charge_no, TradeState::holds_money);
        charge.order.charge_amt.minus(taken).unwrap_or_default()
    }

    /// The sum of an order's refunds in the chosen states.
    pub(super) fn taken_from(&self, out_charge_no: &str, counts: fn(TradeState) -> bool) -> Fen {
        let numbers = self.refunds_of.get(out_charge_no).into_iter().flatten();
        let refunds = numbers.filter_map(|number| self.refunds.get(number)).filter(|refund| counts(refund.result));
        refunds.fold(Fen::ZERO, |sum, refund| sum.plus(refund.order.refund_amt).unwrap_or(sum))
    }
}

fn same_refund(known: &Refund, order: &RefundOrder) -> Result<Booked<Refund>, Refusal> {
    if known.order == *order {
        return Ok(Booked { trade: known.clone(), fresh: false });
    }
    let number = &order.out_refund_no;
    Err(Refusal::new(refusal::ORDER_REUSED, format!("退款单号 {number} 已用于不同内容的退款")))
}
