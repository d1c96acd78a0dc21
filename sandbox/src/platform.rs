//! The platforms: one request at a time from its bytes to its delivery, through faults, envelope and books.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hislink::json::{self, Json};
use hislink::settings::Onepay;
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::books::Books;
use crate::clock;
use crate::console::{Console, Mark};
use crate::envelope::{self, Answer, Request, Unopened};
use crate::faults::{Faults, Plan, When};
use crate::glory::{Asked, Glory};
use crate::journal::{Denied, Unwritten};
use crate::log::Log;
use crate::refusal::{self, Refusal};
use crate::requests::{Peer, Requests, Seen};
use crate::server::SERVICE_PATH;
use crate::services::{self, Circumstances};
use crate::wire::{Delivery, Page};

/// Everything that requests and the control interface share.
#[derive(Debug)]
pub struct Platform {
    /// The application that requests come from.
    pub settings: Onepay,
    /// What the addresses of wristbands start with.
    pub wristband_url: String,
    /// Lines for people.
    pub log: Log,
    /// The card platform.
    pub glory: Glory,
    /// Where requests are watched, if anywhere.
    pub console: Console,
    books: Mutex<Books>,
    faults: Mutex<Faults>,
    requests: Mutex<Requests>,
}

/// What a platform came to.
pub(crate) struct Judged {
    /// The page that answers, with what faults alter.
    pub page: Page,
    /// The answer's text before that.
    pub answered: String,
    /// `respCode` or `responseFlag`.
    pub verdict: String,
    /// The message with it.
    pub message: String,
    /// What was signed, with the secret as `***`.
    pub signing_text: Option<String>,
    /// Whether the sign was not that text's.
    pub bad_sign: bool,
    /// Whether the books were changed.
    pub booked: bool,
}

impl Judged {
    /// In place of an answer: what was asked for could not be written, and is not booked.
    pub(crate) fn unwritten(Unwritten(message): Unwritten) -> Self {
        Self {
            page: Page::html(500, "账册无法写入，未记账"),
            answered: String::new(),
            verdict: String::new(),
            message,
            signing_text: None,
            bad_sign: false,
            booked: false,
        }
    }
}

