//! The platforms onepay and glory, simulated: with books that keep state, and faults on demand. What hislink's demo and
//! tests talk to, in-process or as a program. What stands outside [`glory`] is onepay's or both's.
//!
//! - [`books`]: accounts, orders, refunds, wristbands; no HTTP, no envelopes. [`money`]: whole fen.
//! - [`journal`]: the file that books and ledger are kept in, if any. `restart`: reading it again.
//! - [`envelope`]: opening requests, sealing answers and notifications. [`identity`]: whose.
//! - [`services`]: from a `param` through the books to a `param`. [`refusal`]: the codes.
//! - [`glory`]: the card platform: roster, ledger, envelope and services of its own.
//! - [`faults`]: what goes wrong, asked for stage by stage by [`platform`], which joins all of these.
//! - [`server`] and [`wire`]: connections and bytes. [`tls`], `folder`: certificates and where they are.
//! - [`console`]: the web page that shows each request and why it was refused; off unless asked for.
//! - [`control`]: the JSON interface. [`notify`]: notifications. [`requests`], [`log`]: what was seen.

#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used))] // a test says so by failing

pub mod books;
mod clock;
pub mod console;
pub mod control;
pub mod envelope;
pub mod faults;
mod folder;
pub mod glory;
pub mod identity;
pub mod journal;
pub mod log;
pub mod money;
pub mod notify;
mod options;
pub mod platform;
pub mod refusal;
pub mod requests;
mod restart;
mod sandbox;
pub mod server;
pub mod services;
pub mod tls;
pub mod wire;

pub use books::{Account, AccountType, Card, TradeState};
pub use faults::{Fault, FaultKind, When};
pub use glory::check::{CheckReport, CheckSign, HospitalCheck};
pub use glory::identity::GloryNumbers;
pub use glory::ledger::{Deduction, Upload};
pub use identity::KeyOrder;
pub use log::LogSink;
pub use money::Fen;
pub use options::{CARDS, Options};
pub use sandbox::Sandbox;
