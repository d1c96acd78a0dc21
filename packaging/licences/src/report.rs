//! The two files as texts.

use std::fmt::Write;

use crate::parts::{Group, Part};

const HEAD: &str = "\
Software of others in hislink

What of others is linked into hislink.dll and hislink-sandbox.exe on Windows: each part with its licence, where it
comes from, and the numbers of its licence texts, which follow. The licence of hislink itself is in LICENSE-MIT and
LICENSE-APACHE. Written by `cargo run -p hislink-licences`; do not edit.
";

/// The heading of the standard library, which is another with each Rust.
const STANDARD_LIBRARY: &str = "THE STANDARD LIBRARY OF RUST ";

/// Parts and texts; what several parts have in common stands once. `rust` is the version that was looked into.
pub fn third_party(parts: &[Part], rust: &str) -> String {
    let mut texts = Vec::new();
    let mut out = HEAD.to_owned();
    for (group, title) in [
        (Group::Packages, "PACKAGES"),
        (Group::StandardLibrary, &format!("{STANDARD_LIBRARY}{rust}, AND WHAT IT LINKS")),
        (Group::Other, "OTHER"),
    ] {
        heading(&mut out, title);
        for part in parts.iter().filter(|part| part.group == group) {
            describe(&mut out, part, &mut texts);
        }
    }
    heading(&mut out, "TEXTS");
    for (index, (text, _)) in texts.iter().enumerate() {
        let _ = write!(out, "\n---- text {} {}\n\n{text}\n", index + 1, "-".repeat(60));
    }
    out
}

/// The version of Rust whose standard library the file has.
pub fn rust_of(file: &str) -> Option<&str> {
    file.split_once(STANDARD_LIBRARY)?.1.split(',').next()
}

/// What stands before the standard library: the packages, numbers of their texts included.
pub fn packages_of(file: &str) -> &str {
    file.split(STANDARD_LIBRARY).next().unwrap_or(file)
}

fn heading(out: &mut String, title: &str) {
    let line = "=".repeat(title.len());
    let _ = write!(out, "\n\n{title}\n{line}\n");
}

fn describe<'a>(out: &mut String, part: &'a Part, texts: &mut Vec<(&'a str, String)>) {
    let mut numbers: Vec<_> = part.texts.iter().map(|text| number(text, texts)).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    let _ = write!(out, "\n{}\n    {}\n", part.title, part.licence.replace('/', " OR "));
    if let Some(page) = &part.page {
        let _ = writeln!(out, "    {page}");
    }
    let _ = writeln!(out, "    texts: {}", numbers.join(", "));
}

/// The text's number. Two that differ in blanks and line breaks only are one.
fn number<'a>(text: &'a str, texts: &mut Vec<(&'a str, String)>) -> usize {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let known = texts.iter().position(|(_, of_known)| *of_known == words);
    known.unwrap_or_else(|| {
        texts.push((text, words));
        texts.len() - 1
    }) + 1
}

/// What stands in `Cargo.lock` and is not linked on Windows, a line each.
pub fn not_linked(parts: &[Part], locked: &[String]) -> String {
    let linked: Vec<_> = parts.iter().filter(|part| part.group == Group::Packages).map(|part| &part.title).collect();
    let mut others: Vec<_> = locked.iter().filter(|package| !linked.contains(package)).map(String::as_str).collect();
    others.sort_unstable();
    let head = "# Packages of Cargo.lock that are not linked on Windows: of builds, of tests, of other systems.\n\
                # Written by `cargo run -p hislink-licences`; do not edit.\n";
    format!("{head}{}\n", others.join("\n"))
}
