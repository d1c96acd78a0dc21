//! The log: lines for people, handed to a sink. Secrets never come this far.

use std::fmt;
use std::sync::Arc;

/// Takes one line without its line break.
pub type LogSink = Arc<dyn Fn(&str) + Send + Sync>;

/// Where lines go, if anywhere.
#[derive(Clone, Default)]
pub struct Log(Option<LogSink>);

impl Log {
    /// A log with that sink; without one it is quiet.
    pub fn new(sink: Option<LogSink>) -> Self {
        Self(sink)
    }

    /// Whether there is a sink.
    pub fn listens(&self) -> bool {
        self.0.is_some()
    }

    /// Hands on a line, which is made only if somebody listens.
    pub fn line(&self, line: impl FnOnce() -> String) {
        if let Some(sink) = &self.0 {
            sink(&line());
        }
    }

    /// Hands on a line that must not be missed: where nobody listens it goes to standard error.
    pub fn alarm(&self, line: impl FnOnce() -> String) {
        match &self.0 {
            Some(sink) => sink(&line()),
            None => eprintln!("hislink-sandbox: {}", line()),
        }
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Log(sink)" } else { "Log(quiet)" })
    }
}
