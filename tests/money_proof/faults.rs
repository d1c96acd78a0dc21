//! Every fault of the platforms, at random. None of them lies: what is refused with any code but the two that leave it
//! open, or turned away by HTTP, is not booked; none delays a request beyond `settleSeconds`.

use serde_json::{Value, json};

use crate::random::Random;
use crate::site::LONGEST_DELAY;

/// What moves money at onepay, and what tells of it.
const MOVING: [&str; 2] = ["hop.trade.recharge", "hop.trade.refund"];
const ONEPAY: [&str; 3] = ["hop.trade.recharge", "hop.trade.refund", "hop.trade.query"];
const GLORY: [&str; 2] = ["/glorycard/store/deduct", "/glorycard/store/deductCancel"];

/// What may strike any service.
const ANYWHERE: [&str; 14] = [
    "delay",
    "delay",
    "dropBefore",
    "dropAfter",
    "dropAfter",
    "resetMidAnswer",
    "http",
    "wrongSign",
    "unsigned",
    "truncated",
    "shortBody",
    "gbk",
    "notJson",
    "slow",
];

/// A fault for the control port, for some requests of some service.
pub fn any(random: &mut Random) -> Value {
    let mut fault = match random.between(0, 9) {
        0 => state(random),
        1 => open_refusal(random),
        2 => refusal(random),
        3 => json!({"fault": "undecryptable", "transType": random.pick(&ONEPAY)}),
        4 => json!({"fault": "clock", "minutes": if random.percent(50) { 90 } else { -90 }}),
        _ => anywhere(random),
    };
    fault["times"] = json!(random.between(1, 4));
    fault
}

/// A trade that stays where it is.
fn state(random: &mut Random) -> Value {
    let states = ["init", "ing", "fail", "closed", "exp"];
    json!({"fault": "tradeState", "result": random.pick(&states), "transType": random.pick(&MOVING)})
}

/// The platform says that it does not know.
fn open_refusal(random: &mut Random) -> Value {
    json!({"fault": "refuse", "respCode": random.pick(&["888888", "999999"]), "respMsg": "交易超时",
        "when": when(random), "transType": random.pick(&MOVING)})
}

/// The platform says no, and means it.
fn refusal(random: &mut Random) -> Value {
    if random.percent(50) {
        return json!({"fault": "refuse", "respMsg": "系统繁忙，请稍后再试", "when": "before", "path": random.pick(&GLORY)});
    }
    json!({"fault": "refuse", "respCode": "200101", "respMsg": "缺少必填字段", "when": "before",
        "transType": random.pick(&ONEPAY)})
}

fn anywhere(random: &mut Random) -> Value {
    let mut fault = json!({"fault": random.pick(&ANYWHERE)});
    match fault["fault"].as_str().unwrap() {
        "delay" => {
            fault["milliseconds"] = json!(random.between(50, LONGEST_DELAY));
            fault["when"] = when(random);
        }
        "http" => {
            fault["status"] = json!(random.pick(&[302, 500, 502, 503, 504, 408]));
            fault["when"] = when(random);
        }
        "notJson" => fault["when"] = when(random),
        "slow" => fault["milliseconds"] = json!(random.between(1, 4)),
        _ => {}
    }
    match random.between(0, 3) {
        0 => {}
        1 => fault["path"] = json!(random.pick(&GLORY)),
        _ => fault["transType"] = json!(random.pick(&ONEPAY)),
    }
    fault
}

fn when(random: &mut Random) -> Value {
    json!(if random.percent(60) { "after" } else { "before" })
}
