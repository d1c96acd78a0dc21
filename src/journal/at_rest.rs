//! What the journal keeps at rest cannot be read without the profile's secret: AES-256-CBC under a key derived from it,
//! then HMAC-SHA256 over all that is kept and over what it belongs to.

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::reply::{Code, Error, Status, words};
use crate::secret::Secret;

/// Lengths in bytes of what is kept: initial vector, whole blocks of ciphertext, tag.
const IV: usize = 16;
const TAG: usize = 32;

/// The two keys of a profile.
pub struct Vault {
    encryption: Zeroizing<[u8; 32]>,
    authentication: Zeroizing<[u8; 32]>,
}

impl Vault {
    /// By the keys that come from a profile's secret.
    pub fn new(secret: &Secret) -> Self {
        let derive = |purpose: &str| Zeroizing::new(mac(secret.expose().as_bytes(), &[purpose.as_bytes()]));
        Self {
            encryption: derive("hislink journal: encryption"),
            authentication: derive("hislink journal: authentication"),
        }
    }

    /// Seals a text that belongs to `place`; elsewhere it does not open.
    pub fn seal(&self, place: &str, text: &str) -> Result<Vec<u8>, Error> {
        let mut sealed = vec![0; IV];
        getrandom::fill(&mut sealed).map_err(|error| {
            let words = words!("系统随机数不可用：{error}", "the system's random source is not available: {error}");
            Error::new(Status::Rejected, Code::Internal, words)
        })?;
        let mut iv = [0; IV];
        iv.copy_from_slice(&sealed);
        let encryptor = cbc::Encryptor::<Aes256>::new((&*self.encryption).into(), &iv.into());
        sealed.extend(encryptor.encrypt_padded_vec::<Pkcs7>(text.as_bytes()));
        let tag = self.tag(place, &sealed);
        sealed.extend(tag);
        Ok(sealed)
    }

    /// The text that was sealed for `place` under these keys; none for anything else.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Option<String> {
        let (body, tag) = sealed.split_last_chunk::<TAG>()?;
        // Compares in constant time.
        keyed(&*self.authentication, &parts(place, body))?.verify_slice(tag).ok()?;
        let (iv, ciphertext) = body.split_first_chunk::<IV>()?;
        let decryptor = cbc::Decryptor::<Aes256>::new((&*self.encryption).into(), iv.into());
        String::from_utf8(decryptor.decrypt_padded_vec::<Pkcs7>(ciphertext).ok()?).ok()
    }

    fn tag(&self, place: &str, body: &[u8]) -> [u8; TAG] {
        mac(&*self.authentication, &parts(place, body))
    }
}

/// The place ends with a byte that no text holds.
fn parts<'p>(place: &'p str, body: &'p [u8]) -> [&'p [u8]; 3] {
    [place.as_bytes(), &[0xFF], body]
}

/// HMAC takes a key of any length, so there always is one.
fn keyed(key: &[u8], parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    parts.iter().for_each(|part| hmac.update(part));
    Some(hmac)
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    keyed(key, parts).map_or([0; 32], |hmac| hmac.finalize().into_bytes().into())
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault(secret: &str) -> Vault {
        Vault::new(&Secret::new(secret))
    }

    #[test]
    fn what_is_sealed_opens_in_its_place_with_its_secret_only() {
        let (ours, text) = (vault("secret"), "{\"idNo\":\"350626198510201017\",\"name\":\"张三\"}");
        let sealed = ours.seal("A/OC1", text).unwrap();
        assert_eq!(ours.open("A/OC1", &sealed).as_deref(), Some(text));
        assert_eq!(ours.open("A/OC2", &sealed), None);
        assert_eq!(vault("another").open("A/OC1", &sealed), None);
        assert_ne!(ours.seal("A/OC1", text).unwrap(), sealed, "no two are alike");
        let readable =
            |bytes: &[u8]| text.as_bytes().windows(6).any(|part| bytes.windows(6).any(|found| found == part));
        assert!(!readable(&sealed));
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(ours.open("A/OC1", &changed), None, "byte {place}");
            assert_eq!(ours.open("A/OC1", &sealed[..place]), None, "cut at {place}");
        }
        assert_eq!(ours.open("A/OC1", &ours.seal("A/OC1", "").unwrap()).as_deref(), Some(""));
    }
}
