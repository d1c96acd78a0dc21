//! The card platform glory: what a hospital calls, and what it calls of a hospital.
//!
//! - [`roster`], `people`: cards computed from their number, as many as wanted. [`ledger`]: deductions.
//! - [`envelope`]: headers and signatures. [`identity`]: whose.
//! - [`services`]: from a body through roster and ledger to an answer; `fields`: what a body may hold; `paging`: the
//!   roster's pages, the wrong ones too. `desk` joins these with the faults.
//! - [`check`]: asking a hospital for its deductions.

pub mod check;
mod desk;
pub mod envelope;
mod fields;
pub mod identity;
pub mod ledger;
pub mod paging;
mod people;
pub mod roster;
pub mod services;

pub use desk::{Asked, Glory};
