//! What every exported function begins with: no panic and no floating-point exception crosses the border, and the library
//! stays in the process once it has been called.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::float_control::Masked;
use super::residence;

/// Enters the library; dropped, it leaves it, with the host's control words put back.
pub(super) fn enter() -> Masked {
    let masked = Masked::new();
    residence::stay();
    masked
}

/// The outcome of `work`; none if it panics.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    // What a panic left half done stays reachable only through locks, and those are taken whether poisoned or not.
    catch_unwind(AssertUnwindSafe(work)).ok()
}
