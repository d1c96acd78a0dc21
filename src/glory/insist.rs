//! Sending what may safely be sent twice: a deduction or cancellation, which the platform knows by its deductionID.
//! Where nobody knows what became of the first, it is sent once more before the call answers `unknown`.

use std::thread;
use std::time::{Duration, Instant};

use crate::http;
use crate::reply::{Code, Error, Status};

/// The pause before the repetition. Longer than the second in which both would carry the same timestamp and sign, which
/// a platform may refuse as a replay.
const BACK_OFF: Duration = Duration::from_millis(1_100);

/// A repetition with less time than this would only time out as well.
const LEAST: Duration = Duration::from_millis(300);

/// What the platform said, or that it said nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// It took the request, with this message.
    Taken(String),
    /// It refused (`PLATFORM_REFUSED`).
    Refused(Error),
    /// The request surely never reached it, or was turned away before it.
    Unsent(Error),
    /// It may have acted.
    Nothing(Error),
}

/// Sends by `send`, which takes its share of the time; again where the first end is unknown and time is left.
///
/// `doubt` says that the same request may have arrived in an earlier call.
pub fn insist(deadline: Instant, doubt: bool, send: impl Fn(Duration) -> Result<String, Error>) -> Heard {
    // Waiting for the store may have used the time up.
    if deadline <= Instant::now() {
        return heard(Err(http::time_over()), doubt);
    }
    // A platform that swallows the first request leaves a third of the time for the second.
    let first = send(left(deadline) * 2 / 3);
    let lost = match &first {
        Err(error) if may_be_repeated(error) && left(deadline) > BACK_OFF + LEAST => error.clone(),
        _ => return heard(first, doubt),
    };
    thread::sleep(BACK_OFF);
    match send(left(deadline)) {
        // The second never left; the first may have arrived all the same.
        Err(unsent) if unsent.details().status == Status::Failed && !refused(&unsent) => Heard::Nothing(lost),
        second => heard(second, true),
    }
}

/// Never nothing: the client would wait without a limit.
fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(2))
}

/// The time limit, a broken connection, a gateway's 5xx: what a second try may mend. Not an answer that came whole and
/// does not verify.
fn may_be_repeated(error: &Error) -> bool {
    let details = error.details();
    details.status == Status::Unknown && matches!(details.code, Code::Timeout | Code::BadAnswer | Code::HttpStatus)
}

/// Judges an end. In doubt, one that proves nothing about the earlier request leaves everything unknown.
fn heard(end: Result<String, Error>, doubt: bool) -> Heard {
    match end {
        Ok(message) => Heard::Taken(message),
        Err(error) if refused(&error) => {
            if doubt && (tells_of_an_earlier_one(&error) || tells_of_the_moment(&error)) {
                Heard::Nothing(error)
            } else {
                Heard::Refused(error)
            }
        }
        Err(error) if !doubt && error.details().status != Status::Unknown => Heard::Unsent(error),
        Err(error) => Heard::Nothing(error),
    }
}

/// The platform's own word that it did not act.
fn refused(error: &Error) -> bool {
    error.details().status == Status::Failed && error.details().code == Code::PlatformRefused
}

/// A refusal because the platform has it already: then it may be our own earlier request that it has.
fn tells_of_an_earlier_one(error: &Error) -> bool {
    const TOLD_BY: [&str; 8] = ["重复", "已存在", "已上传", "已减免", "已撤销", "已取消", "duplicate", "already"];
    says_any(error, &TOLD_BY)
}

/// A refusal because of when or how this request came, not of what it asks for: the earlier one may have been taken.
fn tells_of_the_moment(error: &Error) -> bool {
    const TOLD_BY: [&str; 21] = [
        "系统繁忙",
        "系统忙",
        "系统异常",
        "系统错误",
        "系统维护",
        "服务繁忙",
        "服务异常",
        "服务不可用",
        "网络异常",
        "处理异常",
        "频繁",
        "稍后",
        "稍候",
        "超时",
        "时间戳",
        "timestamp",
        "签名",
        "验签",
        "busy",
        "timeout",
        "try again",
    ];
    says_any(error, &TOLD_BY)
}

fn says_any(error: &Error, words: &[&str]) -> bool {
    let said = error.details().platform.as_ref().map(|(_, said)| said.to_lowercase()).unwrap_or_default();
    words.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sent_after_the_time_limit() {
        let sent = |doubt| insist(Instant::now(), doubt, |_| panic!("it is sent"));
        assert_eq!(sent(false), Heard::Unsent(http::time_over()));
        assert_eq!(sent(true), Heard::Nothing(http::time_over()));
    }
}
