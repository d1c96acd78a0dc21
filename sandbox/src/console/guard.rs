//! Who may use the control port: programs, and this port's own page. A web page from elsewhere that a browser on this
//! machine shows is neither to press the buttons nor to read along.

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN, REFERER};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::control::Failed;

/// Says where in the browser a request comes from; only browsers send it.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets a request through, or refuses it with 403.
pub async fn guard(request: Request, next: Next) -> Response {
    match check(request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(message) => Failed(StatusCode::FORBIDDEN, message).into_response(),
    }
}

fn check(method: &Method, headers: &HeaderMap) -> Result<(), String> {
    let value = |name| headers.get(&name).map(|value| value.to_str().unwrap_or_default());
    // The port is on a loopback address only: another name was bent to it.
    let host = value(HOST).unwrap_or_default();
    if !is_loopback(host) {
        return Err(format!("Host must be 127.0.0.1, localhost or [::1], not {host:?}"));
    }
    let own = format!("http://{host}");
    if let Some(origin) = value(ORIGIN).filter(|origin| !origin.eq_ignore_ascii_case(&own)) {
        return Err(format!("a page of {origin:?} may not use the sandbox"));
    }
    if matches!(*method, Method::GET | Method::HEAD) {
        return Ok(());
    }
    let (site, referer) = (value(SEC_FETCH_SITE), value(REFERER));
    if site.is_some_and(|site| site != "same-origin") {
        return Err("a page from elsewhere may not use the sandbox".to_owned());
    }
    if let Some(page) = referer.filter(|page| !page.starts_with(&format!("{own}/"))) {
        return Err(format!("a page of {page:?} may not use the sandbox"));
    }
    let from_browser = value(ORIGIN).or(site).or(referer).is_some();
    let says_json = value(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
    if from_browser && !says_json {
        return Err("a browser must send Content-Type: application/json".to_owned());
    }
    Ok(())
}

fn is_loopback(host: &str) -> bool {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let name = match host.rsplit_once(':') {
        Some((name, port)) if is_port(port) => name,
        _ => host,
    };
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|known| name.eq_ignore_ascii_case(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(method: Method, headers: &[(&'static str, &str)]) -> bool {
        let pairs = headers.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        check(&method, &pairs.collect()).is_ok()
    }

    #[test]
    fn hosts_are_those_of_this_machine() {
        for host in ["127.0.0.1", "127.0.0.1:18081", "localhost:1", "LocalHost", "[::1]", "[::1]:18081"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in
            ["", "evil.example", "127.0.0.1.evil.example:18081", "127.0.0.1:", "::1", "[::1]:x", "10.0.0.1:18081"]
        {
            assert!(!is_loopback(host), "{host}");
        }
    }

    #[test]
    fn programs_and_the_own_page_may_and_other_pages_may_not() {
        let host = ("host", "127.0.0.1:18081");
        let (own, other) = (("origin", "http://127.0.0.1:18081"), ("origin", "http://evil.example"));
        let json = ("content-type", "application/json; charset=utf-8");
        assert!(allowed(Method::POST, &[host]), "curl");
        assert!(allowed(Method::POST, &[host, ("content-type", "application/x-www-form-urlencoded")]), "curl -d");
        assert!(allowed(Method::GET, &[host, ("referer", "http://docs.example/")]), "a link");
        assert!(allowed(Method::POST, &[host, own, json, ("sec-fetch-site", "same-origin")]));
        for (method, headers) in [
            (Method::GET, vec![("host", "evil.example:18081")]),
            (Method::GET, vec![]),
            (Method::GET, vec![host, other]),
            (Method::GET, vec![host, ("origin", "null")]),
            (Method::POST, vec![host, other, json]),
            (Method::POST, vec![host, ("origin", "http://127.0.0.1:8000"), json]),
            (Method::POST, vec![host, own]),
            (Method::POST, vec![host, own, ("content-type", "text/plain")]),
            (Method::DELETE, vec![host, json, ("sec-fetch-site", "cross-site")]),
            (Method::POST, vec![host, json, ("referer", "http://127.0.0.1:18081.evil.example/")]),
            (Method::POST, vec![host, ("referer", "http://127.0.0.1:18081/console")]),
        ] {
            assert!(!allowed(method.clone(), &headers), "{method} {headers:?}");
        }
    }
}
