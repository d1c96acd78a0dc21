//! A cashier's desk: a platform in this process, and a folder with settings and a store.

// Each test uses a part of this.
#![allow(dead_code)]

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use hislink_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

pub const RECHARGE: &str = "hop.trade.recharge";
pub const QUERY: &str = "hop.trade.query";
pub const DEDUCT: &str = "/glorycard/store/deduct";
pub const CANCEL: &str = "/glorycard/store/deductCancel";

pub struct Desk {
    pub sandbox: Sandbox,
    pub folder: PathBuf,
}

impl Desk {
    /// The settings stand in `settings.json`, the store is `store.db`, and a call may take `timeout` milliseconds.
    pub fn new(name: &str, timeout: u64) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("desk-{name}"));
        // Only an earlier run left one.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        let desk = Self { sandbox: Sandbox::start(Options::default()).unwrap(), folder };
        desk.keep(timeout, &format!("sqlite:{}", desk.folder.join("store.db").display()));
        desk
    }

    /// Writes the settings down.
    pub fn keep(&self, timeout: u64, store: &str) {
        let sandbox = &self.sandbox;
        let settings = json!({
            "onepay": {"url": sandbox.http_url(), "appId": sandbox.app_id(), "appSecret": sandbox.app_secret(),
                "settleSeconds": 1},
            "glory": {"url": sandbox.glory_http_url(), "sid": sandbox.glory_sid(), "key": sandbox.glory_key(),
                "orgCode": sandbox.glory_org_code()},
            "http": {"timeoutMs": timeout}, "language": "en", "store": store});
        fs::write(self.folder.join("settings.json"), settings.to_string()).unwrap();
    }

    /// What the platform has booked.
    pub fn orders(&self) -> Vec<Value> {
        self.sandbox.books()["orders"].as_array().unwrap().clone()
    }

    /// What is on the account 10001.
    pub fn balance(&self) -> String {
        let accounts = self.sandbox.books()["accounts"].clone();
        let ours = accounts.as_array().unwrap().iter().find(|account| account["cardNo"] == "10001").unwrap().clone();
        ours["balance"].as_str().unwrap().to_owned()
    }

    /// How many requests of that service came.
    pub fn requests(&self, service: &str) -> usize {
        let state = self.sandbox.state();
        let came = state["requests"].as_array().unwrap();
        came.iter().filter(|request| request["transType"] == service || request["path"] == service).count()
    }
    /// Starts a program that keeps to itself, and kills it once `reached`.
    pub fn kill_when(&self, program: &mut Command, reached: impl Fn(&Sandbox) -> bool) {
        let mut child = program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        while !reached(&self.sandbox) {
            assert!(Instant::now() < until, "it never came so far");
            thread::sleep(Duration::from_millis(10));
        }
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().code(), None, "it ended before it was killed");
    }
}

pub fn one_booked(sandbox: &Sandbox) -> bool {
    sandbox.books()["orders"].as_array().unwrap().len() == 1
}

/// The listen example under way, and its address.
pub fn listening(mut command: Command) -> (Child, String) {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let address = line.trim().strip_prefix("listening: ").unwrap_or_else(|| panic!("{line}")).to_owned();
    (child, address)
}
