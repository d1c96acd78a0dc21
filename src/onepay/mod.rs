//! The payment platform. Pure: [`dictionary`], [`sign`], [`number`], [`cipher`], [`gbk`], [`envelope`], [`judgement`]
//! and [`param`]. Over HTTP: [`trade`]. From requests of the C contract to these: [`calls`].

pub mod calls;
pub mod cipher;
pub mod dictionary;
pub mod envelope;
pub mod gbk;
pub mod judgement;
pub mod number;
pub mod param;
pub mod sign;
pub mod trade;
