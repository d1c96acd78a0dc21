//! The journal of money through the C contract: each order number once, whoever wants it; what became of it is known
//! afterwards, also after a kill.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod hospital;
mod host;
mod support;

use std::thread;
use std::time::{Duration, Instant};

use hislink_sandbox::{Fault, FaultKind, TradeState, When};
use hospital::{Hospital, deduction, in_another_process, recharge};
use host::{call, end};
use rusqlite::Connection;
use serde_json::{Value, json};

const RECHARGE: &str = "hop.trade.recharge";

fn delayed(milliseconds: u64, when: When) -> Fault {
    Fault::once(FaultKind::Delay { milliseconds, when }).only(RECHARGE)
}

#[test]
fn the_same_order_is_replayed_and_another_is_a_duplicate() {
    let hospital = Hospital::new();
    let first = hospital.recharge("OC1", "100.00");
    assert_eq!((end(&first), first["data"].get("replayed")), (("succeeded", "OK"), None), "{first}");
    for amount in ["100.00", "100", "100.0"] {
        let again = hospital.recharge("OC1", amount);
        assert_eq!((end(&again), &again["data"]["replayed"]), (("succeeded", "OK"), &json!(true)), "{again}");
        assert_eq!(again["data"]["param"], first["data"]["param"]);
    }
    let mut spelt = recharge("OC1", "x");
    spelt["param"]["chargeAmt"] = json!(100);
    assert_eq!(hospital.call("onepay_recharge", spelt)["data"]["replayed"], true);
    for other in [
        recharge("OC1", "100.01"),
        json!({"orderNo": "OC1", "param": {"cardType": "03", "cardNo": "10001", "chargeAmt": "100.00"}}),
    ] {
        let reply = hospital.call("onepay_recharge", other);
        assert_eq!(end(&reply), ("rejected", "DUPLICATE_ORDER"), "{reply}");
        assert_eq!((&reply["field"], &reply["data"]["orderNo"]), (&json!("/param/outChargeNo"), &json!("OC1")));
    }
    // Refunds share the numbers.
    let refund = json!({"orderNo": "OC1", "param": {"outChargeNo": "OC1", "refundAmt": "1.00", "withdrawMode": "0"}});
    assert_eq!(end(&hospital.call("onepay_refund", refund)), ("rejected", "DUPLICATE_ORDER"));
    assert_eq!(hospital.sent(RECHARGE), 1);
    let entry = hospital.entry("OC1");
    assert_eq!(
        (&entry["state"], &entry["amount"], &entry["sends"]),
        (&json!("succeeded"), &json!("100.00"), &json!(1))
    );
    assert_eq!((&entry["param"]["cardNo"], &entry["service"]), (&json!("10001"), &json!(RECHARGE)), "{entry}");
}

#[test]
fn a_refusal_is_replayed_with_the_platforms_words() {
    let hospital = Hospital::new();
    let mut request = recharge("OC1", "1.00");
    request["param"]["cardNo"] = json!("no such");
    let first = hospital.call("onepay_recharge", request.clone());
    assert_eq!(end(&first), ("failed", "PLATFORM_REFUSED"), "{first}");
    let again = hospital.call("onepay_recharge", request);
    assert_eq!(end(&again), ("failed", "PLATFORM_REFUSED"), "{again}");
    assert_eq!((&again["platformCode"], &again["data"]["replayed"]), (&first["platformCode"], &json!(true)));
    assert_eq!((&again["message"], hospital.sent(RECHARGE)), (&first["message"], 1));
    assert_eq!(hospital.entry("OC1")["platformMessage"], first["platformMessage"]);
}

#[test]
fn what_is_pending_is_asked_for_and_never_sent_again() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Ing }));
    assert_eq!(hospital.recharge("OC1", "1.00")["status"], "pending");
    assert_eq!(hospital.recharge("OC1", "1.00")["status"], "pending");
    assert_eq!(hospital.resolve("OC1")["status"], "pending");
    assert_eq!(hospital.entry("OC1")["state"], "pending");
    hospital.sandbox.settle("OC1", TradeState::Succ).unwrap();
    let settled = hospital.recharge("OC1", "1.00");
    assert_eq!((end(&settled), &settled["data"]["queried"]), (("succeeded", "OK"), &json!(true)), "{settled}");
    assert_eq!((hospital.sent(RECHARGE), hospital.entry("OC1")["state"].clone()), (1, json!("succeeded")));
}

