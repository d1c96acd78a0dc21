//! `docs/architecture.md` and its twin name every room, every test and every folder; and what any page calls by its path
//! is there.

use std::fs;

use super::links::{collect, outside_fences};
use super::page::{Language, in_repository};

#[test]
fn the_map_names_every_room_test_and_folder() {
    let lib = fs::read_to_string(in_repository("src/lib.rs")).unwrap();
    let rooms = lib.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let mut places: Vec<String> = rooms
        .map(|room| match in_repository("src").join(room).is_dir() {
            true => format!("src/{room}"),
            false => format!("src/{room}.rs"),
        })
        .collect();
    assert!(places.len() > 15, "src/lib.rs is not read as it is written: {places:?}");
    for entry in fs::read_dir(in_repository("tests")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        places.extend(name.ends_with(".rs").then(|| format!("tests/{name}")));
    }
    for entry in fs::read_dir(in_repository("")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let built = ["target", "sandbox-data"].contains(&name.as_str()) || name.starts_with('.');
        places.extend((entry.path().is_dir() && !built).then_some(name));
    }
    for language in Language::BOTH {
        let page = language.page("architecture");
        let text = fs::read_to_string(in_repository("docs").join(&page)).unwrap();
        for place in &places {
            assert!(text.contains(&format!("`{place}`")), "docs/{page} does not name `{place}`: say what it holds");
        }
    }
}

#[test]
fn every_path_that_a_page_names_is_there() {
    let mut pages = Vec::new();
    collect(&in_repository(""), &mut pages);
    let mut wrong = Vec::new();
    for page in &pages {
        let text = fs::read_to_string(page).unwrap();
        for code in outside_fences(&text).flat_map(|line| line.split('`').skip(1).step_by(2)) {
            if is_a_path(code) && !in_repository(code).exists() && !page.parent().unwrap().join(code).exists() {
                wrong.push(format!("{}: {code}", page.strip_prefix(in_repository("")).unwrap().display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// `src/abi`, `tests/c/memory.c`; not a command, and nothing that is built.
fn is_a_path(code: &str) -> bool {
    let plain = code.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let folders =
        ["src/", "tests/", "sandbox/", "packaging/", "benches/", "bindings/", "examples-c/", "docs/", "build/"];
    plain && folders.iter().any(|folder| code.starts_with(folder))
}
