//! The card platform. Pure: [`flatten`], [`sign`]. Over HTTP: [`exchange`], and into the store [`roster`]. From requests of the C contract to these:
//! [`calls`].

pub mod calls;
pub mod exchange;
pub mod flatten;
mod page;
pub mod roster;
pub mod sign;
