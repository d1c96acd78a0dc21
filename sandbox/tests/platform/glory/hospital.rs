//! A hospital: signs requests, posts them, verifies the answers.

use hislink_sandbox::{Options, Sandbox};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use ureq::Agent;

use super::signature::{flatten, sign};
use crate::clerk::agent;
use crate::raw::{self, Heard};

pub const ALL: &str = "/glorycard/store/all";
pub const DEDUCT: &str = "/glorycard/store/deduct";
pub const CANCEL: &str = "/glorycard/store/deductCancel";

pub struct Hospital {
    pub sandbox: Sandbox,
    pub agent: Agent,
}

/// sid, timestamp, sign.
pub type Signed = [(&'static str, String); 3];

#[derive(Debug)]
pub struct Reply {
    pub flag: String,
    pub message: String,
    pub body: Value,
    /// Whether it came with the three headers, and they hold.
    pub verified: bool,
    /// Whether it came with any of them.
    pub signed: bool,
}

impl Hospital {
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    pub fn with(options: Options) -> Self {
        Self { sandbox: Sandbox::start(options).unwrap(), agent: agent() }
    }

    pub fn of(cards: u64) -> Self {
        Self::with(Options { cards, ..Options::default() })
    }

    /// The headers of a body, by a clock that is so many minutes off.
    pub fn headers(&self, body: &str, minutes: i64) -> Signed {
        let flattened = flatten(&serde_json::from_str(body).unwrap());
        let timestamp = stamp(minutes);
        let sign = sign(&flattened, self.sandbox.glory_key(), &timestamp);
        [("sid", self.sandbox.glory_sid().to_owned()), ("timestamp", timestamp), ("sign", sign)]
    }

    /// Asks with the `orgCode` added.
    pub fn ask(&self, path: &str, mut body: Value) -> Reply {
        body["orgCode"] = json!(self.sandbox.glory_org_code());
        self.send(path, &body.to_string())
    }

    /// Signs and asks.
    pub fn send(&self, path: &str, body: &str) -> Reply {
        self.send_with(path, &self.headers(body, 0), body)
    }

    pub fn send_with(&self, path: &str, headers: &[(&'static str, String)], body: &str) -> Reply {
        let mut request = self.agent.post(format!("{}{path}", self.sandbox.glory_http_url()));
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let mut response = request.send(body).unwrap();
        assert_eq!(response.status(), 200);
        let header = |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let given = ["sid", "timestamp", "sign"].map(header);
        self.read(&response.body_mut().read_to_string().unwrap(), given)
    }

    fn read(&self, text: &str, given: [Option<String>; 3]) -> Reply {
        let body: Value = serde_json::from_str(text).unwrap_or_else(|_| panic!("{text}"));
        let signed = given.iter().any(Option::is_some);
        let [sid, timestamp, sent] = given.map(Option::unwrap_or_default);
        let expected = sign(&flatten(&body), self.sandbox.glory_key(), &timestamp);
        Reply {
            flag: body["responseFlag"].as_str().unwrap().to_owned(),
            message: body["responseMessage"].as_str().unwrap().to_owned(),
            verified: (sid.as_str(), &sent) == (self.sandbox.glory_sid(), &expected),
            signed,
            body,
        }
    }

    /// The answer of a request that succeeded, signed.
    pub fn served(&self, path: &str, body: Value) -> Value {
        let reply = self.ask(path, body);
        assert_eq!((reply.flag.as_str(), reply.message.as_str(), reply.verified), ("1", "成功", true), "{reply:?}");
        reply.body
    }

    /// The message of a refusal, signed.
    pub fn refused(&self, path: &str, body: Value) -> String {
        let reply = self.ask(path, body);
        assert_eq!((reply.flag.as_str(), reply.verified), ("0", true), "{reply:?}");
        reply.message
    }

    /// The roster's rows after a record number.
    pub fn page(&self, after: u64) -> Vec<Value> {
        self.served(ALL, json!({ "dataID": after }))["data"].as_array().unwrap().clone()
    }

    /// Bytes on the wire.
    pub fn exchange(&self, path: &str, mut body: Value) -> Heard {
        body["orgCode"] = json!(self.sandbox.glory_org_code());
        let body = body.to_string();
        let headers = self.headers(&body, 0);
        let mut headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        headers.push(("Connection", "close"));
        let mut stream = raw::connect(&self.sandbox);
        raw::post(&mut stream, path, &headers, &body);
        raw::listen(stream)
    }

    /// The answer in bytes that came over the wire.
    pub fn open(&self, heard: &Heard) -> Reply {
        let given = ["sid", "timestamp", "sign"].map(|name| heard.header(name));
        self.read(std::str::from_utf8(heard.body()).unwrap(), given)
    }

    /// The latest request as the sandbox recorded it.
    pub fn latest(&self) -> Value {
        self.sandbox.state()["requests"].as_array().unwrap().last().unwrap().clone()
    }

    /// Calls the control interface.
    pub fn control(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}{path}", self.sandbox.control_url());
        let mut response = self.agent.post(url).send(body.to_string()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap())
    }
}

pub fn stamp(minutes: i64) -> String {
    let moment = Timestamp::now() + SignedDuration::from_mins(minutes);
    moment.to_zoned(TimeZone::fixed(Offset::constant(8))).strftime("%Y%m%d%H%M%S").to_string()
}

/// A deduction without its `orgCode`.
pub fn deduction(id: &str) -> Value {
    json!({
        "certType": "0", "certNo": "331166*****777X", "certName": "张小凡", "deductionID": id, "totalFee": "20.00",
        "deductionFee": "10.00", "deductionTime": "2026-11-21 09:30:00", "gloryType": "1", "deductionType": "0",
        "remarks": "门诊",
    })
}

pub fn cancellation(id: &str) -> Value {
    json!({ "deductionID": id, "deductionTime": "2026-11-21 10:00:00" })
}
