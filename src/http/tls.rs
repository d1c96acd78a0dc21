//! TLS by rustls with ring: the system's authorities or those of one file, and a certificate to show.

use std::sync::{Arc, OnceLock};

use rustls::client::WebPkiServerVerifier;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use rustls::{ClientConfig, RootCertStore};

use super::trust::{Roots, Shown, Trust};
use super::{PemFile, Transport};
use crate::reply::{Code, Error, Words, words};

/// rustls's settings by ours: TLS 1.2 and 1.3.
pub(super) fn config(transport: &Transport) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let roots = match &transport.ca {
        _ if transport.insecure => Roots::Anyone,
        None => Roots::System(OnceLock::new()),
        Some(file) => authorities(file)?,
    };
    let shown = match &transport.client_cert {
        None => None,
        Some((chain, key)) => Some(Arc::new(client_certificate(chain, key)?)),
    };
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            Error::rejected(Code::BadSettings, "/http", words!("无法使用 TLS：{error}", "TLS cannot be used: {error}"))
        })?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Trust { roots, provider }))
        .with_client_cert_resolver(Arc::new(Shown(shown))))
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

fn authorities(file: &PemFile) -> Result<Roots, Error> {
    let found = certificates(file)?;
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(found.iter().cloned());
    let provider = Arc::new(ring::default_provider());
    match WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider).build() {
        Ok(verifier) => Ok(Roots::Given(verifier, found)),
        Err(_) => {
            let path = &file.path;
            Err(bad_file(file, words!("{path} 中没有可用的 CA 证书", "{path} holds no usable authority")))
        }
    }
}

fn client_certificate(chain: &PemFile, key: &PemFile) -> Result<CertifiedKey, Error> {
    let certificates = certificates(chain)?;
    let path = &key.path;
    let der = PrivateKeyDer::from_pem_slice(key.content.expose().as_bytes())
        .map_err(|_| bad_file(key, words!("{path} 中没有 PEM 私钥", "{path} holds no PEM private key")))?;
    CertifiedKey::from_der(certificates, der, &ring::default_provider()).map_err(|_| {
        bad_file(key, words!("{path} 的私钥与证书不匹配或无法使用", "the key in {path} does not fit the certificate"))
    })
}
