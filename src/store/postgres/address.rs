//! The URL of a database, read.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use percent_encoding::percent_decode_str;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, TargetSessionAttrs};

use super::failure::Fault;
use crate::lookup;
use crate::secret::Secret;

/// For one connection to one address, unless the URL says otherwise.
const TO_CONNECT: Duration = Duration::from_secs(5);
/// How long the system waits for the far end to take what was sent.
const UNANSWERED: Duration = Duration::from_secs(10);
/// A connection that nobody uses shows that it is alive this often: firewalls forget silent ones.
const SILENT: Duration = Duration::from_secs(30);
const PROBE: Duration = Duration::from_secs(5);
const PROBES: u32 = 3;

/// Where a PostgreSQL database is, and how to get in: `postgres://user:password@host:port/database?…`. Shows itself
/// nowhere.
#[derive(Clone)]
pub struct Address {
    url: Secret,
    /// All but the hosts.
    config: Config,
    pub(super) nodes: Vec<Node>,
    /// The PEM file of the authorities to trust in place of the system's.
    pub(super) roots: Option<PathBuf>,
}

/// A server of the URL's.
#[derive(Clone)]
pub(super) struct Node {
    pub(super) host: Host,
    /// Where it is, if the URL says so.
    pub(super) at: Option<IpAddr>,
    pub(super) port: u16,
}

impl Address {
    /// Reads a URL as libpq does, with the parameters that `tokio_postgres` knows, and `sslrootcert`. Gives none for one
    /// that cannot be read or names no host.
    pub fn parse(url: &str) -> Option<Self> {
        let (plain, roots) = without_roots(url)?;
        let read: Config = plain.parse().ok()?;
        let nodes = nodes(&read)?;
        let mut config = without_hosts(&read);
        if nodes.len() > 1 && read.get_target_session_attrs() == TargetSessionAttrs::Any {
            // Of several, only one can be written to.
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        Some(Self { url: Secret::new(url), config, nodes, roots })
    }

    /// The URL itself.
    pub(in crate::store) fn url(&self) -> &str {
        self.url.expose()
    }

    /// The password to get in with.
    pub(in crate::store) fn password(&self) -> Option<Secret> {
        self.config.get_password().and_then(|password| std::str::from_utf8(password).ok()).map(Secret::new)
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    pub(super) fn connect_timeout(&self) -> Duration {
        self.config.get_connect_timeout().copied().unwrap_or(TO_CONNECT)
    }

    /// `host:port/database`, for messages.
    pub(in crate::store) fn place(&self) -> String {
        let nodes: Vec<_> = self.nodes.iter().map(Node::to_string).collect();
        format!("{}/{}", nodes.join(","), self.database())
    }

    pub(super) fn database(&self) -> &str {
        self.config.get_dbname().unwrap_or_else(|| self.user())
    }

    /// The role, empty where the URL leaves it to the system's user name.
    pub(super) fn user(&self) -> &str {
        self.config.get_user().unwrap_or_default()
    }
}

impl Node {
    /// The name that a certificate must be for, or the socket's folder.
    pub(super) fn name(&self) -> &str {
        match &self.host {
            Host::Tcp(host) => host,
            #[cfg(unix)]
            Host::Unix(folder) => folder.to_str().unwrap_or_default(),
        }
    }

    /// Every way to the server: an address, or none where the name is a socket's. The name is looked up here, since the
    /// system's lookup cannot be stopped, and the event loop would wait for it.
    pub(super) fn addresses(&self, until: Instant, limit: Duration) -> Result<Vec<Option<IpAddr>>, Fault> {
        match (&self.host, self.at) {
            (_, Some(at)) => Ok(vec![Some(at)]),
            (Host::Tcp(name), None) => {
                let limit = limit.min(until.saturating_duration_since(Instant::now()));
                let found = lookup::addresses(name, self.port, limit).map_err(Fault::Machine)?;
                Ok(found.into_iter().map(|address| Some(address.ip())).collect())
            }
            #[cfg(unix)]
            (Host::Unix(_), None) => Ok(vec![None]),
        }
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.url() == other.url()
    }
}

impl Eq for Address {}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("postgres://***")
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Tcp(host) if host.contains(':') => write!(f, "[{host}]:{}", self.port),
            Host::Tcp(host) => write!(f, "{host}:{}", self.port),
            #[cfg(unix)]
            Host::Unix(folder) => write!(f, "{}:{}", folder.display(), self.port),
        }
    }
}

/// The URL with what only libpq understands taken out or put in the words of `tokio_postgres`.
fn without_roots(url: &str) -> Option<(String, Option<PathBuf>)> {
    // The user's name and password may hold a question mark.
    let after_user = url.find('@').unwrap_or_default();
    let Some(mark) = url.get(after_user..)?.find('?') else { return Some((url.to_owned(), None)) };
    let (head, query) = (url.get(..after_user + mark)?, url.get(after_user + mark + 1..)?);
    let (mut roots, mut others) = (None, Vec::new());
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        match parameter.split_once('=')? {
            ("sslrootcert", "system" | "") => roots = None,
            ("sslrootcert", path) => roots = Some(absolute(path)?),
            // A certificate is always verified, with its name.
            ("sslmode", "verify-ca" | "verify-full") => others.push("sslmode=require"),
            _ => others.push(parameter),
        }
    }
    Some((format!("{head}?{}", others.join("&")), roots))
}

