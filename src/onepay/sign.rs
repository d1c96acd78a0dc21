//! Signing text and signatures (document, security rules 1; `docs/onepay.md` tells what was measured).

use std::cmp::Ordering;
use std::fmt::Write;

use md5::Md5;
use sm3::Sm3;
use sm3::digest::{Digest, Output};
use smallvec::SmallVec;
use subtle::ConstantTimeEq;

use super::number::signed_number;
use crate::json::scan::{Eight, clean_prefix};
use crate::json::{Json, Object, escape};
use crate::reply::{Error, words};
use crate::settings::{KeyOrder, SignType};

/// Top-level members that are not signed. Nested members of these names are.
pub(super) const NOT_SIGNED: [&str; 5] = ["sign", "encryptData", "extenalMap", "pageParams", "externalNo"];

/// Up to this many members are sorted without asking for memory.
const USUAL_MEMBERS: usize = 16;

/// The members of an envelope in signing order as `k1=v1&k2=v2`, without the key at the end.
///
/// Fails on a null inside an array, which no sign can cover, with its place as a JSON pointer.
pub fn signing_text<'j>(
    members: impl Iterator<Item = (&'j str, &'j Json<'j>)>,
    order: KeyOrder,
) -> Result<String, Error> {
    let mut signed = SmallVec::<[_; USUAL_MEMBERS]>::new();
    signed.extend(members.filter(|(name, value)| !NOT_SIGNED.contains(name) && is_signed(value)));
    let mut text = String::with_capacity(1024);
    match order {
        KeyOrder::Ascii => {
            signed.sort_by(|(one, _), (other, _)| by_utf16(one, other));
            for (name, value) in signed {
                write_item(&mut text, name, value)?;
            }
        }
        KeyOrder::Sdk => {
            let mut items = signed.into_iter().map(|(name, value)| item(name, value)).collect::<Result<Vec<_>, _>>()?;
            items.sort_by_cached_key(|item| caseless(item));
            text.push_str(&items.concat());
        }
    }
    text.pop();
    Ok(text)
}

/// The signing text of a whole envelope.
pub fn envelope_text(message: &Object<'_>, order: KeyOrder) -> Result<String, Error> {
    signing_text(message.iter().map(|(name, value)| (name.as_ref(), value)), order)
}

/// The signature of a signing text, in upper-case hex. The secret never joins the text.
pub fn sign(text: &str, secret: &str, sign_type: SignType) -> String {
    let key = if text.is_empty() { "key=" } else { "&key=" };
    let parts = [text, key, secret];
    match sign_type {
        SignType::Md5 => upper_hex(digest::<Md5>(parts)),
        SignType::Sm3 => upper_hex(digest::<Sm3>(parts)),
    }
}

fn digest<D: Digest>(parts: [&str; 3]) -> Output<D> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize()
}

fn upper_hex(digest: impl AsRef<[u8]>) -> String {
    faster_hex::hex_string_upper(digest.as_ref())
}

/// A signing text for people: with the key at the end shown as `***`.
pub fn masked(text: &str) -> String {
    let separator = if text.is_empty() { "" } else { "&" };
    format!("{text}{separator}key=***")
}

