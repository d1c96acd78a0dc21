//! The named services against the sandbox, through the C contract: what is checked before sending, what each answer
//! means, and that every fault ends in the status that is true for the money.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod host;
mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use hislink_sandbox::{Fault, FaultKind, Options, Sandbox, TradeState, When};
use host::{call, end};
use serde_json::{Value, json};

/// A platform of its own for each test, inline settings that lead there, and a profile whose journal is its own.
struct Platform {
    sandbox: Sandbox,
    settings: Value,
    profile: String,
}

impl Platform {
    fn new() -> Self {
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let settings = json!({"url": sandbox.http_url(), "appId": sandbox.app_id(), "appSecret": sandbox.app_secret(),
            "settleSeconds": 4});
        Self { sandbox, profile: own_journal(&settings), settings }
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.settings[name] = json!(value);
        self
    }

    fn call(&self, operation: &str, mut request: Value) -> Value {
        request["onepay"] = self.settings.clone();
        if request.get("profile").is_none() {
            request["profile"] = json!(self.profile);
        }
        call(operation, &request)
    }

    fn recharge(&self, order_no: &str, amount: &str) -> Value {
        self.call("onepay_recharge", json!({"orderNo": order_no, "param": recharge_param(amount), "timeoutMs": 3000}))
    }

    fn balance(&self) -> Value {
        let reply = self.call("onepay_account_info", json!({"param": {"cardType": "03", "cardNo": "10001"}}));
        reply["data"]["param"]["balance"].clone()
    }

    fn requests(&self) -> Vec<Value> {
        self.sandbox.state()["requests"].as_array().unwrap().clone()
    }

    /// How many requests of a service came.
    fn sent(&self, service: &str) -> usize {
        self.requests().iter().filter(|request| request["transType"] == service).count()
    }

    fn booked(&self) -> usize {
        self.requests().iter().filter(|request| request["booked"] == json!(true)).count()
    }
}

/// A profile with a store of its own.
fn own_journal(onepay: &Value) -> String {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let profile = format!("trade-{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{profile}-{}", std::process::id()));
    // Only an earlier run of the same number left one.
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let store = folder.join("store.db");
    let settings = json!({"profile": profile, "onepay": onepay, "store": format!("sqlite:{}", store.display())});
    let reply = call("configure", &settings);
    assert_eq!(reply["status"], "succeeded", "{reply}");
    profile
}

fn recharge_param(amount: &str) -> Value {
    json!({"cardType": "03", "cardNo": "10001", "chargeAmt": amount, "depositeType": "CASH", "channelType": "01"})
}

#[test]
fn a_patient_is_served_from_account_to_wristband_in_every_signature_and_cipher() {
    for sign_type in ["MD5", "SM3"] {
        for cipher in ["AES", "DES", "SM4", "Plain"] {
            let platform = Platform::new().with("signType", sign_type).with("encryptType", cipher);
            let before = platform.balance();
            let recharged = platform.recharge("OC1", "100.50");
            assert_eq!(end(&recharged), ("succeeded", "OK"), "{sign_type} {cipher}: {recharged}");
            assert_eq!(recharged["data"]["respCode"], "000000");
            assert_eq!(recharged["data"]["param"]["outChargeNo"], "OC1");
            let queried = platform.call("onepay_query", json!({"orderNo": "OC1"}));
            assert_eq!(queried["data"]["param"]["result"], "succ", "{queried}");
            let refund =
                json!({"orderNo": "RF1", "param": {"outChargeNo": "OC1", "refundAmt": 100.5, "withdrawMode": "0"}});
            let refunded = platform.call("onepay_refund", refund);
            assert_eq!(end(&refunded), ("succeeded", "OK"), "{refunded}");
            assert_eq!(platform.balance(), before);
            let details = platform.call(
                "onepay_details",
                json!({"param": {"cardType": "03", "cardNo": "10001", "beginDate": "20200101", "endDate": "20991231"}}),
            );
            assert_eq!(details["data"]["param"]["list"].as_array().unwrap().len(), 2, "{details}");
            let code = platform.call(
                "onepay_wristband_code",
                json!({"param": {"cardType": "05", "cardNo": "Z20001", "operatorId": "1", "accountType": "02"}}),
            );
            let key = &code["data"]["param"]["key"];
            assert!(code["data"]["param"]["Url"].is_string(), "{code}");
            let account = platform.call("onepay_wristband_account", json!({"param": {"key": key}}));
            assert_eq!(account["data"]["param"]["userName"], "李四", "{account}");
        }
    }
}

