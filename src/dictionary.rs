//! What the documents' dictionaries are made of; each platform's stand in its own room.

/// A dictionary of a document.
#[derive(Debug, Clone, Copy)]
pub struct Dictionary {
    /// Whose document: `onepay` or `glory`.
    pub platform: &'static str,
    /// The member of a request or an answer that holds its codes.
    pub field: &'static str,
    /// The document's section.
    pub section: &'static str,
    /// The document's title.
    pub name: &'static str,
    /// The codes.
    pub entries: &'static [Entry],
    /// Whether requests are held against it: its field is a request's, and means nothing else there.
    pub checked: bool,
}

/// A code and what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// What travels.
    pub code: &'static str,
    /// The document's Chinese name.
    pub name: &'static str,
}

impl Dictionary {
    /// The Chinese name of a code. Where halves of a dictionary share codes, the first half's.
    pub fn name_of(&self, code: &str) -> Option<&'static str> {
        self.entries.iter().find(|entry| entry.code == code).map(|entry| entry.name)
    }

    /// The code of a Chinese name.
    pub fn code_of(&self, name: &str) -> Option<&'static str> {
        self.entries.iter().find(|entry| entry.name == name).map(|entry| entry.code)
    }

    /// Every code, for a message: `0, 1, 2`.
    pub fn codes(&self) -> String {
        self.entries.iter().map(|entry| entry.code).collect::<Vec<_>>().join(", ")
    }
}

/// The dictionaries of a platform's document as a `DICTIONARIES` table.
macro_rules! dictionaries {
    ($platform:literal; $($section:literal $field:ident $checked:literal $name:literal { $($code:literal $meaning:literal,)* })*) => {
        /// Every dictionary, by section.
        pub const DICTIONARIES: &[$crate::dictionary::Dictionary] = &[$($crate::dictionary::Dictionary {
            platform: $platform,
            field: stringify!($field),
            section: $section,
            name: $name,
            entries: &[$($crate::dictionary::Entry { code: $code, name: $meaning }),*],
            checked: $checked,
        }),*];
    };
}
pub(crate) use dictionaries;
