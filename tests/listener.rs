//! The listener, asked by the simulated platform and by rude clients: it answers, keeps its limits, and is gone when it
//! is told to go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod hospital;
mod host;
mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use hislink_sandbox::{CheckSign, HospitalCheck};
use hospital::{Hospital, SPAN, in_another_process};
use host::{call, end};
use serde_json::{Value, json};

fn listen(hospital: &Hospital, request: Value) -> SocketAddr {
    let reply = hospital.call("glory_listen", request);
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    reply["data"]["address"].as_str().unwrap().parse().unwrap()
}

fn unlisten(hospital: &Hospital) {
    let reply = hospital.call("glory_unlisten", json!({}));
    assert_eq!((end(&reply), reply["data"]["stopped"].as_array().unwrap().len()), (("succeeded", "OK"), 1), "{reply}");
}

fn loopback() -> Value {
    json!({"bind": "127.0.0.1:0"})
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Sends these bytes and gives all that comes back, until the other end closes.
fn talk(address: SocketAddr, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    stream.write_all(request).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

fn post(headers: &Value, body: &str) -> Vec<u8> {
    let given =
        headers.as_object().unwrap().iter().map(|(name, value)| format!("{name}: {}\r\n", value.as_str().unwrap()));
    let given: String = given.collect();
    format!("POST /deductCheck HTTP/1.1\r\nHost: h\r\n{given}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// HTTP status, headers in lower case, and body.
fn parsed(answer: &str) -> (u16, String, Value) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{answer}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_lowercase(), serde_json::from_str(body).unwrap_or(Value::Null))
}

#[test]
fn the_platform_is_answered_over_http_and_https() {
    let hospital = Hospital::new();
    for id in ["D1", "D2"] {
        hospital.deduct(id);
    }
    hospital.cancel("D2", "2026-11-22 08:00:00");
    let (cert, key) = (hospital.sandbox.server_cert_file(), hospital.sandbox.server_key_file());
    let secure = json!({"bind": "127.0.0.1:0", "certFile": text(cert), "keyFile": text(key)});
    for (scheme, request) in [("http", loopback()), ("https", secure)] {
        let address = listen(&hospital, request);
        let port = address.port();
        let mut question = HospitalCheck::new(&format!("{scheme}://localhost:{port}/deductCheck"), SPAN.0, SPAN.1);
        question.replay = true;
        let report = hospital.sandbox.check_hospital(&question).unwrap();
        assert_eq!((report.status, report.response_flag.as_str(), report.rows), (200, "1", 2), "{report:?}");
        assert!(report.verified && report.only_here.is_empty() && report.only_there.is_empty(), "{report:?}");
        assert!(report.differing.is_empty(), "{report:?}");
        let replay = report.replay.unwrap();
        assert_eq!((replay.status, replay.response_flag.as_str(), replay.rows), (200, "0", 0), "{replay:?}");
        assert!(replay.verified, "a refusal is signed too: {replay:?}");
        type Change = fn(&mut HospitalCheck);
        let changes: [Change; 6] = [
            |question| question.sign = CheckSign::Wrong,
            |question| question.sign = CheckSign::None,
            |question| question.minutes = 6,
            |question| question.minutes = -6,
            |question| question.org_code = Some("another".to_owned()),
            |question| question.end = "2026-10-01 00:00:00".to_owned(),
        ];
        for change in changes {
            let mut question = HospitalCheck { replay: false, ..question.clone() };
            change(&mut question);
            let report = hospital.sandbox.check_hospital(&question).unwrap();
            assert_eq!((report.response_flag.as_str(), report.rows), ("0", 0), "{question:?}: {report:?}");
            assert!(report.verified && !report.response_message.is_empty(), "{report:?}");
        }
        unlisten(&hospital);
        assert!(TcpStream::connect(address).is_err());
        // The second round would repeat the first one's sign within its second.
        thread::sleep(Duration::from_millis(1_000));
    }
}

#[test]
fn what_is_no_question_is_answered_in_json_without_a_row() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let address = listen(&hospital, loopback());
    let large = "x".repeat(64 * 1024 + 1);
    let huge = "x".repeat(900 * 1024);
    let none = json!({});
    let get = |line: &str| format!("{line} HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n").into_bytes();
    let chunked = |body: &str| {
        let size = body.len();
        format!(
            "POST /deductCheck HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n"
        )
        .into_bytes()
    };
    let cases = [
        (get("GET /deductCheck"), 405),
        (get("PUT /deductCheck"), 405),
        (get("DELETE /deductCheck"), 405),
        (get("POST /"), 404),
        (get("POST /deductcheck"), 404),
        (get("POST /deductCheck/"), 404),
        (get("GET /../etc/passwd"), 404),
        (post(&none, ""), 200),
        (post(&none, "{"), 200),
        (post(&none, "\u{FEFF}{}"), 200),
        (post(&none, "{}"), 200),
        (chunked("{}"), 200),
        (post(&none, &"[".repeat(60_000)), 200),
        (post(&none, &large), 413),
        (post(&none, &huge), 413),
        (chunked(&large), 413),
    ];
    for (request, status) in cases {
        let shown = String::from_utf8_lossy(&request[..request.len().min(60)]).into_owned();
        let (given, head, body) = parsed(&talk(address, &request));
        assert_eq!((given, &body["responseFlag"]), (status, &json!("0")), "{shown}: {head} {body}");
        assert!(body["responseMessage"].is_string() && body.get("data").is_none(), "{shown}: {body}");
        assert!(head.contains("content-type: application/json"), "{head}");
    }
    let bytes = [post(&none, "ab"), vec![0xFF, 0xFE]].concat();
    assert_eq!(parsed(&talk(address, &bytes[..bytes.len() - 2])).2["responseFlag"], "0");
    let mut not_utf8 = post(&none, "xx");
    let length = not_utf8.len();
    not_utf8[length - 2..].copy_from_slice(&[0xFF, 0xFE]);
    assert_eq!(parsed(&talk(address, &not_utf8)).2["responseFlag"], "0");
    // Not HTTP, or too much of it: closed, with hyper's own word or none.
    let many: String = (0..100).map(|n| format!("X-{n}: 1\r\n")).collect();
    for rude in [
        b"\x16\x03\x01\x02\x00\x01".to_vec(),
        b"hello\r\n\r\n".to_vec(),
        format!("POST /deductCheck HTTP/1.1\r\nHost: h\r\nX: {}\r\n\r\n", "y".repeat(20_000)).into_bytes(),
        format!("POST /deductCheck HTTP/1.1\r\nHost: h\r\n{many}\r\n").into_bytes(),
    ] {
        let mut stream = TcpStream::connect(address).unwrap();
        let _ = stream.write_all(&rude);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&answer));
    }
    // It is none the worse for all that.
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    let (status, head, body) = parsed(&talk(address, &post(&headers, &body.to_string())));
    assert_eq!((status, body["data"].as_array().unwrap().len()), (200, 1), "{body}");
    for name in ["sid: ", "timestamp: ", "sign: "] {
        assert!(head.contains(name), "{head}");
    }
    unlisten(&hospital);
}

