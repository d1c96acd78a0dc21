//! The caller-buffer calls in their three forms, each as one value.

use std::fmt::Debug;

use encoding_rs::GBK;
use hislink::abi;

use crate::guarded::Guarded;

type Call<U> = unsafe extern "system" fn(*const U, *const U, *mut U, i32) -> i32;
type Fetch<U> = unsafe extern "system" fn(*mut U, i32) -> i32;
type Size = extern "system" fn() -> i32;
type Get<U> = unsafe extern "system" fn(*const U, *const U, *mut U, i32) -> i32;
type Set<U> = unsafe extern "system" fn(*const U, *const U, *const U, *mut U, i32) -> i32;

/// A form of text with its functions.
pub struct Form<U> {
    call: Call<U>,
    fetch: Fetch<U>,
    size: Size,
    get: Get<U>,
    set: Set<U>,
    /// A text in this form; what GBK lacks as JSON escapes it.
    pub write: fn(&str) -> Vec<U>,
    /// The text that these units are, if they are one.
    pub read: fn(&[U]) -> Option<String>,
}

/// `hislink_call` and its like.
pub const UTF8: Form<u8> = Form {
    call: abi::hislink_call,
    fetch: abi::hislink_result,
    size: abi::hislink_result_size,
    get: abi::hislink_json_get,
    set: abi::hislink_json_set,
    write: |text| text.as_bytes().to_vec(),
    read: |units| String::from_utf8(units.to_vec()).ok(),
};

/// `hislink_call_a` and its like.
pub const OF_GBK: Form<u8> = Form {
    call: abi::hislink_call_a,
    fetch: abi::hislink_result_a,
    size: abi::hislink_result_size_a,
    get: abi::hislink_json_get_a,
    set: abi::hislink_json_set_a,
    write: gbk,
    read: |units| GBK.decode_without_bom_handling_and_without_replacement(units).map(|text| text.into_owned()),
};

/// `hislink_call_w` and its like.
pub const UTF16: Form<u16> = Form {
    call: abi::hislink_call_w,
    fetch: abi::hislink_result_w,
    size: abi::hislink_result_size_w,
    get: abi::hislink_json_get_w,
    set: abi::hislink_json_set_w,
    write: |text| text.encode_utf16().collect(),
    read: |units| String::from_utf16(units).ok(),
};

fn gbk(text: &str) -> Vec<u8> {
    let mut written = Vec::new();
    for character in text.chars() {
        let mut room = [0; 4];
        let (bytes, _, lacking) = GBK.encode(character.encode_utf8(&mut room));
        if lacking {
            let units =
                character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect::<String>();
            written.extend(units.bytes());
        } else {
            written.extend_from_slice(&bytes);
        }
    }
    written
}

/// A unit of text: a byte, or 16 bits.
pub trait Unit: Copy + Default + PartialEq + Debug {
    /// As they stand in memory.
    fn bytes(units: &[Self]) -> Vec<u8>;
    /// The units that these bytes are.
    fn units(bytes: &[u8]) -> Vec<Self>;
}

impl Unit for u8 {
    fn bytes(units: &[u8]) -> Vec<u8> {
        units.to_vec()
    }

    fn units(bytes: &[u8]) -> Vec<u8> {
        bytes.to_vec()
    }
}

impl Unit for u16 {
    fn bytes(units: &[u16]) -> Vec<u8> {
        units.iter().flat_map(|unit| unit.to_ne_bytes()).collect()
    }

    fn units(bytes: &[u8]) -> Vec<u16> {
        bytes.chunks_exact(2).map(|pair| u16::from_ne_bytes([pair[0], pair[1]])).collect()
    }
}

/// How a host's texts and its buffer lie in memory.
#[derive(Debug, Clone, Copy)]
pub struct Layout {
    /// One byte away from where units belong.
    pub odd: bool,
    /// The request ends at the end of readable memory, without a terminator.
    pub endless: bool,
    /// What is told of the buffer.
    pub capacity: i32,
}

/// A host's text: the units, with their terminator unless they are endless.
pub struct Text(Guarded);

impl Text {
    /// These units in guarded memory. Where there are none, a terminator stays: not even a first unit could be read.
    pub fn new<U: Unit>(units: &[U], odd: bool, endless: bool) -> Self {
        let mut bytes = U::bytes(units);
        if !endless || units.is_empty() {
            bytes.extend(U::bytes(&[U::default()]));
        }
        if odd && size_of::<U>() > 1 {
            bytes.push(0);
        }
        Self(Guarded::bytes(&bytes))
    }

    /// What is handed to the library.
    pub fn as_ptr<U>(&self) -> *const U {
        self.0.as_ptr().cast()
    }
}

/// A host's buffer of so many units, and what stands in it.
pub struct Buffer {
    memory: Guarded,
    odd: bool,
}

/// What a buffer holds before the library writes to it.
const UNTOUCHED: u8 = 0xA5;

impl Buffer {
    /// A buffer that the library has not seen yet.
    pub fn new<U: Unit>(capacity: i32, odd: bool) -> Self {
        let odd = odd && size_of::<U>() > 1;
        let bytes = usize::try_from(capacity).unwrap_or(0) * size_of::<U>() + usize::from(odd);
        let mut memory = Guarded::zeroed(bytes);
        memory.as_mut().fill(UNTOUCHED);
        Self { memory, odd }
    }

