//! Work that the system may not end in time, on a thread of its own: whoever waits for it gives up when the time is over.

use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Threads that outlived the patience of those who started them.
static LATE: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// Waits for threads that are still at work after their callers gave up: a library must not be unloaded under them.
pub fn await_all() {
    let late = std::mem::take(&mut *LATE.lock().unwrap_or_else(PoisonError::into_inner));
    for thread in late {
        // It has nothing to tell any more.
        let _ = thread.join();
    }
}

/// Work under way.
#[derive(Debug)]
pub struct Begun<T> {
    thread: JoinHandle<()>,
    answer: Receiver<T>,
}

/// Begins work on a thread of that name. Fails where no thread can be started.
pub fn begin<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> io::Result<Begun<T>> {
    let (told, answer) = mpsc::sync_channel(1);
    let run = move || {
        // Whoever asked may have given up.
        let _ = told.send(work());
    };
    let thread = Builder::new().name(name.to_owned()).spawn(run)?;
    Ok(Begun { thread, answer })
}

impl<T> Begun<T> {
    /// What the work came to. Fails with `TimedOut`, or with `Other` where it panicked.
    pub fn end(self, limit: Duration) -> io::Result<T> {
        match self.answer.recv_timeout(limit) {
            Ok(found) => {
                let _ = self.thread.join();
                Ok(found)
            }
            Err(RecvTimeoutError::Timeout) => {
                let mut late = LATE.lock().unwrap_or_else(PoisonError::into_inner);
                late.retain(|thread| !thread.is_finished());
                late.push(self.thread);
                Err(io::ErrorKind::TimedOut.into())
            }
            Err(RecvTimeoutError::Disconnected) => Err(io::ErrorKind::Other.into()),
        }
    }
}
