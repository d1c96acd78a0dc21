//! The way to a platform: name, connection, TLS, an answer, the clock, and whether the platform knows this hospital. Each
//! check is run only where those before it hold. Nothing that is sent can move anything.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use super::row::{Advice, Row};
use super::{answer, clock, identity};
use crate::http::{Answer, Client, Failure, Reach, Url};
use crate::lookup;
use crate::reply::{Code, Words, words};
use crate::settings::Profile;

/// The checks in their order.
pub const NAMES: [&str; 6] = [LOOKUP, CONNECT, TLS, answer::NAME, clock::NAME, identity::NAME];

const LOOKUP: &str = "lookup";
const CONNECT: &str = "connect";
const TLS: &str = "tls";

/// How many addresses are shown.
const SHOWN: usize = 4;

/// What a walk is about.
#[derive(Debug)]
pub struct Way<'w> {
    /// The profile, whose client is tried.
    pub profile: &'w Profile,
    /// The platform.
    pub platform: &'static str,
    /// The address that GET is tried on.
    pub url: &'w Url,
    /// When all must be over.
    pub deadline: Instant,
}

/// The rows of a platform whose address is not set.
pub fn without_address() -> Vec<Row> {
    NAMES.map(|name| Row::skipped_after(name, "settings")).into()
}

