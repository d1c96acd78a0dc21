//! Who the card platform takes requests from: one hospital with its account and key.

use hislink::json::{Json, Object};
use hislink::settings::Glory;

/// The account id that the document prints.
pub const SID: &str = "47258258201708031835123456";

/// The key that the document prints.
pub const KEY: &str = "4fd6b8105f894d0da964b1e80b07b136";

/// The hospital's code; the document prints none.
pub const ORG_CODE: &str = "350100001";

/// How numbers of a body are signed: the document asks for one and prints a sign of the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum GloryNumbers {
    /// As they are written.
    #[default]
    Literal,
    /// Without exponent and trailing zeros.
    Plain,
}

/// The hospital's settings, of which the library's signing takes its key.
///
/// Fails with a message in English where the account id could not travel in a header, or something is empty.
pub fn settings(sid: &str, key: &str, org_code: &str, numbers: GloryNumbers) -> Result<Glory, String> {
    if sid.is_empty() || !sid.bytes().all(|byte| byte.is_ascii_graphic()) || key.is_empty() || org_code.is_empty() {
        return Err("the glory account id must be printable ASCII, and key and orgCode must not be empty".into());
    }
    let numbers = if numbers == GloryNumbers::Plain { "plain" } else { "literal" };
    let mut object = Object::default();
    for (name, value) in [("sid", sid), ("key", key), ("orgCode", org_code), ("numbers", numbers)] {
        object.set(name, Json::String(value.into()));
    }
    Glory::read(&object).map_err(|error| error.details().words.en.clone())
}
