//! The main job in one command: `cargo run --example demo`.
//!
//! Starts the sandbox of both platforms in this process, loads the built dynamic library as a host program would, serves
//! a patient at a window and reduces a fee. For each step it shows what the host asked, what was signed, sent and answered.

#![allow(clippy::indexing_slicing)] // indexing a serde_json Value gives null where there is nothing

mod cards;
mod host;
mod payments;
mod stage;

use std::error::Error;

use hislink_sandbox::{Options, Sandbox};
use host::{Host, dynamic_library};
use stage::Stage;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let sandbox = Sandbox::start(Options { cards: 2_345, ..Options::default() })?;
    let stage = Stage::new(Host::load()?, sandbox)?;
    println!("The library    {}, version {}", dynamic_library()?.display(), stage.host.version()?);
    println!("The platforms  {}, {}", stage.sandbox.http_url(), stage.sandbox.glory_url());
    println!("               (sandboxes in this process)");
    stage.configure()?;

    payments::serve_a_patient(&stage)?;
    payments::band_an_inpatient(&stage)?;
    payments::lose_an_answer(&stage)?;
    payments::refuse_a_typing_error(&stage)?;

    cards::sync_the_roster(&stage)?;
    let card = cards::look_a_card_up(&stage)?;
    let number = cards::deduct(&stage, &card)?;
    let url = cards::answer_the_platform(&stage)?;
    cards::cancel(&stage, &number, &url)?;
    payments::look_at_the_books(&stage)?;

    println!("\nDone. What you saw is the C contract: include/hislink.h, examples-c/, README.md.");
    Ok(())
}
