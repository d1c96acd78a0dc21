//! The listener under attack: thousands of connections that ask nothing, hostile heads and bodies, answers that nobody
//! reads. The platform is answered meanwhile, and the host's memory, threads and descriptors stay within bounds.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

#[path = "listener_attack/besieged.rs"]
mod besieged;
#[path = "listener_attack/crowd.rs"]
mod crowd;
mod hospital;
mod host;
mod support;

use std::io::{Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use besieged::{Besieged, Census};
use crowd::{Crowd, Manner, Then};
use hospital::{Hospital, SPAN};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_rustls::TlsConnector;

/// These take the whole machine, one after the other.
static ALONE: Mutex<()> = Mutex::new(());

const PLATFORM: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);
const CROWD: [Ipv4Addr; 4] =
    [Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 3), Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 4)];

#[test]
#[ignore = "a host program of its own, started by the tests below"]
fn a_host_that_listens() {
    besieged::host();
}

fn loopback() -> Value {
    json!({"bind": "127.0.0.1:0"})
}

fn with_certificate(hospital: &Hospital) -> Value {
    let path = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    json!({"bind": "127.0.0.1:0", "certFile": path(hospital.sandbox.server_cert_file()),
        "keyFile": path(hospital.sandbox.server_key_file())})
}

/// The platform's questions, each of another span, so that none is the repetition of another.
fn questions(hospital: &Hospital, many: usize) -> Vec<Vec<u8>> {
    let question = |n: usize| {
        let start = format!("2026-11-01 {:02}:{:02}:{:02}", n / 3600 % 24, n / 60 % 60, n % 60);
        let (headers, body) = hospital.question(&start, SPAN.1);
        post(&headers, &body.to_string())
    };
    (0..many).map(question).collect()
}

fn post(headers: &Value, body: &str) -> Vec<u8> {
    let line = |(name, value): (&String, &Value)| format!("{name}: {}\r\n", value.as_str().unwrap());
    let given: String = headers.as_object().unwrap().iter().map(line).collect();
    format!("POST /deductCheck HTTP/1.1\r\nHost: h\r\n{given}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, question: &[u8]) -> std::io::Result<String> {
    stream.write_all(question).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// Asks from that address, over TLS where there is a connector.
fn ask(address: SocketAddr, from: IpAddr, tls: Option<&TlsConnector>, question: &[u8]) -> std::io::Result<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let stream = crowd::connect(address, from).await.ok_or(std::io::ErrorKind::TimedOut)?;
        let Some(tls) = tls else { return exchange(stream, question).await };
        let name = ServerName::try_from("localhost").unwrap();
        exchange(tls.connect(name, stream).await?, question).await
    })
}

fn connector(hospital: &Hospital) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(hospital.sandbox.ca_file()).unwrap()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

/// What came of questions asked one after the other.
struct Asked {
    /// How long each took until it was answered, shortest first.
    times: Vec<Duration>,
    /// How often one was cut off and had to be asked again.
    again: usize,
}

impl Asked {
    /// What so many of a hundred took at most.
    fn within(&self, of_hundred: usize) -> Duration {
        self.times[(self.times.len() * of_hundred).div_ceil(100) - 1]
    }

    fn tell(&self, from: &str) {
        let (most, again) = (self.times.len(), self.again);
        let [half, ninety, all_but_one] = [50, 90, 99].map(|of_hundred| self.within(of_hundred));
        println!("  {most} from {from}: p50 {half:?}, p90 {ninety:?}, p99 {all_but_one:?}, {again} times asked again");
    }
}

