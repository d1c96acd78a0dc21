//! Accounts: who they belong to, and what their status allows (document 1.8, 1.9, 1.11).

use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::refusal::{self, Refusal};

/// A card: what names an account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Document 1.9.
    pub card_type: String,
    /// The number on it.
    pub card_no: String,
}

impl Card {
    /// A card of that type and number.
    pub fn new(card_type: &str, card_no: &str) -> Self {
        Self { card_type: card_type.to_owned(), card_no: card_no.to_owned() }
    }
}

/// Document 1.8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccountType {
    /// 门诊账户
    #[serde(rename = "01")]
    Outpatient,
    /// 住院账户
    #[serde(rename = "02")]
    Inpatient,
}

impl AccountType {
    /// By the document's code.
    pub fn of(code: &str) -> Option<Self> {
        match code {
            "01" => Some(Self::Outpatient),
            "02" => Some(Self::Inpatient),
            _ => None,
        }
    }

    /// The document's code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Outpatient => "01",
            Self::Inpatient => "02",
        }
    }

    /// Whether a status code stands in this type's half of document 1.11.
    pub fn has_status(self, code: &str) -> bool {
        match self {
            Self::Outpatient => matches!(code, "01" | "02" | "03" | "04"),
            Self::Inpatient => matches!(code, "01" | "02" | "03"),
        }
    }
}

/// A patient's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    /// What names it.
    #[serde(flatten)]
    pub card: Card,
    /// The holder's identity card.
    pub id_no: String,
    /// The holder.
    pub user_name: String,
    /// Outpatient or inpatient.
    pub account_type: AccountType,
    /// Document 1.11, the half of its type.
    pub status: String,
    /// What is on it.
    pub balance: Fen,
}

impl Account {
    /// Refuses a recharge where the status forbids it: lost, frozen, cancelled; an inpatient only once discharged.
    pub fn allow_recharge(&self) -> Result<(), Refusal> {
        self.allow_refund()?;
        if self.account_type == AccountType::Inpatient && self.status == "03" {
            return Err(Refusal::new(refusal::DISCHARGED, "患者已出院，不能充值"));
        }
        Ok(())
    }

    /// Refuses a refund where the status forbids it. A discharged inpatient's deposit may go back.
    pub fn allow_refund(&self) -> Result<(), Refusal> {
        if self.account_type == AccountType::Inpatient {
            return Ok(());
        }
        let card_no = &self.card.card_no;
        match self.status.as_str() {
            "02" => Err(Refusal::new(refusal::ACCOUNT_LOST, format!("账户 {card_no} 已挂失"))),
            "03" => Err(Refusal::new(refusal::ACCOUNT_FROZEN, format!("账户 {card_no} 已冻结"))),
            "04" => Err(Refusal::new(refusal::ACCOUNT_CANCELLED, format!("账户 {card_no} 已注销"))),
            _ => Ok(()),
        }
    }

    /// Adds to the balance.
    pub fn add(&mut self, amount: Fen) -> Result<(), Refusal> {
        let sum = self.balance.plus(amount);
        self.balance = sum.ok_or_else(|| Refusal::new(refusal::BAD_AMOUNT, "金额过大"))?;
        Ok(())
    }

    /// Takes from the balance.
    pub fn take(&mut self, amount: Fen) -> Result<(), Refusal> {
        let rest = self.balance.minus(amount);
        self.balance = rest.ok_or_else(|| {
            Refusal::new(refusal::BALANCE_TOO_LOW, format!("账户余额 {} 元，不足 {amount} 元", self.balance))
        })?;
        Ok(())
    }
}
