//! Where outcomes go that the store would not take: a file of the user's, one JSON line an outcome. They are brought into
//! the store when it is next opened, or next used by this process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::{
    Claim, DeductionState, EntryKey, EntryKind, EntryState, Location, Outcome, Store, location, settle_deduction,
};
use crate::json::{self, Json, ObjectWriter};
use crate::reply::Error;

/// How long an outcome waits for another process to be done with the file.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// An outcome that the store would not take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spilled {
    /// Of an entry of the journal, for [`Store::settle_entry`].
    Entry(EntryKey, Claim, Outcome),
    /// Of a deduction in the ledger, for [`Store::move_deduction`]: hospital, deductionID, from, to.
    Deduction(String, String, DeductionState, DeductionState),
}

/// The spill file of one store.
#[derive(Debug, Clone)]
pub struct Spill {
    path: Option<PathBuf>,
}

impl Spill {
    /// The file for the store at `location`, in the library's data folder.
    pub fn of(location: &Location) -> Self {
        let name = location.identity().map(|name| hex::encode(Sha256::digest(name)));
        let name = name.as_deref().and_then(|digest| digest.get(..16)).map(|digest| format!("outcomes-{digest}.jsonl"));
        Self { path: location::data_folder().zip(name).map(|(folder, name)| folder.join(name)) }
    }

    /// The file at `path`.
    #[cfg(test)]
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path: Some(path) }
    }

    /// Keeps an outcome, on the disk when this returns; tells where.
    pub fn keep(&self, spilled: &Spilled) -> io::Result<&Path> {
        let path = self.path.as_ref().ok_or_else(|| io::Error::other("no data folder"))?;
        if let Some(folder) = path.parent() {
            location::make_folder(folder)?;
        }
        let mut file = private(OpenOptions::new().read(true).append(true).create(true)).open(path)?;
        lock(&file)?;
        // A line that was torn, by a full disk perhaps, ends here and not in the middle of this one.
        file.write_all(format!("\n{}\n", line_of(spilled)).as_bytes())?;
        file.sync_all()?;
        Ok(path)
    }

    /// Brings what is kept into the store, and empties the file, but for lines that cannot be read. What the store has
    /// already is no fault. Where another process is at it, or the store fails, it is done another time.
    pub fn merge(&self, store: &dyn Store) -> Result<(), Error> {
        let Some(mut file) = self.path.as_ref().and_then(|path| waiting(path)) else { return Ok(()) };
        let mut content = Vec::new();
        if file.try_lock().is_err() || file.read_to_end(&mut content).is_err() {
            return Ok(());
        }
        let mut unread = Vec::new();
        for line in content.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match std::str::from_utf8(line).ok().and_then(read_line) {
                Some(spilled) => bring_in(store, spilled)?,
                None => unread.extend([line, b"\n"].concat()),
            }
        }
        // Under the lock. A file that cannot be emptied is merged once more, which changes nothing.
        let _ = file.set_len(0).and_then(|()| file.seek(SeekFrom::Start(0))).and_then(|_| file.write_all(&unread));
        Ok(())
    }
}

fn bring_in(store: &dyn Store, spilled: Spilled) -> Result<(), Error> {
    match spilled {
        Spilled::Entry(key, claim, outcome) => store.settle_entry(&key, Some(claim), &outcome).map(|_| ()),
        Spilled::Deduction(org, id, from, to) => settle_deduction(store, &org, &id, &from, &to).map(|_| ()),
    }
}

/// The lock, waited for no longer than a call can wait.
fn lock(file: &File) -> io::Result<()> {
    let until = Instant::now() + LONGEST_WAIT;
    loop {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) if Instant::now() < until => thread::sleep(Duration::from_millis(10)),
            Err(TryLockError::WouldBlock) => return Err(io::Error::from(io::ErrorKind::TimedOut)),
            Err(TryLockError::Error(error)) => return Err(error),
            Ok(()) => return Ok(()),
        }
    }
}

/// What the platform said stands in it in plain, so a new file is the user's alone.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// The file, where it holds anything.
fn waiting(path: &Path) -> Option<File> {
    fs::metadata(path).ok().filter(|file| file.len() > 0)?;
    OpenOptions::new().read(true).write(true).open(path).ok()
}

