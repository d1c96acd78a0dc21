//! Deductions and cancellations through the C contract, against the simulated platform: what is checked before anything
//! is written or sent, what each end means for the money, and that one deductionID is one deduction whatever happens.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod hospital;
mod host;
mod support;

use std::thread;
use std::time::{Duration, Instant};

use hislink_sandbox::{Fault, FaultKind, When};
use hospital::{Hospital, deduction, in_another_process};
use host::{call, end};
use serde_json::{Value, json};

const DEDUCT: &str = "/glorycard/store/deduct";
const CANCEL: &str = "/glorycard/store/deductCancel";
const LATER: &str = "2026-11-21 11:00:00";

fn changed(name: &str, value: Value) -> Value {
    let mut request = deduction("D1");
    request[name] = value;
    request
}

#[test]
fn every_field_is_checked_by_name_before_anything_is_written_or_sent() {
    let hospital = Hospital::new();
    let long = |count: usize| json!("长".repeat(count));
    let mut cases = vec![
        ("orgCode", json!("another")),
        ("orgCode", json!("")),
        ("orgCode", json!(1)),
        ("remarks", json!(1)),
        ("remarks", long(1025)),
        ("certNo", long(65)),
        ("certNo", json!(" 11010519491231002X")),
        ("certNo", json!("11010519491231002X\u{0}")),
        ("certName", json!("张小凡 ")),
        ("certName", long(129)),
        ("deductionID", json!("D1\n")),
        ("deductionID", long(65)),
        ("gloryType", json!("0")),
        ("gloryType", json!("2")),
        ("deductionFee", json!("25.51")),
    ];
    for name in [
        "certType",
        "certNo",
        "certName",
        "deductionID",
        "totalFee",
        "deductionFee",
        "deductionTime",
        "gloryType",
        "deductionType",
    ] {
        cases.extend(
            [json!(null), json!(""), json!("  "), json!("\u{3000}"), json!(0), json!(["0"])].map(|v| (name, v)),
        );
    }
    cases.extend(["7", "00", "-1", "身份证", "0 "].map(|code| ("certType", json!(code))));
    cases.extend(["3", "-1", "01", "诊查费"].map(|code| ("deductionType", json!(code))));
    for amount in [
        "0.00",
        "1",
        "1.5",
        "1.500",
        "-1.00",
        "+1.00",
        "1e2",
        "1E2",
        "01.00",
        "1,000.00",
        ".50",
        "1.",
        "NaN",
        "１.00",
        "1.00 ",
        "9999999999999.00",
        "0x1.00",
        "inf",
    ] {
        cases.extend([("totalFee", json!(amount)), ("deductionFee", json!(amount))]);
    }
    for time in [
        "2026-11-21",
        "2026-11-21T10:00:00",
        "2026-02-29 10:00:00",
        "2026-11-31 10:00:00",
        "2026-11-21 24:00:00",
        "2026-11-21 10:60:00",
        "20261121100000",
        "2026-11-21 10:00:00.0",
        "2026/11/21 10:00:00",
        "26-11-21 10:00:00",
    ] {
        cases.push(("deductionTime", json!(time)));
    }
    for (name, value) in cases {
        let reply = hospital.call("glory_deduct", changed(name, value.clone()));
        assert_eq!(end(&reply), ("rejected", "BAD_FIELD"), "{name} {value}: {reply}");
        assert_eq!(reply["field"], format!("/{name}"), "{value}: {reply}");
    }
    let misspelt = hospital.call("glory_deduct", changed("deductionId", json!("D1")));
    assert_eq!((end(&misspelt), &misspelt["field"]), (("rejected", "BAD_FIELD"), &json!("/deductionId")));
    for (field, request) in [
        ("/deductionID", json!({"deductionTime": LATER})),
        ("/deductionTime", json!({"deductionID": "D1"})),
        ("/deductionTime", json!({"deductionID": "D1", "deductionTime": "2026-11-21 11:00"})),
        ("/orgCode", json!({"deductionID": "D1", "deductionTime": LATER, "orgCode": "x"})),
    ] {
        let reply = hospital.call("glory_cancel", request);
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!(field)), "{reply}");
    }
    assert_eq!(hospital.sandbox.state()["requests"], json!([]));
    // Nothing was written either: the id is still free.
    assert_eq!(end(&hospital.deduct("D1")), ("succeeded", "OK"));
}

