//! What reaches the listener's socket: any bytes, or a body with headers whose sign holds.
#![no_main]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::OnceLock;
use std::time::Duration;

use hislink_fuzz::{exported, judge, mutator, site};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};

/// Every status that the listener may answer with.
const STATUSES: [&str; 8] = ["200", "400", "404", "405", "408", "413", "414", "431"];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    site::enter();
    mutator::request(data, size, max_size, seed, 1)
});

fuzz_target!(|data: &[u8]| -> Corpus {
    let address = address();
    let Some((flags, text)) = data.split_first() else { return Corpus::Reject };
    let request = match flags & 1 {
        0 => text.to_vec(),
        _ => match signed(text) {
            Some(request) => request,
            None => return Corpus::Reject,
        },
    };
    let answer = exchange(address, &request);
    judge_answer(&answer);
    Corpus::Keep
});

/// The listener's address; it is started once.
fn address() -> &'static str {
    static ADDRESS: OnceLock<String> = OnceLock::new();
    ADDRESS.get_or_init(|| {
        site::enter();
        let reply = exported::reply("glory_listen", "{\"profile\":\"kept\",\"bind\":\"127.0.0.1:0\"}");
        judge::member(&reply, "/data/address").trim_matches('"').to_owned()
    })
}

fn signed(body: &[u8]) -> Option<Vec<u8>> {
    let body = std::str::from_utf8(body).ok()?;
    let reply = exported::reply("glory_sign", &format!("{{\"body\":{body}}}"));
    judge::succeeded(&reply).then(|| {
        let header = |name| judge::member(&reply, &format!("/data/headers/{name}")).trim_matches('"').to_owned();
        let (timestamp, sign, length) = (header("timestamp"), header("sign"), body.len());
        format!(
            "POST /deductCheck HTTP/1.1\r\nHost: h\r\nsid: S1\r\ntimestamp: {timestamp}\r\nsign: {sign}\r\n\
             Content-Length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    })
}

fn exchange(address: &str, request: &[u8]) -> Vec<u8> {
    let mut stream = TcpStream::connect(address).expect("the listener is there");
    stream.set_read_timeout(Some(Duration::from_secs(8))).expect("a time limit");
    // It may have heard enough before all was sent.
    let _ = stream.write_all(request).and_then(|()| stream.shutdown(Shutdown::Write));
    let mut answer = Vec::new();
    if let Err(error) = stream.read_to_end(&mut answer) {
        let broken_off = matches!(error.kind(), std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::BrokenPipe);
        assert!(broken_off, "the listener neither answers nor ends: {error}");
    }
    answer
}

fn judge_answer(answer: &[u8]) {
    let text = String::from_utf8_lossy(answer);
    let statuses: Vec<_> = text.split("HTTP/1.").skip(1).filter_map(|rest| rest.get(2..5)).collect();
    let ends: Vec<_> = statuses.iter().filter(|status| **status != "100").collect();
    // One request a connection: what follows it is another's.
    assert!(ends.len() <= 1, "{} answers to one request: {text}", ends.len());
    assert!(ends.iter().all(|status| STATUSES.contains(status)), "{text}");
    assert!(!text.contains(site::KEY) && !text.contains(site::SECRET), "{text}");
    assert!(answer.is_empty() || text.starts_with("HTTP/1."), "{text}");
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return };
    if head.contains(" 200 ") {
        assert!(serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok() || body.is_empty(), "{text}");
        assert!(head.to_ascii_lowercase().contains("\r\nsign: "), "an answer without a sign: {text}");
    }
}
