//! Each fault, seen on the wire, and what it leaves in the books.

use std::io::ErrorKind;
use std::thread;
use std::time::{Duration, Instant};

use encoding_rs::GBK;
use hislink::json::{self, Json};
use hislink::onepay::{cipher, envelope};
use hislink::settings::EncryptType;
use hislink_sandbox::{Fault, FaultKind, When};
use serde_json::{Value, json};

use crate::clerk::{Clerk, LIMIT, recharge};
use crate::raw::{self, Heard};

/// A recharge of 100.00 under a fault.
fn struck(clerk: &Clerk, kind: FaultKind) -> Heard {
    clerk.sandbox.set_fault(Fault::once(kind));
    raw::exchange(&clerk.sandbox, &clerk.sealed("hop.trade.recharge", &recharge("OC1", "100")))
}

fn is_booked(clerk: &Clerk) -> bool {
    clerk.sandbox.state()["orders"].as_array().unwrap().iter().any(|order| order["outChargeNo"] == "OC1")
}

/// Whether the request that the only fault waits for has come.
fn has_come(clerk: &Clerk) -> bool {
    clerk.sandbox.state()["faults"] == json!([])
}

fn until(is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < LIMIT, "waited in vain");
        thread::sleep(Duration::from_millis(5));
    }
}

/// The next request is served as ever, so the fault was used up and harmed nothing.
fn is_well(clerk: &Clerk) {
    assert_eq!(clerk.sandbox.state()["faults"], json!([]));
    clerk.served("hop.account.info", json!({ "cardType": "03", "cardNo": "10001" }));
}

#[test]
fn delays_pass_before_or_after_booking() {
    let clerk = Clerk::new();
    for (when, booked) in [(When::Before, false), (When::After, true)] {
        clerk.sandbox.reset();
        clerk.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds: 1_000, when }));
        let begun = Instant::now();
        thread::scope(|scope| {
            let asked = scope.spawn(|| clerk.served("hop.trade.recharge", recharge("OC1", "100")));
            until(|| if booked { is_booked(&clerk) } else { has_come(&clerk) });
            assert_eq!((is_booked(&clerk), asked.is_finished()), (booked, false));
            assert_eq!(asked.join().unwrap()["result"], "succ");
        });
        assert!(begun.elapsed() >= Duration::from_millis(1_000));
        is_well(&clerk);
    }
}

#[test]
fn a_client_that_hangs_up_is_booked_all_the_same() {
    let clerk = Clerk::new();
    clerk.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds: 1_000, when: When::Before }));
    let mut stream = raw::connect(&clerk.sandbox);
    raw::send(&mut stream, &clerk.sealed("hop.trade.recharge", &recharge("OC1", "100")), "close");
    until(|| has_come(&clerk));
    drop(stream);
    assert!(!is_booked(&clerk));
    until(|| is_booked(&clerk));
}

#[test]
fn drops_close_without_a_byte() {
    for (kind, booked) in [(FaultKind::DropBefore, false), (FaultKind::DropAfter, true)] {
        let clerk = Clerk::new();
        let heard = struck(&clerk, kind);
        assert_eq!((heard.bytes.as_slice(), heard.end), (&b""[..], None));
        assert_eq!(is_booked(&clerk), booked);
        assert_eq!(clerk.latest()["booked"], booked);
        is_well(&clerk);
    }
}

#[test]
fn a_reset_comes_after_half_the_answer() {
    let clerk = Clerk::new();
    let heard = struck(&clerk, FaultKind::ResetMidAnswer);
    assert_eq!(heard.end, Some(ErrorKind::ConnectionReset));
    assert!(heard.head().starts_with("HTTP/1.1 200"));
    assert!(heard.bytes.len() > 100 && heard.body().len() < heard.content_length());
    assert!(is_booked(&clerk));
    is_well(&clerk);
}

