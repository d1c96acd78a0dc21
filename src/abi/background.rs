//! Calls that do not hold the host up: started in one function, their reply fetched in another. The header declares these,
//! with their documentation, from cbindgen.toml.

use std::borrow::Cow;
use std::ffi::c_char;

use super::caller_buffer::{MOST_NAME_UNITS, give_and_keep, read};
use super::host_text::{request_of, units_of};
use super::text_form::{Form, Gbk, Utf8, Utf16, with_room};
use super::{guard, memory};
use crate::background;
use crate::operations::{self, Operation};
use crate::reply::{self, Error};
use crate::request::Request;

/// # Safety
/// `operation` and `request` are null or end with a zero unit.
unsafe fn start<F: Form>(operation: *const F::Unit, request: *const F::Unit) -> i64 {
    let _entered = guard::enter();
    // SAFETY: the caller's contract.
    let (name, request) = unsafe { (units_of(operation, MOST_NAME_UNITS), request_of(request)) };
    let call = || {
        let (operation, text) = read::<F>(&name, request.as_deref())?;
        Ok((operation, owned(text).map_err(|error| (operation.name, error))?))
    };
    guard::caught(|| begin(call())).unwrap_or(0)
}

/// The host's text is its own again as soon as the call is started.
fn owned(text: Cow<'_, str>) -> Result<String, Error> {
    match text {
        Cow::Owned(text) => Ok(text),
        Cow::Borrowed(hosts) => {
            let mut text = with_room(hosts.len())?;
            text.push_str(hosts);
            Ok(text)
        }
    }
}

/// What is wrong with a call its ticket tells, as it tells all that becomes of it.
fn begin(call: Result<(&'static Operation, String), (&'static str, Error)>) -> i64 {
    let request = call.as_ref().ok().and_then(|(_, text)| Request::read(text).ok());
    let language = request.map(|request| request.language()).unwrap_or_default();
    guarded(language, move || match call {
        Ok((operation, text)) => operations::call(operation, &text),
        Err((name, error)) => operations::refused(name, &error),
    })
}

/// Starts `work` on a thread that is entered as the host's are.
fn guarded(language: reply::Language, work: impl FnOnce() -> String + Send + 'static) -> i64 {
    let run = move || {
        let _entered = guard::enter();
        guard::caught(work).unwrap_or_else(reply::internal)
    };
    background::start(language, Box::new(run))
}

fn fetched(ticket: i64, milliseconds: i32) -> String {
    guard::caught(|| background::wait(ticket, milliseconds)).unwrap_or_else(reply::internal)
}

/// Starts an operation and gives its ticket; see the header.
///
/// # Safety
/// `operation` and `request` are null or end with a zero byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hislink_start(operation: *const c_char, request: *const c_char) -> i64 {
    // SAFETY: the caller keeps the contract above.
    unsafe { start::<Utf8>(operation.cast(), request.cast()) }
}

/// The reply of a ticket's operation, or a pending one; see the header.
#[unsafe(no_mangle)]
pub extern "C" fn hislink_wait(ticket: i64, milliseconds: i32) -> *mut c_char {
    let _entered = guard::enter();
    memory::give(fetched(ticket, milliseconds))
}

macro_rules! exports {
    ($form:ty, $unit:ty: $start:ident, $wait:ident) => {
        /// Starts an operation and gives its ticket; see the header.
        ///
        /// # Safety
        /// `operation` and `request` are null or end with a zero unit.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn $start(operation: *const $unit, request: *const $unit) -> i64 {
            // SAFETY: the caller keeps the contract above.
            unsafe { start::<$form>(operation, request) }
        }

        /// Writes the reply of a ticket's operation, or a pending one, into the caller's buffer; see the header.
        ///
        /// # Safety
        /// `out` is null or has `capacity` units.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn $wait(ticket: i64, milliseconds: i32, out: *mut $unit, capacity: i32) -> i32 {
            let _entered = guard::enter();
            // SAFETY: the caller keeps the contract above.
            unsafe { give_and_keep::<$form>(fetched(ticket, milliseconds), out, capacity) }
        }
    };
}

exports!(Utf8, u8: hislink_call_start, hislink_call_wait);
exports!(Gbk, u8: hislink_call_start_a, hislink_call_wait_a);
exports!(Utf16, u16: hislink_call_start_w, hislink_call_wait_w);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::Language;

    #[test]
    fn a_panic_ends_as_a_reply_and_not_as_a_ticket_without_end() {
        let ticket = guarded(Language::En, || panic!("on purpose"));
        let reply = fetched(ticket, -1);
        assert!(reply.contains("\"unknown\"") && reply.contains("INTERNAL"), "{reply}");
        assert!(fetched(ticket, -1).contains("/ticket"));
    }
}
