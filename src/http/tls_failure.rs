//! Why a TLS handshake failed, and what to do about it (docs/tls.md has a section for each).

use rustls::{AlertDescription as Alert, CertificateError as Bad, Error, PeerIncompatible};

use super::certificate::Certificate;
use super::sending::Way;
use super::told::Told;
use super::{Failure, Transport};
use crate::clock;
use crate::reply::Code;

const UNKNOWN_ISSUER: Told = Told {
    reason: "CERT_UNKNOWN_ISSUER",
    zh: "{host} 的证书由“{issuer}”签发，该机构不在{名单}中；请向平台索取该机构的根证书（及中间证书），以 PEM 格式填入 http.caFile",
    en: "the certificate of {host} was issued by \"{issuer}\", which is not among {list}; ask the platform's people for that \
        authority's root certificate (and those between) and name the PEM file in http.caFile",
};
const OTHER_KEY: Told = Told {
    reason: "CERT_UNKNOWN_ISSUER",
    zh: "{host} 的证书自称由“{issuer}”签发，但签名与{名单}中该机构的密钥不符：该机构可能已更换密钥，也可能有人冒充；请向平台核实，索取该机构现在的根证书，以 PEM 格式填入 http.caFile",
    en: "the certificate of {host} says that \"{issuer}\" issued it, but not by the key that this authority has among {list}: it \
        may have a new key, or somebody poses as it; ask the platform's people for the root certificate of today and name the \
        PEM file in http.caFile",
};
const SELF_SIGNED: Told = Told {
    reason: "CERT_SELF_SIGNED",
    zh: "{host} 的证书是自签名的（“{subject}”），不在{名单}中；请向平台当面或电话核实，索取该证书文件，以 PEM 格式填入 http.caFile",
    en: "the certificate of {host} is signed by itself (\"{subject}\") and not among {list}; ask the platform's people for the \
        certificate, make sure that it is theirs, and name the PEM file in http.caFile",
};
const EXPIRED: Told = Told {
    reason: "CERT_EXPIRED",
    zh: "{host} 的证书已于 {after} 过期，本机时间是 {now}；请先核对本机日期与时间（主板电池失效会使时钟出错），时间无误则请平台更换证书",
    en: "the certificate of {host} expired at {after}, and this machine's clock says {now}; check the clock first (a dead \
        battery sets it wrong); if it is right, the platform's people must renew the certificate",
};
const AUTHORITY_EXPIRED: Told = Told {
    reason: "CERT_EXPIRED",
    zh: "{host} 的证书本身有效，但其签发机构（“{issuer}”或更上级）的证书不在有效期内，本机时间是 {now}；请先核对本机日期与时间，时间无误则请平台更换中间证书",
    en: "the certificate of {host} is valid, but not that of an authority above it (\"{issuer}\", or one above that): this \
        machine's clock says {now}; check the clock first; if it is right, the platform's people must renew those between",
};
const NOT_YET_VALID: Told = Told {
    reason: "CERT_NOT_YET_VALID",
    zh: "{host} 的证书自 {before} 起才有效，本机时间是 {now}；请先核对本机日期与时间（主板电池失效会使时钟出错），时间无误则请平台检查证书",
    en: "the certificate of {host} is valid from {before} on, and this machine's clock says {now}; check the clock first (a \
        dead battery sets it wrong); if it is right, the platform's people must look at the certificate",
};
const WRONG_HOST: Told = Told {
    reason: "CERT_WRONG_HOST",
    zh: "{host} 的证书不是给这个名称的，它只用于：{names}；请把地址改为证书中的名称，或请平台把该名称加入证书的 subjectAltName",
    en: "the certificate of {host} is not for that name, but for: {names}; use a name of the certificate in the address, or \
        ask the platform's people to add this one to its subjectAltName",
};
const REVOKED: Told = Told {
    reason: "CERT_REVOKED",
    zh: "{host} 的证书已被吊销，可能有人冒充平台；请立即联系平台",
    en: "the certificate of {host} was revoked, and somebody may pose as the platform; call the platform's people",
};
const WRONG_PURPOSE: Told = Told {
    reason: "CERT_WRONG_PURPOSE",
    zh: "{host} 的证书不是服务器证书（扩展密钥用途中没有“服务器身份验证”）；请平台更换为服务器证书",
    en: "the certificate of {host} is not one for servers (no serverAuth in its extended key usage); the platform's people \
        must replace it",
};
const OLD_SIGNATURE: Told = Told {
    reason: "CERT_OLD_SIGNATURE",
    zh: "{host} 的证书或其签发机构使用了不支持的签名算法（如 SHA-1，或国密 SM2）；请平台更换为 SHA-256 的 RSA（2048 位以上）或 ECDSA 证书",
    en: "the certificate of {host}, or of its authority, is signed in a way that is not supported (such as SHA-1, or SM2); the \
        platform's people must replace it by RSA (2048 bits or more) or ECDSA with SHA-256",
};
const UNUSABLE: Told = Told {
    reason: "CERT_UNUSABLE",
    zh: "{host} 的证书无法使用（{cause}）；请平台更换为 X.509 第 3 版的服务器证书，并附上中间证书",
    en: "the certificate of {host} cannot be used ({cause}); the platform's people must replace it by an X.509 version 3 \
        certificate for servers, with those between",
};
const NO_SYSTEM_ROOTS: Told = Told {
    reason: "NO_SYSTEM_ROOTS",
    zh: "无法使用本系统的受信任根证书（{cause}）；请更新系统的根证书，或把平台的根证书填入 http.caFile",
    en: "the system's trusted authorities cannot be used ({cause}); update them, or name the platform's authority in http.caFile",
};
const CERT_NEEDED: Told = Told {
    reason: "CLIENT_CERT_NEEDED",
    zh: "{host} 要求客户端证书；请向平台申请，并填入 http.clientCertFile 与 http.clientKeyFile（PEM 格式）",
    en: "{host} wants a client certificate; ask the platform's people for one and name it in http.clientCertFile and \
        http.clientKeyFile (PEM)",
};
const CERT_REFUSED: Told = Told {
    reason: "CLIENT_CERT_REFUSED",
    zh: "{host} 不接受 http.clientCertFile 中的客户端证书（{cause}）；请核对它是否由平台签发、是否过期、文件中是否附有中间证书",
    en: "{host} does not take the client certificate of http.clientCertFile ({cause}); check that the platform issued it, that \
        it has not expired, and that those between are in the file",
};
const OLD_VERSION: Told = Told {
    reason: "TLS_VERSION",
    zh: "{host} 不支持 TLS 1.2 或 1.3，而更早的版本不安全，hislink 不使用；请平台在服务器（或前置的负载均衡）上启用 TLS 1.2",
    en: "{host} speaks neither TLS 1.2 nor 1.3, and hislink speaks nothing older, which is not safe; the platform's people must \
        switch TLS 1.2 on in the server, or in the balancer before it",
};
const NO_CIPHER: Told = Told {
    reason: "TLS_CIPHER",
    zh: "与 {host} 没有共同的加密套件（{cause}）；请平台启用 ECDHE 加 AES-GCM 的套件，如 TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    en: "no cipher suite is shared with {host} ({cause}); the platform's people must switch on one of ECDHE with AES-GCM, such \
        as TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
};
const NOT_TLS: Told = Told {
    reason: "NOT_TLS",
    zh: "{host} 的应答不是 TLS，可能是 http 的端口；请向平台核对地址与端口",
    en: "{host} does not answer in TLS: it may be a port for http; ask the platform's people for address and port",
};
const REFUSED: Told = Told {
    reason: "TLS_REFUSED",
    zh: "{host} 中止了 TLS 握手（{cause}）；请平台查看服务器日志，并核对地址中的主机名",
    en: "{host} ended the TLS handshake ({cause}); the platform's people should look into their server's log; check the host \
        name in the address",
};
const BROKEN: Told = Told {
    reason: "TLS_BROKEN_OFF",
    zh: "与 {host} 的 TLS 握手中断（{cause}）；它可能不是 https 端口，或只支持旧版 TLS，或有防火墙从中阻断，请核对端口并询问网络管理员与平台",
    en: "the TLS handshake with {host} broke off ({cause}); it may be no port for https, speak older TLS only, or a firewall may \
        stand between: check the port, ask the network's and the platform's people",
};
const STALLED: Told = Told {
    reason: "TLS_STALLED",
    zh: "{host} 接受了连接，但没有在时限内完成 TLS 握手；请核对端口（可能不是 https），并检查防火墙与平台的服务器",
    en: "{host} took the connection but did not finish the TLS handshake in time; check the port (is it for https?), the \
        firewall and the platform's server",
};

