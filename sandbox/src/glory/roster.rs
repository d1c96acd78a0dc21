//! The roster: rows computed from their record number, so that a million cost nothing, and its size, which grows.

use std::time::Instant;

use super::people;

/// Most rows that a roster has: beyond, identity numbers would repeat.
pub const MOST_CARDS: u64 = 20_000_000;

/// Every row of a multiple of this replaces an earlier one.
const REPLACES_EVERY: u64 = 100;

/// The `gloryID` before the first, as in the document's example.
const BEFORE_FIRST_ID: u64 = 9_999;

/// Certificates that are no identity cards, with what their numbers look like before the digits.
const OTHER_CERTIFICATES: [(&str, &str); 6] =
    [("1", "军字第"), ("2", "兵字第"), ("3", "3501"), ("4", "XS"), ("5", "GZ"), ("6", "E")];

/// A row of the roster (document 2.1.3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The kind of the certificate.
    pub cert_type: &'static str,
    /// Its number, masked in some rows.
    pub cert_no: String,
    /// The holder's name.
    pub cert_name: String,
    /// The card's serial number.
    pub glory_id: u64,
    /// The record's serial number.
    pub data_id: u64,
}

/// The row of a record number from 1 on.
///
/// Every hundredth replaces an ordinary row of before with another name; every two-hundredth with another certificate
/// too, so that the old number must not be found any more.
pub fn row(data_id: u64) -> Row {
    if data_id.is_multiple_of(REPLACES_EVERY) {
        // Of multiples of a hundred never one again, and a different one for each.
        let earlier = data_id / 2 + 1;
        let certificate = if data_id.is_multiple_of(2 * REPLACES_EVERY) { data_id } else { earlier };
        return of_person(certificate, people::name(earlier, true), earlier, data_id);
    }
    of_person(data_id, people::name(data_id, false), data_id, data_id)
}

fn of_person(certificate: u64, cert_name: String, card: u64, data_id: u64) -> Row {
    let (cert_type, cert_no) = certificate_of(certificate);
    Row { cert_type, cert_no, cert_name, glory_id: BEFORE_FIRST_ID + card, data_id }
}

fn certificate_of(number: u64) -> (&'static str, String) {
    if number % 20 == 7 {
        let other = OTHER_CERTIFICATES.get((number / 20) as usize % OTHER_CERTIFICATES.len());
        let (cert_type, start) = other.copied().unwrap_or_default();
        return (cert_type, format!("{start}{number:08}"));
    }
    let identity_number = people::identity_number(number);
    ("0", if number % 4 == 2 { people::masked(&identity_number) } else { identity_number })
}

/// How many rows there are at a moment.
#[derive(Debug, Clone)]
pub struct Roster {
    first: u64,
    added: u64,
    per_minute: u64,
    since: Instant,
}

impl Roster {
    /// A roster of that size, which grows by that many a minute.
    pub fn new(cards: u64, per_minute: u64) -> Self {
        Self { first: cards, added: 0, per_minute, since: Instant::now() }
    }

    /// How many rows there are now; the largest record number.
    pub fn size(&self) -> u64 {
        let milliseconds = u64::try_from(self.since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let grown = self.per_minute.saturating_mul(milliseconds) / 60_000;
        self.first.saturating_add(self.added).saturating_add(grown).min(MOST_CARDS)
    }

    /// Adds that many rows, and tells the size.
    pub fn add(&mut self, cards: u64) -> u64 {
        self.added = self.added.saturating_add(cards);
        self.size()
    }

    /// Back to the size that it started with.
    pub fn reset(&mut self) {
        *self = Self::new(self.first, self.per_minute);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use super::*;

    #[test]
    fn later_rows_replace_ordinary_earlier_ones_once() {
        let mut seen = HashSet::new();
        for data_id in 1..=100_000 {
            let now = row(data_id);
            assert_eq!(now.data_id, data_id);
            if !data_id.is_multiple_of(100) {
                assert!(seen.insert(now.glory_id));
                continue;
            }
            let earlier = row(now.glory_id - BEFORE_FIRST_ID);
            assert!(
                earlier.data_id < data_id && !earlier.data_id.is_multiple_of(100) && earlier.glory_id == now.glory_id
            );
            assert_ne!(earlier.cert_name, now.cert_name);
            assert_eq!(earlier.cert_no == now.cert_no, !data_id.is_multiple_of(200));
            assert!(seen.remove(&now.glory_id), "replaced twice: {data_id}");
        }
    }

    #[test]
    fn a_roster_grows_with_time_and_by_hand_up_to_its_bound() {
        let mut roster = Roster::new(10, 600);
        assert_eq!(roster.add(5), 15);
        roster.since = roster.since.checked_sub(Duration::from_secs(60)).unwrap();
        assert_eq!(roster.size(), 615);
        roster.reset();
        assert_eq!(roster.size(), 10);
        assert_eq!(roster.add(u64::MAX), MOST_CARDS);
    }
}
