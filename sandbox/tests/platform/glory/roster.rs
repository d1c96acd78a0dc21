//! The roster: pages, rows, growth, replacement.

use std::thread;
use std::time::{Duration, Instant};

use hislink_sandbox::Options;
use serde_json::{Value, json};

use super::hospital::{ALL, Hospital};

/// Pulls pages until one is empty: how many rows each had, and all rows.
fn pull(hospital: &Hospital) -> (Vec<usize>, Vec<Value>) {
    let (mut sizes, mut rows) = (Vec::new(), Vec::new());
    loop {
        let after = rows.last().map_or(0, |row: &Value| row["dataID"].as_u64().unwrap());
        let page = hospital.page(after);
        sizes.push(page.len());
        if page.is_empty() {
            return (sizes, rows);
        }
        rows.extend(page);
    }
}

#[test]
fn pages_hold_500_rows_and_end_with_none() {
    for (cards, expected) in [
        (0, &[0][..]),
        (1, &[1, 0]),
        (499, &[499, 0]),
        (500, &[500, 0]),
        (501, &[500, 1, 0]),
        (1_200, &[500, 500, 200, 0]),
    ] {
        let (sizes, rows) = pull(&Hospital::of(cards));
        assert_eq!(sizes, expected, "{cards}");
        let ids: Vec<_> = rows.iter().map(|row| row["dataID"].as_u64().unwrap()).collect();
        assert_eq!(ids, (1..=cards).collect::<Vec<_>>());
    }
}

#[test]
fn a_million_cards_take_no_time_to_make() {
    let begun = Instant::now();
    let hospital = Hospital::of(1_000_000);
    assert_eq!(hospital.page(999_499)[0]["dataID"], 999_500);
    assert_eq!(hospital.page(999_700).len(), 300);
    assert!(hospital.page(1_000_000).is_empty() && hospital.page(i32::MAX as u64).is_empty());
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[test]
fn rows_have_the_fields_of_the_document() {
    let (_, rows) = pull(&Hospital::new());
    let first = rows[0].as_object().unwrap();
    let names: Vec<_> = first.keys().map(String::as_str).collect();
    let mut expected = ["certType", "certNo", "certName", "gloryID", "gloryType", "dataID"];
    expected.sort_unstable();
    assert_eq!(names, expected);
    assert_eq!((&first["gloryID"], &first["dataID"], &first["gloryType"]), (&json!(10_000), &json!(1), &json!("1")));
    let identity = |row: &&Value| row["certType"] == "0";
    let (mut plain, mut masked) = (0, 0);
    for number in rows.iter().filter(identity).map(|row| row["certNo"].as_str().unwrap()) {
        if number.contains('*') {
            masked += 1;
            assert!(number.len() == 15 && &number[6..11] == "*****", "{number}");
        } else {
            plain += 1;
            assert_eq!(remainder(number), 1, "{number}");
        }
    }
    assert!(plain > 700 && masked > 200, "{plain} {masked}");
    let others: Vec<_> = rows.iter().filter(|row| !identity(row)).collect();
    assert!(others.iter().any(|row| row["certType"] == "6") && others.len() < 100, "{}", others.len());
}

/// GB 11643: weights are powers of two, and the whole leaves 1 where the check digit is right.
fn remainder(number: &str) -> u32 {
    assert_eq!(number.len(), 18);
    let value = |c: char| if c == 'X' { 10 } else { c.to_digit(10).unwrap() };
    number.chars().rev().enumerate().map(|(n, c)| value(c) * (1 << n)).sum::<u32>() % 11
}

#[test]
fn a_later_row_replaces_an_earlier_one() {
    let (_, rows) = pull(&Hospital::new());
    let row = |data_id: usize| &rows[data_id - 1];
    for (later, earlier, same_number) in [(100, 51, true), (200, 101, false), (1_100, 551, true), (1_200, 601, false)] {
        assert_eq!(row(later)["gloryID"], row(earlier)["gloryID"]);
        assert_ne!(row(later)["certName"], row(earlier)["certName"]);
        assert_eq!(row(later)["certNo"] == row(earlier)["certNo"], same_number, "{later}");
    }
    let mut cards: Vec<_> = rows.iter().map(|row| row["gloryID"].as_u64().unwrap()).collect();
    cards.sort_unstable();
    cards.dedup();
    assert_eq!(cards.len(), 1_200 - 12);
}

#[test]
fn it_grows_by_hand() {
    let hospital = Hospital::of(3);
    assert!(hospital.page(3).is_empty());
    assert_eq!(hospital.sandbox.add_cards(2), 5);
    assert_eq!(hospital.page(3).len(), 2);
    assert_eq!(hospital.control("/control/glory/cards", &json!({ "add": 5 })), (200, json!({ "rosterSize": 10 })));
    assert_eq!((hospital.page(5).len(), hospital.sandbox.cards()), (5, 10));
    hospital.sandbox.reset();
    assert_eq!(hospital.sandbox.cards(), 3);
}

#[test]
fn it_grows_by_itself() {
    let hospital = Hospital::with(Options { cards: 10, cards_per_minute: 60_000, ..Options::default() });
    let before = hospital.sandbox.cards();
    thread::sleep(Duration::from_millis(50));
    let (after, page) = (hospital.sandbox.cards(), hospital.page(before));
    assert!((before + 50..before + 5_000).contains(&after) && page.len() >= 50, "{before} {after} {}", page.len());
}

#[test]
fn a_row_is_the_same_whenever_it_is_asked_for() {
    let (one, other) = (Hospital::of(1_000), Hospital::of(2_000));
    assert_eq!(one.page(200), other.page(200));
    assert_eq!(one.page(200)[10], one.page(210)[0]);
}

#[test]
fn requests_are_recorded() {
    let hospital = Hospital::new();
    hospital.page(7);
    let seen = hospital.latest();
    assert_eq!((&seen["path"], &seen["transType"], &seen["verdict"]), (&json!(ALL), &json!(""), &json!("1")));
    assert_eq!((&seen["message"], &seen["booked"], &seen["https"]), (&json!("成功"), &json!(false), &json!(false)));
    let text = seen["signingText"].as_str().unwrap();
    let org_code = hospital.sandbox.glory_org_code();
    assert!(text.starts_with(&format!("dataID=7&orgCode={org_code}&key=***&timestamp=20")), "{text}");
    assert!(seen["answered"].as_str().unwrap().starts_with("{\"responseFlag\":\"1\""));
    assert!(seen["answered"].as_str().unwrap().len() < 5_000);
}
