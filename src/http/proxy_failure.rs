//! Why a proxy did not lead to the platform, and what to do about it.

use ureq::Error as HttpError;

use super::Failure;
use super::handshake::place;
use super::told::Told;
use crate::reply::Code;

const UNREACHABLE: Told = Told {
    reason: "PROXY_UNREACHABLE",
    zh: "连不上代理 {proxy}（{cause}）；请核对 http.proxy 的地址与端口，代理是否运行；不需要代理时请去掉该项",
    en: "the proxy {proxy} cannot be reached ({cause}); check address and port in http.proxy and that the proxy runs; take the \
        setting out where no proxy is needed",
};
const SILENT: Told = Told {
    reason: "PROXY_SILENT",
    zh: "代理 {proxy} 接受了连接，但没有在时限内连到 {target}；请核对 http.proxy，并请代理管理员检查它到该地址的网络",
    en: "the proxy {proxy} took the connection but did not lead to {target} in time; check http.proxy, and let the proxy's \
        administrator check its way to that address",
};
const LOGIN: Told = Told {
    reason: "PROXY_LOGIN",
    zh: "代理 {proxy} 要求登录，或不接受所给的用户名与密码（HTTP 407）；请在 http.proxy 中写 http://用户:密码@主机:端口，并请代理管理员允许 Basic 方式",
    en: "the proxy {proxy} wants a login or does not take the one given (HTTP 407); write http://user:password@host:port in \
        http.proxy, and let the proxy's administrator allow Basic",
};
const FORBIDS: Told = Told {
    reason: "PROXY_FORBIDS",
    zh: "代理 {proxy} 不允许连接 {target}（HTTP 403）；请代理管理员放行该主机与端口的 CONNECT",
    en: "the proxy {proxy} forbids {target} (HTTP 403); its administrator must allow CONNECT to that host and port",
};
const CANNOT_REACH: Told = Told {
    reason: "PROXY_CANNOT_REACH",
    zh: "代理 {proxy} 连不上 {target}（HTTP {status}）；请核对平台地址与端口，并请代理管理员检查它到该地址的网络",
    en: "the proxy {proxy} cannot reach {target} (HTTP {status}); check the platform's address and port, and let the proxy's \
        administrator check its way there",
};
const NO_PROXY: Told = Told {
    reason: "NOT_A_PROXY",
    zh: "{proxy} 不是支持 CONNECT 的 HTTP 代理（{cause}）；请核对 http.proxy 的地址与端口",
    en: "{proxy} is no HTTP proxy that understands CONNECT ({cause}); check address and port in http.proxy",
};
const REFUSED: Told = Told {
    reason: "PROXY_REFUSED",
    zh: "代理 {proxy} 拒绝连接 {target}（HTTP {status}）；请询问代理管理员",
    en: "the proxy {proxy} refuses {target} (HTTP {status}); ask its administrator",
};

/// The way to the platform that `http.proxy` names.
#[derive(Debug)]
pub(super) struct Through<'p> {
    pub(super) proxy: &'p str,
    pub(super) target: &'p str,
}

impl Through<'_> {
    fn told(&self, told: &Told, code: Code, status: &str, cause: &str) -> Failure {
        let [proxy, target] =
            [self.proxy, self.target].map(|url| url.parse().map(|uri| place(&uri)).unwrap_or_default());
        told.never_sent(code, &[("{proxy}", &proxy), ("{target}", &target), ("{status}", status), ("{cause}", cause)])
    }

    /// No connection to the proxy came about.
    pub(super) fn unreachable(&self, error: &HttpError) -> Failure {
        let code = if matches!(error, HttpError::Timeout(_)) { Code::Timeout } else { Code::ConnectFailed };
        self.told(&UNREACHABLE, code, "", &error.to_string())
    }

    /// It stands, and the proxy did not lead on.
    pub(super) fn refused(&self, error: &HttpError) -> Failure {
        let cause = error.to_string();
        match error {
            HttpError::Timeout(_) => self.told(&SILENT, Code::Timeout, "", ""),
            HttpError::ConnectProxyFailed(status) if status.len() == 3 => {
                let told = match status.as_str() {
                    "407" => &LOGIN,
                    "403" => &FORBIDS,
                    "502" | "503" | "504" => &CANNOT_REACH,
                    "400" | "404" | "405" | "501" => &NO_PROXY,
                    _ => &REFUSED,
                };
                self.told(told, Code::ConnectFailed, status, &format!("HTTP {status}"))
            }
            HttpError::ConnectProxyFailed(why) => self.told(&NO_PROXY, Code::ConnectFailed, "", why),
            _ => self.told(&NO_PROXY, Code::ConnectFailed, "", &cause),
        }
    }
}