/// Asks these, or as many as fit into six seconds.
fn asked(address: SocketAddr, from: Ipv4Addr, tls: Option<&TlsConnector>, questions: &[Vec<u8>]) -> Asked {
    let (began, mut times, mut again) = (Instant::now(), Vec::new(), 0);
    for (n, question) in questions.iter().enumerate() {
        let started = Instant::now();
        let answer = loop {
            match ask(address, from.into(), tls, question) {
                Ok(answer) => break answer,
                Err(_) => again += 1,
            }
            assert!(started.elapsed() < Duration::from_secs(15), "{n}: not answered");
        };
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains(r#""responseFlag":"1""#), "{n}: {answer}");
        assert!(answer.contains("deductionID"), "{n}: {answer}");
        times.push(started.elapsed());
        if began.elapsed() > Duration::from_secs(6) {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
    times.sort();
    Asked { times, again }
}

/// The most that was seen of each.
fn worst(seen: Census, now: Census) -> Census {
    Census {
        threads: seen.threads.max(now.threads),
        descriptors: seen.descriptors.max(now.descriptors),
        resident_kib: seen.resident_kib.max(now.resident_kib),
    }
}

fn wait_for(what: &str, seconds: u64, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(seconds), "{what}: not within {seconds} s");
        thread::sleep(Duration::from_millis(50));
    }
}

/// Sets how many descriptors this process may have, by how many the system lets it have.
fn limit_descriptors(choose: impl Fn(u64) -> u64) {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both calls read or write this struct only.
    unsafe {
        assert_eq!(libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit), 0);
        limit.rlim_cur = choose(limit.rlim_max);
        assert_eq!(libc::setrlimit(libc::RLIMIT_NOFILE, &raw const limit), 0);
    }
}

fn besiege(name: &str, many: usize, manners: Vec<Manner>, secure: bool) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let needed = many as u64 + 500;
    limit_descriptors(|most| {
        assert!(most >= needed, "this test needs {needed} descriptors (ulimit -Hn), the system allows {most}");
        most
    });
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let request = if secure { with_certificate(&hospital) } else { loopback() };
    let tls = secure.then(|| connector(&hospital));
    let tls = tls.as_ref();
    let mut host = Besieged::quiet(&hospital);
    let quiet = host.census();
    host.listen(&request);
    let address = host.address;
    let all = questions(&hospital, 220);
    // Several at once, so that both readers have come to life.
    thread::scope(|scope| {
        for part in all[..20].chunks(5) {
            scope.spawn(move || asked(address, PLATFORM, tls, part));
        }
    });
    let before = host.census();

    let crowd = Crowd::gather(address, many, manners, CROWD.to_vec());
    wait_for("the crowd has come", 20, || crowd.held() >= many * 9 / 10);
    let (began, used) = (Instant::now(), host.processor_seconds());
    let mut seen = before;
    let (apart, among) = thread::scope(|scope| {
        let apart = scope.spawn(|| asked(address, PLATFORM, tls, &all[20..120]));
        let among = scope.spawn(|| asked(address, CROWD[0], tls, &all[120..220]));
        while !apart.is_finished() || !among.is_finished() {
            seen = worst(seen, host.census());
            thread::sleep(Duration::from_millis(50));
        }
        (apart.join().unwrap(), among.join().unwrap())
    });
    let used = (host.processor_seconds() - used) / began.elapsed().as_secs_f64();
    let (opened, held) = (crowd.opened(), crowd.held());
    println!("{name}: {opened} connections opened, {held} in hand; the host used {:.0} % of a processor", used * 100.0);
    apart.tell("an address of its own");
    among.tell("the crowd's address");
    drop(crowd);
    // SQLite's connection of the second reader may be new; none of the crowd's is left.
    wait_for("descriptors are back", 10, || host.census().descriptors <= before.descriptors + 4);
    println!("  before {before:?}\n  worst  {seen:?}\n  after  {:?}", host.census());
    for asked in [apart, among] {
        assert!(asked.within(50) < Duration::from_secs(1) && asked.within(90) < Duration::from_secs(4));
        assert!(asked.again <= 1 + asked.times.len() / 10, "{}", asked.again);
    }
    // The listener's own, and two readers; which of them live at a moment is the runtime's affair.
    assert!(seen.threads <= quiet.threads + 3, "{quiet:?} {seen:?}");
    // 256, 32 that are going, and SQLite's.
    assert!(seen.descriptors <= before.descriptors + 256 + 32 + 8, "{seen:?}");
    assert!(seen.resident_kib < before.resident_kib + 40 * 1024, "{seen:?}");
    host.unlisten();
    assert!(TcpStream::connect(address).is_err());
}

fn begun(head: &str) -> String {
    format!("POST /deductCheck HTTP/1.1\r\nHost: h\r\n{head}")
}

