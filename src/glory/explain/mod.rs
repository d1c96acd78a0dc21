//! Why the sign of a body does not verify. Pure. `table` has the mistakes that are known, `way` what they change,
//! `text` makes the signing text that comes of it.

mod mac;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod way;

use zeroize::Zeroizing;

use self::way::{Mac, Message, Way};
use super::exchange;
use crate::clock;
use crate::explain::Case;
use crate::explain::hint;
use crate::explain::text::{Written, padded};
use crate::explain::told::Explained;
use crate::json::Object;
use crate::reply::{Code, Error, Words, words};
use crate::settings::{Glory, Numbers};

/// The headers that came with a body.
#[derive(Debug, Clone, Copy)]
pub struct Headers<'h> {
    /// The account id, where it came; the settings' stands in for it.
    pub sid: Option<&'h str>,
    /// `yyyyMMddHHmmss`
    pub timestamp: &'h str,
    /// The sign.
    pub sign: &'h str,
}

/// A body that is being looked into.
struct Examined<'e> {
    body: &'e Object<'e>,
    given: &'e str,
    timestamp: &'e str,
    sid: Option<&'e str>,
    key: &'e str,
    numbers: Numbers,
}

/// Looks into a body with its headers. Fails as verifying does where it cannot be looked into. Errors point into the body.
pub fn explain(body: &Object<'_>, headers: Headers<'_>, settings: &Glory) -> Result<Explained<Way>, Error> {
    let case = Examined {
        body,
        given: headers.sign,
        timestamp: headers.timestamp,
        sid: headers.sid.or(settings.sid().ok()),
        key: settings.key()?.expose(),
        numbers: settings.numbers,
    };
    match exchange::verify(settings, body, headers.timestamp, headers.sign) {
        Ok(()) => Ok(Explained::verified(case.masked(&Way::default()))),
        Err(mismatch) if mismatch.details().code == Code::SignMismatch => {
            Ok(Explained::search(&case, table::MISTAKES, |way| case.masked(way), || case.hint()))
        }
        Err(error) => Err(error),
    }
}

impl Examined<'_> {
    fn masked(&self, way: &Way) -> String {
        text::of(self, way).map(|text| text.masked()).unwrap_or_default()
    }

    fn hint(&self) -> Words {
        if clock::second_of_stamp(self.timestamp).is_none() {
            return words!(
                "请求头 timestamp 为空或不是真实的 yyyyMMddHHmmss，签名要用它：请核对发送方的请求头",
                "the header timestamp is empty or no real yyyyMMddHHmmss, and it is signed: look at the sender's headers"
            );
        }
        hint::of(self.given, 64, self.body.iter().map(|(_, value)| value), "key")
    }
}

impl Case for Examined<'_> {
    type Way = Way;

    fn sign(&self, way: &Way) -> Option<String> {
        let text = text::of(self, way)?;
        let key = way.key.of(self.key, self.sid, None)?;
        let key = Zeroizing::new(way.charset.encode(&key)?.into_owned());
        let before = way.charset.encode(&text.before)?;
        let after = way.charset.encode(text.after.as_deref().unwrap_or_default())?;
        let within: &[u8] = if text.after.is_some() { &key } else { &[] };
        let mac_key = mac::key(way.mac_key, &key, self)?;
        let digest = mac::of(way, [&before, within, &after], &mac_key);
        // Without the HMAC the sign is the MD5 as it was written: its case is the MD5's mistake.
        let sign = match (way.mac, way.written) {
            (Mac::Nothing, Written::Right | Written::OtherCase) => {
                Written::Right.write(&digest, way.message != Message::Md5Lower)
            }
            (_, written) => written.write(&digest, false),
        };
        Some(if way.padded { padded(&sign, self.given) } else { sign })
    }

    fn given(&self) -> &str {
        self.given
    }

    fn size(&self) -> usize {
        text::of(self, &Way::default()).map_or(0, |text| text.before.len())
    }
}
