//! The roster through the C contract: synced page by page from a platform that behaves or does not, looked up in the
//! store, and kept whole whatever ends the program.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

#[path = "support/compiler.rs"]
mod compiler;
mod host;
#[path = "roster/kept.rs"]
mod kept;
#[path = "roster/platform.rs"]
mod platform;
mod support;

use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use compiler::{Language, build, program, repository};
use host::{call, end};
use kept::Kept;
use platform::{Platform, row};
use serde_json::{Value, json};

/// A hospital: a platform of its own, a store of its own, and a profile that leads to both.
struct Hospital {
    platform: Platform,
    store: Kept,
    profile: &'static str,
}

impl Hospital {
    fn new(profile: &'static str, rows: i64) -> Self {
        let hospital = Self { platform: Platform::start(rows), store: Kept::new(profile), profile };
        assert_eq!(end(&call("configure", &hospital.settings())), ("succeeded", "OK"));
        hospital
    }

    fn settings(&self) -> Value {
        json!({"profile": self.profile, "language": "en", "store": format!("sqlite:{}", self.store.path()),
            "glory": {"url": self.platform.url(), "sid": "S", "key": "hush-hush", "orgCode": "H331001"}})
    }

    /// The settings as another program's default profile.
    fn others_settings(&self) -> String {
        let mut settings = self.settings();
        settings.as_object_mut().unwrap().remove("profile");
        settings.to_string()
    }

    fn sync(&self, mut bounds: Value) -> Value {
        bounds["profile"] = json!(self.profile);
        call("glory_sync", &bounds)
    }

    fn lookup(&self, cert_type: &str, cert_no: &str) -> Value {
        call("glory_lookup", &json!({"profile": self.profile, "certType": cert_type, "certNo": cert_no}))
    }

    fn assert_whole(&self, rows: i64) {
        self.store.assert_holds(rows);
    }
}

/// Not a test by itself: what `Kept::assert_holds` runs in a process of its own.
#[test]
fn the_store_holds_the_roster() {
    kept::compare();
}

fn done(received: i64, rows: i64) -> Value {
    json!({"received": received, "cursor": 3 * rows, "done": true})
}

#[test]
fn pages_of_any_size_are_synced_and_a_later_call_goes_on() {
    let hospital = Hospital::new("pages", 0);
    let mut before = 0;
    // What is asked for: a page for each 500 rows, and one to hear that there is no more.
    for (rows, asked) in [(0, 1), (1, 2), (499, 2), (500, 2), (1_000, 2), (1_501, 3), (1_501, 1)] {
        hospital.platform.grow_to(rows);
        let reply = hospital.sync(json!({}));
        assert_eq!(reply["data"], done(rows - before, rows), "{rows}: {reply}");
        assert_eq!(hospital.platform.asked().len(), asked, "{rows}");
        hospital.assert_whole(rows);
        before = rows;
    }
    for (profile, rows, asked) in [("499", 499, 2), ("500", 500, 2), ("501", 501, 3)] {
        let hospital = Hospital::new(profile, rows);
        assert_eq!(hospital.sync(json!({}))["data"], done(rows, rows));
        assert_eq!(hospital.platform.asked().len(), asked, "{rows}");
        hospital.assert_whole(rows);
    }
}

/// A million take too long in a debug build; `HISLINK_ROSTER_ROWS` asks for them.
#[test]
fn a_large_roster_is_synced_whole() {
    let rows = std::env::var("HISLINK_ROSTER_ROWS").map_or(60_000, |rows| rows.parse().unwrap());
    let hospital = Hospital::new("large", rows);
    assert_eq!(hospital.sync(json!({}))["data"], done(rows, rows));
    hospital.assert_whole(rows);
}

