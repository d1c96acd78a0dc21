//! Compiles and runs C programs against the header and the library of this test run.

// Each test uses a part of this.
#![allow(dead_code)]

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::{env, fs};

use crate::support::dynamic_library;

/// What a source is compiled as.
#[derive(Clone, Copy)]
pub enum Language {
    /// C99.
    C,
    /// The C++ of the compiler's default.
    Cpp,
}

impl Language {
    /// Both, for sources that must be either.
    pub const BOTH: [Language; 2] = [Language::C, Language::Cpp];

    fn command(self) -> Command {
        let (variable, default) = match self {
            Language::C => ("CC", "cc"),
            Language::Cpp => ("CXX", "c++"),
        };
        // CC may hold arguments, as in `ccache gcc`.
        let text = env::var(variable).unwrap_or_else(|_| default.to_owned());
        let mut words = text.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or(default));
        command.args(words).args(match self {
            Language::C => ["-x", "c", "-std=c99"].as_slice(),
            Language::Cpp => &["-x", "c++"],
        });
        command
    }
}

/// A file or directory of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn compiler(language: Language) -> Command {
    let mut command = language.command();
    command.args(["-Wall", "-Wextra", "-Werror", "-pedantic", "-I"]).arg(repository("include"));
    command
}

/// Runs a command to its end. A missing compiler fails the test: skipping would leave the C contract untested.
fn output(command: &mut Command) -> Output {
    command.output().unwrap_or_else(|error| {
        let remedy = "the C contract needs a C and a C++ compiler: install gcc and g++, or set CC and CXX";
        panic!("cannot run {command:?}: {error}; {remedy}")
    })
}

fn successful(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = output(command);
    let [stdout, stderr] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(status.success(), "{command:?}: {status}\n{stdout}{stderr}");
    stdout
}

/// Checks a source without making a program of it.
pub fn check_syntax(source: &Path, language: Language) {
    successful(compiler(language).arg("-fsyntax-only").arg(source));
}

/// This run's library under a name of its own: a cargo build that starts meanwhile takes the other away.
pub fn library() -> &'static Path {
    static LIBRARY: LazyLock<PathBuf> = LazyLock::new(|| {
        let built = dynamic_library();
        let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("library");
        fs::create_dir_all(&directory).unwrap();
        let kept = directory.join(built.file_name().unwrap());
        // Only an earlier run left one.
        let _ = fs::remove_file(&kept);
        fs::hard_link(&built, &kept).or_else(|_| fs::copy(&built, &kept).map(|_| ())).unwrap();
        kept
    });
    &LIBRARY
}

/// Makes a program of a source, linked to the library of this test run; once, though tests ask for it at a time.
pub fn build(source: &Path, language: Language) -> PathBuf {
    static BUILT: LazyLock<Mutex<HashSet<PathBuf>>> = LazyLock::new(Mutex::default);
    let suffix = match language {
        Language::C => "c",
        Language::Cpp => "cpp",
    };
    let name = source.file_stem().unwrap().to_str().unwrap();
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{suffix}"));
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !built.contains(&program) {
        let directory = library().parent().unwrap();
        let rpath = format!("-Wl,-rpath,{}", directory.display());
        let mut command = compiler(language);
        // As settleSeconds of the desks.
        command.args(["-DSETTLE_SECONDS=1", "-O1", "-g", "-o"]).arg(&program).arg(source).arg("-L").arg(directory);
        successful(command.args(["-lhislink", &rpath, "-pthread", "-ldl"]));
        built.insert(program.clone());
    }
    program
}

/// Makes a program of a source that loads the library itself, under this name.
pub fn build_loading(source: &Path, program: &Path) {
    successful(compiler(Language::C).args(["-O1", "-g", "-o"]).arg(program).arg(source).arg("-ldl"));
}

/// A built program, ready to be run with this test run's library and no other, and with a data folder of its own.
pub fn program(path: &Path) -> Command {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let run = format!("data-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join(run);
    // Only an earlier run of the same number left one; its journal knows orders that this one does not.
    let _ = fs::remove_dir_all(&data);
    let mut command = Command::new(path);
    command.env("LD_LIBRARY_PATH", library().parent().unwrap()).env("XDG_DATA_HOME", data);
    command
}

/// Runs a program that must succeed, and gives what it printed.
pub fn run(path: &Path, arguments: &[&str]) -> String {
    successful(program(path).args(arguments))
}
