//! The Pascal unit of `bindings/delphi`, its sample and the programs of `tests/pascal`, compiled by Free Pascal in Delphi
//! mode and run against a platform in this process.
#![cfg(target_os = "linux")]
// A test may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/compiler.rs"]
mod compiler;
mod support;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread::sleep;
use std::time::Duration;

use compiler::{library, program, repository};
use hislink::operations::OPERATIONS;
use hislink_sandbox::glory::roster;
use hislink_sandbox::{Fault, FaultKind, Options, Sandbox, TradeState, When};
use serde_json::{Value, json};

const RECHARGE: &str = "hop.trade.recharge";
const QUERY: &str = "hop.trade.query";
const DEDUCT: &str = "/glorycard/store/deduct";

/// A folder of this run's own, empty.
fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pascal").join(name);
    // Only an earlier run left one.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// Makes a program, and holds the compiler to silence: no error, warning, note or hint in any file of ours.
fn compiled(source: &str) -> PathBuf {
    static FOLDER: LazyLock<Mutex<PathBuf>> = LazyLock::new(|| Mutex::new(scratch("programs")));
    let folder = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    let made = folder.join(Path::new(source).file_stem().unwrap());
    if made.exists() {
        return made;
    }
    let mut command = Command::new("fpc");
    command.args(["-Mdelphi", "-vewnh"]);
    for units in ["bindings/delphi", "tests/pascal"] {
        command.arg(format!("-Fu{}", repository(units).display()));
    }
    command.arg(format!("-Fl{}", library().parent().unwrap().display()));
    for option in ["-FU", "-FE", "-Fi"] {
        command.arg(format!("{option}{}", folder.display()));
    }
    let output = command.arg(repository(source)).output().expect("Free Pascal: install fp-compiler and fp-units-rtl");
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{source}: {said}");
    let remarks: Vec<_> =
        said.lines().filter(|line| ["Hint:", "Note:", "Warning:"].iter().any(|kind| line.contains(kind))).collect();
    let of_ours = |line: &&&str| line.contains(".pas(") || line.contains(".dpr(") || line.contains(".inc(");
    assert_eq!(remarks.iter().filter(of_ours).count(), 0, "{source}: {remarks:#?}");
    made
}

/// A desk: a platform, and a folder with the settings and the store.
struct Desk {
    sandbox: Sandbox,
    folder: PathBuf,
}

impl Desk {
    fn new(name: &str) -> Self {
        let desk = Self { sandbox: Sandbox::start(Options::default()).unwrap(), folder: scratch(name) };
        desk.write_settings("http.json", &desk.sandbox.http_url(), &desk.sandbox.glory_http_url());
        desk.write_settings("https.json", &desk.sandbox.https_url(), &desk.sandbox.glory_url());
        desk
    }

    fn write_settings(&self, file: &str, onepay: &str, glory: &str) {
        let sandbox = &self.sandbox;
        let settings = json!({
            "onepay": {"url": onepay, "appId": sandbox.app_id(), "appSecret": sandbox.app_secret(), "settleSeconds": 1},
            "glory": {"url": glory, "sid": sandbox.glory_sid(), "key": sandbox.glory_key(),
                "orgCode": sandbox.glory_org_code()},
            "http": {"timeoutMs": 5000, "caFile": sandbox.ca_file()},
            "store": format!("sqlite:{}", self.folder.join("store.db").display()), "language": "en",
        });
        fs::write(self.folder.join(file), settings.to_string()).unwrap();
    }

    fn command(&self, source: &str, arguments: &[&str]) -> Command {
        let mut command = program(&compiled(source));
        command.current_dir(&self.folder).env("LC_ALL", "C.UTF-8").args(arguments);
        command
    }

    /// How a program ends, and what it prints.
    fn run(&self, source: &str, arguments: &[&str]) -> (i32, String) {
        let output = self.command(source, arguments).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        (output.status.code().unwrap_or_else(|| panic!("{source}: {} {text}", output.status)), text)
    }

