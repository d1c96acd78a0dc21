//! The examples that live by the journal, against a platform in this process.

use std::process::{Command, Stdio};
use std::time::Duration;
use std::{fs, thread};

use hislink_sandbox::{Fault, FaultKind, Sandbox, TradeState, When};
use serde_json::json;

use super::compiler::program;
use super::desk::{Desk, QUERY, RECHARGE, one_booked};
use super::example;
use super::support::on_one_day;

impl Desk {
    pub(super) fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = program(&example(name));
        command.current_dir(&self.folder).arg("settings.json").args(arguments);
        command
    }

    /// How an example ends, and what it prints.
    fn run(&self, name: &str, arguments: &[&str]) -> (i32, String) {
        let output = self.command(name, arguments).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    pub(super) fn expect(&self, name: &str, arguments: &[&str], code: i32, text: &str) -> String {
        let (ended, said) = self.run(name, arguments);
        assert!(
            ended == code && said.contains(text),
            "{name} {arguments:?}: expected {code} and {text}, {ended} {said}"
        );
        said
    }

    /// What an order's file holds.
    fn number(&self, order: &str) -> String {
        fs::read_to_string(self.folder.join(order)).unwrap().trim().to_owned()
    }
}

pub(super) fn fault_struck(sandbox: &Sandbox) -> bool {
    sandbox.state()["faults"].as_array().unwrap().is_empty()
}

fn delay(milliseconds: u64, when: When) -> Fault {
    Fault::once(FaultKind::Delay { milliseconds, when }).only(RECHARGE)
}

#[test]
fn recover_killed_while_the_answer_is_held_back_finds_the_booking() {
    let desk = Desk::new("killed-after", 30_000);
    desk.sandbox.set_fault(delay(30_000, When::After));
    desk.kill_when(&mut desk.command("recover", &["order.txt"]), one_booked);
    desk.expect("recover", &["order.txt"], 0, "charged, once");
    let again = desk.expect("recover", &["order.txt"], 0, "begun before");
    assert!(again.contains("this is what became of an earlier call"), "{again}");
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (1, "300.00"));
    desk.expect("recover", &["order.txt", "10001", "99.00"], 2, "DUPLICATE_ORDER");
}

#[test]
fn recover_killed_before_the_platform_has_booked_books_once() {
    let desk = Desk::new("killed-before", 30_000);
    // The request that the killed one sent is still on its way when the second comes.
    desk.sandbox.set_fault(delay(500, When::Before));
    desk.kill_when(&mut desk.command("recover", &["order.txt"]), fault_struck);
    desk.expect("recover", &["order.txt"], 0, "charged, once");
    thread::sleep(Duration::from_millis(600));
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (1, "300.00"));
}

#[test]
fn recover_killed_at_any_moment_books_once() {
    let desk = Desk::new("killed-anywhere", 30_000);
    for n in 0..30 {
        let order = format!("order-{n}.txt");
        let mut child = desk.command("recover", &[&order]).stdout(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(n));
        child.kill().unwrap();
        child.wait().unwrap();
        desk.expect("recover", &[&order], 0, "charged, once");
        assert_eq!(desk.orders().len() as u64, n + 1);
    }
}

#[test]
fn recover_asks_the_platform_where_the_store_is_lost() {
    let desk = Desk::new("recover-store-lost", 2_500);
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
    desk.expect("recover", &["order.txt"], 3, "not known yet");
    fs::remove_file(desk.folder.join("store.db")).unwrap();
    // Whatever the platform would say of a second use: it is not sent while it cannot be asked for.
    for name in ["recover", "background"] {
        desk.expect(name, &["order.txt"], 3, "not known yet");
    }
    desk.sandbox.clear_faults();
    desk.sandbox.set_fault(Fault::once(FaultKind::WrongSign).only(QUERY));
    desk.expect("recover", &["order.txt"], 3, "not known yet");
    desk.expect("recover", &["order.txt", "10001", "99.00"], 3, "not known yet");
    for name in ["recover", "background"] {
        desk.expect(name, &["order.txt", "10001", "100"], 0, "charged, once");
    }
    assert_eq!((desk.balance().as_str(), desk.requests(RECHARGE)), ("300.00", 1));

    // Never sent: it is, once the platform has said twice that it knows no such order.
    fs::write(desk.folder.join("never.txt"), "OC1\n").unwrap();
    let asked = desk.requests(QUERY);
    desk.expect("recover", &["never.txt"], 0, "charged, once");
    assert_eq!((desk.requests(QUERY) - asked, desk.orders().len()), (2, 2));
}

