//! Each mistake, from a message signed that way: what was hashed is written out here, not made by what is tested.

use std::collections::BTreeSet;

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use sm3::Sm3;

use super::explain;
use super::table::{CIPHERS, MISTAKES};
use super::way::Way;
use crate::explain::told::Explained;
use crate::json::{self, Json};
use crate::reply::Language;
use crate::settings::Onepay;

const APP_ID: &str = "1A3VL0KVK0000B020A0A0000CC3F48AD";
const SECRET: &str = "1A3vl0KVE0010B010A0A0000277BDC91";

/// Unsorted, and with something for each mistake.
const MESSAGE: &str = r#"{"version":"H.F.0.1","transType":"op.trade.charge","timestamp":"20161226093149","signType":"MD5","encryptData":"00",
    "respMsg":" 成功 ","encryptType":"Plain","blank":" ","none":null,"extenalMap":"x","Bank":"b",
    "appId":"1A3VL0KVK0000B020A0A0000CC3F48AD","param":{"z":"a/b<中\u007f\u001fc","amount":10.00,"qty":1E2,"n":5,"ok":true,
    "empty":"","nil":null,"list":[],"o":{},"sp":" ","sign":"inner"}}"#;

const TEXT: &str = r#"Bank=b&appId=1A3VL0KVK0000B020A0A0000CC3F48AD&encryptType=Plain&param={"amount":"10.00","n":"5","o":{},"ok":"true","qty":"1E+2","sign":"inner","sp":" ","z":"a/b<中\u007F\u001Fc"}&respMsg= 成功 &signType=MD5&timestamp=20161226093149&transType=op.trade.charge&version=H.F.0.1&key=SECRET"#;

const SMALL: &str = r#"{"appId":"A","respMsg":"a b/中é"}"#;

fn settings(secret: &str) -> Onepay {
    let text = format!(r#"{{"appId":"{APP_ID}","appSecret":"{secret}"}}"#);
    let Json::Object(object) = json::read(&text).unwrap() else { panic!("an object") };
    Onepay::read(&object).unwrap()
}

fn explained(message: &str, sign: &str, secret: &str) -> Explained<Way> {
    let Json::Object(mut message) = json::read(message).unwrap() else { panic!("an object") };
    message.set("sign", Json::String(sign.into()));
    explain(&message, &settings(secret)).unwrap()
}

fn names(explained: &Explained<Way>) -> Vec<&'static str> {
    explained.mistakes.iter().map(|mistake| mistake.name).collect()
}

fn md5(bytes: impl AsRef<[u8]>) -> String {
    hex::encode_upper(Md5::digest(bytes))
}

