//! Recharges and refunds: each order number is sent once, its intent written down before and its outcome after, and what
//! is in doubt is asked for before the call answers `unknown`.

use std::borrow::Cow;
use std::thread;
use std::time::{Duration, Instant};

use super::asking::{Doubt, Heard, no_such_trade};
use super::judgement::leaves_money_unknown;
use super::param::{fen, order_field};
use super::sign;
use super::trade::{self, Service};
use crate::clock;
use crate::http;
use crate::journal::{End, Journal, Movement, Next, Turn, end};
use crate::json::{self, Json, Object, escape, to_text};
use crate::reply::{Code, Data, Error, Status, Words, words};
use crate::settings::{KeyOrder, Onepay, Profile};
use crate::store::{Entry, EntryKind, EntryState};

/// The pauses before what surely did not leave is tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(250), Duration::from_millis(750)];

/// A try with less time than this would only time out.
const LEAST: Duration = Duration::from_millis(200);

/// Where the other side itself ended the exchange, the request is done with: "no such trade", said again after this
/// long, counts.
const SAID_AGAIN: Duration = Duration::from_millis(500);

/// What is kept of the time for asking: a fifth, but no more than this.
const MOST_FOR_ASKING: Duration = Duration::from_secs(6);

/// A recharge or refund that a call wants.
#[derive(Debug)]
pub struct Booking<'b> {
    profile: &'b Profile,
    service: &'b Service,
    /// The member of `param` that holds the number.
    field: &'b str,
    number: String,
    /// The member that holds the amount, and the amount in fen.
    amount: Option<(&'b str, i64)>,
    param: Json<'b>,
}

impl<'b> Booking<'b> {
    /// A checked `param` as an order that can be sent: settings complete, signed and encrypted without fault.
    pub fn new(profile: &'b Profile, service: &'b Service, param: Object<'b>) -> Result<Self, Error> {
        let settings = profile.onepay()?;
        settings.address()?;
        let field = order_field(settings, service);
        let number = param.get(field).and_then(Json::as_scalar).unwrap_or_default().to_owned();
        let amount = amount_in(&param, settings);
        let param = Json::Object(param);
        trade::check_sealing(settings, service.trans_type, &param)?;
        Ok(Self { profile, service, field, number, amount, param })
    }

    /// Books it, or tells what became of it earlier.
    pub fn run(&self, deadline: Instant, data: &mut Data<'_>) -> Result<(), Error> {
        let end = match Journal::of_orders(self.profile)? {
            None => self.send(deadline).1,
            Some(journal) => self.journalled(&journal, deadline)?,
        };
        data.members(&end?);
        Ok(())
    }

    fn journalled(&self, journal: &Journal, deadline: Instant) -> Result<End, Error> {
        let movement = self.movement(self.profile.onepay()?)?;
        let mine = journal.begin(&movement, deadline, |entry| {
            Ok(match entry.state {
                EntryState::Succeeded | EntryState::Failed => Next::Ends(journal.replay(entry)),
                EntryState::Unsent => Next::Again,
                EntryState::Unknown | EntryState::Pending | EntryState::Sending => {
                    self.reopened(journal, entry, deadline)
                }
            })
        })?;
        Ok(match mine {
            Turn::Ends(end) => end,
            Turn::Mine(held) => {
                let (state, end) = self.send(deadline);
                held.settle(state, end)
            }
        })
    }

    /// An entry whose end was open: sent again only if the platform, asked, does not know it.
    fn reopened(&self, journal: &Journal, entry: &Entry, deadline: Instant) -> Next<End> {
        match resolved(journal, entry, &self.doubt(settled_after(self.profile, entry)), deadline) {
            (EntryState::Unsent, _) => Next::Again,
            (_, end) => Next::Ends(end),
        }
    }

    fn movement(&self, settings: &Onepay) -> Result<Movement, Error> {
        Ok(Movement {
            kind: EntryKind::Order,
            number: self.number.clone(),
            service: self.service.trans_type,
            content: content_of(&self.param, settings)?,
            fen: self.amount.map(|(_, fen)| fen),
            param: to_text(&self.param),
            field: format!("/param/{}", escape(self.field)),
        })
    }

    /// Sends it, and asks where the end is in doubt.
    fn send(&self, deadline: Instant) -> (EntryState, End) {
        // Waiting for the store may have used the time up; a lease ends with it.
        if left(deadline).is_zero() {
            let end = Err(http::time_over());
            return (end::state_of(&end), end);
        }
        let mut pauses = PAUSES.into_iter();
        loop {
            let sent = Instant::now();
            let end = self.send_once(deadline);
            let Err(error) = &end else { return (EntryState::Succeeded, end) };
            if surely_unsent(error)
                && let Some(pause) = pauses.next().filter(|pause| left(deadline) > *pause + LEAST)
            {
                thread::sleep(pause);
                continue;
            }
            if !in_doubt(error) {
                return (end::state_of(&end), end);
            }
            return self.asked(error, sent, deadline);
        }
    }

