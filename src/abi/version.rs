//! The library's version and its end.

use std::ffi::c_char;

use super::guard;

/// Tells the library's version.
///
/// Request: none.
///
/// Reply: a static ASCII text such as "0.1.0"; do not free it.
///
/// Errors: none.
///
/// Example: puts(hislink_version());
#[unsafe(no_mangle)]
pub extern "C" fn hislink_version() -> *const c_char {
    let _entered = guard::enter();
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

/// Stops the listeners, and closes the stores, the log files and the connections that are kept open. Call it before the
/// program ends; a program that does not ends as well. The library can be used again after it, and the profiles stay.
/// Calls under way finish.
///
/// Request: none.
///
/// Reply: none.
///
/// Errors: none.
///
/// Example: hislink_shutdown();
#[unsafe(no_mangle)]
pub extern "C" fn hislink_shutdown() {
    let _entered = guard::enter();
    // There is no reply that could tell of a panic.
    let _stopped = guard::caught(|| {
        crate::glory::listener::stop_all();
        crate::settings::registry::close_connections();
        crate::store::close_all();
        crate::settings::registry::close_logs();
    });
}
