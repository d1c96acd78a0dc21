//! The journal of money. Before a recharge, refund, deduction or cancellation is sent, its intent is on the disk; its
//! outcome follows. Of all who want the same one at the same time, in whatever thread, process or desk, one sends it; the
//! others wait for what becomes of it.
//!
//! What the rooms of the platforms decide is what an earlier end means for a call that wants the same again; how to wait,
//! claim, settle and read back is here.

pub mod at_rest;
pub mod end;
mod held;
mod movement;

pub use end::End;
pub use held::Held;
pub use movement::{Movement, Next, Turn};

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::clock;
use crate::json::ObjectWriter;
use crate::reply::{Code, Error, Language, Status, words};
use crate::secret::Secret;
use crate::settings::Profile;
use crate::store::{
    Begun, Entry, EntryFilter, EntryKey, EntryKind, EntryState, Intent, Outcome, Spill, Spilled, Store,
};
use at_rest::Vault;

/// Beyond its time limit a call may still wait for the store to take its outcome.
const GRACE: Duration = Duration::from_secs(15);

/// How often who waits for another's outcome looks again.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// How often old entries are looked for.
const BETWEEN_CLEARING: Duration = Duration::from_secs(3600);

/// A profile's journal of one platform.
#[derive(Debug)]
pub struct Journal {
    store: Arc<dyn Store>,
    spill: Spill,
    vault: Vault,
    account: String,
    profile: String,
    language: Language,
    /// How long settled entries stay.
    days: u32,
}

impl Journal {
    /// The journal of the payment platform's orders; none where the profile keeps none (`"store":"none"`).
    pub fn of_orders(profile: &Profile) -> Result<Option<Self>, Error> {
        let settings = profile.onepay()?;
        if !profile.location.keeps() {
            return Ok(None);
        }
        Self::new(profile, settings.app_id()?, settings.secret()?).map(Some)
    }

    /// The journal of the card platform's deductions.
    pub fn of_deductions(profile: &Profile) -> Result<Self, Error> {
        let settings = profile.glory()?;
        Self::new(profile, settings.org_code()?, settings.key()?)
    }

    fn new(profile: &Profile, account: &str, secret: &Secret) -> Result<Self, Error> {
        Ok(Self {
            store: profile.store()?,
            spill: Spill::of(&profile.location),
            vault: Vault::new(secret),
            account: account.to_owned(),
            profile: profile.name.clone(),
            language: profile.language,
            days: profile.journal_days,
        })
    }

    /// A journal for tests, whose spill file is a new one of that name for each store.
    #[cfg(test)]
    pub(crate) fn for_test(store: Arc<dyn Store>, spill: &str) -> Self {
        let spill = Spill::at(std::path::Path::new(env!("OUT_DIR")).join(spill));
        spill.merge(&*store).unwrap();
        let vault = Vault::new(&Secret::new("secret"));
        let (account, profile) = ("H1".to_owned(), "default".to_owned());
        Self { store, spill, vault, account, profile, language: Language::En, days: 1 }
    }

    /// The store that it is in.
    pub fn store(&self) -> &dyn Store {
        &*self.store
    }

