//! `journal_reconcile`: a day of the journal against the platform's list of trades, and against the ledger of deductions.

mod ledger;
mod trades;

use std::time::Instant;

use super::journals;
use crate::clock;
use crate::journal::{Journal, state_word};
use crate::json::ObjectWriter;
use crate::onepay::param::yuan;
use crate::reply::{Code, Data, Error, Status, words};
use crate::request::Request;
use crate::store::{Entry, EntryFilter, EntryKind};

/// More entries than any desk has in a day.
const MOST: u32 = 1_000_000;

const DAY: i64 = 24 * 3600 * 1000;

/// A day of the platforms' time.
#[derive(Debug, Clone)]
struct Day {
    /// `yyyyMMdd`
    name: String,
    /// Its first millisecond since 1970.
    begin: i64,
}

/// Where both sides differ.
#[derive(Debug, Default)]
struct Differences {
    checked: usize,
    only_here: Vec<Row>,
    only_there: Vec<Row>,
    differing: Vec<(Row, &'static str, String, String)>,
}

/// A movement of money on either side.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    kind: EntryKind,
    number: String,
    service: String,
    state: String,
    amount: Option<i64>,
}

/// `journal_reconcile`
pub fn reconcile(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let fields = request.fields();
    let day = Day::of(fields.string("day")?)?;
    let param = fields.object("param")?;
    let profile = request.profile()?;
    let deadline = request.deadline(&profile)?;
    let mut found = Differences::default();
    for (journal, kinds) in journals(&profile)? {
        if kinds.contains(&EntryKind::Order) {
            trades::compare(&profile, &journal, &day, param, deadline, &mut found)?;
        } else {
            ledger::compare(&profile, &journal, &day, deadline, &mut found)?;
        }
    }
    data.string("day", &day.name)
        .raw("checked", &found.checked.to_string())
        .objects("onlyHere", &found.only_here, |out, row| row.write(out))
        .objects("onlyThere", &found.only_there, |out, row| row.write(out))
        .objects("differing", &found.differing, |out, (row, member, here, there)| {
            row.write_name(out);
            out.string("member", member).string("here", here).string("there", there);
        });
    Ok(())
}

impl Day {
    fn of(text: Option<&str>) -> Result<Self, Error> {
        let today = clock::stamp();
        let given = text.map_or_else(|| today.get(..8).unwrap_or_default().to_owned(), |text| text.replace('-', ""));
        let known = Some(given).filter(|day| clock::is_day(day));
        let name = known.ok_or_else(|| {
            Error::field(
                "/day",
                words!("day 应为真实的 yyyyMMdd 或 yyyy-MM-dd", "day must be a real yyyyMMdd or yyyy-MM-dd"),
            )
        })?;
        let begin = clock::second_of_stamp(&format!("{name}000000")).unwrap_or_default() * 1000;
        Ok(Self { name, begin })
    }

    fn next(&self) -> String {
        clock::stamp_of_second((self.begin + DAY) / 1000).get(..8).unwrap_or_default().to_owned()
    }

    /// The first and last moment as `yyyy-MM-dd HH:mm:ss`.
    fn span(&self) -> (String, String) {
        (clock::time_of_second(self.begin / 1000), clock::time_of_second((self.begin + DAY) / 1000 - 1))
    }
}

/// A journal's entries that were begun on that day, oldest first.
fn entries(journal: &Journal, kinds: &[EntryKind], day: &Day) -> Result<Vec<Entry>, Error> {
    let accounts = kinds.iter().map(|kind| (*kind, journal.account().to_owned())).collect();
    let filter = EntryFilter { accounts, states: vec![], since: day.begin, until: day.begin + DAY, limit: MOST };
    let mut entries = journal.list(&filter)?;
    entries.reverse();
    Ok(entries)
}

/// Ends a comparison whose time is over: half of one would mislead.
fn in_time(deadline: Instant) -> Result<(), Error> {
    if Instant::now() < deadline {
        return Ok(());
    }
    let words = words!(
        "在时限内未能对完，请加大 timeoutMs",
        "the time limit was over before all was compared: allow more timeoutMs"
    );
    Err(Error::new(Status::Failed, Code::Timeout, words))
}

impl Row {
    fn of(entry: &Entry) -> Self {
        Self {
            kind: entry.key.kind,
            number: entry.key.number.clone(),
            service: entry.service.clone(),
            state: state_word(entry.state).to_owned(),
            amount: entry.fen,
        }
    }

    fn write_name(&self, out: &mut ObjectWriter<'_>) {
        out.string("platform", self.kind.platform())
            .string(self.kind.number_name(), &self.number)
            .string("service", &self.service);
    }

    fn write(&self, out: &mut ObjectWriter<'_>) {
        self.write_name(out);
        out.string("state", &self.state);
        if let Some(fen) = self.amount {
            out.string("amount", &yuan(fen));
        }
    }
}

impl Differences {
    /// Compares one movement as both sides have it; what either does not tell is not compared.
    fn compare(&mut self, here: &Row, there: &Row) {
        if let (Some(ours), Some(theirs)) = (here.amount, there.amount)
            && ours != theirs
        {
            self.differing.push((here.clone(), "amount", yuan(ours), yuan(theirs)));
        }
        if !there.state.is_empty() && here.state != there.state {
            self.differing.push((here.clone(), "state", here.state.clone(), there.state.clone()));
        }
    }
}
