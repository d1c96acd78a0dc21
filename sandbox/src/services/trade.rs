//! `hop.trade.recharge`, `refund`, `query` and `details`

use serde_json::{Value, json};

use super::params::Params;
use super::{Circumstances, Served};
use crate::books::{Books, ChargeOrder, Found, Period, RefundOrder};
use crate::clock;
use crate::journal::Denied;
use crate::refusal::{self, Refusal};

/// How many trades a page of a listing has, unless asked for.
const PAGE_SIZE: usize = 50;

/// How many it may have.
const MOST_PAGE_SIZE: usize = 500;

/// Puts money on an account.
pub fn recharge(
    books: &mut Books,
    params: &Params<'_, '_>,
    around: &Circumstances<'_>,
) -> Result<Served, Denied<Refusal>> {
    let order = ChargeOrder {
        card: params.card()?,
        charge_amt: params.amount("chargeAmt")?,
        deposite_type: params.required_code("depositeType")?.to_owned(),
        out_charge_no: params.required("outChargeNo")?.to_owned(),
        channel_type: params.code("channelType")?.map(str::to_owned),
    };
    params.code("accountType")?;
    params.check_person(books.account(&order.card)?)?;
    let booked = books.recharge(order, around.trades_end, around.now)?;
    let charge = booked.trade;
    let param = json!({
        "chargeNo": charge.charge_no,
        "outChargeNo": charge.order.out_charge_no,
        "chargeAmt": charge.order.charge_amt,
        "balance": books.balance(&charge.order.card)?,
        "result": charge.result,
    });
    Ok(Served { param, booked: booked.fresh })
}

/// Gives money back.
pub fn refund(
    books: &mut Books,
    params: &Params<'_, '_>,
    around: &Circumstances<'_>,
) -> Result<Served, Denied<Refusal>> {
    let order = RefundOrder {
        out_charge_no: params.required("outChargeNo")?.to_owned(),
        out_refund_no: params.required("outRefundNo")?.to_owned(),
        refund_amt: params.amount("refundAmt")?,
        withdraw_mode: params.required_code("withdrawMode")?.to_owned(),
    };
    check_card(books, params, &order.out_charge_no)?;
    let booked = books.refund(order, around.trades_end, around.now)?;
    let refund = booked.trade;
    let card = books.charge(&refund.order.out_charge_no).map(|charge| charge.order.card.clone());
    let param = json!({
        "refundNo": refund.refund_no,
        "outRefundNo": refund.order.out_refund_no,
        "outChargeNo": refund.order.out_charge_no,
        "refundAmt": refund.order.refund_amt,
        "balance": card.map(|card| books.balance(&card)).transpose()?,
        "result": refund.result,
    });
    Ok(Served { param, booked: booked.fresh })
}

/// A refund may name the card; it must be the order's.
fn check_card(books: &Books, params: &Params<'_, '_>, out_charge_no: &str) -> Result<(), Refusal> {
    let named = params.code("cardType")?.is_some() || params.text("cardNo")?.is_some();
    let Some(charge) = books.charge(out_charge_no).filter(|_| named) else { return Ok(()) };
    if books.account(&params.card()?)?.card == charge.order.card {
        return Ok(());
    }
    Err(Refusal::new(refusal::OTHER_PERSON, format!("卡号与原充值订单 {out_charge_no} 不一致")))
}

/// Tells what became of a refund, or of an order where no refund's number is given. One that nobody knows is no
/// refusal.
pub fn query(books: &Books, params: &Params<'_, '_>) -> Result<Value, Refusal> {
    let (name, number, found) = match (params.text("outRefundNo")?, params.text("outChargeNo")?) {
        (Some(number), _) => ("outRefundNo", number, books.find_refund(number)),
        (None, Some(number)) => ("outChargeNo", number, books.find_charge(number)),
        (None, None) => {
            return Err(Refusal::new(refusal::MISSING_FIELD, "outChargeNo 与 outRefundNo 不能都为空"));
        }
    };
    Ok(match found {
        None => json!({ name: number, "result": "notfound" }),
        Some(Found::Charge(charge, refunded)) => json!({
            "outChargeNo": charge.order.out_charge_no,
            "chargeNo": charge.charge_no,
            "chargeAmt": charge.order.charge_amt,
            "refundedAmt": refunded,
            "result": charge.result,
            "tradeTime": charge.trade_time,
        }),
        Some(Found::Refund(refund, charge)) => json!({
            "outRefundNo": refund.order.out_refund_no,
            "refundNo": refund.refund_no,
            "refundAmt": refund.order.refund_amt,
            "outChargeNo": charge.order.out_charge_no,
            "chargeNo": charge.charge_no,
            "chargeAmt": charge.order.charge_amt,
            "result": refund.result,
            "tradeTime": refund.trade_time,
        }),
    })
}

/// Lists the trades of an account, or without one of all, page by page.
pub fn details(books: &Books, params: &Params<'_, '_>) -> Result<Value, Refusal> {
    let card = params.optional_card()?;
    let period = Period { begin: day(params, "beginDate")?, end: day(params, "endDate")? };
    if period.begin > period.end {
        return Err(Refusal::new(refusal::BAD_RANGE, "beginDate 不能晚于 endDate"));
    }
    let page_no = params.count("pageNo", 1, 1_000_000)?;
    let page_size = params.count("pageSize", PAGE_SIZE, MOST_PAGE_SIZE)?;
    let page = books.trades(card.as_ref(), &period, (page_no - 1) * page_size, page_size)?;
    Ok(json!({ "total": page.total, "pageNo": page_no, "pageSize": page_size, "list": page.trades }))
}

fn day(params: &Params<'_, '_>, name: &str) -> Result<String, Refusal> {
    let text = params.required(name)?;
    if clock::is_day(text) {
        return Ok(text.to_owned());
    }
    Err(Refusal::new(refusal::BAD_RANGE, format!("{name} 应为 yyyyMMdd")))
}
