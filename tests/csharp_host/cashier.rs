//! The sample cashier program: what it prints, how it ends, and what the platforms' books say.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use hislink_sandbox::glory::roster;
use hislink_sandbox::{Fault, FaultKind, When};

use super::desk::{CANCEL, DEDUCT, Desk, QUERY, RECHARGE};
use super::mono;

fn cashier(desk: &Desk, arguments: &[&str]) -> Command {
    mono(desk, "bindings/csharp/Cashier.cs", arguments)
}

/// Runs it to its end, which must be that code, and gives what it printed.
fn expect(desk: &Desk, arguments: &[&str], code: i32, texts: &[&str]) -> String {
    let output = cashier(desk, arguments).output().unwrap();
    let mut said = String::from_utf8(output.stdout).unwrap();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    for text in texts {
        assert!(said.contains(text), "{arguments:?}: no {text} in {said}");
    }
    said
}

/// The same, with the faults cleared as soon as it says that something is not known.
fn expect_after_trouble(desk: &Desk, arguments: &[&str], texts: &[&str]) {
    expect_while(desk, arguments, texts, |line| {
        if line.contains("not known yet, asking again") {
            desk.sandbox.clear_faults();
        }
    });
}

/// The same, with each line looked at when it is printed.
fn expect_while(desk: &Desk, arguments: &[&str], texts: &[&str], mut look: impl FnMut(&str)) {
    let mut child = cashier(desk, arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        look(&line);
        said.push_str(&line);
        said.push('\n');
    }
    assert!(child.wait().unwrap().success() && said.contains("> not known yet, asking again\n"), "{said}");
    for text in texts {
        assert!(said.contains(text), "no {text} in {said}");
    }
}

/// An argument with the number of a card that is on the roster.
fn cert_no() -> String {
    format!("certNo={}", roster::row(1).cert_no)
}

#[test]
#[ignore = "needs mcs and mono"]
fn the_whole_way_and_once_more() {
    let desk = Desk::new("cashier-plain", 5_000);
    let arguments = ["bill.txt", "amount=50.00", &cert_no()];
    let all = [
        "> account of \u{5f20}\u{4e09}, balance 200.00\n",
        "> charged 50.00, balance 250.00: print the receipt of OC",
        "of \u{5f20}\u{4e09}, balance 250.00\n",
        "sync: 1200 cards came, up to record 1200\n",
        "> the fee is reduced by 10.00: take the rest of 25.50\n",
    ];
    expect(&desk, &arguments, 0, &all);
    let bill = fs::read_to_string(desk.folder.join("bill.txt")).unwrap();
    let again = [
        "balance 250.00, by an earlier call: print the receipt of OC",
        "reduction from before: Succeeded OK",
        "> the fee is reduced by 10.00: take the rest of 25.50\n",
    ];
    // The reduction is asked about by its number: the roster need not have the card any more.
    assert!(!expect(&desk, &arguments, 0, &again).contains("sync"));
    assert_eq!(fs::read_to_string(desk.folder.join("bill.txt")).unwrap(), bill);
    let number = desk.orders()[0]["outChargeNo"].as_str().unwrap().to_owned();
    assert!(bill.contains(&format!("orderNo={number}\n")), "{bill}");
    assert_eq!((desk.orders().len(), desk.balance().as_str(), desk.requests(RECHARGE)), (1, "250.00", 1));
    assert_eq!((desk.sandbox.deductions().len(), desk.requests(DEDUCT)), (1, 1));

    // Taken back, and once more.
    let [bill, amount, card] = arguments;
    for _ in 0..2 {
        expect(&desk, &[bill, amount, card, "cancel=yes"], 0, &["> the reduction was taken back"]);
    }
    assert_eq!((desk.sandbox.deductions()[0].status, desk.requests(CANCEL)), ("0", 1));
    expect(&desk, &["bill.txt", "amount=51.00"], 2, &["this bill's number stands for other content"]);
    expect(&desk, &["other.txt", "certNo=11010519491231002X"], 0, &["> no card of 11010519491231002X"]);
}

#[test]
#[ignore = "needs mcs and mono"]
fn a_lost_answer_is_settled_by_the_library() {
    let desk = Desk::new("cashier-lost", 5_000);
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    expect(&desk, &["bill.txt"], 0, &["> charged 100.00: print the receipt of OC"]);
    assert_eq!((desk.orders().len(), desk.balance().as_str(), desk.requests(RECHARGE)), (1, "300.00", 1));
}

