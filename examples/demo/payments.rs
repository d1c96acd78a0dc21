//! onepay: a cashier's window.

use hislink_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

use crate::Result;
use crate::stage::Stage;

pub fn serve_a_patient(stage: &Stage) -> Result<()> {
    let card = json!({"cardType": "03", "cardNo": "10001"});
    let account = &stage.step("The patient's account", "onepay_account_info", &json!({"param": card}))?["param"];
    println!("          {} has {} yuan", account["userName"], account["balance"]);

    let order = stage.order_number("OC")?;
    let recharge = json!({"orderNo": order, "param": {"cardType": "03", "cardNo": "10001", "chargeAmt": "100.50",
        "depositeType": "CASH", "channelType": "01"}});
    let recharged = &stage.step("Recharge 100.50 yuan in cash", "onepay_recharge", &recharge)?["param"];
    println!("          the balance is now {} yuan", recharged["balance"]);

    let queried = &stage.step("What became of that order", "onepay_query", &json!({"orderNo": order}))?["param"];
    println!("          the trade's state is {}", queried["result"]);

    let refund = json!({"orderNo": stage.order_number("RF")?, "param": {"outChargeNo": order, "refundAmt": "20.00",
        "withdrawMode": "0"}});
    let refunded = &stage.step("Refund 20.00 yuan of it", "onepay_refund", &refund)?["param"];
    println!("          the balance is now {} yuan", refunded["balance"]);

    let span = json!({"param": {"cardType": "03", "cardNo": "10001", "beginDate": "20200101", "endDate": "20991231"}});
    let details = &stage.step("The list of trades", "onepay_details", &span)?["param"];
    for trade in details["list"].as_array().into_iter().flatten() {
        println!("          {trade}");
    }
    Ok(())
}

pub fn band_an_inpatient(stage: &Stage) -> Result<()> {
    let inpatient = json!({"param": {"cardType": "05", "cardNo": "Z20001", "operatorId": "0001",
        "operatorName": "王护士", "accountType": "02"}});
    let code = &stage.step("A wristband for an inpatient", "onepay_wristband_code", &inpatient)?["param"];
    let by_key = json!({"param": {"key": code["key"]}});
    let banded = &stage.step("The account behind that wristband", "onepay_wristband_account", &by_key)?["param"];
    println!("          {} has {} yuan", banded["userName"], banded["balance"]);
    Ok(())
}

/// The platform books a recharge and its answer is lost: the library asks by itself, and knows it from then on.
pub fn lose_an_answer(stage: &Stage) -> Result<()> {
    let order = stage.order_number("OC")?;
    let recharge = json!({"orderNo": order, "param": {"cardType": "03", "cardNo": "10001", "chargeAmt": "5.00",
        "depositeType": "CASH"}});
    stage.sandbox.set_fault(Fault::once(FaultKind::DropAfter));
    let what = "A recharge whose answer is lost on the way: the library asks the platform before it answers";
    let settled = &stage.step(what, "onepay_recharge", &recharge)?;
    println!(
        "          the platform was queried: {}; the trade's state is {}",
        settled["queried"], settled["param"]["result"]
    );

    let what = "The same order number again, as after a crash: nothing is sent";
    let again = &stage.ask(what, "onepay_recharge", &recharge, "succeeded")?;
    println!(
        "          replayed: {}; the platform has {} orders of that number",
        again["replayed"],
        orders(stage, &order)
    );

    let mut other = recharge.clone();
    other["param"]["chargeAmt"] = json!("500.00");
    stage.ask("The same number for another amount is refused", "onepay_recharge", &other, "rejected")?;
    Ok(())
}

fn orders(stage: &Stage, number: &Value) -> usize {
    let books = stage.sandbox.books();
    books["orders"].as_array().into_iter().flatten().filter(|order| order["outChargeNo"] == *number).count()
}

/// The records of both sides, line by line.
pub fn look_at_the_books(stage: &Stage) -> Result<()> {
    let journal = stage.ask("The journal of what was moved", "journal_list", &json!({"limit": 10}), "succeeded")?;
    for entry in journal["entries"].as_array().into_iter().flatten() {
        let number = entry["orderNo"].as_str().or(entry["deductionID"].as_str());
        println!(
            "          {} {} {} {}",
            number.unwrap_or_default(),
            entry["service"],
            entry["amount"],
            entry["state"]
        );
    }
    stage.ask("And does the platform have the same today?", "journal_reconcile", &json!({}), "succeeded")?;
    Ok(())
}

pub fn refuse_a_typing_error(stage: &Stage) -> Result<()> {
    let request = json!({"param": {"cardType": "99", "cardNo": "10001"}});
    stage.ask("A wrong card type never leaves the house", "onepay_account_info", &request, "rejected")?;
    Ok(())
}
