//! What makes an order this order and no other: its content, and its amount.

use std::borrow::Cow;

use super::param::fen;
use super::sign;
use super::trade::{REFUND, Service};
use crate::json::{self, Json, Object, to_text};
use crate::reply::Error;
use crate::settings::{KeyOrder, Onepay};

/// The first member of `param` that holds yuan. A refund may name its recharge's amount beside its own.
pub fn amount_in<'s>(param: &Object<'_>, settings: &'s Onepay, service: &Service) -> Option<(&'s str, i64)> {
    let amount = |field: &'s String| Some((field.as_str(), param.get(field)?.as_scalar().and_then(fen)?));
    let refund = service.trans_type == REFUND.trans_type;
    let is_its_own = |field: &&String| field.to_ascii_lowercase().contains("refund") == refund;
    let mut fields = settings.amount_fields.iter();
    fields.clone().filter(is_its_own).find_map(amount).or_else(|| fields.find_map(amount))
}

/// The member of a `param`'s text that holds its amount, and the amount in fen.
pub fn amount_of<'s>(param: &str, settings: &'s Onepay, service: &Service) -> Option<(&'s str, i64)> {
    amount_in(json::read(param).ok()?.as_object()?, settings, service)
}

/// The content as one text, in which equal amounts and equal scalars are spelt alike whatever the host's spelling.
pub fn content_of(param: &Json<'_>, settings: &Onepay) -> Result<String, Error> {
    let Some(object) = param.as_object() else { return Ok(to_text(param)) };
    let mut content = object.clone();
    for field in &settings.amount_fields {
        if let Some(fen) = object.get(field).and_then(Json::as_scalar).and_then(fen) {
            content.set(field.as_str(), Json::Number(Cow::Owned(fen.to_string())));
        }
    }
    let content = Json::Object(content);
    sign::signing_text([("param", &content)].into_iter(), KeyOrder::Ascii)
}
