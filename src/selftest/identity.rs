//! Whether the platform knows this hospital: a signed question that moves nothing, about what cannot be there.
//!
//! The payment platform is asked what became of an order whose number was made for this question, the card platform for
//! the cards behind the last number that there can be. Neither goes through the journal or into the roster.

use std::time::Instant;

use super::ONEPAY;
use super::row::{Advice, Row};
use super::way::Way;
use crate::glory::exchange;
use crate::json::{self, Json, Object, ObjectWriter};
use crate::onepay::{judgement, trade};
use crate::order_no;
use crate::reply::{Code, Error, Words, words};

/// The check's name.
pub const NAME: &str = "identity";

/// The largest record number that every platform can read.
const LAST_CARD: &str = "2147483647";

/// The card platform's list of cards, which is read by number.
pub const CARDS: &str = "/glorycard/store/all";

/// The check.
pub fn row(way: &Way<'_>) -> Row {
    let begun = Instant::now();
    let asked = if way.platform == ONEPAY { onepay(way) } else { glory(way) };
    asked.unwrap_or_else(|error| not_asked(&error)).since(begun)
}

fn known() -> Row {
    Row::ok(NAME, words!("平台认得本院：双方的签名都验证通过", "the platform knows this hospital: both signs hold"))
}

/// The question could not be put.
fn not_asked(error: &Error) -> Row {
    Row::failed(NAME, error.details().words.clone(), CHECK_IDENTITY)
}

const CHECK_IDENTITY: Advice = (
    "核对 appId、appSecret、signType、encryptType（荣誉证减免是 sid、key、orgCode），从平台发来的原文重新复制；仍不行请平台核对本院的账号是否已开通",
    "check appId, appSecret, signType and encryptType (of the card platform sid, key and orgCode): copy them again from what the platform sent; if that does not help, ask the platform whether the account is open",
);

fn onepay(way: &Way<'_>) -> Result<Row, Error> {
    let Some(limit) = way.left() else { return Ok(late()) };
    let settings = way.profile.onepay()?;
    let mut param = Object::default();
    param.set(settings.order_field.as_str(), Json::String(order_no::next("ST")?.into()));
    let mut end = Ok(());
    ObjectWriter::text(|data| {
        end = trade::transact(way.profile, trade::QUERY.trans_type, &Json::Object(param), Some(limit), data);
    });
    Ok(match end {
        Ok(()) => known(),
        Err(error) => onepay_said(&error),
    })
}

/// What an end of the query says of the hospital. That the platform knows no such order is what is hoped for.
fn onepay_said(error: &Error) -> Row {
    let details = error.details();
    match (details.code, &details.platform) {
        (Code::Ok, _) => known(),
        (Code::PlatformRefused, Some((code, _))) if judgement::is_success(code) => known(),
        (Code::PlatformRefused, Some((code, message))) => {
            if is_signed(details.data.as_deref()) {
                known()
            } else if is_of_identity(code, message) {
                refused(details.words.clone())
            } else {
                Row::warning(
                    NAME,
                    details.words.clone(),
                    (
                        "平台的拒绝没有签名，看不出账号对不对：用正式的查询业务试一笔，或请平台在日志里看这次请求",
                        "the refusal is not signed, so it does not tell whether the account is right: try a query of your own, or have the platform look into its log",
                    ),
                )
            }
        }
        _ => of_exchange(error),
    }
}

fn refused(words: Words) -> Row {
    Row::failed(NAME, words, CHECK_IDENTITY)
}

/// Whether an unsigned refusal is of the envelope and not of the order in it: by the document's own codes (000001 cipher,
/// 000002 sign, 0100.. members of the envelope), or by what it says.
fn is_of_identity(code: &str, message: &str) -> bool {
    let coded = code.starts_with("00000") || code.starts_with("0100");
    coded || message.to_ascii_lowercase().contains("appid") || message.contains("签名") || message.contains("应用")
}

/// Whether the answer that an error carries was signed, which it then was rightly.
fn is_signed(data: Option<&str>) -> bool {
    let data = data.and_then(|data| json::read(data).ok());
    data.as_ref().and_then(Json::as_object).is_some_and(|data| data.get("verified").is_none())
}

fn glory(way: &Way<'_>) -> Result<Row, Error> {
    let Some(limit) = way.left() else { return Ok(late()) };
    let settings = way.profile.glory()?;
    let mut body = Object::default();
    body.set("dataID", Json::Number(LAST_CARD.into()));
    body.set("orgCode", Json::String(settings.org_code()?.into()));
    Ok(match exchange::transact_and(way.profile, CARDS, &body, Some(limit), |_, _| ()) {
        Ok(()) => known(),
        Err(error) if error.details().code == Code::PlatformRefused => refused(error.details().words.clone()),
        Err(error) => of_exchange(&error),
    })
}

/// The ends that both platforms share.
fn of_exchange(error: &Error) -> Row {
    let details = error.details();
    match details.code {
        Code::SignMismatch => refused(words!(
            "平台应答的签名验证不通过：密钥与平台的不同",
            "the sign of the platform's answer does not hold: the secret is not the platform's"
        )),
        Code::DecryptFailed => refused(words!(
            "平台的应答解不开：密钥或 encryptType 与平台的不同",
            "the platform's answer does not decrypt: secret or encryptType is not the platform's"
        )),
        Code::BadSettings => not_asked(error),
        Code::Timeout => late(),
        Code::BadAnswer => Row::failed(
            NAME,
            words!("应答不是平台的报文", "the answer is no message of the platform's"),
            (
                "核对地址的主机和路径：答话的不是平台的这个服务",
                "check host and path of the address: what answers is not this service of the platform",
            ),
        ),
        _ => Row::failed(
            NAME,
            details.words.clone(),
            ("核对地址；稍后再试；仍不行请联系平台", "check the address; try again later; then ask the platform"),
        ),
    }
}

fn late() -> Row {
    Row::failed(
        NAME,
        words!("平台没有在时限内应答查询", "the platform did not answer a query in time"),
        (
            "稍后再试，或加大 timeoutMs；仍不行请联系平台",
            "try again later, or with a larger timeoutMs; then ask the platform",
        ),
    )
}
