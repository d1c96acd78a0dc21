//! Every given case, through the C contract. `tests/vectors/` holds them: what the document prints, and what was
//! measured against the platform's own client kit.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod host;
mod support;

use serde_json::{Value, json};

const PUBLISHED: &str = include_str!("vectors/onepay-published.json");
const MEASURED: &str = include_str!("vectors/onepay.json");

fn cases(file: &str) -> Vec<Value> {
    serde_json::from_str(file).unwrap()
}

fn settings(case: &Value) -> Value {
    let secret = case.get("secret").or(case.get("appSecret")).unwrap();
    let mut settings = json!({"appSecret": secret, "appId": case.get("appId").unwrap_or(&json!(""))});
    for (name, member) in [("keyOrder", "keyOrder"), ("encryptType", "type")] {
        if let Some(value) = case.get(member) {
            settings[name] = value.clone();
        }
    }
    settings
}

fn check(case: &Value) {
    let name = case["name"].as_str().unwrap();
    let expect = &case["expect"];
    let (operation, member, from) = match case["op"].as_str().unwrap() {
        "sign" => ("onepay_sign", "message", "message"),
        "encrypt" => ("onepay_encrypt", "text", "text"),
        "decrypt" => ("onepay_decrypt", "encryptData", "text"),
        "open" => ("onepay_open", "message", "message"),
        other => panic!("{name}: unknown operation {other}"),
    };
    let reply = host::call(operation, &json!({"onepay": settings(case), member: case[from]}));
    if expect["rejected"] == json!(true) {
        assert_eq!(reply["status"], "rejected", "{name}: {reply}");
        return;
    }
    assert_eq!(reply["status"], "succeeded", "{name}: {reply}");
    let data = &reply["data"];
    match operation {
        "onepay_sign" => {
            let secret = settings(case)["appSecret"].as_str().unwrap().to_owned();
            let text = expect["text"].as_str().unwrap().strip_suffix(&secret).unwrap();
            assert_eq!(data["sign"], expect["sign"], "{name}");
            assert_eq!(data["text"], format!("{text}***"), "{name}");
            signs_alike_inside_an_object(case, &reply);
        }
        "onepay_encrypt" => assert_eq!(data["encryptData"], expect["out"], "{name}"),
        "onepay_decrypt" => assert_eq!(data["text"], expect["out"], "{name}"),
        _ => {
            let plain = expect["plain"].as_str().map(|text| serde_json::from_str(text).unwrap());
            assert_eq!(data["param"], plain.unwrap_or_else(|| expect["param"].clone()), "{name}");
            assert_eq!(data["verified"], true, "{name}");
        }
    }
}

/// A message given as an object, spelt as it is, signs as its text does.
fn signs_alike_inside_an_object(case: &Value, as_text: &Value) {
    let request = format!("{{\"onepay\":{},\"message\":{}}}", settings(case), case["message"].as_str().unwrap());
    let as_object: Value = serde_json::from_str(&host::call_text("onepay_sign", &request)).unwrap();
    assert_eq!(as_object["data"], as_text["data"], "{}", case["name"]);
}

fn check_published(name: &str) {
    check(cases(PUBLISHED).iter().find(|case| case["name"] == name).expect("the example is among the cases"));
}

#[test]
fn upload_medical_detail() {
    check_published("upload-medical-detail");
}

#[test]
fn charge_request() {
    check_published("charge-request");
}

#[test]
fn wechat_response() {
    check_published("wechat-response");
}

#[test]
fn charge_response() {
    check_published("charge-response");
}

#[test]
fn charge_notification() {
    check_published("charge-notification");
}

#[test]
fn every_published_example_is_among_the_tests_above() {
    assert_eq!(cases(PUBLISHED).len(), 5);
}

#[test]
fn every_measured_case_holds() {
    let cases = cases(MEASURED);
    assert_eq!(cases.len(), 167);
    cases.iter().for_each(check);
}

#[test]
fn every_signed_case_verifies_and_a_changed_one_does_not() {
    for case in cases(PUBLISHED).iter().chain(&cases(MEASURED)) {
        if case["op"] != "sign" || case["expect"]["rejected"] == json!(true) {
            continue;
        }
        let sign = case["expect"]["sign"].as_str().unwrap();
        let verify = |sign: &str| {
            let message = case["message"].as_str().unwrap().trim_end().strip_suffix('}').unwrap();
            let comma = if message.trim_end().ends_with('{') { "" } else { "," };
            let message = format!("{message}{comma}\"sign\":\"{sign}\"}}");
            host::call("onepay_verify", &json!({"onepay": settings(case), "message": message}))
        };
        let reply = verify(sign);
        assert_eq!(reply["data"]["verified"], true, "{}: {reply}", case["name"]);
        let changed = format!("{}{}", &sign[1..], &sign[..1]);
        let reply = verify(&changed);
        assert_eq!(host::end(&reply), ("failed", "SIGN_MISMATCH"), "{}: {reply}", case["name"]);
        assert!(reply["data"]["text"].as_str().unwrap().ends_with("key=***"));
    }
}

#[test]
fn sealing_a_published_request_gives_its_printed_sign() {
    let case = &cases(PUBLISHED)[1];
    let message: Value = serde_json::from_str(case["message"].as_str().unwrap()).unwrap();
    let request = json!({
        "onepay": host::document_application(), "transType": message["transType"], "param": message["param"],
        "timestamp": message["timestamp"],
    });
    let sealed = host::call("onepay_seal", &request);
    // The printed request has no version, which a sealed one always carries; without it the sign must be the printed.
    let mut sealed = sealed["data"]["message"].clone();
    sealed.as_object_mut().unwrap().remove("version");
    sealed.as_object_mut().unwrap().insert("sign".into(), case["expect"]["sign"].clone());
    let opened = host::call("onepay_open", &json!({"onepay": host::document_application(), "message": sealed}));
    assert_eq!(opened["data"]["verified"], true, "{opened}");
    assert_eq!(opened["data"]["param"], message["param"]);
}

#[test]
fn every_case_of_the_card_platform_signs_and_verifies() {
    let cases = cases(include_str!("vectors/glory.json"));
    assert_eq!(cases.len(), 25);
    for case in cases {
        let settings = json!({"sid": "S1", "key": case["key"], "numbers": case["numbers"]});
        let signed = |body: &str| {
            let request = format!("{{\"glory\":{settings},\"timestamp\":{},\"body\":{body}}}", case["timestamp"]);
            serde_json::from_str::<Value>(&host::call_text("glory_sign", &request)).unwrap()
        };
        let body = case["body"].as_str().unwrap();
        let reply = signed(body);
        let sign = &case["expect"]["sign"];
        assert_eq!(reply["data"]["text"], case["expect"]["text"], "{}: {reply}", case["name"]);
        assert_eq!(reply["data"]["headers"], json!({"sid": "S1", "timestamp": case["timestamp"], "sign": sign}));
        assert_eq!(signed(&case["body"].to_string()), reply, "as text: {}", case["name"]);
        let verify = |sign: &Value| {
            let headers = json!({"SID": "S1", "Timestamp": case["timestamp"], "Sign": sign});
            host::call("glory_verify", &json!({"glory": settings, "headers": headers, "body": body}))
        };
        assert_eq!(verify(sign)["data"]["verified"], true, "{}", case["name"]);
        let upper = json!(sign.as_str().unwrap().to_uppercase());
        assert_eq!(host::end(&verify(&upper)), ("failed", "SIGN_MISMATCH"), "{}", case["name"]);
    }
}
