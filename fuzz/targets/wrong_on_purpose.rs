//! Does what no library may do, so that `fuzz/run.sh` can prove that each would be reported. The input's first byte says
//! what; without one all is right.
#![no_main]

use std::hint::black_box;
use std::thread;
use std::time::Duration;

use hislink::abi::{hislink_free, hislink_json_get, hislink_order_no};
use hislink_fuzz::forms::{Buffer, Text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (json, pointer) = (Text::new(b"{\"a\":\"0123456789\"}", false, false), Text::new(b"/a", false, false));
    let mut out = Buffer::new::<u8>(8, false);
    match data.first() {
        // Guarded against at the border, and reported all the same.
        Some(b'p') => drop(std::panic::catch_unwind(|| panic!("on purpose"))),
        // SAFETY: none: the buffer is smaller than told.
        Some(b'w') => {
            black_box(unsafe { hislink_json_get(json.as_ptr(), pointer.as_ptr(), out.as_mut_ptr(), 16) });
        }
        Some(b'h') => thread::sleep(Duration::from_secs(20)),
        // Kept for longer than the second between two looks at the memory.
        Some(b'm') => {
            let full = black_box(vec![1_u8; 1 << 30]);
            thread::sleep(Duration::from_secs(20));
            drop(full);
        }
        // SAFETY: none: the reply is read after it was freed.
        Some(b'f') => unsafe {
            let reply = hislink_order_no(std::ptr::null());
            hislink_free(reply);
            black_box(reply.read_volatile());
        },
        _ => {}
    }
});
