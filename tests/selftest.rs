//! The self-test, through the C contract: all that is well, and each thing that is not, with what to do about it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod hospital;
mod host;
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use hislink_sandbox::{Options, Sandbox};
use hospital::Hospital;
use host::{call, end};
use serde_json::{Value, json};

const WAY: [&str; 6] = ["lookup", "connect", "tls", "answer", "clock", "identity"];

/// A server that answers each request with this text, and closes.
fn server(answer: impl Fn() -> String + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/onepay-web/oneweb/oneapi", listener.local_addr().unwrap());
    thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            if head.is_empty() {
                continue;
            }
            let _ = client.write_all(answer().as_bytes());
        }
    });
    address
}

/// A server whose whole answer is this status line and these headers, with this body.
fn answering(head: &'static str, body: &'static str) -> String {
    server(move || {
        let length = body.len();
        format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
    })
}

/// A server whose clock is off by so many seconds.
fn off_by(seconds: i64) -> String {
    server(move || {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() as i64 + seconds;
        let digits: String = hislink::clock::time_of_second(now - 8 * 3600);
        let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            [digits[5..7].parse::<usize>().unwrap() - 1];
        let date = format!("Mon, {} {month} {} {} GMT", &digits[8..10], &digits[..4], &digits[11..]);
        format!("HTTP/1.1 405 No\r\nDate: {date}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    })
}

/// Settings of onepay alone, with the sandbox's application and no store.
fn settings(sandbox: &Sandbox, url: &str, language: &str) -> Value {
    json!({"profile": format!("selftest-{language}-{url}"), "language": language, "store": "none",
        "onepay": {"url": url, "appId": sandbox.app_id(), "appSecret": sandbox.app_secret()}})
}

/// Configures these settings and runs the self-test by them.
fn tested(settings: &Value) -> Value {
    let configured = call("configure", settings);
    assert_eq!(configured["status"], "succeeded", "{configured}");
    let reply = call("selftest", &json!({"profile": settings["profile"]}));
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    for secret in ["appSecret", "key"] {
        for platform in ["onepay", "glory"] {
            if let Some(secret) = settings[platform][secret].as_str().map(str::trim).filter(|text| text.len() > 5) {
                assert!(!reply.to_string().contains(secret), "{reply}");
            }
        }
    }
    reply["data"].clone()
}

/// The first row of that name, with its status.
fn row<'d>(data: &'d Value, name: &str) -> (&'d str, &'d Value) {
    let rows = data["checks"].as_array().unwrap();
    let row = rows.iter().find(|row| row["name"] == name).unwrap_or_else(|| panic!("{name}: {data}"));
    (row["status"].as_str().unwrap(), row)
}

/// Runs the self-test with `change`d settings in both languages, and holds the row `name` to its status and to what it says
/// in each; those behind it on the way are skipped where it failed.
fn holds(sandbox: &Sandbox, url: &str, change: &dyn Fn(&mut Value), name: &str, status: &str, said: [&str; 2]) {
    for (language, said) in ["zh", "en"].into_iter().zip(said) {
        let mut settings = settings(sandbox, url, language);
        change(&mut settings);
        let data = tested(&settings);
        let rows = data["checks"].as_array().unwrap();
        let row = rows
            .iter()
            .find(|row| row["name"] == name && row["detail"].as_str().unwrap().contains(said))
            .unwrap_or_else(|| panic!("{name} does not say {said}: {data:#}"));
        assert_eq!(row["status"], status, "{data:#}");
        assert_eq!(row.get("advice").is_some(), status != "skipped", "{row}");
        let is_chinese = |text: &Value| text.as_str().unwrap().chars().any(|c| ('\u{4E00}'..'\u{9FFF}').contains(&c));
        if status != "skipped" {
            assert_eq!(is_chinese(&row["advice"]), language == "zh", "{row}");
        }
        assert_eq!(data["passed"], status != "failed" && !rows.iter().any(|row| row["status"] == "failed"));
        if let Some(place) = WAY.iter().position(|step| *step == name)
            && status == "failed"
        {
            for step in &WAY[place + 1..] {
                let later = rows.iter().find(|row| row["name"] == *step).unwrap();
                assert_eq!(later["status"], "skipped", "{later}");
                assert!(later["detail"].as_str().unwrap().contains(name), "{later}");
            }
        }
    }
}

fn nothing(_: &mut Value) {}

#[test]
fn all_is_well_and_nothing_is_moved() {
    let hospital = Hospital::new();
    assert_eq!(hospital.recharge("OCSELFTEST1", "1.00")["status"], "succeeded");
    assert_eq!(hospital.deduct("SELFTEST1")["status"], "succeeded");
    assert_eq!(hospital.call("glory_sync", json!({"maxPages": 1}))["status"], "succeeded");
    let books = || {
        let (there, uploaded) = (hospital.sandbox.books(), format!("{:?}", hospital.sandbox.deductions()));
        assert!(there.to_string().contains("OCSELFTEST1") && uploaded.contains("SELFTEST1"), "{there} {uploaded}");
        (there, uploaded, hospital.call("journal_list", json!({}))["data"].clone())
    };
    let roster = || {
        let database = rusqlite::Connection::open(hospital.store()).unwrap();
        let count = |table: &str| {
            database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)).unwrap()
        };
        ["card", "hospital", "journal", "deduction", "request"].map(count)
    };
    let (before, kept) = (books(), roster());
    let asked = hospital.sandbox.state()["requests"].as_array().unwrap().len();
    let data = hospital.call("selftest", json!({}))["data"].clone();
    assert_eq!(data["passed"], true, "{data:#}");
    assert_eq!((books(), roster()), (before, kept));
    let names: Vec<_> = data["checks"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
    let both = [&["settings"][..], &WAY].concat();
    assert_eq!(names, [&["vectors"][..], &both, &both, &["store", "log"]].concat());
    for row in data["checks"].as_array().unwrap() {
        let (expected, advised) = match row["name"].as_str().unwrap() {
            "tls" => ("skipped", false),
            // The hospital's settings have none.
            "log" => ("warning", true),
            _ => ("ok", false),
        };
        assert_eq!((row["status"].as_str().unwrap(), row.get("advice").is_some()), (expected, advised), "{row}");
    }
    let state = hospital.sandbox.state();
    let services: Vec<_> = state["requests"].as_array().unwrap()[asked..]
        .iter()
        .map(|request| {
            request["transType"].as_str().filter(|name| !name.is_empty()).or(request["path"].as_str()).unwrap()
        })
        .collect();
    assert_eq!(services, ["hop.trade.query", "/glorycard/store/all"]);
    // One platform alone.
    let data = hospital.call("selftest", json!({"platform": "glory"}))["data"].clone();
    let platforms: Vec<_> =
        data["checks"].as_array().unwrap().iter().filter_map(|row| row["platform"].as_str()).collect();
    assert_eq!(platforms, ["glory"; 7]);
}

#[test]
fn what_is_open_in_the_journal_is_counted() {
    let hospital = Hospital::new();
    hospital.sandbox.set_fault(hislink_sandbox::FaultKind::TradeState { result: hislink_sandbox::TradeState::Ing });
    assert_eq!(hospital.recharge("OCSELFTEST2", "1.00")["status"], "pending");
    let data = hospital.call("selftest", json!({}))["data"].clone();
    let (status, row) = row(&data, "store");
    assert!(status == "ok" && row["detail"].as_str().unwrap().contains("1 笔未了结"), "{row}");
}

#[test]
fn https_is_tried_as_calls_use_it() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let ca = sandbox.ca_file().to_str().unwrap().to_owned();
    let mut trusted = settings(&sandbox, &sandbox.https_url(), "en");
    trusted["http"] = json!({"caFile": ca});
    let data = tested(&trusted);
    assert_eq!(WAY.map(|name| row(&data, name).0), ["ok"; 6], "{data:#}");
    // Kept connections do not hide what a new one meets, and the next call works on.
    assert_eq!(tested(&trusted)["passed"], true);
    holds(&sandbox, &sandbox.https_url(), &nothing, "tls", "failed", ["证书", "certificate"]);
    let untrusted = tested(&settings(&sandbox, &sandbox.https_url(), "en"));
    assert_eq!(row(&untrusted, "tls").1["reason"], "CERT_UNKNOWN_ISSUER");
    let wrong_port = sandbox.http_url().replace("http:", "https:");
    holds(&sandbox, &wrong_port, &nothing, "tls", "failed", ["不是 TLS", "not answer in TLS"]);
}

