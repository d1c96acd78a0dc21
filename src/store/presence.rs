//! Who is alive: each process that sends money holds a lock on a file of its own beside the store. The system gives the
//! lock back when the process ends, however it ends, and nobody can forge or forget it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};

use super::failure::failed;
use super::{Claim, location};
use crate::reply::{Error, words};

/// A file of a dead process that nobody asked about goes after this long.
const STALE: Duration = Duration::from_secs(24 * 3600);

/// This process among those that share a store.
#[derive(Debug)]
pub(super) struct Presence {
    /// Where the files are; without such a place nobody can be told to be dead.
    folder: Option<PathBuf>,
    /// What the files' names begin with.
    stem: String,
    host: String,
    /// Says that a run was on this machine, and where its file is.
    place: String,
    /// Whether a run without a file is over. Where machines share a store, two copies of one may have the same name, and
    /// then the file may be on the other.
    missing_is_gone: bool,
    own: Mutex<Option<Run>>,
}

/// This process's file.
#[derive(Debug)]
struct Run {
    process: u32,
    name: String,
    path: Option<PathBuf>,
    /// Held, never read.
    _lock: Option<File>,
}

/// This process with a new right to send.
#[derive(Debug)]
pub(super) struct Sender<'p> {
    pub(super) presence: &'p Presence,
    pub(super) run: String,
    pub(super) claim: Claim,
}

impl Presence {
    /// Among those whose files stand in `folder` with names that begin with `stem`.
    pub(super) fn new(folder: Option<&Path>, stem: &str) -> Self {
        let host = gethostname::gethostname().to_string_lossy().into_owned();
        let place = folder.map_or_else(String::new, |folder| location::folded(folder.to_string_lossy().into_owned()));
        let digest = hex::encode(Sha256::digest(format!("{host}\n{place}\n{stem}")));
        let place = digest.get(..12).unwrap_or_default().to_owned();
        let folder = folder.map(Path::to_owned);
        Self { folder, stem: stem.to_owned(), host, place, missing_is_gone: true, own: Mutex::default() }
    }

    /// Among those of several machines: what the files tell holds for this one's.
    pub(super) fn among_machines(folder: Option<&Path>, stem: &str) -> Self {
        Self { missing_is_gone: false, ..Self::new(folder, stem) }
    }

    /// This machine's name.
    pub(super) fn host(&self) -> &str {
        &self.host
    }

    /// This process with a right to send that nobody else has.
    pub(super) fn sender(&self) -> Result<Sender<'_>, Error> {
        Ok(Sender { presence: self, run: self.run()?, claim: Claim(random()?.cast_signed()) })
    }

    /// The name of this process's run, for which others can ask. Its file is made when this is first called, and anew
    /// in a forked child.
    fn run(&self) -> Result<String, Error> {
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(run) = own.as_ref().filter(|run| run.process == process::id()) {
            return Ok(run.name.clone());
        }
        self.clear_stale();
        let name = format!("{}-{:016x}", self.place, random()?);
        let path = self.path_of(&name);
        let lock = match path.as_deref().map(locked_file).transpose() {
            // The leases tell too, and the database itself is well.
            Err(_) if !self.missing_is_gone => None,
            lock => lock?,
        };
        let path = path.filter(|_| lock.is_some());
        if let Some(inherited) = own.replace(Run { process: process::id(), name: name.clone(), path, _lock: lock }) {
            // A parent's: its file is the parent's to remove.
            std::mem::forget(inherited);
        }
        Ok(name)
    }

    /// Whether a run is surely over. Of one on another machine, or of another user, nobody can tell.
    pub(super) fn is_gone(&self, run: &str) -> bool {
        match self.path_of(run) {
            Some(path) if run.starts_with(&self.place) => (self.missing_is_gone || path.exists()) && is_unlocked(&path),
            _ => false,
        }
    }

    fn path_of(&self, run: &str) -> Option<PathBuf> {
        Some(self.folder.as_ref()?.join(format!("{}{run}", self.stem)))
    }

    /// Removes files that nobody holds. Young ones stay: one may be about to be locked.
    fn clear_stale(&self) {
        let Some(entries) = self.folder.as_ref().and_then(|folder| fs::read_dir(folder).ok()) else { return };
        for entry in entries.flatten() {
            let ours = entry.file_name().to_str().is_some_and(|name| is_run_file(name, &self.stem))
                && entry.metadata().is_ok_and(|file| file.len() == 0);
            let age =
                entry.metadata().and_then(|file| file.modified()).map(|time| SystemTime::now().duration_since(time));
            if ours && matches!(age, Ok(Ok(age)) if age > STALE) {
                is_unlocked(&entry.path());
            }
        }
    }
}

/// Whether a file's name is that of a run: the stem, twelve hexadecimal digits, a dash, sixteen more.
fn is_run_file(name: &str, stem: &str) -> bool {
    let hexadecimal = |text: &str, length| text.len() == length && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let run = name.strip_prefix(stem).and_then(|run| run.split_once('-'));
    run.is_some_and(|(place, random)| hexadecimal(place, 12) && hexadecimal(random, 16))
}

impl Drop for Run {
    fn drop(&mut self) {
        if let Some(path) = self.path.as_ref().filter(|_| self.process == process::id()) {
            let _ = fs::remove_file(path);
        }
    }
}

/// A number that nobody else has.
pub(super) fn random() -> Result<u64, Error> {
    getrandom::u64().map_err(|error| {
        failed(words!("系统随机数不可用：{error}", "the system's random source is not available: {error}"))
    })
}

fn locked_file(path: &Path) -> Result<File, Error> {
    let make = || {
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(path)?;
        file.lock()?;
        Ok(file)
    };
    make().map_err(|error: std::io::Error| {
        let path = path.display();
        failed(words!("无法创建 {path}：{error}", "cannot make {path}: {error}"))
    })
}

/// Whether a run's file is gone, or nobody holds it; then it is removed.
fn is_unlocked(path: &Path) -> bool {
    let file = match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => file,
        Err(error) => return error.kind() == std::io::ErrorKind::NotFound,
    };
    match file.try_lock() {
        Ok(()) => {
            let _ = fs::remove_file(path);
            true
        }
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_gone_when_its_process_lets_go_of_it() {
        let folder = PathBuf::from(env!("OUT_DIR"));
        let stem = format!("presence-{}-", process::id());
        let (one, other) = (Presence::new(Some(&folder), &stem), Presence::new(Some(&folder), &stem));
        let run = one.run().unwrap();
        assert_eq!(one.run().unwrap(), run);
        assert!(!other.is_gone(&run) && !one.is_gone(&run));
        let elsewhere = Presence::new(Some(&folder), "other-");
        drop(one);
        assert!(other.is_gone(&run));
        assert!(other.is_gone(&run), "still so when the file is gone");
        assert!(!elsewhere.is_gone(&run), "another place cannot tell");
        assert!(!Presence::new(None, &stem).is_gone(&run));
        assert!(
            !Presence::among_machines(Some(&folder), &stem).is_gone(&run),
            "it may be on a machine of the same name"
        );
        // A process that was killed leaves its file, without a lock.
        let left = format!("{}-00", other.place);
        fs::write(other.path_of(&left).unwrap(), "").unwrap();
        assert!(other.is_gone(&left));
        assert!(!other.path_of(&left).unwrap().exists());
    }
}
