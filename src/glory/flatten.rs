//! A body as signing text: flattened to names, sorted, joined (document 1.3.1, first step).

use std::cmp::Ordering;
use std::rc::Rc;

use crate::json::scan::{Eight, clean_prefix};
use crate::json::{Json, Member, Object, plain_number};
use crate::reply::Error;
use crate::settings::Numbers;

/// `name=value&name=value` of a body: members as `a.b`, items as `a[0]`, in ascending bytes of the whole name. Null,
/// `""`, `{}` and `[]` are left out, and so is the top-level `sign`. Strings stand as they are.
///
/// Fails on a number that is too large to be written plainly; the place is a JSON pointer into the body.
pub fn signing_text(body: &Object<'_>, numbers: Numbers) -> Result<String, Error> {
    let survey = Survey::of(body);
    let leaves = if survey.ambiguous {
        // A name with a dot or bracket of its own may stand between another's nested names: all are sorted together.
        Leaves::Unordered(Vec::new())
    } else {
        Leaves::InOrder(String::with_capacity(survey.length))
    };
    let mut walk = Walk { path: String::new(), leaves, numbers, shapes: Vec::new() };
    walk.members(body, true)?;
    Ok(walk.leaves.into_text())
}

/// What is known of a body before the walk.
#[derive(Default)]
struct Survey {
    /// Whether a name looks like several.
    ambiguous: bool,
    /// About how long the text will be: growing it step by step would cost as much as the walk.
    length: usize,
}

impl Survey {
    fn of(body: &Object<'_>) -> Self {
        let mut survey = Self::default();
        survey.members(body, 0);
        survey
    }

    /// `path` is how long the names are that stand before.
    fn members(&mut self, object: &Object<'_>, path: usize) {
        let mark = |eight: Eight| eight.equal(b'.') | eight.equal(b'[') | eight.equal(b']');
        for (name, value) in object.iter() {
            self.ambiguous |= clean_prefix(name.as_bytes(), mark) < name.len();
            self.value(value, path + name.len());
        }
    }

    fn value(&mut self, value: &Json<'_>, path: usize) {
        match value {
            Json::Null => {}
            Json::Bool(_) => self.length += path + "&=false".len(),
            Json::String(text) | Json::Number(text) => self.length += path + "&=".len() + text.len(),
            Json::Array(items) => items.iter().for_each(|item| self.value(item, path + "[000]".len())),
            Json::Object(object) => self.members(object, path + ".".len()),
        }
    }
}

/// Where the flattened names go.
enum Leaves {
    /// Each `name=value` is written when it is reached: the walk goes by the order of names.
    InOrder(String),
    /// Names and values, to be sorted.
    Unordered(Vec<(String, String)>),
}

impl Leaves {
    /// A value whose name is `path` and `name` together.
    fn add(&mut self, path: &str, name: &str, value: &str) {
        match self {
            Leaves::InOrder(text) => {
                if !text.is_empty() {
                    text.push('&');
                }
                text.push_str(path);
                text.push_str(name);
                text.push('=');
                text.push_str(value);
            }
            Leaves::Unordered(leaves) => leaves.push((format!("{path}{name}"), value.to_owned())),
        }
    }

    fn into_text(self) -> String {
        match self {
            Leaves::InOrder(text) => text,
            Leaves::Unordered(mut leaves) => {
                leaves.sort_by(|(one, _), (other, _)| one.cmp(other));
                leaves.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
            }
        }
    }
}

/// How many shapes of objects are remembered: the rows of a list have few.
const SHAPES: usize = 4;

struct Walk<'b> {
    /// What the names of the values here begin with.
    path: String,
    leaves: Leaves,
    numbers: Numbers,
    /// Objects that were sorted lately, with the places of their members in order.
    shapes: Vec<(&'b Object<'b>, Rc<[usize]>)>,
}

impl<'b> Walk<'b> {
    fn members(&mut self, object: &'b Object<'b>, top: bool) -> Result<(), Error> {
        for place in self.order(object).iter() {
            let Some((name, value)) = object.nth(*place).filter(|(name, _)| !(top && name == "sign")) else { continue };
            self.value(name, value).map_err(|error| error.below(&format!("/{}", crate::json::escape(name))))?;
        }
        Ok(())
    }

    /// The places of the members in order, sorted unless an object of that shape was lately.
    fn order(&mut self, object: &'b Object<'b>) -> Rc<[usize]> {
        if let Some((_, order)) = self.shapes.iter().find(|(known, _)| alike(known, object)) {
            return Rc::clone(order);
        }
        let mut members: Vec<_> = object.iter().enumerate().collect();
        members.sort_by(|(_, one), (_, other)| by_token(one, other));
        let order: Rc<[usize]> = members.into_iter().map(|(place, _)| place).collect();
        if self.shapes.len() == SHAPES {
            self.shapes.remove(0);
        }
        self.shapes.push((object, Rc::clone(&order)));
        order
    }