    /// What is handed to the library.
    pub fn as_mut_ptr<U>(&mut self) -> *mut U {
        self.memory.as_mut_ptr().cast()
    }

    /// The units before the terminator, which must be there. Nothing may have been written outside the buffer, or behind
    /// the terminator.
    pub fn text<U: Unit>(&mut self) -> Vec<U> {
        assert!(self.memory.before().iter().all(|byte| *byte == 0), "written before the buffer");
        let odd = self.odd;
        let bytes = self.memory.as_mut();
        assert!(!odd || bytes.last() == Some(&UNTOUCHED), "written behind the buffer");
        let units = U::units(bytes);
        let end = units.iter().position(|unit| *unit == U::default()).expect("a terminator");
        let behind = (end + 1) * size_of::<U>();
        assert!(bytes[behind..].iter().all(|byte| *byte == UNTOUCHED), "written behind the terminator");
        units[..end].to_vec()
    }

    /// Fails where a byte was written.
    pub fn is_untouched(&mut self) -> bool {
        self.memory.as_mut().iter().all(|byte| *byte == UNTOUCHED)
    }
}

/// What any outcome of texts with so many units fits in: a member's name may take six units a unit, twice that in GBK.
fn most(units: usize) -> i32 {
    i32::try_from(12 * units + 64).unwrap_or(i32::MAX)
}

/// The operation has run, and its reply did not fit.
pub const TOO_SMALL: i32 = -2;

impl<U: Unit> Form<U> {
    /// Runs an operation; gives what the call returned, and the whole reply, fetched where it did not fit.
    pub fn call(&self, name: &[U], request: &[U], layout: Layout) -> (i32, Vec<U>) {
        let name = Text::new(name, layout.odd, false);
        let request = Text::new(request, layout.odd, layout.endless);
        let mut out = Buffer::new::<U>(layout.capacity, layout.odd);
        // SAFETY: texts and buffer are what the layout says of them.
        let status = unsafe { (self.call)(name.as_ptr(), request.as_ptr(), out.as_mut_ptr(), layout.capacity) };
        let (again, whole) = self.fetched(layout.odd);
        if layout.capacity <= 0 {
            assert_eq!(status, TOO_SMALL);
            assert!(out.is_untouched());
            return (again, whole);
        }
        let told: Vec<U> = out.text();
        if status == TOO_SMALL {
            assert!(
                told.is_empty() && whole.len() >= layout.capacity as usize,
                "{} in {}",
                whole.len(),
                layout.capacity
            );
            return (again, whole);
        }
        assert_eq!((status, &told), (again, &whole));
        (status, told)
    }

    /// This thread's last reply, in a buffer of just its size; in a smaller one it must not fit.
    fn fetched(&self, odd: bool) -> (i32, Vec<U>) {
        let size = (self.size)();
        let mut small = Buffer::new::<U>(size - 1, odd);
        // SAFETY: the buffer has the capacity that is told.
        assert_eq!(unsafe { (self.fetch)(small.as_mut_ptr(), size - 1) }, TOO_SMALL);
        let mut out = Buffer::new::<U>(size, odd);
        // SAFETY: likewise.
        let status = unsafe { (self.fetch)(out.as_mut_ptr(), size) };
        let text: Vec<U> = out.text();
        assert_eq!(text.len() + 1, size as usize);
        (status, text)
    }

    /// The value at a pointer, if there is one; it fits in no smaller buffer.
    pub fn get(&self, json: &[U], pointer: &[U], layout: Layout) -> Option<Vec<U>> {
        let most = most(json.len());
        let json = Text::new(json, layout.odd, layout.endless);
        let pointer = Text::new(pointer, layout.odd, false);
        // SAFETY: texts and buffer are what the layout says of them.
        self.of_length(layout, most, |out, capacity| unsafe {
            (self.get)(json.as_ptr(), pointer.as_ptr(), out, capacity)
        })
    }

    /// The JSON text with a string set, if there is a way to it.
    pub fn set(&self, json: &[U], pointer: &[U], value: &[U], layout: Layout) -> Option<Vec<U>> {
        let most = most(json.len() + pointer.len() + value.len());
        let json = Text::new(json, layout.odd, layout.endless);
        let (pointer, value) = (Text::new(pointer, layout.odd, false), Text::new(value, layout.odd, false));
        // SAFETY: texts and buffer are what the layout says of them.
        self.of_length(layout, most, |out, capacity| unsafe {
            (self.set)(json.as_ptr(), pointer.as_ptr(), value.as_ptr(), out, capacity)
        })
    }

    fn of_length(&self, layout: Layout, most: i32, call: impl Fn(*mut U, i32) -> i32) -> Option<Vec<U>> {
        let told = |capacity: i32| {
            let mut out = Buffer::new::<U>(capacity, layout.odd);
            let length = call(out.as_mut_ptr(), capacity);
            if capacity > 0 { (length, out.text::<U>()) } else { (length, Vec::new()) }
        };
        let (mut length, mut text) = told(layout.capacity);
        if length == TOO_SMALL {
            assert!(text.is_empty());
            (length, text) = told(most);
        }
        if length < 0 {
            assert!(length == -1 && text.is_empty(), "{length}");
            return None;
        }
        assert_eq!(length as usize, text.len());
        assert_eq!(told(length), (TOO_SMALL, Vec::new()));
        assert_eq!(told(length + 1), (length, text.clone()));
        Some(text)
    }
}