#[test]
fn wrong_input_is_rejected_by_name_and_nothing_is_sent() {
    let platform = Platform::new();
    let recharge = |change: fn(&mut Value)| {
        let mut request = json!({"orderNo": "OC1", "param": recharge_param("1.00")});
        change(&mut request);
        platform.call("onepay_recharge", request)
    };
    type Change = fn(&mut Value);
    let cases: [(&str, &str, Change); 27] = [
        ("/param/cardType", "BAD_FIELD", |r| r["param"]["cardType"] = json!("99")),
        ("/param/cardType", "BAD_FIELD", |r| r["param"]["cardType"] = json!({})),
        ("/param/cardType", "BAD_FIELD", |r| r["param"]["cardType"] = json!("TRANS_ UNIT")),
        ("/orderNo", "BAD_FIELD", |r| r["orderNo"] = json!(" OC1 ")),
        ("/orderNo", "BAD_FIELD", |r| r["orderNo"] = json!("")),
        ("/param/outChargeNo", "BAD_FIELD", |r| {
            r["orderNo"] = json!(null);
            r["param"]["outChargeNo"] = json!(" ");
        }),
        ("/param/chargeAmt", "BAD_FIELD", |r| r["param"]["chargeAmt"] = json!("")),
        ("/param/accountType", "BAD_FIELD", |r| r["param"]["accountType"] = json!("03")),
        ("/param/depositeType", "BAD_FIELD", |r| r["param"]["depositeType"] = json!("现金")),
        ("/param/withdrawMode", "BAD_FIELD", |r| r["param"]["withdrawMode"] = json!(6)),
        ("/param/channelType", "BAD_FIELD", |r| r["param"]["channelType"] = json!("03")),
        ("/param/idType", "BAD_FIELD", |r| r["param"]["idType"] = json!("02")),
        ("/param/chargeAmt", "BAD_FIELD", |r| r["param"]["chargeAmt"] = json!("0.00")),
        ("/param/chargeAmt", "BAD_FIELD", |r| r["param"]["chargeAmt"] = json!(-1)),
        ("/param/chargeAmt", "BAD_FIELD", |r| r["param"]["chargeAmt"] = json!("1.005")),
        ("/param/amount", "BAD_FIELD", |r| r["param"]["amount"] = json!("一元")),
        ("/param/outChargeNo", "BAD_FIELD", |r| r["orderNo"] = json!(null)),
        ("/param/outChargeNo", "BAD_FIELD", |r| r["param"]["outChargeNo"] = json!("another")),
        ("/orderNo", "BAD_FIELD", |r| r["orderNo"] = json!(1)),
        ("/param/list/1", "BAD_FIELD", |r| r["param"]["list"] = json!(["a", null])),
        ("/param", "BAD_FIELD", |r| r["param"] = json!("{}")),
        ("/param", "BAD_FIELD", |r| r["param"] = json!(null)),
        ("/timeoutMs", "BAD_FIELD", |r| r["timeoutMs"] = json!(0)),
        ("/timeoutMs", "BAD_FIELD", |r| r["timeoutMs"] = json!("1000")),
        ("/ordrNo", "BAD_FIELD", |r| r["ordrNo"] = json!("OC1")),
        ("/profile", "BAD_FIELD", |r| r["profile"] = json!(7)),
        ("/param/k~1y", "BAD_FIELD", |r| r["param"]["k/y"] = json!([[null]])),
    ];
    for (field, code, change) in cases {
        let reply = recharge(change);
        assert_eq!(end(&reply), ("rejected", code), "{reply}");
        assert!(reply["field"].as_str().unwrap().starts_with(field), "{field}: {reply}");
        assert!(reply["message"].as_str().is_some_and(|message| !message.is_empty()));
    }
    let wristband = platform.call("onepay_wristband_account", json!({"param": {}}));
    assert_eq!((end(&wristband), &wristband["field"]), (("rejected", "BAD_FIELD"), &json!("/param/key")));
    let refund = platform.call("onepay_refund", json!({"param": {"outChargeNo": "OC1", "refundAmt": "1"}}));
    assert_eq!((end(&refund), &refund["field"]), (("rejected", "BAD_FIELD"), &json!("/param/outRefundNo")));
    assert_eq!(platform.requests().len(), 0);
}

