//! The stores that are open now, each by the process that opened it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{mem, process};

use sha2::{Digest, Sha256};

use super::Store;
use super::failure::failed;
use super::postgres::{Address, Postgres};
use super::sqlite::Sqlite;
use crate::reply::{Error, words};

/// Stores, and the process that opened them.
struct Open {
    process: u32,
    files: BTreeMap<PathBuf, Arc<Sqlite>>,
    /// Those that a parent had open when it forked this process.
    inherited: BTreeSet<PathBuf>,
    /// By the digest of the URL. They stand here before they can be reached: each knows how that went.
    databases: BTreeMap<[u8; 32], Arc<Postgres>>,
}

static OPEN: Mutex<Open> =
    Mutex::new(Open { process: 0, files: BTreeMap::new(), inherited: BTreeSet::new(), databases: BTreeMap::new() });

/// The stores of this process. Those that a forked child inherits are left alone: closing them would say goodbye on its
/// parent's connections, and give its parent's locks away.
fn stores() -> MutexGuard<'static, Open> {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if open.process != process::id() {
        let files = mem::take(&mut open.files);
        open.inherited.extend(files.keys().cloned());
        mem::forget((files, mem::take(&mut open.databases)));
        open.process = process::id();
    }
    open
}

/// The store in a file, if it is open.
pub(super) fn found_file(path: &Path) -> Option<Arc<dyn Store>> {
    stores().files.get(path).map(|open| Arc::<Sqlite>::clone(open) as Arc<dyn Store>)
}

/// The store in a file, opened unless it is open.
pub(super) fn file(path: &Path) -> Result<Arc<dyn Store>, Error> {
    if let Some(open) = found_file(path) {
        return Ok(open);
    }
    refuse_inherited(path)?;
    // Opening may wait for another program; calls on other stores do not wait with it. Of two that open the same
    // file at once, one is kept.
    let opened = Arc::new(Sqlite::open(path)?);
    Ok(Arc::<Sqlite>::clone(stores().files.entry(path.to_owned()).or_insert(opened)))
}

/// Refuses a file that the parent of this process had open. SQLite keeps its locks by process, and a forked child inherits
/// what it believes of them: what the child writes then may be gone when the parent closes.
fn refuse_inherited(path: &Path) -> Result<(), Error> {
    if !stores().inherited.contains(path) {
        return Ok(());
    }
    let path = path.display();
    Err(failed(words!(
        "本进程由 fork 产生，而父进程已打开存储 {path}；请在 fork 之前调用 hislink_shutdown，或改用 exec",
        "this process was forked while its parent had the store {path} open: call hislink_shutdown before fork, or exec"
    )))
}

/// The store in a database, opened unless it is open. `folder` gives where processes of this user tell each other that
/// they are alive.
pub(super) fn database(address: &Address, folder: impl FnOnce() -> Option<PathBuf>) -> Result<Arc<dyn Store>, Error> {
    let key = Sha256::digest(address.url()).into();
    let known = stores().databases.get(&key).cloned();
    let database = match known {
        Some(database) => database,
        None => {
            let new = Arc::new(Postgres::new(address, folder().as_deref())?);
            Arc::clone(stores().databases.entry(key).or_insert(new))
        }
    };
    database.open()?;
    Ok(database)
}

/// Closes every store; calls under way finish on what they have, and the next use opens anew.
pub fn close_all() {
    // Closing writes, so it is done without the lock.
    let closing = {
        let mut open = stores();
        (mem::take(&mut open.files), mem::take(&mut open.databases))
    };
    drop(closing);
}
