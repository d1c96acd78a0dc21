//! Amounts as whole fen: no binary fraction ever touches them.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of zero or more fen (0.01 yuan). Shows itself and serializes as yuan with two decimals: `100.00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Fen(u64);

/// More digits of yuan than this are a slip, and sums of them might not fit.
const MOST_YUAN_DIGITS: usize = 12;

impl Fen {
    /// Nothing.
    pub const ZERO: Fen = Fen(0);

    /// Reads yuan (document 1.1) in digits with at most two decimals: no sign, exponent or leading zeros.
    pub fn of_yuan(text: &str) -> Option<Fen> {
        let yuan = text.split_once('.').map_or(text, |(yuan, _)| yuan);
        if yuan.len() > MOST_YUAN_DIGITS { None } else { Self::of_any_yuan(text) }
    }

    /// The same, of as many digits as a sum may have.
    fn of_any_yuan(text: &str) -> Option<Fen> {
        let (yuan, decimals) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        let padded = yuan.len() > 1 && yuan.starts_with('0');
        if !digits(yuan) || !digits(decimals) || padded || decimals.len() > 2 {
            return None;
        }
        let cents: u64 = decimals.parse().ok()?;
        let cents = if decimals.len() == 1 { cents * 10 } else { cents };
        yuan.parse::<u64>().ok()?.checked_mul(100)?.checked_add(cents).map(Fen)
    }

    /// The sum, where it fits.
    pub fn plus(self, other: Fen) -> Option<Fen> {
        self.0.checked_add(other.0).map(Fen)
    }

    /// The difference, where it is not below zero.
    pub fn minus(self, other: Fen) -> Option<Fen> {
        self.0.checked_sub(other.0).map(Fen)
    }
}

impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl Serialize for Fen {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fen {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::of_any_yuan(&text).ok_or_else(|| D::Error::custom(format!("no amount: {text}")))
    }
}

#[cfg(test)]
mod tests {
    use super::Fen;

    #[test]
    fn yuan_become_fen_and_back() {
        for (yuan, shown) in [
            ("0", "0.00"),
            ("0.01", "0.01"),
            ("0.1", "0.10"),
            ("100", "100.00"),
            ("999999999999.99", "999999999999.99"),
        ] {
            assert_eq!(Fen::of_yuan(yuan).map(|fen| fen.to_string()).as_deref(), Some(shown));
        }
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for text in ["", "-1", "+1", "1.", ".5", "1.005", "1e2", "1,000", " 1", "01", "NaN", "１", "1000000000000"] {
            assert_eq!(Fen::of_yuan(text), None, "{text}");
        }
    }

    #[test]
    fn sums_of_more_digits_are_read_back() {
        let most = Fen::of_yuan("999999999999.99").unwrap();
        let sum = most.plus(most).unwrap();
        assert_eq!(serde_json::from_value::<Fen>(serde_json::json!(sum)).unwrap(), sum);
        assert!(serde_json::from_str::<Fen>("\"1.005\"").is_err());
    }

    #[test]
    fn sums_and_differences_stay_within_bounds() {
        let (one, two) = (Fen::of_yuan("1").unwrap(), Fen::of_yuan("2").unwrap());
        assert_eq!(two.minus(one), Some(one));
        assert_eq!(one.minus(two), None);
        assert_eq!(one.plus(one), Some(two));
    }
}