impl Platform {
    /// A platform with those books, and no console.
    pub fn new(settings: Onepay, wristband_url: String, books: Books, glory: Glory, log: Log) -> Self {
        Self {
            settings,
            wristband_url,
            log,
            glory,
            console: Console::default(),
            books: Mutex::new(books),
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

    /// The sample accounts and the roster again; trades, deductions, faults and requests are forgotten.
    ///
    /// Fails where the file of the books cannot be emptied; then nothing is forgotten.
    pub fn reset(&self) -> Result<(), Unwritten> {
        // Both at once: what is written between would be forgotten by the file only.
        let (mut books, mut ledger) = (self.books(), self.glory.ledger());
        books.journal().empty()?;
        ledger.clear();
        let numbered = books.reset();
        drop((books, ledger));
        self.glory.roster().reset();
        self.faults().clear();
        self.requests().clear();
        self.console.clear();
        numbered
    }

    /// Books and ledger as JSON, with the names that they have in the state.
    pub fn books_json(&self) -> Value {
        let mut books = serde_json::to_value(&*self.books()).unwrap_or_default();
        if let Some(books) = books.as_object_mut() {
            books.insert("glory".to_owned(), self.glory.ledger_json());
        }
        books
    }

    /// Books, the card platform, faults and requests as JSON.
    pub fn state(&self) -> Value {
        let mut state = serde_json::to_value(&*self.books()).unwrap_or_default();
        if let Some(state) = state.as_object_mut() {
            state.insert("glory".to_owned(), self.glory.state());
            state.insert("faults".to_owned(), json!(&*self.faults()));
            state.insert("requests".to_owned(), json!(&*self.requests()));
        }
        state
    }

    /// Takes a request of onepay in.
    pub async fn handle(&self, body: &[u8], peer: Peer, mark: Mark) -> Delivery {
        let text = String::from_utf8_lossy(body);
        let seen = Seen { trans_type: trans_type(&text), ..came(peer, SERVICE_PATH, &text) };
        self.pass(seen, mark, |plan| self.judge(&text, plan)).await
    }

    /// Takes a request of glory in.
    pub async fn handle_glory(&self, asked: &Asked, peer: Peer, mark: Mark) -> Delivery {
        let seen = came(peer, &asked.path, &String::from_utf8_lossy(&asked.body));
        self.pass(seen, mark, |plan| self.glory.judge(asked, plan)).await
    }

    /// Leads a request through its faults, and has it judged between them.
    async fn pass(&self, mut seen: Seen, mark: Mark, judge: impl FnOnce(&Plan) -> Judged) -> Delivery {
        let plan = self.faults().take(&seen.path, &seen.trans_type);
        seen.faults = plan.names();
        self.console.begun(mark, &seen);
        wait(plan.delay(When::Before)).await;
        if let Some(delivery) = plan.instead(When::Before) {
            self.keep(seen, mark, false);
            return delivery;
        }
        let Judged { page, answered, verdict, message, signing_text, bad_sign, booked } = judge(&plan);
        self.keep(Seen { answered, verdict, message, signing_text, booked, ..seen }, mark, bad_sign);
        wait(plan.delay(When::After)).await;
        plan.instead(When::After).unwrap_or_else(|| plan.deliver(page))
    }

    fn judge(&self, text: &str, plan: &Plan) -> Judged {
        let timestamp = clock::stamp_with_milliseconds(plan.minutes_off());
        let (mut answer, signing_text, booked) = match envelope::open(text, &self.settings) {
            Ok(request) => match self.serve(&request, plan, timestamp) {
                Ok((answer, booked)) => (answer, Some(request.signing_text), booked),
                Err(error) => {
                    return Judged { signing_text: Some(request.signing_text), ..Judged::unwritten(error) };
                }
            },
            Err(Unopened { refusal, signing_text }) => (envelope::refuse(&refusal, timestamp), signing_text, false),
        };
        let answered = answer.text();
        plan.alter(&mut answer, &self.settings);
        Judged {
            page: plan.page(&answer.text()),
            answered,
            bad_sign: answer.resp_code == refusal::BAD_SIGN,
            verdict: answer.resp_code,
            message: answer.resp_msg,
            signing_text,
            booked,
        }
    }

    fn serve(&self, request: &Request, plan: &Plan, timestamp: String) -> Result<(Answer, bool), Unwritten> {
        let (served, booked) = self.run(request, plan)?;
        let types = (request.sign_type, request.encrypt_type);
        let answer = envelope::seal(&served, types, timestamp.clone(), &self.settings).unwrap_or_else(|error| {
            let message = format!("加解密失败：{}", error.details().words.zh);
            envelope::refuse(&Refusal::new(refusal::CRYPTO_FAILED, message), timestamp)
        });
        Ok((answer, booked))
    }

    fn run(&self, request: &Request, plan: &Plan) -> Result<(Result<Value, Refusal>, bool), Unwritten> {
        if let Some(refusal) = plan.refusal(When::Before) {
            return Ok((Err(refusal), false));
        }
        let now = clock::stamp();
        let around = Circumstances { now: &now, trades_end: plan.trades_end(), wristband_url: &self.wristband_url };
        match services::run(&mut self.books(), &request.trans_type, &request.param, &around) {
            Ok(served) => Ok((plan.refusal(When::After).map_or(Ok(served.param), Err), served.booked)),
            Err(Denied::Refused(refusal)) => Ok((Err(refusal), false)),
            Err(Denied::Unwritten(error)) => Err(error),
        }
    }

    fn keep(&self, seen: Seen, mark: Mark, bad_sign: bool) {
        // The line first: what is kept is not copied, and is there when somebody reads the line.
        let mut requests = self.requests();
        let line = self.log.listens().then(|| line(requests.next(), &seen, bad_sign));
        self.console.judged(mark, requests.next(), &seen);
        requests.keep(seen);
        drop(requests);
        if let Some(line) = line {
            self.log.line(|| line);
        }
    }
}

/// Sleeping for no time would still wait for the timer's next millisecond.
async fn wait(duration: Duration) {
    if !duration.is_zero() {
        sleep(duration).await;
    }
}

/// A request of which nothing is known but that it came.
fn came(peer: Peer, path: &str, received: &str) -> Seen {
    Seen {
        number: 0,
        time: clock::stamp(),
        peer,
        path: path.to_owned(),
        trans_type: String::new(),
        received: received.to_owned(),
        answered: String::new(),
        verdict: String::new(),
        message: String::new(),
        signing_text: None,
        booked: false,
        faults: Vec::new(),
    }
}

/// The service that a text asks for, before anything of it is verified.
fn trans_type(text: &str) -> String {
    let message = json::read(text).unwrap_or(Json::Null);
    json::find(&message, "/transType").and_then(Json::as_str).unwrap_or_default().to_owned()
}

fn line(number: u64, seen: &Seen, bad_sign: bool) -> String {
    let Seen { time, peer, path, trans_type, verdict, message, .. } = seen;
    let service = if path == SERVICE_PATH { trans_type } else { path };
    let time = time.get(8..).unwrap_or_default();
    let scheme = if peer.https { "https" } else { "http" };
    let mut line = format!("{time} #{number} {scheme}/{} {service} {verdict} {message}", peer.connection);
    if seen.booked {
        line.push_str(" [booked]");
    }
    if !seen.faults.is_empty() {
        line.push_str(&format!(" [faults: {}]", seen.faults.join(", ")));
    }
    if let Some(text) = seen.signing_text.as_ref().filter(|_| bad_sign) {
        line.push_str(&format!("\n    the platform signed: {text}"));
    }
    line
}

#[cfg(test)]
mod tests {
    use std::env::current_exe;
    use std::sync::Arc;

    use hislink::settings::{EncryptType, SignType};
    use hyper::body::Bytes;
    use tokio::runtime::Builder;

    use super::*;
    use crate::glory::envelope::signed;
    use crate::glory::identity::{self as hospital, GloryNumbers};
    use crate::glory::ledger::Ledger;
    use crate::glory::roster::Roster;
    use crate::glory::services::DEDUCT;
    use crate::identity::{APP_ID, APP_SECRET, KeyOrder, settings};
    use crate::journal::Journal;

    /// A platform whose books cannot be written, and the lines that it logs.
    fn broken() -> (Platform, Arc<Mutex<Vec<String>>>) {
        let lines: Arc<Mutex<Vec<String>>> = Arc::default();
        let sink = lines.clone();
        let log = Log::new(Some(Arc::new(move |line: &str| sink.lock().unwrap().push(line.to_owned()))));
        let journal = Journal::broken(&current_exe().unwrap(), log.clone());
        let (mut books, mut ledger) = (Books::seeded(), Ledger::default());
        books.keep_in(journal.clone());
        ledger.keep_in(journal);
        let sign = hospital::settings(hospital::SID, hospital::KEY, hospital::ORG_CODE, GloryNumbers::Literal);
        let glory = Glory::new(sign.unwrap(), Roster::new(0, 0), ledger, "ca.pem".into());
        let onepay = settings(APP_ID, APP_SECRET, KeyOrder::Ascii).unwrap();
        (Platform::new(onepay, String::new(), books, glory, log), lines)
    }

    fn status(delivery: impl Future<Output = Delivery>) -> u16 {
        match Builder::new_current_thread().build().unwrap().block_on(delivery) {
            Delivery::Whole(page) => page.status,
            other => panic!("{other:?}"),
        }
    }

    fn peer() -> Peer {
        Peer { connection: 1, https: false, client_certificate: false, address: ([127, 0, 0, 1], 1).into() }
    }

    #[test]
    fn what_cannot_be_written_is_not_booked_and_answered_with_500() {
        let (platform, lines) = broken();
        let before = platform.state();
        // A notification has a request's envelope.
        let request = |trans_type: &str, param: Value| {
            let types = (SignType::Md5, EncryptType::Plain);
            envelope::notification(trans_type, param.to_string(), types, "20261121120000", &platform.settings).unwrap()
        };
        let card = json!({ "cardType": "03", "cardNo": "10001" });
        let mut charge = card.clone();
        for (name, value) in [("chargeAmt", "1"), ("depositeType", "CASH"), ("outChargeNo", "OC1")] {
            charge[name] = json!(value);
        }
        let ask = |request: String| status(platform.handle(request.as_bytes(), peer(), Mark::default()));
        assert_eq!(ask(request("hop.trade.recharge", charge)), 500);
        assert_eq!(ask(request("portal.wb.getWristbandCode", card.clone())), 500);
        assert_eq!(ask(request("hop.account.info", card)), 200);
        assert_eq!(lines.lock().unwrap().iter().filter(|line| line.starts_with("NOT BOOKED")).count(), 2);
        let after = platform.state();
        assert_eq!((&after["accounts"], &after["orders"]), (&before["accounts"], &before["orders"]));
        assert_eq!((&after["wristbands"], &after["requests"][0]["booked"]), (&json!([]), &json!(false)));
    }

    #[test]
    fn nor_is_a_deduction_or_what_is_done_by_hand() {
        let (platform, lines) = broken();
        let body = json!({
            "orgCode": hospital::ORG_CODE, "certType": "0", "certNo": "1", "certName": "张小凡", "deductionID": "D1",
            "totalFee": "2.00", "deductionFee": "1.00", "deductionTime": "2026-11-21 09:30:00", "gloryType": "1",
            "deductionType": "0",
        });
        let body = body.to_string();
        let headers = signed(&body, clock::stamp(), &platform.glory.settings).unwrap();
        let asked = Asked { path: DEDUCT.to_owned(), headers, body: Bytes::from(body) };
        assert_eq!(status(platform.handle_glory(&asked, peer(), Mark::default())), 500);
        assert_eq!(platform.glory.ledger().all().count(), 0);
        let account = platform.books().accounts().next().cloned().unwrap();
        assert!(platform.books().put_account(account).is_err() && platform.reset().is_err());
        assert_eq!(lines.lock().unwrap().iter().filter(|line| line.starts_with("NOT BOOKED")).count(), 3);
        assert_eq!(platform.state()["requests"].as_array().unwrap().len(), 1, "nothing was forgotten");
    }
}
