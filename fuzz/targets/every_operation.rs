//! Every operation by its own exported function: the first byte picks it, the rest is the request.
#![no_main]

use hislink_fuzz::{exported, harmless, judge, mutator, site};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    site::enter();
    mutator::request(data, size, max_size, seed, 1)
});

fuzz_target!(|data: &[u8]| -> Corpus {
    site::enter();
    let Some((pick, request)) = data.split_first() else { return Corpus::Reject };
    // The library's own end, now and then; it can be used again after it.
    if *pick == u8::MAX {
        hislink::abi::hislink_shutdown();
    }
    let operation = exported::picked(*pick);
    let request = request.split(|byte| *byte == 0).next().unwrap_or_default();
    if std::str::from_utf8(request).is_ok_and(|text| !harmless::is_harmless(operation.name, text)) {
        return Corpus::Reject;
    }
    let reply = operation.reply(request);
    judge::judge(operation.name, request, &reply);
    if judge::succeeded(&reply) {
        match operation.name {
            // It may have made another of one of the harness's profiles.
            "configure" => site::configure(site::NOWHERE),
            "glory_listen" => drop(exported::reply("glory_unlisten", "{\"profile\":\"kept\"}")),
            "onepay_sign" | "onepay_verify" | "onepay_encrypt" | "onepay_decrypt" | "describe" => {
                assert_eq!(operation.reply(request), reply, "{}: not the same again", operation.name);
            }
            _ => {}
        }
    }
    Corpus::Keep
});
