//! A host program that listens, in a process of its own, seen from outside.

use std::fs;
use std::io::{BufRead, BufReader, Write, stdin};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

use crate::hospital::Hospital;
use crate::host::{call, end, shutdown};

/// What the host's process holds.
#[derive(Debug, Clone, Copy)]
pub struct Census {
    pub threads: usize,
    pub descriptors: usize,
    pub resident_kib: usize,
}

pub struct Besieged {
    child: Child,
    said: BufReader<ChildStdout>,
    pub address: SocketAddr,
}

impl Besieged {
    /// Another program of this hospital's, which listens.
    pub fn start(hospital: &Hospital, request: &Value) -> Self {
        let mut host = Self::quiet(hospital);
        host.listen(request);
        host
    }

    /// One that does nothing yet but know its settings.
    pub fn quiet(hospital: &Hospital) -> Self {
        let settings = hospital.settings("http://127.0.0.1:9").to_string();
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_host_that_listens", "--ignored", "--nocapture", "--test-threads=1"])
            .env("HISLINK_TEST", settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        let mut host = Self { child, said, address: (Ipv4Addr::UNSPECIFIED, 0).into() };
        assert_eq!(host.hear("did "), "configure");
        host
    }

    pub fn listen(&mut self, request: &Value) {
        self.address = self.order(&request.to_string()).parse().unwrap();
    }

    fn hear(&mut self, word: &str) -> String {
        let mut line = String::new();
        while self.said.read_line(&mut line).unwrap() > 0 {
            if let Some((_, rest)) = line.split_once(word) {
                return rest.trim().to_owned();
            }
            line.clear();
        }
        panic!("the host ended without a word of {word}");
    }

    fn order(&mut self, order: &str) -> String {
        writeln!(self.child.stdin.as_mut().unwrap(), "{order}").unwrap();
        self.hear("did ")
    }

    pub fn unlisten(&mut self) {
        assert_eq!(self.order("unlisten"), "unlisten");
    }

    pub fn shut_down(&mut self) {
        assert_eq!(self.order("shutdown"), "shutdown");
    }

    /// Leaves it so many descriptors more than it has open.
    pub fn allow(&mut self, more: u64) {
        self.order(&format!("allow {more}"));
    }

    pub fn census(&self) -> Census {
        let process = format!("/proc/{}", self.child.id());
        let status = fs::read_to_string(format!("{process}/status")).unwrap();
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim_start_matches(':').split_whitespace().next().unwrap().parse().unwrap()
        };
        let descriptors = fs::read_dir(format!("{process}/fd")).unwrap().count();
        Census { threads: number("Threads"), descriptors, resident_kib: number("VmRSS") }
    }

    /// How many of its descriptors are sockets, or what a runtime watches them by.
    pub fn sockets(&self) -> usize {
        let descriptors = fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap();
        let names = descriptors.filter_map(|one| fs::read_link(one.unwrap().path()).ok());
        names
            .filter(|name| ["socket:", "anon_inode:"].iter().any(|kind| name.to_string_lossy().starts_with(kind)))
            .count()
    }

    /// The processor time that it used so far, in seconds: fields 14 and 15 of its `stat`, in hundredths.
    pub fn processor_seconds(&self) -> f64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap();
        let behind_name: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
        behind_name[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
    }
}

impl Drop for Besieged {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// That program: it does what it is told, a line a time, until there are no more.
pub fn host() {
    let settings: Value = serde_json::from_str(&std::env::var("HISLINK_TEST").unwrap()).unwrap();
    assert_eq!(call("configure", &settings)["status"], "succeeded");
    println!("did configure");
    for order in stdin().lines() {
        let order = order.unwrap();
        let done = match order.as_str() {
            "unlisten" => {
                let reply = call("glory_unlisten", &json!({"profile": settings["profile"]}));
                assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
                order
            }
            "shutdown" => {
                shutdown();
                order
            }
            limit if limit.starts_with("allow ") => {
                let more: u64 = limit[6..].parse().unwrap();
                let open = fs::read_dir("/proc/self/fd").unwrap().count() as u64;
                crate::limit_descriptors(|_| open + more);
                order
            }
            request => {
                let mut request: Value = serde_json::from_str(request).unwrap();
                request["profile"] = settings["profile"].clone();
                let reply = call("glory_listen", &request);
                assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
                reply["data"]["address"].as_str().unwrap().to_owned()
            }
        };
        println!("did {done}");
    }
}
