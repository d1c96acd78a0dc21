//! Numbers in signing text, as the platform's Java writes them.

use std::borrow::Cow;

/// The text of a JSON number in signing text: an integer exactly (`-0` as `0`), any other as `BigDecimal.toString`
/// writes it: `1E2` is `1E+2`, `0.0000001` is `1E-7`, `1.0E1` is `10`.
///
/// `number` is a JSON number whose exponent the reader has bounded.
pub fn signed_number(number: &str) -> Cow<'_, str> {
    if number == "-0" {
        return Cow::Borrowed("0");
    }
    if !number.contains(['.', 'e', 'E']) {
        return Cow::Borrowed(number);
    }
    Cow::Owned(big_decimal(number))
}

fn big_decimal(number: &str) -> String {
    let (sign, magnitude) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (mantissa, exponent) = magnitude.split_once(['e', 'E']).unwrap_or((magnitude, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent: i64 = exponent.parse().unwrap_or(0);
    let scale = fraction.len() as i64 - exponent;
    let all = format!("{whole}{fraction}");
    let digits = match all.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    let sign = if digits == "0" { "" } else { sign };
    let adjusted = digits.len() as i64 - 1 - scale;
    if scale == 0 {
        format!("{sign}{digits}")
    } else if scale > 0 && adjusted >= -6 {
        plain(sign, digits, scale.unsigned_abs() as usize)
    } else {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}E{adjusted:+}")
    }
}

fn plain(sign: &str, digits: &str, scale: usize) -> String {
    match digits.len().checked_sub(scale).filter(|whole| *whole > 0) {
        Some(whole) => {
            let (whole, fraction) = digits.split_at(whole);
            format!("{sign}{whole}.{fraction}")
        }
        None => format!("{sign}0.{}{digits}", "0".repeat(scale - digits.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::signed_number;

    #[test]
    fn numbers_are_written_as_java_writes_them() {
        for (written, signed) in [
            ("1", "1"),
            ("-0", "0"),
            ("-7", "-7"),
            ("12345678901234567890", "12345678901234567890"),
            ("10.00", "10.00"),
            ("1E2", "1E+2"),
            ("0.0000001", "1E-7"),
            ("0.00000010", "1.0E-7"),
            ("0.000001", "0.000001"),
            ("1.10E3", "1.10E+3"),
            ("1.0E1", "10"),
            ("100E-2", "1.00"),
            ("-0.0", "0.0"),
            ("0E3", "0E+3"),
            ("0e0", "0"),
            ("1e400", "1E+400"),
            ("-1.5e-10", "-1.5E-10"),
            ("-0.05", "-0.05"),
            ("123.456", "123.456"),
            ("0E-7", "0E-7"),
            ("0.000000", "0.000000"),
        ] {
            assert_eq!(signed_number(written), signed, "{written}");
        }
        let long = format!("0.{}", "1".repeat(70_000));
        assert_eq!(signed_number(&long), long);
    }
}
