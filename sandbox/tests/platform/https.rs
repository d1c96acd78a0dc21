//! TLS: the authority, client certificates, and faults behind it.

use std::fs;
use std::sync::Arc;

use hislink_sandbox::{Fault, FaultKind, Options, Sandbox};
use rustls::crypto::ring;
use serde_json::json;
use ureq::Agent;
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use crate::clerk::{Clerk, LIMIT};

pub fn trusting(authority: &Sandbox, shown: Option<&Sandbox>) -> Agent {
    let pem = |path| fs::read(path).unwrap();
    let authority = Certificate::from_pem(&pem(authority.ca_file())).unwrap();
    let shown = shown.map(|client| {
        let chain = [Certificate::from_pem(&pem(client.client_cert_file())).unwrap()];
        ClientCert::new_with_certs(&chain, PrivateKey::from_pem(&pem(client.client_key_file())).unwrap())
    });
    let tls = TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&[authority]))
        .client_cert(shown)
        .build();
    Agent::config_builder().tls_config(tls).timeout_global(Some(LIMIT)).http_status_as_error(false).build().into()
}

fn ask(agent: &Agent, clerk: &Clerk, url: &str) -> Result<String, ureq::Error> {
    let body = clerk.sealed("hop.account.info", &json!({ "cardType": "03", "cardNo": "10001" }));
    agent.post(url).send(&body)?.body_mut().read_to_string()
}

#[test]
fn its_authority_vouches_for_address_and_name() {
    let clerk = Clerk::new();
    let agent = trusting(&clerk.sandbox, None);
    for url in [clerk.sandbox.https_url(), clerk.sandbox.https_url().replace("127.0.0.1", "localhost")] {
        let reply = clerk.open(&ask(&agent, &clerk, &url).unwrap());
        assert_eq!(reply.param["userName"], "张三");
        let seen = clerk.latest();
        assert_eq!((&seen["https"], &seen["clientCertificate"]), (&json!(true), &json!(false)));
    }
}

#[test]
fn another_authority_does_not() {
    let (clerk, other) = (Clerk::new(), Clerk::new());
    assert!(ask(&trusting(&other.sandbox, None), &clerk, &clerk.sandbox.https_url()).is_err());
    assert_eq!(clerk.sandbox.state()["requests"], json!([]));
}

#[test]
fn a_client_certificate_is_noted_where_none_is_asked_for() {
    let clerk = Clerk::new();
    ask(&trusting(&clerk.sandbox, Some(&clerk.sandbox)), &clerk, &clerk.sandbox.https_url()).unwrap();
    assert_eq!(clerk.latest()["clientCertificate"], true);
}

#[test]
fn a_required_client_certificate_must_be_our_own() {
    let clerk = Clerk::with(Options { require_client_cert: true, ..Options::default() });
    let other = Clerk::new();
    let url = clerk.sandbox.https_url();
    assert!(ask(&trusting(&clerk.sandbox, None), &clerk, &url).is_err());
    assert!(ask(&trusting(&clerk.sandbox, Some(&other.sandbox)), &clerk, &url).is_err());
    assert_eq!(clerk.sandbox.state()["requests"], json!([]));
    ask(&trusting(&clerk.sandbox, Some(&clerk.sandbox)), &clerk, &url).unwrap();
    assert_eq!(clerk.latest()["clientCertificate"], true);
}

#[test]
fn the_wire_breaks_behind_tls_too() {
    let clerk = Clerk::new();
    let agent = trusting(&clerk.sandbox, None);
    let url = clerk.sandbox.https_url();
    for kind in [FaultKind::DropBefore, FaultKind::DropAfter, FaultKind::ResetMidAnswer, FaultKind::ShortBody] {
        clerk.sandbox.set_fault(Fault::once(kind.clone()));
        assert!(ask(&agent, &clerk, &url).is_err(), "{kind:?}");
        assert_eq!(clerk.latest()["faults"].as_array().unwrap().len(), 1);
        assert_eq!(clerk.open(&ask(&agent, &clerk, &url).unwrap()).code, "000000");
    }
    clerk.sandbox.set_fault(Fault::once(FaultKind::Slow { milliseconds: 0 }));
    assert_eq!(clerk.open(&ask(&agent, &clerk, &url).unwrap()).code, "000000");
}
