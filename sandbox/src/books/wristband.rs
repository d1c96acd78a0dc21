//! Wristbands: a code that stands for an account (document, part 3).

use serde::{Deserialize, Serialize};

use super::account::{Account, Card};
use super::{Books, Change};
use crate::journal::Denied;
use crate::refusal::{self, Refusal};

/// The card type of a wristband's code (document 1.9).
const WRISTBAND: &str = "07";

/// A wristband.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wristband {
    /// The code on it.
    pub key: String,
    /// The account behind it.
    #[serde(flatten)]
    pub card: Card,
}

impl Books {
    /// The code of an account's wristband; the same one each time it is asked for.
    pub fn wristband_of(&mut self, card: &Card) -> Result<String, Denied<Refusal>> {
        let card = self.account(card)?.card.clone();
        if let Some(known) = self.wristbands.values().find(|wristband| wristband.card == card) {
            return Ok(known.key.clone());
        }
        let sequence = self.sequence + 1;
        let key = format!("WB{sequence:010}");
        let wristband = Some(Wristband { key: key.clone(), card });
        self.change(Change { sequence: Some(sequence), wristband, ..Change::default() }).map_err(Denied::Unwritten)?;
        Ok(key)
    }

    /// The account behind a wristband's code.
    pub fn account_of_wristband(&self, key: &str) -> Result<&Account, Refusal> {
        let wristband = self.wristbands.get(key);
        let known = wristband.and_then(|wristband| self.accounts.get(&wristband.card));
        known.ok_or_else(|| Refusal::new(refusal::NO_WRISTBAND, format!("腕带码 {key} 不存在")))
    }

    /// The account that a card names; a card of type 07 is a wristband's code.
    pub fn account(&self, card: &Card) -> Result<&Account, Refusal> {
        if card.card_type == WRISTBAND {
            return self.account_of_wristband(&card.card_no);
        }
        self.accounts.get(card).ok_or_else(|| {
            Refusal::new(refusal::NO_ACCOUNT, format!("账户不存在：卡类型 {}，卡号 {}", card.card_type, card.card_no))
        })
    }
}
