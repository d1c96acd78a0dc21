//! The documentation: what is generated in it is what the code says, and what it points at is there.
// A test may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(missing_docs)]

mod host;
mod support;

#[path = "documentation/dress.rs"]
mod dress;
#[path = "documentation/errors.rs"]
mod errors;
#[path = "documentation/links.rs"]
mod links;
#[path = "documentation/operations.rs"]
mod operations;
#[path = "documentation/page.rs"]
mod page;
#[path = "documentation/rooms.rs"]
mod rooms;
#[path = "documentation/settings.rs"]
mod settings;
