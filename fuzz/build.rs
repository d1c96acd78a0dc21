//! Lists the exported functions and the table's examples, so that a new operation is fuzzed without a line here.

use std::env;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

macro_rules! operations {
    ($($name:ident => $run:path {
        members: [$($member:literal),*],
        does: $does:literal,
        request: $request:literal,
        reply: $reply:literal,
        errors: $errors:literal,
        example: $example:literal,
    })*) => {
        const ROWS: &[(&str, &str)] = &[$((stringify!($name), $example)),*];
    };
}
include!("../src/operations/table.rs");

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../src/operations/table.rs");
    let mut code = String::from("/// Every operation, in the table's order.\npub const EXPORTED: &[Exported] = &[\n");
    for (name, example) in ROWS {
        writeln!(
            code,
            "    Exported {{ name: {name:?}, example: {example:?}, function: hislink::abi::hislink_{name} }},"
        )?;
    }
    code.push_str("];\n");
    fs::write(Path::new(&env::var("OUT_DIR")?).join("exported.rs"), code)?;
    Ok(())
}
