//! Desks on Windows: the examples, with stores, locks, log files and sockets as Windows has them.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

use hislink_sandbox::glory::roster;
use hislink_sandbox::{Fault, FaultKind, HospitalCheck, Options, Sandbox, When};
use serde_json::{Value, json};

use super::Windows;
use super::desk::{Desk, RECHARGE, listening, one_booked};
use super::desktop::Machine;
use super::postgres_server::PostgresServer;

/// A desk, and the Windows that its programs run on.
struct WindowsDesk<'m> {
    machine: &'m Windows,
    desk: Desk,
}

impl<'m> WindowsDesk<'m> {
    /// Its store is a file of its folder, and it keeps a log there.
    fn new(machine: &'m Windows, name: &str, cards: u64) -> Self {
        let sandbox = Sandbox::start(Options { cards, ..Options::default() }).unwrap();
        let desk = Self { machine, desk: Desk { sandbox, folder: machine.folder(name) } };
        desk.keep(&format!("sqlite:{}", desk.name_of("store.db")));
        desk
    }

    /// Writes the settings down.
    fn keep(&self, store: &str) {
        self.desk.keep(30_000, store);
        let file = self.file("settings.json");
        let mut settings: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        settings["log"] = json!({"dir": self.name_of("log"), "level": "debug", "keepDays": 3});
        fs::write(file, settings.to_string()).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.desk.folder.join(name)
    }

    fn name_of(&self, file: &str) -> String {
        self.machine.name_of(&self.file(file))
    }

    fn recover(&self, order: &str) -> Command {
        let mut command = self.machine.program("recover");
        command.args([self.name_of("settings.json"), self.name_of(order)]);
        command
    }

    fn is_charged_once(&self, order: &str) -> String {
        said(&mut self.recover(order), 0, "charged, once")
    }

    fn glory(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = self.machine.program(name);
        command.args(self.glory_arguments()).args(arguments);
        command
    }

    fn glory_arguments(&self) -> [String; 3] {
        [
            format!("url={}", self.desk.sandbox.glory_url()),
            format!("caFile={}", self.name_of("ca.pem")),
            format!("store={}", self.name_of("store.db")),
        ]
    }

    /// `sync` where the folder for temporary files is gone, as that of a remote session often is.
    fn sync_without_temporary_files(&self, argument: &str) -> Command {
        let program = self.machine.name_of(&self.machine.build("sync")).replace('/', "\\");
        let words = self.glory_arguments().join(" ");
        let mut command = self.machine.wine();
        command.args(["cmd", "/c", &format!("set TMP=Z:\\gone&& set TEMP=Z:\\gone&& {program} {words} {argument}")]);
        command
    }
}

/// What a program says that ends with this code, and says this among it.
fn said(command: &mut Command, code: i32, text: &str) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(code) && said.contains(text), "{command:?}: {}\n{said}", output.status);
    said
}

/// Killed while the platform has booked and its answer is held back, and at moments of every kind.
fn charges_through_kills(desk: &WindowsDesk<'_>) {
    let sandbox = &desk.desk.sandbox;
    let held = FaultKind::Delay { milliseconds: 30_000, when: When::After };
    sandbox.set_fault(Fault::once(held).only(RECHARGE));
    desk.desk.kill_when(&mut desk.recover("order.txt"), one_booked);
    desk.is_charged_once("order.txt");
    assert!(desk.is_charged_once("order.txt").contains("this is what became of an earlier call"));
    for n in 0..8 {
        let order = format!("order-{n}.txt");
        let mut child = desk.recover(&order).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(40 * n));
        child.kill().unwrap();
        child.wait().unwrap();
        desk.is_charged_once(&order);
        assert_eq!(desk.desk.orders().len() as u64, n + 2);
    }
}

