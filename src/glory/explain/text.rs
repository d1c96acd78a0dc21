//! The signing text that comes of a way.

use std::borrow::Cow;

use super::Examined;
use super::way::{End, Index, Names, Order, Shape, Stamp, Way};
use crate::clock;
use crate::explain::spelling::{Nulls, Numbers as Spelling, url_encoded};
use crate::explain::text::Text;
use crate::json::plain_number;
use crate::json::{Json, Object, to_text};
use crate::settings::Numbers;

/// The text that a sender who goes this way signs; none where a value cannot be written so.
pub fn of(case: &Examined<'_>, way: &Way) -> Option<Text> {
    let mut stamp = stamp(case, way.stamp)?;
    if way.url_encoded {
        stamp = url_encoded(&stamp);
    }
    if way.shape == Shape::BodyAsJson {
        return with_end(vec![to_text(&Json::Object(case.body.clone()))], stamp, case, way);
    }
    let mut walk = Walk { leaves: Vec::new(), numbers: case.numbers, way };
    walk.members("", case.body)?;
    let mut leaves = walk.leaves;
    let more = match way.end {
        End::TimestampSorted => vec![("timestamp", stamp.clone())],
        End::BothSorted => vec![("key", String::new()), ("timestamp", stamp.clone())],
        End::SidSorted => vec![("sid", case.sid?.to_owned())],
        _ => Vec::new(),
    };
    leaves.extend(more.into_iter().map(|(name, value)| (name.to_owned(), value)));
    match way.order {
        Order::Right => leaves.sort_by(|(one, _), (other, _)| one.cmp(other)),
        Order::Caseless => leaves.sort_by_cached_key(|(name, _)| name.to_lowercase()),
        Order::AsSent | Order::ByLevel => {}
    }
    if way.end == End::BothSorted {
        let place = leaves.iter().position(|(name, value)| name == "key" && value.is_empty())?;
        let (before, after) = leaves.split_at(place);
        let separator = if before.is_empty() { "" } else { "&" };
        let before = format!("{}{separator}key=", joined(before));
        return Some(Text { before, after: Some(format!("&{}", joined(after.get(1..)?))) });
    }
    let items = leaves.iter().map(|(name, value)| format!("{name}={value}")).collect();
    with_end(items, stamp, case, way)
}

fn joined(leaves: &[(String, String)]) -> String {
    leaves.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

fn with_end(items: Vec<String>, stamp: String, case: &Examined<'_>, way: &Way) -> Option<Text> {
    let text = items.join("&");
    let and = if text.is_empty() { "" } else { "&" };
    let ending = |before: String, after: String| Text { before, after: Some(after) };
    Some(match way.end {
        End::Right | End::SidSorted => ending(format!("{text}{and}key="), format!("&timestamp={stamp}")),
        End::NoTimestamp | End::TimestampSorted => ending(format!("{text}{and}key="), String::new()),
        End::NoKey => Text::whole(format!("{text}{and}timestamp={stamp}")),
        End::Nothing | End::BothSorted => Text::whole(text),
        End::TimestampFirst => ending(format!("{text}{and}timestamp={stamp}&key="), String::new()),
        End::NoAmpersand => ending(format!("{text}key="), format!("&timestamp={stamp}")),
        End::AlwaysAmpersand => ending(format!("{text}&key="), format!("&timestamp={stamp}")),
        End::Bare => ending(text, stamp),
        End::Named(name) => ending(format!("{text}{and}{name}="), format!("&timestamp={stamp}")),
        End::WithSid => ending(format!("{text}{and}key="), format!("&timestamp={stamp}&sid={}", case.sid?)),
    })
}

/// The timestamp that was signed.
pub fn stamp(case: &Examined<'_>, stamp: Stamp) -> Option<String> {
    let second = || clock::second_of_stamp(case.timestamp);
    Some(match stamp {
        Stamp::Header => case.timestamp.to_owned(),
        Stamp::Shifted(seconds) => clock::stamp_of_second(second()? + seconds),
        Stamp::Written => clock::time_of_second(second()?),
        Stamp::Milliseconds => format!("{}000", second()?),
        Stamp::Seconds => second()?.to_string(),
        Stamp::Body => case.body.get("timestamp")?.as_scalar()?.to_owned(),
    })
}

/// Flattens a body.
struct Walk<'w> {
    leaves: Vec<(String, String)>,
    numbers: Numbers,
    way: &'w Way,
}

