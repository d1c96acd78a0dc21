//! JSON pointers (RFC 6901), as replies name the field at fault.

use std::borrow::Cow;

use super::Json;

/// A name as it stands in a pointer: `~` as `~0`, `/` as `~1`.
pub fn escape(name: &str) -> Cow<'_, str> {
    if name.contains(['~', '/']) { Cow::Owned(name.replace('~', "~0").replace('/', "~1")) } else { Cow::Borrowed(name) }
}

/// The value that a pointer names; the empty pointer names the whole.
pub fn find<'j, 'a>(value: &'j Json<'a>, pointer: &str) -> Option<&'j Json<'a>> {
    if pointer.is_empty() {
        return Some(value);
    }
    pointer.strip_prefix('/')?.split('/').try_fold(value, |value, part| match value {
        Json::Object(object) => object.get(&part.replace("~1", "/").replace("~0", "~")),
        Json::Array(items) => items.get(index(part)?),
        _ => None,
    })
}

/// The JSON pointer of the first string, or the member of the first name, that `matches`.
pub fn place_of_text(value: &Json<'_>, matches: &impl Fn(&str) -> bool) -> Option<String> {
    match value {
        Json::String(text) => matches(text).then(String::new),
        Json::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(n, item)| place_of_text(item, matches).map(|inner| format!("/{n}{inner}"))),
        Json::Object(object) => object.iter().find_map(|(name, member)| {
            let inner = if matches(name) { Some(String::new()) } else { place_of_text(member, matches) };
            inner.map(|inner| format!("/{}{inner}", escape(name)))
        }),
        _ => None,
    }
}

/// An array index: no sign, no leading zero.
fn index(part: &str) -> Option<usize> {
    let canonical = part == "0" || (!part.starts_with('0') && part.bytes().all(|byte| byte.is_ascii_digit()));
    canonical.then(|| part.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_examples_of_rfc_6901_hold() {
        let document = super::super::read(r#"{"foo":["bar","baz"],"":0,"a/b":1,"m~n":8," ":7}"#).unwrap();
        let at = |pointer| find(&document, pointer).map(super::super::to_text);
        assert_eq!(at("/foo/0").as_deref(), Some("\"bar\""));
        assert_eq!(at("/").as_deref(), Some("0"));
        assert_eq!(at("/a~1b").as_deref(), Some("1"));
        assert_eq!(at("/m~0n").as_deref(), Some("8"));
        assert_eq!(at("/ ").as_deref(), Some("7"));
        for nowhere in ["foo", "/foo/2", "/foo/00", "/foo/-", "/x"] {
            assert_eq!(at(nowhere), None, "{nowhere}");
        }
    }
}
