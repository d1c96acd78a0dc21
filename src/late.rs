//! Work that the system may not end in time, on a thread of its own: whoever waits for it gives up when the time is over.

use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
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

/// Work under way. Thread and channel know nothing of its kind, so that they are compiled once.
#[derive(Debug)]
pub struct Begun<T> {
    running: Running,
    found: Arc<Mutex<Option<T>>>,
}

#[derive(Debug)]
struct Running {
    thread: JoinHandle<()>,
    done: Receiver<()>,
}

/// Begins work on a thread of that name. Fails where no thread can be started.
pub fn begin<T: Send + 'static>(name: &str, work: impl FnOnce() -> T + Send + 'static) -> io::Result<Begun<T>> {
    let found = Arc::new(Mutex::new(None));
    let told = Arc::clone(&found);
    let run = move || {
        let end = work();
        *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
    };
    Ok(Begun { running: start(name, Box::new(run))?, found })
}

fn start(name: &str, work: Box<dyn FnOnce() + Send>) -> io::Result<Running> {
    let (told, done) = mpsc::sync_channel(1);
    let run = move || {
        work();
        // Whoever asked may have given up.
        let _ = told.send(());
    };
    Ok(Running { thread: Builder::new().name(name.to_owned()).spawn(run)?, done })
}

impl<T> Begun<T> {
    /// What the work came to. Fails with `TimedOut`, or with `Other` where it panicked.
    pub fn end(self, limit: Duration) -> io::Result<T> {
        self.running.end(limit)?;
        self.found.lock().unwrap_or_else(PoisonError::into_inner).take().ok_or_else(|| io::ErrorKind::Other.into())
    }
}

impl Running {
    fn end(self, limit: Duration) -> io::Result<()> {
        if self.done.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
            let mut late = LATE.lock().unwrap_or_else(PoisonError::into_inner);
            late.retain(|thread| !thread.is_finished());
            late.push(self.thread);
            return Err(io::ErrorKind::TimedOut.into());
        }
        let _ = self.thread.join();
        Ok(())
    }
}