#[test]
fn the_platform_is_answered_while_ten_thousand_others_are_connected() {
    let forged = json!({"sid": "x", "timestamp": "20261101000000", "sign": "00"});
    let manners = vec![
        Manner::new("", b"", Then::Waits),
        Manner::new("POST /deduct", b"", Then::Waits),
        Manner::new(begun("X: "), b"a", Then::Waits),
        Manner::new(begun("Content-Length: 50\r\n\r\n"), b" ", Then::Waits),
        Manner::new(begun("Transfer-Encoding: chunked\r\n\r\n"), b"1\r\n \r\n", Then::Waits),
        Manner::new(begun(&format!("Content-Length: 60000\r\n\r\n{}", "[".repeat(20_000))), b"[", Then::Waits),
        Manner::new(begun(""), b"", Then::Resets),
        Manner::new(begun("Content-Length: 50\r\n\r\n{"), b"", Then::ClosesItsSide),
        Manner::new(post(&forged, "{}"), b"", Then::Waits),
        Manner::new(begun("Expect: 100-continue\r\nContent-Length: 50\r\n\r\n"), b"", Then::Waits),
    ];
    besiege("plain", 10_000, manners, false);
}

#[test]
fn the_platform_is_answered_over_tls_while_hundreds_begin_a_handshake() {
    // A TLS 1.2 hello that never ends, and one that is none.
    let manners = vec![
        Manner::new("", b"", Then::Waits),
        Manner::new(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), b"a", Then::Waits),
        Manner::new(b"\x16\x03\x01\x40\x00".to_vec(), b"", Then::Waits),
        Manner::new("GET / HTTP/1.1\r\n\r\n", b"", Then::Waits),
        Manner::new(b"\x16\x03\x01".to_vec(), b"", Then::Resets),
    ];
    besiege("TLS", 800, manners, true);
}

