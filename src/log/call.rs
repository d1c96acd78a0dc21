//! One operation in the log: from its request to its end.

use std::cell::{Cell, OnceCell};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use super::line::{self, Way, Writer};
use super::mask::{Known, Rules};
use super::{Level, Log};
use crate::clock;
use crate::json::{self, Json, ObjectWriter};
use crate::reply::{Code, Error, Language, Status};
use crate::request::Request;

/// How long a tag, a message, and a text at level `debug` may be in a line, in bytes.
const MOST_TAG: usize = 200;
const MOST_MESSAGE: usize = 1000;
const MOST_TEXT: usize = 6000;
/// The longest number or service that is shown whole.
const MOST_NAME: usize = 128;

/// What a reply of these may tell besides, and how the line out says it.
const TELLING: &[&str] =
    &["configure", "onepay_recharge", "onepay_refund", "glory_deduct", "glory_cancel", "journal_resolve"];
const TOLD: [(&str, &str); 3] = [
    ("\"replayed\":true", " replayed=true"),
    ("\"queried\":true", " queried=true"),
    ("\"warnings\":[", " warnings=true"),
];

static CALLS: AtomicU64 = AtomicU64::new(0);
static THREADS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static THREAD: Cell<u32> = const { Cell::new(0) };
    /// The operation that this thread is in.
    static UNDER_WAY: Cell<(u64, &'static str)> = const { Cell::new((0, "")) };
}

/// An operation under way, with what its lines say of it.
pub struct Call<'r> {
    log: Arc<Log>,
    writer: Writer,
    name: &'static str,
    request: Option<&'r Request<'r>>,
    about: String,
    began: i64,
    clock: Instant,
    ended: bool,
    /// The log's rules with the secrets of settings that the request carries, where it carries some.
    own_rules: Option<Rules>,
    /// What the request says of itself, found out when it is needed.
    known: OnceCell<Known>,
}

/// Runs what a log does: whatever goes wrong in there, the operation goes on.
fn quietly(work: impl FnOnce()) {
    let _ = catch_unwind(AssertUnwindSafe(work));
}

fn thread() -> u32 {
    let number = |own: &Cell<u32>| {
        if own.get() == 0 {
            own.set(THREADS.fetch_add(1, Relaxed) + 1);
        }
        own.get()
    };
    THREAD.try_with(number).unwrap_or(0)
}

/// This thread, for a call of that number; 0 is none.
fn writer(call: u64) -> Writer {
    Writer { process: process::id(), thread: thread(), call }
}

impl<'r> Call<'r> {
    /// Begins an operation; none where no log is kept. `service` is the platform's that it runs, where that is known.
    pub fn begin(
        log: Option<Arc<Log>>,
        name: &'static str,
        service: Option<&str>,
        request: Option<&'r Request<'r>>,
    ) -> Option<Self> {
        let mut call = Self::new(log.filter(|log| log.is_on())?, name, request);
        quietly(|| call.enter(service));
        Some(call)
    }

    /// An operation that has its log only when it is over, such as `configure`, which makes it. It began `ago`.
    pub fn of_the_past(
        log: Option<Arc<Log>>,
        name: &'static str,
        request: &'r Request<'r>,
        ago: Instant,
    ) -> Option<Self> {
        let mut call = Self::new(log.filter(|log| log.is_on())?, name, Some(request));
        let passed = ago.elapsed().as_millis();
        call.clock = ago;
        call.began = call.began.saturating_sub(i64::try_from(passed).unwrap_or(0));
        quietly(|| {
            call.about_request(None);
            call.put_in();
        });
        Some(call)
    }

    fn new(log: Arc<Log>, name: &'static str, request: Option<&'r Request<'r>>) -> Self {
        let number = CALLS.fetch_add(1, Relaxed) + 1;
        let _ = UNDER_WAY.try_with(|under_way| under_way.set((number, name)));
        let (began, clock) = (clock::millisecond(), Instant::now());
        let own_rules = request.and_then(|request| rules_of(&log, request));
        let (about, known) = (String::new(), OnceCell::new());
        Self { log, writer: writer(number), name, request, about, began, clock, ended: false, own_rules, known }
    }

    fn enter(&mut self, service: Option<&str>) {
        self.about_request(service);
        self.put_in();
        if self.log.level == Level::Debug
            && let Some(request) = self.request
        {
            self.text(Way::In, "request", &request_text(request));
        }
    }

    fn about_request(&mut self, service: Option<&str>) {
        match self.request {
            Some(request) => self.about = about(self.rules(), service, request),
            None => service.into_iter().for_each(|service| line::push(&mut self.about, "service", service)),
        }
    }

    /// The line in.
    fn put_in(&self) {
        if self.log.level >= Level::Info {
            let mut line = line::begin(self.began, Level::Info, self.writer, Way::In);
            line.extend([self.name, &self.about]);
            self.log.put(self.began, line);
        }
    }

