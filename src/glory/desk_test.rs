//! The desk between a ledger that breaks or is changed by others, and a platform that says what it is told to.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use super::deduct::{DEDUCT, Desk, Done, Platform};
use super::deduction::Cancellation;
use crate::journal::{Journal, Movement};
use crate::json::Object;
use crate::reply::{Code, Error, Status, words};
use crate::store::{
    Begun, Card, Claim, Deduction, DeductionState as State, Entry, EntryFilter, EntryKey, EntryKind, EntryState,
    Intent, LedgerRow, Outcome, RosterPosition, Store,
};

/// A ledger in memory, which may refuse to be written.
#[derive(Debug, Default)]
struct Ledger {
    rows: Mutex<BTreeMap<String, LedgerRow>>,
    entries: Mutex<BTreeMap<EntryKey, Entry>>,
    broken: Mutex<bool>,
    /// Only the intent of a deduction cannot be written.
    breaks_intents: Mutex<bool>,
    spill: SpillFile,
}

/// The name of a ledger's own spill file. Another's, left behind by a test before this one, would be brought in.
#[derive(Debug)]
struct SpillFile(String);

impl Default for SpillFile {
    fn default() -> Self {
        static LATEST: AtomicUsize = AtomicUsize::new(0);
        let name = format!("desk-{}-{}.jsonl", process::id(), LATEST.fetch_add(1, Ordering::SeqCst));
        let _ = fs::remove_file(Path::new(env!("OUT_DIR")).join(&name));
        Self(name)
    }
}

impl Ledger {
    fn rows(&self) -> Result<MutexGuard<'_, BTreeMap<String, LedgerRow>>, Error> {
        if *self.broken.lock().unwrap() {
            return Err(broken());
        }
        Ok(self.rows.lock().unwrap())
    }

    fn breaks(&self, broken: bool) {
        *self.broken.lock().unwrap() = broken;
    }

    fn state(&self) -> State {
        self.rows.lock().unwrap()["D1"].state.clone()
    }

    fn put(&self, state: State) {
        let row = LedgerRow { deduction: deduction(), state };
        self.rows.lock().unwrap().insert("D1".to_owned(), row);
    }
}

impl Store for Ledger {
    fn roster_position(&self, _: &str) -> Result<RosterPosition, Error> {
        unimplemented!()
    }

    fn add_roster_page(&self, _: &str, _: i64, _: &[Card], _: i64) -> Result<bool, Error> {
        unimplemented!()
    }

    fn roster_complete(&self, _: &str, _: i64) -> Result<(), Error> {
        unimplemented!()
    }

    fn find_cards(&self, _: &str, _: &str, _: &str) -> Result<Vec<Card>, Error> {
        unimplemented!()
    }

    fn intend_deduction(&self, deduction: &Deduction) -> Result<Option<LedgerRow>, Error> {
        if *self.breaks_intents.lock().unwrap() {
            return Err(broken());
        }
        let mut rows = self.rows()?;
        let known = rows.get(&deduction.deduction_id).cloned();
        if known.is_none() {
            let row = LedgerRow { deduction: deduction.clone(), state: State::Intended };
            rows.insert(deduction.deduction_id.clone(), row);
        }
        Ok(known)
    }

    fn find_deduction(&self, _: &str, id: &str) -> Result<Option<LedgerRow>, Error> {
        Ok(self.rows()?.get(id).cloned())
    }

    fn move_deduction(&self, _: &str, id: &str, from: &State, to: &State) -> Result<bool, Error> {
        let mut rows = self.rows()?;
        let Some(row) = rows.get_mut(id).filter(|row| row.state == *from) else { return Ok(false) };
        row.state = to.clone();
        Ok(true)
    }

    fn deductions_between(&self, _: &str, _: &str, _: &str, _: u32) -> Result<Vec<LedgerRow>, Error> {
        unimplemented!()
    }

    fn remember_request(&self, _: &str, _: &str, _: &str, _: i64) -> Result<bool, Error> {
        unimplemented!()
    }

    fn begin_entry(&self, intent: &Intent) -> Result<Begun, Error> {
        drop(self.rows()?);
        let mut entries = self.entries.lock().unwrap();
        if let Some(known) = entries.get(&intent.key) {
            return Ok(Begun::Known(Box::new(known.clone())));
        }
        entries.insert(intent.key.clone(), sending(intent, 1));
        Ok(Begun::New(Claim(1)))
    }

    fn begin_again(&self, seen: &Entry, intent: &Intent) -> Result<Option<Claim>, Error> {
        drop(self.rows()?);
        let mut entries = self.entries.lock().unwrap();
        let entry = entries.get_mut(&seen.key).unwrap();
        if (entry.claim, entry.state) != (seen.claim, seen.state) {
            return Ok(None);
        }
        *entry = sending(intent, seen.sends + 1);
        Ok(Some(entry.claim))
    }

