//! One deduction after the other: calls with the same deductionID wait for each other inside this process, so that a
//! second one finds the first one's outcome in the ledger rather than asking the platform the same at the same time.

use std::collections::BTreeSet;
use std::process;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// Process, hospital and deductionID: a forked child inherits turns that nobody in it will give back.
type Id = (u32, String, String);

static TAKEN: Mutex<BTreeSet<Id>> = Mutex::new(BTreeSet::new());
static GIVEN_BACK: Condvar = Condvar::new();

/// The turn at a deduction, given back when dropped.
#[derive(Debug)]
pub struct Turn(Id);

impl Turn {
    /// Waits for the turn, at most until `deadline`.
    pub fn take(org: &str, deduction_id: &str, deadline: Instant) -> Option<Self> {
        let id = (process::id(), org.to_owned(), deduction_id.to_owned());
        let mut taken = lock();
        while taken.contains(&id) {
            let left = deadline.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())?;
            taken = GIVEN_BACK.wait_timeout(taken, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        taken.insert(id.clone());
        Some(Self(id))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        lock().remove(&self.0);
        GIVEN_BACK.notify_all();
    }
}

fn lock() -> MutexGuard<'static, BTreeSet<Id>> {
    TAKEN.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_turn_is_waited_for_and_others_are_not_held_up() {
        let soon = || Instant::now() + Duration::from_millis(50);
        let first = Turn::take("H1", "D1", soon()).unwrap();
        assert!(Turn::take("H1", "D1", soon()).is_none());
        assert!(Turn::take("H1", "D2", soon()).is_some() && Turn::take("H2", "D1", soon()).is_some());
        drop(first);
        assert!(Turn::take("H1", "D1", soon()).is_some());
    }
}
