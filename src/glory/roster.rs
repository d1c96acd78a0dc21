//! The roster of cards: `glory_sync` brings the store's up to the platform's, `glory_lookup` answers from the store.

use std::time::{Duration, Instant};

use super::page::Page;
use super::{dictionary, exchange};
use crate::clock;
use crate::dictionary::Dictionary;
use crate::json::{Json, Object, ObjectWriter};
use crate::reply::{Data, Error, Status, words};
use crate::request::Request;
use crate::settings::Profile;
use crate::store::{Card, Store};

/// The service that gives the roster (document 2.1).
/// The service that gives the roster page by page.
pub const SERVICE: &str = "/glorycard/store/all";

/// The largest bounds that a request may set.
const MOST_PAGES: u64 = 1_000_000_000;
const MOST_SECONDS: u64 = 86_400;

/// `glory_sync`
pub fn sync(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let bounds = Bounds::read(request)?;
    let org = profile.glory()?.org_code()?;
    let store = profile.store()?;
    let cursor = store.roster_position(org)?.cursor;
    let limit = request.limit()?;
    let mut sync = Sync { profile: &profile, store: &*store, org, limit, cursor, received: 0, pages: 0 };
    let done = sync.run(&bounds).map_err(|error| error.with_data(|data| sync.tell(data)))?;
    sync.tell(data);
    data.bool("done", done);
    Ok(())
}

/// When a call stops before the roster is complete.
struct Bounds {
    pages: Option<u64>,
    until: Option<Instant>,
}

impl Bounds {
    fn read(request: &Request<'_>) -> Result<Self, Error> {
        let fields = request.fields();
        let pages = fields.count("maxPages", MOST_PAGES)?;
        let seconds = fields.count("maxSeconds", MOST_SECONDS)?;
        Ok(Self { pages, until: seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds)) })
    }

    fn reached(&self, pages: u64) -> bool {
        self.pages.is_some_and(|most| pages >= most) || self.until.is_some_and(|until| Instant::now() >= until)
    }
}

/// A sync under way.
struct Sync<'s> {
    profile: &'s Profile,
    store: &'s dyn Store,
    org: &'s str,
    limit: Option<Duration>,
    /// The largest record number that is known to be stored.
    cursor: i64,
    /// How many cards this call has stored.
    received: usize,
    /// How many pages this call has asked for.
    pages: u64,
}

impl Sync<'_> {
    /// Gives whether the roster is complete. A page and its cursor are stored together, so that whatever ends this,
    /// the next call goes on behind the last stored page.
    fn run(&mut self, bounds: &Bounds) -> Result<bool, Error> {
        loop {
            let page = self.fetch()?;
            if page.cards.is_empty() {
                self.store.roster_complete(self.org, clock::second()).map_err(after_asking)?;
                return Ok(true);
            }
            self.keep(&page).map_err(after_asking)?;
            if bounds.reached(self.pages) {
                return Ok(false);
            }
        }
    }

    fn fetch(&mut self) -> Result<Page, Error> {
        let mut body = Object::default();
        body.set("dataID", Json::Number(self.cursor.to_string().into()));
        body.set("orgCode", Json::String(self.org.into()));
        self.pages += 1;
        let cursor = self.cursor;
        exchange::transact_and(self.profile, SERVICE, &body, self.limit, |_, answer| Page::read(answer, cursor))?
    }

    /// Stores a page. Where another program has stored what comes after the cursor meanwhile, goes on from there.
    fn keep(&mut self, page: &Page) -> Result<(), Error> {
        if self.store.add_roster_page(self.org, self.cursor, &page.cards, page.cursor)? {
            self.received += page.cards.len();
            self.cursor = page.cursor;
        } else {
            self.cursor = self.store.roster_position(self.org)?.cursor;
        }
        Ok(())
    }

    fn tell(&self, data: &mut ObjectWriter<'_>) {
        data.raw("received", &self.received.to_string()).raw("cursor", &self.cursor.to_string());
    }
}

/// A store that fails after the platform was asked: the call has done something, so it is not rejected.
fn after_asking(error: Error) -> Error {
    error.with_status(Status::Failed)
}

/// `glory_lookup`
pub fn lookup(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let cert_type = given(request, "certType")?;
    let known = dictionary::of("certType");
    if known.is_none_or(|types| types.name_of(cert_type).is_none()) {
        let codes = known.map(Dictionary::codes).unwrap_or_default();
        let words =
            words!("certType 不在证件类型（4.1）中，可用：{codes}", "certType is not in the dictionary 4.1: {codes}");
        return Err(Error::field("/certType", words));
    }
    let cert_no = given(request, "certNo")?;
    let org = profile.glory()?.org_code()?;
    let store = profile.store()?;
    let cards = store.find_cards(org, cert_type, cert_no)?;
    data.bool("found", !cards.is_empty()).objects("cards", &cards, write_card);
    match store.roster_position(org)?.synced_at {
        Some(second) => data.string("syncedAt", &clock::time_of_second(second)),
        None => data.value("syncedAt", &Json::Null),
    };
    Ok(())
}

/// A member that must be text and not blank; hosts may send a code as a number.
fn given<'r>(request: &'r Request<'_>, name: &'static str) -> Result<&'r str, Error> {
    let fields = request.fields();
    let value = fields.get(name).ok_or_else(|| fields.missing(name))?;
    value.as_scalar().filter(|text| !text.trim().is_empty()).ok_or_else(|| {
        Error::field(fields.pointer(name), words!("{name} 必须是非空文本", "{name} must be text that is not blank"))
    })
}

fn write_card(out: &mut ObjectWriter<'_>, card: &Card) {
    out.string("certType", &card.cert_type)
        .string("certNo", &card.cert_no)
        .string("certName", &card.cert_name)
        .string("gloryType", &card.glory_type)
        .raw("gloryID", &card.glory_id.to_string())
        .raw("dataID", &card.data_id.to_string());
}
