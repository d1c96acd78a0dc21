//! What must outlive the program: the journal of all money that was moved, the roster of fee-reduction cards and the
//! ledger of deductions, behind one interface.
//!
//! [`Location`] is where a profile keeps its store, [`Location::open`] opens it or gives the one that is open, and
//! [`close_all`] closes them all.

#[cfg(test)]
mod contract;
mod entry;
mod failure;
mod location;
mod open;
mod postgres;
mod presence;
mod spill;
mod sqlite;

pub use entry::{Begun, Claim, Entry, EntryFilter, EntryKey, EntryKind, EntryState, Intent, Outcome};
pub use location::Location;
pub use open::close_all;
pub use postgres::Address;
pub use spill::{Spill, Spilled};

use std::fmt::Debug;

use crate::reply::Error;

/// A card of the roster (document 2.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The kind of the certificate (document 4.1).
    pub cert_type: String,
    /// The certificate's number; the platform may mask it.
    pub cert_no: String,
    /// The holder's name.
    pub cert_name: String,
    /// The card's kind.
    pub glory_type: String,
    /// The card's serial number: a later row of the same one replaces the earlier.
    pub glory_id: i64,
    /// The record's serial number, by which the roster grows.
    pub data_id: i64,
}

/// How far a roster is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RosterPosition {
    /// The largest record number that is stored; 0 for an empty roster.
    pub cursor: i64,
    /// When the platform last said that there is no more, in seconds since 1970.
    pub synced_at: Option<i64>,
}

/// A deduction as the hospital uploads it (document 2.2.2). Amounts are yuan as text with two decimals, times are
/// `yyyy-MM-dd HH:mm:ss`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Deduction {
    pub org_code: String,
    pub cert_type: String,
    pub cert_no: String,
    pub cert_name: String,
    pub deduction_id: String,
    pub total_fee: String,
    pub deduction_fee: String,
    pub deduction_time: String,
    pub glory_type: String,
    pub deduction_type: String,
    pub remarks: Option<String>,
}

/// What is known of a deduction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeductionState {
    /// Written down before it was sent; nobody has said yet what became of it.
    Intended,
    /// The platform took it.
    Accepted,
    /// The platform refused it with this message.
    Refused(String),
    /// Its cancellation was written down, with its time, before it was sent; nobody has said yet what became of that.
    Cancelling(String),
    /// The platform cancelled it; the time is the hospital's.
    Cancelled(String),
}

impl DeductionState {
    /// As its word, and what is known with it: the refusal's message or the cancellation's time.
    pub fn parts(&self) -> (&'static str, Option<&str>) {
        match self {
            Self::Intended => ("intended", None),
            Self::Accepted => ("accepted", None),
            Self::Refused(message) => ("refused", Some(message)),
            Self::Cancelling(time) => ("cancelling", Some(time)),
            Self::Cancelled(time) => ("cancelled", Some(time)),
        }
    }

    /// Whether this outcome stands against another that was written meanwhile. What the platform took outweighs a refusal
    /// of the same: the refused one came second.
    pub fn outweighs(&self, old: &Self) -> bool {
        match self {
            Self::Accepted => matches!(old, Self::Intended | Self::Refused(_)),
            Self::Refused(_) => *old == Self::Intended,
            Self::Cancelled(_) => matches!(old, Self::Accepted | Self::Cancelling(_)),
            Self::Intended | Self::Cancelling(_) => false,
        }
    }

    /// From its [`parts`](Self::parts).
    pub fn of_parts(word: &str, note: String) -> Self {
        match word {
            "accepted" => Self::Accepted,
            "refused" => Self::Refused(note),
            "cancelling" => Self::Cancelling(note),
            "cancelled" => Self::Cancelled(note),
            _ => Self::Intended,
        }
    }
}

/// A row of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerRow {
    /// The deduction.
    pub deduction: Deduction,
    /// What is known of it.
    pub state: DeductionState,
}

/// Another program may move a row while a call looks at it; it cannot do so more often than a row has states.
pub const MOST_MOVES: usize = 5;

