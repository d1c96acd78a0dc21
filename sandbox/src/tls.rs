//! Certificates of the sandbox's own making, and the TLS settings by them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose,
};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

/// Names and addresses that the server's certificate is for.
const SERVER_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// Where the PEM files are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PemFiles {
    /// The authority to trust.
    pub ca: PathBuf,
    /// A certificate for clients, signed by it.
    pub client_cert: PathBuf,
    /// The key to that.
    pub client_key: PathBuf,
    /// The server's certificate.
    pub server_cert: PathBuf,
    /// The key to that.
    pub server_key: PathBuf,
}

impl PemFiles {
    /// The files in a folder. Those of an earlier start are kept, so that a client's `caFile` goes on fitting.
    pub fn in_folder(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let files = Self {
            ca: folder.join("ca.pem"),
            client_cert: folder.join("client.pem"),
            client_key: folder.join("client-key.pem"),
            server_cert: folder.join("server.pem"),
            server_key: folder.join("server-key.pem"),
        };
        let all = [&files.ca, &files.client_cert, &files.client_key, &files.server_cert, &files.server_key];
        if !all.iter().all(|file| file.exists()) {
            files.make().map_err(io::Error::other)?.into_iter().try_for_each(|(file, pem)| fs::write(file, pem))?;
        }
        Ok(files)
    }

    fn make(&self) -> Result<Vec<(&Path, String)>, rcgen::Error> {
        let authority = authority()?;
        let (server_cert, server_key) =
            signed(&authority, "hislink sandbox server", &SERVER_NAMES, ExtendedKeyUsagePurpose::ServerAuth)?;
        let (client_cert, client_key) =
            signed(&authority, "hislink sandbox client", &[], ExtendedKeyUsagePurpose::ClientAuth)?;
        Ok(vec![
            (&self.ca, authority.pem()),
            (&self.server_cert, server_cert),
            (&self.server_key, server_key),
            (&self.client_cert, client_cert),
            (&self.client_key, client_key),
        ])
    }

    /// Takes TLS connections; asks for a client's certificate, and insists on it if `required`.
    pub fn acceptor(&self, required: bool) -> io::Result<TlsAcceptor> {
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        for authority in certificates(&self.ca)? {
            roots.add(authority).map_err(io::Error::other)?;
        }
        let mut clients = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
        if !required {
            clients = clients.allow_unauthenticated();
        }
        let key = PrivateKeyDer::from_pem_file(&self.server_key).map_err(io::Error::other)?;
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_client_cert_verifier(clients.build().map_err(io::Error::other)?)
            .with_single_cert(certificates(&self.server_cert)?, key)
            .map_err(io::Error::other)?;
        Ok(Arc::new(config).into())
    }
}

fn authority() -> Result<CertifiedIssuer<'static, KeyPair>, rcgen::Error> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "hislink sandbox authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    CertifiedIssuer::self_signed(params, KeyPair::generate()?)
}

/// A certificate and its key in PEM.
fn signed(
    authority: &CertifiedIssuer<'static, KeyPair>,
    common_name: &str,
    names: &[&str],
    purpose: ExtendedKeyUsagePurpose,
) -> Result<(String, String), rcgen::Error> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![purpose];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority)?;
    Ok((certificate.pem(), key.serialize_pem()))
}

fn certificates(file: &Path) -> io::Result<Vec<CertificateDer<'static>>> {
    CertificateDer::pem_file_iter(file).map_err(io::Error::other)?.collect::<Result<_, _>>().map_err(io::Error::other)
}
