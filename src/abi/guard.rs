//! No panic and no floating-point exception crosses the border.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::float_control::Masked;

/// Runs `work`; gives `fallback` if it panics.
pub(super) fn answered(work: impl FnOnce() -> String, fallback: impl FnOnce() -> String) -> String {
    computed(work).unwrap_or_else(fallback)
}

/// The outcome of `work`; none if it panics.
pub(super) fn computed<T>(work: impl FnOnce() -> T) -> Option<T> {
    let _masked = Masked::new();
    // What a panic left half done stays reachable only through locks, and those are taken whether poisoned or not.
    catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Runs `work` for a function that has no reply.
pub(super) fn quietly(work: impl FnOnce()) {
    let _ = computed(work);
}
