//! Settling: a trade that a fault left in some state is moved to another by hand.

use super::trade::TradeState;
use super::{Books, Change};
use crate::journal::Denied;
use crate::refusal::{self, Refusal};

impl Books {
    /// Moves a trade that has not succeeded to another state; with `succ` its money moves. The number is an order's or,
    /// where no order has it, a refund's.
    pub fn settle(&mut self, number: &str, result: TradeState) -> Result<(), Denied<Refusal>> {
        if self.charges.contains_key(number) {
            self.settle_charge(number, result)
        } else if self.refunds.contains_key(number) {
            self.settle_refund(number, result)
        } else {
            Err(Refusal::new(refusal::NO_ORDER, format!("订单 {number} 不存在")).into())
        }
    }

    fn settle_charge(&mut self, number: &str, result: TradeState) -> Result<(), Denied<Refusal>> {
        let Some(mut charge) = self.charges.get(number).cloned() else { return Ok(()) };
        still_open(number, charge.result)?;
        let mut account = None;
        if result == TradeState::Succ {
            account.insert(self.account(&charge.order.card)?.clone()).add(charge.order.charge_amt)?;
        }
        charge.result = result;
        self.change(Change { account, order: Some(charge), ..Change::default() }).map_err(Denied::Unwritten)
    }

    fn settle_refund(&mut self, number: &str, result: TradeState) -> Result<(), Denied<Refusal>> {
        let Some(mut refund) = self.refunds.get(number).cloned() else { return Ok(()) };
        still_open(number, refund.result)?;
        let charge = self.charges.get(&refund.order.out_charge_no).cloned();
        let Some(charge) = charge else { return Ok(()) };
        // One that is under way has its room already; one that failed must find room again.
        if result.holds_money() && !refund.result.holds_money() {
            self.room_for(&charge, refund.order.refund_amt)?;
        }
        let mut account = None;
        if result == TradeState::Succ {
            account.insert(self.account(&charge.order.card)?.clone()).take(refund.order.refund_amt)?;
        }
        refund.result = result;
        self.change(Change { account, refund: Some(refund), ..Change::default() }).map_err(Denied::Unwritten)
    }
}

fn still_open(number: &str, result: TradeState) -> Result<(), Refusal> {
    if result != TradeState::Succ {
        return Ok(());
    }
    Err(Refusal::new(refusal::ORDER_REUSED, format!("订单 {number} 已成功，不能再改")))
}
