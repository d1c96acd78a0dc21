//! The books as an earlier sandbox left them, out of their file.

use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::books::{self, Books};
use crate::glory::ledger::{self, Ledger};
use crate::journal::Journal;
use crate::log::Log;

/// A line of the file.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Deduction(Box<ledger::Change>),
    Books(Box<books::Change>),
}

/// Books and ledger of that file; without one they begin anew and are kept nowhere.
pub fn books(file: Option<&Path>, log: &Log) -> io::Result<(Books, Ledger)> {
    let (mut books, mut ledger) = (Books::seeded(), Ledger::default());
    let Some(file) = file else { return Ok((books, ledger)) };
    let journal = Journal::open(file, log.clone(), |line| {
        match serde_json::from_str(line).map_err(|_| "no change of the books")? {
            Line::Deduction(change) => ledger.enter(*change),
            Line::Books(change) => books.enter(*change),
        }
        Ok(())
    })?;
    books.keep_in(journal.clone());
    ledger.keep_in(journal);
    Ok((books, ledger))
}
