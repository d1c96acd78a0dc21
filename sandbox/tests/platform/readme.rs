//! The READMEs name everything there is.

use hislink_sandbox::refusal::CODES;
use hislink_sandbox::services::SERVICES;

const READMES: [&str; 2] = [include_str!("../../README.md"), include_str!("../../README.zh-CN.md")];

const FAULTS: [&str; 16] = [
    "delay",
    "dropBefore",
    "dropAfter",
    "resetMidAnswer",
    "http",
    "wrongSign",
    "unsigned",
    "truncated",
    "shortBody",
    "gbk",
    "clock",
    "notJson",
    "undecryptable",
    "refuse",
    "tradeState",
    "slow",
];

const CALLS: [&str; 7] = [
    "/control/state",
    "/control/reset",
    "/control/faults",
    "/control/accounts",
    "/control/orders/",
    "/control/notification",
    "/control/notify",
];

#[test]
fn services_codes_faults_and_calls_are_described() {
    for readme in READMES {
        for name in SERVICES.iter().chain(&CALLS) {
            assert!(readme.contains(name), "{name}");
        }
        for (code, meaning) in CODES {
            assert!(readme.contains(&format!("{code} | {meaning}")), "{code} {meaning}");
        }
        for fault in FAULTS {
            assert!(readme.contains(&format!("\"fault\":\"{fault}\"")), "{fault}");
        }
    }
}