#[test]
fn slow_clients_are_cut_off() {
    let hospital = Hospital::new();
    let plain = listen(&hospital, loopback());
    let (cert, key) = (hospital.sandbox.server_cert_file(), hospital.sandbox.server_key_file());
    let secure = listen(&hospital, json!({"bind": "127.0.0.1:0", "certFile": text(cert), "keyFile": text(key)}));
    let head = "POST /deductCheck HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n";
    let cases = [
        (plain, "", 0, ""),
        (plain, "POST /deduct", 0, ""),
        // A byte a second keeps nobody busy for longer.
        (plain, "POST /deductCheck HTTP/1.1\r\nX: ", 1, ""),
        (plain, head, 0, "408"),
        (plain, head, 1, "408"),
        (secure, "", 0, ""),
        (secure, "\u{16}\u{3}\u{1}", 0, ""),
    ];
    thread::scope(|scope| {
        for (address, begun, drip, answer) in cases {
            scope.spawn(move || {
                let started = Instant::now();
                let mut stream = TcpStream::connect(address).unwrap();
                stream.write_all(begun.as_bytes()).unwrap();
                stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
                let mut seen = Vec::new();
                let mut part = [0; 4096];
                loop {
                    match stream.read(&mut part) {
                        Ok(0) => break,
                        Ok(count) => seen.extend_from_slice(&part[..count]),
                        Err(_) if started.elapsed().as_secs() > 20 => panic!("never cut off: {begun:?}"),
                        Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
                        Err(_) => {
                            let _ = stream.write_all(&vec![b'a'; drip]);
                        }
                    }
                }
                let took = started.elapsed().as_millis();
                assert!((4_000..15_000).contains(&took), "{begun:?}: {took} ms");
                assert!(String::from_utf8_lossy(&seen).contains(answer), "{begun:?}: {seen:?}");
            });
        }
    });
    assert_eq!(hospital.call("glory_unlisten", json!({}))["data"]["stopped"].as_array().unwrap().len(), 2);
}

