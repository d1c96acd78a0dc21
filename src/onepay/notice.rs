//! What the journal learns in passing: from a notification of the platform, and from a query that the host itself made.

use super::content::amount_of;
use super::judgement::TradeState;
use super::param::{fen, yuan};
use super::trade::{RECHARGE, REFUND, Service};
use crate::journal::{End, Journal, state_word};
use crate::json::{Json, Object, ObjectWriter};
use crate::reply::{Data, Error};
use crate::settings::{Onepay, Profile};
use crate::store::{Entry, EntryKind, EntryState};

/// What a message says of an order, verified.
#[derive(Debug)]
pub struct Notice<'n> {
    service: &'static Service,
    number: &'n str,
    state: TradeState,
    param: &'n Object<'n>,
    settings: &'n Onepay,
}

impl<'n> Notice<'n> {
    /// A notification's; none where it tells of no trade that was done.
    pub fn of_notification(message: &Object<'_>, param: &'n Object<'n>, settings: &'n Onepay) -> Option<Self> {
        let (service, field) = match message.get("transType").and_then(Json::as_str)? {
            "charge.success" => (&RECHARGE, &settings.order_field),
            "refund.success" => (&REFUND, &settings.refund_field),
            _ => return None,
        };
        let contradicted = param.get("result").and_then(Json::as_scalar).is_some_and(|state| state != "succ");
        let number = param.get(field).and_then(Json::as_scalar)?;
        (!contradicted).then_some(Self { service, number, state: TradeState::Succ, param, settings })
    }

    /// The answer's to a query for an order, or for a refund where its own number was asked for.
    pub fn of_query(asked: &Object<'_>, param: &'n Object<'n>, settings: &'n Onepay) -> Option<Self> {
        let (service, field) = match asked.get(&settings.refund_field) {
            Some(_) => (&REFUND, &settings.refund_field),
            None => (&RECHARGE, &settings.order_field),
        };
        let state = TradeState::of(param.get("result").and_then(Json::as_scalar)?)?;
        let number = param.get(field).and_then(Json::as_scalar)?;
        Some(Self { service, number, state, param, settings })
    }

    /// Settles the journal's entry, where number and amount match, and tells so under `journal`. Nothing is told where
    /// there is no such entry.
    pub fn settle(&self, profile: &Profile, end: &End, data: &mut Data<'_>) {
        // A journal that is not there knows no entry; it is not made for this.
        let Some(store) = profile.location.open_if_there() else { return };
        match store.and_then(|_| Journal::of_orders(profile)).and_then(|journal| match journal {
            Some(journal) => self.settle_in(&journal, end, data),
            None => Ok(()),
        }) {
            Ok(()) => {}
            Err(error) => _ = data.warning(error.details().words.text(profile.language)),
        }
    }

    fn settle_in(&self, journal: &Journal, end: &End, data: &mut Data<'_>) -> Result<(), Error> {
        let Some(entry) = journal.peek(EntryKind::Order, self.number)? else { return Ok(()) };
        if entry.service != self.service.trans_type {
            return Ok(());
        }
        let theirs = self.amount(&entry, journal.param(&entry).as_deref());
        let matches = entry.fen.is_some() && entry.fen == theirs;
        let state = match self.state {
            TradeState::Succ => EntryState::Succeeded,
            TradeState::Fail | TradeState::Closed => EntryState::Failed,
            // Nothing is known by it; nor is "no such trade", which only counts in its time.
            TradeState::Init | TradeState::Ing | TradeState::Exp | TradeState::NotFound => return Ok(()),
        };
        // Who is sending it will learn of a failure by itself.
        let mine_to_tell = state == EntryState::Succeeded || entry.state != EntryState::Sending;
        let settled = matches && mine_to_tell && journal.learn(&entry, state, end)?;
        let state = if settled { state } else { entry.state };
        data.object("journal", |told| tell(&entry, state, settled, theirs, told));
        Ok(())
    }

    /// The message's amount under the name that the order gave its own: a refund's answer has that of its recharge too.
    /// After a change of the secret that name is not known, and any amount that is the entry's will do.
    fn amount(&self, entry: &Entry, ours: Option<&str>) -> Option<i64> {
        let told = |field: &str| self.param.get(field)?.as_scalar().and_then(fen);
        if let Some((field, _)) = ours.and_then(|param| amount_of(param, self.settings, self.service)) {
            return told(field);
        }
        let mut told = self.settings.amount_fields.iter().filter_map(|field| told(field));
        told.clone().find(|fen| Some(*fen) == entry.fen).or_else(|| told.next())
    }
}

fn tell(entry: &Entry, state: EntryState, settled: bool, theirs: Option<i64>, told: &mut ObjectWriter<'_>) {
    told.string("orderNo", &entry.key.number).string("state", state_word(state)).bool("settled", settled);
    if let (Some(ours), Some(theirs)) = (entry.fen, theirs)
        && ours != theirs
    {
        told.object("amountDiffers", |amounts| {
            amounts.string("journal", &yuan(ours)).string("platform", &yuan(theirs));
        });
    }
}
