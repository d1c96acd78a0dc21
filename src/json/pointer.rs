//! JSON pointers (RFC 6901), as replies name the field at fault.

use std::borrow::Cow;

use super::{Json, MAX_DEPTH, Object};

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

/// The text of what a pointer names in a JSON text, such as a reply: a string as it is, anything else as compact JSON. None
/// where there is no such place, or the text is no JSON.
pub fn member_text(json: &str, pointer: &str) -> Option<String> {
    let document = super::read_reply(json).ok()?;
    Some(match find(&document, pointer)? {
        Json::String(text) => text.clone().into_owned(),
        other => super::to_text(other),
    })
}

/// A JSON text with a string set at a pointer: members and objects that are missing on the way are made, an array takes
/// one more item at its end or at `-`. An empty text counts as `{}`. None where something else than an object or array
/// stands on the way, the text is no JSON, or the outcome would nest too deep to be read again.
pub fn with_member(json: &str, pointer: &str, value: &str) -> Option<String> {
    let json = if json.trim().is_empty() { "{}" } else { json };
    // Each part is a step of a recursion, and a level of the outcome.
    if pointer.split('/').skip(1).nth(MAX_DEPTH).is_some() {
        return None;
    }
    let mut document = super::read(json).ok()?;
    let parts: Vec<String> = match pointer.strip_prefix('/') {
        Some(parts) => parts.split('/').map(|part| part.replace("~1", "/").replace("~0", "~")).collect(),
        None if pointer.is_empty() => Vec::new(),
        None => return None,
    };
    set(&mut document, &parts, value)?;
    let mut text = String::with_capacity(json.len() + pointer.len() + value.len() + 64);
    super::write_value(&mut text, &document);
    Some(text)
}

fn set(place: &mut Json<'_>, parts: &[String], value: &str) -> Option<()> {
    let Some((first, rest)) = parts.split_first() else {
        *place = Json::String(Cow::Owned(value.to_owned()));
        return Some(());
    };
    if *place == Json::Null {
        *place = Json::Object(Object::default());
    }
    let inner = match place {
        Json::Object(object) => {
            if object.get(first).is_none() {
                object.set(first.clone(), Json::Null);
            }
            object.get_mut(first)?
        }
        Json::Array(items) => {
            if first == "-" || index(first)? == items.len() {
                items.push(Json::Null);
                items.last_mut()?
            } else {
                items.get_mut(index(first)?)?
            }
        }
        _ => return None,
    };
    set(inner, rest, value)
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
    #[test]
    fn values_are_read_out_and_strings_set() {
        let text = r#"{"data":{"param":{"balance":"1\u00e9\n","n":1.10,"list":[{"a":"x"}]}}}"#;
        assert_eq!(member_text(text, "/data/param/balance").as_deref(), Some("1é\n"));
        assert_eq!(member_text(text, "/data/param/n").as_deref(), Some("1.10"));
        assert_eq!(member_text(text, "/data/param/list").as_deref(), Some(r#"[{"a":"x"}]"#));
        for (text, nowhere) in [(text, "/data/x"), (text, "data"), ("{", "/a"), ("", "")] {
            assert_eq!(member_text(text, nowhere), None, "{nowhere}");
        }
        for (json, pointer, expected) in [
            ("", "/param/cardNo", r#"{"param":{"cardNo":"值\""}}"#),
            ("{}", "/a~1b/c~0d", r#"{"a/b":{"c~d":"值\""}}"#),
            (r#"{"n":1.10,"a":"old"}"#, "/a", r#"{"n":1.10,"a":"值\""}"#),
            (r#"{"a":null}"#, "/a/b", r#"{"a":{"b":"值\""}}"#),
            (r#"{"l":[1,{"x":2}]}"#, "/l/1/x", r#"{"l":[1,{"x":"值\""}]}"#),
            (r#"{"l":[1]}"#, "/l/1", r#"{"l":[1,"值\""]}"#),
            (r#"{"l":[]}"#, "/l/-/a", r#"{"l":[{"a":"值\""}]}"#),
        ] {
            assert_eq!(with_member(json, pointer, "值\"").as_deref(), Some(expected), "{json} {pointer}");
        }
        for (json, pointer) in [("{\"a\":1}", "/a/b"), ("{", "/a"), ("{}", "a"), ("[]", "/1"), ("[]", "/x")] {
            assert_eq!(with_member(json, pointer, ""), None, "{json} {pointer}");
        }
        let deepest = with_member("", &"/a".repeat(MAX_DEPTH), "x").unwrap();
        assert_eq!(member_text(&deepest, &"/a".repeat(MAX_DEPTH)).as_deref(), Some("x"));
        for parts in [MAX_DEPTH + 1, 10_000_000] {
            assert_eq!(with_member("", &"/".repeat(parts), "x"), None, "{parts}");
        }
    }
}
