//! The roster's cards, and how far each hospital's roster is.
//!
//! Certificates come in no order, so each page of the roster would change some hundred pages of their index, and a
//! first sync would spend nearly all its time on that. New cards are therefore only marked as fresh, which costs
//! nothing, and settle into the index many at once: when the roster is complete, or earlier when there are
//! [`MOST_FRESH`]. Lookups search the index and then the fresh cards one by one.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::store::{Card, RosterPosition};

/// How many fresh cards a lookup may have to search: some milliseconds' worth.
const MOST_FRESH: i64 = 100_000;

const POSITION: &str = "SELECT cursor, synced_at FROM hospital WHERE org = ?1";

/// A row that comes late, though with a smaller record number, does not replace.
const ADD: &str = "INSERT INTO card (hospital, glory_id, data_id, cert_type, cert_no, cert_name, glory_type)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (hospital, glory_id) DO UPDATE SET data_id = excluded.data_id, cert_type = excluded.cert_type,
        cert_no = excluded.cert_no, cert_name = excluded.cert_name, glory_type = excluded.glory_type, fresh = 1
    WHERE excluded.data_id >= data_id";

const ADVANCE: &str = "UPDATE hospital SET cursor = ?2, fresh = fresh + ?3 WHERE id = ?1 RETURNING fresh";

/// Without `OR ROLLBACK`, which nothing calls for, SQLite keeps what each page was before: for a large roster a hundred MB.
const SETTLE: &str = "UPDATE OR ROLLBACK card INDEXED BY card_fresh SET fresh = 0 WHERE hospital = ?1 AND fresh = 1";

macro_rules! find {
    ($index:literal, $fresh:literal) => {
        concat!(
            "SELECT cert_type, cert_no, cert_name, glory_type, glory_id, data_id FROM card INDEXED BY ",
            $index,
            " WHERE hospital = ?1 AND cert_type = ?2 AND upper(cert_no) = upper(?3) AND fresh = ",
            $fresh
        )
    };
}

/// The indexes are named since SQLite, which knows nothing of the sizes, would rather read a hospital's cards in order.
const FIND_SETTLED: &str = find!("card_certificate", "0");
const FIND_FRESH: &str = find!("card_fresh", "1");

pub(super) fn position(connection: &Connection, org: &str) -> rusqlite::Result<RosterPosition> {
    let read = |row: &Row<'_>| Ok(RosterPosition { cursor: row.get(0)?, synced_at: row.get(1)? });
    Ok(connection.prepare_cached(POSITION)?.query_row([org], read).optional()?.unwrap_or_default())
}

pub(super) fn add_page(
    connection: &Connection,
    org: &str,
    after: i64,
    cards: &[Card],
    cursor: i64,
) -> rusqlite::Result<bool> {
    if position(connection, org)?.cursor != after {
        return Ok(false);
    }
    let hospital = hospital(connection, org)?;
    let mut add = connection.prepare_cached(ADD)?;
    for card in cards {
        let Card { cert_type, cert_no, cert_name, glory_type, glory_id, data_id } = card;
        add.execute(params![hospital, glory_id, data_id, cert_type, cert_no, cert_name, glory_type])?;
    }
    let added = cards.len() as i64;
    let fresh: i64 = connection.prepare_cached(ADVANCE)?.query_row([hospital, cursor, added], |row| row.get(0))?;
    if fresh >= MOST_FRESH {
        settle(connection, hospital)?;
    }
    Ok(true)
}

pub(super) fn complete(connection: &Connection, org: &str, second: i64) -> rusqlite::Result<()> {
    let hospital = hospital(connection, org)?;
    connection.prepare_cached("UPDATE hospital SET synced_at = ?2 WHERE id = ?1")?.execute([hospital, second])?;
    settle(connection, hospital)
}

/// Brings a hospital's fresh cards into the index of certificates.
fn settle(connection: &Connection, hospital: i64) -> rusqlite::Result<()> {
    connection.prepare_cached(SETTLE)?.execute([hospital])?;
    connection.prepare_cached("UPDATE hospital SET fresh = 0 WHERE id = ?1")?.execute([hospital])?;
    Ok(())
}

/// To be called inside a transaction: cards may settle at any time.
pub(super) fn find(connection: &Connection, org: &str, cert_type: &str, cert_no: &str) -> rusqlite::Result<Vec<Card>> {
    let mut hospital = connection.prepare_cached("SELECT id, fresh FROM hospital WHERE org = ?1")?;
    let known: Option<(i64, i64)> = hospital.query_row([org], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((hospital, fresh)) = known else { return Ok(Vec::new()) };
    let mut cards = Vec::new();
    for sql in [Some(FIND_SETTLED), Some(FIND_FRESH).filter(|_| fresh > 0)].into_iter().flatten() {
        let mut found = connection.prepare_cached(sql)?;
        for card in found.query_map(params![hospital, cert_type, cert_no], card)? {
            cards.push(card?);
        }
    }
    cards.sort_by_key(|card| card.glory_id);
    Ok(cards)
}

fn card(row: &Row<'_>) -> rusqlite::Result<Card> {
    Ok(Card {
        cert_type: row.get(0)?,
        cert_no: row.get(1)?,
        cert_name: row.get(2)?,
        glory_type: row.get(3)?,
        glory_id: row.get(4)?,
        data_id: row.get(5)?,
    })
}

/// The short number that stands for a hospital's code in every row.
pub(super) fn hospital(connection: &Connection, org: &str) -> rusqlite::Result<i64> {
    connection.prepare_cached("INSERT INTO hospital (org) VALUES (?1) ON CONFLICT DO NOTHING")?.execute([org])?;
    connection.prepare_cached("SELECT id FROM hospital WHERE org = ?1")?.query_row([org], |row| row.get(0))
}
