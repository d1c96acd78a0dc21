//! `charge.success`, as the platform sends it.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use hislink_sandbox::{Fault, FaultKind, TradeState};
use serde_json::{Value, json};

use crate::clerk::{Clerk, LIMIT, recharge};
use crate::raw;

#[test]
fn a_notification_has_the_form_of_the_real_one() {
    let clerk = Clerk::new();
    let charge = clerk.served("hop.trade.recharge", recharge("OC1", "100.50"));
    let text = clerk.sandbox.notification("OC1", "MD5", "DES").unwrap();
    let message: Value = serde_json::from_str(&text).unwrap();
    let names: Vec<_> = message.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["appId", "encryptData", "encryptType", "sign", "signType", "timestamp", "transType"]);
    assert_eq!(message["transType"], "charge.success");
    assert_eq!(message["timestamp"].as_str().unwrap().len(), 17);
    assert!(message["encryptData"].as_str().unwrap().lines().next().unwrap().len() == 76);
    let param = opened(&clerk, &text);
    assert_eq!(
        param,
        json!({
            "channel": "CASH", "chargeAmt": 100.50, "chargeNo": charge["chargeNo"], "outChargeNo": "OC1",
            "status": "SUCCESS",
        })
    );
}

#[test]
fn a_notification_can_tell_another_amount() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100.50"));
    let ordered = opened(&clerk, &clerk.sandbox.notification("OC1", "MD5", "DES").unwrap());
    let told = opened(&clerk, &clerk.sandbox.notification_with_amount("OC1", "99.99", "SM3", "SM4").unwrap());
    assert_eq!((&told["chargeAmt"], &told["chargeNo"]), (&json!(99.99), &ordered["chargeNo"]));
    for (amount, told) in [(json!("1"), json!(1.0)), (json!(100.51), json!(100.51)), (json!(null), json!(100.5))] {
        let wanted = json!({ "outChargeNo": "OC1", "chargeAmt": amount }).to_string();
        let (status, text) = clerk.control_text("POST", "/control/notification", &wanted);
        assert_eq!((status, &opened(&clerk, &text)["chargeAmt"]), (200, &told), "{amount}");
    }
    assert!(clerk.sandbox.notification_with_amount("OC1", "-1", "MD5", "DES").unwrap_err().contains("-1"));
    assert_eq!(clerk.served("hop.trade.query", json!({ "outChargeNo": "OC1" }))["chargeAmt"], "100.50");
}

/// The verified param of a notification.
fn opened(clerk: &Clerk, text: &str) -> Value {
    let message = hislink::json::read(text).unwrap();
    let message = message.as_object().unwrap();
    let plain = hislink::onepay::envelope::decrypted(message, &clerk.settings).unwrap();
    let opened = hislink::onepay::envelope::open(message, plain.as_deref(), &clerk.settings).unwrap();
    assert!(opened.verified);
    serde_json::from_str(&hislink::json::to_text(&opened.param)).unwrap()
}

#[test]
fn it_verifies_in_every_type() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "1"));
    for sign_type in ["MD5", "SM3"] {
        for encrypt_type in ["AES", "DES", "SM4", "Plain"] {
            let text = clerk.sandbox.notification("OC1", sign_type, encrypt_type).unwrap();
            assert_eq!(opened(&clerk, &text)["outChargeNo"], "OC1");
        }
    }
    assert!(clerk.sandbox.notification("OC1", "md5", "AES").is_err());
    assert!(clerk.sandbox.notification("OC1", "MD5", "RSA").is_err());
}

#[test]
fn only_an_order_that_succeeded_is_notified() {
    let clerk = Clerk::new();
    clerk.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Ing }));
    clerk.served("hop.trade.recharge", recharge("OC1", "1"));
    assert!(clerk.sandbox.notification("OC1", "MD5", "DES").unwrap_err().contains("ing"));
    assert!(clerk.sandbox.notification("OC2", "MD5", "DES").unwrap_err().contains("OC2"));
    assert_eq!(clerk.control("POST", "/control/notification", r#"{"outChargeNo":"OC1"}"#).0, 409);
    clerk.sandbox.settle("OC1", TradeState::Succ).unwrap();
    assert!(clerk.sandbox.notification("OC1", "MD5", "DES").is_ok());
}

#[test]
fn control_hands_out_the_text() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "1"));
    let wanted = r#"{"outChargeNo":"OC1","signType":"SM3","encryptType":"AES"}"#;
    let (status, text) = clerk.control_text("POST", "/control/notification", wanted);
    assert_eq!((status, &opened(&clerk, &text)["status"]), (200, &json!("SUCCESS")));
}

/// A hospital that takes one notification and answers `ok`: its address, and the body that it got.
fn hospital() -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/notify", listener.local_addr().unwrap());
    let got = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_read_timeout(Some(LIMIT)).unwrap();
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        while !bytes.ends_with(b"}") {
            let count = stream.read(&mut buffer).unwrap();
            assert!(count > 0);
            bytes.extend_from_slice(&buffer[..count]);
        }
        stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok").unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.starts_with("POST /notify HTTP/1.1\r\n"));
        text.split_once("\r\n\r\n").unwrap().1.to_owned()
    });
    (url, got)
}

#[test]
fn control_sends_it_and_tells_the_answer() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "1"));
    let (url, got) = hospital();
    let (status, told) =
        clerk.control("POST", "/control/notify", &json!({ "outChargeNo": "OC1", "url": url }).to_string());
    let body = got.join().unwrap();
    assert_eq!((status, &told["httpStatus"], &told["answer"]), (200, &json!(202), &json!("ok")));
    assert_eq!(told["sent"], body);
    assert_eq!(opened(&clerk, &body)["outChargeNo"], "OC1");
}

#[test]
fn a_hospital_that_is_not_there_is_told() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "1"));
    let (_held, nobody) = raw::refusing();
    let wanted = json!({ "outChargeNo": "OC1", "url": format!("http://{nobody}/") }).to_string();
    let (status, told) = clerk.control("POST", "/control/notify", &wanted);
    assert_eq!(status, 502);
    assert!(told["error"].as_str().is_some_and(|error| !error.is_empty()));
}