/// The handshake did not end in time.
pub(super) fn stalled(way: &Way) -> Failure {
    STALLED.never_sent(Code::Timeout, &[("{host}", &way.place)])
}

/// The handshake broke off without a word in TLS.
pub(super) fn broken_off(way: &Way, cause: &str, transport: &Transport) -> Failure {
    let told = if way.wants_certificate { about_ours(transport) } else { &BROKEN };
    told.never_sent(Code::TlsFailed, &[("{host}", &way.place), ("{cause}", cause)])
}

/// What a server has against us that asked for our certificate.
fn about_ours(transport: &Transport) -> &'static Told {
    if transport.client_cert.is_some() { &CERT_REFUSED } else { &CERT_NEEDED }
}

/// rustls, or the server by an alert, ended the handshake.
pub(super) fn named(error: &Error, way: &Way, transport: &Transport) -> Failure {
    let unread = Certificate::default();
    let shown = way.certificate.as_ref().unwrap_or(&unread);
    let told = cause_of(error, way, shown, transport);
    let (zh, en) = if transport.ca.is_some() {
        ("http.caFile ", "those of http.caFile")
    } else {
        ("系统的受信任根证书", "the system's authorities")
    };
    let (not_before, not_after) = dates(error, shown);
    let names = if shown.names.is_empty() { "?".to_owned() } else { shown.names.join(", ") };
    let facts = [
        ("{host}", way.place.as_str()),
        ("{名单}", zh),
        ("{list}", en),
        ("{before}", &clock::time_of_second(not_before)),
        ("{after}", &clock::time_of_second(not_after)),
        ("{now}", &clock::time_of_second(clock::second())),
        ("{cause}", &cause_text(error)),
        ("{names}", &names),
        ("{issuer}", &shown.issuer),
        ("{subject}", &shown.subject),
    ];
    told.never_sent(Code::TlsFailed, &facts)
}

