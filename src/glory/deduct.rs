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
use super::turn::Turn;
use crate::json::{self, Json, Object};
use crate::reply::{Code, Error, Status, Words, words};
use crate::settings::Profile;
use crate::store::{Deduction, DeductionState as State, Store};

/// Where deductions go (document 2.2.1).
pub const DEDUCT: &str = "/glorycard/store/deduct";
/// Where cancellations go (document 2.3.1).
pub const CANCEL: &str = "/glorycard/store/deductCancel";

/// Another program may move a row while this call looks at it; it cannot do so more often than a row has states.
const MOST_MOVES: usize = 5;

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

/// The ledger and the platform, for one call.
#[derive(Debug)]
pub struct Desk<'c, P> {
    /// The ledger.
    pub store: &'c dyn Store,
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
        let (org, id) = (wanted.org_code.as_str(), wanted.deduction_id.as_str());
        let _turn = self.turn(org, id)?;
        let known = self.store.intend_deduction(wanted)?;
        let repeated = match &known {
            None => false,
            Some(row) => match known::of_deduction(row, wanted) {
                Next::Known(outcome) => return outcome,
                Next::Send => true,
            },
        };
        let body = deduction::body(wanted);
        match insist(self.deadline, repeated, |limit| self.platform.send(DEDUCT, &body, limit)) {
            Heard::Taken(message) => {
                let unwritten = self.settle(org, id, &State::Intended, &State::Accepted).err();
                Ok(Done { message: Some(message), unwritten })
            }
            Heard::Refused(refusal) => self.refused(wanted, refusal),
            Heard::Unsent(error) => Err(error.without_field()),
            Heard::Nothing(error) => Err(in_doubt(error)),
        }
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
        let _turn = self.turn(org, id)?;
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
                let _ = self.store.move_deduction(org, id, &cancelling, &State::Accepted);
                Err(error.without_field())
            }
            Heard::Nothing(error) => {
                // Another program that surely did not send the same may have taken the note of it back.
                let _ = self.store.move_deduction(org, id, &State::Accepted, &cancelling);
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
            let state = self.store.find_deduction(org, id)?.map(|row| row.state);
            if state == Some(State::Accepted) {
                if self.store.move_deduction(org, id, &State::Accepted, cancelling)? {
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

    /// Writes an outcome down, and gives the state that stands then: where another program has written one meanwhile,
    /// the one that outweighs.
    fn settle(&self, org: &str, id: &str, from: &State, to: &State) -> Result<State, Error> {
        let mut from = from.clone();
        for _ in 0..MOST_MOVES {
            if self.store.move_deduction(org, id, &from, to)? {
                return Ok(to.clone());
            }
            match self.store.find_deduction(org, id)? {
                Some(row) if known::outweighs(to, &row.state) => from = row.state,
                Some(row) => return Ok(row.state),
                None => return Err(restless()),
            }
        }
        Err(restless())
    }

    fn turn(&self, org: &str, id: &str) -> Result<Turn, Error> {
        Turn::take(self.store, org, id, self.deadline).ok_or_else(|| {
            let words = words!(
                "同一 deductionID 的另一次调用尚未结束，结果未知；请稍后以同一内容再次调用",
                "another call with this deductionID is still under way and its result unknown: call again with the same content"
            );
            Error::new(Status::Unknown, Code::Timeout, words)
        })
    }
}

enum Begun {
    /// This call wrote it down.
    Now,
    /// An earlier one did, and may have sent it.
    Before,
    Known(Result<Done, Error>),
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
