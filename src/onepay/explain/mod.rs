//! Why a message's sign does not verify. Pure. `table` has the mistakes that are known, `way` what they change,
//! `text` makes the signing text that comes of it; `opening` decrypts, and finds where the cipher is not the one named.

mod digest;
mod opening;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod way;

use zeroize::Zeroizing;

use self::opening::Plain;
use self::way::{Param, Way};
use super::{cipher, envelope, sign};
use crate::explain::Case;
use crate::explain::hint;
use crate::explain::text::padded;
use crate::explain::told::Explained;
use crate::json::{Json, Object};
use crate::reply::{Code, Error, Words};
use crate::settings::{KeyOrder, Onepay, SignType};

/// A message that is being looked into.
struct Examined<'e> {
    message: &'e Object<'e>,
    /// The text that its `encryptData` decrypts to.
    plain: Option<&'e str>,
    /// What that text holds.
    param: Json<'e>,
    given: &'e str,
    sign_type: SignType,
    key_order: KeyOrder,
    secret: &'e str,
    app_id: Option<&'e str>,
    message_key: Option<&'e str>,
}

/// Looks into a message with a sign. Fails as verifying does where it cannot be looked into. Errors point into the message.
pub fn explain(message: &Object<'_>, settings: &Onepay) -> Result<Explained<Way>, Error> {
    let end = envelope::verify_either(message, settings);
    let plain = match &end {
        Ok(()) if envelope::verify(message, settings).is_ok() => None,
        Err(error) if error.details().code != Code::SignMismatch => {
            Some(opening::otherwise(message, settings).ok_or(error.clone())?)
        }
        _ => opening::by_its_own(message, settings),
    };
    let case = Examined::new(message, plain.as_ref(), settings)?;
    let mut explained = match end {
        Ok(()) => case.verified(),
        Err(_) => case.explained(),
    };
    if explained.hint.is_some()
        && let Some(found) = plain.as_ref().and_then(|plain| by_the_true_type(message, plain, settings))
    {
        let their_text = if found.verified { found.text } else { found.their_text };
        explained = Explained { text: explained.text, their_text, ..found };
    }
    if let Some(mistake) = plain.as_ref().and_then(|plain| plain.mistake) {
        explained.verified = false;
        explained.mistakes.insert(0, mistake);
        // Where the sign itself stays unexplained, the cipher is what is known.
        if explained.their_text.is_empty() {
            explained.their_text.clone_from(&explained.text);
        }
    }
    Ok(explained)
}

/// What explains the sign where it was made with the `encryptType` that the cipher turned out to be.
fn by_the_true_type(message: &Object<'_>, plain: &Plain, settings: &Onepay) -> Option<Explained<Way>> {
    let cipher = plain.mistake?.name.strip_prefix("CIPHER_")?;
    let mut message = message.clone();
    message.set("encryptType", Json::String(cipher.into()));
    let explained = Examined::new(&message, Some(plain), settings).ok()?.explained();
    explained.hint.is_none().then_some(explained)
}

impl<'e> Examined<'e> {
    fn new(message: &'e Object<'e>, plain: Option<&'e Plain>, settings: &'e Onepay) -> Result<Self, Error> {
        let text = plain.map(|plain| plain.text.as_str());
        let cipher = envelope::cipher_of(message).ok();
        Ok(Self {
            message,
            plain: text,
            param: text.map_or(Json::Null, envelope::read_param),
            given: message.get("sign").and_then(Json::as_str).unwrap_or_default(),
            sign_type: sign::type_of(message)?,
            key_order: settings.key_order,
            secret: settings.secret()?.expose(),
            app_id: settings.app_id().ok(),
            message_key: cipher.and_then(|cipher| cipher::key_of(cipher, settings).ok()).filter(|key| !key.is_empty()),
        })
    }

    fn masked(&self, way: &Way) -> String {
        text::of(self, way).map(|text| text.masked()).unwrap_or_default()
    }

    /// The way that verifying takes: of a decrypted text the second one is that it was signed as it stood.
    fn holds_rightly(&self) -> Option<Way> {
        let as_it_stood = Way { param: Param::AsSent, ..Way::default() };
        let ways = [Some(Way::default()), self.plain.map(|_| as_it_stood)];
        ways.into_iter().flatten().find(|way| self.sign(way).as_deref() == Some(self.given))
    }

    fn verified(&self) -> Explained<Way> {
        Explained::verified(self.masked(&self.holds_rightly().unwrap_or_default()))
    }

    fn explained(&self) -> Explained<Way> {
        // Only where the cipher was another: verifying has tried this with its own.
        if self.holds_rightly().is_some() {
            return self.verified();
        }
        Explained::search(self, table::MISTAKES, |way| self.masked(way), || self.hint())
    }

    fn hint(&self) -> Words {
        let digits = match self.sign_type {
            SignType::Md5 => 32,
            SignType::Sm3 => 64,
        };
        let values = self.message.iter().map(|(_, value)| value).chain([&self.param]);
        hint::of(self.given, digits, values, "appSecret")
    }
}

impl Case for Examined<'_> {
    type Way = Way;

    fn sign(&self, way: &Way) -> Option<String> {
        let text = text::of(self, way)?;
        let secret = way.secret.of(self.secret, self.app_id, self.message_key)?;
        let secret = Zeroizing::new(way.charset.encode(&secret)?.into_owned());
        let before = way.charset.encode(&text.before)?;
        let after = way.charset.encode(text.after.as_deref().unwrap_or_default())?;
        let within: &[u8] = if text.after.is_some() { &secret } else { &[] };
        let digest = digest::of(way.digest, self.sign_type, [&before, within, &after], &secret);
        let sign = way.written.write(&digest, true);
        Some(if way.padded { padded(&sign, self.given) } else { sign })
    }

    fn given(&self) -> &str {
        self.given
    }

    fn size(&self) -> usize {
        text::of(self, &Way::default()).map_or(0, |text| text.before.len())
    }
}