    fn expect(&self, source: &str, arguments: &[&str], code: i32, words: &[&str]) -> String {
        let (ended, said) = self.run(source, arguments);
        assert_eq!(ended, code, "{source} {arguments:?}: {said}");
        for word in words {
            assert!(said.contains(word), "{source} {arguments:?}: {word} is missing in {said}");
        }
        said
    }

    fn cashier(&self, arguments: &[&str], code: i32, words: &[&str]) -> String {
        let all: Vec<_> = ["http.json", "kept.txt"].iter().chain(arguments).copied().collect();
        self.expect("bindings/delphi/Cashier.dpr", &all, code, words)
    }

    /// The platform's orders: number, amount, state.
    fn orders(&self) -> Vec<(String, String, String)> {
        let books = self.sandbox.books();
        let text = |order: &Value, name: &str| order[name].as_str().unwrap().to_owned();
        let orders = books["orders"].as_array().unwrap().iter();
        orders.map(|order| (text(order, "outChargeNo"), text(order, "chargeAmt"), text(order, "result"))).collect()
    }

    fn balance(&self) -> String {
        let accounts = self.sandbox.accounts();
        accounts.iter().find(|account| account.card.card_no == "10001").unwrap().balance.to_string()
    }
}

#[test]
#[ignore = "needs fpc"]
fn every_operation_is_declared_twice_and_answers_alike() {
    let desk = Desk::new("every");
    let calls: String = OPERATIONS
        .iter()
        .map(|operation| {
            let layer: String = operation.name.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
            format!("One('{0}', hislink_{0}(nil), Hislink{layer}(''));\n", operation.name)
        })
        .collect();
    // Its folder is that of the programs, which is made when the first is.
    let folder = compiled("tests/pascal/Threads.dpr").parent().unwrap().to_owned();
    fs::write(folder.join("every.inc"), calls).unwrap();
    let said = desk.expect("tests/pascal/EveryFunction.dpr", &[], 0, &["order_no succeeded OK"]);
    assert_eq!(said.lines().count(), OPERATIONS.len(), "{said}");
    for (line, operation) in said.lines().zip(OPERATIONS) {
        // Without a profile nothing but these can do its work.
        let able = ["describe", "order_no", "glory_unlisten"].contains(&operation.name);
        let status = if able { " succeeded OK" } else { " rejected " };
        assert!(line.starts_with(&format!("{}{status}", operation.name)), "{line}");
    }
}

#[test]
#[ignore = "needs fpc"]
fn control_words_are_held_over_every_call_with_all_exceptions_unmasked() {
    let desk = Desk::new("floats");
    // The proof that the exceptions are on.
    for (unit, words) in [("x87", "trapped x87: EZeroDivide"), ("sse", "trapped sse: EZeroDivide")] {
        desk.expect("tests/pascal/FloatControl.dpr", &["trap", unit], 3, &[words]);
    }
    desk.expect("tests/pascal/FloatControl.dpr", &["http.json", "https.json"], 0, &["control words held over"]);
    let orders = desk.orders();
    assert_eq!(orders.len(), 4, "{orders:?}");
    assert!(orders.iter().all(|(_, amount, result)| amount == "1.00" && result == "succ"), "{orders:?}");
    assert_eq!(desk.balance(), "204.00");
    let deductions: Vec<_> = desk.sandbox.deductions().iter().map(|kept| kept.status).collect();
    assert_eq!(deductions, ["0", "0"], "taken, and taken back");
}

#[test]
#[ignore = "needs fpc"]
fn a_reply_that_does_not_fit_is_handed_over_and_nothing_is_charged_twice() {
    let desk = Desk::new("small");
    desk.expect("tests/pascal/SmallBuffer.dpr", &["http.json", "SMALL1"], 0, &["nothing was lost"]);
    assert_eq!(desk.orders(), [("SMALL1".to_owned(), "1.00".to_owned(), "succ".to_owned())]);
}

