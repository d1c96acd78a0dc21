//! What the card platform refuses, and how.

use std::sync::{Arc, Mutex};

use hislink_sandbox::{GloryNumbers, Options, Sandbox};
use serde_json::{Value, json};

use super::hospital::{ALL, CANCEL, DEDUCT, Hospital, cancellation, deduction, stamp};
use super::signature::sign;

fn valid(hospital: &Hospital) -> String {
    json!({ "dataID": 0, "orgCode": hospital.sandbox.glory_org_code() }).to_string()
}

/// Refusals before the signature held come unsigned.
fn refused_unsigned(hospital: &Hospital, headers: &[(&'static str, String)], body: &str) -> String {
    let reply = hospital.send_with(ALL, headers, body);
    assert_eq!((reply.flag.as_str(), reply.signed), ("0", false), "{reply:?}");
    assert_eq!((&hospital.latest()["verdict"], &hospital.latest()["message"]), (&json!("0"), &json!(reply.message)));
    reply.message
}

#[test]
fn each_header_is_needed() {
    let hospital = Hospital::new();
    let body = valid(&hospital);
    for missing in ["sid", "timestamp", "sign"] {
        let headers = hospital.headers(&body, 0);
        let rest: Vec<_> = headers.into_iter().filter(|(name, _)| *name != missing).collect();
        assert_eq!(refused_unsigned(&hospital, &rest, &body), format!("请求头缺少 {missing}"));
    }
}

#[test]
fn headers_that_are_another_s_are_refused() {
    let hospital = Hospital::new();
    let body = valid(&hospital);
    for (at, value, message) in [
        (0, "123", "账号 123 不存在"),
        (1, "2026112109300", "timestamp 应为 yyyyMMddHHmmss：2026112109300"),
        (1, "20260229093000", "timestamp 应为 yyyyMMddHHmmss：20260229093000"),
        (2, "0123", "签名错误"),
    ] {
        let mut headers = hospital.headers(&body, 0);
        headers[at].1 = value.to_owned();
        assert_eq!(refused_unsigned(&hospital, &headers, &body), message);
    }
    // The sign is lower-case hex, as the document prints it.
    let mut headers = hospital.headers(&body, 0);
    headers[2].1 = headers[2].1.to_uppercase();
    assert_eq!(refused_unsigned(&hospital, &headers, &body), "签名错误");
}

#[test]
fn a_timestamp_may_be_five_minutes_off() {
    let hospital = Hospital::new();
    let body = valid(&hospital);
    for minutes in [-4, 0, 4] {
        assert_eq!(hospital.send_with(ALL, &hospital.headers(&body, minutes), &body).flag, "1", "{minutes}");
    }
    for minutes in [-6, 6, 525_600] {
        let headers = hospital.headers(&body, minutes);
        let reply = hospital.send_with(ALL, &headers, &body);
        assert_eq!((reply.flag.as_str(), reply.verified), ("0", true), "{minutes}");
        assert!(reply.message.contains(&headers[1].1) && reply.message.contains("5 分钟"), "{}", reply.message);
    }
}

#[test]
fn a_wrong_sign_leaves_the_flattened_text_in_log_and_record() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let log = Some(Arc::new(move |line: &str| sink.lock().unwrap().push(line.to_owned())) as _);
    let hospital = Hospital::with(Options { log, ..Options::default() });
    let body = json!({ "orgCode": "X", "list": [{ "b": "", "a": true }, [1]], "sign": "no", "dataID": 0 }).to_string();
    let mut headers = hospital.headers(&body, 0);
    headers[2].1 = "0".repeat(64);
    refused_unsigned(&hospital, &headers, &body);
    let text = format!("dataID=0&list[0].a=true&list[1][0]=1&orgCode=X&key=***&timestamp={}", headers[1].1);
    assert_eq!(hospital.latest()["signingText"], text);
    let lines = lines.lock().unwrap();
    assert!(lines.iter().any(|line| line.contains(ALL) && line.contains(&text)), "{lines:?}");
    assert!(!lines.iter().any(|line| line.contains(hospital.sandbox.glory_key())));
}

#[test]
fn a_body_that_is_no_object_is_refused() {
    let hospital = Hospital::new();
    let headers = hospital.headers("{}", 0);
    for body in ["", "[]", "{", "dataID=0", "\"x\""] {
        assert_eq!(refused_unsigned(&hospital, &headers, body), "报文不是 JSON 对象", "{body}");
    }
}

#[test]
fn numbers_are_signed_as_the_option_says() {
    for (numbers, spelt) in [(GloryNumbers::Literal, "1.50"), (GloryNumbers::Plain, "1.5")] {
        let hospital = Hospital::with(Options { glory_numbers: numbers, ..Options::default() });
        let (org_code, timestamp) = (hospital.sandbox.glory_org_code(), stamp(0));
        let body = format!("{{\"dataID\":0,\"orgCode\":\"{org_code}\",\"x\":1.50}}");
        for signed in ["1.50", "1.5"] {
            let sign =
                sign(&format!("dataID=0&orgCode={org_code}&x={signed}"), hospital.sandbox.glory_key(), &timestamp);
            let sid = hospital.sandbox.glory_sid().to_owned();
            let reply =
                hospital.send_with(ALL, &[("sid", sid), ("timestamp", timestamp.clone()), ("sign", sign)], &body);
            assert_eq!(reply.flag == "1", signed == spelt, "{numbers:?} {signed}");
        }
    }
}

#[test]
fn the_hospital_s_code_is_needed_everywhere() {
    let hospital = Hospital::new();
    for (path, mut body) in [(ALL, json!({ "dataID": 0 })), (DEDUCT, deduction("D1")), (CANCEL, cancellation("D1"))] {
        let reply = hospital.send(path, &body.to_string());
        assert_eq!((reply.message.as_str(), reply.verified), ("缺少字段 orgCode", true));
        body["orgCode"] = json!("999");
        assert_eq!(hospital.send(path, &body.to_string()).message, "机构编码 999 与账号不符");
    }
    assert!(hospital.sandbox.deductions().is_empty());
}

#[test]
fn a_cursor_is_a_whole_number() {
    let hospital = Hospital::new();
    for (cursor, message) in [
        (Value::Null, "缺少字段 dataID"),
        (json!("0"), "字段 dataID 应为整数"),
        (json!(-1), "dataID 应为不小于零的整数（int）：-1"),
        (json!(1.5), "dataID 应为不小于零的整数（int）：1.5"),
        (json!(2_147_483_648_u32), "dataID 应为不小于零的整数（int）：2147483648"),
    ] {
        assert_eq!(hospital.refused(ALL, json!({ "dataID": cursor })), message);
    }
}

#[test]
fn each_field_of_a_deduction_is_checked() {
    let hospital = Hospital::new();
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
        for blank in [Value::Null, json!(""), json!(" ")] {
            let mut body = deduction("D1");
            body[name] = blank;
            assert_eq!(hospital.refused(DEDUCT, body), format!("缺少字段 {name}"));
        }
        let mut body = deduction("D1");
        body[name] = json!(1);
        assert_eq!(hospital.refused(DEDUCT, body), format!("字段 {name} 应为文本"));
    }
    for (name, value, message) in [
        ("certType", "7", "字段 certType 的代码 7 不在字典中"),
        ("gloryType", "2", "字段 gloryType 的代码 2 不在字典中"),
        ("deductionType", "3", "字段 deductionType 的代码 3 不在字典中"),
        ("totalFee", "20", "totalFee 应为保留两位小数的金额（元）：20"),
        ("totalFee", "20.0", "totalFee 应为保留两位小数的金额（元）：20.0"),
        ("deductionFee", "-1.00", "deductionFee 应为保留两位小数的金额（元）：-1.00"),
        ("deductionFee", "20.01", "deductionFee 20.01 大于 totalFee 20.00"),
        ("deductionTime", "2026-02-29 00:00:00", "deductionTime 应为 yyyy-MM-dd HH:mm:ss：2026-02-29 00:00:00"),
        ("deductionTime", "2026-11-21T09:30:00", "deductionTime 应为 yyyy-MM-dd HH:mm:ss：2026-11-21T09:30:00"),
    ] {
        let mut body = deduction("D1");
        body[name] = json!(value);
        assert_eq!(hospital.refused(DEDUCT, body), message);
    }
    let mut body = deduction("D1");
    body["remarks"] = json!(1);
    assert_eq!(hospital.refused(DEDUCT, body), "字段 remarks 应为文本");
    assert!(hospital.sandbox.deductions().is_empty());
}