#[test]
fn identity_numbers_are_held_against_their_check_digit() {
    let hospital = Hospital::new();
    let cases = [
        ("0", "11010519491231002X", None),
        ("0", "11010519491231002x", None),
        ("0", "440524188001010014", None),
        ("0", "331166*****777X", None),
        ("0", "3311661990****777X", None),
        ("0", "110105491231002", None),
        // Only identity cards have a check digit.
        ("1", "军字第110105", None),
        ("6", "E12345678", None),
        ("6", "110105194912310021", None),
        ("0", "110105194912310021", Some("校验位")),
        ("0", "440524188001010015", Some("校验位")),
        ("0", "110105194902310029", Some("出生日期")),
        ("0", "110105194913310023", Some("出生日期")),
        ("0", "11010549123100", Some("18 位")),
        ("0", "11010519491231002", Some("18 位")),
        ("0", "11010519491231002XX", Some("18 位")),
        ("0", "11010519491231002Y", Some("18 位")),
        ("0", "1101051949123100２X", Some("18 位")),
        ("0", "E12345678", Some("18 位")),
    ];
    for (n, (cert_type, number, words)) in cases.into_iter().enumerate() {
        let mut request = deduction(&format!("ID{n}"));
        request["certType"] = json!(cert_type);
        request["certNo"] = json!(number);
        let reply = hospital.call("glory_deduct", request);
        match words {
            None => assert_eq!(end(&reply), ("succeeded", "OK"), "{number}: {reply}"),
            Some(words) => {
                assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!("/certNo")), "{reply}");
                assert!(reply["message"].as_str().unwrap().contains(words), "{number}: {reply}");
            }
        }
    }
    assert!(
        (0..9).all(|n| hospital.sandbox.deductions().iter().any(|row| row.upload.deduction_id == format!("ID{n}")))
    );
}

#[test]
fn a_deduction_is_taken_once_and_known_from_then_on() {
    let hospital = Hospital::new();
    let reply = hospital.deduct("D1");
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    assert_eq!(reply["data"], json!({"deductionID": "D1", "status": "1", "responseMessage": "成功"}));
    let again = hospital.deduct("D1");
    assert_eq!(again["data"], json!({"deductionID": "D1", "status": "1", "replayed": true}), "{again}");
    assert_eq!(hospital.requests(DEDUCT).len(), 1);
    let sent: Value = serde_json::from_str(hospital.requests(DEDUCT)[0]["received"].as_str().unwrap()).unwrap();
    let mut expected = deduction("D1");
    expected["orgCode"] = json!(hospital.sandbox.glory_org_code());
    assert_eq!(sent, expected);

    for (name, value) in [("totalFee", "25.51"), ("certName", "张大凡"), ("remarks", "急诊"), ("deductionType", "1")]
    {
        let other = hospital.call("glory_deduct", changed(name, json!(value)));
        assert_eq!(end(&other), ("rejected", "DUPLICATE_ORDER"), "{other}");
        assert_eq!(other["field"], "/deductionID");
        assert!(other["message"].as_str().unwrap().contains(name), "{other}");
    }
    assert_eq!(hospital.requests(DEDUCT).len(), 1);
    // A blank remark is none.
    for remarks in [json!(null), json!(""), json!("  ")] {
        let mut plain = deduction("D2");
        plain["remarks"] = remarks;
        assert_eq!(end(&hospital.call("glory_deduct", plain)), ("succeeded", "OK"));
    }
    assert_eq!(hospital.requests(DEDUCT).len(), 2);
}