#[test]
fn threads_that_want_the_same_order_send_it_once() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(delayed(300, When::After));
    let replies: Vec<Value> = thread::scope(|scope| {
        let threads = [0; 6].map(|_| scope.spawn(|| hospital.recharge("OC1", "2.00")));
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(replies.iter().all(|reply| end(reply) == ("succeeded", "OK")), "{replies:?}");
    assert_eq!(replies.iter().filter(|reply| reply["data"]["replayed"] == true).count(), 5);
    assert_eq!(hospital.sent(RECHARGE), 1);
}

#[test]
fn who_waits_for_another_waits_no_longer_than_told() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(delayed(3_000, When::After));
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(end(&hospital.recharge("OC1", "2.00")), ("succeeded", "OK")));
        until("it is being sent", || hospital.entry("OC1")["state"] == "sending");
        let started = Instant::now();
        let mut request = recharge("OC1", "2.00");
        request["timeoutMs"] = json!(400);
        let reply = hospital.call("onepay_recharge", request);
        assert_eq!(end(&reply), ("unknown", "TIMEOUT"), "{reply}");
        assert!(started.elapsed() < Duration::from_millis(2_000), "{:?}", started.elapsed());
        // What would be another order need not wait.
        assert_eq!(end(&hospital.recharge("OC1", "2.01")), ("rejected", "DUPLICATE_ORDER"));
        let resolved = hospital.resolve("OC1");
        assert_eq!(end(&resolved), ("succeeded", "OK"), "it waits, then replays: {resolved}");
    });
}

/// Configures as told, and recharges; what it says stands on its output.
#[test]
#[ignore = "a process that other tests start"]
fn another_desk() {
    let Ok(text) = std::env::var("HISLINK_TEST") else { return };
    let told: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(call("configure", &told["settings"])["status"], "succeeded");
    println!("DESK {}", call(told["operation"].as_str().unwrap(), &told["request"]));
}

fn desk(hospital: &Hospital, operation: &str, request: &Value) -> std::process::Child {
    let mut request = request.clone();
    request["profile"] = json!(hospital.profile);
    let settings = hospital.settings(&hospital.sandbox.glory_http_url());
    let told = json!({"settings": settings, "operation": operation, "request": request});
    in_another_process("another_desk", &told.to_string())
}

fn said(desk: std::process::Child) -> Value {
    let output = String::from_utf8(desk.wait_with_output().unwrap().stdout).unwrap();
    let line = output.lines().find_map(|line| Some(line.split_once("DESK ")?.1));
    serde_json::from_str(line.unwrap_or_else(|| panic!("{output}"))).unwrap()
}

#[test]
fn desks_that_want_the_same_order_send_it_once() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(delayed(500, When::After));
    let desks = [0; 4].map(|_| desk(&hospital, "onepay_recharge", &recharge("OC1", "3.00")));
    let replies = desks.map(said);
    assert!(replies.iter().all(|reply| end(reply) == ("succeeded", "OK")), "{replies:?}");
    assert_eq!(replies.iter().filter(|reply| reply["data"]["replayed"] == true).count(), 3, "{replies:?}");
    assert_eq!(hospital.sent(RECHARGE), 1);
    let desks = [0; 3].map(|_| desk(&hospital, "glory_deduct", &deduction("D1")));
    assert!(desks.map(said).iter().all(|reply| end(reply) == ("succeeded", "OK")));
    assert_eq!(hospital.requests("/glorycard/store/deduct").len(), 1);
}

