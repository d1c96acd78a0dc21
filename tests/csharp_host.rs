//! The C# binding and its sample, compiled by Mono's compiler as C# 4 and run by Mono against the library of this test run
//! and a platform in this process.
#![cfg(target_os = "linux")]
// A test may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "csharp_host/cashier.rs"]
mod cashier;
#[path = "support/compiler.rs"]
mod compiler;
#[path = "support/desk.rs"]
mod desk;
mod support;
#[path = "csharp_host/window.rs"]
mod window;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use compiler::{program, repository};
use desk::{Desk, QUERY, RECHARGE};
use hislink_sandbox::{Fault, FaultKind, TradeState, When};

/// Makes a program of the binding and a source; once, though tests ask for it at a time.
fn compiled(source: &str) -> PathBuf {
    compiled_with(source, &[])
}

/// The same, with more arguments for the compiler.
fn compiled_with(source: &str, arguments: &[&str]) -> PathBuf {
    static COMPILED: Mutex<Option<HashSet<PathBuf>>> = Mutex::new(None);
    let name = Path::new(source).file_stem().unwrap().to_str().unwrap();
    let exe = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.exe"));
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if compiled.get_or_insert_default().insert(exe.clone()) {
        let mut command = Command::new("mcs");
        // The documentation, too, must be sound XML.
        command.args(["-langversion:4", "-warn:4", "-warnaserror", "-checked", "-debug"]);
        command.arg(format!("-doc:{}", exe.with_extension("xml").display())).arg(format!("-out:{}", exe.display()));
        command.arg("-nowarn:1591").arg(repository("bindings/csharp/Hislink.cs")).arg(repository(source));
        command.args(arguments).current_dir(repository("."));
        let output = command.output().unwrap_or_else(|error| panic!("cannot run mcs: {error}; install mono-mcs"));
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    exe
}

/// A compiled program as a command for the desk's folder.
fn mono(desk: &Desk, source: &str, arguments: &[&str]) -> Command {
    let mut command = program(Path::new("mono"));
    command.arg("--debug").arg(compiled(source)).arg("settings.json").args(arguments);
    command.current_dir(&desk.folder).env("LANG", "C.UTF-8");
    command
}

/// What a check of tests/csharp/Contract.cs prints; it must end well.
fn contract(desk: &Desk, arguments: &[&str]) -> String {
    let output = mono(desk, "tests/csharp/Contract.cs", arguments).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.ends_with("ok\n"), "{arguments:?}: {said}{complaint}");
    said
}

#[test]
#[ignore = "needs mcs and mono"]
fn replies_and_requests_are_read_and_made() {
    contract(&Desk::new("csharp-replies", 5_000), &["replies"]);
}

#[test]
#[ignore = "needs mcs and mono"]
fn mistakes_of_the_program_are_told() {
    contract(&Desk::new("csharp-mistakes", 5_000), &["mistakes"]);
}

#[test]
#[ignore = "needs mcs and mono"]
fn every_capacity_gives_the_whole_reply() {
    contract(&Desk::new("csharp-capacities", 5_000), &["capacities"]);
}

#[test]
#[ignore = "needs mcs and mono"]
fn a_large_reply_needs_no_stack() {
    contract(&Desk::new("csharp-large", 5_000), &["large"]);
}

#[test]
#[ignore = "needs mcs and mono"]
fn a_reply_that_did_not_fit_is_fetched_and_the_call_not_repeated() {
    let desk = Desk::new("csharp-tiny", 5_000);
    let said = contract(&desk, &["tiny", "N1"]);
    assert!(said.starts_with("Succeeded OK open=False replayed=False platform=/ N1\n"), "{said}");
    assert_eq!((desk.requests(RECHARGE), desk.balance().as_str()), (1, "201.00"));
}

#[test]
#[ignore = "needs mcs and mono"]
fn threads_at_once_get_their_own_replies_while_the_collector_runs() {
    let desk = Desk::new("csharp-threads", 60_000);
    contract(&desk, &["threads"]);
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (16 * 12, "392.00"));
}

#[test]
#[ignore = "needs mcs and mono"]
fn calls_are_started_and_their_replies_fetched_later() {
    for check in ["background", "async"] {
        let desk = Desk::new(&format!("csharp-{check}"), 20_000);
        let slow = FaultKind::Delay { milliseconds: 1500, when: When::Before };
        desk.sandbox.set_fault(Fault::from(slow).only("hop.account.info"));
        contract(&desk, &[check]);
    }
}

#[test]
#[ignore = "needs mcs and mono"]
fn every_status_arrives_typed() {
    let desk = Desk::new("csharp-statuses", 3_000);
    let told = |number: &str, expected: &str| {
        let said = contract(&desk, &["recharge", number]);
        assert!(said.starts_with(expected), "{number}: expected {expected}, found {said}");
    };
    let refusal = FaultKind::Refuse { resp_code: "200205".into(), resp_msg: "no".into(), when: When::Before };
    desk.sandbox.set_fault(Fault::once(refusal).only(RECHARGE));
    told("N1", "Failed PLATFORM_REFUSED open=False replayed=False platform=200205/no ");
    desk.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Ing }).only(RECHARGE));
    told("N2", "Pending OK open=True replayed=False platform=/ N2");
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
    told("N3", "Unknown BAD_ANSWER open=True replayed=False platform=/ ");
    desk.sandbox.clear_faults();
    // The same call settles it. It was booked once, and not the one that was refused.
    told("N3", "Succeeded OK open=False replayed=True");
    told("N3", "Succeeded OK open=False replayed=True");
    told(" N4", "Rejected BAD_FIELD open=False replayed=False platform=/ ");
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (2, "201.00"));
}
