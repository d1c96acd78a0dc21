//! Changes a request as JSON: what is changed byte by byte is mostly no JSON any more, and gets no further than its reader.

use std::borrow::Cow;

use hislink::json::{self, Json};
use libfuzzer_sys::fuzzer_mutate;

use crate::seeds::words;

/// A mutator for inputs of `head` bytes and then a request's text.
pub fn request(data: &mut [u8], size: usize, max_size: usize, seed: u32, head: usize) -> usize {
    let mut dice = Dice(u64::from(seed) << 1 | 1);
    if dice.below(3) > 0
        && let Some(changed) = data.get(head..size).and_then(|text| changed(text, &mut dice))
        && let Some(place) = data.get_mut(head..max_size.min(head + changed.len()))
        && place.len() == changed.len()
    {
        place.copy_from_slice(changed.as_bytes());
        return head + changed.len();
    }
    fuzzer_mutate(data, size, max_size)
}

fn changed(text: &[u8], dice: &mut Dice) -> Option<String> {
    let text = std::str::from_utf8(text).ok()?;
    let mut request = json::read(text).ok()?;
    for _ in 0..=dice.below(3) {
        let places = count(&request);
        let mut at = dice.below(places);
        change(&mut request, &mut at, dice);
    }
    Some(json::to_text(&request))
}

fn count(value: &Json<'_>) -> usize {
    1 + match value {
        Json::Object(object) => object.iter().map(|(_, value)| count(value)).sum(),
        Json::Array(items) => items.iter().map(count).sum(),
        _ => 0,
    }
}

/// Changes the value at a place, counted from outside; true when it is done.
fn change(value: &mut Json<'_>, at: &mut usize, dice: &mut Dice) -> bool {
    if *at == 0 {
        change_here(value, dice);
        return true;
    }
    *at -= 1;
    match value {
        Json::Object(object) => {
            let names: Vec<_> = object.iter().map(|(name, _)| name.to_string()).collect();
            names.iter().any(|name| object.get_mut(name).is_some_and(|value| change(value, at, dice)))
        }
        Json::Array(items) => items.iter_mut().any(|item| change(item, at, dice)),
        _ => false,
    }
}

fn change_here(value: &mut Json<'_>, dice: &mut Dice) {
    match value {
        Json::Object(object) if dice.below(8) > 0 => {
            let place = dice.below(object.len().max(1));
            let old = object.nth(place).map(|(name, value)| (name.to_string(), value.clone()));
            match (old, dice.below(4)) {
                (Some((name, _)), 0) => drop(object.remove(&name)),
                (Some((_, value)), 1) => object.set(a_name(dice), value),
                _ => object.set(a_name(dice), a_value(dice)),
            }
        }
        Json::Array(items) if dice.below(8) > 0 => {
            let place = dice.below(items.len().max(1));
            match (items.get(place).cloned(), dice.below(3)) {
                (Some(_), 0) => drop(items.remove(place)),
                (Some(item), 1) => items.push(item),
                _ => items.push(a_value(dice)),
            }
        }
        // An envelope or body as its text, and back.
        Json::String(text) if dice.below(2) == 0 => {
            let inner = changed(text.as_bytes(), dice);
            *value = inner.map_or_else(|| spoilt(text, dice), |inner| Json::String(Cow::Owned(inner)));
        }
        other if dice.below(6) == 0 => *other = Json::String(Cow::Owned(json::to_text(other))),
        other => *other = a_value(dice),
    }
}

/// A string with a character more, fewer or other.
fn spoilt(text: &str, dice: &mut Dice) -> Json<'static> {
    let mut characters: Vec<char> = text.chars().collect();
    let place = dice.below(characters.len() + 1);
    let strange = [
        '\0',
        '"',
        '\\',
        '/',
        ' ',
        '\u{7f}',
        '\u{80}',
        '\u{20AC}',
        '\u{FEFF}',
        '\u{FFFD}',
        '\u{1F600}',
        '充',
        '0',
        '9',
    ];
    if dice.below(3) == 0 && place < characters.len() {
        characters.remove(place);
    } else {
        characters.insert(place, strange[dice.below(strange.len())]);
    }
    Json::String(Cow::Owned(characters.into_iter().collect()))
}

fn a_name(dice: &mut Dice) -> String {
    let names = &words().names;
    names[dice.below(names.len())].clone()
}

fn a_value(dice: &mut Dice) -> Json<'static> {
    let values = &words().values;
    json::read(&values[dice.below(values.len())]).unwrap_or(Json::Null)
}

/// Numbers from the fuzzer's seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) as usize % limit
    }
}
