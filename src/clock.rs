//! The platforms' time: UTC+8, whatever the machine's own zone.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// How far the platforms' clocks are ahead of UTC, in seconds.
const AHEAD: i64 = 8 * 3600;

/// Now, as `yyyyMMddHHmmss` (document 1.2).
pub fn stamp() -> String {
    stamp_of_second(second())
}

/// A moment, given in seconds since 1970, as `yyyyMMddHHmmss`.
pub fn stamp_of_second(second: i64) -> String {
    let time = there(second);
    let date = i64::from(time.year()) * 10_000 + i64::from(u8::from(time.month())) * 100 + i64::from(time.day());
    let of_day = i64::from(time.hour()) * 10_000 + i64::from(time.minute()) * 100 + i64::from(time.second());
    (date * 1_000_000 + of_day).to_string()
}

/// What the platforms' clocks show at a moment, given in seconds since 1970.
fn there(second: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(second.saturating_add(AHEAD)).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

/// A moment, given in seconds since 1970, as `yyyy-MM-dd HH:mm:ss`.
pub fn time_of_second(second: i64) -> String {
    let stamp = stamp_of_second(second);
    let part = |from: usize, to: usize| stamp.get(from..to).unwrap_or_default();
    let (year, month, day) = (part(0, 4), part(4, 6), part(6, 8));
    format!("{year}-{month}-{day} {}:{}:{}", part(8, 10), part(10, 12), part(12, 14))
}

/// The day of a moment, given in milliseconds since 1970, counted from 1970 on.
pub fn day_of(millisecond: i64) -> i64 {
    (millisecond + AHEAD * 1000).div_euclid(86_400_000)
}

/// The same day as `yyyy-MM-dd`.
pub fn date_of(millisecond: i64) -> String {
    let mut time = time_of_second(millisecond.div_euclid(1000));
    time.truncate("yyyy-MM-dd".len());
    time
}

/// Appends a moment, given in milliseconds since 1970, as `yyyy-MM-dd HH:mm:ss.SSS`.
pub fn write_time(out: &mut String, millisecond: i64) {
    let time = there(millisecond.div_euclid(1000));
    let (year, small) = (time.year(), |number: u8| i32::from(number));
    let parts = [
        (year / 100, ""),
        (year % 100, "-"),
        (small(time.month().into()), "-"),
        (small(time.day()), " "),
        (small(time.hour()), ":"),
        (small(time.minute()), ":"),
        (small(time.second()), "."),
    ];
    for (number, mark) in parts {
        push_digits(out, number, 10);
        out.push_str(mark);
    }
    push_digits(out, i32::try_from(millisecond.rem_euclid(1000)).unwrap_or(0), 100);
}

/// A number with as many digits as `unit` has.
fn push_digits(out: &mut String, number: i32, mut unit: i32) {
    while unit > 0 {
        out.push(char::from(b'0' + u8::try_from(number / unit % 10).unwrap_or(0)));
        unit /= 10;
    }
}

/// Seconds since 1970.
pub fn second() -> i64 {
    i64::try_from(since_1970().as_secs()).unwrap_or(i64::MAX)
}

/// Milliseconds since 1970.
pub fn millisecond() -> i64 {
    i64::try_from(since_1970().as_millis()).unwrap_or(i64::MAX)
}

/// A clock that is set before 1970 counts as 1970.
fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Whether a text is a real moment as `yyyyMMddHHmmss`, with milliseconds or without.
pub fn is_stamp(text: &str) -> bool {
    matches!(text.len(), 14 | 17) && digits_only(text) && moment(text).is_some()
}

/// The moment of a `yyyyMMddHHmmss` in seconds since 1970; none where it is no real one.
pub fn second_of_stamp(text: &str) -> Option<i64> {
    let moment = Some(text).filter(|text| text.len() == 14 && digits_only(text)).and_then(moment)?;
    Some(moment.assume_utc().unix_timestamp() - AHEAD)
}

/// Whether a text is a real time as `yyyy-MM-dd HH:mm:ss`. Such texts sort as the times do.
pub fn is_time(text: &str) -> bool {
    let marks = text.bytes().enumerate().all(|(place, byte)| match place {
        4 | 7 => byte == b'-',
        10 => byte == b' ',
        13 | 16 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    text.len() == 19 && marks && moment(&digits).is_some()
}

/// Whether a text is a real day as `yyyyMMdd`.
pub fn is_day(text: &str) -> bool {
    text.len() == 8 && digits_only(text) && moment(&format!("{text}000000")).is_some()
}

fn digits_only(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The moment that the first 14 digits name.
fn moment(digits: &str) -> Option<PrimitiveDateTime> {
    let small = |from: usize| digits.get(from..from + 2)?.parse::<u8>().ok();
    let year = digits.get(..4)?.parse().ok()?;
    let date = Date::from_calendar_date(year, Month::try_from(small(4)?).ok()?, small(6)?).ok()?;
    Some(PrimitiveDateTime::new(date, Time::from_hms(small(8)?, small(10)?, small(12)?).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_eight_hours_ahead_of_utc() {
        assert_eq!(stamp_of_second(0), "19700101080000");
        assert_eq!(stamp_of_second(1_504_142_900), "20170831092820");
        assert_eq!(time_of_second(1_504_142_900), "2017-08-31 09:28:20");
        let mut text = String::new();
        write_time(&mut text, 1_504_142_900_007);
        assert_eq!(text, "2017-08-31 09:28:20.007");
        assert_eq!((date_of(1_504_142_900_007).as_str(), day_of(0), day_of(-8 * 3_600_000 - 1)), ("2017-08-31", 0, -1));
        assert_eq!(day_of(57_600_000) - day_of(57_599_999), 1, "16:00 UTC is midnight there");
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

    #[test]
    fn stamps_lead_back_to_their_second() {
        for second in [0, 1_504_142_900, 4_102_444_799] {
            assert_eq!(second_of_stamp(&stamp_of_second(second)), Some(second));
        }
        for bad in ["", "20170231000000", "20160929132650301", "2017083109282"] {
            assert_eq!(second_of_stamp(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_time_is_real_and_spelt_in_full() {
        for good in ["2026-11-21 10:00:00", "2024-02-29 23:59:59"] {
            assert!(is_time(good), "{good}");
        }
        for bad in [
            "",
            "2026-11-21",
            "2026-11-21T10:00:00",
            "2026-11-21 10:00",
            "2026-11-21 10:00:00 ",
            "2026-1-21 10:00:00",
            "2026-11-21 24:00:00",
            "2026-11-21 10:00:60",
            "2025-02-29 10:00:00",
            "2026/11/21 10:00:00",
            "２026-11-21 10:00:00",
            "20261121100000",
        ] {
            assert!(!is_time(bad), "{bad}");
        }
        assert!(is_day("20240229") && !is_day("20250229") && !is_day("2024022"));
    }
}
