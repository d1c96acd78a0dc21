//! What a server's certificate says of itself, read for messages to people. Whether it is trusted is rustls's affair.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::clock;

/// A certificate's own words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Certificate {
    /// Who issued it: the common name, else another name.
    pub(super) issuer: String,
    /// Whom it is for.
    pub(super) subject: String,
    /// Whether both are the same.
    pub(super) self_signed: bool,
    /// From when it is valid, in seconds since 1970.
    pub(super) not_before: i64,
    /// Until when.
    pub(super) not_after: i64,
    /// The hosts that it is for, by `subjectAltName`.
    pub(super) names: Vec<String>,
}

/// The longest name that is told, in characters.
const LONGEST: usize = 80;
/// How many host names are told.
const MOST_NAMES: usize = 8;

/// The last second that the clock tells.
const LAST: i64 = 253_402_207_200;

const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ALT_NAME: &[u8] = &[0x55, 0x1d, 17];

const EXPLICIT_0: u8 = 0xa0;
const EXPLICIT_3: u8 = 0xa3;
const DNS_NAME: u8 = 0x82;
const IP_ADDRESS: u8 = 0x87;
const BMP_STRING: u8 = 0x1e;
const UTC_TIME: u8 = 0x17;
const OCTET_STRING: u8 = 4;

impl Certificate {
    /// Reads the DER of an X.509 certificate; none where it is not one.
    pub(super) fn read(der: &[u8]) -> Option<Self> {
        let (_, certificate, _) = value(der)?;
        let (_, mut rest, _) = value(certificate)?;
        if let Some((EXPLICIT_0, _, behind)) = value(rest) {
            rest = behind;
        }
        let mut next = || {
            let (_, content, behind) = value(rest)?;
            rest = behind;
            Some(content)
        };
        let (_serial, _algorithm) = (next()?, next()?);
        let (issuer, validity, subject, _key) = (next()?, next()?, next()?, next()?);
        let (tag, not_before, validity) = value(validity)?;
        let not_before = second(tag, not_before)?;
        let (tag, not_after, _) = value(validity)?;
        Some(Self {
            issuer: name_of(issuer),
            subject: name_of(subject),
            self_signed: issuer == subject,
            not_before,
            not_after: second(tag, not_after)?,
            names: values(rest).find(|(tag, _)| *tag == EXPLICIT_3).map(|(_, list)| hosts(list)).unwrap_or_default(),
        })
    }
}

/// The first value: its tag, its content, and what follows it.
fn value(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 3))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((tag, content, rest))
}

/// Every value in a row: its tag and its content.
fn values(mut der: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let (tag, content, rest) = value(der)?;
        der = rest;
        Some((tag, content))
    })
}

/// A distinguished name's common name, or else the last of its names.
fn name_of(name: &[u8]) -> String {
    let mut found = String::new();
    for (_, attribute) in values(name).filter_map(|(_, set)| values(set).next()) {
        if let Some((_, kind, rest)) = value(attribute)
            && let Some((tag, text, _)) = value(rest)
        {
            found = readable(tag, text);
            if kind == COMMON_NAME {
                break;
            }
        }
    }
    found
}

/// A text as it can stand in a message.
fn readable(tag: u8, text: &[u8]) -> String {
    let text = match tag {
        BMP_STRING => {
            let units: Vec<u16> = text
                .chunks_exact(2)
                .map(|pair| pair.iter().fold(0, |unit, byte| unit << 8 | u16::from(*byte)))
                .collect();
            String::from_utf16_lossy(&units)
        }
        _ => String::from_utf8_lossy(text).into_owned(),
    };
    text.chars().take(LONGEST).map(|c| if c.is_control() { '?' } else { c }).collect()
}

/// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ`.
fn second(tag: u8, text: &[u8]) -> Option<i64> {
    let digits = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let century = match tag {
        UTC_TIME if digits < "50" => "20",
        UTC_TIME => "19",
        _ => "",
    };
    // What stands for no end at all (RFC 5280, 4.1.2.5) lies beyond what the clock reads.
    if digits == "99991231235959" {
        return Some(LAST);
    }
    // The clock reads such stamps as UTC+8.
    Some(clock::second_of_stamp(&format!("{century}{digits}"))? + 8 * 3600)
}

