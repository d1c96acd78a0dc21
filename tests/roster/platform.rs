//! A platform that serves nothing but a roster of any size: its rows are made when they are asked for.

// Benchmarks use a part of this.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

/// Rows in a page.
pub const PAGE: i64 = 500;

/// A card as the platform has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub cert_type: String,
    pub cert_no: String,
    pub cert_name: String,
    pub glory_type: String,
    pub glory_id: i64,
    pub data_id: i64,
}

/// The row number `n`, from 1. Record numbers have gaps, and each tenth row replaces the card of an earlier one.
pub fn row(n: i64) -> Row {
    let mixed = (n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 11;
    let glory_id = if n % 10 == 0 { 10_000 + n - 5 } else { 10_000 + n };
    let last = ["0", "5", "X", "x"][n as usize % 4];
    Row {
        cert_type: (n % 7).to_string(),
        cert_no: format!("33{:015}{last}", mixed % 1_000_000_000_000_000),
        cert_name: format!("张{n}"),
        glory_type: "1".to_owned(),
        glory_id,
        data_id: 3 * n,
    }
}

/// The roster of so many rows, by card: what a store must hold.
pub fn roster(rows: i64) -> BTreeMap<i64, Row> {
    (1..=rows).map(|n| (10_000 + n, row(n))).map(|(_, row)| (row.glory_id, row)).collect()
}

/// A page as JSON text, numbers now as numbers, now as text, in no order.
pub fn page(rows: impl DoubleEndedIterator<Item = i64>, turned: bool) -> String {
    let numbers: Vec<i64> = if turned { rows.rev().collect() } else { rows.collect() };
    let mut text = String::with_capacity(64 + 140 * numbers.len());
    text.push_str(r#"{"responseFlag":"1","responseMessage":"成功","data":["#);
    for (place, n) in numbers.iter().enumerate() {
        let Row { cert_type, cert_no, cert_name, glory_type, glory_id, data_id } = row(*n);
        let comma = if place > 0 { "," } else { "" };
        let quote = if n % 3 == 0 { "\"" } else { "" };
        let _ = write!(
            text,
            "{comma}{{\"certType\":\"{cert_type}\",\"certNo\":\"{cert_no}\",\"certName\":\"{cert_name}\",\
             \"gloryID\":{glory_id},\"gloryType\":\"{glory_type}\",\"dataID\":{quote}{data_id}{quote}}}"
        );
    }
    text.push_str("]}");
    text
}

/// What a trick answers: an HTTP status and a body.
pub type Answer = (u16, String);
type Trick = Box<dyn Fn(i64, u64) -> Option<Answer> + Send + Sync>;
type Sign = Box<dyn Fn(&str) -> Vec<(&'static str, String)> + Send + Sync>;

/// A running platform; it ends with the process.
#[derive(Clone)]
pub struct Platform(Arc<State>);

struct State {
    url: String,
    rows: AtomicI64,
    delay_micros: AtomicU64,
    asked: Mutex<Vec<i64>>,
    trick: Mutex<Option<Trick>>,
    sign: Mutex<Option<Sign>>,
}

fn locked<T>(value: &Mutex<T>) -> MutexGuard<'_, T> {
    value.lock().unwrap()
}

impl Platform {
    pub fn start(rows: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let platform = Self(Arc::new(State {
            url,
            rows: rows.into(),
            delay_micros: 0.into(),
            asked: Mutex::default(),
            trick: Mutex::default(),
            sign: Mutex::default(),
        }));
        let serving = platform.clone();
        thread::spawn(move || {
            for connection in listener.incoming().map_while(Result::ok) {
                let platform = serving.clone();
                thread::spawn(move || platform.serve(connection));
            }
        });
        platform
    }

    pub fn url(&self) -> &str {
        &self.0.url
    }

    /// Sets how many rows there are.
    pub fn grow_to(&self, rows: i64) {
        self.0.rows.store(rows, Ordering::SeqCst);
    }

    /// Waits before each answer.
    pub fn slow(&self, delay: Duration) {
        self.0.delay_micros.store(delay.as_micros() as u64, Ordering::SeqCst);
    }

    /// Answers by `trick`, given the record number asked with and how many requests came before, where it gives one.
    pub fn trick(&self, trick: impl Fn(i64, u64) -> Option<Answer> + Send + Sync + 'static) {
        *locked(&self.0.trick) = Some(Box::new(trick));
    }

    pub fn behave(&self) {
        *locked(&self.0.trick) = None;
    }

    /// Adds the headers that `sign` makes of a body.
    pub fn sign(&self, sign: impl Fn(&str) -> Vec<(&'static str, String)> + Send + Sync + 'static) {
        *locked(&self.0.sign) = Some(Box::new(sign));
    }

    /// The record numbers that were asked with since the last call of this.
    pub fn asked(&self) -> Vec<i64> {
        std::mem::take(&mut *locked(&self.0.asked))
    }

    /// How many were asked for since then.
    pub fn asked_so_far(&self) -> usize {
        locked(&self.0.asked).len()
    }

    fn serve(&self, connection: TcpStream) {
        connection.set_nodelay(true).unwrap();
        let mut out = connection.try_clone().unwrap();
        let mut input = BufReader::new(connection);
        while let Some(body) = request(&mut input) {
            let after = number_behind(&body, "\"dataID\":");
            let nth = {
                let mut asked = locked(&self.0.asked);
                asked.push(after);
                asked.len() as u64 - 1
            };
            thread::sleep(Duration::from_micros(self.0.delay_micros.load(Ordering::SeqCst)));
            let tricked = locked(&self.0.trick).as_ref().and_then(|trick| trick(after, nth));
            let (status, body) = tricked.unwrap_or_else(|| (200, self.page_after(after)));
            if out.write_all(self.answer(status, &body).as_bytes()).is_err() {
                return;
            }
        }
    }

    fn page_after(&self, after: i64) -> String {
        let first = after.div_euclid(3) + 1;
        let last = (first + PAGE - 1).min(self.0.rows.load(Ordering::SeqCst));
        page(first..=last, first.rem_euclid(2) == 0)
    }

    fn answer(&self, status: u16, body: &str) -> String {
        let headers = locked(&self.0.sign).as_ref().map(|sign| sign(body)).unwrap_or_default();
        let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let length = body.len();
        format!(
            "HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
        )
    }
}

/// A request's body; none where the connection ends.
fn request(input: &mut impl BufRead) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if let Some(("content-length", value)) = line.to_ascii_lowercase().split_once(':').map(|(n, v)| (n, v.trim())) {
            length = value.parse().ok()?;
        }
        if line == "\r\n" {
            let mut body = vec![0; length];
            input.read_exact(&mut body).ok()?;
            return String::from_utf8(body).ok();
        }
    }
}

fn number_behind(text: &str, name: &str) -> i64 {
    let rest = text.split_once(name).map_or("", |(_, rest)| rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(rest.len());
    rest[..end].parse().unwrap_or(-1)
}