#[test]
fn a_refusal_is_known_from_then_on() {
    let hospital = Hospital::new();
    let refuse = FaultKind::Refuse { resp_code: "1".into(), resp_msg: "证件已注销".into(), when: When::Before };
    hospital.sandbox.set_fault(Fault::once(refuse));
    for replayed in [false, true] {
        let reply = hospital.deduct("D1");
        assert_eq!(end(&reply), ("failed", "PLATFORM_REFUSED"), "{reply}");
        assert_eq!((&reply["platformCode"], &reply["platformMessage"]), (&json!("0"), &json!("证件已注销")));
        assert_eq!(reply["data"]["replayed"] == json!(true), replayed, "{reply}");
    }
    assert_eq!(hospital.requests(DEDUCT).len(), 1);
    let cancel = hospital.cancel("D1", LATER);
    assert_eq!((end(&cancel), &cancel["field"]), (("rejected", "BAD_FIELD"), &json!("/deductionID")), "{cancel}");
    assert_eq!(end(&hospital.deduct("D2")), ("succeeded", "OK"));
}

#[test]
fn a_cancellation_takes_a_deduction_back_once() {
    let hospital = Hospital::new();
    let unknown = hospital.cancel("D1", LATER);
    assert_eq!((end(&unknown), &unknown["field"]), (("rejected", "BAD_FIELD"), &json!("/deductionID")), "{unknown}");
    hospital.deduct("D1");
    let reply = hospital.cancel("D1", LATER);
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    assert_eq!(reply["data"], json!({"deductionID": "D1", "status": "0", "responseMessage": "成功"}));
    let again = hospital.cancel("D1", LATER);
    assert_eq!(again["data"], json!({"deductionID": "D1", "status": "0", "replayed": true}), "{again}");
    let other = hospital.cancel("D1", "2026-11-21 12:00:00");
    assert_eq!((end(&other), &other["field"]), (("rejected", "DUPLICATE_ORDER"), &json!("/deductionTime")), "{other}");
    assert_eq!(other["data"]["cancelTime"], LATER);
    assert_eq!(hospital.requests(CANCEL).len(), 1);
    // The id is used up.
    let anew = hospital.deduct("D1");
    assert_eq!(end(&anew), ("failed", "PLATFORM_REFUSED"), "{anew}");
    assert_eq!(anew["data"], json!({"deductionID": "D1", "status": "0", "cancelTime": LATER, "replayed": true}));
    assert_eq!(hospital.requests(DEDUCT).len(), 1);
}

#[test]
fn a_refused_cancellation_leaves_the_deduction_as_it_was() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let refuse = FaultKind::Refuse { resp_code: "1".into(), resp_msg: "已结算".into(), when: When::Before };
    hospital.sandbox.set_fault(Fault::once(refuse));
    let refused = hospital.cancel("D1", LATER);
    assert_eq!((end(&refused), &refused["platformMessage"]), (("failed", "PLATFORM_REFUSED"), &json!("已结算")));
    assert_eq!(hospital.deduct("D1")["data"]["replayed"], true);
    assert_eq!(end(&hospital.cancel("D1", "2026-11-21 12:00:00")), ("succeeded", "OK"));
}

