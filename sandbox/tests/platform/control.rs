//! The control interface.

use hislink_sandbox::{Fault, FaultKind, TradeState};
use serde_json::json;

use crate::clerk::{Clerk, recharge, refund};

#[test]
fn state_shows_books_requests_and_faults() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    clerk.served("hop.trade.refund", refund("OC1", "OR1", "1"));
    clerk.sandbox.set_fault(Fault::from(FaultKind::Unsigned).times(2));
    let (status, state) = clerk.control("GET", "/control/state", "");
    assert_eq!((status, &state), (200, &clerk.sandbox.state()));
    assert_eq!(state["accounts"].as_array().unwrap().len(), 8);
    assert_eq!(
        (&state["orders"][0]["outChargeNo"], &state["orders"][0]["chargeAmt"]),
        (&json!("OC1"), &json!("100.00"))
    );
    assert_eq!(state["refunds"][0]["outRefundNo"], "OR1");
    assert_eq!(state["faults"], json!([{ "fault": "unsigned", "times": 2, "transType": null, "path": null }]));
    let first = &state["requests"][0];
    assert_eq!((&first["transType"], &first["verdict"]), (&json!("hop.trade.recharge"), &json!("000000")));
    assert_eq!((&first["booked"], &first["number"]), (&json!(true), &json!(1)));
    assert!(first["signingText"].as_str().unwrap().ends_with("&key=***"));
    assert_eq!(first["connection"], state["requests"][1]["connection"], "kept alive");
}

#[test]
fn books_are_the_part_of_the_state_that_is_kept() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    clerk.served("hop.trade.refund", refund("OC1", "OR1", "1"));
    clerk.served("portal.wb.getWristbandCode", json!({ "cardType": "05", "cardNo": "Z20001" }));
    let (status, books) = clerk.control("GET", "/control/books", "");
    assert_eq!((status, &books), (200, &clerk.sandbox.books()));
    let state = clerk.sandbox.state();
    for name in ["accounts", "orders", "refunds", "wristbands"] {
        assert!(books[name] == state[name] && !books[name].as_array().unwrap().is_empty(), "{name}");
    }
    assert_eq!(books["glory"], json!({ "deductions": [] }));
    assert_eq!(books.as_object().unwrap().len(), 5);
}

#[test]
fn only_the_latest_requests_are_kept() {
    let clerk = Clerk::new();
    let body = clerk.sealed("hop.trade.query", &json!({ "outChargeNo": "OC1" }));
    for _ in 0..1_005 {
        clerk.post(&body).unwrap().body_mut().read_to_string().unwrap();
    }
    let state = clerk.sandbox.state();
    let requests = state["requests"].as_array().unwrap();
    assert_eq!((requests.len(), &requests[0]["number"], &requests[999]["number"]), (1_000, &json!(6), &json!(1_005)));
}

#[test]
fn reset_brings_the_sample_accounts_back() {
    let clerk = Clerk::new();
    let first = clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    clerk.sandbox.set_fault(FaultKind::DropBefore);
    assert_eq!(clerk.control("POST", "/control/reset", "").0, 200);
    let state = clerk.sandbox.state();
    assert_eq!((&state["orders"], &state["faults"], &state["requests"]), (&json!([]), &json!([]), &json!([])));
    let second = clerk.served("hop.trade.recharge", recharge("OC1", "50"));
    assert_eq!(second["balance"], "250.00");
    assert_ne!(first["chargeNo"], second["chargeNo"]);
}

