//! Desks at work on a shared database.

use hislink_sandbox::HospitalCheck;
use serde_json::{Value, json};

use crate::compiler::{Language, build, program, repository};
use crate::hospital::{Hospital, SPAN, deduction};
use crate::host::{self, end};
use crate::postgres_server::PostgresServer;
use crate::{elsewhere, hospital_on, reply_of, settings};

const DEDUCT: &str = "/glorycard/store/deduct";
const LATER: &str = "2026-11-21 11:00:00";

fn shared() -> (&'static PostgresServer, String) {
    let server = PostgresServer::shared();
    let database = server.database();
    (server, database)
}

/// The request for a card that is stored.
fn some_card(server: &PostgresServer, database: &str) -> Value {
    let row = server.sql(database, "SELECT cert_type || ' ' || cert_no FROM hislink.card ORDER BY glory_id LIMIT 1");
    let (cert_type, cert_no) = row.split_once(' ').unwrap();
    json!({"certType": cert_type, "certNo": cert_no})
}

fn asked_rows(hospital: &Hospital) -> Vec<Value> {
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    let reply = hospital.call("glory_check", json!({"headers": headers, "body": body}));
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    reply["data"]["body"]["data"].as_array().unwrap_or_else(|| panic!("{reply}")).clone()
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_desk_does_all_its_work_on_it() {
    let (server, database) = shared();
    let hospital = hospital_on(&server.url(&database));
    let synced = hospital.call("glory_sync", json!({}));
    assert_eq!(
        (&synced["data"]["received"], &synced["data"]["done"]),
        (&json!(hospital.sandbox.cards()), &json!(true)),
        "{synced}"
    );
    let found = hospital.call("glory_lookup", some_card(server, &database));
    assert_eq!(found["data"]["found"], true, "{found}");
    for id in ["D1", "D2"] {
        assert_eq!(end(&hospital.deduct(id)), ("succeeded", "OK"));
    }
    assert_eq!(hospital.deduct("D1")["data"]["replayed"], true);
    assert_eq!(end(&hospital.cancel("D2", LATER)), ("succeeded", "OK"));
    assert_eq!(asked_rows(&hospital).len(), 2);
    host::shutdown();
    assert_eq!(asked_rows(&hospital).len(), 2, "after a shutdown it is opened anew");
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn the_listener_answers_from_it() {
    let (server, database) = shared();
    let hospital = hospital_on(&server.url(&database));
    hospital.deduct("D1");
    let reply = hospital.call("glory_listen", json!({"bind": "127.0.0.1:0"}));
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    let address = reply["data"]["address"].as_str().unwrap();
    let mut question = HospitalCheck::new(&format!("http://{address}/deductCheck"), SPAN.0, SPAN.1);
    question.replay = true;
    let report = hospital.sandbox.check_hospital(&question).unwrap();
    assert_eq!((report.status, report.response_flag.as_str(), report.rows), (200, "1", 1), "{report:?}");
    assert_eq!(report.replay.unwrap().response_flag, "0");
    assert_eq!(end(&hospital.call("glory_unlisten", json!({}))), ("succeeded", "OK"));
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn desks_in_several_processes_share_it() {
    let (server, database) = shared();
    let url = server.url(&database);
    let hospital = hospital_on(&url);
    // Eight at once, on a database without tables.
    let others: Vec<_> = (0..7).map(|_| elsewhere(&hospital, &url, "glory_deduct", deduction("D1"))).collect();
    let own = hospital.deduct("D1");
    for reply in others.into_iter().map(reply_of).chain([own]) {
        assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    }
    assert_eq!(hospital.sandbox.deductions().len(), 1);
    let other = elsewhere(&hospital, &url, "glory_sync", json!({}));
    assert_eq!(reply_of(other)["data"]["received"], hospital.sandbox.cards());
    assert_eq!(hospital.call("glory_lookup", some_card(server, &database))["data"]["found"], true);
    let other = elsewhere(&hospital, &url, "glory_cancel", json!({"deductionID": "D1", "deductionTime": LATER}));
    assert_eq!(end(&reply_of(other)), ("succeeded", "OK"));
    assert_eq!(hospital.cancel("D1", LATER)["data"]["replayed"], true);
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn nothing_is_sent_without_it_and_it_may_come_back() {
    let server = PostgresServer::start(&[]);
    let hospital = hospital_on(&server.url("postgres"));
    assert_eq!(end(&hospital.deduct("D1")), ("succeeded", "OK"));
    server.restart();
    assert_eq!(end(&hospital.deduct("D2")), ("succeeded", "OK"), "a restart goes unnoticed");
    server.stop();
    let before = hospital.requests(DEDUCT).len();
    for _ in 0..2 {
        let reply = hospital.deduct("D3");
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "STORE_FAILED"), &json!("/store")), "{reply}");
        assert!(reply["message"].as_str().unwrap().contains("cannot reach"), "{reply}");
    }
    assert_eq!(hospital.requests(DEDUCT).len(), before);
    server.start_again();
    assert_eq!(end(&hospital.deduct("D3")), ("succeeded", "OK"));
    assert_eq!(asked_rows(&hospital).len(), 3);
    // Also where it was not there when the store was to be opened.
    host::shutdown();
    server.stop();
    assert_eq!(end(&hospital.deduct("D4")), ("rejected", "STORE_FAILED"));
    server.start_again();
    assert_eq!(end(&hospital.deduct("D4")), ("succeeded", "OK"));
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_forked_child_has_connections_of_its_own() {
    let (server, database) = shared();
    let hospital = hospital_on(&server.url(&database));
    hospital.call("glory_sync", json!({}));
    let mut others = settings(&hospital, &server.url(&database));
    others.as_object_mut().unwrap().remove("profile");
    let mut forked = program(&build(&repository("tests/c/forked_store.c"), Language::C));
    let lookup = some_card(server, &database).to_string();
    let output = forked.args([others.to_string(), lookup]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(text.matches("\"found\":true").count(), 201, "{text}");
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn the_self_test_tries_the_database_and_leaves_nothing() {
    let (server, database) = shared();
    let hospital = hospital_on(&server.url(&database));
    assert_eq!(hospital.recharge("OCSELFTEST3", "1.00")["status"], "succeeded");
    let rows = || server.sql(&database, "SELECT account, order_no, state FROM hislink.journal");
    let before = rows();
    let reply = hospital.call("selftest", json!({}));
    let store = reply["data"]["checks"].as_array().unwrap().iter().find(|row| row["name"] == "store").unwrap();
    assert_eq!((&reply["data"]["passed"], &store["status"]), (&json!(true), &json!("ok")), "{reply:#}");
    assert!(store["detail"].as_str().unwrap().ends_with(&format!("/{database} works")), "{store}");
    assert_eq!(rows(), before);
    // Who may only read cannot work with it.
    server.sql(&database, "CREATE ROLE reading LOGIN PASSWORD 'hush-hush'; GRANT USAGE ON SCHEMA hislink TO reading; GRANT SELECT ON ALL TABLES IN SCHEMA hislink TO reading");
    let reading = hospital_on(&format!("postgres://reading:hush-hush@127.0.0.1:{}/{database}", server.port));
    let reply = reading.call("selftest", json!({}));
    let store = reply["data"]["checks"].as_array().unwrap().iter().find(|row| row["name"] == "store").unwrap();
    assert_eq!((&reply["data"]["passed"], &store["status"]), (&json!(false), &json!("failed")), "{reply:#}");
    assert!(!reply.to_string().contains("hush") && store["advice"].is_string(), "{store}");
}