#[test]
#[ignore = "needs fpc"]
fn gbk_goes_both_ways() {
    let desk = Desk::new("gbk");
    desk.expect("tests/pascal/Gbk.dpr", &["http.json", "GBK1"], 0, &["GBK went both ways"]);
    assert_eq!(desk.orders(), [("GBK1".to_owned(), "1.00".to_owned(), "succ".to_owned())]);
}

#[test]
#[ignore = "needs fpc"]
fn sixteen_threads_charge_one_number_once() {
    let desk = Desk::new("threads");
    desk.expect("tests/pascal/Threads.dpr", &["http.json", "SHARED1"], 0, &["16 threads were served"]);
    let orders = desk.orders();
    assert_eq!(orders.len(), 16 * 5 + 1);
    assert_eq!(orders.iter().filter(|(number, ..)| number == "SHARED1").count(), 1);
    assert_eq!(desk.balance(), "201.80");
}

#[test]
#[ignore = "needs fpc"]
fn the_cashier_walks_from_the_settings_to_the_cancellation() {
    let desk = Desk::new("walk");
    let cert_no = roster::row(1).cert_no;
    let words = [
        "balance 200.00",
        "CHARGED, once",
        "balance 300.00",
        "wristband WB",
        "roster: up to record 1200",
        "card: 10000 ",
        "REDUCED: take the rest",
        "TAKEN BACK",
    ];
    let said = desk.cashier(&["10001", "100.00", &cert_no], 0, &words);
    // In the terminal's own encoding, not as question marks.
    assert!(said.contains(&format!("card: 10000 {}", roster::row(1).cert_name)), "{said}");
    assert_eq!(desk.orders().len(), 1);
    assert_eq!(desk.sandbox.deductions().iter().map(|kept| kept.status).collect::<Vec<_>>(), ["0"]);
    assert!(!desk.folder.join("kept.txt").exists());

    desk.cashier(&["10001", "1.00", "11010519491231002X"], 0, &["no card: the whole fee"]);
    desk.cashier(&["10002"], 1, &["NOT CHARGED"]);
    desk.cashier(&["10001", "1.005"], 1, &["/param/chargeAmt", "NOT CHARGED"]);
    desk.expect("bindings/delphi/Cashier.dpr", &["no.json", "kept.txt"], 2, &["BAD_SETTINGS"]);
    desk.expect("bindings/delphi/Cashier.dpr", &[], 2, &["usage"]);
    assert_eq!(desk.orders().len(), 2);
}

#[test]
#[ignore = "needs fpc"]
fn the_cashier_loses_no_answer() {
    let desk = Desk::new("lost");
    // The library asks by itself.
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    desk.cashier(&["10001", "1.00"], 0, &["CHARGED, once"]);
    assert_eq!(desk.orders().len(), 1);

    // The answer is lost, and nobody can be asked: it stays open, and no other money is taken.
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
    desk.cashier(&["10001", "2.00"], 3, &["NOT KNOWN YET"]);
    desk.cashier(&["10001", "4.00"], 3, &["from before: onepay_recharge", "NOT KNOWN YET"]);
    assert_eq!(desk.orders().len(), 2);
    desk.sandbox.clear_faults();
    // Started again with the arguments of before, it settles, and charges nothing.
    desk.cashier(&["10001", "2.00"], 0, &["from before: CHARGED, once", "Nothing else was done"]);
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (2, "203.00"));
    desk.cashier(&["10001", "4.00"], 0, &["CHARGED, once", "balance 207.00"]);
    assert_eq!(desk.orders().len(), 3);

    // The platform is still trading.
    desk.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Ing }).only(RECHARGE));
    desk.cashier(&["10001", "8.00"], 3, &["NOT KNOWN YET"]);
    let (pending, ..) = desk.orders().into_iter().find(|(_, amount, _)| amount == "8.00").unwrap();
    desk.sandbox.settle(&pending, TradeState::Closed).unwrap();
    desk.cashier(&["10001", "8.00"], 1, &["from before: NOT CHARGED", "Nothing else was done"]);
    desk.cashier(&["10001", "16.00"], 0, &["balance 223.00"]);
}

