//! THE table of operations, and the way from a name and a request text to a reply text.
//!
//! The rows stand in `operations/table.rs`. This file turns them into [`OPERATIONS`]; `build.rs` turns the same rows
//! into the exported C functions and, through cbindgen, into `include/hislink.h`.

pub mod describe;

use crate::reply::{self, Data, Error};
use crate::request::Request;

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
    match Request::read(text) {
        Ok(request) => {
            let run = |data: &mut Data<'_>| {
                request.check_members(operation.members)?;
                (operation.run)(&request, data)
            };
            let reply = reply::of(run, request.tag(), request.language(), (2 * text.len()).min(MOST_ROOM));
            if request.is_insecure() { reply::insecure(reply, request.tag()) } else { reply }
        }
        Err(error) => reply::of_error(&error, None, reply::Language::default()),
    }
}
