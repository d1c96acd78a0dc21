//! One HTTP client a profile, on ureq with rustls: keep-alive, time limits, proxy, certificates. Every failure tells
//! whether the request surely never left or perhaps arrived.

mod answer;
mod failure;
mod sending;
mod tls;
mod url;

pub use answer::{Answer, unreadable};
pub use failure::{Failure, Reach};
pub use url::Url;

use std::fmt;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use ureq::config::Config;
use ureq::unversioned::transport::{Connector, DefaultConnector};
use ureq::{Agent, Proxy};

use crate::reply::{Code, Error, words};
use crate::settings::Transport;

/// The longest answer that is read.
pub const MAX_ANSWER_BYTES: u64 = 64 * 1024 * 1024;

/// A kept connection is not used again after this long: servers close idle ones, and a request lost on a closing
/// connection would count as perhaps sent.
const MAX_IDLE: Duration = Duration::from_secs(10);

/// A client with its limits and its kept connections.
pub struct Client {
    transport: Transport,
    config: Config,
    agent: RwLock<Agent>,
}

impl Client {
    /// A client by these settings. Certificates and the proxy's address are checked here.
    pub fn new(transport: Transport) -> Result<Self, Error> {
        let config = Config::builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy(&transport)?)
            .tls_config(tls::config(&transport)?)
            .user_agent(concat!("hislink/", env!("CARGO_PKG_VERSION")))
            .accept("application/json")
            .timeout_resolve(Some(transport.connect_timeout))
            .timeout_connect(Some(transport.connect_timeout))
            .timeout_global(Some(transport.timeout))
            .max_idle_age(MAX_IDLE)
            .build();
        let agent = RwLock::new(agent(&config));
        Ok(Self { transport, config, agent })
    }

    /// Posts a JSON text with these further headers and waits for the whole answer.
    pub fn post_json(
        &self,
        url: &Url,
        headers: &[(&str, &str)],
        body: &str,
        timeout: Option<Duration>,
    ) -> Result<Answer, Failure> {
        let agent = self.agent.read().unwrap_or_else(PoisonError::into_inner).clone();
        sending::begin();
        self.exchange(&agent, url, headers, body, timeout).map_err(|error| Failure::of(&error, url))
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
            // A request of its own settings cannot share the agent's TLS settings cache, so only where it differs.
            Some(limit) => request.config().timeout_global(Some(limit)).build().send(body)?,
            None => request.send(body)?,
        };
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let body = response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_vec()?;
        Ok(Answer { status, headers, body })
    }

    /// The settings that it was made by.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Closes the kept connections; those in use close when their call ends.
    pub fn close_connections(&self) {
        *self.agent.write().unwrap_or_else(PoisonError::into_inner) = agent(&self.config);
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("transport", &self.transport).finish_non_exhaustive()
    }
}

fn agent(config: &Config) -> Agent {
    let connector = DefaultConnector::new().chain(sending::Marker { proxied: config.proxy().is_some() });
    Agent::with_parts(config.clone(), connector, url::Lookup::default())
}

fn proxy(transport: &Transport) -> Result<Option<Proxy>, Error> {
    let Some(address) = &transport.proxy else { return Ok(None) };
    let address = address.expose();
    // Of what ureq knows, SOCKS is not built in.
    let understood = address.starts_with("http://") || address.starts_with("https://");
    match Proxy::new(address) {
        Ok(proxy) if understood => Ok(Some(proxy)),
        _ => Err(Error::rejected(
            Code::BadSettings,
            "/http/proxy",
            words!("代理地址应为 http://[用户:密码@]主机:端口", "the proxy must be http://[user:password@]host:port"),
        )),
    }
}