#[test]
fn http_statuses_come_in_place_of_an_answer() {
    for status in [500, 404, 503, 302] {
        let clerk = Clerk::new();
        let location = (status == 302).then(|| "http://127.0.0.1:9/login".to_owned());
        let heard = struck(&clerk, FaultKind::Http { status, location: location.clone(), when: When::Before });
        assert!(heard.head().starts_with(&format!("HTTP/1.1 {status}")), "{}", heard.head());
        assert_eq!(heard.header("location"), location);
        assert!(!is_booked(&clerk));
        is_well(&clerk);
    }
    let clerk = Clerk::new();
    let heard = struck(&clerk, FaultKind::Http { status: 502, location: None, when: When::After });
    assert!(heard.head().starts_with("HTTP/1.1 502") && is_booked(&clerk));
}

#[test]
fn a_wrong_or_missing_sign_is_all_that_differs() {
    for kind in [FaultKind::WrongSign, FaultKind::Unsigned] {
        let clerk = Clerk::new();
        let unsigned = kind == FaultKind::Unsigned;
        let heard = struck(&clerk, kind);
        let mut message: Value = serde_json::from_slice(heard.body()).unwrap();
        assert_eq!((&message["respCode"], message.get("sign").is_none()), (&json!("000000"), unsigned));
        assert!(!holds(&clerk, &message));
        if !unsigned {
            let right: String = message["sign"].as_str().unwrap().chars().rev().collect();
            message["sign"] = json!(right);
            assert!(holds(&clerk, &message));
        }
        assert!(is_booked(&clerk));
        is_well(&clerk);
    }
}

fn holds(clerk: &Clerk, message: &Value) -> bool {
    let text = message.to_string();
    let Ok(Json::Object(message)) = json::read(&text) else { panic!("{text}") };
    let plain = envelope::decrypted(&message, &clerk.settings).unwrap();
    envelope::open(&message, plain.as_deref(), &clerk.settings).is_ok()
}

#[test]
fn a_truncated_body_has_an_honest_length() {
    let clerk = Clerk::new();
    let heard = struck(&clerk, FaultKind::Truncated);
    assert_eq!((heard.body().len(), heard.end), (heard.content_length(), None));
    assert!(heard.body().starts_with(b"{") && serde_json::from_slice::<Value>(heard.body()).is_err());
    assert!(is_booked(&clerk));
    is_well(&clerk);
}

#[test]
fn a_short_body_has_a_length_that_lies() {
    let clerk = Clerk::new();
    let heard = struck(&clerk, FaultKind::ShortBody);
    assert_eq!(heard.end, None);
    assert!(heard.content_length() > heard.body().len());
    assert_eq!(clerk.open(std::str::from_utf8(heard.body()).unwrap()).param["result"], "succ");
    is_well(&clerk);
}

#[test]
fn a_gbk_body_is_no_utf8() {
    let clerk = Clerk::new();
    let heard = struck(&clerk, FaultKind::Gbk);
    assert!(std::str::from_utf8(heard.body()).is_err());
    let (text, _, lost) = GBK.decode(heard.body());
    assert!(!lost && text.contains("处理成功"));
    assert_eq!(clerk.open(&text).param["result"], "succ");
    is_well(&clerk);
}

/// The moments that an answer's `timestamp` and `Date` tell, in seconds.
fn moments(heard: &Heard) -> (i64, i64) {
    let message: Value = serde_json::from_slice(heard.body()).unwrap();
    let stamp = &message["timestamp"].as_str().unwrap()[..14];
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", stamp).unwrap();
    let timestamp = jiff::tz::Offset::constant(8).to_timestamp(civil).unwrap().as_second();
    let date = heard.header("date").unwrap();
    (timestamp, jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(&date).unwrap().as_second())
}

