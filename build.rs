//! Writes the exported C functions from the operation table, and the C header from the exported functions.
//!
//! The header goes to OUT_DIR, and so do the bindings; a test holds the committed files against them, and
//! `HISLINK_BLESS=1 cargo build` copies them.

#[path = "build/bindings/mod.rs"]
mod bindings;
#[path = "build/version_resource.rs"]
mod version_resource;

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// What the table says of an operation.
pub struct Row {
    name: &'static str,
    does: &'static str,
    request: &'static str,
    reply: &'static str,
    errors: &'static str,
    example: &'static str,
}

macro_rules! operations {
    ($($name:ident => $run:path {
        members: [$($member:literal),*],
        does: $does:literal,
        request: $request:literal,
        reply: $reply:literal,
        errors: $errors:literal,
        example: $example:literal,
    })*) => {
        const ROWS: &[Row] = &[$(Row {
            name: stringify!($name),
            does: $does,
            request: $request,
            reply: $reply,
            errors: $errors,
            example: $example,
        }),*];
    };
}
include!("src/operations/table.rs");

fn main() -> Result<(), Box<dyn Error>> {
    for file in
        ["build.rs", "build", "cbindgen.toml", "src/operations/table.rs", "src/abi/memory.rs", "src/abi/version.rs"]
    {
        println!("cargo:rerun-if-changed={file}");
    }
    println!("cargo:rerun-if-env-changed=HISLINK_BLESS");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let exports = out.join("exports.rs");
    fs::write(&exports, exported_functions()?)?;
    let header = out.join("hislink.h");
    write_header(&exports, &header)?;
    println!("cargo:rustc-env=HISLINK_GENERATED_HEADER={}", header.display());
    // What src/abi/residence.rs relies on.
    if matches!(env::var("CARGO_CFG_TARGET_OS").as_deref(), Ok("linux")) {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
    }
    version_resource::embed(&out)?;
    bindings::write(ROWS, &out)?;
    println!("cargo:rustc-env=HISLINK_GENERATED_BINDINGS={}", out.display());
    if env::var_os("HISLINK_BLESS").is_some() {
        fs::copy(&header, "include/hislink.h")?;
        bindings::bless(&out)?;
    }
    Ok(())
}

/// One `extern "C"` function a row, with the template that every C-visible function follows as its documentation.
fn exported_functions() -> Result<String, std::fmt::Error> {
    let mut code = String::new();
    for row in ROWS {
        wrapped(&mut code, row.does)?;
        for (title, text) in
            [("Request", row.request), ("Reply", row.reply), ("Errors", row.errors), ("Example", row.example)]
        {
            code.push_str("///\n");
            wrapped(&mut code, &format!("{title}: {text}"))?;
        }
        writeln!(
            code,
            "///\n/// # Safety\n/// `request` is null or a zero-terminated text that stays unchanged during the call.\n\
             #[unsafe(no_mangle)]\n\
             pub unsafe extern \"C\" fn hislink_{0}(request: *const c_char) -> *mut c_char {{\n\
             \x20   // SAFETY: the caller keeps the contract above.\n\
             \x20   unsafe {{ answer(crate::operations::row::{0}, request) }}\n}}\n",
            row.name
        )?;
    }
    Ok(code)
}

/// Documentation lines of a readable width.
fn wrapped(code: &mut String, text: &str) -> std::fmt::Result {
    bindings::wrap::lines(text, 105).iter().try_for_each(|line| writeln!(code, "/// {line}"))
}

fn write_header(exports: &Path, header: &Path) -> Result<(), Box<dyn Error>> {
    cbindgen::Builder::new()
        .with_config(cbindgen::Config::from_file("cbindgen.toml")?)
        .with_src("src/abi/version.rs")
        .with_src("src/abi/memory.rs")
        .with_src(exports)
        .generate()?
        .write_to_file(header);
    Ok(())
}
