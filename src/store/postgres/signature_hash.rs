//! Which hash a certificate was signed with: what channel binding hashes it with too (RFC 5929, section 4). Pure.

/// The hash's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bits {
    /// SHA-256, also in the place of MD5 and SHA-1.
    B256,
    /// SHA-384.
    B384,
    /// SHA-512.
    B512,
}

/// The DER tags that lead there.
const SEQUENCE: u8 = 0x30;
const OBJECT_IDENTIFIER: u8 = 0x06;

/// sha1WithRSAEncryption, sha256-, sha384- and sha512WithRSAEncryption (RFC 8017), ecdsa-with-SHA1, -SHA256, -SHA384 and
/// -SHA512 (RFC 5758). Others, such as Ed25519 and RSASSA-PSS, have no hash of their own, and then there is no binding.
const ALGORITHMS: [(&[u8], Bits); 8] = [
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05], Bits::B256),
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B], Bits::B256),
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C], Bits::B384),
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D], Bits::B512),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01], Bits::B256),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02], Bits::B256),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03], Bits::B384),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04], Bits::B512),
];

/// The hash of a certificate in DER: `Certificate ::= SEQUENCE { toBeSigned SEQUENCE, SEQUENCE { algorithm, … }, … }`.
pub(super) fn of_certificate(der: &[u8]) -> Option<Bits> {
    let (certificate, _) = element(SEQUENCE, der)?;
    let (_, behind) = element(SEQUENCE, certificate)?;
    let (algorithm, _) = element(SEQUENCE, behind)?;
    let (identifier, _) = element(OBJECT_IDENTIFIER, algorithm)?;
    ALGORITHMS.iter().find(|(known, _)| *known == identifier).map(|(_, bits)| *bits)
}

/// The content of the element of that tag that `der` begins with, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = der.split_first_chunk()?;
    let long = usize::from(first & 0x7F);
    let (length, rest) = match first {
        0..=0x7F => (long, rest),
        // A certificate of 16 MiB is none.
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(long)?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    if found == tag { rest.split_at_checked(length) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tag: u8, content: &[u8]) -> Vec<u8> {
        let length = content.len();
        let head =
            if length < 0x80 { vec![tag, length as u8] } else { vec![tag, 0x82, (length >> 8) as u8, length as u8] };
        [head, content.to_vec()].concat()
    }

    fn certificate(identifier: &[u8]) -> Vec<u8> {
        let signed = of(SEQUENCE, &[7; 500]);
        let algorithm = of(SEQUENCE, &[of(OBJECT_IDENTIFIER, identifier), vec![5, 0]].concat());
        of(SEQUENCE, &[signed, algorithm, vec![3, 1, 0]].concat())
    }

    #[test]
    fn the_algorithm_is_found_and_nothing_else() {
        for (identifier, bits) in ALGORITHMS {
            assert_eq!(of_certificate(&certificate(identifier)), Some(bits));
        }
        // Ed25519.
        assert_eq!(of_certificate(&certificate(&[0x2B, 0x65, 0x70])), None);
    }

    #[test]
    fn what_is_cut_off_or_bent_has_none() {
        let whole = certificate(ALGORITHMS[1].0);
        let end = whole.len() - 5;
        for length in 0..end {
            assert_eq!(of_certificate(&whole[..length]), None, "{length}");
        }
        for place in 0..8 {
            let mut bent = whole.clone();
            bent[place] = 0xFF;
            let _ = of_certificate(&bent);
        }
        assert_eq!(of_certificate(&[0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF]), None);
    }

    #[test]
    fn real_certificates_are_read() {
        for (algorithm, bits) in
            [(&rcgen::PKCS_ECDSA_P256_SHA256, Bits::B256), (&rcgen::PKCS_ECDSA_P384_SHA384, Bits::B384)]
        {
            let key = rcgen::KeyPair::generate_for(algorithm).unwrap();
            let made = rcgen::CertificateParams::new(vec!["localhost".into()]).unwrap().self_signed(&key).unwrap();
            assert_eq!(of_certificate(made.der()), Some(bits));
        }
    }
}