/// Writes what became of a deduction, and gives the state that stands then: where another program has written one
/// meanwhile, the one that outweighs. None where the row is gone, or others keep changing it.
pub fn settle_deduction(
    store: &dyn Store,
    org: &str,
    deduction_id: &str,
    from: &DeductionState,
    to: &DeductionState,
) -> Result<Option<DeductionState>, Error> {
    let mut from = from.clone();
    for _ in 0..MOST_MOVES {
        if store.move_deduction(org, deduction_id, &from, to)? {
            return Ok(Some(to.clone()));
        }
        match store.find_deduction(org, deduction_id)?.map(|row| row.state) {
            Some(state) if to.outweighs(&state) => from = state,
            stands => return Ok(stands),
        }
    }
    Ok(None)
}

/// A store. Rosters and ledgers of several hospitals (`org`, the orgCode) share one without meeting. Every change is
/// one transaction and durable when the call returns; several threads and processes may use the same store.
///
/// Errors are `STORE_FAILED`, rejected; who has already sent something changes the status.
pub trait Store: Debug + Send + Sync {
    /// How far the roster is.
    fn roster_position(&self, org: &str) -> Result<RosterPosition, Error>;

    /// Adds a page that was asked for after the cursor `after`, and moves the cursor, in one transaction. Does nothing
    /// and gives false where the cursor is no longer `after`: another program has added that page.
    fn add_roster_page(&self, org: &str, after: i64, cards: &[Card], cursor: i64) -> Result<bool, Error>;

    /// Notes that the roster was complete at that second.
    fn roster_complete(&self, org: &str, second: i64) -> Result<(), Error>;

    /// The cards of a certificate, in order of `gloryID`. The case of letters in the number does not matter.
    fn find_cards(&self, org: &str, cert_type: &str, cert_no: &str) -> Result<Vec<Card>, Error>;

    /// Writes a deduction down as intended, unless its id is known: then gives the row that is there, untouched.
    fn intend_deduction(&self, deduction: &Deduction) -> Result<Option<LedgerRow>, Error>;

    /// The row of a deduction.
    fn find_deduction(&self, org: &str, deduction_id: &str) -> Result<Option<LedgerRow>, Error>;

    /// Moves a deduction on, if it still is in the state `from`. Gives false where it is not.
    fn move_deduction(
        &self,
        org: &str,
        deduction_id: &str,
        from: &DeductionState,
        to: &DeductionState,
    ) -> Result<bool, Error>;

    /// The deductions that the platform took (also those cancelled since) whose time lies in the span, both ends
    /// counted, in order of time and id; the first `most` of them.
    fn deductions_between(&self, org: &str, start: &str, end: &str, most: u32) -> Result<Vec<LedgerRow>, Error>;

    /// Remembers a request of the platform from `second` (since 1970) for ten minutes and one second, as long as its
    /// timestamp, which may be five minutes off either way, can pass. Gives false where it was
    /// remembered already: a replay.
    fn remember_request(&self, sid: &str, timestamp: &str, sign: &str, second: i64) -> Result<bool, Error>;

    /// Writes a movement of money down as [`Sending`](EntryState::Sending) by this process, unless there is an entry of
    /// that key: then gives it, as [`find_entry`](Self::find_entry) does.
    fn begin_entry(&self, intent: &Intent) -> Result<Begun, Error>;

    /// Takes over an entry, which was seen in any state but `Sending`, with the intent's content, as `Sending` by this
    /// process. Gives none where it has changed since.
    fn begin_again(&self, seen: &Entry, intent: &Intent) -> Result<Option<Claim>, Error>;

    /// Writes an outcome down, and tells whether it did. `Succeeded` outweighs every other state. Any other outcome needs
    /// the claim under which the entry was sent last, and an entry that is not settled.
    fn settle_entry(&self, key: &EntryKey, claim: Option<Claim>, outcome: &Outcome) -> Result<bool, Error>;

    /// The entry of a key. One that somebody was sending who is dead, or was to be done long ago, has become `Unknown`.
    fn find_entry(&self, key: &EntryKey) -> Result<Option<Entry>, Error>;

    /// The newest entries, as [`find_entry`](Self::find_entry) gives them.
    fn list_entries(&self, filter: &EntryFilter) -> Result<Vec<Entry>, Error>;

    /// The clock that entries' times go by, in milliseconds since 1970: desks' clocks differ.
    fn now(&self) -> Result<i64, Error>;

    /// Removes the entries of an account that were settled before a moment (milliseconds since 1970), a thousand at
    /// most, and tells how many.
    fn forget_entries(&self, kind: EntryKind, account: &str, before: i64) -> Result<usize, Error>;
}