#[test]
fn a_call_stops_at_its_bounds_and_the_next_goes_on() {
    let hospital = Hospital::new("bounds", 2_100);
    let reply = hospital.sync(json!({"maxPages": 2}));
    assert_eq!(reply["data"], json!({"received": 1000, "cursor": 3000, "done": false}), "{reply}");
    assert_eq!(hospital.platform.asked(), [0, 1500]);
    // The time is over after the first page: one page at least is asked for, or a call would get nowhere.
    hospital.platform.slow(Duration::from_millis(1_100));
    let reply = hospital.sync(json!({"maxSeconds": 1, "maxPages": 9}));
    assert_eq!(reply["data"], json!({"received": 500, "cursor": 4500, "done": false}), "{reply}");
    hospital.platform.slow(Duration::ZERO);
    assert_eq!(hospital.lookup("1", "none")["data"]["syncedAt"], Value::Null, "it was never complete");
    host::shutdown();
    assert_eq!(hospital.sync(json!({"maxSeconds": 60}))["data"], done(600, 2_100));
    assert_eq!(hospital.platform.asked(), [3000, 4500, 6000, 6300]);
    hospital.assert_whole(2_100);
    for (bounds, field) in [
        (json!({"maxPages": 0}), "/maxPages"),
        (json!({"maxPages": "1"}), "/maxPages"),
        (json!({"maxSeconds": 1.5}), "/maxSeconds"),
        (json!({"maxSeconds": 86_401}), "/maxSeconds"),
        (json!({"maxpages": 1}), "/maxpages"),
    ] {
        let reply = hospital.sync(bounds);
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!(field)), "{reply}");
    }
}

#[test]
fn cards_are_looked_up_by_certificate_in_any_case() {
    let hospital = Hospital::new("lookup", 30);
    let nothing = hospital.lookup("0", "x");
    assert_eq!(nothing["data"], json!({"found": false, "cards": [], "syncedAt": null}), "{nothing}");
    let before = time_now();
    assert_eq!(hospital.sync(json!({}))["data"], done(30, 30));
    for n in [7, 10, 15, 22, 23] {
        let row = row(n);
        let card = json!({"certType": row.cert_type, "certNo": row.cert_no, "certName": row.cert_name,
            "gloryType": "1", "gloryID": row.glory_id, "dataID": row.data_id});
        for number in [row.cert_no.to_uppercase(), row.cert_no.to_lowercase()] {
            let reply = hospital.lookup(&row.cert_type, &number);
            // The card of row 15 went to row 20.
            let expected = if n == 15 { json!([]) } else { json!([card]) };
            assert_eq!((&reply["data"]["cards"], &reply["data"]["found"]), (&expected, &json!(n != 15)), "{reply}");
            let synced_at = reply["data"]["syncedAt"].as_str().unwrap().to_owned();
            assert!(before <= synced_at && synced_at <= time_now(), "{synced_at}");
        }
    }
    for (cert_type, cert_no, field) in
        [("7", "1", "/certType"), ("", "1", "/certType"), ("0", "", "/certNo"), ("0", " \t", "/certNo")]
    {
        let reply = hospital.lookup(cert_type, cert_no);
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!(field)), "{reply}");
    }
    let reply = call("glory_lookup", &json!({"profile": "lookup", "certType": "0"}));
    assert_eq!((end(&reply), &reply["field"]), (("rejected", "BAD_FIELD"), &json!("/certNo")), "{reply}");
}

fn time_now() -> String {
    hislink::clock::time_of_second(hislink::clock::second())
}

#[test]
fn hospitals_in_one_store_keep_to_themselves() {
    let hospital = Hospital::new("shared", 20);
    assert_eq!(hospital.sync(json!({}))["data"], done(20, 20));
    let mut other = hospital.settings();
    other["profile"] = json!("shared other");
    other["glory"]["orgCode"] = json!("H2");
    call("configure", &other);
    let lookup = json!({"profile": "shared other", "certType": "1", "certNo": row(1).cert_no});
    assert_eq!(call("glory_lookup", &lookup)["data"]["found"], false);
    assert_eq!(call("glory_sync", &json!({"profile": "shared other"}))["data"], done(20, 20));
    assert_eq!(call("glory_lookup", &lookup)["data"]["found"], true);
    // Settings inline use the profile's store.
    let inline = json!({"profile": "shared", "glory": {"orgCode": "H2"}, "certType": "1", "certNo": row(1).cert_no});
    assert_eq!(call("glory_lookup", &inline)["data"]["found"], true);
}

