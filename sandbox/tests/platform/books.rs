//! Books that are kept in a file.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::{env, fs, process};

use hislink_sandbox::{Fault, FaultKind, Options, Sandbox, TradeState};
use serde_json::{Value, json};

use crate::clerk::{Clerk, recharge, refund};
use crate::glory::hospital::{CANCEL, DEDUCT, Hospital, cancellation, deduction};
use crate::raw;

/// A file of this test's own, which is not there yet; it goes with the test.
struct Books(PathBuf);

impl Books {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("hislink-sandbox-books-{}-{name}.jsonl", process::id()));
        let _ = fs::remove_file(&path);
        Self(path)
    }

    fn options(&self) -> Options {
        Options { books: Some(self.0.clone()), ..Options::default() }
    }

    fn clerk(&self) -> Clerk {
        Clerk::with(self.options())
    }

    fn text(&self) -> String {
        fs::read_to_string(&self.0).unwrap()
    }

    fn refused(&self) -> String {
        Sandbox::start(self.options()).unwrap_err().to_string()
    }
}

impl Drop for Books {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// The platform's own number of an order, past the time that it begins with.
fn sequence(charge: &Value) -> u64 {
    charge["chargeNo"].as_str().unwrap()[14..].parse().unwrap()
}

#[test]
fn all_of_them_outlive_the_sandbox() {
    let books = Books::new("all");
    let clerk = books.clerk();
    clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    clerk.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Ing }));
    clerk.served("hop.trade.refund", refund("OC1", "OR1", "30"));
    clerk.served("hop.trade.refund", refund("OC1", "OR2", "20.50"));
    clerk.sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Exp }));
    clerk.served("hop.trade.recharge", recharge("OC2", "7"));
    clerk.sandbox.settle("OR1", TradeState::Succ).unwrap();
    clerk.sandbox.settle("OC2", TradeState::Fail).unwrap();
    let mut poorer = clerk.sandbox.accounts().remove(0);
    poorer.balance = hislink_sandbox::Fen::of_yuan("999999999999.99").unwrap();
    clerk.sandbox.put_account(poorer);
    clerk.served(
        "hop.trade.recharge",
        json!({
            "cardType": "01", "cardNo": "A0000001", "chargeAmt": "0.02", "depositeType": "POS", "channelType": "01",
            "outChargeNo": "OC3",
        }),
    );
    let band = clerk.served("portal.wb.getWristbandCode", json!({ "cardType": "05", "cardNo": "Z20001" }));
    let before = clerk.sandbox.books();
    drop(clerk);
    let clerk = books.clerk();
    assert_eq!(clerk.sandbox.books(), before);
    assert_eq!(
        (clerk.balance("03", "10001"), clerk.balance("01", "A0000001")),
        ("249.50".into(), "1000000000000.01".into())
    );
    let again = clerk.served("portal.wb.getWristbandCode", json!({ "cardType": "05", "cardNo": "Z20001" }));
    assert_eq!(again["key"], band["key"]);
}

#[test]
fn an_order_of_before_is_the_same_order_and_numbers_go_on() {
    let books = Books::new("same");
    let clerk = books.clerk();
    let charge = clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    let back = clerk.served("hop.trade.refund", refund("OC1", "OR1", "60"));
    drop(clerk);
    let clerk = books.clerk();
    let again = clerk.served("hop.trade.recharge", recharge("OC1", "100"));
    assert_eq!((&again["chargeNo"], &again["balance"]), (&charge["chargeNo"], &json!("240.00")));
    assert_eq!(clerk.served("hop.trade.refund", refund("OC1", "OR1", "60")), back);
    assert_eq!(clerk.latest()["booked"], false);
    assert_eq!(clerk.ask("hop.trade.recharge", recharge("OC1", "99")).code, "200301");
    assert_eq!(clerk.ask("hop.trade.refund", refund("OC1", "OR2", "40.01")).code, "200303");
    assert_eq!(sequence(&clerk.served("hop.trade.recharge", recharge("OC2", "1"))), sequence(&charge) + 2);
}

#[test]
fn deductions_outlive_it_too() {
    let books = Books::new("deductions");
    let hospital = Hospital::with(books.options());
    hospital.served(DEDUCT, deduction("D1"));
    let mut bare = deduction("D2");
    bare.as_object_mut().unwrap().remove("remarks");
    hospital.served(DEDUCT, bare);
    hospital.served(CANCEL, cancellation("D1"));
    let before = hospital.sandbox.deductions();
    assert_eq!((before.len(), before[0].status, before[1].status), (2, "0", "1"));
    drop(hospital);
    let hospital = Hospital::with(books.options());
    assert_eq!(hospital.sandbox.deductions(), before);
    assert_eq!(hospital.refused(DEDUCT, deduction("D1")), "减免记录 D1 已撤销，不能再次上传");
}

#[test]
fn what_a_fault_left_unanswered_was_written() {
    let books = Books::new("unanswered");
    let clerk = books.clerk();
    clerk.sandbox.set_fault(Fault::once(FaultKind::DropBefore));
    assert!(clerk.post(&clerk.sealed("hop.trade.recharge", &recharge("OC1", "1"))).is_err());
    assert_eq!(books.text(), "");
    clerk.sandbox.set_fault(Fault::once(FaultKind::DropAfter));
    assert!(clerk.post(&clerk.sealed("hop.trade.recharge", &recharge("OC1", "1"))).is_err());
    assert_eq!(books.text().lines().count(), 1);
    drop(clerk);
    assert_eq!(books.clerk().served("hop.trade.query", json!({ "outChargeNo": "OC1" }))["result"], "succ");
}

