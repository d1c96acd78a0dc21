//! Whether the platform knows this hospital: a signed question that moves nothing, about what cannot be there.
//!
//! The payment platform is asked what became of an order whose number was made for this question, the card platform for
//! the cards behind the last number that there can be. Neither goes through the journal or into the roster.

use super::GLORY;
use super::row::{Finding, Rows, told};
use super::way::Way;
use crate::glory::exchange;
use crate::json::{self, Json, Object, ObjectWriter};
use crate::onepay::trade;
use crate::order_no;
use crate::reply::{Code, Error};

/// The check's name.
pub const NAME: &str = "identity";

/// The largest record number that every platform can read.
const LAST_CARD: &str = "2147483647";

/// The card platform's list of cards, which is read by number.
pub const CARDS: &str = "/glorycard/store/all";

/// Puts the question; fails where the platform does not show that it knows this hospital.
pub fn ask(way: &Way<'_>, platform: &str) -> Result<(), Error> {
    if platform == GLORY { glory(way) } else { onepay(way) }
}

/// Adds the check, by what became of the question.
pub fn check(asked: Result<(), Error>, rows: &mut Rows) {
    let Err(error) = asked else {
        rows.add(NAME, Finding::Ok, told!("平台认得本院", "the platform knows this hospital"), "");
        return;
    };
    let words = &error.details().words;
    match error.details().code {
        Code::PlatformRefused if !is_of_identity(&error) => rows.add_words(
            NAME,
            Finding::Warning,
            words,
            told!(
                "拒绝没有签名，看不出账号对不对：用真实业务查询一笔，或请平台看日志",
                "the refusal is not signed and tells nothing of the account: try a real query, or have the platform look into its log"
            ),
        ),
        Code::Timeout | Code::HttpStatus | Code::ConnectFailed | Code::TlsFailed | Code::BadAnswer => rows.add(
            NAME,
            Finding::Failed,
            told!(
                "对签名的查询没有平台的应答（{}）",
                "no answer of the platform's to a signed query ({})",
                "核对地址的主机和路径；稍后再试；仍不行请联系平台",
                "check host and path of the address; try again later; then ask the platform"
            ),
            error.details().code.as_str(),
        ),
        _ => rows.add_words(
            NAME,
            Finding::Failed,
            words,
            told!(
                "从平台的原文重新复制 appId、appSecret（glory：sid、key、orgCode），核对 signType、encryptType；仍不行请平台核对账号",
                "copy appId and appSecret (glory: sid, key, orgCode) anew from what the platform sent, check signType and encryptType; then ask the platform about the account"
            ),
        ),
    }
}

/// Asks for an order that is not there. That the platform says so is what is hoped for.
fn onepay(way: &Way<'_>) -> Result<(), Error> {
    let settings = way.profile.onepay()?;
    let mut param = Object::default();
    param.set(settings.order_field.as_str(), Json::String(order_no::next("ST")?.into()));
    let mut end = Ok(());
    ObjectWriter::text(|data| {
        let limit = Some(way.left_at_least());
        end = trade::transact(way.profile, trade::QUERY.trans_type, &Json::Object(param), limit, data);
    });
    end.or_else(|error| if is_its_word(&error) { Ok(()) } else { Err(error) })
}

/// Whether an end that is no success is the platform's own signed word.
fn is_its_word(error: &Error) -> bool {
    let details = error.details();
    let data = details.data.as_deref().and_then(|data| json::read(data).ok());
    let signed = data.as_ref().and_then(Json::as_object).is_some_and(|data| data.get("verified").is_none());
    signed && matches!(details.code, Code::PlatformRefused | Code::Ok)
}

/// Whether an unsigned refusal is of the envelope and not of the order in it: by the document's own codes (000001 cipher,
/// 000002 sign, 0100.. members of the envelope), or by what it says. The card platform's are not told apart.
fn is_of_identity(error: &Error) -> bool {
    let Some((code, message)) = &error.details().platform else { return true };
    let coded = code.len() == 1 || code.starts_with("00000") || code.starts_with("0100");
    coded || message.to_ascii_lowercase().contains("appid") || message.contains("签名") || message.contains("应用")
}

fn glory(way: &Way<'_>) -> Result<(), Error> {
    let settings = way.profile.glory()?;
    let mut body = Object::default();
    body.set("dataID", Json::Number(LAST_CARD.into()));
    body.set("orgCode", Json::String(settings.org_code()?.into()));
    exchange::transact(way.profile, CARDS, &body, Some(way.left_at_least())).map(|_| ())
}
