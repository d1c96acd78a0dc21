//! Each fault, seen on the wire, and what it leaves in the ledger.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use encoding_rs::GBK;
use hislink_sandbox::{Fault, FaultKind, When};
use serde_json::{Value, json};

use super::hospital::{ALL, DEDUCT, Hospital, Reply, deduction};
use crate::raw::Heard;

/// A deduction under a fault.
fn struck(hospital: &Hospital, kind: FaultKind) -> Heard {
    hospital.sandbox.set_fault(Fault::once(kind).only(DEDUCT));
    hospital.exchange(DEDUCT, deduction("D1"))
}

fn is_booked(hospital: &Hospital) -> bool {
    hospital.sandbox.deductions().iter().any(|deduction| deduction.upload.deduction_id == "D1")
}

/// The next request is served as ever, so the fault was used up and harmed nothing.
fn is_well(hospital: &Hospital) {
    assert_eq!(hospital.sandbox.state()["faults"], json!([]));
    hospital.served(DEDUCT, deduction("D2"));
}

#[test]
fn delays_pass_before_or_after_booking() {
    for when in [When::Before, When::After] {
        let hospital = Hospital::new();
        let begun = Instant::now();
        let heard = struck(&hospital, FaultKind::Delay { milliseconds: 150, when });
        assert!(begun.elapsed() >= Duration::from_millis(150) && hospital.open(&heard).verified);
        is_well(&hospital);
    }
}

#[test]
fn connections_drop_before_or_after_booking() {
    for (kind, booked) in [(FaultKind::DropBefore, false), (FaultKind::DropAfter, true)] {
        let hospital = Hospital::new();
        let heard = struck(&hospital, kind);
        assert_eq!((heard.bytes.as_slice(), heard.end), (&b""[..], None));
        assert_eq!((is_booked(&hospital), &hospital.latest()["booked"]), (booked, &json!(booked)));
        is_well(&hospital);
    }
}

#[test]
fn a_reset_comes_after_half_the_answer() {
    let hospital = Hospital::new();
    let heard = struck(&hospital, FaultKind::ResetMidAnswer);
    assert_eq!(heard.end, Some(ErrorKind::ConnectionReset));
    assert!(!heard.bytes.is_empty() && !heard.bytes.ends_with(b"}") && is_booked(&hospital));
    is_well(&hospital);
}

#[test]
fn pages_come_in_place_of_an_answer() {
    for (when, booked) in [(When::Before, false), (When::After, true)] {
        let hospital = Hospital::new();
        let heard = struck(&hospital, FaultKind::Http { status: 502, location: None, when });
        assert!(heard.head().starts_with("HTTP/1.1 502") && heard.header("sign").is_none());
        assert_eq!(is_booked(&hospital), booked);
        is_well(&hospital);
        let hospital = Hospital::new();
        let heard = struck(&hospital, FaultKind::NotJson { when });
        assert!(heard.head().starts_with("HTTP/1.1 200") && heard.body().starts_with(b"<!DOCTYPE html>"));
        assert_eq!(is_booked(&hospital), booked);
    }
}

#[test]
fn a_wrong_sign_or_none_is_all_that_differs() {
    for (kind, signed) in [(FaultKind::WrongSign, true), (FaultKind::Unsigned, false)] {
        let hospital = Hospital::new();
        let reply = hospital.open(&struck(&hospital, kind));
        assert_eq!((reply.flag.as_str(), reply.verified, reply.signed), ("1", false, signed));
        assert!(is_booked(&hospital));
        is_well(&hospital);
    }
}

#[test]
fn bodies_are_cut() {
    let hospital = Hospital::new();
    let heard = struck(&hospital, FaultKind::Truncated);
    assert_eq!((heard.body().len(), heard.end), (heard.content_length(), None));
    assert!(heard.body().starts_with(b"{") && serde_json::from_slice::<Value>(heard.body()).is_err());
    is_well(&hospital);
    let hospital = Hospital::new();
    let heard = struck(&hospital, FaultKind::ShortBody);
    assert!(heard.content_length() > heard.body().len() && heard.end.is_none());
    assert!(hospital.open(&heard).verified && is_booked(&hospital));
}

#[test]
fn a_gbk_body_is_no_utf8() {
    let hospital = Hospital::new();
    let heard = struck(&hospital, FaultKind::Gbk);
    assert!(std::str::from_utf8(heard.body()).is_err());
    assert!(GBK.decode(heard.body()).0.contains("成功"));
    is_well(&hospital);
}