/// All that comes back to these bytes, until the other end closes.
fn told(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    // The other end may have seen enough, and closed, before all is sent.
    let _ = stream.write_all(bytes);
    let mut answer = Vec::new();
    let mut part = [0; 4096];
    loop {
        match stream.read(&mut part) {
            Ok(0) => break,
            Ok(count) => answer.extend_from_slice(&part[..count]),
            Err(error) => {
                let ended = error.kind() == std::io::ErrorKind::ConnectionReset;
                assert!(ended, "not closed: {}", String::from_utf8_lossy(bytes));
                break;
            }
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

/// What two servers in a row read differently: where one ends a request, the other may find a second one in it. Here each
/// connection has one answer at most, and what stands behind the first request is never read as another.
#[test]
fn a_question_that_is_hidden_in_another_request_is_not_answered() {
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let reply = hospital.call("glory_listen", loopback());
    let address: SocketAddr = reply["data"]["address"].as_str().unwrap().parse().unwrap();
    let hidden = questions(&hospital, 1).remove(0);
    let length = hidden.len();
    let first = |head: String, body: &str| [begun(&head).into_bytes(), body.into(), hidden.clone()].concat();
    let headed = |head: &str| first(format!("{head}\r\n\r\n"), "0\r\n\r\n");
    let line = |line: &str| [format!("{line}\r\nHost: h\r\nContent-Length: 0\r\n\r\n").as_bytes(), &hidden].concat();
    let whole = first(format!("Content-Length: {length}\r\n\r\n"), "");
    let cases = [
        // Two lengths, or two that are one; lengths that are none.
        (headed("Content-Length: 5\r\nTransfer-Encoding: chunked"), &[200, 400][..]),
        (headed("Transfer-Encoding: chunked\r\nContent-Length: 5"), &[200, 400]),
        (headed("Content-Length: 5\r\nContent-Length: 6"), &[400]),
        (headed("Content-Length: 5\r\nContent-Length: 5"), &[200, 400]),
        (headed("Content-Length: 5, 5"), &[200, 400]),
        (headed("Content-Length: +5"), &[400]),
        (headed("Content-Length: -5"), &[400]),
        (headed("Content-Length: 0x5"), &[400]),
        (headed("Content-Length: 99999999999999999999999"), &[400]),
        (headed("Content-Length: 18446744073709551615"), &[400, 431]),
        // Encodings that only some servers take for chunked.
        (headed("Transfer-Encoding: chunked, identity"), &[400]),
        (headed("Transfer-Encoding: identity"), &[400]),
        (headed("Transfer-Encoding: xchunked"), &[400]),
        (headed("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity"), &[400]),
        (headed("Transfer-Encoding: gzip, chunked"), &[200, 400]),
        (headed("Transfer-Encoding: CHUNKED"), &[200, 400]),
        (headed("Transfer-Encoding : chunked"), &[400]),
        (headed("Transfer-Encoding:\u{b}chunked"), &[400]),
        (headed("Transfer-Encoding: \"chunked\""), &[400]),
        (headed("X: 1\r\n Transfer-Encoding: chunked"), &[400]),
        (headed("X: 1\nTransfer-Encoding: chunked"), &[200, 400]),
        (headed("Content-Length : 5"), &[400]),
        (headed("Content\u{0}-Length: 5"), &[400]),
        // Chunks that are none.
        (first("Transfer-Encoding: chunked\r\n\r\n".into(), "-1\r\n"), &[200, 400]),
        (first("Transfer-Encoding: chunked\r\n\r\n".into(), "fffffffffffffffff\r\n"), &[200, 400]),
        (first("Transfer-Encoding: chunked\r\n\r\n".into(), "2;x=\n\r\n{}\r\n0\r\n\r\n"), &[200, 400]),
        (first("Transfer-Encoding: chunked\r\n\r\n".into(), "2\r\n{}0\r\n\r\n"), &[200, 400]),
        (first("Transfer-Encoding: chunked\r\n\r\n".into(), "0\r\nContent-Length: 9\r\n\r\n"), &[200, 400]),
        // One behind another, and one within another.
        (headed("Content-Length: 5\r\nConnection: keep-alive"), &[200]),
        (headed("Content-Length: 5\r\nExpect: 100-continue"), &[200]),
        (whole, &[200]),
        (line("GET /deductCheck HTTP/1.1"), &[405]),
        (line("TRACE /deductCheck HTTP/1.1"), &[405]),
        (line("OPTIONS * HTTP/1.1"), &[404]),
        (line("HEAD /deductCheck HTTP/1.1"), &[405]),
        (line("CONNECT 127.0.0.1:80 HTTP/1.1"), &[404]),
        (line("GET /deductCheck HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket"), &[405]),
        (
            line("GET / HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk"),
            &[404],
        ),
        (line("POST /deductCheck HTTP/1.0\r\nConnection: keep-alive"), &[200]),
        (line("POST http://elsewhere/deductCheck HTTP/1.1"), &[200]),
        (line("POST http://elsewhere/ HTTP/1.1"), &[404]),
        (line("POST //deductCheck HTTP/1.1"), &[404]),
        (line("POST /%64eductCheck HTTP/1.1"), &[404]),
        (line("POST /x/../deductCheck HTTP/1.1"), &[404]),
        (line("POST /deductCheck HTTP/1.1 HTTP/1.1"), &[400]),
        (line("POST /deductCheck HTTP/2.0"), &[400]),
        (line("POST /deductCheck"), &[400]),
        (line("PO ST /deductCheck HTTP/1.1"), &[400]),
        ([b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".as_slice(), &hidden].concat(), &[400]),
    ];
    for (bytes, statuses) in cases {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len() - length]).into_owned();
        let answer = told(address, &bytes).replace("HTTP/1.1 100 Continue\r\n\r\n", "");
        let heads: Vec<_> = answer.match_indices("HTTP/1.").collect();
        // Nothing at all is an answer too: the connection was closed.
        if let Some((place, _)) = heads.first() {
            let status: u16 = answer[place + 9..place + 12].parse().unwrap();
            assert!(*place == 0 && statuses.contains(&status), "{shown:?}: {answer}");
        }
        assert!(heads.len() <= 1 && !answer.contains(r#""responseFlag":"1""#), "{shown:?}: {answer}");
        assert!(!answer.contains("deductionID") && !answer.contains("elsewhere"), "{shown:?}: {answer}");
    }
    // It was not read, for it would be a repetition now.
    assert!(told(address, &hidden).contains(r#""responseFlag":"1""#));
    assert!(told(address, &hidden).contains("重复的请求"));
    hospital.call("glory_unlisten", json!({}));
}

/// Deductions of the hospital's as the ledger has them, beyond those that were made through the contract.
fn fill_the_ledger(hospital: &Hospital, many: usize) {
    hospital.deduct("D1");
    let store = rusqlite::Connection::open(hospital.store()).unwrap();
    let columns = "cert_type, cert_no, cert_name, total_fee, deduction_fee, deduction_time, glory_type, deduction_type,
        state, note";
    let fill = format!(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ?1)
        INSERT INTO deduction (hospital, deduction_id, remarks, {columns})
        SELECT hospital, 'F' || n, ?2, {columns} FROM deduction, number WHERE deduction_id = 'D1'"
    );
    assert_eq!(store.execute(&fill, rusqlite::params![many as i64, "门".repeat(1024)]).unwrap(), many);
}

#[test]
fn answers_that_nobody_reads_hold_no_more_than_64_mib_and_keep_no_one_waiting() {
    const READERS: usize = 24;
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let hospital = Hospital::new();
    // An answer of 5 MB.
    fill_the_ledger(&hospital, 1_600);
    let mut host = Besieged::start(&hospital, &loopback());
    let address = host.address;
    let all = questions(&hospital, READERS + 2);
    let read = |question: &[u8]| {
        let answer = told(address, question);
        assert_eq!(answer.matches("deductionID").count(), 1_601);
        answer.len()
    };
    let size = read(&all[READERS]);
    let before = host.census();
    let mut unread: Vec<_> = all[..READERS]
        .iter()
        .map(|question| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(question).unwrap();
            // The answer has begun: it is whole at the other end.
            stream.read_exact(&mut [0; 12]).unwrap();
            stream
        })
        .collect();
    let held = host.census();
    let began = Instant::now();
    read(&all[READERS + 1]);
    println!(
        "{READERS} unread answers of {size} bytes; before {before:?}, held {held:?}; another read in {:?}",
        began.elapsed()
    );
    let fit = 64 * 1024 * 1024 / size;
    assert!(READERS > fit + 4 && held.descriptors <= before.descriptors + fit + 4, "{held:?}");
    // To make one takes eight times its size for a moment, and two are made at once.
    assert!(held.resident_kib < before.resident_kib + 64 * 1024 + 16 * size / 1024, "{held:?}");
    // The first were cut off, the last can still be read.
    let whole = |stream: &mut TcpStream| {
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).is_ok_and(|_| rest.len() + 12 == size)
    };
    assert!(!whole(&mut unread[0]) && whole(&mut unread[READERS - 1]));
    host.unlisten();
}

#[test]
fn without_descriptors_it_neither_spins_nor_stops_answering() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let mut host = Besieged::start(&hospital, &loopback());
    let address = host.address;
    let all = questions(&hospital, 22);
    asked(address, PLATFORM, None, &all[..2]);
    // Both readers may yet open the store, with three files each.
    host.allow(16);
    let crowd = Crowd::gather(address, 200, vec![Manner::new("POST /deduct", b"", Then::Waits)], CROWD.to_vec());
    wait_for("the crowd has come", 10, || crowd.held() == 200);
    let (began, used) = (Instant::now(), host.processor_seconds());
    let answered = asked(address, PLATFORM, None, &all[2..]);
    let used = (host.processor_seconds() - used) / began.elapsed().as_secs_f64();
    println!("without descriptors: the host used {:.0} % of a processor", used * 100.0);
    answered.tell("an address of its own");
    assert!(used < 0.5, "{used}");
    host.unlisten();
}

#[test]
fn it_costs_nothing_when_off() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let hospital = Hospital::new();
    hospital.deduct("D1");
    let mut host = Besieged::quiet(&hospital);
    let quiet = host.census();
    assert_eq!((quiet.threads, host.sockets()), (2, 0), "the test's two threads: {quiet:?}");
    for end in ["unlisten", "shutdown"] {
        for secure in [false, true] {
            host.listen(&if secure { with_certificate(&hospital) } else { loopback() });
            let tls = secure.then(|| connector(&hospital));
            let question = questions(&hospital, 1).remove(0);
            assert!(ask(host.address, PLATFORM.into(), tls.as_ref(), &question).unwrap().contains("responseFlag"));
            assert!(host.census().threads > quiet.threads && host.sockets() > 0);
            if end == "unlisten" {
                host.unlisten()
            } else {
                host.shut_down()
            }
            assert_eq!(host.sockets(), 0, "{end}");
            // Whoever waited for a thread's end may still find it in /proc for a moment.
            wait_for("its threads are gone", 2, || host.census().threads == quiet.threads);
        }
    }
    // What SQLite has open is the store's.
    assert_eq!(host.census().descriptors, quiet.descriptors);
}
