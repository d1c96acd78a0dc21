//! Memory that tells of a step too far: a page that nobody may touch follows at once. An address sanitizer does not see
//! the library's page-wise reading of a host's text as long as the pages are the host's own, and so they are.

use std::cell::RefCell;
use std::ptr;

const PAGE: usize = 4096;

thread_local! {
    /// Mappings that can be used again, by their size: closing a page takes longer than most calls.
    static FREE: RefCell<Vec<(*mut u8, usize)>> = const { RefCell::new(Vec::new()) };
}

/// How many mappings are kept.
const MOST_FREE: usize = 16;

/// Bytes right before a page that can neither be read nor written.
pub struct Guarded {
    start: *mut u8,
    mapped: usize,
    length: usize,
}

impl Guarded {
    /// Zeroed bytes.
    pub fn zeroed(length: usize) -> Self {
        let readable = length.div_ceil(PAGE).max(1) * PAGE;
        let mapped = readable + PAGE;
        let start = again(mapped).unwrap_or_else(|| map(mapped));
        Self { start, mapped, length }
    }

    /// These bytes as they are.
    pub fn bytes(bytes: &[u8]) -> Self {
        let mut memory = Self::zeroed(bytes.len());
        memory.as_mut().copy_from_slice(bytes);
        memory
    }

    /// These bytes with a zero byte behind them.
    pub fn text(bytes: &[u8]) -> Self {
        let mut memory = Self::zeroed(bytes.len() + 1);
        memory.as_mut()[..bytes.len()].copy_from_slice(bytes);
        memory
    }

    /// Where they begin: `length` bytes before the closed page.
    pub fn as_ptr(&self) -> *const u8 {
        // SAFETY: within the mapping.
        unsafe { self.start.add(self.mapped - PAGE - self.length) }
    }

    /// The same, to be written to.
    pub fn as_mut_ptr(&mut self) -> *mut u8 {
        self.as_ptr().cast_mut()
    }

    /// The bytes, to be changed.
    pub fn as_mut(&mut self) -> &mut [u8] {
        // SAFETY: all of them lie in readable pages, and the borrow is this value's own.
        unsafe { std::slice::from_raw_parts_mut(self.as_mut_ptr(), self.length) }
    }

    /// What stands before the bytes in their first page.
    pub fn before(&self) -> &[u8] {
        // SAFETY: from the start of the mapping to where the bytes begin.
        unsafe { std::slice::from_raw_parts(self.start, self.mapped - PAGE - self.length) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        FREE.with_borrow_mut(|free| {
            if free.len() >= MOST_FREE {
                let (start, mapped) = free.remove(0);
                // SAFETY: mapped by `map`, and nobody's any more.
                unsafe { libc::munmap(start.cast(), mapped) };
            }
            free.push((self.start, self.mapped));
        });
    }
}

/// A mapping of that size that was used before, zeroed.
fn again(mapped: usize) -> Option<*mut u8> {
    FREE.with_borrow_mut(|free| {
        let (start, _) = free.swap_remove(free.iter().position(|(_, size)| *size == mapped)?);
        // SAFETY: all but the closed page, and nobody else's.
        unsafe { start.write_bytes(0, mapped - PAGE) };
        Some(start)
    })
}

/// New zeroed memory whose last page is closed.
fn map(mapped: usize) -> *mut u8 {
    let (read_write, private) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS);
    // SAFETY: new memory of this process alone, whose last page is then closed.
    unsafe {
        let start = libc::mmap(ptr::null_mut(), mapped, read_write, private, -1, 0);
        assert_ne!(start, libc::MAP_FAILED, "no memory");
        assert_eq!(libc::mprotect(start.byte_add(mapped - PAGE), PAGE, libc::PROT_NONE), 0);
        start.cast()
    }
}
