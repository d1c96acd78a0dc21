//! Failures that are told with their cause and what to do. Each has a word for programs and support, which stays.

use super::{Failure, Reach};
use crate::reply::{Code, Words};

/// A failure's word and its texts, in which facts stand as `{name}`.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) reason: &'static str,
    pub(super) zh: &'static str,
    pub(super) en: &'static str,
}

impl Told {
    /// The end of a request that nobody took in.
    pub(super) fn never_sent(&self, code: Code, facts: &[(&str, &str)]) -> Failure {
        let [zh, en] = [(self.zh, "；请求未发出"), (self.en, "; nothing was sent")].map(|(text, tail)| {
            let mut text = facts.iter().fold(text.to_owned(), |text, (name, fact)| text.replace(name, fact));
            text.push_str(tail);
            text
        });
        Failure { reach: Reach::Never, code, words: Words { zh, en }, reason: Some(self.reason) }
    }
}
