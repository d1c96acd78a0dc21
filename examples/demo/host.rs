//! The dynamic library, loaded as a host program does.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::ffi::{CStr, CString, c_char};
use std::path::PathBuf;

use libloading::{Library, Symbol};
use serde_json::Value;

use crate::Result;

pub struct Host(Library);

impl Host {
    pub fn load() -> Result<Self> {
        // SAFETY: loading the library runs nothing but its own start.
        Ok(Self(unsafe { Library::new(dynamic_library()?) }?))
    }

    pub fn version(&self) -> Result<String> {
        // SAFETY: the C contract's signature; the text is static.
        unsafe {
            let version: Symbol<'_, unsafe extern "C" fn() -> *const c_char> = self.0.get(b"hislink_version\0")?;
            Ok(CStr::from_ptr(version()).to_str()?.to_owned())
        }
    }

    pub fn call(&self, operation: &str, request: &Value) -> Result<Value> {
        let name = CString::new(format!("hislink_{operation}"))?;
        let request = CString::new(request.to_string())?;
        // SAFETY: the C contract's signatures; the reply is copied before it is freed, once.
        let reply = unsafe {
            let call: Symbol<'_, unsafe extern "C" fn(*const c_char) -> *mut c_char> =
                self.0.get(name.as_bytes_with_nul())?;
            let free: Symbol<'_, unsafe extern "C" fn(*mut c_char)> = self.0.get(b"hislink_free\0")?;
            let reply = call(request.as_ptr());
            let text = CStr::from_ptr(reply).to_owned();
            free(reply);
            text
        };
        Ok(serde_json::from_str(reply.to_str()?)?)
    }
}

impl Drop for Host {
    /// Stops listeners and closes the store, as a host does before it ends.
    fn drop(&mut self) {
        // SAFETY: the C contract's signature.
        if let Ok(shutdown) = unsafe { self.0.get::<unsafe extern "C" fn()>(b"hislink_shutdown\0") } {
            // SAFETY: as above.
            unsafe { shutdown() }
        }
    }
}

/// Beside this program: target/<profile>/examples/demo, target/<profile>/deps/libhislink.so.
pub fn dynamic_library() -> Result<PathBuf> {
    let program = env::current_exe()?;
    let profile = program.ancestors().nth(2).ok_or("no directory above this program's")?;
    let name = format!("{DLL_PREFIX}hislink{DLL_SUFFIX}");
    let places = [profile.join("deps").join(&name), profile.join(&name)];
    let found = places.into_iter().find(|path| path.is_file());
    found.ok_or_else(|| format!("no {name} below {}", profile.display()).into())
}
