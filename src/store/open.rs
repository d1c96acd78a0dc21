//! The stores that are open now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Store;
use super::sqlite::Sqlite;
use crate::reply::Error;

static OPEN: Mutex<BTreeMap<PathBuf, Arc<Sqlite>>> = Mutex::new(BTreeMap::new());

fn stores() -> MutexGuard<'static, BTreeMap<PathBuf, Arc<Sqlite>>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The store in a file, if it is open.
pub(super) fn found(path: &Path) -> Option<Arc<dyn Store>> {
    stores().get(path).map(|open| Arc::<Sqlite>::clone(open) as Arc<dyn Store>)
}

/// The store in a file, opened unless it is open.
pub(super) fn shared(path: &Path) -> Result<Arc<dyn Store>, Error> {
    if let Some(open) = found(path) {
        return Ok(open);
    }
    // Opening may wait for another program; calls on other stores do not wait with it. Of two that open the same
    // file at once, one is kept.
    let opened = Arc::new(Sqlite::open(path)?);
    Ok(Arc::<Sqlite>::clone(stores().entry(path.to_owned()).or_insert(opened)))
}

/// Closes every store; calls under way finish on what they have, and the next use opens anew.
pub fn close_all() {
    // Closing writes, so it is done without the lock.
    let closing = std::mem::take(&mut *stores());
    drop(closing);
}
