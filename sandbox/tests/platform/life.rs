//! Starting, several at once, stopping.

use std::net::TcpStream;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, fs, process};

use hislink_sandbox::{Fault, FaultKind, Options, Sandbox, When};
use serde_json::json;

use crate::clerk::{Clerk, recharge};
use crate::raw;

#[test]
fn two_in_one_process_know_nothing_of_each_other() {
    let (one, other) = (Clerk::new(), Clerk::new());
    one.served("hop.trade.recharge", recharge("OC1", "100"));
    assert_eq!(one.balance("03", "10001"), "300.00");
    assert_eq!(other.balance("03", "10001"), "200.00");
}

#[test]
fn stopping_is_quick_and_leaves_nothing() {
    let clerk = Clerk::new();
    clerk.sandbox.set_fault(FaultKind::Delay { milliseconds: 60_000, when: When::Before });
    let mut waiting = raw::connect(&clerk.sandbox);
    raw::send(&mut waiting, &clerk.sealed("hop.trade.recharge", &recharge("OC1", "1")), "keep-alive");
    let authority = clerk.sandbox.ca_file().to_owned();
    let address = clerk.sandbox.control_url().replace("http://", "");
    assert!(authority.exists());
    let begun = Instant::now();
    clerk.sandbox.stop();
    assert!(begun.elapsed() < Duration::from_secs(10), "it waited for the answer that is held back");
    assert_eq!(raw::listen(waiting).bytes, b"");
    assert!(TcpStream::connect(address).is_err());
    assert!(!authority.exists() && !authority.parent().unwrap().exists());
}

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let path = env::temp_dir().join(format!("hislink-sandbox-test-{}-{name}", process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

#[test]
fn certificates_outlive_a_restart() {
    let dir = folder("restart");
    let options = || Options { dir: Some(dir.clone()), ..Options::default() };
    let first = Sandbox::start(options()).unwrap();
    let authority = fs::read(first.ca_file()).unwrap();
    drop(first);
    let second = Sandbox::start(options()).unwrap();
    assert_eq!(fs::read(second.ca_file()).unwrap(), authority);
    drop(second);
    assert!(dir.join("client-key.pem").exists());
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_cannot_be_started_says_why() {
    let clerk = Clerk::new();
    let port = clerk.sandbox.http_url().split([':', '/']).nth(4).unwrap().parse().unwrap();
    let error = Sandbox::start(Options { http_port: port, ..Options::default() }).unwrap_err();
    assert!(error.to_string().contains(&port.to_string()), "{error}");
    let error = Sandbox::start(Options { app_id: "short".to_owned(), ..Options::default() }).unwrap_err();
    assert!(error.to_string().contains("appId"), "{error}");
}

#[test]
fn other_paths_and_methods_are_turned_away() {
    let clerk = Clerk::new();
    let url = clerk.sandbox.http_url();
    assert_eq!(clerk.agent.get(&url).call().unwrap().status(), 405);
    assert_eq!(clerk.agent.post(format!("{url}/x")).send("{}").unwrap().status(), 404);
}

#[test]
fn connections_are_kept_and_counted() {
    let clerk = Clerk::new();
    let ask = || {
        clerk.served("hop.trade.query", json!({ "outChargeNo": "OC1" }));
        clerk.latest()["connection"].as_u64().unwrap()
    };
    let first = ask();
    assert_eq!(ask(), first);
    clerk.sandbox.set_fault(Fault::once(FaultKind::DropAfter));
    assert!(clerk.post(&clerk.sealed("hop.trade.query", &json!({ "outChargeNo": "OC1" }))).is_err());
    assert_eq!(ask(), first + 1);
}
