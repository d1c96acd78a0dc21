//! Every operation by the caller-buffer call that takes and gives GBK.
#![no_main]

use hislink_fuzz::calls::{self, HEAD};
use hislink_fuzz::{forms, mutator, site};
use libfuzzer_sys::{Corpus, fuzz_mutator, fuzz_target};

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    site::enter();
    mutator::request(data, size, max_size, seed, HEAD)
});

fuzz_target!(|data: &[u8]| -> Corpus {
    site::enter();
    calls::run(&forms::OF_GBK, data)
});
