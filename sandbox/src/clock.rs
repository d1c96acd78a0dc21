//! The platform's time: UTC+8, with a fault's offset in minutes.

use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp, Zoned};

fn now(minutes_off: i64) -> Zoned {
    let moment = Timestamp::now();
    let shifted = moment.checked_add(SignedDuration::from_mins(minutes_off)).unwrap_or(moment);
    shifted.to_zoned(TimeZone::fixed(Offset::constant(8)))
}

/// Now as `yyyyMMddHHmmss` (document 1.2).
pub fn stamp() -> String {
    now(0).strftime("%Y%m%d%H%M%S").to_string()
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
    fn a_day_is_a_real_one() {
        assert!(is_day("20240229"));
        for text in ["20230229", "2024-1-1", "2024022", "202402290", "", "2024 229"] {
            assert!(!is_day(text), "{text}");
        }
    }
}
