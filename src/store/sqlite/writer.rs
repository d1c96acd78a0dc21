//! The one connection that writes, and whose turn it is.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Instant;

use rusqlite::Connection;

/// The connection, while nobody writes.
pub(super) struct Writer {
    idle: Mutex<Option<Connection>>,
    given_back: Condvar,
}

impl Writer {
    pub(super) fn new(connection: Connection) -> Self {
        Self { idle: Mutex::new(Some(connection)), given_back: Condvar::new() }
    }

    /// Runs `work` with the connection when it is this thread's turn; none where that does not come in time. What is left of
    /// the time is what `work` may wait for other programs, so that waits do not add up.
    pub(super) fn run<T>(&self, until: Instant, work: impl FnOnce(&mut Connection) -> T) -> Option<T> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = loop {
            if let Some(connection) = idle.take() {
                break connection;
            }
            let left = until.checked_duration_since(Instant::now())?;
            idle = self.given_back.wait_timeout(idle, left).unwrap_or_else(PoisonError::into_inner).0;
        };
        drop(idle);
        let mut held = Held { writer: self, connection: Some(connection) };
        let connection = held.connection.as_mut()?;
        // Where this fails, the wait is the last one's.
        let _ = connection.busy_timeout(until.saturating_duration_since(Instant::now()));
        Some(work(connection))
    }
}

/// Gives the connection back, also when `work` panics.
struct Held<'w> {
    writer: &'w Writer,
    connection: Option<Connection>,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.writer.idle.lock().unwrap_or_else(PoisonError::into_inner) = self.connection.take();
        self.writer.given_back.notify_one();
    }
}
