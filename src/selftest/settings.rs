//! What is odd in settings though it is allowed: nine of ten first failures at a site are there.

use std::net::IpAddr;
use std::time::Duration;

use super::row::{Advice, Row};
use super::{GLORY, ONEPAY};
use crate::clock;
use crate::http::{Client, Url};
use crate::reply::{Words, words};
use crate::secret::Secret;
use crate::settings::{EncryptType, Glory, Onepay};

const NAME: &str = "settings";

/// Secrets and keys that the platforms give out are longer.
const SHORTEST: usize = 16;

/// Less time than this for a whole call leaves many ends unknown.
const SHORTEST_LIMIT: Duration = Duration::from_secs(5);

/// A certificate that ends within so many days is told.
const SOON_DAYS: i64 = 30;

/// What there is to say of the payment platform's settings.
pub fn of_onepay(settings: &Onepay) -> Vec<Row> {
    let mut rows = Vec::new();
    let (app_id, secret) = (settings.app_id().ok(), settings.secret().ok().map(Secret::expose));
    identity(&mut rows, "onepay.appId", app_id);
    identity(&mut rows, "onepay.appSecret", secret);
    if app_id.is_some() && app_id == secret {
        rows.push(Row::warning(
            NAME,
            words!("onepay.appId 与 onepay.appSecret 相同", "onepay.appId and onepay.appSecret are the same"),
            COPY_AGAIN,
        ));
    }
    match &settings.url {
        None => rows.push(no_address("onepay.url")),
        Some(url) => {
            plain_http(&mut rows, "onepay.url", url);
            if has_no_path(url) {
                rows.push(Row::warning(
                    NAME,
                    words!("onepay.url 没有路径", "onepay.url has no path"),
                    (
                        "填平台给的完整服务地址，例如以 /onepay-web/oneweb/oneapi 结尾",
                        "give the whole address of the service as the platform told it, such as one that ends with /onepay-web/oneweb/oneapi",
                    ),
                ));
            }
        }
    }
    if settings.encrypt_type == EncryptType::Plain {
        rows.push(Row::warning(
            NAME,
            words!("onepay.encryptType 为 Plain：业务内容不加密", "onepay.encryptType is Plain: nothing is encrypted"),
            (
                "正式环境用平台约定的 AES、DES 或 SM4",
                "in production use what was agreed with the platform: AES, DES or SM4",
            ),
        ));
    }
    told(rows, ONEPAY)
}

/// What there is to say of the card platform's settings.
pub fn of_glory(settings: &Glory) -> Vec<Row> {
    let mut rows = Vec::new();
    identity(&mut rows, "glory.sid", settings.sid().ok());
    identity(&mut rows, "glory.key", settings.key().ok().map(Secret::expose));
    match settings.url() {
        Err(_) => rows.push(no_address("glory.url")),
        Ok(url) => {
            plain_http(&mut rows, "glory.url", url);
            if url.as_str().contains("/glorycard") {
                rows.push(Row::warning(
                    NAME,
                    words!("glory.url 含有 /glorycard", "glory.url holds /glorycard"),
                    (
                        "只写到 /glorycard 之前，动态库自己接上 /glorycard/store/…",
                        "end it before /glorycard: the library adds /glorycard/store/... itself",
                    ),
                ));
            }
        }
    }
    match settings.org_code() {
        Err(_) => rows.push(Row::warning(
            NAME,
            words!("没有设置 glory.orgCode", "glory.orgCode is not set"),
            (
                "填平台给的医院编码；没有它不能同步名单、上传减免、应答核对",
                "set the hospital's code as the platform gave it: roster, deductions and deductCheck need it",
            ),
        )),
        Ok(code) => identity_form(&mut rows, "glory.orgCode", code),
    }
    told(rows, GLORY)
}

/// What there is to say of the way to both.
pub fn of_client(client: &Client) -> Vec<Row> {
    let transport = client.transport();
    let mut rows = Vec::new();
    let (whole, connecting) = (transport.timeout, transport.connect_timeout);
    if whole < SHORTEST_LIMIT || connecting > whole {
        let (whole, connecting) = (whole.as_millis(), connecting.as_millis());
        rows.push(Row::warning(
            NAME,
            words!(
                "时限偏短：http.timeoutMs 为 {whole}，http.connectTimeoutMs 为 {connecting}",
                "short limits: http.timeoutMs is {whole}, http.connectTimeoutMs {connecting}"
            ),
            (
                "timeoutMs 建议 30000，且大于 connectTimeoutMs；时限太短，结果未知的单子会变多",
                "set timeoutMs to 30000 or so, above connectTimeoutMs: short limits leave more orders unknown",
            ),
        ));
    }
    if transport.insecure {
        rows.push(Row::warning(
            NAME,
            words!(
                "http.tls 为 insecure：不验证平台的证书",
                "http.tls is insecure: the platform's certificate is not verified"
            ),
            (
                "去掉该项，证书不受信任时用 http.caFile；正式收费前必须去掉",
                "take it out, and use http.caFile where the certificate is not trusted: before real money is moved",
            ),
        ));
    }
    rows.extend(client.shown_until().and_then(ending));
    rows
}

