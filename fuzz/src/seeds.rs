//! Requests to begin with, from the vectors and the table, and the words in them.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use hislink::json::{self, Json};
use hislink::operations::OPERATIONS;
use hislink::reply::{Code, Status};
use hislink::setting;
use serde_json::{Value, json};

use crate::exported::EXPORTED;
use crate::site::{NOWHERE, SETTINGS_FILE};

const VECTORS: [&str; 2] =
    [include_str!("../../tests/vectors/onepay-published.json"), include_str!("../../tests/vectors/onepay.json")];
const GLORY_VECTORS: &str = include_str!("../../tests/vectors/glory.json");

/// What each target begins with.
pub fn inputs() -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let with_head = |head: &[u8], text: &str| [head, text.as_bytes()].concat();
    let requests = requests();
    let operations = requests.iter().map(|(place, text)| with_head(&[*place], text)).collect();
    // A small buffer, an odd address, no terminator: in turn.
    let head = |n: usize, place: u8| [place, (n % 8 * 2) as u8, 0, (n % 3 * 16) as u8];
    let calls = || requests.iter().enumerate().map(|(n, (place, text))| with_head(&head(n, *place), text)).collect();
    vec![
        ("every_operation", operations),
        ("call_gbk", calls()),
        ("call_utf16", calls()),
        ("json_members", members(&requests)),
        ("answers", answers()),
        ("listener", questions()),
        ("round_trips", (0..16).map(|n| (0..256).map(|at: usize| (at * (2 * n + 3) + n) as u8).collect()).collect()),
    ]
}

/// A pointer and a value for each JSON text.
fn members(requests: &[(u8, String)]) -> Vec<Vec<u8>> {
    let pointers = ["", "/message", "/onepay/appId", "/param/0/-", "/a~1b/~0", "/message/param"];
    let cases = requests.iter().zip(pointers.iter().cycle()).enumerate().map(|(n, ((_, text), pointer))| {
        let value = "充\u{20BB7}";
        let head = [(n % 16) as u8, 40, pointer.len() as u8, value.len() as u8];
        [&head, pointer.as_bytes(), value.as_bytes(), text.as_bytes()].concat()
    });
    cases.collect()
}

