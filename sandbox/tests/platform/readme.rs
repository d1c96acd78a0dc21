//! The READMEs name everything there is.

use hislink_sandbox::glory::services::PATHS;
use hislink_sandbox::refusal::CODES;
use hislink_sandbox::services::SERVICES;

const READMES: [&str; 2] = [include_str!("../../README.md"), include_str!("../../README.zh-CN.md")];

const FAULTS: [&str; 20] = [
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
    "repeatCursor",
    "backwards",
    "tooManyRows",
    "badRow",
];

const CALLS: [&str; 10] = [
    "/control/state",
    "/control/books",
    "/control/reset",
    "/control/faults",
    "/control/accounts",
    "/control/orders/",
    "/control/notification",
    "/control/notify",
    "/control/glory/cards",
    "/control/glory/check",
];

#[test]
fn services_codes_faults_and_calls_are_described() {
    for readme in READMES {
        for name in SERVICES.iter().chain(PATHS).chain(&CALLS) {
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
