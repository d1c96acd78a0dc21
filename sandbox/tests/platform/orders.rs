//! Order numbers, over-refunds, and trades that are not settled at once.

use hislink_sandbox::{Fault, FaultKind, TradeState};
use serde_json::json;

use crate::clerk::{Clerk, recharge, refund};

fn left_in(clerk: &Clerk, result: TradeState) {
    clerk.sandbox.set_fault(Fault::once(FaultKind::TradeState { result }));
}

#[test]
fn a_repeated_order_is_booked_once() {
    let clerk = Clerk::new();
    let first = clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    assert_eq!(clerk.latest()["booked"], true);
    let again = clerk.served("hop.trade.recharge", recharge("OC1", "100.00"));
    assert_eq!(again, first);
    assert_eq!(clerk.latest()["booked"], false);
    let first = clerk.served("hop.trade.refund", refund("OC1", "OR1", "60"));
    assert_eq!(clerk.served("hop.trade.refund", refund("OC1", "OR1", "60.0")), first);
    assert_eq!(clerk.balance("03", "10001"), "240.00");
    let state = clerk.sandbox.state();
    assert_eq!((state["orders"].as_array().unwrap().len(), state["refunds"].as_array().unwrap().len()), (1, 1));
}

#[test]
fn a_refund_number_with_other_content_is_refused() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    clerk.served("hop.trade.recharge", recharge("OC2", "100"));
    clerk.served("hop.trade.refund", refund("OC1", "OR1", "60"));
    assert_eq!(clerk.ask("hop.trade.refund", refund("OC1", "OR1", "30")).code, "200301");
    assert_eq!(clerk.ask("hop.trade.refund", refund("OC2", "OR1", "60")).code, "200301");
    assert_eq!(clerk.balance("03", "10001"), "340.00");
}

#[test]
fn refunds_never_exceed_their_order() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    clerk.served("hop.trade.recharge", recharge("OC2", "100"));
    clerk.served("hop.trade.refund", refund("OC1", "OR1", "60"));
    assert_eq!(clerk.ask("hop.trade.refund", refund("OC1", "OR2", "40.01")).code, "200303");
    clerk.served("hop.trade.refund", refund("OC1", "OR3", "40"));
    assert_eq!(clerk.ask("hop.trade.refund", refund("OC1", "OR4", "0.01")).code, "200303");
}

#[test]
fn a_refund_under_way_keeps_its_room() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    left_in(&clerk, TradeState::Ing);
    let pending = clerk.served("hop.trade.refund", refund("OC1", "OR1", "60"));
    assert_eq!((&pending["result"], &pending["balance"]), (&json!("ing"), &json!("300.00")));
    assert_eq!(clerk.ask("hop.trade.refund", refund("OC1", "OR2", "50")).code, "200303");
    clerk.sandbox.settle("OR1", TradeState::Fail).unwrap();
    clerk.served("hop.trade.refund", refund("OC1", "OR2", "50"));
    let error = clerk.sandbox.settle("OR1", TradeState::Succ).unwrap_err();
    assert!(error.contains("50.00"), "{error}");
    assert_eq!(clerk.balance("03", "10001"), "250.00");
}

#[test]
fn trades_stay_in_the_chosen_state_until_settled() {
    for (result, word) in [
        (TradeState::Init, "init"),
        (TradeState::Ing, "ing"),
        (TradeState::Exp, "exp"),
        (TradeState::Fail, "fail"),
        (TradeState::Closed, "closed"),
    ] {
        let clerk = Clerk::new();
        left_in(&clerk, result);
        let charge = clerk.served("hop.trade.recharge", recharge("OC1", "100"));
        assert_eq!((&charge["result"], &charge["balance"]), (&json!(word), &json!("200.00")));
        assert_eq!(clerk.served("hop.trade.query", json!({ "outChargeNo": "OC1" }))["result"], word);
        clerk.sandbox.settle("OC1", TradeState::Succ).unwrap();
        assert_eq!(clerk.served("hop.trade.query", json!({ "outChargeNo": "OC1" }))["result"], "succ");
        assert_eq!(clerk.served("hop.trade.recharge", recharge("OC1", "100"))["balance"], "300.00");
        assert!(clerk.sandbox.settle("OC1", TradeState::Fail).is_err(), "it has succeeded");
        assert_eq!(clerk.balance("03", "10001"), "300.00");
    }
}

#[test]
fn a_settled_refund_moves_its_money() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    left_in(&clerk, TradeState::Exp);
    clerk.served("hop.trade.refund", refund("OC1", "OR1", "100"));
    clerk.sandbox.settle("OR1", TradeState::Succ).unwrap();
    let known = clerk.served("hop.trade.query", json!({ "outRefundNo": "OR1" }));
    assert_eq!((&known["result"], clerk.balance("03", "10001").as_str()), (&json!("succ"), "200.00"));
    assert!(clerk.sandbox.settle("nobody's", TradeState::Succ).is_err());
}