fn line_of(spilled: &Spilled) -> String {
    ObjectWriter::text(|line| match spilled {
        Spilled::Entry(key, claim, outcome) => {
            line.string("kind", key.kind.as_str())
                .string("account", &key.account)
                .string("number", &key.number)
                .string("claim", &claim.0.to_string())
                .string("state", outcome.state.as_str())
                .string("code", &outcome.code)
                .string("outcome", &hex::encode(&outcome.outcome));
        }
        Spilled::Deduction(org, id, from, to) => {
            line.string("orgCode", org).string("deductionID", id);
            for (name, note_name, state) in [("from", "fromNote", from), ("to", "toNote", to)] {
                let (word, note) = state.parts();
                line.string(name, word);
                if let Some(note) = note {
                    line.string(note_name, note);
                }
            }
        }
    })
}

/// The outcome of a line; none for one that was torn.
fn read_line(line: &str) -> Option<Spilled> {
    let Ok(Json::Object(line)) = json::read(line) else { return None };
    let text = |name: &str| line.get(name).and_then(Json::as_str);
    if let (Some(org), Some(id)) = (text("orgCode"), text("deductionID")) {
        let state = |name, note| Some(DeductionState::of_parts(text(name)?, text(note).unwrap_or_default().to_owned()));
        return Some(Spilled::Deduction(org.into(), id.into(), state("from", "fromNote")?, state("to", "toNote")?));
    }
    let kind = EntryKind::of(text("kind")?)?;
    let key = EntryKey { kind, account: text("account")?.to_owned(), number: text("number")?.to_owned() };
    let outcome = Outcome {
        state: EntryState::of(text("state")?)?,
        code: text("code")?.to_owned(),
        outcome: hex::decode(text("outcome")?).ok()?,
    };
    Some(Spilled::Entry(key, Claim(text("claim")?.parse().ok()?), outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Spilled {
        let key = EntryKey { kind: EntryKind::Order, account: "A\"\n".into(), number: "OC1".into() };
        let outcome = Outcome { state: EntryState::Failed, code: "PLATFORM_REFUSED".into(), outcome: vec![0, 1, 255] };
        Spilled::Entry(key, Claim(-7), outcome)
    }

    #[cfg(unix)]
    #[test]
    fn the_file_and_its_folder_are_their_users_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Path::new(env!("OUT_DIR")).join("spill-alone");
        let _ = fs::remove_dir_all(&folder);
        let spill = Spill::at(folder.join("outcomes.jsonl"));
        let file = spill.keep(&entry()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(file)), (0o700, 0o600));
    }

    #[test]
    fn a_line_holds_all_of_an_outcome() {
        let deduction = |to| Spilled::Deduction("H1".into(), "D1".into(), DeductionState::Intended, to);
        for spilled in [
            entry(),
            deduction(DeductionState::Accepted),
            deduction(DeductionState::Refused("余额不足\n".into())),
            deduction(DeductionState::Refused(String::new())),
        ] {
            let line = line_of(&spilled);
            assert!(!line.contains('\n'));
            assert_eq!(read_line(&line).as_ref(), Some(&spilled));
            for place in 1..line.len() {
                if line.is_char_boundary(place) {
                    assert_eq!(read_line(&line[..place]), None);
                }
            }
        }
    }
    #[test]
    fn lines_that_were_torn_anywhere_hide_no_others() {
        let path = PathBuf::from(env!("OUT_DIR")).join(format!("torn-{}.jsonl", std::process::id()));
        let spill = Spill::at(path.clone());
        let torn = line_of(&Spilled::Deduction(
            "H1".into(),
            "D9".into(),
            DeductionState::Intended,
            DeductionState::Refused("余额".into()),
        ));
        let place = torn.find('余').unwrap() + 1;
        fs::write(&path, &torn.as_bytes()[..place]).unwrap();
        spill.keep(&entry()).unwrap();
        let kept = fs::read(&path).unwrap();
        let read = |line: &[u8]| std::str::from_utf8(line).ok().and_then(read_line);
        let lines: Vec<_> = kept.split(|byte| *byte == b'\n').filter_map(read).collect();
        assert_eq!(lines, [entry()]);
        fs::remove_file(path).unwrap();
    }
}
