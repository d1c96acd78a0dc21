//! Where a run takes place: a folder, the ports of the platform, the settings of the profile that all share.

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use hislink_sandbox::glory::identity::{KEY, ORG_CODE, SID};
use hislink_sandbox::identity::{APP_ID, APP_SECRET};
use serde_json::{Value, json};

use crate::ports;

/// From when on the platform's "no such trade" counts, in seconds. No fault delays a request for as long.
pub const SETTLE_SECONDS: u64 = 2;

/// The longest delay that a fault makes, in milliseconds.
pub const LONGEST_DELAY: u64 = 800;

/// In a process that the proof starts: the folder of its run.
pub const SITE: &str = "HISLINK_PROOF_SITE";

/// A run's place, known to each of its processes.
#[derive(Debug, Clone)]
pub struct Site {
    pub folder: PathBuf,
    pub seed: u64,
    pub http_port: u16,
    pub https_port: u16,
    pub control_port: u16,
    /// The `store` setting.
    pub store: String,
    /// Threads of a worker.
    pub threads: u64,
    /// The process that started the run; the others end with it.
    pub parent: u32,
    pub data: PathBuf,
}

impl Site {
    /// A new folder for a run of that name; `store` gives the setting for it.
    pub fn new(name: &str, seed: u64, store: impl FnOnce(&Path) -> String) -> Self {
        let parent = process::id();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("proof-{name}-{parent}"));
        let _ = fs::remove_dir_all(&folder);
        for part in ["record", "output"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        let store = store(&folder);
        let [http_port, https_port, control_port] = [(); 3].map(|()| ports::own(26_000));
        let data = crate::host::own_data_folder();
        let site = Self { folder, seed, http_port, https_port, control_port, store, threads: 4, parent, data };
        fs::write(site.folder.join("site.json"), site.json().to_string()).unwrap();
        site
    }

    /// The run that this process was started for, if it was.
    pub fn of_this_process() -> Option<Self> {
        let folder = PathBuf::from(env::var_os(SITE)?);
        let site: Value = serde_json::from_str(&fs::read_to_string(folder.join("site.json")).unwrap()).unwrap();
        let number = |name: &str| site[name].as_u64().unwrap();
        let [http_port, https_port, control_port] =
            ["httpPort", "httpsPort", "controlPort"].map(|name| number(name) as u16);
        Some(Self {
            folder,
            seed: number("seed"),
            http_port,
            https_port,
            control_port,
            store: site["store"].as_str().unwrap().to_owned(),
            threads: number("threads"),
            parent: number("parent") as u32,
            data: site["data"].as_str().unwrap().into(),
        })
    }

    fn json(&self) -> Value {
        json!({"seed": self.seed, "httpPort": self.http_port, "httpsPort": self.https_port,
            "controlPort": self.control_port, "store": self.store, "threads": self.threads, "parent": self.parent,
            "data": self.data})
    }

    /// What `configure` is asked for.
    pub fn settings(&self, profile: &str, time_limit_ms: u64) -> Value {
        let base = format!("http://127.0.0.1:{}", self.http_port);
        let onepay = json!({"url": format!("{base}/onepay-web/oneweb/oneapi"), "appId": APP_ID,
            "appSecret": APP_SECRET, "settleSeconds": SETTLE_SECONDS});
        let glory = json!({"url": base, "sid": SID, "key": KEY, "orgCode": ORG_CODE});
        json!({"profile": profile, "language": "en", "onepay": onepay, "glory": glory, "store": self.store,
            "http": {"connectTimeoutMs": 1000, "timeoutMs": time_limit_ms}})
    }

    pub fn records(&self) -> PathBuf {
        self.folder.join("record")
    }

    /// What the platform saw, one line a request.
    pub fn platform_log(&self) -> PathBuf {
        self.folder.join("platform.log")
    }

    /// Whether the process that started the run is gone.
    pub fn is_over(&self) -> bool {
        std::os::unix::process::parent_id() != self.parent
    }
}
