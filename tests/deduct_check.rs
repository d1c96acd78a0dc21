//! The platform's `/deductCheck` through `glory_check`: every refusal by name, none with a row, and rows with all that
//! the document lists.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod hospital;
mod host;
mod support;

use hislink::clock;
use hislink_sandbox::{Fault, FaultKind, When};
use hospital::{Hospital, SPAN, deduction};
use host::{call, end};
use serde_json::{Value, json};

/// The answer to a request that came with these headers and this body: it verifies, whatever it says.
fn ask(hospital: &Hospital, headers: &Value, body: &Value) -> Value {
    let reply = hospital.call("glory_check", json!({"headers": headers, "body": body}));
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    let data = &reply["data"];
    let verified = hospital.call("glory_verify", json!({"headers": data["headers"], "body": data["body"]}));
    assert_eq!(verified["data"]["verified"], true, "{reply}");
    assert_eq!(data["headers"]["sid"], hospital.sandbox.glory_sid());
    data.clone()
}

fn refused(hospital: &Hospital, headers: &Value, body: &Value, why: &str) {
    let data = ask(hospital, headers, body);
    assert_eq!((&data["refused"], &data["body"]["responseFlag"]), (&json!(why), &json!("0")), "{data}");
    assert!(!data["body"]["responseMessage"].as_str().unwrap().is_empty());
    assert!(data["body"].get("data").is_none(), "never a row: {data}");
}

fn rows(hospital: &Hospital, start: &str, end: &str) -> Vec<Value> {
    let (headers, body) = hospital.question(start, end);
    let data = ask(hospital, &headers, &body);
    assert_eq!((&data["body"]["responseFlag"], data.get("refused")), (&json!("1"), None), "{data}");
    data["body"]["data"].as_array().unwrap().clone()
}

#[test]
fn rows_have_all_that_the_document_lists() {
    let hospital = Hospital::new();
    assert_eq!(rows(&hospital, SPAN.0, SPAN.1), Vec::<Value>::new());
    let mut plain = deduction("D2");
    plain.as_object_mut().unwrap().remove("remarks");
    plain["deductionTime"] = json!("2026-11-21 09:00:00");
    for request in [deduction("D1"), plain.clone(), deduction("D3")] {
        assert_eq!(end(&hospital.call("glory_deduct", request)), ("succeeded", "OK"));
    }
    assert_eq!(end(&hospital.cancel("D3", "2026-11-22 08:00:00")), ("succeeded", "OK"));
    // One that the platform refused, and one that never reached it.
    hospital.sandbox.set_fault(Fault::once(FaultKind::Refuse {
        resp_code: "1".into(),
        resp_msg: "不行".into(),
        when: When::Before,
    }));
    assert_eq!(end(&hospital.deduct("D4")), ("failed", "PLATFORM_REFUSED"));
    hospital.configure("http://127.0.0.1:9");
    assert_eq!(end(&hospital.deduct("D5")), ("failed", "CONNECT_FAILED"));

    let whole = |mut request: Value, status: &str| {
        request["orgCode"] = json!(hospital.sandbox.glory_org_code());
        request["status"] = json!(status);
        request
    };
    let mut cancelled = whole(deduction("D3"), "0");
    cancelled["cancelTime"] = json!("2026-11-22 08:00:00");
    let expected = [whole(plain, "1"), whole(deduction("D1"), "1"), cancelled];
    assert_eq!(rows(&hospital, SPAN.0, SPAN.1), expected);
    assert_eq!(rows(&hospital, "2026-11-21 09:00:00", "2026-11-21 09:00:00"), expected[..1], "both ends are counted");
    assert_eq!(rows(&hospital, "2026-11-21 09:00:01", "2026-11-21 10:00:00"), expected[1..]);
    assert_eq!(rows(&hospital, "2026-11-22 08:00:00", "2026-11-22 08:00:00"), Vec::<Value>::new());
}

#[test]
fn a_deduction_whose_cancellation_is_unknown_still_stands() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    hospital.sandbox.set_fault(Fault::from(FaultKind::DropBefore));
    assert_eq!(hospital.cancel("D1", "2026-11-22 08:00:00")["status"], "unknown");
    let rows = rows(&hospital, SPAN.0, SPAN.1);
    assert_eq!((rows.len(), &rows[0]["status"], rows[0].get("cancelTime")), (1, &json!("1"), None));
}

