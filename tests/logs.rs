//! The log files of a profile, through the C contract: what a line says, what it never says, and that none of it fails an
//! operation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(target_os = "linux")]
#[path = "support/compiler.rs"]
mod compiler;
mod hospital;
mod host;
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

#[cfg(target_os = "linux")]
use compiler::{Language, build, repository, run};
use hislink::clock;
use hislink_sandbox::{CheckSign, Fault, FaultKind, HospitalCheck};
use hospital::{Hospital, deduction, in_another_process, recharge};
use serde_json::{Value, json};

use host::{call, call_text, end};

/// A folder that is not there yet.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("logs-{name}-{}", process::id()));
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// Configures the document's application with a log; gives the profile's name and the reply.
fn configured(log: &Value) -> (String, Value) {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let profile = format!("logs-{}", COUNT.fetch_add(1, Ordering::SeqCst));
    let reply = call(
        "configure",
        &json!({"profile": profile, "onepay": host::document_application(), "store": "none", "log": log, "language": "en"}),
    );
    (profile, reply)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Everything in a folder.
fn text(folder: &Path) -> String {
    files(folder).iter().map(|file| fs::read_to_string(file).expect("a log in UTF-8")).collect()
}

/// The lines behind their time, level, process and thread, with the call numbered from the first one's.
fn lines(folder: &Path) -> Vec<String> {
    let text = text(folder);
    assert!(text.is_empty() || text.ends_with('\n'), "{text}");
    text.lines().map(whole).collect()
}

/// What stands behind the call's number, and the level before it; a line that is not whole fails here.
fn whole(line: &str) -> String {
    let (time, rest) = line.split_at(23);
    assert!(clock::is_time(&time[..19]) && time[19..].starts_with('.'), "{line}");
    let (level, rest) = rest.split_at(7);
    assert!([" INFO  ", " ERROR ", " DEBUG "].contains(&level), "{line}");
    let (process, rest) = rest.split_once('.').unwrap();
    let (thread, rest) = rest.split_once(' ').unwrap();
    let (call, rest) = rest.split_once(' ').unwrap();
    for number in [process, thread, call] {
        assert!(number.parse::<u64>().is_ok(), "{line}");
    }
    assert!(["> ", "< ", "= "].iter().any(|way| rest.starts_with(way)), "{line}");
    format!("{} {rest}", level.trim())
}

/// A line without its duration.
fn without_ms(line: &str) -> String {
    line.split(' ').filter(|word| !word.starts_with("ms=")).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_operation_has_a_line_in_and_a_line_out() {
    support::on_one_day();
    let folder = folder("in-and-out");
    let (profile, reply) = configured(&json!({"dir": folder.join("deep/er"), "level": "info"}));
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    assert_eq!(reply["data"]["warnings"].as_array().unwrap().len(), 1, "of the store only: {reply}");
    call(
        "onepay_seal",
        &json!({"profile": profile, "tag": {"desk": "三号窗口"}, "transType": "hop.trade.recharge",
        "param": {"outChargeNo": "OC1", "cardNo": "10001", "chargeAmt": "1.00"}}),
    );
    call(
        "onepay_recharge",
        &json!({"profile": profile, "tag": 7, "orderNo": "OC 1",
        "param": {"cardType": "99", "cardNo": "10001"}}),
    );
    call("order_no", &json!({"profile": profile}));
    let folder = folder.join("deep/er");
    let name = format!("hislink-{}.log", clock::date_of(clock::millisecond()));
    assert_eq!(files(&folder), [folder.join(name)]);
    let lines = lines(&folder);
    let shown: Vec<_> = lines.iter().map(|line| without_ms(line)).collect();
    assert_eq!(
        shown,
        [
            "INFO > configure",
            "INFO < configure status=succeeded code=OK warnings=true",
            "INFO > onepay_seal tag={\"desk\":\"三号窗口\"} outChargeNo=OC1 service=hop.trade.recharge",
            "INFO < onepay_seal tag={\"desk\":\"三号窗口\"} outChargeNo=OC1 service=hop.trade.recharge status=succeeded code=OK",
            "INFO > onepay_recharge tag=7 orderNo=\"OC 1\" service=hop.trade.recharge",
            "ERROR < onepay_recharge tag=7 orderNo=\"OC 1\" service=hop.trade.recharge status=rejected code=BAD_FIELD \
             field=/param/cardType message=\"cardType is not in the dictionary 1.9: 01, 02, 03, 04, 05, 06, 07\"",
            "INFO > order_no",
            "INFO < order_no status=succeeded code=OK",
        ]
    );
    // Both lines of a call have one number, and each call its own.
    let numbers: Vec<_> = text(&folder)
        .lines()
        .map(|line| line.split(' ').nth(4 + usize::from(line.contains(" INFO "))).unwrap().to_owned())
        .collect();
    for pair in numbers.chunks(2) {
        assert_eq!(pair[0], pair[1], "{numbers:?}");
    }
    assert_ne!(numbers[0], numbers[2]);
}

#[test]
fn levels_say_more_and_less() {
    let run = |level: Option<&str>| {
        let folder = folder(&format!("level-{}", level.unwrap_or("none")));
        let mut log = json!({"dir": folder});
        if let Some(level) = level {
            log["level"] = json!(level);
        }
        let (profile, reply) = configured(&log);
        assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
        call("onepay_encrypt", &json!({"profile": profile, "text": "x"}));
        call("onepay_encrypt", &json!({"profile": profile, "tag": "t"}));
        if folder.exists() { lines(&folder) } else { Vec::new() }
    };
    assert_eq!(run(Some("off")), [""; 0]);
    let errors: Vec<_> = run(Some("error")).iter().map(|line| without_ms(line)).collect();
    assert_eq!(
        errors,
        ["ERROR < onepay_encrypt tag=\"t\" status=rejected code=BAD_FIELD field=/text message=\"text is missing\""]
    );
    assert_eq!(run(Some("info")).len(), 6);
    assert_eq!(run(None).len(), 6, "info is what is written unless told");
    let debug = run(Some("debug"));
    for expected in [
        "DEBUG = configure settings={\"onepay\":{\"appId\":\"1A3VL0KVK0000B020A0A0000CC3F48AD\",\"appSecret\":\"***\"",
        "DEBUG > onepay_encrypt request={\"profile\":\"logs-",
        "DEBUG < onepay_encrypt reply={\"status\":\"succeeded\"",
    ] {
        assert!(debug.iter().any(|line| line.starts_with(expected)), "{expected}: {debug:#?}");
    }
}

#[test]
fn settings_are_checked_and_described() {
    for (log, field) in [
        (json!({}), "/log/dir"),
        (json!({"dir": "", "level": "info"}), "/log/dir"),
        (json!({"dir": "x", "level": "loud"}), "/log/level"),
        (json!({"dir": "x", "keepDays": 0}), "/log/keepDays"),
        (json!({"dir": "x", "keepDays": "3"}), "/log/keepDays"),
        (json!({"dir": 1}), "/log/dir"),
        (json!({"dir": "x", "file": "y"}), "/log/file"),
    ] {
        let (_, reply) = configured(&log);
        assert_eq!(
            (end(&reply), reply["field"].as_str()),
            (("rejected", "BAD_SETTINGS"), Some(field)),
            "{log} {reply}"
        );
    }
    assert!(!Path::new("x").exists(), "what is refused makes no folder");
    let folder = folder("described");
    for (log, shown) in [
        (json!({"dir": folder, "keepDays": 7}), json!({"dir": folder, "level": "info", "keepDays": 7})),
        (json!({"dir": folder, "level": "debug"}), json!({"dir": folder, "level": "debug", "keepDays": 30})),
        (json!({"dir": folder, "level": "warn"}), json!({"dir": folder, "level": "error", "keepDays": 30})),
        (json!({"dir": folder, "level": "trace"}), json!({"dir": folder, "level": "debug", "keepDays": 30})),
        (json!({"level": "off"}), json!({"level": "off", "keepDays": 30})),
    ] {
        let (profile, reply) = configured(&log);
        assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
        assert_eq!(call("describe", &json!({}))["data"]["profiles"][&profile]["log"], shown);
    }
}

#[test]
fn old_files_go_when_a_profile_is_configured() {
    let folder = folder("old");
    fs::create_dir_all(&folder).unwrap();
    for name in ["hislink-2020-01-01.log", "hislink-2020-01-01.log.zip", "his.db"] {
        fs::write(folder.join(name), "").unwrap();
    }
    configured(&json!({"dir": folder, "keepDays": 1}));
    let names: Vec<_> = files(&folder).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(!folder.join("hislink-2020-01-01.log").exists());
}

#[test]
fn what_cannot_be_read_goes_to_the_default_profile() {
    // In a process of its own: other tests share the default profile.
    let output = in_another_process("the_default_profile_logs", "").wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn the_default_profile_logs() {
    let folder = folder("default");
    call_text("order_no", "{");
    let log = json!({"dir": folder, "level": "error"});
    let settings = json!({"onepay": host::document_application(), "store": "none", "log": log, "language": "en"});
    assert_eq!(end(&call("configure", &settings)), ("succeeded", "OK"));
    call_text("order_no", "{\"a\":");
    call_text("order_no", "[]");
    call("onepay_sign", &json!({"profile": "nobody", "message": {}}));
    call(
        "onepay_recharge",
        &json!({"onepay": {"appId": "A", "appSecret": "inline-secret-1"}, "tag": "inline-secret-1",
        "orderNo": "OC1", "param": {"cardType": "inline-secret-1"}}),
    );
    let shown: Vec<_> = lines(&folder).iter().map(|line| without_ms(line)).collect();
    assert_eq!(shown.len(), 4, "{shown:#?}");
    assert!(shown[0].starts_with("ERROR < order_no status=rejected code=BAD_JSON field=/a message="), "{shown:#?}");
    assert!(shown[1].starts_with("ERROR < order_no status=rejected code=BAD_JSON message="), "{shown:#?}");
    assert!(shown[2].starts_with("ERROR < onepay_sign status=rejected code=NO_PROFILE field=/profile"), "{shown:#?}");
    assert!(shown[3].starts_with("ERROR < onepay_recharge tag=\"***\" orderNo=OC1 "), "{shown:#?}");
    assert!(!text(&folder).contains("inline-secret-1"));
}

#[test]
fn people_are_hidden_in_xml_in_single_quotes_and_under_names_of_hospitals() {
    let folder = folder("other-forms");
    let (profile, _) = configured(&json!({"dir": folder, "level": "debug"}));
    let message = json!({
        "xml": "<req><cardNo>B7654321</cardNo><userName>欧 阳明芳</userName><n:patName><![CDATA[司马相如]]></n:patName></req>",
        "single": "{'cardNo':'C7654321','userName':'上官婉儿'}",
        "患者": "诸葛孔明",
        "持卡人": "公孙胜男",
        "电话号码": "86001234",
        "门诊号码": "D7654321",
        "text": "病人：东方未白",
        "brxm": "令狐小冲",
        "userNames": ["慕容无敌", "独孤一剑"],
    });
    assert_eq!(end(&call("onepay_sign", &json!({"profile": profile, "message": message}))).0, "succeeded");
    let log = text(&folder);
    assert!(log.contains("reply=") && log.contains("</cardNo>"), "{log}");
    for person in ["阳明", "马相", "官婉", "葛孔", "孙胜", "方未", "狐小", "容无", "孤一", "765432", "86001234"]
    {
        assert!(!log.contains(person), "{person}: {log}");
    }
}

#[test]
fn no_text_makes_a_line_of_its_own() {
    let folder = folder("injection");
    let (profile, _) = configured(&json!({"dir": folder, "level": "debug"}));
    let line =
        "\n2026-11-25 23:10:01.123 INFO  1.1 1 < onepay_recharge status=succeeded code=OK\r\n\u{2028}\u{85}\u{0}";
    for request in [
        json!({"tag": line}),
        json!({"tag": {line: line}}),
        json!({"tag": 1, "orderNo": line, "param": {line: line}}),
        json!({"orderNo": "x status=succeeded", line: 1}),
    ] {
        let mut request = request;
        request["profile"] = json!(profile);
        call("onepay_recharge", &request);
    }
    call("onepay_transact", &json!({"profile": profile, "transType": line, "param": {}}));
    let lines = lines(&folder);
    // Five calls of four lines, and configure's four.
    assert_eq!(lines.len(), 5 * 4 + 4, "{lines:#?}");
    assert!(lines.iter().all(|line| !line.contains('\u{2028}') && !line.contains('\u{85}') && !line.contains('\u{0}')));
    assert!(
        lines
            .iter()
            .filter(|line| line.contains("> onepay") || line.contains("< onepay"))
            .all(|line| !line.contains(" orderNo=x status"))
    );
}

#[test]
fn a_folder_that_cannot_be_written_is_a_warning_and_fails_nothing() {
    let file = folder("unwritable");
    fs::write(&file, "a file").unwrap();
    for folder in [file.join("logs"), PathBuf::from("/proc/hislink-logs")] {
        let (profile, reply) = configured(&json!({"dir": folder, "level": "debug"}));
        assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
        let warnings = reply["data"]["warnings"].as_array().unwrap();
        let said = warnings.last().unwrap().as_str().unwrap();
        assert!(said.contains(folder.to_str().unwrap()) && said.contains("log folder"), "{reply}");
        for _ in 0..3 {
            assert_eq!(end(&call("onepay_encrypt", &json!({"profile": profile, "text": "x"}))), ("succeeded", "OK"));
        }
    }
    // Where it becomes writable, lines are written, and the first tells how many are missing.
    let dir = file.join("logs");
    let (profile, _) = configured(&json!({"dir": dir}));
    call("onepay_encrypt", &json!({"profile": profile, "text": "x"}));
    fs::remove_file(&file).unwrap();
    call("onepay_encrypt", &json!({"profile": profile, "text": "x"}));
    let lines = lines(&dir);
    // Both lines of configure, and both of the first call.
    assert_eq!((lines.len(), lines[0].as_str()), (3, "ERROR = log lost=4"), "{lines:#?}");
}

/// How many processes, threads of each, and calls of each thread write into one folder.
const CROWD: (usize, usize, usize) = (3, 4, 200);

#[test]
fn many_processes_and_threads_write_whole_lines() {
    let folder = folder("crowd");
    let folder = folder.to_str().unwrap();
    let (processes, threads, calls) = CROWD;
    let children: Vec<_> = (0..processes).map(|_| in_another_process("one_of_a_crowd", folder)).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let lines = lines(Path::new(folder));
    let of = |way: &str| lines.iter().filter(|line| line.contains(&format!("{way} onepay_encrypt tag="))).count();
    let expected = processes * threads * calls;
    assert_eq!((of(">"), of("<")), (expected, expected));
    assert_eq!(lines.len(), 2 * expected + 2 * processes);
    let tag = format!("tag=\"{}\"", "长".repeat(60));
    assert!(lines.iter().filter(|line| line.contains("encrypt")).all(|line| line.contains(&tag)));
}

#[test]
#[ignore = "run by the test above, several at once"]
fn one_of_a_crowd() {
    let (profile, _) = configured(&json!({"dir": std::env::var("HISLINK_TEST").unwrap()}));
    let request = json!({"profile": profile, "tag": "长".repeat(60), "text": "x"});
    thread::scope(|scope| {
        for _ in 0..CROWD.1 {
            scope.spawn(|| (0..CROWD.2).for_each(|_| drop(call("onepay_encrypt", &request))));
        }
    });
}

#[test]
fn a_profile_is_configured_anew_while_calls_run() {
    let folders = [folder("anew-a"), folder("anew-b")];
    let settings = |n: usize| {
        json!({"profile": "anew", "onepay": host::document_application(), "store": "none",
            "log": {"dir": folders[n % 2], "level": if n.is_multiple_of(3) { "debug" } else { "info" }}})
    };
    call("configure", &settings(0));
    let done = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..200 {
                    let reply = call("onepay_encrypt", &json!({"profile": "anew", "text": "x"}));
                    assert_eq!(end(&reply), ("succeeded", "OK"));
                }
                done.fetch_add(1, Ordering::SeqCst);
            });
        }
        scope.spawn(|| {
            for n in 1.. {
                assert_eq!(end(&call("configure", &settings(n))), ("succeeded", "OK"));
                if n % 10 == 0 {
                    host::shutdown();
                }
                if done.load(Ordering::SeqCst) == 4 {
                    break;
                }
            }
        });
    });
    let (mut ins, mut outs) = (0, 0);
    for folder in &folders {
        let lines = lines(folder);
        let of =
            |way: &str| lines.iter().filter(|line| line.starts_with(&format!("INFO {way} onepay_encrypt"))).count();
        assert_eq!(of(">"), of("<"), "a call ends where it began");
        (ins, outs) = (ins + of(">"), outs + of("<"));
    }
    assert_eq!((ins, outs), (800, 800));
}