    fn settle_entry(&self, key: &EntryKey, claim: Option<Claim>, outcome: &Outcome) -> Result<bool, Error> {
        drop(self.rows()?);
        let mut entries = self.entries.lock().unwrap();
        let entry = entries.get_mut(key).filter(|entry| Some(entry.claim) == claim);
        Ok(entry.map(|entry| (entry.state, entry.outcome) = (outcome.state, outcome.outcome.clone())).is_some())
    }

    fn find_entry(&self, key: &EntryKey) -> Result<Option<Entry>, Error> {
        Ok(self.entries.lock().unwrap().get(key).cloned())
    }

    fn list_entries(&self, _: &EntryFilter) -> Result<Vec<Entry>, Error> {
        unimplemented!()
    }

    fn now(&self) -> Result<i64, Error> {
        Ok(0)
    }

    fn forget_entries(&self, _: EntryKind, _: &str, _: i64) -> Result<usize, Error> {
        Ok(0)
    }
}

fn broken() -> Error {
    Error::rejected(Code::StoreFailed, "/store", words!("坏了", "broken"))
}

fn sending(intent: &Intent, sends: u32) -> Entry {
    let Intent { key, service, profile, content, fen, param, .. } = intent.clone();
    let (host, code) = ("desk".to_owned(), String::new());
    let claim = Claim(i64::from(sends));
    let state = EntryState::Sending;
    let (begun, sent, changed, outcome) = (0, 0, 0, vec![]);
    Entry {
        key,
        service,
        profile,
        content,
        fen,
        param,
        host,
        process: 1,
        claim,
        sends,
        begun,
        sent,
        changed,
        state,
        code,
        outcome,
    }
}

type Answer = Result<String, Error>;

/// Gives the answers in order, and does something to the ledger while it has the request.
struct Told<'l> {
    answers: RefCell<Vec<Answer>>,
    meanwhile: &'l dyn Fn(),
    asked: Cell<usize>,
}

impl Platform for &Told<'_> {
    fn send(&self, _: &str, _: &Object<'_>, _: Duration) -> Answer {
        self.asked.set(self.asked.get() + 1);
        (self.meanwhile)();
        self.answers.borrow_mut().remove(0)
    }
}

fn deduction() -> Deduction {
    Deduction {
        org_code: "H1".into(),
        cert_type: "1".into(),
        cert_no: "1".into(),
        cert_name: "张".into(),
        deduction_id: "D1".into(),
        total_fee: "2.00".into(),
        deduction_fee: "1.00".into(),
        deduction_time: "2026-11-21 10:00:00".into(),
        glory_type: "1".into(),
        deduction_type: "0".into(),
        remarks: None,
    }
}

fn taken() -> Answer {
    Ok("成功".to_owned())
}

fn refused(said: &str) -> Answer {
    Err(Error::new(Status::Failed, Code::PlatformRefused, words!("拒绝", "refused")).from_platform("0", said))
}

fn lost() -> Answer {
    Err(Error::new(Status::Unknown, Code::BadAnswer, words!("中断", "broken off")))
}

fn unsent() -> Answer {
    Err(Error::new(Status::Failed, Code::ConnectFailed, words!("连不上", "not connected")))
}

/// A journal on that ledger, which brings in what an earlier one had to keep aside.
fn journal(ledger: &Arc<Ledger>) -> Journal {
    Journal::for_test(Arc::<Ledger>::clone(ledger), &ledger.spill.0)
}

fn asks<R>(
    ledger: &Arc<Ledger>,
    answers: Vec<Answer>,
    meanwhile: &dyn Fn(),
    ask: impl FnOnce(&Desk<'_, &Told<'_>>) -> R,
) -> (R, usize) {
    let told = Told { answers: RefCell::new(answers), meanwhile, asked: Cell::new(0) };
    let journal = journal(ledger);
    let desk = Desk { journal: &journal, platform: &told, deadline: Instant::now() + Duration::from_secs(3) };
    let end = ask(&desk);
    (end, told.asked.get())
}

fn deducts(ledger: &Arc<Ledger>, answers: Vec<Answer>, meanwhile: &dyn Fn()) -> Result<Done, Error> {
    asks(ledger, answers, meanwhile, |desk| desk.deduct(&deduction())).0
}

fn cancels(ledger: &Arc<Ledger>, answers: Vec<Answer>, meanwhile: &dyn Fn()) -> Result<Done, Error> {
    let wanted = Cancellation { deduction_id: "D1".to_owned(), time: "2026-11-21 11:00:00".to_owned() };
    asks(ledger, answers, meanwhile, |desk| desk.cancel("H1", &wanted)).0
}

