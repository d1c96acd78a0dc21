//! The card platform. Pure: [`dictionary`], [`flatten`], [`sign`], [`money`], [`cert_no`], [`deduction`], [`known`],
//! [`explain`], which finds out why a sign does not verify.
//! Over HTTP: [`exchange`]. With the store: [`roster`], and [`deduct`], which may [`insist`] and goes by the journal;
//! the hospital's own service [`check`], and the [`listener`] that serves it.
//! From requests of the C contract to these: [`calls`].

pub mod calls;
pub mod cert_no;
pub mod check;
pub mod deduct;
pub mod deduction;
#[cfg(test)]
mod desk_test;
pub mod dictionary;
pub mod exchange;
pub mod explain;
pub mod flatten;
pub mod insist;
pub mod known;
pub mod listener;
pub mod money;
mod page;
pub mod roster;
pub mod sign;
