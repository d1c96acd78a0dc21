//! One HTTP client a profile, on ureq with rustls: keep-alive, time limits, proxy, certificates. Every failure tells
//! whether the request surely never left or perhaps arrived.

mod answer;
mod certificate;
mod connector;
mod failure;
mod handshake;
mod lookup;
mod proxy;
mod proxy_failure;
mod sending;
mod tls;
mod tls_failure;
mod told;
mod transport;
mod trust;
mod url;

pub use answer::{Answer, time_over, unreadable};
pub use failure::{Failure, Reach};
pub use sending::{sent_at, was_answered};
pub use transport::{INSECURE, PemFile, Transport};
pub use url::Url;

use std::io::Read;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use std::{fmt, mem, process};

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use ureq::config::Config;
use ureq::{Agent, Proxy};

use self::certificate::Certificate;
use crate::reply::{Code, Error, words};

/// The longest answer that is read.
pub const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// How much of an answer a probe reads.
const PROBED_BYTES: usize = 1024;

/// The longest header of an answer. As much is read at once, and no more: ureq counts what comes behind a 1xx as header.
const MAX_HEADER: usize = 64 * 1024;

/// A kept connection is not used again after this long: servers close idle ones (some after 5 s), and a request lost on
/// a closing connection would count as perhaps sent.
const MAX_IDLE: Duration = Duration::from_secs(4);

/// How many connections are kept: as many as threads are likely to call at once.
const MAX_KEPT: usize = 64;

/// A client with its limits and its kept connections.
pub struct Client {
    transport: Transport,
    config: Config,
    tls: Arc<ClientConfig>,
    agent: RwLock<Owned>,
}

/// An agent and the process that it belongs to.
struct Owned {
    agent: Agent,
    process: u32,
}

impl Client {
    /// A client by these settings. Certificates and the proxy's address are checked here.
    pub fn new(transport: Transport) -> Result<Self, Error> {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy_of(&transport)?)
            .user_agent(concat!("hislink/", env!("CARGO_PKG_VERSION")))
            .accept("*/*")
            .timeout_resolve(Some(transport.connect_timeout))
            .timeout_connect(Some(transport.connect_timeout))
            .timeout_global(Some(transport.timeout))
            .input_buffer_size(MAX_HEADER)
            .max_response_header_size(MAX_HEADER)
            .max_idle_connections(MAX_KEPT)
            .max_idle_connections_per_host(MAX_KEPT)
            .max_idle_age(MAX_IDLE)
            .build();
        let tls = Arc::new(tls::config(&transport)?);
        let agent = RwLock::new(Owned::new(&config, &tls));
        Ok(Self { transport, config, tls, agent })
    }

    /// Posts a JSON text with these further headers and waits for the whole answer.
    pub fn post_json(
        &self,
        url: &Url,
        headers: &[(&str, &str)],
        body: &str,
        timeout: Option<Duration>,
    ) -> Result<Answer, Failure> {
        let agent = self.agent();
        sending::begin();
        let answer = self
            .exchange(&agent, url, headers, body, timeout)
            .map_err(|error| Failure::of(&error, url, &self.transport))?;
        sending::answered();
        Ok(answer)
    }

    fn exchange(
        &self,
        agent: &Agent,
        url: &Url,
        headers: &[(&str, &str)],
        body: &str,
        timeout: Option<Duration>,
    ) -> Result<Answer, ureq::Error> {
        let mut request = agent.post(url.as_str()).content_type("application/json;charset=UTF-8");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = match timeout.filter(|limit| *limit != self.transport.timeout) {
            // A request of its own settings copies all of them, so only where it differs.
            Some(limit) => request.config().timeout_global(Some(limit)).build().send(body)?,
            None => request.send(body)?,
        };
        let status = response.status().as_u16();
        let headers = mem::take(response.headers_mut());
        let body = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec()?;
        Ok(Answer { status, headers, body })
    }

    /// Asks for an address with GET, which moves nothing, on a new connection, and reads the beginning of the answer.
    pub fn probe(&self, url: &Url, limit: Duration) -> Result<Answer, Failure> {
        self.close_connections();
        sending::begin();
        let request = self.agent().get(url.as_str()).config().timeout_global(Some(limit)).build();
        let mut response = request.call().map_err(|error| Failure::of(&error, url, &self.transport))?;
        let headers = mem::take(response.headers_mut());
        let mut body = vec![0; PROBED_BYTES];
        // The head has come, which is what is asked for.
        let read = response.body_mut().as_reader().read(&mut body).unwrap_or_default();
        body.truncate(read);
        Ok(Answer { status: response.status().as_u16(), headers, body })
    }

    /// The host that connections are made to, and its port: the proxy's where there is one.
    pub fn first_hop(&self, url: &Url) -> (String, u16) {
        match self.config.proxy() {
            Some(proxy) => (proxy.host().trim_matches(['[', ']']).to_owned(), proxy.port()),
            None => url.host_and_port(),
        }
    }

    /// Until when the certificate is valid that is shown to platforms, in seconds since 1970.
    pub fn shown_until(&self) -> Option<i64> {
        let (chain, _) = self.transport.client_cert.as_ref()?;
        let first = CertificateDer::pem_slice_iter(chain.content.expose().as_bytes()).next()?.ok()?;
        Certificate::read(&first).map(|certificate| certificate.not_after)
    }

    /// The settings that it was made by.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The agent of this process. A forked child shares the kept connections of its parent, where either would read
    /// the other's answers: it gets an agent of its own.
    fn agent(&self) -> Agent {
        let owned = self.agent.read().unwrap_or_else(PoisonError::into_inner);
        if owned.process == process::id() {
            return owned.agent.clone();
        }
        drop(owned);
        let mut owned = self.agent.write().unwrap_or_else(PoisonError::into_inner);
        if owned.process != process::id() {
            owned.renew(&self.config, &self.tls);
        }
        owned.agent.clone()
    }

    /// Closes the kept connections; those in use close when their call ends.
    pub fn close_connections(&self) {
        self.agent.write().unwrap_or_else(PoisonError::into_inner).renew(&self.config, &self.tls);
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("transport", &self.transport).finish_non_exhaustive()
    }
}

impl Owned {
    fn new(config: &Config, tls: &Arc<ClientConfig>) -> Self {
        let connector = connector::Connector(Arc::clone(tls));
        Self { agent: Agent::with_parts(config.clone(), connector, lookup::Lookup), process: process::id() }
    }

    /// Makes way for a new agent of this process. An inherited one is left alone, since closing its connections would
    /// say goodbye on the parent's.
    fn renew(&mut self, config: &Config, tls: &Arc<ClientConfig>) {
        let old = mem::replace(self, Self::new(config, tls));
        if old.process != self.process {
            mem::forget(old);
        }
    }
}

fn proxy_of(transport: &Transport) -> Result<Option<Proxy>, Error> {
    let Some(address) = &transport.proxy else { return Ok(None) };
    let address = address.expose();
    // Of what ureq knows, SOCKS is not built in.
    let understood = address.starts_with("http://") || address.starts_with("https://");
    match Proxy::new(address) {
        Ok(proxy) if understood && url::has_usable_port(proxy.uri()) => Ok(Some(proxy)),
        _ => Err(Error::rejected(
            Code::BadSettings,
            "/http/proxy",
            words!("代理地址应为 http://[用户:密码@]主机:端口", "the proxy must be http://[user:password@]host:port"),
        )),
    }
}