    fn send_once(&self, deadline: Instant) -> End {
        let left = left(deadline);
        let limit = left.saturating_sub((left / 5).min(MOST_FOR_ASKING)).max(Duration::from_millis(2));
        end::of(|data| trade::transact(self.profile, self.service.trans_type, &self.param, Some(limit), data))
    }

    fn asked(&self, error: &Error, sent: Instant, deadline: Instant) -> (EntryState, End) {
        let believed_from =
            if is_done_with(error) { Instant::now() + SAID_AGAIN } else { sent + settle_time(self.profile) };
        match self.doubt(believed_from).ask(deadline) {
            Heard::Known(state, end) => (state, end),
            Heard::NoSuchTrade(said) => (EntryState::Unsent, Err(no_such_trade(&said))),
            Heard::Nothing(said) => (EntryState::Unknown, Err(still_unknown(error, said.as_ref()))),
        }
    }

    fn doubt(&self, believed_from: Instant) -> Doubt<'_> {
        Doubt { profile: self.profile, field: self.field, number: &self.number, amount: self.amount, believed_from }
    }
}

/// Asks what became of an entry whose end is open, and writes it down.
pub fn resolved(journal: &Journal, entry: &Entry, doubt: &Doubt<'_>, deadline: Instant) -> (EntryState, End) {
    let (state, end) = match doubt.ask(deadline) {
        Heard::Known(state, end) => (state, end),
        Heard::NoSuchTrade(said) => (EntryState::Unsent, Err(no_such_trade(&said))),
        Heard::Nothing(said) => return (entry.state, Err(not_told(entry, said.as_ref()))),
    };
    let end = end::with(end, |data| {
        data.bool("replayed", true);
    });
    match journal.learn(entry, state, &end) {
        Ok(_) => (state, end),
        // The platform's word stands; the journal learns of it another time.
        Err(error) => (state, end::warned(end, &error, doubt.profile.language)),
    }
}

/// From when on the platform's "no such trade" counts for an entry. Its sender may have lost time between writing it down
/// and sending it; what is sure is that it sent nothing after it was found dead, or had told the outcome.
pub fn settled_after(profile: &Profile, entry: &Entry) -> Instant {
    let age = u64::try_from(clock::millisecond() - entry.changed).unwrap_or(0);
    Instant::now() + settle_time(profile).saturating_sub(Duration::from_millis(age))
}

fn settle_time(profile: &Profile) -> Duration {
    profile.onepay.as_ref().map_or(Duration::ZERO, |settings| settings.settle_time)
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

/// Nothing of it left this machine, and the next moment may be better.
fn surely_unsent(error: &Error) -> bool {
    let details = error.details();
    details.status == Status::Failed && matches!(details.code, Code::ConnectFailed | Code::Timeout)
}

/// The platform may have acted, and can say so. An answer that does not verify is for people to look at.
fn in_doubt(error: &Error) -> bool {
    let details = error.details();
    details.status == Status::Unknown
        && match details.code {
            Code::Timeout | Code::BadAnswer | Code::HttpStatus => true,
            Code::PlatformRefused => platform_code(error).is_some_and(leaves_money_unknown),
            _ => false,
        }
}

/// The other side itself ended the exchange. After a time limit, ours or a gateway's or the platform's own, the request
/// may still be worked on.
fn is_done_with(error: &Error) -> bool {
    let details = error.details();
    let gateway_gave_up = details
        .data
        .as_deref()
        .is_some_and(|data| data.contains("\"httpStatus\":504") || data.contains("\"httpStatus\":408"));
    match details.code {
        Code::BadAnswer => true,
        Code::HttpStatus => !gateway_gave_up,
        _ => false,
    }
}

fn platform_code(error: &Error) -> Option<&str> {
    error.details().platform.as_ref().map(|(code, _)| code.as_str())
}

/// The first member of `param` that holds yuan.
fn amount_in<'s>(param: &Object<'_>, settings: &'s Onepay) -> Option<(&'s str, i64)> {
    let amount = |field: &'s String| Some((field.as_str(), param.get(field)?.as_scalar().and_then(fen)?));
    settings.amount_fields.iter().find_map(amount)
}