/// `TEXT` with each of the pairs put in the place of the first.
fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(TEXT.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// Mistakes in the text itself, as edits of the right one.
const TEXTS: &[(&str, &[(&str, &str)])] = &[
    ("NUMBERS_UNQUOTED", &[("\"10.00\"", "10.00"), ("\"5\"", "5"), ("\"1E+2\"", "1E+2")]),
    ("BOOLEANS_UNQUOTED", &[("\"true\"", "true")]),
    ("SCALARS_UNQUOTED", &[("\"10.00\"", "10.00"), ("\"5\"", "5"), ("\"1E+2\"", "1E+2"), ("\"true\"", "true")]),
    (
        "UNSORTED_INSIDE",
        &[(
            r#"{"amount":"10.00","n":"5","o":{},"ok":"true","qty":"1E+2","sign":"inner","sp":" ","z":"a/b<中\u007F\u001Fc"}"#,
            r#"{"z":"a/b<中\u007F\u001Fc","amount":"10.00","qty":"1E+2","n":"5","ok":"true","o":{},"sp":" ","sign":"inner"}"#,
        )],
    ),
    (
        "PARAM_AS_SENT",
        &[(
            r#"{"amount":"10.00","n":"5","o":{},"ok":"true","qty":"1E+2","sign":"inner","sp":" ","z":"a/b<中\u007F\u001Fc"}"#,
            "{\"z\":\"a/b<中\u{7f}\\u001fc\",\"amount\":10.00,\"qty\":1E2,\"n\":5,\"ok\":true,\"empty\":\"\",\"nil\":null,\"list\":[],\"o\":{},\"sp\":\" \",\"sign\":\"inner\"}",
        )],
    ),
    ("EMPTY_KEPT", &[("&encryptType", "&blank= &encryptType"), ("\"n\":", "\"empty\":\"\",\"list\":[],\"n\":")]),
    ("EMPTY_KEPT_OUTSIDE", &[("&encryptType", "&blank= &encryptType")]),
    ("EMPTY_KEPT_INSIDE", &[("\"n\":", "\"empty\":\"\",\"list\":[],\"n\":")]),
    ("NULL_KEPT", &[("&param", "&none=null&param"), ("\"o\":", "\"nil\":null,\"o\":")]),
    ("NULL_AS_EMPTY", &[("&param", "&none=&param"), ("\"o\":", "\"nil\":\"\",\"o\":")]),
    ("EMPTY_DROPPED", &[("\"o\":{},", ""), ("\"sp\":\" \",", "")]),
    ("KEY_MISSING", &[("&key=SECRET", "")]),
    ("KEY_WITHOUT_AMPERSAND", &[("&key=", "key=")]),
    ("KEY_WITHOUT_NAME", &[("&key=", "&")]),
    ("KEY_BARE", &[("&key=", "")]),
    ("KEY_FIRST", &[("&key=SECRET", ""), ("Bank=", "key=SECRET&Bank=")]),
    ("KEY_SORTED", &[("&key=SECRET", ""), ("&param=", "&key=SECRET&param=")]),
    ("KEY_NAMED_APP_SECRET", &[("&key=", "&appSecret=")]),
    ("KEY_NAMED_SECRET", &[("&key=", "&secret=")]),
    ("KEY_NAMED_APP_KEY", &[("&key=", "&appKey=")]),
    ("KEY_NAMED_UPPER", &[("&key=", "&KEY=")]),
    ("KEY_NAMED_CAPITAL", &[("&key=", "&Key=")]),
    ("SIGN_TYPE_LEFT_OUT", &[("&signType=MD5", "")]),
    ("ENCRYPT_TYPE_LEFT_OUT", &[("&encryptType=Plain", "")]),
    ("TIMESTAMP_LEFT_OUT", &[("&timestamp=20161226093149", "")]),
    ("VERSION_LEFT_OUT", &[("&version=H.F.0.1", "")]),
    ("APP_ID_LEFT_OUT", &[("&appId=1A3VL0KVK0000B020A0A0000CC3F48AD", "")]),
    ("TRANS_TYPE_LEFT_OUT", &[("&transType=op.trade.charge", "")]),
    ("RESP_MSG_LEFT_OUT", &[("&respMsg= 成功 ", "")]),
    (
        "PARAM_LEFT_OUT",
        &[(
            r#"&param={"amount":"10.00","n":"5","o":{},"ok":"true","qty":"1E+2","sign":"inner","sp":" ","z":"a/b<中\u007F\u001Fc"}"#,
            "",
        )],
    ),
    ("SIGN_INCLUDED", &[("&signType", "&sign=&signType")]),
    (
        "ENCRYPT_DATA_SIGNED",
        &[
            (
                r#"&param={"amount":"10.00","n":"5","o":{},"ok":"true","qty":"1E+2","sign":"inner","sp":" ","z":"a/b<中\u007F\u001Fc"}"#,
                "",
            ),
            ("&encryptType", "&encryptData=00&encryptType"),
        ],
    ),
    ("ENCRYPT_DATA_INCLUDED", &[("&encryptType", "&encryptData=00&encryptType")]),
    ("EXTRAS_INCLUDED", &[("&param", "&extenalMap=x&param")]),
    ("NESTED_SIGN_LEFT_OUT", &[("\"sign\":\"inner\",", "")]),
    (
        "PARAM_FLATTENED",
        &[
            (
                r#"param={"amount":"10.00","n":"5","o":{},"ok":"true","qty":"1E+2","sign":"inner","sp":" ","z":"a/b<中\u007F\u001Fc"}"#,
                "n=5&o={}&ok=true&qty=1E+2",
            ),
            ("&appId", "&amount=10.00&appId"),
            ("&key", "&z=a/b<中\u{7f}\u{1f}c&key"),
        ],
    ),
    ("NUMBERS_PLAIN", &[("\"10.00\"", "\"10\""), ("1E+2", "100")]),
    ("NUMBERS_AS_DOUBLE", &[("\"10.00\"", "\"10.0\""), ("1E+2", "100.0")]),
    ("NUMBERS_TWO_DECIMALS", &[("\"n\":\"5\"", "\"n\":\"5.00\""), ("1E+2", "100.00")]),
    ("NUMBERS_AS_WRITTEN", &[("1E+2", "1E2")]),
    ("KEY_ORDER", &[("Bank=b&", ""), ("&encryptType", "&Bank=b&encryptType")]),
    ("NON_ASCII_ESCAPED", &[("中", "\\u4e2d")]),
    ("NON_ASCII_ESCAPED_UPPER", &[("中", "\\u4E2D")]),
    ("SLASH_ESCAPED", &[("a/b", "a\\/b")]),
    ("HTML_ESCAPED", &[("<", "\\u003c")]),
    ("ESCAPES_LOWER", &[("\\u007F\\u001F", "\\u007f\\u001f")]),
    ("ESCAPES_MISSING", &[("\\u007F", "\u{7f}")]),
    ("PARAM_SPACED", &[("\":", "\": "), (",\"", ", \"")]),
    ("VALUES_TRIMMED", &[("= 成功 &", "=成功&")]),
];

/// Mistakes in how a right text became a sign.
fn signs() -> Vec<(&'static str, &'static str, String)> {
    let text = TEXT.replace("SECRET", SECRET);
    let keyed = |secret: &str| md5(TEXT.replace("SECRET", secret));
    let hmac = |bytes: Vec<u8>| hex::encode_upper(bytes);
    let small = |middle: &[u8]| md5([b"appId=A&respMsg=a b/", middle, b"&key=", SECRET.as_bytes()].concat());
    let mut sha = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    sha.update(text.as_bytes());
    let mut hmac_md5 = Hmac::<Md5>::new_from_slice(SECRET.as_bytes()).unwrap();
    hmac_md5.update(text.as_bytes());
    let right = md5(&text);
    vec![
        ("HEX_LOWER", MESSAGE, right.to_lowercase()),
        ("SIGN_16_DIGITS", MESSAGE, right[8..24].to_owned()),
        ("SIGN_PADDED", MESSAGE, format!("{right}\r\n")),
        ("SIGN_BASE64", "{}", base64_of_md5(&format!("key={SECRET}"))),
        ("DIGEST_SM3", MESSAGE, hex::encode_upper(Sm3::digest(&text))),
        ("DIGEST_SHA256", MESSAGE, hex::encode_upper(Sha256::digest(&text))),
        ("DIGEST_HMAC_SHA256", MESSAGE, hmac(sha.finalize().into_bytes().to_vec())),
        ("DIGEST_HMAC_MD5", MESSAGE, hmac(hmac_md5.finalize().into_bytes().to_vec())),
        ("DIGEST_MD5", r#"{"signType":"SM3"}"#, md5(format!("signType=SM3&key={SECRET}"))),
        ("SECRET_TRAILING_SPACE", MESSAGE, keyed(&format!("{SECRET} "))),
        ("SECRET_TRAILING_NEWLINE", MESSAGE, keyed(&format!("{SECRET}\n"))),
        ("SECRET_TRAILING_CRLF", MESSAGE, keyed(&format!("{SECRET}\r\n"))),
        ("SECRET_LEADING_SPACE", MESSAGE, keyed(&format!(" {SECRET}"))),
        ("SECRET_UPPER", MESSAGE, keyed("1A3VL0KVE0010B010A0A0000277BDC91")),
        ("SECRET_LOWER", MESSAGE, keyed("1a3vl0kve0010b010a0a0000277bdc91")),
        ("SECRET_IS_APP_ID", MESSAGE, keyed(APP_ID)),
        ("SECRET_EMPTY", MESSAGE, keyed("")),
        ("CHARSET_GBK", SMALL, small(&[0xD6, 0xD0, 0xA8, 0xA6])),
        ("CHARSET_QUESTION_MARKS", SMALL, small(b"??")),
        ("CHARSET_LATIN1", SMALL, small(b"?\xE9")),
        ("CHARSET_TWICE", SMALL, small("\u{E4}\u{B8}\u{AD}\u{C3}\u{A9}".as_bytes())),
        ("CHARSET_UTF16", "{}", {
            md5(format!("key={SECRET}").bytes().flat_map(|byte| [byte, 0]).collect::<Vec<_>>())
        }),
        ("URL_ENCODED", SMALL, md5(format!("appId=A&respMsg=a+b%2F%E4%B8%AD%C3%A9&key={SECRET}"))),
        ("UNSORTED_OUTSIDE", r#"{"b":"1","a":"2"}"#, md5(format!("b=1&a=2&key={SECRET}"))),
        ("UNSORTED", r#"{"b":"1","a":{"d":"2","c":"3"}}"#, {
            md5(format!(r#"b=1&a={{"d":"2","c":"3"}}&key={SECRET}"#))
        }),
    ]
}

/// Finds the mistake alone, or beside one that comes to the same sign with this message.
fn finds(name: &str, explained: &Explained<Way>) {
    assert!(!explained.verified && explained.hint.is_none(), "{name}: {explained:?}");
    assert_eq!(explained.mistakes.len(), 1, "{name}: {:?}", names(explained));
    assert!([names(explained), explained.alternatives.clone()].concat().contains(&name), "{name}: {explained:?}");
}

#[test]
fn the_message_verifies_when_it_is_signed_rightly() {
    let explained = explained(MESSAGE, &md5(TEXT.replace("SECRET", SECRET)), SECRET);
    assert!(explained.verified && explained.mistakes.is_empty(), "{explained:?}");
    assert_eq!(explained.text, TEXT.replace("SECRET", "***"));
}

#[test]
fn each_mistake_in_the_text_is_found_and_shown() {
    for (name, edits) in TEXTS {
        let text = edited(edits);
        let explained = explained(MESSAGE, &md5(text.replace("SECRET", SECRET)), SECRET);
        finds(name, &explained);
        assert_eq!(explained.text, TEXT.replace("SECRET", "***"), "{name}");
        assert_eq!(explained.their_text, text.replace("SECRET", "***"), "{name}");
    }
}

#[test]
fn each_mistake_in_digest_secret_and_charset_is_found() {
    for (name, message, sign) in signs() {
        let explained = explained(message, &sign, SECRET);
        finds(name, &explained);
        assert!(!format!("{}{}", explained.text, explained.their_text).contains(SECRET), "{name}");
    }
}

fn base64_of_md5(text: &str) -> String {
    use base64ct::{Base64, Encoding};
    Base64::encode_string(&Md5::digest(text))
}

#[test]
fn what_the_settings_have_wrong_is_found() {
    let blank = explained(r#"{"appId":"A"}"#, &md5(format!("appId=A&key={SECRET}")), &format!("{SECRET} "));
    finds("SECRET_TRIMMED", &blank);
    assert!(blank.mistakes[0].detail(Language::En).ends_with("check this side's settings first"));
    // The message key of AES for this pair of appId and secret is the one of docs/onepay.md.
    let secret = "1A3VL0KVE0010B010A0A0000277BDC91";
    let message = r#"{"appId":"A","encryptType":"AES"}"#;
    let key = explained(message, &md5("appId=A&encryptType=AES&key=6D2D754B808E6B94"), secret);
    finds("SECRET_IS_MESSAGE_KEY", &key);
    assert!(!key.their_text.contains("6D2D754B808E6B94"));
}

#[test]
fn every_row_of_the_table_is_tested_above_and_has_its_own_name() {
    let tested: BTreeSet<_> =
        TEXTS.iter().map(|(name, _)| *name).chain(signs().iter().map(|(name, ..)| *name)).collect();
    let rows: BTreeSet<_> = MISTAKES.iter().map(|mistake| mistake.name).collect();
    let untested: Vec<_> = rows.difference(&tested).collect();
    assert_eq!(untested, [&"SECRET_IS_MESSAGE_KEY", &"SECRET_TRIMMED"]);
    assert_eq!(rows.len(), MISTAKES.len());
    for mistake in MISTAKES.iter().chain(CIPHERS) {
        assert!(
            mistake.detail(Language::Zh).contains('。') && mistake.detail(Language::En).is_ascii(),
            "{}",
            mistake.name
        );
    }
}

#[test]
fn two_mistakes_are_found_together_and_their_common_text_is_shown() {
    let text =
        edited(&[("\"10.00\"", "10.00"), ("\"5\"", "5"), ("\"1E+2\"", "1E+2"), ("&timestamp=20161226093149", "")]);
    let explained = explained(MESSAGE, &md5(text.replace("SECRET", SECRET)), SECRET);
    assert_eq!(names(&explained), ["NUMBERS_UNQUOTED", "TIMESTAMP_LEFT_OUT"]);
    assert_eq!(explained.their_text, text.replace("SECRET", "***"));
}

#[test]
fn pairs_of_likely_mistakes_are_within_reach() {
    let likely = &MISTAKES[..17];
    for (n, one) in likely.iter().enumerate() {
        for other in &likely[n + 1..] {
            let way = other.on(&one.on(&Way::default()));
            let settings = settings(SECRET);
            let Json::Object(mut message) = json::read(MESSAGE).unwrap() else { panic!("an object") };
            let sign = super::Case::sign(&super::Examined::new(&message, None, &settings).unwrap(), &way).unwrap();
            message.set("sign", Json::String(sign.into()));
            let found = explain(&message, &settings).unwrap();
            assert!((1..=2).contains(&found.mistakes.len()), "{} and {}: {found:?}", one.name, other.name);
        }
    }
}

#[test]
fn what_no_mistake_explains_gets_a_hint_by_its_look() {
    for (sign, message, hint) in [
        ("0".repeat(32), MESSAGE, "appSecret"),
        ("0".repeat(64), MESSAGE, "32 hex digits"),
        ("x".repeat(32), MESSAGE, "32 hex digits"),
        ("0".repeat(32), r#"{"param":{"name":["张\ufffd"]}}"#, "GBK"),
        ("0".repeat(32), r#"{"respMsg":"????"}"#, "GBK"),
    ] {
        let explained = explained(message, &sign, SECRET);
        assert!(!explained.verified && explained.mistakes.is_empty());
        assert!(explained.hint.as_ref().unwrap().en.contains(hint), "{hint}: {explained:?}");
    }
}

/// A message that names one cipher and holds the ciphertext of `{"n":1,"m":2}` by another.
fn sealed(named: &str, data: &str) -> String {
    format!(r#"{{"encryptData":"{data}","encryptType":"{named}","respCode":"000000"}}"#)
}

#[test]
fn another_cipher_than_the_one_named_is_found_with_or_without_a_mistake_in_the_sign() {
    use crate::onepay::cipher::encrypt;
    use crate::settings::EncryptType::{Aes, Des, Sm4};
    use base64ct::{Base64, Encoding};

    let settings = settings(SECRET);
    let text = r#"{"n":1,"m":2}"#;
    let (aes, des) = (encrypt(text, Aes, &settings).unwrap(), encrypt(text, Des, &settings).unwrap());
    let sm4 = encrypt(text, Sm4, &settings).unwrap();
    let aes_in_base64 = Base64::encode_string(&hex::decode(&aes).unwrap());
    let des_in_hex = hex::encode_upper(Base64::decode_vec(&des).unwrap());
    for (name, named, data) in [
        ("CIPHER_DES", "AES", &des),
        ("CIPHER_SM4", "DES", &sm4),
        ("CIPHER_AES", "SM4", &aes),
        ("CIPHER_AES", "RC4", &aes),
        ("CIPHER_DES", "", &des),
        ("CIPHERTEXT_BASE64", "AES", &aes_in_base64),
        ("CIPHERTEXT_HEX", "DES", &des_in_hex),
    ] {
        let message = sealed(named, data);
        let named = if named.is_empty() { String::new() } else { format!("encryptType={named}&") };
        let right = format!(r#"{named}param={{"m":"2","n":"1"}}&respCode=000000&key="#);
        let found = explained(&message, &md5(format!("{right}{SECRET}")), SECRET);
        assert_eq!((found.verified, names(&found)), (false, vec![name]), "{named}");
        assert_eq!((&found.text, &found.their_text), (&format!("{right}***"), &format!("{right}***")));
        let bare = right.replace("\"1\"", "1").replace("\"2\"", "2");
        let found = explained(&message, &md5(format!("{bare}{SECRET}")), SECRET);
        assert_eq!(names(&found), [name, "NUMBERS_UNQUOTED"], "{named}");
        assert_eq!(found.their_text, format!("{bare}***"));
        let found = explained(&message, &"0".repeat(32), SECRET);
        assert_eq!((names(&found), found.hint.is_some()), (vec![name], true), "{named}");
    }
}

#[test]
fn an_encrypted_message_is_looked_into_by_its_plain_param() {
    let settings = settings(SECRET);
    let data = crate::onepay::cipher::encrypt(r#"{"n":1}"#, crate::settings::EncryptType::Aes, &settings).unwrap();
    let message = sealed("AES", &data);
    let text = |param: &str| format!("encryptType=AES{param}&respCode=000000&key=");
    let explained = |text: &str| explained(&message, &md5(format!("{text}{SECRET}")), SECRET);
    let encrypted = format!("encryptData={data}&{}", text(""));
    for (name, signed) in [("ENCRYPT_DATA_SIGNED", encrypted), ("PARAM_SPACED", text(r#"&param={"n": "1"}"#))] {
        let found = explained(&signed);
        finds(name, &found);
        assert_eq!(found.text, format!("{}***", text(r#"&param={"n":"1"}"#)));
        assert_eq!(found.their_text, format!("{signed}***"));
    }
    // What verifying takes: the plain param, a param that was sealed as a string, and the message as it stands.
    for signed in [text(r#"&param={"n":"1"}"#), text(r#"&param={"n":1}"#), text("")] {
        let found = explained(&signed);
        assert!(found.verified && found.text == format!("{signed}***"), "{found:?}");
    }
}

#[test]
fn the_documentation_lists_every_mistake() {
    for page in [include_str!("../../../docs/onepay.md"), include_str!("../../../docs/onepay.zh-CN.md")] {
        for mistake in MISTAKES.iter().chain(CIPHERS) {
            assert!(page.contains(&format!("\n| `{}` |", mistake.name)), "{}", mistake.name);
        }
    }
}
