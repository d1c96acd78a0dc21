//! `selftest`: what may stand between this machine and its platforms, checked one by one, each with what to do about it.
//! Moves nothing, books nothing, leaves nothing behind.

mod answer;
mod books;
mod clock;
mod identity;
mod row;
mod settings;
mod vectors;
mod way;

use std::sync::Arc;
use std::time::Instant;

use self::row::{Finding, Row};
use self::way::Way;
use crate::http::Url;
use crate::reply::{Data, Error};
use crate::request::Request;
use crate::settings::Profile;

const ONEPAY: &str = "onepay";
const GLORY: &str = "glory";

/// `selftest`
pub fn selftest(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let profile = request.profile()?;
    let only = request.fields().choice("platform", &[(ONEPAY, ONEPAY), (GLORY, GLORY)])?;
    let deadline = request.deadline(&profile)?;
    let rows = checks(&profile, only, deadline)?;
    let language = request.language();
    data.objects("checks", &rows, |out, row| row.write(language, out));
    data.bool("passed", rows.iter().all(|row| row.finding != Finding::Failed));
    Ok(())
}

/// All rows. Fails where the one platform that is asked for is not the profile's.
fn checks(profile: &Arc<Profile>, only: Option<&str>, deadline: Instant) -> Result<Vec<Row>, Error> {
    let wanted = |platform: &str| only.is_none_or(|only| only == platform);
    let onepay = match only {
        Some(ONEPAY) => Some(profile.onepay()?),
        _ => profile.onepay.as_ref().filter(|_| wanted(ONEPAY)),
    };
    let glory = match only {
        Some(GLORY) => Some(profile.glory()?),
        _ => profile.glory.as_ref().filter(|_| wanted(GLORY)),
    };
    // What waits for a disk or a server goes on beside what waits for the network.
    let books = books::begin(profile);
    let mut rows = vec![vectors::row()];
    rows.extend(settings::of_client(&profile.client));
    if let Some(onepay) = onepay {
        rows.extend(settings::of_onepay(onepay));
        rows.extend(walked(profile, ONEPAY, onepay.url.as_ref(), deadline));
    }
    if let Some(glory) = glory {
        rows.extend(settings::of_glory(glory));
        let url = glory.url().ok().map(|url| url.join(identity::CARDS));
        rows.extend(walked(profile, GLORY, url.as_ref(), deadline));
    }
    rows.push(books.end(deadline));
    Ok(rows)
}

fn walked(profile: &Profile, platform: &'static str, url: Option<&Url>, deadline: Instant) -> Vec<Row> {
    let rows = match url {
        None => way::without_address(),
        Some(url) => Way { profile, platform, url, deadline }.walk(),
    };
    rows.into_iter().map(|row| row.of(platform)).collect()
}
