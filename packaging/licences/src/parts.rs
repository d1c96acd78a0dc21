//! All that is linked, each part with its licence and texts.

use std::fs;
use std::path::Path;

use crate::packages::{self, Package};
use crate::{Outcome, texts};

/// A part of the programs that came from elsewhere.
pub struct Part {
    /// `name version`, or how a part is called that is no package.
    pub title: String,
    /// Its licence expression.
    pub licence: String,
    pub page: Option<String>,
    pub texts: Vec<String>,
    pub group: Group,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Packages,
    StandardLibrary,
    /// What is no package of cargo, from files.
    Other,
}

/// Every part, sorted within its group.
pub fn gather(project: &Path, extra: &Path) -> Outcome<Vec<Part>> {
    let mut parts = Vec::new();
    for package in packages::of_project(project)? {
        parts.push(with_texts(package, Group::Packages)?);
    }
    let (library, packages) = packages::of_standard_library()?;
    parts.push(standard_library(&library)?);
    for package in packages.into_iter().filter(|package| package.foreign) {
        parts.push(with_texts(package, Group::StandardLibrary)?);
    }
    for file in fs::read_dir(extra)? {
        parts.push(from_file(&file?.path())?);
    }
    parts.sort_by(|one, other| (one.group as u8, &one.title).cmp(&(other.group as u8, &other.title)));
    Ok(parts)
}

fn with_texts(package: Package, group: Group) -> Outcome<Part> {
    let title = format!("{} {}", package.name, package.version);
    let texts = texts::below(&package.folder)?;
    if texts.is_empty() {
        return Err(format!("{title} has no licence text").into());
    }
    let licence = package.licence.ok_or_else(|| format!("{title} names no licence"))?;
    Ok(Part { title, licence, page: package.page, texts, group })
}

/// The library's own crates, with the code of others that stands among them.
fn standard_library(library: &Path) -> Outcome<Part> {
    let texts = texts::below(library)?;
    if texts.is_empty() {
        return Err("the standard library's sources have no licence text".into());
    }
    Ok(Part {
        title: "Rust standard library".to_owned(),
        // Its licences together: its own, compiler_builtins', and stdarch's.
        licence: "(MIT OR Apache-2.0) AND MIT AND Apache-2.0 WITH LLVM-exception".to_owned(),
        page: Some("https://github.com/rust-lang/rust".to_owned()),
        texts,
        group: Group::StandardLibrary,
    })
}

/// From a file whose first lines are `name: `, `licence: ` and `page: `, then a blank line and the text.
fn from_file(file: &Path) -> Outcome<Part> {
    let whole = fs::read_to_string(file)?;
    let (head, text) = whole.split_once("\n\n").ok_or_else(|| format!("{} has no text", file.display()))?;
    let said = |what: &str| head.lines().find_map(|line| line.strip_prefix(what)).map(str::to_owned);
    let needed = |what: &str| said(what).ok_or_else(|| format!("{} has no line {what}", file.display()));
    Ok(Part {
        title: needed("name: ")?,
        licence: needed("licence: ")?,
        page: said("page: "),
        texts: vec![texts::tidied(text)],
        group: Group::Other,
    })
}
