//! What desktop programs do to the library, and what they do wrong, by C programs of `tests/c`: the same on Linux as on
//! Windows, through Wine.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use hislink_sandbox::{Fault, FaultKind, Options, Sandbox, When};

/// What the programs run on.
pub trait Machine {
    /// The program of that name in `tests/c`, ready to run.
    fn program(&self, name: &str) -> Command;
    /// A folder of this machine that is empty at first.
    fn folder(&self, name: &str) -> PathBuf;
    /// How a program names a file of that folder.
    fn name_of(&self, file: &Path) -> String;
    /// How a program names the library to load it.
    fn library(&self) -> String;
}

/// A platform, and a machine that reaches it.
struct Scene<'m> {
    machine: &'m dyn Machine,
    sandbox: Sandbox,
    folder: PathBuf,
}

impl<'m> Scene<'m> {
    fn new(machine: &'m dyn Machine, name: &str) -> Self {
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let folder = machine.folder(name);
        std::fs::copy(sandbox.ca_file(), folder.join("ca.pem")).unwrap();
        Self { machine, sandbox, folder }
    }

    fn name_of(&self, file: &str) -> String {
        self.machine.name_of(&self.folder.join(file))
    }

    fn ended(&self, program: &str, arguments: &[&str]) -> Output {
        self.machine.program(program).args(arguments).output().unwrap()
    }

    /// What a program that must succeed has printed.
    fn run(&self, program: &str, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.ended(program, arguments);
        let [said, complained] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        assert!(status.success(), "{program} {arguments:?}: {status}\n{said}{complained}");
        said
    }

    /// The balance of the account that the programs charge; it begins with 200.00.
    fn balance(&self) -> String {
        let accounts = self.sandbox.accounts();
        accounts.iter().find(|account| account.card.card_no == "10001").unwrap().balance.to_string()
    }
}

/// Stdcall, GBK and UTF-16, buffers of blanks, a balanced stack; what callers do wrong is answered.
pub fn old_hosts_call_in_their_ways(machine: &dyn Machine) {
    let scene = Scene::new(machine, "desktop");
    let said = scene.run("desktop", &[&scene.sandbox.http_url(), &scene.name_of("desktop.db")]);
    assert!(said.contains("desktop: fine"), "{said}");
    // Four times 12.34.
    assert_eq!(scene.balance(), "249.36");
}

/// A thousand rounds of load, configure, HTTPS, unload.
pub fn it_is_loaded_and_unloaded_a_thousand_times(machine: &dyn Machine) {
    let scene = Scene::new(machine, "load_unload");
    let [ca, store] = ["ca.pem", "load_unload.db"].map(|file| scene.name_of(file));
    let said = scene.run("load_unload", &[&machine.library(), &scene.sandbox.https_url(), &ca, &store, "1000"]);
    assert!(said.contains("load_unload: 1000 rounds"), "{said}");
}

/// The current directory, environment, locale, signals and exception filter are as they were.
pub fn the_host_is_left_as_it_was(machine: &dyn Machine) {
    let scene = Scene::new(machine, "left_as_it_was");
    let changed = scene.ended("left_as_it_was", &["changed"]);
    assert_eq!(changed.status.code(), Some(1), "the program must find a change");
    let [ca, store] = ["ca.pem", "left_as_it_was.db"].map(|file| scene.name_of(file));
    let said = scene.run("left_as_it_was", &[&scene.sandbox.http_url(), &scene.sandbox.https_url(), &ca, &store]);
    assert!(said.contains("left_as_it_was: fine"), "{said}");
}

/// Every floating-point exception unmasked, through every function, TLS, SQLite and the ciphers.
pub fn floating_point_exceptions_stay_with_the_host(machine: &dyn Machine) {
    let scene = Scene::new(machine, "float_control");
    // It dies of it: the proof that the exceptions are on.
    let trapped = scene.ended("float_control", &["trap"]);
    assert!(!trapped.status.success() && !String::from_utf8_lossy(&trapped.stdout).contains("went through"));
    let [ca, store] = ["ca.pem", "float_control.db"].map(|file| scene.name_of(file));
    let said = scene.run("float_control", &[&scene.sandbox.https_url(), &ca, &store]);
    assert!(said.contains("float_control: fine"), "{said}");
    assert_eq!(scene.balance(), "200.10");
}

/// Calls that are started and fetched later, while the host goes on.
pub fn calls_in_the_background(machine: &dyn Machine) {
    let scene = Scene::new(machine, "tickets");
    let slow = FaultKind::Delay { milliseconds: 2000, when: When::Before };
    scene.sandbox.set_fault(Fault::from(slow).only("hop.account.info"));
    let said = scene.run("tickets", &[&scene.sandbox.http_url(), &scene.name_of("tickets.db")]);
    assert!(said.contains("tickets: fine"), "{said}");
}

/// 64 threads at once; and a program that ends in their midst without a word.
pub fn sixty_four_threads_call_at_once(machine: &dyn Machine) {
    let scene = Scene::new(machine, "many_threads");
    let (http, https) = (scene.sandbox.http_url(), scene.sandbox.https_url());
    let [ca, store] = ["ca.pem", "many_threads.db"].map(|file| scene.name_of(file));
    let said = scene.run("many_threads", &[&http, &https, &ca, &store]);
    assert!(said.contains("many_threads: fine"), "{said}");
    // 64 times 1.00.
    assert_eq!(scene.balance(), "264.00");
    for _ in 0..5 {
        let begun = Instant::now();
        let said = scene.run("many_threads", &[&http, &https, &ca, &store, "leave"]);
        assert!(said.contains("many_threads: leaving"), "{said}");
        assert!(begun.elapsed() < Duration::from_secs(20), "it hung at its end");
    }
}
