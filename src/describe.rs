//! `describe`: what this library is and knows.

use crate::json::ObjectWriter;
use crate::onepay::dictionary::DICTIONARIES;
use crate::operations::OPERATIONS;
use crate::reply::{Data, Error};
use crate::request::Request;
use crate::settings::registry;

/// `describe`
pub fn describe(_: &Request<'_>) -> Result<Data, Error> {
    let mut data = ObjectWriter::new();
    data.string("version", env!("CARGO_PKG_VERSION"))
        .raw(
            "operations",
            &list(OPERATIONS.iter().map(|operation| {
                let mut row = ObjectWriter::new();
                row.string("name", operation.name).string("does", operation.does);
                row.finish()
            })),
        )
        .raw(
            "dictionaries",
            &list(DICTIONARIES.iter().map(|dictionary| {
                let mut row = ObjectWriter::new();
                row.string("field", dictionary.field)
                    .string("section", dictionary.section)
                    .string("name", dictionary.name)
                    .raw(
                        "entries",
                        &list(dictionary.entries.iter().map(|entry| {
                            let mut row = ObjectWriter::new();
                            row.string("code", entry.code).string("name", entry.name);
                            row.finish()
                        })),
                    );
                row.finish()
            })),
        );
    let mut profiles = ObjectWriter::new();
    for profile in registry::all() {
        profiles.raw(&profile.name, &profile.masked());
    }
    data.raw("profiles", &profiles.finish());
    Ok(data.into())
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}
