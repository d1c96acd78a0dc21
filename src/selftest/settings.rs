//! What is odd in settings though it is allowed: most first failures at a site are there.

use std::net::IpAddr;
use std::time::Duration;

use super::row::{Finding, Rows, told};
use crate::clock;
use crate::http::{Client, Url};
use crate::secret::Secret;
use crate::settings::{EncryptType, Glory, Onepay};

/// The check's name.
pub const NAME: &str = "settings";

/// Secrets and keys that the platforms give out are longer.
const SHORTEST: usize = 16;

/// Less time than this for a whole call leaves many ends unknown.
const SHORTEST_LIMIT: Duration = Duration::from_secs(5);

/// A certificate that ends within so many seconds is told: 30 days.
const SOON: i64 = 30 * 86_400;

/// Adds what there is to say of the payment platform's settings.
pub fn of_onepay(settings: &Onepay, rows: &mut Rows) {
    let before = rows.list.len();
    identity("onepay.appId", settings.app_id().ok(), rows);
    identity("onepay.appSecret", settings.secret().ok().map(Secret::expose), rows);
    address("onepay.url", settings.url.as_ref(), |path| path.is_empty(), rows);
    if settings.encrypt_type == EncryptType::Plain {
        warn(
            told!(
                "{} 为 Plain：业务内容不加密",
                "{} is Plain: nothing is encrypted",
                "正式环境用与平台约定的 AES、DES 或 SM4",
                "in production use AES, DES or SM4, as agreed with the platform"
            ),
            "onepay.encryptType",
            rows,
        );
    }
    nothing_odd(before, rows);
}

/// Adds what there is to say of the card platform's settings.
pub fn of_glory(settings: &Glory, rows: &mut Rows) {
    let before = rows.list.len();
    identity("glory.sid", settings.sid().ok(), rows);
    identity("glory.key", settings.key().ok().map(Secret::expose), rows);
    identity("glory.orgCode", settings.org_code().ok(), rows);
    address("glory.url", settings.url().ok(), |path| path.contains("glorycard"), rows);
    nothing_odd(before, rows);
}

fn nothing_odd(before: usize, rows: &mut Rows) {
    if rows.list.len() == before {
        rows.add(NAME, Finding::Ok, told!("未见异常", "nothing odd"), "");
    }
}

/// Adds what there is to say of the way to both.
pub fn of_client(client: &Client, rows: &mut Rows) {
    let transport = client.transport();
    if transport.timeout < SHORTEST_LIMIT || transport.connect_timeout > transport.timeout {
        warn(
            told!(
                "{} 太短",
                "{} is short",
                "建议 30000，且大于 connectTimeoutMs；时限越短，结果未知的单子越多",
                "set it to 30000 or so, above connectTimeoutMs: the shorter it is, the more orders end unknown"
            ),
            "http.timeoutMs",
            rows,
        );
    }
    if transport.insecure {
        warn(
            told!(
                "{}：不验证平台的证书",
                "{}: the platform's certificate is not verified",
                "正式收费前去掉该项，改用 http.caFile",
                "take it out before real money is moved, and use http.caFile"
            ),
            "http.tls insecure",
            rows,
        );
    }
    if let Some(until) = client.shown_until().filter(|until| until - clock::second() < SOON) {
        warn(
            told!(
                "http.clientCertFile 有效期到 {}",
                "http.clientCertFile is valid until {}",
                "请平台签发新证书，到期前换上",
                "ask the platform for a new one before that day"
            ),
            &clock::time_of_second(until),
            rows,
        );
    }
}

fn warn(told: &'static str, fact: &str, rows: &mut Rows) {
    rows.add(NAME, Finding::Warning, told, fact);
}

fn missing(name: &str, rows: &mut Rows) {
    let told = told!("没有设置 {}", "{} is not set", "填平台给的值", "set what the platform gave");
    rows.add(NAME, Finding::Failed, told, name);
}

/// An id or secret. It is never shown.
fn identity(name: &str, value: Option<&str>, rows: &mut Rows) {
    let Some(value) = value else { return missing(name, rows) };
    let is_short = value.len() < SHORTEST && matches!(name, "onepay.appId" | "onepay.appSecret" | "glory.key");
    if is_short || !value.bytes().all(|byte| byte.is_ascii_graphic()) {
        warn(
            told!(
                "{} 有空白、换行、全角或看不见的字符，或不足 16 个字符",
                "{} has blanks, line breaks, full-width or invisible characters, or fewer than 16",
                "从平台发来的原文重新复制，不要带两端的空白和引号",
                "copy it again from what the platform sent, without blanks and quotes around it"
            ),
            name,
            rows,
        );
    }
}

fn address(name: &str, url: Option<&Url>, wrong_path: fn(&str) -> bool, rows: &mut Rows) {
    let Some(url) = url else { return missing(name, rows) };
    let rest = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    if wrong_path(rest.split_once('/').map_or("", |(_, path)| path)) {
        warn(
            told!(
                "{} 的路径不像服务地址",
                "{} has an unlikely path",
                "onepay.url 写到服务的完整路径；glory.url 只写到 /glorycard 之前",
                "onepay.url is the service's whole address; glory.url ends before /glorycard"
            ),
            name,
            rows,
        );
    }
    if !url.is_https() && !is_near(&url.host_and_port().0) {
        warn(
            told!(
                "{} 是院外的 http:// 地址，途中不加密",
                "{} is http:// outside the house: nothing hides it on the way",
                "用 https:// 地址；经专线时确认线路可信",
                "use https://; on a leased line make sure that it can be trusted"
            ),
            name,
            rows,
        );
    }
}

/// Whether a host is this machine or in a private network.
fn is_near(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        // A name without a dot is one of the house.
        Err(_) => !host.contains('.'),
    }
}
