//! `journal_list`: the journal's entries, newest first.

use super::journals;
use crate::clock;
use crate::fields::Fields;
use crate::journal::{Journal, state_word};
use crate::json::{Json, ObjectWriter};
use crate::onepay::param::yuan;
use crate::reply::{Data, Error, words};
use crate::request::Request;
use crate::store::{Entry, EntryFilter, EntryState};

/// How many entries are listed unless told, and at the most.
const USUAL: u64 = 100;
const MOST: u64 = 10_000;

/// The states that the contract has a word for; a request that surely did not arrive has failed.
const STATES: &[(&str, &[EntryState])] = &[
    ("sending", &[EntryState::Sending]),
    ("unknown", &[EntryState::Unknown]),
    ("pending", &[EntryState::Pending]),
    ("succeeded", &[EntryState::Succeeded]),
    ("failed", &[EntryState::Failed, EntryState::Unsent]),
];

/// `journal_list`
pub fn list(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let fields = request.fields();
    let states = fields.choice("state", STATES)?.unwrap_or_default().to_vec();
    let since = fields.string("since")?.map(|since| moment(&fields, since)).transpose()?.unwrap_or(0);
    let limit = fields.count("limit", MOST)?.unwrap_or(USUAL) as usize;
    let profile = request.profile()?;
    let journals = journals(&profile)?;
    let mut entries = Vec::new();
    for (journal, kinds) in &journals {
        let accounts = kinds.iter().map(|kind| (*kind, journal.account().to_owned())).collect();
        let filter = EntryFilter { accounts, states: states.clone(), since, until: i64::MAX, limit: limit as u32 };
        entries.extend(journal.list(&filter)?.into_iter().map(|entry| (journal, entry)));
    }
    entries.sort_by_key(|(_, entry)| std::cmp::Reverse(entry.begun));
    entries.truncate(limit);
    data.objects("entries", &entries, |row, (journal, entry)| write(journal, entry, row));
    Ok(())
}

/// The millisecond of a time as `yyyy-MM-dd HH:mm:ss`, `yyyyMMddHHmmss` or `yyyyMMdd`, UTC+8.
fn moment(fields: &Fields<'_, '_>, text: &str) -> Result<i64, Error> {
    let day = clock::is_day(text).then(|| format!("{text}000000"));
    let time = clock::is_time(text).then(|| text.chars().filter(char::is_ascii_digit).collect());
    let stamp: String = day.or(time).unwrap_or_else(|| text.to_owned());
    clock::second_of_stamp(&stamp).map(|second| second * 1000).ok_or_else(|| {
        Error::field(
            fields.pointer("since"),
            words!(
                "since 应为真实的 yyyy-MM-dd HH:mm:ss、yyyyMMddHHmmss 或 yyyyMMdd",
                "since must be a real yyyy-MM-dd HH:mm:ss, yyyyMMddHHmmss or yyyyMMdd"
            ),
        )
    })
}

fn write(journal: &Journal, entry: &Entry, row: &mut ObjectWriter<'_>) {
    row.string(entry.key.kind.number_name(), &entry.key.number)
        .string("platform", entry.key.kind.platform())
        .string("service", &entry.service)
        .string("state", state_word(entry.state));
    if entry.state == EntryState::Unsent {
        row.bool("maySendAgain", true);
    }
    if !entry.code.is_empty() {
        row.string("code", &entry.code);
    }
    if let Some(Err(error)) = journal.told(entry)
        && let Some((code, message)) = &error.details().platform
    {
        row.string("platformCode", code).string("platformMessage", message);
    }
    if let Some(fen) = entry.fen {
        row.string("amount", &yuan(fen));
    }
    row.string("begun", &clock::time_of_second(entry.begun / 1000))
        .string("sent", &clock::time_of_second(entry.sent / 1000))
        .string("changed", &clock::time_of_second(entry.changed / 1000))
        .raw("sends", &entry.sends.to_string())
        .string("profile", &entry.profile)
        .string("host", &entry.host)
        .raw("process", &entry.process.to_string());
    match journal.param(entry) {
        Some(param) => row.raw("param", &param),
        None => row.value("param", &Json::Null),
    };
}
