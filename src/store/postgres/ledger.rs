//! The ledger's deductions, and the platform's requests that were answered lately.

use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, Row};

use super::failure::Fault;
use super::link::Session;
use super::text::{maybe_text, stored, text};
use crate::store::{Deduction, DeductionState, LedgerRow};

/// How long a request of the platform is remembered, in seconds.
const REMEMBERED: i64 = 601;

macro_rules! columns {
    () => {
        "org, cert_type, cert_no, cert_name, deduction_id, total_fee, deduction_fee, deduction_time, glory_type,
        deduction_type, remarks, state, note, token"
    };
}

const INTEND: &str = concat!(
    "INSERT INTO hislink.deduction (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
);

const FIND: &str = concat!("SELECT ", columns!(), " FROM hislink.deduction WHERE org = $1 AND deduction_id = $2");

const BETWEEN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM hislink.deduction WHERE org = $1 AND deduction_time BETWEEN $2 AND $3
    AND state IN ('accepted', 'cancelling', 'cancelled') ORDER BY deduction_time, deduction_id LIMIT $4"
);

const MOVE: &str = "UPDATE hislink.deduction SET state = $5, note = $6, token = $7
    WHERE org = $1 AND deduction_id = $2 AND state = $3 AND note = $4";

const FORGET: &str = "DELETE FROM hislink.request WHERE remembered <= $1";

const REMEMBER: &str = "INSERT INTO hislink.request (sid, stamp, sign, remembered, token) VALUES ($1, $2, $3, $4, $5)";

const REMEMBERED_BY: &str = "SELECT token FROM hislink.request WHERE sid = $1 AND stamp = $2 AND sign = $3";

/// `token` is this call's own number: by it a second try knows the row of its first.
pub(super) async fn intend(session: &Session, deduction: &Deduction, token: i64) -> Result<Option<LedgerRow>, Fault> {
    let Deduction { org_code, cert_type, cert_no, cert_name, deduction_id, .. } = deduction;
    let Deduction { total_fee, deduction_fee, deduction_time, glory_type, deduction_type, remarks, .. } = deduction;
    let (state, note) = columns_of(&DeductionState::Intended);
    let added = session
        .insert(
            INTEND,
            &[
                &stored(org_code),
                &stored(cert_type),
                &stored(cert_no),
                &stored(cert_name),
                &stored(deduction_id),
                &stored(total_fee),
                &stored(deduction_fee),
                &stored(deduction_time),
                &stored(glory_type),
                &stored(deduction_type),
                &remarks.as_deref().map(stored),
                &state,
                &stored(note),
                &token,
            ],
        )
        .await?;
    if added {
        return Ok(None);
    }
    match found(session, org_code, deduction_id).await? {
        Some((_, of)) if of == token => Ok(None),
        Some((row, _)) => Ok(Some(row)),
        None => Err(Fault::Vanished),
    }
}

/// The row of a deduction, and the number of the call that wrote it last.
async fn found(session: &Session, org: &str, deduction_id: &str) -> Result<Option<(LedgerRow, i64)>, Fault> {
    let rows = session.query(FIND, &[&stored(org), &stored(deduction_id)]).await?;
    rows.first().map(|row| Ok((row_of(row)?, row.try_get(13)?))).transpose()
}

pub(super) async fn find(session: &Session, org: &str, deduction_id: &str) -> Result<Option<LedgerRow>, Fault> {
    Ok(found(session, org, deduction_id).await?.map(|(row, _)| row))
}

/// `token` is this call's own number: by it a second try knows what its first did.
pub(super) async fn move_on(
    session: &Session,
    (org, deduction_id): (&str, &str),
    from: &DeductionState,
    to: &DeductionState,
    token: i64,
    again: bool,
) -> Result<bool, Fault> {
    let ((was, was_note), (is, is_note)) = (columns_of(from), columns_of(to));
    let (was_note, is_note) = (stored(was_note), stored(is_note));
    let with: [&(dyn ToSql + Sync); 7] = [&stored(org), &stored(deduction_id), &was, &was_note, &is, &is_note, &token];
    let moved = session.execute(MOVE, &with).await? == 1;
    Ok(moved || again && found(session, org, deduction_id).await?.is_some_and(|(_, by)| by == token))
}

pub(super) async fn between(
    session: &Session,
    org: &str,
    start: &str,
    end: &str,
    most: u32,
) -> Result<Vec<LedgerRow>, Fault> {
    let rows = session.query(BETWEEN, &[&stored(org), &stored(start), &stored(end), &i64::from(most)]).await?;
    Ok(rows.iter().map(row_of).collect::<Result<_, _>>()?)
}

/// `token` is this call's own number: a second try must not take its first for a replay.
pub(super) async fn remember(
    session: &Session,
    (sid, stamp, sign): (&str, &str, &str),
    second: i64,
    token: i64,
) -> Result<bool, Fault> {
    session.execute(FORGET, &[&(second - REMEMBERED)]).await?;
    let (sid, stamp, sign) = (stored(sid), stored(stamp), stored(sign));
    if session.insert(REMEMBER, &[&sid, &stamp, &sign, &second, &token]).await? {
        return Ok(true);
    }
    let rows = session.query(REMEMBERED_BY, &[&sid, &stamp, &sign]).await?;
    let by: i64 = rows.first().ok_or(Fault::Vanished)?.try_get(0)?;
    Ok(by == token)
}

/// A state as its two columns, of which none is null.
fn columns_of(state: &DeductionState) -> (&'static str, &str) {
    let (word, note) = state.parts();
    (word, note.unwrap_or_default())
}

fn row_of(row: &Row) -> Result<LedgerRow, Error> {
    Ok(LedgerRow {
        deduction: Deduction {
            org_code: text(row, 0)?,
            cert_type: text(row, 1)?,
            cert_no: text(row, 2)?,
            cert_name: text(row, 3)?,
            deduction_id: text(row, 4)?,
            total_fee: text(row, 5)?,
            deduction_fee: text(row, 6)?,
            deduction_time: text(row, 7)?,
            glory_type: text(row, 8)?,
            deduction_type: text(row, 9)?,
            remarks: maybe_text(row, 10)?,
        },
        state: DeductionState::of_parts(row.try_get(11)?, text(row, 12)?),
    })
}
