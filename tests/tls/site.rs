//! A platform's TLS front, as good or as broken as a test wants it. Behind it stands the sandbox.

// Each test uses a part of this.
#![allow(dead_code)]

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, process, thread};

use hislink_sandbox::{Options, Sandbox};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, ExtendedKeyUsagePurpose,
    IsCa, KeyPair, RevocationReason, RevokedCertParams,
};
use rustls::crypto::ring;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use serde_json::{Value, json};

/// An authority of a test's own.
pub struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub fn new(name: &str) -> Self {
        Self(CertifiedIssuer::self_signed(authority(name), KeyPair::generate().unwrap()).unwrap())
    }

    /// One that this one vouches for.
    pub fn under(&self, name: &str, spoil: fn(&mut CertificateParams)) -> Self {
        let mut params = authority(name);
        spoil(&mut params);
        Self(CertifiedIssuer::signed_by(params, KeyPair::generate().unwrap(), &self.0).unwrap())
    }

    /// Its certificate in a PEM file.
    pub fn file(&self) -> PathBuf {
        pem_file(&[self.0.der().clone()])
    }

    /// Its certificate as it goes over the wire.
    pub fn der(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    /// Its list of what it has revoked.
    pub fn revocations(&self, of: &CertificateParams) -> Vec<u8> {
        let now = rcgen::date_time_ymd(2020, 1, 1);
        let revoked = RevokedCertParams {
            serial_number: of.serial_number.clone().unwrap(),
            revocation_time: now,
            reason_code: Some(RevocationReason::KeyCompromise),
            invalidity_date: None,
        };
        let params = CertificateRevocationListParams {
            this_update: now,
            next_update: rcgen::date_time_ymd(4000, 1, 1),
            crl_number: 1.into(),
            issuing_distribution_point: None,
            revoked_certs: vec![revoked],
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        params.signed_by(&self.0).unwrap().der().to_vec()
    }

    pub fn issue(&self, params: &CertificateParams) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap().der().clone();
        Identity { chain: vec![certificate], key: PrivateKeyDer::Pkcs8(key.serialize_der().into()) }
    }

    pub fn verifier(&self) -> RootCertStore {
        let mut store = RootCertStore::empty();
        store.add(self.0.der().clone()).unwrap();
        store
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params
}

/// A certificate and its key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl Identity {
    pub fn self_signed(params: &CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().der().clone();
        Self { chain: vec![certificate], key: PrivateKeyDer::Pkcs8(key.serialize_der().into()) }
    }

    /// The certificate in a PEM file.
    pub fn file(&self) -> PathBuf {
        pem_file(&self.chain)
    }

    /// The key in a PEM file.
    pub fn key_file(&self) -> PathBuf {
        written(&pem("PRIVATE KEY", self.key.secret_der()))
    }
}

/// What a certificate for this machine is made of.
pub fn good() -> CertificateParams {
    let mut params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, "支付平台");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params
}

