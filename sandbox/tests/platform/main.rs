//! The sandbox as its clients see it: every service, refusal and fault, through sockets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing

mod books;
mod clerk;
mod console;
mod control;
mod envelopes;
mod faults;
mod glory;
mod https;
mod life;
mod notifications;
mod orders;
mod raw;
mod readme;
mod refusals;
mod services;
