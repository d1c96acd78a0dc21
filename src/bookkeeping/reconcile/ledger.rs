//! Deductions and cancellations against the ledger that the platform is answered from.

use std::time::Instant;

use super::{Day, Differences, Row, entries, in_time};
use crate::glory::deduct::{DEDUCT, fen_of};
use crate::journal::Journal;
use crate::reply::Error;
use crate::settings::Profile;
use crate::store::{DeductionState, Entry, EntryKind, EntryState, LedgerRow};

/// More deductions than any day has.
const MOST: u32 = 1_000_000;

/// Compares the day's deductions, `there` being the ledger. The platform itself asks for the ledger by `/deductCheck`.
pub(super) fn compare(
    profile: &Profile,
    journal: &Journal,
    day: &Day,
    deadline: Instant,
    found: &mut Differences,
) -> Result<(), Error> {
    let org = profile.glory()?.org_code()?;
    for entry in entries(journal, &[EntryKind::Deduction, EntryKind::Cancellation], day)? {
        in_time(deadline)?;
        found.checked += 1;
        let here = Row::of(&entry);
        match journal.store().find_deduction(org, &entry.key.number)? {
            Some(row) if agrees(&entry, &row.state) => {
                found.compare(&here, &Row { amount: fen_of(&row.deduction), ..here.clone() });
            }
            Some(row) => found.compare(&here, &there(&entry, &row)),
            // What was never sent need not be there.
            None if entry.state == EntryState::Unsent => {}
            None => found.only_here.push(here),
        }
    }
    let (first, last) = day.span();
    for row in journal.store().deductions_between(org, &first, &last, MOST)? {
        in_time(deadline)?;
        if journal.peek(EntryKind::Deduction, &row.deduction.deduction_id)?.is_none() {
            found.only_there.push(only(&row));
        }
    }
    Ok(())
}

/// Whether an entry and a row of the ledger say the same.
fn agrees(entry: &Entry, row: &DeductionState) -> bool {
    use DeductionState::{Accepted, Cancelled, Cancelling, Intended, Refused};
    let open = !entry.state.is_settled();
    match (entry.key.kind, row) {
        (EntryKind::Cancellation, Cancelled(_)) => entry.state == EntryState::Succeeded,
        (EntryKind::Cancellation, Cancelling(_)) => open,
        (EntryKind::Cancellation, _) => matches!(entry.state, EntryState::Failed | EntryState::Unsent),
        (_, Accepted | Cancelling(_) | Cancelled(_)) => entry.state == EntryState::Succeeded,
        (_, Refused(_)) => entry.state == EntryState::Failed,
        (_, Intended) => open || entry.state == EntryState::Unsent,
    }
}

fn there(entry: &Entry, row: &LedgerRow) -> Row {
    Row { state: row.state.parts().0.to_owned(), amount: fen_of(&row.deduction), ..Row::of(entry) }
}

fn only(row: &LedgerRow) -> Row {
    Row {
        kind: EntryKind::Deduction,
        number: row.deduction.deduction_id.clone(),
        service: DEDUCT.to_owned(),
        state: row.state.parts().0.to_owned(),
        amount: fen_of(&row.deduction),
    }
}
