//! Which servers are trusted, and what is shown to them; both note what the handshake met, for the message of its failure.

use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{ResolvesClientCert, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};
use rustls_platform_verifier::Verifier as SystemVerifier;

use super::certificate::Certificate;
use super::sending;

/// Whom to trust.
#[derive(Debug)]
pub(super) enum Roots {
    /// The system's authorities, read when the first certificate is to be verified.
    System(OnceLock<SystemVerifier>),
    /// Those of one file, and its own certificates.
    Given(Arc<WebPkiServerVerifier>, Vec<CertificateDer<'static>>),
    /// Anyone. Who holds the certificate's key is still made sure of.
    Anyone,
}

/// Verifies a server by [`Roots`].
#[derive(Debug)]
pub(super) struct Trust {
    pub(super) roots: Roots,
    pub(super) provider: Arc<CryptoProvider>,
}

impl Trust {
    fn system<'s>(&self, slot: &'s OnceLock<SystemVerifier>) -> Result<&'s SystemVerifier, Error> {
        if let Some(verifier) = slot.get() {
            return Ok(verifier);
        }
        let verifier = SystemVerifier::new(Arc::clone(&self.provider))?;
        Ok(slot.get_or_init(|| verifier))
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let by = |verifier: &dyn ServerCertVerifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        let end = match &self.roots {
            Roots::Anyone => Ok(ServerCertVerified::assertion()),
            Roots::System(slot) => self.system(slot).and_then(|verifier| by(verifier)),
            Roots::Given(verifier, own) => match by(&**verifier) {
                // Openssl makes self-signed certificates that call themselves authorities; webpki takes none for a
                // server's.
                Err(Error::InvalidCertificate(CertificateError::Other(_))) if own.contains(end_entity) => {
                    verify_own(end_entity, server_name, now)
                }
                end => end,
            },
        };
        if end.is_err() {
            sending::met_certificate(end_entity);
        }
        end
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, cert, dss, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// A certificate that stands in `caFile` itself is the server's own: its dates and its names must hold.
fn verify_own(own: &CertificateDer<'_>, name: &ServerName<'_>, now: UnixTime) -> Result<ServerCertVerified, Error> {
    let told = Certificate::read(own).ok_or(CertificateError::BadEncoding)?;
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if now < told.not_before {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > told.not_after {
        return Err(CertificateError::Expired.into());
    }
    verify_server_name(&ParsedCertificate::try_from(own)?, name)?;
    Ok(ServerCertVerified::assertion())
}

/// The certificate to show, if there is one.
#[derive(Debug)]
pub(super) struct Shown(pub(super) Option<Arc<CertifiedKey>>);

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        sending::was_asked_for_certificate();
        self.0.clone()
    }

    fn has_certs(&self) -> bool {
        self.0.is_some()
    }
}
