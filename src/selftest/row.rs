//! What a check found.

use std::time::{Duration, Instant};

use crate::json::ObjectWriter;
use crate::reply::{Language, Words, words};

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

/// What to do: in Chinese and in English.
pub type Advice = (&'static str, &'static str);

/// A check of the reply.
#[derive(Debug)]
pub struct Row {
    name: &'static str,
    platform: Option<&'static str>,
    /// How it ended.
    pub finding: Finding,
    detail: Words,
    advice: Option<Advice>,
    reason: Option<&'static str>,
    milliseconds: Option<u128>,
}

impl Row {
    fn new(name: &'static str, finding: Finding, detail: Words, advice: Option<Advice>) -> Self {
        Self { name, platform: None, finding, detail, advice, reason: None, milliseconds: None }
    }

    /// It holds.
    pub fn ok(name: &'static str, detail: Words) -> Self {
        Self::new(name, Finding::Ok, detail, None)
    }

    /// It works, and something is odd.
    pub fn warning(name: &'static str, detail: Words, advice: Advice) -> Self {
        Self::new(name, Finding::Warning, detail, Some(advice))
    }

    /// It does not hold.
    pub fn failed(name: &'static str, detail: Words, advice: Advice) -> Self {
        Self::new(name, Finding::Failed, detail, Some(advice))
    }

    /// It was not run, for this reason.
    pub fn skipped(name: &'static str, detail: Words) -> Self {
        Self::new(name, Finding::Skipped, detail, None)
    }

    /// It was not run since an earlier one does not hold.
    pub fn skipped_after(name: &'static str, earlier: &str) -> Self {
        Self::skipped(name, words!("{earlier} 未通过，本项未查", "not checked, since {earlier} failed"))
    }

    /// Whose check it is.
    #[must_use]
    pub fn of(mut self, platform: &'static str) -> Self {
        self.platform = Some(platform);
        self
    }

    /// A word for why, which stays.
    #[must_use]
    pub fn because(mut self, reason: Option<&'static str>) -> Self {
        self.reason = reason;
        self
    }

    /// How long it took.
    #[must_use]
    pub fn since(self, begun: Instant) -> Self {
        self.lasting(begun.elapsed())
    }

    /// How long it took.
    #[must_use]
    pub fn lasting(mut self, time: Duration) -> Self {
        self.milliseconds = Some(time.as_millis());
        self
    }

    /// Writes its members.
    pub fn write(&self, language: Language, out: &mut ObjectWriter<'_>) {
        out.clean("name", self.name);
        if let Some(platform) = self.platform {
            out.clean("platform", platform);
        }
        out.clean("status", self.finding.as_str()).string("detail", self.detail.text(language));
        if let Some(reason) = self.reason {
            out.clean("reason", reason);
        }
        if let Some((zh, en)) = self.advice {
            out.clean("advice", if language == Language::Zh { zh } else { en });
        }
        if let Some(milliseconds) = self.milliseconds {
            out.raw("ms", &milliseconds.to_string());
        }
    }
}
