//! The C contract, held by C programs: those of `tests/c`, and the examples that hospitals copy.
//!
//! They are compiled here with the system's compiler against `include/hislink.h`, and run against the library that
//! cargo built for this test run. They use pthreads, fork, dlopen and /proc.
#![cfg(target_os = "linux")]
// A test may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "c_programs/background.rs"]
mod background;
#[path = "support/compiler.rs"]
mod compiler;
#[path = "support/desk.rs"]
mod desk;
mod desktop;
#[path = "c_programs/glory_examples.rs"]
mod glory_examples;
#[path = "c_programs/journal_examples.rs"]
mod journal_examples;
mod support;

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use compiler::{Language, build, check_syntax, library, program, repository, run};
use hislink_sandbox::{Fault, FaultKind, Options, Sandbox, TradeState};

fn contract(name: &str) -> PathBuf {
    build(&repository(&format!("tests/c/{name}.c")), Language::C)
}

fn example(name: &str) -> PathBuf {
    build(&repository(&format!("examples-c/{name}.c")), Language::C)
}

fn sources(directory: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(repository(directory)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "c")).collect()
}

#[test]
fn the_header_stands_alone_in_c_and_in_cpp() {
    for language in Language::BOTH {
        check_syntax(&repository("include/hislink.h"), language);
        run(&build(&repository("tests/c/header_twice.c"), language), &[]);
    }
}

#[test]
fn the_examples_are_c_and_cpp_and_run() {
    let examples = sources("examples-c");
    assert!(examples.len() >= 10, "{examples:?}");
    let need_a_platform =
        ["recharge", "recover", "background", "settle", "sync", "lookup", "deduct", "listen"].map(OsStr::new);
    for source in examples {
        for language in Language::BOTH {
            let program = build(&source, language);
            if !need_a_platform.contains(&source.file_stem().unwrap()) {
                run(&program, &[]);
            }
        }
    }
}

/// How the recharge example ends, and what it prints.
fn recharge(url: &str, arguments: &[&str]) -> (i32, String) {
    let output = program(&example("recharge")).arg(url).args(arguments).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_recharge_example_tells_wrong_settings_from_a_missing_platform() {
    let (_held, closed) = support::refusing();
    let (code, text) = recharge(&format!("http://{closed}/onepay"), &[]);
    assert!(code == 1 && text.contains("CONNECT_FAILED"), "{code} {text}");
    let (code, text) = recharge("ftp://127.0.0.1/", &[]);
    assert!(code == 2 && text.contains("field=/onepay/url"), "{code} {text}");
}

#[test]
fn the_recharge_example_ends_by_what_became_of_the_money() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let end = |fault: Option<FaultKind>, card: &str, amount: &str| {
        sandbox.reset();
        if let Some(kind) = fault {
            sandbox.set_fault(Fault::once(kind).only("hop.trade.recharge"));
        }
        recharge(&sandbox.http_url(), &[card, amount])
    };
    let closed = FaultKind::TradeState { result: TradeState::Closed };
    // The account 10001 begins with 200.00; 10002 is reported lost.
    for (fault, card, amount, code, last_words) in [
        (None, "10001", "100.00", 0, "balance: 300.00"),
        (Some(FaultKind::DropAfter), "10001", "0.01", 0, "balance: 200.01"),
        (Some(closed), "10001", "100.00", 1, "nothing was charged"),
        (None, "10002", "100.00", 1, "nothing was charged"),
        (None, "10001", "1.005", 2, "field=/param/chargeAmt"),
        (None, "no \" such", "1.00", 1, "platformCode=200201"),
    ] {
        let (ended, text) = end(fault.clone(), card, amount);
        assert!(
            ended == code && text.trim_end().lines().last().unwrap().contains(last_words),
            "{fault:?} {ended} {text}"
        );
    }
}

#[test]
fn the_recharge_example_leaves_a_pending_order_to_be_queried() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    sandbox.set_fault(FaultKind::TradeState { result: TradeState::Ing });
    let (code, text) = recharge(&sandbox.http_url(), &[]);
    assert!(code == 3 && text.contains("do not recharge anew"), "{code} {text}");
}

#[test]
fn wrong_requests_are_rejected_by_name() {
    run(&contract("contract_requests"), &[]);
}

#[test]
fn what_cannot_be_signed_or_decrypted_is_rejected_by_name() {
    run(&contract("contract_onepay"), &[]);
}

#[test]
fn replies_keep_tags_and_numbers() {
    run(&contract("contract_replies"), &[]);
}

