//! `docs/errors.md` and its twin: each code with its cause, what became of the money, what to do, and a reply that shows it.

use std::fs;

use hislink::reply::Code;
use serde_json::Value;

use super::page::{Language, in_repository};

#[test]
fn each_code_has_a_cause_the_money_a_cure_and_a_reply() {
    for language in Language::BOTH {
        let page = language.page("errors");
        let text = fs::read_to_string(in_repository("docs").join(&page)).unwrap();
        for code in Code::ALL {
            let code = code.as_str();
            let (_, section) =
                text.split_once(&format!("\n## {code}\n")).unwrap_or_else(|| panic!("{code} in docs/{page}"));
            let section = section.split("\n## ").next().unwrap();
            for part in language.pick(["钱：", "何时出现：", "怎么办："], ["Money: ", "When:", "Do:"]) {
                assert!(section.contains(&format!("\n{part}")), "docs/{page}: {code} has no \"{part}\"");
            }
            let replies = section.split("```json\n").skip(1).map(|block| block.split("```").next().unwrap());
            let shown = replies.filter(|reply| {
                let reply: Value =
                    serde_json::from_str(reply).unwrap_or_else(|error| panic!("docs/{page}: {code}: {error}"));
                reply["code"] == code
            });
            // This one is never in a reply.
            assert!(shown.count() > 0 || code == Code::BufferTooSmall.as_str(), "docs/{page}: no reply shows {code}");
        }
    }
}
