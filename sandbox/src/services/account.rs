//! `hop.account.info`

use serde_json::{Value, json};

use super::params::Params;
use crate::books::Books;
use crate::refusal::Refusal;

/// A patient's account by card, whatever its status.
pub fn info(books: &Books, params: &Params<'_, '_>) -> Result<Value, Refusal> {
    params.code("accountType")?;
    let account = books.account(&params.card()?)?;
    params.check_person(account)?;
    Ok(json!({
        "cardType": account.card.card_type,
        "cardNo": account.card.card_no,
        "userName": account.user_name,
        "idNo": account.id_no,
        "balance": account.balance,
        "status": account.status,
        "accountType": account.account_type.code(),
    }))
}
