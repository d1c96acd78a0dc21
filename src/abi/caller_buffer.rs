//! Calls that write into a buffer of the caller's, for hosts that cannot free foreign memory. A reply that does not fit is
//! kept for its thread: the operation has run, and its answer is not lost.

use std::borrow::Cow;
use std::cell::RefCell;

use super::guard;
use super::host_text::{MOST_UNITS, request_of, units_of};
use super::text_form::{Form, Gbk, Utf8, Utf16};
use crate::json;
use crate::operations::{self, Operation};
use crate::reply::{self, Code, Error, Status, words};
use crate::request::MAX_BYTES;

/// What the calls return besides a reply's status.
const TOO_SMALL: i32 = -2;
const NO_SUCH_PLACE: i32 = -1;
const REJECTED: i32 = -1;

/// A reply may be longer than any request: an answer of 64 MiB, with each character escaped at the worst.
const MOST_JSON_UNITS: usize = 8 * MAX_BYTES;

/// No operation has a longer name. What has no end by then is in another form, or is no text.
pub(super) const MOST_NAME_UNITS: usize = 64;

thread_local! {
    /// This thread's last reply, with what its call returned.
    static LAST: RefCell<Option<(i32, String)>> = const { RefCell::new(None) };
}

/// Writes a text with its terminator where it fits, and tells its length; else an empty one.
///
/// # Safety
/// `out` is null or points to `capacity` units that may be written.
unsafe fn hand_over<F: Form>(text: &str, out: *mut F::Unit, capacity: i32) -> Option<usize> {
    let capacity = usize::try_from(capacity).unwrap_or(0);
    if out.is_null() || capacity == 0 {
        return None;
    }
    // Its length is only looked for where it might not fit: that takes as long as writing it.
    let fits = text.len().saturating_mul(F::MOST) < capacity || F::length(text) < capacity;
    let (mut end, mut length) = (out, 0);
    if fits {
        F::write(text, |piece| {
            // SAFETY: all pieces together are shorter than the capacity, and the text is this library's own. By the byte,
            // since a buffer of 16-bit units may stand at an odd address.
            unsafe {
                end.cast::<u8>().copy_from_nonoverlapping(piece.as_ptr().cast(), size_of_val(piece));
                end = end.add(piece.len());
            }
            length += piece.len();
        });
    }
    // SAFETY: there is room for the terminator behind what is shorter than the capacity.
    unsafe { end.write_unaligned(F::Unit::default()) };
    fits.then_some(length)
}

/// # Safety
/// `operation` and `request` are null or end with a zero unit; `out` is null or has `capacity` units.
unsafe fn call<F: Form>(operation: *const F::Unit, request: *const F::Unit, out: *mut F::Unit, capacity: i32) -> i32 {
    let _entered = guard::enter();
    // SAFETY: the caller's contract.
    let (name, request) = unsafe { (units_of(operation, MOST_NAME_UNITS), request_of(request)) };
    let reply = guard::caught(|| answer::<F>(&name, request.as_deref())).unwrap_or_else(reply::internal);
    // SAFETY: the caller's contract.
    unsafe { give_and_keep::<F>(reply, out, capacity) }
}

/// Writes a reply into the caller's buffer, and keeps it as this thread's last; what the call returns.
///
/// # Safety
/// `out` is null or has `capacity` units.
pub(super) unsafe fn give_and_keep<F: Form>(reply: String, out: *mut F::Unit, capacity: i32) -> i32 {
    let status = status_of(&reply);
    // SAFETY: the caller's contract.
    let fits = unsafe { hand_over::<F>(&reply, out, capacity) };
    // A thread that is ending keeps nothing more.
    let _ = LAST.try_with(|last| last.replace(Some((status, reply))));
    if fits.is_some() { status } else { TOO_SMALL }
}

