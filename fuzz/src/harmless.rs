//! Which requests may be run: those that read, write and connect nowhere outside the site, and do not wait there. Members are looked at by their
//! name, wherever they stand, with the library's own reader, so that no other spelling gets past.

use std::net::SocketAddr;
use std::path::Component;

use hislink::http::Url;
use hislink::json::{self, Json};
use hislink::store::Location;

use crate::site::NOWHERE;

/// Whether the request may be run. One that the library cannot read may: it goes no further.
pub fn is_harmless(operation: &str, request: &str) -> bool {
    let Ok(request) = json::read(request) else { return true };
    let profile = request.as_object().and_then(|request| request.get("profile")).and_then(Json::as_str);
    // A configured profile stays until the process ends: there may be a few.
    let known = profile.is_none_or(|name| ["default", "kept", "file", "", "p"].contains(&name));
    (operation != "configure" || known) && holds(&request)
}

fn holds(value: &Json<'_>) -> bool {
    match value {
        Json::Object(object) => object.iter().all(|(name, value)| match value {
            Json::String(text) => may_be(name, text),
            // What cannot be sent is tried again while there is time.
            Json::Number(limit) if name == "timeoutMs" => limit.parse::<u64>().map_or(true, |limit| limit <= 400),
            other => holds(other),
        }),
        Json::Array(items) => items.iter().all(holds),
        _ => true,
    }
}

fn may_be(name: &str, text: &str) -> bool {
    match name {
        "url" => text == NOWHERE || Url::parse(text, "").is_err(),
        "proxy" => text.is_empty() || text == "http://127.0.0.1:1",
        "store" => match Location::parse(text) {
            None | Some(Location::None | Location::UsersData) => true,
            Some(Location::Sqlite(_)) => text.strip_prefix("sqlite:").is_some_and(is_in_folder),
            Some(Location::Postgres(_)) => text == "postgres://u:p@127.0.0.1:1/d",
        },
        "file" | "caFile" | "clientCertFile" | "clientKeyFile" | "certFile" | "keyFile" | "dir" => is_in_folder(text),
        "bind" => text.parse::<SocketAddr>().map_or(true, |address| address.ip().is_loopback() && address.port() == 0),
        _ => true,
    }
}

/// A short name right in the site's folder.
fn is_in_folder(path: &str) -> bool {
    let mut parts = std::path::Path::new(path).components();
    path.len() <= 16
        && !path.contains('/')
        && matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None))
}
