//! Envelopes from the platform's side: opening requests, sealing answers and notifications.

mod members;
mod open;
mod seal;

pub use members::Members;
pub use open::{Request, Unopened, open, signing_text};
pub use seal::{Answer, Content, notification, refuse, request, seal};
