//! Processes of a run: ignored tests of this very program.

use std::fs::File;
use std::process::{Child, Command, Stdio};

use crate::site::{SITE, Site};

/// In a worker's process: its name.
pub const NAME: &str = "HISLINK_PROOF_NAME";

/// A process that is killed when it is dropped.
pub struct Process {
    child: Child,
    pub name: String,
}

impl Process {
    /// Starts the ignored test `test` for a run; what it prints goes to a file.
    pub fn start(site: &Site, test: &str, name: &str) -> Self {
        let output = File::create(site.folder.join("output").join(name)).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"])
            .env(SITE, &site.folder)
            .env(NAME, name)
            .env(crate::host::DATA_FOLDER, &site.data)
            .stdin(Stdio::null())
            .stderr(output.try_clone().unwrap())
            .stdout(output)
            .spawn()
            .unwrap();
        Self { child, name: name.to_owned() }
    }

    /// Kills it, as `kill -9` does.
    pub fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