/// The member of a `param`'s text that holds its amount, and the amount in fen.
pub fn amount_of<'s>(param: &str, settings: &'s Onepay) -> Option<(&'s str, i64)> {
    amount_in(json::read(param).ok()?.as_object()?, settings)
}

/// The content as one text, in which equal amounts and equal scalars are spelt alike whatever the host's spelling.
fn content_of(param: &Json<'_>, settings: &Onepay) -> Result<String, Error> {
    let Some(object) = param.as_object() else { return Ok(to_text(param)) };
    let mut content = object.clone();
    for field in &settings.amount_fields {
        if let Some(fen) = object.get(field).and_then(Json::as_scalar).and_then(fen) {
            content.set(field.as_str(), Json::Number(Cow::Owned(fen.to_string())));
        }
    }
    let content = Json::Object(content);
    sign::signing_text([("param", &content)].into_iter(), KeyOrder::Ascii)
}

/// The first error, after questions that told nothing.
fn still_unknown(error: &Error, said: Option<&Error>) -> Error {
    let Words { zh, en } = &error.details().words;
    let told = said.and_then(platform_code).is_some();
    let words = if told {
        words!(
            "{zh}；已查询，平台暂无此单，原请求可能仍在途中",
            "{en}; asked, the platform has no such trade yet, but the request may still be on its way"
        )
    } else {
        words!("{zh}；已查询，仍无结果", "{en}; asked, the platform told nothing")
    };
    let mut unknown = Error::new(Status::Unknown, error.details().code, words);
    if let Some((code, message)) = &error.details().platform {
        unknown = unknown.from_platform(code, message);
    }
    match error.details().data.clone() {
        Some(data) => unknown.with_data_text(data),
        None => unknown,
    }
}

/// The end of an entry of which the platform told nothing.
fn not_told(entry: &Entry, said: Option<&Error>) -> Error {
    let number = &entry.key.number;
    let (zh, en) = match said {
        Some(said) => (said.details().words.zh.as_str(), said.details().words.en.as_str()),
        None => ("平台未说明交易状态", "the platform did not tell the trade's state"),
    };
    let status = if entry.state == EntryState::Pending { Status::Pending } else { Status::Unknown };
    let code = if status == Status::Pending { Code::Ok } else { Code::Timeout };
    let words = words!(
        "{number} 结果仍未知，请稍后以同一内容再次调用或调用 journal_resolve；本次查询：{zh}",
        "{number} is still open: call again later with the same content, or journal_resolve; this time: {en}"
    );
    Error::new(status, code, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Claim, EntryKey};

    fn entry(sent: i64, changed: i64) -> Entry {
        let text = str::to_owned;
        Entry {
            key: EntryKey { kind: EntryKind::Order, account: text("A"), number: text("OC1") },
            service: text(trade::RECHARGE.trans_type),
            profile: text("default"),
            content: String::new(),
            fen: Some(100),
            param: vec![],
            host: text("desk"),
            process: 1,
            claim: Claim(1),
            sends: 1,
            begun: sent,
            sent,
            changed,
            state: EntryState::Unknown,
            code: String::new(),
            outcome: vec![],
        }
    }

    fn profile() -> Profile {
        let settings = r#"{"onepay":{"url":"http://127.0.0.1:9/","appId":"0123456789ABCDEF","appSecret":"x",
            "settleSeconds":10},"store":"none"}"#;
        let Ok(Json::Object(settings)) = json::read(settings) else { panic!("settings") };
        Profile::read(&settings, "default").unwrap().0
    }

    #[test]
    fn nothing_is_sent_after_the_time_limit() {
        let profile = profile();
        let Ok(Json::Object(param)) = json::read(r#"{"outChargeNo":"OC1","chargeAmt":"1.00"}"#) else {
            panic!("param")
        };
        let booking = Booking::new(&profile, &trade::RECHARGE, param).unwrap();
        let (state, end) = booking.send(Instant::now());
        assert_eq!((state, end::code_of(&end)), (EntryState::Unsent, Code::Timeout));
    }

    #[test]
    fn no_such_trade_counts_when_the_sender_has_been_dead_for_long_enough() {
        let profile = profile();
        let wait = |sent, changed| {
            let now = clock::millisecond();
            let from = settled_after(&profile, &entry(now - sent, now - changed));
            from.saturating_duration_since(Instant::now()).as_secs_f64()
        };
        assert!(wait(60_000, 30_000) < 0.1);
        assert!((wait(60_000, 4_000) - 6.0).abs() < 0.5);
        // Written down long ago, it may have been sent in its sender's last moment.
        assert!((wait(60_000, 0) - 10.0).abs() < 0.5);
    }
}