#[test]
#[ignore = "needs mcs and mono"]
fn what_nobody_knows_is_asked_again_under_the_same_number() {
    let desk = Desk::new("cashier-unknown", 1_500);
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
    let told =
        ["recharge: Unknown BAD_ANSWER", "recharge: Succeeded OK", "by an earlier call: print the receipt of OC"];
    expect_after_trouble(&desk, &["bill.txt"], &told);
    assert_eq!((desk.orders().len(), desk.balance().as_str(), desk.requests(RECHARGE)), (1, "300.00", 1));

    // The library's own two tries are lost; the same again is known to the platform.
    desk.sandbox.set_fault(Fault::from(FaultKind::DropAfter).only(DEDUCT));
    expect_after_trouble(&desk, &["bill.txt", &cert_no()], &["deduct: Unknown", "> the fee is reduced by 10.00"]);
    assert_eq!(desk.sandbox.deductions().len(), 1);
}

#[test]
#[ignore = "needs mcs and mono"]
fn a_store_that_breaks_in_between_is_no_end() {
    let desk = Desk::new("cashier-store", 1_500);
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
    let store = rusqlite::Connection::open(desk.folder.join("store.db")).unwrap();
    let told = ["recharge: Unknown", "recharge: Rejected STORE_FAILED", "recharge: Succeeded OK", "> charged 100.00"];
    let mut held = false;
    expect_while(&desk, &["bill.txt"], &told, |line| {
        // Another program holds the store, longer than the library waits.
        if line.contains("not known yet, asking again") && !held {
            store.execute_batch("BEGIN IMMEDIATE").unwrap();
            held = true;
        }
        if line.contains("recharge: Rejected") {
            store.execute_batch("ROLLBACK").unwrap();
            desk.sandbox.clear_faults();
        }
    });
    assert_eq!((desk.orders().len(), desk.balance().as_str(), desk.requests(RECHARGE)), (1, "300.00", 1));
}

#[test]
#[ignore = "needs mcs and mono"]
fn what_stays_unknown_is_told_and_settled_at_the_next_start() {
    let desk = Desk::new("cashier-open", 3_000);
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
    let open = expect(&desk, &["bill.txt"], 3, &["> nobody knows yet whether OC"]);
    assert!(open.contains("hand out nothing, take no money again") && !open.contains("receipt"), "{open}");
    desk.sandbox.clear_faults();
    let settled =
        ["from before, OC", "hop.trade.recharge: Succeeded OK", "by an earlier call: print the receipt of OC"];
    expect(&desk, &["bill.txt"], 0, &settled);
    assert_eq!((desk.orders().len(), desk.balance().as_str(), desk.requests(RECHARGE)), (1, "300.00", 1));
}

#[test]
#[ignore = "needs mcs and mono"]
fn killed_while_it_waits_it_charges_once() {
    let desk = Desk::new("cashier-killed", 30_000);
    desk.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds: 30_000, when: When::After }).only(RECHARGE));
    let mut child = cashier(&desk, &["bill.txt"]).stdout(Stdio::null()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    while desk.orders().is_empty() {
        assert!(Instant::now() < until, "it never came so far");
        thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().code(), None);
    let told = ["from before, OC", "hop.trade.recharge: Succeeded OK", "by an earlier call: print the receipt of OC"];
    expect(&desk, &["bill.txt"], 0, &told);
    assert_eq!((desk.orders().len(), desk.balance().as_str(), desk.requests(RECHARGE)), (1, "300.00", 1));
}

