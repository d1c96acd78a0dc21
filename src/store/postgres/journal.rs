//! The journal's entries. Every time is the database's, since the desks' clocks differ.

use tokio_postgres::{Error, Row};

use super::failure::Fault;
use super::link::Session;
use super::text::{bytes, stored, stored_bytes, text};
use crate::store::presence::{Presence, Sender};
use crate::store::{Begun, Claim, Entry, EntryFilter, EntryKey, EntryKind, EntryState, Intent, Outcome};

/// How many entries one call removes.
const MOST_FORGOTTEN: i64 = 1_000;

macro_rules! now {
    () => {
        "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"
    };
}

/// One moment for a whole statement, as `clock.moment`.
macro_rules! clock {
    () => {
        concat!("(SELECT ", now!(), " AS moment) AS clock")
    };
}

macro_rules! columns {
    () => {
        "kind, account, order_no, service, profile, content, fen, param, host, process, claim, sends, begun, sent,
        changed, state, code, outcome, run"
    };
}

const BEGIN: &str = concat!(
    "INSERT INTO hislink.journal (kind, account, order_no, service, profile, content, fen, param, host, process, run,
        claim, lease, sends, begun, sent, changed, state, code)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, clock.moment + $13, 1, clock.moment, clock.moment,
        clock.moment, 'sending', $14 FROM ",
    clock!()
);

const BEGIN_AGAIN: &str = concat!(
    "UPDATE hislink.journal SET service = $4, profile = $5, content = $6, fen = $7, param = $8, host = $9, process = $10,
        run = $11, claim = $12, lease = clock.moment + $13, sends = sends + 1, sent = clock.moment,
        changed = clock.moment, state = 'sending', code = $16, outcome = NULL
    FROM ",
    clock!(),
    " WHERE kind = $1 AND account = $2 AND order_no = $3 AND claim = $14 AND state = $15"
);

const SUCCEED: &str = concat!(
    "UPDATE hislink.journal SET state = $4, code = $5, outcome = $6, changed = ",
    now!(),
    " WHERE kind = $1 AND account = $2 AND order_no = $3 AND state <> 'succeeded'"
);

const SETTLE: &str = concat!(
    "UPDATE hislink.journal SET state = $4, code = $5, outcome = $6, changed = ",
    now!(),
    " WHERE kind = $1 AND account = $2 AND order_no = $3 AND claim = $7
    AND state IN ('sending', 'unknown', 'pending')"
);

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    ", lease <= ",
    now!(),
    " FROM hislink.journal WHERE kind = $1 AND account = $2 AND order_no = $3"
);

/// Kind and account are asked for as one text, which no index has: else the primary key might be read whole.
const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM hislink.journal WHERE kind || ' ' || account = $1 AND begun >= $2 AND begun < $3 AND state = ANY($4)
    ORDER BY begun DESC LIMIT $5"
);

const SENDING: &str =
    concat!("SELECT run, bool_or(lease <= ", now!(), ") FROM hislink.journal WHERE state = 'sending' GROUP BY run");

const BURY: &str = concat!(
    "UPDATE hislink.journal SET state = 'unknown', changed = clock.moment FROM ",
    clock!(),
    " WHERE state = 'sending' AND (lease <= clock.moment OR run = ANY($1))"
);

const OLD: &str = "SELECT order_no FROM hislink.journal WHERE kind || ' ' || account = $1 AND begun < $2
    AND changed < $2 AND state IN ('succeeded', 'failed', 'unsent') ORDER BY begun LIMIT $3";

/// Asks again what made the entry an old one: it may have been taken over meanwhile.
const FORGET: &str = "DELETE FROM hislink.journal WHERE order_no = ANY($4) AND account = $2 AND kind = $1
    AND changed < $3 AND state IN ('succeeded', 'failed', 'unsent')";

pub(super) async fn begin(session: &Session, intent: &Intent, sender: &Sender<'_>) -> Result<Begun, Fault> {
    let Intent { key: EntryKey { kind, account, number }, service, profile, content, fen, param, lease } = intent;
    let added = session
        .insert(
            BEGIN,
            &[
                &kind.as_str(),
                &stored(account),
                &stored(number),
                &stored(service),
                &stored(profile),
                &stored(content),
                fen,
                &stored_bytes(param),
                &stored(sender.presence.host()),
                &i64::from(std::process::id()),
                &sender.run,
                &sender.claim.0,
                &(lease.as_millis() as i64),
                &stored(""),
            ],
        )
        .await?;
    if added {
        return Ok(Begun::New(sender.claim));
    }
    match find(session, &intent.key, sender.presence).await? {
        // The first try went through.
        Some(entry) if entry.claim == sender.claim => Ok(Begun::New(sender.claim)),
        Some(entry) => Ok(Begun::Known(Box::new(entry))),
        None => Err(Fault::Vanished),
    }
}

/// `again`: the first try may have gone through; the claim tells.
pub(super) async fn begin_again(
    session: &Session,
    seen: &Entry,
    intent: &Intent,
    sender: &Sender<'_>,
    again: bool,
) -> Result<Option<Claim>, Fault> {
    let Intent { key: EntryKey { kind, account, number }, service, profile, content, fen, param, lease } = intent;
    let taken = session
        .execute(
            BEGIN_AGAIN,
            &[
                &kind.as_str(),
                &stored(account),
                &stored(number),
                &stored(service),
                &stored(profile),
                &stored(content),
                fen,
                &stored_bytes(param),
                &stored(sender.presence.host()),
                &i64::from(std::process::id()),
                &sender.run,
                &sender.claim.0,
                &(lease.as_millis() as i64),
                &seen.claim.0,
                &seen.state.as_str(),
                &stored(""),
            ],
        )
        .await?;
    let ours =
        taken == 1 || again && read(session, &intent.key).await?.is_some_and(|found| found.entry.claim == sender.claim);
    Ok(ours.then_some(sender.claim))
}

