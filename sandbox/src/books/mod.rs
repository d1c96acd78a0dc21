//! The platform's books: accounts, orders, refunds, wristbands. They know no HTTP, envelopes or faults.

mod account;
mod change;
mod listing;
mod recharge;
mod refund;
mod seed;
mod settle;
mod trade;
mod wristband;

pub use account::{Account, AccountType, Card};
pub use change::Change;
pub use listing::{Found, Listed, Page, Period};
pub use trade::{Charge, ChargeOrder, Refund, RefundOrder, TradeState};
pub use wristband::Wristband;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::journal::{Journal, Unwritten};

/// The books as they stand.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Books {
    #[serde(serialize_with = "values")]
    accounts: BTreeMap<Card, Account>,
    /// By `outChargeNo`.
    #[serde(rename = "orders", serialize_with = "values")]
    charges: BTreeMap<String, Charge>,
    /// By `outRefundNo`.
    #[serde(serialize_with = "values")]
    refunds: BTreeMap<String, Refund>,
    /// The numbers of an order's refunds, by its `outChargeNo`.
    #[serde(skip)]
    refunds_of: BTreeMap<String, Vec<String>>,
    /// By key.
    #[serde(serialize_with = "values")]
    wristbands: BTreeMap<String, Wristband>,
    #[serde(skip)]
    sequence: u64,
    #[serde(skip)]
    journal: Journal,
}

/// A map as the list of its values: their keys are members of them.
fn values<K, V: Serialize, S: Serializer>(map: &BTreeMap<K, V>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map.values())
}

impl Books {
    /// Books with the sample accounts and nothing traded.
    pub fn seeded() -> Self {
        let accounts = seed::accounts().map(|account| (account.card.clone(), account)).collect();
        Self {
            accounts,
            charges: BTreeMap::new(),
            refunds: BTreeMap::new(),
            refunds_of: BTreeMap::new(),
            wristbands: BTreeMap::new(),
            sequence: 0,
            journal: Journal::default(),
        }
    }

    /// From now on every change is written there before it is made.
    pub fn keep_in(&mut self, journal: Journal) {
        self.journal = journal;
    }

    /// Where changes are written.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Back to the sample accounts, after the journal was emptied. The platform's own numbers go on: they never repeat.
    pub fn reset(&mut self) -> Result<(), Unwritten> {
        let sequence = Some(self.sequence).filter(|sequence| *sequence > 0);
        *self = Self { sequence: self.sequence, journal: self.journal.clone(), ..Self::seeded() };
        if sequence.is_none() {
            return Ok(());
        }
        self.change(Change { sequence, ..Change::default() })
    }

    /// Adds an account, or puts it in the place of the one with the same card.
    pub fn put_account(&mut self, account: Account) -> Result<(), Unwritten> {
        self.change(Change { account: Some(account), ..Change::default() })
    }

    /// The accounts by card.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// An order by its `outChargeNo`.
    pub fn charge(&self, out_charge_no: &str) -> Option<&Charge> {
        self.charges.get(out_charge_no)
    }
}
