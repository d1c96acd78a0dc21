//! The card platform.

mod check;
mod control;
mod deductions;
mod faults;
pub mod hospital;
mod refusals;
mod roster;
mod signature;
