//! Replies that cross the border: out to the host, and back to be freed.

use std::ffi::{CString, c_char};

/// Hands a reply to the host, to be freed by `hislink_free`.
pub(super) fn give(mut reply: String) -> *mut c_char {
    debug_assert!(!reply.as_bytes().contains(&0), "a JSON text with a zero byte");
    // Room for the zero byte and no more, in one step.
    reply.reserve_exact(1);
    // SAFETY: a JSON text has no zero byte: what it quotes is escaped by its writer, and its reader refuses control
    // characters.
    unsafe { CString::from_vec_unchecked(reply.into_bytes()) }.into_raw()
}

/// Frees a reply.
///
/// Request: the pointer that an operation returned; null is fine.
///
/// Reply: none.
///
/// Errors: none. Any other pointer, or the same one twice, is undefined.
///
/// Example: hislink_free(reply);
///
/// # Safety
/// `reply` is null or came from an operation of this library and was not freed yet.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hislink_free(reply: *mut c_char) {
    let _entered = super::guard::enter();
    if !reply.is_null() {
        // SAFETY: made by `give`, and not freed yet by the caller's contract.
        drop(unsafe { CString::from_raw(reply) });
    }
}