#[test]
fn recover_sends_nothing_without_a_journal() {
    let desk = Desk::new("no-journal", 30_000);
    desk.keep(30_000, "none");
    desk.expect("recover", &["order.txt"], 2, "BAD_SETTINGS");
    assert_eq!(desk.sandbox.state()["requests"], json!([]));
}

#[test]
fn settle_ends_what_is_open_as_the_platform_has_it() {
    on_one_day();
    let desk = Desk::new("settle", 2_500);
    let sandbox = &desk.sandbox;
    // Booked, but neither the answer nor a question comes through; not booked, the same; still being traded, twice.
    for (order, kind) in [("booked", FaultKind::DropAfter), ("lost", FaultKind::DropBefore)] {
        sandbox.set_fault(Fault::once(kind).only(RECHARGE));
        sandbox.set_fault(Fault::from(FaultKind::DropBefore).only("hop.trade.query"));
        desk.expect("recover", &[order], 3, "not known yet");
        sandbox.clear_faults();
    }
    for order in ["traded", "open"] {
        sandbox.set_fault(Fault::once(FaultKind::TradeState { result: TradeState::Ing }).only(RECHARGE));
        desk.expect("recover", &[order], 3, "status=pending");
    }
    sandbox.settle(&desk.number("traded"), TradeState::Succ).unwrap();
    // As long as what was lost might still be on its way, it stays unknown: settleSeconds from when its call gave up.
    thread::sleep(Duration::from_millis(1_200));

    let said = desk.expect("settle", &[], 1, "open: 1");
    for (order, end) in [
        ("booked", "succeeded: the money is on the account"),
        ("lost", "failed: nothing was charged"),
        ("traded", "succeeded: the money is on the account"),
        ("open", "pending: the platform is still at it"),
    ] {
        let line = format!("{} {RECHARGE} {end}", desk.number(order));
        assert!(said.contains(&line), "{line}\n{said}");
    }
    assert!(said.contains(" compared") && !said.contains("does not have") && !said.contains("not the same"), "{said}");
    let orders = desk.orders().iter().map(|order| order["result"].clone()).collect::<Vec<_>>();
    assert_eq!((orders.len(), desk.balance().as_str()), (3, "400.00"), "{orders:?}");

    sandbox.settle(&desk.number("open"), TradeState::Closed).unwrap();
    desk.expect("settle", &[], 0, "failed: nothing was charged");
    let said = desk.expect("settle", &[], 0, "open: 0");
    assert_eq!(said.lines().count(), 2, "{said}");
}

#[test]
fn settle_compares_the_day_with_the_platform() {
    on_one_day();
    let desk = Desk::new("compare", 30_000);
    desk.expect("recover", &["one.txt"], 0, "charged, once");
    // Another desk, with a store of its own.
    desk.keep(30_000, "sqlite:other.db");
    desk.expect("recover", &["two.txt"], 0, "charged, once");
    desk.keep(30_000, "sqlite:store.db");
    let said = desk.expect("settle", &[], 0, "the journal does not have: ");
    assert!(said.contains(&desk.number("two.txt")), "{said}");
    desk.sandbox.reset();
    let said = desk.expect("settle", &[], 0, "the platform does not have: ");
    assert!(said.contains(&desk.number("one.txt")), "{said}");
}

#[test]
fn settle_knows_reductions_too() {
    let desk = Desk::new("reductions", 2_000);
    let store = format!("store={}", desk.folder.join("store.db").display());
    let url = format!("url={}", desk.sandbox.glory_http_url());
    desk.sandbox.set_fault(Fault::from(FaultKind::DropAfter).only("/glorycard/store/deduct"));
    let output = program(&example("deduct")).args([store, url, "deductionID=D1".into()]).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    desk.sandbox.clear_faults();
    desk.expect("settle", &[], 0, "D1 /glorycard/store/deduct succeeded: the fee is reduced: take the rest");
    assert_eq!(desk.sandbox.deductions().len(), 1);
}
