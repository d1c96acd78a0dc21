//! No panic and no floating-point exception crosses the border.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::float_control::Masked;

/// Runs `work`; gives `fallback` if it panics.
pub(super) fn answered(work: impl FnOnce() -> String, fallback: impl FnOnce() -> String) -> String {
    let _masked = Masked::new();
    // What a panic left half done stays reachable only through locks, and those are taken whether poisoned or not.
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| fallback())
}

/// Runs `work` for a function that has no reply.
pub(super) fn quietly(work: impl FnOnce()) {
    let _masked = Masked::new();
    let _ = catch_unwind(AssertUnwindSafe(work));
}
