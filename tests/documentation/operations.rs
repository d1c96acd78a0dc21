//! `docs/operations.md` and its twin, from THE table and from its Chinese.

use std::fmt::Write;
use std::fs;

use hislink_sandbox::{Options, Sandbox};
use serde_json::Value;

use super::dress::{codes, dressed, operations_in, words};
use super::host::call_text;
use super::page::{Language, hold, in_repository};

struct Texts {
    name: &'static str,
    does: &'static str,
    request: &'static str,
    reply: &'static str,
    errors: &'static str,
}

struct Row {
    members: &'static [&'static str],
    example: &'static str,
    texts: Texts,
}

macro_rules! operations {
    ($($name:ident => $run:path {
        members: [$($member:literal),*],
        does: $does:literal,
        request: $request:literal,
        reply: $reply:literal,
        errors: $errors:literal,
        example: $example:literal,
    })*) => {
        const TABLE: &[Row] = &[$(Row {
            members: &[$($member),*],
            example: $example,
            texts: Texts { name: stringify!($name), does: $does, request: $request, reply: $reply, errors: $errors },
        }),*];
    };
}
include!("../../src/operations/table.rs");

macro_rules! operations_in_chinese {
    ($($name:ident { does: $does:literal, request: $request:literal, reply: $reply:literal, errors: $errors:literal, })*) => {
        const CHINESE: &[Texts] = &[$(Texts {
            name: stringify!($name), does: $does, request: $request, reply: $reply, errors: $errors,
        }),*];
    };
}
include!("../../src/operations/table.zh.rs");

impl Texts {
    fn all(&self) -> [(&'static str, &'static str); 4] {
        [("does", self.does), ("request", self.request), ("reply", self.reply), ("errors", self.errors)]
    }
}

/// The parts of the page, and whose name belongs there.
const GROUPS: &[(&str, &str, fn(&str) -> bool)] = &[
    ("动态库自己", "The library itself", |name| {
        !["onepay_", "glory_", "journal_"].iter().any(|own| name.starts_with(own))
    }),
    ("onepay：只处理报文", "onepay: messages, nothing is sent", |name| {
        name.starts_with("onepay_") && sends_nothing(name)
    }),
    ("onepay：业务", "onepay: services", |name| name.starts_with("onepay_") && !sends_nothing(name)),
    ("glory：只处理报文", "glory: messages, nothing is sent", |name| {
        name.starts_with("glory_") && sends_nothing(name)
    }),
    ("glory：业务、名库、减免", "glory: services, roster, deductions", |name| {
        name.starts_with("glory_") && !sends_nothing(name)
    }),
    ("流水", "The journal", |name| name.starts_with("journal_")),
];

fn sends_nothing(name: &str) -> bool {
    let task = name.split_once('_').map_or(name, |(_, task)| task);
    ["sign", "verify", "explain", "encrypt", "decrypt", "seal", "open"].contains(&task)
}

fn chinese_of(name: &str) -> &'static Texts {
    let row = CHINESE.iter().find(|row| row.name == name);
    row.unwrap_or_else(|| panic!("{name} has no row in src/operations/table.zh.rs yet"))
}

#[test]
fn the_chinese_of_the_table_says_as_much_as_the_table() {
    for Row { texts, .. } in TABLE {
        chinese_of(texts.name);
    }
    let (english, chinese): (Vec<_>, Vec<_>) =
        (TABLE.iter().map(|row| row.texts.name).collect(), CHINESE.iter().map(|row| row.name).collect());
    assert_eq!(
        english, chinese,
        "src/operations/table.zh.rs must have the rows of table.rs and no others, in the same order"
    );
    for (row, chinese) in TABLE.iter().zip(CHINESE) {
        let name = chinese.name;
        for ((what, english), (_, chinese)) in row.texts.all().into_iter().zip(chinese.all()) {
            assert!(!english.is_empty() && !chinese.is_empty(), "{name}: {what} says nothing");
            assert_eq!(codes(english), codes(chinese), "{name}: the codes in {what}, in table.rs and in table.zh.rs");
            let linked = (operations_in(english), operations_in(chinese));
            assert_eq!(linked.0, linked.1, "{name}: the operations in {what}, in table.rs and in table.zh.rs");
        }
        for member in row.members {
            for (file, request) in [("table.rs", row.texts.request), ("table.zh.rs", chinese.request)] {
                assert!(
                    words(request).any(|word| word == *member),
                    "{name}: the request in {file} does not name {member}"
                );
            }
        }
    }
}

