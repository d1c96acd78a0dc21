//! Recharges and refunds against the platform's list of trades, page by page.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::{DAY, Day, Differences, Row, entries};
use crate::http;
use crate::journal::{Journal, end};
use crate::json::{self, Json, Object};
use crate::onepay::judgement::TradeState;
use crate::onepay::param::fen;
use crate::onepay::trade::{self, DETAILS, RECHARGE, REFUND};
use crate::reply::{Error, words};
use crate::settings::{Onepay, Profile};
use crate::store::{Entry, EntryKind, EntryState};

/// How many rows a page is asked to have, and how many pages are read.
const PAGE_SIZE: usize = 500;
const MOST_PAGES: usize = 10_000;

/// What was begun this late in the day may be booked on the next.
const LATE: i64 = 15 * 60 * 1000;

/// A trade of the platform, and the day it was booked on, where that is told.
type Trade = (Row, Option<String>);

/// The platform's trades by number.
type Trades = BTreeMap<String, Trade>;

/// Compares the day's orders. `param` is what the site's list needs besides the days, such as a card.
pub(super) fn compare(
    profile: &Profile,
    journal: &Journal,
    day: &Day,
    param: Option<&Object<'_>>,
    deadline: Instant,
    found: &mut Differences,
) -> Result<(), Error> {
    let ours = entries(journal, &[EntryKind::Order], day)?;
    let late = ours.iter().any(|entry| entry.begun >= day.begin + DAY - LATE);
    let last = if late { day.next() } else { day.name.clone() };
    let mut theirs = trades(profile, &day.name, &last, param, deadline)?;
    for entry in &ours {
        found.checked += 1;
        match theirs.remove(&entry.key.number) {
            Some((there, _)) => found.compare(&Row::of(entry), &there),
            None if is_expected(entry) && is_asked_for(journal, entry, param) => found.only_here.push(Row::of(entry)),
            None => {}
        }
    }
    for (there, booked_on) in theirs.into_values() {
        if booked_on.is_some_and(|booked_on| booked_on != day.name) {
            continue;
        }
        found.checked += 1;
        // One that was begun on another day is no stranger.
        match journal.peek(EntryKind::Order, &there.number)? {
            Some(entry) => found.compare(&Row::of(&entry), &there),
            None => found.only_there.push(there),
        }
    }
    Ok(())
}

/// Whether the platform should have it: it has no need to list what failed.
fn is_expected(entry: &Entry) -> bool {
    !matches!(entry.state, EntryState::Failed | EntryState::Unsent)
}

/// Whether a list for `param` should hold an entry: where the entry does not tell, it need not.
fn is_asked_for(journal: &Journal, entry: &Entry, param: Option<&Object<'_>>) -> bool {
    let Some(wanted) = param else { return true };
    let Some(ours) = journal.param(entry) else { return false };
    let Ok(Json::Object(ours)) = json::read(&ours) else { return false };
    wanted.iter().all(|(name, value)| ours.get(name).and_then(Json::as_scalar) == value.as_scalar())
}

fn trades(
    profile: &Profile,
    first: &str,
    last: &str,
    param: Option<&Object<'_>>,
    deadline: Instant,
) -> Result<Trades, Error> {
    let settings = profile.onepay()?;
    let names = &settings.details;
    let mut trades = Trades::new();
    for page_no in 1..=MOST_PAGES {
        let mut asked = param.cloned().unwrap_or_default();
        let text = |text: String| Json::String(text.into());
        asked.set(names.begin_date.as_str(), text(first.to_owned()));
        asked.set(names.end_date.as_str(), text(last.to_owned()));
        asked.set(names.page_no.as_str(), text(page_no.to_string()));
        asked.set(names.page_size.as_str(), text(PAGE_SIZE.to_string()));
        let page = page(profile, &Json::Object(asked), deadline)?;
        let known = trades.len();
        let rows = rows_of(&page, settings)?;
        let count = rows.len();
        trades.extend(rows);
        // A site that knows no pages gives the same rows again.
        if count < PAGE_SIZE || trades.len() == known {
            break;
        }
    }
    Ok(trades)
}

/// The `data` of an answer.
fn page(profile: &Profile, asked: &Json<'_>, deadline: Instant) -> Result<String, Error> {
    let left = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(2));
    end::of(|data| trade::transact(profile, DETAILS.trans_type, asked, Some(left), data))
}

fn rows_of(page: &str, settings: &Onepay) -> Result<Vec<(String, Trade)>, Error> {
    let name = settings.details.list.as_str();
    let unreadable = || {
        http::unreadable(&words!(
            "应答的 param 中没有数组 {name}；请核对 onepay.details 设置",
            "the answer's param has no array {name}: compare the settings onepay.details"
        ))
    };
    let page = json::read(page).map_err(|_| unreadable())?;
    let list = json::find(&page, &format!("/param/{}", json::escape(name)));
    match list {
        Some(Json::Array(rows)) => Ok(rows.iter().filter_map(|row| row_of(row.as_object()?, settings)).collect()),
        Some(Json::Null) => Ok(Vec::new()),
        _ => Err(unreadable()),
    }
}

/// A row by its own number: a refund's has its order's too. None for one without a number.
fn row_of(row: &Object<'_>, settings: &Onepay) -> Option<(String, Trade)> {
    let names = &settings.details;
    let text = |name: &String| row.get(name).and_then(Json::as_scalar).filter(|text| !text.trim().is_empty());
    let refund = text(&settings.refund_field);
    let number = refund.or_else(|| text(&settings.order_field))?.to_owned();
    let state =
        text(&names.result).map_or("", |word| TradeState::of(word).map_or(word, |state| state.status().as_str()));
    let booked_on = text(&names.trade_time).map(|time| time.chars().filter(char::is_ascii_digit).take(8).collect());
    let there = Row {
        kind: EntryKind::Order,
        number: number.clone(),
        service: if refund.is_some() { REFUND } else { RECHARGE }.trans_type.to_owned(),
        state: state.to_owned(),
        amount: text(&names.amount).and_then(fen),
    };
    Some((number, (there, booked_on)))
}