#[test]
fn a_change_is_one_line_and_no_change_is_none() {
    let books = Books::new("lines");
    let clerk = books.clerk();
    for n in 1..=20 {
        let before = books.text();
        clerk.served("hop.trade.recharge", recharge(&format!("OC{n}"), "1"));
        let after = books.text();
        let line = after.strip_prefix(&before).unwrap();
        assert!(line.len() < 500 && line.ends_with("}\n") && line.lines().count() == 1, "{line}");
        clerk.served("hop.trade.recharge", recharge(&format!("OC{n}"), "1"));
        clerk.balance("03", "10001");
        clerk.ask("hop.trade.refund", refund("OC404", "OR1", "1"));
        assert_eq!(books.text(), after);
    }
}

#[test]
fn a_torn_last_line_is_dropped_and_cut_off() {
    let books = Books::new("torn");
    let clerk = books.clerk();
    clerk.served("hop.trade.recharge", recharge("OC1", "1"));
    let before = clerk.sandbox.books();
    let whole = books.text();
    clerk.served("hop.trade.recharge", recharge("OC2", "1"));
    let longer = books.text();
    drop(clerk);
    for end in [whole.len() + 1, whole.len() + 40, longer.len() - 1] {
        fs::write(&books.0, &longer[..end]).unwrap();
        let clerk = books.clerk();
        assert_eq!((books.text(), clerk.sandbox.books()), (whole.clone(), before.clone()), "{end}");
        assert_eq!(clerk.served("hop.trade.query", json!({ "outChargeNo": "OC2" }))["result"], "notfound");
    }
    let clerk = books.clerk();
    clerk.served("hop.trade.recharge", recharge("OC2", "1"));
    drop(clerk);
    assert_eq!(books.clerk().balance("03", "10001"), "202.00");
}

#[test]
fn reset_empties_the_file_but_for_the_numbers() {
    let books = Books::new("reset");
    let clerk = books.clerk();
    let first = clerk.served("hop.trade.recharge", recharge("OC1", "1"));
    let fresh = Sandbox::start(Options::default()).unwrap().books();
    assert_eq!(clerk.control("POST", "/control/reset", "").0, 200);
    assert_eq!(books.text(), "{\"sequence\":1}\n");
    drop(clerk);
    let clerk = books.clerk();
    assert_eq!(clerk.sandbox.books(), fresh);
    assert_eq!(sequence(&clerk.served("hop.trade.recharge", recharge("OC1", "1"))), sequence(&first) + 1);
}

#[test]
fn a_file_that_does_not_serve_is_an_error_of_the_start() {
    let books = Books::new("wrong");
    fs::write(&books.0, "{\"sequence\":1}\n{\"order\":{}}\n{\"seq").unwrap();
    let error = books.refused();
    assert!(error.contains("line 2") && error.contains("wrong"), "{error}");
    assert!(books.text().ends_with("{\"seq"), "left as it was");
    fs::write(&books.0, "").unwrap();
    let clerk = books.clerk();
    assert!(cfg!(windows) || books.refused().contains("another sandbox"));
    drop(clerk);
    Sandbox::start(books.options()).unwrap();
    let folder = Books(env::temp_dir());
    assert!(!folder.refused().is_empty());
    // Its drop would try to remove the folder as a file, which fails.
    let nowhere = Books(env::temp_dir().join("hislink-sandbox-no-such-folder").join("books"));
    assert!(nowhere.refused().contains("no-such-folder"));
}

/// The program itself; it is killed at the end.
struct Program(Child);

impl Program {
    /// Starts it, and tells where it serves onepay.
    fn start(books: &Path, dir: &Path) -> (Self, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hislink-sandbox"))
            .args(["--http-port=0", "--https-port=0", "--control-port=0", "--quiet"])
            .args([Path::new("--books"), books, Path::new("--dir"), dir])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let welcome: Vec<_> = lines.take_while(|line| !line.starts_with("Ctrl-C")).collect();
        let url = welcome.iter().find_map(|line| line.trim().strip_prefix("http ")).unwrap();
        (Self(child), url.trim().to_owned())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_program_that_is_killed_forgets_nothing_that_it_answered() {
    let (books, sealer) = (Books::new("killed"), Clerk::new());
    let dir = books.0.with_extension("dir");
    let mut answered = Vec::new();
    for round in 0..3 {
        let (program, url) = Program::start(&books.0, &dir);
        for n in 0..20 {
            let number = format!("OC{round}-{n}");
            let body = sealer.sealed("hop.trade.recharge", &recharge(&number, "1"));
            let mut answer = sealer.agent.post(&url).content_type("application/json").send(&body).unwrap();
            let reply = sealer.open(&answer.body_mut().read_to_string().unwrap());
            answered.push((number, reply.param["chargeNo"].clone()));
        }
        drop(program);
    }
    let clerk = books.clerk();
    assert_eq!((answered.len(), clerk.balance("03", "10001")), (60, "260.00".to_owned()));
    for (number, charge_no) in answered {
        assert_eq!(clerk.served("hop.trade.recharge", recharge(&number, "1"))["chargeNo"], charge_no);
    }
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_change_that_waits_for_its_answer_is_kept() {
    let books = Books::new("waiting");
    let clerk = books.clerk();
    let slow = FaultKind::Delay { milliseconds: 60_000, when: hislink_sandbox::When::After };
    clerk.sandbox.set_fault(Fault::once(slow));
    let mut waiting = raw::connect(&clerk.sandbox);
    raw::send(&mut waiting, &clerk.sealed("hop.trade.recharge", &recharge("OC1", "1")), "close");
    while books.text().is_empty() {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    drop(clerk);
    assert_eq!(books.clerk().balance("03", "10001"), "201.00");
}
