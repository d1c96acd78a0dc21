//! A host's texts, read up to their terminator, and no further than the host's own memory: a buffer without a terminator
//! gets an answer, not a crash.

use std::borrow::Cow;
use std::{ptr, slice};

use crate::request::MAX_BYTES;

/// No system has smaller pages; memory is readable, or not, by the page.
const PAGE: usize = 4096;

/// A unit of a host's text: a byte, or a 16-bit unit of UTF-16.
pub(super) trait Unit: Copy + Default + PartialEq {
    /// Where the terminator is.
    fn terminator(units: &[Self]) -> Option<usize>;
}

impl Unit for u8 {
    fn terminator(units: &[Self]) -> Option<usize> {
        memchr::memchr(0, units)
    }
}

impl Unit for u16 {
    fn terminator(units: &[Self]) -> Option<usize> {
        // By so many at once as the processor takes.
        let whole =
            units.chunks_exact(32).take_while(|chunk| !chunk.iter().fold(false, |any, unit| any | (*unit == 0)));
        let passed = whole.count() * 32;
        units.get(passed..)?.iter().position(|unit| *unit == 0).map(|end| passed + end)
    }
}

/// The longest text that is looked through for its end, in units: one more than any request may have.
pub(super) const MOST_UNITS: usize = MAX_BYTES + 1;

/// A request's units; none for null, which counts as `{}`.
///
/// # Safety
/// As of [`units_of`].
pub(super) unsafe fn request_of<'t, U: Unit>(request: *const U) -> Option<Cow<'t, [U]>> {
    // SAFETY: the caller's contract.
    (!request.is_null()).then(|| unsafe { units_of(request, MOST_UNITS) })
}

/// The units before the terminator, or before `most` or the end of readable memory where there is none; nothing for null.
///
/// # Safety
/// `text` is null or points to units that stay unchanged while the result is used.
pub(super) unsafe fn units_of<'t, U: Unit>(text: *const U, most: usize) -> Cow<'t, [U]> {
    if text.is_null() {
        return Cow::Borrowed(&[]);
    }
    if !text.is_aligned() {
        // SAFETY: the caller's contract.
        return Cow::Owned(unsafe { copied(text, most) });
    }
    let mut length = 0;
    while length < most {
        // SAFETY: everything up to here is the host's text.
        let next = unsafe { text.add(length) };
        if length > 0 && !page::is_readable(next.cast()) {
            break;
        }
        let in_page = (PAGE - next.addr() % PAGE) / size_of::<U>();
        // SAFETY: the rest of a page that the text begins in, or that was found readable.
        let units = unsafe { slice::from_raw_parts(next, in_page.min(most - length)) };
        if let Some(end) = U::terminator(units) {
            length += end;
            break;
        }
        length += units.len();
    }
    // SAFETY: just looked at.
    Cow::Borrowed(unsafe { slice::from_raw_parts(text, length) })
}

/// The same of a text at an odd address, as in a packed record.
///
/// # Safety
/// As of [`units_of`], and `text` is not null.
unsafe fn copied<U: Unit>(text: *const U, most: usize) -> Vec<U> {
    let mut units = Vec::new();
    while units.len() < most {
        let next = text.wrapping_add(units.len());
        let last = next.cast::<u8>().wrapping_add(size_of::<U>() - 1);
        if last.addr() % PAGE < size_of::<U>() && !page::is_readable(last) {
            break;
        }
        // SAFETY: its last byte lies in a page that the text begins in, or that was found readable.
        let unit = unsafe { ptr::read_unaligned(next) };
        if unit == U::default() {
            break;
        }
        units.push(unit);
    }
    units
}

#[cfg(windows)]
mod page {
    use std::mem::zeroed;

    use windows_sys::Win32::System::Memory::{
        MEM_COMMIT, MEMORY_BASIC_INFORMATION, PAGE_GUARD, PAGE_NOACCESS, VirtualQuery,
    };

    /// Tells whether the page of this address can be read.
    pub(super) fn is_readable(address: *const u8) -> bool {
        // SAFETY: a structure of numbers and pointers, which may all be zero.
        let mut region: MEMORY_BASIC_INFORMATION = unsafe { zeroed() };
        // SAFETY: the system only writes to the structure, which has the size told.
        let told = unsafe { VirtualQuery(address.cast(), &mut region, size_of::<MEMORY_BASIC_INFORMATION>()) };
        told != 0 && region.State == MEM_COMMIT && region.Protect & (PAGE_GUARD | PAGE_NOACCESS) == 0
    }
}

#[cfg(all(any(target_os = "linux", target_os = "android"), not(miri)))]
mod page {
    use std::io::Error;

    /// Tells whether the page of this address can be read; yes where the system does not say.
    pub(super) fn is_readable(address: *const u8) -> bool {
        let mut byte = 0_u8;
        let here = libc::iovec { iov_base: (&raw mut byte).cast(), iov_len: 1 };
        let there = libc::iovec { iov_base: address.cast_mut().cast(), iov_len: 1 };
        // SAFETY: the system writes one byte to `byte`; what it cannot read it refuses.
        let read = unsafe { libc::process_vm_readv(libc::getpid(), &here, 1, &there, 1, 0) };
        read == 1 || Error::last_os_error().raw_os_error() != Some(libc::EFAULT)
    }
}

#[cfg(not(any(windows, all(any(target_os = "linux", target_os = "android"), not(miri)))))]
mod page {
    /// Other systems give no cheap way to ask, and Miri none at all.
    pub(super) fn is_readable(_address: *const u8) -> bool {
        true
    }
}
