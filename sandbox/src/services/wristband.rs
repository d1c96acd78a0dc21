//! `portal.wb.queryAccount` and `portal.wb.getWristbandCode` (document, part 3)

use serde_json::{Value, json};

use super::params::Params;
use crate::books::Books;
use crate::journal::Denied;
use crate::refusal::Refusal;

/// The account behind a wristband's code.
pub fn account(books: &Books, params: &Params<'_, '_>) -> Result<Value, Refusal> {
    let account = books.account_of_wristband(params.required("key")?)?;
    Ok(json!({ "balance": account.balance, "idNo": account.id_no, "userName": account.user_name }))
}

/// A wristband's code for an account. `Url` has its capital in the document too.
pub fn code(books: &mut Books, params: &Params<'_, '_>, wristband_url: &str) -> Result<Value, Denied<Refusal>> {
    let card = params.card()?;
    for name in ["idType", "accountType"] {
        params.code(name)?;
    }
    for name in ["operatorId", "operatorName"] {
        params.text(name)?;
    }
    params.check_person(books.account(&card)?)?;
    let key = books.wristband_of(&card)?;
    Ok(json!({ "Url": format!("{wristband_url}{key}"), "key": key }))
}
