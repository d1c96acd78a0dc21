//! Profiles: where the platforms are, with which identity, and how to reach them.

mod details;
mod glory;
mod onepay;
pub mod registry;

pub use details::DetailNames;
pub use glory::{Glory, Numbers, VerifyAnswers};
pub use onepay::{EncryptType, KeyOrder, Onepay, SignType};

use std::sync::Arc;

use crate::fields::Fields;
use crate::http::{Client, Transport};
use crate::json::{Object, ObjectWriter};
use crate::log::Log;
use crate::reply::{Code, Error, Language, Words, words};
use crate::setting;
use crate::store::{Location, Store};

/// A configured profile. Calls under way keep the one they started with.
#[derive(Debug)]
pub struct Profile {
    /// Its name.
    pub name: String,
    /// The payment platform, if the profile has it.
    pub onepay: Option<Onepay>,
    /// The card platform, if the profile has it.
    pub glory: Option<Glory>,
    /// The HTTP client with this profile's limits, proxy and certificates.
    pub client: Arc<Client>,
    /// Where the store is.
    pub location: Location,
    /// How many days the journal's settled entries stay.
    pub journal_days: u32,
    /// The language of messages.
    pub language: Language,
    /// Its log, if it has one.
    pub log: Option<Arc<Log>>,
}

fn language(fields: &Fields<'_, '_>) -> Result<Language, Error> {
    Ok(fields.choice("language", &[("zh", Language::Zh), ("en", Language::En)])?.unwrap_or_default())
}

/// Where the store is: the user's data folder unless the settings say otherwise. Nothing is opened yet.
fn location(fields: &Fields<'_, '_>) -> Result<Location, Error> {
    let Some(text) = fields.string("store")? else { return Ok(Location::default()) };
    Location::parse(text).ok_or_else(|| {
        let words = words!(
            "store 只能是 sqlite:路径、postgres://用户:密码@主机:端口/库名 或 none",
            "store must be sqlite:PATH, postgres://user:password@host:port/database or none"
        );
        Error::rejected(Code::BadSettings, "/store", words)
    })
}

/// What stands in the settings and is better known about.
fn warnings(fields: &Fields<'_, '_>, location: &Location) -> Vec<Words> {
    let mut warnings = Vec::new();
    if fields.get("timeoutMs").is_some() {
        warnings.push(words!(
            "timeoutMs 对 configure 无效；时限请设 http.timeoutMs",
            "timeoutMs limits no configure; the limit is http.timeoutMs"
        ));
    }
    if !location.keeps() && fields.get("onepay").is_some() {
        warnings.push(words!(
            "store 为 none：充值与退款不记流水，不能识别重复的订单号，中断后也无从核对",
            "store is none: recharges and refunds are not journalled, a repeated order number is not recognised, and nothing is known after a crash"
        ));
    }
    if location.is_on_a_share() {
        warnings.push(words!(
            "store 在网络共享上：SQLite 的锁与日志在那里不可靠，可能重复收款；请用本机磁盘上的文件，多个窗口共用请用 PostgreSQL",
            "store is on a network share, where SQLite's locks and log do not hold and money may be booked twice: use a file on a local disk, or PostgreSQL for several desks"
        ));
    }
    warnings
}

/// The log, which knows what must not stand in it.
fn log(
    fields: &Fields<'_, '_>,
    onepay: Option<&Onepay>,
    glory: Option<&Glory>,
    transport: &Transport,
    location: &Location,
) -> Result<Option<Log>, Error> {
    let Some(mut log) = fields.object("log")?.map(Log::read).transpose()? else { return Ok(None) };
    if let Some(onepay) = onepay {
        log.hide(onepay.secret()?.expose());
        log.leave_readable(&onepay.order_field);
        log.leave_readable(&onepay.refund_field);
    }
    if let Some(glory) = glory {
        log.hide(glory.key()?.expose());
    }
    for password in [transport.proxy_password(), location.password()].into_iter().flatten() {
        log.hide(password.expose());
    }
    if transport.insecure {
        log.note("tls=insecure");
    }
    Ok(Some(log))
}

