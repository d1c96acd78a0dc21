//! The `onepay_*` operations of the C contract: from a request's members to the rooms that do the work.

use std::borrow::Cow;
use std::time::Duration;

use super::asking::word_of;
use super::booking::Booking;
use super::notice::Notice;
use super::trade::{self, Order, Service};
use super::{cipher, envelope, explain, param, sign};
use crate::clock;
use crate::journal::end;
use crate::json::{self, Json, Object};
use crate::log;
use crate::reply::{Data, Error, words};
use crate::request::Request;
use crate::settings::Profile;

/// `onepay_sign`
pub fn sign(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.onepay()?;
    let message = request.document("message")?;
    let sign_type = sign::type_of(&message).map_err(in_message)?;
    let text = sign::envelope_text(&message, settings.key_order).map_err(in_message)?;
    data.string("sign", &sign::sign(&text, settings.secret()?.expose(), sign_type))
        .string("text", &sign::masked(&text));
    Ok(())
}

/// `onepay_verify`
pub fn verify(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.onepay()?;
    let message = signed_message(request)?;
    envelope::verify_either(&message, settings).map_err(in_message)?;
    data.bool("verified", true);
    Ok(())
}

/// `onepay_explain`
pub fn explain(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.onepay()?;
    let message = signed_message(request)?;
    let explained = explain::explain(&message, settings).map_err(in_message)?;
    explained.write(request.language(), data);
    Ok(())
}

/// A message that has a sign.
fn signed_message<'r>(request: &'r Request<'_>) -> Result<Cow<'r, Object<'r>>, Error> {
    let message = request.document("message")?;
    if !message.get("sign").is_some_and(sign::is_signed) {
        return Err(Error::field("/message/sign", words!("报文没有 sign", "the message has no sign")));
    }
    Ok(message)
}

/// `onepay_encrypt`
pub fn encrypt(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.onepay()?;
    let fields = request.fields();
    let encrypted = match (fields.string("text")?, fields.get("param")) {
        (Some(text), None) => {
            let encrypted = cipher::encrypt(text, settings.encrypt_type, settings);
            encrypted.map_err(|error| error.below_unless_settings("/text"))?
        }
        (None, Some(param)) => envelope::encrypted(param, settings, String::new())?,
        (None, None) => return Err(fields.missing("text")),
        (Some(_), Some(_)) => {
            return Err(Error::field(
                "/text",
                words!("text 与 param 只能给一个", "text and param cannot both be given"),
            ));
        }
    };
    data.string("encryptData", &encrypted);
    Ok(())
}

/// `onepay_decrypt`
pub fn decrypt(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.onepay()?;
    let fields = request.fields();
    let encrypted = fields.string("encryptData")?.ok_or_else(|| fields.missing("encryptData"))?;
    let text = cipher::decrypt(encrypted, settings.encrypt_type, settings)
        .map_err(|error| error.below_unless_settings("/encryptData"))?;
    data.string("text", &text);
    if let Ok(param @ (Json::Object(_) | Json::Array(_))) = json::read(&text) {
        data.value("param", &param);
    }
    Ok(())
}

/// `onepay_seal`
pub fn seal(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.onepay()?;
    let timestamp = request.fields().string("timestamp")?;
    if timestamp.is_some_and(|stamp| !clock::is_stamp(stamp)) {
        let words = words!("timestamp 应为真实的 yyyyMMddHHmmss", "timestamp must be a real yyyyMMddHHmmss");
        return Err(Error::field("/timestamp", words));
    }
    let timestamp = timestamp.map_or_else(|| Cow::Owned(clock::stamp()), Cow::Borrowed);
    let (trans_type, param) = (trans_type(request)?, any_param(request)?);
    data.object("message", |message| envelope::seal(settings, trans_type, param, &timestamp, message))?;
    log::signed(profile.log.as_ref(), || {
        envelope::request_text(settings, trans_type, param, &timestamp).ok().map(|text| sign::masked(&text))
    });
    Ok(())
}

/// `onepay_open`
pub fn open(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.onepay()?;
    let message = request.document("message")?;
    let plain = envelope::decrypted(&message, settings).map_err(in_message)?;
    let opened = envelope::open(&message, plain.as_deref(), settings).map_err(in_message)?;
    let param = json::to_text(&opened.param);
    data.bool("verified", opened.verified).raw("param", &param).object("message", |whole| {
        for (name, value) in message.iter().filter(|(name, _)| name != "param") {
            match name.as_ref() {
                "encryptData" if plain.is_some() => whole.raw("param", &param),
                name => whole.entry(name, value),
            };
        }
        if plain.is_none() {
            whole.raw("param", &param);
        }
    });
    let notice = opened.param.as_object().filter(|_| opened.verified);
    if let Some(notice) = notice.and_then(|param| Notice::of_notification(&message, param, settings)) {
        let learnt = end::of(|end| {
            end.raw("param", &param).bool("notified", true);
            Ok(())
        });
        notice.settle(&profile, &learnt, data);
    }
    Ok(())
}

