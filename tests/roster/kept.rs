//! A store's file, and what stands in it, read by plain SQLite.

use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use rusqlite::Connection;

use crate::platform::{self, Row};

/// A folder of its own for a test, with the store's file in it.
pub struct Kept {
    folder: String,
    path: String,
}

impl Kept {
    pub fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("stores").join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let folder = folder.to_str().unwrap().to_owned();
        Self { path: format!("{folder}/hislink.db"), folder }
    }

    pub fn path(&self) -> &str {
        &self.path
    }

    /// The path of another file in the folder.
    pub fn beside(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    /// The stored position; 0 while there is no store.
    pub fn cursor(&self) -> i64 {
        let store = Connection::open(&self.path).unwrap();
        store
            .query_row("SELECT max(cursor) FROM hospital", [], |row| row.get::<_, Option<i64>>(0))
            .ok()
            .flatten()
            .unwrap_or(0)
    }

    /// Takes everything out.
    pub fn empty(&self) {
        let store = Connection::open(&self.path).unwrap();
        store.execute_batch("DELETE FROM card; DELETE FROM hospital").unwrap();
    }

    /// Compares every card with the roster of so many rows.
    pub fn assert_holds(&self, rows: i64) {
        let mut compare = Command::new(env::current_exe().unwrap());
        compare.args(["--exact", "the_store_holds_the_roster"]).envs([(PATH, &self.path), (ROWS, &rows.to_string())]);
        let Output { status, stdout, .. } = compare.output().unwrap();
        assert!(status.success(), "{}: {}", self.path, String::from_utf8_lossy(&stdout));
    }
}

const PATH: &str = "HISLINK_STORE_TO_COMPARE";
const ROWS: &str = "HISLINK_ROWS_TO_COMPARE";

/// Compares the store and the roster that the environment names. Runs in a process of its own: the test's SQLite and
/// the library's would take each other's locks on the file for their own.
pub fn compare() {
    let (Ok(path), Ok(rows)) = (env::var(PATH), env::var(ROWS)) else { return };
    let expected = platform::roster(rows.parse().unwrap());
    let store = Connection::open(path).unwrap();
    let check: String = store.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
    let mut cards = store
        .prepare("SELECT cert_type, cert_no, cert_name, glory_type, glory_id, data_id FROM card ORDER BY glory_id")
        .unwrap();
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Row {
            cert_type: row.get(0)?,
            cert_no: row.get(1)?,
            cert_name: row.get(2)?,
            glory_type: row.get(3)?,
            glory_id: row.get(4)?,
            data_id: row.get(5)?,
        })
    };
    let stored: Vec<Row> = cards.query_map([], read).unwrap().map(Result::unwrap).collect();
    assert_eq!(stored.len(), expected.len());
    for (card, expected) in stored.iter().zip(expected.values()) {
        assert_eq!(card, expected);
    }
}

/// Makes a database that is not ours.
pub fn others_database(path: &str) {
    let other = Connection::open(path).unwrap();
    other
        .execute_batch("CREATE TABLE song (title TEXT); INSERT INTO song VALUES ('x'); PRAGMA user_version = 1")
        .unwrap();
}

/// Makes a store of a version that is yet to come.
pub fn later_store(path: &str) {
    let later = Connection::open(path).unwrap();
    later
        .execute_batch("CREATE TABLE card (x); PRAGMA application_id = 1751741292; PRAGMA user_version = 4711")
        .unwrap();
}
