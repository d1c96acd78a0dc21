//! What must hold of every reply, whatever was asked.

use hislink::json::{self, Json, to_text};
use hislink::reply::{Code, Status};

use crate::site::{KEY, SECRET};

/// Panics unless the reply is one that the contract knows.
pub fn judge(operation: &str, request: &[u8], reply: &str) {
    // By a reader that is not the library's own, too; it goes 128 levels deep.
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(reply) {
        assert!(error.to_string().starts_with("recursion limit"), "{operation}: {error}: {reply}");
    }
    let read = json::read_reply(reply).unwrap_or_else(|error| panic!("{operation}: {error:?}: {reply}"));
    let member = |name: &str| read.as_object().and_then(|reply| reply.get(name));
    let word = |name| member(name).and_then(Json::as_str).unwrap_or_default();
    let (status, code) = (word("status"), word("code"));
    assert!(Status::ALL.iter().any(|known| known.as_str() == status), "{operation}: status {status:?}: {reply}");
    assert!(Code::of(code).is_some_and(|code| code != Code::Internal), "{operation}: code {code:?}: {reply}");
    // A query whose trade is not done is told by its status alone.
    assert!(status != "succeeded" || code == "OK", "{operation}: {reply}");
    assert!(status != "rejected" || code != "OK", "{operation}: {reply}");
    assert!(status != "succeeded" || member("data").is_some(), "{operation}: no data: {reply}");
    assert!(!word("message").is_empty(), "{operation}: no message: {reply}");
    assert!(code != "BAD_FIELD" || word("field").starts_with('/'), "{operation}: no field: {reply}");
    if let Some(request) = std::str::from_utf8(request).ok().and_then(|text| json::read(text).ok()) {
        let tag = request.as_object().and_then(|request| request.get("tag"));
        assert_eq!(tag.map(to_text), member("tag").map(to_text), "{operation}: {reply}");
        keeps_secrets(operation, &request, reply);
    }
}

/// The status of a reply.
pub fn succeeded(reply: &str) -> bool {
    reply.starts_with("{\"status\":\"succeeded\"")
}

/// The text of a member of a reply, numbers as they were written.
pub fn member(reply: &str, pointer: &str) -> String {
    let read = json::read_reply(reply).unwrap_or_else(|error| panic!("{error:?}: {reply}"));
    to_text(json::find(&read, pointer).unwrap_or_else(|| panic!("no {pointer}: {reply}")))
}

/// No secret stands in a reply unless the host wrote the same text somewhere else in its request. Of secrets in the
/// request only those that no text holds by chance.
fn keeps_secrets(operation: &str, request: &Json<'_>, reply: &str) {
    let whole = to_text(request);
    let given = ["/onepay/appSecret", "/glory/key"].into_iter().filter_map(|place| json::find(request, place));
    let rare = |secret: &str| secret.len() >= 16 && secret.contains(|character: char| character.is_ascii_digit());
    let given = given.filter(|secret| secret.as_str().is_some_and(rare)).map(to_text);
    let secrets = [(SECRET.to_owned(), 0), (KEY.to_owned(), 0)].into_iter().chain(given.map(|secret| (secret, 1)));
    for (secret, times) in secrets {
        let secret = secret.trim_matches('"');
        let elsewhere = whole.matches(secret).count() > times;
        assert!(elsewhere || !reply.contains(secret), "{operation} tells the secret {secret}: {reply}");
    }
}
