//! The store alone: how many movements of money a second 64 threads write down and settle, without the HTTP between.
//!
//! `benches/postgres.sh cargo bench --bench store` measures a PostgreSQL store, `cargo bench --bench store -- sqlite:PATH`
//! another. It is written into: name an empty one. `XDG_DATA_HOME` is where processes tell each other that they are alive.

// A measurement may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

use hislink::store::{Begun, EntryKey, EntryKind, EntryState, Intent, Location, Outcome, Store};

const THREADS: u64 = 64;
const FOR: Duration = Duration::from_secs(10);

/// As long as those of a recharge are.
const PARAM: usize = 192;
const OUTCOME: usize = 224;

fn main() {
    // cargo itself gives `--bench`.
    let given = env::args().skip(1).find(|word| !word.starts_with("--"));
    let text = given.or_else(|| env::var("HISLINK_BENCH_POSTGRES").ok());
    let Some(text) = text else { return println!("no store to measure: name one") };
    let location = Location::parse(&text).expect("a store as in the settings");
    let store = location.open().expect("the store opens");
    let kind = text.split(':').next().unwrap_or_default();
    for _ in 0..3 {
        println!("{THREADS} threads on one {kind} store: {:.0} a second, begun and settled", rate(&*store));
    }
    hislink::store::close_all();
}

fn rate(store: &dyn Store) -> f64 {
    let (done, start) = (AtomicU64::new(0), Instant::now());
    let run = getrandom::u32().unwrap();
    thread::scope(|scope| {
        for desk in 0..THREADS {
            let done = &done;
            scope.spawn(move || {
                for n in 0_u64.. {
                    book(store, format!("OC{run:010}{desk:02}{n:018}"));
                    done.fetch_add(1, Ordering::Relaxed);
                    if start.elapsed() >= FOR {
                        break;
                    }
                }
            });
        }
    });
    done.into_inner() as f64 / start.elapsed().as_secs_f64()
}

fn book(store: &dyn Store, number: String) {
    let key = EntryKey { kind: EntryKind::Order, account: "1A3VL0KVK0000B020A0A0000CC3F48AD".to_owned(), number };
    let intent = Intent {
        key: key.clone(),
        service: "hop.trade.recharge".to_owned(),
        profile: "default".to_owned(),
        content: "0".repeat(64),
        fen: Some(10_000),
        param: vec![0xA5; PARAM],
        lease: Duration::from_secs(45),
    };
    let Begun::New(claim) = store.begin_entry(&intent).unwrap() else {
        panic!("the number is known: is the store empty?")
    };
    let outcome = Outcome { state: EntryState::Succeeded, code: "OK".to_owned(), outcome: vec![0x5A; OUTCOME] };
    assert!(store.settle_entry(&key, Some(claim), &outcome).unwrap());
}
