//! The signing text that comes of a way.

use std::borrow::Cow;
use std::fmt::Write;

use super::Examined;
use super::way::{Key, NonAscii, Order, Param, Way};
use crate::explain::spelling::{Nulls, url_encoded};
use crate::explain::text::Text;
use crate::json::{Json, Object, to_text};
use crate::onepay::number::signed_number;
use crate::onepay::sign::{NOT_SIGNED, by_utf16, caseless, is_signed};
use crate::settings::KeyOrder;

/// The text that a sender who goes this way signs; none where a number cannot be written so.
pub fn of(case: &Examined<'_>, way: &Way) -> Option<Text> {
    let mut items = Vec::new();
    for (name, value) in members(case, way) {
        if is_in(name, value, way) {
            items.push((name, top_value(case, name, value, way)?));
        }
    }
    if way.key == Key::Sorted {
        items.push(("key", String::new()));
    }
    sort(&mut items, case.key_order, way.outside);
    Some(with_key(&items, way.key))
}

/// The members that come into question, in the message's order, with the plain `param` where its ciphertext stands.
fn members<'c>(case: &'c Examined<'_>, way: &Way) -> Vec<(&'c str, &'c Json<'c>)> {
    let mut members = Vec::new();
    let decrypted = case.plain.is_some();
    for (name, value) in case.message.iter() {
        match name.as_ref() {
            "param" if decrypted => {}
            "param" => add_param(&mut members, value, way),
            "encryptData" if decrypted => {
                members.push(("encryptData", value));
                add_param(&mut members, &case.param, way);
            }
            name => members.push((name, value)),
        }
    }
    members
}

fn add_param<'c>(members: &mut Vec<(&'c str, &'c Json<'c>)>, param: &'c Json<'c>, way: &Way) {
    match (way.param, param) {
        (Param::Encrypted, _) => {}
        (Param::Spread, Json::Object(object)) => {
            members.extend(object.iter().map(|(name, value)| (name.as_ref(), value)));
        }
        _ => members.push(("param", param)),
    }
}

/// Whether a top-level member is signed.
fn is_in(name: &str, value: &Json<'_>, way: &Way) -> bool {
    if way.left_out.contains(&name) {
        return false;
    }
    if NOT_SIGNED.contains(&name) && !way.put_in.contains(&name) {
        return false;
    }
    match value {
        Json::Null => way.nulls != Nulls::Dropped,
        Json::Object(object) if object.is_empty() => !way.more_dropped,
        value => is_signed(value) || way.empty_outside,
    }
}

/// The text of a top-level value; none where a number cannot be written so.
fn top_value(case: &Examined<'_>, name: &str, value: &Json<'_>, way: &Way) -> Option<String> {
    let text = match value {
        // It was empty when the text was made.
        _ if name == "sign" => String::new(),
        Json::Object(_) | Json::Array(_) if way.param == Param::AsSent && name == "param" => as_sent(case, value),
        value => written(value, way)?,
    };
    Some(if way.url_encoded { url_encoded(&text) } else { text })
}

fn as_sent(case: &Examined<'_>, param: &Json<'_>) -> String {
    case.plain.map_or_else(|| to_text(param), str::to_owned)
}

fn written(value: &Json<'_>, way: &Way) -> Option<String> {
    Some(match value {
        Json::String(text) if way.trimmed => text.trim().to_owned(),
        Json::String(text) => text.clone().into_owned(),
        Json::Number(text) => spelt(text, way)?.into_owned(),
        Json::Bool(truth) => truth.to_string(),
        Json::Null if way.nulls == Nulls::Empty => String::new(),
        Json::Null => "null".to_owned(),
        Json::Array(_) | Json::Object(_) => {
            let mut out = String::new();
            Nested { out: &mut out, way }.value(value)?;
            out
        }
    })
}

fn spelt<'n>(number: &'n str, way: &Way) -> Option<Cow<'n, str>> {
    way.numbers.spell(number, |number| Some(signed_number(number)))
}

fn sort(items: &mut [(&str, String)], setting: KeyOrder, order: Order) {
    let by_case = match order {
        Order::AsSent => return,
        Order::Right => setting == KeyOrder::Sdk,
        Order::OtherSetting => setting == KeyOrder::Ascii,
    };
    if by_case {
        items.sort_by_cached_key(|(name, value)| caseless(&format!("{name}={value}&")));
    } else {
        items.sort_by(|(one, _), (other, _)| by_utf16(one, other));
    }
}

