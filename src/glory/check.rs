//! The hospital's own service `/deductCheck` (document 3.1): the platform asks for the deductions of a span, and is
//! answered from the ledger. Every answer is signed; one that refuses says why, and holds no row.

use super::deduction::{self, members};
use super::exchange::{self, Signature};
use super::sign;
use crate::clock;
use crate::json::{Json, Object, to_text};
use crate::reply::{Code, Error};
use crate::settings::{Glory, Profile};
use crate::store::{DeductionState as State, LedgerRow};

/// How far the clock of the platform may be from ours, in seconds.
const MOST_SKEW: u64 = 300;

/// The headers that came, where they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct Received<'r> {
    pub sid: Option<&'r str>,
    pub timestamp: Option<&'r str>,
    pub sign: Option<&'r str>,
}

/// More rows than this need a narrower span: the host's memory is not ours to fill. Such an answer has about 30 MB.
const MAX_ROWS: u32 = 100_000;

macro_rules! refusals {
    ($($variant:ident = $code:literal: $said:literal,)*) => {
        /// Why a request gets no rows.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Refusal { $($variant),* }

        impl Refusal {
            /// The word under `refused` in a reply.
            pub fn as_str(self) -> &'static str {
                match self { $(Refusal::$variant => $code),* }
            }

            /// The `responseMessage`. None holds anything of the request: what is signed is ours alone.
            pub fn said(self) -> &'static str {
                match self { $(Refusal::$variant => $said),* }
            }
        }
    };
}
refusals! {
    Malformed = "MALFORMED": "请求不是 JSON 对象",
    TooLarge = "TOO_LARGE": "请求过大",
    TooSlow = "TOO_SLOW": "请求未在时限内收全",
    Unsigned = "UNSIGNED": "缺少请求头 sid、timestamp 或 sign",
    WrongSid = "WRONG_SID": "sid 不符",
    Clock = "CLOCK": "timestamp 不是真实的 yyyyMMddHHmmss，或与本机时间相差超过 5 分钟",
    SignMismatch = "SIGN_MISMATCH": "验签不通过",
    Replay = "REPLAY": "重复的请求",
    WrongOrg = "WRONG_ORG": "orgCode 不符",
    BadSpan = "BAD_SPAN": "deductTimeStart、deductionTimeEnd 应为真实的 yyyy-MM-dd HH:mm:ss，且起不晚于止",
    TooMany = "TOO_MANY": "该时间段内的减免超过 100000 条，请缩短时间段",
    StoreFailed = "STORE_FAILED": "机构台账暂不可用，请稍后重试",
}

/// What is to be sent back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The headers of the answer.
    pub signature: Signature,
    /// The answer's JSON text.
    pub body: String,
    /// Why it holds no rows.
    pub refused: Option<Refusal>,
    /// What is wrong with the store, where that is why.
    pub fault: Option<Error>,
}

/// Answers a request that came at `now`, in seconds since 1970; no body where it was no JSON object.
///
/// Errors: `BAD_SETTINGS` for a profile without sid, key or orgCode.
pub fn answer(profile: &Profile, now: i64, received: Received<'_>, body: Option<&Object<'_>>) -> Result<Answer, Error> {
    let settings = profile.glory()?;
    settings.require_identity()?;
    match judge(profile, settings, now, received, body) {
        Ok(rows) => found(settings, now, &rows),
        Err(Unanswered::Settings(error)) => Err(error),
        Err(Unanswered::Refused(refusal)) => refuse(settings, now, refusal),
        Err(Unanswered::Store(error)) => {
            Ok(Answer { fault: Some(error), ..refuse(settings, now, Refusal::StoreFailed)? })
        }
    }
}

/// The signed refusal.
pub fn refuse(settings: &Glory, now: i64, refusal: Refusal) -> Result<Answer, Error> {
    let body = deduction::object(&[("responseFlag", "0"), ("responseMessage", refusal.said())]);
    Ok(Answer { refused: Some(refusal), ..signed(settings, now, body)? })
}

enum Unanswered {
    Refused(Refusal),
    Store(Error),
    Settings(Error),
}