/// Waits for something to become true.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(10), "{what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn what_a_killed_desk_was_sending_is_unknown_and_settles() {
    for booked in [true, false] {
        let hospital = Hospital::new();
        let when = if booked { When::After } else { When::Before };
        hospital.settle_after(3);
        hospital.sandbox.set_fault(delayed(1_500, when));
        let mut killed = desk(&hospital, "onepay_recharge", &recharge("OC1", "3.00"));
        until("it is being sent", || hospital.entry("OC1")["state"] == "sending");
        thread::sleep(Duration::from_millis(150));
        assert_eq!(hospital.entry("OC1")["state"], "sending", "by a living one");
        killed.kill().unwrap();
        killed.wait().unwrap();
        let entry = hospital.entry("OC1");
        assert_eq!(entry["state"], "unknown", "{entry}");
        assert_eq!(entry["process"].as_u64().unwrap(), u64::from(killed.id()));
        let listed = hospital.call("journal_list", json!({"state": "unknown"}));
        assert_eq!(listed["data"]["entries"].as_array().unwrap().len(), 1, "{listed}");
        // It may be booked late; the platform's "no such trade" does not count before its time.
        let resolved = hospital.resolve("OC1");
        assert_eq!(end(&resolved), ("succeeded", "OK"), "{resolved}");
        assert_eq!((hospital.entry("OC1")["state"].clone(), hospital.sent(RECHARGE)), (json!("succeeded"), 1));
    }
}

#[test]
fn what_never_arrived_is_failed_and_sent_again_by_the_same_call() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::once(FaultKind::DropBefore).only(RECHARGE));
    let reply = hospital.recharge("OC1", "5.00");
    assert_eq!(end(&reply), ("failed", "PLATFORM_REFUSED"), "{reply}");
    assert_eq!(reply["data"]["param"]["result"], "notfound", "{reply}");
    let resolved = hospital.resolve("OC1");
    assert_eq!((end(&resolved), &resolved["data"]["replayed"]), (("failed", "PLATFORM_REFUSED"), &json!(true)));
    assert_eq!(end(&hospital.recharge("OC1", "5.00")), ("succeeded", "OK"));
    assert_eq!(hospital.entry("OC1")["sends"], 2);
    let unknown = hospital.resolve("OC2");
    assert_eq!((end(&unknown), &unknown["field"]), (("rejected", "BAD_FIELD"), &json!("/orderNo")));
    for request in [json!({}), json!({"orderNo": "OC1", "deductionID": "D1"})] {
        assert_eq!(end(&hospital.call("journal_resolve", request)), ("rejected", "BAD_FIELD"));
    }
}

#[test]
fn a_refusal_of_what_was_sent_before_is_not_believed_unasked() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::once(FaultKind::DropBefore).only(RECHARGE));
    assert_eq!(end(&hospital.recharge("OC1", "5.00")), ("failed", "PLATFORM_REFUSED"));
    // The first request arrives after all; the second is refused since the number is paid.
    let settings = hospital.settings(&hospital.sandbox.glory_http_url());
    let unjournalled = json!({"profile": "late", "onepay": settings["onepay"], "store": "none"});
    assert_eq!(call("configure", &unjournalled)["status"], "succeeded");
    let mut late = recharge("OC1", "5.00");
    late["profile"] = json!("late");
    assert_eq!(end(&call("onepay_recharge", &late)), ("succeeded", "OK"));
    let paid =
        FaultKind::Refuse { resp_code: "200301".into(), resp_msg: "订单号已支付".into(), when: When::Before };
    hospital.sandbox.set_fault(Fault::once(paid.clone()).only(RECHARGE));
    let reply = hospital.recharge("OC1", "5.00");
    assert_eq!((end(&reply), &reply["data"]["queried"]), (("succeeded", "OK"), &json!(true)), "{reply}");
    // Where the platform still knows no such trade, it is a refusal like any other.
    hospital.sandbox.set_fault(Fault::once(FaultKind::DropBefore).only(RECHARGE));
    assert_eq!(end(&hospital.recharge("OC2", "5.00")), ("failed", "PLATFORM_REFUSED"));
    hospital.sandbox.set_fault(Fault::once(paid).only(RECHARGE));
    assert_eq!(hospital.recharge("OC2", "5.00")["platformCode"], "200301");
    assert_eq!(hospital.recharge("OC2", "5.00")["data"]["replayed"], true);
}

