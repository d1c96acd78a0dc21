//! hislink: hospital payments (onepay) and fee-reduction cards (glory) for desktop programs, behind a C contract.
//!
//! The rooms, from the border inwards; arrows run one way.
//!
//! - [`abi`]: all that C sees, and the only unsafe code: texts in and out, one panic guard.
//! - [`operations`]: THE table; from it come dispatch, exported functions, header and listings.
//! - [`request`], [`fields`], [`reply`]: what a request may carry, typed access to it, and how an end is told.
//! - [`background`]: calls on threads of their own, with tickets, for hosts that must not freeze.
//! - [`configure`], [`order_no`], `operations::describe`: the operations that no platform takes part in.
//! - [`dictionary`]: what the documents' dictionaries are made of.
//! - [`bookkeeping`]: the journal listed, resolved and reconciled; knows both platforms.
//! - [`selftest`]: what may stand between this machine and its platforms, checked one by one; knows both.
//! - [`onepay`]: signing, ciphers, envelopes, dictionaries and judgement (pure), then the services over HTTP.
//! - [`glory`]: flattening and signing (pure), then the services over HTTP.
//! - [`explain`]: the search for the mistake that makes a sign hold (pure); the mistakes are the platforms' own.
//! - [`setting`]: THE table of settings: names, bounds, defaults.
//! - [`settings`]: profiles: what they hold, and those that are configured now. [`secret`], [`files`]: what they are read by.
//! - [`http`]: one client a profile; tells "never sent" from "perhaps sent", and what a certificate, a handshake or a proxy
//!   failed by.
//! - [`log`]: a line into each operation and a line out; what may be shown of a text (pure), and the file of the day.
//! - [`journal`]: each movement of money once: claimed, written down, settled, replayed.
//! - [`lookup`]: host names, looked up within a time limit. [`late`]: work that may outlive it.
//! - [`store`]: journal, roster and ledger behind one interface, in a SQLite file or a PostgreSQL database.
//! - [`clock`]: the platforms' time. [`json`]: numbers kept as text, pointers, limits. [`gbk`]: as Java encodes it.

#![deny(unsafe_code)]

#[allow(unsafe_code)]
pub mod abi;
pub mod background;
pub mod bookkeeping;
pub mod clock;
pub mod configure;
pub mod dictionary;
pub mod explain;
pub mod fields;
pub mod files;
pub mod gbk;
pub mod glory;
pub mod http;
pub mod journal;
pub mod json;
pub mod late;
pub mod log;
pub mod lookup;
pub mod onepay;
pub mod operations;
pub mod order_no;
pub mod reply;
pub mod request;
pub mod secret;
pub mod selftest;
pub mod setting;
pub mod settings;
pub mod store;
