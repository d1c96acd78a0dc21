//! A store in a PostgreSQL database, which several desks share: every change is committed to the server's disk before
//! the call returns.
//!
//! A call that loses its connection is run once more on a new one, and finds out from what stands there whether its
//! first try went through. No call takes longer than [`LIMIT`].

mod address;
mod connections;
mod failure;
mod journal;
mod ledger;
mod link;
mod roster;
mod schema;
mod signature_hash;
mod text;
mod tls;
mod tls_stream;

pub use address::Address;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use self::connections::Connections;
use self::failure::Fault;
use self::link::Session;
use super::presence::{Presence, random};
use super::{
    Begun, Card, Claim, Deduction, DeductionState, Entry, EntryFilter, EntryKey, EntryKind, EntryState, Intent,
    LedgerRow, Outcome, RosterPosition, Store,
};
use crate::reply::Error;

/// The longest that a call takes, with connecting and a second try.
const LIMIT: Duration = Duration::from_secs(15);

/// A database.
pub(in crate::store) struct Postgres {
    connections: Connections,
    presence: Presence,
    /// Whether the tables are known to be this version's.
    ready: AtomicBool,
}

impl Postgres {
    /// The database, not reached yet. In `folder` processes of this machine and user tell each other that they are
    /// alive; without it, time alone tells.
    pub(in crate::store) fn new(address: &Address, folder: Option<&Path>) -> Result<Self, Error> {
        let connections = Connections::new(address.clone(), tls::connector(address)?);
        Ok(Self { connections, presence: Presence::among_machines(folder, "desk-"), ready: AtomicBool::new(false) })
    }

    /// Makes sure that the database can be used: brings it up to this version's tables where need be, once.
    pub(in crate::store) fn open(&self) -> Result<(), Error> {
        if !self.ready.load(Ordering::Acquire) {
            let place = self.connections.address().place();
            self.run(async |session, _| schema::prepare(session, &place).await)?;
            self.ready.store(true, Ordering::Release);
        }
        Ok(())
    }

    /// Runs `work`, once more where its connection was lost: it is told so, since its first try may have gone through.
    fn run<T>(&self, work: impl AsyncFn(&Session, bool) -> Result<T, Fault>) -> Result<T, Error> {
        let until = Instant::now() + LIMIT;
        let once = |again| {
            let slot = self.connections.take(until)?;
            slot.run(until, async |session| work(session, again).await)
        };
        let end = match once(false) {
            Err(fault) if fault.is_worth_another_try() => {
                if fault.is_lost() {
                    // The others went the same way.
                    self.connections.close_idle();
                }
                once(true)
            }
            end => end,
        };
        end.map_err(|fault| fault.told(self.connections.address()))
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Postgres").field("address", self.connections.address()).finish_non_exhaustive()
    }
}

impl Store for Postgres {
    fn roster_position(&self, org: &str) -> Result<RosterPosition, Error> {
        self.run(async |session, _| roster::position(session, org).await)
    }

    fn add_roster_page(&self, org: &str, after: i64, cards: &[Card], cursor: i64) -> Result<bool, Error> {
        self.run(async |session, again| roster::add_page(session, org, after, cards, cursor, again).await)
    }

    fn roster_complete(&self, org: &str, second: i64) -> Result<(), Error> {
        self.run(async |session, _| roster::complete(session, org, second).await)
    }

    fn find_cards(&self, org: &str, cert_type: &str, cert_no: &str) -> Result<Vec<Card>, Error> {
        self.run(async |session, _| roster::find(session, org, cert_type, cert_no).await)
    }

    fn intend_deduction(&self, deduction: &Deduction) -> Result<Option<LedgerRow>, Error> {
        let token = random()?.cast_signed();
        self.run(async |session, _| ledger::intend(session, deduction, token).await)
    }

    fn find_deduction(&self, org: &str, deduction_id: &str) -> Result<Option<LedgerRow>, Error> {
        self.run(async |session, _| ledger::find(session, org, deduction_id).await)
    }

    fn move_deduction(
        &self,
        org: &str,
        deduction_id: &str,
        from: &DeductionState,
        to: &DeductionState,
    ) -> Result<bool, Error> {
        let token = random()?.cast_signed();
        let id = (org, deduction_id);
        self.run(async |session, again| ledger::move_on(session, id, from, to, token, again).await)
    }

    fn deductions_between(&self, org: &str, start: &str, end: &str, most: u32) -> Result<Vec<LedgerRow>, Error> {
        self.run(async |session, _| ledger::between(session, org, start, end, most).await)
    }

    fn remember_request(&self, sid: &str, timestamp: &str, sign: &str, second: i64) -> Result<bool, Error> {
        let token = random()?.cast_signed();
        self.run(async |session, _| ledger::remember(session, (sid, timestamp, sign), second, token).await)
    }

    fn begin_entry(&self, intent: &Intent) -> Result<Begun, Error> {
        let sender = self.presence.sender()?;
        self.run(async |session, _| journal::begin(session, intent, &sender).await)
    }

    fn begin_again(&self, seen: &Entry, intent: &Intent) -> Result<Option<Claim>, Error> {
        let sender = self.presence.sender()?;
        self.run(async |session, again| journal::begin_again(session, seen, intent, &sender, again).await)
    }

    fn settle_entry(&self, key: &EntryKey, claim: Option<Claim>, outcome: &Outcome) -> Result<bool, Error> {
        if claim.is_none() && outcome.state != EntryState::Succeeded {
            return Ok(false);
        }
        self.run(async |session, again| journal::settle(session, key, claim, outcome, again).await)
    }

    fn find_entry(&self, key: &EntryKey) -> Result<Option<Entry>, Error> {
        self.run(async |session, _| journal::find(session, key, &self.presence).await)
    }

    fn list_entries(&self, filter: &EntryFilter) -> Result<Vec<Entry>, Error> {
        self.run(async |session, _| journal::list(session, filter, &self.presence).await)
    }

    fn now(&self) -> Result<i64, Error> {
        self.run(async |session, _| journal::now(session).await)
    }

    fn forget_entries(&self, kind: EntryKind, account: &str, before: i64) -> Result<usize, Error> {
        self.run(async |session, _| journal::forget(session, kind, account, before).await)
    }
}

#[cfg(test)]
mod tests;
