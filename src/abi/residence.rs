//! The library stays in the process until that ends, also after `FreeLibrary` or `dlclose`: a thread of its own may be
//! waiting for a name, a thread of the host's may hold its last reply, and code that is gone cannot run when they end.
//! Stores and connections are kept too, so that loading it again and again piles up nothing.

/// Keeps the library loaded from the first call on.
#[cfg(windows)]
pub(super) fn stay() {
    use std::ptr::null_mut;
    use std::sync::Once;

    use windows_sys::Win32::System::LibraryLoader::{
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, GET_MODULE_HANDLE_EX_FLAG_PIN, GetModuleHandleExW,
    };

    static STAYED: Once = Once::new();
    STAYED.call_once(|| {
        let mut module = null_mut();
        let flags = GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN;
        // SAFETY: the address is one inside this module, and the handle is written to a place of its size. Should it
        // fail, the library can be unloaded as any other.
        unsafe { GetModuleHandleExW(flags, (&raw const STAYED).cast(), &mut module) };
    });
}

/// Elsewhere the linker has marked it (`-z nodelete`, from build.rs).
#[cfg(not(windows))]
pub(super) fn stay() {}