/// A certificate to show that ends soon.
fn ending(until: i64) -> Option<Row> {
    let days = (until - clock::second()).div_euclid(86_400);
    let day = clock::time_of_second(until);
    (days < SOON_DAYS).then(|| {
        Row::warning(
            NAME,
            words!(
                "http.clientCertFile 的证书有效期到 {day}",
                "the certificate in http.clientCertFile is valid until {day}"
            ),
            ("请平台签发新证书，过期前换上", "ask the platform for a new one, and put it in place before that day"),
        )
    })
}

/// The rows of a platform; one that says so where there is nothing to say.
fn told(rows: Vec<Row>, platform: &'static str) -> Vec<Row> {
    if rows.is_empty() {
        return vec![Row::ok(NAME, words!("未见异常", "nothing odd")).of(platform)];
    }
    rows.into_iter().map(|row| row.of(platform)).collect()
}

const COPY_AGAIN: Advice = (
    "从平台发来的原文重新复制，两端不要带空白、引号或换行",
    "copy it again from what the platform sent, without blanks, quotes or line breaks around it",
);

/// An id or secret. It is never shown.
fn identity(rows: &mut Vec<Row>, name: &str, value: Option<&str>) {
    let Some(value) = value else {
        let words = words!("没有设置 {name}", "{name} is not set");
        rows.push(Row::failed(NAME, words, ("填平台给的值", "set it to what the platform gave")));
        return;
    };
    identity_form(rows, name, value);
    let length = value.chars().count();
    if length < SHORTEST && name != "glory.sid" {
        let words = words!("{name} 只有 {length} 个字符", "{name} has {length} characters only");
        rows.push(Row::warning(NAME, words, COPY_AGAIN));
    }
}

fn identity_form(rows: &mut Vec<Row>, name: &str, value: &str) {
    if let Some(words) = odd_form(name, value) {
        rows.push(Row::warning(NAME, words, COPY_AGAIN));
    }
}

fn odd_form(name: &str, value: &str) -> Option<Words> {
    if value.trim() != value {
        return Some(words!("{name} 两端有空白或换行", "{name} has blanks or line breaks around it"));
    }
    let odd = value.chars().position(|c| !c.is_ascii_graphic())? + 1;
    Some(words!(
        "{name} 的第 {odd} 个字符不是可见的 ASCII 字符（可能是全角字符或看不见的字符）",
        "{name} holds something other than visible ASCII at character {odd}: full width, or invisible"
    ))
}

fn no_address(name: &str) -> Row {
    Row::failed(
        NAME,
        words!("没有设置 {name}", "{name} is not set"),
        ("填平台给的服务地址", "set the service's address as the platform told it"),
    )
}

fn plain_http(rows: &mut Vec<Row>, name: &str, url: &Url) {
    if !url.is_https() && !is_near(&url.host_and_port().0) {
        rows.push(Row::warning(
            NAME,
            words!(
                "{name} 是公网的 http:// 地址，途中不加密",
                "{name} is http:// outside the house: nothing hides it on the way"
            ),
            (
                "正式环境用 https:// 地址；若经专线或前置机，请确认线路可信",
                "in production use https://; behind a leased line make sure that it can be trusted",
            ),
        ));
    }
}

/// Whether a host is this machine or in a private network.
fn is_near(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(address)) => address.is_loopback() || address.is_private() || address.is_link_local(),
        Ok(IpAddr::V6(address)) => address.is_loopback() || address.is_unique_local(),
        Err(_) => host.eq_ignore_ascii_case("localhost") || !host.contains('.'),
    }
}

fn has_no_path(url: &Url) -> bool {
    let rest = url.as_str().split_once("://").map_or("", |(_, rest)| rest);
    rest.split_once('/').is_none_or(|(_, path)| path.is_empty())
}