#[test]
fn sm4_names_the_character_that_gbk_lacks_and_sends_nothing() {
    let platform = Platform::new().with("encryptType", "SM4");
    let mut param = recharge_param("1.00");
    param["remark"] = json!("ok😀");
    let reply = platform.call("onepay_recharge", json!({"orderNo": "OC1", "param": param}));
    assert_eq!(end(&reply), ("rejected", "BAD_FIELD"), "{reply}");
    assert_eq!(reply["field"], "/param/remark", "{reply}");
    assert!(reply["message"].as_str().unwrap().contains("1F600"));
    assert_eq!(platform.requests().len(), 0);
}

#[test]
fn what_the_platform_refuses_is_failed_with_its_own_code_and_words() {
    let platform = Platform::new();
    let mut unknown_card = recharge_param("1.00");
    unknown_card["cardNo"] = json!("no such");
    let reply = platform.call("onepay_recharge", json!({"orderNo": "OC1", "param": unknown_card}));
    assert_eq!(end(&reply), ("failed", "PLATFORM_REFUSED"), "{reply}");
    assert_eq!(reply["platformCode"], reply["data"]["respCode"]);
    assert!(!reply["platformMessage"].as_str().unwrap().is_empty());

    assert_eq!(end(&platform.recharge("OC2", "10.00")), ("succeeded", "OK"));
    let over = json!({"orderNo": "RF1", "param": {"outChargeNo": "OC2", "refundAmt": "10.01", "withdrawMode": "1"}});
    assert_eq!(end(&platform.call("onepay_refund", over)), ("failed", "PLATFORM_REFUSED"));

    // The same order number is the same order: answered again, booked once.
    let balance = platform.balance();
    assert_eq!(end(&platform.recharge("OC2", "10.00")), ("succeeded", "OK"));
    assert_eq!(platform.balance(), balance);

    let stranger = Platform {
        settings: json!({"url": platform.sandbox.http_url(), "appId": platform.sandbox.app_id(),
        "appSecret": "another secret of some length"}),
        sandbox: Sandbox::start(Options::default()).unwrap(),
        profile: platform.profile.clone(),
    };
    let reply = stranger.recharge("OC3", "1.00");
    assert_eq!(end(&reply), ("failed", "PLATFORM_REFUSED"), "{reply}");
    assert!(["000001", "000002"].contains(&reply["platformCode"].as_str().unwrap()), "{reply}");
}

#[test]
fn a_trade_state_decides_after_the_business_answer() {
    for (state, status) in [
        (TradeState::Init, "pending"),
        (TradeState::Ing, "pending"),
        (TradeState::Fail, "failed"),
        (TradeState::Closed, "failed"),
        (TradeState::Exp, "unknown"),
    ] {
        let platform = Platform::new();
        platform.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: state }));
        let recharged = platform.recharge("OC1", "1.00");
        assert_eq!(recharged["status"], status, "{recharged}");
        assert_eq!(recharged["data"]["param"]["outChargeNo"], "OC1", "the answer comes along: {recharged}");
        let queried = platform.call("onepay_query", json!({"orderNo": "OC1"}));
        assert_eq!(queried["status"], status, "{queried}");
    }
    let platform = Platform::new();
    let queried = platform.call("onepay_query", json!({"orderNo": "never seen"}));
    assert_eq!(queried["status"], "failed", "{queried}");
    assert_eq!(queried["data"]["param"]["result"], "notfound");
}

#[test]
fn a_refund_whose_answer_is_lost_is_found_by_its_own_number() {
    let platform = Platform::new();
    assert_eq!(end(&platform.recharge("OC1", "10.00")), ("succeeded", "OK"));
    platform.sandbox.set_fault(Fault::once(FaultKind::DropAfter));
    let refund = json!({"orderNo": "RF1", "param": {"outChargeNo": "OC1", "refundAmt": "4.00", "withdrawMode": "0"}});
    let refunded = platform.call("onepay_refund", refund);
    assert_eq!((end(&refunded), &refunded["data"]["queried"]), (("succeeded", "OK"), &json!(true)), "{refunded}");
    let queried = platform.call("onepay_query", json!({"refundNo": "RF1"}));
    assert_eq!(
        (end(&queried), &queried["data"]["param"]["result"]),
        (("succeeded", "OK"), &json!("succ")),
        "{queried}"
    );
    let refund_only = platform.call("onepay_refund", json!({"orderNo": "RF2"}));
    assert_eq!((end(&refund_only), &refund_only["field"]), (("rejected", "BAD_FIELD"), &json!("/param")));
}

