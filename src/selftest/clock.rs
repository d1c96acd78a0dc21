//! This machine's clock against the server's `Date`: both platforms look at the time in a request.

use super::row::{Finding, Rows, told};
use crate::clock;

/// The check's name.
pub const NAME: &str = "clock";

/// How far the clocks may differ, in seconds.
const TOLERATED: i64 = 60;

/// A difference of whole hours, within this many seconds, is the time zone's.
const OF_ZONE: i64 = 300;

/// Adds the check, by the answer's `Date` and when it was asked for and came, in milliseconds since 1970.
pub fn check(date: Option<&str>, asked: i64, came: i64, rows: &mut Rows) {
    let Some(there) = date.and_then(second_of_date) else {
        rows.add(NAME, Finding::Skipped, told!("应答没有 Date 头", "the answer has no Date header"), "");
        return;
    };
    // It was made, most likely, halfway. The server's clock is cut to its second, so this one is too.
    let ahead = i64::midpoint(asked, came).div_euclid(1000) - there;
    let off_zone = (ahead.abs() + OF_ZONE) % 3600;
    let (finding, told) = if ahead.abs() <= TOLERATED {
        (Finding::Ok, told!("与服务器相差 {} 秒（正数为本机快）", "{} s off the server's (above zero: ahead)"))
    } else if ahead.abs() > 3600 - OF_ZONE && off_zone <= 2 * OF_ZONE {
        (
            Finding::Warning,
            told!(
                "与服务器相差 {} 秒（正数为本机快）",
                "{} s off the server's (above zero: ahead)",
                "相差整小时，多半是时区不对：设为 UTC+08:00 北京，再校准时间",
                "whole hours: most likely the time zone is wrong. Set it to UTC+8 (Beijing), then set the clock"
            ),
        )
    } else {
        (
            Finding::Warning,
            told!(
                "与服务器相差 {} 秒（正数为本机快）",
                "{} s off the server's (above zero: ahead)",
                "校准本机时间并打开自动同步：时间不准，平台会拒绝请求，对账的日期也会错",
                "set the clock and keep it set by the time service: platforms refuse requests of another time, and days go wrong"
            ),
        )
    };
    rows.add(NAME, finding, told, &ahead.to_string());
}

/// The second since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that servers may write.
fn second_of_date(date: &str) -> Option<i64> {
    const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
    let (_, rest) = date.split_once(", ")?;
    let part = |from: usize, to: usize| rest.get(from..to);
    let month = MONTHS.find(part(3, 6)?).filter(|place| place % 3 == 0)? / 3 + 1;
    let (year, day, hour, minute, second) = (part(7, 11)?, part(0, 2)?, part(12, 14)?, part(15, 17)?, part(18, 20)?);
    let stamp = format!("{year}{month:02}{day}{hour}{minute}{second}");
    // As if it were UTC+8.
    clock::second_of_stamp(&stamp).map(|second| second + 8 * 3600)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::ObjectWriter;
    use crate::reply::Language;

    #[test]
    fn dates_are_read() {
        assert_eq!(second_of_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        assert_eq!(second_of_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        for bad in ["", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Ovd 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49"] {
            assert_eq!(second_of_date(bad), None, "{bad}");
        }
    }

    #[test]
    fn half_of_the_round_trip_does_not_count() {
        let told = |seconds: i64, trip: i64| {
            let here = 784_111_777_500 + seconds * 1000;
            let mut rows = Rows::new(Language::En);
            check(Some("Sun, 06 Nov 1994 08:49:37 GMT"), here - trip / 2, here + trip / 2, &mut rows);
            ObjectWriter::text(|out| rows.list.iter().for_each(|row| row.write(out)))
        };
        assert!(told(0, 40_000).contains("\"0 s off"), "{}", told(0, 40_000));
        assert!(told(60, 0).contains("\"ok\"") && told(-60, 0).contains("\"ok\""));
        assert!(told(61, 0).contains("\"warning\"") && told(-61, 0).contains("\"-61 s off"));
        for (seconds, zone) in [(120, false), (3600, true), (8 * 3600, true), (-8 * 3600 - 250, true), (5400, false)] {
            assert_eq!(told(seconds, 0).contains("time zone"), zone, "{seconds}");
        }
    }
}
