//! The log of a profile: a line into each operation and a line out of it, in a file a day.
//!
//! `names`, `scan` and `mask` say what a text may show, `line` how a line looks (all pure); `file` writes; `call` follows
//! one operation. Nothing in here fails an operation or holds it up.

mod call;
mod file;
mod line;
mod mask;
mod names;
mod scan;

pub use call::{Call, signed};

use std::path::{Path, PathBuf};

use crate::clock;
use crate::fields::Fields;
use crate::json::{Object, ObjectWriter};
use crate::reply::{Code, Error, Words, words};
use crate::setting;
use file::DailyFile;
use mask::Rules;

/// How much is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing.
    Off,
    /// The line out of each operation that did not succeed.
    Error,
    /// A line into each operation and a line out of it.
    Info,
    /// Also request and reply, and what was signed, masked.
    Debug,
}

/// The last two are other programs' words for the same.
const LEVELS: &[(&str, Level)] = &[
    ("off", Level::Off),
    ("error", Level::Error),
    ("info", Level::Info),
    ("debug", Level::Debug),
    ("warn", Level::Error),
    ("trace", Level::Debug),
];

/// The log of a profile.
#[derive(Debug)]
pub struct Log {
    level: Level,
    keep_days: u32,
    rules: Rules,
    /// What every line ends with, such as `tls=insecure`; empty as a rule.
    notes: String,
    /// None at level `off`.
    file: Option<DailyFile>,
}

impl Log {
    /// Reads the `log` object of settings. A relative `dir` starts at the directory that is current now. Nothing is opened
    /// or made yet.
    pub fn read(object: &Object<'_>) -> Result<Self, Error> {
        let fields = Fields::new(object, "/log", Code::BadSettings);
        fields.only(&[setting::log::NAMES])?;
        let level = fields.choice("level", LEVELS)?.unwrap_or(Level::Info);
        let keep_days = setting::log::keepDays.read(&fields)?;
        let folder = fields.string("dir")?.filter(|dir| !dir.trim().is_empty());
        let folder = folder.map(|dir| std::path::absolute(dir).unwrap_or_else(|_| PathBuf::from(dir)));
        let file = match folder {
            _ if level == Level::Off => None,
            Some(folder) => Some(DailyFile::new(folder, keep_days)),
            None => return Err(fields.missing("dir")),
        };
        Ok(Self { level, keep_days, rules: Rules::default(), notes: String::new(), file })
    }

    /// Hides a secret of the profile's wherever it stands.
    pub fn hide(&mut self, secret: &str) {
        self.rules.hide(secret);
    }

    /// Leaves the numbers readable that stand in members of this name.
    pub fn leave_readable(&mut self, order_field: &str) {
        self.rules.order_fields.push(order_field.to_owned());
    }

    /// Ends every line from now on with this too, such as `tls=insecure`.
    pub fn note(&mut self, note: &str) {
        self.notes.extend([" ", note]);
    }

    /// Whether anything is written.
    pub fn is_on(&self) -> bool {
        self.level > Level::Off
    }

    /// Makes the folder, opens the file of the day and removes those whose days are over. A warning where lines cannot be
    /// written: no call fails of it.
    pub fn prepare(&self) -> Option<Words> {
        let file = self.file.as_ref()?;
        let error = file.prepare(clock::millisecond()).err()?;
        let folder = file.folder().display();
        Some(words!(
            "日志目录 {folder} 不可写：{error}。不影响交易，恢复可写之前的日志会丢失",
            "the log folder {folder} cannot be written: {error}. No call fails of it; log lines are lost until it can"
        ))
    }

    /// Closes the file; the next line opens it again.
    pub fn close(&self) {
        if let Some(file) = &self.file {
            file.close();
        }
    }

    /// Writes the settings.
    pub fn write(&self, out: &mut ObjectWriter<'_>) {
        if let Some(folder) = self.file.as_ref().map(DailyFile::folder).and_then(Path::to_str) {
            out.string("dir", folder);
        }
        let level = LEVELS.iter().find(|(_, level)| *level == self.level).map_or("", |(word, _)| word);
        out.string("level", level).raw("keepDays", &self.keep_days.to_string());
    }
}