#[test]
fn an_answer_for_another_order_is_no_answer_for_this_one() {
    let settings = host::document_application();
    for (param, status, code) in [
        (json!({"outChargeNo": "OC1", "result": "succ"}), "succeeded", "OK"),
        (json!({"outChargeNo": "OC2", "result": "succ"}), "unknown", "BAD_ANSWER"),
        (json!({"outChargeNo": "OC1", "result": true}), "unknown", "PLATFORM_REFUSED"),
        (json!({"outChargeNo": "OC1", "result": "SUCCESS"}), "unknown", "PLATFORM_REFUSED"),
        (json!({"outChargeNo": "OC1", "result": null}), "succeeded", "OK"),
        // Signed as a text, a param says no less.
        (json!("{\"outChargeNo\":\"OC1\",\"result\":\"succ\"}"), "succeeded", "OK"),
        (json!("{\"outChargeNo\":\"OC1\",\"result\":\"ing\"}"), "pending", "OK"),
        (json!("{\"outChargeNo\":\"OC1\",\"result\":\"fail\"}"), "failed", "PLATFORM_REFUSED"),
        (json!("{\"outChargeNo\":\"OC2\",\"result\":\"succ\"}"), "unknown", "BAD_ANSWER"),
    ] {
        let mut answer = json!({"respCode": "000000", "respMsg": "成功", "param": param, "signType": "MD5"});
        answer["sign"] = call("onepay_sign", &json!({"onepay": settings, "message": answer}))["data"]["sign"].clone();
        let url = answering_once(&answer.to_string());
        let mut onepay = settings.clone();
        onepay["url"] = json!(url);
        let reply = recharge_once(&onepay);
        assert_eq!(end(&reply), (status, code), "{reply}");
    }
}

#[test]
fn what_a_gateway_says_is_no_word_of_the_platform() {
    for code in ["200", "SUCCESS", "", " ", "null", "000000 "] {
        let url = answering_once(&json!({"respCode": code, "respMsg": "网关"}).to_string());
        let mut onepay = host::document_application();
        onepay["url"] = json!(url);
        let reply = recharge_once(&onepay);
        assert_eq!(end(&reply), ("unknown", "BAD_ANSWER"), "{code}: {reply}");
        assert_eq!(reply["platformMessage"], "网关", "{code}: {reply}");
    }
}

/// Recharges as OC1, with a journal of its own.
fn recharge_once(onepay: &Value) -> Value {
    let request = json!({"profile": own_journal(onepay), "orderNo": "OC1", "param": recharge_param("1.00"),
        "timeoutMs": 2500});
    call("onepay_recharge", &request)
}

/// The address of a server that answers one request with `body`.
fn answering_once(body: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    thread::spawn(move || {
        let (mut client, _) = listener.accept()?;
        let mut request = Vec::new();
        // A request is whole when its JSON body is.
        while !request.ends_with(b"}") {
            let mut part = [0; 4096];
            let read = client.read(&mut part)?;
            request.extend_from_slice(&part[..read]);
        }
        client.write_all(answer.as_bytes())
    });
    url
}

