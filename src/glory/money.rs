//! Yuan as the card platform takes them: text with exactly two decimals. Compared as whole fen, never as floating point.

/// More digits before the point than any bill has, and few enough to be counted in fen.
const MAX_WHOLE_DIGITS: usize = 12;

/// The fen of a text such as `25.50`; none for any other spelling: sign, exponent, leading zero, other decimals.
pub fn fen(text: &str) -> Option<u64> {
    let (whole, decimals) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = whole == "0" || !whole.starts_with('0');
    if !digits(whole) || !digits(decimals) || decimals.len() != 2 || !canonical || whole.len() > MAX_WHOLE_DIGITS {
        return None;
    }
    Some(whole.parse::<u64>().ok()? * 100 + decimals.parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn exactly_two_decimals() {
        for (text, expected) in
            [("25.50", 2550), ("0.01", 1), ("0.00", 0), ("100.00", 10_000), ("999999999999.99", 99_999_999_999_999)]
        {
            assert_eq!(fen(text), Some(expected), "{text}");
        }
        for bad in [
            "",
            "25",
            "25.5",
            "25.500",
            ".50",
            "25.",
            "-25.50",
            "+25.50",
            "25,50",
            "2.5e1",
            "2e1.00",
            "025.50",
            "00.50",
            " 25.50",
            "25.50 ",
            "1000000000000.00",
            "２5.50",
            "25.5０",
            "NaN",
            "25.50.00",
            "0x1.00",
        ] {
            assert_eq!(fen(bad), None, "{bad}");
        }
    }
}