fn with_key(items: &[(&str, String)], key: Key) -> Text {
    let join = |items: &[(&str, String)]| {
        items.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    };
    let text = join(items);
    let separator = if text.is_empty() { "" } else { "&" };
    match key {
        Key::Right => Text::ending(format!("{text}{separator}key=")),
        Key::Missing => Text::whole(text),
        Key::WithoutAmpersand => Text::ending(format!("{text}key=")),
        Key::Bare => Text::ending(text),
        Key::WithoutName => Text::ending(format!("{text}{separator}")),
        Key::First => Text { before: "key=".to_owned(), after: Some(format!("{separator}{text}")) },
        Key::Named(name) => Text::ending(format!("{text}{separator}{name}=")),
        Key::Sorted => {
            let place = items.iter().position(|(name, value)| *name == "key" && value.is_empty());
            let (before, after) = items.split_at(place.unwrap_or(items.len()));
            let after = join(after.get(1..).unwrap_or_default());
            let between = if before.is_empty() { "" } else { "&" };
            let behind = if after.is_empty() { "" } else { "&" };
            Text { before: format!("{}{between}key=", join(before)), after: Some(format!("{behind}{after}")) }
        }
    }
}

/// Writes the JSON of objects and arrays.
struct Nested<'w> {
    out: &'w mut String,
    way: &'w Way,
}

impl Nested<'_> {
    fn value(&mut self, value: &Json<'_>) -> Option<()> {
        match value {
            Json::Null => self.out.push_str(if self.way.nulls == Nulls::Empty { "\"\"" } else { "null" }),
            Json::Bool(truth) => self.scalar(if *truth { "true" } else { "false" }, self.way.booleans_bare),
            Json::Number(text) => self.scalar(&spelt(text, self.way)?, self.way.numbers_bare),
            Json::String(text) => self.quoted(text),
            Json::Array(items) => self.items(items)?,
            Json::Object(object) => self.members(object)?,
        }
        Some(())
    }

    fn scalar(&mut self, text: &str, bare: bool) {
        let quote = if bare { "" } else { "\"" };
        self.out.extend([quote, text, quote]);
    }

    fn comma(&mut self) {
        self.out.push_str(if self.way.spaced { ", " } else { "," });
    }

    fn items(&mut self, items: &[Json<'_>]) -> Option<()> {
        self.out.push('[');
        for (n, item) in items.iter().enumerate() {
            if n > 0 {
                self.comma();
            }
            match item {
                Json::Array(inner) if inner.is_empty() && !self.way.empty_inside => self.out.push_str("null"),
                _ => self.value(item)?,
            }
        }
        self.out.push(']');
        Some(())
    }

    fn members(&mut self, object: &Object<'_>) -> Option<()> {
        let mut members: Vec<_> = object.iter().filter(|(name, value)| self.keeps(name, value)).collect();
        if self.way.inside != Order::AsSent {
            members.sort_by(|(one, _), (other, _)| by_utf16(one, other));
        }
        self.out.push('{');
        for (n, (name, value)) in members.into_iter().enumerate() {
            if n > 0 {
                self.comma();
            }
            self.quoted(name);
            self.out.push_str(if self.way.spaced { ": " } else { ":" });
            self.value(value)?;
        }
        self.out.push('}');
        Some(())
    }

    fn keeps(&self, name: &str, value: &Json<'_>) -> bool {
        let way = self.way;
        let by_value = match value {
            Json::Null => way.nulls != Nulls::Dropped,
            Json::String(text) if text.is_empty() => way.empty_inside,
            Json::String(text) => !(way.more_dropped && text.trim().is_empty()),
            Json::Array(items) => !items.is_empty() || way.empty_inside,
            Json::Object(object) => !(way.more_dropped && object.is_empty()),
            _ => true,
        };
        by_value && !(way.nested_left_out && NOT_SIGNED.contains(&name))
    }

    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        text.chars().for_each(|c| self.escaped(c));
        self.out.push('"');
    }

    fn escaped(&mut self, c: char) {
        let escapes = self.way.escapes;
        match c {
            '"' => self.out.push_str("\\\""),
            '\\' => self.out.push_str("\\\\"),
            '\u{8}' => self.out.push_str("\\b"),
            '\t' => self.out.push_str("\\t"),
            '\n' => self.out.push_str("\\n"),
            '\u{C}' => self.out.push_str("\\f"),
            '\r' => self.out.push_str("\\r"),
            '/' if escapes.slash => self.out.push_str("\\/"),
            '<' | '>' | '&' | '=' | '\'' if escapes.html => self.unicode(c, true),
            '\0'..='\u{1F}' => self.unicode(c, escapes.small),
            '\u{7F}'..='\u{9F}' | '\u{2028}' | '\u{2029}' if !escapes.fewer => self.unicode(c, escapes.small),
            c if c.is_ascii() || escapes.non_ascii == NonAscii::Raw => self.out.push(c),
            c => self.unicode(c, escapes.non_ascii == NonAscii::Small),
        }
    }

    fn unicode(&mut self, c: char, small: bool) {
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = if small { write!(self.out, "\\u{unit:04x}") } else { write!(self.out, "\\u{unit:04X}") };
        }
    }
}