#[test]
fn a_platform_that_misbehaves_is_reported_and_nothing_is_lost() {
    let hospital = Hospital::new("tricks", 1_600);
    let page = |from: i64, to: i64| platform::page(from..=to, false);
    let with = |text: String, from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    };
    let tricks = [
        ("501 rows", page(501, 1_001)),
        ("the same page again", page(1, 500)),
        ("going backwards", page(400, 450)),
        ("a row from before", page(500, 600)),
        ("a row without dataID", with(page(501, 502), "dataID", "dataid")),
        ("gloryID no whole number", with(page(501, 502), "\"gloryID\":10501", "\"gloryID\":1.5")),
        ("certNo null", with(page(501, 502), "\"certNo\":\"33", "\"certNo\":null,\"x\":\"33")),
        ("a row that is text", r#"{"responseFlag":"1","data":["x"]}"#.to_owned()),
        ("data is an object", r#"{"responseFlag":"1","data":{"dataID":1}}"#.to_owned()),
    ];
    for (name, body) in tricks {
        hospital.platform.trick(move |after, _| (after == 1_500).then(|| (200, body.clone())));
        let reply = hospital.sync(json!({}));
        assert_eq!(end(&reply), ("failed", "BAD_ANSWER"), "{name}: {reply}");
        let asked = hospital.platform.asked().len() as i64;
        // The first call stores the first page; none is asked for twice in a call.
        let received = if asked == 2 { 500 } else { 0 };
        assert_eq!(reply["data"], json!({"received": received, "cursor": 1_500}), "{name}: {reply}");
        assert!(asked <= 2, "{name}: {asked}");
    }
    let refusal = r#"{"responseFlag":"0","responseMessage":"忙"}"#;
    for (status, body, expected) in [
        (500, "", ("unknown", "HTTP_STATUS")),
        (404, "", ("failed", "HTTP_STATUS")),
        (200, refusal, ("failed", "PLATFORM_REFUSED")),
        (200, "{\"responseFlag\":\"1\",\"data\":[", ("unknown", "BAD_ANSWER")),
    ] {
        hospital.platform.trick(move |_, _| Some((status, body.to_owned())));
        let reply = hospital.sync(json!({}));
        assert_eq!((end(&reply), &reply["data"]), (expected, &json!({"received": 0, "cursor": 1_500})), "{reply}");
    }
    for nothing in [r#"{"responseFlag":"1"}"#, r#"{"responseFlag":"1","data":null}"#] {
        hospital.platform.trick(|_, _| Some((200, nothing.to_owned())));
        assert_eq!(hospital.sync(json!({}))["data"], done(0, 500), "{nothing}");
    }
    hospital.platform.slow(Duration::from_millis(2_500));
    hospital.platform.behave();
    let reply = hospital.sync(json!({"timeoutMs": 800}));
    assert_eq!((end(&reply), &reply["data"]["cursor"]), (("unknown", "TIMEOUT"), &json!(1_500)), "{reply}");
    hospital.platform.slow(Duration::ZERO);
    assert_eq!(hospital.sync(json!({}))["data"], done(1_100, 1_600));
    hospital.assert_whole(1_600);
}

#[test]
fn signed_answers_are_verified() {
    let hospital = Hospital::new("signed", 900);
    let signed_by = |key: &'static str| {
        move |body: &str| {
            let Ok(hislink::json::Json::Object(message)) = hislink::json::read(body) else { panic!("{body}") };
            let text = hislink::glory::flatten::signing_text(&message, hislink::settings::Numbers::Literal).unwrap();
            let timestamp = hislink::clock::stamp();
            let sign = hislink::glory::sign::sign(&text, key, &timestamp);
            vec![("sid", "S".to_owned()), ("timestamp", timestamp), ("sign", sign)]
        }
    };
    hospital.platform.sign(signed_by("another key"));
    let reply = hospital.sync(json!({}));
    assert_eq!(reply["code"], "SIGN_MISMATCH", "{reply}");
    assert_eq!(reply["data"], json!({"received": 0, "cursor": 0}));
    hospital.assert_whole(0);
    hospital.platform.sign(signed_by("hush-hush"));
    assert_eq!(hospital.sync(json!({}))["data"], done(900, 900));
    hospital.assert_whole(900);
}

fn child(hospital: &Hospital, arguments: &[&str]) -> Command {
    let mut command = program(&build(&repository("tests/c/sync_store.c"), Language::C));
    command.arg(hospital.others_settings()).args(arguments).stdout(Stdio::piped());
    command
}

