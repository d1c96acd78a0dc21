//! The exported functions called from Rust, so that Miri sees both sides of the border: `bash tests/miri.sh` runs these
//! tests there, and `cargo test` as they are. A host's texts lie in whole pages, as everywhere but in Miri.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

use std::alloc::{Layout, alloc_zeroed, dealloc};
use std::ffi::{CStr, c_char};
use std::ptr;

use hislink::abi::*;
use serde_json::{Value, json};

const PAGE: usize = 4096;

/// The cases of a file of vectors; in Miri the first few, since it takes a thousand times as long.
fn cases(file: &str, in_miri: usize) -> Vec<Value> {
    const BETWEEN: &str = "\n },\n";
    let end = file.match_indices(BETWEEN).nth(in_miri - 1).filter(|_| cfg!(miri)).map(|(end, _)| end);
    let file = end.map_or(file.to_owned(), |end| format!("{}}}]", &file[..end]));
    serde_json::from_str(&file).unwrap()
}

/// Bytes at the end of pages of the host's own.
struct Pages {
    start: *mut u8,
    layout: Layout,
    length: usize,
}

impl Pages {
    fn new(bytes: &[u8]) -> Self {
        let layout = Layout::from_size_align(bytes.len().div_ceil(PAGE).max(1) * PAGE, PAGE).unwrap();
        // SAFETY: the layout has a size.
        let start = unsafe { alloc_zeroed(layout) };
        assert!(!start.is_null());
        let pages = Self { start, layout, length: bytes.len() };
        // SAFETY: there is room for them behind where they begin.
        unsafe { pages.as_ptr().copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
        pages
    }

    fn as_ptr(&self) -> *mut u8 {
        // SAFETY: within the pages.
        unsafe { self.start.add(self.layout.size() - self.length) }
    }

    fn bytes(&self) -> &[u8] {
        // SAFETY: all of them were written when the pages were made.
        unsafe { std::slice::from_raw_parts(self.as_ptr(), self.length) }
    }
}

impl Drop for Pages {
    fn drop(&mut self) {
        // SAFETY: made by `new` with this layout.
        unsafe { dealloc(self.start, self.layout) };
    }
}

fn text(text: &str) -> Pages {
    Pages::new(&[text.as_bytes(), b"\0"].concat())
}

fn reply(function: unsafe extern "C" fn(*const c_char) -> *mut c_char, request: &str) -> Value {
    let request = text(request);
    // SAFETY: the request ends with a zero byte; the reply is read before it is freed, once.
    unsafe {
        let reply = function(request.as_ptr().cast());
        let told = serde_json::from_slice(CStr::from_ptr(reply).to_bytes()).unwrap();
        hislink_free(reply);
        told
    }
}

fn wide(text: &str, odd: bool) -> Pages {
    let units = text.encode_utf16().chain([0]).flat_map(u16::to_ne_bytes);
    // A byte behind the last unit moves all of them to odd addresses.
    Pages::new(&units.chain(odd.then_some(0)).collect::<Vec<_>>())
}

fn settings() -> Value {
    json!({"appId": "1A3VL0KVK0000B020A0A0000CC3F48AD", "appSecret": "1A3VL0KVE0010B010A0A0000277BDC91"})
}

#[test]
fn measured_cases_hold() {
    for case in &cases(include_str!("vectors/onepay.json"), 4) {
        let mut settings = json!({"appId": case.get("appId").unwrap_or(&json!(""))});
        settings["appSecret"] = case.get("secret").or(case.get("appSecret")).unwrap().clone();
        for (name, member) in [("keyOrder", "keyOrder"), ("encryptType", "type")] {
            if let Some(value) = case.get(member) {
                settings[name] = value.clone();
            }
        }
        let (function, member, from): (unsafe extern "C" fn(_) -> _, _, _) = match case["op"].as_str().unwrap() {
            "sign" => (hislink_onepay_sign, "message", "message"),
            "encrypt" => (hislink_onepay_encrypt, "text", "text"),
            "decrypt" => (hislink_onepay_decrypt, "encryptData", "text"),
            _ => (hislink_onepay_open, "message", "message"),
        };
        let told = reply(function, &json!({"onepay": settings, member: case[from]}).to_string());
        let rejected = case["expect"]["rejected"] == true;
        assert_eq!(told["status"], if rejected { "rejected" } else { "succeeded" }, "{case}: {told}");
        if !rejected {
            let (place, expected) = match case["op"].as_str().unwrap() {
                "sign" => ("/data/sign", &case["expect"]["sign"]),
                "encrypt" => ("/data/encryptData", &case["expect"]["out"]),
                "decrypt" => ("/data/text", &case["expect"]["out"]),
                _ => ("/data/verified", &json!(true)),
            };
            assert_eq!(told.pointer(place), Some(expected), "{case}: {told}");
        }
    }
}

#[test]
fn cases_of_the_card_platform_hold() {
    for case in &cases(include_str!("vectors/glory.json"), 1) {
        let settings = json!({"sid": "S1", "key": case["key"], "numbers": case["numbers"]});
        let request = json!({"glory": settings, "timestamp": case["timestamp"], "body": case["body"]});
        let told = reply(hislink_glory_sign, &request.to_string());
        assert_eq!(told["data"]["headers"]["sign"], case["expect"]["sign"], "{case}: {told}");
    }
}

#[test]
fn what_is_sealed_opens_by_every_cipher() {
    for (cipher, digest) in [("AES", "MD5"), ("DES", "SM3"), ("SM4", "MD5"), ("Plain", "SM3")] {
        let mut settings = settings();
        settings["encryptType"] = cipher.into();
        settings["signType"] = digest.into();
        let param = json!({"名": "张三\u{20AC}", "n": [1, true], "o": {"a": "\"\\\n"}});
        let request = json!({"onepay": settings, "transType": "t", "param": param, "timestamp": "20261121100000"});
        let sealed = reply(hislink_onepay_seal, &request.to_string());
        let request = json!({"onepay": settings, "message": sealed["data"]["message"]});
        let opened = reply(hislink_onepay_open, &request.to_string());
        assert_eq!((&opened["data"]["verified"], &opened["data"]["param"]), (&json!(true), &param), "{opened}");
    }
}

#[test]
#[cfg_attr(miri, ignore = "tries hundreds of mistakes, all in safe code")]
fn a_mistake_is_found() {
    let message = r#"{"appId":"A","param":{"amount":1.10},"signType":"MD5","sign":"00"}"#;
    let told = reply(hislink_onepay_explain, &json!({"onepay": settings(), "message": message}).to_string());
    assert_eq!((&told["status"], &told["data"]["verified"]), (&json!("succeeded"), &json!(false)), "{told}");
}

#[test]
fn a_reply_to_the_deepest_request_can_be_read() {
    let deepest = format!("{}{}", "[".repeat(127), "]".repeat(127));
    let mut settings = settings();
    settings["encryptType"] = "Plain".into();
    let request = text(&format!("{{\"onepay\":{settings},\"transType\":\"t\",\"param\":{deepest}}}"));
    let (pointer, mut out) = (text("/data/message/param"), [0_u8; 300]);
    // SAFETY: all texts end with a zero byte; the reply is read before it is freed; the buffer has the capacity told.
    unsafe {
        let reply = hislink_onepay_seal(request.as_ptr().cast());
        let pages = Pages::new(CStr::from_ptr(reply).to_bytes_with_nul());
        hislink_free(reply);
        assert_eq!(hislink_json_get(pages.as_ptr(), pointer.as_ptr(), out.as_mut_ptr(), 300), 254);
    }
    assert_eq!(&out[..254], deepest.as_bytes());
}

#[test]
fn every_kind_of_bad_text_gets_a_reply() {
    for bad in ["", "{", "[]", "{\"a\":1}", "{\"message\":{}}", "\u{FEFF}{}"] {
        assert_eq!(reply(hislink_onepay_sign, bad)["status"], "rejected", "{bad}");
    }
    let not_utf8 = Pages::new(b"{\"message\":\"\xFF\"}\0");
    // SAFETY: the request ends with a zero byte; the reply is read before it is freed. Null is a request too.
    unsafe {
        let told = hislink_onepay_sign(not_utf8.as_ptr().cast());
        assert!(CStr::from_ptr(told).to_str().unwrap().contains("BAD_ENCODING"));
        hislink_free(told);
        hislink_free(hislink_onepay_sign(ptr::null()));
        hislink_free(ptr::null_mut());
        assert!(!CStr::from_ptr(hislink_version()).is_empty());
    }
}

#[test]
fn texts_go_over_the_border_of_pages() {
    let lengths = [PAGE - 8, PAGE, PAGE - 30, PAGE - 2, PAGE - 1, PAGE + 1, 2 * PAGE];
    for length in lengths.into_iter().take(if cfg!(miri) { 2 } else { lengths.len() }) {
        let json = format!("{{\"a\":\"{}\"}}", "x".repeat(length));
        let (json, pointer) = (text(&json), text("/a"));
        let mut out = vec![0xA5; length + 1];
        // SAFETY: both texts end with a zero byte, and the buffer has the capacity that is told.
        let told = unsafe { hislink_json_get(json.as_ptr(), pointer.as_ptr(), out.as_mut_ptr(), out.len() as i32) };
        assert_eq!((told, out.last()), (length as i32, Some(&0)));
    }
    for (odd, length) in [(false, PAGE / 2), (true, PAGE / 2)] {
        let (json, pointer) = (wide(&format!("{{\"a\":\"{}\"}}", "充".repeat(length)), odd), wide("/a", odd));
        let out = Pages::new(&vec![0xA5; 2 * length + 2 + usize::from(odd)]);
        let capacity = length as i32 + 1;
        // SAFETY: likewise, in units.
        let told =
            unsafe { hislink_json_get_w(json.as_ptr().cast(), pointer.as_ptr().cast(), out.as_ptr().cast(), capacity) };
        assert_eq!((told, &out.bytes()[2 * length..][..2]), (length as i32, &[0, 0][..]));
        assert!(!odd || out.bytes().last() == Some(&0xA5));
    }
}

#[test]
fn a_reply_that_does_not_fit_is_fetched() {
    let (operation, request) = (text("hislink_onepay_sign"), text("{\"message\":1}"));
    for capacity in [0, 1, 7] {
        let mut out = vec![0xA5_u8; 7];
        // SAFETY: both texts end with a zero byte, and the buffers have the capacities that are told.
        unsafe {
            assert_eq!(hislink_call(operation.as_ptr(), request.as_ptr(), out.as_mut_ptr(), capacity), -2);
            let size = hislink_result_size();
            let mut whole = vec![0_u8; size as usize];
            assert_eq!(hislink_result(whole.as_mut_ptr(), size), -1);
            assert_eq!(whole.iter().position(|byte| *byte == 0), Some(whole.len() - 1));
            let mut wide = vec![0_u16; hislink_result_size_w() as usize];
            assert_eq!(hislink_result_w(wide.as_mut_ptr(), wide.len() as i32), -1);
            let mut gbk = vec![0_u8; hislink_result_size_a() as usize];
            assert_eq!(hislink_result_a(gbk.as_mut_ptr(), gbk.len() as i32), -1);
        }
        assert_eq!(out[0], if capacity == 0 { 0xA5 } else { 0 });
    }
}

#[test]
fn a_request_in_gbk_or_utf_16_may_be_answered_in_its_own_buffer() {
    let request = format!("{{\"onepay\":{},\"text\":\"充值\"}}", settings());
    let (gbk, _, lacking) = encoding_rs::GBK.encode(&request);
    assert!(!lacking);
    let mut buffer = [&gbk, &b"\0"[..]].concat();
    buffer.resize(PAGE, 0);
    let (buffer, operation) = (Pages::new(&buffer), text("onepay_encrypt"));
    // SAFETY: both texts end with a zero, and the buffers have the capacities that are told.
    unsafe {
        let out = buffer.as_ptr();
        assert_eq!(hislink_call_a(operation.as_ptr(), out, out, PAGE as i32), 0);
        let (operation, odd) = (wide("onepay_encrypt", true), wide(&format!("{request}{}", " ".repeat(400)), true));
        let (in_form, capacity) = (odd.as_ptr().cast(), odd.bytes().len() as i32 / 2);
        assert_eq!(hislink_call_w(operation.as_ptr().cast(), in_form, in_form, capacity), 0);
    }
    for bad in [&[0xB3_u8, 0][..], b"\x81 \0", b"\xFF\0"] {
        let (bad, mut out) = (Pages::new(bad), [0_u8; 300]);
        // SAFETY: likewise.
        let told = unsafe { hislink_call_a(operation.as_ptr(), bad.as_ptr(), out.as_mut_ptr(), 300) };
        assert_eq!(told, -1);
        assert!(out.windows(12).any(|part| part == b"BAD_ENCODING"));
    }
}

#[test]
fn a_string_is_set_in_the_text_itself() {
    let (pointer, plain) = (text("/a/b"), text("x"));
    let value = Pages::new(b"\xB3\xE4\\uD842\\uDFB7\0");
    let buffer = Pages::new(&[&b"{\"n\":1.10}"[..], &[0; 100]].concat());
    // SAFETY: all texts end with a zero byte, and the buffer has the capacity that is told.
    unsafe {
        let out = buffer.as_ptr();
        assert!(hislink_json_set_a(out, pointer.as_ptr(), value.as_ptr(), out, 110) > 0);
        assert_eq!(CStr::from_ptr(out.cast()).to_bytes(), b"{\"n\":1.10,\"a\":{\"b\":\"\xB3\xE4\\uD842\\uDFB7\"}}");
        assert_eq!(hislink_json_set(out, pointer.as_ptr(), plain.as_ptr(), out, 110), -1);
        assert_eq!(*out, 0);
    }
}
