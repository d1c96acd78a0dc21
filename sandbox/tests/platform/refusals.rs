//! Every refusal, and that it books nothing.

use hislink::onepay::sign;
use hislink::settings::EncryptType;
use hislink_sandbox::Options;
use hislink_sandbox::refusal::CODES;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use crate::clerk::{Clerk, recharge, refund};

fn with(mut param: Value, name: &str, value: Value) -> Value {
    param[name] = value;
    param
}

/// A recharge of another account.
fn onto(card_type: &str, card_no: &str) -> Value {
    with(with(recharge("OC9", "10"), "cardType", json!(card_type)), "cardNo", json!(card_no))
}

fn details(begin: &str, end: &str) -> Value {
    json!({ "cardType": "03", "cardNo": "10001", "beginDate": begin, "endDate": end })
}

/// What the books refuse, after one recharge OC1 of 100.00 and one OC2 that is still `ing`.
fn business() -> Vec<(&'static str, &'static str, Value)> {
    let (charge, back, query) = ("hop.trade.recharge", "hop.trade.refund", "hop.trade.query");
    let (info, list, wristband) = ("hop.account.info", "hop.trade.details", "portal.wb.getWristbandCode");
    vec![
        ("200004", "hop.trade.nothing", json!({})),
        ("200004", "", json!({})),
        ("200101", info, json!({ "cardType": "03" })),
        ("200101", info, json!({ "cardType": "03", "cardNo": " " })),
        ("200101", charge, with(recharge("OC9", "1"), "outChargeNo", Value::Null)),
        ("200101", charge, with(recharge("OC9", "1"), "depositeType", json!(""))),
        ("200101", query, json!({})),
        ("200101", "portal.wb.queryAccount", json!({})),
        ("200101", list, json!({ "cardType": "03", "beginDate": "20240101", "endDate": "20240301" })),
        ("200101", list, json!({ "cardNo": "10001", "beginDate": "20240101", "endDate": "20240301" })),
        ("200102", info, json!({ "cardType": "99", "cardNo": "10001" })),
        ("200102", charge, with(recharge("OC9", "1"), "depositeType", json!("GOLD"))),
        ("200102", charge, with(recharge("OC9", "1"), "channelType", json!("03"))),
        ("200102", back, with(refund("OC1", "OR9", "1"), "withdrawMode", json!("6"))),
        ("200102", wristband, json!({ "cardType": "03", "cardNo": "10001", "idType": "02" })),
        ("200103", charge, recharge("OC9", "0")),
        ("200103", charge, recharge("OC9", "-1")),
        ("200103", charge, recharge("OC9", "1.005")),
        ("200103", charge, recharge("OC9", "1e2")),
        ("200103", charge, recharge("OC9", "一百")),
        ("200103", back, refund("OC1", "OR9", "0.00")),
        ("200104", list, details("20240230", "20240301")),
        ("200104", list, details("2024-01-01", "20240301")),
        ("200104", list, details("20240302", "20240301")),
        ("200104", list, with(details("20240101", "20240301"), "pageSize", json!(501))),
        ("200104", list, with(details("20240101", "20240301"), "pageNo", json!(0))),
        ("200105", info, json!({ "cardType": "03", "cardNo": ["10001"] })),
        ("200105", info, json!([1])),
        ("200201", info, json!({ "cardType": "03", "cardNo": "99999" })),
        ("200201", info, json!({ "cardType": "01", "cardNo": "10001" })),
        ("200201", charge, onto("03", "99999")),
        ("200202", charge, onto("03", "10002")),
        ("200203", charge, onto("03", "10003")),
        ("200204", charge, onto("03", "10004")),
        ("200205", charge, onto("05", "Z20003")),
        ("200206", wristband, json!({ "cardType": "03", "cardNo": "10001", "idNo": "350783195604016013" })),
        ("200206", wristband, json!({ "cardType": "03", "cardNo": "10001", "accountType": "02" })),
        ("200206", back, with(with(refund("OC1", "OR9", "1"), "cardType", json!("05")), "cardNo", json!("Z20001"))),
        ("200301", charge, recharge("OC1", "100.01")),
        ("200301", charge, with(recharge("OC1", "100"), "depositeType", json!("POS"))),
        ("200302", back, refund("OC404", "OR9", "1")),
        ("200303", back, refund("OC1", "OR9", "100.01")),
        ("200304", back, refund("OC2", "OR9", "1")),
        ("200401", "portal.wb.queryAccount", json!({ "key": "WB404" })),
        ("200401", info, json!({ "cardType": "07", "cardNo": "WB404" })),
    ]
}