    /// Waits for the turn at a movement of money, at most until `deadline`, and writes it down. Where there is an earlier
    /// end, `known` says what it means.
    ///
    /// Errors: `DUPLICATE_ORDER` for a number that stands for other content; `TIMEOUT` (unknown) where another call is
    /// still sending it; `STORE_FAILED` (rejected): nothing was sent.
    pub fn begin<T>(
        &self,
        movement: &Movement,
        deadline: Instant,
        mut known: impl FnMut(&Entry) -> Result<Next<T>, Error>,
    ) -> Result<Turn<'_, T>, Error> {
        let intent = self.intent(movement, deadline)?;
        let mine = |claim| Turn::Mine(Held::new(self, &intent.key, claim));
        let mut pause = SHORTEST_PAUSE;
        loop {
            let seen = match self.store.begin_entry(&intent)? {
                Begun::New(claim) => return Ok(mine(claim)),
                Begun::Known(entry) => {
                    // The ledger knows better what binds a cancellation.
                    if movement.kind != EntryKind::Cancellation && entry.content != intent.content {
                        return Err(self.duplicate(&entry, movement));
                    }
                    self.not_sending(*entry, &mut pause, deadline)?
                }
            };
            let Some(seen) = seen else { continue };
            match known(&seen)? {
                Next::Ends(end) => return Ok(Turn::Ends(end)),
                Next::Again => {
                    if let Some(claim) = self.store.begin_again(&seen, &intent)? {
                        return Ok(mine(claim));
                    }
                }
            }
        }
    }

    fn intent(&self, movement: &Movement, deadline: Instant) -> Result<Intent, Error> {
        let Movement { kind, number, service, content, fen, param, .. } = movement;
        let key = self.key(*kind, number);
        Ok(Intent {
            service: (*service).to_owned(),
            profile: self.profile.clone(),
            content: hex::encode(Sha256::digest(format!("{service}\n{content}"))),
            fen: *fen,
            param: self.vault.seal(&place_of(&key), param)?,
            lease: deadline.saturating_duration_since(Instant::now()) + GRACE,
            key,
        })
    }

    fn key(&self, kind: EntryKind, number: &str) -> EntryKey {
        EntryKey { kind, account: self.account.clone(), number: number.to_owned() }
    }

    /// The entry when nobody is sending it any more; none where it is gone.
    fn not_sending(&self, entry: Entry, pause: &mut Duration, deadline: Instant) -> Result<Option<Entry>, Error> {
        let mut seen = entry;
        while seen.state == EntryState::Sending {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(under_way(&seen));
            }
            thread::sleep((*pause).min(left));
            *pause = (*pause * 2).min(LONGEST_PAUSE);
            match self.store.find_entry(&seen.key)? {
                Some(entry) => seen = entry,
                None => return Ok(None),
            }
        }
        Ok(Some(seen))
    }

    fn duplicate(&self, entry: &Entry, movement: &Movement) -> Error {
        let (number, service) = (&entry.key.number, &entry.service);
        let time = clock::time_of_second(entry.begun / 1000);
        let words = words!(
            "{number} 已于 {time} 用于另一笔内容不同的交易（{service}）；请核对，新的交易请用新的号码",
            "{number} was used at {time} for another movement of money ({service}): compare them; a new one needs a new number"
        );
        let error = Error::rejected(Code::DuplicateOrder, movement.field.as_str(), words);
        error.with_data_text(ObjectWriter::text(|data| self.describe(entry, data)))
    }

    /// The entry of a number, once nobody is sending it any more.
    pub fn find(&self, kind: EntryKind, number: &str, deadline: Instant) -> Result<Option<Entry>, Error> {
        match self.store.find_entry(&self.key(kind, number))? {
            Some(entry) => self.not_sending(entry, &mut SHORTEST_PAUSE.clone(), deadline),
            None => Ok(None),
        }
    }

    /// The entry of a number as it is now.
    pub fn peek(&self, kind: EntryKind, number: &str) -> Result<Option<Entry>, Error> {
        self.store.find_entry(&self.key(kind, number))
    }

    /// The newest entries of these kinds.
    pub fn list(&self, filter: &EntryFilter) -> Result<Vec<Entry>, Error> {
        self.store.list_entries(filter)
    }

    /// The account that its entries belong to.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What others have made of an entry since it was seen, where it is not open to who saw it any more.
    pub fn meanwhile(&self, seen: &Entry) -> Option<(EntryState, End)> {
        let entry = self.store.find_entry(&seen.key).ok()??;
        if entry.state.is_settled() {
            return Some((entry.state, self.replay(&entry)));
        }
        (entry.claim != seen.claim).then(|| (entry.state, Err(under_way(&entry))))
    }

    /// For how long an entry has stood as it stands: nobody has sent it in that time.
    pub fn rested(&self, entry: &Entry) -> Result<Duration, Error> {
        let rested = self.store.now()?.saturating_sub(entry.changed);
        Ok(Duration::from_millis(u64::try_from(rested).unwrap_or(0)))
    }

    /// Writes down what somebody else than the sender has learnt of an entry as it was seen, and tells whether that is
    /// news.
    pub fn learn(&self, seen: &Entry, state: EntryState, end: &End) -> Result<bool, Error> {
        let outcome = self.outcome(&seen.key, state, end)?;
        if state == EntryState::Succeeded || !seen.state.is_settled() {
            return self.store.settle_entry(&seen.key, Some(seen.claim), &outcome);
        }
        Ok(false)
    }

    fn outcome(&self, key: &EntryKey, state: EntryState, end: &End) -> Result<Outcome, Error> {
        let code = end::code_of(end).as_str().to_owned();
        Ok(Outcome { state, code, outcome: self.vault.seal(&place_of(key), &end::text_of(end))? })
    }

    /// The known end of an entry, marked as replayed. After the secret was changed only its state can be told.
    pub fn replay(&self, entry: &Entry) -> End {
        let end = self.told(entry).unwrap_or_else(|| without_content(entry));
        end::with(end, |data| {
            data.bool("replayed", true);
        })
    }

    /// The content of an entry as the host gave it: JSON text; none after the secret was changed.
    pub fn param(&self, entry: &Entry) -> Option<String> {
        self.vault.open(&place_of(&entry.key), &entry.param)
    }

    /// The end that an entry's latest reply told, if it can be opened.
    pub fn told(&self, entry: &Entry) -> Option<End> {
        self.vault.open(&place_of(&entry.key), &entry.outcome).and_then(|text| end::read(&text))
    }

    /// Keeps an outcome that the store would not take. Tells where, or why not.
    fn spill(&self, spilled: &Spilled) -> Result<String, std::io::Error> {
        self.spill.keep(spilled).map(|path| path.display().to_string())
    }

    /// Keeps an outcome of the ledger that the store would not take, and says so; `error` is the store's.
    pub fn spill_deduction(&self, spilled: &Spilled, error: &Error) -> Error {
        held::unwritten(self.spill(spilled), error)
    }

    /// Removes entries that were settled long ago, now and then. What cannot be removed now is removed later.
    fn clear_old(&self, kind: EntryKind) {
        static CLEARED: Mutex<BTreeMap<(usize, EntryKind, String), Instant>> = Mutex::new(BTreeMap::new());
        let place = (Arc::as_ptr(&self.store).cast::<()>().addr(), kind, self.account.clone());
        let mut cleared = CLEARED.lock().unwrap_or_else(PoisonError::into_inner);
        if cleared.get(&place).is_some_and(|last| last.elapsed() < BETWEEN_CLEARING) {
            return;
        }
        cleared.insert(place, Instant::now());
        drop(cleared);
        // By the clock that wrote the times: a desk whose clock is years ahead forgets nothing.
        let _ = self.store.now().and_then(|now| {
            self.store.forget_entries(kind, &self.account, now - i64::from(self.days) * 24 * 3600 * 1000)
        });
    }

    /// What an entry says of itself without its content.
    pub fn describe(&self, entry: &Entry, data: &mut ObjectWriter<'_>) {
        data.string(entry.key.kind.number_name(), &entry.key.number)
            .string("service", &entry.service)
            .string("state", state_word(entry.state))
            .string("begun", &clock::time_of_second(entry.begun / 1000));
    }
}

