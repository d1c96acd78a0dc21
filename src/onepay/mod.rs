//! The payment platform. Pure: [`dictionary`], [`sign`], [`number`], [`cipher`], [`envelope`], [`judgement`],
//! [`param`], [`explain`], which finds out why a sign does not verify, and [`content`], which tells one order from another. Over HTTP: [`trade`]. With the journal: [`booking`]
//! sends money, [`asking`] finds out what became of it, [`resolving`] does so for what stands in the journal, [`notice`]
//! learns of it in passing. From requests of the C contract to these: [`calls`].

pub mod asking;
pub mod booking;
pub mod calls;
pub mod cipher;
pub mod content;
pub mod dictionary;
pub mod envelope;
pub mod explain;
pub mod judgement;
pub mod notice;
pub mod number;
pub mod param;
pub mod resolving;
pub mod sign;
pub mod trade;