/// What is asked comes last: nobody learns of it who has not signed, and a request is remembered only when it is genuine.
fn judge(
    profile: &Profile,
    settings: &Glory,
    now: i64,
    received: Received<'_>,
    body: Option<&Object<'_>>,
) -> Result<Vec<LedgerRow>, Unanswered> {
    let body = body.ok_or(Unanswered::Refused(Refusal::Malformed))?;
    let (sid, timestamp, sign) = verified(settings, now, received, body)?;
    let org = settings.org_code().map_err(Unanswered::Settings)?;
    let store = profile.store().map_err(of_store)?;
    if !store.remember_request(sid, timestamp, sign, now).map_err(of_store)? {
        return Err(Unanswered::Refused(Refusal::Replay));
    }
    let text = |name| body.get(name).and_then(Json::as_scalar).unwrap_or_default();
    if text("orgCode") != org {
        return Err(Unanswered::Refused(Refusal::WrongOrg));
    }
    let (start, end) = (text("deductTimeStart"), text("deductionTimeEnd"));
    if !clock::is_time(start) || !clock::is_time(end) || start > end {
        return Err(Unanswered::Refused(Refusal::BadSpan));
    }
    let rows = store.deductions_between(org, start, end, MAX_ROWS + 1).map_err(of_store)?;
    if rows.len() > MAX_ROWS as usize { Err(Unanswered::Refused(Refusal::TooMany)) } else { Ok(rows) }
}

/// A store that the settings exclude is a fault of the settings.
fn of_store(error: Error) -> Unanswered {
    if error.details().code == Code::StoreFailed { Unanswered::Store(error) } else { Unanswered::Settings(error) }
}

/// The three headers, where the request is the platform's own and of now.
fn verified<'r>(
    settings: &Glory,
    now: i64,
    received: Received<'r>,
    body: &Object<'_>,
) -> Result<(&'r str, &'r str, &'r str), Unanswered> {
    let refused = |refusal| Err(Unanswered::Refused(refusal));
    let Received { sid: Some(sid), timestamp: Some(timestamp), sign: Some(given) } = received else {
        return refused(Refusal::Unsigned);
    };
    if sid != settings.sid().map_err(Unanswered::Settings)? {
        return refused(Refusal::WrongSid);
    }
    if clock::second_of_stamp(timestamp).is_none_or(|second| second.abs_diff(now) > MOST_SKEW) {
        return refused(Refusal::Clock);
    }
    // A body with a number that cannot be written out verifies no more than one that was changed.
    let Ok((expected, _)) = exchange::signed(settings, body, Some(timestamp)) else {
        return refused(Refusal::SignMismatch);
    };
    if sign::same(&expected.sign, given) { Ok((sid, timestamp, given)) } else { refused(Refusal::SignMismatch) }
}

fn found(settings: &Glory, now: i64, rows: &[LedgerRow]) -> Result<Answer, Error> {
    let mut body = deduction::object(&[("responseFlag", "1"), ("responseMessage", "成功")]);
    body.set("data", Json::Array(rows.iter().map(|row| Json::Object(told(row))).collect()));
    signed(settings, now, body)
}

/// A row as 3.1.3 has it. While nobody knows what became of a cancellation, the deduction stands.
fn told(row: &LedgerRow) -> Object<'_> {
    let mut told = deduction::object(&members(&row.deduction));
    let (status, cancelled) = match &row.state {
        State::Cancelled(time) => ("0", Some(time)),
        _ => ("1", None),
    };
    let more = [("cancelTime", cancelled), ("remarks", row.deduction.remarks.as_ref())];
    for (name, value) in more {
        if let Some(value) = value {
            told.set(name, Json::String(value.into()));
        }
    }
    told.set("status", Json::String(status.into()));
    told
}

fn signed(settings: &Glory, now: i64, body: Object<'_>) -> Result<Answer, Error> {
    let (signature, _) = exchange::signed(settings, &body, Some(&clock::stamp_of_second(now)))?;
    Ok(Answer { signature, body: to_text(&Json::Object(body)), refused: None, fault: None })
}
