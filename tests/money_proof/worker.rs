//! A worker: settles what others left, then moves money in several threads until it is killed.

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use crate::children::NAME;
use crate::host::call;
use crate::moves::{self, Move};
use crate::random::Random;
use crate::record::Record;
use crate::site::Site;

/// The time limit of a movement, and of a resolution, which must outlast `settleSeconds`.
const TIME_LIMIT_MS: u64 = 2_500;
const RESOLVE_LIMIT_MS: u64 = 3_500;

/// What a thread works with.
struct Desk<'d> {
    site: &'d Site,
    record: &'d Record,
    name: String,
    random: Random,
    count: u64,
    /// Movements that were asked for, and those that succeeded and were not taken back.
    asked: Vec<Move>,
    given: Vec<Move>,
}

/// Works until it is killed. Does nothing where it was not started for a run.
pub fn work() {
    let Some(site) = Site::of_this_process() else { return };
    let name = std::env::var(NAME).unwrap();
    let record = Record::create(&site.records().join(&name));
    let reply = call("configure", &site.settings("default", TIME_LIMIT_MS));
    assert_eq!(reply["status"], "succeeded", "{reply}");
    settle_predecessors(&site, &record);
    thread::scope(|scope| {
        for n in 0..site.threads {
            let (site, record, name) = (&site, &record, format!("{name}-{n}"));
            scope.spawn(move || Desk::new(site, record, name).work());
        }
    });
}

/// What the dead left without an end is asked for first, all at once.
fn settle_predecessors(site: &Site, record: &Record) {
    let listed = call("journal_list", &json!({"state": "unknown", "limit": 40}));
    let waiting = Mutex::new(listed["data"]["entries"].as_array().cloned().unwrap_or_default());
    thread::scope(|scope| {
        for _ in 0..site.threads * 2 {
            scope.spawn(|| {
                while let Some(entry) = pop(&waiting) {
                    resolve(record, &entry);
                }
            });
        }
    });
}

fn pop(waiting: &Mutex<Vec<Value>>) -> Option<Value> {
    waiting.lock().unwrap().pop()
}

fn resolve(record: &Record, entry: &Value) -> Value {
    let name = if entry["platform"] == "onepay" { "orderNo" } else { "deductionID" };
    let mut request = json!({"timeoutMs": RESOLVE_LIMIT_MS});
    request[name] = entry[name].clone();
    ask(record, "journal_resolve", &request)
}

fn ask(record: &Record, operation: &str, request: &Value) -> Value {
    let id = record.asked(operation, request);
    let reply = call(operation, request);
    record.replied(id, &reply);
    reply
}

impl<'d> Desk<'d> {
    fn new(site: &'d Site, record: &'d Record, name: String) -> Self {
        let seed = name.bytes().fold(site.seed, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        let (asked, given) = Default::default();
        Self { site, record, name, random: Random::new(seed), count: 0, asked, given }
    }

    fn work(mut self) {
        while !self.site.is_over() {
            let wanted = self.choose();
            let reply = self.ask(&wanted);
            self.follow(wanted, &reply);
            thread::sleep(Duration::from_millis(self.random.between(0, 20)));
        }
    }

    fn number(&mut self) -> String {
        self.count += 1;
        format!("{}-{}", self.name, self.count)
    }

    fn choose(&mut self) -> Move {
        let number = self.number();
        match self.random.between(0, 99) {
            0..25 => moves::shared(self.site.seed, &mut self.random),
            25..33 if !self.asked.is_empty() => self.random.pick(&self.asked).clone(),
            33..38 if !self.asked.is_empty() => {
                let asked = self.random.pick(&self.asked).clone();
                moves::with_other_content(&asked, &mut self.random)
            }
            38..60 if !self.given.is_empty() => self.take_back(&number),
            60..75 => moves::new_deduction(&number, &mut self.random),
            _ => moves::new_recharge(&number, &mut self.random),
        }
    }

    /// A refund of a part, or a cancellation.
    fn take_back(&mut self, number: &str) -> Move {
        let place = (self.random.next() % self.given.len() as u64) as usize;
        let (operation, request) = self.given.swap_remove(place);
        if operation == "glory_deduct" {
            let id = request["deductionID"].as_str().unwrap();
            return moves::cancel(id, &hislink::clock::time_of_second(hislink::clock::second()));
        }
        moves::refund(number, request["orderNo"].as_str().unwrap(), self.random.between(1, 4_000))
    }

    fn ask(&self, (operation, request): &Move) -> Value {
        ask(self.record, operation, request)
    }

    /// A host that does not know calls again with the same content, asks, or leaves it to others.
    fn follow(&mut self, wanted: Move, reply: &Value) {
        match reply["status"].as_str().unwrap() {
            "succeeded" if ["onepay_recharge", "glory_deduct"].contains(&wanted.0) => self.given.push(wanted.clone()),
            "unknown" | "failed" if self.random.percent(40) => drop(self.ask(&wanted)),
            "unknown" if self.random.percent(40) => {
                let order = wanted.1.get("orderNo").is_some();
                let (platform, name) = if order { ("onepay", "orderNo") } else { ("glory", "deductionID") };
                let mut entry = json!({"platform": platform});
                entry[name] = wanted.1[name].clone();
                resolve(self.record, &entry);
            }
            "rejected" if reply["code"] == "STORE_FAILED" => {
                thread::sleep(Duration::from_millis(self.random.between(50, 400)));
            }
            _ => {}
        }
        self.asked.push(wanted);
    }
}
