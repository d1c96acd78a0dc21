//! A store in a SQLite file: write-ahead log, every commit on the disk before the call returns.
//!
//! One connection writes, behind a lock; lookups have connections of their own and wait for no writer.

mod journal;
mod ledger;
mod roster;
mod schema;
mod writer;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rusqlite::{Connection, MAIN_DB, OpenFlags, Transaction, TransactionBehavior};

use super::failure::{busy, failed, of_opening, of_sqlite};
use super::location::folded;
use super::presence::Presence;
use super::{
    Begun, Card, Claim, Deduction, DeductionState, Entry, EntryFilter, EntryKey, EntryKind, EntryState, Intent,
    LedgerRow, Outcome, RosterPosition, Store,
};
use crate::clock;
use crate::reply::{Error, words};
use writer::Writer;

/// How long a call waits for another program's transaction. Ours last milliseconds.
const BUSY: Duration = Duration::from_secs(10);

/// What a connection keeps of the file in memory at most, in KiB. Cards that settle change nearly every page of the
/// index of certificates.
const WRITER_CACHE: i64 = 32 * 1024;
const READER_CACHE: i64 = 8 * 1024;

/// How large the log grows, in pages, before it is carried over into the file: the same pages change again and again.
const CHECKPOINT: i64 = 4_000;

/// How many lookup connections are kept open.
const READERS: usize = 4;

/// An open file.
pub(super) struct Sqlite {
    path: PathBuf,
    writer: Writer,
    /// Those that no lookup is using.
    readers: Mutex<Vec<Connection>>,
    presence: Presence,
}

impl Sqlite {
    /// Opens the file, made and brought up to this version's tables where need be.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let shown = path.display();
        if path.is_dir() {
            return Err(failed(words!("存储路径 {shown} 是一个目录", "the store's path {shown} is a folder")));
        }
        if let Some(folder) = path.parent().filter(|folder| !folder.is_dir()) {
            let folder = folder.display();
            return Err(failed(words!("存储所在目录 {folder} 不存在", "the store's folder {folder} does not exist")));
        }
        let mut writer = connect(path, WRITER_CACHE).map_err(|error| of_opening(&error, path))?;
        schema::prepare(&mut writer, path)?;
        let name = folded(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        let presence = Presence::new(path.parent(), &format!("{name}-desk-"));
        Ok(Self { path: path.to_owned(), writer: Writer::new(writer), readers: Mutex::default(), presence })
    }

    /// Runs `work` as one transaction, on the disk when this returns.
    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, Error> {
        let run = |writer: &mut Connection| {
            // One that was opened while another program let nobody write, to copy the file perhaps, can read only, for ever.
            if writer.is_readonly(MAIN_DB)? {
                *writer = connect(&self.path, WRITER_CACHE)?;
            }
            // Taking the write lock at once, no transaction finds out halfway that another program was first.
            let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let end = work(&transaction)?;
            transaction.commit().map(|()| end)
        };
        match self.writer.run(Instant::now() + BUSY, run) {
            Some(end) => end.map_err(|error| of_sqlite(&error, &self.path)),
            None => Err(busy(&self.path)),
        }
    }

    /// Runs `work` as one transaction on a connection that waits for no writer.
    fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, Error> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let run = || {
            let reader = kept.map_or_else(|| connect(&self.path, READER_CACHE), Ok)?;
            reader.prepare_cached("BEGIN")?.execute([])?;
            // A connection whose transaction does not end well is not kept.
            let end = work(&reader)?;
            reader.prepare_cached("COMMIT")?.execute([])?;
            Ok((reader, end))
        };
        let (reader, end) = run().map_err(|error| of_sqlite(&error, &self.path))?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS {
            readers.push(reader);
        }
        Ok(end)
    }
}

