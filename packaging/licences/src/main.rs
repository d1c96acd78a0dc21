//! Writes `THIRD-PARTY.txt` and `not-linked.txt` beside this tool: whose software is linked into `hislink.dll` and
//! `hislink-sandbox.exe` on Windows, under which licence, with the texts; and what else stands in `Cargo.lock`.
//!
//! `cargo run -p hislink-licences` writes them, with `-- --check` it only holds them against what it would write.
//! A licence that is not on the list, and a package without a licence's text, are failures.

mod expression;
mod lock;
mod packages;
mod parts;
mod report;
mod texts;

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// What goes wrong here ends the tool, with its text.
type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let check = match env::args().nth(1).as_deref() {
        None => false,
        Some("--check") => true,
        Some(other) => {
            eprintln!("{other}: the only option is --check");
            return ExitCode::FAILURE;
        }
    };
    match run(check) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(check: bool) -> Outcome<()> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = here.ancestors().nth(2).ok_or("this tool stands in the project's folder")?;
    let parts = parts::gather(project, &here.join("extra"))?;
    expression::hold(&parts)?;
    let locked = lock::packages(&fs::read_to_string(project.join("Cargo.lock"))?);
    let rust = packages::rust()?;
    let files = [
        (here.join("THIRD-PARTY.txt"), report::third_party(&parts, &rust)),
        (here.join("not-linked.txt"), report::not_linked(&parts, &locked)),
    ];
    for (file, text) in files {
        if check { hold(&file, &text, &rust)? } else { fs::write(file, text)? }
    }
    Ok(())
}

/// Fails unless the file is what would be written. Of a file made with another Rust only the packages are compared.
fn hold(file: &Path, text: &str, rust: &str) -> Outcome<()> {
    let committed = fs::read_to_string(file)?;
    let same = match report::rust_of(&committed) {
        Some(other) if other != rust => {
            println!("{} has the standard library of Rust {other}, not of {rust}", file.display());
            report::packages_of(&committed) == report::packages_of(text)
        }
        _ => committed == text,
    };
    let hint = "run cargo run -p hislink-licences and look at the change";
    if same { Ok(()) } else { Err(format!("{} has drifted: {hint}", file.display()).into()) }
}