#[test]
fn a_refund_is_booked_with_its_own_amount() {
    let hospital = Hospital::new();
    assert_eq!(end(&hospital.recharge("OC1", "10.00")), ("succeeded", "OK"));
    let refund = json!({"orderNo": "RF1", "param": {"outChargeNo": "OC1", "chargeAmt": "10.00", "refundAmt": "4.00",
        "withdrawMode": "0"}});
    hospital.sandbox.set_fault(Fault::once(FaultKind::WrongSign).only("hop.trade.refund"));
    assert_eq!(end(&hospital.call("onepay_refund", refund)), ("unknown", "SIGN_MISMATCH"));
    assert_eq!(hospital.entry("RF1")["amount"], "4.00");
    let queried = hospital.call("onepay_query", json!({"refundNo": "RF1"}));
    assert_eq!(queried["data"]["journal"]["settled"], true, "{queried}");
}

#[test]
fn a_refused_connection_is_tried_again_twice_and_nothing_else_is() {
    let hospital = Hospital::new();
    let (_held, closed) = support::refusing();
    let mut settings = hospital.settings(&hospital.sandbox.glory_http_url());
    let good = settings["onepay"]["url"].clone();
    settings["onepay"]["url"] = json!(format!("http://{closed}/x"));
    assert_eq!(call("configure", &settings)["status"], "succeeded");
    let started = Instant::now();
    assert_eq!(end(&hospital.recharge("OC1", "5.00")), ("failed", "CONNECT_FAILED"));
    assert!(started.elapsed() >= Duration::from_secs(1), "two pauses");
    assert_eq!(hospital.entry("OC1")["state"], "failed");
    settings["onepay"]["url"] = good;
    assert_eq!(call("configure", &settings)["status"], "succeeded");
    assert_eq!(end(&hospital.recharge("OC1", "5.00")), ("succeeded", "OK"));
}

#[test]
fn after_the_secret_is_changed_entries_still_list_and_settle() {
    let hospital = Hospital::new();
    assert_eq!(end(&hospital.recharge("OC1", "5.00")), ("succeeded", "OK"));
    hospital.sandbox.set_fault(Fault::once(FaultKind::WrongSign).only(RECHARGE));
    assert_eq!(end(&hospital.recharge("OC2", "6.00")), ("unknown", "SIGN_MISMATCH"));
    let raw = std::fs::read(hospital.store()).unwrap();
    let log = std::fs::read(hospital.store().with_extension("db-wal")).unwrap_or_default();
    let holds =
        |text: &str| [&raw, &log].iter().any(|file| file.windows(text.len()).any(|part| part == text.as_bytes()));
    assert!(holds("OC2") && !holds("10001"), "the content is closed");

    let stranger = hislink_sandbox::Sandbox::start(hislink_sandbox::Options {
        app_secret: "another secret of thirty two char".into(),
        ..hislink_sandbox::Options::default()
    });
    let stranger = stranger.unwrap();
    let mut settings = hospital.settings(&hospital.sandbox.glory_http_url());
    settings["onepay"]["url"] = json!(stranger.http_url());
    settings["onepay"]["appSecret"] = json!(stranger.app_secret());
    assert_eq!(call("configure", &settings)["status"], "succeeded");
    let (first, second) = (hospital.entry("OC1"), hospital.entry("OC2"));
    assert_eq!((&first["state"], &first["param"]), (&json!("succeeded"), &json!(null)), "{first}");
    assert_eq!((&second["state"], &second["amount"]), (&json!("unknown"), &json!("6.00")), "{second}");
    let replayed = hospital.recharge("OC1", "5.00");
    assert_eq!((end(&replayed), &replayed["data"]["replayed"]), (("succeeded", "OK"), &json!(true)), "{replayed}");
    thread::sleep(Duration::from_millis(1_000));
    // This platform knows no such order.
    assert_eq!(end(&hospital.resolve("OC2")), ("failed", "PLATFORM_REFUSED"));
    assert_eq!(hospital.entry("OC2")["state"], "failed");
}

