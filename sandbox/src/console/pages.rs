//! The page's files, built in.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, REFERRER_POLICY};
use axum::http::header::{CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::response::{IntoResponse, Response};

/// Nothing from elsewhere, nothing inline, and no text that becomes markup.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/// The page itself.
pub const INDEX: File = File("text/html; charset=utf-8", include_str!("page/index.html"));

/// What it loads, by name.
pub const FILES: &[(&str, File)] = &[
    ("console.css", File("text/css; charset=utf-8", include_str!("page/console.css"))),
    ("icon.svg", File("image/svg+xml", include_str!("page/icon.svg"))),
    ("console.js", script(include_str!("page/console.js"))),
    ("strings.js", script(include_str!("page/strings.js"))),
    ("dom.js", script(include_str!("page/dom.js"))),
    ("api.js", script(include_str!("page/api.js"))),
    ("tabs.js", script(include_str!("page/tabs.js"))),
    ("requests.js", script(include_str!("page/requests.js"))),
    ("detail.js", script(include_str!("page/detail.js"))),
    ("books.js", script(include_str!("page/books.js"))),
    ("cards.js", script(include_str!("page/cards.js"))),
    ("faults.js", script(include_str!("page/faults.js"))),
    ("hand.js", script(include_str!("page/hand.js"))),
];

/// A file's type and content.
#[derive(Clone, Copy)]
pub struct File(&'static str, &'static str);

const fn script(text: &'static str) -> File {
    File("text/javascript; charset=utf-8", text)
}

impl IntoResponse for File {
    fn into_response(self) -> Response {
        let Self(kind, text) = self;
        ([(CONTENT_TYPE, kind)], text).into_response()
    }
}

/// What every answer to the page says beside its content.
pub const HEADERS: [(HeaderName, &str); 5] = [
    (CONTENT_SECURITY_POLICY, POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];
