//! The platform: one request at a time from its bytes to its delivery, through faults, envelope and books.

use std::sync::{Mutex, MutexGuard, PoisonError};

use hislink::json::{self, Json};
use hislink::settings::Onepay;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::books::Books;
use crate::clock;
use crate::envelope::{self, Answer, Request, Unopened};
use crate::faults::{Faults, Plan, When};
use crate::log::Log;
use crate::refusal::{self, Refusal};
use crate::requests::{Peer, Requests, Seen};
use crate::services::{self, Circumstances};
use crate::wire::Delivery;

/// Everything that requests and the control interface share.
#[derive(Debug)]
pub struct Platform {
    /// The application that requests come from.
    pub settings: Onepay,
    /// What the addresses of wristbands start with.
    pub wristband_url: String,
    /// Lines for people.
    pub log: Log,
    books: Mutex<Books>,
    faults: Mutex<Faults>,
    requests: Mutex<Requests>,
}

/// What the platform came to.
struct Judged {
    answer: Answer,
    signing_text: Option<String>,
    booked: bool,
}

impl Platform {
    /// A platform with the sample accounts.
    pub fn new(settings: Onepay, wristband_url: String, log: Log) -> Self {
        Self {
            settings,
            wristband_url,
            log,
            books: Mutex::new(Books::seeded()),
            faults: Mutex::default(),
            requests: Mutex::default(),
        }
    }

    /// The books, for one step.
    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The faults, for one step.
    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn requests(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sample accounts again; trades, faults and requests are forgotten.
    pub fn reset(&self) {
        self.books().reset();
        self.faults().clear();
        self.requests().clear();
    }

    /// Books, faults and requests as JSON.
    pub fn state(&self) -> Value {
        let mut state = serde_json::to_value(&*self.books()).unwrap_or_default();
        if let Some(state) = state.as_object_mut() {
            state.insert("faults".to_owned(), json!(&*self.faults()));
            state.insert("requests".to_owned(), json!(&*self.requests()));
        }
        state
    }

    /// Takes a request in.
    pub async fn handle(&self, body: &[u8], peer: Peer) -> Delivery {
        let text = String::from_utf8_lossy(body);
        let trans_type = trans_type(&text);
        let plan = self.faults().take(&trans_type);
        sleep(plan.delay(When::Before)).await;
        if let Some(delivery) = plan.instead(When::Before) {
            self.keep(peer, &trans_type, text.into_owned(), &plan, None);
            return delivery;
        }
        let judged = self.judge(&text, &plan);
        self.keep(peer, &trans_type, text.into_owned(), &plan, Some(&judged));
        sleep(plan.delay(When::After)).await;
        if let Some(delivery) = plan.instead(When::After) {
            return delivery;
        }
        let mut answer = judged.answer;
        plan.alter(&mut answer, &self.settings);
        plan.deliver(plan.page(&answer.text()))
    }

    fn judge(&self, text: &str, plan: &Plan) -> Judged {
        let timestamp = clock::stamp_with_milliseconds(plan.minutes_off());
        match envelope::open(text, &self.settings) {
            Ok(request) => self.serve(&request, plan, timestamp),
            Err(Unopened { refusal, signing_text }) => {
                Judged { answer: envelope::refuse(&refusal, timestamp), signing_text, booked: false }
            }
        }
    }

    fn serve(&self, request: &Request, plan: &Plan, timestamp: String) -> Judged {
        let (served, booked) = self.run(request, plan);
        let types = (request.sign_type, request.encrypt_type);
        let answer = envelope::seal(&served, types, timestamp.clone(), &self.settings).unwrap_or_else(|error| {
            let message = format!("加解密失败：{}", error.details().words.zh);
            envelope::refuse(&Refusal::new(refusal::CRYPTO_FAILED, message), timestamp)
        });
        Judged { answer, signing_text: Some(request.signing_text.clone()), booked }
    }

    fn run(&self, request: &Request, plan: &Plan) -> (Result<Value, Refusal>, bool) {
        if let Some(refusal) = plan.refusal(When::Before) {
            return (Err(refusal), false);
        }
        let now = clock::stamp();
        let around = Circumstances { now: &now, trades_end: plan.trades_end(), wristband_url: &self.wristband_url };
        match services::run(&mut self.books(), &request.trans_type, &request.param, &around) {
            Ok(served) => (plan.refusal(When::After).map_or(Ok(served.param), Err), served.booked),
            Err(refusal) => (Err(refusal), false),
        }
    }

    fn keep(&self, peer: Peer, trans_type: &str, received: String, plan: &Plan, judged: Option<&Judged>) {
        let (verdict, message) = judged.map_or((String::new(), String::new()), |judged| {
            (judged.answer.resp_code.clone(), judged.answer.resp_msg.clone())
        });
        let seen = Seen {
            number: 0,
            time: clock::stamp(),
            peer,
            trans_type: trans_type.to_owned(),
            received,
            answered: judged.map(|judged| judged.answer.text()).unwrap_or_default(),
            verdict,
            message,
            signing_text: judged.and_then(|judged| judged.signing_text.clone()),
            booked: judged.is_some_and(|judged| judged.booked),
            faults: plan.names(),
        };
        let number = self.requests().keep(seen.clone());
        self.log.line(|| line(number, &seen));
    }
}

/// The service that a text asks for, before anything of it is verified.
fn trans_type(text: &str) -> String {
    let message = json::read(text).unwrap_or(Json::Null);
    json::find(&message, "/transType").and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn line(number: u64, seen: &Seen) -> String {
    let Seen { time, peer, trans_type, verdict, message, .. } = seen;
    let time = time.get(8..).unwrap_or_default();
    let scheme = if peer.https { "https" } else { "http" };
    let mut line = format!("{time} #{number} {scheme}/{} {trans_type} {verdict} {message}", peer.connection);
    if seen.booked {
        line.push_str(" [booked]");
    }
    if !seen.faults.is_empty() {
        line.push_str(&format!(" [faults: {}]", seen.faults.join(", ")));
    }
    if let Some(text) = seen.signing_text.as_ref().filter(|_| verdict == refusal::BAD_SIGN) {
        line.push_str(&format!("\n    the platform signed: {text}"));
    }
    line
}
