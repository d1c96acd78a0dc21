//! All that C sees, and the only unsafe code of the crate.
//!
//! The exported operations are written by `build.rs` from the operation table; each is one call of `answer`.

mod background;
mod caller_buffer;
mod float_control;
mod guard;
mod host_text;
mod memory;
mod residence;
mod text_form;
mod version;

pub use background::{
    hislink_call_start, hislink_call_start_a, hislink_call_start_w, hislink_call_wait, hislink_call_wait_a,
    hislink_call_wait_w, hislink_start, hislink_wait,
};
pub use caller_buffer::{
    hislink_call, hislink_call_a, hislink_call_w, hislink_json_get, hislink_json_get_a, hislink_json_get_w,
    hislink_json_set, hislink_json_set_a, hislink_json_set_w, hislink_result, hislink_result_a, hislink_result_size,
    hislink_result_size_a, hislink_result_size_w, hislink_result_w,
};
pub use memory::hislink_free;
pub use version::{hislink_shutdown, hislink_version};

use std::ffi::c_char;

use crate::operations::{self, OPERATIONS};
use crate::reply;
use crate::request;
use host_text::request_of;

include!(concat!(env!("OUT_DIR"), "/exports.rs"));

/// The reply of the table's operation number `row` to the host's request.
///
/// # Safety
/// `request` is null or a zero-terminated text that stays unchanged during the call.
unsafe fn answer(row: usize, request: *const c_char) -> *mut c_char {
    let _entered = guard::enter();
    // SAFETY: the caller's contract is this one.
    let bytes = unsafe { request_of(request.cast()) };
    memory::give(guard::caught(|| reply_to(row, bytes.as_deref())).unwrap_or_else(reply::internal))
}

fn reply_to(row: usize, request: Option<&[u8]>) -> String {
    let Some(operation) = OPERATIONS.get(row) else { return reply::internal() };
    match request::text_of(request.unwrap_or(b"{}")) {
        Ok(text) => operations::call(operation, text),
        Err(error) => operations::refused(operation.name, &error),
    }
}