#[test]
fn headers_and_body_are_taken_as_web_servers_hand_them_on() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let org = hospital.sandbox.glory_org_code();
    // Written with blanks and a number spelt in its own way: signed over what the text says.
    let text = format!(
        "\u{20}{{ \"deductTimeStart\":\"{}\",\n\"deductionTimeEnd\":\"{}\", \"orgCode\":\"{org}\", \"x\":1.50, \"y\":[] }}\n",
        SPAN.0, SPAN.1
    );
    let reply = hospital.call("glory_sign", json!({"body": text}));
    let signed = &reply["data"]["headers"];
    let headers = json!({"Host": "h", "SID": signed["sid"], "Timestamp": signed["timestamp"], "SIGN": signed["sign"],
        "Content-Length": 12, "X": ["a"]});
    let data = ask(&hospital, &headers, &json!(text));
    assert_eq!(data["body"]["data"].as_array().unwrap().len(), 1, "{data}");
    assert_eq!(end(&reply), ("succeeded", "OK"));
}

#[test]
fn every_refusal_is_signed_and_holds_no_row() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let fresh = || hospital.question(SPAN.0, SPAN.1);
    let (_, body) = fresh();
    let with = |headers: &Value, name: &str, value: Value| {
        let mut headers = headers.clone();
        headers[name] = value;
        headers
    };
    // Malformed.
    for text in ["", "{", "[]", "null", "\"\"", "{\"orgCode\":}", "orgCode=1", &"[".repeat(1000)] {
        refused(&hospital, &fresh().0, &json!(text), "MALFORMED");
    }
    // Unsigned, in each way.
    for name in ["sid", "timestamp", "sign"] {
        let mut headers = fresh().0;
        headers.as_object_mut().unwrap().remove(name);
        refused(&hospital, &headers, &body, "UNSIGNED");
        refused(&hospital, &with(&fresh().0, name, json!(null)), &body, "UNSIGNED");
    }
    refused(&hospital, &json!({}), &body, "UNSIGNED");
    refused(&hospital, &with(&fresh().0, "sid", json!("another")), &body, "WRONG_SID");
    refused(&hospital, &with(&fresh().0, "sid", json!("")), &body, "WRONG_SID");
    // A sign that is not this body's, this time's or this key's.
    for sign in ["", "0", &"0".repeat(64), "ＡＢ"] {
        refused(&hospital, &with(&fresh().0, "sign", json!(sign)), &body, "SIGN_MISMATCH");
    }
    let mut more = body.clone();
    more["deductionTimeEnd"] = json!("2026-12-30 23:59:59");
    refused(&hospital, &fresh().0, &more, "SIGN_MISMATCH");
    let other_second = clock::stamp_of_second(clock::second() - 10);
    refused(&hospital, &with(&fresh().0, "timestamp", json!(other_second)), &body, "SIGN_MISMATCH");
    // Clocks.
    for seconds in [-302, 302, -86_400, 86_400] {
        let stamp = clock::stamp_of_second(clock::second() + seconds);
        refused(&hospital, &hospital.sign(&body, Some(&stamp)), &body, "CLOCK");
    }
    for stamp in ["", "20261121", "2026-11-21 10:00:00", "20261131100000", "20261121100000000", "now"] {
        refused(&hospital, &with(&fresh().0, "timestamp", json!(stamp)), &body, "CLOCK");
    }
    for seconds in [-295, 295] {
        let stamp = clock::stamp_of_second(clock::second() + seconds);
        let data = ask(&hospital, &hospital.sign(&body, Some(&stamp)), &body);
        assert_eq!(data["body"]["responseFlag"], "1", "{data}");
        // A replay.
        refused(&hospital, &hospital.sign(&body, Some(&stamp)), &body, "REPLAY");
    }
    // Whose, and when.
    for org in [json!("another"), json!(""), json!(null), json!({}), json!([hospital.sandbox.glory_org_code()])] {
        let mut other = body.clone();
        other["orgCode"] = org;
        refused(&hospital, &hospital.sign(&other, None), &other, "WRONG_ORG");
    }
    let spans = [
        (json!("2026-11-21 10:00:01"), json!("2026-11-21 10:00:00")),
        (json!("2026-11-21"), json!(SPAN.1)),
        (json!(SPAN.0), json!("2026-11-31 00:00:00")),
        (json!(SPAN.0), json!("9999-99-99 99:99:99")),
        (json!(null), json!(SPAN.1)),
        (json!(SPAN.0), json!("")),
        (json!(20_261_121), json!(SPAN.1)),
        (json!(["a"]), json!(SPAN.1)),
        (json!("' OR 1=1 --"), json!(SPAN.1)),
    ];
    for (start, end) in spans {
        let mut other = body.clone();
        other["deductTimeStart"] = start;
        other["deductionTimeEnd"] = end;
        refused(&hospital, &hospital.sign(&other, None), &other, "BAD_SPAN");
    }
    // The document's own spelling, not a tidier one.
    let tidy =
        json!({"orgCode": hospital.sandbox.glory_org_code(), "deductTimeStart": SPAN.0, "deductTimeEnd": SPAN.1});
    refused(&hospital, &hospital.sign(&tidy, None), &tidy, "BAD_SPAN");
}

