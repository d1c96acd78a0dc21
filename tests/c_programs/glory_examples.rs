//! The glory examples, against a platform in this process.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hislink_sandbox::glory::roster;
use hislink_sandbox::{Fault, FaultKind, HospitalCheck, Options, Sandbox, When};

use super::compiler::program;
use super::desk::listening;
use super::example;

const ALL: &str = "/glorycard/store/all";
const DEDUCT: &str = "/glorycard/store/deduct";

/// A platform, and a hospital's store that begins empty.
struct Hospital {
    sandbox: Sandbox,
    store: PathBuf,
}

impl Hospital {
    fn new(name: &str, cards: u64) -> Self {
        let store = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("glory-example-{name}.db"));
        for end in ["", "-wal", "-shm"] {
            // Only an earlier run left one.
            let _ = fs::remove_file(format!("{}{end}", store.display()));
        }
        Self { sandbox: Sandbox::start(Options { cards, ..Options::default() }).unwrap(), store }
    }

    fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = program(&example(name));
        command.arg(format!("url={}", self.sandbox.glory_url()));
        command.arg(format!("caFile={}", self.sandbox.ca_file().display()));
        command.arg(format!("store={}", self.store.display())).args(arguments);
        command
    }

    /// How an example ends, and what it prints.
    fn run(&self, name: &str, arguments: &[&str]) -> (i32, String) {
        let output = self.command(name, arguments).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    }

    fn expect(&self, name: &str, arguments: &[&str], code: i32, text: &str) -> String {
        let (ended, said) = self.run(name, arguments);
        assert!(
            ended == code && said.contains(text),
            "{name} {arguments:?}: expected {code} and {text}, {ended} {said}"
        );
        said
    }
}

#[test]
fn sync_takes_what_is_new_and_lookup_finds_it() {
    let hospital = Hospital::new("sync", 2_345);
    let card = roster::row(1);
    let present = format!("certNo={}", card.cert_no);
    hospital.expect("lookup", &[&present], 1, "the roster has never been complete");
    hospital.expect("sync", &["expected=2345"], 0, "2345 cards came, the largest record number is 2345");
    hospital.expect("sync", &[], 0, "0 cards came, the largest record number is 2345");
    hospital.sandbox.add_cards(700);
    hospital.expect("sync", &[], 0, "700 cards came, the largest record number is 3045");

    let found = hospital.expect("lookup", &[&present], 0, "the roster is of 2");
    assert!(found.contains(&format!("certName={} certType=0 certNo={}", card.cert_name, card.cert_no)), "{found}");
    hospital.expect("lookup", &["certNo=11010519491231002X"], 1, "no card");
    hospital.expect("lookup", &[&present, "certType=9"], 2, "field=/certType");
    assert_eq!(hospital.run("lookup", &["certNumber=1"]).0, 2);
}

#[test]
fn sync_goes_on_where_it_stopped() {
    let hospital = Hospital::new("resume", 1_700);
    // Once the network is back after a pause, once it is not.
    hospital.sandbox.set_fault(Fault::once(FaultKind::DropBefore).only(ALL));
    hospital.expect("sync", &[], 0, "1700 cards came");
    hospital.sandbox.add_cards(100);
    hospital.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(ALL));
    hospital.expect("sync", &[], 1, "0 cards came; run it again");
    hospital.sandbox.clear_faults();
    hospital.expect("sync", &[], 0, "100 cards came, the largest record number is 1800");
    hospital.expect("sync", &["key=wrong"], 1, "status=failed code=PLATFORM_REFUSED");
    hospital.expect("sync", &["url=ftp://platform"], 2, "field=/glory/url");
}

#[test]
fn deduct_ends_by_what_became_of_it() {
    let hospital = Hospital::new("deduct", 0);
    hospital.expect("deduct", &["deductionID=D1", "deductionTime=2026-01-01 10:00:00"], 0, "taken back: D1");
    hospital.expect("deduct", &["deductionID=D1"], 2, "code=DUPLICATE_ORDER");
    hospital.expect("deduct", &["totalFee=25.5"], 2, "field=/totalFee");
    let refusal = FaultKind::Refuse { resp_code: "1".into(), resp_msg: "额度已用完".into(), when: When::Before };
    hospital.sandbox.set_fault(Fault::once(refusal).only(DEDUCT));
    hospital.expect("deduct", &[], 1, "not reduced");
    hospital.expect("deduct", &["url=http://127.0.0.1:1"], 1, "nothing was sent");
    // The library's own two tries are lost, the program's next is not.
    hospital.sandbox.set_fault(Fault::from(FaultKind::DropAfter).times(2).only(DEDUCT));
    hospital.expect("deduct", &["deductionID=D2"], 0, "deduct: status=unknown");
    let kept: Vec<_> =
        hospital.sandbox.deductions().iter().map(|kept| (kept.upload.deduction_id.clone(), kept.status)).collect();
    assert_eq!(kept, [("D1".to_owned(), "0"), ("D2".to_owned(), "0")]);
}

#[test]
fn deduct_says_how_to_go_on_with_what_is_not_known() {
    let hospital = Hospital::new("unknown", 0);
    hospital.sandbox.set_fault(Fault::from(FaultKind::DropAfter).only(DEDUCT));
    let said = hospital.expect("deduct", &[], 3, "run it again with the same arguments and ");
    hospital.sandbox.clear_faults();
    // `deductionID=... deductionTime="..." cancelTime="..."`: what a shell makes of it.
    let advice = said.rsplit_once("arguments and ").unwrap().1.trim();
    let again: Vec<_> = advice.split("\" ").flat_map(|part| part.splitn(2, " deductionTime")).collect();
    let [id, deducted, cancelled] = again[..] else { panic!("{advice}") };
    let deducted = format!("deductionTime{}", deducted.replace('"', ""));
    hospital.expect("deduct", &[id, &deducted, &cancelled.replace('"', "")], 0, "taken back");
    assert_eq!(hospital.sandbox.deductions().len(), 1);
}

#[test]
fn listen_answers_the_platform_until_its_input_ends() {
    let hospital = Hospital::new("listen", 0);
    hospital.expect("deduct", &["deductionTime=2026-01-01 10:00:00"], 0, "taken back");
    let sandbox = &hospital.sandbox;
    let cert = format!("certFile={}", sandbox.server_cert_file().display());
    let key = format!("keyFile={}", sandbox.server_key_file().display());
    let (mut child, address) = listening(hospital.command("listen", &["bind=127.0.0.1:0", &cert, &key]));

    let url = format!("https://{address}/deductCheck");
    let check = HospitalCheck::new(&url, "2026-01-01 00:00:00", "2026-01-01 23:59:59");
    let report = sandbox.check_hospital(&check).unwrap();
    assert_eq!((report.response_flag.as_str(), report.verified, report.rows), ("1", true, 1), "{report:?}");
    assert!(report.only_here.is_empty() && report.differing.is_empty(), "{report:?}");

    let taken = format!("bind={address}");
    hospital.expect("listen", &[&taken, "seconds=1"], 2, "field=/bind");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(sandbox.check_hospital(&check).is_err(), "it still listens");
    hospital.expect("listen", &[&taken, "seconds=1"], 0, "unlisten: status=succeeded");
}
