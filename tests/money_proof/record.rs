//! What workers write down for the proof: each request before it is made, each reply after it. One line a write, so a
//! worker that is killed leaves whole lines.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

/// Milliseconds since 1970.
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}

/// A worker's file.
pub struct Record {
    file: File,
    count: AtomicU64,
}

impl Record {
    pub fn create(path: &Path) -> Self {
        let file = OpenOptions::new().append(true).create(true).open(path).unwrap();
        Self { file, count: AtomicU64::new(0) }
    }

    /// Writes a request down, and gives its number in this file.
    pub fn asked(&self, operation: &str, request: &Value) -> u64 {
        let id = self.count.fetch_add(1, Ordering::Relaxed);
        self.line(&json!({"at": now(), "id": id, "operation": operation, "request": request}));
        id
    }

    pub fn replied(&self, id: u64, reply: &Value) {
        self.line(&json!({"at": now(), "id": id, "reply": reply}));
    }

    fn line(&self, line: &Value) {
        (&self.file).write_all(format!("{line}\n").as_bytes()).unwrap();
    }
}

/// A request of a worker, with its reply unless the worker was killed before it came.
#[derive(Debug, Clone)]
pub struct Asked {
    pub worker: String,
    pub begun: u64,
    pub ended: Option<u64>,
    pub operation: String,
    pub request: Value,
    pub reply: Value,
}

impl Asked {
    pub fn status(&self) -> &str {
        self.reply["status"].as_str().unwrap_or_default()
    }

    pub fn code(&self) -> &str {
        self.reply["code"].as_str().unwrap_or_default()
    }

    /// The order number or deductionID.
    pub fn number(&self) -> &str {
        let number = self.request["orderNo"].as_str().or(self.request["deductionID"].as_str());
        number.unwrap_or_default()
    }

    pub fn line(&self) -> String {
        let Self { worker, begun, ended, operation, request, reply } = self;
        let ended = ended.map_or_else(|| "killed".to_owned(), |at| at.to_string());
        format!("{worker} {begun}..{ended} {operation} {request} -> {reply}")
    }
}

/// The files of all workers in a folder.
pub fn read_all(folder: &Path) -> Vec<Asked> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all: Vec<Asked> = files.iter().flat_map(|file| read(file)).collect();
    all.sort_by_key(|asked| asked.begun);
    all
}

fn read(file: &Path) -> Vec<Asked> {
    let worker = file.file_stem().unwrap().to_string_lossy().into_owned();
    let mut asked = BTreeMap::new();
    for line in fs::read_to_string(file).unwrap().lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let (at, id) = (line["at"].as_u64().unwrap(), line["id"].as_u64().unwrap());
        if line.get("operation").is_some() {
            let operation = line["operation"].as_str().unwrap().to_owned();
            let (worker, request) = (worker.clone(), line["request"].clone());
            asked.insert(id, Asked { worker, begun: at, ended: None, operation, request, reply: Value::Null });
        } else if let Some(asked) = asked.get_mut(&id) {
            (asked.ended, asked.reply) = (Some(at), line["reply"].clone());
        }
    }
    asked.into_values().collect()
}

/// Counts while the files grow.
#[derive(Debug, Default)]
pub struct Count {
    /// By worker: how much of its file was read, and its requests that move money.
    files: BTreeMap<String, (u64, usize)>,
    /// Operation and number of each movement.
    movements: BTreeSet<String>,
}

impl Count {
    /// How many movements of money were asked for, however often each.
    pub fn movements(&self) -> usize {
        self.movements.len()
    }

    /// How many requests that move money a worker has made.
    pub fn requests(&self, worker: &str) -> usize {
        self.files.get(worker).map_or(0, |(_, requests)| *requests)
    }

    /// Reads what a worker has written since.
    pub fn read(&mut self, folder: &Path, worker: &str) {
        let Ok(mut file) = File::open(folder.join(worker)) else { return };
        let (read, requests) = self.files.entry(worker.to_owned()).or_default();
        let mut text = String::new();
        file.seek(SeekFrom::Start(*read)).and_then(|_| file.read_to_string(&mut text)).unwrap();
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        *read += whole as u64;
        for line in text[..whole].lines() {
            let line: Value = serde_json::from_str(line).unwrap();
            let Some(operation) = line["operation"].as_str().filter(|word| *word != "journal_resolve") else {
                continue;
            };
            let number = line["request"]["orderNo"].as_str().or(line["request"]["deductionID"].as_str()).unwrap();
            *requests += 1;
            self.movements.insert(format!("{operation} {number}"));
        }
    }
}
