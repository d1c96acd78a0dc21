//! After the run: everything that is open is brought to its end, as a host would.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::host::call;
use crate::platform::{Platform, open_trades};
use crate::random::Random;
use crate::siege;
use crate::site::Site;

/// How many entries a listing gives at most; a run is smaller.
pub const MOST: usize = 10_000;

/// The names that the proof's own process knows the run's profile by: with both platforms, and with either.
pub const BOTH: &str = "both";
pub const ONEPAY: &str = "onepay";
pub const GLORY: &str = "glory";

const RESOLVE_LIMIT_MS: u64 = 6_000;

/// Makes the profiles of the run in this process.
pub fn configure(site: &Site) {
    for (profile, without) in [(BOTH, None), (ONEPAY, Some("glory")), (GLORY, Some("onepay"))] {
        let mut settings = site.settings(&named(site, profile), 10_000);
        if let Some(without) = without {
            settings.as_object_mut().unwrap().remove(without);
        }
        let reply = call("configure", &settings);
        assert_eq!(reply["status"], "succeeded", "{reply}");
    }
}

/// A profile's name among those of other runs of this process.
pub fn named(site: &Site, profile: &str) -> String {
    format!("{profile}-{}", site.control_port)
}

/// The entries of one state.
pub fn listed(site: &Site, profile: &str, state: &str) -> Vec<Value> {
    let reply = call("journal_list", &json!({"profile": named(site, profile), "state": state, "limit": MOST}));
    assert_eq!(reply["status"], "succeeded", "{reply}");
    let entries = reply["data"]["entries"].as_array().unwrap().clone();
    assert!(entries.len() < MOST, "more entries than a listing holds");
    entries
}

fn open_entries(site: &Site) -> Vec<Value> {
    ["sending", "unknown", "pending"].iter().flat_map(|state| listed(site, BOTH, state)).collect()
}

/// Resolves until nothing is open, and tells how many entries were.
pub fn settle_all(site: &Site, platform: &Platform, most: Duration) -> usize {
    let until = Instant::now() + most;
    let mut random = Random::new(site.seed ^ 1);
    let first = open_entries(site).len();
    loop {
        for number in open_trades(&platform.books()) {
            siege::settle(platform, &number, &mut random);
        }
        let open = open_entries(site);
        if open.is_empty() {
            return first;
        }
        let replies = resolve_all(site, open);
        assert!(Instant::now() < until, "these do not settle:\n{}", replies.join("\n"));
    }
}

fn resolve_all(site: &Site, entries: Vec<Value>) -> Vec<String> {
    let (waiting, replies) = (Mutex::new(entries), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while let Some(entry) = pop(&waiting) {
                    let name = if entry["platform"] == "onepay" { "orderNo" } else { "deductionID" };
                    let mut request = json!({"profile": named(site, BOTH), "timeoutMs": RESOLVE_LIMIT_MS});
                    request[name] = entry[name].clone();
                    let reply = call("journal_resolve", &request);
                    replies.lock().unwrap().push(format!("{entry} -> {reply}"));
                }
            });
        }
    });
    replies.into_inner().unwrap()
}

fn pop(waiting: &Mutex<Vec<Value>>) -> Option<Value> {
    waiting.lock().unwrap().pop()
}