pub fn money_survives_what_ends_a_cashiers_program(machine: &Windows) {
    let desk = WindowsDesk::new(machine, "killed", 0);
    charges_through_kills(&desk);
    // Another program's settings may spell the file's name otherwise: who is dead is seen all the same.
    let sandbox = &desk.desk.sandbox;
    sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds: 30_000, when: When::After }).only(RECHARGE));
    desk.desk
        .kill_when(&mut desk.recover("spelt.txt"), |sandbox| sandbox.books()["orders"].as_array().unwrap().len() == 10);
    desk.keep(&format!("sqlite:{}", desk.name_of("store.db").to_uppercase()));
    let before = Instant::now();
    desk.is_charged_once("spelt.txt");
    assert!(before.elapsed() < Duration::from_secs(20), "it waited for a dead program");
    let mut settle = machine.program("settle");
    said(settle.arg(desk.name_of("settings.json")), 0, "open: 0");
    assert_eq!(desk.desk.balance(), "1200.00");
}

pub fn desks_share_a_postgres_store(machine: &Windows) {
    let server = PostgresServer::shared();
    let desk = WindowsDesk::new(machine, "shared", 0);
    desk.keep(&server.url(&server.database()));
    charges_through_kills(&desk);
    // What one desk has charged, another knows.
    let number = fs::read(desk.file("order.txt")).unwrap();
    let other = WindowsDesk::new(machine, "other", 0);
    fs::copy(desk.file("settings.json"), other.file("settings.json")).unwrap();
    fs::write(other.file("order.txt"), number).unwrap();
    assert!(other.is_charged_once("order.txt").contains("this is what became of an earlier call"));
    assert_eq!(desk.desk.orders().len(), 9);
}

pub fn programs_write_one_log_and_old_days_go(machine: &Windows) {
    let desk = WindowsDesk::new(machine, "logged", 0);
    fs::create_dir(desk.file("log")).unwrap();
    fs::write(desk.file("log/hislink-2020-02-03.log"), "old\n").unwrap();
    fs::write(desk.file("log/his.log"), "another program's\n").unwrap();
    // Four programs at once, each with a log of its own open.
    let running: Vec<Child> = (0..4)
        .map(|n| desk.recover(&format!("{n}.txt")).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
        .collect();
    for mut program in running {
        assert!(program.wait().unwrap().success());
    }
    let mut files: Vec<String> = fs::read_dir(desk.file("log"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    let [today, other] = &files[..] else { panic!("{files:?}") };
    assert_eq!(other.as_str().min(today), "his.log");
    let text = fs::read_to_string(desk.file("log").join(today.max(other))).unwrap();
    let recharges = text.lines().filter(|line| line.contains(" onepay_recharge ")).count();
    assert!(recharges >= 8, "{text}");
    for line in text.lines() {
        assert!(line.starts_with("20") && line.len() > 40, "torn: {line}\n{text}");
    }
    assert!(text.ends_with('\n') && !text.contains(desk.desk.sandbox.app_secret()), "{text}");
}

pub fn cards_are_kept_and_the_platform_is_answered(machine: &Windows) {
    let desk = WindowsDesk::new(machine, "cards", 1_700);
    let sandbox = &desk.desk.sandbox;
    fs::copy(sandbox.ca_file(), desk.file("ca.pem")).unwrap();
    said(
        &mut desk.sync_without_temporary_files("expected=1700"),
        0,
        "1700 cards came, the largest record number is 1700",
    );
    let card = roster::row(1);
    let found = said(&mut desk.glory("lookup", &[&format!("certNo={}", card.cert_no)]), 0, "the roster is of 2");
    assert!(found.contains(&card.cert_name), "{found}");
    said(&mut desk.glory("deduct", &["deductionID=D1", "deductionTime=2026-01-01 10:00:00"]), 0, "taken back: D1");

    for (name, file) in [("cert.pem", sandbox.server_cert_file()), ("key.pem", sandbox.server_key_file())] {
        fs::copy(file, desk.file(name)).unwrap();
    }
    let files = [format!("certFile={}", desk.name_of("cert.pem")), format!("keyFile={}", desk.name_of("key.pem"))];
    let (mut child, address) = listening(desk.glory("listen", &["bind=127.0.0.1:0", &files[0], &files[1]]));
    let url = format!("https://{address}/deductCheck");
    let check = HospitalCheck::new(&url, "2026-01-01 00:00:00", "2026-01-01 23:59:59");
    let report = sandbox.check_hospital(&check).unwrap();
    assert_eq!((report.response_flag.as_str(), report.verified, report.rows), ("1", true, 1), "{report:?}");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert!(sandbox.check_hospital(&check).is_err(), "it still listens");
}
