//! A hospital with a profile and a store of its own, and its platforms.

// Each test uses a part of this.
#![allow(dead_code)]

use std::fs;
use std::path::PathBuf;
use std::process::{self, Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, AtomicU32, AtomicUsize, Ordering};

use hislink::clock;
use hislink_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::host::call;

/// The span that holds every deduction made here.
pub const SPAN: (&str, &str) = ("2026-11-01 00:00:00", "2026-11-30 23:59:59");

pub struct Hospital {
    pub sandbox: Sandbox,
    pub profile: String,
    folder: PathBuf,
    settle_seconds: AtomicU32,
}

impl Hospital {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let profile = format!("hospital-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::SeqCst));
        let folder = std::env::temp_dir().join(format!("hislink-{profile}"));
        // Only an earlier run of the same number left one.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let hospital = Self { sandbox, profile, folder, settle_seconds: AtomicU32::new(1) };
        hospital.configure(&hospital.sandbox.glory_http_url());
        hospital
    }

    /// The settings, with the platform at `url`.
    pub fn settings(&self, url: &str) -> Value {
        let glory = json!({"url": url, "sid": self.sandbox.glory_sid(), "key": self.sandbox.glory_key(),
            "orgCode": self.sandbox.glory_org_code()});
        let onepay = json!({"url": self.sandbox.http_url(), "appId": self.sandbox.app_id(),
            "appSecret": self.sandbox.app_secret(), "settleSeconds": self.settle_seconds.load(Ordering::SeqCst)});
        json!({"profile": self.profile, "glory": glory, "onepay": onepay,
            "store": format!("sqlite:{}", self.store().display()), "http": {"timeoutMs": 5000}})
    }

    pub fn configure(&self, url: &str) {
        let reply = call("configure", &self.settings(url));
        assert_eq!(reply["status"], "succeeded", "{reply}");
    }

    /// Configures it anew, with that `settleSeconds` from now on.
    pub fn settle_after(&self, seconds: u32) {
        self.settle_seconds.store(seconds, Ordering::SeqCst);
        self.configure(&self.sandbox.glory_http_url());
    }

    pub fn store(&self) -> PathBuf {
        self.folder.join("hislink.db")
    }

    pub fn call(&self, operation: &str, mut request: Value) -> Value {
        request["profile"] = json!(self.profile);
        call(operation, &request)
    }

    pub fn recharge(&self, order_no: &str, amount: &str) -> Value {
        self.call("onepay_recharge", recharge(order_no, amount))
    }

    /// The journal's entry of an order.
    pub fn entry(&self, order_no: &str) -> Value {
        let listed = self.call("journal_list", json!({}));
        let entries = listed["data"]["entries"].as_array().unwrap_or_else(|| panic!("{listed}"));
        entries.iter().find(|entry| entry["orderNo"] == order_no).cloned().unwrap_or_default()
    }

    pub fn resolve(&self, order_no: &str) -> Value {
        self.call("journal_resolve", json!({"orderNo": order_no}))
    }

    pub fn deduct(&self, id: &str) -> Value {
        self.call("glory_deduct", deduction(id))
    }

    pub fn cancel(&self, id: &str, time: &str) -> Value {
        self.call("glory_cancel", json!({"deductionID": id, "deductionTime": time}))
    }

    /// The platform's requests so far, of one service of onepay.
    pub fn sent(&self, service: &str) -> usize {
        let state = self.sandbox.state();
        state["requests"].as_array().unwrap().iter().filter(|request| request["transType"] == service).count()
    }

    /// The platform's requests so far, of one path.
    pub fn requests(&self, path: &str) -> Vec<Value> {
        let state = self.sandbox.state();
        let requests = state["requests"].as_array().unwrap();
        requests.iter().filter(|request| request["path"] == path).cloned().collect()
    }

    /// A signed request of the platform for a span: headers and body.
    pub fn question(&self, start: &str, end: &str) -> (Value, Value) {
        let body = json!({"orgCode": self.sandbox.glory_org_code(), "deductTimeStart": start, "deductionTimeEnd": end});
        (self.sign(&body, None), body)
    }

    /// The headers for a body, signed at that time, or at one near now that was not used before: the same body in the
    /// same second has the same sign, and counts as a replay.
    pub fn sign(&self, body: &Value, timestamp: Option<&str>) -> Value {
        static SIGNED: AtomicI64 = AtomicI64::new(0);
        // Five minutes early or late are let pass, and some are sent only a while later: none is early by much.
        let later = SIGNED.fetch_add(1, Ordering::SeqCst) % 300;
        let unused = clock::stamp_of_second(clock::second() - 20 + later);
        let timestamp = timestamp.unwrap_or(&unused);
        let reply = self.call("glory_sign", json!({"body": body, "timestamp": timestamp}));
        assert_eq!(reply["status"], "succeeded", "{reply}");
        reply["data"]["headers"].clone()
    }
}

impl Drop for Hospital {
    fn drop(&mut self) {
        // The store may still be open; where its folder cannot go, the system clears it some day.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A recharge that holds.
pub fn recharge(order_no: &str, amount: &str) -> Value {
    json!({"orderNo": order_no, "param": {"cardType": "03", "cardNo": "10001", "chargeAmt": amount,
        "depositeType": "CASH"}})
}

/// A deduction that holds.
pub fn deduction(id: &str) -> Value {
    json!({"certType": "0", "certNo": "11010519491231002X", "certName": "张小凡", "deductionID": id,
        "totalFee": "25.50", "deductionFee": "10.00", "deductionTime": "2026-11-21 10:00:00", "gloryType": "1",
        "deductionType": "0", "remarks": "门诊"})
}

/// Starts an ignored test of this program in a process of its own, with a text for it in `HISLINK_TEST`.
pub fn in_another_process(test: &str, text: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"])
        .env("HISLINK_TEST", text)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}