#[test]
fn a_lost_request_is_repeated_once_within_the_call() {
    let lost = [
        FaultKind::DropBefore,
        FaultKind::DropAfter,
        FaultKind::ResetMidAnswer,
        FaultKind::Truncated,
        FaultKind::NotJson { when: When::After },
        FaultKind::Http { status: 502, location: None, when: When::After },
        FaultKind::Http { status: 503, location: None, when: When::Before },
        // Of nine seconds the first try has six, and the second what a pause leaves of three.
        FaultKind::Delay { milliseconds: 8_000, when: When::After },
    ];
    let in_time = |mut request: Value| {
        request["timeoutMs"] = json!(9_000);
        request
    };
    // To make their certificates takes the processor that calls need.
    let lost = lost.map(|kind| (Hospital::new(), kind));
    thread::scope(|scope| {
        for (hospital, kind) in lost {
            scope.spawn(move || {
                hospital.sandbox.set_fault(Fault::once(kind.clone()));
                let reply = hospital.call("glory_deduct", in_time(deduction("D1")));
                assert_eq!(
                    (end(&reply), &reply["data"]["status"]),
                    (("succeeded", "OK"), &json!("1")),
                    "{kind:?}: {reply}"
                );
                assert_eq!(hospital.sandbox.deductions().len(), 1, "{kind:?}");
                hospital.sandbox.set_fault(Fault::once(kind.clone()));
                let request = json!({"deductionID": "D1", "deductionTime": LATER});
                let reply = hospital.call("glory_cancel", in_time(request));
                assert_eq!(
                    (end(&reply), &reply["data"]["status"]),
                    (("succeeded", "OK"), &json!("0")),
                    "{kind:?}: {reply}"
                );
                assert_eq!(hospital.sandbox.deductions()[0].cancel_time.as_deref(), Some(LATER), "{kind:?}");
            });
        }
    });
}

#[test]
fn what_stays_unknown_is_settled_by_the_same_call_again() {
    let hospital = Hospital::new();
    let dead = Fault::from(FaultKind::DropAfter);
    hospital.sandbox.set_fault(dead.clone());
    let reply = hospital.deduct("D1");
    assert_eq!(end(&reply), ("unknown", "BAD_ANSWER"), "{reply}");
    assert_eq!(hospital.requests(DEDUCT).len(), 2, "sent, and repeated once");
    let too_early = hospital.cancel("D1", LATER);
    assert_eq!((end(&too_early), &too_early["field"]), (("rejected", "BAD_FIELD"), &json!("/deductionID")));
    hospital.sandbox.clear_faults();
    let again = hospital.deduct("D1");
    assert_eq!((end(&again), &again["data"]["replayed"]), (("succeeded", "OK"), &json!(null)), "{again}");
    assert_eq!(hospital.sandbox.deductions().len(), 1);

    hospital.sandbox.set_fault(dead);
    // The platform cancels at once, but nobody hears of it: its second answer is lost as well.
    let reply = hospital.cancel("D1", LATER);
    assert_eq!(end(&reply), ("unknown", "BAD_ANSWER"), "{reply}");
    let other = hospital.cancel("D1", "2026-11-21 12:00:00");
    assert_eq!(
        (end(&other), &other["data"]["cancelTime"]),
        (("rejected", "DUPLICATE_ORDER"), &json!(LATER)),
        "{other}"
    );
    let meanwhile = hospital.deduct("D1");
    assert_eq!(meanwhile["status"], "unknown", "{meanwhile}");
    hospital.sandbox.clear_faults();
    assert_eq!(end(&hospital.cancel("D1", LATER)), ("succeeded", "OK"));
    assert_eq!(hospital.cancel("D1", LATER)["data"]["replayed"], true);
}

#[test]
fn what_surely_was_not_sent_is_failed_and_a_later_call_sends_it() {
    let hospital = Hospital::new();
    let (_held, closed) = support::refusing();
    let nowhere = format!("http://{closed}");
    hospital.configure(&nowhere);
    assert_eq!(end(&hospital.deduct("D1")), ("failed", "CONNECT_FAILED"));
    // The row is there now; the journal knows that the first call never sent it.
    let again = hospital.deduct("D1");
    assert_eq!(end(&again), ("failed", "CONNECT_FAILED"), "{again}");
    hospital.configure(&hospital.sandbox.glory_http_url());
    assert_eq!(end(&hospital.deduct("D1")), ("succeeded", "OK"));
    hospital.configure(&nowhere);
    assert_eq!(end(&hospital.cancel("D1", LATER)), ("failed", "CONNECT_FAILED"));
    hospital.configure(&hospital.sandbox.glory_http_url());
    // A cancellation that was never sent does not bind the next one to its time.
    assert_eq!(end(&hospital.cancel("D1", "2026-11-21 12:00:00")), ("succeeded", "OK"));
}

