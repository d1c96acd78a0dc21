//! A call into the caller's buffer, with everything that a host may do to it, held against the plain function.

use hislink::json;
use libfuzzer_sys::Corpus;

use crate::exported::picked;
use crate::forms::{Form, Layout, Unit};
use crate::{harmless, judge, site};

/// How many bytes of an input say how to call: operation, layout, capacity.
pub const HEAD: usize = 4;

/// What gives the same reply again, so that two forms can be compared.
const SAME_AGAIN: [&str; 10] = [
    "describe",
    "onepay_sign",
    "onepay_verify",
    "onepay_explain",
    "onepay_encrypt",
    "onepay_decrypt",
    "onepay_open",
    "glory_verify",
    "glory_explain",
    "journal_list",
];

/// Runs one input.
pub fn run<U: Unit>(form: &Form<U>, data: &[u8]) -> Corpus {
    let Some(([pick, flags, low, high], text)) = data.split_first_chunk::<HEAD>() else { return Corpus::Reject };
    let flag = |bit: u8| flags >> bit & 1 == 1;
    let operation = picked(*pick);
    let units = if flag(0) {
        U::units(text)
    } else {
        let Ok(text) = std::str::from_utf8(text) else { return Corpus::Reject };
        (form.write)(text)
    };
    let seen = units.split(|unit| *unit == U::default()).next().unwrap_or_default();
    let read = (form.read)(seen);
    if read.as_ref().is_some_and(|text| !harmless::is_harmless(operation.name, text)) {
        return Corpus::Reject;
    }
    let name = format!("{}{}", if flag(3) { "hislink_" } else { "" }, operation.name);
    // Some capacities are no capacities.
    let capacity = if flag(4) { -i32::from(*low) } else { i32::from(u16::from_le_bytes([*low, *high])) };
    let layout = Layout { odd: flag(1), endless: flag(2), capacity };
    let request = if flag(2) { seen } else { &units };
    let (status, reply) = form.call(&(form.write)(&name), request, layout);
    let reply = (form.read)(&reply).expect("a reply in its form");
    judge::judge(operation.name, read.as_deref().unwrap_or_default().as_bytes(), &reply);
    let told = judge::member(&reply, "/status");
    let known = [("\"succeeded\"", 0), ("\"failed\"", 1), ("\"unknown\"", 2), ("\"pending\"", 3), ("\"rejected\"", -1)];
    assert!(known.contains(&(told.as_str(), status)), "{status}: {reply}");
    match &read {
        Some(text) if SAME_AGAIN.contains(&operation.name) => {
            assert_eq!(spelt(&operation.reply(text.as_bytes())), spelt(&reply))
        }
        Some(_) => {}
        None => assert_eq!(judge::member(&reply, "/code"), "\"BAD_ENCODING\""),
    }
    if status == 0 && operation.name == "configure" {
        site::configure(site::NOWHERE);
    }
    if status == 0 && operation.name == "glory_listen" {
        crate::exported::reply("glory_unlisten", "{\"profile\":\"kept\"}");
    }
    Corpus::Keep
}

/// A reply with every character spelt alike, escaped or not.
fn spelt(reply: &str) -> String {
    json::read_reply(reply).map_or_else(|error| panic!("{error:?}: {reply}"), |reply| json::to_text(&reply))
}