#[test]
fn nothing_is_sent_that_cannot_be_written_down() {
    let hospital = Hospital::new();
    let mut settings = hospital.settings(&hospital.sandbox.glory_http_url());
    settings["store"] = json!("sqlite:/nowhere/at/all.db");
    assert_eq!(call("configure", &settings)["status"], "succeeded");
    let reply = hospital.recharge("OC1", "5.00");
    assert_eq!((end(&reply), &reply["field"]), (("rejected", "STORE_FAILED"), &json!("/store")), "{reply}");
    assert_eq!(hospital.sent(RECHARGE), 0);
    settings["store"] = json!("none");
    let configured = call("configure", &settings);
    assert!(configured["data"]["warnings"][0].as_str().unwrap().contains("none"), "{configured}");
    for _ in 0..2 {
        let reply = hospital.recharge("OC1", "5.00");
        assert_eq!((end(&reply), reply["data"].get("replayed")), (("succeeded", "OK"), None), "{reply}");
    }
    // Without a journal too, the platform is asked after a lost answer.
    hospital.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    assert_eq!(end(&hospital.recharge("OC2", "5.00")), ("succeeded", "OK"));
    assert_eq!(end(&hospital.call("journal_list", json!({}))), ("rejected", "BAD_SETTINGS"));
    assert_eq!(end(&hospital.resolve("OC1")), ("rejected", "BAD_SETTINGS"));
}

#[test]
fn a_notification_settles_its_order_where_the_amount_is_right() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::once(FaultKind::WrongSign).only(RECHARGE));
    assert_eq!(end(&hospital.recharge("OC1", "8.00")), ("unknown", "SIGN_MISMATCH"));
    let opened = |text: String| hospital.call("onepay_open", json!({"message": text}));
    let other = opened(hospital.sandbox.notification_with_amount("OC1", "80.00", "MD5", "AES").unwrap());
    assert_eq!((end(&other), &other["data"]["journal"]["settled"]), (("succeeded", "OK"), &json!(false)), "{other}");
    assert_eq!(other["data"]["journal"]["amountDiffers"], json!({"journal": "8.00", "platform": "80.00"}));
    assert_eq!(hospital.entry("OC1")["state"], "unknown");
    let right = hospital.sandbox.notification("OC1", "MD5", "DES").unwrap();
    let settled = opened(right.clone());
    assert_eq!(settled["data"]["journal"], json!({"orderNo": "OC1", "state": "succeeded", "settled": true}));
    assert_eq!(hospital.entry("OC1")["state"], "succeeded");
    assert_eq!(opened(right)["data"]["journal"]["settled"], false, "it is no news");
    let replayed = hospital.recharge("OC1", "8.00");
    assert_eq!((end(&replayed), &replayed["data"]["notified"]), (("succeeded", "OK"), &json!(true)), "{replayed}");
    assert_eq!(hospital.sent(RECHARGE), 1);
}

#[test]
fn a_query_of_the_host_settles_its_order_too() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::once(FaultKind::WrongSign).only(RECHARGE));
    assert_eq!(end(&hospital.recharge("OC1", "8.00")), ("unknown", "SIGN_MISMATCH"));
    let queried = hospital.call("onepay_query", json!({"orderNo": "OC1"}));
    assert_eq!(
        queried["data"]["journal"],
        json!({"orderNo": "OC1", "state": "succeeded", "settled": true}),
        "{queried}"
    );
    assert_eq!(hospital.entry("OC1")["state"], "succeeded");
    let nobodys = hospital.call("onepay_query", json!({"orderNo": "OC9"}));
    assert_eq!((end(&nobodys), nobodys["data"].get("journal")), (("failed", "PLATFORM_REFUSED"), None));
}

#[test]
fn an_outcome_that_the_store_does_not_take_is_kept_aside_and_brought_in() {
    let hospital = Hospital::new();
    assert_eq!(end(&hospital.recharge("OC0", "1.00")), ("succeeded", "OK"));
    hospital.sandbox.set_fault(delayed(1_500, When::After));
    let store = Connection::open(hospital.store()).unwrap();
    let reply = thread::scope(|scope| {
        let call = scope.spawn(|| hospital.recharge("OC1", "9.00"));
        until("it is being sent", || hospital.entry("OC1")["state"] == "sending");
        store.execute_batch("ALTER TABLE journal RENAME TO away").unwrap();
        call.join().unwrap()
    });
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    let warning = reply["data"]["warnings"][0].as_str().unwrap();
    let kept = warning.split_whitespace().find_map(|word| word.split_once("outcomes-")).is_some();
    assert!(kept, "{warning}");
    let rejected = hospital.recharge("OC2", "9.00");
    assert_eq!(end(&rejected), ("rejected", "STORE_FAILED"), "{rejected}");
    store.execute_batch("ALTER TABLE away RENAME TO journal").unwrap();
    let entry = hospital.entry("OC1");
    assert_eq!((&entry["state"], &entry["param"]["chargeAmt"]), (&json!("succeeded"), &json!("9.00")), "{entry}");
    let replayed = hospital.recharge("OC1", "9.00");
    assert_eq!((end(&replayed), &replayed["data"]["replayed"]), (("succeeded", "OK"), &json!(true)), "{replayed}");
}