fn end(end: &Result<Done, Error>) -> (Status, Code) {
    match end {
        Ok(_) => (Status::Succeeded, Code::Ok),
        Err(error) => (error.details().status, error.details().code),
    }
}

fn nothing() {}

#[test]
fn nothing_is_sent_that_is_not_written_down() {
    let ledger = Arc::<Ledger>::default();
    ledger.breaks(true);
    let (ended, asked) = asks(&ledger, vec![taken()], &nothing, |desk| desk.deduct(&deduction()));
    assert_eq!((end(&ended), asked), ((Status::Rejected, Code::StoreFailed), 0));
}

#[test]
fn a_store_that_breaks_after_sending_hides_no_answer_and_the_same_call_mends_it() {
    for (answer, expected, mended) in [
        (taken(), (Status::Succeeded, Code::Ok), State::Accepted),
        (refused("余额不足"), (Status::Failed, Code::PlatformRefused), State::Refused("余额不足".into())),
        (unsent(), (Status::Failed, Code::ConnectFailed), State::Intended),
    ] {
        let ledger = Arc::<Ledger>::default();
        let ended = deducts(&ledger, vec![answer.clone()], &|| ledger.breaks(true));
        assert_eq!(end(&ended), expected);
        match ended {
            Ok(done) => assert_eq!(done.unwritten.unwrap().details().code, Code::StoreFailed),
            Err(error) if expected.1 == Code::PlatformRefused => {
                assert_eq!(error.details().platform, Some(("0".to_owned(), "余额不足".to_owned())));
                assert!(error.details().words.en.contains("ledger"), "{error}");
            }
            Err(_) => {}
        }
        ledger.breaks(false);
        assert_eq!(ledger.state(), State::Intended);
        let _ = deducts(&ledger, vec![answer], &nothing);
        assert_eq!(ledger.state(), mended);
    }
    let ledger = Arc::<Ledger>::default();
    ledger.put(State::Accepted);
    let ended = cancels(&ledger, vec![taken()], &|| ledger.breaks(true)).unwrap();
    assert!(ended.unwritten.is_some());
    ledger.breaks(false);
    assert_eq!(ledger.state(), State::Cancelling("2026-11-21 11:00:00".into()));
}

#[test]
fn what_another_program_was_told_meanwhile_is_not_contradicted() {
    // The platform took the other's request and refuses ours, whatever it calls that.
    let ledger = Arc::<Ledger>::default();
    let ended = deducts(&ledger, vec![refused("流水号冲突")], &|| ledger.put(State::Accepted));
    assert_eq!((ended, ledger.state()), (Ok(Done::REPLAYED), State::Accepted));
    // It refused the other's and took ours.
    let ledger = Arc::<Ledger>::default();
    let ended = deducts(&ledger, vec![taken()], &|| ledger.put(State::Refused("不行".into())));
    assert_eq!((end(&ended), ledger.state()), ((Status::Succeeded, Code::Ok), State::Accepted));
    // It was cancelled by another before this call's answer came.
    let ledger = Arc::<Ledger>::default();
    let cancelled = State::Cancelled("2026-11-21 11:00:00".into());
    let ended = deducts(&ledger, vec![taken()], &|| ledger.put(cancelled.clone()));
    assert_eq!((end(&ended), ledger.state()), ((Status::Succeeded, Code::Ok), cancelled.clone()));
    let ledger = Arc::<Ledger>::default();
    ledger.put(State::Accepted);
    let ended = cancels(&ledger, vec![refused("已处理")], &|| ledger.put(cancelled.clone()));
    assert_eq!((ended, ledger.state()), (Ok(Done::REPLAYED), cancelled));
}

/// Runs each case on a thread of its own, since repetitions take their time.
fn each<C: Send>(cases: impl IntoIterator<Item = C>, check: impl Fn(C) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            scope.spawn(|| check(case));
        }
    });
}

#[test]
fn a_lost_request_is_repeated_once_and_stays_unknown_until_the_platform_speaks() {
    let unknown = |code| (Status::Unknown, code);
    let refusal = (Status::Failed, Code::PlatformRefused);
    let cases = [
        (vec![lost(), taken()], (Status::Succeeded, Code::Ok), State::Accepted),
        (vec![lost(), lost()], unknown(Code::BadAnswer), State::Intended),
        (vec![unsent()], (Status::Failed, Code::ConnectFailed), State::Intended),
        // The first may have arrived.
        (vec![lost(), unsent()], unknown(Code::BadAnswer), State::Intended),
        (vec![lost(), refused("证件无效")], refusal, State::Refused("证件无效".into())),
        // The platform may well mean our own first request. Without a lost one it cannot.
        (vec![lost(), refused("流水号重复")], unknown(Code::PlatformRefused), State::Intended),
        (vec![refused("流水号重复")], refusal, State::Refused("流水号重复".into())),
        // It refuses the moment, and says nothing of the first.
        (vec![lost(), refused("系统繁忙，请稍后再试")], unknown(Code::PlatformRefused), State::Intended),
        (vec![lost(), refused("timestamp 与平台时间相差超过 5 分钟")], unknown(Code::PlatformRefused), State::Intended),
        (vec![refused("系统繁忙")], refusal, State::Refused("系统繁忙".into())),
    ];
    each(cases, |(answers, expected, state)| {
        let (ledger, count) = (Arc::<Ledger>::default(), answers.len());
        let (ended, asked) = asks(&ledger, answers.clone(), &nothing, |desk| desk.deduct(&deduction()));
        assert_eq!((end(&ended), asked, ledger.state()), (expected, count, state), "{answers:?}");
    });
}