#[test]
#[ignore = "needs fpc"]
fn a_form_goes_on_while_it_charges_and_may_be_closed() {
    const BACKGROUND: &str = "bindings/delphi/Background.dpr";
    let desk = Desk::new("background");
    let slow = |milliseconds, when| {
        desk.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds, when }).only(RECHARGE));
    };
    let charge = ["http.json", "kept.txt", "10001", "1.00"];
    slow(3_000, When::Before);
    let said = desk.expect(BACKGROUND, &charge, 0, &["charging, 500 ms", "CHARGED, once", "The form went on for "]);
    let ticks = said.split("went on for ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    assert!(ticks.parse::<u32>().unwrap() > 10, "{said}");

    // Closed by its user, or killed, after the platform has booked.
    slow(60_000, When::After);
    let mut form = desk.command(BACKGROUND, &charge).stdout(Stdio::null()).spawn().unwrap();
    while desk.orders().len() < 2 {
        assert!(form.try_wait().unwrap().is_none(), "it ended before it charged");
        sleep(Duration::from_millis(20));
    }
    form.kill().unwrap();
    form.wait().unwrap();
    desk.expect(BACKGROUND, &charge, 0, &["from before: OC", "CHARGED, once"]);
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (2, "202.00"));
    assert!(!desk.folder.join("kept.txt").exists());

    desk.expect(BACKGROUND, &["http.json", "kept.txt", "10002"], 1, &["PLATFORM_REFUSED", "NOT CHARGED"]);
    desk.expect(BACKGROUND, &["http.json", "kept.txt", "10001", "1.005"], 1, &["BAD_FIELD", "NOT CHARGED"]);
    desk.expect(BACKGROUND, &["no.json", "kept.txt"], 2, &["BAD_SETTINGS"]);
    desk.expect(BACKGROUND, &[], 2, &["usage"]);
}

#[test]
#[ignore = "needs fpc"]
fn a_killed_cashier_charges_once() {
    let desk = Desk::new("killed");
    desk.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds: 60_000, when: When::After }).only(RECHARGE));
    let mut command = desk.command("bindings/delphi/Cashier.dpr", &["http.json", "kept.txt", "10001", "1.00"]);
    let mut cashier = command.stdout(Stdio::null()).spawn().unwrap();
    // The platform has booked it, and the program waits for the answer.
    while desk.orders().is_empty() {
        assert!(cashier.try_wait().unwrap().is_none(), "it ended before it charged");
        sleep(Duration::from_millis(20));
    }
    cashier.kill().unwrap();
    cashier.wait().unwrap();
    assert!(desk.folder.join("kept.txt").exists());
    desk.cashier(&["10001", "1.00"], 0, &["from before: CHARGED, once", "Nothing else was done"]);
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (1, "201.00"));
    assert!(!desk.folder.join("kept.txt").exists());
}

