//! Numbers of identity cards (GB 11643): 17 digits with a birth date inside, then a check digit.

use crate::clock;

/// Why a text is no number of an identity card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Neither 15 digits, nor 17 digits with a digit or X behind.
    Form,
    /// The birth date is not real.
    Birth,
    /// The check digit is another.
    CheckDigit,
}

/// Holds a number against its own check digit and birth date. Masked ones (with `*`) and those of 15 digits, which have
/// no check digit, pass.
pub fn check(number: &str) -> Result<(), Fault> {
    let (body, last) = number.split_at_checked(17).unwrap_or((number, ""));
    let digits = body.bytes().all(|byte| byte.is_ascii_digit());
    match (body.len(), last) {
        _ if number.contains('*') => Ok(()),
        (15, "") if digits => Ok(()),
        (17, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "X" | "x") if digits => {
            if !body.get(6..14).is_some_and(clock::is_day) {
                return Err(Fault::Birth);
            }
            if last.eq_ignore_ascii_case(check_digit(body)) { Ok(()) } else { Err(Fault::CheckDigit) }
        }
        _ => Err(Fault::Form),
    }
}

/// The digit that makes the weighted sum 1 modulo 11; the weights are powers of two (ISO 7064, MOD 11-2).
fn check_digit(body: &str) -> &'static str {
    let sum = body.bytes().fold(0, |sum, byte| (sum + u32::from(byte - b'0')) * 2 % 11);
    match (12 - sum) % 11 {
        0 => "0",
        1 => "1",
        2 => "2",
        3 => "3",
        4 => "4",
        5 => "5",
        6 => "6",
        7 => "7",
        8 => "8",
        9 => "9",
        _ => "X",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The standard's own way: the weights 7 9 10 5 8 4 2 1 6 3 7 9 10 5 8 4 2 and the table 10X98765432.
    fn by_the_table(body: &str) -> char {
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        let sum: u32 = body.bytes().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
        char::from(b"10X98765432"[sum as usize % 11])
    }

    #[test]
    fn known_numbers_hold() {
        // The first two are the examples that GB 11643-1999 prints.
        for good in ["11010519491231002X", "440524188001010014", "11010519491231002x", "34052419800101001X"] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
    }

    #[test]
    fn every_other_check_digit_is_refused() {
        for body in ["11010519491231002", "44052418800101001", "33100119900307451", "34052419800101001"] {
            let right = by_the_table(body);
            for last in "0123456789X".chars() {
                let expected = if last == right { Ok(()) } else { Err(Fault::CheckDigit) };
                assert_eq!(check(&format!("{body}{last}")), expected, "{body}{last}");
            }
        }
    }

    #[test]
    fn what_is_no_number_is_told_apart_from_a_wrong_one() {
        assert_eq!(check("331166*****777X"), Ok(()));
        assert_eq!(check("110105491231002"), Ok(()));
        assert_eq!(check("110105194913310028"), Err(Fault::Birth));
        assert_eq!(check("11010519500229002X"), Err(Fault::Birth));
        for form in [
            "",
            "1",
            "1101051949123100",
            "11010519491231002",
            "11010519491231002XX",
            "11010549123100X",
            "1101051949123100２X",
            "X1010519491231002X",
        ] {
            assert_eq!(check(form), Err(Fault::Form), "{form}");
        }
    }
}
