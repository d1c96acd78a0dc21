//! What a platform answers: the HTTP stream as it is, or a body, or a body under a sign that holds. A server in this
//! process gives it to the exported functions that send.
#![no_main]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

use hislink::json::{self, Json};
use hislink_fuzz::{exported, judge, mutator, site};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};

/// What the server sends next.
static NEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

const TIMESTAMP: &str = "20261121100000";

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    site::enter();
    mutator::request(data, size, max_size, seed, 1)
});

fuzz_target!(|data: &[u8]| -> Corpus {
    begin();
    let Some((flags, text)) = data.split_first() else { return Corpus::Reject };
    let (onepay, kept) = (flags & 4 == 0, flags & 8 > 0);
    let signed = flags & 2 > 0;
    let answer = match flags & 3 {
        0 => Some(text.to_vec()),
        1 => Some(with_head("", text)),
        _ if onepay => sealed(text, flags & 1 > 0),
        _ => under_sign(text),
    };
    let Some(answer) = answer else { return Corpus::Reject };
    *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = answer;
    let profile = if kept { "kept" } else { "default" };
    let (operation, members) = asked(onepay, flags >> 4);
    let request = format!("{{\"profile\":\"{profile}\",{members}}}");
    let reply = exported::reply(operation, &request);
    judge::judge(operation, request.as_bytes(), &reply);
    assert!(signed || !judge::succeeded(&reply), "unsigned, and believed: {reply}");
    // A kept connection would take the next answer's place.
    if flags & 3 == 0 {
        hislink::abi::hislink_shutdown();
    }
    Corpus::Keep
});

/// The operations that send without a store, or with what the store has.
fn asked(onepay: bool, pick: u8) -> (&'static str, &'static str) {
    match (onepay, pick % 4) {
        (true, 0) => ("onepay_transact", "\"transType\":\"t\",\"param\":{}"),
        (true, 1) => ("onepay_query", "\"orderNo\":\"A1\""),
        (true, 2) => ("onepay_details", "\"param\":{}"),
        (true, _) => ("onepay_wristband_account", "\"param\":{\"key\":\"A\"}"),
        (false, 0) => ("glory_sync", "\"maxPages\":1"),
        (false, _) => ("glory_transact", "\"path\":\"/glorycard/store/all\",\"body\":{}"),
    }
}

/// The envelope with a sign that holds, its `param` in plain or encrypted.
fn sealed(text: &[u8], encrypted: bool) -> Option<Vec<u8>> {
    let mut envelope = json::read(std::str::from_utf8(text).ok()?).ok()?;
    let Json::Object(message) = &mut envelope else { return None };
    let param = message.get("param").map(json::to_text);
    let request = format!("{{\"message\":{}}}", json::to_text(&Json::Object(message.clone())));
    let reply = exported::reply("onepay_sign", &request);
    let sign = judge::succeeded(&reply).then(|| judge::member(&reply, "/data/sign"))?;
    message.set("sign", json::read(&sign).ok()?);
    let reply =
        param.filter(|_| encrypted).map(|param| exported::reply("onepay_encrypt", &format!("{{\"param\":{param}}}")));
    let data = reply.filter(|reply| judge::succeeded(reply)).map(|reply| judge::member(&reply, "/data/encryptData"));
    if let Some(data) = &data {
        message.remove("param");
        message.set("encryptData", json::read(data).ok()?);
    }
    Some(with_head("", json::to_text(&Json::Object(message.clone())).as_bytes()))
}

/// The body with headers whose sign holds.
fn under_sign(text: &[u8]) -> Option<Vec<u8>> {
    let body = json::to_text(&json::read(std::str::from_utf8(text).ok()?).ok()?);
    let reply = exported::reply("glory_sign", &format!("{{\"timestamp\":\"{TIMESTAMP}\",\"body\":{body}}}"));
    let sign = judge::succeeded(&reply).then(|| judge::member(&reply, "/data/headers/sign"))?;
    let headers = format!("sid: S1\r\ntimestamp: {TIMESTAMP}\r\nsign: {}\r\n", sign.trim_matches('"'));
    Some(with_head(&headers, body.as_bytes()))
}

fn with_head(headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n");
    [head.as_bytes(), body].concat()
}

fn begin() {
    static BEGUN: OnceLock<()> = OnceLock::new();
    BEGUN.get_or_init(|| {
        site::enter();
        let socket = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = socket.local_addr().expect("an address");
        site::configure(&format!("http://{address}/api"));
        thread::spawn(move || {
            for stream in socket.incoming().flatten() {
                // A client that has heard enough breaks off.
                let _ = answer(stream);
            }
        });
    });
}

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    while !is_whole(&request) {
        let read = stream.read(&mut piece)?;
        if read == 0 {
            return Ok(());
        }
        request.extend_from_slice(&piece[..read]);
    }
    stream.write_all(&NEXT.lock().unwrap_or_else(PoisonError::into_inner))?;
    stream.shutdown(Shutdown::Write)
}

/// Whether the request has come with as much of a body as it says.
fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let length = text
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    request.len() >= end + 4 + length.unwrap_or(0)
}
