//! Deductions and their cancellation: written into the ledger before anything is sent, and their outcome after it.
//!
//! The way of a row: `Intended → Accepted | Refused`, `Accepted → Cancelling → Cancelled | Accepted`. A row stays
//! `Intended` or `Cancelling` until the platform itself has said what became of it; the same call again then sends the
//! same request again, which the platform knows by its deductionID.

use std::time::{Duration, Instant};

use super::deduction::{self, Cancellation};
use super::exchange;
use super::insist::{Heard, insist};
use super::known::{self, Next};
use super::money;
use crate::journal::{self, End, Held, Journal, Movement, Turn, end};
use crate::json::{self, Json, Object, ObjectWriter, to_text};
use crate::reply::{Code, Error, Status, Words, words};
use crate::settings::Profile;
use crate::store::{
    Deduction, DeductionState as State, EntryKind, EntryState, MOST_MOVES, Spilled, Store, settle_deduction,
};

/// Where deductions go (document 2.2.1).
pub const DEDUCT: &str = "/glorycard/store/deduct";
/// Where cancellations go (document 2.3.1).
pub const CANCEL: &str = "/glorycard/store/deductCancel";

/// Who takes the requests.
pub trait Platform {
    /// Posts a body to a path within a time, and gives the `responseMessage` of success. Errors are a service's.
    fn send(&self, path: &str, body: &Object<'_>, limit: Duration) -> Result<String, Error>;
}

impl Platform for &Profile {
    fn send(&self, path: &str, body: &Object<'_>, limit: Duration) -> Result<String, Error> {
        let answer = exchange::transact(self, path, body, Some(limit))?;
        let said = json::read(&answer)
            .ok()
            .and_then(|answer| answer.as_object()?.get("responseMessage").and_then(Json::as_scalar).map(str::to_owned));
        Ok(said.unwrap_or_default())
    }
}

/// A deduction or cancellation that the platform took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What the platform said; none where this is the known outcome of an earlier call.
    pub message: Option<String>,
    /// Why the outcome could not be written down: the ledger still calls it unknown, and the same call again mends that.
    pub unwritten: Option<Error>,
}

impl Done {
    /// The known outcome of an earlier call.
    pub const REPLAYED: Done = Done { message: None, unwritten: None };
}

/// The journal, the ledger beside it, and the platform, for one call. The journal says whose turn it is; what becomes of
/// a deduction is the ledger's to say, and the journal's entry follows it.
#[derive(Debug)]
pub struct Desk<'c, P> {
    /// The journal; the ledger is in the same store.
    pub journal: &'c Journal,
    /// The platform.
    pub platform: P,
    /// When the call must end.
    pub deadline: Instant,
}

