//! Plays the host: loads the dynamic library and calls it through the C contract.

// Each test uses a part of this.
#![allow(dead_code)]

use std::ffi::{CStr, CString, c_char, c_int};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{fs, process};

use libloading::Library;
use serde_json::{Value, json};

use crate::support::dynamic_library;

type Start = unsafe extern "C" fn(*const c_char, *const c_char) -> i64;
type Operation = unsafe extern "C" fn(*const c_char) -> *mut c_char;

fn library() -> &'static Library {
    static LIBRARY: OnceLock<Library> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        // SAFETY: the standard library guards its own look-ups, and nothing else here reads this variable.
        unsafe { std::env::set_var("XDG_DATA_HOME", data_folder()) };
        // SAFETY: the library's only work at load is its own.
        unsafe { Library::new(dynamic_library()) }.expect("the dynamic library loads")
    })
}

/// Names a data folder that several processes of a test share.
pub const DATA_FOLDER: &str = "HISLINK_TEST_DATA";

/// A data folder of this process: tests leave the user's journal alone, and know no order of an earlier run.
pub fn own_data_folder() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("data-{}", process::id()))
}

fn data_folder() -> PathBuf {
    if let Some(shared) = std::env::var_os(DATA_FOLDER) {
        return shared.into();
    }
    let folder = own_data_folder();
    let _ = fs::remove_dir_all(&folder);
    folder
}

/// The reply's text to a request's text.
pub fn call_text(operation: &str, request: &str) -> String {
    let request = CString::new(request).expect("a request without a zero byte");
    // SAFETY: the contract's signatures; the reply is copied before it is freed, once.
    unsafe {
        let name = format!("hislink_{operation}\0");
        let call = library().get::<Operation>(name.as_bytes()).expect("the operation is exported");
        let free = library().get::<unsafe extern "C" fn(*mut c_char)>(b"hislink_free\0").expect("hislink_free");
        let reply = call(request.as_ptr());
        assert!(!reply.is_null(), "{operation} gave null");
        let text = CStr::from_ptr(reply).to_str().expect("a reply in UTF-8").to_owned();
        free(reply);
        text
    }
}

/// The reply to a request that runs on a thread of the library's own.
pub fn call_in_background(operation: &str, request: &Value) -> Value {
    let [operation, request] = [operation.to_owned(), request.to_string()].map(|text| CString::new(text).unwrap());
    // SAFETY: the contract's signatures; the reply is copied before it is freed, once.
    unsafe {
        let start = library().get::<Start>(b"hislink_start\0").expect("hislink_start");
        let wait =
            library().get::<unsafe extern "C" fn(i64, c_int) -> *mut c_char>(b"hislink_wait\0").expect("hislink_wait");
        let free = library().get::<unsafe extern "C" fn(*mut c_char)>(b"hislink_free\0").expect("hislink_free");
        let reply = wait(start(operation.as_ptr(), request.as_ptr()), -1);
        let text = CStr::from_ptr(reply).to_str().expect("a reply in UTF-8").to_owned();
        free(reply);
        serde_json::from_str(&text).expect("a reply in JSON")
    }
}

/// Closes the library's kept connections.
pub fn shutdown() {
    // SAFETY: the contract's signature.
    unsafe { library().get::<unsafe extern "C" fn()>(b"hislink_shutdown\0").expect("hislink_shutdown")() }
}

/// The reply to a request.
pub fn call(operation: &str, request: &Value) -> Value {
    serde_json::from_str(&call_text(operation, &request.to_string())).expect("a reply in JSON")
}

/// Status and code of a reply, for one comparison.
pub fn end(reply: &Value) -> (&str, &str) {
    (reply["status"].as_str().unwrap_or("?"), reply["code"].as_str().unwrap_or("?"))
}

/// The document's application, as inline settings.
pub fn document_application() -> Value {
    json!({"appId": "1A3VL0KVK0000B020A0A0000CC3F48AD", "appSecret": "1A3VL0KVE0010B010A0A0000277BDC91"})
}
