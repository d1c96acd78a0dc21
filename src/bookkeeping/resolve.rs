//! `journal_resolve`: what became of an entry, after asking the platform where that is open.

use std::time::Instant;

use crate::glory::deduct::{Desk, Done};
use crate::glory::deduction::Cancellation;
use crate::journal::{End, Journal, end};
use crate::onepay::asking::Doubt;
use crate::onepay::booking::{amount_of, resolved, settled_after};
use crate::onepay::trade::REFUND;
use crate::reply::{Code, Data, Error, Status, words};
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
    let journal = Journal::of_orders(profile)?.ok_or_else(|| {
        let words = words!("store 设为 none，没有流水", "store is set to none: there is no journal");
        Error::rejected(Code::BadSettings, "/store", words)
    })?;
    let entry = journal.find(EntryKind::Order, number, deadline)?.ok_or_else(|| not_there("/orderNo", number))?;
    if entry.state.is_settled() {
        return Ok(journal.replay(&entry));
    }
    let settings = profile.onepay()?;
    settings.address()?;
    let refund = entry.service == REFUND.trans_type;
    let field = if refund { &settings.refund_field } else { &settings.order_field };
    // After the secret was changed the amount's own name is not known, and the answer's is not looked at.
    let amount = journal.param(&entry).and_then(|param| amount_of(&param, settings));
    let doubt =
        Doubt { profile, field, number: &entry.key.number, amount, believed_from: settled_after(profile, &entry) };
    Ok(resolved(&journal, &entry, &doubt, deadline).1)
}

/// A cancellation is the later of a deduction's two movements.
fn deduction(profile: &Profile, id: &str, deadline: Instant) -> Result<End, Error> {
    let journal = Journal::of_deductions(profile)?;
    let org = profile.glory()?.org_code()?;
    follow_ledger(&journal, org, id)?;
    let entry = match journal.find(EntryKind::Cancellation, id, deadline)? {
        Some(cancellation) => Some(cancellation),
        None => journal.find(EntryKind::Deduction, id, deadline)?,
    };
    let entry = entry.ok_or_else(|| not_there("/deductionID", id))?;
    if entry.state.is_settled() {
        return Ok(journal.replay(&entry));
    }
    let desk = Desk { journal: &journal, platform: profile, deadline };
    let row = journal.store().find_deduction(org, id)?;
    let done = match (entry.key.kind, row) {
        (EntryKind::Cancellation, Some(row)) => match row.state {
            DeductionState::Cancelling(time) | DeductionState::Cancelled(time) => {
                desk.cancel(org, &Cancellation { deduction_id: id.to_owned(), time })
            }
            // Its time is written before it is sent.
            _ => return never_sent(&journal, &entry),
        },
        (EntryKind::Deduction | EntryKind::Order, Some(row)) => desk.deduct(&row.deduction),
        // So is the deduction.
        (_, None) => return never_sent(&journal, &entry),
    };
    told(&journal, &entry, done)
}

/// A deduction that the ledger knows to be taken, though its entry is open: its sender died between the two. A
/// cancellation that came since must not hide it.
fn follow_ledger(journal: &Journal, org: &str, id: &str) -> Result<(), Error> {
    use DeductionState::{Accepted, Cancelled, Cancelling};
    let entry = journal.peek(EntryKind::Deduction, id)?;
    let Some(entry) = entry.filter(|entry| entry.state == EntryState::Unknown) else { return Ok(()) };
    let row = journal.store().find_deduction(org, id)?;
    if row.is_some_and(|row| matches!(row.state, Accepted | Cancelling(_) | Cancelled(_))) {
        let end = end::of(|data| {
            data.string("deductionID", id).string("status", "1").bool("replayed", true);
            Ok(())
        });
        journal.learn(&entry, EntryState::Succeeded, &end)?;
    }
    Ok(())
}

/// What the desk says, in the journal too: where the ledger knew it already, the entry learns of it here.
fn told(journal: &Journal, entry: &Entry, done: Result<Done, Error>) -> Result<End, Error> {
    let status = if entry.key.kind == EntryKind::Deduction { "1" } else { "0" };
    let end = match done {
        Ok(done) => end::of(|data| {
            data.string("deductionID", &entry.key.number).string("status", status);
            match &done.message {
                Some(message) => data.string("responseMessage", message),
                None => data.bool("replayed", true),
            };
            Ok(())
        }),
        Err(error) if error.details().status == Status::Rejected => return Err(error),
        Err(error) => Err(error),
    };
    if let Some(now) = journal.peek(entry.key.kind, &entry.key.number)?
        && !now.state.is_settled()
    {
        journal.learn(&now, end::state_of(&end), &end)?;
    }
    Ok(end)
}

fn never_sent(journal: &Journal, entry: &Entry) -> Result<End, Error> {
    let words = words!(
        "请求未曾发出，未发生交易；可用同一内容重新发起",
        "the request was never sent and nothing was moved: it may be sent again with the same content"
    );
    let end = Err(Error::new(Status::Failed, Code::ConnectFailed, words));
    journal.learn(entry, EntryState::Unsent, &end)?;
    Ok(end)
}

fn not_there(field: &str, number: &str) -> Error {
    Error::field(field, words!("流水中没有 {number}", "the journal has no {number}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::glory::deduct::DEDUCT;
    use crate::journal::{Movement, Turn};
    use crate::store::{Deduction, Location};

    fn deduction() -> Deduction {
        let text = str::to_owned;
        Deduction {
            org_code: text("H1"),
            cert_type: text("0"),
            cert_no: text("11010519491231002X"),
            cert_name: text("张小凡"),
            deduction_id: text("D1"),
            total_fee: text("25.50"),
            deduction_fee: text("10.00"),
            deduction_time: text("2026-11-21 10:00:00"),
            glory_type: text("1"),
            deduction_type: text("0"),
            remarks: None,
        }
    }

    #[test]
    fn an_entry_whose_sender_died_after_the_ledger_was_written_follows_the_ledger() {
        let path = format!("{}/resolve.db", env!("OUT_DIR"));
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{path}{end}"));
        }
        let store = Location::parse(&format!("sqlite:{path}")).unwrap().open().unwrap();
        let journal = Journal::for_test(store.clone(), "resolve.jsonl");
        let (number, service, field) = ("D1".to_owned(), DEDUCT, "/deductionID".to_owned());
        let (content, param, kind) = (String::new(), "{}".to_owned(), EntryKind::Deduction);
        let movement = Movement { kind, number, service, content, fen: Some(1_000), param, field };
        let deadline = Instant::now() + Duration::from_secs(1);
        let turn = journal.begin::<()>(&movement, deadline, |_| panic!("it is new")).unwrap();
        drop(turn_of(turn));
        let state = || journal.peek(EntryKind::Deduction, "D1").unwrap().unwrap().state;
        let moved = |from, to| assert!(store.move_deduction("H1", "D1", &from, &to).unwrap());
        store.intend_deduction(&deduction()).unwrap();
        follow_ledger(&journal, "H1", "D1").unwrap();
        assert_eq!(state(), EntryState::Unknown, "the ledger does not know either");
        moved(DeductionState::Intended, DeductionState::Accepted);
        moved(DeductionState::Accepted, DeductionState::Cancelled("2026-11-21 11:00:00".into()));
        follow_ledger(&journal, "H1", "D1").unwrap();
        assert_eq!(state(), EntryState::Succeeded);
    }

    fn turn_of(turn: Turn<'_, ()>) -> crate::journal::Held<'_> {
        match turn {
            Turn::Mine(held) => held,
            Turn::Ends(()) => panic!("nobody else wants it"),
        }
    }
}
