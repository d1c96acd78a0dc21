//! The roster's cards, and how far each hospital's roster is.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use tokio_postgres::{Error, Row};

use super::failure::Fault;
use super::link::Session;
use super::text::{stored, text};
use crate::store::{Card, RosterPosition};

/// A longer number is looked up by its digest: an index holds no long texts.
const LONGEST_KEY: usize = 256;

const POSITION: &str = "SELECT reached, synced_at FROM hislink.hospital WHERE org = $1";

const NEW_HOSPITAL: &str = "INSERT INTO hislink.hospital (org, reached) VALUES ($1, 0)";

/// Pages of one hospital come one after the other.
const HOLD: &str = "SELECT reached FROM hislink.hospital WHERE org = $1 FOR UPDATE";

const ADVANCE: &str = "UPDATE hislink.hospital SET reached = $2 WHERE org = $1";

const COMPLETE: &str = "UPDATE hislink.hospital SET synced_at = $2 WHERE org = $1";

const KNOWN: &str = "SELECT glory_id, data_id FROM hislink.card WHERE org = $1 AND glory_id = ANY($2)";

const REMOVE: &str = "DELETE FROM hislink.card WHERE org = $1 AND glory_id = ANY($2)";

/// A whole page in one statement, whose plan cannot go wrong.
const ADD: &str = "INSERT INTO hislink.card
        (org, glory_id, data_id, cert_type, cert_no, cert_key, cert_name, glory_type)
    SELECT $1, unnest($2::bigint[]), unnest($3::bigint[]), unnest($4::text[]), unnest($5::text[]), unnest($6::text[]),
        unnest($7::text[]), unnest($8::text[])";

const FIND: &str = "SELECT cert_type, cert_no, cert_name, glory_type, glory_id, data_id FROM hislink.card
    WHERE org = $1 AND cert_key = $2 AND cert_type = $3";

pub(super) async fn position(session: &Session, org: &str) -> Result<RosterPosition, Fault> {
    let rows = session.query(POSITION, &[&stored(org)]).await?;
    let Some(row) = rows.first() else { return Ok(RosterPosition::default()) };
    Ok(RosterPosition { cursor: row.try_get(0)?, synced_at: row.try_get(1)? })
}

/// `again`: the first try may have gone through; the cursor tells.
pub(super) async fn add_page(
    session: &Session,
    org: &str,
    after: i64,
    cards: &[Card],
    cursor: i64,
    again: bool,
) -> Result<bool, Fault> {
    let reached = hold(session, org).await?;
    if reached != after {
        session.batch("ROLLBACK").await?;
        return Ok(again && reached == cursor);
    }
    add(session, org, &newest(cards)).await?;
    session.execute(ADVANCE, &[&stored(org), &cursor]).await?;
    session.batch("COMMIT").await?;
    Ok(true)
}

/// Begins a transaction that holds the hospital's row, and gives its cursor.
async fn hold(session: &Session, org: &str) -> Result<i64, Fault> {
    for _ in 0..2 {
        session.batch("BEGIN").await?;
        if let Some(row) = session.query(HOLD, &[&stored(org)]).await?.first() {
            return Ok(row.try_get(0)?);
        }
        session.batch("ROLLBACK").await?;
        session.insert(NEW_HOSPITAL, &[&stored(org)]).await?;
    }
    Err(Fault::Vanished)
}

/// The latest record of each card of a page.
fn newest(cards: &[Card]) -> BTreeMap<i64, &Card> {
    let mut newest = BTreeMap::new();
    for card in cards {
        let known = newest.entry(card.glory_id).or_insert(card);
        if card.data_id >= known.data_id {
            *known = card;
        }
    }
    newest
}

async fn add(session: &Session, org: &str, page: &BTreeMap<i64, &Card>) -> Result<(), Error> {
    let (mut page, org) = (page.clone(), stored(org));
    let ids: Vec<i64> = page.keys().copied().collect();
    let mut replaced = Vec::new();
    for row in session.query(KNOWN, &[&org, &ids]).await? {
        let (id, known): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
        // A record that comes late, though with a smaller number, does not replace.
        if page.get(&id).is_some_and(|card| card.data_id < known) {
            page.remove(&id);
        } else {
            replaced.push(id);
        }
    }
    if !replaced.is_empty() {
        session.execute(REMOVE, &[&org, &replaced]).await?;
    }
    let numbers = |of: fn(&Card) -> i64| page.values().map(|card| of(card)).collect::<Vec<_>>();
    let texts = |of: fn(&Card) -> &str| page.values().map(|card| stored(of(card))).collect::<Vec<_>>();
    let keys: Vec<_> = page.values().map(|card| key(&card.cert_no)).collect();
    session
        .execute(
            ADD,
            &[
                &org,
                &numbers(|card| card.glory_id),
                &numbers(|card| card.data_id),
                &texts(|card| &card.cert_type),
                &texts(|card| &card.cert_no),
                &keys,
                &texts(|card| &card.cert_name),
                &texts(|card| &card.glory_type),
            ],
        )
        .await?;
    Ok(())
}

pub(super) async fn complete(session: &Session, org: &str, second: i64) -> Result<(), Fault> {
    if session.execute(COMPLETE, &[&stored(org), &second]).await? == 0 {
        session.insert(NEW_HOSPITAL, &[&stored(org)]).await?;
        session.execute(COMPLETE, &[&stored(org), &second]).await?;
    }
    Ok(())
}

pub(super) async fn find(session: &Session, org: &str, cert_type: &str, cert_no: &str) -> Result<Vec<Card>, Fault> {
    let rows = session.query(FIND, &[&stored(org), &key(cert_no), &stored(cert_type)]).await?;
    let mut cards = rows.iter().map(card).collect::<Result<Vec<_>, _>>()?;
    cards.sort_by_key(|card| card.glory_id);
    Ok(cards)
}

/// What a certificate's number is found by, whatever the case of its letters.
fn key(cert_no: &str) -> String {
    let upper = stored(cert_no).to_ascii_uppercase();
    if upper.len() <= LONGEST_KEY { upper } else { hex::encode(Sha256::digest(upper)) }
}

fn card(row: &Row) -> Result<Card, Error> {
    Ok(Card {
        cert_type: text(row, 0)?,
        cert_no: text(row, 1)?,
        cert_name: text(row, 2)?,
        glory_type: text(row, 3)?,
        glory_id: row.try_get(4)?,
        data_id: row.try_get(5)?,
    })
}
