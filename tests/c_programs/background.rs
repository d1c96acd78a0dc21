//! Programs that end while their calls are under way, and what is found of it afterwards.

use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use hislink_sandbox::{Fault, FaultKind, Sandbox, When};

use super::compiler::program;
use super::contract;
use super::desk::{Desk, RECHARGE, one_booked};
use super::journal_examples::fault_struck;

const SERVICE_OF_ACCOUNTS: &str = "hop.account.info";

impl Desk {
    fn background(&self, arguments: &[&str]) -> Command {
        let mut command = program(&contract("tickets_ends"));
        command.current_dir(&self.folder).arg("settings.json").args(arguments);
        command
    }

    /// What the program says, which must succeed.
    fn said_in_background(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.background(arguments).output().unwrap();
        let said = String::from_utf8(stdout).unwrap();
        assert!(status.success(), "{arguments:?}: {status}\n{said}{}", String::from_utf8_lossy(&stderr));
        said
    }

    /// What another process finds of an order whose program has ended; the money is booked once or not at all.
    fn settled(&self, order: &str) -> &'static str {
        // What it had sent at its end may come only now.
        let said = self.said_in_background(&["resolve", order]);
        let booked = self.orders().iter().filter(|booked| booked["outChargeNo"] == order).count();
        match booked {
            0 => assert!(said.contains("PLATFORM_REFUSED") || said.contains("BAD_FIELD"), "{order}: {said}"),
            1 => assert!(said.contains("\"status\":\"succeeded\""), "{order}: {said}"),
            _ => panic!("{order} is booked {booked} times"),
        }
        if booked == 1 { "booked" } else { "not booked" }
    }

    fn slow(&self, service: &str, milliseconds: u64, when: When) {
        self.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds, when }).only(service));
    }
}

#[test]
fn a_program_that_exits_in_the_midst_leaves_an_order_that_can_be_settled() {
    let desk = Desk::new("background-exit", 30_000);
    let slow = FaultKind::Delay { milliseconds: 10_000, when: When::After };
    desk.sandbox.set_fault(Fault::from(slow).only(RECHARGE));
    let mut last = "";
    for n in 0..10_u64 {
        let order = format!("EXIT{n}");
        let begun = Instant::now();
        let said = desk.said_in_background(&["exit", &order, &(n * n * 12).to_string()]);
        assert_eq!(said, "", "it just leaves");
        assert!(begun.elapsed() < Duration::from_secs(8), "its end waited for the call");
        last = desk.settled(&order);
    }
    assert_eq!(last, "booked", "after a second it is on its way");
}

/// What is told of an order whose program was killed once `reached`.
fn killed_and_settled(name: &str, milliseconds: u64, when: When, reached: impl Fn(&Sandbox) -> bool) {
    let desk = Desk::new(name, 30_000);
    desk.slow(RECHARGE, milliseconds, when);
    let mut child = desk.background(&["wait", "KILLED"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "started\n");
    until("the recharge comes", || reached(&desk.sandbox));
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None, "it ended before it was killed");
    // What was sent is booked, whether the sender lives or not.
    until("it is booked", || desk.orders().len() == 1);
    assert_eq!(desk.settled("KILLED"), "booked");
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (1, "201.00"));
}

fn until(what: &str, reached: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(60);
    while !reached() {
        assert!(Instant::now() < end, "waited in vain until {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_program_killed_in_the_midst_of_a_background_call_is_settled_by_another() {
    killed_and_settled("background-killed-before", 700, When::Before, fault_struck);
    killed_and_settled("background-killed-after", 20_000, When::After, one_booked);
}

#[test]
fn a_forked_child_is_told_that_it_has_none_of_its_parents_calls() {
    let desk = Desk::new("background-fork", 30_000);
    desk.slow(SERVICE_OF_ACCOUNTS, 1500, When::Before);
    assert!(desk.said_in_background(&["fork"]).contains("fine"));
}

#[test]
fn a_program_without_room_for_a_thread_is_told_so() {
    let desk = Desk::new("background-no-thread", 30_000);
    assert!(desk.said_in_background(&["no_thread"]).contains("fine"));
}

#[test]
fn no_thread_keeps_the_processor_busy_once_its_call_is_done() {
    let desk = Desk::new("background-idle", 30_000);
    let said = desk.said_in_background(&["idle"]);
    let spent = said.split(' ').nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap();
    assert!(spent < 20_000, "a second of doing nothing took {spent} microseconds of the processor");
}

#[test]
fn the_background_example_ticks_while_it_charges_and_ends_as_recover_does() {
    let desk = Desk::new("background-example", 30_000);
    desk.slow(RECHARGE, 3_000, When::Before);
    let said = desk.expect("background", &["order.txt"], 0, "charged, once");
    let ticks = said.lines().find_map(|line| line.strip_prefix("the window went on for ")).unwrap();
    assert!(ticks.split(' ').next().unwrap().parse::<u32>().unwrap() > 10, "{said}");
    desk.expect("recover", &["order.txt"], 0, "this is what became of an earlier call");
    desk.expect("background", &["order.txt", "10001", "99.00"], 2, "DUPLICATE_ORDER");
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (1, "300.00"));
    // Closed by its user: what it was about is found by the next.
    desk.slow(RECHARGE, 20_000, When::After);
    let mut child = desk.command("background", &["closed.txt"]).stdout(Stdio::null()).spawn().unwrap();
    until("it is booked", || desk.orders().len() == 2);
    child.kill().unwrap();
    child.wait().unwrap();
    desk.expect("background", &["closed.txt"], 0, "charged, once");
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (2, "400.00"));
}
