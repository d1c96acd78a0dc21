//! The profiles that are configured now, by name.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use super::Profile;
use crate::http::{Client, Transport};
use crate::late;
use crate::reply::Error;

static PROFILES: RwLock<BTreeMap<String, Arc<Profile>>> = RwLock::new(BTreeMap::new());

/// The client of calls whose settings are inline and whose profile was not configured.
static DEFAULT_CLIENT: RwLock<Option<Arc<Client>>> = RwLock::new(None);

/// The profile of that name.
pub fn find(name: &str) -> Option<Arc<Profile>> {
    PROFILES.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
}

/// Every profile, in order of names.
pub fn all() -> Vec<Arc<Profile>> {
    PROFILES.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
}

/// Makes or replaces a profile.
pub fn put(profile: Profile) {
    let name = profile.name.clone();
    PROFILES.write().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::new(profile));
}

/// The client with the default limits, made when first asked for.
pub fn default_client() -> Result<Arc<Client>, Error> {
    if let Some(client) = &*DEFAULT_CLIENT.read().unwrap_or_else(PoisonError::into_inner) {
        return Ok(Arc::clone(client));
    }
    let client = Arc::new(Client::new(Transport::default())?);
    let mut slot = DEFAULT_CLIENT.write().unwrap_or_else(PoisonError::into_inner);
    Ok(Arc::clone(slot.get_or_insert(client)))
}

/// Closes the connections that are kept open for later calls, and waits for threads that outlived their call.
pub fn close_connections() {
    for profile in all() {
        profile.client.close_connections();
    }
    drop(DEFAULT_CLIENT.write().unwrap_or_else(PoisonError::into_inner).take());
    late::await_all();
}

/// Closes the log files that are open; the next line opens its own again.
pub fn close_logs() {
    for profile in all() {
        profile.log.iter().for_each(|log| log.close());
    }
}