#[test]
fn business_refusals_are_signed_and_book_nothing() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    clerk.sandbox.set_fault(hislink_sandbox::Fault::once(hislink_sandbox::FaultKind::TradeState {
        result: hislink_sandbox::TradeState::Ing,
    }));
    clerk.served("hop.trade.recharge", recharge("OC2", "100"));
    let books = |state: Value| json!([state["accounts"], state["orders"], state["refunds"], state["wristbands"]]);
    let before = books(clerk.sandbox.state());
    for (code, trans_type, param) in business() {
        let reply = clerk.ask(trans_type, param.clone());
        assert_eq!((reply.code.as_str(), reply.signed), (code, true), "{trans_type} {param}: {reply:?}");
        assert!(!reply.message.is_empty() && reply.envelope.get("param").is_none());
        assert_eq!((&clerk.latest()["verdict"], &clerk.latest()["booked"]), (&json!(code), &json!(false)));
    }
    assert_eq!(books(clerk.sandbox.state()), before);
}

#[test]
fn a_refund_beyond_the_balance_is_refused() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    let mut poorer = clerk.sandbox.accounts().into_iter().find(|account| account.card.card_no == "10001").unwrap();
    poorer.balance = hislink_sandbox::Fen::of_yuan("99.99").unwrap();
    clerk.sandbox.put_account(poorer);
    assert_eq!(clerk.ask("hop.trade.refund", refund("OC1", "OR1", "100")).code, "200305");
    assert_eq!(clerk.served("hop.trade.refund", refund("OC1", "OR1", "99.99"))["balance"], "0.00");
}

#[test]
fn accounts_that_are_not_open_give_nothing_back_but_the_discharged_do() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    let inpatient = with(with(recharge("OC2", "100"), "cardType", json!("05")), "cardNo", json!("Z20001"));
    clerk.served("hop.trade.recharge", inpatient);
    let change = |card_no: &str, status: &str| {
        let mut account = clerk.sandbox.accounts().into_iter().find(|account| account.card.card_no == card_no).unwrap();
        account.status = status.to_owned();
        clerk.sandbox.put_account(account);
    };
    for (status, code) in [("02", "200202"), ("03", "200203"), ("04", "200204")] {
        change("10001", status);
        assert_eq!(clerk.ask("hop.trade.refund", refund("OC1", "OR1", "1")).code, code);
    }
    change("Z20001", "03");
    assert_eq!(clerk.served("hop.trade.refund", refund("OC2", "OR2", "100"))["result"], "succ");
}

