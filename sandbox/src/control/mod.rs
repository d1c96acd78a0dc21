//! The control interface: JSON over HTTP, for people and tests. `README.md` has a curl line for each call.

mod calls;
pub(crate) mod reading;

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::from_fn;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper::body::Bytes;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::console;
use crate::journal::{Denied, Unwritten};
use crate::platform::Platform;
use crate::refusal::Refusal;

/// The calls, as an unknown address is answered.
const CALLS: &[&str] = &[
    "GET /control/state",
    "GET /control/books",
    "POST /control/reset",
    "GET /control/faults",
    "POST /control/faults",
    "DELETE /control/faults",
    "POST /control/accounts",
    "POST /control/orders/{outChargeNo or outRefundNo}",
    "POST /control/notification",
    "POST /control/notify",
    "POST /control/glory/cards",
    "POST /control/glory/check",
];

/// Serves the control interface until the task is dropped.
pub async fn serve(listener: TcpListener, platform: Arc<Platform>) {
    // It ends only with an error of accepting, which the service ports would meet too.
    let _ = axum::serve(listener, router(&platform)).await;
}

fn router(platform: &Arc<Platform>) -> Router {
    let with = |call: fn(&Platform, &Value) -> Answer| {
        let platform = platform.clone();
        move |body: Bytes| async move { reading::json(&body).and_then(|value| call(&platform, &value)) }
    };
    let settle = {
        let platform = platform.clone();
        move |Path(number): Path<String>, body: Bytes| async move {
            reading::json(&body).and_then(|value| calls::settle(&platform, &number, &value))
        }
    };
    let notify = {
        let platform = platform.clone();
        move |body: Bytes| async move { calls::notify(platform, reading::json(&body)?).await }
    };
    let check = {
        let platform = platform.clone();
        move |body: Bytes| async move { calls::check(platform, reading::json(&body)?).await }
    };
    let calls = if platform.console.is_on() { console::router(platform) } else { Router::new() };
    calls
        .route("/control/state", get(with(|platform, _| Ok(Answered::Json(platform.state())))))
        .route("/control/books", get(with(|platform, _| Ok(Answered::Json(platform.books_json())))))
        .route("/control/reset", post(with(calls::reset)))
        .route(
            "/control/faults",
            get(with(|platform, _| Ok(Answered::Json(json!(&*platform.faults())))))
                .post(with(calls::set_fault))
                .delete(with(calls::clear_faults)),
        )
        .route("/control/accounts", post(with(calls::put_account)))
        .route("/control/orders/{number}", post(settle))
        .route("/control/notification", post(with(calls::notification)))
        .route("/control/notify", post(notify))
        .route("/control/glory/cards", post(with(calls::add_cards)))
        .route("/control/glory/check", post(check))
        .fallback(|| async { Failed(StatusCode::NOT_FOUND, format!("the calls are: {}", CALLS.join(", "))) })
        .method_not_allowed_fallback(|| async {
            Failed(StatusCode::METHOD_NOT_ALLOWED, format!("the calls are: {}", CALLS.join(", ")))
        })
        .layer(from_fn(console::guard))
}

/// What a call answers.
pub(crate) enum Answered {
    /// A value.
    Json(Value),
    /// JSON text, byte for byte.
    Text(String),
}

/// What a call could not do: `{"error": ...}`.
pub(crate) struct Failed(pub StatusCode, pub String);

pub(crate) type Answer = Result<Answered, Failed>;

impl Failed {
    pub(crate) fn because(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into())
    }
}

impl From<Unwritten> for Failed {
    fn from(Unwritten(message): Unwritten) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, message)
    }
}

impl From<Denied<Refusal>> for Failed {
    fn from(denied: Denied<Refusal>) -> Self {
        match denied {
            Denied::Refused(refusal) => Self(StatusCode::CONFLICT, refusal.message),
            Denied::Unwritten(error) => error.into(),
        }
    }
}

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        let text = match self {
            Self::Json(value) => format!("{value:#}\n"),
            Self::Text(text) => text,
        };
        ([(CONTENT_TYPE, "application/json;charset=UTF-8")], text).into_response()
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> Response {
        (self.0, Answered::Json(json!({ "error": self.1 }))).into_response()
    }
}
