//! The folder of the PEM files: a given one, or a temporary one that goes with the sandbox.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs, io, process};

static NEXT: AtomicU32 = AtomicU32::new(1);

/// A folder.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    temporary: bool,
}

impl Folder {
    /// The given folder, or a new one under the system's temporary folder.
    pub fn open(given: Option<&Path>) -> io::Result<Self> {
        if let Some(path) = given {
            fs::create_dir_all(path)?;
            return Ok(Self { path: std::path::absolute(path)?, temporary: false });
        }
        loop {
            let name = format!("hislink-sandbox-{}-{}", process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
            let path = env::temp_dir().join(name);
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self { path, temporary: true }),
                // Left over by a process that had our id.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if self.temporary {
            // What cannot be removed stays for the system to clean up.
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}
