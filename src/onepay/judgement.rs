//! The order of judgement (document 1.7 and its error codes): first the transport, then the protocol fields, then the
//! business answer, then the state of the trade. This file is the last two.

use super::dictionary;
use crate::reply::{Code, Error, Status, in_short, words};

/// The state of a trade (document 1.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TradeState {
    /// Waiting to be traded.
    Init,
    /// Being traded.
    Ing,
    /// Done.
    Succ,
    /// Failed.
    Fail,
    /// Gone wrong: nobody knows.
    Exp,
    /// Closed without a trade.
    Closed,
    /// The platform knows no such trade.
    NotFound,
}

impl TradeState {
    /// By the word in `result`.
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "init" => Self::Init,
            "ing" => Self::Ing,
            "succ" => Self::Succ,
            "fail" => Self::Fail,
            "exp" => Self::Exp,
            "closed" => Self::Closed,
            "notfound" => Self::NotFound,
            _ => return None,
        })
    }

    /// The status that it means.
    pub fn status(self) -> Status {
        match self {
            Self::Succ => Status::Succeeded,
            Self::Init | Self::Ing => Status::Pending,
            Self::Fail | Self::Closed | Self::NotFound => Status::Failed,
            Self::Exp => Status::Unknown,
        }
    }
}

/// Whether a `respCode` means success: zeros only. The document writes `00000` in one place and `000000` in others.
pub fn is_success(resp_code: &str) -> bool {
    !resp_code.is_empty() && resp_code.bytes().all(|byte| byte == b'0')
}

/// Whether a `respCode` is one of the platform's refusals: four digits or more, not zeros only. Anything else, such as a
/// gateway's `200`, is no word of the platform.
pub fn is_refusal(resp_code: &str) -> bool {
    resp_code.len() >= 4 && resp_code.bytes().all(|byte| byte.is_ascii_digit()) && !is_success(resp_code)
}

/// The platform's refusals after which a movement of money may have happened all the same: 888888 is its own timeout,
/// 999999 its unknown error.
pub fn leaves_money_unknown(resp_code: &str) -> bool {
    matches!(resp_code, "888888" | "999999")
}

/// What hangs on a service's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It may move money: whatever leaves that open is unknown.
    MovesMoney,
    /// It tells what became of a trade: a state that is none of the document's is unknown.
    TellsState,
    /// It only asks or makes a wristband.
    Light,
}

/// Judges the business answer, then the state of the trade where the answer names one in `result`.
pub fn judge(resp_code: &str, resp_msg: &str, result: Option<&str>, weight: Weight) -> Result<(), Error> {
    let moves_money = weight == Weight::MovesMoney;
    let state = result.and_then(TradeState::of);
    if !is_success(resp_code) {
        // A refusal that names a trade under way or done contradicts itself.
        let may_be_booked = state.is_some_and(|state| state.status() != Status::Failed);
        let says_nothing = resp_code.trim_matches(|c: char| c == '0' || c.is_whitespace()).is_empty();
        let unknown = moves_money && (may_be_booked || says_nothing || leaves_money_unknown(resp_code));
        let status = if unknown { Status::Unknown } else { Status::Failed };
        let said = in_short(resp_msg);
        let words = words!("平台拒绝：{resp_code} {said}", "the platform refused: {resp_code} {said}");
        return Err(Error::new(status, Code::PlatformRefused, words).from_platform(resp_code, resp_msg));
    }
    let Some(word) = result else { return Ok(()) };
    let status = match state {
        Some(state) => state.status(),
        None if weight == Weight::Light => Status::Succeeded,
        None => Status::Unknown,
    };
    let meaning = dictionary::of("result").and_then(|states| states.name_of(word)).unwrap_or("文档未列出的状态");
    let words = words!("交易状态：{word}（{meaning}）", "the trade's state is {word}");
    match status {
        Status::Succeeded => Ok(()),
        Status::Pending => Err(Error::new(status, Code::Ok, words)),
        _ => Err(Error::new(status, Code::PlatformRefused, words).from_platform(resp_code, resp_msg)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(resp_code: &str, result: Option<&str>, moves_money: bool) -> Status {
        let weight = if moves_money { Weight::MovesMoney } else { Weight::Light };
        judge(resp_code, "", result, weight).map_or_else(|error| error.details().status, |()| Status::Succeeded)
    }

    #[test]
    fn only_the_platforms_codes_refuse() {
        for code in ["000001", "888888", "010003", "2001"] {
            assert!(is_refusal(code), "{code}");
        }
        for code in ["", " ", "null", "200", "SUCCESS", "000000 ", "00000", "0", "-1"] {
            assert!(!is_refusal(code), "{code}");
        }
    }

    #[test]
    fn both_success_codes_count_and_the_state_comes_last() {
        assert_eq!(end("00000", None, true), Status::Succeeded);
        assert_eq!(end("000000", Some("succ"), true), Status::Succeeded);
        assert_eq!(end("000000", Some("ing"), true), Status::Pending);
        assert_eq!(end("000000", Some("init"), false), Status::Pending);
        assert_eq!(end("000000", Some("closed"), false), Status::Failed);
        assert_eq!(end("000000", Some("exp"), true), Status::Unknown);
        assert_eq!(end("000002", None, true), Status::Failed);
        assert_eq!(end("000000", Some("SUCC"), true), Status::Unknown);
        assert_eq!(end("000000", Some("SUCC"), false), Status::Succeeded);
        assert_eq!(end("", None, true), Status::Unknown);
        assert_eq!(end("000000 ", None, true), Status::Unknown);
        assert_eq!(end("E0001", None, true), Status::Failed);
        let query = judge("000000", "", Some("SUCC"), Weight::TellsState).unwrap_err();
        assert_eq!(query.details().status, Status::Unknown);
        assert_eq!(end("200101", Some("succ"), true), Status::Unknown);
        assert_eq!(end("200101", Some("fail"), true), Status::Failed);
        assert_eq!(end("888888", None, true), Status::Unknown);
        assert_eq!(end("888888", None, false), Status::Failed);
    }
}
