//! What workers ask for. The numbers of a shared movement come from the clock, so that all workers want the same one at
//! the same moment.

use hislink::clock;
use serde_json::{Value, json};

use crate::random::Random;
use crate::record;

/// How long workers want the same shared movement, in milliseconds.
const SHARED_FOR: u64 = 250;

/// After so many of those, it is refunded or cancelled by all.
const TAKEN_BACK_AFTER: u64 = 16;

const CARDS: [(&str, &str); 3] = [("03", "10001"), ("01", "A0000001"), ("05", "Z20001")];

/// A lost card: recharges are refused.
const LOST: (&str, &str) = ("03", "10002");

/// An operation with its request.
pub type Move = (&'static str, Value);

pub fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

pub fn recharge(number: &str, (card_type, card_no): (&str, &str), fen: u64) -> Move {
    let param = json!({"cardType": card_type, "cardNo": card_no, "chargeAmt": yuan(fen), "depositeType": "CASH",
        "channelType": "01"});
    ("onepay_recharge", json!({"orderNo": number, "param": param}))
}

pub fn refund(number: &str, of: &str, fen: u64) -> Move {
    let param = json!({"outChargeNo": of, "refundAmt": yuan(fen), "withdrawMode": "0"});
    ("onepay_refund", json!({"orderNo": number, "param": param}))
}

pub fn deduct(id: &str, fen: u64) -> Move {
    let time = clock::time_of_second(clock::second() / 3600 * 3600);
    let request = json!({"certType": "0", "certNo": "11010519491231002X", "certName": "张小凡", "deductionID": id,
        "totalFee": "99.00", "deductionFee": yuan(fen), "deductionTime": time, "gloryType": "1", "deductionType": "0",
        "remarks": "门诊"});
    ("glory_deduct", request)
}

pub fn cancel(id: &str, time: &str) -> Move {
    ("glory_cancel", json!({"deductionID": id, "deductionTime": time}))
}

pub fn new_recharge(number: &str, random: &mut Random) -> Move {
    let card = if random.percent(4) { &LOST } else { random.pick(&CARDS) };
    recharge(number, *card, random.between(1, 9_000))
}

pub fn new_deduction(id: &str, random: &mut Random) -> Move {
    deduct(id, random.between(1, 9_000))
}

/// What all workers want now.
pub fn shared(seed: u64, random: &mut Random) -> Move {
    let now = record::now() / SHARED_FOR;
    if random.percent(25) { taken_back(seed, now - TAKEN_BACK_AFTER) } else { given(seed, now).1 }
}

/// The shared movement of a moment, and its amount.
fn given(seed: u64, moment: u64) -> (u64, Move) {
    let mut chance = Random::new(seed ^ moment);
    let (recharges, fen) = (chance.percent(60), chance.between(2, 9_000));
    let number = number(moment);
    (fen, if recharges { recharge(&number, *chance.pick(&CARDS), fen) } else { deduct(&number, fen) })
}

fn taken_back(seed: u64, moment: u64) -> Move {
    let (fen, (operation, _)) = given(seed, moment);
    let of = number(moment);
    if operation == "onepay_recharge" {
        refund(&format!("{of}-R"), &of, fen / 2)
    } else {
        cancel(&of, &clock::time_of_second((moment * SHARED_FOR / 1000) as i64))
    }
}

fn number(moment: u64) -> String {
    format!("SH{moment}")
}

/// The same number with another amount.
pub fn with_other_content((operation, request): &Move, random: &mut Random) -> Move {
    let mut request = request.clone();
    let amount = match *operation {
        "onepay_recharge" => &mut request["param"]["chargeAmt"],
        "onepay_refund" => &mut request["param"]["refundAmt"],
        "glory_deduct" => &mut request["deductionFee"],
        _ => return (operation, request),
    };
    *amount = json!(yuan(random.between(9_001, 9_900)));
    (operation, request)
}
