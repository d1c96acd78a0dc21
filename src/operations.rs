//! THE table of operations, and the way from a name and a request text to a reply text.
//!
//! The rows stand in `operations/table.rs`. This file turns them into [`OPERATIONS`]; `build.rs` turns the same rows
//! into the exported C functions and, through cbindgen, into `include/hislink.h`.

pub mod describe;

use std::time::Instant;

use crate::glory::{deduct, roster};
use crate::json::{self, ObjectWriter};
use crate::log::Call;
use crate::onepay::trade;
use crate::reply::{self, Data, Error};
use crate::request::Request;
use crate::settings::registry;

/// The room that a reply is given before its work begins, twice the request, but no more than this: what is larger grows
/// to its own size.
const MOST_ROOM: usize = 64 * 1024;

/// One row of the table.
#[derive(Debug)]
pub struct Operation {
    /// The name in the C contract without `hislink_`, such as `onepay_recharge`.
    pub name: &'static str,
    /// What it does, in a line.
    pub does: &'static str,
    /// The members that a request may carry besides the common ones.
    pub members: &'static [&'static str],
    run: fn(&Request<'_>, &mut Data<'_>) -> Result<(), Error>,
}

macro_rules! operations {
    ($($name:ident => $run:path {
        members: [$($member:literal),*],
        does: $does:literal,
        request: $request:literal,
        reply: $reply:literal,
        errors: $errors:literal,
        example: $example:literal,
    })*) => {
        /// Every operation, in the order of the documentation.
        pub const OPERATIONS: &[Operation] = &[$(Operation {
            name: stringify!($name),
            does: $does,
            members: &[$($member),*],
            run: $run,
        }),*];

        /// The row of each operation by name, for the exported functions.
        #[allow(missing_docs)]
        pub mod row {
            $(#[allow(non_upper_case_globals)] pub const $name: usize = Index::$name as usize;)*
            #[allow(non_camel_case_types)]
            enum Index { $($name),* }
        }
    };
}
include!("operations/table.rs");

/// The operation of that name.
pub fn find(name: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.name == name)
}

/// Runs an operation on a request text and gives the reply text, whatever comes.
///
/// The reply is written in the profile's language; a request that names no known profile is answered in Chinese.
pub fn call(operation: &Operation, text: &str) -> String {
    let request = match Request::read(text) {
        Ok(request) => request,
        Err(error) => return refused(operation.name, &error),
    };
    let begun = Instant::now();
    let makes_its_log = operation.name == "configure";
    let log = if makes_its_log { None } else { request.log() };
    let mut logged = Call::begin(log, operation.name, service_of(operation.name), Some(&request));
    let run = |data: &mut Data<'_>| {
        request.check_members(operation.members)?;
        (operation.run)(&request, data)
    };
    let language = request.language();
    let (mut reply, error) = reply::of(run, request.tag(), language, (2 * text.len()).min(MOST_ROOM));
    if request.is_insecure() {
        reply = reply::insecure(reply, request.tag());
    }
    if makes_its_log {
        logged = of_configure(&request, &reply, begun);
    }
    if let Some(logged) = logged {
        logged.end(error.as_ref(), &reply, language);
    }
    reply
}

/// The reply to a request that cannot be read, which the profile `default` logs.
pub fn refused(name: &'static str, error: &Error) -> String {
    let reply = reply::of_error(error, None, reply::Language::default());
    let log = registry::find("default").and_then(|profile| profile.log.clone());
    if let Some(logged) = Call::begin(log, name, None, None) {
        logged.end(Some(error), &reply, reply::Language::default());
    }
    reply
}

/// The log of the profile that `configure` made, or of the one that it left as it was.
fn of_configure<'r>(request: &'r Request<'r>, reply: &str, begun: Instant) -> Option<Call<'r>> {
    let made = json::member_text(reply, "/data/profile");
    let profile = registry::find(made.as_deref().or(request.profile_name().ok())?)?;
    let logged = Call::of_the_past(profile.log.clone(), "configure", request, begun)?;
    if made.is_some() {
        // What it was given holds secrets, perhaps under a name spelt wrongly: what came of it is shown.
        logged.show("settings", &ObjectWriter::text(|out| profile.write_masked(out)));
    }
    Some(logged)
}

/// The platform's service that an operation runs, where it is always the same.
fn service_of(name: &str) -> Option<&'static str> {
    Some(match name {
        "onepay_account_info" => trade::ACCOUNT_INFO.trans_type,
        "onepay_recharge" => trade::RECHARGE.trans_type,
        "onepay_refund" => trade::REFUND.trans_type,
        "onepay_query" => trade::QUERY.trans_type,
        "onepay_details" => trade::DETAILS.trans_type,
        "onepay_wristband_account" => trade::WRISTBAND_ACCOUNT.trans_type,
        "onepay_wristband_code" => trade::WRISTBAND_CODE.trans_type,
        "glory_deduct" => deduct::DEDUCT,
        "glory_cancel" => deduct::CANCEL,
        "glory_sync" => roster::SERVICE,
        _ => return None,
    })
}