#[test]
fn every_fault_ends_in_what_is_true_for_the_money() {
    let refuse = |code: &str, when| FaultKind::Refuse { resp_code: code.into(), resp_msg: "不行".into(), when };
    let http = |status, when| FaultKind::Http { status, location: None, when };
    let slow = |when| FaultKind::Delay { milliseconds: 5_000, when };
    let (done, no_such_trade) = (("succeeded", "OK"), ("failed", "PLATFORM_REFUSED"));
    // The fault; the reply's status and code, after the library has asked; whether the recharge was booked then; the same
    // call once more.
    let cases = [
        // It may still be on its way.
        (slow(When::Before), ("unknown", "TIMEOUT"), false, done),
        (slow(When::After), done, true, done),
        (FaultKind::DropBefore, no_such_trade, false, done),
        (FaultKind::DropAfter, done, true, done),
        (FaultKind::ResetMidAnswer, done, true, done),
        (FaultKind::ShortBody, done, true, done),
        (FaultKind::Truncated, done, true, done),
        (FaultKind::Gbk, done, true, done),
        (FaultKind::NotJson { when: When::After }, done, true, done),
        // Somebody answered, and the platform may still be working.
        (FaultKind::NotJson { when: When::Before }, ("unknown", "BAD_ANSWER"), false, done),
        (FaultKind::Slow { milliseconds: 20 }, done, true, done),
        (http(500, When::After), done, true, done),
        (http(502, When::Before), no_such_trade, false, done),
        (http(504, When::Before), ("unknown", "HTTP_STATUS"), false, done),
        // Turned away before any handler.
        (http(404, When::Before), ("failed", "HTTP_STATUS"), false, done),
        (
            FaultKind::Http { status: 302, location: Some("http://127.0.0.1:1/".into()), when: When::Before },
            no_such_trade,
            false,
            done,
        ),
        // What does not verify is not asked about by itself.
        (FaultKind::WrongSign, ("unknown", "SIGN_MISMATCH"), true, done),
        (FaultKind::Unsigned, ("unknown", "SIGN_MISMATCH"), true, done),
        (FaultKind::Undecryptable, ("unknown", "DECRYPT_FAILED"), true, done),
        (http(406, When::After), done, true, done),
        // A refusal is repeated from the journal.
        (refuse("010003", When::Before), ("failed", "PLATFORM_REFUSED"), false, ("failed", "PLATFORM_REFUSED")),
        (refuse("E0001", When::Before), ("failed", "PLATFORM_REFUSED"), false, ("failed", "PLATFORM_REFUSED")),
        (refuse("888888", When::After), done, true, done),
        (refuse("999999", When::After), done, true, done),
        (FaultKind::Clock { minutes: 30 }, done, true, done),
    ];
    // All platforms are there before the first call: to make their certificates takes the processor that calls need.
    let cases = cases.map(|case| (Platform::new(), case));
    thread::scope(|scope| {
        for (platform, (fault, first, booked, again)) in cases {
            scope.spawn(move || {
                platform.sandbox.set_fault(Fault::once(fault.clone()));
                let reply = platform.recharge("OC1", "1.00");
                assert_eq!(end(&reply), first, "{fault:?}: {reply}");
                assert_eq!(platform.booked(), usize::from(booked), "{fault:?}");
                let late = matches!(fault, FaultKind::Delay { when: When::Before, .. });
                if late {
                    await_booking(&platform);
                }
                if first.0 == "unknown" && !booked && !late {
                    // The request whose exchange nobody ended is believed to be lost only after its time.
                    thread::sleep(Duration::from_millis(4_100));
                }
                let repeated = platform.recharge("OC1", "1.00");
                assert_eq!(end(&repeated), again, "{fault:?}: {repeated}");
                let orders = platform.sandbox.state()["orders"].as_array().unwrap().len();
                assert_eq!(orders, usize::from(again == done), "{fault:?}");
                // Only what the platform surely does not have is sent once more.
                let sent = platform.sent("hop.trade.recharge");
                assert_eq!(sent, 1 + usize::from(!booked && !late && again == done), "{fault:?}");
            });
        }
    });
}

/// A request that the platform was slow to take in is booked only later.
fn await_booking(platform: &Platform) {
    let booked = (0..200).any(|_| {
        thread::sleep(Duration::from_millis(100));
        platform.booked() == 1
    });
    assert!(booked);
}

#[test]
fn a_notification_of_the_platform_opens_in_every_cipher() {
    let platform = Platform::new();
    assert_eq!(end(&platform.recharge("OC1", "1.00")), ("succeeded", "OK"));
    for cipher in ["AES", "DES", "SM4", "Plain"] {
        let text = platform.sandbox.notification("OC1", "MD5", cipher).unwrap();
        let opened = platform.call("onepay_open", json!({"message": text}));
        assert_eq!(opened["data"]["verified"], true, "{cipher}: {opened}");
        assert_eq!(opened["data"]["param"]["outChargeNo"], "OC1");
        assert_eq!(opened["data"]["message"]["transType"], "charge.success");
        assert!(opened["data"]["message"].get("encryptData").is_none());
        let forged = text.replacen("charge.success", "charge.succesz", 1);
        let reply = platform.call("onepay_open", json!({"message": forged}));
        assert_eq!(end(&reply), ("failed", "SIGN_MISMATCH"), "{reply}");
    }
}

#[test]
fn an_unsigned_refusal_opens_unverified_and_an_unsigned_success_does_not() {
    let settings = host::document_application();
    let open = |message: Value| call("onepay_open", &json!({"onepay": settings, "message": message}));
    let refusal = open(json!({"respCode": "000002", "respMsg": "验签失败"}));
    assert_eq!((end(&refusal), &refusal["data"]["verified"]), (("succeeded", "OK"), &json!(false)), "{refusal}");
    assert_eq!(end(&open(json!({"respCode": "000000", "param": {}}))), ("failed", "SIGN_MISMATCH"));
    assert_eq!(end(&open(json!({"transType": "charge.success", "param": {}}))), ("failed", "SIGN_MISMATCH"));
    let signed_wrong = open(json!({"respCode": "000002", "sign": "00"}));
    assert_eq!(end(&signed_wrong), ("failed", "SIGN_MISMATCH"));
}
