//! The store: opened, and tried with an entry that is written, read and taken away, as each movement of money is.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::row::{Finding, Rows, told};
use crate::bookkeeping;
use crate::clock;
use crate::late::{self, Begun};
use crate::order_no;
use crate::reply::{Code, Error, Status, words};
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
    work: Option<Begun<Rows>>,
}

/// Begins the check, whose row goes to `rows`.
pub fn begin(profile: &Arc<Profile>, mut rows: Rows) -> Trial {
    let begun = Instant::now();
    let profile = Arc::clone(profile);
    let work = move || {
        check(&profile, &mut rows, begun);
        rows
    };
    Trial { begun, work: late::begin("hislink selftest", work).ok() }
}

impl Trial {
    /// Adds the check, waited for until `deadline`.
    pub fn end(self, deadline: Instant, rows: &mut Rows) {
        let limit = deadline.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        match self.work.and_then(|work| work.end(limit).ok()) {
            Some(found) => rows.list.extend(found.list),
            None => {
                let late = words!("存储没有在时限内应答", "the store did not answer in time");
                rows.since(self.begun).add_words(NAME, Finding::Failed, &late, ADVICE);
            }
        }
    }
}

const ADVICE: &str = told!(
    "文件：目录要先建好，运行程序的用户要能写，磁盘要有空间，不要放网络盘；数据库：核对地址、用户、密码和防火墙。存储不能用，收费会被拒绝",
    "a file: make the folder, let the user who runs the program write there, free disk space, take no network drive; a database: check address, user, password and firewall. Without a store every charge is rejected"
);

fn check(profile: &Profile, rows: &mut Rows, begun: Instant) {
    if !profile.location.keeps() {
        rows.add(
            NAME,
            Finding::Warning,
            told!(
                "store 为 none：资金往来不记流水",
                "store is none: movements of money are not journalled",
                "正式收费前设为 sqlite:路径 或 postgres://…：否则认不出重复的订单号，断电后无从核对",
                "set sqlite:PATH or postgres://... before real money is moved: otherwise repeated order numbers are not seen, and nothing is known after a crash"
            ),
            "",
        );
    } else if let Err(error) = tried(profile, rows, begun) {
        rows.since(begun).add_words(NAME, Finding::Failed, &error.details().words, ADVICE);
    }
}

fn tried(profile: &Profile, rows: &mut Rows, begun: Instant) -> Result<(), Error> {
    let store = profile.store()?;
    let place = profile.location.name().unwrap_or_default();
    keeps(&*store, &profile.name)?;
    let off = clock::millisecond() - store.now()?;
    if off.abs() > TOLERATED {
        let told = told!(
            "{} 可读写，但数据库的时钟与本机相差一分钟以上",
            "{} works, but the database's clock is more than a minute off this machine's",
            "校准两台机器的时间",
            "set both machines' clocks"
        );
        rows.add(NAME, Finding::Warning, told, &place);
        return Ok(());
    }
    let open = open_entries(profile)?;
    let rows = rows.since(begun);
    match open {
        0 => rows.add(NAME, Finding::Ok, told!("{} 可读写", "{} works"), &place),
        open => {
            let told = told!(
                "{} 笔未了结：用 journal_list 查看，journal_resolve 了结；存储可读写",
                "{} entries of the journal are open: see journal_list and journal_resolve. The store works"
            );
            rows.add(NAME, Finding::Ok, told, &open.to_string())
        }
    };
    Ok(())
}

/// Writes an entry, reads it, and takes it away.
fn keeps(store: &dyn Store, profile: &str) -> Result<(), Error> {
    let key = EntryKey { kind: EntryKind::Order, account: ACCOUNT.to_owned(), number: order_no::next("ST")? };
    let intent = Intent {
        key: key.clone(),
        service: String::new(),
        profile: profile.to_owned(),
        content: String::new(),
        fen: None,
        param: Vec::new(),
        lease: Duration::from_secs(1),
    };
    let lost = || {
        let words = words!("写入后读不回来", "what was written cannot be read back");
        Error::new(Status::Rejected, Code::StoreFailed, words)
    };
    let Entered::New(claim) = store.begin_entry(&intent)? else { return Err(lost()) };
    let read = store.find_entry(&key);
    let nothing = Outcome { state: EntryState::Unsent, code: String::new(), outcome: Vec::new() };
    store.settle_entry(&key, Some(claim), &nothing)?;
    store.forget_entries(EntryKind::Order, ACCOUNT, i64::MAX)?;
    read?.map(|_| ()).ok_or_else(lost)
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
