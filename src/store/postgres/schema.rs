//! The tables, and how a database comes to have them: in a schema of their own, so that they meet no other table and
//! every role finds the same.

use tokio_postgres::error::SqlState;

use super::failure::Fault;
use super::link::Session;
use crate::reply::{Error, words};
use crate::store::failure::failed;

/// For whom the database's advisory lock is held while tables are made: "hislink".
const LOCK: i64 = 0x0068_6973_6C69_6E6B;

/// What leads from each version of the tables to the next; the first from no tables. Never changed, only added to.
/// What PostgreSQL, openGauss (of 9.2) and KingbaseES all understand.
const STEPS: &[&str] = &[
    // Each statement finds one index only that begins with what it asks for: a plan that was made while the tables were
    // empty, and is kept, is right then too. `cert_key` is what lookups compare: upper case, and short. `token` is the
    // number of the call that wrote the row last. `note` belongs to the state. Columns of bytes are null where there are
    // none. `lease` is when a sender counts as dead, at the latest.
    "CREATE TABLE hislink.hospital (
        org TEXT COLLATE \"C\" NOT NULL PRIMARY KEY,
        reached BIGINT NOT NULL,
        synced_at BIGINT
    );
    CREATE TABLE hislink.card (
        org TEXT COLLATE \"C\" NOT NULL,
        glory_id BIGINT NOT NULL,
        data_id BIGINT NOT NULL,
        cert_type TEXT COLLATE \"C\" NOT NULL,
        cert_no TEXT COLLATE \"C\" NOT NULL,
        cert_key TEXT COLLATE \"C\" NOT NULL,
        cert_name TEXT COLLATE \"C\" NOT NULL,
        glory_type TEXT COLLATE \"C\" NOT NULL,
        PRIMARY KEY (glory_id, org)
    );
    CREATE INDEX card_certificate ON hislink.card (cert_key, org);
    CREATE TABLE hislink.deduction (
        org TEXT COLLATE \"C\" NOT NULL,
        deduction_id TEXT COLLATE \"C\" NOT NULL,
        cert_type TEXT COLLATE \"C\" NOT NULL,
        cert_no TEXT COLLATE \"C\" NOT NULL,
        cert_name TEXT COLLATE \"C\" NOT NULL,
        total_fee TEXT COLLATE \"C\" NOT NULL,
        deduction_fee TEXT COLLATE \"C\" NOT NULL,
        deduction_time TEXT COLLATE \"C\" NOT NULL,
        glory_type TEXT COLLATE \"C\" NOT NULL,
        deduction_type TEXT COLLATE \"C\" NOT NULL,
        remarks TEXT COLLATE \"C\",
        state TEXT COLLATE \"C\" NOT NULL,
        note TEXT COLLATE \"C\" NOT NULL,
        token BIGINT NOT NULL,
        PRIMARY KEY (deduction_id, org)
    );
    CREATE INDEX deduction_span ON hislink.deduction (deduction_time, deduction_id, org);
    CREATE TABLE hislink.request (
        sid TEXT COLLATE \"C\" NOT NULL,
        stamp TEXT COLLATE \"C\" NOT NULL,
        sign TEXT COLLATE \"C\" NOT NULL,
        remembered BIGINT NOT NULL,
        token BIGINT NOT NULL,
        PRIMARY KEY (sid, stamp, sign)
    );
    CREATE INDEX request_remembered ON hislink.request (remembered);
    CREATE TABLE hislink.journal (
        kind TEXT COLLATE \"C\" NOT NULL,
        account TEXT COLLATE \"C\" NOT NULL,
        order_no TEXT COLLATE \"C\" NOT NULL,
        service TEXT COLLATE \"C\" NOT NULL,
        profile TEXT COLLATE \"C\" NOT NULL,
        content TEXT COLLATE \"C\" NOT NULL,
        fen BIGINT,
        param BYTEA,
        host TEXT COLLATE \"C\" NOT NULL,
        process BIGINT NOT NULL,
        run TEXT COLLATE \"C\" NOT NULL,
        claim BIGINT NOT NULL,
        lease BIGINT NOT NULL,
        sends BIGINT NOT NULL,
        begun BIGINT NOT NULL,
        sent BIGINT NOT NULL,
        changed BIGINT NOT NULL,
        state TEXT COLLATE \"C\" NOT NULL,
        code TEXT COLLATE \"C\" NOT NULL,
        outcome BYTEA,
        PRIMARY KEY (order_no, account, kind)
    );
    CREATE INDEX journal_begun ON hislink.journal (begun);
    CREATE INDEX journal_sending ON hislink.journal (run, lease) WHERE state = 'sending';",
];

