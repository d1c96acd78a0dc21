//! The store: opened, and tried with an entry that is written, read and taken away, as each movement of money is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::row::{Advice, Row};
use crate::bookkeeping;
use crate::clock;
use crate::late::{self, Begun};
use crate::order_no;
use crate::reply::{Error, Words, words};
use crate::settings::Profile;
use crate::store::{Begun as Entered, EntryFilter, EntryKey, EntryKind, EntryState, Intent, Outcome, Store};

const NAME: &str = "store";

/// Whose entry is tried: no appId or orgCode.
const ACCOUNT: &str = "hislink selftest";

/// How many open entries are counted.
const COUNTED: u32 = 1000;

/// How far a database's clock may differ, in milliseconds.
const TOLERATED: i64 = 60_000;

/// The check, under way on a thread of its own: a database or a disk takes as long as it likes.
#[derive(Debug)]
pub struct Trial {
    begun: Instant,
    work: Option<Begun<Row>>,
}

/// Begins the check.
pub fn begin(profile: &Arc<Profile>) -> Trial {
    let begun = Instant::now();
    let profile = Arc::clone(profile);
    let work = late::begin("hislink selftest", move || row(&profile).since(begun)).ok();
    Trial { begun, work }
}

impl Trial {
    /// The check's end, waited for until `deadline`.
    pub fn end(self, deadline: Instant) -> Row {
        let limit = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        self.work.and_then(|work| work.end(limit).ok()).unwrap_or_else(|| {
            let words = words!("存储没有在时限内应答", "the store did not answer in time");
            Row::failed(NAME, words, ADVICE).since(self.begun)
        })
    }
}

const ADVICE: Advice = (
    "文件：给运行程序的 Windows 用户对该目录的写权限，腾出磁盘空间，或把 store 设到别的本地目录（不要放网络盘）；数据库：核对地址、用户、密码和防火墙。存储不能用时收费会被拒绝",
    "a file: let the Windows user who runs the program write to that folder, free disk space, or set store to another local folder (no network drive); a database: check address, user, password and firewall. Without a store every charge is rejected",
);

fn row(profile: &Profile) -> Row {
    if !profile.location.keeps() {
        return Row::warning(
            NAME,
            words!("store 为 none：资金往来不记流水", "store is none: movements of money are not journalled"),
            (
                "正式收费请设为 sqlite:路径 或 postgres://…：否则重复的订单号认不出来，断电后也无从核对",
                "set it to sqlite:PATH or postgres://... before real money is moved: otherwise repeated order numbers are not seen, and nothing is known after a crash",
            ),
        );
    }
    match tried(profile) {
        Ok(row) => row,
        Err(error) => Row::failed(NAME, error.details().words.clone(), ADVICE),
    }
}

fn tried(profile: &Profile) -> Result<Row, Error> {
    let store = profile.store()?;
    let place = profile.location.name().unwrap_or_default();
    if !keeps(&*store, &profile.name)? {
        let words = words!("{place} 写入后读不回来", "what was written to {place} cannot be read back");
        return Ok(Row::failed(NAME, words, ADVICE));
    }
    let ahead = (clock::millisecond() - store.now()?) / 1000;
    if (ahead * 1000).abs() > TOLERATED {
        return Ok(Row::warning(
            NAME,
            words!(
                "{place} 可读写，但数据库服务器的时钟与本机相差 {ahead} 秒",
                "{place} works, but the database server's clock is {ahead} s off this machine's"
            ),
            ("校准两台机器的时间", "set both machines' clocks"),
        ));
    }
    Ok(Row::ok(NAME, found(&place, open_entries(profile)?)))
}

fn found(place: &str, open: usize) -> Words {
    match open {
        0 => words!("{place} 可读写，流水里没有未了结的单子", "{place} works; nothing in the journal is open"),
        _ => words!(
            "{place} 可读写；流水里有 {open} 笔未了结，可用 journal_list 查看、journal_resolve 了结",
            "{place} works; {open} entries of the journal are open: see journal_list, settle with journal_resolve"
        ),
    }
}

/// Writes an entry, reads it, and takes it away; tells whether it was there.
fn keeps(store: &dyn Store, profile: &str) -> Result<bool, Error> {
    let key = EntryKey { kind: EntryKind::Order, account: ACCOUNT.to_owned(), number: order_no::next("ST")? };
    let intent = Intent {
        key: key.clone(),
        service: "selftest".to_owned(),
        profile: profile.to_owned(),
        content: String::new(),
        fen: None,
        param: Vec::new(),
        lease: Duration::from_secs(1),
    };
    let Entered::New(claim) = store.begin_entry(&intent)? else { return Ok(false) };
    let read = store.find_entry(&key);
    let nothing = Outcome { state: EntryState::Unsent, code: String::new(), outcome: Vec::new() };
    store.settle_entry(&key, Some(claim), &nothing)?;
    store.forget_entries(EntryKind::Order, ACCOUNT, i64::MAX)?;
    Ok(read?.is_some_and(|entry| entry.service == intent.service))
}

fn open_entries(profile: &Profile) -> Result<usize, Error> {
    let states = vec![EntryState::Sending, EntryState::Unknown, EntryState::Pending];
    let mut open = 0;
    for (journal, kinds) in bookkeeping::journals(profile)? {
        let accounts = kinds.iter().map(|kind| (*kind, journal.account().to_owned())).collect();
        let filter = EntryFilter { accounts, states: states.clone(), since: 0, until: i64::MAX, limit: COUNTED };
        open += journal.list(&filter)?.len();
    }
    Ok(open)
}
