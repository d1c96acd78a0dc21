//! The host program of a soak: cashiers move money, a clerk signs, seals and gets things wrong, a desk asks and
//! configures anew, the listener answers. All pause for each census.

use std::fs;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{RwLock, RwLockReadGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::host::{call, call_in_background, call_text, shutdown};
use crate::moves::{self, Move};
use crate::random::Random;
use crate::site::Site;

const CASHIERS: u64 = 4;
const TIME_LIMIT_MS: u64 = 2_500;
/// Every so often a census comes after `hislink_shutdown`.
const SHUTDOWN_EVERY: u64 = 7;

/// Where the parent finds the listener, and says that it is enough.
pub const LISTENING: &str = "listening";
pub const ENOUGH: &str = "enough";

struct Shop {
    site: Site,
    open: RwLock<()>,
    operations: AtomicU64,
}

impl Shop {
    /// The profile's, with a log.
    fn settings(&self, profile: &str, time_limit_ms: u64) -> Value {
        let mut settings = self.site.settings(profile, time_limit_ms);
        // As is usual, unlike in the proof: an hour has moments in which a busy machine holds the platform up for seconds, and
        // what it books then must not have been taken for lost.
        settings["onepay"]["settleSeconds"] = json!(10);
        settings["log"] = json!({"dir": self.site.folder.join("log")});
        settings
    }

    fn ends(&self) -> bool {
        self.site.is_over() || self.site.folder.join(ENOUGH).exists()
    }

    /// While this is held nobody counts.
    fn enter(&self) -> RwLockReadGuard<'_, ()> {
        self.operations.fetch_add(1, Relaxed);
        self.open.read().unwrap()
    }

    fn ask(&self, operation: &str, request: &Value) -> Value {
        let _open = self.enter();
        call(operation, request)
    }

    fn expect(&self, operation: &str, request: &Value) -> Value {
        let reply = self.ask(operation, request);
        assert_eq!(reply["status"], "succeeded", "{operation} {request}: {reply}");
        reply["data"].clone()
    }

    fn listen(&self) {
        let reply = call("glory_listen", &json!({"bind": "127.0.0.1:0"}));
        let address = reply["data"]["address"].as_str().unwrap_or_else(|| panic!("{reply}"));
        let (whole, begun) = (self.site.folder.join(LISTENING), self.site.folder.join("begun"));
        fs::write(&begun, address).unwrap();
        fs::rename(begun, whole).unwrap();
    }
}

/// Works until it is enough, and prints a census every so many seconds.
pub fn work() {
    let Some(site) = Site::of_this_process() else { return };
    let every = Duration::from_secs(fs::read_to_string(site.folder.join("every")).unwrap().parse().unwrap());
    let shop = Shop { site, open: RwLock::default(), operations: AtomicU64::new(0) };
    shop.expect("configure", &shop.settings("default", TIME_LIMIT_MS));
    shop.listen();
    thread::scope(|scope| {
        for n in 0..CASHIERS {
            let shop = &shop;
            scope.spawn(move || Cashier::new(shop, n).work());
        }
        scope.spawn(|| clerk(&shop));
        scope.spawn(|| desk(&shop));
        let began = Instant::now();
        for n in 1.. {
            let due = every * n as u32;
            while began.elapsed() < due && !shop.ends() {
                thread::sleep(Duration::from_millis(100));
            }
            if shop.ends() {
                break;
            }
            let _closed = shop.open.write().unwrap();
            let again = n % SHUTDOWN_EVERY == 0;
            if again {
                shutdown();
            }
            take_census(began.elapsed().as_secs_f64(), shop.operations.load(Relaxed), again);
            if again {
                shop.listen();
            }
        }
    });
    shutdown();
}

