//! The addresses of the page and of its calls.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, Uri};
use axum::middleware::map_response;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use hyper::body::Bytes;
use serde_json::Value;

use super::{calls, hand, pages};
use crate::control::{Answer, Failed, reading};
use crate::platform::Platform;

/// The page, at `/console`, and its calls below.
pub fn router(platform: &Arc<Platform>) -> Router {
    let by_hand = |call: fn(&Platform, &Value) -> Answer| {
        let platform = platform.clone();
        // The search for a mistake may take a while, and all ports share a thread.
        post(move |body: Bytes| async move {
            let value = reading::json(&body)?;
            let done = tokio::task::spawn_blocking(move || call(&platform, &value)).await;
            done.unwrap_or_else(|error| Err(Failed::because(error.to_string())))
        })
    };
    let listing = |call: fn(&Platform, u64) -> Answer| {
        let platform = platform.clone();
        get(move |uri: Uri| async move { after(&uri).and_then(|after| call(&platform, after)) })
    };
    let request = {
        let platform = platform.clone();
        move |Path(id): Path<u64>| calls::request(platform, id)
    };
    let mut router = Router::new()
        .route("/", get(|| async { Redirect::temporary("/console") }))
        .route("/console", get(pages::INDEX))
        .route("/console/requests", listing(calls::requests))
        .route("/console/requests/{id}", get(request))
        .route("/console/about", listing(|platform, _| calls::about(platform)))
        .route("/console/roster", listing(calls::roster))
        .route("/console/onepay/open", by_hand(hand::open))
        .route("/console/onepay/seal", by_hand(hand::seal))
        .route("/console/glory/sign", by_hand(hand::sign))
        .route("/console/glory/verify", by_hand(hand::verify));
    for (name, file) in pages::FILES {
        router = router.route(&format!("/console/{name}"), get(*file));
    }
    router.layer(map_response(guarded))
}

async fn guarded(mut response: Response) -> Response {
    for (name, value) in pages::HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The query's `after`; 0 where there is none.
fn after(uri: &Uri) -> Result<u64, Failed> {
    let Some(query) = uri.query() else { return Ok(0) };
    let number = query.strip_prefix("after=").and_then(|number| number.parse().ok());
    number.ok_or_else(|| Failed::because("the query must be after=NUMBER"))
}