#[test]
fn deductions_and_cancellations_stand_in_the_journal() {
    let hospital = Hospital::new();
    assert_eq!(end(&hospital.deduct("D1")), ("succeeded", "OK"));
    assert_eq!(end(&hospital.cancel("D1", "2026-11-21 11:00:00")), ("succeeded", "OK"));
    let listed = hospital.call("journal_list", json!({"limit": 2}));
    let entries = listed["data"]["entries"].as_array().unwrap();
    let told: Vec<_> =
        entries.iter().map(|entry| (&entry["deductionID"], &entry["service"], &entry["state"])).collect();
    let (id, state) = (json!("D1"), json!("succeeded"));
    let services = [json!("/glorycard/store/deductCancel"), json!("/glorycard/store/deduct")];
    assert_eq!(told, [(&id, &services[0], &state), (&id, &services[1], &state)], "{listed}");
    assert_eq!(entries[1]["param"]["certName"], "张小凡");
    let resolved = hospital.call("journal_resolve", json!({"deductionID": "D1"}));
    assert_eq!((end(&resolved), &resolved["data"]["status"]), (("succeeded", "OK"), &json!("0")), "{resolved}");

    let dead = Fault::from(FaultKind::DropAfter).only("/glorycard/store/deduct");
    hospital.sandbox.set_fault(dead);
    assert_eq!(hospital.deduct("D2")["status"], "unknown");
    assert_eq!(hospital.call("journal_resolve", json!({"deductionID": "D2"}))["status"], "unknown");
    hospital.sandbox.clear_faults();
    let resolved = hospital.call("journal_resolve", json!({"deductionID": "D2"}));
    assert_eq!((end(&resolved), &resolved["data"]["status"]), (("succeeded", "OK"), &json!("1")), "{resolved}");
    let unknown = hospital.call("journal_list", json!({"state": "unknown"}));
    assert_eq!(unknown["data"]["entries"], json!([]));
}

