//! Settings of the card platform.

use super::secret::Secret;
use crate::fields::Fields;
use crate::http::Url;
use crate::json::{Object, ObjectWriter};
use crate::reply::{Code, Error};

/// Settings of the card platform: read and checked, not served by this version yet.
#[derive(Debug)]
pub struct Glory {
    url: Option<Url>,
    sid: Option<String>,
    key: Option<Secret>,
    org_code: Option<String>,
    numbers: &'static str,
    verify_answers: &'static str,
}

impl Glory {
    /// Reads the `glory` object of settings.
    pub fn read(object: &Object<'_>) -> Result<Self, Error> {
        let fields = Fields::new(object, "/glory", Code::BadSettings);
        fields.only(&[&["url", "sid", "key", "orgCode", "numbers", "verifyAnswers"]])?;
        Ok(Self {
            url: fields.string("url")?.map(|url| Url::parse(url, &fields.pointer("url"))).transpose()?,
            sid: fields.string("sid")?.map(str::to_owned),
            key: fields.string("key")?.map(Secret::new),
            org_code: fields.string("orgCode")?.map(str::to_owned),
            numbers: fields.choice("numbers", &[("literal", "literal"), ("plain", "plain")])?.unwrap_or("literal"),
            verify_answers: fields
                .choice("verifyAnswers", &[("ifSigned", "ifSigned"), ("always", "always"), ("never", "never")])?
                .unwrap_or("ifSigned"),
        })
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
        out.string("numbers", self.numbers).string("verifyAnswers", self.verify_answers);
    }
}
