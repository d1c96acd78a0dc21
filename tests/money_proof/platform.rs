//! The simulated platforms in a process of their own, which can be killed; their books outlive it.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use hislink_sandbox::{Options, Sandbox};
use serde_json::Value;

use crate::children::Process;
use crate::site::Site;

/// How long a start may take; the files of the certificates are made at the first.
const START: Duration = Duration::from_secs(60);

/// The platforms as those who started them see them.
pub struct Platform {
    site: Site,
    process: Option<Process>,
    pub starts: usize,
}

impl Platform {
    pub fn start(site: &Site) -> Self {
        let mut platform = Self { site: site.clone(), process: None, starts: 0 };
        platform.restart();
        platform
    }

    /// Kills them, whatever they are doing.
    pub fn kill(&mut self) {
        self.process = None;
    }

    /// Starts them again, and waits until they answer.
    pub fn restart(&mut self) {
        let until = Instant::now() + START;
        self.process = None;
        self.starts += 1;
        let name = format!("platform-{}", self.starts);
        let mut process = Process::start(&self.site, "the_platforms", &name);
        while self.try_control("GET", "/control/faults", "").is_none() {
            assert!(Instant::now() < until, "the platforms do not start: see output/{name}");
            if process.has_ended() {
                process = Process::start(&self.site, "the_platforms", &name);
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.process = Some(process);
    }

    pub fn is_up(&self) -> bool {
        self.process.is_some()
    }

    /// A call of the control port: status and answer; none where nobody answers.
    pub fn try_control(&self, method: &str, path: &str, body: &str) -> Option<(u16, Value)> {
        let address = SocketAddr::from(([127, 0, 0, 1], self.site.control_port));
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        let (length, host) = (body.len(), self.site.control_port);
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             Content-Type: application/json\r\n\r\n"
        );
        stream.write_all(format!("{head}{body}").as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, serde_json::from_str(body).ok()?))
    }

    /// A call that must be answered and understood.
    pub fn control(&self, method: &str, path: &str, body: &str) -> Value {
        let answer = self.try_control(method, path, body);
        let (status, value) = answer.unwrap_or_else(|| panic!("no answer to {method} {path} {body}"));
        assert_eq!(status, 200, "{method} {path} {body}: {value}");
        value
    }

    pub fn books(&self) -> Value {
        self.control("GET", "/control/books", "")
    }

    /// Moves a trade; what the platform does not allow (a refund without money) is not done.
    pub fn settle(&self, number: &str, result: &str) -> bool {
        let body = format!("{{\"result\":\"{result}\"}}");
        let answer = self.try_control("POST", &format!("/control/orders/{number}"), &body);
        answer.is_some_and(|(status, _)| status == 200)
    }
}

/// Trades that are not at their end: number and state.
pub fn open_trades(books: &Value) -> Vec<String> {
    let rows = |list: &str, number: &'static str| {
        let rows = books[list].as_array().unwrap().clone();
        rows.into_iter()
            .filter(|row| ["init", "ing", "exp"].contains(&row["result"].as_str().unwrap()))
            .map(move |row| row[number].as_str().unwrap().to_owned())
    };
    rows("orders", "outChargeNo").chain(rows("refunds", "outRefundNo")).collect()
}

/// Serves until it is killed. Does nothing where it was not started for a run.
pub fn serve() {
    let Some(site) = Site::of_this_process() else { return };
    let log = OpenOptions::new().append(true).create(true).open(site.platform_log()).unwrap();
    let write = move |line: &str| (&log).write_all(format!("{line}\n").as_bytes()).unwrap();
    let options = Options {
        http_port: site.http_port,
        https_port: site.https_port,
        control_port: site.control_port,
        dir: Some(site.folder.join("certificates")),
        books: Some(site.folder.join("books.jsonl")),
        log: Some(Arc::new(write)),
        ..Options::default()
    };
    let _sandbox = Sandbox::start(options).unwrap();
    while !site.is_over() {
        thread::sleep(Duration::from_millis(100));
    }
}
