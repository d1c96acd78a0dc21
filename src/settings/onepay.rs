//! Settings of the payment platform.

use std::sync::OnceLock;
use std::time::Duration;

use zeroize::Zeroizing;

use super::DetailNames;
use crate::fields::Fields;
use crate::http::Url;
use crate::json::{Json, Object, ObjectWriter};
use crate::reply::{Code, Error, words};
use crate::secret::Secret;
use crate::setting::onepay;

/// How an envelope is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignType {
    /// MD5, upper-case hex.
    Md5,
    /// SM3, upper-case hex.
    Sm3,
}

impl SignType {
    /// The words that settings and envelopes use.
    pub const CHOICES: &[(&str, SignType)] = &[("MD5", SignType::Md5), ("SM3", SignType::Sm3)];

    /// The word in an envelope.
    pub fn as_str(self) -> &'static str {
        match self {
            SignType::Md5 => "MD5",
            SignType::Sm3 => "SM3",
        }
    }
}

/// How `param` travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncryptType {
    /// As it is.
    Plain,
    /// AES-128-CBC, upper-case hex.
    Aes,
    /// DES-CBC, base64.
    Des,
    /// SM4-ECB over GBK text, base64.
    Sm4,
}

impl EncryptType {
    /// The words that settings and envelopes use; a blank one means [`EncryptType::Plain`].
    pub const CHOICES: &[(&str, EncryptType)] = &[
        ("AES", EncryptType::Aes),
        ("DES", EncryptType::Des),
        ("SM4", EncryptType::Sm4),
        ("Plain", EncryptType::Plain),
        ("", EncryptType::Plain),
    ];

    /// The word in an envelope.
    pub fn as_str(self) -> &'static str {
        match self {
            EncryptType::Plain => "Plain",
            EncryptType::Aes => "AES",
            EncryptType::Des => "DES",
            EncryptType::Sm4 => "SM4",
        }
    }

    /// How many characters of the appId serve as the key under which the message key is derived. AES takes any length.
    pub fn key_characters(self) -> usize {
        match self {
            EncryptType::Plain | EncryptType::Aes => 0,
            EncryptType::Des => 8,
            EncryptType::Sm4 => 16,
        }
    }
}

/// How the names of an envelope are ordered for signing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyOrder {
    /// Ascending by name, as the document says.
    #[default]
    Ascii,
    /// The whole `name=value&` items without regard to case, as the platform's client kit does.
    Sdk,
}

/// Settings of the payment platform. What is absent is asked for by the operation that needs it.
#[derive(Debug)]
pub struct Onepay {
    /// The address that envelopes are posted to.
    pub url: Option<Url>,
    app_id: Option<String>,
    secret: Option<Secret>,
    /// How requests are signed.
    pub sign_type: SignType,
    /// How requests are encrypted.
    pub encrypt_type: EncryptType,
    /// The protocol version in requests.
    pub version: String,
    /// The order of names for signing.
    pub key_order: KeyOrder,
    /// The member of `param` that holds the order number.
    pub order_field: String,
    /// The member of `param` that holds a refund's own number.
    pub refund_field: String,
    /// The members of `param` that hold yuan.
    pub amount_fields: Vec<String>,
    /// How long after it was sent a request whose exchange nobody ended may still arrive.
    pub settle_time: Duration,
    /// How the site's list of trades calls its members.
    pub details: DetailNames,
    message_keys: [OnceLock<Zeroizing<String>>; 3],
}

const PLACE: &str = "/onepay";