    /// Shows a text at level `debug`, masked.
    pub fn show(&self, name: &str, text: &str) {
        quietly(|| self.text(Way::Between, name, text));
    }

    /// Ends the operation with its reply; `error` is every end but success.
    pub fn end(mut self, error: Option<&Error>, reply: &str, language: Language) {
        self.finish(error, "", reply, language);
    }

    /// Ends what came through the listener; `refused` is the word for why it got nothing, where it did not.
    pub fn end_of_question(mut self, error: Option<&Error>, refused: &str, answer: &str, language: Language) {
        self.finish(error, refused, answer, language);
    }

    fn finish(&mut self, error: Option<&Error>, refused: &str, reply: &str, language: Language) {
        quietly(|| {
            self.text(Way::Out, "reply", reply);
            self.leave(error, refused, reply, language);
        });
        self.ended = true;
    }

    /// A line of level `debug`.
    fn text(&self, way: Way, name: &str, text: &str) {
        if self.log.level == Level::Debug {
            self.log.text(self.writer, way, self.name, name, |line| self.mask(line, text, MOST_TEXT));
        }
    }

    /// The line out.
    fn leave(&self, error: Option<&Error>, refused: &str, reply: &str, language: Language) {
        let log = &self.log;
        let bad = error.is_some() || !refused.is_empty();
        let level = if bad { Level::Error } else { Level::Info };
        if log.level < level {
            return;
        }
        let now = clock::millisecond();
        let mut line = line::begin(now, level, self.writer, Way::Out);
        line.extend([self.name, &self.about]);
        let details = error.map(Error::details);
        let (status, code) = match details {
            Some(details) => (details.status, details.code.as_str()),
            None if refused.is_empty() => (Status::Succeeded, Code::Ok.as_str()),
            None => (Status::Rejected, refused),
        };
        line.extend([" status=", status.as_str(), " code=", code]);
        line::push_count(&mut line, "ms", u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(u64::MAX));
        if TELLING.contains(&self.name) {
            for (member, shown) in TOLD {
                line.push_str(if reply.contains(member) { shown } else { "" });
            }
        }
        if let Some(details) = details {
            let masked = |text: &str, most: usize| {
                let mut shown = String::new();
                self.mask(&mut shown, text, most);
                shown
            };
            if let Some((code, _)) = &details.platform {
                line::push(&mut line, "platformCode", &masked(code, MOST_NAME));
            }
            if let Some(field) = &details.field {
                line::push(&mut line, "field", &masked(field, MOST_NAME));
            }
            line::push(&mut line, "message", &masked(details.words.text(language), MOST_MESSAGE));
        }
        log.put(now, line);
    }

    fn rules(&self) -> &Rules {
        self.own_rules.as_ref().unwrap_or(&self.log.rules)
    }

    /// Appends a text masked; what the request named as a person's is hidden in all its texts.
    fn mask(&self, out: &mut String, text: &str, most: usize) {
        let known = self
            .known
            .get_or_init(|| self.request.map(|request| self.rules().known(&request_text(request))).unwrap_or_default());
        self.rules().mask(out, text, known, most);
    }
}

/// The rules for a request with settings in it, which have secrets of their own.
fn rules_of(log: &Log, request: &Request<'_>) -> Option<Rules> {
    let settings = request.settings();
    let secrets = [("onepay", "appSecret"), ("glory", "key")].map(|(platform, name)| {
        settings.get(platform).and_then(Json::as_object).and_then(|own| own.get(name)).and_then(Json::as_str)
    });
    if secrets.iter().all(Option::is_none) {
        return None;
    }
    let mut rules = log.rules.clone();
    secrets.into_iter().flatten().for_each(|secret| rules.hide(secret));
    Some(rules)
}

impl Drop for Call<'_> {
    /// An operation that fell over has an end too.
    fn drop(&mut self) {
        let _ = UNDER_WAY.try_with(|under_way| under_way.set((0, "")));
        if !self.ended {
            quietly(|| {
                let words = crate::reply::words!("动态库内部错误", "a fault inside the library");
                let error = Error::new(Status::Unknown, Code::Internal, words);
                self.leave(Some(&error), "", "", Language::default());
            });
        }
    }
}

/// At level `debug`, writes what the operation under way signs to send it; `text` has the secret masked.
pub fn signed(log: Option<&Arc<Log>>, text: impl FnOnce() -> Option<String>) {
    let Some(log) = log.filter(|log| log.level == Level::Debug) else { return };
    quietly(|| {
        let (call, name) = UNDER_WAY.try_with(Cell::get).unwrap_or_default();
        let writer = writer(call);
        if let Some(text) = text() {
            let mask = |line: &mut String| log.rules.mask(line, &text, &Known::default(), MOST_TEXT);
            log.text(writer, Way::Between, name, "signing", mask);
        }
    });
}

