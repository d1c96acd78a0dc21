//! The journal's entries.

use std::collections::BTreeMap;

use rusqlite::types::{Type, Value};
use rusqlite::{Connection, Error, OptionalExtension, Row, params, params_from_iter};

use crate::clock;
use crate::store::presence::{Presence, Sender};
use crate::store::{Begun, Claim, Entry, EntryFilter, EntryKey, EntryKind, EntryState, Intent, Outcome};

/// How many entries one call removes.
const MOST_FORGOTTEN: u32 = 1_000;

macro_rules! columns {
    () => {
        "kind, account, number, service, profile, content, fen, param, host, process, claim, sends, begun, sent, changed,
        state, code, outcome"
    };
}

const BEGIN: &str = "INSERT INTO journal (kind, account, number, service, profile, content, fen, param, host, process,
        run, claim, lease, sends, begun, sent, changed, state, code, outcome)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, 1, ?14, ?14, ?14, 'sending', '', x'')
    ON CONFLICT DO NOTHING";

const BEGIN_AGAIN: &str = "UPDATE journal SET service = ?4, profile = ?5, content = ?6, fen = ?7, param = ?8, host = ?9,
        process = ?10, run = ?11, claim = ?12, lease = ?13, sends = sends + 1, sent = ?14, changed = ?14, state = 'sending'
    WHERE kind = ?1 AND account = ?2 AND number = ?3 AND claim = ?15 AND state = ?16";

const SUCCEED: &str = "UPDATE journal SET state = ?4, code = ?5, outcome = ?6, changed = ?7
    WHERE kind = ?1 AND account = ?2 AND number = ?3 AND state <> 'succeeded'";

const SETTLE: &str = "UPDATE journal SET state = ?4, code = ?5, outcome = ?6, changed = ?7
    WHERE kind = ?1 AND account = ?2 AND number = ?3 AND claim = ?8 AND state IN ('sending', 'unknown', 'pending')";

const FIND: &str = concat!("SELECT ", columns!(), " FROM journal WHERE kind = ?1 AND account = ?2 AND number = ?3");

const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM journal INDEXED BY journal_begun WHERE kind = ?1 AND account = ?2 AND begun >= ?3 AND begun < ?4
    AND (?5 = '' OR instr(?5, ',' || state || ',') > 0) ORDER BY begun DESC LIMIT ?6"
);

const FORGET: &str = "DELETE FROM journal WHERE kind = ?1 AND account = ?2 AND number IN (
    SELECT number FROM journal INDEXED BY journal_begun WHERE kind = ?1 AND account = ?2 AND begun < ?3 AND changed < ?3
    AND state IN ('succeeded', 'failed', 'unsent') ORDER BY begun LIMIT ?4)";

pub(super) fn begin(connection: &Connection, intent: &Intent, sender: &Sender<'_>) -> rusqlite::Result<Begun> {
    if connection.prepare_cached(BEGIN)?.execute(params_from_iter(columns_of(intent, sender)))? == 1 {
        return Ok(Begun::New(sender.claim));
    }
    let known = find(connection, &intent.key, sender.presence)?;
    known.map(|entry| Begun::Known(Box::new(entry))).ok_or(Error::QueryReturnedNoRows)
}

pub(super) fn begin_again(
    connection: &Connection,
    seen: &Entry,
    intent: &Intent,
    sender: &Sender<'_>,
) -> rusqlite::Result<Option<Claim>> {
    let seen = [seen.claim.0.into(), seen.state.as_str().to_owned().into()];
    let columns = columns_of(intent, sender).into_iter().chain(seen);
    let taken = connection.prepare_cached(BEGIN_AGAIN)?.execute(params_from_iter(columns))?;
    Ok((taken == 1).then_some(sender.claim))
}

/// What is written of an intent, as `?1` to `?14`.
fn columns_of(intent: &Intent, sender: &Sender<'_>) -> [Value; 14] {
    let Intent { key: EntryKey { kind, account, number }, service, profile, content, fen, param, lease } = intent;
    let now = clock::millisecond();
    [
        kind.as_str().to_owned().into(),
        account.clone().into(),
        number.clone().into(),
        service.clone().into(),
        profile.clone().into(),
        content.clone().into(),
        (*fen).into(),
        param.clone().into(),
        sender.presence.host().to_owned().into(),
        i64::from(std::process::id()).into(),
        sender.run.clone().into(),
        sender.claim.0.into(),
        now.saturating_add(i64::try_from(lease.as_millis()).unwrap_or(i64::MAX)).into(),
        now.into(),
    ]
}

