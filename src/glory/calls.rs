//! The `glory_*` operations of the C contract: from a request's members to the rooms that do the work.

use super::check::{self, Answer, Received};
use super::deduct::{Desk, Done};
use super::deduction;
use super::exchange::{self, Signature};
use super::explain::{self, Headers};
use crate::clock;
use crate::journal::Journal;
use crate::json::{self, Json, Object};
use crate::reply::{Data, Error, Words, words};
use crate::request::Request;
use crate::settings::Profile;

/// Where the platform's own services are; `/deductCheck` is the hospital's.
const PLATFORM_PATHS: &str = "/glorycard/";

/// `glory_sign`
pub fn sign(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let timestamp = request.fields().string("timestamp")?;
    if timestamp.is_some_and(|stamp| stamp.len() != 14 || !clock::is_stamp(stamp)) {
        let words = words!("timestamp 应为真实的 yyyyMMddHHmmss", "timestamp must be a real yyyyMMddHHmmss");
        return Err(Error::field("/timestamp", words));
    }
    let (signature, text) =
        exchange::signed(profile.glory()?, &*request.document("body")?, timestamp).map_err(in_body)?;
    data.object("headers", |headers| write_signature(headers, &signature));
    data.string("text", &text);
    Ok(())
}

fn write_signature(headers: &mut Data<'_>, signature: &Signature) {
    headers.string("sid", &signature.sid).string("timestamp", &signature.timestamp).string("sign", &signature.sign);
}

/// `glory_verify`
pub fn verify(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let headers = request.fields().object("headers")?.ok_or_else(|| request.fields().missing("headers"))?;
    let (timestamp, sign) = (header(headers, "timestamp")?, header(headers, "sign")?);
    exchange::verify(profile.glory()?, &*request.document("body")?, timestamp, sign).map_err(in_body)?;
    data.bool("verified", true);
    Ok(())
}

/// `glory_explain`
pub fn explain(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let headers = request.fields().object("headers")?.ok_or_else(|| request.fields().missing("headers"))?;
    let headers = Headers {
        sid: any_header(headers, "sid"),
        timestamp: header(headers, "timestamp")?,
        sign: header(headers, "sign")?,
    };
    let body = request.document("body")?;
    explain::explain(&body, headers, profile.glory()?).map_err(in_body)?.write(request.language(), data);
    Ok(())
}

/// `glory_transact`
pub fn transact(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let fields = request.fields();
    let path = fields.string("path")?.ok_or_else(|| fields.missing("path"))?;
    if !is_platform_path(path) {
        let words = words!(
            "path 应为平台的服务路径，如 /glorycard/store/all",
            "path must be a service of the platform, such as /glorycard/store/all"
        );
        return Err(Error::field("/path", words));
    }
    let answer = exchange::transact(&profile, path, &*request.document("body")?, request.limit()?)?;
    data.raw("body", &answer);
    Ok(())
}

/// `glory_deduct`
pub fn deduct(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let wanted = deduction::read(&request.fields(), sending_org(&profile)?)?;
    let journal = Journal::of_deductions(&profile)?;
    let done = desk(request, &profile, &journal)?.deduct(&wanted)?;
    tell(request, data, &wanted.deduction_id, "1", &done);
    Ok(())
}

/// `glory_cancel`
pub fn cancel(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let org = sending_org(&profile)?;
    let wanted = deduction::read_cancellation(&request.fields(), org)?;
    let journal = Journal::of_deductions(&profile)?;
    let done = desk(request, &profile, &journal)?.cancel(org, &wanted)?;
    tell(request, data, &wanted.deduction_id, "0", &done);
    Ok(())
}

/// `glory_check`
pub fn check(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let fields = request.fields();
    let headers = fields.object("headers")?.ok_or_else(|| fields.missing("headers"))?;
    let received = Received {
        sid: any_header(headers, "sid"),
        timestamp: any_header(headers, "timestamp"),
        sign: any_header(headers, "sign"),
    };
    let read;
    let body = match fields.get("body") {
        Some(Json::Object(body)) => Some(body),
        // What the platform sent is for the platform to hear of.
        Some(Json::String(text)) => {
            read = json::read(text).ok();
            read.as_ref().and_then(Json::as_object)
        }
        Some(_) => {
            let words =
                words!("body 必须是 JSON 对象，或收到的文本", "body must be a JSON object, or the text that came");
            return Err(Error::field("/body", words));
        }
        None => return Err(fields.missing("body")),
    };
    let answer = check::answer(&profile, clock::second(), received, body)?;
    match &answer.fault {
        None => write_answer(data, &answer),
        Some(fault) => return Err(fault.clone().with_data(|data| write_answer(data, &answer))),
    }
    Ok(())
}

fn write_answer(data: &mut Data<'_>, answer: &Answer) {
    data.object("headers", |headers| write_signature(headers, &answer.signature));
    data.raw("body", &answer.body);
    if let Some(refusal) = answer.refused {
        data.string("refused", refusal.as_str());
    }
}

/// The hospital's code, of settings that have all that sending takes: nothing is written down that cannot be sent.
fn sending_org(profile: &Profile) -> Result<&str, Error> {
    let settings = profile.glory()?;
    settings.require_identity()?;
    settings.url()?;
    settings.org_code()
}

fn desk<'c>(request: &Request<'_>, profile: &'c Profile, journal: &'c Journal) -> Result<Desk<'c, &'c Profile>, Error> {
    Ok(Desk { journal, platform: profile, deadline: request.deadline(profile)? })
}

fn tell(request: &Request<'_>, data: &mut Data<'_>, deduction_id: &str, status: &str, done: &Done) {
    data.string("deductionID", deduction_id).string("status", status);
    match &done.message {
        Some(message) => data.string("responseMessage", message),
        None => data.bool("replayed", true),
    };
    if let Some(error) = &done.unwritten {
        let Words { zh, en } = &error.details().words;
        let words = words!("平台已受理；{zh}", "the platform took it; {en}");
        data.warning(words.text(request.language()));
    }
}

fn is_platform_path(path: &str) -> bool {
    let clean = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'-' | b'.'));
    clean
        && path.starts_with(PLATFORM_PATHS)
        && path.split('/').skip(1).all(|part| !part.is_empty() && !part.starts_with('.'))
}

fn header<'h>(headers: &'h Object<'_>, name: &str) -> Result<&'h str, Error> {
    any_header(headers, name).ok_or_else(|| {
        Error::field(format!("/headers/{name}"), words!("缺少请求头 {name}", "the header {name} is missing"))
    })
}

/// A header by its name in any case, as web servers hand them on.
fn any_header<'h>(headers: &'h Object<'_>, name: &str) -> Option<&'h str> {
    headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).and_then(|(_, value)| value.as_scalar())
}

fn in_body(error: Error) -> Error {
    error.below_unless_settings("/body")
}