fn answer<F: Form>(name: &[F::Unit], request: Option<&[F::Unit]>) -> String {
    match read::<F>(name, request) {
        Ok((operation, text)) => operations::call(operation, &text),
        Err((name, error)) => operations::refused(name, &error),
    }
}

/// The operation of that name, and the text of its request; else what was called, for the log, and what is wrong.
pub(super) fn read<'t, F: Form>(
    name: &[F::Unit],
    request: Option<&'t [F::Unit]>,
) -> Result<(&'static Operation, Cow<'t, str>), (&'static str, Error)> {
    let operation = named::<F>(name).map_err(|error| ("hislink_call", error))?;
    let text = || {
        let text = request.map_or_else(|| Ok("{}".into()), F::read)?;
        // A UTF-16 or GBK text may be longer as UTF-8.
        crate::request::text_of(text.as_bytes())?;
        Ok(text)
    };
    Ok((operation, text().map_err(|error| (operation.name, error))?))
}

fn named<F: Form>(name: &[F::Unit]) -> Result<&'static Operation, Error> {
    let name = F::read(name).unwrap_or_default();
    operations::find(name.strip_prefix("hislink_").unwrap_or(&name)).ok_or_else(|| {
        let words = words!(
            "没有名为“{name}”的操作；请核对名称及其编码（带 _w 的函数用 UTF-16，其余用单字节）",
            "no operation has the name \"{name}\": compare it, and its encoding (functions with _w take UTF-16, the others bytes)"
        );
        Error::new(Status::Rejected, Code::NoOperation, words)
    })
}

/// What a call returns for a reply; the reply's own head says which.
fn status_of(reply: &str) -> i32 {
    const STATUSES: [(Status, i32); 5] = [
        (Status::Succeeded, 0),
        (Status::Failed, 1),
        (Status::Unknown, 2),
        (Status::Pending, 3),
        (Status::Rejected, REJECTED),
    ];
    let mut words = reply.split('"').skip(3).step_by(4);
    let (status, code) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if code == Code::Internal.as_str() && status != Status::Rejected.as_str() {
        return -3;
    }
    STATUSES.iter().find(|(known, _)| known.as_str() == status).map_or(-3, |(_, number)| *number)
}

/// # Safety
/// `out` is null or has `capacity` units.
unsafe fn result<F: Form>(out: *mut F::Unit, capacity: i32) -> i32 {
    let _entered = guard::enter();
    of_last(|last| {
        let (status, reply) = last.map_or((REJECTED, ""), |(status, reply)| (*status, reply.as_str()));
        // SAFETY: the caller's contract.
        if unsafe { hand_over::<F>(reply, out, capacity) }.is_some() { status } else { TOO_SMALL }
    })
}

fn result_size<F: Form>() -> i32 {
    let _entered = guard::enter();
    of_last(|last| last.map_or(1, |(_, reply)| size(F::length(reply) + 1)))
}

/// Looks at this thread's last reply; a thread that is ending has none any more.
fn of_last<T>(look: impl Fn(Option<&(i32, String)>) -> T) -> T {
    LAST.try_with(|last| look(last.borrow().as_ref())).unwrap_or_else(|_| look(None))
}

fn size(units: usize) -> i32 {
    i32::try_from(units).unwrap_or(i32::MAX)
}

/// # Safety
/// `json` and `pointer` are null or end with a zero unit; `out` is null or has `capacity` units.
unsafe fn json_get<F: Form>(json: *const F::Unit, pointer: *const F::Unit, out: *mut F::Unit, capacity: i32) -> i32 {
    let _entered = guard::enter();
    // SAFETY: the caller's contract.
    let (json, pointer) = unsafe { (units_of(json, MOST_JSON_UNITS), units_of(pointer, MOST_UNITS)) };
    let found = guard::caught(|| json::member_text(&F::read(&json).ok()?, &F::read(&pointer).ok()?)).flatten();
    // SAFETY: the caller's contract.
    unsafe { length_of::<F>(found, out, capacity) }
}