fn cause_of(error: &Error, way: &Way, shown: &Certificate, transport: &Transport) -> &'static Told {
    match error {
        Error::InvalidCertificate(bad) => of_certificate(bad, shown),
        Error::AlertReceived(Alert::CertificateRequired) => &CERT_NEEDED,
        Error::AlertReceived(_) if way.wants_certificate => about_ours(transport),
        Error::AlertReceived(alert) => of_alert(*alert, way),
        Error::PeerIncompatible(
            PeerIncompatible::ServerDoesNotSupportTls12Or13 | PeerIncompatible::ServerTlsVersionIsDisabledByOurConfig,
        ) => &OLD_VERSION,
        Error::PeerIncompatible(_) => &NO_CIPHER,
        Error::General(_) if way.certificate.is_some() => &NO_SYSTEM_ROOTS,
        Error::InvalidMessage(_) if !way.speaks_tls => &NOT_TLS,
        _ => &BROKEN,
    }
}

#[allow(deprecated)] // a verifier may still tell it
fn of_certificate(bad: &Bad, shown: &Certificate) -> &'static Told {
    match bad {
        Bad::Expired | Bad::ExpiredContext { .. } => expired(shown),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => &NOT_YET_VALID,
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => &WRONG_HOST,
        Bad::Revoked => &REVOKED,
        Bad::InvalidPurpose | Bad::InvalidPurposeContext { .. } => &WRONG_PURPOSE,
        Bad::UnsupportedSignatureAlgorithm
        | Bad::UnsupportedSignatureAlgorithmContext { .. }
        | Bad::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => &OLD_SIGNATURE,
        Bad::UnknownIssuer if shown.self_signed => &SELF_SIGNED,
        Bad::UnknownIssuer => &UNKNOWN_ISSUER,
        Bad::BadSignature => &OTHER_KEY,
        Bad::Other(other) => of_text(&other.0.to_string(), shown),
        _ => &UNUSABLE,
    }
}

/// Windows calls expired whatever is not valid today, and no verifier says which certificate it means.
fn expired(shown: &Certificate) -> &'static Told {
    let now = clock::second();
    if now < shown.not_before {
        &NOT_YET_VALID
    } else if now <= shown.not_after {
        &AUTHORITY_EXPIRED
    } else {
        &EXPIRED
    }
}

/// What verifiers tell by a text only.
fn of_text(text: &str, shown: &Certificate) -> &'static Told {
    match text {
        // Webpki, of a certificate that calls itself an authority, whatever it is signed by.
        "CaUsedAsEndEntity" if shown.self_signed => &SELF_SIGNED,
        // The system's verifier on Linux, of the extended key usage.
        "certificate had invalid extensions" => &WRONG_PURPOSE,
        _ => WINDOWS_VERDICTS.iter().find(|(number, _)| text.contains(number)).map_or(&UNUSABLE, |(_, told)| told),
    }
}

