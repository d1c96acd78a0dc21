//! Whether what answers at the address is a web service, and whether it looks like the platform's.

use super::row::{Finding, Rows, told};
use crate::http::{Answer, Failure};
use crate::reply::{Code, in_short};

/// The check's name.
pub const NAME: &str = "answer";

/// Adds what came to a GET. Any HTTP status will do, since services take POST; some point to something else that answers.
/// Where the platform is `known` to be there, nothing of this matters.
pub fn check(answer: &Answer, known: bool, rows: &mut Rows) {
    let status = answer.status;
    let mut fact = format!("HTTP {status}");
    if let Some(location) = answer.header("location") {
        fact.extend([" → ", in_short(location)]);
    }
    match odd(answer).filter(|_| !known) {
        None => rows.add(NAME, Finding::Ok, told!("{}", "{}"), &fact),
        Some(told) => rows.add(NAME, Finding::Warning, told, &fact),
    }
}

fn odd(answer: &Answer) -> Option<&'static str> {
    Some(match answer.status {
        300..=399 => told!(
            "{}（转向）",
            "{} (a redirect)",
            "动态库不跟随转向：填平台给的最终地址；转向登录页时，先完成上网认证",
            "redirects are not followed: set the platform's own address; where it leads to a login page, log in to the network first"
        ),
        401 | 403 => told!(
            "{}",
            "{}",
            "网关拒绝本机：请平台把医院的出口 IP 加入白名单",
            "a gateway refuses this machine: have the platform allow the hospital's outgoing IP"
        ),
        404 => told!(
            "{}",
            "{}",
            "路径不对：与平台给的地址逐字核对",
            "the path is wrong: compare the address letter by letter with the platform's"
        ),
        407 => told!("{}", "{}", "代理要登录：写在 http.proxy 里", "a proxy wants a login: give it in http.proxy"),
        502..=504 => told!(
            "{}",
            "{}",
            "平台的网关在，服务不在：联系平台",
            "the gateway is up, the service is not: ask the platform"
        ),
        200 if is_page(answer) => told!(
            "{}，是网页",
            "{}, a web page",
            "可能是上网认证页或别的网站：用浏览器打开该地址看看，核对主机和路径",
            "perhaps the network's login page, or another site: open the address in a browser, check host and path"
        ),
        _ => return None,
    })
}

fn is_page(answer: &Answer) -> bool {
    let html = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    html || answer.body.trim_ascii_start().starts_with(b"<")
}

/// Adds that no answer came to a GET that was sent.
pub fn none(failure: &Failure, rows: &mut Rows) {
    let told = if failure.code == Code::Timeout {
        told!(
            "等待应答超时",
            "no answer came in time",
            "平台可能繁忙，或被中间设备拦截：稍后再试，再问平台和网络管理员",
            "the platform may be busy, or something between holds it: try again, then ask the platform and the network's people"
        )
    } else {
        told!(
            "对方没有应答就断开了",
            "the other side hung up without an answer",
            "核对端口，以及 http 与 https 是否写反",
            "check the port, and whether it should be http or https"
        )
    };
    rows.add(NAME, Finding::Failed, told, "");
}