#[test]
#[ignore = "needs fpc"]
fn where_the_store_is_lost_the_platform_decides() {
    const BACKGROUND: &str = "bindings/delphi/Background.dpr";
    let desk = Desk::new("store-lost");
    let kept = desk.folder.join("kept.txt");
    let lose_store = || fs::remove_file(desk.folder.join("store.db")).unwrap();
    let begin = |amount: &str| {
        desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
        desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
        desk.cashier(&["10001", amount], 3, &["NOT KNOWN YET"]);
        lose_store();
    };
    let background = |code, words: &[&str]| desk.expect(BACKGROUND, &["http.json", "kept.txt"], code, words);
    begin("1.5");
    let file = fs::read(&kept).unwrap();
    // A question that fails, or whose answer is not the platform's own, tells nothing of the money.
    desk.cashier(&["10001", "1.50"], 3, &["NOT KNOWN YET"]);
    background(3, &["NOT KNOWN YET"]);
    desk.sandbox.clear_faults();
    desk.sandbox.set_fault(Fault::from(FaultKind::WrongSign).only(QUERY));
    desk.cashier(&["10001", "1.50"], 3, &["NOT KNOWN YET"]);
    background(3, &["NOT KNOWN YET"]);
    desk.sandbox.clear_faults();
    // Both programs know what to do with it.
    desk.cashier(&["10001", "1.50"], 0, &["from before: CHARGED, once", "Nothing else was done"]);
    fs::write(&kept, file).unwrap();
    background(0, &["from before: OC", "CHARGED, once"]);
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (1, "201.50"));

    // Never sent: the platform must say so twice.
    let text = "\u{FEFF}onepay_recharge\n{\"orderNo\":\"NEVER1\",\"param\":{}}\n";
    fs::write(&kept, text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap();
    background(1, &["it may be on its way", "NOT CHARGED"]);
    assert!(!kept.exists());

    // Of a deduction nobody can be asked.
    desk.sandbox.set_fault(Fault::from(FaultKind::DropAfter).only(DEDUCT));
    desk.cashier(&["10001", "1.00", &roster::row(1).cert_no], 3, &["NOT KNOWN YET"]);
    desk.sandbox.clear_faults();
    lose_store();
    for _ in 0..2 {
        let told = desk.cashier(&["10001", "1.00"], 2, &["Ask the platform's people"]);
        assert!(!told.contains("NOT REDUCED"), "{told}");
    }
    assert!(kept.exists());
}

#[test]
#[ignore = "needs fpc"]
fn the_cashier_finds_what_an_ended_run_left() {
    let desk = Desk::new("left");
    let kept = desk.folder.join("kept.txt");
    let keep = |text: &str| {
        let units = format!("\u{FEFF}{text}");
        fs::write(&kept, units.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).unwrap();
    };
    // It ended before the call; it ended while it wrote this very file.
    keep("onepay_recharge\n{\"orderNo\":\"NEVER1\",\"param\":{}}\n");
    desk.cashier(&["10001", "1.00"], 1, &["it may be on its way", "from before: NOT CHARGED", "Nothing else was done"]);
    desk.cashier(&["10001", "1.00"], 0, &["balance 201.00"]);
    keep("onepay_recharge\n{\"orderNo\":\"NEV");
    let said = desk.cashier(&["10001", "1.00"], 0, &["balance 202.00"]);
    assert!(!said.contains("from before"), "{said}");

    // A deduction and its cancellation, whose answers are lost.
    let cert_no = roster::row(1).cert_no;
    desk.sandbox.set_fault(Fault::from(FaultKind::DropAfter).only(DEDUCT));
    desk.cashier(&["10001", "1.00", &cert_no], 3, &["NOT KNOWN YET"]);
    desk.sandbox.clear_faults();
    desk.sandbox.set_fault(Fault::from(FaultKind::DropAfter).only("/glorycard/store/deductCancel"));
    desk.cashier(&["10001", "1.00", &cert_no], 0, &["from before: REDUCED", "Nothing else was done"]);
    desk.cashier(&["10001", "1.00", &cert_no], 3, &["REDUCED", "NOT KNOWN YET"]);
    desk.sandbox.clear_faults();
    desk.cashier(&["10001", "1.00", &cert_no], 0, &["from before: TAKEN BACK", "Nothing else was done"]);
    let statuses: Vec<_> = desk.sandbox.deductions().iter().map(|kept| kept.status).collect();
    assert_eq!((statuses, desk.orders().len()), (vec!["1", "0"], 4));
}
