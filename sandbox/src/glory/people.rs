//! People computed from a number: the same number is always the same person.

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// The earliest birthday.
const FIRST_BIRTHDAY: Date = date(1930, 1, 1);

/// How many birthdays there are: up to 2009.
const BIRTHDAYS: u64 = 29_000;

/// How many people are born on one day.
const A_DAY: u64 = 1_000;

/// Up to this number identity numbers differ.
pub const MOST: u64 = BIRTHDAYS * A_DAY;

/// Neighbours in number are not to be neighbours in age; it shares no factor with [`MOST`], so nobody is met twice.
const STRIDE: u64 = 15_485_863;

const AREAS: [&str; 8] = ["350102", "350203", "350322", "350402", "350521", "350626", "350783", "331166"];

const SURNAMES: [&str; 16] =
    ["张", "王", "李", "赵", "陈", "林", "黄", "吴", "郑", "刘", "杨", "徐", "何", "欧阳", "上官", "诸葛"];

const FIRST: [&str; 13] = ["小", "秀", "国", "志", "明", "丽", "建", "文", "玉", "海", "春", "晓", "永"];

const SECOND: [&str; 11] = ["凡", "英", "强", "华", "芳", "军", "兰", "平", "梅", "", "伟"];

/// The weights of an identity number's first 17 digits (GB 11643), and the check digits by remainder.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_DIGITS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// The name of a person; `other` gives another one, as after a correction.
pub fn name(number: u64, other: bool) -> String {
    let mixed = mixed(number) / 7 + u64::from(other);
    let surname = pick(&SURNAMES, number);
    let first = pick(&FIRST, mixed);
    if number % 97 == 5 {
        return format!("阿依{first}丽·{surname}买提");
    }
    format!("{surname}{first}{}", pick(&SECOND, mixed / 13))
}

/// The 18-digit identity number of a person, with a sound check digit.
pub fn identity_number(number: u64) -> String {
    let place = mixed(number);
    let days = i64::try_from(place / A_DAY % BIRTHDAYS).unwrap_or(0);
    let birthday = FIRST_BIRTHDAY.checked_add(days.days()).unwrap_or(FIRST_BIRTHDAY);
    let (year, month, day) = (birthday.year(), birthday.month(), birthday.day());
    let mut text = format!("{}{year:04}{month:02}{day:02}{:03}", pick(&AREAS, number), place % A_DAY);
    let sum: u32 = text.chars().zip(WEIGHTS).map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight).sum();
    text.extend(CHECK_DIGITS.get(sum as usize % CHECK_DIGITS.len()));
    text
}

/// An identity number as the document prints one: six digits, five stars, the last four.
pub fn masked(identity_number: &str) -> String {
    let (head, tail) = (identity_number.get(..6).unwrap_or_default(), identity_number.get(14..).unwrap_or_default());
    format!("{head}*****{tail}")
}

fn mixed(number: u64) -> u64 {
    (number % MOST) * STRIDE % MOST
}

fn pick(words: &[&'static str], number: u64) -> &'static str {
    words.get(number as usize % words.len()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn check_digits_are_those_of_gb_11643() {
        // The specimen of the standard, and the number of the onepay document's example.
        for known in ["11010519491231002X", "350626198510201017"] {
            let sum: u32 = known.chars().zip(WEIGHTS).map(|(digit, weight)| digit.to_digit(10).unwrap() * weight).sum();
            assert_eq!(CHECK_DIGITS[sum as usize % 11], known.chars().last().unwrap(), "{known}");
        }
        let text = identity_number(1);
        assert_eq!((text.len(), masked(&text).len()), (18, 15), "{text}");
    }

    #[test]
    fn nobody_is_met_twice() {
        let numbers: HashSet<String> = (1..=20_000).chain(MOST - 20_000..MOST).map(identity_number).collect();
        assert_eq!(numbers.len(), 40_000);
    }

    #[test]
    fn a_correction_gives_another_name() {
        assert!((1..=1_000).all(|number| name(number, true) != name(number, false)));
    }
}
