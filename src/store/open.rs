//! The stores that are open now, each by the process that opened it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{mem, process};

use sha2::{Digest, Sha256};

use super::Store;
use super::postgres::{Address, Postgres};
use super::sqlite::Sqlite;
use crate::reply::Error;

/// Where an open store is.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    File(PathBuf),
    /// The digest of a URL.
    Database([u8; 32]),
}

/// Stores, and the process that opened them.
struct Open {
    process: u32,
    stores: BTreeMap<Place, Arc<dyn Store>>,
}

static OPEN: Mutex<Open> = Mutex::new(Open { process: 0, stores: BTreeMap::new() });

/// The stores of this process. Those that a forked child inherits are left alone: closing them would say goodbye on its
/// parent's connections, and give its parent's locks away.
fn open() -> MutexGuard<'static, Open> {
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    if open.process != process::id() {
        mem::forget(mem::take(&mut open.stores));
        open.process = process::id();
    }
    open
}

fn found(place: &Place) -> Option<Arc<dyn Store>> {
    open().stores.get(place).cloned()
}

/// The store at a place, opened unless it is open.
fn shared(place: Place, make: impl FnOnce() -> Result<Arc<dyn Store>, Error>) -> Result<Arc<dyn Store>, Error> {
    if let Some(open) = found(&place) {
        return Ok(open);
    }
    // Opening may wait for another program; calls on other stores do not wait with it. Of two that open the same
    // place at once, one is kept.
    let opened = make()?;
    Ok(open().stores.entry(place).or_insert(opened).clone())
}

/// The store in a file, if it is open.
pub(super) fn found_file(path: &Path) -> Option<Arc<dyn Store>> {
    found(&Place::File(path.to_owned()))
}

/// The store in a file, opened unless it is open.
pub(super) fn file(path: &Path) -> Result<Arc<dyn Store>, Error> {
    shared(Place::File(path.to_owned()), || Ok(Arc::new(Sqlite::open(path)?)))
}

/// The store in a database, opened unless it is open. Processes of this user tell each other in `folder` that they
/// are alive.
pub(super) fn database(address: &Address, folder: Option<&Path>) -> Result<Arc<dyn Store>, Error> {
    shared(Place::Database(Sha256::digest(address.url()).into()), || Ok(Arc::new(Postgres::open(address, folder)?)))
}

/// Closes every store; calls under way finish on what they have, and the next use opens anew.
pub fn close_all() {
    // Closing writes, so it is done without the lock.
    let closing = mem::take(&mut open().stores);
    drop(closing);
}
