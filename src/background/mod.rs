//! Calls on threads of their own, for hosts that must not freeze: each has a ticket, by which its reply is fetched.
//!
//! A call's thread ends with the call. Nothing waits for it when the process ends: what it was about is then in the journal
//! as after a crash.

mod ledger;

use std::io;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{process, thread};

use crate::reply::{self, Code, Error, Language, Status, words};
use crate::settings::registry;
use ledger::{Found, Ledger, MOST};

/// What a call does on its thread: it gives the reply, and does not panic.
pub type Work = Box<dyn FnOnce() -> String + Send>;

/// The stack of a call's thread. TLS, SQLite and JSON 128 deep take less than a quarter of it, also in a debug build; 64 of
/// them must find room in a 32-bit program.
const STACK: usize = 1024 * 1024;

static LEDGER: Mutex<Ledger> = Mutex::new(Ledger::new());
/// Told whenever a reply has come.
static SETTLED: Condvar = Condvar::new();

/// The calls of this process; of its parent's a forked child has the tickets, but not the threads.
fn ledger() -> MutexGuard<'static, Ledger> {
    let mut ledger = LEDGER.lock().unwrap_or_else(PoisonError::into_inner);
    ledger.belong_to(process::id());
    ledger
}

/// Starts a call, and gives its ticket; 0 where as many as may be are under way. `language` is that of messages about it.
///
/// Where no thread can be started, the ticket's reply says so.
pub fn start(language: Language, work: Work) -> i64 {
    let Some(ticket) = ledger().open(language) else { return 0 };
    let run = move || settle(ticket, work());
    if let Err(error) = thread::Builder::new().name("hislink call".to_owned()).stack_size(STACK).spawn(run) {
        settle(ticket, told(&not_started(&error), language));
    }
    ticket
}

fn settle(ticket: i64, reply: String) {
    ledger().settle(ticket, reply);
    SETTLED.notify_all();
}

/// The reply of a ticket's call, which is told once. While the call is under way after so many milliseconds (below zero:
/// waits as long as it takes), a reply that says so.
///
/// A ticket that is none, or whose reply was told, has the reply `BAD_FIELD` (rejected).
pub fn wait(ticket: i64, milliseconds: i32) -> String {
    let until = u64::try_from(milliseconds).ok().map(|limit| Instant::now() + Duration::from_millis(limit));
    let mut ledger = ledger();
    loop {
        let language = match ledger.take(ticket) {
            Found::Reply(reply) => return reply,
            Found::UnderWay(language) => language,
            Found::Nothing => break,
        };
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        ledger = match left {
            None => SETTLED.wait(ledger).unwrap_or_else(PoisonError::into_inner),
            Some(Duration::ZERO) => return under_way(ticket, language),
            Some(left) => SETTLED.wait_timeout(ledger, left).unwrap_or_else(PoisonError::into_inner).0,
        };
    }
    drop(ledger);
    told(&no_such(ticket), registry::find("default").map(|profile| profile.language).unwrap_or_default())
}

fn told(error: &Error, language: Language) -> String {
    reply::of_error(error, None, language)
}

fn under_way(ticket: i64, language: Language) -> String {
    let words = words!("操作仍在进行", "the call is still under way");
    let pending = Error::new(Status::Pending, Code::Ok, words).with_data(|data| {
        data.raw("ticket", &ticket.to_string()).bool("underWay", true);
    });
    told(&pending, language)
}

fn no_such(ticket: i64) -> Error {
    let words = match ticket {
        0 => words!(
            "没有取得票号：已有 {MOST} 个操作在进行，或其应答尚未取走；这次操作没有执行",
            "no ticket was given: {MOST} calls are under way, or their replies not fetched; this call was not run"
        ),
        _ => words!(
            "票号 {ticket} 无效：应答已被取走（只给一次），或不是 hislink_start 在本进程中给出的",
            "ticket {ticket} is not valid: its reply was fetched, which is given once, or hislink_start did not give it in this process"
        ),
    };
    Error::field("/ticket", words)
}

fn not_started(error: &io::Error) -> Error {
    let words = words!(
        "无法为这次操作启动线程（{error}）；操作没有执行，请稍后再试",
        "no thread can be started for this call ({error}); it was not run, try again later"
    );
    Error::new(Status::Rejected, Code::Internal, words)
}
