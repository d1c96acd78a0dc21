//! The proof that no money is lost or doubled: several processes move it through the C contract, while they and the
//! platforms are killed at any moment and every fault of the platforms strikes. Afterwards what is open is settled as a
//! host would settle it, and journal, books and what the processes were told are compared to the last fen.
//!
//! A short run is a usual test. `HISLINK_PROOF_TRANSACTIONS=10000 HISLINK_PROOF_KILLS=1000 cargo test --test money_proof
//! -- --nocapture` is a long one, `HISLINK_PROOF_SEED` runs a failure's chances again, `HISLINK_PROOF_WORKERS` sets how
//! many processes work at a time. The ignored tests need more: a PostgreSQL server's programs, or root for a small disk;
//! the two that are named as parts are the processes of a run.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

#[path = "money_proof/children.rs"]
mod children;
#[path = "money_proof/database.rs"]
mod database;
#[path = "money_proof/disk.rs"]
mod disk;
#[path = "money_proof/faults.rs"]
mod faults;
mod host;
#[path = "money_proof/moves.rs"]
mod moves;
#[path = "money_proof/platform.rs"]
mod platform;
#[path = "support/postgres_server.rs"]
mod postgres_server;
#[path = "money_proof/proof.rs"]
mod proof;
#[path = "money_proof/random.rs"]
mod random;
#[path = "money_proof/record.rs"]
mod record;
#[path = "money_proof/settling.rs"]
mod settling;
#[path = "money_proof/siege.rs"]
mod siege;
#[path = "money_proof/site.rs"]
mod site;
mod support;
#[path = "money_proof/worker.rs"]
mod worker;

use std::path::Path;
use std::time::{Duration, Instant};

use database::Server;
use disk::Disk;
use platform::Platform;
use postgres_server::ports;
use proof::Proof;
use siege::{Extent, Fair, Siege, Weather};
use site::Site;

fn number(name: &str) -> Option<usize> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// As told by the environment, else a short run.
fn extent(transactions: usize, kills: usize, storms: usize) -> Extent {
    let transactions = number("HISLINK_PROOF_TRANSACTIONS").unwrap_or(transactions);
    let kills = number("HISLINK_PROOF_KILLS").unwrap_or(kills);
    let most = Duration::from_secs(120 + 2 * kills as u64 + transactions as u64 / 5);
    Extent { transactions, kills, storms, workers: number("HISLINK_PROOF_WORKERS").unwrap_or(4), most }
}

fn seed() -> u64 {
    number("HISLINK_PROOF_SEED").map_or_else(record::now, |seed| seed as u64)
}

fn sqlite(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// A run and its proof; a folder stays only where it failed.
fn prove(site: &Site, extent: Extent, weather: &mut impl Weather) {
    println!("seed {}, folder {}", site.seed, site.folder.display());
    settling::configure(site);
    let platform = Platform::start(site);
    let before = platform.books();
    let (platform, figures) = Siege::new(site, extent, platform).run(weather);
    let settling_begun = Instant::now();
    let open = settling::settle_all(site, &platform, Duration::from_secs(90));
    let took = settling_begun.elapsed();
    let after = platform.books();
    let compared = Proof::check(site, &before, &after);
    println!("{figures:?}\n{compared:?}\nopen at the end: {open}, settled in {took:?}");
    host::shutdown();
    drop(platform);
    let _ = std::fs::remove_dir_all(&site.folder);
}

#[test]
fn no_money_is_lost_or_doubled() {
    let site = Site::new("sqlite", seed(), |folder| sqlite(&folder.join("hislink.db")));
    prove(&site, extent(300, 20, 0), &mut Fair);
}

#[test]
#[ignore = "needs root"]
fn nor_by_a_disk_that_is_full_now_and_then() {
    let site = Site::new("disk", seed(), |folder| sqlite(&folder.join("small").join("hislink.db")));
    let mut disk = Disk::mount(site.folder.join("small"));
    prove(&site, extent(300, 20, 20), &mut disk);
    let spill = disk::spill_file(&site.data, site.store.strip_prefix("sqlite:").unwrap());
    let kept = std::fs::metadata(&spill).map_or(0, |file| file.len());
    assert_eq!(kept, 0, "{} was not brought in", spill.display());
    drop(disk);
    let _ = std::fs::remove_dir_all(&site.folder);
}

#[test]
#[ignore = "needs PostgreSQL's server programs"]
fn nor_by_a_postgres_server_that_loses_its_power() {
    let mut server = Server::start();
    let site = Site::new("postgres", seed(), |_| server.store());
    prove(&site, extent(120, 8, 3), &mut server);
}

#[test]
#[ignore = "a part: a worker of a run"]
fn a_worker() {
    worker::work();
}

#[test]
#[ignore = "a part: the platforms of a run"]
fn the_platforms() {
    platform::serve();
}