/// # Safety
/// As of [`json_get`]; `value` too is null or ends with a zero unit.
unsafe fn json_set<F: Form>(
    json: *const F::Unit,
    pointer: *const F::Unit,
    value: *const F::Unit,
    out: *mut F::Unit,
    capacity: i32,
) -> i32 {
    let _entered = guard::enter();
    // SAFETY: the caller's contract.
    let (json, pointer, value) =
        unsafe { (units_of(json, MOST_JSON_UNITS), units_of(pointer, MOST_UNITS), units_of(value, MOST_UNITS)) };
    let set = || json::with_member(&F::read(&json).ok()?, &F::read(&pointer).ok()?, &F::read_value(&value).ok()?);
    // SAFETY: the caller's contract.
    unsafe { length_of::<F>(guard::caught(set).flatten(), out, capacity) }
}

/// # Safety
/// `out` is null or has `capacity` units.
unsafe fn length_of<F: Form>(text: Option<String>, out: *mut F::Unit, capacity: i32) -> i32 {
    // SAFETY: the caller's contract.
    let length = unsafe { hand_over::<F>(text.as_deref().unwrap_or_default(), out, capacity) };
    text.map_or(NO_SUCH_PLACE, |_| length.map_or(TOO_SMALL, size))
}

/// The exported functions of one form. The header declares them, with their documentation, from cbindgen.toml.
macro_rules! exports {
    ($form:ty, $unit:ty: $call:ident, $result:ident, $result_size:ident, $json_get:ident, $json_set:ident) => {
        /// Runs an operation and writes its reply into the caller's buffer; see the header.
        ///
        /// # Safety
        /// `operation` and `request` are null or end with a zero unit; `out` is null or has `capacity` units.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn $call(
            operation: *const $unit,
            request: *const $unit,
            out: *mut $unit,
            capacity: i32,
        ) -> i32 {
            // SAFETY: the caller keeps the contract above.
            unsafe { call::<$form>(operation, request, out, capacity) }
        }

        /// Hands this thread's last reply again; see the header.
        ///
        /// # Safety
        /// `out` is null or has `capacity` units.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn $result(out: *mut $unit, capacity: i32) -> i32 {
            // SAFETY: the caller keeps the contract above.
            unsafe { result::<$form>(out, capacity) }
        }

        /// The capacity that this thread's last reply takes; see the header.
        #[unsafe(no_mangle)]
        pub extern "system" fn $result_size() -> i32 {
            result_size::<$form>()
        }

        /// Reads a value out of a JSON text; see the header.
        ///
        /// # Safety
        /// `json` and `pointer` are null or end with a zero unit; `out` is null or has `capacity` units.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn $json_get(
            json: *const $unit,
            pointer: *const $unit,
            out: *mut $unit,
            capacity: i32,
        ) -> i32 {
            // SAFETY: the caller keeps the contract above.
            unsafe { json_get::<$form>(json, pointer, out, capacity) }
        }

        /// Sets a string in a JSON text; see the header.
        ///
        /// # Safety
        /// `json`, `pointer` and `value` are null or end with a zero unit; `out` is null or has `capacity` units.
        #[unsafe(no_mangle)]
        pub unsafe extern "system" fn $json_set(
            json: *const $unit,
            pointer: *const $unit,
            value: *const $unit,
            out: *mut $unit,
            capacity: i32,
        ) -> i32 {
            // SAFETY: the caller keeps the contract above.
            unsafe { json_set::<$form>(json, pointer, value, out, capacity) }
        }
    };
}

exports!(Utf8, u8: hislink_call, hislink_result, hislink_result_size, hislink_json_get, hislink_json_set);
exports!(Gbk, u8: hislink_call_a, hislink_result_a, hislink_result_size_a, hislink_json_get_a, hislink_json_set_a);
exports!(Utf16, u16: hislink_call_w, hislink_result_w, hislink_result_size_w, hislink_json_get_w, hislink_json_set_w);
