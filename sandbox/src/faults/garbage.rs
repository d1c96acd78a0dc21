//! Ciphertext of the right form that does not open.

/// Replaces the characters of a ciphertext by others of its alphabet until `opens` says no. Line breaks and the last
/// group, which carries the padding of base64, stay.
pub fn unopenable(data: &str, alphabet: &str, opens: impl Fn(&str) -> bool) -> String {
    (1..alphabet.len()).map(|by| shifted(data, alphabet, by)).find(|other| !opens(other)).unwrap_or_default()
}

fn shifted(data: &str, alphabet: &str, by: usize) -> String {
    let head = data.len().saturating_sub(4);
    let other = |(n, c): (usize, char)| match alphabet.find(c).filter(|_| n < head) {
        Some(place) => alphabet.chars().nth((place + by) % alphabet.len()).unwrap_or(c),
        None => c,
    };
    data.chars().enumerate().map(other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_stays_and_nothing_opens() {
        let data = "00FF\n12ABCD==";
        let other = unopenable(data, "0123456789ABCDEF", |text| text.starts_with('1'));
        assert_eq!(other, "2211\n34CDCD==");
    }
}
