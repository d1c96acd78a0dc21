//! The file of the books: JSON lines, one a change, that only ever grow. A change is written before it is made, hence
//! before anything of it is answered: it outlives the process. It is not forced onto the disk, so not the machine.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use crate::log::Log;

/// A change that could not be written, and so was not made. In English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unwritten(pub String);

/// Why a change was not made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denied<R> {
    /// The platform's rules forbid it.
    Refused(R),
    /// It could not be written.
    Unwritten(Unwritten),
}

impl<R> From<R> for Denied<R> {
    fn from(refusal: R) -> Self {
        Self::Refused(refusal)
    }
}

/// Where changes are kept; the default keeps none. Clones share the file.
#[derive(Debug, Clone, Default)]
pub struct Journal(Option<Arc<Kept>>);

#[derive(Debug)]
struct Kept {
    lines: Mutex<Lines>,
    log: Log,
}

#[derive(Debug)]
struct Lines {
    file: File,
    /// How many bytes of whole lines there are.
    length: u64,
    /// Whether there may be a part of a line after them.
    torn: bool,
}

impl Journal {
    /// Opens a file, or makes it, and hands on each line that it holds. A torn last one is cut off.
    ///
    /// Fails where the file cannot be read or written, where another sandbox has it (on Windows that is not noticed), and
    /// where a line is not taken.
    pub fn open(path: &Path, log: Log, take: impl FnMut(&str) -> Result<(), String>) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("books {}: {error}", path.display()));
        let (lines, dropped) = Lines::open(path, take).map_err(named)?;
        if let Some(text) = dropped {
            log.line(|| format!("books {}: the last line was torn, and is dropped: {text}", path.display()));
        }
        Ok(Self(Some(Arc::new(Kept { lines: Mutex::new(lines), log }))))
    }

    /// Adds a change as a line.
    pub fn write(&self, change: &impl Serialize) -> Result<(), Unwritten> {
        self.with(|lines| {
            let mut line = serde_json::to_vec(change)?;
            line.push(b'\n');
            lines.add(&line)
        })
    }

    /// Forgets all lines.
    pub fn empty(&self) -> Result<(), Unwritten> {
        self.with(|lines| {
            lines.length = 0;
            lines.cut()
        })
    }

    /// Lets another sandbox open the file, though somebody may still hold this journal.
    pub fn release(&self) {
        if let Some(kept) = &self.0 {
            // It ends with the file at the latest.
            let _ = kept.lines().file.unlock();
        }
    }

    fn with(&self, step: impl FnOnce(&mut Lines) -> io::Result<()>) -> Result<(), Unwritten> {
        let Some(kept) = &self.0 else { return Ok(()) };
        let done = step(&mut kept.lines());
        done.map_err(|error| {
            let message = format!("the books cannot be written: {error}");
            kept.log.alarm(|| format!("NOT BOOKED: {message}"));
            Unwritten(message)
        })
    }

    /// One that cannot write: its file is open for reading only.
    #[cfg(test)]
    pub(crate) fn broken(path: &Path, log: Log) -> Self {
        let lines = Mutex::new(Lines { file: File::open(path).unwrap(), length: 0, torn: false });
        Self(Some(Arc::new(Kept { lines, log })))
    }
}

impl Kept {
    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines {
    fn open(path: &Path, take: impl FnMut(&str) -> Result<(), String>) -> io::Result<(Self, Option<String>)> {
        // Not for appending: Windows would not let such a file be cut.
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        // On Windows a lock would keep those out who only read, too.
        if cfg!(not(windows)) && matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
            return Err(io::Error::new(io::ErrorKind::ResourceBusy, "another sandbox has them open"));
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let end = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let (whole, rest) = bytes.split_at(end);
        hand_on(whole, take)?;
        if !rest.is_empty() && !rest.starts_with(b"{") {
            return Err(invalid("this is no file of books"));
        }
        let mut lines = Self { file, length: end as u64, torn: true };
        lines.cut()?;
        Ok((lines, (!rest.is_empty()).then(|| String::from_utf8_lossy(rest).into_owned())))
    }

    fn add(&mut self, line: &[u8]) -> io::Result<()> {
        if self.torn {
            self.cut()?;
        }
        self.torn = true;
        self.file.write_all(line)?;
        self.torn = false;
        self.length += line.len() as u64;
        Ok(())
    }

    /// Ends the file after its whole lines.
    fn cut(&mut self) -> io::Result<()> {
        self.torn = true;
        self.file.set_len(self.length)?;
        self.file.seek(SeekFrom::Start(self.length))?;
        self.torn = false;
        Ok(())
    }
}

fn hand_on(lines: &[u8], mut take: impl FnMut(&str) -> Result<(), String>) -> io::Result<()> {
    let text = std::str::from_utf8(lines).map_err(|error| invalid(&error.to_string()))?;
    for (n, line) in text.lines().enumerate() {
        take(line).map_err(|error| invalid(&format!("line {}: {error}", n + 1)))?;
    }
    Ok(())
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::{env, fs, process};

    use super::*;

    /// A file of this test's own.
    fn file(name: &str, text: &str) -> PathBuf {
        let path = env::temp_dir().join(format!("hislink-sandbox-journal-{}-{name}", process::id()));
        fs::write(&path, text).unwrap();
        path
    }

    fn open(path: &Path) -> io::Result<(Journal, Vec<String>)> {
        let mut lines = Vec::new();
        let journal = Journal::open(path, Log::default(), |line| {
            lines.push(line.to_owned());
            if line == "no" { Err("not taken".to_owned()) } else { Ok(()) }
        })?;
        Ok((journal, lines))
    }

    #[test]
    fn lines_are_added_after_a_torn_one_was_cut() {
        let path = file("torn", "1\n2\n{\"acc");
        let (journal, lines) = open(&path).unwrap();
        assert_eq!((lines, fs::read_to_string(&path).unwrap().as_str()), (vec!["1".into(), "2".into()], "1\n2\n"));
        journal.write(&3).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "1\n2\n3\n");
        journal.empty().unwrap();
        journal.write(&4).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "4\n");
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_write_that_broke_off_leaves_nothing() {
        let path = file("broke-off", "");
        let (journal, _) = open(&path).unwrap();
        journal.write(&1).unwrap();
        let broken = journal.with(|lines| {
            lines.torn = true;
            lines.file.write_all(b"{\"a\":")?;
            Err(io::Error::other("full"))
        });
        assert_eq!(broken, Err(Unwritten("the books cannot be written: full".to_owned())));
        journal.write(&2).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "1\n2\n");
        fs::remove_file(path).unwrap();
    }

    #[test]
    fn what_is_not_understood_stays_as_it_was() {
        for (text, names) in [("1\nno\n{\"a", "line 2: not taken"), ("-----BEGIN", "no file of books")] {
            let path = file("foreign", text);
            let error = open(&path).unwrap_err().to_string();
            assert!(error.contains(names) && error.contains("foreign"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            fs::remove_file(path).unwrap();
        }
    }
}