pub(super) fn settle(
    connection: &Connection,
    EntryKey { kind, account, number }: &EntryKey,
    claim: Option<Claim>,
    Outcome { state, code, outcome }: &Outcome,
) -> rusqlite::Result<bool> {
    let now = clock::millisecond();
    let (kind, word) = (kind.as_str(), state.as_str());
    let written = match (state, claim) {
        (EntryState::Succeeded, _) => {
            connection.prepare_cached(SUCCEED)?.execute(params![kind, account, number, word, code, outcome, now])?
        }
        (_, Some(claim)) => connection
            .prepare_cached(SETTLE)?
            .execute(params![kind, account, number, word, code, outcome, now, claim.0])?,
        (_, None) => 0,
    };
    Ok(written == 1)
}

/// To be called inside a transaction that may write: entries of the dead are moved on.
pub(super) fn find(connection: &Connection, key: &EntryKey, presence: &Presence) -> rusqlite::Result<Option<Entry>> {
    let EntryKey { kind, account, number } = key;
    let read = || {
        let mut find = connection.prepare_cached(FIND)?;
        find.query_row(params![kind.as_str(), account, number], entry).optional()
    };
    let found = read()?;
    match found {
        Some(Entry { state: EntryState::Sending, .. }) if bury(connection, presence)? => read(),
        found => Ok(found),
    }
}

/// An entry as it stands, without moving it on.
pub(super) fn peek(connection: &Connection, key: &EntryKey) -> rusqlite::Result<Option<Entry>> {
    let EntryKey { kind, account, number } = key;
    connection.prepare_cached(FIND)?.query_row(params![kind.as_str(), account, number], entry).optional()
}

/// Makes what the dead were sending unknown, and tells whether there was any.
pub(super) fn bury(connection: &Connection, presence: &Presence) -> rusqlite::Result<bool> {
    let now = clock::millisecond();
    let mut runs = BTreeMap::new();
    let mut sending = connection.prepare_cached("SELECT run, lease FROM journal WHERE state = 'sending'")?;
    for row in sending.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))? {
        let (run, lease) = row?;
        let over = runs.entry(run).or_insert(false);
        *over |= lease <= now;
    }
    let mut buried = 0;
    for (run, some_over) in runs {
        let gone = presence.is_gone(&run);
        if gone || some_over {
            let until = if gone { i64::MAX } else { now };
            buried += connection
                .prepare_cached(
                    "UPDATE journal SET state = 'unknown', changed = ?3 WHERE state = 'sending' AND run = ?1 AND lease <= ?2",
                )?
                .execute(params![run, until, now])?;
        }
    }
    Ok(buried > 0)
}

pub(super) fn list(connection: &Connection, filter: &EntryFilter) -> rusqlite::Result<Vec<Entry>> {
    let states: String = filter.states.iter().map(|state| format!("{},", state.as_str())).collect();
    let states = if states.is_empty() { states } else { format!(",{states}") };
    let mut entries = Vec::new();
    for (kind, account) in &filter.accounts {
        let mut list = connection.prepare_cached(LIST)?;
        let wanted = params![kind.as_str(), account, filter.since, filter.until, states, filter.limit];
        for found in list.query_map(wanted, entry)? {
            entries.push(found?);
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.begun));
    entries.truncate(filter.limit as usize);
    Ok(entries)
}

pub(super) fn forget(connection: &Connection, kind: EntryKind, account: &str, before: i64) -> rusqlite::Result<usize> {
    connection.prepare_cached(FORGET)?.execute(params![kind.as_str(), account, before, MOST_FORGOTTEN])
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let word = |place: usize| row.get::<_, String>(place);
    let unknown = |place: usize, word: String| {
        Error::FromSqlConversionFailure(place, Type::Text, format!("{word} is none of this version's words").into())
    };
    let (kind, state) = (word(0)?, word(15)?);
    Ok(Entry {
        key: EntryKey {
            kind: EntryKind::of(&kind).ok_or_else(|| unknown(0, kind))?,
            account: row.get(1)?,
            number: row.get(2)?,
        },
        service: row.get(3)?,
        profile: row.get(4)?,
        content: row.get(5)?,
        fen: row.get(6)?,
        param: row.get(7)?,
        host: row.get(8)?,
        process: row.get(9)?,
        claim: Claim(row.get(10)?),
        sends: row.get(11)?,
        begun: row.get(12)?,
        sent: row.get(13)?,
        changed: row.get(14)?,
        state: EntryState::of(&state).ok_or_else(|| unknown(15, state))?,
        code: row.get(16)?,
        outcome: row.get(17)?,
    })
}
