//! What the calls' bodies may hold. Unknown members are refused by name.

use hislink::onepay::dictionary;
use hislink::settings::{EncryptType, SignType};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Failed;
use crate::books::{Account, AccountType, Card, TradeState};
use crate::identity;
use crate::money::Fen;

/// A body's JSON; an empty one is `{}`.
pub fn json(body: &[u8]) -> Result<Value, Failed> {
    if body.trim_ascii().is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|error| Failed::because(format!("the body is no JSON: {error}")))
}

/// A body of that shape.
pub fn shaped<T: DeserializeOwned>(value: &Value) -> Result<T, Failed> {
    T::deserialize(value).map_err(|error| Failed::because(error.to_string()))
}

/// The body of calls that take nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

/// The state that a trade is settled in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settled {
    /// Document 1.7, without `notfound`.
    pub result: TradeState,
}

/// Rows that the roster grows by.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MoreCards {
    /// How many.
    pub add: u64,
}

/// A notification that is asked for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Wanted {
    /// The order that succeeded.
    pub out_charge_no: String,
    sign_type: Option<String>,
    encrypt_type: Option<String>,
    charge_amt: Option<Value>,
    /// Where it goes.
    pub url: Option<String>,
}

impl Wanted {
    /// MD5 and DES where nothing else is said: what the platform is known to send.
    pub fn types(&self) -> Result<(SignType, EncryptType), Failed> {
        identity::types(self.sign_type.as_deref().unwrap_or("MD5"), self.encrypt_type.as_deref().unwrap_or("DES"))
            .map_err(Failed::because)
    }

    /// The amount that takes the place of the order's, if any: text or number.
    pub fn amount(&self) -> Result<Option<Fen>, Failed> {
        let Some(value) = &self.charge_amt else { return Ok(None) };
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let amount = Fen::of_yuan(&text).ok_or_else(|| Failed::because(format!("chargeAmt must be yuan: {text}")));
        amount.map(Some)
    }
}

/// An account to add or replace.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAccount {
    card_type: String,
    card_no: String,
    id_no: String,
    user_name: String,
    account_type: String,
    status: String,
    #[serde(default)]
    balance: Option<String>,
}

impl NewAccount {
    /// The account, if its codes and balance are sound.
    pub fn account(self) -> Result<Account, Failed> {
        let of_card = dictionary::of("cardType").and_then(|cards| cards.name_of(&self.card_type));
        if of_card.is_none() || self.card_type == "07" {
            return Err(Failed::because("cardType must be 01 to 06: 07 is a wristband's code, never an account's own"));
        }
        if self.card_no.trim().is_empty() {
            return Err(Failed::because("cardNo must not be blank"));
        }
        let account_type = AccountType::of(&self.account_type)
            .ok_or_else(|| Failed::because("accountType must be 01 (outpatient) or 02 (inpatient)"))?;
        if !account_type.has_status(&self.status) {
            return Err(Failed::because("status must be 01 to 04 for outpatients, 01 to 03 for inpatients"));
        }
        let balance = self.balance.as_deref().map_or(Some(Fen::ZERO), Fen::of_yuan);
        let balance = balance.ok_or_else(|| Failed::because("balance must be yuan as text, such as \"100.00\""))?;
        Ok(Account {
            card: Card::new(&self.card_type, &self.card_no),
            id_no: self.id_no,
            user_name: self.user_name,
            account_type,
            status: self.status,
            balance,
        })
    }
}
