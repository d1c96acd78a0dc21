//! The sample window, driven on a screen that nobody sees.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use hislink_sandbox::{Fault, FaultKind, When};

use super::compiler::program;
use super::desk::{Desk, QUERY, RECHARGE};

/// An X server without a screen; it ends with the test.
struct Screen {
    server: Child,
    display: String,
}

impl Screen {
    fn new() -> Self {
        let mut command = Command::new("Xvfb");
        // Without -noreset it begins anew when its last client goes, and refuses the next one meanwhile.
        command.args(["-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset"]);
        let mut server = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run Xvfb: {error}; install xvfb"));
        let mut number = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "Xvfb gives no display");
        Self { server, display: format!(":{}", number.trim()) }
    }

    /// What the window says at the end; how often it ticked, and the longest that it stood still, in milliseconds.
    fn drive(&self, desk: &Desk, how: &str) -> (u64, u64, String) {
        let windows =
            ["-r:System.Windows.Forms", "-r:System.Drawing", "-main:DriveWindow", "bindings/csharp/Window.cs"];
        let exe = super::compiled_with("tests/csharp/DriveWindow.cs", &windows);
        let mut command = program("mono".as_ref());
        command.arg("--debug").arg(exe).args(["settings.json", "order.txt", how]).current_dir(&desk.folder);
        let output = command.env("LANG", "C.UTF-8").env("DISPLAY", &self.display).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{how}: {said}{}", String::from_utf8_lossy(&output.stderr));
        let (ticks, rest) = said.split_once(" ticks, none later than ").unwrap();
        let (longest, words) = rest.split_once(" ms: ").unwrap();
        (ticks.parse().unwrap(), longest.parse().unwrap(), words.trim().to_owned())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn is_kept(desk: &Desk) -> bool {
    desk.folder.join("order.txt").exists()
}

#[test]
#[ignore = "needs mcs, mono, Mono's Windows Forms and Xvfb"]
fn the_window_stays_alive_and_knows_after_its_end_what_it_had_begun() {
    let screen = Screen::new();
    let desk = Desk::new("csharp-window", 30_000);
    let slow = |milliseconds, when| {
        desk.sandbox.set_fault(Fault::once(FaultKind::Delay { milliseconds, when }).only(RECHARGE))
    };
    slow(6_000, When::Before);
    let (ticks, longest, said) = screen.drive(&desk, "charge");
    assert!(said.starts_with("charged: print the receipt of OC"), "{said}");
    // With the call in the window's thread it would stand still for the six seconds.
    assert!(ticks > 30 && longest < 5_900, "{ticks} ticks, {longest} ms");
    assert!(!is_kept(&desk));
    // Closed while the platform, which has booked, holds its answer back.
    slow(20_000, When::After);
    let (.., said) = screen.drive(&desk, "leave");
    assert!(said.starts_with("asking the platform for OC") && is_kept(&desk), "{said}");
    let (.., said) = screen.drive(&desk, "restart");
    assert!(said.starts_with("charged: print the receipt of OC") && !is_kept(&desk), "{said}");
    assert_eq!((desk.orders().len(), desk.balance().as_str()), (2, "400.00"));
}

#[test]
#[ignore = "needs mcs, mono, Mono's Windows Forms and Xvfb"]
fn the_window_asks_the_platform_for_what_the_journal_does_not_know() {
    let screen = Screen::new();
    let desk = Desk::new("csharp-window-lost", 5_000);
    screen.drive(&desk, "charge");
    // The store is lost, and the number is kept, as by a window that was killed before it told the end.
    let number = desk.orders()[0]["outChargeNo"].as_str().unwrap().to_owned();
    fs::remove_file(desk.folder.join("store.db")).unwrap();
    fs::write(desk.folder.join("order.txt"), &number).unwrap();
    // Nothing is sent under that number, also not by the button, while it cannot be asked for.
    desk.sandbox.set_fault(Fault::from(FaultKind::DropBefore).only(QUERY));
    let (.., said) = screen.drive(&desk, "charge");
    assert!(said.starts_with("nobody knows yet") && is_kept(&desk), "{said}");
    assert_eq!(desk.requests(RECHARGE), 1);
    desk.sandbox.clear_faults();
    let (.., said) = screen.drive(&desk, "restart");
    assert!(said == format!("charged: print the receipt of {number}") && !is_kept(&desk), "{said}");

    // Never sent: the platform must say so twice.
    fs::write(desk.folder.join("order.txt"), "OC1").unwrap();
    let asked = desk.requests(QUERY);
    let (.., said) = screen.drive(&desk, "restart");
    assert!(said.starts_with("nothing was charged: ") && !is_kept(&desk), "{said}");
    assert_eq!((desk.requests(QUERY) - asked, desk.orders().len()), (2, 1));
}