/// The hosts in a list of extensions.
fn hosts(extensions: &[u8]) -> Vec<String> {
    let Some((_, list, _)) = value(extensions) else { return Vec::new() };
    let alt_name = values(list)
        .map(|(_, extension)| extension)
        .find(|extension| value(extension).is_some_and(|(_, kind, _)| kind == ALT_NAME));
    let content = alt_name.and_then(|extension| values(extension).find(|(tag, _)| *tag == OCTET_STRING));
    let Some((_, names, _)) = content.and_then(|(_, content)| value(content)) else { return Vec::new() };
    values(names).filter_map(|(tag, name)| host(tag, name)).take(MOST_NAMES).collect()
}

fn host(tag: u8, name: &[u8]) -> Option<String> {
    match tag {
        DNS_NAME => Some(readable(tag, name)),
        IP_ADDRESS => <[u8; 4]>::try_from(name)
            .map(|bytes| Ipv4Addr::from(bytes).to_string())
            .or_else(|_| <[u8; 16]>::try_from(name).map(|bytes| Ipv6Addr::from(bytes).to_string()))
            .ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rcgen::{CertificateParams, DnType, DnValue, KeyPair, date_time_ymd};

    use super::*;

    fn params() -> CertificateParams {
        let mut params =
            CertificateParams::new(vec!["pay.example.cn".into(), "10.0.0.7".into(), "::1".into()]).unwrap();
        params.not_before = date_time_ymd(2020, 1, 2);
        params.not_after = date_time_ymd(2051, 3, 4);
        params.distinguished_name.push(DnType::OrganizationName, "某平台");
        params.distinguished_name.push(DnType::CommonName, "支付\u{1}平台");
        params
    }

    #[test]
    fn a_certificate_tells_who_when_and_where() {
        let key = KeyPair::generate().unwrap();
        let own = params().self_signed(&key).unwrap();
        let read = Certificate::read(own.der()).unwrap();
        assert_eq!((read.issuer.as_str(), read.subject.as_str()), ("支付?平台", "支付?平台"));
        assert!(read.self_signed);
        assert_eq!(clock::time_of_second(read.not_before), "2020-01-02 08:00:00");
        assert_eq!(clock::time_of_second(read.not_after), "2051-03-04 08:00:00", "past 2049 it is another type");
        assert_eq!(read.names, ["pay.example.cn", "10.0.0.7", "::1"]);

        let mut other = params();
        other.distinguished_name.push(DnType::CommonName, DnValue::BmpString("机构".try_into().unwrap()));
        let issuer = rcgen::Issuer::new(other, key);
        let mut issued = CertificateParams::new(Vec::<String>::new()).unwrap();
        issued.distinguished_name = rcgen::DistinguishedName::new();
        issued.distinguished_name.push(DnType::OrganizationName, "x".repeat(500));
        let read = Certificate::read(issued.signed_by(&KeyPair::generate().unwrap(), &issuer).unwrap().der()).unwrap();
        assert_eq!((read.issuer.as_str(), read.subject.len()), ("机构", LONGEST));
        assert!(!read.self_signed && read.names.is_empty());
    }

    #[test]
    fn a_certificate_without_an_end_is_read_too() {
        let mut endless = params();
        endless.not_before = date_time_ymd(1950, 1, 1);
        endless.not_after = date_time_ymd(9999, 12, 31) + Duration::from_secs(86_399);
        let read = Certificate::read(endless.self_signed(&KeyPair::generate().unwrap()).unwrap().der()).unwrap();
        assert_eq!((read.not_before, read.not_after), (-631_152_000, LAST));
        assert_eq!(clock::time_of_second(LAST), "9999-12-31 06:00:00");
    }

    #[test]
    fn broken_bytes_are_no_certificate_and_do_no_harm() {
        let whole = params().self_signed(&KeyPair::generate().unwrap()).unwrap().der().to_vec();
        for end in 0..whole.len() {
            assert_eq!(Certificate::read(whole.get(..end).unwrap()), None, "cut at {end}");
        }
        for at in 0..whole.len() {
            for byte in [0, 0x7f, 0x80, 0x84, 0xff] {
                let mut broken = whole.clone();
                *broken.get_mut(at).unwrap() = byte;
                let _ = Certificate::read(&broken);
            }
        }
    }
}