    fn items(&mut self, items: &'b [Json<'b>]) -> Result<(), Error> {
        self.path.push('[');
        for first in 0..10 {
            self.items_from(first, items)?;
        }
        self.path.pop();
        Ok(())
    }

    /// The items whose place begins with the digits of `place`, in the order of `0]`, `10]`, `11]`, `1]`, `2]`: a digit
    /// stands before the bracket.
    fn items_from(&mut self, place: usize, items: &'b [Json<'b>]) -> Result<(), Error> {
        let Some(item) = items.get(place) else { return Ok(()) };
        self.path.push(char::from(b'0' + (place % 10) as u8));
        let longer = if place == 0 { 0..0 } else { place * 10..place * 10 + 10 };
        for longer in longer {
            self.items_from(longer, items)?;
        }
        self.path.push(']');
        self.value("", item).map_err(|error| error.below(&format!("/{place}")))?;
        self.path.truncate(self.path.len() - 2);
        Ok(())
    }

    /// The value of a name, of which all but the end `name` stands in the path.
    fn value(&mut self, name: &str, value: &'b Json<'b>) -> Result<(), Error> {
        match value {
            Json::Null => {}
            Json::Bool(truth) => self.leaves.add(&self.path, name, if *truth { "true" } else { "false" }),
            Json::String(text) if text.is_empty() => {}
            Json::String(text) => self.leaves.add(&self.path, name, text),
            Json::Number(text) if self.numbers == Numbers::Literal => self.leaves.add(&self.path, name, text),
            Json::Number(text) => self.leaves.add(&self.path, name, &plain_number(text)?),
            Json::Array(items) => self.below(name, |walk| walk.items(items))?,
            Json::Object(object) => self.below(name, |walk| {
                walk.path.push('.');
                walk.members(object, false)
            })?,
        }
        Ok(())
    }

    fn below(&mut self, name: &str, walk: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        let before = self.path.len();
        self.path.push_str(name);
        walk(self)?;
        self.path.truncate(before);
        Ok(())
    }
}

/// Whether two objects have the same names in the same places, and what follows these is the same.
fn alike(one: &Object<'_>, other: &Object<'_>) -> bool {
    let same = |(one, other): (&Member<'_>, &Member<'_>)| one.0 == other.0 && end_of(&one.1) == end_of(&other.1);
    one.len() == other.len() && one.iter().zip(other.iter()).all(same)
}

/// What follows a name in the flattened names below it.
fn end_of(value: &Json<'_>) -> Option<u8> {
    match value {
        Json::Array(_) => Some(b'['),
        Json::Object(_) => Some(b'.'),
        _ => None,
    }
}

fn by_token((one, one_value): &Member<'_>, (other, other_value): &Member<'_>) -> Ordering {
    one.bytes().chain(end_of(one_value)).cmp(other.bytes().chain(end_of(other_value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str, numbers: Numbers) -> String {
        let Json::Object(body) = crate::json::read(body).unwrap() else { panic!("an object") };
        signing_text(&body, numbers).unwrap()
    }

    #[test]
    fn the_walk_in_order_gives_what_sorting_all_names_gives() {
        let rows: Vec<_> =
            (0..120).map(|n| format!("{{\"v\":{n},\"w\":[[{n},\"\"],{{\"b\":true,\"a\":null}}]}}")).collect();
        let body = format!(
            "{{\"listA\":1,\"list\":[{}],\"list_\":2,\"a\":{{\"z\":1,\"b\":{{}}}},\"a-\":3,\"A\":4}}",
            rows.join(",")
        );
        let walked = text(&body, Numbers::Literal);
        let mut sorted: Vec<_> = walked.split('&').map(|item| item.split_once('=').unwrap()).collect();
        sorted.sort();
        assert_eq!(walked, sorted.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"));
        assert_eq!(sorted.len(), 5 + 120 * 3);
    }

    #[test]
    fn rows_of_other_shapes_are_sorted_by_themselves() {
        // `wA` stands before `w[0]` and behind `w`; the same names in other places; more shapes than are remembered.
        let shapes = [
            r#"{"w":[1],"wA":2}"#,
            r#"{"w":"1","wA":2}"#,
            r#"{"wA":2,"w":[1]}"#,
            r#"{"w":{"c":1},"wA":2}"#,
            r#"{"a":1,"w":null,"wA":2}"#,
            r#"{"w":"1","wA":{"w":[1],"wA":2}}"#,
        ];
        let rows: Vec<_> = (0..60).filter_map(|n| shapes.get(n * n % 7)).copied().collect();
        let body = format!("{{\"rows\":[{}]}}", rows.join(","));
        let walked = text(&body, Numbers::Literal);
        let sorted = walked.split('&').collect::<Vec<_>>();
        assert!(sorted.len() > 60 && sorted.is_sorted(), "{walked}");
    }

    #[test]
    fn names_with_dots_are_sorted_among_the_nested() {
        assert_eq!(text(r#"{"a":{"b":1},"a.a":2,"a.c":3}"#, Numbers::Literal), "a.a=2&a.b=1&a.c=3");
    }
}