impl Log {
    /// Writes a line.
    fn put(&self, now: i64, mut line: String) {
        line.push_str(&self.notes);
        let told = |lost: u64| {
            let mut line = line::begin(now, Level::Error, writer(0), Way::Between);
            line.push_str("log");
            line::push_count(&mut line, "lost", lost);
            line.push_str(&self.notes);
            line::end(line)
        };
        if let Some(file) = &self.file {
            file.write(now, &line::end(line), told);
        }
    }

    /// Writes a text of level `debug`, which `mask` appends.
    fn text(&self, writer: Writer, way: Way, operation: &str, name: &str, mask: impl FnOnce(&mut String)) {
        let now = clock::millisecond();
        let mut line = line::begin(now, Level::Debug, writer, way);
        line.extend([operation, " ", name, "="]);
        mask(&mut line);
        self.put(now, line);
    }
}

/// What both lines say of a request: its tag, its order numbers, and the service that it runs.
fn about(rules: &Rules, service: Option<&str>, request: &Request<'_>) -> String {
    let mut about = String::with_capacity(128);
    if let Some(tag) = request.tag() {
        about.push_str(" tag=");
        let mut text = String::new();
        json::write_value(&mut text, tag);
        rules.mask(&mut about, &text, &Known::default(), MOST_TAG);
    }
    let members = request.settings();
    for number in ["orderNo", "refundNo", "deductionID"] {
        push_number(&mut about, rules, number, members.get(number));
    }
    let inner = ["param", "body"].iter().find_map(|name| members.get(name)).and_then(Json::as_object);
    if let Some(inner) = inner {
        for number in rules.order_fields.iter().map(String::as_str).chain(["deductionID"]) {
            push_number(&mut about, rules, number, inner.get(number));
        }
    }
    let message = || members.get("message").and_then(Json::as_object)?.get("transType");
    match (service, members.get("transType").or_else(|| members.get("path")).or_else(message)) {
        (Some(service), _) => line::push(&mut about, "service", service),
        (None, Some(Json::String(service))) => {
            let mut shown = String::new();
            rules.mask(&mut shown, service, &Known::default(), MOST_NAME);
            line::push(&mut about, "service", &shown);
        }
        _ => {}
    }
    about
}

/// An order number, which stays readable; what is longer is none.
fn push_number(line: &mut String, rules: &Rules, name: &str, value: Option<&Json<'_>>) {
    if let Some(text) = value.and_then(Json::as_scalar) {
        let text = if text.len() <= MOST_NAME { text } else { "..." };
        line::push(line, name, &rules.without_secrets(text));
    }
}

/// A request as one JSON text, without the settings that stand in it.
fn request_text(request: &Request<'_>) -> String {
    let mut text = String::with_capacity(1024);
    ObjectWriter::append(&mut text, |out| {
        for (name, value) in request.settings().iter() {
            match name.as_ref() {
                "onepay" | "glory" | "http" | "store" | "log" => out.entry(name, &Json::String("***".into())),
                name => out.entry(name, value),
            };
        }
    });
    text
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn lines_of(name: &str, note: Option<&str>, run: impl FnOnce(Arc<Log>)) -> Vec<String> {
        let folder = Path::new(env!("OUT_DIR")).join(format!("log-{name}"));
        let _ = fs::remove_dir_all(&folder);
        let settings = serde_json::json!({"dir": folder}).to_string();
        let Ok(Json::Object(settings)) = json::read(&settings) else { panic!("settings") };
        let mut log = Log::read(&settings).unwrap();
        note.into_iter().for_each(|note| log.note(note));
        run(Arc::new(log));
        let file = fs::read_dir(&folder).unwrap().next().unwrap().unwrap().path();
        fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_profiles_note_ends_each_of_its_lines() {
        let lines = lines_of("note", Some("tls=insecure"), |log| {
            let call = Call::begin(Some(log), "order_no", None, None).unwrap();
            call.end(None, "{}", Language::En);
        });
        assert!(lines.len() == 2 && lines.iter().all(|line| line.ends_with(" tls=insecure")), "{lines:?}");
    }

    #[test]
    fn an_operation_that_falls_over_has_its_end_too() {
        let lines = lines_of("fallen", None, |log| {
            let fallen = catch_unwind(AssertUnwindSafe(|| {
                let _call = Call::begin(Some(log), "order_no", None, None);
                panic!("on purpose");
            }));
            assert!(fallen.is_err());
        });
        assert!(lines.len() == 2 && lines[1].contains(" ERROR "), "{lines:?}");
        assert!(lines[1].contains("< order_no status=unknown code=INTERNAL ms="), "{lines:?}");
    }
}