fn pem_file(chain: &[CertificateDer<'_>]) -> PathBuf {
    written(&chain.iter().map(|der| pem("CERTIFICATE", der)).collect::<String>())
}

fn pem(label: &str, der: &[u8]) -> String {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in der.chunks(3) {
        let bits = group.iter().chain([&0, &0]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        for place in 0..4 {
            let digit = char::from(DIGITS[bits >> (18 - 6 * place) & 63]);
            text.push(if place <= group.len() { digit } else { '=' });
        }
    }
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

fn written(text: &str) -> PathBuf {
    static FILES: AtomicUsize = AtomicUsize::new(0);
    let name = format!("tls-{}-{}.pem", process::id(), FILES.fetch_add(1, Ordering::SeqCst));
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

/// How the front shakes hands, besides its certificate.
#[derive(Default)]
pub struct Manner {
    pub versions: Option<&'static SupportedProtocolVersion>,
    /// Whose client certificates it wants.
    pub clients_of: Option<RootCertStore>,
    /// Whether it signs by another key than its certificate's.
    pub foreign_key: bool,
}

/// A front on 127.0.0.1.
pub struct Site {
    pub port: u16,
    taken_in: Arc<AtomicUsize>,
    sandbox: Sandbox,
}

impl Site {
    pub fn start(identity: &Identity, manner: Manner) -> Self {
        let config = Arc::new(config(identity, manner));
        Self::with(move |socket, platform, taken_in| {
            let connection = ServerConnection::new(Arc::clone(&config)).map_err(std::io::Error::other)?;
            relay(&mut StreamOwned::new(connection, socket), platform, taken_in)
        })
    }

    /// A server that answers a connection's first bytes with these, and hangs up.
    pub fn scripted(answer: &'static [u8]) -> Self {
        Self::with(move |mut socket, _, _| {
            let _ = socket.read(&mut [0; 4096])?;
            socket.write_all(answer)
        })
    }

    pub fn with(
        serve: impl Fn(TcpStream, &str, &AtomicUsize) -> std::io::Result<()> + Clone + Send + Sync + 'static,
    ) -> Self {
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let taken_in = Arc::new(AtomicUsize::new(0));
        let (count, platform) = (Arc::clone(&taken_in), address_of(&sandbox.http_url()));
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let (serve, count, platform) = (serve.clone(), Arc::clone(&count), platform.clone());
                thread::spawn(move || serve(socket, &platform, &count));
            }
        });
        Self { port, taken_in, sandbox }
    }

    /// How many requests came out of the TLS.
    pub fn taken_in(&self) -> usize {
        self.taken_in.load(Ordering::SeqCst)
    }

    pub fn url(&self, host: &str) -> String {
        self.sandbox
            .http_url()
            .replace("http:", "https:")
            .replace(&address_of(&self.sandbox.http_url()), &format!("{host}:{}", self.port))
    }

    /// The settings of a profile that leads here without TLS.
    pub fn plain_settings(&self, profile: &str, http: &Value) -> Value {
        let mut settings = self.settings(profile, "127.0.0.1", http);
        settings["onepay"]["url"] = json!(self.url("127.0.0.1").replace("https:", "http:"));
        settings
    }

    /// The settings of a profile that leads here.
    pub fn settings(&self, profile: &str, host: &str, http: &Value) -> Value {
        json!({"profile": profile, "http": http, "onepay": {"url": self.url(host),
            "appId": self.sandbox.app_id(), "appSecret": self.sandbox.app_secret()}})
    }
}

fn address_of(url: &str) -> String {
    url.split('/').nth(2).unwrap().to_owned()
}

pub fn config(identity: &Identity, manner: Manner) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let versions = manner.versions.map_or(vec![&rustls::version::TLS12, &rustls::version::TLS13], |one| vec![one]);
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(&versions).unwrap();
    let builder = match manner.clients_of {
        None => builder.with_no_client_auth(),
        Some(roots) => builder.with_client_cert_verifier(
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap(),
        ),
    };
    if manner.foreign_key {
        let key = PrivateKeyDer::Pkcs8(KeyPair::generate().unwrap().serialize_der().into());
        let key = ring::sign::any_supported_type(&key).unwrap();
        return builder.with_cert_resolver(Arc::new(Foreign(Arc::new(CertifiedKey::new(identity.chain.clone(), key)))));
    }
    builder.with_single_cert(identity.chain.clone(), identity.key.clone_key()).unwrap()
}

#[derive(Debug)]
struct Foreign(Arc<CertifiedKey>);

impl ResolvesServerCert for Foreign {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// Carries requests to the platform and answers back.
fn relay(client: &mut (impl Read + Write), platform: &str, taken_in: &AtomicUsize) -> std::io::Result<()> {
    loop {
        let request = message(client)?;
        taken_in.fetch_add(1, Ordering::SeqCst);
        client.write_all(&answer_of(platform, &request)?)?;
        client.flush()?;
    }
}

/// The platform's answer to a request.
pub fn answer_of(platform: &str, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(platform)?;
    server.write_all(request)?;
    message(&mut server)
}

/// A whole message with its body by `Content-Length`.
pub fn message(from: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut all = Vec::new();
    let mut byte = [0];
    while !all.ends_with(b"\r\n\r\n") {
        from.read_exact(&mut byte)?;
        all.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&all).to_ascii_lowercase();
    let length = head.split("content-length:").nth(1).and_then(|rest| rest.lines().next()?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    from.read_exact(&mut body)?;
    all.extend(body);
    Ok(all)
}
