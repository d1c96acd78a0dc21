//! Settings of the way to the platforms.

use std::time::Duration;

use crate::fields::Fields;
use crate::files::{read_text, shown};
use crate::json::{Object, ObjectWriter};
use crate::reply::{Code, Error, words};
use crate::secret::Secret;
use crate::setting::http;

/// The `http` settings. The content of the files is read when the profile is configured.
#[derive(Debug, Clone)]
pub struct Transport {
    /// The limit for name lookup, connecting and the TLS handshake.
    pub connect_timeout: Duration,
    /// The limit for the whole call.
    pub timeout: Duration,
    /// A proxy that understands CONNECT, as `http://[user:password@]host:port`.
    pub proxy: Option<Secret>,
    /// PEM: the only authorities to trust, in place of the system's.
    pub ca: Option<PemFile>,
    /// PEM: the certificate chain and the key to show to the platform.
    pub client_cert: Option<(PemFile, PemFile)>,
    /// Whether any certificate of the platform's is taken. Every reply and log line then says so.
    pub insecure: bool,
}

/// The word for TLS without verification, in settings, replies and log lines.
pub const INSECURE: &str = "insecure";

/// A PEM file that was read.
#[derive(Debug, Clone)]
pub struct PemFile {
    /// The setting that names it, as a JSON pointer.
    pub place: String,
    /// Where it is.
    pub path: String,
    /// What it holds. This copy is wiped when dropped; those that rustls keeps are not.
    pub content: Secret,
}

impl Default for Transport {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_millis(http::connectTimeoutMs.default.into()),
            timeout: Duration::from_millis(http::timeoutMs.default.into()),
            proxy: None,
            ca: None,
            client_cert: None,
            insecure: false,
        }
    }
}

impl Transport {
    /// Reads the `http` object of settings.
    pub fn read(object: &Object<'_>) -> Result<Self, Error> {
        let fields = Fields::new(object, "/http", Code::BadSettings);
        fields.only(&[http::NAMES])?;
        let file = |name: &str| fields.string(name)?.map(|path| PemFile::read(path, fields.pointer(name))).transpose();
        let insecure = fields.choice("tls", &[("verify", false), (INSECURE, true)])?.unwrap_or_default();
        if insecure && fields.get("caFile").is_some() {
            let words = words!(
                "tls 为 insecure 时 caFile 不起作用：请去掉其中一项",
                "with tls insecure, caFile is not used: take one of them out"
            );
            return Err(Error::rejected(Code::BadSettings, fields.pointer("caFile"), words));
        }
        Ok(Self {
            connect_timeout: Duration::from_millis(http::connectTimeoutMs.read(&fields)?.into()),
            timeout: Duration::from_millis(http::timeoutMs.read(&fields)?.into()),
            proxy: fields.string("proxy")?.map(Secret::new),
            ca: file("caFile")?,
            client_cert: match (file("clientCertFile")?, file("clientKeyFile")?) {
                (None, None) => None,
                (Some(chain), Some(key)) => Some((chain, key)),
                (None, Some(_)) => return Err(fields.missing("clientCertFile")),
                (Some(_), None) => return Err(fields.missing("clientKeyFile")),
            },
            insecure,
        })
    }

    /// The password in the proxy's address.
    pub fn proxy_password(&self) -> Option<Secret> {
        let (credentials, _) = self.proxy.as_ref()?.expose().rsplit_once('@')?;
        let credentials = credentials.split_once("://").map_or(credentials, |(_, behind)| behind);
        credentials.split_once(':').map(|(_, password)| Secret::new(password))
    }

    /// Writes the settings with secrets shown as `***`.
    pub fn write_masked(&self, out: &mut ObjectWriter<'_>) {
        out.raw("connectTimeoutMs", &self.connect_timeout.as_millis().to_string())
            .raw("timeoutMs", &self.timeout.as_millis().to_string());
        if let Some(proxy) = &self.proxy {
            out.string("proxy", &without_credentials(proxy.expose()));
        }
        if let Some(file) = &self.ca {
            out.string("caFile", &file.path);
        }
        if let Some((chain, key)) = &self.client_cert {
            out.string("clientCertFile", &chain.path).string("clientKeyFile", &key.path);
        }
        if self.insecure {
            out.clean("tls", INSECURE);
        }
    }
}

fn without_credentials(proxy: &str) -> String {
    match (proxy.split_once("://"), proxy.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://***@{host}"),
        (None, Some((_, host))) => format!("***@{host}"),
        (_, None) => proxy.to_owned(),
    }
}

impl PemFile {
    fn read(path: &str, place: String) -> Result<Self, Error> {
        match read_text(path) {
            Ok(content) => {
                let content = zeroize::Zeroizing::new(content);
                Ok(Self { place, path: path.to_owned(), content: Secret::new(&content) })
            }
            Err(error) => {
                let path = shown(path);
                let words = words!("无法读取文件 {path}：{error}", "cannot read {path}: {error}");
                Err(Error::rejected(Code::BadSettings, place, words))
            }
        }
    }
}
