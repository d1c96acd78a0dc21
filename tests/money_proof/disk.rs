//! A small disk for the store, which is full now and then. Needs root.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::random::Random;
use crate::siege::Weather;

/// Room for the store of a short run.
const SIZE: &str = "size=32m";

/// A file system in memory, taken away when it is dropped.
pub struct Disk {
    folder: PathBuf,
    full: bool,
    next: Instant,
}

impl Disk {
    pub fn mount(folder: PathBuf) -> Self {
        fs::create_dir_all(&folder).unwrap();
        run(Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "tmpfs"]).arg(&folder));
        Self { folder, full: false, next: Instant::now() + Duration::from_secs(1) }
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }

    fn fill(&self) {
        let mut file = File::create(self.filler()).unwrap();
        for size in [1 << 20, 1 << 12] {
            let bytes = vec![0; size];
            while file.write_all(&bytes).is_ok() {}
        }
    }

    fn free(&self) {
        let _ = fs::remove_file(self.filler());
    }
}

impl Weather for Disk {
    fn change(&mut self, random: &mut Random) -> bool {
        if Instant::now() < self.next {
            return false;
        }
        self.full = !self.full;
        if self.full {
            self.fill();
        } else {
            self.free();
        }
        self.next = Instant::now() + Duration::from_millis(random.between(100, 600));
        self.full
    }

    fn clear(&mut self) {
        self.free();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.folder).status();
    }
}

fn run(command: &mut Command) {
    let status = command.status().unwrap();
    assert!(status.success(), "{command:?}: {status}; a small disk needs root");
}

/// The file in the data folder that takes outcomes which the store at `path` does not.
pub fn spill_file(data: &Path, path: &str) -> PathBuf {
    use sha2::{Digest, Sha256};
    let digest = hex::encode(Sha256::digest(path));
    data.join("hislink").join(format!("outcomes-{}.jsonl", &digest[..16]))
}
