//! The card platform.

mod check;
mod control;
mod deductions;
mod faults;
mod hospital;
mod refusals;
mod roster;
mod signature;
