//! The platform's time: UTC+8, with a fault's offset in minutes.

use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};

fn now(minutes_off: i64) -> Zoned {
    let moment = Timestamp::now();
    let shifted = moment.checked_add(SignedDuration::from_mins(minutes_off)).unwrap_or(moment);
    shifted.to_zoned(TimeZone::fixed(Offset::constant(8)))
}

/// Now as `yyyyMMddHHmmss` (document 1.2).
pub fn stamp() -> String {
    stamp_off(0)
}

/// The same by a clock that is off.
pub fn stamp_off(minutes_off: i64) -> String {
    now(minutes_off).strftime("%Y%m%d%H%M%S").to_string()
}

/// Seconds since 1970.
pub fn second(minutes_off: i64) -> i64 {
    now(minutes_off).timestamp().as_second()
}

/// The second since 1970 that a text names as `yyyyMMddHHmmss`.
pub fn second_of(stamp: &str) -> Option<i64> {
    if stamp.len() != 14 || !hislink::clock::is_stamp(stamp) {
        return None;
    }
    let moment = DateTime::strptime("%Y%m%d%H%M%S", stamp).ok()?;
    Offset::constant(8).to_timestamp(moment).ok().map(|moment| moment.as_second())
}

/// Now as `yyyyMMddHHmmssSSS`, as the platform's answers have it.
pub fn stamp_with_milliseconds(minutes_off: i64) -> String {
    now(minutes_off).strftime("%Y%m%d%H%M%S%3f").to_string()
}

/// Now as an HTTP `Date`.
pub fn http_date(minutes_off: i64) -> String {
    now(minutes_off).with_time_zone(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Whether a text is a real day as `yyyyMMdd`.
pub fn is_day(text: &str) -> bool {
    text.len() == 8
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && jiff::civil::Date::strptime("%Y%m%d", text).is_ok()
}

/// Whether a text is a real moment as `yyyy-MM-dd HH:mm:ss`.
pub fn is_time(text: &str) -> bool {
    let form = |(n, byte): (usize, u8)| match n {
        4 | 7 => byte == b'-',
        10 => byte == b' ',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    };
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    text.len() == 19 && text.bytes().enumerate().all(form) && hislink::clock::is_stamp(&digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_have_the_forms_of_the_document() {
        let stamp = stamp_with_milliseconds(0);
        assert_eq!(stamp.len(), 17, "{stamp}");
        assert!(hislink::clock::is_stamp(&stamp) && hislink::clock::is_stamp(&super::stamp()));
        assert!(http_date(0).ends_with(" GMT") && http_date(0).len() == 29);
    }

    #[test]
    fn a_time_is_a_real_moment() {
        assert!(is_time("2024-02-29 23:59:59"));
        for text in ["2023-02-29 00:00:00", "2024-01-01 24:00:00", "2024-01-01T00:00:00", "2024-1-01 00:00:00", ""] {
            assert!(!is_time(text), "{text}");
        }
    }

    #[test]
    fn stamps_name_seconds() {
        assert_eq!(second_of("19700101080000"), Some(0));
        assert_eq!(second_of(&stamp_off(-5)).map(|second| (second - super::second(-5)).abs() <= 1), Some(true));
        for text in ["19700101080000000", "20230229000000", "now"] {
            assert_eq!(second_of(text), None, "{text}");
        }
    }

    #[test]
    fn a_day_is_a_real_one() {
        assert!(is_day("20240229"));
        for text in ["20230229", "2024-1-1", "2024022", "202402290", "", "2024 229"] {
            assert!(!is_day(text), "{text}");
        }
    }
}
