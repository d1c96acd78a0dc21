//! The comparison: journal, books and what workers were told must say the same of every movement of money.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::host::call;
use crate::record::{self, Asked};
use crate::settling::{BOTH, GLORY, ONEPAY, listed, named};
use crate::site::Site;

/// What tells movements apart: a word for the kind, and the number.
type Key = (&'static str, String);

/// A movement in the platforms' books.
#[derive(Debug, Clone)]
struct Booked {
    fen: i64,
    done: bool,
    row: Value,
}

/// All that is compared.
pub struct Proof {
    booked: BTreeMap<Key, Booked>,
    journal: BTreeMap<Key, Value>,
    asked: BTreeMap<Key, Vec<Asked>>,
    violations: Vec<String>,
}

/// How much was compared.
#[derive(Debug)]
#[allow(dead_code)] // printed
pub struct Compared {
    pub entries: usize,
    pub booked: usize,
    pub requests: usize,
    pub resolved_by_workers: usize,
    /// Replies that say that the outcome is kept beside the store.
    pub spilled: usize,
    /// Calls that the store refused before anything was sent.
    pub refused_by_store: usize,
}

impl Proof {
    /// Compares everything of a run; a violation ends in a panic that tells all of them.
    pub fn check(site: &Site, before: &Value, after: &Value) -> Compared {
        let asked = record::read_all(&site.records());
        let resolved_by_workers = asked.iter().filter(|asked| asked.operation == "journal_resolve").count();
        let requests = asked.len() - resolved_by_workers;
        let spilled = asked.iter().filter(|asked| asked.reply.to_string().contains("outcomes-")).count();
        let refused_by_store = asked.iter().filter(|asked| asked.code() == "STORE_FAILED").count();
        let mut proof =
            Self { booked: booked(after), journal: journal(site), asked: by_key(asked), violations: Vec::new() };
        proof.compare_books();
        proof.compare_replies();
        proof.compare_balances(before, after);
        proof.compare_platform_log(site);
        proof.compare_days(site);
        let Self { booked, journal, violations, .. } = proof;
        let all = site.folder.join("violations");
        fs::write(&all, violations.join("\n\n")).unwrap();
        let shown = violations.iter().take(5).cloned().collect::<Vec<_>>().join("\n\n");
        let (count, seed, all) = (violations.len(), site.seed, all.display());
        assert!(violations.is_empty(), "{count} violations, seed {seed}, all in {all}:\n{shown}");
        Compared {
            entries: journal.len(),
            booked: booked.len(),
            requests,
            resolved_by_workers,
            spilled,
            refused_by_store,
        }
    }

    /// Adds a violation with all that is known of a movement.
    fn violated(&mut self, key: &Key, what: &str) {
        let asked = self.asked.get(key).map(Vec::as_slice).unwrap_or_default();
        let lines: Vec<_> = asked.iter().map(|asked| format!("    {}", asked.line())).collect();
        let booked = self.booked.get(key).map(|booked| booked.row.to_string());
        let entry = self.journal.get(key).map(Value::to_string);
        self.violations
            .push(format!("{key:?} {what}\n  books: {booked:?}\n  journal: {entry:?}\n{}", lines.join("\n")));
    }

    /// Every booked movement is in the journal with its amount, and both agree on whether money moved.
    fn compare_books(&mut self) {
        let keys: BTreeSet<Key> = self.booked.keys().chain(self.journal.keys()).cloned().collect();
        for key in &keys {
            let entry = self.journal.get(key);
            let booked = self.booked.get(key);
            let state = entry.map(|entry| entry["state"].as_str().unwrap_or_default().to_owned());
            let amounts = (booked.map(|booked| booked.fen), entry.and_then(amount_of));
            match (booked.map(|booked| booked.done), state.as_deref()) {
                (Some(_), None) => self.violated(key, "is booked and not in the journal"),
                (Some(true), Some("succeeded")) | (Some(false) | None, Some("failed")) => {}
                (_, state) => self.violated(key, &format!("is {state:?} in the journal, which the books deny")),
            }
            if let (Some(theirs), Some(ours)) = amounts
                && theirs != ours
            {
                self.violated(key, &format!("is booked with {theirs} fen, and the journal has {ours}"));
            }
        }
    }

    /// Every end that a worker was told is true.
    fn compare_replies(&mut self) {
        let mut wrong = Vec::new();
        for (key, asked) in &self.asked {
            let booked = self.booked.get(key);
            for one in asked {
                if let Some(what) = contradiction(one, key, booked, asked) {
                    wrong.push((key.clone(), format!("{what}: {}", one.line())));
                }
            }
        }
        for (key, what) in wrong {
            self.violated(&key, &what);
        }
    }

    /// No fen came or went but by what succeeded.
    fn compare_balances(&mut self, before: &Value, after: &Value) {
        let mut expected = balances(before);
        let card_of = |entry: &Value| format!("{} {}", text(entry, "/param/cardType"), text(entry, "/param/cardNo"));
        let succeeded = |entry: &&Value| entry["state"] == "succeeded" && entry["platform"] == "onepay";
        for entry in self.journal.values().filter(succeeded) {
            let fen = amount_of(entry).unwrap();
            if entry["service"] == "hop.trade.recharge" {
                *expected.get_mut(&card_of(entry)).unwrap() += fen;
            } else {
                let charge = &self.journal[&("order", text(entry, "/param/outChargeNo").to_owned())];
                *expected.get_mut(&card_of(charge)).unwrap() -= fen;
            }
        }
        let found = balances(after);
        if found != expected {
            self.violations.push(format!("balances: expected by the journal {expected:?}, found {found:?}"));
        }
    }

    /// The platform was never sent an order that it had booked already, and booked none twice.
    fn compare_platform_log(&mut self, site: &Site) {
        let log = fs::read_to_string(site.platform_log()).unwrap();
        let lines =
            || log.lines().filter(|line| line.contains(" hop.trade.recharge ") || line.contains(" hop.trade.refund "));
        for line in lines().filter(|line| line.contains(" 000000 ") && !line.contains("[booked]")) {
            self.violations.push(format!("an order was sent again that was booked: {line}"));
        }
        let bookings = lines().filter(|line| line.contains("[booked]")).count();
        let orders = self.booked.keys().filter(|(kind, _)| *kind == "order").count();
        // A platform that is killed between booking and logging tells of one less.
        if bookings > orders {
            self.violations.push(format!("{bookings} requests were booked, and there are {orders} orders and refunds"));
        }
    }

    /// The library's own reconciliation finds nothing.
    fn compare_days(&mut self, site: &Site) {
        let days: BTreeSet<String> =
            self.journal.values().map(|entry| text(entry, "/begun")[..10].to_owned()).collect();
        for day in days {
            let request = json!({"profile": named(site, BOTH), "day": day, "timeoutMs": 60_000});
            let reply = call("journal_reconcile", &request);
            let nothing = ["onlyHere", "onlyThere", "differing"].iter().all(|list| reply["data"][list] == json!([]));
            if reply["status"] != "succeeded" || !nothing {
                self.violations.push(format!("journal_reconcile of {day}: {reply}"));
            }
        }
    }
}

/// Why a reply is not true, if it is not.
fn contradiction(one: &Asked, key: &Key, booked: Option<&Booked>, all: &[Asked]) -> Option<String> {
    if one.operation == "journal_resolve" {
        return None;
    }
    let done = booked.is_some_and(|booked| booked.done);
    match one.status() {
        "succeeded" if !done => Some("was told to have succeeded".to_owned()),
        "succeeded" if key.0 != "cancellation" && asked_fen(one) != booked.map(|booked| booked.fen) => {
            Some("was told to have succeeded with another amount".to_owned())
        }
        "failed" if done && !told_cancelled(one) && !was_sent_later(one, all) => {
            Some("was told to have failed".to_owned())
        }
        "succeeded" | "failed" | "unknown" | "pending" | "rejected" | "" => None,
        status => Some(format!("has the status {status}")),
    }
}

/// A deduction that was cancelled cannot be had again.
fn told_cancelled(one: &Asked) -> bool {
    one.operation == "glory_deduct" && one.reply["data"]["cancelTime"].is_string()
}

/// Whether another call may have sent the same after a reply: what surely did not arrive may be sent again,
/// and so may a cancellation that was refused.
fn was_sent_later(one: &Asked, all: &[Asked]) -> bool {
    let refused = one.code() == "PLATFORM_REFUSED" && one.operation != "glory_cancel";
    let final_word = refused && one.reply["data"]["param"]["result"] != "notfound";
    let later = |other: &&Asked| {
        let itself = (&other.worker, other.begun, &other.operation) == (&one.worker, one.begun, &one.operation);
        !itself && other.ended.is_none_or(|ended| ended >= one.ended.unwrap_or_default())
    };
    !final_word && all.iter().any(|other| later(&other))
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn fen(yuan: &str) -> Option<i64> {
    let (whole, part) = yuan.split_once('.')?;
    Some(whole.parse::<i64>().ok()? * 100 + part.parse::<i64>().ok()?)
}

fn amount_of(entry: &Value) -> Option<i64> {
    fen(entry["amount"].as_str()?)
}

fn asked_fen(asked: &Asked) -> Option<i64> {
    ["/param/chargeAmt", "/param/refundAmt", "/deductionFee"]
        .iter()
        .find_map(|place| asked.request.pointer(place).and_then(Value::as_str))
        .and_then(fen)
}

fn balances(books: &Value) -> BTreeMap<String, i64> {
    let accounts = books["accounts"].as_array().unwrap();
    let named = |account: &Value| format!("{} {}", text(account, "/cardType"), text(account, "/cardNo"));
    accounts.iter().map(|account| (named(account), fen(text(account, "/balance")).unwrap())).collect()
}

fn booked(books: &Value) -> BTreeMap<Key, Booked> {
    let mut all = BTreeMap::new();
    let mut add = |kind, number: &str, fen: Option<i64>, done, row: &Value| {
        let booked = Booked { fen: fen.unwrap(), done, row: row.clone() };
        assert!(all.insert((kind, number.to_owned()), booked).is_none(), "{number} twice in the books");
    };
    for (list, number, amount) in [("orders", "/outChargeNo", "/chargeAmt"), ("refunds", "/outRefundNo", "/refundAmt")]
    {
        for row in books[list].as_array().unwrap() {
            add("order", text(row, number), fen(text(row, amount)), row["result"] == "succ", row);
        }
    }
    for row in books["glory"]["deductions"].as_array().unwrap() {
        let (id, fen) = (text(row, "/deductionID"), fen(text(row, "/deductionFee")));
        add("deduction", id, fen, true, row);
        if row["status"] == "0" {
            add("cancellation", id, fen, true, row);
        }
    }
    all
}

fn journal(site: &Site) -> BTreeMap<Key, Value> {
    let mut all = BTreeMap::new();
    for state in ["sending", "unknown", "pending", "succeeded", "failed"] {
        for entry in [ONEPAY, GLORY].iter().flat_map(|profile| listed(site, profile, state)) {
            let key = match text(&entry, "/service") {
                "/glorycard/store/deduct" => ("deduction", text(&entry, "/deductionID").to_owned()),
                "/glorycard/store/deductCancel" => ("cancellation", text(&entry, "/deductionID").to_owned()),
                _ => ("order", text(&entry, "/orderNo").to_owned()),
            };
            assert!(all.insert(key, entry.clone()).is_none(), "twice in the journal: {entry}");
        }
    }
    all
}

/// A resolution may have repeated either movement of a deduction.
fn by_key(asked: Vec<Asked>) -> BTreeMap<Key, Vec<Asked>> {
    let mut all: BTreeMap<Key, Vec<Asked>> = BTreeMap::new();
    for one in asked {
        let kinds: &[&str] = match one.operation.as_str() {
            "glory_deduct" => &["deduction"],
            "glory_cancel" => &["cancellation"],
            "journal_resolve" if one.request.get("deductionID").is_some() => &["deduction", "cancellation"],
            _ => &["order"],
        };
        for kind in kinds {
            all.entry((kind, one.number().to_owned())).or_default().push(one.clone());
        }
    }
    all
}
