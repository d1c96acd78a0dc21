//! The ledger's deductions, and the platform's requests that were answered lately.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::roster::hospital;
use crate::store::{Deduction, DeductionState, LedgerRow};

/// How long a request of the platform is remembered, in seconds.
const REMEMBERED: i64 = 601;

macro_rules! columns {
    () => {
        "org, cert_type, cert_no, cert_name, deduction_id, total_fee, deduction_fee, deduction_time, glory_type,
        deduction_type, remarks, state, note"
    };
}

const INTEND: &str = "INSERT INTO deduction (hospital, cert_type, cert_no, cert_name, deduction_id, total_fee,
        deduction_fee, deduction_time, glory_type, deduction_type, remarks, state)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 'intended') ON CONFLICT DO NOTHING";

const FIND: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM hospital JOIN deduction ON hospital = id WHERE org = ?1 AND deduction_id = ?2"
);

const BETWEEN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM hospital JOIN deduction INDEXED BY deduction_span ON hospital = id
    WHERE org = ?1 AND deduction_time BETWEEN ?2 AND ?3 AND state IN ('accepted', 'cancelling', 'cancelled')
    ORDER BY deduction_time, deduction_id LIMIT ?4"
);

const MOVE: &str = "UPDATE deduction SET state = ?5, note = ?6
    WHERE hospital = (SELECT id FROM hospital WHERE org = ?1) AND deduction_id = ?2 AND state = ?3 AND note IS ?4";

const REMEMBER: &str =
    "INSERT INTO request (sid, timestamp, sign, second) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";

pub(super) fn intend(connection: &Connection, deduction: &Deduction) -> rusqlite::Result<Option<LedgerRow>> {
    let Deduction { org_code, cert_type, cert_no, cert_name, deduction_id, .. } = deduction;
    let Deduction { total_fee, deduction_fee, deduction_time, glory_type, deduction_type, remarks, .. } = deduction;
    let added = connection.prepare_cached(INTEND)?.execute(params![
        hospital(connection, org_code)?,
        cert_type,
        cert_no,
        cert_name,
        deduction_id,
        total_fee,
        deduction_fee,
        deduction_time,
        glory_type,
        deduction_type,
        remarks
    ])?;
    if added == 1 { Ok(None) } else { find(connection, org_code, deduction_id) }
}

pub(super) fn find(connection: &Connection, org: &str, deduction_id: &str) -> rusqlite::Result<Option<LedgerRow>> {
    connection.prepare_cached(FIND)?.query_row([org, deduction_id], row_of).optional()
}

pub(super) fn move_on(
    connection: &Connection,
    org: &str,
    deduction_id: &str,
    from: &DeductionState,
    to: &DeductionState,
) -> rusqlite::Result<bool> {
    let ((from, from_note), (to, to_note)) = (from.parts(), to.parts());
    let moved = connection.prepare_cached(MOVE)?.execute(params![org, deduction_id, from, from_note, to, to_note])?;
    Ok(moved == 1)
}

pub(super) fn between(
    connection: &Connection,
    org: &str,
    start: &str,
    end: &str,
    most: u32,
) -> rusqlite::Result<Vec<LedgerRow>> {
    connection.prepare_cached(BETWEEN)?.query_map(params![org, start, end, most], row_of)?.collect()
}

pub(super) fn remember(
    connection: &Connection,
    sid: &str,
    timestamp: &str,
    sign: &str,
    second: i64,
) -> rusqlite::Result<bool> {
    connection.prepare_cached("DELETE FROM request WHERE second <= ?1")?.execute([second - REMEMBERED])?;
    let added = connection.prepare_cached(REMEMBER)?.execute(params![sid, timestamp, sign, second])?;
    Ok(added == 1)
}

fn row_of(row: &Row<'_>) -> rusqlite::Result<LedgerRow> {
    Ok(LedgerRow {
        deduction: Deduction {
            org_code: row.get(0)?,
            cert_type: row.get(1)?,
            cert_no: row.get(2)?,
            cert_name: row.get(3)?,
            deduction_id: row.get(4)?,
            total_fee: row.get(5)?,
            deduction_fee: row.get(6)?,
            deduction_time: row.get(7)?,
            glory_type: row.get(8)?,
            deduction_type: row.get(9)?,
            remarks: row.get(10)?,
        },
        state: DeductionState::of_parts(
            row.get_ref(11)?.as_str()?,
            row.get::<_, Option<String>>(12)?.unwrap_or_default(),
        ),
    })
}