#[test]
fn a_missing_client_certificate_is_told() {
    let sandbox = Sandbox::start(Options { require_client_cert: true, ..Options::default() }).unwrap();
    let ca = sandbox.ca_file().to_str().unwrap().to_owned();
    let trust = |settings: &mut Value| settings["http"] = json!({"caFile": ca});
    holds(&sandbox, &sandbox.https_url(), &trust, "tls", "failed", ["证书", "certificate"]);
}

#[test]
fn what_cannot_be_reached_is_told() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    holds(&sandbox, "http://no-such-host.invalid/x", &nothing, "lookup", "failed", ["找不到主机", "was not found"]);
    let (_held, closed) = support::refusing();
    let url = format!("http://{closed}/x");
    holds(&sandbox, &url, &nothing, "connect", "failed", ["连不上 127.0.0.1", "cannot connect to 127.0.0.1"]);
    let through = |settings: &mut Value| settings["http"] = json!({"proxy": format!("http://user:word@{closed}")});
    holds(
        &sandbox,
        &sandbox.http_url(),
        &through,
        "connect",
        "failed",
        ["连不上 127.0.0.1", "cannot connect to 127.0.0.1"],
    );
    // A proxy that wants another password.
    let proxy = answering("407 Proxy Authentication Required", "").replace("/onepay-web/oneweb/oneapi", "");
    let through = |settings: &mut Value| settings["http"] = json!({"proxy": proxy});
    holds(&sandbox, &sandbox.http_url(), &through, "connect", "failed", ["407", "407"]);
}