/// A relative path starts at the directory that is current now: hosts change theirs.
fn absolute(path: &str) -> Option<PathBuf> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    std::path::absolute(&*path).ok()
}

fn nodes(read: &Config) -> Option<Vec<Node>> {
    let (hosts, at, ports) = (read.get_hosts(), read.get_hostaddrs(), read.get_ports());
    let count = hosts.len().max(at.len());
    let fits = |given: usize| given == 0 || given == count;
    if count == 0 || !fits(hosts.len()) || !fits(at.len()) || !(fits(ports.len()) || ports.len() == 1) {
        return None;
    }
    (0..count)
        .map(|n| {
            let at = at.get(n).copied();
            let host = hosts.get(n).cloned().or_else(|| at.map(|at| Host::Tcp(at.to_string())))?;
            let named = !matches!(&host, Host::Tcp(name) if name.is_empty());
            let port = ports.get(n).or_else(|| ports.first()).copied().unwrap_or(5432);
            named.then_some(Node { host, at, port })
        })
        .collect()
}

/// A copy of all but the hosts, with our limits where the URL sets none.
fn without_hosts(read: &Config) -> Config {
    let mut config = Config::new();
    if let Some(user) = read.get_user() {
        config.user(user);
    }
    if let Some(password) = read.get_password() {
        config.password(password);
    }
    if let Some(database) = read.get_dbname() {
        config.dbname(database);
    }
    if let Some(options) = read.get_options() {
        config.options(options);
    }
    config
        .application_name(read.get_application_name().unwrap_or("hislink"))
        .ssl_mode(read.get_ssl_mode())
        .ssl_negotiation(read.get_ssl_negotiation())
        .connect_timeout(read.get_connect_timeout().copied().unwrap_or(TO_CONNECT))
        .tcp_user_timeout(read.get_tcp_user_timeout().copied().unwrap_or(UNANSWERED))
        .keepalives(read.get_keepalives())
        .keepalives_idle(read.get_keepalives_idle().min(SILENT))
        .keepalives_interval(read.get_keepalives_interval().unwrap_or(PROBE))
        .keepalives_retries(read.get_keepalives_retries().unwrap_or(PROBES))
        .target_session_attrs(read.get_target_session_attrs())
        .channel_binding(read.get_channel_binding())
        .load_balance_hosts(read.get_load_balance_hosts());
    config
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tokio_postgres::config::SslMode;

    use super::*;

    fn place(url: &str) -> String {
        Address::parse(url).unwrap().place()
    }

    #[test]
    fn a_url_is_read_and_shown_without_its_password() {
        assert_eq!(place("postgres://u:p@h/d"), "h:5432/d");
        assert_eq!(place("postgresql://u:p%3f?x@10.0.0.5:5433/d?connect_timeout=2"), "10.0.0.5:5433/d");
        assert_eq!(place("postgres://u@[::1]:1,b:2/d"), "[::1]:1,b:2/d");
        assert_eq!(place("postgres:///d?host=h&user=u"), "h:5432/d");
        assert_eq!(place("postgres://u@h"), "h:5432/u");
        #[cfg(unix)]
        assert_eq!(place("postgres://u@%2Ftmp/d"), "/tmp:5432/d");
        assert_eq!(format!("{:?}", Address::parse("postgres://u:hush@h/d")), "Some(postgres://***)");
        for bad in [
            "postgres:///d",
            "postgres://h:0x/d",
            "postgres://h/d?nonsense=1",
            "postgres://h/d?sslmode=x",
            "postgres://u:p@/d",
        ] {
            assert_eq!(Address::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn what_only_libpq_knows_is_understood() {
        let address = Address::parse("postgres://u:p?w@h/d?sslmode=verify-full&sslrootcert=/a%20b/ca.pem").unwrap();
        assert_eq!(address.roots.as_deref(), Some(Path::new("/a b/ca.pem")));
        assert_eq!(address.config().get_ssl_mode(), SslMode::Require);
        assert_eq!(address.config().get_password(), Some("p?w".as_bytes()));
        assert_eq!(Address::parse("postgres://h/d?sslrootcert=system").unwrap().roots, None);
        let plain = Address::parse("postgres://h/d").unwrap();
        assert_eq!((plain.config().get_ssl_mode(), plain.connect_timeout()), (SslMode::Prefer, TO_CONNECT));
        assert_eq!(
            Address::parse("postgres://h/d?connect_timeout=2").unwrap().connect_timeout(),
            Duration::from_secs(2)
        );
    }
}