#[test]
fn every_function_of_the_header_answers_with_an_envelope() {
    let header = fs::read_to_string(repository("include/hislink.h")).unwrap();
    let declarations = header.lines().filter(|line| {
        [" *hislink_", "void hislink_", "HISLINK_INT64 hislink_"].iter().any(|result| line.contains(result))
    });
    let (operations, others): (Vec<_>, Vec<_>) =
        declarations.partition(|line| line.starts_with("char *") && line.ends_with("(const char *request);"));
    // These, every_function.c calls by itself, and caller_buffer.c those that write into a buffer; a function of another
    // form has to be added there.
    let known = [
        "const char *hislink_version(void);",
        "void hislink_shutdown(void);",
        "void hislink_free(char *reply);",
        "HISLINK_INT64 hislink_start(const char *operation, const char *request);",
        "char *hislink_wait(HISLINK_INT64 ticket, int milliseconds);",
    ];
    assert_eq!(others, known);
    let names: Vec<_> =
        operations.iter().map(|line| line.trim_start_matches("char *").split('(').next().unwrap()).collect();
    assert_eq!(names.len(), hislink::operations::OPERATIONS.len());

    let arguments: Vec<_> = [library().to_str().unwrap()].into_iter().chain(names.iter().copied()).collect();
    let replies = run(&contract("every_function"), &arguments);
    let lines: Vec<_> = replies.lines().collect();
    // With null and with "{}", before unloading and after.
    assert_eq!(lines.len(), names.len() * 2 * 2);
    for line in lines {
        let (name, reply) = line.split_once(' ').unwrap();
        let reply: serde_json::Value = serde_json::from_str(reply).unwrap_or_else(|error| panic!("{line}: {error}"));
        let status = reply["status"].as_str().unwrap();
        // Without a profile nothing but these can do its work.
        let able = ["hislink_describe", "hislink_order_no", "hislink_glory_unlisten"];
        let expected = if able.contains(&name) { "succeeded" } else { "rejected" };
        assert_eq!(status, expected, "{line}");
        assert!(reply["code"].is_string() && reply["message"].as_str().is_some_and(|text| !text.is_empty()), "{line}");
    }
}

#[test]
fn replies_are_written_into_buffers_of_any_size_and_not_a_byte_beyond() {
    run(&contract("caller_buffer"), &[]);
}

#[test]
fn a_forked_child_is_told_that_it_cannot_share_its_parents_store() {
    let store = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("forked-{}.db", std::process::id()));
    let settings = serde_json::json!({"glory": {"sid": "S", "key": "K", "orgCode": "H1"},
        "store": format!("sqlite:{}", store.display())});
    let lookup = r#"{"certType":"0","certNo":"11010519491231002X"}"#;
    let said = run(&contract("forked_store"), &[&settings.to_string(), lookup]);
    assert_eq!(said.matches("\"found\":false").count(), 101, "{said}");
    assert_eq!(said.matches("STORE_FAILED").count(), 100, "{said}");
}

#[test]
fn threads_make_no_order_number_twice() {
    run(&contract("order_no_threads"), &["16", "100000"]);
}

#[test]
fn processes_make_no_order_number_twice() {
    let print = contract("order_no_print");
    let mut all = HashSet::new();
    let mut count = 0;
    let mut collect = |text: &str| {
        count += text.lines().count();
        all.extend(text.lines().map(str::to_owned));
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let second = (now + 2).to_string();
    let start = || program(&print).args([second.as_str(), "1000"]).stdout(Stdio::piped()).spawn().unwrap();
    for process in [start(), start(), start(), start()] {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", output.status);
        collect(&String::from_utf8(output.stdout).unwrap());
    }
    // And four children of one process that has made a number before.
    collect(&run(&print, &["0", "1000", "4"]));
    assert_eq!((count, all.len()), (8001, 8001));
}

#[test]
fn memory_stays_level_and_a_leak_would_show() {
    let memory = contract("memory");
    run(&memory, &[]);
    assert_eq!(program(&memory).arg("leak").output().unwrap().status.code(), Some(1));
}

/// This machine, as the desktop programs see it.
struct Linux;

impl desktop::Machine for Linux {
    fn program(&self, name: &str) -> Command {
        program(&contract(name))
    }

    fn folder(&self, name: &str) -> PathBuf {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("desktop-{name}"));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn name_of(&self, file: &Path) -> String {
        file.display().to_string()
    }

    fn library(&self) -> String {
        library().display().to_string()
    }
}

#[test]
fn old_hosts_call_in_their_ways() {
    desktop::old_hosts_call_in_their_ways(&Linux);
}

#[test]
fn it_is_loaded_and_unloaded_a_thousand_times() {
    desktop::it_is_loaded_and_unloaded_a_thousand_times(&Linux);
}

#[test]
fn the_host_is_left_as_it_was() {
    desktop::the_host_is_left_as_it_was(&Linux);
}

#[test]
fn sixty_four_threads_call_at_once() {
    desktop::sixty_four_threads_call_at_once(&Linux);
}

#[test]
fn calls_in_the_background() {
    desktop::calls_in_the_background(&Linux);
}

#[cfg(target_arch = "x86_64")]
#[test]
fn floating_point_exceptions_stay_with_the_host() {
    desktop::floating_point_exceptions_stay_with_the_host(&Linux);
}
