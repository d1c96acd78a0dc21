//! Whether what answers at the address is a web service, and whether it looks like the platform's.

use std::time::Instant;

use super::row::{Advice, Finding, Row};
use crate::http::{Answer, Failure};
use crate::reply::{Code, in_short, words};

/// The check's name.
pub const NAME: &str = "answer";

/// What came to a GET. Any HTTP status will do, since services take POST; some point to something else that answers. Where
/// the platform has shown that it is there, nothing of this matters.
pub fn row(answer: &Answer, begun: Instant, identity: Finding) -> Row {
    let status = answer.status;
    let plain = words!("HTTP {status}", "HTTP {status}");
    let odd = if identity == Finding::Ok { None } else { advice(answer) };
    let Some(advice) = odd else { return Row::ok(NAME, plain).since(begun) };
    let words = match answer.header("location").map(in_short) {
        Some(location) if (300..400).contains(&status) => {
            words!("HTTP {status}，转向 {location}", "HTTP {status}, to {location}")
        }
        _ if status == 200 => words!("HTTP 200，是网页而不是服务", "HTTP 200 with a web page, which is no service"),
        _ => plain,
    };
    Row::warning(NAME, words, advice).since(begun)
}

fn advice(answer: &Answer) -> Option<Advice> {
    Some(match answer.status {
        300..=399 => (
            "动态库从不跟随转向：把地址改成平台给的最终地址；转向到登录页说明上网要先认证",
            "redirects are never followed: set the address that the platform told; where this leads to a login page, the network wants you to log in first",
        ),
        401 | 403 => (
            "网关或防火墙拒绝本机：请平台把医院的出口地址加入白名单",
            "a gateway refuses this machine: have the platform allow the hospital's outgoing address",
        ),
        404 => (
            "地址的路径不对：与平台给的服务地址逐字核对",
            "the path in the address is wrong: compare it letter by letter with what the platform told",
        ),
        407 => (
            "代理要求登录：在 http.proxy 里写用户名和密码",
            "a proxy wants a login: give user and password in http.proxy",
        ),
        502..=504 => {
            ("网关在，平台不在：联系平台", "the gateway is there and the platform behind it is not: ask the platform")
        }
        200 if is_page(answer) => (
            "可能是上网认证页或别的网站：在本机用浏览器打开该地址看看，并核对主机和路径",
            "perhaps a login page of the network, or another site: open the address in a browser on this machine, and check host and path",
        ),
        _ => return None,
    })
}

fn is_page(answer: &Answer) -> bool {
    let html = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/html"));
    html || answer.body.trim_ascii_start().starts_with(b"<")
}

/// No answer came to a GET that was sent.
pub fn none(failure: &Failure) -> Row {
    let words = match failure.code {
        Code::Timeout => words!("等待应答超时", "no answer came in time"),
        _ => words!("对方没有给出 HTTP 应答就断开了", "the other side hung up without an HTTP answer"),
    };
    let advice = (
        "核对端口和 http/https 是否写反；对方若是平台，可能繁忙或被中间设备拦截，请联系平台和网络管理员",
        "check the port, and whether it should be http or https; where it is the platform, it may be busy, or something between cuts it off: ask the platform and the network's administrator",
    );
    Row::failed(NAME, words, advice)
}