impl Way<'_> {
    /// The rows of the checks, each name once.
    pub fn walk(&self) -> Vec<Row> {
        let mut rows = Vec::with_capacity(NAMES.len());
        if let Err(earlier) = self.steps(&mut rows) {
            let rest = NAMES.iter().skip(rows.len()).map(|name| Row::skipped_after(name, earlier));
            rows.extend(rest.collect::<Vec<_>>());
        }
        rows
    }

    /// Fails with the name of the check that does not hold, whose row is the last.
    fn steps(&self, rows: &mut Vec<Row>) -> Result<(), &'static str> {
        let addresses = self.look_up(rows)?;
        let begun = Instant::now();
        let connected = self.connect(&addresses, begun, rows)?;
        let connecting = begun.elapsed();
        let begun = Instant::now();
        let sent = crate::clock::millisecond();
        let probed = match self.left() {
            Some(limit) => self.client().probe(self.url, limit),
            None => Err(Failure { reach: Reach::Perhaps, code: Code::Timeout, words: time_over(), reason: None }),
        };
        let came = crate::clock::millisecond();
        let asked = Asked { connected, connecting, begun };
        let answer = self.judge(probed, asked, rows)?;
        let clock = clock::row(answer.header("date"), sent, came);
        let known = identity::row(self);
        rows.push(answer::row(&answer, begun, known.finding));
        rows.push(clock);
        rows.push(known);
        Ok(())
    }

    fn client(&self) -> &Client {
        &self.profile.client
    }

    /// The time that is left; none where there is too little for anything.
    pub fn left(&self) -> Option<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        (left >= Duration::from_millis(10)).then_some(left)
    }

    /// The time for one step of connecting.
    fn connect_limit(&self) -> Option<Duration> {
        Some(self.left()?.min(self.client().transport().connect_timeout))
    }

    fn look_up(&self, rows: &mut Vec<Row>) -> Result<Vec<SocketAddr>, &'static str> {
        let begun = Instant::now();
        let (host, port) = self.client().first_hop(self.url);
        let found = match self.connect_limit() {
            Some(limit) => lookup::addresses(&host, port, limit),
            None => Err(ErrorKind::TimedOut.into()),
        };
        let advice = (
            "核对地址里的主机名；在本机用 nslookup 试查；检查网卡的 DNS 设置，或请网络管理员在内网 DNS、hosts 文件里加上它；主机只能经代理访问时设置 http.proxy",
            "check the host name in the address; try it with nslookup on this machine; check the DNS servers of the network card, or have the name added to the hospital's DNS or the hosts file; set http.proxy where only a proxy reaches it",
        );
        let failed = |words: Words| Row::failed(LOOKUP, words, advice).since(begun);
        match found {
            Ok(list) if list.is_empty() => rows.push(failed(words!("{host} 没有地址", "{host} has no address"))),
            Ok(list) => {
                if list.iter().all(|address| host == address.ip().to_string()) {
                    let words = words!("{host} 是数字地址，不用解析", "{host} is an address in digits");
                    rows.push(Row::ok(LOOKUP, words));
                    return Ok(list);
                }
                let shown: Vec<_> = list.iter().take(SHOWN).map(|address| address.ip().to_string()).collect();
                let shown = shown.join(", ");
                rows.push(Row::ok(LOOKUP, words!("{host} → {shown}", "{host} is {shown}")).since(begun));
                return Ok(list);
            }
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                rows.push(failed(words!("解析 {host} 超时", "looking {host} up timed out")));
            }
            Err(_) => rows.push(failed(words!("找不到主机 {host}", "the host {host} was not found"))),
        }
        Err(LOOKUP)
    }

    /// Opens a connection as the client would, and closes it. Gives what it is to.
    fn connect(&self, addresses: &[SocketAddr], begun: Instant, rows: &mut Vec<Row>) -> Result<Words, &'static str> {
        let mut last: Option<(SocketAddr, io::Error)> = None;
        for address in addresses {
            let Some(limit) = self.connect_limit().and_then(|limit| limit.checked_sub(begun.elapsed())) else { break };
            let limit = limit.max(Duration::from_millis(1));
            match TcpStream::connect_timeout(address, limit) {
                Ok(_) if self.is_proxied() => {
                    return Ok(words!("代理 {address} 可连接", "the proxy {address} takes connections"));
                }
                Ok(_) => return Ok(words!("{address} 可连接", "{address} takes connections")),
                Err(error) => last = Some((*address, error)),
            }
        }
        let words = match last {
            None => time_over(),
            Some((address, error)) if error.kind() == ErrorKind::TimedOut => {
                words!("{address} 没有回应", "{address} does not answer")
            }
            Some((address, error)) if error.kind() == ErrorKind::ConnectionRefused => {
                words!("{address} 拒绝连接", "{address} refuses the connection")
            }
            Some((address, error)) => words!("连不上 {address}：{error}", "cannot connect to {address}: {error}"),
        };
        rows.push(Row::failed(CONNECT, words, self.connect_advice()).since(begun));
        Err(CONNECT)
    }

    fn is_proxied(&self) -> bool {
        self.client().transport().proxy.is_some()
    }

    fn connect_advice(&self) -> Advice {
        if self.is_proxied() {
            return (
                "核对 http.proxy 的地址、端口、用户名和密码，确认代理允许本机用 CONNECT 访问平台的地址和端口",
                "check address, port, user and password in http.proxy, and that the proxy lets this machine CONNECT to the platform's host and port",
            );
        }
        (
            "核对地址和端口；请网络管理员放行本机到该地址和端口的出站连接（防火墙、网闸、杀毒软件）；对方没有启动时联系平台；要经代理时设置 http.proxy",
            "check address and port; have outgoing connections from this machine to them allowed (firewall, gateway, antivirus); ask the platform whether it is up; set http.proxy where a proxy is needed",
        )
    }

    fn shaken(&self) -> Row {
        if self.profile.is_insecure() {
            return Row::skipped(
                TLS,
                words!("http.tls 为 insecure：没有验证证书", "http.tls is insecure: no certificate was verified"),
            );
        }
        Row::ok(TLS, words!("握手成功，证书可信", "the handshake succeeded, the certificate is trusted"))
    }

    /// Tells by a probe's end which check it came to, and gives the answer where there is one.
    fn judge(
        &self,
        probed: Result<Answer, Failure>,
        asked: Asked,
        rows: &mut Vec<Row>,
    ) -> Result<Answer, &'static str> {
        let connected = |words| Row::ok(CONNECT, words).lasting(asked.connecting);
        let end = match probed {
            Ok(answer) => Ok(answer),
            Err(failure) if failure.reach == Reach::Perhaps => Err(failure),
            Err(failure) if is_of_tls(&failure) => {
                rows.push(connected(asked.connected));
                rows.push(failed_by(TLS, failure, TLS_ADVICE, asked.begun));
                return Err(TLS);
            }
            Err(failure) => {
                rows.push(failed_by(CONNECT, failure, self.connect_advice(), asked.begun));
                return Err(CONNECT);
            }
        };
        rows.push(connected(asked.connected));
        rows.push(if self.url.is_https() {
            self.shaken().since(asked.begun)
        } else {
            Row::skipped(TLS, words!("地址是 http://，不用 TLS", "the address is http://: there is no TLS"))
        });
        end.map_err(|failure| {
            rows.push(answer::none(&failure).since(asked.begun));
            answer::NAME
        })
    }
}

/// What is known when an answer is judged.
struct Asked {
    connected: Words,
    connecting: Duration,
    /// When it was asked.
    begun: Instant,
}

fn failed_by(name: &'static str, failure: Failure, advice: Advice, begun: Instant) -> Row {
    Row::failed(name, failure.words, advice).because(failure.reason).since(begun)
}

/// Whether a request that was not sent failed at the handshake: then it has a word for it, as failures of proxies have.
fn is_of_tls(failure: &Failure) -> bool {
    failure.reason.is_some_and(|reason| !reason.contains("PROXY"))
}

const TLS_ADVICE: Advice =
    ("照上面所说的做；每种情况见 docs/tls.md", "do as it says above; docs/tls.md has a section for each case");

fn time_over() -> Words {
    words!("时限已到", "the time limit was over")
}
