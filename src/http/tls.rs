//! TLS by rustls with ring: the system's authorities or those of one file, and a certificate to show.

use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use super::{PemFile, Transport};
use crate::reply::{Code, Error, Words, words};

/// ureq's TLS settings by ours.
pub(super) fn config(transport: &Transport) -> Result<TlsConfig, Error> {
    let roots = match &transport.ca {
        None => RootCerts::PlatformVerifier,
        Some(file) => authorities(file)?,
    };
    let shown = transport.client_cert.as_ref().map(|(chain, key)| client_certificate(chain, key)).transpose()?;
    Ok(TlsConfig::builder()
        .unversioned_rustls_crypto_provider(Arc::new(ring::default_provider()))
        .root_certs(roots)
        .client_cert(shown)
        .build())
}

fn bad_file(file: &PemFile, words: Words) -> Error {
    Error::rejected(Code::BadSettings, file.place.as_str(), words)
}

fn certificates(file: &PemFile) -> Result<Vec<CertificateDer<'static>>, Error> {
    let path = &file.path;
    let found = CertificateDer::pem_slice_iter(file.content.expose().as_bytes()).collect::<Result<Vec<_>, _>>();
    match found {
        Ok(list) if !list.is_empty() => Ok(list),
        _ => Err(bad_file(file, words!("{path} 中没有 PEM 证书", "{path} holds no PEM certificate"))),
    }
}

fn authorities(file: &PemFile) -> Result<RootCerts, Error> {
    let found = certificates(file)?;
    let mut store = RootCertStore::empty();
    let (usable, _) = store.add_parsable_certificates(found.iter().cloned());
    if usable == 0 {
        let path = &file.path;
        return Err(bad_file(file, words!("{path} 中没有可用的 CA 证书", "{path} holds no usable authority")));
    }
    let list: Vec<Certificate<'static>> = found.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    Ok(RootCerts::new_with_certs(&list))
}

fn client_certificate(chain: &PemFile, key: &PemFile) -> Result<ClientCert, Error> {
    let certificates = certificates(chain)?;
    let path = &key.path;
    let pem = key.content.expose().as_bytes();
    let no_key = || bad_file(key, words!("{path} 中没有 PEM 私钥", "{path} holds no PEM private key"));
    let der = PrivateKeyDer::from_pem_slice(pem).map_err(|_| no_key())?;
    // ureq panics on a pair that does not match, so rustls is asked first.
    let builder =
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider())).with_safe_default_protocol_versions();
    let matching = builder.map(|builder| {
        builder.with_root_certificates(RootCertStore::empty()).with_client_auth_cert(certificates.clone(), der)
    });
    if !matches!(matching, Ok(Ok(_))) {
        return Err(bad_file(
            key,
            words!("{path} 的私钥与证书不匹配或无法使用", "the key in {path} does not fit the certificate"),
        ));
    }
    let shown: Vec<Certificate<'static>> =
        certificates.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    let key = PrivateKey::from_pem(pem).map_err(|_| no_key())?;
    Ok(ClientCert::new_with_certs(&shown, key))
}
