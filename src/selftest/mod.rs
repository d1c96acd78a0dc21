//! `selftest`: what may stand between this machine and its platforms, checked one by one, each with what to do about it.
//! Moves nothing, books nothing, leaves nothing behind.

mod answer;
mod books;
mod clock;
mod identity;
mod log;
mod row;
mod settings;
mod vectors;
mod way;

use std::sync::Arc;
use std::time::Instant;

use self::row::Rows;
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
    // The one platform that is asked for must be the profile's.
    match only {
        Some(ONEPAY) => profile.onepay().map(|_| ())?,
        Some(_) => profile.glory().map(|_| ())?,
        None => {}
    }
    let mut rows = Rows::new(request.language());
    run(&profile, only, deadline, &mut rows);
    data.objects("checks", &rows.list, |out, row| row.write(out));
    data.bool("passed", rows.passed());
    Ok(())
}

fn run(profile: &Arc<Profile>, only: Option<&str>, deadline: Instant, rows: &mut Rows) {
    // What waits for a disk or a database goes on beside what waits for the platforms.
    let books = books::begin(profile, Rows::new(rows.language));
    vectors::check(rows);
    settings::of_client(&profile.client, rows);
    if let Some(onepay) = profile.onepay.as_ref().filter(|_| only != Some(GLORY)) {
        rows.platform = ONEPAY;
        settings::of_onepay(onepay, rows);
        walk(profile, onepay.url.as_ref(), deadline, rows);
    }
    if let Some(glory) = profile.glory.as_ref().filter(|_| only != Some(ONEPAY)) {
        rows.platform = GLORY;
        settings::of_glory(glory, rows);
        let url = glory.url().ok().map(|url| url.join(identity::CARDS));
        walk(profile, url.as_ref(), deadline, rows);
    }
    rows.platform = "";
    books.end(deadline, rows);
    log::check(profile, rows);
}

fn walk(profile: &Profile, url: Option<&Url>, deadline: Instant, rows: &mut Rows) {
    match url {
        None => way::NAMES.iter().for_each(|name| rows.skip(name, settings::NAME)),
        Some(url) => Way { profile, url, deadline }.walk(rows),
    }
}
