//! A soak: a host program does all of a hospital's day at once, while every fault of the platforms strikes. Its memory,
//! threads and descriptors stay flat, and at the end the journal and the platforms' books agree.
//!
//! `HISLINK_SOAK_SECONDS=3600 cargo test --test soak -- --ignored --nocapture` is an hour; without, it is a minute.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

#[path = "soak/census.rs"]
mod census;
#[path = "money_proof/children.rs"]
#[allow(dead_code)]
mod children;
#[path = "money_proof/faults.rs"]
mod faults;
mod host;
#[path = "money_proof/moves.rs"]
mod moves;
#[path = "money_proof/platform.rs"]
#[allow(dead_code)]
mod platform;
#[path = "support/ports.rs"]
mod ports;
#[path = "money_proof/random.rs"]
mod random;
#[path = "money_proof/record.rs"]
#[allow(dead_code)]
mod record;
#[path = "money_proof/settling.rs"]
#[allow(dead_code)]
mod settling;
#[path = "money_proof/siege.rs"]
#[allow(dead_code)]
mod siege;
#[path = "money_proof/site.rs"]
#[allow(dead_code)]
mod site;
#[path = "soak/host.rs"]
mod soaked;
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use census::Census;
use children::Process;
use hislink::clock;
use platform::Platform;
use random::Random;
use serde_json::{Value, json};
use settling::{BOTH, named};
use site::Site;

#[test]
#[ignore = "part of the soak: the platforms' process"]
fn the_platforms() {
    platform::serve();
}

#[test]
#[ignore = "part of the soak: the host's process"]
fn the_host() {
    soaked::work();
}

#[test]
#[ignore = "a minute, or as long as HISLINK_SOAK_SECONDS says"]
fn memory_threads_and_descriptors_stay_flat() {
    let seconds = std::env::var("HISLINK_SOAK_SECONDS").map_or(60, |text| text.parse().unwrap());
    let site = Site::new("soak", record::now(), |folder| format!("sqlite:{}", folder.join("store.db").display()));
    fs::write(site.folder.join("every"), (seconds / 120).max(2).to_string()).unwrap();
    let mut random = Random::new(site.seed);
    let platform = Platform::start(&site);
    settling::configure(&site);
    let mut host = Process::start(&site, "the_host", "host");
    let output = site.folder.join("output/host");

    let began = Instant::now();
    let (mut answered, mut trouble, mut shown) = (0_u32, 0_u32, 0);
    let mut lingering = Vec::new();
    while began.elapsed() < Duration::from_secs(seconds) {
        let said = fs::read_to_string(&output).unwrap();
        assert!(!host.has_ended() && !said.contains("panicked"), "the host has failed: {said}");
        if random.percent(8) {
            platform.control("POST", "/control/faults", &faults::any(&mut random).to_string());
            trouble += 1;
        }
        if random.percent(1) {
            siege::settle_some(&platform, &mut random);
        }
        answered += u32::from(question(&site, &mut random, &mut lingering).is_some());
        for one in &census::read(&output)[shown..] {
            show(one);
            shown += 1;
        }
        thread::sleep(Duration::from_millis(200));
    }
    fs::write(site.folder.join(soaked::ENOUGH), "").unwrap();
    let ending = Instant::now();
    while !host.has_ended() {
        assert!(ending.elapsed() < Duration::from_secs(60), "the host does not end");
        thread::sleep(Duration::from_millis(50));
    }
    let all = census::read(&output);
    let said = fs::read_to_string(&output).unwrap();
    assert!(said.contains("test result: ok"), "the host failed: {said}");
    let operations = all.last().unwrap().operations;
    println!("{operations} operations, {answered} questions answered, {trouble} faults, in {seconds} s");
    assert!(operations > 5.0 * seconds as f64 && answered as u64 > seconds / 2);
    are_flat(&all);

    platform.control("DELETE", "/control/faults", "");
    let open = settling::settle_all(&site, &platform, Duration::from_secs(120));
    println!("{open} entries were open, and are settled");
    for day in [clock::second() - 86_400, clock::second()] {
        let day = clock::stamp_of_second(day)[..8].to_owned();
        let reply =
            host::call("journal_reconcile", &json!({"profile": named(&site, BOTH), "day": day, "timeoutMs": 60_000}));
        assert_eq!(reply["status"], "succeeded", "{reply}");
        for list in ["onlyHere", "onlyThere", "differing"] {
            assert_eq!(reply["data"][list], json!([]), "{day}: {list}");
        }
        println!("{day}: {} movements, without a difference", reply["data"]["checked"]);
    }
    let _ = fs::remove_dir_all(&site.folder);
}