#[test]
fn a_newcomer_takes_the_place_of_the_oldest_that_has_asked_nothing() {
    let hospital = Hospital::new();
    let address = listen(&hospital, loopback());
    let mut idle: Vec<_> = (0..256).map(|_| TcpStream::connect(address).unwrap()).collect();
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    let started = Instant::now();
    assert_eq!(parsed(&talk(address, &post(&headers, &body.to_string()))).2["responseFlag"], "1");
    assert!(started.elapsed() < Duration::from_millis(3_000), "{:?}", started.elapsed());
    idle[0].set_read_timeout(Some(Duration::from_secs(3))).unwrap();
    assert_eq!(idle[0].read(&mut [0]).unwrap(), 0, "the oldest is cut off");
    for (place, stream) in idle.iter_mut().enumerate() {
        stream.set_nonblocking(true).unwrap();
        let waits = stream.read(&mut [0]).is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock);
        assert_eq!(waits, place > 0, "{place}");
    }
    // Stopping does not wait for the idle ones.
    let started = Instant::now();
    unlisten(&hospital);
    assert!(started.elapsed() < Duration::from_millis(1_800), "{:?}", started.elapsed());
}

#[test]
fn one_that_closes_its_side_after_asking_is_answered() {
    let hospital = Hospital::new();
    let address = listen(&hospital, loopback());
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(&post(&headers, &body.to_string())).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(parsed(&answer).2["responseFlag"], "1", "{answer}");
    unlisten(&hospital);
}

