//! The way to the platform, through the C contract: what was surely never sent, and what TLS, proxies and kept
//! connections do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod host;
mod support;

use std::io::{BufRead, BufReader, Read, Write, copy};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use hislink_sandbox::{Options, Sandbox};
use host::{call, end};
use serde_json::{Value, json};

/// Configures a profile that leads to `url`, and recharges.
fn recharge(profile: &str, sandbox: &Sandbox, url: &str, http: Value) -> Value {
    let settings = json!({"profile": profile, "http": http, "language": "en",
        "onepay": {"url": url, "appId": sandbox.app_id(), "appSecret": sandbox.app_secret()}});
    let configured = call("configure", &settings);
    assert_eq!(configured["status"], "succeeded", "{configured}");
    recharge_again(profile)
}

fn recharge_again(profile: &str) -> Value {
    let order = call("order_no", &json!({}))["data"]["orderNo"].clone();
    let param = json!({"cardType": "03", "cardNo": "10001", "chargeAmt": "1.00", "depositeType": "CASH"});
    call("onepay_recharge", &json!({"profile": profile, "orderNo": order, "param": param}))
}

fn sandbox(require_client_cert: bool) -> Sandbox {
    Sandbox::start(Options { require_client_cert, ..Options::default() }).unwrap()
}

fn connections(sandbox: &Sandbox) -> Vec<Value> {
    let state = sandbox.state();
    state["requests"].as_array().unwrap().iter().map(|request| request["connection"].clone()).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_second_call_reuses_the_connection_and_shutdown_closes_it() {
    let sandbox = sandbox(false);
    assert_eq!(end(&recharge("kept", &sandbox, &sandbox.http_url(), json!({}))), ("succeeded", "OK"));
    assert_eq!(end(&recharge_again("kept")), ("succeeded", "OK"));
    host::shutdown();
    assert_eq!(end(&recharge_again("kept")), ("succeeded", "OK"), "the library works on after shutdown");
    assert_eq!(connections(&sandbox), [1, 1, 2]);
}

#[test]
fn tls_is_trusted_by_the_given_authority_only() {
    let sandbox = sandbox(false);
    let url = sandbox.https_url();
    let ca = json!({"caFile": text(sandbox.ca_file())});
    assert_eq!(end(&recharge("tls", &sandbox, &url, ca.clone())), ("succeeded", "OK"));
    assert_eq!(end(&recharge_again("tls")), ("succeeded", "OK"));
    assert_eq!(connections(&sandbox), [1, 1], "kept through TLS too");

    let untrusted = recharge("tls-system", &sandbox, &url, json!({}));
    assert_eq!(end(&untrusted), ("failed", "TLS_FAILED"), "{untrusted}");
    let plain_port = recharge("tls-plain", &sandbox, &sandbox.http_url().replace("http:", "https:"), ca);
    assert_eq!(end(&plain_port), ("failed", "TLS_FAILED"), "{plain_port}");
}

#[test]
fn a_client_certificate_is_shown_where_the_platform_asks() {
    let sandbox = sandbox(true);
    let url = sandbox.https_url();
    let without = json!({"caFile": text(sandbox.ca_file())});
    let mut with = without.clone();
    with["clientCertFile"] = json!(text(sandbox.client_cert_file()));
    with["clientKeyFile"] = json!(text(sandbox.client_key_file()));
    assert_eq!(end(&recharge("mutual", &sandbox, &url, with)), ("succeeded", "OK"));
    assert_eq!(sandbox.state()["requests"][0]["clientCertificate"], true);
    let refused = recharge("not-mutual", &sandbox, &url, without);
    assert_eq!(end(&refused), ("failed", "TLS_FAILED"), "{refused}");
}

#[test]
fn what_cannot_be_reached_is_failed_because_nothing_was_sent() {
    let sandbox = sandbox(false);
    let (_held, closed) = support::refusing();
    let refused = recharge("refused", &sandbox, &format!("http://{closed}/x"), json!({}));
    assert_eq!(end(&refused), ("failed", "CONNECT_FAILED"), "{refused}");
    let nowhere = recharge("nowhere", &sandbox, "http://no-such-host.invalid/x", json!({}));
    assert_eq!(end(&nowhere), ("failed", "CONNECT_FAILED"), "{nowhere}");
    assert!(nowhere["message"].as_str().unwrap().contains("host name"), "{nowhere}");
    // A server that accepts and then never shakes hands.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/x", silent.local_addr().unwrap());
    let limits = json!({"connectTimeoutMs": 300, "caFile": text(sandbox.ca_file())});
    let waiting = recharge("silent", &sandbox, &url, limits);
    assert_eq!(end(&waiting), ("failed", "TIMEOUT"), "{waiting}");
    // One that hangs up during the handshake.
    let rude = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/x", rude.local_addr().unwrap());
    thread::spawn(move || drop(rude.accept()));
    let broken = recharge("rude", &sandbox, &url, json!({"caFile": text(sandbox.ca_file())}));
    assert_eq!(end(&broken), ("failed", "TLS_FAILED"), "{broken}");
}

#[test]
fn a_whole_call_ends_in_its_time_and_may_have_arrived() {
    let sandbox = sandbox(false);
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/x", silent.local_addr().unwrap());
    let started = std::time::Instant::now();
    let waiting = recharge("slow", &sandbox, &url, json!({"timeoutMs": 400}));
    assert_eq!(end(&waiting), ("unknown", "TIMEOUT"), "{waiting}");
    assert!(started.elapsed().as_secs() < 5);
}

/// A proxy that understands CONNECT, or refuses it; counts what it carried.
fn proxy(refuses: bool) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://user:word@{}", listener.local_addr().unwrap());
    let carried = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&carried);
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::SeqCst);
            thread::spawn(move || tunnel(client, refuses));
        }
    });
    (address, carried)
}

