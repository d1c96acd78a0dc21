//! Changes: rows as they stand after one, written to the journal and then entered.

use serde::{Deserialize, Serialize};

use super::{Account, Books, Charge, Refund, Wristband};
use crate::journal::Unwritten;

/// The rows that change together. Entering them again changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The latest of the platform's own numbers, where one was given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence: Option<u64>,
    /// An account that was added, or whose money moved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Account>,
    /// An order that was booked or settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Charge>,
    /// A refund that was booked or settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund: Option<Refund>,
    /// A wristband that was given out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wristband: Option<Wristband>,
}

impl Books {
    /// Writes a change, then makes it.
    pub(super) fn change(&mut self, change: Change) -> Result<(), Unwritten> {
        self.journal.write(&change)?;
        self.enter(change);
        Ok(())
    }

    /// Enters the rows of a change that is written.
    pub(crate) fn enter(&mut self, change: Change) {
        let Change { sequence, account, order, refund, wristband } = change;
        self.sequence = self.sequence.max(sequence.unwrap_or_default());
        self.accounts.extend(account.map(|account| (account.card.clone(), account)));
        self.charges.extend(order.map(|charge| (charge.order.out_charge_no.clone(), charge)));
        self.wristbands.extend(wristband.map(|wristband| (wristband.key.clone(), wristband)));
        if let Some(refund) = refund {
            self.enter_refund(refund);
        }
    }

    fn enter_refund(&mut self, refund: Refund) {
        let (number, of_order) = (refund.order.out_refund_no.clone(), refund.order.out_charge_no.clone());
        if self.refunds.insert(number.clone(), refund).is_none() {
            self.refunds_of.entry(of_order).or_default().push(number);
        }
    }
}
