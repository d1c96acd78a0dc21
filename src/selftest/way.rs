//! The way to a platform: name, connection, TLS, an answer, the clock, and whether the platform knows this hospital. Each
//! check is run only where those before it hold. Nothing that is sent can move anything.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::row::{Finding, Rows, told};
use super::{answer, clock, identity};
use crate::http::{self, Answer, Client, Failure, Reach, Url};
use crate::lookup;
use crate::settings::Profile;

/// The checks in their order.
pub const NAMES: [&str; 6] = [LOOKUP, CONNECT, TLS, answer::NAME, clock::NAME, identity::NAME];

const LOOKUP: &str = "lookup";
const CONNECT: &str = "connect";
const TLS: &str = "tls";

/// What a step gets of the time at least.
const LEAST: Duration = Duration::from_millis(10);

/// What a walk is about.
#[derive(Debug)]
pub struct Way<'w> {
    /// The profile, whose client is tried.
    pub profile: &'w Profile,
    /// The address that GET is tried on.
    pub url: &'w Url,
    /// When all must be over.
    pub deadline: Instant,
}

impl Way<'_> {
    /// Adds the checks, each name once.
    pub fn walk(&self, rows: &mut Rows) {
        let before = rows.list.len();
        if let Err(earlier) = self.steps(rows) {
            let done = rows.list.len() - before;
            NAMES.iter().skip(done).for_each(|name| rows.skip(name, earlier));
        }
    }

    /// Fails with the name of the check that does not hold, whose row is the last.
    fn steps(&self, rows: &mut Rows) -> Result<(), &'static str> {
        let addresses = self.look_up(rows)?;
        let begun = Instant::now();
        let address = self.connect(&addresses, rows)?;
        let connecting = begun.elapsed().as_millis();
        let begun = Instant::now();
        let probed = self.client().probe(self.url, self.left_at_least());
        let took = begun.elapsed().as_millis();
        let came = crate::clock::millisecond();
        let trip = http::sent_at().map_or(0, |sent| i64::try_from(sent.elapsed().as_millis()).unwrap_or(0));
        let answer = self.judge(probed, &address, connecting, rows)?;
        let begun = Instant::now();
        let known = identity::ask(self, rows.platform);
        let asking = begun.elapsed().as_millis();
        answer::check(&answer, known.is_ok(), rows.took(took));
        clock::check(answer.header("date"), came - trip, came, rows);
        identity::check(known, rows.took(asking));
        Ok(())
    }

    fn client(&self) -> &Client {
        &self.profile.client
    }

    /// The time that is left, and a little where there is none.
    pub fn left_at_least(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now()).max(LEAST)
    }

    /// The time for one step of connecting.
    fn connect_limit(&self) -> Duration {
        self.left_at_least().min(self.client().transport().connect_timeout)
    }

    fn look_up(&self, rows: &mut Rows) -> Result<Vec<SocketAddr>, &'static str> {
        let begun = Instant::now();
        let (host, port) = self.client().first_hop(self.url);
        let found = lookup::addresses(&host, port, self.connect_limit()).unwrap_or_default();
        let Some(first) = found.first() else {
            let told = told!(
                "找不到主机 {}",
                "the host {} was not found",
                "核对主机名；用 nslookup 试查；检查 DNS 设置，或请网络管理员在内网 DNS 或 hosts 里加上；只能经代理访问时设置 http.proxy",
                "check the name; try nslookup; check the DNS settings, or have it added to the hospital's DNS or hosts file; where only a proxy reaches it, set http.proxy"
            );
            rows.since(begun).add(LOOKUP, Finding::Failed, told, &host);
            return Err(LOOKUP);
        };
        let mut fact = host;
        fact.extend([" → ", &first.ip().to_string()]);
        rows.since(begun).add(LOOKUP, Finding::Ok, told!("{}", "{}"), &fact);
        Ok(found)
    }

    /// Opens a connection as the client would, and closes it. Gives what it is to.
    fn connect(&self, addresses: &[SocketAddr], rows: &mut Rows) -> Result<String, &'static str> {
        let begun = Instant::now();
        let until = begun + self.connect_limit();
        let mut fact = String::new();
        for address in addresses {
            let limit = until.saturating_duration_since(Instant::now());
            if limit < Duration::from_millis(1) {
                break;
            }
            fact = address.to_string();
            match TcpStream::connect_timeout(address, limit) {
                Ok(_) => return Ok(fact),
                // Its text comes from the system, in its language.
                Err(error) if error.kind() != ErrorKind::TimedOut => fact.extend([": ", &error.to_string()]),
                Err(_) => {}
            }
        }
        rows.since(begun).add(CONNECT, Finding::Failed, NOT_CONNECTED, &fact);
        Err(CONNECT)
    }

    /// Tells by a probe's end which check it came to, and gives the answer where there is one.
    fn judge(
        &self,
        probed: Result<Answer, Failure>,
        address: &str,
        connecting: u128,
        rows: &mut Rows,
    ) -> Result<Answer, &'static str> {
        if let Err(failure) = &probed
            && failure.reach == Reach::Never
            && !is_of_tls(failure)
        {
            match failure.reason {
                None => rows.add(CONNECT, Finding::Failed, NOT_CONNECTED, address),
                reason => rows.because(reason).add_words(CONNECT, Finding::Failed, &failure.words, AS_TOLD),
            }
            return Err(CONNECT);
        }
        rows.took(connecting).add(CONNECT, Finding::Ok, told!("{} 可连接", "{} takes connections"), address);
        if let Err(failure) = &probed
            && failure.reach == Reach::Never
        {
            rows.because(failure.reason).add_words(TLS, Finding::Failed, &failure.words, AS_TOLD);
            return Err(TLS);
        }
        let (finding, told) = if !self.url.is_https() {
            (Finding::Skipped, told!("地址是 http://，不用 TLS", "the address is http://: there is no TLS"))
        } else if self.profile.is_insecure() {
            (Finding::Skipped, told!("没有验证证书", "no certificate was verified"))
        } else {
            (Finding::Ok, told!("证书可信", "the certificate is trusted"))
        };
        rows.add(TLS, finding, told, "");
        probed.map_err(|failure| {
            answer::none(&failure, rows);
            answer::NAME
        })
    }
}

/// Whether a request that was not sent failed at the handshake: then it has a word for it, as failures of proxies have.
fn is_of_tls(failure: &Failure) -> bool {
    failure.reason.is_some_and(|reason| !reason.contains("PROXY"))
}

const NOT_CONNECTED: &str = told!(
    "连不上 {}",
    "cannot connect to {}",
    "核对地址、端口和 http.proxy；请网络管理员放行本机到它的出站连接（防火墙、网闸、杀毒软件）；再问平台是否在运行",
    "check address, port and http.proxy; have outgoing connections to it allowed (firewall, gateway, antivirus); then ask the platform whether it is up"
);

/// For what says itself what to do.
const AS_TOLD: &str = told!("照上面所说的做；详见 docs/tls.md", "do as it says; see docs/tls.md");
