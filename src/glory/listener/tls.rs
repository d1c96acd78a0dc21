//! The listener's certificate and key.

use std::fs;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

use crate::files::shown;
use crate::reply::{Error, Words, words};

/// TLS 1.2 and 1.3 with a PEM certificate chain and its PEM key.
///
/// Errors: `BAD_FIELD` with `/certFile` or `/keyFile`.
pub fn acceptor(cert_file: &str, key_file: &str) -> Result<TlsAcceptor, Error> {
    let chain = certificates(cert_file)?;
    let key = private_key(key_file)?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(|error| not_usable(cert_file, key_file, &error))?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let text = read(path).map_err(|words| Error::field("/certFile", words))?;
    match CertificateDer::pem_slice_iter(&text).collect::<Result<Vec<_>, _>>() {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        _ => {
            let words = words!("{path} 中没有 PEM 证书", "{path} holds no PEM certificate");
            Err(Error::field("/certFile", words))
        }
    }
}

fn private_key(path: &str) -> Result<PrivateKeyDer<'static>, Error> {
    let text = read(path).map_err(|words| Error::field("/keyFile", words))?;
    PrivateKeyDer::from_pem_slice(&text).map_err(|_| {
        let words = words!("{path} 中没有 PEM 私钥", "{path} holds no PEM private key");
        Error::field("/keyFile", words)
    })
}

fn read(path: &str) -> Result<Zeroizing<Vec<u8>>, Words> {
    let read = fs::read(path).map(Zeroizing::new);
    let path = shown(path);
    read.map_err(|error| words!("无法读取文件 {path}：{error}", "cannot read {path}: {error}"))
}

fn not_usable(cert_file: &str, key_file: &str, error: &rustls::Error) -> Error {
    if let rustls::Error::InvalidCertificate(_) = error {
        let words =
            words!("{cert_file} 中的证书无法使用：{error}", "the certificate in {cert_file} cannot be used: {error}");
        return Error::field("/certFile", words);
    }
    let words = words!(
        "{key_file} 的私钥与证书不匹配或无法使用：{error}",
        "the key in {key_file} does not fit the certificate or cannot be used: {error}"
    );
    Error::field("/keyFile", words)
}
