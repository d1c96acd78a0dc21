//! One deduction after the other: calls with the same deductionID wait for each other inside this process, so that a
//! second one finds the first one's outcome in the ledger rather than asking the platform the same at the same time.

use std::collections::BTreeSet;
use std::process;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::store::Store;

/// Process, ledger, hospital and deductionID. A forked child inherits turns that nobody in it will give back.
type Id = (u32, usize, String, String);

static TAKEN: Mutex<BTreeSet<Id>> = Mutex::new(BTreeSet::new());
static GIVEN_BACK: Condvar = Condvar::new();

/// The turn at a deduction, given back when dropped.
#[derive(Debug)]
pub struct Turn(Id);

impl Turn {
    /// Waits for the turn at a ledger's deduction, at most until `deadline`.
    pub fn take(ledger: &dyn Store, org: &str, deduction_id: &str, deadline: Instant) -> Option<Self> {
        // All who use a ledger share one store.
        let ledger = std::ptr::from_ref(ledger).cast::<()>().addr();
        let id = (process::id(), ledger, org.to_owned(), deduction_id.to_owned());
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
