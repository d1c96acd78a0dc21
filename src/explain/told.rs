//! What became of looking into a message, and how a reply tells it.

use super::{Case, Found, Mistake, search};
use crate::json::Json;
use crate::reply::{Data, Language, Words};

/// What became of looking into a message.
#[derive(Debug)]
pub struct Explained<W: 'static> {
    /// Whether the sign holds.
    pub verified: bool,
    /// The right signing text, with the secret as `***`.
    pub text: String,
    /// What together makes the sign hold.
    pub mistakes: Vec<&'static Mistake<W>>,
    /// The signing text with all of them made, the one that the sender signed.
    pub their_text: String,
    /// Other mistakes that would each explain it alone.
    pub alternatives: Vec<&'static str>,
    /// What to look at where nothing explains it.
    pub hint: Option<Words>,
}

impl<W> Explained<W> {
    /// The sign holds, with that signing text.
    pub fn verified(text: String) -> Self {
        Self {
            verified: true,
            text,
            mistakes: Vec::new(),
            their_text: String::new(),
            alternatives: Vec::new(),
            hint: None,
        }
    }

    /// Looks for the mistakes by which a sign holds that does not hold rightly; `masked` makes the signing text of a way.
    pub fn search<C: Case<Way = W>>(
        case: &C,
        table: &'static [Mistake<W>],
        masked: impl Fn(&W) -> String,
        hint: impl FnOnce() -> Words,
    ) -> Self
    where
        W: Clone + PartialEq + Default,
    {
        let unexplained = Self { verified: false, ..Self::verified(masked(&W::default())) };
        match search(case, table) {
            Some(Found { mistakes, alternatives, way }) => {
                Self { mistakes, alternatives, their_text: masked(&way), ..unexplained }
            }
            None => Self { hint: Some(hint()), ..unexplained },
        }
    }

    /// Writes it as a reply's data.
    pub fn write(&self, language: Language, data: &mut Data<'_>) {
        data.bool("verified", self.verified).string("text", &self.text);
        data.objects("mistakes", &self.mistakes, |told, mistake| {
            told.string("name", mistake.name)
                .string("detail", &mistake.detail(language))
                .string("text", &self.their_text);
        });
        if !self.alternatives.is_empty() {
            let names = self.alternatives.iter().map(|name| Json::String((*name).into())).collect();
            data.value("alternatives", &Json::Array(names));
        }
        if let Some(hint) = &self.hint {
            data.string("hint", hint.text(language));
        }
    }
}