/// Answers of both platforms: as a stream, as a body, and to be signed.
fn answers() -> Vec<Vec<u8>> {
    let onepay = [
        r#"{"respCode":"000000","respMsg":"成功","signType":"MD5","param":{"result":"succ","outChargeNo":"A1","chargeAmt":"1.00"}}"#,
        r#"{"respCode":"000000","respMsg":"","signType":"SM3","encryptType":"AES","param":{"result":"ing","balance":"0.10"}}"#,
        r#"{"respCode":"100001","respMsg":"余额不足","param":null}"#,
        r#"{"respCode":"000000","param":[{"result":"notfound"},{"result":"exp"}]}"#,
    ];
    let card =
        r#"{"certType":"0","certNo":"33100119900101123X","certName":"张三","gloryType":"1","gloryID":"G1","dataID":1}"#;
    let glory = [
        format!(r#"{{"responseFlag":"1","responseMessage":"","data":[{card}]}}"#),
        r#"{"responseFlag":"0","responseMessage":"无权限"}"#.to_owned(),
    ];
    let streams = [
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 500 Internal Server Error\r\nContent-Encoding: gzip\r\n\r\n<html>",
    ];
    let bodies = onepay.iter().map(|text| (0, *text)).chain(glory.iter().map(|text| (4, text.as_str())));
    let bodies = bodies.flat_map(|(platform, text)| {
        (1..4).flat_map(move |mode| {
            [0, 16, 32, 48].map(move |pick| [&[platform | mode | pick | 8], text.as_bytes()].concat())
        })
    });
    bodies
        .chain(streams.iter().flat_map(|text| [0, 4].map(|platform| [&[platform], text.as_bytes()].concat())))
        .collect()
}

/// Questions to the listener: as a stream, and a body to be signed.
fn questions() -> Vec<Vec<u8>> {
    let body = r#"{"orgCode":"H331001","beginDate":"2026-11-01 00:00:00","endDate":"2026-11-30 23:59:59"}"#;
    let length = body.len();
    let streams = [
        format!("POST /deductCheck HTTP/1.1\r\nHost: h\r\nsid: S1\r\ntimestamp: 20261121100000\r\nsign: 00\r\nContent-Length: {length}\r\n\r\n{body}"),
        format!("POST /deductCheck HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n".to_owned(),
        "POST /deductCheck HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
    ];
    let streams = streams.iter().map(|text| [&[0], text.as_bytes()].concat());
    streams.chain([[&[1], body.as_bytes()].concat()]).collect()
}

/// Requests, each with the operation's place in the table.
pub fn requests() -> Vec<(u8, String)> {
    let mut requests: Vec<_> = EXPORTED.iter().map(|one| (one.name, one.example.to_owned())).collect();
    for case in VECTORS.iter().flat_map(|file| cases(file)) {
        requests.extend(of_onepay(&case));
    }
    for case in cases(GLORY_VECTORS) {
        requests.extend(of_glory(&case));
    }
    requests.extend(of_settings().map(|settings| ("configure", settings.to_string())));
    requests.extend(in_the_store());
    requests.into_iter().map(|(name, request)| (place(name), request)).collect()
}

fn cases(file: &str) -> Vec<Value> {
    serde_json::from_str(file).expect("vectors in JSON")
}

fn place(name: &str) -> u8 {
    let place = EXPORTED.iter().position(|one| one.name == name);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or_else(|| panic!("no operation {name}"))
}

fn of_onepay(case: &Value) -> Vec<(&'static str, String)> {
    let mut settings = json!({"appId": case.get("appId").unwrap_or(&json!(""))});
    settings["appSecret"] = case.get("secret").or(case.get("appSecret")).expect("a secret").clone();
    for (name, member) in [("keyOrder", "keyOrder"), ("encryptType", "type")] {
        if let Some(value) = case.get(member) {
            settings[name] = value.clone();
        }
    }
    let request = |member: &str, from: &Value| json!({"onepay": settings, member: from}).to_string();
    match case["op"].as_str() {
        Some("encrypt") => vec![("onepay_encrypt", request("text", &case["text"]))],
        Some("decrypt") => vec![("onepay_decrypt", request("encryptData", &case["text"]))],
        Some("open") => vec![("onepay_open", request("message", &case["message"]))],
        _ => {
            let message = case["message"].as_str().unwrap_or_default();
            let signed = case["expect"]["sign"].as_str().and_then(|sign| json::with_member(message, "/sign", sign));
            let signed = signed.unwrap_or_default().into();
            vec![
                ("onepay_sign", request("message", &case["message"])),
                ("onepay_verify", request("message", &signed)),
                ("onepay_explain", request("message", &signed)),
            ]
        }
    }
}

fn of_glory(case: &Value) -> Vec<(&'static str, String)> {
    let settings = json!({"sid": "S1", "key": case["key"], "numbers": case["numbers"], "orgCode": "H331001"});
    let headers = json!({"sid": "S1", "timestamp": case["timestamp"], "sign": case["expect"]["sign"]});
    let signed = json!({"glory": settings, "headers": headers, "body": case["body"]}).to_string();
    let unsigned = json!({"glory": settings, "timestamp": case["timestamp"], "body": case["body"]}).to_string();
    let named = ["glory_verify", "glory_explain", "glory_check"].map(|name| (name, signed.clone()));
    [("glory_sign", unsigned)].into_iter().chain(named).collect()
}

/// Every setting once.
fn of_settings() -> impl Iterator<Item = Value> {
    let onepay = json!({"url": NOWHERE, "appId": "1A3VL0KVK0000B020A0A0000CC3F48AD", "appSecret": "S", "signType": "SM3",
        "encryptType": "SM4", "version": "H.F.0.1", "keyOrder": "sdk", "orderField": "a", "refundField": "b",
        "amountFields": ["c"], "settleSeconds": 3, "details": {"beginDate": "d", "endDate": "e", "pageNo": "f",
        "pageSize": "g", "list": "h", "amount": "i", "result": "j", "tradeTime": "k"}});
    let glory = json!({"url": NOWHERE, "sid": "S1", "key": "K", "orgCode": "H331001", "numbers": "plain",
        "verifyAnswers": "ifSigned"});
    let http = json!({"connectTimeoutMs": 100, "timeoutMs": 200, "proxy": "http://127.0.0.1:1"});
    let files = json!({"caFile": "ca.pem", "clientCertFile": "cert.pem", "clientKeyFile": "key.pem"});
    let log = json!({"dir": "logs", "level": "info", "keepDays": 3});
    [
        json!({"profile": "p", "onepay": onepay, "glory": glory, "http": http, "store": "none", "journalDays": 3,
            "log": log, "language": "zh"}),
        json!({"onepay": onepay, "http": files, "store": "postgres://u:p@127.0.0.1:1/d"}),
        json!({"file": SETTINGS_FILE, "tag": [1.10, {"a": null}]}),
    ]
    .into_iter()
}

/// What the profile with a store is asked.
fn in_the_store() -> Vec<(&'static str, String)> {
    let kept = |name: &str| {
        let example = &EXPORTED[usize::from(place(name))].example;
        let mut request: Value = serde_json::from_str(example).unwrap_or_default();
        request["profile"] = "kept".into();
        request.to_string()
    };
    let names = [
        "onepay_recharge",
        "onepay_refund",
        "onepay_query",
        "glory_sync",
        "glory_lookup",
        "glory_deduct",
        "glory_cancel",
        "glory_check",
        "journal_list",
        "journal_resolve",
        "journal_reconcile",
    ];
    let mut requests: Vec<_> = names.map(|name| (name, kept(name))).into();
    // As deep as a request may be.
    let deepest = format!("{}{}", "[".repeat(127), "]".repeat(127));
    requests.push(("onepay_seal", format!("{{\"onepay\":{{\"appId\":\"A\",\"appSecret\":\"S\",\"encryptType\":\"Plain\"}},\"transType\":\"t\",\"param\":{deepest}}}")));
    requests.push(("glory_listen", json!({"profile": "kept", "bind": "127.0.0.1:0"}).to_string()));
    requests
}

/// Names and values that requests are made of: for the dictionary, and for the mutator.
pub struct Words {
    /// Names of members.
    pub names: Vec<String>,
    /// JSON texts of scalars.
    pub values: Vec<String>,
}

/// All words, gathered once.
pub fn words() -> &'static Words {
    static WORDS: OnceLock<Words> = OnceLock::new();
    WORDS.get_or_init(|| {
        let (mut names, mut values) = (BTreeSet::new(), BTreeSet::new());
        for text in requests().into_iter().map(|(_, text)| text).chain([crate::exported::reply("describe", "{}")]) {
            if let Ok(request) = json::read(&text) {
                gather(&request, &mut names, &mut values);
            }
        }
        names.extend(OPERATIONS.iter().flat_map(|one| one.members).map(|name| (*name).to_owned()));
        let groups = [
            setting::profile::NAMES,
            setting::onepay::NAMES,
            setting::details::NAMES,
            setting::glory::NAMES,
            setting::http::NAMES,
            setting::log::NAMES,
        ];
        names.extend(groups.concat().into_iter().map(str::to_owned));
        let told = Status::ALL.iter().map(|status| status.as_str()).chain(Code::ALL.iter().map(|code| code.as_str()));
        values.extend(told.map(|word| format!("\"{word}\"")));
        let numbers =
            ["0", "-0", "1E2", "10.00", "1e99999", "0.1e-7", "18446744073709551616", "null", "true", "[]", "{}"];
        values.extend(numbers.map(str::to_owned));
        Words { names: names.into_iter().collect(), values: values.into_iter().collect() }
    })
}

fn gather(value: &Json<'_>, names: &mut BTreeSet<String>, values: &mut BTreeSet<String>) {
    match value {
        Json::Object(object) => {
            for (name, value) in object.iter() {
                names.insert(name.to_string());
                gather(value, names, values);
            }
        }
        Json::Array(items) => items.iter().for_each(|item| gather(item, names, values)),
        scalar => {
            let text = json::to_text(scalar);
            if text.len() <= 40 {
                values.insert(text);
            }
        }
    }
}

/// The words as a dictionary of libFuzzer's, a quoted one a line.
pub fn dictionary() -> String {
    let words = words();
    let mut lines = String::new();
    let names = words.names.iter().map(|name| format!("\"{name}\":"));
    for word in names.chain(words.values.iter().cloned()).filter(|word| word.len() <= 40) {
        lines.push('"');
        for byte in word.bytes() {
            match byte {
                b'"' | b'\\' => lines.extend(['\\', char::from(byte)]),
                b' '..=b'~' => lines.push(char::from(byte)),
                other => lines.push_str(&format!("\\x{other:02X}")),
            }
        }
        lines.push_str("\"\n");
    }
    lines
}
