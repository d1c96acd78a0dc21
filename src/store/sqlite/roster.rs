//! The roster's cards, and how far each hospital's roster is.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::store::{Card, RosterPosition};

const POSITION: &str = "SELECT cursor, synced_at FROM hospital WHERE org = ?1";

/// A row that comes late, though with a smaller record number, does not replace.
const ADD: &str = "INSERT INTO card (hospital, glory_id, data_id, cert_type, cert_no, cert_name, glory_type)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (hospital, glory_id) DO UPDATE SET data_id = excluded.data_id, cert_type = excluded.cert_type,
        cert_no = excluded.cert_no, cert_name = excluded.cert_name, glory_type = excluded.glory_type
    WHERE excluded.data_id >= data_id";

/// The index is named since SQLite, which knows nothing of the sizes, would rather read a hospital's cards in order.
const FIND: &str = "SELECT cert_type, cert_no, cert_name, glory_type, glory_id, data_id
    FROM card INDEXED BY card_certificate
    WHERE hospital = (SELECT id FROM hospital WHERE org = ?1) AND cert_type = ?2 AND upper(cert_no) = upper(?3)
    ORDER BY glory_id";

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
    connection.prepare_cached("UPDATE hospital SET cursor = ?2 WHERE id = ?1")?.execute([hospital, cursor])?;
    Ok(true)
}

pub(super) fn complete(connection: &Connection, org: &str, second: i64) -> rusqlite::Result<()> {
    let hospital = hospital(connection, org)?;
    connection.prepare_cached("UPDATE hospital SET synced_at = ?2 WHERE id = ?1")?.execute([hospital, second])?;
    Ok(())
}

pub(super) fn find(connection: &Connection, org: &str, cert_type: &str, cert_no: &str) -> rusqlite::Result<Vec<Card>> {
    let read = |row: &Row<'_>| {
        Ok(Card {
            cert_type: row.get(0)?,
            cert_no: row.get(1)?,
            cert_name: row.get(2)?,
            glory_type: row.get(3)?,
            glory_id: row.get(4)?,
            data_id: row.get(5)?,
        })
    };
    connection.prepare_cached(FIND)?.query_map([org, cert_type, cert_no], read)?.collect()
}

/// The short number that stands for a hospital's code in every row.
pub(super) fn hospital(connection: &Connection, org: &str) -> rusqlite::Result<i64> {
    connection.prepare_cached("INSERT INTO hospital (org) VALUES (?1) ON CONFLICT DO NOTHING")?.execute([org])?;
    connection.prepare_cached("SELECT id FROM hospital WHERE org = ?1")?.query_row([org], |row| row.get(0))
}
