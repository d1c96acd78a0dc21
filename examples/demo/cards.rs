//! glory: fee reductions for the holders of cards, and the platform's own question to the hospital.

use hislink_sandbox::glory::roster;
use hislink_sandbox::{CheckSign, Fault, FaultKind, HospitalCheck};
use serde_json::{Value, json};

use crate::Result;
use crate::stage::{Stage, expect, title};

/// How many cells the progress bar has.
const BAR: u64 = 40;

/// The whole roster into the store, a page of 500 cards a call, as a host does that draws its progress.
pub fn sync_the_roster(stage: &Stage) -> Result<()> {
    let (page, cards) = (json!({"maxPages": 1}), stage.sandbox.cards());
    let mut synced = stage.step("The roster of cards, its first page", "glory_sync", &page)?;
    title("And the other pages, until the platform has no more (hislink_glory_sync)");
    loop {
        let cursor = synced["cursor"].as_u64().ok_or("no cursor")?;
        let filled = usize::try_from(cursor * BAR / cards)?;
        println!("          [{:.<40}] {cursor} of {cards} cards", "#".repeat(filled));
        if synced["done"] == true {
            return Ok(());
        }
        let reply = stage.host.call("glory_sync", &page)?;
        expect(&reply, "succeeded")?;
        synced = reply["data"].clone();
    }
}

/// The patient's card, from the store: this works without a network, too.
pub fn look_a_card_up(stage: &Stage) -> Result<Value> {
    let holder = roster::row(1);
    let request = json!({"certType": holder.cert_type, "certNo": holder.cert_no});
    let found = stage.ask("Has this patient a card?", "glory_lookup", &request, "succeeded")?;
    let card = found["cards"][0].clone();
    println!("          {} has card {}, by the roster of {}", card["certName"], card["gloryID"], found["syncedAt"]);
    Ok(card)
}

/// Uploads a fee reduction, and gives its number.
pub fn deduct(stage: &Stage, card: &Value) -> Result<Value> {
    let number = stage.order_number("GD")?;
    let deduction = json!({"deductionID": number, "certType": card["certType"], "certNo": card["certNo"],
        "certName": card["certName"], "gloryType": card["gloryType"], "deductionType": "0", "totalFee": "25.50",
        "deductionFee": "10.00", "deductionTime": "2026-11-21 10:00:00"});
    stage.sandbox.set_fault(Fault::once(FaultKind::DropAfter));
    stage.step(
        "Reduce the fee by 10.00 yuan; the first answer is lost, so it is sent again",
        "glory_deduct",
        &deduction,
    )?;
    println!("          the platform has {} deduction of that number", stage.sandbox.deductions().len());
    Ok(number)
}

/// The library serves /deductCheck itself; the platform asks, unsigned first.
pub fn answer_the_platform(stage: &Stage) -> Result<String> {
    let sandbox = &stage.sandbox;
    let request = json!({"bind": "127.0.0.1:0", "certFile": sandbox.server_cert_file(),
        "keyFile": sandbox.server_key_file()});
    let listening = stage.ask("Serve the hospital's own service", "glory_listen", &request, "succeeded")?;
    let url = format!("https://{}/deductCheck", listening["address"].as_str().ok_or("no address")?);
    let check = HospitalCheck::new(&url, "2026-11-21 00:00:00", "2026-11-21 23:59:59");
    platform_asks(stage, "The platform asks for a day", &check, "1")?;
    let unsigned = HospitalCheck { sign: CheckSign::None, ..check };
    platform_asks(stage, "Somebody who is not the platform asks, and learns nothing", &unsigned, "0")?;
    Ok(url)
}

pub fn cancel(stage: &Stage, number: &Value, url: &str) -> Result<()> {
    let request = json!({"deductionID": number, "deductionTime": "2026-11-21 11:00:00"});
    stage.step("Take the reduction back", "glory_cancel", &request)?;
    let check = HospitalCheck::new(url, "2026-11-01 00:00:00", "2026-11-30 23:59:59");
    platform_asks(stage, "The platform asks for the month: it is told of the cancellation", &check, "1")?;
    stage.ask("Serve no longer", "glory_unlisten", &json!({}), "succeeded")?;
    Ok(())
}

/// Has the sandbox ask over HTTPS, and shows how the answer compares with what it has taken.
fn platform_asks(stage: &Stage, what: &str, check: &HospitalCheck, flag: &str) -> Result<()> {
    title(&format!("{what} (POST {})", check.url));
    println!("asked     from {} to {}", check.start, check.end);
    let report = stage.sandbox.check_hospital(check)?;
    println!("answered  HTTP {}, responseFlag {} {}", report.status, report.response_flag, report.response_message);
    println!(
        "compared  the sign holds: {}, rows: {}, missing: {:?}, differing: {:?}",
        report.verified, report.rows, report.only_here, report.differing
    );
    if report.response_flag == flag && report.verified && report.only_here.is_empty() && report.differing.is_empty() {
        return Ok(());
    }
    Err(format!("the answer is not what the platform has: {report:?}").into())
}