#[test]
fn the_list_takes_states_times_and_a_limit() {
    let hospital = Hospital::new();
    for number in ["OC1", "OC2", "OC3"] {
        assert_eq!(end(&hospital.recharge(number, "1.00")), ("succeeded", "OK"));
        thread::sleep(Duration::from_millis(3));
    }
    let numbers = |request: Value| {
        let listed = hospital.call("journal_list", request);
        let entries = listed["data"]["entries"].as_array().unwrap_or_else(|| panic!("{listed}")).clone();
        entries.iter().map(|entry| entry["orderNo"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(numbers(json!({})), ["OC3", "OC2", "OC1"]);
    assert_eq!(numbers(json!({"limit": 1, "state": "succeeded"})), ["OC3"]);
    assert!(numbers(json!({"state": "failed"})).is_empty());
    for since in ["2020-01-01 00:00:00", "20200101", "20200101000000"] {
        assert_eq!(numbers(json!({"since": since})).len(), 3, "{since}");
    }
    assert!(numbers(json!({"since": "2099-01-01 00:00:00"})).is_empty());
    for (field, request) in [
        ("/since", json!({"since": "yesterday"})),
        ("/since", json!({"since": "20250230"})),
        ("/limit", json!({"limit": 0})),
        ("/state", json!({"state": "unsent"})),
    ] {
        let reply = hospital.call("journal_list", request);
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!(field)), "{reply}");
    }
}

#[test]
fn a_day_is_reconciled_with_the_platform_and_the_ledger() {
    support::on_one_day();
    let hospital = Hospital::new();
    assert_eq!(end(&hospital.recharge("OC1", "10.00")), ("succeeded", "OK"));
    let refund = json!({"orderNo": "RF1", "param": {"outChargeNo": "OC1", "refundAmt": "4.00", "withdrawMode": "0"}});
    assert_eq!(end(&hospital.call("onepay_refund", refund)), ("succeeded", "OK"));
    assert_eq!(end(&hospital.deduct("D1")), ("succeeded", "OK"));
    let day = || hospital.call("journal_reconcile", json!({}))["data"].clone();
    let same = day();
    for list in ["onlyHere", "onlyThere", "differing"] {
        assert_eq!(same[list], json!([]), "{same}");
    }
    assert_eq!(same["checked"], 3, "{same}");

    // Another system's order; one whose state has changed; one of another amount; one that the platform has lost.
    let settings = hospital.settings(&hospital.sandbox.glory_http_url());
    let mut elsewhere = recharge("OC9", "7.00");
    elsewhere["onepay"] = settings["onepay"].clone();
    elsewhere["profile"] = json!("elsewhere");
    let unjournalled = json!({"profile": "elsewhere", "onepay": settings["onepay"], "store": "none"});
    assert_eq!(call("configure", &unjournalled)["status"], "succeeded");
    assert_eq!(end(&call("onepay_recharge", &elsewhere)), ("succeeded", "OK"));
    hospital.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Ing }));
    assert_eq!(hospital.recharge("OC2", "1.00")["status"], "pending");
    hospital.sandbox.settle("OC2", TradeState::Succ).unwrap();
    let store = Connection::open(hospital.store()).unwrap();
    store.execute("UPDATE journal SET fen = 1001 WHERE number = 'OC1'", []).unwrap();
    store.execute("UPDATE journal SET number = 'OC3' WHERE number = 'RF1'", []).unwrap();
    store.execute("UPDATE journal SET state = 'failed' WHERE number = 'D1'", []).unwrap();
    let differs = day();
    assert_eq!(differs["onlyHere"][0]["orderNo"], "OC3", "{differs}");
    let there: Vec<_> = differs["onlyThere"].as_array().unwrap().iter().map(|row| &row["orderNo"]).collect();
    assert_eq!(there, ["OC9", "RF1"], "{differs}");
    let differing: Vec<_> = differs["differing"].as_array().unwrap().iter().map(Value::to_string).collect();
    let has = |parts: [&str; 3]| differing.iter().any(|row| parts.iter().all(|part| row.contains(part)));
    assert!(has(["OC1", "\"here\":\"10.01\"", "\"there\":\"10.00\""]), "{differs}");
    assert!(has(["OC2", "\"here\":\"pending\"", "\"there\":\"succeeded\""]), "{differs}");
    assert!(has(["D1", "\"here\":\"failed\"", "\"there\":\"accepted\""]), "{differs}");
    let bad = hospital.call("journal_reconcile", json!({"day": "20260231"}));
    assert_eq!((end(&bad), &bad["field"]), (("rejected", "BAD_FIELD"), &json!("/day")));
}

#[test]
fn a_days_list_of_many_pages_is_read_whole() {
    support::on_one_day();
    let hospital = Hospital::new();
    let settings = hospital.settings(&hospital.sandbox.glory_http_url());
    let unjournalled = json!({"profile": "many", "onepay": settings["onepay"], "store": "none"});
    assert_eq!(call("configure", &unjournalled)["status"], "succeeded");
    thread::scope(|scope| {
        for part in 0..4 {
            scope.spawn(move || {
                for n in 0..252 {
                    let mut request = recharge(&format!("OC{part}{n:03}"), "0.01");
                    request["profile"] = json!("many");
                    assert_eq!(end(&call("onepay_recharge", &request)), ("succeeded", "OK"));
                }
            });
        }
    });
    let reply = hospital.call("journal_reconcile", json!({"timeoutMs": 20000}));
    assert_eq!(reply["data"]["onlyThere"].as_array().map(Vec::len), Some(1008), "{}", reply["message"]);
    let mut renamed = settings;
    renamed["onepay"]["details"] = json!({"list": "rows"});
    assert_eq!(call("configure", &renamed)["status"], "succeeded");
    let reply = hospital.call("journal_reconcile", json!({}));
    assert_eq!(end(&reply), ("failed", "BAD_ANSWER"), "{reply}");
    assert!(reply["message"].as_str().unwrap().contains("rows"));
}