/// `onepay_transact`
pub fn transact(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    trade::transact(&profile, trans_type(request)?, any_param(request)?, request.limit()?, data)
}

/// `onepay_account_info`
pub fn account_info(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    run(request, &trade::ACCOUNT_INFO, data)
}

/// `onepay_recharge`
pub fn recharge(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    run(request, &trade::RECHARGE, data)
}

/// `onepay_refund`
pub fn refund(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    run(request, &trade::REFUND, data)
}

/// `onepay_query`
pub fn query(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    run(request, &trade::QUERY, data)
}

/// `onepay_details`
pub fn details(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    run(request, &trade::DETAILS, data)
}

/// `onepay_wristband_account`
pub fn wristband_account(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    run(request, &trade::WRISTBAND_ACCOUNT, data)
}

/// `onepay_wristband_code`
pub fn wristband_code(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    run(request, &trade::WRISTBAND_CODE, data)
}

/// Checks a named service's `param` and runs it.
fn run(request: &Request<'_>, service: &Service, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let settings = profile.onepay()?;
    let fields = request.fields();
    let order_no = ("orderNo", fields.string("orderNo")?);
    let refund_no = ("refundNo", fields.string("refundNo")?);
    let mut members: Object<'_> = match fields.object("param")? {
        Some(param) => param.clone(),
        None if order_no.1.or(refund_no.1).is_some() && matches!(service.order, Order::Given | Order::Queried) => {
            Object::default()
        }
        None => return Err(fields.missing("param")),
    };
    match service.order {
        Order::Absent => {}
        Order::Given => param::settle_order(&mut members, &settings.order_field, order_no)?,
        Order::Queried => {
            param::settle_order(&mut members, &settings.order_field, order_no)?;
            param::settle_order(&mut members, &settings.refund_field, refund_no)?;
        }
        Order::Needed => {
            param::settle_order(&mut members, &settings.order_field, order_no)?;
            param::require(&members, &settings.order_field)?;
        }
        Order::RefundNeeded => {
            param::settle_order(&mut members, &settings.refund_field, order_no)?;
            param::require(&members, &settings.refund_field)?;
        }
    }
    for field in service.required {
        param::require(&members, field)?;
    }
    param::check_texts(&members, service.texts)?;
    param::check_codes(&members)?;
    param::check_amounts(&members, &settings.amount_fields)?;
    let limit = request.limit()?;
    match service.order {
        Order::Needed | Order::RefundNeeded => {
            Booking::new(&profile, service, members)?.run(request.deadline(&profile)?, data)
        }
        Order::Queried => queried(&profile, members, limit, data),
        Order::Absent | Order::Given => {
            trade::transact(&profile, service.trans_type, &Json::Object(members), limit, data)
        }
    }
}

/// Runs a query; what it tells of an order that the journal calls open, the journal learns.
fn queried(profile: &Profile, asked: Object<'_>, limit: Option<Duration>, data: &mut Data<'_>) -> Result<(), Error> {
    let asked = Json::Object(asked);
    let end = end::of(|data| trade::transact(profile, trade::QUERY.trans_type, &asked, limit, data));
    let word = word_of(&end);
    let read = word.as_deref().and_then(|word| json::read(word).ok());
    let notice = asked.as_object().zip(read.as_ref().and_then(Json::as_object));
    let end = match notice.and_then(|(asked, param)| Notice::of_query(asked, param, profile.onepay.as_ref()?)) {
        Some(notice) => end::with(end.clone(), |data| notice.settle(profile, &end, data)),
        None => end,
    };
    data.members(&end?);
    Ok(())
}

fn in_message(error: Error) -> Error {
    error.below_unless_settings("/message")
}

fn trans_type<'r>(request: &'r Request<'_>) -> Result<&'r str, Error> {
    let fields = request.fields();
    let given = fields.string("transType")?.filter(|text| !text.trim().is_empty());
    given.ok_or_else(|| fields.missing("transType"))
}

fn any_param<'r, 'a>(request: &'r Request<'a>) -> Result<&'r Json<'a>, Error> {
    let fields = request.fields();
    fields.get("param").ok_or_else(|| fields.missing("param"))
}
