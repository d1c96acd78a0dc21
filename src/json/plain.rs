//! Numbers written out, for signing texts that want them so.

use crate::reply::{Error, words};

/// The largest exponent that is written out where numbers are signed plainly.
const MAX_PLAIN_EXPONENT: i64 = 400;

/// A number without exponent and without trailing zeros: `10.00` as `10`, `1e3` as `1000`, `-0` as `0`.
pub fn plain_number(number: &str) -> Result<String, Error> {
    let (sign, magnitude) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (mantissa, exponent) = magnitude.split_once(['e', 'E']).unwrap_or((magnitude, "0"));
    let exponent: i64 = exponent.parse().unwrap_or(i64::MAX);
    if exponent.abs() > MAX_PLAIN_EXPONENT {
        return Err(Error::field(
            "",
            words!("数字 {number} 过大，无法展开签名", "the number {number} is too large to be written out"),
        ));
    }
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    // Where the point stands among the digits; zeros fill what is missing on either side.
    let point = whole.len() as i64 + exponent;
    let (whole, fraction) = match usize::try_from(point) {
        Ok(point) if point >= digits.len() => (format!("{digits}{}", "0".repeat(point - digits.len())), String::new()),
        Ok(point) => {
            let (whole, fraction) = digits.split_at(point);
            (whole.to_owned(), fraction.to_owned())
        }
        Err(_) => (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
    };
    let whole = Some(whole.trim_start_matches('0')).filter(|digits| !digits.is_empty()).unwrap_or("0");
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    let sign = if whole == "0" && fraction.is_empty() { "" } else { sign };
    Ok(format!("{sign}{whole}{point}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_out_plainly() {
        for (number, expected) in [
            ("10.00", "10"),
            ("0.10", "0.1"),
            ("1e3", "1000"),
            ("1.50E-2", "0.015"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("-1.20", "-1.2"),
            ("100", "100"),
            ("12.5e1", "125"),
            ("12345678901234567890.123", "12345678901234567890.123"),
            ("0.00e5", "0"),
        ] {
            assert_eq!(plain_number(number).unwrap(), expected, "{number}");
        }
        assert!(plain_number("1e401").is_err());
    }
}