#[test]
fn what_a_refused_request_says_does_not_come_back_signed() {
    let hospital = Hospital::new();
    let body = json!({"orgCode": "注入\n{}", "deductTimeStart": SPAN.0, "deductionTimeEnd": SPAN.1});
    let data = ask(&hospital, &hospital.sign(&body, None), &body);
    assert!(!data.to_string().contains("注入"), "{data}");
}

#[test]
fn the_programs_own_mistakes_are_rejected() {
    let hospital = Hospital::new();
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    for (field, request) in [
        ("/headers", json!({"body": body})),
        ("/headers", json!({"headers": "sid: 1", "body": body})),
        ("/body", json!({"headers": headers})),
        ("/body", json!({"headers": headers, "body": 1})),
        ("/body", json!({"headers": headers, "body": [body]})),
        ("/bdy", json!({"headers": headers, "bdy": body})),
    ] {
        let reply = hospital.call("glory_check", request);
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!(field)), "{reply}");
    }
    let request = json!({"headers": headers, "body": body, "profile": "nobody"});
    assert_eq!(end(&call("glory_check", &request)), ("rejected", "NO_PROFILE"));
    let mut settings = hospital.settings("http://127.0.0.1:9");
    settings["store"] = json!("none");
    call("configure", &settings);
    let reply = hospital.call("glory_check", json!({"headers": headers, "body": body}));
    assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_SETTINGS"), &json!("/store")), "{reply}");
}

#[test]
fn a_store_that_fails_is_told_to_both_sides() {
    let hospital = Hospital::new();
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    let mut settings = hospital.settings("http://127.0.0.1:9");
    settings["store"] = json!(format!("sqlite:{}", std::env::temp_dir().display()));
    call("configure", &settings);
    let reply = hospital.call("glory_check", json!({"headers": headers, "body": body}));
    assert_eq!(end(&reply), ("rejected", "STORE_FAILED"), "{reply}");
    assert_eq!(reply["data"]["body"]["responseFlag"], "0", "{reply}");
    let answer = json!({"headers": reply["data"]["headers"], "body": reply["data"]["body"]});
    assert_eq!(hospital.call("glory_verify", answer)["data"]["verified"], true);
    assert!(!reply["data"].to_string().contains("tmp"), "the platform learns no paths: {reply}");
}

#[test]
fn a_span_with_more_rows_than_memory_should_hold_is_refused() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    // A thousand rows a day for a hundred days, as no call could write them in a test's time.
    let ledger = rusqlite::Connection::open(hospital.store()).unwrap();
    ledger
        .execute_batch(
            "WITH RECURSIVE n(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM n WHERE n < 99999)
            INSERT INTO deduction SELECT hospital, 'R' || n, cert_type, cert_no, cert_name, total_fee, deduction_fee,
                datetime('2020-01-01', '+' || (n / 1000) || ' days', '+' || (n % 1000) || ' seconds'),
                glory_type, deduction_type, remarks, 'accepted', NULL
            FROM n, deduction WHERE deduction_id = 'D1'",
        )
        .unwrap();
    drop(ledger);
    let found = rows(&hospital, "2020-02-01 00:00:00", "2020-02-01 23:59:59");
    assert_eq!((found.len(), &found[999]["deductionTime"]), (1_000, &json!("2020-02-01 00:16:39")));
    let (headers, body) = hospital.question("2020-01-01 00:00:00", SPAN.1);
    refused(&hospital, &headers, &body, "TOO_MANY");
}

#[test]
fn plain_numbers_verify_where_the_profile_says_so() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let mut settings = hospital.settings("http://127.0.0.1:9");
    settings["glory"]["numbers"] = json!("plain");
    call("configure", &settings);
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    assert_eq!(ask(&hospital, &headers, &body)["body"]["data"].as_array().unwrap().len(), 1);
    // A number that nobody can write out is no reason to fall over.
    let text = format!("{{\"orgCode\":\"{}\",\"x\":1e999}}", hospital.sandbox.glory_org_code());
    refused(&hospital, &headers, &json!(text), "SIGN_MISMATCH");
}