/// What this process holds, once free memory has gone back to the system.
fn take_census(second: f64, operations: u64, closed: bool) {
    // SAFETY: both leave every allocation as it is: they give free memory back, and count.
    let heap = unsafe {
        libc::malloc_trim(0);
        libc::mallinfo2()
    };
    let used = (heap.uordblks + heap.hblkhd) / 1024;
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let number = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
        line.split_whitespace().next().unwrap().parse::<u64>().unwrap()
    };
    let descriptors = fs::read_dir("/proc/self/fd").unwrap().count();
    let (own, resident, threads) = (number("RssAnon:"), number("VmRSS:"), number("Threads:"));
    println!("census {second:.1} {operations} {} {used} {own} {resident} {threads} {descriptors}", u8::from(closed));
}

/// Moves money as workers of the proof do, and remembers a few movements only.
struct Cashier<'s> {
    shop: &'s Shop,
    name: u64,
    random: Random,
    count: u64,
    asked: Vec<Move>,
    given: Vec<Move>,
}

impl<'s> Cashier<'s> {
    fn new(shop: &'s Shop, name: u64) -> Self {
        let random = Random::new(shop.site.seed + name);
        Self { shop, name, random, count: 0, asked: Vec::new(), given: Vec::new() }
    }

    fn work(mut self) {
        while !self.shop.ends() {
            let (operation, request) = self.choose();
            let reply = if self.random.percent(30) {
                let _open = self.shop.enter();
                call_in_background(operation, &request)
            } else {
                self.shop.ask(operation, &request)
            };
            let (status, wanted) = (reply["status"].as_str().unwrap(), (operation, request));
            assert!(["succeeded", "failed", "unknown", "pending", "rejected"].contains(&status), "{reply}");
            assert_ne!(reply["code"], "INTERNAL", "{wanted:?}: {reply}");
            if status == "succeeded" && ["onepay_recharge", "glory_deduct"].contains(&operation) {
                remember(&mut self.given, wanted.clone());
            }
            if status == "unknown" {
                let name = if wanted.1.get("orderNo").is_some() { "orderNo" } else { "deductionID" };
                self.shop.ask("journal_resolve", &json!({name: wanted.1[name]}));
            }
            remember(&mut self.asked, wanted);
            thread::sleep(Duration::from_millis(self.random.between(20, 120)));
        }
    }

    fn choose(&mut self) -> Move {
        self.count += 1;
        let number = format!("S{}-{}", self.name, self.count);
        match self.random.between(0, 99) {
            0..15 => moves::shared(self.shop.site.seed, &mut self.random),
            15..25 if !self.asked.is_empty() => self.random.pick(&self.asked).clone(),
            25..30 if !self.asked.is_empty() => {
                let asked = self.random.pick(&self.asked).clone();
                moves::with_other_content(&asked, &mut self.random)
            }
            30..55 if !self.given.is_empty() => {
                let (operation, request) = self.given.remove(0);
                if operation == "glory_deduct" {
                    let now = hislink::clock::time_of_second(hislink::clock::second());
                    moves::cancel(request["deductionID"].as_str().unwrap(), &now)
                } else {
                    moves::refund(&number, request["orderNo"].as_str().unwrap(), self.random.between(1, 4_000))
                }
            }
            55..75 => moves::new_deduction(&number, &mut self.random),
            _ => moves::new_recharge(&number, &mut self.random),
        }
    }
}

fn remember(list: &mut Vec<Move>, one: Move) {
    if list.len() == 30 {
        list.remove(0);
    }
    list.push(one);
}

