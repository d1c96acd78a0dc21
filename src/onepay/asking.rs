//! What became of an order whose end is in doubt: the platform is asked, with growing pauses, until it says so or the time
//! is over.

use std::thread;
use std::time::{Duration, Instant};

use super::judgement::{self, TradeState};
use super::param::{fen, yuan};
use super::trade;
use crate::http;
use crate::journal::{End, end};
use crate::json::{self, Json, Object};
use crate::reply::{Code, Error, Status, words};
use crate::settings::Profile;
use crate::store::EntryState;

/// The pause before the second question; it doubles from one to the next.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A question with less time than this would only time out.
const LEAST: Duration = Duration::from_millis(100);

/// An order or refund that may have arrived.
#[derive(Debug)]
pub struct Doubt<'d> {
    /// Where it was sent.
    pub profile: &'d Profile,
    /// The member of `param` that holds its number: the profile's `orderField` or `refundField`.
    pub field: &'d str,
    /// Its number.
    pub number: &'d str,
    /// The member that holds its amount, and the amount in fen.
    pub amount: Option<(&'d str, i64)>,
    /// From when on "no such trade" counts: earlier, the request may still be on its way.
    pub believed_from: Instant,
}

/// What the platform said of it.
#[derive(Debug)]
pub enum Heard {
    /// What is known of it now.
    Known(EntryState, End),
    /// That it knows no such trade, where that counts.
    NoSuchTrade(Error),
    /// The same, where it does not count yet.
    NotYet(Error),
    /// Nothing that tells; why, where that is known.
    Nothing(Option<Error>),
}

impl Doubt<'_> {
    /// Asks until the platform says what became of it, or until `deadline`.
    pub fn ask(&self, deadline: Instant) -> Heard {
        let mut pause = FIRST_PAUSE;
        loop {
            // The platform may have looked as soon as it was asked.
            let asked = Instant::now();
            let heard = match self.ask_once(deadline) {
                Heard::NoSuchTrade(said) if asked < self.believed_from => Heard::NotYet(said),
                heard => heard,
            };
            if !matches!(heard, Heard::NotYet(_) | Heard::Nothing(_)) {
                return heard;
            }
            let now = Instant::now();
            let mut next = now + pause;
            if self.believed_from > now {
                next = next.min(self.believed_from);
            }
            if next + LEAST > deadline {
                return heard;
            }
            thread::sleep(next - now);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    fn ask_once(&self, deadline: Instant) -> Heard {
        let left = deadline.saturating_duration_since(Instant::now()).max(LEAST);
        let mut param = Object::default();
        param.set(self.field, Json::String(self.number.into()));
        let (profile, param) = (self.profile, Json::Object(param));
        let end = end::of(|data| trade::transact(profile, trade::QUERY.trans_type, &param, Some(left), data));
        let Some((state, amount)) = self.told(&end) else { return Heard::Nothing(end.err()) };
        match (self.amount, amount) {
            (Some((field, ours)), Some(theirs)) if ours != theirs => {
                Heard::Known(EntryState::Unknown, Err(other_amount(field, ours, theirs)))
            }
            _ => heard(state, end),
        }
    }

    /// The state of the trade, and its amount where it is told, if the answer is the platform's own word.
    fn told(&self, end: &End) -> Option<(TradeState, Option<i64>)> {
        let param = word_of(end)?;
        let param = json::read(&param).ok()?;
        let param = param.as_object()?;
        let amount = self.amount.and_then(|(field, _)| param.get(field)?.as_scalar().and_then(fen));
        Some((TradeState::of(param.get("result")?.as_scalar()?)?, amount))
    }
}

/// The `param` of a query's answer, as JSON text, where the answer is the platform's own word on the trade: verified, and
/// no refusal of the query itself.
pub fn word_of(end: &End) -> Option<String> {
    let data = match end {
        Ok(data) => data,
        Err(error) => {
            let details = error.details();
            let success = details.platform.as_ref().is_some_and(|(code, _)| judgement::is_success(code));
            // What is pending has no other code.
            details.data.as_ref().filter(|_| success || details.code == Code::Ok)?
        }
    };
    let data = json::read(data).ok()?;
    let data = data.as_object()?;
    match (data.get("verified"), data.get("param")?) {
        (Some(_), _) => None,
        // A param that was signed as a text says as much as one that was signed as an object.
        (None, Json::String(text)) => Some(text.clone().into_owned()),
        (None, param) => Some(json::to_text(param)),
    }
}

fn heard(state: TradeState, end: End) -> Heard {
    let asked = |end| {
        end::with(end, |data| {
            data.bool("queried", true);
        })
    };
    match (state, end) {
        (TradeState::NotFound, Err(said)) => Heard::NoSuchTrade(said),
        (TradeState::Succ, end) => Heard::Known(EntryState::Succeeded, asked(end)),
        (TradeState::Init | TradeState::Ing, end) => Heard::Known(EntryState::Pending, asked(end)),
        (TradeState::Fail | TradeState::Closed, end) => Heard::Known(EntryState::Failed, asked(end)),
        (TradeState::Exp, end) => Heard::Known(EntryState::Unknown, asked(end)),
        (TradeState::NotFound, Ok(_)) => Heard::Nothing(None),
    }
}

fn other_amount(field: &str, ours: i64, theirs: i64) -> Error {
    let [ours, theirs] = [ours, theirs].map(yuan);
    http::unreadable(&words!(
        "平台记录的 {field} 为 {theirs}，而本笔为 {ours}，请与平台核对",
        "the platform has {theirs} as its {field}, and this one is of {ours}: ask the platform's people"
    ))
}

/// The end of a call whose order the platform, asked, does not know.
pub fn no_such_trade(said: &Error) -> Error {
    let words = words!(
        "平台查无此单：请求未到达平台，未发生交易；可用同一订单号重新发起",
        "the platform knows no such trade: the request did not arrive and nothing was moved; it may be sent again with the same number"
    );
    let details = said.details();
    let mut error = Error::new(Status::Failed, Code::PlatformRefused, words);
    if let Some((code, message)) = &details.platform {
        error = error.from_platform(code, message);
    }
    let data = details.data.clone().unwrap_or_else(|| "{}".to_owned());
    error.with_data_text(data)
}
