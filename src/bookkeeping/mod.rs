//! The books as people look at them: what the journal holds, what became of an entry, and where it differs from what the
//! platforms have. The only room that knows both platforms.

mod list;
mod reconcile;
mod resolve;

pub use list::list;
pub use reconcile::reconcile;
pub use resolve::resolve;

use crate::journal::Journal;
use crate::reply::{Code, Error, words};
use crate::settings::Profile;
use crate::store::EntryKind;

/// A profile's journals, with the kinds of entries in each.
pub(crate) fn journals(profile: &Profile) -> Result<Vec<(Journal, &'static [EntryKind])>, Error> {
    let mut journals = Vec::new();
    if profile.onepay.is_some()
        && let Some(orders) = Journal::of_orders(profile)?
    {
        journals.push((orders, [EntryKind::Order].as_slice()));
    }
    // A profile that only looks up cards need not name its hospital.
    if profile.location.keeps() && profile.glory.as_ref().is_some_and(|settings| settings.org_code().is_ok()) {
        journals.push((Journal::of_deductions(profile)?, &[EntryKind::Deduction, EntryKind::Cancellation]));
    }
    if journals.is_empty() {
        return Err(no_journal());
    }
    Ok(journals)
}

fn no_journal() -> Error {
    let words = words!("store 设为 none，没有流水", "store is set to none: there is no journal");
    Error::rejected(Code::BadSettings, "/store", words)
}
