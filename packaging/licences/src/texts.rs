//! The licence texts in a folder of sources.

use std::fs;
use std::path::Path;

use crate::Outcome;

/// How the files are called, in any case, whatever follows.
const NAMES: [&str; 7] = ["license", "licence", "copying", "copyright", "notice", "unlicense", "patents"];
/// What is never linked.
const ELSEWHERE: [&str; 8] = ["tests", "test", "benches", "examples", "fuzz", "target", "ci", "testcrate"];

/// All texts in the folder and below, in the order of their paths. Below, since packages hold code of others in folders.
pub fn below(folder: &Path) -> Outcome<Vec<String>> {
    let mut texts = Vec::new();
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| (entry.path().is_dir(), entry.file_name()));
    for entry in entries {
        let name = entry.file_name().to_string_lossy().to_lowercase();
        if entry.file_type()?.is_dir() {
            if !ELSEWHERE.contains(&name.as_str()) && !name.starts_with('.') {
                texts.extend(below(&entry.path())?);
            }
        } else if is_licence(&name) {
            texts.push(tidied(&read(&entry.path())?));
        }
    }
    Ok(texts)
}

/// Source files may be called like it, such as `copyright.rs`.
fn is_licence(name: &str) -> bool {
    let code = [".rs", ".c", ".h", ".py", ".toml", ".sh", ".html"];
    NAMES.iter().any(|start| name.starts_with(start)) && !code.iter().any(|end| name.ends_with(end))
}

fn read(file: &Path) -> Outcome<String> {
    String::from_utf8(fs::read(file)?).map_err(|_| format!("{} is not UTF-8", file.display()).into())
}

/// With plain line ends, and without blanks at the ends of lines and of the text.
pub fn tidied(text: &str) -> String {
    let lines: Vec<_> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}
