//! What a call wants of the journal, and what it gets.

use super::Held;
use crate::store::EntryKind;

/// A movement of money that a call wants.
#[derive(Debug, Clone)]
pub struct Movement {
    /// What it is about.
    pub kind: EntryKind,
    /// The order number, the refund's own number, or the deductionID.
    pub number: String,
    /// The `transType` or the path.
    pub service: &'static str,
    /// All that makes it this movement and no other, as one text.
    pub content: String,
    /// The amount in fen.
    pub fen: Option<i64>,
    /// The content as the host gave it: JSON text.
    pub param: String,
    /// The member of the request that holds the number, as a JSON pointer.
    pub field: String,
}

/// What an earlier end means for a call that wants the same again.
#[derive(Debug)]
pub enum Next<T> {
    /// The call ends so.
    Ends(T),
    /// It is to be sent again.
    Again,
}

/// Whose turn it is.
#[derive(Debug)]
pub enum Turn<'j, T> {
    /// This call's: it is written down, and may be sent.
    Mine(Held<'j>),
    /// Nobody's: the call ends so.
    Ends(T),
}
