//! The turn at a movement of money, from its intent to its outcome.

use std::io;

use super::{End, Journal, end};
use crate::reply::{Code, Error, Language, Status, words};
use crate::store::{Claim, EntryKey, EntryState, Spilled};

/// The turn: whoever holds it may send, and settles it. Dropped without that, its outcome is unknown.
#[derive(Debug)]
#[must_use]
pub struct Held<'j> {
    journal: &'j Journal,
    key: EntryKey,
    claim: Claim,
    open: bool,
}

impl<'j> Held<'j> {
    pub(super) fn new(journal: &'j Journal, key: &EntryKey, claim: Claim) -> Self {
        Self { journal, key: key.clone(), claim, open: true }
    }

    /// Writes the outcome down and gives the end of the call: with a warning where the store would not take it, and the
    /// better one where somebody else has learnt meanwhile that it succeeded.
    pub fn settle(mut self, state: EntryState, end: End) -> End {
        match self.write(state, &end) {
            Ok(true) => end,
            Ok(false) => self.outweighed(end),
            Err(warning) => end::warned(end, &warning, self.journal.language),
        }
    }

    /// [`settle`](Self::settle) for an end that is told otherwise: gives the warning, where there is one.
    pub fn note(mut self, state: EntryState, end: &End) -> Option<Error> {
        self.write(state, end).err()
    }

    /// Whether the outcome is news; the warning where the store would not take it.
    fn write(&mut self, state: EntryState, end: &End) -> Result<bool, Error> {
        self.open = false;
        let journal = self.journal;
        let outcome = journal.outcome(&self.key, state, end)?;
        let written = journal.store.settle_entry(&self.key, Some(self.claim), &outcome).map_err(|error| {
            let spilled = Spilled::Entry(self.key.clone(), self.claim, outcome);
            unwritten(journal.spill(&spilled), &error)
        });
        if written.is_ok() {
            journal.clear_old(self.key.kind);
        }
        written
    }

    /// What stands in the journal, if it is better than what this call knows: a notification may have come.
    fn outweighed(&self, end: End) -> End {
        match self.journal.store.find_entry(&self.key) {
            Ok(Some(entry)) if entry.state == EntryState::Succeeded && end.is_err() => self.journal.replay(&entry),
            _ => end,
        }
    }

    /// The language of warnings.
    pub fn language(&self) -> Language {
        self.journal.language
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        let words = words!("动态库内部错误，结果未知", "a fault inside the library; the result is unknown");
        let end = Err(Error::new(Status::Unknown, Code::Internal, words));
        if let Ok(outcome) = self.journal.outcome(&self.key, EntryState::Unknown, &end) {
            let _ = self.journal.store.settle_entry(&self.key, Some(self.claim), &outcome);
        }
    }
}

/// The warning about an outcome that the store would not take.
pub(super) fn unwritten(spilled: Result<String, io::Error>, error: &Error) -> Error {
    let (zh, en) = (&error.details().words.zh, &error.details().words.en);
    let words = match spilled {
        Ok(path) => words!(
            "结果未能写入存储，已暂存于 {path}，存储恢复后自动补记：{zh}",
            "the outcome could not be written into the store; it is kept in {path} and brought in when the store is back: {en}"
        ),
        Err(why) => words!(
            "结果未能写入存储，也未能暂存（{why}）；流水中仍为未知，请在存储恢复后以同一内容再次调用或调用 journal_resolve：{zh}",
            "the outcome could not be written into the store, nor kept aside ({why}); the journal still calls it unknown: call again with the same content when the store is back, or journal_resolve: {en}"
        ),
    };
    Error::new(Status::Unknown, Code::StoreFailed, words)
}