/// Whether two signatures are the same, in a time that does not tell where they differ.
pub fn same(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

/// The signature's kind by an envelope's own `signType`: MD5 where it is absent or blank.
pub fn type_of(message: &Object<'_>) -> Result<SignType, Error> {
    match message.get("signType").filter(|value| is_signed(value)) {
        None => Ok(SignType::Md5),
        Some(value) => {
            let name = value.as_str().unwrap_or_default();
            let known = SignType::CHOICES.iter().find(|(word, _)| *word == name).map(|(_, kind)| *kind);
            known.ok_or_else(|| {
                Error::field(
                    "/signType",
                    words!("不支持的 signType {name}，只能是 MD5 或 SM3", "unknown signType {name}: MD5 or SM3"),
                )
            })
        }
    }
}

/// Whether a top-level value counts. Also tells a blank `signType` or `encryptType` from a named one.
pub fn is_signed(value: &Json<'_>) -> bool {
    match value {
        Json::Null => false,
        Json::Array(items) => !items.is_empty(),
        Json::String(text) => {
            let blank = text.trim_matches(|c| c <= '\u{20}').is_empty();
            !(blank || text.eq_ignore_ascii_case("null") || text == "NaN" || text == "undefined")
        }
        _ => true,
    }
}

fn item(name: &str, value: &Json<'_>) -> Result<String, Error> {
    let mut text = String::new();
    write_item(&mut text, name, value).map(|()| text)
}

/// `name=value&`
fn write_item(out: &mut String, name: &str, value: &Json<'_>) -> Result<(), Error> {
    out.push_str(name);
    out.push('=');
    match value {
        Json::String(text) => out.push_str(text),
        Json::Number(text) => out.push_str(&signed_number(text)),
        Json::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Json::Null => {}
        Json::Array(_) | Json::Object(_) => {
            write_nested(out, value).map_err(|error| error.below(&format!("/{}", escape(name))))?;
        }
    }
    out.push('&');
    Ok(())
}

/// Compact JSON with sorted keys in which every scalar is a quoted string, as the platform signs it.
fn write_nested(out: &mut String, value: &Json<'_>) -> Result<(), Error> {
    match value {
        Json::Null => Err(Error::field(
            "",
            words!(
                "数组中的 null 无法签名，平台会报错；请去掉它",
                "a null inside an array cannot be signed; leave it out"
            ),
        )),
        Json::Bool(truth) => {
            out.push_str(if *truth { "\"true\"" } else { "\"false\"" });
            Ok(())
        }
        Json::Number(text) => {
            out.push('"');
            out.push_str(&signed_number(text));
            out.push('"');
            Ok(())
        }
        Json::String(text) => {
            write_quoted(out, text);
            Ok(())
        }
        Json::Array(items) => write_items(out, items),
        Json::Object(object) => write_members(out, object),
    }
}

fn write_items(out: &mut String, items: &[Json<'_>]) -> Result<(), Error> {
    out.push('[');
    for (n, item) in items.iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        match item {
            Json::Array(inner) if inner.is_empty() => out.push_str("null"),
            _ => write_nested(out, item).map_err(|error| error.below(&format!("/{n}")))?,
        }
    }
    out.push(']');
    Ok(())
}

fn write_members(out: &mut String, object: &Object<'_>) -> Result<(), Error> {
    let kept = |value: &Json<'_>| match value {
        Json::Null => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        _ => true,
    };
    let mut members = SmallVec::<[_; USUAL_MEMBERS]>::new();
    members.extend(object.iter().filter(|(_, value)| kept(value)));
    members.sort_by(|(one, _), (other, _)| by_utf16(one, other));
    out.push('{');
    for (n, (name, value)) in members.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        write_quoted(out, name);
        out.push(':');
        write_nested(out, value).map_err(|error| error.below(&format!("/{}", escape(name))))?;
    }
    out.push('}');
    Ok(())
}

fn write_quoted(out: &mut String, text: &str) {
    out.reserve(text.len() + 4);
    out.push('"');
    // 0xC2 leads U+0080 to U+00BF, 0xE2 leads U+2000 to U+2FFF: some of them are escaped.
    let special = |eight: Eight| eight.json_special() | eight.equal(0x7F) | eight.equal(0xC2) | eight.equal(0xE2);
    if clean_prefix(text.as_bytes(), special) < text.len() {
        text.chars().for_each(|c| write_escaped(out, c));
    } else {
        out.push_str(text);
    }
    out.push('"');
}

fn write_escaped(out: &mut String, c: char) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\t' => out.push_str("\\t"),
        '\n' => out.push_str("\\n"),
        '\u{C}' => out.push_str("\\f"),
        '\r' => out.push_str("\\r"),
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' => {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{:04X}", u32::from(c));
        }
        _ => out.push(c),
    }
}

/// Order by UTF-16 code units, as Java compares strings.
pub(super) fn by_utf16(one: &str, other: &str) -> Ordering {
    // UTF-8 bytes sort alike but for the surrogates' code points (lead bytes from 0xF0) against U+E000 to U+FFFF.
    let place = |byte: u8| {
        if byte >= 0xF0 {
            byte - 0x02
        } else if byte >= 0xEE {
            byte + 0x10
        } else {
            byte
        }
    };
    match one.bytes().zip(other.bytes()).find(|(one, other)| one != other) {
        Some((one, other)) => place(one).cmp(&place(other)),
        None => one.len().cmp(&other.len()),
    }
}

/// The key of Java's `String.CASE_INSENSITIVE_ORDER`: each character to upper, then to lower case, where that is one.
pub(super) fn caseless(text: &str) -> Vec<u16> {
    let single = |c: char, mut cased: Box<dyn Iterator<Item = char>>| match (cased.next(), cased.next()) {
        (Some(one), None) => one,
        _ => c,
    };
    let fold = |c: char| {
        let upper = single(c, Box::new(c.to_uppercase()));
        single(upper, Box::new(upper.to_lowercase()))
    };
    text.chars().flat_map(|c| fold(c).encode_utf16(&mut [0; 2]).to_vec()).collect()
}