#[test]
fn each_field_of_a_cancellation_is_checked() {
    let hospital = Hospital::new();
    hospital.served(DEDUCT, deduction("D1"));
    for (name, value, message) in [
        ("deductionID", "", "缺少字段 deductionID"),
        ("deductionTime", "", "缺少字段 deductionTime"),
        ("deductionTime", "20261121100000", "deductionTime 应为 yyyy-MM-dd HH:mm:ss：20261121100000"),
    ] {
        let mut body = cancellation("D1");
        body[name] = json!(value);
        assert_eq!(hospital.refused(CANCEL, body), message);
    }
    assert_eq!(hospital.sandbox.deductions()[0].status, "1");
}

#[test]
fn other_paths_and_methods_are_turned_away() {
    let hospital = Hospital::new();
    let url = format!("{}{ALL}", hospital.sandbox.glory_http_url());
    assert_eq!(hospital.agent.get(&url).call().unwrap().status(), 405);
    assert_eq!(hospital.agent.post(format!("{url}/x")).send("{}").unwrap().status(), 404);
}

#[test]
fn what_cannot_be_started_says_why() {
    let refused = |options| Sandbox::start(options).unwrap_err().to_string();
    assert!(refused(Options { cards: 20_000_001, ..Options::default() }).contains("20000000"));
    assert!(refused(Options { glory_sid: "账号".to_owned(), ..Options::default() }).contains("account id"));
    assert!(refused(Options { glory_key: String::new(), ..Options::default() }).contains("key"));
}