/// The word for a state in the contract.
pub fn state_word(state: EntryState) -> &'static str {
    if state == EntryState::Unsent { Status::Failed.as_str() } else { state.as_str() }
}

/// What is sealed for one entry opens for no other.
fn place_of(key: &EntryKey) -> String {
    format!("{}/{}/{}", key.kind.as_str(), key.account, key.number)
}

fn under_way(entry: &Entry) -> Error {
    let (number, host, process) = (&entry.key.number, &entry.host, entry.process);
    let words = words!(
        "{number} 正由 {host}（进程 {process}）处理，在时限内未得到结果；请稍后以同一内容再次调用",
        "{number} is being sent by {host} (process {process}), and no result came in time: call again later with the same content"
    );
    Error::new(Status::Unknown, Code::Timeout, words)
}

/// The end of an entry whose content is closed, or that never had a reply.
fn without_content(entry: &Entry) -> End {
    let code = Code::of(&entry.code).unwrap_or(Code::Timeout);
    let (status, words) = match entry.state {
        EntryState::Succeeded => return Ok("{}".to_owned()),
        EntryState::Failed | EntryState::Unsent => (
            Status::Failed,
            words!(
                "此前的调用已失败；其内容因密钥更换无法读取",
                "an earlier call failed; since the secret was changed its content cannot be read"
            ),
        ),
        EntryState::Pending => (Status::Pending, words!("平台仍在处理", "the platform is still trading")),
        EntryState::Sending | EntryState::Unknown => (
            Status::Unknown,
            words!(
                "结果未知；请以同一内容再次调用，或调用 journal_resolve",
                "the result is unknown: call again with the same content, or journal_resolve"
            ),
        ),
    };
    Err(Error::new(status, code, words))
}