fn show(one: &Census) {
    println!(
        "{:7.1} s {:8} operations {:7} KiB in use {:7} KiB own {:7} KiB resident {:3} threads {:4} descriptors{}",
        one.second,
        one.operations,
        one.used_kib,
        one.own_kib,
        one.resident_kib,
        one.threads,
        one.descriptors,
        if one.closed { "  after hislink_shutdown" } else { "" }
    );
}

/// The platform asks, or somebody is rude, and perhaps stays.
fn question(site: &Site, random: &mut Random, lingering: &mut Vec<TcpStream>) -> Option<()> {
    let address = fs::read_to_string(site.folder.join(soaked::LISTENING)).ok()?;
    // It may just be starting anew.
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    if random.percent(30) {
        let rude =
            ["", "POST /deduct", "GET / HTTP/1.1\r\n\r\n", "POST /deductCheck HTTP/1.1\r\nContent-Length: 9\r\n\r\n"];
        stream.write_all(random.pick(&rude).as_bytes()).ok()?;
        lingering.push(stream);
        lingering.drain(..lingering.len().saturating_sub(20));
        return None;
    }
    let start = format!("2026-01-01 00:{:02}:{:02}", random.between(0, 59), random.between(0, 59));
    let body = json!({"orgCode": hislink_sandbox::glory::identity::ORG_CODE, "deductTimeStart": start,
        "deductionTimeEnd": start});
    let signed = host::call("glory_sign", &json!({"profile": named(site, BOTH), "body": body}));
    let head = |name: &str| signed["data"]["headers"][name].as_str().unwrap().to_owned();
    let (sid, timestamp, sign, length) = (head("sid"), head("timestamp"), head("sign"), body.to_string().len());
    let question = format!(
        "POST /deductCheck HTTP/1.1\r\nHost: h\r\nsid: {sid}\r\ntimestamp: {timestamp}\r\nsign: {sign}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(question.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (_, answer) = answer.split_once("\r\n\r\n")?;
    let answer: Value = serde_json::from_str(answer).unwrap();
    (answer["responseFlag"] == "1").then_some(())
}

/// What is in use tells of leaks: after `hislink_shutdown` half a MiB is let pass for what the host itself remembers,
/// however long it soaks, and at work four for SQLite's page caches, which grow with the journal to 2 MiB a connection, and
/// for answers that grow with it.
/// A leak of a hundred bytes an operation shows within a few minutes. What the process holds besides is what the
/// allocator cannot give back because a piece of a page is in use; five MiB of it, and ten at work.
fn are_flat(all: &[Census]) {
    let open: Vec<_> = all.iter().filter(|one| !one.closed).copied().collect();
    let closed: Vec<_> = all.iter().filter(|one| one.closed).copied().collect();
    for (name, all, most_used, most_own) in
        [("at work", &open, 4_096.0, 10_240.0), ("after hislink_shutdown", &closed, 512.0, 5_120.0)]
    {
        let used = census::trend(all, |one| one.used_kib);
        let own = census::trend(all, |one| one.own_kib);
        let threads = census::trend(all, |one| one.threads);
        let descriptors = census::trend(all, |one| one.descriptors);
        println!("{name}:\n  in use {used}\n  own memory {own}\n  threads {threads}\n  descriptors {descriptors}");
        assert!(used.gain < most_used && used.second_half < used.first_half + most_used, "{name}: {used}");
        assert!(own.gain < most_own && own.second_half < own.first_half + most_own, "{name}: {own}");
        // The listener's readers end ten seconds after their last question.
        assert!(threads.second_half <= threads.first_half + 2.0, "{name}: {threads}");
        // Connections are kept for four seconds, and some are open to rude guests.
        assert!(descriptors.second_half <= descriptors.first_half + 12.0, "{name}: {descriptors}");
    }
}
