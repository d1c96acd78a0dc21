//! The calls of the page that show something.

use std::sync::Arc;

use axum::http::StatusCode;
use hislink::glory::explain::Headers;
use hislink::settings::{EncryptType, KeyOrder, Numbers, SignType};
use serde_json::{Value, json};

use super::exchange::{Exchange, KEPT_BYTES, Kept};
use super::look::{self, Looked};
use super::ring::{MOST_BYTES, MOST_REQUESTS};
use crate::control::{Answer, Answered, Failed};
use crate::faults::Plan;
use crate::glory::paging;
use crate::platform::Platform;
use crate::refusal::CODES;

/// Rows of the roster on a page.
const ROWS: u64 = 20;

/// `GET /console/requests?after=REVISION`: those that came or changed since, oldest first.
pub fn requests(platform: &Platform, after: u64) -> Answer {
    let (Some(watch), Some(ring)) = (&platform.console.0, platform.console.ring()) else { return Err(off()) };
    let rows: Vec<_> = ring.after(after).map(|exchange| json!(exchange.row())).collect();
    Ok(Answered::Json(json!({
        "run": watch.run, "revision": ring.revision(), "first": ring.first(), "rows": rows,
        "faults": platform.faults().count(),
    })))
}

/// `GET /console/requests/{id}`: one in full, with what the platform made of it.
pub async fn request(platform: Arc<Platform>, id: u64) -> Answer {
    let kept = platform.console.ring().and_then(|ring| ring.get(id).cloned());
    let kept = kept.ok_or_else(|| Failed(StatusCode::NOT_FOUND, format!("request {id} is not kept")))?;
    // The search for a mistake may take a while, and all ports share a thread.
    let told = tokio::task::spawn_blocking(move || whole(&kept, &platform)).await;
    told.map(Answered::Json).map_err(|error| Failed(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

/// `GET /console/about`: who and where the platforms are. The secrets are for play, like all else here.
pub fn about(platform: &Platform) -> Answer {
    let Some(watch) = &platform.console.0 else { return Err(off()) };
    let (onepay, glory) = (&platform.settings, &platform.glory.settings);
    Ok(Answered::Json(json!({
        "run": watch.run,
        "version": env!("CARGO_PKG_VERSION"),
        "urls": watch.urls,
        "onepay": {
            "appId": onepay.app_id().unwrap_or_default(),
            "appSecret": onepay.secret().map(|secret| secret.expose()).unwrap_or_default(),
            "keyOrder": if onepay.key_order == KeyOrder::Sdk { "sdk" } else { "ascii" },
            "services": crate::services::SERVICES,
            "signTypes": words(SignType::CHOICES),
            "encryptTypes": words(EncryptType::CHOICES),
        },
        "glory": {
            "sid": glory.sid().unwrap_or_default(),
            "key": glory.key().map(|key| key.expose()).unwrap_or_default(),
            "orgCode": glory.org_code().unwrap_or_default(),
            "numbers": if glory.numbers == Numbers::Plain { "plain" } else { "literal" },
            "paths": crate::glory::services::PATHS,
        },
        "codes": CODES.iter().map(|(code, _)| code).collect::<Vec<_>>(),
        "kept": { "requests": MOST_REQUESTS, "bytes": MOST_BYTES, "bodyBytes": KEPT_BYTES },
    })))
}

/// `GET /console/roster?after=DATAID`: the next rows, and how many there are.
pub fn roster(platform: &Platform, after: u64) -> Answer {
    let size = platform.glory.roster().size();
    let page = paging::page(after, size.min(after.saturating_add(ROWS)), &Plan::default());
    Ok(Answered::Text(format!("{{\"size\":{size},\"rows\":{}}}", page.json)))
}

fn off() -> Failed {
    Failed(StatusCode::NOT_FOUND, "the console is off".to_owned())
}

fn words<T>(choices: &[(&'static str, T)]) -> Vec<&'static str> {
    choices.iter().map(|(word, _)| *word).filter(|word| !word.is_empty()).collect()
}

fn whole(kept: &Exchange, platform: &Platform) -> Value {
    let looked = looked_into(&kept.body, &kept.headers, true, kept.platform, platform);
    // What was answered is the platform's own: no mistake is sought in it.
    let answer = kept.answer.as_ref();
    let answer = answer.map(|answer| looked_into(&answer.body, &answer.headers, false, kept.platform, platform));
    kept.whole(&looked, &answer.unwrap_or_default())
}

fn looked_into(body: &Kept, headers: &[(String, String)], search: bool, whose: &str, platform: &Platform) -> Value {
    let (text, _) = body.text();
    match whose {
        "onepay" => json!(look::onepay(&text, search, &platform.settings)),
        "glory" => json!(of_glory(&text, headers, search, platform)),
        _ => Value::Null,
    }
}

fn of_glory(text: &str, headers: &[(String, String)], search: bool, platform: &Platform) -> Looked {
    let value = |name: &str| headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let headers = Headers {
        sid: value("sid"),
        timestamp: value("timestamp").unwrap_or_default(),
        sign: value("sign").unwrap_or_default(),
    };
    look::glory(text, headers, search, &platform.glory.settings)
}
