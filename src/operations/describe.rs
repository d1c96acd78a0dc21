//! `describe`: what this library is and knows.

use super::OPERATIONS;
use crate::reply::{Data, Error};
use crate::request::Request;
use crate::settings::registry;
use crate::{glory, onepay};

/// `describe`
pub fn describe(_: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let dictionaries = [onepay::dictionary::DICTIONARIES, glory::dictionary::DICTIONARIES].concat();
    data.string("version", env!("CARGO_PKG_VERSION"))
        .objects("operations", OPERATIONS, |row, operation| {
            row.string("name", operation.name).string("does", operation.does);
        })
        .objects("dictionaries", &dictionaries, |row, dictionary| {
            row.string("platform", dictionary.platform)
                .string("field", dictionary.field)
                .string("section", dictionary.section)
                .string("name", dictionary.name)
                .objects("entries", dictionary.entries, |row, entry| {
                    row.string("code", entry.code).string("name", entry.name);
                });
        });
    data.object("profiles", |profiles| {
        for profile in registry::all() {
            profiles.entry_object(&profile.name, |masked| profile.write_masked(masked));
        }
    });
    Ok(())
}