fn replies(output: &Output) -> Vec<Value> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    assert!(output.status.success(), "{}: {text}{}", output.status, String::from_utf8_lossy(&output.stderr));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn killed_a_hundred_times_a_sync_loses_and_repeats_nothing() {
    const ROWS: i64 = 130_000;
    let hospital = Hospital::new("killed", ROWS);
    hospital.platform.slow(Duration::from_micros(500));
    let (mut seed, mut killed, mut finished) = (0x2545_F491_4F6C_DD1D_u64, 0, 0);
    let mut cursor = 0;
    while killed < 100 {
        let mut running: Child = child(&hospital, &["glory_sync", "{}"]).spawn().unwrap();
        // The moment is random from the first request on: a kill before that would prove nothing.
        let begun = Instant::now();
        while hospital.platform.asked_so_far() == 0 && begun.elapsed() < Duration::from_secs(10) {
            thread::sleep(Duration::from_micros(200));
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        thread::sleep(Duration::from_micros((seed >> 33) % 12_000));
        running.kill().unwrap();
        let status = running.wait().unwrap();
        if status.success() {
            // Done before it was killed: the roster has to begin anew.
            finished += 1;
            assert!(finished < 20, "{killed} kills");
            hospital.assert_whole(ROWS);
            hospital.store.empty();
            cursor = 0;
        } else {
            killed += 1;
            let reached = hospital.store.cursor();
            assert!(reached >= cursor && reached % (3 * platform::PAGE) == 0, "{cursor} {reached}");
            assert_eq!(hospital.platform.asked()[0], cursor, "each goes on where the one before it stopped");
            cursor = reached;
        }
        hospital.platform.asked();
    }
    hospital.platform.slow(Duration::ZERO);
    let reply = hospital.sync(json!({}));
    assert_eq!(reply["data"], done(ROWS - cursor / 3, ROWS), "{reply}");
    hospital.assert_whole(ROWS);
}

#[test]
fn programs_that_sync_at_once_share_the_work() {
    const ROWS: i64 = 20_000;
    let hospital = Hospital::new("at-once", ROWS);
    let start = || child(&hospital, &["glory_sync", "{}", "glory_lookup", LOOKUP]).spawn().unwrap();
    const LOOKUP: &str = r#"{"certType":"1","certNo":"none"}"#;
    let others = [start(), start(), start()];
    let ours = hospital.sync(json!({}));
    let mut received = ours["data"]["received"].as_i64().unwrap();
    for other in others {
        let replies = replies(&other.wait_with_output().unwrap());
        assert_eq!(replies[0]["data"]["done"], true, "{replies:?}");
        assert!(replies[1]["data"]["syncedAt"].is_string(), "{replies:?}");
        received += replies[0]["data"]["received"].as_i64().unwrap();
    }
    assert_eq!((ours["data"]["done"].clone(), received), (json!(true), ROWS), "each row was stored by one of them");
    hospital.assert_whole(ROWS);
}

#[test]
fn threads_look_up_while_others_sync() {
    let hospital = Hospital::new("threads", 10_000);
    hospital.platform.slow(Duration::from_millis(2));
    thread::scope(|scope| {
        let syncs = [0; 2].map(|_| scope.spawn(|| hospital.sync(json!({}))));
        let first = row(1);
        let mut seen = 0;
        while syncs.iter().any(|sync| !sync.is_finished()) {
            let reply = hospital.lookup(&first.cert_type, &first.cert_no);
            assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
            seen += i32::from(reply["data"]["found"] == true);
        }
        assert!(seen > 0, "a card is found as soon as its page is stored");
        let received: i64 = syncs.map(|sync| sync.join().unwrap()["data"]["received"].as_i64().unwrap()).iter().sum();
        assert_eq!(received, 10_000);
    });
    hospital.assert_whole(10_000);
}

/// The reply of a lookup whose store is `store`.
fn lookup_in(profile: &str, store: &str, language: &str) -> Value {
    let glory = json!({"url": "http://127.0.0.1:9", "sid": "S", "key": "K", "orgCode": "H1"});
    let settings = json!({"profile": profile, "language": language, "store": store, "glory": glory});
    assert_eq!(end(&call("configure", &settings)), ("succeeded", "OK"));
    call("glory_lookup", &json!({"profile": profile, "certType": "0", "certNo": "1"}))
}

#[test]
fn a_store_that_cannot_be_used_says_why() {
    let kept = Kept::new("unusable");
    let path = |name: &str| kept.beside(name);
    std::fs::create_dir_all(path("dir")).unwrap();
    std::fs::write(path("text"), "a text, and longer than the head of a database. ".repeat(50)).unwrap();
    kept::others_database(&path("other.db"));
    kept::later_store(&path("later.db"));
    let mut seen = Vec::new();
    for (path, words) in [
        (path("dir"), "folder"),
        (path("missing/hislink.db"), "does not exist"),
        (path("text"), "no SQLite database"),
        (path("text/hislink.db"), "does not exist"),
        (path("other.db"), "another program's"),
        (path("later.db"), "later version"),
        ("/proc/hislink.db".to_owned(), "cannot open"),
        ("/sys/kernel/notes".to_owned(), "SQLite database"),
    ] {
        let before = std::fs::read(&path).ok();
        let reply = lookup_in("unusable", &format!("sqlite:{path}"), "en");
        assert_eq!((end(&reply), &reply["field"]), (("rejected", "STORE_FAILED"), &json!("/store")), "{path}: {reply}");
        assert!(reply["message"].as_str().unwrap().contains(words), "{path}: {reply}");
        let chinese = lookup_in("unusable", &format!("sqlite:{path}"), "zh");
        assert!(!chinese["message"].as_str().unwrap().contains(words), "{chinese}");
        assert_eq!(std::fs::read(&path).ok(), before, "{path} stays as it was");
        seen.push(reply["message"].clone());
    }
    for (store, code) in
        [("none", "BAD_SETTINGS"), ("postgres://user:hush-hush@127.0.0.1:9/db?sslmode=disable", "STORE_FAILED")]
    {
        let reply = lookup_in("unusable", store, "en");
        assert_eq!((end(&reply), &reply["field"]), (("rejected", code), &json!("/store")), "{reply}");
        assert!(!reply.to_string().contains("hush"));
    }
    assert!(!call("describe", &json!({})).to_string().contains("hush-hush@"));
}

#[test]
fn a_disk_that_fails_loses_nothing() {
    const ROWS: i64 = 5_000;
    let failing = build(&repository("tests/c/failing_disk.c"), Language::C);
    // Full while the tables are made, while pages are stored, and while the log is carried over into the file.
    for (n, fault) in ["full 0", "full 3000", "full 90000", "full 400000", "full 700000"].into_iter().enumerate() {
        let hospital = Hospital::new(["full0", "full1", "full2", "full3", "full4"][n], ROWS);
        let output =
            program(&failing).arg(hospital.others_settings()).args([hospital.store.path(), fault]).output().unwrap();
        let replies = replies(&output);
        assert_eq!(replies[0]["code"], "STORE_FAILED", "{fault}: {replies:?}");
        assert_eq!(replies[0]["field"], "/store", "{fault}: {replies:?}");
        assert!(replies[0]["message"].as_str().unwrap().contains("full"), "{fault}: {replies:?}");
        let received = replies[0]["data"]["received"].as_i64().unwrap_or(0);
        assert_eq!(replies[0]["status"], if n < 2 { "rejected" } else { "failed" }, "{fault}: {replies:?}");
        assert_eq!(replies[2]["data"], done(ROWS - received, ROWS), "{fault}: {replies:?}");
        hospital.assert_whole(ROWS);
    }
    let hospital = Hospital::new("read-only", 700);
    assert_eq!(hospital.sync(json!({"maxPages": 1}))["data"]["received"], 500);
    host::shutdown();
    let output =
        program(&failing).arg(hospital.others_settings()).args([hospital.store.path(), "read-only"]).output().unwrap();
    let replies = replies(&output);
    assert_eq!((&replies[0]["code"], &replies[0]["field"]), (&json!("STORE_FAILED"), &json!("/store")), "{replies:?}");
    assert!(replies[0]["message"].as_str().unwrap().contains("read-only"), "{replies:?}");
    assert_eq!(replies[2]["data"], done(200, 700), "{replies:?}");
    hospital.assert_whole(700);
}

#[test]
fn without_the_setting_the_store_is_in_the_users_data_folder() {
    let hospital = Hospital::new("users", 10);
    let mut settings = hospital.settings();
    for member in ["profile", "store"] {
        settings.as_object_mut().unwrap().remove(member);
    }
    let home = hospital.store.beside("home");
    for (variable, folder) in [("XDG_DATA_HOME", "hislink"), ("HOME", ".local/share/hislink")] {
        let run = || {
            let mut command = program(&build(&repository("tests/c/sync_store.c"), Language::C));
            command.env_remove("XDG_DATA_HOME").env_remove("HOME").env(variable, &home);
            command.arg(settings.to_string()).args(["glory_sync", "{}"]).output().unwrap()
        };
        assert_eq!(replies(&run())[0]["data"], done(10, 10));
        assert_eq!(replies(&run())[0]["data"], done(0, 10));
        assert!(std::path::Path::new(&format!("{home}/{folder}/hislink.db")).is_file());
    }
    let mut command = program(&build(&repository("tests/c/sync_store.c"), Language::C));
    command.env_remove("XDG_DATA_HOME").env_remove("HOME");
    let output = command.arg(settings.to_string()).args(["glory_sync", "{}"]).output().unwrap();
    assert_eq!(end(&replies(&output)[0]), ("rejected", "STORE_FAILED"));
}