fn tunnel(mut client: TcpStream, refuses: bool) -> std::io::Result<()> {
    let mut reader = BufReader::new(client.try_clone()?);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head)?;
    }
    let target = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
    if refuses || !head.starts_with("CONNECT ") || !head.contains("Basic dXNlcjp3b3Jk") {
        return client.write_all(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    }
    let mut server = TcpStream::connect(target)?;
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    let (mut up, mut down) = (server.try_clone()?, client);
    thread::spawn(move || copy(&mut reader, &mut up));
    let mut buffer = [0; 4096];
    loop {
        match server.read(&mut buffer)? {
            0 => return Ok(()),
            read => down.write_all(&buffer[..read])?,
        }
    }
}

#[test]
fn a_proxy_carries_http_and_https_and_its_refusal_means_nothing_was_sent() {
    let sandbox = sandbox(false);
    let (address, carried) = proxy(false);
    let through = json!({"proxy": address, "caFile": text(sandbox.ca_file())});
    let plain = recharge("proxied", &sandbox, &sandbox.http_url(), through.clone());
    assert_eq!(end(&plain), ("succeeded", "OK"), "{plain}");
    let tls = recharge("proxied-tls", &sandbox, &sandbox.https_url(), through);
    assert_eq!(end(&tls), ("succeeded", "OK"), "{tls}");
    assert_eq!(carried.load(Ordering::SeqCst), 2);

    let (address, _) = proxy(true);
    let refused = recharge("refusing", &sandbox, &sandbox.http_url(), json!({"proxy": address}));
    assert_eq!(end(&refused), ("failed", "CONNECT_FAILED"), "{refused}");
    assert!(!refused.to_string().contains("word"), "a proxy's password shows nowhere: {refused}");
}

#[test]
fn wrong_transport_settings_are_rejected_by_name_and_replace_nothing() {
    let sandbox = sandbox(false);
    assert_eq!(end(&recharge("steady", &sandbox, &sandbox.http_url(), json!({}))), ("succeeded", "OK"));
    let key = text(sandbox.client_key_file());
    let ca = text(sandbox.ca_file());
    for (field, http) in [
        ("/http/caFile", json!({"caFile": "/no/such/file.pem"})),
        ("/http/caFile", json!({"caFile": key})),
        ("/http/clientKeyFile", json!({"clientCertFile": ca})),
        ("/http/clientCertFile", json!({"clientKeyFile": key})),
        ("/http/clientKeyFile", json!({"clientCertFile": text(sandbox.client_cert_file()), "clientKeyFile": ca})),
        ("/http/clientKeyFile", json!({"clientCertFile": ca, "clientKeyFile": key})),
        ("/http/proxy", json!({"proxy": "socks5://127.0.0.1:1080"})),
        ("/http/proxy", json!({"proxy": "not an address"})),
        ("/http/proxy", json!({"proxy": "http://127.0.0.1:99999"})),
        ("/http/timeoutMs", json!({"timeoutMs": 0})),
        ("/http/connectTimeoutMs", json!({"connectTimeoutMs": 1.5})),
        ("/http/timeout", json!({"timeout": 1000})),
    ] {
        let settings = json!({"profile": "steady", "http": http,
            "onepay": {"url": "http://127.0.0.1:1/x", "appId": "A", "appSecret": "S"}});
        let reply = call("configure", &settings);
        assert_eq!(end(&reply), ("rejected", "BAD_SETTINGS"), "{reply}");
        assert_eq!(reply["field"], field, "{reply}");
    }
    assert_eq!(end(&recharge_again("steady")), ("succeeded", "OK"));
}

#[test]
fn an_address_must_be_one() {
    for url in [
        "http://127.0.0.1:99999/x",
        "http://127.0.0.1:0/x",
        "http://[::1]:70000/",
        "ftp://127.0.0.1/",
        "127.0.0.1/x",
        "http:///x",
        "http://user:word@127.0.0.1/",
        "",
    ] {
        let reply = call("configure", &json!({"onepay": {"url": url, "appId": "A", "appSecret": "S"}}));
        assert_eq!(
            (end(&reply), &reply["field"]),
            (("rejected", "BAD_SETTINGS"), &json!("/onepay/url")),
            "{url}: {reply}"
        );
    }
}

#[test]
fn a_profile_comes_from_a_file_too() {
    let sandbox = sandbox(false);
    let path = std::env::temp_dir().join(format!("hislink-settings-{}.json", std::process::id()));
    let settings = json!({"profile": "filed", "language": "en",
        "onepay": {"url": sandbox.http_url(), "appId": sandbox.app_id(), "appSecret": sandbox.app_secret()}});
    std::fs::write(&path, format!("\u{FEFF}{settings}")).unwrap();
    let reply = call("configure", &json!({"file": text(&path)}));
    assert_eq!(reply["data"]["profile"], "filed", "{reply}");
    assert_eq!(end(&recharge_again("filed")), ("succeeded", "OK"));
    for (content, field) in
        [("{", "/file"), ("[]", "/file"), ("{\"onepay\":{\"appId\":1}}", "/onepay/appId"), ("{\"onpay\":{}}", "/onpay")]
    {
        std::fs::write(&path, content).unwrap();
        let reply = call("configure", &json!({"file": text(&path)}));
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_SETTINGS"), &json!(field)), "{reply}");
    }
    std::fs::remove_file(&path).unwrap();
    let reply = call("configure", &json!({"file": text(&path)}));
    assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_SETTINGS"), &json!("/file")));
    let both = call("configure", &json!({"file": text(&path), "language": "en"}));
    assert_eq!((end(&both), &both["field"]), (("rejected", "BAD_SETTINGS"), &json!("/language")));
}
