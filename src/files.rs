//! Reading settings and PEM files.

use std::fs::File;
use std::io::{self, Read};

/// The most that is read of a file.
const MAX_FILE_BYTES: u64 = 1024 * 1024;

/// A file's text; of one that is larger than any settings or certificates, as much as shows that it is none.
pub fn read_text(path: &str) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MAX_FILE_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// A path as messages show it. What is no path but should stand in the file, a key or settings, they do not.
pub fn shown(path: &str) -> &str {
    let is_content = path.contains("-----BEGIN") || path.contains('\n') || path.trim_start().starts_with('{');
    if is_content { "***" } else { path }
}
