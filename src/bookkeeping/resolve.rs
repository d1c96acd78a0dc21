//! `journal_resolve`: what became of an entry, after asking the platform where that is open.

use std::time::Instant;

use super::no_journal;
use crate::glory::deduct::{Desk, Done, data_of};
use crate::glory::deduction::Cancellation;
use crate::journal::{End, Journal, end};
use crate::onepay::asking::Doubt;
use crate::onepay::content::amount_of;
use crate::onepay::param::order_field;
use crate::onepay::resolving::{resolved, settled_after};
use crate::onepay::trade::{RECHARGE, REFUND};
use crate::reply::{Code, Data, Error, Language, Status, words};
use crate::request::Request;
use crate::settings::Profile;
use crate::store::{DeductionState, Entry, EntryKind, EntryState};

/// `journal_resolve`
pub fn resolve(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let fields = request.fields();
    let profile = request.profile()?;
    let deadline = request.deadline(&profile)?;
    let end = match (fields.string("orderNo")?, fields.string("deductionID")?) {
        (Some(number), None) => order(&profile, number, deadline)?,
        (None, Some(id)) => deduction(&profile, id, deadline)?,
        (None, None) => return Err(fields.missing("orderNo")),
        (Some(_), Some(_)) => {
            let words = words!("orderNo 与 deductionID 只能给一个", "orderNo and deductionID cannot both be given");
            return Err(Error::field("/deductionID", words));
        }
    };
    data.members(&end?);
    Ok(())
}

fn order(profile: &Profile, number: &str, deadline: Instant) -> Result<End, Error> {
    let journal = Journal::of_orders(profile)?.ok_or_else(no_journal)?;
    let entry = journal.find(EntryKind::Order, number, deadline)?.ok_or_else(|| not_there("/orderNo", number))?;
    if entry.state.is_settled() {
        return Ok(journal.replay(&entry));
    }
    let settings = profile.onepay()?;
    settings.address()?;
    let service = if entry.service == REFUND.trans_type { &REFUND } else { &RECHARGE };
    let field = order_field(settings, service);
    // After the secret was changed the amount's own name is not known, and the answer's is not looked at.
    let amount = journal.param(&entry).and_then(|param| amount_of(&param, settings, service));
    let doubt = Doubt {
        profile,
        field,
        number: &entry.key.number,
        amount,
        believed_from: settled_after(&journal, profile, &entry)?,
    };
    Ok(resolved(&journal, &entry, &doubt, deadline).1)
}

/// A cancellation is the later of a deduction's two movements.
fn deduction(profile: &Profile, id: &str, deadline: Instant) -> Result<End, Error> {
    let journal = Journal::of_deductions(profile)?;
    let org = profile.glory()?.org_code()?;
    let desk = Desk { journal: &journal, platform: profile, deadline };
    desk.follow_ledger(org, id)?;
    let entry = match journal.find(EntryKind::Cancellation, id, deadline)? {
        Some(cancellation) => Some(cancellation),
        None => journal.find(EntryKind::Deduction, id, deadline)?,
    };
    let entry = entry.ok_or_else(|| not_there("/deductionID", id))?;
    if entry.state.is_settled() {
        return Ok(journal.replay(&entry));
    }
    let row = journal.store().find_deduction(org, id)?;
    let done = match (entry.key.kind, row) {
        (EntryKind::Cancellation, Some(row)) => match row.state {
            DeductionState::Cancelling(time) | DeductionState::Cancelled(time) => {
                desk.cancel(org, &Cancellation { deduction_id: id.to_owned(), time })
            }
            // Its time is written before it is sent.
            _ => return not_done(&journal, &entry),
        },
        (EntryKind::Deduction | EntryKind::Order, Some(row)) => desk.deduct(&row.deduction),
        // So is the deduction.
        (_, None) => return not_done(&journal, &entry),
    };
    told(&journal, &entry, done, profile.language)
}

/// What the desk says, in the journal too: where the ledger knew it already, the entry learns of it here. From here on
/// something may have been sent, so a store that fails is no more than a warning.
fn told(journal: &Journal, entry: &Entry, done: Result<Done, Error>, language: Language) -> Result<End, Error> {
    let status = if entry.key.kind == EntryKind::Deduction { "1" } else { "0" };
    let (end, unwritten) = match done {
        Ok(Done { message, unwritten }) => (of_done(&entry.key.number, status, message.as_deref()), unwritten),
        Err(error) if error.details().status == Status::Rejected => return Err(error),
        Err(error) => (Err(error), None),
    };
    let learnt = journal.peek(entry.key.kind, &entry.key.number).and_then(|now| match now {
        Some(now) if !now.state.is_settled() => journal.learn(&now, end::state_of(&end), &end).map(|_| ()),
        _ => Ok(()),
    });
    Ok(match unwritten.or(learnt.err()) {
        Some(warning) => end::warned(end, &warning, language),
        None => end,
    })
}

fn of_done(id: &str, status: &'static str, message: Option<&str>) -> End {
    let end = Ok(data_of(id, status, message));
    if message.is_some() {
        return end;
    }
    end::with(end, |data| {
        data.bool("replayed", true);
    })
}

/// An entry whose deduction, or cancellation, the ledger does not have: it is written there before it is sent, and taken
/// back only when it was not sent, or refused.
fn not_done(journal: &Journal, entry: &Entry) -> Result<End, Error> {
    let words = words!(
        "未发生：请求未曾发出，或已被平台拒绝；可用同一内容重新发起",
        "nothing was done: it was never sent, or the platform refused it; it may be sent again with the same content"
    );
    let end = Err(Error::new(Status::Failed, Code::ConnectFailed, words));
    journal.learn(entry, EntryState::Unsent, &end)?;
    Ok(end)
}

fn not_there(field: &str, number: &str) -> Error {
    Error::field(field, words!("流水中没有 {number}", "the journal has no {number}"))
}
