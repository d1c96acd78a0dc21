//! What every store must do, whatever it is made of: `contract::tests!(new_store)` makes the tests of one, where
//! `new_store` gives an empty store.

use std::sync::Arc;

use super::{Card, Deduction, DeductionState, LedgerRow, RosterPosition, Store};

macro_rules! tests {
    ($new_store:path) => {
        $crate::store::contract::tests!($new_store: a_roster_grows_by_pages, a_page_is_added_once,
            a_later_record_replaces, cards_are_found_in_any_case, hospitals_do_not_meet, a_deduction_is_intended_once,
            a_deduction_moves_from_where_it_is, the_span_holds_what_the_platform_took, a_request_is_remembered,
            threads_add_each_page_once, text_of_any_kind_comes_back);
    };
    ($new_store:path: $($check:ident),*) => {
        $(#[test] fn $check() { $crate::store::contract::$check(&$new_store()); })*
    };
}
pub(crate) use tests;

type Kept = Arc<dyn Store>;

fn card(glory_id: i64, data_id: i64, cert_no: &str) -> Card {
    Card {
        cert_type: "0".into(),
        cert_no: cert_no.into(),
        cert_name: format!("张{glory_id}"),
        glory_type: "1".into(),
        glory_id,
        data_id,
    }
}

fn deduction(org: &str, id: &str, time: &str) -> Deduction {
    Deduction {
        org_code: org.into(),
        cert_type: "0".into(),
        cert_no: "33100119900101123X".into(),
        cert_name: "张小凡".into(),
        deduction_id: id.into(),
        total_fee: "10.00".into(),
        deduction_fee: "5.00".into(),
        deduction_time: time.into(),
        glory_type: "1".into(),
        deduction_type: "0".into(),
        remarks: None,
    }
}

fn cursor(store: &Kept, org: &str) -> i64 {
    store.roster_position(org).unwrap().cursor
}

pub(super) fn a_roster_grows_by_pages(store: &Kept) {
    assert_eq!(store.roster_position("A").unwrap(), RosterPosition::default());
    assert!(store.add_roster_page("A", 0, &[card(1, 1, "a"), card(2, 2, "b")], 2).unwrap());
    assert!(store.add_roster_page("A", 2, &[card(3, 7, "a")], 7).unwrap());
    assert_eq!(store.roster_position("A").unwrap(), RosterPosition { cursor: 7, synced_at: None });
    store.roster_complete("A", 1_700_000_000).unwrap();
    assert_eq!(store.roster_position("A").unwrap(), RosterPosition { cursor: 7, synced_at: Some(1_700_000_000) });
    assert_eq!(store.find_cards("A", "0", "a").unwrap(), [card(1, 1, "a"), card(3, 7, "a")]);
    store.roster_complete("B", 5).unwrap();
    assert_eq!(store.roster_position("B").unwrap(), RosterPosition { cursor: 0, synced_at: Some(5) });
}

pub(super) fn a_page_is_added_once(store: &Kept) {
    assert!(!store.add_roster_page("A", 5, &[card(1, 6, "a")], 6).unwrap());
    assert!(store.add_roster_page("A", 0, &[card(1, 6, "a")], 6).unwrap());
    assert!(!store.add_roster_page("A", 0, &[card(2, 7, "a")], 7).unwrap());
    assert_eq!((cursor(store, "A"), store.find_cards("A", "0", "a").unwrap()), (6, vec![card(1, 6, "a")]));
}

pub(super) fn a_later_record_replaces(store: &Kept) {
    // Also within a page, in whatever order its records stand.
    assert!(store.add_roster_page("A", 0, &[card(1, 3, "new"), card(1, 2, "old")], 3).unwrap());
    assert_eq!(store.find_cards("A", "0", "new").unwrap(), [card(1, 3, "new")]);
    assert!(store.add_roster_page("A", 3, &[card(1, 4, "newer")], 4).unwrap());
    assert_eq!(store.find_cards("A", "0", "newer").unwrap(), [card(1, 4, "newer")]);
    // And also where the roster was complete in between.
    store.roster_complete("A", 1).unwrap();
    assert_eq!(store.find_cards("A", "0", "newer").unwrap(), [card(1, 4, "newer")]);
    assert!(store.add_roster_page("A", 4, &[card(1, 5, "newest"), card(2, 6, "newer")], 6).unwrap());
    for _ in 0..2 {
        assert_eq!(store.find_cards("A", "0", "newest").unwrap(), [card(1, 5, "newest")]);
        assert_eq!(store.find_cards("A", "0", "newer").unwrap(), [card(2, 6, "newer")]);
        store.roster_complete("A", 2).unwrap();
    }
    for gone in ["old", "new"] {
        assert!(store.find_cards("A", "0", gone).unwrap().is_empty(), "{gone}");
    }
}

pub(super) fn cards_are_found_in_any_case(store: &Kept) {
    let cards = [card(1, 1, "33100119900101123x"), card(2, 2, "33100119900101123X"), card(3, 3, "军字é1")];
    assert!(store.add_roster_page("A", 0, &cards, 3).unwrap());
    for number in ["33100119900101123x", "33100119900101123X"] {
        assert_eq!(store.find_cards("A", "0", number).unwrap(), cards[..2], "{number}");
    }
    assert_eq!(store.find_cards("A", "0", "军字é1").unwrap(), cards[2..]);
    assert!(store.find_cards("A", "1", "33100119900101123X").unwrap().is_empty());
    assert!(store.find_cards("A", "0", "33100119900101123").unwrap().is_empty());
}

pub(super) fn hospitals_do_not_meet(store: &Kept) {
    assert!(store.add_roster_page("A", 0, &[card(1, 1, "a")], 1).unwrap());
    assert_eq!((cursor(store, "B"), store.find_cards("B", "0", "a").unwrap()), (0, vec![]));
    assert!(store.add_roster_page("B", 0, &[card(1, 9, "a")], 9).unwrap());
    assert_eq!(store.find_cards("A", "0", "a").unwrap(), [card(1, 1, "a")]);
    assert_eq!(store.intend_deduction(&deduction("A", "D1", "2024-01-01 00:00:00")).unwrap(), None);
    assert_eq!(store.find_deduction("B", "D1").unwrap(), None);
    assert_eq!(store.intend_deduction(&deduction("B", "D1", "2024-01-01 00:00:00")).unwrap(), None);
}

pub(super) fn a_deduction_is_intended_once(store: &Kept) {
    let first = deduction("A", "D1", "2024-01-01 00:00:00");
    let other = Deduction { total_fee: "99.00".into(), remarks: Some("备注".into()), ..first.clone() };
    assert_eq!(store.find_deduction("A", "D1").unwrap(), None);
    assert_eq!(store.intend_deduction(&first).unwrap(), None);
    let row = LedgerRow { deduction: first, state: DeductionState::Intended };
    assert_eq!(store.intend_deduction(&other).unwrap().as_ref(), Some(&row));
    assert_eq!(store.find_deduction("A", "D1").unwrap(), Some(row));
}

pub(super) fn a_deduction_moves_from_where_it_is(store: &Kept) {
    use DeductionState::{Accepted, Cancelled, Cancelling, Intended, Refused};
    let times = ["2024-01-02 00:00:00", "2024-01-03 00:00:00"];
    store.intend_deduction(&deduction("A", "D1", "2024-01-01 00:00:00")).unwrap();
    let moved = |from: &DeductionState, to: &DeductionState| store.move_deduction("A", "D1", from, to).unwrap();
    let states = [
        Intended,
        Refused("余额不足".into()),
        Intended,
        Accepted,
        Cancelling(times[0].into()),
        Cancelled(times[0].into()),
    ];
    for pair in states.windows(2) {
        assert!(moved(&pair[0], &pair[1]), "{pair:?}");
        assert!(!moved(&pair[0], &pair[1]), "{pair:?} twice");
        assert_eq!(store.find_deduction("A", "D1").unwrap().unwrap().state, pair[1]);
    }
    assert!(!moved(&Cancelled(times[1].into()), &Accepted), "another time is another state");
    assert!(!store.move_deduction("A", "none", &Intended, &Accepted).unwrap());
}

pub(super) fn the_span_holds_what_the_platform_took(store: &Kept) {
    use DeductionState::{Accepted, Cancelled, Cancelling, Intended, Refused};
    let add = |id: &str, time: &str, states: &[DeductionState]| {
        store.intend_deduction(&deduction("A", id, time)).unwrap();
        let mut from = Intended;
        for to in states {
            assert!(store.move_deduction("A", id, &from, to).unwrap());
            from = to.clone();
        }
    };
    let cancelled = "2024-02-01 00:00:00";
    add("late", "2024-01-01 00:00:03", &[Accepted]);
    add("b", "2024-01-01 00:00:02", &[Accepted]);
    add("a", "2024-01-01 00:00:02", &[Accepted, Cancelling(cancelled.into())]);
    add("early", "2024-01-01 00:00:00", &[Accepted]);
    add("first", "2024-01-01 00:00:01", &[Accepted, Cancelling(cancelled.into()), Cancelled(cancelled.into())]);
    add("open", "2024-01-01 00:00:02", &[]);
    add("refused", "2024-01-01 00:00:02", &[Refused("no".into())]);
    let between = |org: &str, most: u32| {
        store.deductions_between(org, "2024-01-01 00:00:01", "2024-01-01 00:00:02", most).unwrap()
    };
    let found = between("A", 3);
    let ids: Vec<_> = found.iter().map(|row| row.deduction.deduction_id.as_str()).collect();
    assert_eq!(ids, ["first", "a", "b"]);
    assert_eq!(found[0].state, Cancelled(cancelled.into()));
    assert_eq!(between("A", 2), found[..2]);
    assert!(between("B", 3).is_empty());
}

pub(super) fn a_request_is_remembered(store: &Kept) {
    assert!(store.remember_request("S", "20240101000000", "abc", 1_000).unwrap());
    assert!(!store.remember_request("S", "20240101000000", "abc", 1_600).unwrap());
    for (sid, timestamp, sign) in
        [("T", "20240101000000", "abc"), ("S", "20240101000001", "abc"), ("S", "20240101000000", "abd")]
    {
        assert!(store.remember_request(sid, timestamp, sign, 1_600).unwrap());
    }
    assert!(store.remember_request("S", "20240101000000", "abc", 1_601).unwrap(), "ten minutes and a second are over");
}

pub(super) fn threads_add_each_page_once(store: &Kept) {
    let added: usize = std::thread::scope(|scope| {
        let work = || {
            let mut added = 0;
            while cursor(store, "A") < 100 {
                let after = cursor(store, "A");
                added +=
                    usize::from(store.add_roster_page("A", after, &[card(after, after + 1, "a")], after + 1).unwrap());
            }
            added
        };
        let threads = [0; 4].map(|_| scope.spawn(work));
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!((added, cursor(store, "A"), store.find_cards("A", "0", "a").unwrap().len()), (100, 100, 100));
}

pub(super) fn text_of_any_kind_comes_back(store: &Kept) {
    for (n, text) in ["", "' OR 1=1 --", "\u{0}a", "𠮷\u{7f}\n", &"长".repeat(10_000)].into_iter().enumerate() {
        let (n, org) = (n as i64, format!("org {text}"));
        let card = Card { cert_name: text.into(), cert_type: text.into(), ..card(i64::MAX - n, i64::MAX, text) };
        assert!(store.add_roster_page(&org, 0, std::slice::from_ref(&card), i64::MAX).unwrap());
        assert_eq!(store.find_cards(&org, text, text).unwrap(), [card], "{text:?}");
    }
}
