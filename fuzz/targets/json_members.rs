//! `hislink_json_get` and `hislink_json_set` in their three forms.
#![no_main]

use hislink::json;
use hislink_fuzz::forms::{Form, Layout, OF_GBK, UTF8, UTF16, Unit};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some(([flags, capacity, pointer, value], rest)) = data.split_first_chunk::<4>() else { return };
    let (pointer, rest) = rest.split_at(usize::from(*pointer).min(rest.len()));
    let (value, text) = rest.split_at(usize::from(*value).min(rest.len()));
    let layout = Layout { odd: flags & 4 > 0, endless: flags & 8 > 0, capacity: i32::from(*capacity) };
    let raw = flags & 16 > 0;
    match flags & 3 {
        0 => run(&OF_GBK, [text, pointer, value], layout, raw),
        1 => run(&UTF16, [text, pointer, value], layout, raw),
        _ => run(&UTF8, [text, pointer, value], layout, raw),
    }
});

fn run<U: Unit>(form: &Form<U>, texts: [&[u8]; 3], layout: Layout, raw: bool) {
    let units = |text: &[u8]| if raw { U::units(text) } else { (form.write)(&String::from_utf8_lossy(text)) };
    let until_zero = |units: Vec<U>| units.split(|unit| *unit == U::default()).next().unwrap_or_default().to_vec();
    let [text, pointer, value] = texts.map(|text| until_zero(units(text)));
    let got = form.get(&text, &pointer, layout);
    let plain = || json::member_text(&(form.read)(&text)?, &(form.read)(&pointer)?);
    // A value's terminator is the first zero, also where the value has one itself.
    assert_eq!(got.is_some(), plain().is_some());
    let set = form.set(&text, &pointer, &value, layout);
    let Some(set) = set else { return };
    let (whole, pointer_text) =
        ((form.read)(&set).expect("JSON in its form"), (form.read)(&pointer).expect("a pointer"));
    assert!(json::read(&whole).is_ok(), "{whole}");
    // `-` is where an array has no item yet; and GBK writes in another way what it lacks.
    let value_text = (form.read)(&value).expect("a value");
    if !pointer_text.split('/').any(|part| part == "-") && !value_text.contains("\\u") {
        assert_eq!(form.get(&set, &pointer, layout).as_ref(), Some(&value), "{pointer_text} in {whole}");
    }
}