#[test]
fn the_time_limit_holds_with_the_repetition_inside() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::from(FaultKind::Delay { milliseconds: 10_000, when: When::Before }));
    let started = Instant::now();
    let mut request = deduction("D1");
    request["timeoutMs"] = json!(2500);
    let reply = hospital.call("glory_deduct", request.clone());
    assert_eq!(end(&reply), ("unknown", "TIMEOUT"), "{reply}");
    assert!(started.elapsed() < Duration::from_millis(4_800), "{:?}", started.elapsed());
    request["timeoutMs"] = json!(500);
    request["deductionID"] = json!("D2");
    let started = Instant::now();
    assert_eq!(end(&hospital.call("glory_deduct", request)), ("unknown", "TIMEOUT"));
    assert!(started.elapsed() < Duration::from_millis(4_800), "{:?}", started.elapsed());
}

#[test]
fn settings_that_cannot_send_write_nothing() {
    let hospital = Hospital::new();
    let url = hospital.sandbox.glory_http_url();
    for (member, field) in [("url", "/glory/url"), ("orgCode", "/glory/orgCode")] {
        let mut settings = hospital.settings(&url);
        settings["glory"].as_object_mut().unwrap().remove(member);
        assert_eq!(call("configure", &settings)["status"], "succeeded");
        for reply in [hospital.deduct("D1"), hospital.cancel("D1", LATER)] {
            assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_SETTINGS"), &json!(field)), "{reply}");
        }
    }
    let mut settings = hospital.settings(&url);
    settings["store"] = json!("none");
    call("configure", &settings);
    assert_eq!(end(&hospital.deduct("D1")), ("rejected", "BAD_SETTINGS"));
    settings["store"] = json!(format!("sqlite:{}", std::env::temp_dir().display()));
    call("configure", &settings);
    assert_eq!(end(&hospital.deduct("D1")), ("rejected", "STORE_FAILED"));
    assert_eq!(hospital.sandbox.state()["requests"], json!([]));
}

#[test]
fn threads_with_one_id_make_one_deduction_and_one_request() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::from(FaultKind::Delay { milliseconds: 100, when: When::Before }));
    let all = |work: &(dyn Fn(usize) -> Value + Sync)| -> Vec<Value> {
        thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|n| scope.spawn(move || work(n))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    };
    let replies = all(&|_| hospital.deduct("D1"));
    assert!(replies.iter().all(|reply| end(reply) == ("succeeded", "OK")), "{replies:?}");
    assert_eq!(replies.iter().filter(|reply| reply["data"]["replayed"] == json!(true)).count(), 7);
    assert_eq!(hospital.requests(DEDUCT).len(), 1);
    let replies = all(&|n| hospital.call("glory_deduct", changed_id("D2", n)));
    assert_eq!(replies.iter().filter(|reply| end(reply) == ("succeeded", "OK")).count(), 1, "{replies:?}");
    assert_eq!(replies.iter().filter(|reply| end(reply) == ("rejected", "DUPLICATE_ORDER")).count(), 7);
    let replies = all(&|_| hospital.cancel("D1", LATER));
    assert!(replies.iter().all(|reply| end(reply) == ("succeeded", "OK")), "{replies:?}");
    assert_eq!(hospital.requests(CANCEL).len(), 1);
}

fn changed_id(id: &str, n: usize) -> Value {
    let mut request = deduction(id);
    request["totalFee"] = json!(format!("{}.00", 100 + n));
    request
}

