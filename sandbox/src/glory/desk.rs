//! The card platform as a whole, and one request at a time from its bytes to its answer.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hislink::json::Object;
use hislink::settings::Glory as Settings;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::envelope::{self, Headers, SUCCESS, Unopened};
use super::ledger::Ledger;
use super::paging::Data;
use super::roster::Roster;
use super::services;
use crate::clock;
use crate::faults::{Plan, When};
use crate::journal::{Denied, Unwritten};
use crate::platform::Judged;

/// How many bytes of an answer are kept.
const KEPT_BYTES: usize = 4 * 1024;

/// The card platform's own: whose requests it takes, its roster and its ledger.
#[derive(Debug)]
pub struct Glory {
    /// The hospital that requests come from.
    pub settings: Settings,
    /// PEM: the authority that a hospital's own service is trusted by, unless another is named.
    pub ca_file: PathBuf,
    roster: Mutex<Roster>,
    ledger: Mutex<Ledger>,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The service's path.
    pub path: String,
    /// The signature's headers.
    pub headers: Headers,
    /// The body.
    pub body: Bytes,
}

/// The `data` that a service came to or the message that it refused with, and whether it changed the ledger.
type Run = (Result<Option<Data>, String>, bool);

impl Glory {
    /// A platform with that roster and ledger.
    pub fn new(settings: Settings, roster: Roster, ledger: Ledger, ca_file: PathBuf) -> Self {
        Self { settings, ca_file, roster: Mutex::new(roster), ledger: Mutex::new(ledger) }
    }

    /// The roster, for one step.
    pub fn roster(&self) -> MutexGuard<'_, Roster> {
        self.roster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ledger, for one step.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Roster and ledger as JSON.
    pub fn state(&self) -> Value {
        let mut state = self.ledger_json();
        if let Some(state) = state.as_object_mut() {
            state.insert("rosterSize".to_owned(), json!(self.roster().size()));
        }
        state
    }

    /// The ledger as JSON.
    pub fn ledger_json(&self) -> Value {
        let deductions: Vec<_> = self.ledger().all().map(|deduction| json!(deduction)).collect();
        json!({ "deductions": deductions })
    }

    /// Judges a request, and makes the page that answers it.
    pub(crate) fn judge(&self, asked: &Asked, plan: &Plan) -> Judged {
        let text = String::from_utf8_lossy(&asked.body);
        match envelope::open(&text, &asked.headers, &self.settings) {
            Ok(request) => {
                let judged = match self.run(asked, &request.body, plan) {
                    Ok((served, booked)) => Judged { booked, ..self.answer(served, true, plan) },
                    Err(error) => Judged::unwritten(error),
                };
                Judged { signing_text: Some(request.signing_text), ..judged }
            }
            Err(Unopened { message, signing_text }) => {
                let bad_sign = signing_text.is_some();
                Judged { signing_text, bad_sign, ..self.answer(Err(message), false, plan) }
            }
        }
    }

    fn run(&self, asked: &Asked, body: &Object<'_>, plan: &Plan) -> Result<Run, Unwritten> {
        let timely = envelope::check_timestamp(&asked.headers.timestamp, plan.minutes_off());
        let refused = timely.err().or_else(|| plan.refusal(When::Before).map(|refusal| refusal.message));
        if let Some(message) = refused {
            return Ok((Err(message), false));
        }
        match services::run(self, &asked.path, body, plan) {
            Ok(served) => {
                let refused = plan.refusal(When::After).map(|refusal| refusal.message);
                Ok((refused.map_or(Ok(served.data), Err), served.booked))
            }
            Err(Denied::Refused(message)) => Ok((Err(message), false)),
            Err(Denied::Unwritten(error)) => Err(error),
        }
    }

    fn answer(&self, served: Result<Option<Data>, String>, signed: bool, plan: &Plan) -> Judged {
        let (verdict, message, answer) = match served {
            Ok(data) => ("1", SUCCESS.to_owned(), envelope::success(data)),
            Err(message) => ("0", message.clone(), envelope::refusal(&message)),
        };
        let mut page = plan.page(&answer.text);
        if signed {
            let headers = answer.sign(clock::stamp_off(plan.minutes_off()), &self.settings).ok();
            let headers = headers.and_then(|headers| Some(Headers { sign: plan.sign(headers.sign)?, ..headers }));
            page = page.with_headers(headers.iter().flat_map(Headers::pairs));
        }
        Judged {
            page,
            answered: beginning(answer.text),
            verdict: verdict.to_owned(),
            message,
            signing_text: None,
            bad_sign: false,
            booked: false,
        }
    }
}

/// What is kept of an answer: a page of rows is the same whenever it is asked for.
fn beginning(mut text: String) -> String {
    let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= KEPT_BYTES);
    text.truncate(end.unwrap_or(text.len()));
    text
}
