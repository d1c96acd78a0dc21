//! Links of every page to files and headings of this repository.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::page::in_repository;

#[test]
fn every_link_points_at_a_file_and_a_heading_that_are_there() {
    let mut pages = Vec::new();
    collect(&in_repository(""), &mut pages);
    let mut wrong = Vec::new();
    let mut followed = 0;
    let mut anchors = HashMap::new();
    for page in &pages {
        for link in links(&fs::read_to_string(page).unwrap()) {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            followed += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((&link, ""));
            let target = match file {
                "" => page.clone(),
                file => page.parent().unwrap().join(file),
            };
            let there = target.exists()
                && (anchor.is_empty()
                    || anchors.entry(target.clone()).or_insert_with(|| headings(&target)).contains(&anchor.to_owned()));
            if !there {
                wrong.push(format!("{}: {link}", page.strip_prefix(in_repository("")).unwrap().display()));
            }
        }
    }
    assert!(followed > 100, "{followed} links in {} pages: too few to be all", pages.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_readme_leads_to_every_page() {
    for entry in fs::read_dir(in_repository("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let readme = if name.ends_with(".zh-CN.md") { "README.zh-CN.md" } else { "README.md" };
        let text = fs::read_to_string(in_repository(readme)).unwrap();
        assert!(
            text.contains(&format!("| [docs/{name}](docs/{name})"))
                || text.contains(&format!("[docs/{name}](docs/{name}) |")),
            "the table of documentation in {readme} has no docs/{name}"
        );
    }
}

/// Every Markdown file of the repository that people write.
pub fn collect(folder: &Path, pages: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            // Built or fetched, and the version control's own.
            if !name.starts_with('.') && !["target", "node_modules", "corpus", "artifacts"].contains(&name) {
                collect(&path, pages);
            }
        } else if name.ends_with(".md") {
            pages.push(path);
        }
    }
}

/// What stands between `](` and `)`, outside of code.
fn links(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in outside_fences(text) {
        let line = without_code(line);
        for part in line.split("](").skip(1) {
            found.extend(part.split_once(')').map(|(link, _)| link.to_owned()));
        }
    }
    found
}

pub fn outside_fences(text: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fence && !fenced
    })
}

/// A line without its code spans; those inside a link's words take no part in its target.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

/// The anchors of a page's headings, as the usual viewers make them: lower case, blanks as hyphens, no punctuation, and a
/// number where one comes again.
fn headings(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let mut anchors: Vec<String> = Vec::new();
    for line in outside_fences(&text).filter(|line| line.starts_with('#')) {
        let title = line.trim_start_matches('#').trim();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>().to_lowercase();
        let earlier = anchors.iter().filter(|known| **known == anchor).count();
        anchors.push(match earlier {
            0 => anchor,
            number => format!("{anchor}-{number}"),
        });
    }
    anchors
}
