//! Pages that people write, with a part that is generated. It stands between two marker lines, as in the bindings.

use std::path::{Path, PathBuf};
use std::{env, fs};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Zh,
    En,
}

impl Language {
    pub const BOTH: [Language; 2] = [Language::En, Language::Zh];

    /// The page of that name in this language.
    pub fn page(self, name: &str) -> String {
        match self {
            Language::Zh => format!("{name}.zh-CN.md"),
            Language::En => format!("{name}.md"),
        }
    }

    pub fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

pub fn in_repository(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

/// Holds the part `name` of a page of `docs/` against the generated lines; with `HISLINK_BLESS` set, writes them.
pub fn hold(page: &str, name: &str, generated: &str) {
    let file = in_repository("docs").join(page);
    let text = fs::read_to_string(&file).unwrap();
    let place = |marker: String| text.find(&marker).unwrap_or_else(|| panic!("docs/{page} has no line {marker}"));
    let open = place(format!("<!-- <{name}>"));
    let open = open + text[open..].find('\n').unwrap() + 1;
    let close = place(format!("<!-- </{name}>"));
    if env::var_os("HISLINK_BLESS").is_some() {
        // In one step: other tests read the page meanwhile.
        let written = file.with_extension("blessed");
        fs::write(&written, [&text[..open], generated, &text[close..]].concat()).unwrap();
        fs::rename(&written, &file).unwrap();
    } else if let Some((line, (is, should))) =
        text[open..close].lines().zip(generated.lines()).enumerate().find(|(_, (is, should))| is != should)
    {
        let line = text[..open].lines().count() + line + 1;
        panic!(
            "docs/{page}:{line} has drifted: run HISLINK_BLESS=1 cargo test --test documentation\nis      {is}\nshould  {should}"
        );
    } else {
        assert!(
            text[open..close].len() == generated.len(),
            "the part {name} of docs/{page} has drifted: run HISLINK_BLESS=1 cargo test --test documentation"
        );
    }
}