#[test]
fn faults_are_set_listed_and_cleared() {
    let clerk = Clerk::new();
    let fault = r#"{"fault":"http","status":500,"times":1,"transType":"hop.trade.query"}"#;
    assert_eq!(clerk.control("POST", "/control/faults", fault).0, 200);
    let (_, listed) = clerk.control("GET", "/control/faults", "");
    assert_eq!((&listed[0]["fault"], &listed[0]["status"]), (&json!("http"), &json!(500)));
    clerk.served("hop.account.info", json!({ "cardType": "03", "cardNo": "10001" }));
    let body = clerk.sealed("hop.trade.query", &json!({ "outChargeNo": "OC1" }));
    assert_eq!(clerk.post(&body).unwrap().status(), 500);
    assert_eq!(clerk.post(&body).unwrap().status(), 200);
    clerk.control("POST", "/control/faults", r#"{"fault":"dropBefore"}"#);
    assert_eq!(clerk.control("DELETE", "/control/faults", ""), (200, json!([])));
    assert_eq!(clerk.post(&body).unwrap().status(), 200);
}

#[test]
fn an_account_is_added_and_replaced() {
    let clerk = Clerk::new();
    let account = |status: &str| {
        json!({
            "cardType": "02", "cardNo": "H1", "idNo": "350102199003074518", "userName": "新病人",
            "accountType": "01", "status": status, "balance": "12.5",
        })
        .to_string()
    };
    assert_eq!(clerk.control("POST", "/control/accounts", &account("01")).0, 200);
    assert_eq!(clerk.balance("02", "H1"), "12.50");
    assert_eq!(clerk.control("POST", "/control/accounts", &account("03")).0, 200);
    let info = clerk.served("hop.account.info", json!({ "cardType": "02", "cardNo": "H1" }));
    assert_eq!(info["status"], "03");
    assert_eq!(clerk.sandbox.accounts().len(), 9);
}

#[test]
fn an_order_is_settled() {
    let clerk = Clerk::new();
    clerk.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Ing }));
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    assert_eq!(clerk.control("POST", "/control/orders/OC1", r#"{"result":"succ"}"#).0, 200);
    assert_eq!(clerk.balance("03", "10001"), "300.00");
    assert_eq!(clerk.control("POST", "/control/orders/OC1", r#"{"result":"fail"}"#).0, 409);
    assert_eq!(clerk.control("POST", "/control/orders/OC404", r#"{"result":"succ"}"#).0, 409);
}

#[test]
fn what_is_not_understood_is_named() {
    let clerk = Clerk::new();
    let account = json!({
        "cardType": "03", "cardNo": "1", "idNo": "", "userName": "", "accountType": "02", "status": "04",
    });
    for (method, path, body, status, names) in [
        ("POST", "/control/faults", r#"{"fault":"explode"}"#, 400, "explode"),
        ("POST", "/control/faults", r#"{"fault":"delay","milliseconds":1,"wenn":"after"}"#, 400, "wenn"),
        ("POST", "/control/faults", "{", 400, "JSON"),
        ("POST", "/control/reset", r#"{"all":true}"#, 400, "all"),
        ("POST", "/control/orders/OC1", r#"{"result":"notfound"}"#, 400, "notfound"),
        ("POST", "/control/orders/OC1", "", 400, "result"),
        ("POST", "/control/accounts", r#"{"cardTyp":"03"}"#, 400, "cardTyp"),
        ("POST", "/control/accounts", &account.to_string(), 400, "status"),
        ("POST", "/control/notify", r#"{"outChargeNo":"OC1"}"#, 400, "url"),
        ("POST", "/control/notification", r#"{"outChargeNo":"OC1","signType":"RSA"}"#, 400, "RSA"),
        ("POST", "/control/notification", r#"{"outChargeNo":"OC1","url":"http://x/"}"#, 400, "url"),
        ("POST", "/control/notification", r#"{"outChargeNo":"OC1","chargeAmt":"1.005"}"#, 400, "1.005"),
        ("GET", "/control/nothing", "", 404, "/control/state"),
        ("PUT", "/control/faults", "", 405, "/control/faults"),
    ] {
        let (answered, told) = clerk.control(method, path, body);
        let error = told["error"].as_str().unwrap();
        assert!(answered == status && error.contains(names), "{method} {path} {body}: {answered} {error}");
    }
}

#[test]
fn a_request_is_kept_as_it_came_unless_it_is_huge() {
    let clerk = Clerk::new();
    let mut message = clerk.seal("hop.trade.query", &json!({ "outChargeNo": "OC1" }));
    let body = json!(message).to_string();
    let answered = clerk.send(&body).envelope.to_string();
    let seen = clerk.latest();
    assert_eq!(seen["received"], body);
    let kept: serde_json::Value = serde_json::from_str(seen["answered"].as_str().unwrap()).unwrap();
    assert_eq!(kept.to_string(), answered);
    message.insert("externalNo".to_owned(), json!(format!("x{}", "易".repeat(200_000))));
    assert_eq!(clerk.send(&json!(message).to_string()).code, "000000");
    let kept = clerk.latest()["received"].as_str().unwrap().len();
    assert!((64 * 1024 - 3..=64 * 1024).contains(&kept), "{kept}");
}