/// Whether a line ends as those of the C program do.
#[cfg(target_os = "linux")]
fn is_of_full_log(line: &str) -> bool {
    let (start, last) = line.rsplit_once(' ').unwrap_or_default();
    last == "configure"
        || last == "warnings=true"
        || last == "tag=\"desk\""
        || last.starts_with("lost=")
        || (start.ends_with("code=OK") && last.starts_with("ms="))
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_lines_and_nothing_else() {
    let folder = folder("full");
    let settings = json!({"onepay": host::document_application(), "store": "none", "log": {"dir": folder}});
    for room in ["0", "1", "100", "400"] {
        let _ = fs::remove_dir_all(&folder);
        run(
            &build(&repository("tests/c/full_log.c"), Language::C),
            &[&settings.to_string(), folder.to_str().unwrap(), room],
        );
        let text = text(&folder);
        let lost = text.lines().position(|line| line.contains(" = log lost=")).unwrap_or_else(|| panic!("{text}"));
        let torn: Vec<_> = text.lines().enumerate().filter(|(_, line)| !is_of_full_log(line)).collect();
        // The line that the disk's end went through ends there, and the next begins a line of its own.
        assert!(torn.len() <= 1 && torn.iter().all(|(n, _)| n + 1 == lost), "{room}: {text}");
        let after: Vec<_> = text.lines().skip(lost).map(whole).collect();
        assert_eq!(after.len(), 41, "{room}: {text}");
        let written = lost - torn.len();
        assert_eq!(after[0], format!("ERROR = log lost={}", 42 - written), "{room}: {text}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn forked_children_log_too_and_wait_for_nobody() {
    let folder = folder("forked");
    let settings = json!({"onepay": host::document_application(), "store": "none", "log": {"dir": folder}});
    run(&build(&repository("tests/c/forked_log.c"), Language::C), &[&settings.to_string()]);
    let text = text(&folder);
    let mut processes: Vec<_> = text.lines().map(|line| line[30..].split('.').next().unwrap()).collect();
    text.lines().for_each(|line| drop(whole(line)));
    processes.sort_unstable();
    processes.dedup();
    assert_eq!(processes.len(), 21, "{processes:?}");
}

/// Whatever is secret or a person's in the requests of [`a_session`] and in the sandbox's answers to them.
const PERSONAL: &[&str] = &[
    "11010519491231002X",
    "33100119900101123X",
    "张小凡",
    "张三",
    "350626198510201017",
    "王小明",
    "李丽华",
    "13800138000",
    "6222021234567890123",
    "10001",
    "WB0001",
    "hislink-proxy-password",
];

#[test]
fn a_whole_session_at_debug_shows_nobody_and_no_secret() {
    let folder = folder("session");
    let hospital = Hospital::new();
    let mut settings = hospital.settings(&hospital.sandbox.glory_http_url());
    settings["log"] = json!({"dir": folder, "level": "debug"});
    settings["language"] = json!("zh");
    let reply = call("configure", &settings);
    assert_eq!(end(&reply), ("succeeded", "OK"), "{reply}");
    a_session(&hospital);
    let text = text(&folder);
    for operation in host_operations() {
        assert!(text.contains(&format!(" > {operation}")), "{operation} was not called");
    }
    let sandbox = &hospital.sandbox;
    for secret in [&sandbox.app_secret(), &sandbox.glory_key()] {
        assert!(!text.contains(secret.to_string().as_str()), "{secret}");
    }
    for hidden in PERSONAL {
        let line = text.lines().find(|line| stands_in(hidden, line));
        assert!(line.is_none(), "{hidden}: {}", line.unwrap());
    }
    for shown in [
        "OC-SESSION-1",
        "RF-SESSION-1",
        "D-SESSION-1",
        "hop.trade.recharge",
        "message=\"",
        "成功",
        " = onepay_recharge signing=appId=",
        "&key=***",
        " = glory_deduct signing=",
        "> glory_listen service=/deductCheck",
        "status=rejected code=SIGN_MISMATCH ",
        " replayed=true\n",
        "三号窗口",
        "certName\":\"张*凡",
    ] {
        assert!(text.contains(shown), "{shown}");
    }
    text.lines().for_each(|line| drop(whole(line)));
}

/// Somebody copies a key, or the settings themselves, to where the name of their file belongs.
#[test]
fn what_should_stand_in_a_file_is_told_nowhere() {
    let folder = folder("pasted");
    let (profile, _) = configured(&json!({"dir": folder, "level": "debug"}));
    let key = "-----BEGIN PRIVATE KEY-----\nMIIEpasted\n-----END PRIVATE KEY-----\n";
    let own = host::document_application();
    for (operation, request) in [
        (
            "configure",
            json!({"profile": profile, "onepay": own, "http": {"clientCertFile": key, "clientKeyFile": key}}),
        ),
        ("configure", json!({"profile": profile, "onepay": own, "http": {"caFile": key}})),
        (
            "configure",
            json!({"profile": profile, "file": json!({"glory": {"sid": "S", "key": "MIIEpasted"}}).to_string()}),
        ),
        (
            "glory_listen",
            json!({"profile": profile, "glory": {"sid": "S", "key": "K", "orgCode": "H"}, "bind": "127.0.0.1:0",
            "certFile": key, "keyFile": key}),
        ),
    ] {
        let reply = call(operation, &request);
        assert_eq!(reply["status"], "rejected", "{reply}");
        assert!(
            reply["message"].as_str().unwrap().contains(" ***") && !reply.to_string().contains("MIIEpasted"),
            "{reply}"
        );
    }
    let text = text(&folder);
    assert!(text.contains("< glory_listen ") && !text.contains("MIIEpasted"), "{text}");
}

/// Whether it stands there by itself: the sandbox's numbers are times, and end in 10001 once in ten seconds.
fn stands_in(hidden: &str, line: &str) -> bool {
    line.match_indices(hidden).any(|(place, _)| {
        let beside = [line[..place].chars().next_back(), line[place + hidden.len()..].chars().next()];
        !beside.iter().flatten().any(char::is_ascii_digit)
    })
}

fn host_operations() -> Vec<String> {
    let described = call("describe", &json!({}));
    let rows = described["data"]["operations"].as_array().unwrap().clone();
    rows.iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

/// Every operation, with what is a person's in each place where it may stand.
fn a_session(hospital: &Hospital) {
    let run = |operation: &str, request: Value| hospital.call(operation, request);
    let person = json!({"cardType": "03", "cardNo": "10001", "idNo": "350626198510201017", "userName": "张三",
        "phone": "13800138000", "bankCardNo": "6222021234567890123"});
    let mut charge = recharge("OC-SESSION-1", "100.00");
    charge["tag"] = json!({"窗口": "三号窗口", "note": "11010519491231002X 13800138000", "userName": "王小明"});
    for name in ["idNo", "userName", "phone", "bankCardNo"] {
        charge["param"][name] = person[name].clone();
    }
    let charged = run("onepay_recharge", charge);
    assert_eq!(charged["status"], "succeeded", "{charged}");
    run(
        "onepay_refund",
        json!({"orderNo": "RF-SESSION-1", "param": {"outChargeNo": "OC-SESSION-1", "refundAmt": "20.00",
        "withdrawMode": "0", "cardNo": "10001", "cardType": "03"}}),
    );
    run("onepay_query", json!({"orderNo": "OC-SESSION-1"}));
    run("onepay_account_info", json!({"param": person}));
    run(
        "onepay_details",
        json!({"param": {"cardType": "03", "cardNo": "10001", "beginDate": "20261101", "endDate": "20261130"}}),
    );
    run("onepay_wristband_account", json!({"param": {"key": "WB0001"}}));
    let made = run(
        "onepay_wristband_code",
        json!({"param": {"cardType": "03", "cardNo": "10001", "idNo": "350626198510201017",
        "operatorId": "0001", "operatorName": "李丽华", "accountType": "01"}}),
    );
    assert_eq!(made["status"], "succeeded", "{made}");
    let read = run("onepay_wristband_account", json!({"param": {"key": made["data"]["param"]["key"]}}));
    assert_eq!(read["status"], "succeeded", "{read}");
    let message =
        run("onepay_seal", json!({"transType": "hop.account.info", "param": person}))["data"]["message"].clone();
    run("onepay_verify", json!({"message": message}));
    run("onepay_verify", json!({"message": message.to_string()}));
    run("onepay_open", json!({"message": message.to_string()}));
    let mut plain = json!({"appId": message["appId"], "param": person, "sign": "00"});
    run("onepay_sign", json!({"message": plain}));
    run("onepay_sign", json!({"message": plain.to_string()}));
    run("onepay_verify", json!({"message": plain.to_string()}));
    run("onepay_explain", json!({"message": plain.to_string()}));
    plain["param"] = json!(person.to_string());
    run("onepay_verify", json!({"message": plain.to_string()}));
    let sealed = run("onepay_encrypt", json!({"param": person}));
    run("onepay_encrypt", json!({"text": person.to_string()}));
    run("onepay_decrypt", json!({"encryptData": sealed["data"]["encryptData"]}));
    run("onepay_transact", json!({"transType": "hop.account.info", "param": person}));
    // Refusals and failures, whose messages repeat what they refuse.
    run("onepay_account_info", json!({"param": {"cardType": "03", "cardNo": "no13800138000", "userName": "王小明"}}));
    run(
        "onepay_recharge",
        json!({"orderNo": "OC-SESSION-1", "param": {"cardType": "03", "cardNo": "6222021234567890123",
        "chargeAmt": "1.00", "depositeType": "CASH"}}),
    );
    hospital.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only("hop.account.info"));
    run("onepay_account_info", json!({"param": person}));
    let mut misspelt = json!({"param": person});
    misspelt["parm 张三 13800138000"] = person.clone();
    run("onepay_account_info", misspelt);

    run("glory_sync", json!({}));
    run("glory_lookup", json!({"certType": "0", "certNo": "33100119900101123X"}));
    run("glory_lookup", json!({"certType": "0", "certNo": "11010519491231002X"}));
    let deducted = run("glory_deduct", deduction("D-SESSION-1"));
    assert_eq!(deducted["status"], "succeeded", "{deducted}");
    let mut other = deduction("D-SESSION-1");
    other["certName"] = json!("李丽华");
    assert_eq!(run("glory_deduct", other)["code"], "DUPLICATE_ORDER");
    let mut wrong = deduction("D-SESSION-2");
    wrong["certNo"] = json!("110105194912310021");
    run("glory_deduct", wrong);
    run("glory_cancel", json!({"deductionID": "D-SESSION-1", "deductionTime": "2026-11-21 11:00:00"}));
    run(
        "glory_transact",
        json!({"path": "/glorycard/store/all", "body": {"dataID": 0, "orgCode": "H331001", "certNo": "33100119900101123X"}}),
    );
    let body = deduction("D-SESSION-3");
    let headers = run("glory_sign", json!({"body": body}))["data"]["headers"].clone();
    run("glory_verify", json!({"headers": headers, "body": body.to_string()}));
    let mut forged = headers.clone();
    forged["sign"] = json!("00");
    run("glory_verify", json!({"headers": forged, "body": body}));
    run("glory_explain", json!({"headers": forged, "body": body.to_string()}));
    let (headers, question) = hospital.question(hospital::SPAN.0, hospital::SPAN.1);
    run("glory_check", json!({"headers": headers, "body": question.to_string()}));
    let listening = run("glory_listen", json!({"bind": "127.0.0.1:0"}));
    let address = listening["data"]["address"].as_str().unwrap_or_else(|| panic!("{listening}")).to_owned();
    let mut question = HospitalCheck::new(&format!("http://{address}/deductCheck"), hospital::SPAN.0, hospital::SPAN.1);
    assert_eq!(hospital.sandbox.check_hospital(&question).unwrap().response_flag, "1");
    question.sign = CheckSign::Wrong;
    hospital.sandbox.check_hospital(&question).unwrap();
    run("glory_unlisten", json!({}));
    run("journal_list", json!({}));
    run("journal_resolve", json!({"orderNo": "OC-SESSION-1"}));
    run("journal_reconcile", json!({"param": {"cardType": "03", "cardNo": "10001"}}));
    run("order_no", json!({"prefix": "OC"}));
    run("describe", json!({}));
    run("selftest", json!({"timeoutMs": 10000}));
    run(
        "configure",
        json!({"http": {"proxy": "http://user:hislink-proxy-password@127.0.0.1:1"}, "onepay": {"appId": "A",
        "appSecrte": "hislink-proxy-password"}}),
    );
}
