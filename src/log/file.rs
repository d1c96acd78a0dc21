//! A folder's log file of the day. Nothing in here fails a caller or waits for another thread: a line that cannot be
//! written is counted, and the count is written when a later line can be.
//!
//! A line is one write to a file that was opened for appending, which systems keep whole among threads and processes. No
//! lock is waited for, so a forked child is as free as its parent.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::RwLock;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::clock;

/// A folder that took longer to say no is left alone for a while: a share that is gone may hold up each call.
const SLOW: Duration = Duration::from_millis(250);
const PAUSE_MS: i64 = 60_000;

/// The log files of a folder.
#[derive(Debug)]
pub struct DailyFile {
    folder: PathBuf,
    keep_days: u32,
    open: RwLock<Option<Open>>,
    lost: AtomicU64,
    /// The last line was not written whole.
    torn: AtomicBool,
    /// Nothing is tried before this moment.
    paused_until: AtomicI64,
}

/// The file of a day.
#[derive(Debug)]
struct Open {
    day: i64,
    file: File,
    /// The second in which it was last looked whether it is still there.
    seen: AtomicI64,
}

impl DailyFile {
    /// The files of this folder. Nothing is opened yet.
    pub fn new(folder: PathBuf, keep_days: u32) -> Self {
        Self {
            folder,
            keep_days,
            open: RwLock::new(None),
            lost: AtomicU64::new(0),
            torn: AtomicBool::new(false),
            paused_until: AtomicI64::new(0),
        }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes the folder and opens the file of the day, and removes the files whose time is over.
    pub fn prepare(&self, now: i64) -> io::Result<()> {
        let file = self.open_day(now)?;
        self.keep_open(now, file);
        Ok(())
    }

    /// Appends a line; it ends with its newline. `told` makes the line that tells how many were lost.
    pub fn write(&self, now: i64, line: &str, told: impl FnOnce(u64) -> String) {
        let lost = self.lost.load(Relaxed);
        if lost > 0
            && self.lost.compare_exchange(lost, 0, Relaxed, Relaxed).is_ok()
            && self.append(now, &told(lost)).is_err()
        {
            self.lost.fetch_add(lost + 1, Relaxed);
            return;
        }
        if self.append(now, line).is_err() {
            self.lost.fetch_add(1, Relaxed);
        }
    }

    /// Closes the file; the next line opens it again.
    pub fn close(&self) {
        if let Ok(mut open) = self.open.try_write() {
            *open = None;
        }
    }

    fn append(&self, now: i64, line: &str) -> io::Result<()> {
        let mut lost_its_name = false;
        if let Ok(open) = self.open.try_read()
            && let Some(open) = open.as_ref().filter(|open| open.day == clock::day_of(now))
        {
            if self.is_there(open, now) {
                return self.put(&open.file, line);
            }
            lost_its_name = true;
        }
        if lost_its_name {
            // Before Windows 10 1809 a deleted file keeps its name, and no other gets it, while it is open somewhere.
            self.close();
        }
        let file = self.open_day(now)?;
        self.put(&file, line)?;
        self.keep_open(now, file);
        Ok(())
    }

    /// One write. Behind what a full disk has torn, the line begins on a line of its own.
    fn put(&self, file: &File, line: &str) -> io::Result<()> {
        let torn = self.torn.swap(false, Relaxed);
        let (written, length) = if torn {
            let line = format!("\n{line}");
            (write_once(file, &line), line.len())
        } else {
            (write_once(file, line), line.len())
        };
        match written {
            Ok(written) if written == length => Ok(()),
            Ok(_) => {
                self.torn.store(true, Relaxed);
                Err(ErrorKind::WriteZero.into())
            }
            Err(error) => {
                self.torn.fetch_or(torn, Relaxed);
                Err(error)
            }
        }
    }

    /// Whether the file still has its name; looked up once a second.
    fn is_there(&self, open: &Open, now: i64) -> bool {
        let second = now.div_euclid(1000);
        open.seen.swap(second, Relaxed) == second || has_its_name(&open.file, &self.path(now))
    }

    fn path(&self, now: i64) -> PathBuf {
        self.folder.join(format!("hislink-{}.log", clock::date_of(now)))
    }

    fn open_day(&self, now: i64) -> io::Result<File> {
        // A clock that was set back does not make it longer.
        if (1..=PAUSE_MS).contains(&self.paused_until.load(Relaxed).saturating_sub(now)) {
            return Err(ErrorKind::TimedOut.into());
        }
        let begun = Instant::now();
        let opened = fs::create_dir_all(&self.folder)
            .and_then(|()| OpenOptions::new().append(true).create(true).open(self.path(now)));
        if opened.is_err() && begun.elapsed() >= SLOW {
            self.paused_until.store(now.saturating_add(PAUSE_MS), Relaxed);
        }
        opened
    }

    /// Keeps a file for the lines to come, unless another thread is about to do the same.
    fn keep_open(&self, now: i64, file: File) {
        let (day, seen) = (clock::day_of(now), AtomicI64::new(now.div_euclid(1000)));
        let Ok(mut open) = self.open.try_write() else { return };
        let earlier = open.replace(Open { day, file, seen });
        drop(open);
        if earlier.is_none_or(|earlier| earlier.day != day) {
            self.remove_old(day);
        }
    }

    /// Removes the files of this library whose days are over; nothing else.
    fn remove_old(&self, today: i64) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        for entry in entries.flatten() {
            let day = entry.file_name().to_str().and_then(day_of_name);
            let is_old = day.is_some_and(|day| day <= today - i64::from(self.keep_days));
            if is_old && entry.file_type().is_ok_and(|kind| kind.is_file()) {
                // One that another program holds goes another day.
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn write_once(mut file: &File, text: &str) -> io::Result<usize> {
    loop {
        match file.write(text.as_bytes()) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            end => return end,
        }
    }
}

/// The day of a file `hislink-yyyy-MM-dd.log`, and of no other.
fn day_of_name(name: &str) -> Option<i64> {
    let date = name.strip_prefix("hislink-")?.strip_suffix(".log")?;
    let midnight = format!("{date} 00:00:00");
    let stamp: String = midnight.chars().filter(char::is_ascii_digit).collect();
    let second = clock::second_of_stamp(&stamp).filter(|_| clock::is_time(&midnight))?;
    Some(clock::day_of(second * 1000))
}

#[cfg(unix)]
fn has_its_name(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |of: io::Result<fs::Metadata>| of.map(|of| (of.dev(), of.ino())).ok();
    identity(fs::metadata(path)) == identity(file.metadata())
}

/// Whether the name is another file's by now cannot be told there. A deleted file that keeps its name can still be found
/// in its folder, by which `metadata` answers too, but not be opened.
#[cfg(not(unix))]
fn has_its_name(_: &File, path: &Path) -> bool {
    fs::exists(path).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000;
    /// 2026-11-25 23:59:59.999 there.
    const BEFORE_MIDNIGHT: i64 = 1_795_622_399_999;

    fn folder(name: &str) -> PathBuf {
        let folder = Path::new(env!("OUT_DIR")).join(format!("log-{name}"));
        let _ = fs::remove_dir_all(&folder);
        folder
    }

    fn files(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    fn told(lost: u64) -> String {
        format!("lost={lost}\n")
    }

    #[test]
    fn a_day_ends_at_midnight_of_utc_8() {
        let folder = folder("midnight");
        let files_of = DailyFile::new(folder.join("made/too"), 30);
        files_of.write(BEFORE_MIDNIGHT, "one\n", told);
        files_of.write(BEFORE_MIDNIGHT + 1, "two\n", told);
        files_of.write(BEFORE_MIDNIGHT + 2, "three\n", told);
        let folder = folder.join("made/too");
        assert_eq!(files(&folder), ["hislink-2026-11-25.log", "hislink-2026-11-26.log"]);
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(
            (read("hislink-2026-11-25.log"), read("hislink-2026-11-26.log")),
            ("one\n".into(), "two\nthree\n".into())
        );
    }

    #[test]
    fn files_whose_days_are_over_go_and_nothing_else_does() {
        let folder = folder("keep");
        fs::create_dir_all(folder.join("hislink-2020-01-01.log")).unwrap();
        let stay = [
            "hislink-2026-11-24.log",
            "hislink-2026-11-24.log.bak",
            "hislink-2026-02-30.log",
            "hislink-20201101.log",
            "hislink.db",
            "other-2020-01-01.log",
            "hislink-2099-01-01.log",
        ];
        let go = ["hislink-2026-11-23.log", "hislink-2019-12-31.log"];
        for name in stay.iter().chain(&go) {
            fs::write(folder.join(name), "").unwrap();
        }
        let log = DailyFile::new(folder.clone(), 2);
        log.prepare(BEFORE_MIDNIGHT).unwrap();
        let mut expected = [&stay[..], &["hislink-2020-01-01.log", "hislink-2026-11-25.log"]].concat();
        expected.sort_unstable();
        assert_eq!(files(&folder), expected);
        // And when the day changes.
        log.write(BEFORE_MIDNIGHT + 1, "x\n", told);
        assert!(!files(&folder).contains(&"hislink-2026-11-24.log".to_owned()));
        assert!(files(&folder).contains(&"hislink-2026-11-25.log".to_owned()));
    }

    #[test]
    fn a_file_that_was_moved_away_is_made_anew_within_a_second() {
        let folder = folder("moved");
        let log = DailyFile::new(folder.clone(), 30);
        let now = BEFORE_MIDNIGHT - 10_000;
        log.write(now, "one\n", told);
        let path = folder.join("hislink-2026-11-25.log");
        fs::rename(&path, folder.join("sent.txt")).unwrap();
        log.write(now + 1000, "two\n", told);
        fs::remove_dir_all(&folder).unwrap();
        log.write(now + 2000, "three\n", told);
        log.close();
        log.write(now + 2000, "four\n", told);
        assert_eq!(fs::read_to_string(path).unwrap(), "three\nfour\n");
    }

    #[test]
    fn a_file_that_lost_its_name_is_not_kept_open_while_it_cannot_be_made_anew() {
        let folder = folder("let-go").join("made");
        let log = DailyFile::new(folder.clone(), 30);
        log.write(DAY, "one\n", told);
        fs::remove_dir_all(&folder).unwrap();
        fs::write(&folder, "no folder").unwrap();
        log.write(DAY + 1000, "two\n", told);
        assert!(log.open.read().unwrap().is_none());
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_make_the_pause_longer() {
        let folder = folder("pause");
        let log = DailyFile::new(folder.clone(), 30);
        log.paused_until.store(DAY + PAUSE_MS, Relaxed);
        log.write(DAY, "lost\n", told);
        assert!(!folder.exists());
        log.write(DAY - 1, "one\n", told);
        assert_eq!(fs::read_to_string(folder.join("hislink-1970-01-02.log")).unwrap(), "lost=1\none\n");
    }

    #[test]
    fn what_was_lost_is_told_when_lines_can_be_written_again() {
        let folder = folder("lost");
        fs::create_dir_all(folder.parent().unwrap()).unwrap();
        fs::write(&folder, "no folder").unwrap();
        let log = DailyFile::new(folder.clone(), 30);
        assert!(log.prepare(DAY).is_err());
        for _ in 0..3 {
            log.write(DAY, "one\n", told);
        }
        fs::remove_file(&folder).unwrap();
        log.write(DAY, "two\n", told);
        log.write(DAY, "three\n", told);
        assert_eq!(fs::read_to_string(folder.join("hislink-1970-01-02.log")).unwrap(), "lost=3\ntwo\nthree\n");
    }
}