#[test]
fn a_clock_that_is_off_shows_in_timestamp_and_date() {
    let clerk = Clerk::new();
    let body = clerk.sealed("hop.account.info", &json!({ "cardType": "03", "cardNo": "10001" }));
    for minutes in [0, -90, 525_600] {
        clerk.sandbox.set_fault(Fault::once(FaultKind::Clock { minutes }));
        let (timestamp, date) = moments(&raw::exchange(&clerk.sandbox, &body));
        let now = jiff::Timestamp::now().as_second();
        for moment in [timestamp, date] {
            assert!((moment - now - minutes * 60).abs() <= 5, "{minutes}: {timestamp} {date} {now}");
        }
    }
    is_well(&clerk);
}

#[test]
fn a_page_in_place_of_json_books_nothing_unless_told() {
    for (when, booked) in [(When::Before, false), (When::After, true)] {
        let clerk = Clerk::new();
        let heard = struck(&clerk, FaultKind::NotJson { when });
        assert!(heard.head().starts_with("HTTP/1.1 200") && heard.body().starts_with(b"<!DOCTYPE html>"));
        assert_eq!(is_booked(&clerk), booked);
        is_well(&clerk);
    }
}

#[test]
fn undecryptable_data_has_the_right_form() {
    let mut clerk = Clerk::new();
    for encrypt_type in [EncryptType::Aes, EncryptType::Des, EncryptType::Sm4] {
        clerk.sandbox.reset();
        clerk.types.1 = encrypt_type;
        let heard = struck(&clerk, FaultKind::Undecryptable);
        let message: Value = serde_json::from_slice(heard.body()).unwrap();
        let data = message["encryptData"].as_str().unwrap();
        assert!(cipher::decrypt(data, encrypt_type, &clerk.settings).is_err());
        // The booked order again, which is answered alike: what opens has the same length.
        let sound = clerk.ask("hop.trade.recharge", recharge("OC1", "100"));
        assert_eq!(data.len(), sound.envelope["encryptData"].as_str().unwrap().len(), "{encrypt_type:?}");
        is_well(&clerk);
    }
}

#[test]
fn a_refusal_can_be_chosen() {
    let refuse = |when| FaultKind::Refuse { resp_code: "888888".to_owned(), resp_msg: "交易超时".to_owned(), when };
    for (when, booked) in [(When::Before, false), (When::After, true)] {
        let clerk = Clerk::new();
        let heard = struck(&clerk, refuse(when));
        let reply = clerk.open(std::str::from_utf8(heard.body()).unwrap());
        assert_eq!((reply.code.as_str(), reply.message.as_str(), reply.signed), ("888888", "交易超时", true));
        assert_eq!(is_booked(&clerk), booked);
        is_well(&clerk);
    }
}

#[test]
fn a_slow_answer_drips() {
    let clerk = Clerk::new();
    let begun = Instant::now();
    let heard = struck(&clerk, FaultKind::Slow { milliseconds: 1 });
    assert_eq!(clerk.open(std::str::from_utf8(heard.body()).unwrap()).param["result"], "succ");
    assert!(begun.elapsed() >= Duration::from_millis(heard.bytes.len() as u64));
    assert!(heard.reads.len() > heard.bytes.len() / 4, "{} reads", heard.reads.len());
    is_well(&clerk);
}

#[test]
fn faults_can_strike_together() {
    let clerk = Clerk::new();
    clerk.sandbox.set_fault(Fault::once(FaultKind::Unsigned).only("hop.trade.recharge"));
    let heard = struck(&clerk, FaultKind::ShortBody);
    let message: Value = serde_json::from_slice(heard.body()).unwrap();
    assert!(message.get("sign").is_none() && heard.content_length() > heard.body().len());
    assert_eq!(clerk.latest()["faults"], json!(["unsigned", "shortBody"]));
    is_well(&clerk);
}

#[test]
fn a_fault_without_times_lasts_until_cleared() {
    let clerk = Clerk::new();
    clerk.sandbox.set_fault(FaultKind::DropBefore);
    let body = clerk.sealed("hop.trade.query", &json!({ "outChargeNo": "OC1" }));
    for _ in 0..3 {
        assert_eq!(raw::exchange(&clerk.sandbox, &body).bytes, b"");
    }
    clerk.sandbox.clear_faults();
    is_well(&clerk);
}