#[test]
fn a_clock_that_is_off_is_what_timestamps_are_held_against() {
    let hospital = Hospital::new();
    let heard = struck(&hospital, FaultKind::Clock { minutes: 3 });
    let reply = hospital.open(&heard);
    assert!(reply.verified && reply.flag == "1" && heard.header("timestamp") > Some(super::hospital::stamp(2)));
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(heard.header("date").unwrap()).unwrap();
    assert!(date.as_second() - jiff::Timestamp::now().as_second() > 120);
    let reply = hospital.open(&struck(&hospital, FaultKind::Clock { minutes: 90 }));
    assert!(reply.verified && reply.flag == "0" && reply.message.contains("5 分钟"), "{reply:?}");
    is_well(&hospital);
}

#[test]
fn a_refusal_can_be_chosen() {
    for (when, booked) in [(When::Before, false), (When::After, true)] {
        let hospital = Hospital::new();
        let refuse = FaultKind::Refuse { resp_code: String::new(), resp_msg: "系统忙".to_owned(), when };
        let reply = hospital.open(&struck(&hospital, refuse));
        assert_eq!((reply.flag.as_str(), reply.message.as_str(), reply.verified), ("0", "系统忙", true));
        assert_eq!(is_booked(&hospital), booked);
        is_well(&hospital);
    }
}

#[test]
fn a_slow_answer_drips() {
    let hospital = Hospital::new();
    let begun = Instant::now();
    let heard = struck(&hospital, FaultKind::Slow { milliseconds: 1 });
    assert!(hospital.open(&heard).verified);
    assert!(begun.elapsed() >= Duration::from_millis(heard.bytes.len() as u64));
}

#[test]
fn a_path_limits_a_fault() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::from(FaultKind::Unsigned).only(ALL));
    hospital.served(DEDUCT, deduction("D1"));
    assert!(!hospital.ask(ALL, json!({ "dataID": 0 })).signed);
    hospital.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only("hop.trade.query"));
    assert!(!hospital.ask(ALL, json!({ "dataID": 0 })).signed);
}

/// A page under a fault, signed as ever; the first and last record number, and how many rows.
fn paged(hospital: &Hospital, kind: FaultKind, after: u64) -> (Reply, u64, u64, usize) {
    hospital.sandbox.set_fault(Fault::once(kind).only(ALL));
    let reply = hospital.ask(ALL, json!({ "dataID": after }));
    assert!(reply.verified && reply.flag == "1", "{reply:?}");
    let rows = reply.body["data"].as_array().unwrap();
    let number = |row: Option<&Value>| row.unwrap()["dataID"].as_u64().unwrap_or(0);
    let (first, last, count) = (number(rows.first()), number(rows.last()), rows.len());
    (reply, first, last, count)
}

#[test]
fn a_cursor_is_repeated() {
    let hospital = Hospital::new();
    let (reply, first, last, count) = paged(&hospital, FaultKind::RepeatCursor, 500);
    assert_eq!((first, last, count), (1, 500, 500));
    assert_eq!(reply.body["data"], json!(hospital.page(0)));
    let (_, first, last, _) = paged(&hospital, FaultKind::RepeatCursor, 1_200);
    assert_eq!((first, last), (701, 1_200));
    let (_, first, last, _) = paged(&hospital, FaultKind::RepeatCursor, 0);
    assert_eq!((first, last), (1, 500));
}

#[test]
fn a_roster_goes_backwards() {
    let hospital = Hospital::new();
    let (_, first, last, count) = paged(&hospital, FaultKind::Backwards, 500);
    assert_eq!((first, last, count), (251, 750, 500));
    let (_, first, last, _) = paged(&hospital, FaultKind::Backwards, 1_200);
    assert_eq!((first, last), (951, 1_200));
    assert_eq!(hospital.page(500)[0]["dataID"], 501);
}

#[test]
fn a_page_has_too_many_rows() {
    let hospital = Hospital::of(3);
    let (_, first, last, count) = paged(&hospital, FaultKind::TooManyRows, 2);
    assert_eq!((first, last, count), (3, 503, 501));
    assert_eq!(hospital.page(2).len(), 1);
}

#[test]
fn a_row_is_bad() {
    let hospital = Hospital::new();
    let sound = hospital.page(0);
    for (member, value) in [("dataID", None), ("certNo", Some(json!(7))), ("gloryID", Some(json!("x")))] {
        let kind = FaultKind::BadRow { member: member.to_owned(), value: value.clone() };
        let (reply, _, last, count) = paged(&hospital, kind, 0);
        assert_eq!((last, count), (500, 500));
        let rows = reply.body["data"].as_array().unwrap();
        let differing: Vec<_> = (0..500).filter(|n| rows[*n] != sound[*n]).collect();
        assert_eq!(differing, [250]);
        assert_eq!(rows[250].get(member), value.as_ref());
    }
    is_well(&hospital);
}
