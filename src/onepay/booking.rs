//! Recharges and refunds: each order number is sent once, its intent written down before and its outcome after, and what
//! is in doubt is asked for before the call answers `unknown`.

use std::thread;
use std::time::{Duration, Instant};

use super::asking::{Doubt, Heard, no_such_trade};
use super::content::{amount_in, content_of};
use super::judgement::leaves_money_unknown;
use super::param::order_field;
use super::resolving::{resolved, settle_time, settled_after};
use super::trade::{self, Service};
use crate::http;
use crate::journal::{End, Journal, Movement, Next, Turn, end};
use crate::json::{self, Json, Object, escape, to_text};
use crate::reply::{Code, Data, Error, Status, Words, words};
use crate::settings::{Onepay, Profile};
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
        let amount = amount_in(&param, settings, service);
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
        // Whether an earlier request of it may have left this machine.
        let mut sent_before = false;
        let mine = journal.begin(&movement, deadline, |entry| {
            let refused = entry.code == Code::PlatformRefused.as_str();
            sent_before = entry.state != EntryState::Unsent || refused || entry.sends > 1;
            match entry.state {
                EntryState::Succeeded | EntryState::Failed => Ok(Next::Ends(journal.replay(entry))),
                EntryState::Unsent => Ok(Next::Again),
                EntryState::Unknown | EntryState::Pending | EntryState::Sending => {
                    self.reopened(journal, entry, deadline)
                }
            }
        })?;
        Ok(match mine {
            Turn::Ends(end) => end,
            Turn::Mine(held) => {
                let (state, end) = match self.send(deadline) {
                    (EntryState::Failed, Err(refusal)) if sent_before => self.doubted(refusal, deadline),
                    ended => ended,
                };
                held.settle(state, end)
            }
        })
    }

    /// A refusal of what was sent before, though the platform did not know it then: it may mean that the earlier request
    /// has been booked since (document 1.3: a number that was paid is refused).
    fn doubted(&self, refusal: Error, deadline: Instant) -> (EntryState, End) {
        let unknown = |refusal: Error| refusal.with_status(Status::Unknown);
        match self.doubt(Instant::now() + SAID_AGAIN).ask(deadline) {
            Heard::Known(state, end) => (state, end),
            Heard::NoSuchTrade(_) => (EntryState::Failed, Err(refusal)),
            Heard::NotYet(_) => (EntryState::Unknown, Err(still_unknown(&unknown(refusal), true))),
            Heard::Nothing(_) => (EntryState::Unknown, Err(still_unknown(&unknown(refusal), false))),
        }
    }

    /// An entry whose end was open: sent again only if the platform, asked, does not know it.
    fn reopened(&self, journal: &Journal, entry: &Entry, deadline: Instant) -> Result<Next<End>, Error> {
        let doubt = self.doubt(settled_after(journal, self.profile, entry)?);
        Ok(match resolved(journal, entry, &doubt, deadline) {
            (EntryState::Unsent, _) => Next::Again,
            (_, end) => Next::Ends(end),
        })
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
            return self.asked(error, believed_from(error, self.profile), deadline);
        }
    }

    fn send_once(&self, deadline: Instant) -> End {
        let left = left(deadline);
        let limit = left.saturating_sub((left / 5).min(MOST_FOR_ASKING)).max(Duration::from_millis(2));
        end::of(|data| trade::transact(self.profile, self.service.trans_type, &self.param, Some(limit), data))
    }

    fn asked(&self, error: &Error, believed_from: Instant, deadline: Instant) -> (EntryState, End) {
        match self.doubt(believed_from).ask(deadline) {
            Heard::Known(state, end) => (state, end),
            Heard::NoSuchTrade(said) => (EntryState::Unsent, Err(no_such_trade(&said))),
            Heard::NotYet(_) => (EntryState::Unknown, Err(still_unknown(error, true))),
            Heard::Nothing(_) => (EntryState::Unknown, Err(still_unknown(error, false))),
        }
    }

    fn doubt(&self, believed_from: Instant) -> Doubt<'_> {
        Doubt { profile: self.profile, field: self.field, number: &self.number, amount: self.amount, believed_from }
    }
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

/// From when on "no such trade" counts for this thread's latest request, whose end is in doubt. Where the connection broke,
/// or the server itself answered with an error, nobody works on it any more; else somebody may.
fn believed_from(error: &Error, profile: &Profile) -> Instant {
    let ended = match error.details().code {
        Code::BadAnswer => !http::was_answered(),
        Code::HttpStatus => http_status(error).is_some_and(|status| status < 504 && status != 408),
        _ => false,
    };
    let sent = http::sent_at().unwrap_or_else(Instant::now);
    if ended { Instant::now() + SAID_AGAIN } else { sent + settle_time(profile) }
}

fn http_status(error: &Error) -> Option<u16> {
    let data = json::read(error.details().data.as_deref()?).ok()?;
    data.as_object()?.get("httpStatus")?.as_scalar()?.parse().ok()
}

fn platform_code(error: &Error) -> Option<&str> {
    error.details().platform.as_ref().map(|(code, _)| code.as_str())
}

/// The first error, after questions that told nothing; `not_yet`: but that there is no such trade so far.
fn still_unknown(error: &Error, not_yet: bool) -> Error {
    let Words { zh, en } = &error.details().words;
    let words = if not_yet {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::onepay::resolving::tests::profile;

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
}