#[test]
fn what_answers_and_is_not_the_platform_is_told() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    for (head, body, said) in [
        ("404 Not Found", "", ["HTTP 404", "HTTP 404"]),
        ("403 Forbidden", "", ["HTTP 403", "HTTP 403"]),
        ("503 Service Unavailable", "", ["HTTP 503", "HTTP 503"]),
        (
            "302 Found\r\nLocation: http://login.example/",
            "",
            ["→ http://login.example/（转向）", "→ http://login.example/ (a redirect)"],
        ),
        ("200 OK\r\nContent-Type: text/html", "<html>", ["网页", "web page"]),
        ("200 OK", " <!doctype html>", ["网页", "web page"]),
    ] {
        let url = answering(head, body);
        holds(&sandbox, &url, &nothing, "answer", "warning", said);
        assert_eq!(row(&tested(&settings(&sandbox, &url, "en")), "identity").0, "failed", "{head}");
    }
    let silent = server(String::new);
    holds(&sandbox, &silent, &nothing, "answer", "failed", ["断开", "hung up"]);
    // The way of the real address, where what answers there is the platform.
    let data = tested(&settings(&sandbox, &sandbox.http_url(), "en"));
    assert_eq!(row(&data, "answer").1["detail"], "HTTP 405", "{data:#}");
}

#[test]
fn a_clock_that_is_off_is_told() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    for (seconds, said, zone) in [
        (120, ["相差 -1", "-1"], false),
        (-120, ["相差 1", " s off"], false),
        (8 * 3600, ["相差 -28", "-28"], true),
        (-8 * 3600, ["相差 28", "28"], true),
    ] {
        let url = off_by(seconds);
        holds(&sandbox, &url, &nothing, "clock", "warning", said);
        let data = tested(&settings(&sandbox, &url, "en"));
        let advice = row(&data, "clock").1["advice"].as_str().unwrap().to_owned();
        assert_eq!(advice.contains("time zone"), zone, "{advice}");
    }
    assert_eq!(row(&tested(&settings(&sandbox, &off_by(50), "en")), "clock").0, "ok");
    // Wherever within its second the question falls.
    for part in [100, 800] {
        for (seconds, status) in [(61, "warning"), (-61, "warning"), (60, "ok"), (-60, "ok")] {
            let settings = settings(&sandbox, &off_by(seconds), "en");
            let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_millis();
            thread::sleep(Duration::from_millis(u64::from((1000 + part - now) % 1000)));
            let data = tested(&settings);
            assert_eq!(row(&data, "clock").0, status, "{seconds} s, asked {part} ms into a second: {data:#}");
        }
    }
    holds(&sandbox, &answering("405 No", ""), &nothing, "clock", "skipped", ["没有 Date", "no Date"]);
    holds(&sandbox, &answering("405 No\r\nDate: today", ""), &nothing, "clock", "skipped", ["没有 Date", "no Date"]);
}

