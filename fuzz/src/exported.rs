//! The exported operations, called as C calls them.

use std::ffi::{CStr, c_char};

use crate::guarded::Guarded;

/// An operation of the table.
pub struct Exported {
    /// Its name without `hislink_`.
    pub name: &'static str,
    /// The table's example of a request.
    pub example: &'static str,
    function: unsafe extern "C" fn(*const c_char) -> *mut c_char,
}

include!(concat!(env!("OUT_DIR"), "/exported.rs"));

/// The operation of that name.
pub fn named(name: &str) -> &'static Exported {
    EXPORTED.iter().find(|one| one.name == name).unwrap_or_else(|| panic!("no operation {name}"))
}

/// The operation that a byte of a fuzzer's input picks.
pub fn picked(byte: u8) -> &'static Exported {
    &EXPORTED[usize::from(byte) % EXPORTED.len()]
}

impl Exported {
    /// The reply to the bytes before the first zero byte.
    pub fn reply(&self, request: &[u8]) -> String {
        let text = Guarded::text(request);
        // SAFETY: the text ends with a zero byte; the reply is read before it is freed, once.
        unsafe {
            let reply = (self.function)(text.as_ptr().cast());
            assert!(!reply.is_null(), "{} gave null", self.name);
            let copy = CStr::from_ptr(reply).to_bytes().to_vec();
            hislink::abi::hislink_free(reply);
            String::from_utf8(copy).expect("a reply in UTF-8")
        }
    }
}

/// The reply to a request of the harness's own.
pub fn reply(name: &str, request: &str) -> String {
    named(name).reply(request.as_bytes())
}
