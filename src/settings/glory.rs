//! Settings of the card platform.

use crate::fields::Fields;
use crate::http::Url;
use crate::json::{Object, ObjectWriter};
use crate::reply::{Code, Error, words};
use crate::secret::Secret;
use crate::setting::glory;

/// How numbers of a body are signed. The document asks for the spelling; its own printed sign holds only plainly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Numbers {
    /// As they are written.
    #[default]
    Literal,
    /// Without exponent and trailing zeros.
    Plain,
}

/// Whether answers must be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VerifyAnswers {
    /// Those that carry the three headers are verified.
    #[default]
    IfSigned,
    /// Every answer must verify.
    Always,
    /// None is looked at.
    Never,
}

const NUMBERS: &[(&str, Numbers)] = &[("literal", Numbers::Literal), ("plain", Numbers::Plain)];
const VERIFY_ANSWERS: &[(&str, VerifyAnswers)] =
    &[("ifSigned", VerifyAnswers::IfSigned), ("always", VerifyAnswers::Always), ("never", VerifyAnswers::Never)];

/// Settings of the card platform. What is absent is asked for by the operation that needs it.
#[derive(Debug)]
pub struct Glory {
    url: Option<Url>,
    sid: Option<String>,
    key: Option<Secret>,
    org_code: Option<String>,
    /// How numbers are signed.
    pub numbers: Numbers,
    /// Whether answers must be signed.
    pub verify_answers: VerifyAnswers,
}

const PLACE: &str = "/glory";

impl Glory {
    /// Reads the `glory` object of settings.
    pub fn read(object: &Object<'_>) -> Result<Self, Error> {
        let fields = Fields::new(object, PLACE, Code::BadSettings);
        fields.only(&[glory::NAMES])?;
        Ok(Self {
            url: fields.string("url")?.map(|url| Url::parse(url, &fields.pointer("url"))).transpose()?,
            sid: fields.string("sid")?.map(|sid| header_text(sid, &fields)).transpose()?,
            key: fields.string("key")?.map(Secret::new),
            org_code: fields.string("orgCode")?.map(str::to_owned),
            numbers: fields.choice("numbers", NUMBERS)?.unwrap_or_default(),
            verify_answers: fields.choice("verifyAnswers", VERIFY_ANSWERS)?.unwrap_or_default(),
        })
    }

    /// The platform's address, which the paths of its services are joined to.
    pub fn url(&self) -> Result<&Url, Error> {
        self.url.as_ref().ok_or_else(|| missing("url"))
    }

    /// The account id that the platform gave.
    pub fn sid(&self) -> Result<&str, Error> {
        self.sid.as_deref().ok_or_else(|| missing("sid"))
    }

    /// The key that both sides sign with.
    pub fn key(&self) -> Result<&Secret, Error> {
        self.key.as_ref().ok_or_else(|| missing("key"))
    }

    /// The hospital's code.
    pub fn org_code(&self) -> Result<&str, Error> {
        self.org_code.as_deref().ok_or_else(|| missing("orgCode"))
    }

    /// Account id and key, as a configured profile must have them.
    pub fn require_identity(&self) -> Result<(), Error> {
        self.sid()?;
        self.key().map(|_| ())
    }

    /// Writes the settings with the key shown as `***`.
    pub fn write_masked(&self, out: &mut ObjectWriter<'_>) {
        let url = self.url.as_ref().map(Url::as_str);
        let key = self.key.as_ref().map(|_| "***");
        let shown = [("url", url), ("sid", self.sid.as_deref()), ("key", key), ("orgCode", self.org_code.as_deref())];
        for (name, value) in shown {
            if let Some(value) = value {
                out.string(name, value);
            }
        }
        out.string("numbers", word(NUMBERS, self.numbers))
            .string("verifyAnswers", word(VERIFY_ANSWERS, self.verify_answers));
    }
}

/// The account id travels as a header: visible ASCII.
fn header_text(sid: &str, fields: &Fields<'_, '_>) -> Result<String, Error> {
    if !sid.is_empty() && sid.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Ok(sid.to_owned());
    }
    let words = words!("sid 必须是可见的 ASCII 字符", "sid must be visible ASCII");
    Err(Error::rejected(Code::BadSettings, fields.pointer("sid"), words))
}

fn word<T: PartialEq>(choices: &'static [(&'static str, T)], choice: T) -> &'static str {
    choices.iter().find(|(_, known)| *known == choice).map_or("", |(word, _)| word)
}

fn missing(name: &str) -> Error {
    let words = words!("glory 设置缺少 {name}", "the glory settings lack {name}");
    Error::rejected(Code::BadSettings, format!("{PLACE}/{name}"), words)
}
