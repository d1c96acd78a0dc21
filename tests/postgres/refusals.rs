//! What is wrong with a database, told so that somebody can mend it.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::hospital::Hospital;
use crate::host::{call, end};
use crate::postgres_server::{ADMIN, PASSWORD, PostgresServer};
use crate::{hospital_on, settings};

/// The message of a lookup with this store, which is rejected, in both languages and without a password.
fn refused(hospital: &Hospital, store: &str) -> String {
    let mut messages = Vec::new();
    for language in ["zh", "en"] {
        let mut settings = settings(hospital, store);
        settings["language"] = json!(language);
        assert_eq!(end(&call("configure", &settings)), ("succeeded", "OK"), "{store}");
        let reply = hospital.call("glory_lookup", json!({"certType": "0", "certNo": "1"}));
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "STORE_FAILED"), &json!("/store")), "{reply}");
        assert!(!reply.to_string().contains("hush"), "{reply}");
        messages.push(reply["message"].as_str().unwrap().to_owned());
    }
    assert!(messages[0].contains("PostgreSQL") && messages[0] != messages[1], "{messages:?}");
    messages.remove(1)
}

fn assert_says(message: &str, words: &[&str]) {
    for word in words {
        assert!(message.contains(word), "{word}: {message}");
    }
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn what_is_wrong_is_told() {
    let server = PostgresServer::shared();
    let (hospital, port) = (Hospital::new(), server.port.to_string());
    let at = format!("127.0.0.1:{port}");
    let wrong = server.url("postgres").replace(PASSWORD, "hush-wrong");
    assert_says(&refused(&hospital, &wrong), &[&at, ADMIN, "password"]);
    assert_says(&refused(&hospital, &server.url_of("nobody", "postgres")), &[&at, "nobody", "password"]);
    assert_says(&refused(&hospital, &server.url("missing")), &[&at, "no database missing", "CREATE DATABASE"]);
    let nowhere = server.url("postgres").replace(&port, "9");
    assert_says(&refused(&hospital, &nowhere), &["127.0.0.1:9/postgres", "cannot reach", "firewall"]);
    let nobody = server.url("postgres").replace("127.0.0.1", "nowhere.invalid");
    assert_says(&refused(&hospital, &nobody), &["nowhere.invalid", "cannot reach"]);
    // Several servers: the first that can be written to is used.
    let second = format!("127.0.0.1:9,{at}");
    assert_says(&refused(&hospital, &wrong.replace(&at, &second)), &[&second, "password"]);
    let described = call("describe", &json!({})).to_string();
    assert!(!described.contains("hush-wrong") && described.contains("postgres://***"), "{described}");
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn databases_that_do_not_fit_are_told() {
    let server = PostgresServer::shared();
    let hospital = Hospital::new();
    server.sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0");
    assert_says(&refused(&hospital, &server.url("latin")), &["LATIN1", "UTF8"]);
    let standby = server.database();
    server.sql("postgres", &format!("ALTER DATABASE {standby} SET default_transaction_read_only = on"));
    assert_says(&refused(&hospital, &server.url(&standby)), &["read-only", "primary"]);
    server.sql("postgres", "CREATE DATABASE crowded CONNECTION LIMIT 0");
    server.sql("postgres", &format!("CREATE ROLE clerk LOGIN PASSWORD '{PASSWORD}'"));
    assert_says(&refused(&hospital, &server.url_of("clerk", "crowded")), &["max_connections"]);
    let later = server.database();
    let later_hospital = hospital_on(&server.url(&later));
    assert_eq!(end(&later_hospital.deduct("D1")), ("succeeded", "OK"));
    crate::host::shutdown();
    server.sql(&later, "UPDATE hislink.store SET version = 99");
    assert_says(&refused(&hospital, &server.url(&later)), &["later version", "99"]);
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_role_needs_no_more_rights_than_it_uses() {
    let server = PostgresServer::shared();
    let (hospital, database) = (Hospital::new(), server.database());
    server.sql("postgres", &format!("CREATE ROLE desk LOGIN PASSWORD '{PASSWORD}'"));
    let desk = server.url_of("desk", &database);
    assert_says(&refused(&hospital, &desk), &["desk", "right", "hislink"]);
    // It may make the tables in a schema of its own.
    server.sql(&database, "CREATE SCHEMA hislink AUTHORIZATION desk");
    assert_eq!(end(&hospital_on(&desk).deduct("D1")), ("succeeded", "OK"));
    // And use those that another made.
    let database = server.database();
    assert_eq!(end(&hospital_on(&server.url(&database)).deduct("D1")), ("succeeded", "OK"));
    let desk = server.url_of("desk", &database);
    assert_says(&refused(&hospital, &desk), &["desk", "right", "hislink"]);
    server.sql(
        &database,
        "GRANT USAGE ON SCHEMA hislink TO desk;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA hislink TO desk",
    );
    let desk = hospital_on(&desk);
    assert_eq!(end(&desk.deduct("D2")), ("succeeded", "OK"));
    assert_eq!(desk.call("glory_sync", json!({}))["data"]["done"], true);
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_url_that_cannot_be_read_is_refused_at_once() {
    let hospital = Hospital::new();
    for store in ["postgres:///hospital", "postgres://u:hush@h:port/d", "postgres://u:hush@h/d?sslmod=require"] {
        let reply = call("configure", &settings(&hospital, store));
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_SETTINGS"), &json!("/store")), "{reply}");
        assert!(!reply.to_string().contains("hush"), "{reply}");
    }
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_server_that_never_answers_is_given_up() {
    let (hospital, silent) = (Hospital::new(), std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let url = format!("postgres://u:hush@{}/d", silent.local_addr().unwrap());
    let begun = Instant::now();
    assert_says(&refused(&hospital, &url), &["did not answer in time"]);
    // In two languages; another test may close the store between them, and with it what it knows.
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}