#[test]
fn an_address_that_cannot_be_had_says_why() {
    let hospital = Hospital::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let cert = text(hospital.sandbox.server_cert_file()).to_owned();
    let key = text(hospital.sandbox.server_key_file()).to_owned();
    let other_key = text(hospital.sandbox.client_key_file()).to_owned();
    let own = listen(&hospital, loopback()).to_string();
    let any = "127.0.0.1:0";
    let broken = std::env::temp_dir().join(format!("{}.pem", hospital.profile));
    fs::write(&broken, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").unwrap();
    let broken_file = broken.to_str().unwrap();
    let cases = [
        (json!({}), "/bind", "缺少"),
        (json!({"bind": 8443}), "/bind", "字符串"),
        (json!({"bind": "localhost:8443"}), "/bind", "IP:端口"),
        (json!({"bind": "127.0.0.1"}), "/bind", "IP:端口"),
        (json!({"bind": "127.0.0.1:65536"}), "/bind", "IP:端口"),
        (json!({"bind": taken}), "/bind", "占用"),
        (json!({"bind": own}), "/bind", "已在"),
        (json!({"bind": "192.0.2.1:8443", "plainHttp": true}), "/bind", "不是本机"),
        (json!({"bind": "0.0.0.0:0"}), "/certFile", "回环"),
        (json!({"bind": "[::]:0"}), "/certFile", "回环"),
        (json!({"bind": any, "plainHttp": "yes"}), "/plainHttp", "true"),
        (json!({"bind": any, "plainHttp": true, "certFile": cert, "keyFile": key}), "/plainHttp", "同时"),
        (json!({"bind": any, "certFile": cert}), "/keyFile", "缺少"),
        (json!({"bind": any, "keyFile": key}), "/certFile", "缺少"),
        (json!({"bind": any, "certFile": "/no/such.pem", "keyFile": key}), "/certFile", "无法读取"),
        (json!({"bind": any, "certFile": cert, "keyFile": "/no/such.key"}), "/keyFile", "无法读取"),
        (json!({"bind": any, "certFile": "/", "keyFile": key}), "/certFile", "无法读取"),
        (json!({"bind": any, "certFile": key, "keyFile": key}), "/certFile", "没有 PEM 证书"),
        (json!({"bind": any, "certFile": cert, "keyFile": cert}), "/keyFile", "没有 PEM 私钥"),
        (json!({"bind": any, "certFile": cert, "keyFile": other_key}), "/keyFile", "不匹配"),
        (json!({"bind": any, "certFile": broken_file, "keyFile": key}), "/certFile", "无法使用"),
        (json!({"bind": any, "certfile": cert}), "/certfile", "不认识"),
    ];
    for (request, field, words) in cases {
        let reply = hospital.call("glory_listen", request.clone());
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!(field)), "{request}: {reply}");
        assert!(reply["message"].as_str().unwrap().contains(words), "{words}: {reply}");
    }
    fs::remove_file(&broken).unwrap();
    for bind in [json!("127.0.0.1:1"), json!("x")] {
        let reply = hospital.call("glory_unlisten", json!({"bind": bind}));
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!("/bind")), "{reply}");
    }
    let stopped = hospital.call("glory_unlisten", json!({"bind": own}));
    assert_eq!(stopped["data"]["stopped"], json!([own]), "{stopped}");
    assert_eq!(hospital.call("glory_unlisten", json!({}))["data"]["stopped"], json!([]));
    // Plain HTTP beyond loopback where it is asked for.
    listen(&hospital, json!({"bind": "0.0.0.0:0", "plainHttp": true}));
    unlisten(&hospital);

    for (member, field) in [("sid", "/glory/sid"), ("key", "/glory/key"), ("orgCode", "/glory/orgCode")] {
        let mut settings = hospital.settings("http://127.0.0.1:9");
        settings["glory"].as_object_mut().unwrap().remove(member);
        let reply = hospital.call("glory_listen", json!({"bind": any, "glory": settings["glory"]}));
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_SETTINGS"), &json!(field)), "{reply}");
    }
    let mut settings = hospital.settings("http://127.0.0.1:9");
    settings["store"] = json!("none");
    call("configure", &settings);
    assert_eq!(end(&hospital.call("glory_listen", loopback())), ("rejected", "BAD_SETTINGS"));
}

#[test]
fn a_listener_works_by_the_profile_that_it_was_started_with() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let address = listen(&hospital, loopback());
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    let mut settings = hospital.settings("http://127.0.0.1:9");
    settings["glory"]["key"] = json!("another key");
    settings["store"] = json!("none");
    assert_eq!(call("configure", &settings)["status"], "succeeded");
    let (_, _, answer) = parsed(&talk(address, &post(&headers, &body.to_string())));
    assert_eq!(answer["data"].as_array().unwrap().len(), 1, "{answer}");
    unlisten(&hospital);
}

