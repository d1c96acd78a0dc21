//! What every store must do, whatever it is made of: `contract::tests!(new_store)` makes the tests of one, where
//! `new_store` gives an empty store. An attribute after it stands on each of them.

use std::sync::Arc;

use std::time::Duration;

use super::{
    Begun, Card, Claim, Deduction, DeductionState, Entry, EntryFilter, EntryKey, EntryKind, EntryState, Intent,
    LedgerRow, Outcome, RosterPosition, Store,
};

macro_rules! tests {
    ($new_store:path $(, #[$attribute:meta])?) => {
        $crate::store::contract::tests!($new_store, $(#[$attribute])?; a_roster_grows_by_pages, a_page_is_added_once,
            a_later_record_replaces, cards_are_found_in_any_case, hospitals_do_not_meet, a_deduction_is_intended_once,
            a_deduction_moves_from_where_it_is, the_span_holds_what_the_platform_took, a_request_is_remembered,
            threads_add_each_page_once, text_of_any_kind_comes_back, a_movement_is_begun_once,
            an_outcome_needs_its_claim_and_success_outweighs, an_entry_is_taken_over_once, what_the_dead_were_sending_is_unknown,
            entries_are_listed_newest_first, settled_entries_are_forgotten, threads_begin_each_movement_once);
    };
    ($new_store:path, #[$attribute:meta]; $($check:ident),*) => {
        $(#[test] #[$attribute] fn $check() { $crate::store::contract::$check(&$new_store()); })*
    };
    ($new_store:path, ; $($check:ident),*) => {
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
            loop {
                // Looked at once: another thread may add the last page in between.
                let after = cursor(store, "A");
                if after >= 100 {
                    break;
                }
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

fn intent(account: &str, number: &str) -> Intent {
    Intent {
        key: EntryKey { kind: EntryKind::Order, account: account.into(), number: number.into() },
        service: "hop.trade.recharge".into(),
        profile: "窗口".into(),
        content: format!("digest of {number}"),
        fen: Some(10_000),
        param: vec![0, 1, 255, 39, 92],
        lease: Duration::from_secs(600),
    }
}

fn outcome(state: EntryState) -> Outcome {
    Outcome { state, code: "CODE".into(), outcome: format!("余额 {state:?}").into_bytes() }
}

fn begun(store: &Kept, intent: &Intent) -> Claim {
    match store.begin_entry(intent).unwrap() {
        Begun::New(claim) => claim,
        Begun::Known(entry) => panic!("{entry:?}"),
    }
}

fn entry(store: &Kept, number: &str) -> Entry {
    store.find_entry(&intent("A", number).key).unwrap().unwrap()
}

fn filter(accounts: &[&str]) -> EntryFilter {
    let accounts = accounts.iter().map(|account| (EntryKind::Order, (*account).into())).collect();
    EntryFilter { accounts, states: vec![], since: 0, until: i64::MAX, limit: 100 }
}

fn numbers(store: &Kept, filter: &EntryFilter) -> Vec<String> {
    store.list_entries(filter).unwrap().into_iter().map(|entry| entry.key.number).collect()
}

pub(super) fn a_movement_is_begun_once(store: &Kept) {
    let first = intent("A", "OC1");
    assert_eq!(store.find_entry(&first.key).unwrap(), None);
    let claim = begun(store, &first);
    let other = Intent { content: "other".into(), fen: None, ..first.clone() };
    let Begun::Known(known) = store.begin_entry(&other).unwrap() else { panic!("begun twice") };
    let Entry { key, service, profile, content, fen, param, process, sends, begun, sent, changed, .. } = &*known;
    assert_eq!((key, service, profile), (&first.key, &first.service, &first.profile));
    assert_eq!((content, fen, param), (&first.content, &first.fen, &first.param));
    assert_eq!((*process, *sends, known.claim, known.state), (std::process::id(), 1, claim, EntryState::Sending));
    assert!(!known.host.is_empty() && begun == sent && sent == changed);
    assert!((crate::clock::millisecond() - begun).abs() < 60_000, "{begun}");
    assert_eq!((known.code.as_str(), known.outcome.as_slice()), ("", [].as_slice()));
    assert_eq!(store.find_entry(&first.key).unwrap().as_ref(), Some(&*known));
    // Another account, and another kind, have numbers of their own.
    begun_elsewhere(store, EntryKey { account: "B".into(), ..first.key.clone() }, &first);
    begun_elsewhere(store, EntryKey { kind: EntryKind::Deduction, ..first.key.clone() }, &first);
}

fn begun_elsewhere(store: &Kept, key: EntryKey, like: &Intent) {
    begun(store, &Intent { key, ..like.clone() });
}

pub(super) fn an_outcome_needs_its_claim_and_success_outweighs(store: &Kept) {
    use EntryState::{Failed, Pending, Succeeded, Unknown, Unsent};
    let first = intent("A", "OC1");
    let claim = begun(store, &first);
    let settle = |claim, state| store.settle_entry(&first.key, claim, &outcome(state)).unwrap();
    assert!(!settle(None, Failed) && !settle(Some(Claim(claim.0 ^ 1)), Failed));
    for state in [Unknown, Pending, Unknown, Failed] {
        assert!(settle(Some(claim), state), "{state:?}");
        let now = entry(store, "OC1");
        assert_eq!((now.state, now.code.as_str()), (state, "CODE"));
        assert_eq!(now.outcome, outcome(state).outcome);
    }
    for state in [Unsent, Unknown, Pending] {
        assert!(!settle(Some(claim), state), "{state:?} after a refusal");
    }
    assert!(settle(None, Succeeded));
    for state in [Failed, Unknown, Succeeded] {
        assert!(!settle(Some(claim), state), "{state:?} after success");
    }
    assert_eq!(entry(store, "OC1").state, Succeeded);
    assert!(!store.settle_entry(&intent("A", "none").key, None, &outcome(Succeeded)).unwrap());
}

pub(super) fn an_entry_is_taken_over_once(store: &Kept) {
    let first = intent("A", "OC1");
    let claim = begun(store, &first);
    assert!(store.settle_entry(&first.key, Some(claim), &outcome(EntryState::Unsent)).unwrap());
    let seen = entry(store, "OC1");
    let again = Intent { profile: "另一窗口".into(), ..first.clone() };
    let new = store.begin_again(&seen, &again).unwrap().unwrap();
    assert_ne!(new, claim);
    assert_eq!(store.begin_again(&seen, &again).unwrap(), None, "it was taken over");
    let now = entry(store, "OC1");
    assert_eq!((now.state, now.sends, now.profile.as_str(), now.claim), (EntryState::Sending, 2, "另一窗口", new));
    assert_eq!((now.begun, now.code.as_str(), now.outcome.len()), (seen.begun, "", 0));
    assert!(!store.settle_entry(&first.key, Some(claim), &outcome(EntryState::Failed)).unwrap(), "the old claim");
    assert!(store.settle_entry(&first.key, Some(new), &outcome(EntryState::Failed)).unwrap());
}

pub(super) fn what_the_dead_were_sending_is_unknown(store: &Kept) {
    let late = Intent { lease: Duration::ZERO, ..intent("A", "late") };
    let claim = begun(store, &late);
    begun(store, &intent("A", "living"));
    assert_eq!(entry(store, "late").state, EntryState::Unknown);
    assert_eq!(entry(store, "living").state, EntryState::Sending);
    let late_too = Intent { lease: Duration::ZERO, ..intent("A", "late too") };
    begun(store, &late_too);
    let Begun::Known(known) = store.begin_entry(&late_too).unwrap() else { panic!("begun twice") };
    assert_eq!(known.state, EntryState::Unknown);
    let late_three = Intent { lease: Duration::ZERO, ..intent("A", "late three") };
    begun(store, &late_three);
    let unknown = EntryFilter { states: vec![EntryState::Unknown], ..filter(&["A"]) };
    let mut found = numbers(store, &unknown);
    found.sort();
    assert_eq!(found, ["late", "late three", "late too"]);
    // One who was only slow still has the right to tell.
    assert!(store.settle_entry(&late.key, Some(claim), &outcome(EntryState::Failed)).unwrap());
}

pub(super) fn entries_are_listed_newest_first(store: &Kept) {
    use EntryState::{Failed, Sending, Succeeded};
    for (n, state) in [Sending, Failed, Succeeded, Failed].into_iter().enumerate() {
        let intent = intent("A", &format!("OC{n}"));
        let claim = begun(store, &intent);
        if state != Sending {
            assert!(store.settle_entry(&intent.key, Some(claim), &outcome(state)).unwrap());
        }
        std::thread::sleep(Duration::from_millis(3));
    }
    begun(store, &intent("B", "other"));
    assert_eq!(numbers(store, &filter(&["A"])), ["OC3", "OC2", "OC1", "OC0"]);
    assert_eq!(numbers(store, &filter(&["A", "B"]))[0], "other");
    assert_eq!(numbers(store, &EntryFilter { limit: 2, ..filter(&["A"]) }), ["OC3", "OC2"]);
    assert_eq!(numbers(store, &EntryFilter { states: vec![Failed], ..filter(&["A"]) }), ["OC3", "OC1"]);
    assert_eq!(numbers(store, &EntryFilter { states: vec![Sending, Succeeded], ..filter(&["A"]) }), ["OC2", "OC0"]);
    let (second, third) = (entry(store, "OC1").begun, entry(store, "OC2").begun);
    assert_eq!(numbers(store, &EntryFilter { since: second, until: third, ..filter(&["A"]) }), ["OC1"]);
    assert!(numbers(store, &filter(&[])).is_empty());
}

pub(super) fn settled_entries_are_forgotten(store: &Kept) {
    let settled = intent("A", "settled");
    let claim = begun(store, &settled);
    assert!(store.settle_entry(&settled.key, Some(claim), &outcome(EntryState::Succeeded)).unwrap());
    let unsettled = intent("A", "unsettled");
    let claim = begun(store, &unsettled);
    assert!(store.settle_entry(&unsettled.key, Some(claim), &outcome(EntryState::Pending)).unwrap());
    let elsewhere = intent("B", "settled");
    let claim = begun(store, &elsewhere);
    assert!(store.settle_entry(&elsewhere.key, Some(claim), &outcome(EntryState::Failed)).unwrap());
    let changed = entry(store, "settled").changed;
    assert!((0..60_000).contains(&(store.now().unwrap() - changed)));
    assert_eq!(store.forget_entries(EntryKind::Order, "A", changed).unwrap(), 0);
    assert_eq!(store.forget_entries(EntryKind::Deduction, "A", i64::MAX).unwrap(), 0);
    assert_eq!(store.forget_entries(EntryKind::Order, "A", changed + 1).unwrap(), 1);
    assert_eq!(numbers(store, &filter(&["A", "B"])).len(), 2);
    assert_eq!(store.find_entry(&settled.key).unwrap(), None);
}

pub(super) fn threads_begin_each_movement_once(store: &Kept) {
    let new: usize = std::thread::scope(|scope| {
        let work = || {
            let begin = |n: &u32| store.begin_entry(&intent("A", &format!("OC{n}"))).unwrap();
            (0..25_u32).filter(|n| matches!(begin(n), Begun::New(_))).count()
        };
        let threads = [0; 4].map(|_| scope.spawn(work));
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!((new, numbers(store, &filter(&["A"])).len()), (25, 25));
}
