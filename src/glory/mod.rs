//! The card platform. Pure: [`flatten`], [`sign`]. Over HTTP: [`exchange`]. From requests of the C contract to these:
//! [`calls`].

pub mod calls;
pub mod exchange;
pub mod flatten;
pub mod sign;
