//! The platform's own question: it asks a hospital for the deductions of a span (document 3.1), verifies the answer,
//! and compares it with what it has taken.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use hislink::glory::{flatten, sign};
use hislink::http::Transport;
use hislink::http::{Answer, Client, Url};
use hislink::json::{self, Json, Object, ObjectWriter};
use hislink::reply::{Error, Language};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::Glory;
use super::envelope::{self, Headers};
use super::ledger::Deduction;
use crate::clock;

/// How long the hospital may take to answer.
const LIMIT: Duration = Duration::from_secs(10);

/// What a hospital answers of a deduction (document 3.1.3).
const MEMBERS: &[&str] = &[
    "orgCode",
    "certType",
    "certNo",
    "certName",
    "deductionID",
    "totalFee",
    "deductionFee",
    "deductionTime",
    "gloryType",
    "deductionType",
    "cancelTime",
    "status",
    "remarks",
];

/// How the question is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckSign {
    /// As it must be.
    #[default]
    Right,
    /// With a sign that is not its own.
    Wrong,
    /// Without the three headers.
    None,
}

/// A question to a hospital.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HospitalCheck {
    /// Where the hospital takes it: `https://host:port/deductCheck`.
    pub url: String,
    /// The span's start, `yyyy-MM-dd HH:mm:ss`; goes out as it is.
    #[serde(rename = "deductTimeStart")]
    pub start: String,
    /// Its end, counted in.
    #[serde(rename = "deductionTimeEnd")]
    pub end: String,
    /// PEM: the authority to trust, in place of the sandbox's own.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// How it is signed.
    #[serde(default)]
    pub sign: CheckSign,
    /// How far its timestamp is off.
    #[serde(default)]
    pub minutes: i64,
    /// In place of the hospital's own `orgCode`.
    #[serde(default)]
    pub org_code: Option<String>,
    /// Whether the very same request is sent a second time.
    #[serde(default)]
    pub replay: bool,
}

impl HospitalCheck {
    /// A question as it should be.
    pub fn new(url: &str, start: &str, end: &str) -> Self {
        Self {
            url: url.to_owned(),
            start: start.to_owned(),
            end: end.to_owned(),
            ca_file: None,
            sign: CheckSign::Right,
            minutes: 0,
            org_code: None,
            replay: false,
        }
    }
}

/// What a hospital answered, held against the platform's own deductions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CheckReport {
    /// The HTTP status.
    pub status: u16,
    /// The answer's; blank where it has none.
    pub response_flag: String,
    /// The answer's.
    pub response_message: String,
    /// Whether it came with the three headers, and its sign holds.
    pub verified: bool,
    /// How many rows there are. None are looked at unless the `responseFlag` is 1.
    pub rows: usize,
    /// The ids of deductions of that span that only the platform has.
    pub only_here: Vec<String>,
    /// The ids of those that only the hospital has, or has twice; blank for a row without one.
    pub only_there: Vec<String>,
    /// The members that differ: `{deductionID, member, here, there}`. What is absent is null.
    pub differing: Vec<Value>,
    /// What became of the same request again, where it was sent again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<Box<CheckReport>>,
}

/// Asks a hospital, and waits for its answer.
///
/// Fails with a message in English.
pub fn run(glory: &Glory, check: &HospitalCheck) -> Result<CheckReport, String> {
    let url = Url::parse(&check.url, "/url").map_err(|error| in_english(&error))?;
    let client = client(glory, check)?;
    let body = ObjectWriter::text(|object| {
        object
            .string("orgCode", check.org_code.as_deref().or(glory.settings.org_code().ok()).unwrap_or_default())
            .string("deductTimeStart", &check.start)
            .string("deductionTimeEnd", &check.end);
    });
    let headers = headers(glory, check, &body)?;
    let pairs = headers.as_ref().map(Headers::pairs);
    let pairs = pairs.as_ref().map(|pairs| pairs.as_slice()).unwrap_or_default();
    let ask = || {
        let answer = client.post_json(&url, pairs, &body, Some(LIMIT)).map_err(|failure| failure.words.en)?;
        Ok::<_, String>(report(glory, &answer, glory.ledger().between(&check.start, &check.end)))
    };
    let first = ask()?;
    let again = check.replay.then(ask).transpose()?.map(Box::new);
    Ok(CheckReport { replay: again, ..first })
}

fn client(glory: &Glory, check: &HospitalCheck) -> Result<Client, String> {
    let ca_file = check.ca_file.as_ref().unwrap_or(&glory.ca_file).to_string_lossy();
    let mut settings = Object::default();
    settings.set("caFile", Json::String(ca_file));
    Transport::read(&settings).and_then(Client::new).map_err(|error| in_english(&error))
}

fn headers(glory: &Glory, check: &HospitalCheck, body: &str) -> Result<Option<Headers>, String> {
    let mut headers = envelope::signed(body, clock::stamp_off(check.minutes), &glory.settings)?;
    match check.sign {
        CheckSign::None => return Ok(None),
        CheckSign::Wrong => headers.sign = headers.sign.chars().rev().collect(),
        CheckSign::Right => {}
    }
    Ok(Some(headers))
}

fn report(glory: &Glory, answer: &Answer, ours: Vec<Deduction>) -> CheckReport {
    let message: Map<String, Value> = serde_json::from_slice(&answer.body).unwrap_or_default();
    let text = |name| message.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let report = CheckReport {
        status: answer.status,
        response_flag: text("responseFlag"),
        response_message: text("responseMessage"),
        verified: verified(glory, answer),
        ..CheckReport::default()
    };
    if report.response_flag != "1" {
        return report;
    }
    let rows = message.get("data").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    compared(report, rows, ours)
}

fn verified(glory: &Glory, answer: &Answer) -> bool {
    let header = |name| answer.header(name).unwrap_or_default();
    let settings = &glory.settings;
    let body = std::str::from_utf8(&answer.body).ok().and_then(|text| json::read(text).ok());
    let (Some(Json::Object(body)), Ok(sid), Ok(key)) = (body, settings.sid(), settings.key()) else { return false };
    let Ok(text) = flatten::signing_text(&body, settings.numbers) else { return false };
    header("sid") == sid && sign::same(&sign::sign(&text, key.expose(), header("timestamp")), header("sign"))
}

fn compared(mut report: CheckReport, rows: &[Value], ours: Vec<Deduction>) -> CheckReport {
    let mut ours: BTreeMap<_, _> =
        ours.into_iter().map(|deduction| (deduction.upload.deduction_id.clone(), json!(deduction))).collect();
    report.rows = rows.len();
    for there in rows {
        let id = there.get("deductionID").and_then(Value::as_str).unwrap_or_default();
        match ours.remove(id) {
            Some(here) => report.differing.extend(differences(id, &here, there)),
            None => report.only_there.push(id.to_owned()),
        }
    }
    report.only_here = ours.into_keys().collect();
    report
}

fn differences(id: &str, here: &Value, there: &Value) -> Vec<Value> {
    // A blank text says as little as an absent one, and is not signed either.
    let member = |row: &Value, name: &str| row.get(name).filter(|value| *value != "").cloned().unwrap_or_default();
    let pairs = MEMBERS.iter().map(|name| (name, member(here, name), member(there, name)));
    pairs
        .filter(|(_, here, there)| here != there)
        .map(|(name, here, there)| json!({ "deductionID": id, "member": name, "here": here, "there": there }))
        .collect()
}

fn in_english(error: &Error) -> String {
    error.details().words.text(Language::En).to_owned()
}
