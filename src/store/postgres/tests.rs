//! The contract on a real server, and what only this store does.

mod proxy;

use std::sync::Arc;
use std::thread;

use super::*;
use crate::reply::Code;
use crate::store::contract;
use proxy::Proxy;

#[path = "../../../tests/support/postgres_server.rs"]
mod postgres_server;
use postgres_server::PostgresServer;

fn open(url: &str) -> Result<Postgres, Error> {
    let store = Postgres::new(&Address::parse(url).unwrap(), None)?;
    store.open().map(|()| store)
}

/// An empty store, in a database of its own.
fn new_store() -> Arc<dyn Store> {
    let server = PostgresServer::shared();
    Arc::new(open(&server.url(&server.database())).unwrap())
}

contract::tests!(new_store, #[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]);

/// A store on a way that breaks.
fn behind_a_proxy() -> (Postgres, Proxy) {
    let server = PostgresServer::shared();
    let proxy = Proxy::to(server.port);
    let url = server.url(&server.database()).replace(&server.port.to_string(), &proxy.port.to_string());
    (open(&url).unwrap(), proxy)
}

/// Calls `work` again and again, with one answer of the server more before one is lost, until none is; gives how many
/// were.
fn losing_each_answer(proxy: &Proxy, work: impl Fn(i64)) -> i64 {
    for n in 1.. {
        proxy.lose(n);
        work(n);
        if !proxy.has_lost() {
            return n - 1;
        }
    }
    unreachable!()
}

fn key(number: &str) -> EntryKey {
    EntryKey { kind: EntryKind::Order, account: "A".into(), number: number.into() }
}

fn intent(number: &str) -> super::Intent {
    super::Intent {
        key: key(number),
        service: "hop.trade.recharge".into(),
        profile: "default".into(),
        content: "digest".into(),
        fen: Some(1),
        param: b"sealed".to_vec(),
        lease: Duration::from_secs(60),
    }
}

fn outcome(state: EntryState) -> Outcome {
    Outcome { state, code: "OK".into(), outcome: b"sealed".to_vec() }
}

fn begun(store: &Postgres, number: &str) -> Claim {
    match store.begin_entry(&intent(number)).unwrap() {
        Begun::New(claim) => claim,
        Begun::Known(entry) => panic!("{entry:?}"),
    }
}

fn deduction(id: &str) -> Deduction {
    let text = String::from;
    Deduction {
        org_code: text("A"),
        cert_type: text("0"),
        cert_no: text("1"),
        cert_name: text("张小凡"),
        deduction_id: text(id),
        total_fee: text("10.00"),
        deduction_fee: text("5.00"),
        deduction_time: text("2026-01-01 00:00:00"),
        glory_type: text("1"),
        deduction_type: text("0"),
        remarks: None,
    }
}

fn card(n: i64) -> Card {
    let text = String::from;
    Card {
        cert_type: text("0"),
        cert_no: text("1x"),
        cert_name: text("张小凡"),
        glory_type: text("1"),
        glory_id: n,
        data_id: n,
    }
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn an_answer_that_is_lost_repeats_and_loses_no_movement() {
    use EntryState::{Failed, Sending, Succeeded, Unsent};
    let (store, proxy) = behind_a_proxy();
    let lost = losing_each_answer(&proxy, |n| {
        let claim = begun(&store, &format!("OC{n}"));
        let entry = store.find_entry(&key(&format!("OC{n}"))).unwrap().unwrap();
        assert_eq!((entry.claim, entry.sends, entry.state), (claim, 1, Sending));
    });
    assert!(lost >= 2, "{lost}");
    for state in [Succeeded, Failed, Unsent, EntryState::Pending] {
        let lost = losing_each_answer(&proxy, |n| {
            let number = format!("{state:?}{n}");
            let claim = begun(&store, &number);
            assert!(store.settle_entry(&key(&number), Some(claim), &outcome(state)).unwrap(), "{number}");
            assert_eq!(store.find_entry(&key(&number)).unwrap().unwrap().state, state);
        });
        assert!(lost >= 2, "{lost}");
    }
    losing_each_answer(&proxy, |n| {
        let number = format!("again{n}");
        let claim = begun(&store, &number);
        assert!(store.settle_entry(&key(&number), Some(claim), &outcome(Unsent)).unwrap());
        let seen = store.find_entry(&key(&number)).unwrap().unwrap();
        let claim = store.begin_again(&seen, &intent(&number)).unwrap().unwrap();
        let now = store.find_entry(&key(&number)).unwrap().unwrap();
        assert_eq!((now.claim, now.sends, now.state), (claim, 2, Sending));
    });
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn an_answer_that_is_lost_repeats_and_loses_no_row() {
    use DeductionState::{Accepted, Intended};
    let (store, proxy) = behind_a_proxy();
    let lost = losing_each_answer(&proxy, |n| {
        let id = format!("D{n}");
        assert_eq!(store.intend_deduction(&deduction(&id)).unwrap(), None);
        assert!(store.intend_deduction(&deduction(&id)).unwrap().is_some(), "another call is not this one");
        assert!(store.move_deduction("A", &id, &Intended, &Accepted).unwrap());
        assert!(!store.move_deduction("A", &id, &Intended, &Accepted).unwrap());
    });
    assert!(lost >= 4, "{lost}");
    losing_each_answer(&proxy, |n| assert!(store.remember_request("S", &n.to_string(), "sign", 1_000).unwrap()));
    let lost = losing_each_answer(&proxy, |n| {
        assert!(store.add_roster_page("A", n - 1, &[card(n)], n).unwrap());
        store.roster_complete("A", n).unwrap();
        assert_eq!(store.roster_position("A").unwrap(), RosterPosition { cursor: n, synced_at: Some(n) });
        assert_eq!(store.find_cards("A", "0", "1X").unwrap().len() as i64, n);
    });
    assert!(lost >= 6, "{lost}");
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_server_that_falls_silent_holds_nobody_for_long() {
    let (store, proxy) = behind_a_proxy();
    begun(&store, "OC1");
    proxy.be_silent(true);
    let timed = |number: &str| {
        let begun = Instant::now();
        let error = store.begin_entry(&intent(number)).unwrap_err();
        assert_eq!(error.details().code, Code::StoreFailed);
        (begun.elapsed(), error)
    };
    let (took, error) = timed("OC2");
    assert!(took < LIMIT + Duration::from_secs(5), "{took:?} {error}");
    // A new connection is answered by nobody; whoever comes next hears so at once.
    let (took, _) = timed("OC3");
    assert!(took < LIMIT + Duration::from_secs(5), "{took:?}");
    let (took, error) = timed("OC4");
    assert!(took < Duration::from_secs(5), "{took:?} {error}");
    proxy.be_silent(false);
    thread::sleep(Duration::from_millis(5_100));
    begun(&store, "OC5");
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_restart_between_calls_goes_unnoticed() {
    let server = PostgresServer::start(&[]);
    let store = open(&server.url("postgres")).unwrap();
    for (number, pause) in [("OC1", 0), ("OC2", 1_200), ("OC3", 0)] {
        thread::scope(|scope| {
            (0..4).for_each(|n| {
                drop(scope.spawn({
                    let store = &store;
                    move || begun(store, &format!("{number}-{n}"))
                }))
            });
        });
        server.restart();
        thread::sleep(Duration::from_millis(pause));
    }
    begun(&store, "OC4");
    server.stop();
    let begun_at = Instant::now();
    let error = store.begin_entry(&intent("OC5")).unwrap_err();
    assert!(begun_at.elapsed() < Duration::from_secs(5) && error.to_string().contains("cannot reach"), "{error}");
    server.start_again();
    begun(&store, "OC5");
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_server_that_is_the_primary_no_more_is_left() {
    let server = PostgresServer::shared();
    let database = server.database();
    open(&server.url(&database)).unwrap();
    // A connection is what the server was when it was made.
    let turn = |read_only| {
        server.sql("postgres", &format!("ALTER DATABASE {database} SET default_transaction_read_only = {read_only}"));
    };
    turn("on");
    let store = open(&server.url(&database)).unwrap();
    assert!(store.begin_entry(&intent("OC1")).unwrap_err().to_string().contains("read-only"));
    store.find_entry(&key("OC1")).unwrap();
    turn("off");
    begun(&store, "OC1");
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn many_threads_share_some_connections_and_let_them_go() {
    let (store, proxy) = behind_a_proxy();
    thread::scope(|scope| {
        for thread in 0..64 {
            let store = &store;
            scope.spawn(move || {
                for n in 0..5 {
                    begun(store, &format!("OC{thread}-{n}"));
                }
            });
        }
    });
    assert!(proxy.connections() <= 40, "{}", proxy.connections());
    let database = store.connections.address().database().to_owned();
    let server = PostgresServer::shared();
    assert_ne!(connected(server, &database), "0");
    drop(store);
    // Those that nobody uses are closed with the store.
    until_nobody_is_connected(server, &database);
}

/// How many programs are connected to a database.
fn connected(server: &PostgresServer, database: &str) -> String {
    let clients = "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'";
    server.sql("postgres", &format!("{clients} AND datname = '{database}'"))
}

fn until_nobody_is_connected(server: &PostgresServer, database: &str) {
    let begun = Instant::now();
    while connected(server, database) != "0" {
        assert!(begun.elapsed() < Duration::from_secs(30), "somebody stays connected");
        thread::sleep(Duration::from_millis(50));
    }
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn programs_that_start_at_once_make_the_tables_once() {
    let server = PostgresServer::shared();
    for _ in 0..3 {
        let url = server.url(&server.database());
        thread::scope(|scope| {
            let opening = [0; 8].map(|_| scope.spawn(|| open(&url).map(drop)));
            for one in opening {
                one.join().unwrap().unwrap();
            }
        });
    }
}

/// Plans are made while the tables are empty, and kept: none may read a whole table.
#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn every_statement_keeps_to_its_index() {
    let server = PostgresServer::shared();
    let database = server.database();
    let url = server.url(&database);
    let told = |sql: &str| {
        // A connection's numbers are complete when the server has let it go.
        until_nobody_is_connected(server, &database);
        server.sql(&database, sql)
    };
    let tables = "SELECT relname, seq_scan FROM pg_stat_user_tables WHERE relname <> 'store' ORDER BY 1";
    drop(open(&url).unwrap());
    let before = told(tables);
    let store = open(&url).unwrap();
    let filter = EntryFilter {
        accounts: vec![(EntryKind::Order, "A".into())],
        states: vec![],
        since: 0,
        until: i64::MAX,
        limit: 9,
    };
    for n in 0..100 {
        let number = n.to_string();
        let claim = begun(&store, &number);
        store.find_entry(&key(&number)).unwrap();
        store.settle_entry(&key(&number), Some(claim), &outcome(EntryState::Unsent)).unwrap();
        let seen = store.find_entry(&key(&number)).unwrap().unwrap();
        store.begin_again(&seen, &intent(&number)).unwrap();
        store.settle_entry(&key(&number), None, &outcome(EntryState::Succeeded)).unwrap();
        store.list_entries(&filter).unwrap();
        store.forget_entries(EntryKind::Order, "A", n).unwrap();
        store.intend_deduction(&deduction(&number)).unwrap();
        store.intend_deduction(&deduction(&number)).unwrap();
        store.move_deduction("A", &number, &DeductionState::Intended, &DeductionState::Accepted).unwrap();
        store.deductions_between("A", "2026", "2027", 3).unwrap();
        store.remember_request("S", &number, "sign", 1).unwrap();
        store.add_roster_page("A", n, &[card(n % 3)], n + 1).unwrap();
        store.roster_complete("A", n).unwrap();
        store.find_cards("A", "0", "1x").unwrap();
    }
    drop(store);
    assert_eq!(told(tables), before);
    let much = "SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes WHERE idx_tup_read > 3000";
    assert_eq!(told(much), "", "some read whole tables by an index");
}
