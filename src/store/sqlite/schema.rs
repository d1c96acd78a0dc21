//! The tables, and how a file comes to have them.

use std::path::Path;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use super::BUSY;
use crate::reply::{Error, words};
use crate::store::failure::{failed, of_opening};

/// Marks a file as ours: "hisl".
const APPLICATION: i64 = 0x6869_736C;

/// What leads from each version of the tables to the next; the first from an empty file. Never changed, only added to.
const STEPS: &[&str] = &[
    // Upper case is that of ASCII, in the index as in the lookup. New cards are fresh, and not in the index of
    // certificates yet: roster.rs tells why. `hospital.fresh` is at least their number.
    "CREATE TABLE hospital (
        id INTEGER PRIMARY KEY,
        org TEXT NOT NULL UNIQUE,
        cursor INTEGER NOT NULL DEFAULT 0,
        synced_at INTEGER,
        fresh INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE card (
        hospital INTEGER NOT NULL,
        glory_id INTEGER NOT NULL,
        data_id INTEGER NOT NULL,
        cert_type TEXT NOT NULL,
        cert_no TEXT NOT NULL,
        cert_name TEXT NOT NULL,
        glory_type TEXT NOT NULL,
        fresh INTEGER NOT NULL DEFAULT 1,
        PRIMARY KEY (hospital, glory_id)
    ) WITHOUT ROWID;
    CREATE INDEX card_certificate ON card (hospital, cert_type, upper(cert_no), glory_id) WHERE fresh = 0;
    CREATE INDEX card_fresh ON card (hospital, glory_id) WHERE fresh = 1;
    CREATE TABLE deduction (
        hospital INTEGER NOT NULL,
        deduction_id TEXT NOT NULL,
        cert_type TEXT NOT NULL,
        cert_no TEXT NOT NULL,
        cert_name TEXT NOT NULL,
        total_fee TEXT NOT NULL,
        deduction_fee TEXT NOT NULL,
        deduction_time TEXT NOT NULL,
        glory_type TEXT NOT NULL,
        deduction_type TEXT NOT NULL,
        remarks TEXT,
        state TEXT NOT NULL,
        note TEXT,
        PRIMARY KEY (hospital, deduction_id)
    ) WITHOUT ROWID;
    CREATE INDEX deduction_span ON deduction (hospital, deduction_time, deduction_id);
    CREATE TABLE request (
        sid TEXT NOT NULL,
        timestamp TEXT NOT NULL,
        sign TEXT NOT NULL,
        second INTEGER NOT NULL,
        PRIMARY KEY (sid, timestamp, sign)
    ) WITHOUT ROWID;
    CREATE INDEX request_second ON request (second);",
    // Numbers begin with their time, so rows come in order. `lease` is when a sender counts as dead, at the latest.
    "CREATE TABLE journal (
        kind TEXT NOT NULL,
        account TEXT NOT NULL,
        number TEXT NOT NULL,
        service TEXT NOT NULL,
        profile TEXT NOT NULL,
        content TEXT NOT NULL,
        fen INTEGER,
        param BLOB NOT NULL,
        host TEXT NOT NULL,
        process INTEGER NOT NULL,
        run TEXT NOT NULL,
        claim INTEGER NOT NULL,
        lease INTEGER NOT NULL,
        sends INTEGER NOT NULL,
        begun INTEGER NOT NULL,
        sent INTEGER NOT NULL,
        changed INTEGER NOT NULL,
        state TEXT NOT NULL,
        code TEXT NOT NULL,
        outcome BLOB NOT NULL,
        PRIMARY KEY (kind, account, number)
    ) WITHOUT ROWID;
    CREATE INDEX journal_begun ON journal (kind, account, begun);
    CREATE INDEX journal_sending ON journal (run, lease) WHERE state = 'sending';",
];

/// Brings the file at `path` up to this version's tables.
///
/// Fails where the file is another program's, or a later version's.
pub(super) fn prepare(connection: &mut Connection, path: &Path) -> Result<(), Error> {
    let failed_here = |error: rusqlite::Error| of_opening(&error, path);
    let known = version(connection, path)?;
    // A file that is another's is left as it is.
    require_ours(connection, path)?;
    keep_log(connection).map_err(failed_here)?;
    if known == STEPS.len() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed_here)?;
    // Another program may have been first.
    let known = version(&transaction, path)?;
    require_ours(&transaction, path)?;
    let migrate = || {
        for step in STEPS.iter().skip(known) {
            transaction.execute_batch(step)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION)?;
        transaction.pragma_update(None, "user_version", STEPS.len() as i64)
    };
    migrate().and_then(|()| transaction.commit()).map_err(failed_here)
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, name, |row| row.get(0))
}

/// The version of the file's tables: 0 for an empty file.
fn version(connection: &Connection, path: &Path) -> Result<usize, Error> {
    let version = pragma(connection, "user_version").map_err(|error| of_opening(&error, path))?;
    match usize::try_from(version) {
        Ok(known) if known <= STEPS.len() => Ok(known),
        _ if is_ours(connection).unwrap_or(false) => {
            let (path, ours) = (path.display(), STEPS.len());
            Err(failed(words!(
                "存储 {path} 由更新版本的动态库写成（版本 {version}，本版本支持到 {ours}），请升级动态库",
                "the store {path} is of a later version of this library ({version}; this one knows up to {ours}): update it"
            )))
        }
        _ => Err(foreign(path)),
    }
}

fn require_ours(connection: &Connection, path: &Path) -> Result<(), Error> {
    match is_ours(connection) {
        Ok(true) => Ok(()),
        Ok(false) => Err(foreign(path)),
        Err(error) => Err(of_opening(&error, path)),
    }
}

/// Whether the file is empty or marked as ours.
fn is_ours(connection: &Connection) -> rusqlite::Result<bool> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(pragma(connection, "application_id")? == APPLICATION || tables == 0)
}

fn foreign(path: &Path) -> Error {
    let path = path.display();
    failed(words!("{path} 是其他程序的数据库", "{path} is another program's database"))
}

/// Turns the write-ahead log on; it stays on with the file. Where two programs do so at once, SQLite tells one of them
/// at once that the file is busy, without the usual wait.
fn keep_log(connection: &Connection) -> rusqlite::Result<()> {
    let until = Instant::now() + BUSY;
    loop {
        match connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0)) {
            Err(rusqlite::Error::SqliteFailure(cause, _))
                if matches!(cause.code, ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
                    && Instant::now() < until =>
            {
                std::thread::sleep(Duration::from_millis(10));
            }
            end => return end.map(|_| ()),
        }
    }
}
