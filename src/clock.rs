//! The platforms' time: UTC+8, whatever the machine's own zone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

/// Now, as `yyyyMMddHHmmss` (document 1.2).
pub fn stamp() -> String {
    stamp_of(Timestamp::now())
}

/// A moment, given in seconds since 1970, as `yyyyMMddHHmmss`.
pub fn stamp_of_second(second: i64) -> String {
    stamp_of(Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH))
}

/// A moment, given in seconds since 1970, as `yyyy-MM-dd HH:mm:ss`.
pub fn time_of_second(second: i64) -> String {
    let stamp = stamp_of_second(second);
    let part = |from: usize, to: usize| stamp.get(from..to).unwrap_or_default();
    let (year, month, day) = (part(0, 4), part(4, 6), part(6, 8));
    format!("{year}-{month}-{day} {}:{}:{}", part(8, 10), part(10, 12), part(12, 14))
}

fn stamp_of(moment: Timestamp) -> String {
    let time = moment.to_zoned(TimeZone::fixed(Offset::constant(8))).datetime();
    let date = i64::from(time.year()) * 10_000 + i64::from(time.month()) * 100 + i64::from(time.day());
    let of_day = i64::from(time.hour()) * 10_000 + i64::from(time.minute()) * 100 + i64::from(time.second());
    (date * 1_000_000 + of_day).to_string()
}

/// Seconds since 1970.
pub fn second() -> i64 {
    Timestamp::now().as_second()
}

/// Whether a text is a real moment as `yyyyMMddHHmmss`, with milliseconds or without.
pub fn is_stamp(text: &str) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || (text.len() != 14 && text.len() != 17) {
        return false;
    }
    let part = |from: usize, to: usize| text.get(from..to).and_then(|digits| digits.parse::<i16>().ok()).unwrap_or(-1);
    let small = |from: usize| i8::try_from(part(from, from + 2)).unwrap_or(-1);
    DateTime::new(part(0, 4), small(4), small(6), small(8), small(10), small(12), 0).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_eight_hours_ahead_of_utc() {
        assert_eq!(stamp_of_second(0), "19700101080000");
        assert_eq!(stamp_of_second(1_504_142_900), "20170831092820");
        assert_eq!(time_of_second(1_504_142_900), "2017-08-31 09:28:20");
    }

    #[test]
    fn a_stamp_is_a_real_moment() {
        for good in ["20170831092820", "20160929132650301", "20240229000000"] {
            assert!(is_stamp(good), "{good}");
        }
        for bad in ["", "2017083109282", "20170231000000", "20170831240000", "2017083109282x", "20170831 92820"] {
            assert!(!is_stamp(bad), "{bad}");
        }
    }
}
