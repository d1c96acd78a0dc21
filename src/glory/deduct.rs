//! Deductions and their cancellation: written into the ledger before anything is sent, and their outcome after it.
//!
//! The way of a row: `Intended → Accepted | Refused`, `Accepted → Cancelling → Cancelled | Accepted`. A row stays
//! `Intended` or `Cancelling` until the platform itself has said what became of it; the same call again then sends the
//! same request again, which the platform knows by its deductionID.

use std::time::{Duration, Instant};

use super::deduction::{self, Cancellation};
use super::insist::{Heard, insist};
use super::turn::Turn;
use crate::json::{Json, Object};
use crate::reply::{Code, Error, Status, Words, words};
use crate::store::{Deduction, DeductionState as State, LedgerRow, Store};

/// Where deductions go (document 2.2.1).
pub const DEDUCT: &str = "/glorycard/store/deduct";
/// Where cancellations go (document 2.3.1).
pub const CANCEL: &str = "/glorycard/store/deductCancel";

/// Posts a body to a path within a time, and gives the `responseMessage` of success.
pub trait Platform {
    /// Errors are those of a service.
    fn send(&self, path: &str, body: &Object<'_>, limit: Duration) -> Result<String, Error>;
}

/// A deduction or cancellation that the platform took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What the platform said; none where this is the known outcome of an earlier call.
    pub message: Option<String>,
    /// The outcome could not be written down: the ledger still calls it unknown, and the same call again mends that.
    pub unwritten: Option<Error>,
}

const REPLAYED: Done = Done { message: None, unwritten: None };

/// The ledger and the platform, for one call.
#[derive(Debug)]
pub struct Desk<'c, P> {
    /// The ledger.
    pub store: &'c dyn Store,
    /// The platform.
    pub platform: &'c P,
    /// When the call must end.
    pub deadline: Instant,
}

impl<P: Platform> Desk<'_, P> {
    /// Uploads a deduction.
    pub fn deduct(&self, wanted: &Deduction) -> Result<Done, Error> {
        let _turn = self.turn(&wanted.org_code, &wanted.deduction_id)?;
        let known = self.store.intend_deduction(wanted)?;
        if let Some(row) = &known
            && let Some(outcome) = known_outcome(row, wanted)
        {
            return outcome;
        }
        let body = deduction::body(wanted);
        let heard = insist(self.deadline, known.is_some(), |limit| self.platform.send(DEDUCT, &body, limit));
        match heard {
            Heard::Taken(message) => Ok(self.taken(wanted, message)),
            Heard::Refused(refusal) => self.refused(wanted, refusal),
            Heard::Unsent(error) => Err(error.without_field()),
            Heard::Nothing(error) => Err(unknown(error)),
        }
    }

    /// Takes a deduction back.
    pub fn cancel(&self, org: &str, wanted: &Cancellation) -> Result<Done, Error> {
        let id = &wanted.deduction_id;
        let _turn = self.turn(org, id)?;
        let cancelling = State::Cancelling(wanted.time.clone());
        let begun = match self.store.find_deduction(org, id)?.map(|row| row.state) {
            Some(State::Accepted) => !self.store.move_deduction(org, id, &State::Accepted, &cancelling)?,
            state => match cancel_outcome(state, wanted) {
                Some(outcome) => return outcome,
                None => true,
            },
        };
        let body = deduction::cancellation_body(org, wanted);
        match insist(self.deadline, begun, |limit| self.platform.send(CANCEL, &body, limit)) {
            Heard::Taken(message) => {
                let cancelled = State::Cancelled(wanted.time.clone());
                Ok(Done { message: Some(message), unwritten: self.settle(org, id, &cancelling, &cancelled).err() })
            }
            Heard::Refused(refusal) => {
                Err(with_unwritten(refusal, self.settle(org, id, &cancelling, &State::Accepted).err()))
            }
            Heard::Unsent(error) => {
                // What surely was not sent does not bind the next call to its time.
                let _ = self.store.move_deduction(org, id, &cancelling, &State::Accepted);
                Err(error.without_field())
            }
            Heard::Nothing(error) => Err(unknown(error)),
        }
    }

    fn turn(&self, org: &str, id: &str) -> Result<Turn, Error> {
        Turn::take(org, id, self.deadline).ok_or_else(|| {
            let words = words!(
                "同一 deductionID 的另一次调用尚未结束，结果未知，请稍后以同一内容再次调用",
                "another call with this deductionID is still under way and its result unknown; call again later with the same content"
            );
            Error::new(Status::Unknown, Code::Timeout, words)
        })
    }
}
