//! A request: its text, the members that any request may carry, and the profile that it names.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::fields::{Fields, MAX_TIMEOUT_MS};
use crate::json::{self, Json, Object};
use crate::log::Log;
use crate::reply::{Code, Error, Language, Status, words};
use crate::settings::{Profile, registry};

/// The longest request text, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// What any request may carry.
const COMMON: &[&str] = &["profile", "tag", "timeoutMs", "onepay", "glory"];

/// A request whose text is a JSON object.
#[derive(Debug)]
pub struct Request<'a> {
    members: Object<'a>,
    configured: OnceCell<Option<Arc<Profile>>>,
    made: OnceCell<bool>,
}

/// The host's bytes as text.
pub fn text_of(bytes: &[u8]) -> Result<&str, Error> {
    if bytes.len() > MAX_BYTES {
        let size = bytes.len();
        let words = words!("请求有 {size} 字节，超过 16 MiB", "the request has {size} bytes, more than 16 MiB");
        return Err(Error::new(Status::Rejected, Code::BadJson, words));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let offset = error.valid_up_to();
        let words = words!(
            "请求不是 UTF-8（从第 {offset} 字节起）；GBK 文本请先转换为 UTF-8",
            "the request is not UTF-8 from byte {offset} on; convert GBK text to UTF-8 first"
        );
        Error::new(Status::Rejected, Code::BadEncoding, words)
    })
}

impl<'a> Request<'a> {
    /// Reads a request's text.
    pub fn read(text: &'a str) -> Result<Self, Error> {
        match json::read(text).map_err(|error| Error::of_json(&error, ""))? {
            Json::Object(members) => Ok(Self { members, configured: OnceCell::new(), made: OnceCell::new() }),
            _ => {
                let words = words!("请求必须是 JSON 对象", "the request must be a JSON object");
                Err(Error::new(Status::Rejected, Code::BadJson, words))
            }
        }
    }

    /// Refuses members that neither the operation nor every request knows, and common ones of the wrong type.
    pub fn check_members(&self, operations_own: &[&str]) -> Result<(), Error> {
        self.fields().only(&[operations_own, COMMON])?;
        self.profile_name()?;
        self.timeout_ms().map(|_| ())
    }

    /// The members.
    pub fn fields(&self) -> Fields<'_, 'a> {
        Fields::new(&self.members, "", Code::BadField)
    }

    /// The whole request, where it is itself a settings object.
    pub fn settings(&self) -> &Object<'a> {
        &self.members
    }

    /// The tag to echo.
    pub fn tag(&self) -> Option<&Json<'a>> {
        self.members.get("tag")
    }

    /// The name of the profile: `default` unless given.
    pub fn profile_name(&self) -> Result<&str, Error> {
        Ok(self.fields().string("profile")?.unwrap_or("default"))
    }

    fn timeout_ms(&self) -> Result<Option<u64>, Error> {
        self.fields().count("timeoutMs", MAX_TIMEOUT_MS)
    }

    /// A member that is an object, or the JSON text of one: a whole envelope or body. Numbers keep their spelling.
    pub fn document(&self, name: &'static str) -> Result<Cow<'_, Object<'_>>, Error> {
        let fields = self.fields();
        let not_an_object = || {
            let words = words!("{name} 必须是 JSON 对象或其文本", "{name} must be a JSON object or its text");
            Error::field(fields.pointer(name), words)
        };
        match fields.get(name) {
            None => Err(fields.missing(name)),
            Some(Json::Object(document)) => Ok(Cow::Borrowed(document)),
            Some(Json::String(text)) => {
                match json::read(text).map_err(|error| Error::of_json(&error, &fields.pointer(name)))? {
                    Json::Object(document) => Ok(Cow::Owned(document)),
                    _ => Err(not_an_object()),
                }
            }
            Some(_) => Err(not_an_object()),
        }
    }

    /// The time limit for the whole call as a duration, if the request sets one.
    pub fn limit(&self) -> Result<Option<Duration>, Error> {
        Ok(self.timeout_ms()?.map(Duration::from_millis))
    }

    /// When the whole call must end.
    pub fn deadline(&self, profile: &Profile) -> Result<Instant, Error> {
        Ok(Instant::now() + self.limit()?.unwrap_or(profile.client.transport().timeout))
    }

    /// The language of messages: the one that `configure` is setting, else the profile's, else Chinese.
    pub fn language(&self) -> Language {
        match self.members.get("language").and_then(Json::as_str) {
            Some("en") => return Language::En,
            Some("zh") => return Language::Zh,
            _ => {}
        }
        self.configured().map(|profile| profile.language).unwrap_or_default()
    }

    /// Whether the call works with a profile that does not verify the platforms' certificates.
    pub fn is_insecure(&self) -> bool {
        self.made.get().copied().unwrap_or_else(|| self.configured().is_some_and(|profile| profile.is_insecure()))
    }

    /// Notes the profile that the call makes, in place of the one that it names.
    pub fn makes(&self, profile: &Profile) {
        let _ = self.made.set(profile.is_insecure());
    }

    /// The configured profile that the request names, looked up once, so that a call ends on what it started with.
    fn configured(&self) -> Option<&Arc<Profile>> {
        self.configured.get_or_init(|| self.profile_name().ok().and_then(registry::find)).as_ref()
    }

    /// The log of the profile that the request names, or of `default` where there is none of that name.
    pub fn log(&self) -> Option<Arc<Log>> {
        match self.configured() {
            Some(profile) => profile.log.clone(),
            None => registry::find("default").and_then(|profile| profile.log.clone()),
        }
    }

    /// The profile to work with: settings inline, over the configured one where there is one.
    pub fn profile(&self) -> Result<Arc<Profile>, Error> {
        let name = self.profile_name()?;
        let configured = self.configured();
        if self.fields().get("onepay").is_some() || self.fields().get("glory").is_some() {
            return Profile::inline(&self.members, configured.map(Arc::as_ref)).map(Arc::new);
        }
        configured.cloned().ok_or_else(|| {
            let words = words!("没有名为 {name} 的配置，请先调用 configure", "no profile {name}: call configure first");
            Error::rejected(Code::NoProfile, "/profile", words)
        })
    }
}
