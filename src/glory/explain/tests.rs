//! Each mistake, from a body signed that way: what was hashed is written out here, not made by what is tested.

use std::collections::BTreeSet;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;

use super::table::MISTAKES;
use super::way::Way;
use super::{Headers, explain};
use crate::explain::told::Explained;
use crate::json::{self, Json};
use crate::reply::Language;
use crate::settings::Glory;

const KEY: &str = "4fd6b8105f894d0da964b1e80b07b136";
const STAMP: &str = "20210407155206";

/// Unsorted, and with something for each mistake.
const BODY: &str = r#"{"orgCode":"H1","flag":true,"name ":"张三","b":"","nil":null,"e":{},"sp":" ","sign":"inner","fee":10.00,"qty":5,
    "Z":"q","d":{"sign":"s2","k":"v"},"l":[{"v":"0"},"1","2","3","4","5","6","7","8","9","10"],"timestamp":"20200101000000"}"#;

const LIST: &str = "l[0].v=0&l[10]=10&l[1]=1&l[2]=2&l[3]=3&l[4]=4&l[5]=5&l[6]=6&l[7]=7&l[8]=8&l[9]=9";

const TEXT: &str = "Z=q&d.k=v&d.sign=s2&fee=10.00&flag=true&l[0].v=0&l[10]=10&l[1]=1&l[2]=2&l[3]=3&l[4]=4&l[5]=5&l[6]=6&l[7]=7&l[8]=8&l[9]=9&name =张三&orgCode=H1&qty=5&sp= &timestamp=20200101000000&key=KEY&timestamp=20210407155206";

fn settings(key: &str, numbers: &str) -> Glory {
    let text = format!(r#"{{"sid":"S1","key":"{key}","numbers":"{numbers}"}}"#);
    let Json::Object(object) = json::read(&text).unwrap() else { panic!("an object") };
    Glory::read(&object).unwrap()
}

fn explained_by(body: &str, sign: &str, settings: &Glory) -> Explained<Way> {
    let Json::Object(body) = json::read(body).unwrap() else { panic!("an object") };
    explain(&body, Headers { sid: None, timestamp: STAMP, sign }, settings).unwrap()
}

fn explained(body: &str, sign: &str) -> Explained<Way> {
    explained_by(body, sign, &settings(KEY, "literal"))
}

fn names(explained: &Explained<Way>) -> Vec<&'static str> {
    explained.mistakes.iter().map(|mistake| mistake.name).collect()
}

fn hmac(message: impl AsRef<[u8]>, key: impl AsRef<[u8]>) -> Vec<u8> {
    let mut hmac = Hmac::<Sha256>::new_from_slice(key.as_ref()).unwrap();
    hmac.update(message.as_ref());
    hmac.finalize().into_bytes().to_vec()
}

fn md5(text: impl AsRef<[u8]>) -> String {
    hex::encode_upper(Md5::digest(text))
}

fn signed_with(text: impl AsRef<[u8]>, key: &str) -> String {
    hex::encode(hmac(md5(text), key))
}

fn signed(text: &str) -> String {
    signed_with(text.replace("KEY", KEY), KEY)
}

fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(TEXT.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// Mistakes in the text itself, as edits of the right one.
const TEXTS: &[(&str, &[(&str, &str)])] = &[
    ("NUMBERS_PLAIN", &[("10.00", "10")]),
    ("NUMBERS_AS_DOUBLE", &[("10.00", "10.0")]),
    ("NUMBERS_TWO_DECIMALS", &[("qty=5", "qty=5.00")]),
    ("TIMESTAMP_LEFT_OUT", &[("&timestamp=20210407155206", "")]),
    ("TIMESTAMP_BEFORE_KEY", &[("&key=KEY&timestamp=20210407155206", "&timestamp=20210407155206&key=KEY")]),
    (
        "TIMESTAMP_SORTED",
        &[
            ("&key=KEY&timestamp=20210407155206", ""),
            ("20200101000000", "20200101000000&timestamp=20210407155206&key=KEY"),
        ],
    ),
    ("KEY_SORTED", &[("&key=KEY&timestamp=20210407155206", "&timestamp=20210407155206"), ("&l[0]", "&key=KEY&l[0]")]),
    ("KEY_MISSING", &[("&key=KEY", "")]),
    ("KEY_AND_TIMESTAMP_MISSING", &[("&key=KEY&timestamp=20210407155206", "")]),
    ("KEY_WITHOUT_AMPERSAND", &[("&key", "key")]),
    ("KEY_BARE", &[("&key=KEY&timestamp=", "KEY")]),
    ("KEY_NAMED_UPPER", &[("&key=", "&KEY=")]),
    ("KEY_NAMED_SECRET", &[("&key=", "&secret=")]),
    ("KEY_NAMED_APP_KEY", &[("&key=", "&appKey=")]),
    ("SID_INCLUDED", &[("20210407155206", "20210407155206&sid=S1")]),
    ("SID_SORTED", &[("&sp=", "&sid=S1&sp=")]),
    ("TIMESTAMP_SECOND_EARLIER", &[("20210407155206", "20210407155205")]),
    ("TIMESTAMP_SECOND_LATER", &[("20210407155206", "20210407155207")]),
    ("TIMESTAMP_UTC", &[("20210407155206", "20210407075206")]),
    ("TIMESTAMP_HEADER_UTC", &[("20210407155206", "20210407235206")]),
    ("TIMESTAMP_WRITTEN_OUT", &[("20210407155206", "2021-04-07 15:52:06")]),
    ("TIMESTAMP_MILLISECONDS", &[("20210407155206", "1617781926000")]),
    ("TIMESTAMP_SECONDS", &[("20210407155206", "1617781926")]),
    ("TIMESTAMP_OF_BODY", &[("20210407155206", "20200101000000")]),
    (
        "UNSORTED",
        &[(
            TEXT,
            "orgCode=H1&flag=true&name =张三&sp= &fee=10.00&qty=5&Z=q&d.sign=s2&d.k=v&l[0].v=0&l[1]=1&l[2]=2&l[3]=3&l[4]=4&l[5]=5&l[6]=6&l[7]=7&l[8]=8&l[9]=9&l[10]=10&timestamp=20200101000000&key=KEY&timestamp=20210407155206",
        )],
    ),
    ("SORTED_BY_LEVEL", &[("&l[10]=10", ""), ("&l[9]=9", "&l[9]=9&l[10]=10")]),
    ("SORTED_CASELESS", &[("Z=q&", ""), ("&key", "&Z=q&key")]),
    (
        "NESTED_AS_JSON",
        &[
            ("d.k=v&d.sign=s2", r#"d={"sign":"s2","k":"v"}"#),
            (LIST, r#"l=[{"v":"0"},"1","2","3","4","5","6","7","8","9","10"]"#),
        ],
    ),
    ("ARRAYS_AS_JSON", &[(LIST, r#"l=[{"v":"0"},"1","2","3","4","5","6","7","8","9","10"]"#)]),
    ("NESTED_LEFT_OUT", &[("d.k=v&d.sign=s2&", ""), (LIST, ""), ("&&", "&")]),
    (
        "PREFIX_MISSING",
        &[
            ("d.k=v&d.sign=s2&", ""),
            ("l[0].v=0&", ""),
            ("&l[10]", "&k=v&l[10]"),
            ("&sp=", "&sign=s2&sp="),
            ("&key", "&v=0&key"),
        ],
    ),
    ("NAMES_BRACKETED", &[("d.k", "d[k]"), ("d.sign", "d[sign]"), ("l[0].v", "l[0][v]")]),
    ("NAMES_UNDERSCORED", &[("d.k", "d_k"), ("d.sign", "d_sign"), ("l[0].v", "l[0]_v")]),
    ("NAMES_TRIMMED", &[("name =", "name=")]),
    ("INDEX_FROM_ONE", &[(LIST, "l[10]=9&l[11]=10&l[1].v=0&l[2]=1&l[3]=2&l[4]=3&l[5]=4&l[6]=5&l[7]=6&l[8]=7&l[9]=8")]),
    ("INDEX_DOTTED", &[(LIST, "l.0.v=0&l.1=1&l.10=10&l.2=2&l.3=3&l.4=4&l.5=5&l.6=6&l.7=7&l.8=8&l.9=9")]),
    ("INDEX_EMPTY", &[(LIST, "l[]=1&l[]=2&l[]=3&l[]=4&l[]=5&l[]=6&l[]=7&l[]=8&l[]=9&l[]=10&l[].v=0")]),
    ("INDEX_MISSING", &[(LIST, "l=1&l=2&l=3&l=4&l=5&l=6&l=7&l=8&l=9&l=10&l.v=0")]),
    ("EMPTY_KEPT", &[("&d.k", "&b=&d.k")]),
    ("EMPTY_NESTED_KEPT", &[("&fee", "&e={}&fee")]),
    ("NULL_KEPT", &[("&orgCode", "&nil=null&orgCode")]),
    ("NULL_AS_EMPTY", &[("&orgCode", "&nil=&orgCode")]),
    ("BLANK_DROPPED", &[("&sp= ", "")]),
    ("SIGN_INCLUDED", &[("&sp=", "&sign=inner&sp=")]),
    ("NESTED_SIGN_LEFT_OUT", &[("&d.sign=s2", "")]),
    ("BOOLEANS_CAPITAL", &[("=true", "=True")]),
];

/// Mistakes in how a text became a sign, and those that a smaller body shows.
fn signs() -> Vec<(&'static str, &'static str, String)> {
    let text = &TEXT.replace("KEY", KEY);
    let digest = md5(text);
    let right = hmac(&digest, KEY);
    let small = r#"{"n":"中é"}"#;
    let small_text = |middle: &[u8]| {
        let end = format!("&key={KEY}&timestamp={STAMP}");
        signed_with([b"n=", middle, end.as_bytes()].concat(), KEY)
    };
    let with_key = |key: &str| signed_with(TEXT.replace("KEY", key), key);
    let with_mac_key = |key: &[u8]| hex::encode(hmac(&digest, key));
    let mut hmac_md5 = Hmac::<Md5>::new_from_slice(KEY.as_bytes()).unwrap();
    hmac_md5.update(digest.as_bytes());
    let utf16: Vec<u8> =
        format!("n=中é&key={KEY}&timestamp={STAMP}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_key: Vec<u8> = KEY.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("HEX_UPPER", BODY, hex::encode_upper(&right)),
        ("SIGN_BASE64", BODY, Base64::encode_string(&right)),
        ("SIGN_PADDED", BODY, format!(" {}", hex::encode(&right))),
        ("MD5_LOWER", BODY, hex::encode(hmac(digest.to_lowercase(), KEY))),
        ("MD5_MISSING", BODY, hex::encode(hmac(text, KEY))),
        ("MD5_BYTES", BODY, hex::encode(hmac(Md5::digest(text), KEY))),
        ("TEXT_UPPER", BODY, hex::encode(hmac(text.to_ascii_uppercase(), KEY))),
        ("HMAC_MISSING", BODY, digest.clone()),
        ("HMAC_WITHOUT_KEY", BODY, hex::encode(Sha256::digest(&digest))),
        ("HMAC_SWAPPED", BODY, hex::encode(hmac(KEY, &digest))),
        ("HMAC_MD5", BODY, hex::encode(hmac_md5.finalize().into_bytes())),
        ("HMAC_KEY_EMPTY", BODY, with_mac_key(b"")),
        ("HMAC_KEY_SID", BODY, with_mac_key(b"S1")),
        ("HMAC_KEY_TIMESTAMP", BODY, with_mac_key(STAMP.as_bytes())),
        ("HMAC_KEY_BYTES", BODY, with_mac_key(&hex::decode(KEY).unwrap())),
        ("HMAC_KEY_MD5", BODY, with_mac_key(md5(KEY).to_lowercase().as_bytes())),
        ("EMPTY_BODY_AMPERSAND", "{}", signed(&format!("&key=KEY&timestamp={STAMP}"))),
        ("BODY_AS_JSON", r#"{"b":1, "a":"x"}"#, signed(&format!(r#"{{"b":1,"a":"x"}}&key=KEY&timestamp={STAMP}"#))),
        ("TEXTS_QUOTED", r#"{"a":"x"}"#, signed(&format!(r#"a="x"&key=KEY&timestamp={STAMP}"#))),
        ("URL_ENCODED", r#"{"a":"x 中"}"#, signed(&format!("a=x+%E4%B8%AD&key=KEY&timestamp={STAMP}"))),
        ("CHARSET_GBK", small, small_text(&[0xD6, 0xD0, 0xA8, 0xA6])),
        ("CHARSET_QUESTION_MARKS", small, small_text(b"??")),
        ("CHARSET_LATIN1", small, small_text(b"?\xE9")),
        ("CHARSET_TWICE", small, small_text("\u{E4}\u{B8}\u{AD}\u{C3}\u{A9}".as_bytes())),
        ("CHARSET_UTF16", small, hex::encode(hmac(md5(utf16), utf16_key))),
        ("SECRET_TRAILING_SPACE", BODY, with_key(&format!("{KEY} "))),
        ("SECRET_TRAILING_NEWLINE", BODY, with_key(&format!("{KEY}\n"))),
        ("SECRET_TRAILING_CRLF", BODY, with_key(&format!("{KEY}\r\n"))),
        ("SECRET_LEADING_SPACE", BODY, with_key(&format!(" {KEY}"))),
        ("SECRET_UPPER", BODY, with_key("4FD6B8105F894D0DA964B1E80B07B136")),
        ("SECRET_IS_SID", BODY, with_key("S1")),
        ("SECRET_EMPTY", BODY, with_key("")),
    ]
}

/// Finds the mistake alone, or beside one that comes to the same sign with this body.
fn finds(name: &str, explained: &Explained<Way>) {
    assert!(!explained.verified && explained.hint.is_none(), "{name}: {explained:?}");
    assert_eq!(explained.mistakes.len(), 1, "{name}: {:?}", names(explained));
    assert!([names(explained), explained.alternatives.clone()].concat().contains(&name), "{name}: {explained:?}");
}

#[test]
fn the_body_verifies_when_it_is_signed_rightly() {
    let explained = explained(BODY, &signed(TEXT));
    assert!(explained.verified && explained.mistakes.is_empty(), "{explained:?}");
    assert_eq!(explained.text, TEXT.replace("KEY", "***"));
}

#[test]
fn each_mistake_in_the_text_is_found_and_shown() {
    for (name, edits) in TEXTS {
        let text = edited(edits).replace("&KEY=KEY", "&\0=KEY");
        let sign = signed_with(text.replace("KEY", KEY).replace('\0', "KEY"), KEY);
        let explained = explained(BODY, &sign);
        finds(name, &explained);
        assert_eq!(explained.text, TEXT.replace("KEY", "***"), "{name}");
        assert_eq!(explained.their_text, text.replace("KEY", "***").replace('\0', "KEY"), "{name}");
    }
}

#[test]
fn each_mistake_in_digest_key_and_charset_is_found() {
    for (name, body, sign) in signs() {
        let explained = explained(body, &sign);
        finds(name, &explained);
        assert!(!format!("{}{}", explained.text, explained.their_text).contains(KEY), "{name}");
    }
}

#[test]
fn what_the_settings_have_wrong_is_found() {
    let body = r#"{"fee":10.00}"#;
    let text = |fee: &str| format!("fee={fee}&key=Key1&timestamp={STAMP}");
    let blank = explained_by(body, &signed_with(text("10.00"), "Key1"), &settings("Key1 ", "literal"));
    finds("SECRET_TRIMMED", &blank);
    let lower =
        explained_by(body, &signed_with(text("10.00").replace("Key1", "key1"), "key1"), &settings("Key1", "literal"));
    finds("SECRET_LOWER", &lower);
    let literal = explained_by(body, &signed_with(text("10.00"), "Key1"), &settings("Key1", "plain"));
    finds("NUMBERS_LITERAL", &literal);
    assert!(literal.mistakes[0].detail(Language::Zh).ends_with("请先核对本方设置"));
}

#[test]
fn every_row_of_the_table_is_tested_above_and_has_its_own_name() {
    let tested: BTreeSet<_> =
        TEXTS.iter().map(|(name, _)| *name).chain(signs().iter().map(|(name, ..)| *name)).collect();
    let rows: BTreeSet<_> = MISTAKES.iter().map(|mistake| mistake.name).collect();
    let untested: Vec<_> = rows.difference(&tested).collect();
    assert_eq!(untested, [&"NUMBERS_LITERAL", &"SECRET_LOWER", &"SECRET_TRIMMED"]);
    assert_eq!(rows.len(), MISTAKES.len());
    for mistake in MISTAKES {
        assert!(
            mistake.detail(Language::Zh).contains('。') && mistake.detail(Language::En).is_ascii(),
            "{}",
            mistake.name
        );
    }
}

#[test]
fn two_mistakes_are_found_together_and_their_common_text_is_shown() {
    let text = edited(&[("10.00", "10"), ("&d.k", "&b=&d.k")]);
    let found = explained(BODY, &signed(&text));
    assert_eq!(names(&found), ["NUMBERS_PLAIN", "EMPTY_KEPT"]);
    assert_eq!(found.their_text, text.replace("KEY", "***"));
    // The MD5 alone, in small letters, is no upper-case sign.
    let found = explained(BODY, &md5(TEXT.replace("KEY", KEY)).to_lowercase());
    assert_eq!(names(&found), ["MD5_LOWER", "HMAC_MISSING"]);
}

#[test]
fn the_documents_printed_sign_is_explained_by_its_numbers() {
    let cases: serde_json::Value = serde_json::from_str(include_str!("../../../tests/vectors/glory.json")).unwrap();
    let case = cases.as_array().unwrap().iter().find(|case| case["name"] == "published/sign").unwrap();
    let found = explained(case["body"].as_str().unwrap(), case["expect"]["sign"].as_str().unwrap());
    assert_eq!(names(&found), ["NUMBERS_PLAIN"]);
}

#[test]
fn what_no_mistake_explains_gets_a_hint_by_its_look() {
    for (sign, body, hint) in [
        ("0".repeat(64), BODY, "key is another one"),
        ("0".repeat(32), BODY, "64 hex digits"),
        ("0".repeat(64), r#"{"a":{"b":["张\ufffd"]}}"#, "GBK"),
    ] {
        let explained = explained(body, &sign);
        assert!(!explained.verified && explained.mistakes.is_empty());
        assert!(explained.hint.as_ref().unwrap().en.contains(hint), "{hint}: {explained:?}");
    }
}

#[test]
fn the_documentation_lists_every_mistake() {
    for page in [include_str!("../../../docs/glory.md"), include_str!("../../../docs/glory.zh-CN.md")] {
        for mistake in MISTAKES {
            assert!(page.contains(&format!("\n| `{}` |", mistake.name)), "{}", mistake.name);
        }
    }
}