/// Signs, seals, opens and explains, and hands over what is wrong.
fn clerk(shop: &Shop) {
    let mut random = Random::new(shop.site.seed ^ 0xC1);
    let deep = "[".repeat(100_000);
    let large = format!(r#"{{"text":"{}"}}"#, "长".repeat(300_000));
    let wrong = ["{", "", "[]", "null", r#"{"a":1}"#, r#"{"profile":"none"}"#, r#"{"message":{"sign":1}}"#, &deep];
    while !shop.ends() {
        let fen = random.between(1, 900_000);
        let param = json!({"cardType": "03", "cardNo": "10001", "chargeAmt": moves::yuan(fen), "name": "张小凡"});
        match random.between(0, 9) {
            0..3 => {
                let sealed = shop.expect("onepay_seal", &json!({"transType": "hop.trade.recharge", "param": param}));
                assert_eq!(shop.expect("onepay_open", &sealed)["param"]["chargeAmt"], moves::yuan(fen));
                let mut altered = sealed.clone();
                altered["message"]["sign"] = json!("00");
                assert_eq!(shop.ask("onepay_open", &altered)["code"], "SIGN_MISMATCH");
                assert_eq!(shop.expect("onepay_explain", &altered)["verified"], false);
            }
            3..5 => {
                let secret = shop.expect("onepay_encrypt", &json!({"param": param}));
                assert_eq!(shop.expect("onepay_decrypt", &secret)["param"]["chargeAmt"], moves::yuan(fen));
                shop.expect("onepay_sign", &json!({"message": {"appId": "x", "param": param}}));
            }
            5..7 => {
                let signed = shop.expect("glory_sign", &json!({"body": param}));
                let request = json!({"headers": signed["headers"], "body": param});
                shop.expect("glory_verify", &request);
                shop.expect("glory_explain", &request);
                let mut altered = request;
                altered["body"]["cardNo"] = json!("2");
                assert_eq!(shop.ask("glory_verify", &altered)["code"], "SIGN_MISMATCH");
                shop.expect("glory_explain", &altered);
                shop.expect("glory_check", &altered);
            }
            7 => drop(shop.expect("order_no", &json!({"prefix": "S"}))),
            8 => {
                let operation =
                    *random.pick(&["onepay_open", "onepay_recharge", "glory_deduct", "configure", "glory_lookup"]);
                let _open = shop.enter();
                let reply = call_text(operation, random.pick::<&str>(&wrong));
                assert!(!reply.contains("succeeded") && !reply.contains("INTERNAL"), "{operation}: {reply}");
            }
            _ if random.percent(10) => {
                let _open = shop.enter();
                assert!(call_text("onepay_encrypt", &large).contains("succeeded"));
            }
            _ => drop(shop.expect("describe", &json!({}))),
        }
        thread::sleep(Duration::from_millis(random.between(2, 20)));
    }
}

/// Asks the platforms and the journal, and configures anew. What faults make of it is any end but a fault of ours.
fn desk(shop: &Shop) {
    let mut random = Random::new(shop.site.seed ^ 0xDE);
    let card = json!({"cardType": "03", "cardNo": "10001"});
    while !shop.ends() {
        let (operation, request) = match random.between(0, 99) {
            0..10 => ("configure", shop.settings("default", TIME_LIMIT_MS + random.between(0, 9))),
            10..14 => ("configure", shop.settings(&format!("other-{}", random.between(0, 3)), 1_000)),
            14..30 => ("onepay_account_info", json!({"param": card})),
            30..40 => ("onepay_query", json!({"orderNo": format!("S0-{}", random.between(1, 200))})),
            40..45 => ("onepay_transact", json!({"transType": "hop.account.info", "param": card})),
            45..50 => ("onepay_wristband_account", json!({"param": {"key": "WB-A0000001"}})),
            50..60 => ("glory_sync", json!({"maxPages": 2})),
            60..75 => ("glory_lookup", json!({"certType": "0", "certNo": "11010519491231002X"})),
            75..90 => ("journal_list", json!({"limit": 50})),
            90..99 => {
                let listed = shop.expect("journal_list", &json!({"state": "unknown", "limit": 20}));
                let open = listed["entries"].as_array().unwrap();
                if open.is_empty() {
                    continue;
                }
                let entry = random.pick(open);
                let name = if entry["platform"] == "onepay" { "orderNo" } else { "deductionID" };
                ("journal_resolve", json!({name: entry[name]}))
            }
            _ => ("onepay_details", json!({"param": {"cardType": "03", "cardNo": "10001", "pageNo": 1}})),
        };
        let reply = shop.ask(operation, &request);
        assert_ne!(reply["code"], "INTERNAL", "{operation}: {reply}");
        if ["configure", "journal_list"].contains(&operation) {
            assert_eq!(reply["status"], "succeeded", "{operation}: {reply}");
        }
        thread::sleep(Duration::from_millis(random.between(5, 60)));
    }
}