/// What is turned away before the sign holds.
fn protocol(clerk: &Clerk) -> Vec<(&'static str, String)> {
    let sealed = || clerk.seal("hop.account.info", &json!({ "cardType": "03", "cardNo": "10001" }));
    let changed = |name: &str, value: Value| {
        let mut message = sealed();
        message.insert(name.to_owned(), value);
        Value::Object(message).to_string()
    };
    let without = |name: &str| {
        let mut message: Map<String, Value> = sealed();
        message.remove(name);
        Value::Object(message).to_string()
    };
    vec![
        ("200001", "appId=1".to_owned()),
        ("200001", "[]".to_owned()),
        ("200001", String::new()),
        ("010003", without("appId")),
        ("010003", changed("appId", json!(" "))),
        ("200002", changed("appId", json!("1A3VL0KVK0000B020A0A0000CC3F48AE"))),
        ("010006", without("timestamp")),
        ("010006", changed("timestamp", json!(""))),
        ("200003", changed("timestamp", json!("2026-11-21 12:00:00"))),
        ("000001", changed("encryptType", json!("RSA"))),
        ("000001", without("encryptData")),
        ("000001", changed("encryptData", json!("00112233445566778899AABBCCDDEEFF"))),
        ("000001", changed("encryptData", json!("xyz"))),
        ("000002", changed("sign", json!("00000000000000000000000000000000"))),
        ("000002", without("sign")),
        ("000002", changed("timestamp", json!("20261121120001"))),
        ("000002", changed("transType", json!("hop.trade.recharge"))),
        ("000002", changed("signType", json!("RSA"))),
        ("000002", changed("signType", json!("SM3"))),
        // Without a sign and with a respCode it looks like a refusal, which may come unsigned; a request may not.
        ("000002", {
            let mut message = sealed();
            message.remove("sign");
            message.insert("respCode".to_owned(), json!("1"));
            Value::Object(message).to_string()
        }),
    ]
}

#[test]
fn refusals_before_the_sign_holds_are_unsigned() {
    let clerk = Clerk::new();
    for (code, body) in protocol(&clerk) {
        let reply = clerk.send(&body);
        assert_eq!((reply.code.as_str(), reply.signed), (code, false), "{body}: {reply:?}");
        assert!(reply.envelope.get("sign").is_none());
        assert_eq!(clerk.latest()["verdict"], code);
    }
}

#[test]
fn an_answer_that_sm4_cannot_carry_is_a_crypto_failure() {
    let mut clerk = Clerk::new();
    let mut account = clerk.sandbox.accounts().remove(0);
    account.user_name = "𠮷野".to_owned();
    let param = json!({ "cardType": account.card.card_type, "cardNo": account.card.card_no });
    clerk.sandbox.put_account(account);
    clerk.types.1 = EncryptType::Sm4;
    assert_eq!(clerk.ask("hop.account.info", param).code, "000001");
}

#[test]
fn a_bad_sign_is_logged_with_the_signing_text_and_without_the_secret() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = lines.clone();
    let log = Some(Arc::new(move |line: &str| sink.lock().unwrap().push(line.to_owned())) as hislink_sandbox::LogSink);
    let clerk = Clerk::with(Options { log, ..Options::default() });
    let mut message = clerk.seal("hop.account.info", &json!({ "cardType": "03", "cardNo": "10001" }));
    message.insert("sign".to_owned(), json!("BAD"));
    clerk.send(&Value::Object(message).to_string());
    let text = sign::masked(
        "appId=1A3VL0KVK0000B020A0A0000CC3F48AD&encryptType=AES&param={\"cardNo\":\"10001\",\"cardType\":\"03\"}\
         &signType=MD5&timestamp=20261121120000&transType=hop.account.info&version=H.F.0.1",
    );
    let log = lines.lock().unwrap().join("\n");
    assert!(log.contains(&text) && text.ends_with("&key=***"), "{log}");
    assert!(
        !log.contains(clerk.sandbox.app_secret()) && !clerk.sandbox.state().to_string().contains("0A0A0000277BDC91")
    );
    assert_eq!(clerk.latest()["signingText"], text);
}

#[test]
fn every_refusal_of_the_list_is_tested_here() {
    let clerk = Clerk::new();
    let tested: BTreeSet<_> = business().iter().map(|(code, ..)| *code).collect();
    let tested: BTreeSet<_> = protocol(&clerk).iter().map(|(code, _)| *code).chain(tested).chain(["200305"]).collect();
    assert_eq!(CODES.iter().map(|(code, _)| *code).collect::<BTreeSet<_>>(), tested);
}