#[test]
fn requests_come_at_once() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let address = listen(&hospital, loopback());
    let questions: Vec<_> = (0..100).map(|_| hospital.question(SPAN.0, SPAN.1)).collect();
    thread::scope(|scope| {
        for chunk in questions.chunks(5) {
            scope.spawn(move || {
                for (headers, body) in chunk {
                    let (status, _, answer) = parsed(&talk(address, &post(headers, &body.to_string())));
                    assert_eq!((status, &answer["responseFlag"]), (200, &json!("1")), "{answer}");
                }
            });
        }
    });
    unlisten(&hospital);
}

fn run_alone(test: &str) {
    let output = in_another_process(test, "").wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// As they are for a tenth of a second: who waited for a thread's end may still find it in `/proc` for a moment.
#[cfg(target_os = "linux")]
fn threads_and_descriptors() -> (usize, usize) {
    let count = |folder: &str| fs::read_dir(folder).unwrap().count();
    let now = || (count("/proc/self/task"), count("/proc/self/fd"));
    let (mut seen, mut times) = (now(), 0);
    while times < 5 {
        thread::sleep(Duration::from_millis(20));
        let next = now();
        times = if next == seen { times + 1 } else { 0 };
        seen = next;
    }
    seen
}

#[test]
#[cfg(target_os = "linux")]
fn starting_and_stopping_leaves_nothing_behind() {
    run_alone("start_and_stop_a_hundred_times");
}

#[test]
#[ignore = "counts threads: run alone by the test above"]
#[cfg(target_os = "linux")]
fn start_and_stop_a_hundred_times() {
    let hospital = Hospital::new();
    let (cert, key) = (hospital.sandbox.server_cert_file(), hospital.sandbox.server_key_file());
    let secure = json!({"bind": "127.0.0.1:0", "certFile": text(cert), "keyFile": text(key)});
    let round = |n: usize| {
        let address = listen(&hospital, if n.is_multiple_of(2) { loopback() } else { secure.clone() });
        if n.is_multiple_of(2) {
            let (headers, body) = hospital.question(SPAN.0, SPAN.1);
            assert_eq!(parsed(&talk(address, &post(&headers, &body.to_string()))).2["responseFlag"], "1");
        }
        // One that is just connecting when the end comes.
        let idle = TcpStream::connect(address).unwrap();
        unlisten(&hospital);
        drop(idle);
    };
    round(0);
    round(1);
    let before = threads_and_descriptors();
    (0..100).for_each(round);
    assert_eq!(threads_and_descriptors(), before);
}

#[test]
#[cfg(target_os = "linux")]
fn shutdown_stops_every_listener() {
    run_alone("shut_down_while_listening");
}

#[test]
#[ignore = "shuts the library down: run alone by the test above"]
#[cfg(target_os = "linux")]
fn shut_down_while_listening() {
    let hospital = Hospital::new();
    let (threads, _) = threads_and_descriptors();
    let addresses = [listen(&hospital, loopback()), listen(&hospital, loopback())];
    let slow = TcpStream::connect(addresses[0]).unwrap();
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    assert_eq!(parsed(&talk(addresses[1], &post(&headers, &body.to_string()))).0, 200);
    let started = Instant::now();
    host::shutdown();
    assert!(started.elapsed() < Duration::from_millis(1_800), "{:?}", started.elapsed());
    assert_eq!(threads_and_descriptors().0, threads);
    assert!(addresses.iter().all(|address| TcpStream::connect(address).is_err()));
    drop(slow);
    // The library works on, on the same address.
    let again = listen(&hospital, json!({"bind": addresses[0].to_string()}));
    assert_eq!(again, addresses[0]);
    let (headers, body) = hospital.question(SPAN.0, SPAN.1);
    assert_eq!(parsed(&talk(again, &post(&headers, &body.to_string()))).0, 200);
    host::shutdown();
    host::shutdown();
    assert_eq!(threads_and_descriptors().0, threads);
}