fn connect(path: &Path, cache: i64) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time, so SQLite need not lock; a path is no URI.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // The folder for temporary files need not be there, and need not be the user's alone.
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "cache_size", -cache)?;
    connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sqlite").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Store for Sqlite {
    fn roster_position(&self, org: &str) -> Result<RosterPosition, Error> {
        self.read(|connection| roster::position(connection, org))
    }

    fn add_roster_page(&self, org: &str, after: i64, cards: &[Card], cursor: i64) -> Result<bool, Error> {
        self.write(|transaction| roster::add_page(transaction, org, after, cards, cursor))
    }

    fn roster_complete(&self, org: &str, second: i64) -> Result<(), Error> {
        self.write(|transaction| roster::complete(transaction, org, second))?;
        // What a long sync has filled the memory with is of no more use; where it stays, nothing is lost.
        let _ = self.writer.run(Instant::now() + BUSY, |writer| writer.release_memory());
        Ok(())
    }

    fn find_cards(&self, org: &str, cert_type: &str, cert_no: &str) -> Result<Vec<Card>, Error> {
        self.read(|connection| roster::find(connection, org, cert_type, cert_no))
    }

    fn intend_deduction(&self, deduction: &Deduction) -> Result<Option<LedgerRow>, Error> {
        self.write(|transaction| ledger::intend(transaction, deduction))
    }

    fn find_deduction(&self, org: &str, deduction_id: &str) -> Result<Option<LedgerRow>, Error> {
        self.read(|connection| ledger::find(connection, org, deduction_id))
    }

    fn move_deduction(
        &self,
        org: &str,
        deduction_id: &str,
        from: &DeductionState,
        to: &DeductionState,
    ) -> Result<bool, Error> {
        self.write(|transaction| ledger::move_on(transaction, org, deduction_id, from, to))
    }

    fn deductions_between(&self, org: &str, start: &str, end: &str, most: u32) -> Result<Vec<LedgerRow>, Error> {
        self.read(|connection| ledger::between(connection, org, start, end, most))
    }

    fn remember_request(&self, sid: &str, timestamp: &str, sign: &str, second: i64) -> Result<bool, Error> {
        self.write(|transaction| ledger::remember(transaction, sid, timestamp, sign, second))
    }

    fn begin_entry(&self, intent: &Intent) -> Result<Begun, Error> {
        let sender = self.presence.sender()?;
        self.write(|transaction| journal::begin(transaction, intent, &sender))
    }

    fn begin_again(&self, seen: &Entry, intent: &Intent) -> Result<Option<Claim>, Error> {
        let sender = self.presence.sender()?;
        self.write(|transaction| journal::begin_again(transaction, seen, intent, &sender))
    }

    fn settle_entry(&self, key: &EntryKey, claim: Option<Claim>, outcome: &Outcome) -> Result<bool, Error> {
        self.write(|transaction| journal::settle(transaction, key, claim, outcome))
    }

    fn find_entry(&self, key: &EntryKey) -> Result<Option<Entry>, Error> {
        // Those who wait for an outcome look again and again: only what may be a dead one's takes the write lock.
        match self.read(|connection| journal::peek(connection, key))? {
            Some(Entry { state: EntryState::Sending, .. }) => {
                self.write(|transaction| journal::find(transaction, key, &self.presence))
            }
            found => Ok(found),
        }
    }

    fn list_entries(&self, filter: &EntryFilter) -> Result<Vec<Entry>, Error> {
        self.write(|transaction| journal::bury(transaction, &self.presence))?;
        self.read(|connection| journal::list(connection, filter))
    }

    fn now(&self) -> Result<i64, Error> {
        Ok(clock::millisecond())
    }

    fn forget_entries(&self, kind: EntryKind, account: &str, before: i64) -> Result<usize, Error> {
        self.write(|transaction| journal::forget(transaction, kind, account, before))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::contract;

    /// An empty store, in a file that stands among the build's until the next run.
    fn new_store() -> Arc<dyn Store> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = format!("{}/store-{number}.db", env!("OUT_DIR"));
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{path}{end}"));
        }
        Arc::new(Sqlite::open(Path::new(&path)).unwrap())
    }

    #[test]
    fn a_file_that_could_only_be_read_when_it_was_opened_is_written_once_it_can_be() {
        let path = PathBuf::from(format!("{}/store-read-only.db", env!("OUT_DIR")));
        let mut store = Sqlite::open(&path).unwrap();
        let reader = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        store.writer = Writer::new(reader);
        store.roster_complete("H1", 7).unwrap();
        assert_eq!(store.roster_position("H1").unwrap().synced_at, Some(7));
    }

    contract::tests!(new_store);
}