/// What Windows' verifier tells by a number only.
const WINDOWS_VERDICTS: &[(&str, &Told)] = &[
    // CERT_E_CHAINING: the chain leads nowhere; CERT_E_UNTRUSTEDCA.
    ("-2146762486", &UNKNOWN_ISSUER),
    ("-2146762478", &UNKNOWN_ISSUER),
    // TRUST_E_CERT_SIGNATURE
    ("-2146869244", &OTHER_KEY),
    // CERT_E_REVOKED, beside CRYPT_E_REVOKED.
    ("-2146762484", &REVOKED),
];

fn of_alert(alert: Alert, way: &Way) -> &'static Told {
    match alert {
        Alert::ProtocolVersion => &OLD_VERSION,
        Alert::HandshakeFailure | Alert::InsufficientSecurity if !way.speaks_tls => &NO_CIPHER,
        _ => &REFUSED,
    }
}

/// From when and until when the certificate at fault is valid: the server's own where the verifier does not tell.
fn dates(error: &Error, shown: &Certificate) -> (i64, i64) {
    let second = |time: &rustls::pki_types::UnixTime| i64::try_from(time.as_secs()).unwrap_or(i64::MAX);
    match error {
        Error::InvalidCertificate(Bad::ExpiredContext { not_after, .. }) => (shown.not_before, second(not_after)),
        Error::InvalidCertificate(Bad::NotValidYetContext { not_before, .. }) => (second(not_before), shown.not_after),
        _ => (shown.not_before, shown.not_after),
    }
}

fn cause_text(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(Bad::Other(other)) => other.0.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rustls::OtherError;

    use super::*;

    fn reason(bad: Bad, shown: &Certificate) -> &'static str {
        of_certificate(&bad, shown).reason
    }

    /// What the verifiers of other systems tell, without the context that webpki gives.
    #[test]
    fn windows_verdicts_have_names_too() {
        let issued = Certificate { issuer: "平台 CA".to_owned(), ..Certificate::default() };
        let own = Certificate { self_signed: true, ..Certificate::default() };
        let other = |text: &str| Bad::Other(OtherError(Arc::from(Box::from(text.to_owned()))));
        for (bad, wanted) in [
            (Bad::NotValidForName, "CERT_WRONG_HOST"),
            (Bad::Revoked, "CERT_REVOKED"),
            (Bad::Expired, "CERT_EXPIRED"),
            (Bad::UnknownIssuer, "CERT_UNKNOWN_ISSUER"),
            (Bad::InvalidPurpose, "CERT_WRONG_PURPOSE"),
            (other("A certificate chain could not be built (os error -2146762486)"), "CERT_UNKNOWN_ISSUER"),
            (other("(os error -2146762478)"), "CERT_UNKNOWN_ISSUER"),
            (other("(os error -2146869244)"), "CERT_UNKNOWN_ISSUER"),
            (other("(os error -2146762484)"), "CERT_REVOKED"),
            (other("(os error -2146762480)"), "CERT_UNUSABLE"),
            (Bad::BadSignature, "CERT_UNKNOWN_ISSUER"),
        ] {
            assert_eq!(reason(bad.clone(), &issued), wanted, "{bad:?}");
        }
        assert_eq!(reason(Bad::UnknownIssuer, &own), "CERT_SELF_SIGNED");
        let from = |not_before, not_after| Certificate { not_before, not_after, ..Certificate::default() };
        assert_eq!(reason(Bad::Expired, &from(i64::MAX - 1, i64::MAX)), "CERT_NOT_YET_VALID");
        assert_eq!(of_certificate(&Bad::Expired, &from(0, i64::MAX)).en, AUTHORITY_EXPIRED.en);
        let shown = Certificate { not_after: 1_580_688_000, names: vec!["a.cn".to_owned()], ..Certificate::default() };
        let way = Way { place: "b.cn:443".to_owned(), certificate: Some(shown), ..Way::default() };
        let failure = named(&Error::InvalidCertificate(Bad::Expired), &way, &Transport::default());
        assert!(failure.words.zh.contains("b.cn:443 的证书已于 2020-02-03 08:00:00 过期"), "{failure:?}");
        let failure = named(&Error::InvalidCertificate(Bad::NotValidForName), &way, &Transport::default());
        assert!(failure.words.en.contains("but for: a.cn;"), "{failure:?}");
    }
}
