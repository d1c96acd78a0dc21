//! The committed list of the software that is linked on Windows, held against `Cargo.lock` without asking anyone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

#[path = "../packaging/licences/src/lock.rs"]
mod lock;

use std::collections::BTreeSet;

const THIRD_PARTY: &str = include_str!("../packaging/licences/THIRD-PARTY.txt");
const NOT_LINKED: &str = include_str!("../packaging/licences/not-linked.txt");

/// The titles of the first section: `name version` above its indented lines.
fn linked() -> BTreeSet<&'static str> {
    let section = THIRD_PARTY.split("\nPACKAGES\n========\n").nth(1).unwrap();
    let section = section.split("\n\n\n").next().unwrap();
    section.split("\n\n").filter_map(|entry| entry.trim_start().lines().next()).collect()
}

fn not_linked() -> BTreeSet<&'static str> {
    NOT_LINKED.lines().filter(|line| !line.starts_with('#')).collect()
}

#[test]
fn every_package_of_the_lock_file_is_listed_once() {
    let locked = lock::packages(include_str!("../Cargo.lock"));
    let locked: BTreeSet<_> = locked.iter().map(String::as_str).collect();
    let (linked, others) = (linked(), not_linked());
    assert!(linked.contains(locked.iter().find(|package| package.starts_with("rustls 0.")).unwrap()));
    assert!(others.iter().any(|package| package.starts_with("proptest ")), "a package of the tests only");
    assert_eq!(linked.intersection(&others).collect::<Vec<_>>(), Vec::<&&str>::new());
    let listed: BTreeSet<_> = linked.union(&others).copied().collect();
    let differing: Vec<_> = locked.symmetric_difference(&listed).collect();
    assert!(differing.is_empty(), "run cargo run -p hislink-licences and look at the change: {differing:?}");
}

#[test]
fn every_part_has_its_licence_and_its_texts_are_there() {
    let (parts, texts) = THIRD_PARTY.split_once("\nTEXTS\n=====\n").unwrap();
    let numbers: Vec<_> = texts.lines().filter_map(|line| line.strip_prefix("---- text ")?.split(' ').next()).collect();
    let mut used = BTreeSet::new();
    let entries = parts.split("\n\n").filter(|entry| entry.contains("\n    "));
    for entry in entries {
        let of_entry = entry.lines().last().unwrap().strip_prefix("    texts: ").expect(entry);
        assert!(entry.lines().count() >= 3, "{entry}");
        used.extend(of_entry.split(", "));
    }
    assert!(used.len() > 50);
    assert_eq!(used, numbers.into_iter().collect());
}

#[test]
fn what_is_no_package_is_listed_too() {
    for part in ["SQLite", "libgcc, of GCC", "mingw-w64 runtime", "Rust standard library"] {
        assert!(THIRD_PARTY.contains(&format!("\n{part}\n    ")), "{part}");
    }
    for text in [
        "GCC RUNTIME LIBRARY EXCEPTION",
        "the fiat-crypto authors",
        "UNICODE LICENSE V3",
        "May you do good and not evil.",
    ] {
        assert!(THIRD_PARTY.contains(text), "{text}");
    }
}
