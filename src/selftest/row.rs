//! What the checks found, in the language of the reply.

use std::mem;
use std::time::Instant;

use crate::json::ObjectWriter;
use crate::reply::{Language, Words};

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// It holds.
    Ok,
    /// It works, and something is odd.
    Warning,
    /// It does not hold.
    Failed,
    /// It was not run.
    Skipped,
}

impl Finding {
    fn as_str(self) -> &'static str {
        match self {
            Finding::Ok => "ok",
            Finding::Warning => "warning",
            Finding::Failed => "failed",
            Finding::Skipped => "skipped",
        }
    }
}

/// What a check says, and what to do about it, each in Chinese and in English. One text, since each piece by itself takes
/// as much room again for where it is. `{}` in it stands for a fact.
macro_rules! told {
    ($zh:literal, $en:literal) => {
        concat!($zh, "|", $en)
    };
    ($zh:literal, $en:literal, $advice_zh:literal, $advice_en:literal) => {
        concat!($zh, "|", $en, "|", $advice_zh, "|", $advice_en)
    };
}
pub(super) use told;

/// A check of the reply.
#[derive(Debug)]
pub struct Row {
    name: &'static str,
    platform: &'static str,
    finding: Finding,
    detail: String,
    advice: &'static str,
    /// A word for why, which stays; or blank.
    reason: &'static str,
    milliseconds: Option<u128>,
}

/// The checks of a reply, in their order.
#[derive(Debug)]
pub struct Rows {
    /// The language that they are told in.
    pub language: Language,
    /// Whose checks come next; blank for nobody's.
    pub platform: &'static str,
    /// The checks so far.
    pub list: Vec<Row>,
    /// Of the next check.
    reason: &'static str,
    /// Of the next check.
    milliseconds: Option<u128>,
}

impl Rows {
    /// None yet.
    pub fn new(language: Language) -> Self {
        Self { language, platform: "", list: Vec::new(), reason: "", milliseconds: None }
    }

    /// The next check took so many milliseconds.
    pub fn took(&mut self, milliseconds: u128) -> &mut Self {
        self.milliseconds = Some(milliseconds);
        self
    }

    /// The next check began then, and has ended.
    pub fn since(&mut self, begun: Instant) -> &mut Self {
        self.took(begun.elapsed().as_millis())
    }

    /// The next check has a word for why, which stays.
    pub fn because(&mut self, reason: Option<&'static str>) -> &mut Self {
        self.reason = reason.unwrap_or_default();
        self
    }

    /// Adds a check by what [`told!`] made, with this fact in it.
    pub fn add(&mut self, name: &'static str, finding: Finding, told: &'static str, fact: &str) {
        let place = usize::from(self.language == Language::En);
        let detail = told.split('|').nth(place).unwrap_or_default();
        let detail = match detail.split_once("{}") {
            Some((before, behind)) => [before, fact, behind].concat(),
            None => detail.to_owned(),
        };
        self.push(name, finding, detail, told.split('|').nth(place + 2))
    }

    /// Adds a check by what an error says; of what [`told!`] made only the advice is taken.
    pub fn add_words(&mut self, name: &'static str, finding: Finding, words: &Words, told: &'static str) {
        let advice = told.split('|').nth(usize::from(self.language == Language::En));
        self.push(name, finding, words.text(self.language).to_owned(), advice)
    }

    fn push(&mut self, name: &'static str, finding: Finding, detail: String, advice: Option<&'static str>) {
        self.list.push(Row {
            name,
            platform: self.platform,
            finding,
            detail,
            advice: advice.unwrap_or_default(),
            reason: mem::take(&mut self.reason),
            milliseconds: self.milliseconds.take(),
        });
    }

    /// Adds a check that was not run since an earlier one does not hold.
    pub fn skip(&mut self, name: &'static str, earlier: &str) {
        self.add(name, Finding::Skipped, told!("{} 未通过，本项未查", "not checked, since {} failed"), earlier);
    }

    /// Whether none failed.
    pub fn passed(&self) -> bool {
        self.list.iter().all(|row| row.finding != Finding::Failed)
    }
}

impl Row {
    /// Writes its members.
    pub fn write(&self, out: &mut ObjectWriter<'_>) {
        out.clean("name", self.name);
        if !self.platform.is_empty() {
            out.clean("platform", self.platform);
        }
        out.clean("status", self.finding.as_str()).string("detail", &self.detail);
        if !self.reason.is_empty() {
            out.clean("reason", self.reason);
        }
        if !self.advice.is_empty() {
            out.clean("advice", self.advice);
        }
        if let Some(milliseconds) = self.milliseconds {
            out.raw("ms", &milliseconds.to_string());
        }
    }
}
