//! What the integration tests share.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::PathBuf;

/// The dynamic library that cargo built for this test run.
pub fn dynamic_library() -> PathBuf {
    let name = format!("{DLL_PREFIX}hislink{DLL_SUFFIX}");
    let test = env::current_exe().expect("the test's own path");
    // The test stands in target/<profile>/deps, and so does its library. The copy one directory up is cargo build's
    // and may be older, so it comes second.
    let near = test.ancestors().skip(1).take(2).map(|directory| directory.join(&name));
    near.into_iter().find(|path| path.is_file()).unwrap_or_else(|| panic!("no {name} near {}", test.display()))
}
