//! Each service, once done right.

use serde_json::{Value, json};

use crate::clerk::{Clerk, recharge, refund};

#[test]
fn an_account_is_told_by_its_card() {
    let clerk = Clerk::new();
    let zhang = json!({
        "cardType": "03", "cardNo": "10001", "userName": "张三", "idNo": "350626198510201017",
        "balance": "200.00", "status": "01", "accountType": "01",
    });
    assert_eq!(clerk.served("hop.account.info", json!({ "cardType": "03", "cardNo": "10001" })), zhang);
    for (card_type, card_no, status, account_type) in [
        ("03", "10002", "02", "01"),
        ("03", "10003", "03", "01"),
        ("03", "10004", "04", "01"),
        ("05", "Z20001", "01", "02"),
        ("05", "Z20002", "02", "02"),
        ("05", "Z20003", "03", "02"),
    ] {
        let account = clerk.served("hop.account.info", json!({ "cardType": card_type, "cardNo": card_no }));
        assert_eq!((&account["status"], &account["accountType"]), (&json!(status), &json!(account_type)), "{card_no}");
    }
}

#[test]
fn a_recharge_grows_the_balance_to_the_fen() {
    let clerk = Clerk::new();
    let first = clerk.served("hop.trade.recharge", recharge("OC1", "0.1"));
    assert_eq!(first["balance"], "200.10");
    assert_eq!(first["chargeAmt"], "0.10");
    assert_eq!(first["outChargeNo"], "OC1");
    assert_eq!(first["result"], "succ");
    assert!(first["chargeNo"].as_str().unwrap().len() >= 18);
    let mut number = recharge("OC2", "");
    number["chargeAmt"] = json!(0.2);
    number["channelType"] = json!("01");
    number["whatever"] = json!({ "a": [1, 2] });
    let second = clerk.served("hop.trade.recharge", number);
    assert_eq!(second["balance"], "200.30");
    assert_ne!(first["chargeNo"], second["chargeNo"]);
    assert_eq!(clerk.balance("03", "10001"), "200.30");
}

#[test]
fn inpatients_recharge_until_they_are_discharged() {
    let clerk = Clerk::new();
    for (card_no, balance) in [("Z20001", "3100.00"), ("Z20002", "1350.50")] {
        let param = json!({
            "cardType": "05", "cardNo": card_no, "chargeAmt": "100", "depositeType": "WX_QR", "outChargeNo": card_no,
        });
        assert_eq!(clerk.served("hop.trade.recharge", param)["balance"], balance);
    }
}

#[test]
fn a_refund_takes_its_part_back() {
    let clerk = Clerk::new();
    let charge = clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    let mut param = refund("OC1", "OR1", "30.50");
    param["cardType"] = json!("03");
    param["cardNo"] = json!("10001");
    let refunded = clerk.served("hop.trade.refund", param);
    assert_eq!(refunded["balance"], "269.50");
    assert_eq!(refunded["refundAmt"], "30.50");
    assert_eq!(refunded["outRefundNo"], "OR1");
    assert_eq!(refunded["result"], "succ");
    assert_ne!(refunded["refundNo"], charge["chargeNo"]);
}

#[test]
fn a_query_tells_what_became_of_an_order() {
    let clerk = Clerk::new();
    let charge = clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    let refunded = clerk.served("hop.trade.refund", refund("OC1", "OR1", "40"));
    let known = clerk.served("hop.trade.query", json!({ "outChargeNo": "OC1" }));
    assert_eq!((&known["result"], &known["chargeNo"]), (&json!("succ"), &charge["chargeNo"]));
    assert_eq!((&known["chargeAmt"], &known["refundedAmt"]), (&json!("100.00"), &json!("40.00")));
    let known = clerk.served("hop.trade.query", json!({ "outRefundNo": "OR1", "outChargeNo": "OC1" }));
    assert_eq!((&known["result"], &known["refundNo"]), (&json!("succ"), &refunded["refundNo"]));
    assert_eq!((&known["refundAmt"], &known["chargeNo"]), (&json!("40.00"), &charge["chargeNo"]));
    for (name, number) in [("outChargeNo", "OR1"), ("outRefundNo", "OC1"), ("outChargeNo", "nobody's")] {
        let unknown = clerk.served("hop.trade.query", json!({ name: number }));
        assert_eq!(unknown, json!({ name: number, "result": "notfound" }));
    }
}

