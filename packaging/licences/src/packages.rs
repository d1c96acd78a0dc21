//! What cargo says is linked: of the project, and of Rust's standard library, which the Windows builds compile too.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;

const TARGETS: [&str; 2] = ["i686-win7-windows-gnu", "x86_64-win7-windows-gnu"];

/// A linked package.
pub struct Package {
    pub name: String,
    pub version: String,
    pub licence: Option<String>,
    pub page: Option<String>,
    /// Where its sources are.
    pub folder: PathBuf,
    /// Whether it came from elsewhere, and does not stand in the workspace.
    pub foreign: bool,
}

/// What the library and the sandbox link.
pub fn of_project(project: &Path) -> Outcome<Vec<Package>> {
    let linked = linked(&project.join("Cargo.toml"), &["-p", "hislink", "-p", "hislink-sandbox"])?;
    Ok(linked.into_iter().filter(|package| package.foreign).collect())
}

/// The version of Rust, such as `1.95.0`.
pub fn rust() -> Outcome<String> {
    let said = said_by(Command::new("rustc").args(["--version", "--verbose"]))?;
    let release = said.lines().find_map(|line| line.strip_prefix("release: "));
    Ok(release.ok_or("rustc named no release")?.to_owned())
}

/// The folder of the standard library's sources, and what it links.
pub fn of_standard_library() -> Outcome<(PathBuf, Vec<Package>)> {
    let sysroot = said_by(Command::new("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library");
    let manifest = library.join("Cargo.toml");
    if !manifest.is_file() {
        return Err("the standard library's sources are missing: rustup component add rust-src".into());
    }
    let linked =
        linked(&manifest, &["-p", "std", "-p", "panic_unwind", "--features", "std/panic-unwind,std/backtrace"])?;
    Ok((library, linked))
}

/// The packages whose code is in the program: no build scripts, no macros that only run in the compiler.
fn linked(manifest: &Path, of: &[&str]) -> Outcome<Vec<Package>> {
    let mut names = BTreeSet::new();
    for target in TARGETS {
        let mut tree = cargo("tree", manifest);
        tree.args(["-e", "normal,no-proc-macro", "--prefix", "none", "--format", "{p}", "--target", target]).args(of);
        names.extend(said_by(&mut tree)?.lines().filter_map(name_and_version));
    }
    let mut metadata = cargo("metadata", manifest);
    metadata
        .args(["--format-version", "1", "--all-features"])
        .args(TARGETS.iter().flat_map(|target| ["--filter-platform", target]));
    let metadata: Value = serde_json::from_str(&said_by(&mut metadata)?)?;
    let all = metadata.get("packages").and_then(Value::as_array).ok_or("cargo metadata named no packages")?;
    let all: Vec<_> = all.iter().filter_map(package).collect();
    for (name, version) in &names {
        if !all.iter().any(|package| package.name == *name && package.version == *version) {
            return Err(format!("cargo tree names {name} {version}, cargo metadata does not").into());
        }
    }
    Ok(all.into_iter().filter(|it| names.contains(&(it.name.clone(), it.version.clone()))).collect())
}

/// The standard library's manifests use what only its own build may use.
fn cargo(what: &str, manifest: &Path) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").as_deref().unwrap_or(OsStr::new("cargo")));
    cargo.args([what, "--locked", "--manifest-path"]).arg(manifest).env("RUSTC_BOOTSTRAP", "1");
    cargo
}

fn said_by(command: &mut Command) -> Outcome<String> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

/// From `aes v0.9.4` or `std v0.0.0 (PATH)`.
fn name_and_version(line: &str) -> Option<(String, String)> {
    let mut words = line.split_whitespace();
    Some((words.next()?.to_owned(), words.next()?.strip_prefix('v')?.to_owned()))
}

fn package(value: &Value) -> Option<Package> {
    let text = |member: &str| value.get(member).and_then(Value::as_str).map(str::to_owned);
    Some(Package {
        name: text("name")?,
        version: text("version")?,
        licence: text("license"),
        page: text("repository"),
        folder: Path::new(&text("manifest_path")?).parent()?.to_owned(),
        foreign: text("source").is_some(),
    })
}
