//! An entry of the journal whose end is open: the platform is asked, and the journal learns what it says.

use std::time::{Duration, Instant};

use super::asking::{Doubt, Heard, no_such_trade};
use crate::journal::{End, Journal, end};
use crate::reply::{Code, Error, Status, words};
use crate::settings::Profile;
use crate::store::{Entry, EntryState};

/// Asks what became of an entry whose end is open, and writes it down.
pub fn resolved(journal: &Journal, entry: &Entry, doubt: &Doubt<'_>, deadline: Instant) -> (EntryState, End) {
    let (state, end) = match doubt.ask(deadline) {
        Heard::Known(state, end) => (state, end),
        // What the platform was trading and knows no more is not sent again by itself.
        Heard::NoSuchTrade(said) if entry.state == EntryState::Pending => (EntryState::Failed, Err(said)),
        Heard::NoSuchTrade(said) => (EntryState::Unsent, Err(no_such_trade(&said))),
        Heard::NotYet(said) | Heard::Nothing(Some(said)) => return (entry.state, Err(not_told(entry, Some(&said)))),
        Heard::Nothing(None) => return (entry.state, Err(not_told(entry, None))),
    };
    let replayed = |end| {
        end::with(end, |data| {
            data.bool("replayed", true);
        })
    };
    match journal.learn(entry, state, &end) {
        Ok(true) => (state, replayed(end)),
        // Others know better by now.
        Ok(false) => journal.meanwhile(entry).unwrap_or_else(|| (state, replayed(end))),
        // The platform's word stands; the journal learns of it another time.
        Err(error) => (state, end::warned(replayed(end), &error, doubt.profile.language)),
    }
}

/// From when on the platform's "no such trade" counts for an entry. Its sender may have lost time between writing it down
/// and sending it; what is sure is that it sent nothing after it was found dead, or had told the outcome.
pub fn settled_after(journal: &Journal, profile: &Profile, entry: &Entry) -> Result<Instant, Error> {
    Ok(Instant::now() + settle_time(profile).saturating_sub(journal.rested(entry)?))
}

/// How long after its last bytes left a request may still arrive.
pub fn settle_time(profile: &Profile) -> Duration {
    profile.onepay.as_ref().map_or(Duration::ZERO, |settings| settings.settle_time)
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
pub(super) mod tests {
    use super::*;
    use crate::clock;
    use crate::json::{self, Json};
    use crate::onepay::trade::RECHARGE;
    use crate::store::{Claim, EntryKey, EntryKind, Location};

    fn entry(sent: i64, changed: i64) -> Entry {
        let text = str::to_owned;
        Entry {
            key: EntryKey { kind: EntryKind::Order, account: text("A"), number: text("OC1") },
            service: text(RECHARGE.trans_type),
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

    pub(in crate::onepay) fn profile() -> Profile {
        let settings = r#"{"onepay":{"url":"http://127.0.0.1:9/","appId":"0123456789ABCDEF","appSecret":"x",
            "settleSeconds":10},"store":"none"}"#;
        let Ok(Json::Object(settings)) = json::read(settings) else { panic!("settings") };
        Profile::read(&settings, "default").unwrap().0
    }

    #[test]
    fn no_such_trade_counts_when_the_sender_has_been_dead_for_long_enough() {
        let profile = profile();
        let store = Location::parse(&format!("sqlite:{}/settled_after.db", env!("OUT_DIR"))).unwrap().open().unwrap();
        let journal = Journal::for_test(store, "settled_after.jsonl");
        let wait = |sent, changed| {
            let now = clock::millisecond();
            let from = settled_after(&journal, &profile, &entry(now - sent, now - changed)).unwrap();
            from.saturating_duration_since(Instant::now()).as_secs_f64()
        };
        assert!(wait(60_000, 30_000) < 0.1);
        assert!((wait(60_000, 4_000) - 6.0).abs() < 0.5);
        // Written down long ago, it may have been sent in its sender's last moment.
        assert!((wait(60_000, 0) - 10.0).abs() < 0.5);
    }
}
