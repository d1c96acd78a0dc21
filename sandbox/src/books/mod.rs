//! The platform's books: accounts, orders, refunds, wristbands. They know no HTTP, envelopes or faults.

mod account;
mod listing;
mod recharge;
mod refund;
mod seed;
mod settle;
mod trade;
mod wristband;

pub use account::{Account, AccountType, Card};
pub use listing::{Found, Listed, Period};
pub use trade::{Charge, ChargeOrder, Refund, RefundOrder, TradeState};
pub use wristband::Wristband;

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use crate::refusal::Refusal;

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
    /// By key.
    #[serde(serialize_with = "values")]
    wristbands: BTreeMap<String, Wristband>,
    #[serde(skip)]
    sequence: u64,
}

/// A map as the list of its values: their keys are members of them.
fn values<K, V: Serialize, S: Serializer>(map: &BTreeMap<K, V>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(map.values())
}

impl Books {
    /// Books with the sample accounts and nothing traded.
    pub fn seeded() -> Self {
        let accounts = seed::accounts().map(|account| (account.card.clone(), account)).collect();
        Self { accounts, charges: BTreeMap::new(), refunds: BTreeMap::new(), wristbands: BTreeMap::new(), sequence: 0 }
    }

    /// Back to the sample accounts. The platform's own numbers go on: they never repeat.
    pub fn reset(&mut self) {
        *self = Self { sequence: self.sequence, ..Self::seeded() };
    }

    /// Adds an account, or puts it in the place of the one with the same card.
    pub fn put_account(&mut self, account: Account) {
        self.accounts.insert(account.card.clone(), account);
    }

    /// The accounts by card.
    pub fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.accounts.values()
    }

    /// An order by its `outChargeNo`.
    pub fn charge(&self, out_charge_no: &str) -> Option<&Charge> {
        self.charges.get(out_charge_no)
    }

    fn account_mut(&mut self, card: &Card) -> Result<&mut Account, Refusal> {
        let card = self.account(card)?.card.clone();
        let missing = || Refusal::new(crate::refusal::NO_ACCOUNT, "账户不存在");
        self.accounts.get_mut(&card).ok_or_else(missing)
    }

    fn next_sequence(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }
}
