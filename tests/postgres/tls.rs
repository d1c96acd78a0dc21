//! A server that does TLS: its certificate is verified, and what to do where it does not is told.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::hospital::Hospital;
use crate::host::{call, end};
use crate::postgres_server::PostgresServer;
use crate::settings;

fn server_with(hospital: &Hospital) -> PostgresServer {
    let server = PostgresServer::prepare(&["ssl=on", "ssl_cert_file=../server.pem", "ssl_key_file=../server-key.pem"]);
    let copy = |name: &str, from: &Path| server.file(name, &fs::read_to_string(from).unwrap());
    copy("server.pem", hospital.sandbox.server_cert_file());
    copy("server-key.pem", hospital.sandbox.server_key_file());
    server.start_again();
    server
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_certificate_is_verified_unless_tls_is_switched_off() {
    let (hospital, stranger) = (Hospital::new(), Hospital::new());
    let server = server_with(&hospital);
    let (right, wrong) = (hospital.sandbox.ca_file().display(), stranger.sandbox.ca_file().display());
    let look_up = |parameters: &str| {
        let store = format!("{}?{parameters}", server.url("postgres"));
        assert_eq!(end(&call("configure", &settings(&hospital, &store))), ("succeeded", "OK"));
        hospital.call("glory_lookup", json!({"certType": "0", "certNo": "1"}))
    };
    let encrypted =
        "SELECT count(*) FROM pg_stat_ssl NATURAL JOIN pg_stat_activity WHERE ssl AND application_name = 'hislink'";
    for parameters in [
        format!("sslrootcert={right}"),
        format!("sslmode=require&sslrootcert={right}"),
        format!("sslmode=verify-full&sslrootcert={right}&channel_binding=require"),
    ] {
        let reply = look_up(&parameters);
        assert_eq!(end(&reply), ("succeeded", "OK"), "{parameters}: {reply}");
        assert_ne!(server.sql("postgres", encrypted), "0", "{parameters}");
        crate::host::shutdown();
    }
    assert_eq!(end(&look_up("sslmode=disable")), ("succeeded", "OK"));
    for parameters in [format!("sslrootcert={wrong}"), "sslmode=verify-ca".to_owned(), "sslmode=prefer".to_owned()] {
        let reply = look_up(&parameters);
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "STORE_FAILED"), &json!("/store")), "{reply}");
        let message = reply["message"].as_str().unwrap();
        assert!(message.contains("sslrootcert=PATH") && message.contains("sslmode=disable"), "{message}");
    }
    for (file, words) in [("/nowhere/ca.pem", "cannot read"), ("/proc/self/status", "no usable authority")] {
        let reply = look_up(&format!("sslrootcert={file}"));
        assert_eq!(end(&reply), ("rejected", "STORE_FAILED"), "{reply}");
        let message = reply["message"].as_str().unwrap();
        assert!(message.contains(words) && message.contains(file), "{message}");
    }
}

#[test]
#[ignore = "needs PostgreSQL's server programs; .ci/run runs it"]
fn a_server_without_tls_is_refused_where_it_is_required() {
    let (server, hospital) = (PostgresServer::shared(), Hospital::new());
    let store = format!("{}?sslmode=require", server.url("postgres"));
    assert_eq!(end(&call("configure", &settings(&hospital, &store))), ("succeeded", "OK"));
    let reply = hospital.call("glory_lookup", json!({"certType": "0", "certNo": "1"}));
    assert_eq!(end(&reply), ("rejected", "STORE_FAILED"), "{reply}");
    assert!(reply["message"].as_str().unwrap().contains("TLS"), "{reply}");
}