#[test]
fn an_earlier_call_may_have_arrived_too() {
    let ledger = Arc::<Ledger>::default();
    ledger.put(State::Intended);
    let ended = deducts(&ledger, vec![unsent()], &nothing);
    assert_eq!(end(&ended), (Status::Unknown, Code::ConnectFailed));
    assert!(ended.unwrap_err().details().words.zh.contains("更早的同一请求"));
}

#[test]
fn a_store_that_breaks_before_sending_proves_nothing_about_an_earlier_call() {
    let ledger = Arc::<Ledger>::default();
    let _ = asks(&ledger, vec![lost(), lost()], &nothing, |desk| desk.deduct(&deduction()));
    let key = ledger.entries.lock().unwrap().keys().next().cloned().unwrap();
    assert_eq!(ledger.find_entry(&key).unwrap().unwrap().state, EntryState::Unknown);
    // The entry is taken over, and the ledger breaks before the intent is looked at.
    *ledger.breaks_intents.lock().unwrap() = true;
    let ended = deducts(&ledger, vec![], &nothing);
    assert_eq!(end(&ended), (Status::Rejected, Code::StoreFailed));
    assert_eq!(ledger.find_entry(&key).unwrap().unwrap().state, EntryState::Unknown);
}

#[test]
fn a_cancellation_that_was_lost_is_done_when_the_platform_says_so() {
    let cancelled = State::Cancelled("2026-11-21 11:00:00".into());
    let cancelling = State::Cancelling("2026-11-21 11:00:00".into());
    let cases = [
        (vec![lost(), refused("减免记录已撤销，不能重复撤销")], (Status::Succeeded, Code::Ok), cancelled.clone()),
        (vec![lost(), taken()], (Status::Succeeded, Code::Ok), cancelled),
        (vec![lost(), refused("不存在或已撤销")], (Status::Unknown, Code::PlatformRefused), cancelling.clone()),
        (vec![lost(), refused("签名错误")], (Status::Unknown, Code::PlatformRefused), cancelling.clone()),
        (vec![lost(), lost()], (Status::Unknown, Code::BadAnswer), cancelling),
        (vec![refused("已撤销")], (Status::Failed, Code::PlatformRefused), State::Accepted),
        (vec![unsent()], (Status::Failed, Code::ConnectFailed), State::Accepted),
    ];
    each(cases, |(answers, expected, state)| {
        let ledger = Arc::<Ledger>::default();
        ledger.put(State::Accepted);
        let ended = cancels(&ledger, answers, &nothing);
        assert_eq!((end(&ended), ledger.state()), (expected, state));
    });
}

#[test]
fn an_entry_whose_sender_died_after_the_ledger_was_written_follows_the_ledger() {
    for (kind, row) in [
        (EntryKind::Deduction, State::Accepted),
        (EntryKind::Deduction, State::Cancelled("2026-11-21 11:00:00".into())),
        (EntryKind::Cancellation, State::Cancelled("2026-11-21 11:00:00".into())),
    ] {
        let ledger = Arc::<Ledger>::default();
        let (number, service, field) = ("D1".to_owned(), DEDUCT, "/deductionID".to_owned());
        let (content, param) = (String::new(), "{}".to_owned());
        let movement = Movement { kind, number, service, content, fen: Some(100), param, field };
        let journal = journal(&ledger);
        // Dropped without an outcome, as a panic would.
        drop(journal.begin::<()>(&movement, Instant::now() + Duration::from_secs(1), |_| panic!("it is new")).unwrap());
        let state = || journal.peek(kind, "D1").unwrap().unwrap().state;
        ledger.put(State::Intended);
        let follow = || asks(&ledger, vec![], &nothing, |desk| desk.follow_ledger("H1", "D1")).0.unwrap();
        follow();
        assert_eq!(state(), EntryState::Unknown, "the ledger does not know either");
        ledger.put(row);
        follow();
        assert_eq!(state(), EntryState::Succeeded);
    }
}