const VERSION: &str = "SELECT version FROM hislink.store";

/// Brings the database up to this version's tables, and tells of one that holds a later version's. Needs no right to
/// make tables where they are there.
pub(super) async fn prepare(session: &Session, place: &str) -> Result<(), Fault> {
    require_unicode(session, place).await?;
    let known = match session.query(VERSION, &[]).await {
        Ok(rows) => version(&rows)?,
        Err(error) if is_missing(error.code()) => 0,
        Err(error) => return Err(error.into()),
    };
    if known == STEPS.len() as i64 { Ok(()) } else { migrate(session, place).await }
}

/// Of several programs that start at once, one makes the tables and the others wait for it.
async fn migrate(session: &Session, place: &str) -> Result<(), Fault> {
    session.batch("BEGIN").await?;
    session.query("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    let known = if is_there(session).await? { version(&session.query(VERSION, &[]).await?)? } else { 0 };
    if known > STEPS.len() as i64 {
        return Err(Fault::Told(later(known, place)));
    }
    if known == 0 {
        make_schema(session).await?;
    }
    for step in STEPS.iter().skip(usize::try_from(known).unwrap_or_default()) {
        session.batch(step).await?;
    }
    session.batch(&format!("UPDATE hislink.store SET version = {}; COMMIT", STEPS.len())).await
}

async fn is_there(session: &Session) -> Result<bool, Fault> {
    let table = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = 'hislink' AND tablename = 'store'";
    Ok(!session.query(table, &[]).await?.is_empty())
}

/// An administrator may have made the schema, for a role that may not.
async fn make_schema(session: &Session) -> Result<(), Fault> {
    let schema = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'hislink'";
    if session.query(schema, &[]).await?.is_empty() {
        session.batch("CREATE SCHEMA hislink").await?;
    }
    session.batch("CREATE TABLE hislink.store (version BIGINT NOT NULL); INSERT INTO hislink.store VALUES (0)").await
}

fn is_missing(code: Option<&SqlState>) -> bool {
    matches!(code, Some(&SqlState::UNDEFINED_TABLE | &SqlState::INVALID_SCHEMA_NAME))
}

fn version(rows: &[tokio_postgres::Row]) -> Result<i64, Fault> {
    rows.first().map_or(Ok(0), |row| Ok(row.try_get(0)?))
}

fn later(known: i64, place: &str) -> Error {
    let ours = STEPS.len();
    failed(words!(
        "PostgreSQL {place} 中的存储由更新版本的动态库写成（版本 {known}，本版本支持到 {ours}），请升级动态库",
        "the store on PostgreSQL at {place} is of a later version of this library ({known}; this one knows up to {ours}): update it"
    ))
}

/// Names in Chinese, and what stands for a NUL, need Unicode; a database without an encoding takes every byte.
async fn require_unicode(session: &Session, place: &str) -> Result<(), Fault> {
    let rows = session.query("SELECT current_setting('server_encoding')", &[]).await?;
    let encoding: String = rows.first().ok_or(Fault::Vanished)?.try_get(0)?;
    if matches!(encoding.as_str(), "UTF8" | "UNICODE" | "SQL_ASCII") {
        return Ok(());
    }
    Err(Fault::Told(failed(words!(
        "PostgreSQL {place} 的编码是 {encoding}，请使用 UTF8 编码的数据库：CREATE DATABASE … ENCODING 'UTF8'",
        "the database on PostgreSQL at {place} is encoded in {encoding}: make one by CREATE DATABASE ... ENCODING 'UTF8'"
    ))))
}