/// `again`: the first try may have gone through; the outcome tells.
pub(super) async fn settle(
    session: &Session,
    key: &EntryKey,
    claim: Option<Claim>,
    what: &Outcome,
    again: bool,
) -> Result<bool, Fault> {
    let EntryKey { kind, account, number } = key;
    let Outcome { state, code, outcome } = what;
    let (kind, account, number) = (kind.as_str(), stored(account), stored(number));
    let (word, shown, bytes) = (state.as_str(), stored(code), stored_bytes(outcome));
    let written = match (state, claim) {
        (EntryState::Succeeded, _) => {
            session.execute(SUCCEED, &[&kind, &account, &number, &word, &shown, &bytes]).await?
        }
        (_, Some(Claim(claim))) => {
            session.execute(SETTLE, &[&kind, &account, &number, &word, &shown, &bytes, &claim]).await?
        }
        (_, None) => 0,
    };
    if written == 0 && again {
        let stands = |entry: &Entry| (entry.state, &entry.code, &entry.outcome) == (*state, code, outcome);
        return Ok(read(session, key).await?.is_some_and(|found| stands(&found.entry)));
    }
    Ok(written == 1)
}

/// A row, and what only this file needs of it.
struct Found {
    entry: Entry,
    run: String,
    over: bool,
}

/// An entry as it stands, without moving it on.
async fn read(session: &Session, EntryKey { kind, account, number }: &EntryKey) -> Result<Option<Found>, Fault> {
    let rows = session.query(FIND, &[&kind.as_str(), &stored(account), &stored(number)]).await?;
    let found = |row: &Row| Ok(Found { entry: entry(row)?, run: row.try_get(18)?, over: row.try_get(19)? });
    rows.first().map(found).transpose()
}

pub(super) async fn find(session: &Session, key: &EntryKey, presence: &Presence) -> Result<Option<Entry>, Fault> {
    let Some(found) = read(session, key).await? else { return Ok(None) };
    let gone = found.entry.state == EntryState::Sending && presence.is_gone(&found.run);
    if gone || found.over && found.entry.state == EntryState::Sending {
        let gone: Vec<_> = gone.then_some(found.run).into_iter().collect();
        session.execute(BURY, &[&gone]).await?;
        return Ok(read(session, key).await?.map(|found| found.entry));
    }
    Ok(Some(found.entry))
}

/// Makes what the dead were sending unknown.
async fn bury(session: &Session, presence: &Presence) -> Result<(), Fault> {
    let (mut gone, mut over) = (Vec::new(), false);
    for row in session.query(SENDING, &[]).await? {
        let run: String = row.try_get(0)?;
        over |= row.try_get::<_, bool>(1)?;
        if presence.is_gone(&run) {
            gone.push(run);
        }
    }
    if over || !gone.is_empty() {
        session.execute(BURY, &[&gone]).await?;
    }
    Ok(())
}

pub(super) async fn list(session: &Session, filter: &EntryFilter, presence: &Presence) -> Result<Vec<Entry>, Fault> {
    bury(session, presence).await?;
    let wanted = if filter.states.is_empty() { &EntryState::ALL[..] } else { &filter.states };
    let states: Vec<_> = wanted.iter().map(|state| state.as_str()).collect();
    let EntryFilter { since, until, limit, .. } = filter;
    let mut entries = Vec::new();
    for (kind, account) in &filter.accounts {
        let wanted = session
            .query(LIST, &[&book(kind.as_str(), &stored(account)), since, until, &states, &i64::from(*limit)])
            .await?;
        for row in &wanted {
            entries.push(entry(row)?);
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.begun));
    entries.truncate(*limit as usize);
    Ok(entries)
}

pub(super) async fn now(session: &Session) -> Result<i64, Fault> {
    let rows = session.query(concat!("SELECT ", now!()), &[]).await?;
    Ok(rows.first().ok_or(Fault::Vanished)?.try_get(0)?)
}

pub(super) async fn forget(session: &Session, kind: EntryKind, account: &str, before: i64) -> Result<usize, Fault> {
    let (kind, account) = (kind.as_str(), stored(account));
    let rows = session.query(OLD, &[&book(kind, &account), &before, &MOST_FORGOTTEN]).await?;
    let old = rows.iter().map(|row| row.try_get(0)).collect::<Result<Vec<String>, _>>()?;
    Ok(session.execute(FORGET, &[&kind, &account, &before, &old]).await? as usize)
}

fn book(kind: &str, account: &str) -> String {
    format!("{kind} {account}")
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    let number = |column: usize| row.try_get::<_, i64>(column);
    let small = |column: usize| Ok::<_, Error>(u32::try_from(number(column)?).unwrap_or_default());
    let (kind, state) = (text(row, 0)?, text(row, 15)?);
    Ok(Entry {
        key: EntryKey {
            kind: EntryKind::of(&kind).ok_or(Fault::Word(kind))?,
            account: text(row, 1)?,
            number: text(row, 2)?,
        },
        service: text(row, 3)?,
        profile: text(row, 4)?,
        content: text(row, 5)?,
        fen: row.try_get(6)?,
        param: bytes(row, 7)?,
        host: text(row, 8)?,
        process: small(9)?,
        claim: Claim(number(10)?),
        sends: small(11)?,
        begun: number(12)?,
        sent: number(13)?,
        changed: number(14)?,
        state: EntryState::of(&state).ok_or(Fault::Word(state))?,
        code: text(row, 16)?,
        outcome: bytes(row, 17)?,
    })
}
