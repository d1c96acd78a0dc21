//! The PostgreSQL store through the C contract: the desks of a hospital share it, it comes and goes, and what is wrong
//! with it is told without its password. The server is a real one; `.ci/run` installs and runs it.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

#[path = "support/compiler.rs"]
mod compiler;
mod hospital;
mod host;
#[path = "postgres/desks.rs"]
mod postgres_desks;
#[path = "postgres/refusals.rs"]
mod postgres_refusals;
#[path = "support/postgres_server.rs"]
mod postgres_server;
#[path = "postgres/tls.rs"]
mod postgres_tls;
mod support;

use hospital::Hospital;
use host::{call, end};
use serde_json::{Value, json};

/// The settings of a hospital whose store is `store`.
fn settings(hospital: &Hospital, store: &str) -> Value {
    let mut settings = hospital.settings(&hospital.sandbox.glory_http_url());
    settings["store"] = json!(store);
    settings["language"] = json!("en");
    settings
}

/// A hospital whose store is `store`.
fn hospital_on(store: &str) -> Hospital {
    let hospital = Hospital::new();
    let reply = call("configure", &settings(&hospital, store));
    assert_eq!((end(&reply), &reply["data"]["warnings"]), (("succeeded", "OK"), &Value::Null), "{reply}");
    hospital
}

/// Not a test by itself: what is run in a process of its own.
#[test]
#[ignore = "run by others"]
fn another_process() {
    let text: Value = serde_json::from_str(&std::env::var("HISLINK_TEST").unwrap()).unwrap();
    assert_eq!(end(&call("configure", &text["settings"])), ("succeeded", "OK"));
    println!("\nREPLY {}", call(text["operation"].as_str().unwrap(), &text["request"]));
}

fn elsewhere(hospital: &Hospital, store: &str, operation: &str, mut request: Value) -> std::process::Child {
    request["profile"] = json!(hospital.profile);
    let text = json!({"settings": settings(hospital, store), "operation": operation, "request": request});
    hospital::in_another_process("another_process", &text.to_string())
}

fn reply_of(child: std::process::Child) -> Value {
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let line = output.lines().find_map(|line| line.strip_prefix("REPLY ")).unwrap_or_else(|| panic!("{output}"));
    serde_json::from_str(line).unwrap()
}
