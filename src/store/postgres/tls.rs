//! TLS by rustls with ring: the server's certificate is always verified.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::crypto::ring;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio_postgres::config::{SslMode, SslNegotiation};

use super::address::Address;
use super::tls_stream::Connector;
use crate::files::read_text;
use crate::reply::{Error, words};
use crate::store::failure::failed;

type Verified = ConfigBuilder<ClientConfig, WantsClientCert>;

/// What a server that does TLS is met with.
///
/// Errors: `STORE_FAILED` for an `sslrootcert` that cannot be used.
pub(super) fn connector(address: &Address) -> Result<Connector, Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?;
    let mode = address.config().get_ssl_mode();
    let builder = match &address.roots {
        _ if mode == SslMode::Disable => builder.with_root_certificates(RootCertStore::empty()),
        Some(path) => builder.with_root_certificates(authorities(path)?),
        None => of_the_system(builder, mode)?,
    };
    let mut config = builder.with_no_client_auth();
    if address.config().get_ssl_negotiation() == SslNegotiation::Direct {
        config.alpn_protocols = vec![b"postgresql".to_vec()];
    }
    Ok(Connector::new(config))
}

/// Where the system has no authorities, a server without TLS can still be talked to, if that is allowed.
fn of_the_system(builder: ConfigBuilder<ClientConfig, WantsVerifier>, mode: SslMode) -> Result<Verified, Error> {
    match builder.clone().with_platform_verifier() {
        Ok(verified) => Ok(verified),
        Err(_) if mode == SslMode::Prefer => Ok(builder.with_root_certificates(RootCertStore::empty())),
        Err(error) => Err(unusable(&error)),
    }
}

fn authorities(path: &Path) -> Result<RootCertStore, Error> {
    let shown = path.display();
    let pem = read_text(&path.to_string_lossy()).map_err(|error| {
        failed(words!("无法读取 sslrootcert {shown}：{error}", "cannot read sslrootcert {shown}: {error}"))
    })?;
    let found: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).flatten().collect();
    let mut roots = RootCertStore::empty();
    match roots.add_parsable_certificates(found) {
        (0, _) => Err(failed(words!(
            "sslrootcert {shown} 中没有可用的 CA 证书（PEM）",
            "sslrootcert {shown} holds no usable authority in PEM"
        ))),
        _ => Ok(roots),
    }
}

fn unusable(error: &rustls::Error) -> Error {
    failed(words!("无法使用系统的 CA 证书：{error}", "the system's authorities cannot be used: {error}"))
}