impl<P: Platform> Desk<'_, P> {
    /// Uploads a deduction.
    ///
    /// Errors: `DUPLICATE_ORDER`, `PLATFORM_REFUSED`, `STORE_FAILED` (rejected: nothing was sent), a service's.
    pub fn deduct(&self, wanted: &Deduction) -> Result<Done, Error> {
        if let Some(outcome) = self.known_deduction(wanted)? {
            // Where that fails, journal_resolve does it another time.
            let _ = self.follow_ledger(&wanted.org_code, &wanted.deduction_id);
            return outcome;
        }
        let body = deduction::body(wanted);
        let movement = movement(EntryKind::Deduction, &wanted.deduction_id, DEDUCT, &body, fen_of(wanted));
        // An earlier request may have arrived, unless the journal knows better.
        let mut doubt = true;
        let turn = self.journal.begin(&movement, self.deadline, |entry| {
            doubt = entry.state != EntryState::Unsent;
            Ok(match self.known_deduction(wanted)? {
                Some(outcome) => journal::Next::Ends(outcome),
                None => journal::Next::Again,
            })
        })?;
        match turn {
            Turn::Ends(outcome) => outcome,
            Turn::Mine(held) => noted(held, &wanted.deduction_id, "1", self.upload(wanted, &body, doubt)),
        }
    }

    /// What the ledger knows of a deduction that is wanted.
    fn known_deduction(&self, wanted: &Deduction) -> Result<Option<Result<Done, Error>>, Error> {
        let row = self.store().find_deduction(&wanted.org_code, &wanted.deduction_id)?;
        Ok(row.and_then(|row| match known::of_deduction(&row, wanted) {
            Next::Known(outcome) => Some(outcome),
            Next::Send => None,
        }))
    }

    fn upload(&self, wanted: &Deduction, body: &Object<'_>, doubt: bool) -> Result<Done, Error> {
        let (org, id) = (wanted.org_code.as_str(), wanted.deduction_id.as_str());
        let repeated = match &self.store().intend_deduction(wanted)? {
            None => false,
            Some(row) => match known::of_deduction(row, wanted) {
                Next::Known(outcome) => return outcome,
                Next::Send => doubt,
            },
        };
        match insist(self.deadline, repeated, |limit| self.platform.send(DEDUCT, body, limit)) {
            Heard::Taken(message) => {
                let unwritten = self.settle(org, id, &State::Intended, &State::Accepted).err();
                Ok(Done { message: Some(message), unwritten })
            }
            Heard::Refused(refusal) => self.refused(wanted, refusal),
            Heard::Unsent(error) => Err(error.without_field()),
            Heard::Nothing(error) => Err(in_doubt(error)),
        }
    }

    fn store(&self) -> &dyn Store {
        self.journal.store()
    }

    fn refused(&self, wanted: &Deduction, refusal: Error) -> Result<Done, Error> {
        let said = refusal.details().platform.as_ref().map(|(_, said)| said.clone()).unwrap_or_default();
        match self.settle(&wanted.org_code, &wanted.deduction_id, &State::Intended, &State::Refused(said)) {
            Ok(State::Refused(_)) => Err(refusal),
            // Another program sent the same at the same time, and was not refused.
            Ok(_) => Ok(Done::REPLAYED),
            Err(error) => Err(with_unwritten(&refusal, &error)),
        }
    }

    /// Takes a deduction back. Errors as of [`deduct`](Self::deduct), and `BAD_FIELD` for an unknown one.
    pub fn cancel(&self, org: &str, wanted: &Cancellation) -> Result<Done, Error> {
        let id = wanted.deduction_id.as_str();
        if let Some(outcome) = self.known_cancellation(org, wanted)? {
            let _ = self.follow_ledger(org, id);
            return outcome;
        }
        let body = deduction::cancellation_body(org, wanted);
        let fen = self.store().find_deduction(org, id)?.and_then(|row| fen_of(&row.deduction));
        let movement = movement(EntryKind::Cancellation, id, CANCEL, &body, fen);
        let turn = self.journal.begin(&movement, self.deadline, |_| {
            Ok(match self.known_cancellation(org, wanted)? {
                Some(outcome) => journal::Next::Ends(outcome),
                None => journal::Next::Again,
            })
        })?;
        match turn {
            Turn::Ends(outcome) => outcome,
            Turn::Mine(held) => noted(held, id, "0", self.take_back(org, wanted)),
        }
    }

    /// What the ledger knows of a cancellation that is wanted.
    fn known_cancellation(&self, org: &str, wanted: &Cancellation) -> Result<Option<Result<Done, Error>>, Error> {
        let state = self.store().find_deduction(org, &wanted.deduction_id)?.map(|row| row.state);
        Ok(match known::of_cancellation(state, wanted) {
            Next::Known(outcome) => Some(outcome),
            Next::Send => None,
        })
    }

    fn take_back(&self, org: &str, wanted: &Cancellation) -> Result<Done, Error> {
        let id = wanted.deduction_id.as_str();
        let cancelling = State::Cancelling(wanted.time.clone());
        let repeated = match self.begin(org, wanted, &cancelling)? {
            Begun::Known(outcome) => return outcome,
            Begun::Now => false,
            Begun::Before => true,
        };
        let body = deduction::cancellation_body(org, wanted);
        match insist(self.deadline, repeated, |limit| self.platform.send(CANCEL, &body, limit)) {
            Heard::Taken(message) => Ok(self.cancelled(org, wanted, message)),
            Heard::Nothing(refusal) if known::says_cancelled(&refusal) => {
                let said = refusal.details().platform.as_ref().map(|(_, said)| said.clone());
                Ok(self.cancelled(org, wanted, said.unwrap_or_default()))
            }
            Heard::Refused(refusal) => match self.settle(org, id, &cancelling, &State::Accepted) {
                Ok(State::Cancelled(_)) => Ok(Done::REPLAYED),
                Ok(_) => Err(refusal),
                Err(error) => Err(with_unwritten(&refusal, &error)),
            },
            Heard::Unsent(error) => {
                // What surely was not sent does not bind the next call to its time. Where this cannot be written, it does.
                let _ = self.store().move_deduction(org, id, &cancelling, &State::Accepted);
                Err(error.without_field())
            }
            Heard::Nothing(error) => {
                // Another program that surely did not send the same may have taken the note of it back.
                let _ = self.store().move_deduction(org, id, &State::Accepted, &cancelling);
                Err(in_doubt(error))
            }
        }
    }

    fn cancelled(&self, org: &str, wanted: &Cancellation, message: String) -> Done {
        let (from, to) = (State::Cancelling(wanted.time.clone()), State::Cancelled(wanted.time.clone()));
        Done { message: Some(message), unwritten: self.settle(org, &wanted.deduction_id, &from, &to).err() }
    }

    /// Writes down that the cancellation is going to be sent.
    fn begin(&self, org: &str, wanted: &Cancellation, cancelling: &State) -> Result<Begun, Error> {
        let id = wanted.deduction_id.as_str();
        for _ in 0..MOST_MOVES {
            let state = self.store().find_deduction(org, id)?.map(|row| row.state);
            if state == Some(State::Accepted) {
                if self.store().move_deduction(org, id, &State::Accepted, cancelling)? {
                    return Ok(Begun::Now);
                }
                continue;
            }
            return Ok(match known::of_cancellation(state, wanted) {
                Next::Known(outcome) => Begun::Known(outcome),
                Next::Send => Begun::Before,
            });
        }
        Err(restless())
    }

    /// Writes an outcome down, and gives the state that stands then; kept aside where the store does not take it.
    fn settle(&self, org: &str, id: &str, from: &State, to: &State) -> Result<State, Error> {
        let stands = settle_deduction(self.store(), org, id, from, to).map_err(|error| {
            let spilled = Spilled::Deduction(org.to_owned(), id.to_owned(), from.clone(), to.clone());
            self.journal.spill_deduction(&spilled, &error)
        })?;
        stands.ok_or_else(restless)
    }

    /// Brings an open entry to what the ledger knows: its sender died between writing the two.
    pub fn follow_ledger(&self, org: &str, id: &str) -> Result<(), Error> {
        let Some(row) = self.store().find_deduction(org, id)? else { return Ok(()) };
        let taken = matches!(row.state, State::Accepted | State::Cancelling(_) | State::Cancelled(_));
        let cancelled = matches!(row.state, State::Cancelled(_));
        for (kind, status, is_so) in [(EntryKind::Deduction, "1", taken), (EntryKind::Cancellation, "0", cancelled)] {
            let entry = self.journal.peek(kind, id)?.filter(|entry| is_so && entry.state == EntryState::Unknown);
            if let Some(entry) = entry {
                let end = Ok(data_of(id, status, None));
                self.journal.learn(&entry, EntryState::Succeeded, &end)?;
            }
        }
        Ok(())
    }
}