impl Profile {
    /// Reads a profile of settings, with warnings about what has no effect or does not work. Its log is opened.
    ///
    /// Errors are `BAD_SETTINGS` and name the setting.
    pub fn read(settings: &Object<'_>, name: &str) -> Result<(Profile, Vec<Words>), Error> {
        let fields = Fields::new(settings, "", Code::BadSettings);
        let onepay = fields.object("onepay")?.map(Onepay::read).transpose()?;
        let glory = fields.object("glory")?.map(Glory::read).transpose()?;
        if onepay.is_none() && glory.is_none() {
            return Err(fields.missing("onepay"));
        }
        onepay.as_ref().map_or(Ok(()), Onepay::require_identity)?;
        glory.as_ref().map_or(Ok(()), Glory::require_identity)?;
        let transport = fields.object("http")?.map(Transport::read).transpose()?.unwrap_or_default();
        let location = location(&fields)?;
        let journal_days = setting::profile::journalDays.read(&fields)?;
        let mut warnings = warnings(&fields, &location);
        if transport.insecure {
            warnings.push(words!(
                "http.tls 为 insecure：不验证平台的证书，任何人都可能冒充平台、读取并篡改收付款数据；只可临时用于排查，不可用于生产",
                "http.tls is insecure: the platform's certificate is not verified, so anyone may pose as the platform, read payments and change them; for finding a fault only, never in production"
            ));
        }
        let log = log(&fields, onepay.as_ref(), glory.as_ref(), &transport, &location)?;
        let profile = Profile {
            name: name.to_owned(),
            onepay,
            glory,
            client: Arc::new(Client::new(transport)?),
            location,
            journal_days,
            language: language(&fields)?,
            log: log.map(Arc::new),
        };
        // Last: what is refused makes no folder.
        warnings.extend(profile.log.as_ref().and_then(|log| log.prepare()));
        Ok((profile, warnings))
    }

    /// The profile of a request that carries settings inline: they stand in place of the configured ones, and the
    /// configured profile, where there is one, lends its client, store, language and log.
    pub fn inline(request: &Object<'_>, configured: Option<&Profile>) -> Result<Profile, Error> {
        let fields = Fields::new(request, "", Code::BadSettings);
        Ok(Profile {
            name: configured.map_or("default", |profile| &profile.name).to_owned(),
            onepay: fields.object("onepay")?.map(Onepay::read).transpose()?,
            glory: fields.object("glory")?.map(Glory::read).transpose()?,
            client: match configured {
                Some(profile) => Arc::clone(&profile.client),
                None => registry::default_client()?,
            },
            location: configured.map(|profile| profile.location.clone()).unwrap_or_default(),
            journal_days: configured.map_or(setting::profile::journalDays.default, |profile| profile.journal_days),
            language: configured.map(|profile| profile.language).unwrap_or_default(),
            log: configured.and_then(|profile| profile.log.clone()),
        })
    }

    /// The profile's store, opened when it is first asked for and shared by all who name the same place.
    /// `hislink_shutdown` closes it; the next call opens it again.
    ///
    /// Errors: `BAD_SETTINGS` where the profile has none, `STORE_FAILED` where it cannot be opened; both name `/store`.
    pub fn store(&self) -> Result<Arc<dyn Store>, Error> {
        self.location.open()
    }

    /// Whether certificates of the platforms are not verified, which every reply and log line mentions.
    pub fn is_insecure(&self) -> bool {
        self.client.transport().insecure
    }

    /// The payment platform's settings, which the call needs.
    pub fn onepay(&self) -> Result<&Onepay, Error> {
        self.onepay.as_ref().ok_or_else(|| {
            let name = &self.name;
            let words = words!("配置 {name} 没有 onepay 设置", "profile {name} has no onepay settings");
            Error::rejected(Code::BadSettings, "/onepay", words)
        })
    }

    /// The card platform's settings, which the call needs.
    pub fn glory(&self) -> Result<&Glory, Error> {
        self.glory.as_ref().ok_or_else(|| {
            let name = &self.name;
            let words = words!("配置 {name} 没有 glory 设置", "profile {name} has no glory settings");
            Error::rejected(Code::BadSettings, "/glory", words)
        })
    }

    /// Writes the settings with every secret shown as `***`.
    pub fn write_masked(&self, out: &mut ObjectWriter<'_>) {
        if let Some(onepay) = &self.onepay {
            out.object("onepay", |out| onepay.write_masked(out));
        }
        if let Some(glory) = &self.glory {
            out.object("glory", |out| glory.write_masked(out));
        }
        out.object("http", |out| self.client.transport().write_masked(out));
        out.string("store", &self.location.masked());
        out.raw("journalDays", &self.journal_days.to_string());
        if let Some(log) = &self.log {
            out.object("log", |out| log.write(out));
        }
        out.string("language", if self.language == Language::Zh { "zh" } else { "en" });
    }
}
