//! The parts of each binding that list the operations. A binding is a file that people write and read; only what stands
//! between a line with `<operations>` and one with `</operations>` (or another name) comes from the table.

mod csharp;
mod delphi;
mod powerbuilder;
mod vb6;
pub mod wrap;

use std::error::Error;
use std::fs;
use std::path::Path;

use crate::Row;

/// A part of a binding's file.
pub struct Region {
    /// The file, from the project's folder.
    pub file: &'static str,
    /// The name in its marker lines; a file may have several parts.
    pub name: &'static str,
    /// The lines between the markers.
    pub lines: fn(&[Row]) -> String,
}

/// All of them; the parts of one file stand together.
const REGIONS: &[Region] = &[
    csharp::OPERATIONS,
    delphi::FUNCTIONS,
    delphi::CALLS,
    delphi::BODIES,
    powerbuilder::ANSI,
    powerbuilder::UNICODE,
    vb6::OPERATIONS,
];

/// Writes each binding with its parts made anew below `out`.
pub fn write(rows: &[Row], out: &Path) -> Result<(), Box<dyn Error>> {
    for parts in REGIONS.chunk_by(|one, next| one.file == next.file) {
        let Some(Region { file, .. }) = parts.first() else { continue };
        println!("cargo:rerun-if-changed={file}");
        let mut text = fs::read_to_string(file)?;
        for part in parts {
            text = with_part(&text, part.name, &(part.lines)(rows))
                .ok_or_else(|| format!("{file}: no lines with <{0}> and </{0}>", part.name))?;
        }
        let made = out.join(file);
        fs::create_dir_all(made.parent().unwrap_or(out))?;
        fs::write(made, text)?;
    }
    Ok(())
}

/// Copies the bindings made below `out` over the committed ones.
pub fn bless(out: &Path) -> std::io::Result<()> {
    // A file of several parts is copied as often: it is the same.
    REGIONS.iter().try_for_each(|Region { file, .. }| fs::copy(out.join(file), file).map(drop))
}

/// The text with other lines between its markers.
fn with_part(text: &str, name: &str, lines: &str) -> Option<String> {
    let open = text.find(&format!("<{name}>"))?;
    let open = open + text.get(open..)?.find('\n')? + 1;
    let close = open + text.get(open..)?.find(&format!("</{name}>"))?;
    let close = text.get(..close)?.rfind('\n')? + 1;
    Some([text.get(..open)?, lines, text.get(close..)?].concat())
}

/// The name of an operation as many languages write it: `onepay_recharge` is `OnepayRecharge`.
pub fn pascal_case(name: &str) -> String {
    let capitalised =
        |word: &str| word.get(..1).unwrap_or_default().to_ascii_uppercase() + word.get(1..).unwrap_or_default();
    name.split('_').map(capitalised).collect()
}