enum Begun {
    /// This call wrote it down.
    Now,
    /// An earlier one did, and may have sent it.
    Before,
    Known(Result<Done, Error>),
}

/// Writes what became of it into the journal; where neither that nor the ledger could be written, the ledger's warning
/// stands.
fn noted(held: Held<'_>, id: &str, status: &'static str, outcome: Result<Done, Error>) -> Result<Done, Error> {
    let told: End = match &outcome {
        Ok(done) => Ok(data_of(id, status, done.message.as_deref())),
        Err(error) => Err(error.clone()),
    };
    let state = match &told {
        // The store broke before this call sent anything; an earlier one may have.
        Err(error) if error.details().code == Code::StoreFailed => EntryState::Unknown,
        told => end::state_of(told),
    };
    let language = held.language();
    let unwritten = held.note(state, &told);
    match (outcome, unwritten) {
        (Ok(done), unwritten) => Ok(Done { unwritten: done.unwritten.or(unwritten), ..done }),
        (Err(error), Some(warning)) => end::warned(Err(error), &warning, language).map(|_| Done::REPLAYED),
        (Err(error), None) => Err(error),
    }
}

/// What is told of a deduction that stands (`status` `1`) or is cancelled (`0`), as JSON text.
pub fn data_of(id: &str, status: &'static str, message: Option<&str>) -> String {
    ObjectWriter::text(|data| {
        data.string("deductionID", id).string("status", status);
        if let Some(message) = message {
            data.string("responseMessage", message);
        }
    })
}

fn movement(kind: EntryKind, id: &str, service: &'static str, body: &Object<'_>, fen: Option<i64>) -> Movement {
    let param = to_text(&Json::Object(body.clone()));
    let field = "/deductionID".to_owned();
    Movement { kind, number: id.to_owned(), service, content: param.clone(), fen, param, field }
}

/// What the holder is spared, in fen.
pub fn fen_of(deduction: &Deduction) -> Option<i64> {
    money::fen(&deduction.deduction_fee).and_then(|fen| i64::try_from(fen).ok())
}

/// Nobody knows. An error that says that nothing was sent speaks of this call only.
fn in_doubt(error: Error) -> Error {
    let Words { zh, en } = &error.details().words;
    let words = match error.details().status {
        Status::Unknown => return error.without_field(),
        _ => words!(
            "更早的同一请求可能已被平台受理，结果未知，请再次调用或与平台核对；本次：{zh}",
            "the same request of earlier may have been taken, its result is unknown: call again, or ask the platform; this time: {en}"
        ),
    };
    let platform = error.details().platform.clone();
    let told = Error::new(Status::Unknown, error.details().code, words);
    platform.map_or(told.clone(), |(code, said)| told.from_platform(&code, &said))
}

/// The platform's refusal stays what it is; the ledger just does not know it yet.
fn with_unwritten(refusal: &Error, error: &Error) -> Error {
    let (Words { zh, en }, why) = (&refusal.details().words, &error.details().words);
    let (why_zh, why_en) = (&why.zh, &why.en);
    let words = words!("{zh}；结果未能写入台账：{why_zh}", "{en}; this could not be written into the ledger: {why_en}");
    let told = Error::new(Status::Failed, Code::PlatformRefused, words);
    match &refusal.details().platform {
        Some((code, said)) => told.from_platform(code, said),
        None => told,
    }
}

fn restless() -> Error {
    let words = words!("台账中的记录被其他程序反复改动或删除", "other programs keep changing the row in the ledger");
    Error::rejected(Code::StoreFailed, "/store", words)
}