impl Walk<'_> {
    fn members(&mut self, path: &str, object: &Object<'_>) -> Option<()> {
        let mut members: Vec<_> = object.iter().collect();
        if self.way.order == Order::ByLevel {
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
        }
        for (name, value) in members {
            let left_out = match path.is_empty() {
                true => !self.way.sign_put_in,
                false => self.way.nested_sign_left_out,
            };
            if name == "sign" && left_out {
                continue;
            }
            let name = if self.way.names_trimmed { name.trim() } else { name };
            self.value(self.named(path, name), value, path.is_empty())?;
        }
        Some(())
    }

    fn named(&self, path: &str, name: &str) -> String {
        match self.way.names {
            _ if path.is_empty() => name.to_owned(),
            Names::Dotted => format!("{path}.{name}"),
            Names::Last => name.to_owned(),
            Names::Bracketed => format!("{path}[{name}]"),
            Names::Underscored => format!("{path}_{name}"),
        }
    }

    fn items(&mut self, path: &str, items: &[Json<'_>]) -> Option<()> {
        for (n, item) in items.iter().enumerate() {
            let name = match self.way.index {
                Index::Right => format!("{path}[{n}]"),
                Index::FromOne => format!("{path}[{}]", n + 1),
                Index::Dotted => format!("{path}.{n}"),
                Index::Empty => format!("{path}[]"),
                Index::Missing => path.to_owned(),
            };
            self.value(name, item, false)?;
        }
        Some(())
    }

    fn value(&mut self, name: String, value: &Json<'_>, top: bool) -> Option<()> {
        let way = self.way;
        match value {
            Json::Null => match way.nulls {
                Nulls::Dropped => {}
                Nulls::Word => self.add(name, "null"),
                Nulls::Empty => self.add(name, ""),
            },
            Json::Bool(truth) => self.add(
                name,
                match (truth, way.booleans_capital) {
                    (true, false) => "true",
                    (false, false) => "false",
                    (true, true) => "True",
                    (false, true) => "False",
                },
            ),
            Json::String(text) if text.is_empty() && !way.empty => {}
            Json::String(text) if way.blank_dropped && text.trim().is_empty() => {}
            Json::String(text) if way.quoted => self.add(name, &to_text(&Json::String(text.clone()))),
            Json::String(text) => self.add(name, text),
            Json::Number(text) => {
                let spelt = way.numbers.spell(text, |text| right_number(text, self.numbers))?;
                self.add(name, &spelt);
            }
            Json::Array(items) if items.is_empty() => self.nothing(name, "[]"),
            Json::Object(object) if object.is_empty() => self.nothing(name, "{}"),
            Json::Array(items) => match way.shape {
                Shape::Flat => self.items(&name, items)?,
                Shape::TopOnly if top => {}
                _ => self.add(name, &to_text(value)),
            },
            Json::Object(object) => match way.shape {
                Shape::Flat | Shape::ArraysAsJson => self.members(&name, object)?,
                Shape::TopOnly if top => {}
                _ => self.add(name, &to_text(value)),
            },
        }
        Some(())
    }

    fn nothing(&mut self, name: String, text: &str) {
        if self.way.empty_nested {
            self.add(name, text);
        }
    }

    fn add(&mut self, name: String, value: &str) {
        let value = if self.way.url_encoded { url_encoded(value) } else { value.to_owned() };
        self.leaves.push((name, value));
    }
}

fn right_number(number: &str, setting: Numbers) -> Option<Cow<'_, str>> {
    match setting {
        Numbers::Literal => Spelling::Literal.spell(number, |_| None),
        Numbers::Plain => plain_number(number).ok().map(Cow::Owned),
    }
}
