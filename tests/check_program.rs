//! `hislink-check`, which the person who installs runs first: compiled by the system's compiler, run beside the library of
//! this test run, against a platform in this process.
#![cfg(target_os = "linux")]
// A test may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/compiler.rs"]
mod compiler;
#[path = "support/desk.rs"]
mod desk;
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use compiler::{build_loading, library, repository};
use desk::Desk;
use serde_json::{Value, json};

/// The program beside the library.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let program = library().with_file_name("hislink-check");
    build_loading(&repository("packaging/check/hislink-check.c"), &program);
    program
});

/// How it ends, and what it prints.
fn ended(command: &mut Command) -> (i32, String) {
    let output = command.env_remove("LD_LIBRARY_PATH").output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn check(desk: &Desk, arguments: &[&str]) -> (i32, String) {
    ended(Command::new(&*PROGRAM).current_dir(&desk.folder).args(arguments))
}

/// Copies a program by a process of its own. If this one wrote it, a child that another test starts meanwhile would hold it
/// open for writing, and the system starts no program that is being written.
fn copied(program: &Path, to: &Path) {
    assert!(Command::new("cp").args([program, to]).status().unwrap().success());
}

/// A desk that has a log too.
fn desk(name: &str) -> Desk {
    let desk = Desk::new(name, 5_000);
    let folder = desk.folder.join("log");
    change(&desk, |settings| settings["log"] = json!({"dir": folder}));
    desk
}

/// Changes the desk's settings.
fn change(desk: &Desk, change: impl FnOnce(&mut Value)) {
    let file = desk.folder.join("settings.json");
    let mut settings = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    change(&mut settings);
    fs::write(file, settings.to_string()).unwrap();
}

#[test]
fn all_is_well_in_both_languages() {
    let desk = desk("check");
    let (code, said) = check(&desk, &["settings.json"]);
    assert_eq!(code, 0, "{said}");
    for line in [
        "ok           vectors  the built-in cases",
        "ok    onepay identity the platform knows",
        "ok    glory  identity the platform",
        "skip  onepay tls      ",
        "ok           store    ",
        "0 failed, 0 warnings. All is well.\n",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(desk.orders().is_empty() && !said.contains(desk.sandbox.app_secret()), "{said}");

    change(&desk, |settings| {
        settings["language"] = json!("zh");
        settings["profile"] = json!("收费/1");
    });
    let (code, said) = check(&desk, &["settings.json", "glory"]);
    assert!(
        code == 0 && said.contains("ok    glory  identity 平台认得本院") && said.ends_with("全部通过。\n"),
        "{said}"
    );
    assert!(!said.contains("onepay"), "{said}");
}

#[test]
fn what_fails_is_told_with_what_to_do() {
    let desk = desk("check-fails");
    let (_held, closed) = support::refusing();
    change(&desk, |settings| settings["onepay"]["url"] = json!(format!("http://{closed}/x")));
    let (code, said) = check(&desk, &["settings.json"]);
    assert_eq!(code, 1, "{said}");
    let refused = format!("FAIL  onepay connect  cannot connect to {closed}");
    let place = said.find(&refused).unwrap_or_else(|| panic!("{said}"));
    assert!(
        said[place..].lines().nth(1).unwrap().starts_with("      -> check address, port and http.proxy;"),
        "{said}"
    );
    assert!(said.contains("skip  onepay identity not checked, since connect failed"), "{said}");
    assert!(said.ends_with("1 failed, 0 warnings. It cannot be used yet: see to what failed above.\n"), "{said}");

    // Warnings alone do not count as failures.
    change(&desk, |settings| {
        settings["onepay"]["url"] = json!(desk.sandbox.http_url());
        settings["onepay"]["encryptType"] = json!("Plain");
    });
    let (code, said) = check(&desk, &["settings.json", "onepay"]);
    assert!(code == 0 && said.contains("WARN  onepay settings onepay.encryptType is Plain"), "{said}");
    assert!(said.contains("0 failed, 1 warnings. It can be used"), "{said}");
}

#[test]
fn wrong_use_and_wrong_settings_are_told() {
    let desk = Desk::new("check-wrong", 5_000);
    let (code, said) = check(&desk, &["nowhere.json"]);
    assert!(
        code == 2 && said.contains("FAIL  configure") && said.contains("nowhere.json") && said.contains("(/file)"),
        "{said}"
    );
    let (code, said) = check(&desk, &["settings.json", "onpay"]);
    assert!(code == 2 && said.contains("FAIL  selftest") && said.contains("(/platform)"), "{said}");
    for arguments in [&["--help"][..], &["settings.json", "onepay", "glory"]] {
        let (code, said) = check(&desk, arguments);
        assert!(code == 2 && said.contains("hislink-check [SETTINGS.json [onepay|glory]]"), "{said}");
    }
    change(&desk, |settings| settings["onepay"]["signType"] = json!("RSA"));
    let (code, said) = check(&desk, &["settings.json"]);
    assert!(code == 2 && said.contains("(/onepay/signType)"), "{said}");
}

#[test]
fn it_loads_what_stands_beside_it_and_says_so_where_nothing_does() {
    let desk = desk("check-alone");
    let alone = desk.folder.join("hislink-check");
    copied(&PROGRAM, &alone);
    let (code, said) = ended(&mut Command::new(&alone));
    assert!(code == 2 && said.contains("加载不了动态库") && said.contains("cannot be loaded"), "{said}");
    // Neither is what is no library of ours.
    fs::write(desk.folder.join("libhislink.so"), "not a library").unwrap();
    let (code, said) = ended(&mut Command::new(&alone));
    assert!(code == 2 && said.contains("cannot be loaded"), "{said}");
    fs::remove_file(desk.folder.join("libhislink.so")).unwrap();
    // With the library and the settings beside it no argument is needed.
    fs::copy(library(), desk.folder.join("libhislink.so")).unwrap();
    fs::rename(desk.folder.join("settings.json"), desk.folder.join("hislink.json")).unwrap();
    let (code, said) = ended(&mut Command::new(&alone));
    assert!(code == 0 && said.contains("All is well."), "{said}");
    assert!(
        said.starts_with(concat!("hislink ", env!("CARGO_PKG_VERSION"), " ("))
            && said.lines().next().unwrap().contains("check-alone/libhislink.so"),
        "{said}"
    );
}