#[test]
#[ignore = "needs mcs and mono"]
fn where_the_store_is_lost_the_platform_decides() {
    let desk = Desk::new("cashier-store-lost", 3_000);
    let lose_store = || fs::remove_file(desk.folder.join("store.db")).unwrap();
    desk.sandbox.set_fault(Fault::once(FaultKind::DropAfter).only(RECHARGE));
    desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
    expect(&desk, &["bill.txt"], 3, &["> nobody knows yet whether OC"]);
    lose_store();
    // A question that fails tells nothing of the money, and nothing is sent under that number.
    let open = expect(&desk, &["bill.txt"], 3, &["> nobody knows yet whether OC"]);
    assert!(!open.contains("nothing was charged"), "{open}");
    desk.sandbox.clear_faults();
    desk.sandbox.set_fault(Fault::once(FaultKind::WrongSign).only(QUERY));
    expect(&desk, &["bill.txt"], 3, &["> nobody knows yet whether OC"]);
    desk.sandbox.clear_faults();
    // Another amount than this bill's is none of its own.
    expect(&desk, &["bill.txt", "amount=99.00"], 3, &["> nobody knows yet whether OC"]);
    expect(&desk, &["bill.txt", "amount=100"], 0, &["> charged 100, by an earlier call: print the receipt of OC"]);
    assert_eq!((desk.orders().len(), desk.balance().as_str(), desk.requests(RECHARGE)), (1, "300.00", 1));

    // A reduction is sent again, and the platform knows it.
    expect(&desk, &["next.txt", "amount=1.00", &cert_no()], 0, &["> the fee is reduced"]);
    lose_store();
    let known = ["by an earlier call", "reduction from before: Rejected", "deduct: Succeeded", "> the fee is reduced"];
    expect(&desk, &["next.txt", "amount=1.00", &cert_no()], 0, &known);
    lose_store();
    let refuse = FaultKind::Refuse { resp_code: "0".into(), resp_msg: "again".into(), when: When::Before };
    desk.sandbox.set_fault(Fault::once(refuse).only(DEDUCT));
    for _ in 0..2 {
        let told = expect(&desk, &["next.txt", "amount=1.00", &cert_no()], 3, &["> ask its people whether GD"]);
        assert!(!told.contains("whole fee"), "{told}");
    }
    assert_eq!((desk.sandbox.deductions().len(), desk.orders().len()), (1, 2));

    // Never sent: it is, once the platform has said twice that it knows no such order.
    fs::write(desk.folder.join("third.txt"), "orderNo=OC1\n").unwrap();
    let asked = desk.requests(QUERY);
    expect(&desk, &["third.txt", "amount=1.00"], 0, &["it may be on its way", "print the receipt of OC1"]);
    assert_eq!((desk.requests(QUERY) - asked, desk.orders().len()), (2, 3));
}

#[test]
#[ignore = "needs mcs and mono"]
fn refusals_and_wrong_input_are_told() {
    let desk = Desk::new("cashier-refused", 5_000);
    expect(&desk, &["bill.txt", "card=99999"], 1, &["> the account cannot be shown"]);
    let refuse = || FaultKind::Refuse { resp_code: "200205".into(), resp_msg: "closed".into(), when: When::Before };
    desk.sandbox.set_fault(Fault::once(refuse()).only(RECHARGE));
    expect(&desk, &["bill.txt"], 1, &["recharge: Failed PLATFORM_REFUSED", "> give the money back, or start again"]);
    expect(&desk, &["bill.txt"], 1, &["> this number is refused for good"]);
    expect(
        &desk,
        &["next.txt", "amount=1.005"],
        2,
        &["BAD_FIELD", "(/param/chargeAmt)", "> this call charged nothing"],
    );
    desk.sandbox.set_fault(Fault::once(refuse()).only(DEDUCT));
    expect(&desk, &["last.txt", "amount=1.00", &cert_no()], 1, &["> not reduced, the patient pays the whole fee"]);
    expect(&desk, &["bill.txt", "amont=1.00"], 2, &["usage: Cashier"]);
    // Where the bill's number cannot be kept, nothing is sent.
    expect(&desk, &["no-such-folder/bill.txt"], 2, &["the bill cannot be kept, nothing was sent for it"]);
    assert_eq!((desk.orders().len(), desk.balance().as_str(), desk.requests(RECHARGE)), (1, "201.00", 2));
    assert_eq!(desk.sandbox.deductions().len(), 0);
}

#[test]
#[ignore = "needs mcs and mono"]
fn a_missing_library_and_a_missing_journal_are_told() {
    let desk = Desk::new("cashier-missing", 5_000);
    let mut command = cashier(&desk, &["bill.txt"]);
    let output = command.env("LD_LIBRARY_PATH", &desk.folder).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("the library is not there"));

    desk.keep(5_000, "none");
    expect(&desk, &["bill.txt"], 2, &["journal: Rejected BAD_SETTINGS"]);
    assert_eq!(desk.requests(RECHARGE), 0);
}