#[test]
fn a_wrong_identity_is_told() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let url = sandbox.http_url();
    let secret = |secret: String| move |settings: &mut Value| settings["onepay"]["appSecret"] = json!(secret);
    let wrong: String = sandbox.app_secret().chars().rev().collect();
    holds(&sandbox, &url, &secret(wrong), "identity", "failed", ["000001", "000001"]);
    let last_wrong = format!("{}x", &sandbox.app_secret()[..31]);
    holds(&sandbox, &url, &secret(last_wrong), "identity", "failed", ["000002", "000002"]);
    let other = |settings: &mut Value| settings["onepay"]["appId"] = json!("1A3VL0KVK0000B020A0A0000CC3F48AE");
    holds(&sandbox, &url, &other, "identity", "failed", ["平台拒绝", "refused"]);
    let glory = |key: &'static str, url: String, key_text: String| {
        let (sid, org) = (sandbox.glory_sid().to_owned(), sandbox.glory_org_code().to_owned());
        move |settings: &mut Value| {
            let mut glory = json!({"url": url, "sid": sid, "key": key_text, "orgCode": org});
            if key.is_empty() {
                glory["sid"] = json!("nobody");
            }
            settings["glory"] = glory;
            settings.as_object_mut().unwrap().remove("onepay");
        }
    };
    let base = sandbox.glory_http_url();
    let wrong: String = sandbox.glory_key().chars().rev().collect();
    holds(&sandbox, "", &glory("key", base.clone(), wrong), "identity", "failed", ["签名错误", "签名错误"]);
    holds(
        &sandbox,
        "",
        &glory("", base.clone(), sandbox.glory_key().to_owned()),
        "identity",
        "failed",
        ["nobody", "nobody"],
    );
    let path = format!("{base}/glorycard/store");
    holds(
        &sandbox,
        "",
        &glory("key", path, sandbox.glory_key().to_owned()),
        "settings",
        "warning",
        ["不像服务地址", "unlikely path"],
    );
}

#[test]
fn odd_settings_are_told_and_no_secret_is() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let url = sandbox.http_url();
    let secret = sandbox.app_secret().to_owned();
    let set =
        |member: &'static str, value: Value| move |settings: &mut Value| settings["onepay"][member] = value.clone();
    for (member, value, said) in [
        ("appSecret", json!(format!("{secret}\n")), ["有空白", "has blanks"]),
        ("appSecret", json!(secret.replace('1', "１")), ["有空白", "has blanks"]),
        ("appSecret", json!("***"), ["不足 16", "fewer than 16"]),
        ("encryptType", json!("Plain"), ["Plain", "Plain"]),
        ("url", json!(url.split("/onepay-web").next().unwrap()), ["不像服务地址", "unlikely path"]),
    ] {
        holds(&sandbox, &url, &set(member, value), "settings", "warning", said);
    }
    let without = |settings: &mut Value| {
        settings["onepay"].as_object_mut().unwrap().remove("url");
    };
    holds(&sandbox, &url, &without, "settings", "failed", ["没有设置 onepay.url", "onepay.url is not set"]);
    let short = |settings: &mut Value| settings["http"] = json!({"timeoutMs": 2000});
    holds(&sandbox, &url, &short, "settings", "warning", ["timeoutMs 太短", "timeoutMs is short"]);
    let insecure = |settings: &mut Value| settings["http"] = json!({"tls": "insecure"});
    holds(&sandbox, &url, &insecure, "settings", "warning", ["insecure", "insecure"]);
    let data = tested(&{
        let mut settings = settings(&sandbox, &sandbox.https_url(), "en");
        insecure(&mut settings);
        settings
    });
    assert_eq!(WAY.map(|name| row(&data, name).0), ["ok", "ok", "skipped", "ok", "ok", "ok"], "{data:#}");
    let public = |settings: &mut Value| {
        settings["onepay"]["url"] = json!("http://pay.invalid/x");
    };
    holds(&sandbox, &url, &public, "settings", "warning", ["院外的 http://", "outside the house"]);
}

#[test]
fn a_certificate_that_ends_is_told() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let (chain, key_file) = (folder.join("selftest-ends.pem"), folder.join("selftest-ends-key.pem"));
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    fs::write(&chain, params.self_signed(&key).unwrap().pem()).unwrap();
    fs::write(&key_file, key.serialize_pem()).unwrap();
    let show = |settings: &mut Value| settings["http"] = json!({"clientCertFile": &chain, "clientKeyFile": &key_file});
    holds(&sandbox, &sandbox.http_url(), &show, "settings", "warning", ["2021-01-01 08:00", "2021-01-01 08:00"]);
    let lasting = |settings: &mut Value| {
        settings["http"] =
            json!({"clientCertFile": sandbox.client_cert_file(), "clientKeyFile": sandbox.client_key_file()});
    };
    let mut well = settings(&sandbox, &sandbox.http_url(), "en");
    lasting(&mut well);
    assert_eq!(row(&tested(&well), "settings").1["detail"], "nothing odd");
}