#[test]
fn details_list_both_kinds_page_by_page() {
    let clerk = Clerk::new();
    for number in ["OC3", "OC1", "OC2"] {
        clerk.served("hop.trade.recharge", recharge(number, "10"));
    }
    clerk.served("hop.trade.refund", refund("OC2", "OR1", "4"));
    let page = |page_no: u32| {
        let param = json!({
            "cardType": "03", "cardNo": "10001", "beginDate": "20200101", "endDate": "20991231",
            "pageNo": page_no, "pageSize": 3,
        });
        clerk.served("hop.trade.details", param)
    };
    let first = page(1);
    assert_eq!((&first["total"], &first["pageNo"], &first["pageSize"]), (&json!(4), &json!(1), &json!(3)));
    let numbers: Vec<_> = first["list"].as_array().unwrap().iter().map(|trade| &trade["outChargeNo"]).collect();
    assert_eq!(numbers, ["OC3", "OC1", "OC2"], "as they were booked");
    let second = page(2);
    let refunded = &second["list"][0];
    assert_eq!(refunded["tradeType"], "hop.trade.refund");
    assert_eq!((&refunded["outChargeNo"], &refunded["outRefundNo"]), (&json!("OC2"), &json!("OR1")));
    assert_eq!((&refunded["amount"], &refunded["result"]), (&json!("4.00"), &json!("succ")));
    assert_eq!(refunded["tradeTime"].as_str().unwrap().len(), 14);
    assert_eq!(page(3)["list"], json!([]));
}

#[test]
fn details_are_of_one_account_and_its_days() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC1", "10"));
    let time = clerk.served("hop.trade.query", json!({ "outChargeNo": "OC1" }))["tradeTime"].clone();
    let day = &time.as_str().unwrap()[..8];
    let total = |card_type: &str, card_no: &str, begin: &str, end: &str| -> Value {
        let param = json!({ "cardType": card_type, "cardNo": card_no, "beginDate": begin, "endDate": end });
        clerk.served("hop.trade.details", param)["total"].clone()
    };
    assert_eq!(total("03", "10001", day, day), 1);
    assert_eq!(total("03", "10001", "20200101", "20200131"), 0);
    assert_eq!(total("05", "Z20001", day, day), 0);
}

#[test]
fn details_without_a_card_are_of_all_accounts() {
    let clerk = Clerk::new();
    clerk.served("hop.trade.recharge", recharge("OC2", "10"));
    let mut other = recharge("OC1", "20");
    other["cardType"] = json!("05");
    other["cardNo"] = json!("Z20001");
    clerk.served("hop.trade.recharge", other);
    clerk.served("hop.trade.refund", refund("OC2", "OR1", "4"));
    let param = json!({ "beginDate": "20200101", "endDate": "20991231" });
    let all = clerk.served("hop.trade.details", param.clone());
    let cards: Vec<_> =
        all["list"].as_array().unwrap().iter().map(|row| (&row["cardType"], &row["cardNo"], &row["amount"])).collect();
    assert_eq!(
        json!(cards),
        json!([["03", "10001", "10.00"], ["05", "Z20001", "20.00"], ["03", "10001", "4.00"]]),
        "as they were booked"
    );
    assert_eq!(all["total"], 3);
    let mut of_one = param;
    of_one["cardType"] = json!("05");
    of_one["cardNo"] = json!("Z20001");
    assert_eq!(clerk.served("hop.trade.details", of_one)["list"], json!([all["list"][1]]));
    let none = json!({ "beginDate": "20200101", "endDate": "20200102" });
    assert_eq!(clerk.served("hop.trade.details", none)["total"], 0);
}

#[test]
fn a_wristband_stands_for_its_account() {
    let clerk = Clerk::new();
    let param = json!({
        "cardType": "05", "cardNo": "Z20001", "idNo": "350783195604016013", "idType": "01",
        "operatorId": "0012", "operatorName": "王护士", "accountType": "02",
    });
    let code = clerk.served("portal.wb.getWristbandCode", param.clone());
    let key = code["key"].as_str().unwrap();
    assert!(code["Url"].as_str().unwrap().ends_with(key), "{code}");
    assert_eq!(clerk.served("portal.wb.getWristbandCode", param)["key"], key);
    let account = clerk.served("portal.wb.queryAccount", json!({ "key": key }));
    assert_eq!(account, json!({ "balance": "3000.00", "idNo": "350783195604016013", "userName": "李四" }));
    assert_eq!(clerk.balance("07", key), "3000.00");
    let mut by_wristband = recharge("OC1", "1");
    by_wristband["cardType"] = json!("07");
    by_wristband["cardNo"] = json!(key);
    clerk.served("hop.trade.recharge", by_wristband);
    assert_eq!(clerk.balance("05", "Z20001"), "3001.00");
}