/// What another process of the tests below does; `HISLINK_TEST` holds settings and a request.
#[test]
#[ignore = "run by the tests that need another process"]
fn another_process() {
    let text: Value = serde_json::from_str(&std::env::var("HISLINK_TEST").unwrap()).unwrap();
    assert_eq!(call("configure", &text["settings"])["status"], "succeeded");
    let operation = text["operation"].as_str().unwrap();
    println!("\nREPLY {}", call(operation, &text["request"]));
}

fn elsewhere(hospital: &Hospital, operation: &str, mut request: Value) -> std::process::Child {
    request["profile"] = json!(hospital.profile);
    let settings = hospital.settings(&hospital.sandbox.glory_http_url());
    let text = json!({"settings": settings, "operation": operation, "request": request});
    in_another_process("another_process", &text.to_string())
}

fn reply_of(child: std::process::Child) -> Value {
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let line = output.lines().find_map(|line| line.strip_prefix("REPLY ")).unwrap_or_else(|| panic!("{output}"));
    serde_json::from_str(line).unwrap()
}

#[test]
fn processes_with_one_id_make_one_deduction() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(Fault::from(FaultKind::Delay { milliseconds: 200, when: When::After }));
    let others: Vec<_> = (0..4).map(|_| elsewhere(&hospital, "glory_deduct", deduction("D1"))).collect();
    let own = hospital.deduct("D1");
    for reply in others.into_iter().map(reply_of).chain([own]) {
        assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    }
    assert_eq!(hospital.sandbox.deductions().len(), 1);
    let cancel = json!({"deductionID": "D1", "deductionTime": LATER});
    let others: Vec<_> = (0..3).map(|_| elsewhere(&hospital, "glory_cancel", cancel.clone())).collect();
    for reply in others.into_iter().map(reply_of) {
        assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    }
    assert_eq!(hospital.cancel("D1", LATER)["data"]["replayed"], true);
}

#[test]
fn a_program_killed_between_intent_and_outcome_finds_its_deduction_again() {
    let hospital = Hospital::new();
    for (n, when) in [When::Before, When::After].into_iter().enumerate() {
        let id = format!("K{n}");
        hospital.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds: 60_000, when }));
        let mut child = elsewhere(&hospital, "glory_deduct", deduction(&id));
        // Of a request that the platform holds back before booking, no more is seen than the fault that it took.
        let arrived = || match when {
            When::Before => hospital.sandbox.state()["faults"] == json!([]),
            When::After => hospital.sandbox.deductions().len() > n,
        };
        let deadline = Instant::now() + Duration::from_secs(30);
        while !arrived() {
            assert!(Instant::now() < deadline, "nothing arrived");
            thread::sleep(Duration::from_millis(10));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        hospital.sandbox.clear_faults();
        // It was written down as intended: other content is refused, and nothing is there to cancel yet.
        let other = hospital.call("glory_deduct", changed_id(&id, 1));
        assert_eq!(end(&other), ("rejected", "DUPLICATE_ORDER"), "{other}");
        assert_eq!(end(&hospital.cancel(&id, LATER)), ("rejected", "BAD_FIELD"));
        let again = hospital.deduct(&id);
        assert_eq!((end(&again), &again["data"]["replayed"]), (("succeeded", "OK"), &json!(null)), "{again}");
        assert_eq!(hospital.sandbox.deductions().len(), n + 1);
    }
    hospital.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds: 60_000, when: When::After }));
    let mut child = elsewhere(&hospital, "glory_cancel", json!({"deductionID": "K1", "deductionTime": LATER}));
    let cancelled = || hospital.sandbox.deductions().iter().any(|row| row.cancel_time.is_some());
    let deadline = Instant::now() + Duration::from_secs(10);
    while !cancelled() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    hospital.sandbox.clear_faults();
    assert_eq!(hospital.deduct("K1")["status"], "unknown");
    assert_eq!(end(&hospital.cancel("K1", LATER)), ("succeeded", "OK"));
}