#[test]
fn a_store_that_cannot_be_used_is_told() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let url = sandbox.http_url();
    let store = |store: &'static str| move |settings: &mut Value| settings["store"] = json!(store);
    holds(&sandbox, &url, &store("none"), "store", "warning", ["store 为 none", "store is none"]);
    holds(&sandbox, &url, &store("sqlite:/no/such/folder/h.db"), "store", "failed", ["不存在", "does not exist"]);
    holds(&sandbox, &url, &store("sqlite:/proc/self/h.db"), "store", "failed", ["/proc/self/h.db", "/proc/self/h.db"]);
    let (_held, closed) = support::refusing();
    let database = format!("postgres://u:hush-hush@{closed}/hospital");
    let refused = |settings: &mut Value| settings["store"] = json!(database);
    holds(&sandbox, &url, &refused, "store", "failed", ["hospital", "hospital"]);
}

#[test]
fn a_log_that_is_missing_or_cannot_be_written_is_told() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let url = sandbox.http_url();
    holds(&sandbox, &url, &nothing, "log", "warning", ["不写日志", "no log is written"]);
    let log = |dir: String| move |settings: &mut Value| settings["log"] = json!({"dir": dir});
    holds(&sandbox, &url, &log("/proc/self/log".to_owned()), "log", "warning", ["/proc/self/log", "/proc/self/log"]);
    let mut well = settings(&sandbox, &url, "en");
    log(format!("{}/selftest-log", env!("CARGO_TARGET_TMPDIR")))(&mut well);
    assert_eq!(row(&tested(&well), "log").0, "ok");
}

#[test]
fn all_checks_end_in_their_time() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let taken = Arc::new(AtomicUsize::new(0));
    // Takes connections and says nothing: as a platform over HTTP, over HTTPS, and as a database.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = silent.local_addr().unwrap();
    let count = Arc::clone(&taken);
    thread::spawn(move || {
        let mut held = Vec::new();
        for client in silent.incoming().flatten() {
            count.fetch_add(1, Ordering::SeqCst);
            held.push(client);
        }
    });
    for (scheme, step) in [("http", "answer"), ("https", "tls")] {
        let mut settings = settings(&sandbox, &format!("{scheme}://{address}/x"), "en");
        settings["store"] = json!(format!("postgres://u:p@{address}/d"));
        settings["http"] = json!({"timeoutMs": 60_000, "connectTimeoutMs": 60_000});
        assert_eq!(call("configure", &settings)["status"], "succeeded");
        let begun = Instant::now();
        let reply = call("selftest", &json!({"profile": settings["profile"], "timeoutMs": 700}));
        let took = begun.elapsed();
        assert!((Duration::from_millis(600)..Duration::from_secs(20)).contains(&took), "{took:?} {reply:#}");
        assert_eq!(row(&reply["data"], step).0, "failed", "{reply:#}");
        assert_eq!(row(&reply["data"], "store").0, "failed", "{reply:#}");
        assert!(row(&reply["data"], "store").1["detail"].as_str().unwrap().contains("in time"), "{reply:#}");
    }
    assert!(taken.load(Ordering::SeqCst) >= 4);
}

#[test]
fn it_wants_a_profile_and_a_platform_that_the_profile_has() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let reply = call("selftest", &json!({"profile": "nobody's"}));
    assert_eq!(end(&reply), ("rejected", "NO_PROFILE"), "{reply}");
    let onepay = settings(&sandbox, &sandbox.http_url(), "en")["onepay"].clone();
    for (platform, code, field) in
        [("glory", "BAD_SETTINGS", "/glory"), ("Onepay", "BAD_FIELD", "/platform"), ("", "BAD_FIELD", "/platform")]
    {
        let reply = call("selftest", &json!({"onepay": onepay, "platform": platform}));
        assert_eq!((end(&reply), &reply["field"]), (("rejected", code), &json!(field)), "{reply}");
    }
    // Settings inline, with the default client and the user's store.
    let reply = call("selftest", &json!({"onepay": onepay, "tag": 7}));
    assert_eq!((&reply["tag"], &reply["data"]["passed"]), (&json!(7), &json!(true)), "{reply:#}");
    let reply = call("selftest", &json!({"onepay": {"url": sandbox.http_url()}}));
    assert_eq!(row(&reply["data"], "identity").0, "failed", "{reply:#}");
}
