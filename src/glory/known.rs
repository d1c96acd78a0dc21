//! What the ledger says of a deduction before anything is sent.

use super::deduct::Done;
use super::deduction::{Cancellation, members};
use crate::reply::{Code, Error, Status, Words, in_short, words};
use crate::store::{Deduction, DeductionState as State, LedgerRow};

/// What follows from a row.
#[derive(Debug)]
pub enum Next {
    /// Its outcome is known.
    Known(Result<Done, Error>),
    /// It may have been sent, and nobody knows what became of it: the same is sent again.
    Send,
}

/// What a row means for a deduction that is wanted.
pub fn of_deduction(row: &LedgerRow, wanted: &Deduction) -> Next {
    if row.deduction != *wanted {
        return Next::Known(Err(other_content(&row.deduction, wanted)));
    }
    Next::Known(match &row.state {
        State::Intended => return Next::Send,
        State::Accepted => Ok(Done::REPLAYED),
        State::Refused(said) => {
            let short = in_short(said);
            let words = words!("平台已拒绝过该减免：{short}", "the platform refused this deduction before: {short}");
            Err(replayed(Status::Failed, Code::PlatformRefused, words, wanted, None).from_platform("0", said))
        }
        State::Cancelling(time) => {
            let words = words!(
                "该减免已被平台受理，其撤销（{time}）结果未知；请以同一时间再次调用 glory_cancel",
                "the platform took this deduction, and the result of its cancellation of {time} is unknown: call glory_cancel again with that time"
            );
            Err(replayed(Status::Unknown, Code::Timeout, words, wanted, Some(("1", time))))
        }
        State::Cancelled(time) => {
            let words = words!(
                "该减免已于 {time} 撤销；新的减免请用新的 deductionID",
                "this deduction was cancelled at {time}: a new one needs a new deductionID"
            );
            Err(replayed(Status::Failed, Code::PlatformRefused, words, wanted, Some(("0", time))))
        }
    })
}

/// What the state of a deduction, other than accepted, means for a cancellation that is wanted.
pub fn of_cancellation(state: Option<State>, wanted: &Cancellation) -> Next {
    let at = |words| Next::Known(Err(Error::field("/deductionID", words)));
    match state {
        None => at(words!("台账中没有该减免", "the ledger has no such deduction")),
        Some(State::Refused(_)) => {
            at(words!("平台拒绝了该减免，无可撤销", "the platform refused that deduction: there is nothing to cancel"))
        }
        Some(State::Intended) => at(words!(
            "该减免结果未知；请先以同一内容再次调用 glory_deduct",
            "the result of that deduction is unknown: call glory_deduct again with the same content first"
        )),
        Some(State::Cancelled(time)) if time == wanted.time => Next::Known(Ok(Done::REPLAYED)),
        Some(State::Cancelling(time)) if time == wanted.time => Next::Send,
        Some(State::Cancelled(time)) => {
            other_time(&time, words!("该减免已于 {time} 撤销", "that deduction was cancelled already, at {time}"))
        }
        Some(State::Cancelling(time)) => other_time(
            &time,
            words!(
                "该减免以 {time} 提交的撤销结果未知；请以该时间再次调用",
                "the result of its cancellation of {time} is unknown: call again with that time"
            ),
        ),
        // The caller has looked; another program was quicker.
        Some(State::Accepted) => Next::Send,
    }
}

/// Whether a refused cancellation is refused because the platform has cancelled the deduction already. Where the same
/// cancellation may have arrived before, that is its success.
pub fn says_cancelled(error: &Error) -> bool {
    let said = error.details().platform.as_ref().map(|(_, said)| said.to_lowercase()).unwrap_or_default();
    let cancelled = ["已撤销", "已取消", "重复撤销", "already cancel"].iter().any(|words| said.contains(words));
    // `不存在或已撤销` says nothing certain.
    let certain = !["不存在", "或", "not found", " or "].iter().any(|words| said.contains(words));
    cancelled && certain
}

fn other_content(row: &Deduction, wanted: &Deduction) -> Error {
    let mut differing: Vec<_> =
        members(row).iter().zip(members(wanted)).filter(|(old, new)| old.1 != new.1).map(|(old, _)| old.0).collect();
    if row.remarks != wanted.remarks {
        differing.push("remarks");
    }
    let list = differing.join(", ");
    let words = words!(
        "该 deductionID 已用于另一减免，内容不同：{list}",
        "this deductionID was used for another deduction; these differ: {list}"
    );
    Error::rejected(Code::DuplicateOrder, "/deductionID", words)
}

fn other_time(time: &str, words: Words) -> Next {
    let error = Error::rejected(Code::DuplicateOrder, "/deductionTime", words);
    Next::Known(Err(error.with_data(|data| {
        data.string("cancelTime", time);
    })))
}

fn replayed(status: Status, code: Code, words: Words, wanted: &Deduction, cancel: Option<(&str, &str)>) -> Error {
    Error::new(status, code, words).with_data(|data| {
        data.string("deductionID", &wanted.deduction_id);
        if let Some((status, time)) = cancel {
            data.string("status", status).string("cancelTime", time);
        }
        data.bool("replayed", true);
    })
}
