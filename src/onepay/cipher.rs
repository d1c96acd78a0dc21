//! AES, DES and SM4 as the platform uses them, with the derivation of message keys (document, encryption rules; the
//! document describes hex for all, DES and SM4 travel as base64).

use aes::Aes128;
use base64ct::{Base64, Encoding};
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, BlockSizeUser, KeyInit, KeyIvInit};
use des::Des;
use hex::FromHexError;
use sm4::Sm4;
use zeroize::Zeroizing;

use crate::gbk;
use crate::reply::{Code, Error, Words, words};
use crate::settings::{EncryptType, Onepay};

/// The initial vector of AES: these sixteen ASCII digits.
const AES_IV: &[u8; 16] = b"0102030405060708";

/// The initial vector of DES: these eight bytes.
const DES_IV: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];

/// Encrypts a text under the settings' message key: AES to upper-case hex, DES and SM4 to base64.
pub fn encrypt(text: &str, cipher: EncryptType, settings: &Onepay) -> Result<String, Error> {
    encrypt_under(key_of(cipher, settings)?, text, cipher)
}

/// Decrypts what [`encrypt`] makes, and what the platform sends: hex of either case, base64 with line breaks or with
/// `+` turned to a space.
pub fn decrypt(data: &str, cipher: EncryptType, settings: &Onepay) -> Result<String, Error> {
    decrypt_under(key_of(cipher, settings)?, data, cipher)
}

/// The settings' message key.
pub(super) fn key_of(cipher: EncryptType, settings: &Onepay) -> Result<&str, Error> {
    settings.message_key(cipher, |secret, app_id| message_key(cipher, secret, app_id))
}

/// The first characters of the ciphertext of the secret under the appId.
fn message_key(cipher: EncryptType, secret: &str, app_id: &str) -> Result<Zeroizing<String>, Error> {
    let source: String = match cipher.key_characters() {
        0 => app_id.to_owned(),
        least => app_id.chars().take(least).collect(),
    };
    let whole = Zeroizing::new(encrypt_under(&source, secret, cipher)?);
    let length = if cipher == EncryptType::Des { 8 } else { 16 };
    // Hex and base64 are ASCII. Collecting characters would leave pieces behind where the text grows.
    Ok(Zeroizing::new(whole.get(..length).unwrap_or_default().to_owned()))
}

fn encrypt_under(key: &str, text: &str, cipher: EncryptType) -> Result<String, Error> {
    Ok(match cipher {
        EncryptType::Plain => text.to_owned(),
        EncryptType::Aes => {
            let encryptor = cbc::Encryptor::<Aes128>::new(&fitted(key).into(), AES_IV.into());
            faster_hex::hex_string_upper(&encryptor.encrypt_padded_vec::<Pkcs7>(text.as_bytes()))
        }
        EncryptType::Des => {
            let encryptor = cbc::Encryptor::<Des>::new(&fitted(key).into(), &DES_IV.into());
            Base64::encode_string(&encryptor.encrypt_padded_vec::<Pkcs7>(text.as_bytes()))
        }
        EncryptType::Sm4 => {
            let bytes = gbk::encode(text).map_err(lacking_character)?;
            let encryptor = ecb::Encryptor::<Sm4>::new(&fitted(key).into());
            Base64::encode_string(&encryptor.encrypt_padded_vec::<Pkcs7>(&bytes))
        }
    })
}

fn decrypt_under(key: &str, data: &str, cipher: EncryptType) -> Result<String, Error> {
    match cipher {
        EncryptType::Plain => Ok(data.to_owned()),
        EncryptType::Aes => {
            let decryptor = cbc::Decryptor::<Aes128>::new(&fitted(key).into(), AES_IV.into());
            utf8(unpadded(from_hex(data)?, decryptor)?)
        }
        EncryptType::Des => {
            let decryptor = cbc::Decryptor::<Des>::new(&fitted(key).into(), &DES_IV.into());
            utf8(unpadded(from_base64(data)?, decryptor)?)
        }
        EncryptType::Sm4 => {
            let plain = unpadded(from_base64(data)?, ecb::Decryptor::<Sm4>::new(&fitted(key).into()))?;
            gbk::decode(&plain).ok_or_else(|| {
                failed(words!("解密结果不是 GBK 文本：密钥有误", "what decrypts is no GBK text: wrong key"))
            })
        }
    }
}

/// Decrypts whole blocks in place and takes the padding off.
fn unpadded<D: BlockModeDecrypt + BlockSizeUser>(mut bytes: Vec<u8>, decryptor: D) -> Result<Vec<u8>, Error> {
    let (length, block) = (bytes.len(), D::block_size());
    if bytes.is_empty() || !length.is_multiple_of(block) {
        return Err(failed(words!(
            "密文长度 {length} 字节不是 {block} 的整数倍",
            "the ciphertext has {length} bytes, no whole number of {block}-byte blocks"
        )));
    }
    let plain = decryptor.decrypt_padded::<Pkcs7>(&mut bytes).map(<[u8]>::len).map_err(|_| {
        failed(words!(
            "密文无法解密：密钥、算法或密文有误",
            "the ciphertext does not decrypt: wrong key, cipher or data"
        ))
    })?;
    bytes.truncate(plain);
    Ok(bytes)
}

/// A key's bytes cut or zero-padded to the cipher's length.
fn fitted<const N: usize>(key: &str) -> [u8; N] {
    let mut bytes = [0; N];
    bytes.iter_mut().zip(key.bytes()).for_each(|(place, byte)| *place = byte);
    bytes
}

fn failed(words: Words) -> Error {
    Error::rejected(Code::DecryptFailed, "", words)
}

fn lacking_character(c: char) -> Error {
    let code = u32::from(c);
    Error::field(
        "",
        words!(
            "字符 {c}（U+{code:04X}）不在 GBK 中，SM4 加密无法传输",
            "GBK, which SM4 travels in, lacks the character {c} (U+{code:04X})"
        ),
    )
}

fn from_hex(data: &str) -> Result<Vec<u8>, Error> {
    let digits = data.trim_ascii().as_bytes();
    let mut bytes = vec![0; digits.len() / 2];
    match faster_hex::hex_decode(digits, &mut bytes) {
        Ok(_) => Ok(bytes),
        // The slower crate tells where.
        Err(_) => Err(failed(match hex::decode(digits) {
            Err(FromHexError::InvalidHexCharacter { c, index }) => {
                words!("密文第 {index} 个字符 {c} 不是十六进制数字", "the ciphertext is not hex: {c} at {index}")
            }
            _ => words!("十六进制密文的长度为奇数", "the ciphertext is not hex: its length is odd"),
        })),
    }
}

fn from_base64(data: &str) -> Result<Vec<u8>, Error> {
    // A blank at either end is a lost plus too, unless the text is whole without it.
    let decoded = Base64::decode_vec(&unwrapped(data)).or_else(|_| Base64::decode_vec(&unwrapped(data.trim_ascii())));
    decoded.map_err(|_| failed(words!("密文不是 base64 文本", "the ciphertext is not base64")))
}

/// Base64 without its line breaks, and with the plus signs that became blanks on the way.
fn unwrapped(data: &str) -> String {
    data.chars().filter(|c| !matches!(c, '\r' | '\n' | '\t')).map(|c| if c == ' ' { '+' } else { c }).collect()
}

fn utf8(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes)
        .map_err(|_| failed(words!("解密结果不是 UTF-8 文本：密钥有误", "what decrypts is no UTF-8 text: wrong key")))
}