#[test]
fn the_page_of_operations_is_the_generated_one() {
    for language in Language::BOTH {
        hold(&language.page("operations"), "operations", &generated(language));
    }
}

#[test]
fn the_page_names_every_function_of_the_header() {
    let header = include_str!("../../include/hislink.h");
    let declared = header.lines().filter(|line| !line.starts_with("//") && line.ends_with(");"));
    let names = declared.filter_map(|line| line.split_once('(')?.0.split([' ', '*']).next_back());
    let mut held = 0;
    for name in names.filter(|name| !name.ends_with("_a") && !name.ends_with("_w")) {
        for language in Language::BOTH {
            let page = language.page("operations");
            let text = fs::read_to_string(in_repository("docs").join(&page)).unwrap();
            let here = text.contains(&format!("`{name}`")) || text.contains(&format!("char *{name}("));
            assert!(here, "docs/{page} does not name {name}");
        }
        held += 1;
    }
    assert!(held > TABLE.len(), "only {held} functions were found in the header");
}

fn generated(language: Language) -> String {
    let mut page = String::new();
    let members = |belongs: fn(&str) -> bool| TABLE.iter().filter(move |row| belongs(row.texts.name));
    for (zh, en, belongs) in GROUPS {
        let links: Vec<_> = members(*belongs).map(|row| format!("[{0}](#{0})", row.texts.name)).collect();
        let (colon, comma) = language.pick(("：", "、"), (": ", ", "));
        writeln!(page, "- {}{colon}{}", language.pick(zh, en), links.join(comma)).unwrap();
    }
    for (zh, en, belongs) in GROUPS {
        writeln!(page, "\n## {}", language.pick(zh, en)).unwrap();
        for row in members(*belongs) {
            section(&mut page, row, language);
        }
    }
    page
}

fn section(page: &mut String, row: &Row, language: Language) {
    let texts = language.pick(chinese_of(row.texts.name), &row.texts);
    let titles = language.pick(["成员", "请求", "应答", "错误"], ["Members", "Request", "Reply", "Errors"]);
    let colon = language.pick("：", ": ");
    let text = |text: &str| dressed(&joined(text), language);
    writeln!(page, "\n### {0}\n\n`char *hislink_{0}(const char *request);`\n\n{1}\n", texts.name, text(texts.does))
        .unwrap();
    let members: Vec<_> = row.members.iter().map(|member| format!("`{member}`")).collect();
    let members = match members.is_empty() {
        true => language.pick("只有共同的", "the common ones only").to_owned(),
        false => members.join(language.pick("、", ", ")),
    };
    let parts = [members, text(texts.request), text(texts.reply), text(texts.errors)];
    for (title, part) in titles.iter().zip(parts) {
        writeln!(page, "- **{title}**{colon}{part}").unwrap();
    }
    writeln!(page, "\n```json\n{}\n```", row.example).unwrap();
}

/// The Chinese runs over several lines of the source: a break there is no blank.
fn joined(text: &str) -> String {
    text.lines().map(str::trim_start).collect()
}

/// In the order of the table: what one makes, the next ones use.
#[test]
fn each_example_does_as_it_stands_what_it_shows_and_tells_no_secret() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let run = |row: &Row, made_for_it: Option<(&str, &str)>| -> Value {
        let name = row.texts.name;
        let mut example = row.example.replace("http://127.0.0.1:18080", &sandbox.glory_http_url());
        if let Some((shown, made)) = made_for_it {
            assert!(example.contains(shown), "{name} {example}");
            example = example.replace(shown, made);
        }
        let request: Value =
            serde_json::from_str(&example).unwrap_or_else(|error| panic!("{name}: {error}: {example}"));
        assert!(request.is_object(), "{name}: {example}");
        let reply = call_text(name, &example);
        for secret in [sandbox.app_secret(), sandbox.glory_key()] {
            assert!(!reply.contains(secret), "{name} tells a secret: {reply}");
        }
        let reply: Value = serde_json::from_str(&reply).unwrap();
        assert_eq!(reply["status"], "succeeded", "{name} {example}\n{reply}");
        reply
    };
    for row in TABLE {
        if row.texts.name == "onepay_wristband_account" {
            let code = TABLE.iter().find(|row| row.texts.name == "onepay_wristband_code").unwrap();
            let made = run(code, None);
            run(row, Some(("WB0001", made["data"]["param"]["key"].as_str().unwrap())));
        } else {
            run(row, None);
        }
    }
}