impl Onepay {
    /// Reads the `onepay` object of settings.
    pub fn read(object: &Object<'_>) -> Result<Self, Error> {
        let fields = Fields::new(object, PLACE, Code::BadSettings);
        fields.only(&[onepay::NAMES])?;
        let amounts = || ["chargeAmt", "refundAmt", "amount"].map(str::to_owned).to_vec();
        let settings = Self {
            url: fields.string("url")?.map(|url| Url::parse(url, &fields.pointer("url"))).transpose()?,
            app_id: fields.string("appId")?.map(str::to_owned),
            secret: fields.string("appSecret")?.map(Secret::new),
            sign_type: fields.choice("signType", SignType::CHOICES)?.unwrap_or(SignType::Md5),
            encrypt_type: fields.choice("encryptType", EncryptType::CHOICES)?.unwrap_or(EncryptType::Aes),
            version: onepay::version.read(&fields)?,
            key_order: fields
                .choice("keyOrder", &[("ascii", KeyOrder::Ascii), ("sdk", KeyOrder::Sdk)])?
                .unwrap_or_default(),
            order_field: onepay::orderField.read(&fields)?,
            refund_field: onepay::refundField.read(&fields)?,
            amount_fields: fields.strings("amountFields")?.unwrap_or_else(amounts),
            settle_time: Duration::from_secs(onepay::settleSeconds.read(&fields)?.into()),
            details: DetailNames::read(fields.object("details")?, &fields.pointer("details"))?,
            message_keys: Default::default(),
        };
        for (name, field) in [("orderField", &settings.order_field), ("refundField", &settings.refund_field)] {
            if field.is_empty() {
                return Err(fields.missing(name));
            }
        }
        if settings.order_field == settings.refund_field {
            let words = words!("refundField 不能与 orderField 相同", "refundField must differ from orderField");
            return Err(Error::rejected(Code::BadSettings, fields.pointer("refundField"), words));
        }
        settings.key_source(settings.encrypt_type, settings.app_id.as_deref().unwrap_or("0123456789ABCDEF"))?;
        Ok(settings)
    }

    /// The application's id.
    pub fn app_id(&self) -> Result<&str, Error> {
        self.app_id.as_deref().ok_or_else(|| missing("appId"))
    }

    /// The application's secret.
    pub fn secret(&self) -> Result<&Secret, Error> {
        self.secret.as_ref().ok_or_else(|| missing("appSecret"))
    }

    /// Both, as a configured profile must have them.
    pub fn require_identity(&self) -> Result<(), Error> {
        self.app_id()?;
        self.secret().map(|_| ())
    }

    /// The address to post to, with an identity that is not empty: what sending needs.
    pub fn address(&self) -> Result<&Url, Error> {
        if self.app_id()?.trim().is_empty() {
            return Err(missing("appId"));
        }
        if self.secret()?.expose().trim().is_empty() {
            return Err(missing("appSecret"));
        }
        self.url.as_ref().ok_or_else(|| missing("url"))
    }

    /// The message key of a cipher, derived once a profile.
    pub fn message_key(
        &self,
        cipher: EncryptType,
        derive: impl FnOnce(&str, &str) -> Result<Zeroizing<String>, Error>,
    ) -> Result<&str, Error> {
        let place = match cipher {
            EncryptType::Plain => return Ok(""),
            EncryptType::Aes => 0,
            EncryptType::Des => 1,
            EncryptType::Sm4 => 2,
        };
        let slot = self.message_keys.get(place).ok_or_else(|| missing("encryptType"))?;
        if let Some(key) = slot.get() {
            return Ok(key);
        }
        let app_id = self.app_id()?;
        self.key_source(cipher, app_id)?;
        let key = derive(self.secret()?.expose(), app_id)?;
        Ok(slot.get_or_init(|| key))
    }

    /// Refuses an appId that is too short for a cipher.
    fn key_source(&self, cipher: EncryptType, app_id: &str) -> Result<(), Error> {
        let least = cipher.key_characters();
        if app_id.encode_utf16().count() >= least {
            return Ok(());
        }
        let name = cipher.as_str();
        Err(Error::rejected(
            Code::BadSettings,
            format!("{PLACE}/appId"),
            words!("{name} 加密要求 appId 至少 {least} 个字符", "{name} needs an appId of at least {least} characters"),
        ))
    }

    /// Writes the settings with the secret shown as `***`.
    pub fn write_masked(&self, out: &mut ObjectWriter<'_>) {
        if let Some(url) = &self.url {
            out.string("url", url.as_str());
        }
        if let Some(app_id) = &self.app_id {
            out.string("appId", app_id);
        }
        if self.secret.is_some() {
            out.string("appSecret", "***");
        }
        let order = if self.key_order == KeyOrder::Ascii { "ascii" } else { "sdk" };
        out.string("signType", self.sign_type.as_str())
            .string("encryptType", self.encrypt_type.as_str())
            .string("version", &self.version)
            .string("keyOrder", order)
            .string("orderField", &self.order_field)
            .string("refundField", &self.refund_field);
        let amounts = self.amount_fields.iter().map(|name| Json::String(name.as_str().into())).collect();
        out.value("amountFields", &Json::Array(amounts));
        out.raw("settleSeconds", &self.settle_time.as_secs().to_string());
        out.object("details", |out| self.details.write(out));
    }
}

fn missing(name: &str) -> Error {
    let words = words!("onepay 设置缺少 {name}", "the onepay settings lack {name}");
    Error::rejected(Code::BadSettings, format!("{PLACE}/{name}"), words)
}
