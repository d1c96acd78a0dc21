//! `docs/operations.md` and its twin, from THE table and from its Chinese.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{fs, process};

use hislink::clock;
use hislink::json::{self, Json, Object, to_text};
use hislink_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

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

/// A part of the page: its title in Chinese and in English, and whose name belongs there.
type Group = (&'static str, &'static str, fn(&str) -> bool);

const GROUPS: &[Group] = &[
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

/// The names in double quotes, each once. What differs by language is no name.
fn quoted(text: &str) -> BTreeSet<&str> {
    let is_name = |name: &&str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    text.split('"').skip(1).step_by(2).filter(is_name).filter(|name| *name != "PATH").collect()
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
            let named = (quoted(english), quoted(chinese));
            assert_eq!(named.0, named.1, "{name}: what stands in quotes in {what}, in table.rs and in table.zh.rs");
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
fn the_page_of_operations_is_the_generated_one_and_its_examples_run() {
    for language in Language::BOTH {
        let page = language.page("operations");
        let known = fs::read_to_string(in_repository("docs").join(&page)).unwrap();
        hold(&page, "operations", &generated(language, &replies(language), &known));
    }
    // Behind it, and no test of its own: with HISLINK_BLESS it would read the page before a new operation stands there.
    the_page_names_every_function_of_the_header();
}

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

fn generated(language: Language, replies: &BTreeMap<&str, String>, known: &str) -> String {
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
            let reply = shown(&replies[row.texts.name], known, row.texts.name, language.pick("zh", "en"));
            writeln!(page, "```json\n{reply}\n```").unwrap();
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

/// Runs every example against a sandbox of its own, and gives the replies by operation. In the order of the table: what one
/// makes, the next ones use.
fn replies(language: Language) -> BTreeMap<&'static str, String> {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let profile = language.pick("zh", "en");
    crate::support::on_one_day();
    let today = clock::stamp_of_second(clock::second())[..8].to_owned();
    let run = |row: &Row, made_for_it: Option<(&str, &str)>| -> String {
        let name = row.texts.name;
        let mut example = row.example.replace("http://127.0.0.1:18080", &sandbox.glory_http_url());
        // Lists hold what was done just now, whenever that is.
        example = example.replace("20261101", &today).replace("20261231", &today);
        if let Some((shown, made)) = made_for_it {
            assert!(example.contains(shown), "{name} {example}");
            example = example.replace(shown, made);
        }
        let mut request: Value =
            serde_json::from_str(&example).unwrap_or_else(|error| panic!("{name}: {error}: {example}"));
        request["profile"] = json!(profile);
        if name == "configure" {
            request["language"] = json!(profile);
            request["store"] = json!(format!("sqlite:{}", store(profile).display()));
        }
        let reply = call_text(name, &request.to_string());
        for secret in [sandbox.app_secret(), sandbox.glory_key()] {
            assert!(!reply.contains(secret), "{name} tells a secret: {reply}");
        }
        assert_eq!(serde_json::from_str::<Value>(&reply).unwrap()["status"], "succeeded", "{name} {request}\n{reply}");
        reply
    };
    let mut replies = BTreeMap::new();
    for row in TABLE {
        let reply = if row.texts.name == "onepay_wristband_account" {
            let code: Value = serde_json::from_str(&run(
                TABLE.iter().find(|row| row.texts.name == "onepay_wristband_code").unwrap(),
                None,
            ))
            .unwrap();
            run(row, Some(("WB0001", code["data"]["param"]["key"].as_str().unwrap())))
        } else {
            run(row, None)
        };
        replies.insert(row.texts.name, reply);
    }
    replies
}

fn store(profile: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("examples-{profile}-{}", process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder.join("hislink.db")
}

/// What stands on the page of a reply: lists are cut to their first entry. What the page shows already stays, as long as it
/// has the same form, since times and numbers are others in each run.
fn shown(reply: &str, page: &str, name: &str, profile: &str) -> String {
    // The library's own reader keeps the order of members.
    let mut reply = cut(&json::read(reply).unwrap());
    leave_only(&mut reply, profile);
    let reply = to_text(&reply);
    let section = page.split_once(&format!("\n### {name}\n")).map(|(_, rest)| rest.split("\n### ").next().unwrap());
    let block = section.and_then(|section| section.split("```json\n").nth(2)?.split("\n```").next());
    let same_form = |block: &&str| form(block).is_some_and(|known| Some(known) == form(&reply));
    block.filter(same_form).map_or_else(|| reply.clone(), str::to_owned)
}

/// Takes the profiles of other tests of this process out of what `describe` lists.
fn leave_only(reply: &mut Json<'_>, profile: &str) {
    let Json::Object(reply) = reply else { return };
    let Some(Json::Object(data)) = reply.get_mut("data") else { return };
    let Some(Json::Object(profiles)) = data.get_mut("profiles") else { return };
    let others: Vec<_> = profiles.iter().map(|(name, _)| name.clone()).filter(|name| name != profile).collect();
    others.iter().for_each(|name| drop(profiles.remove(name)));
}

fn cut<'a>(value: &Json<'a>) -> Json<'a> {
    match value {
        Json::Array(items) => Json::Array(items.iter().take(1).map(cut).collect()),
        Json::Object(members) => {
            let mut kept = Object::default();
            members.iter().for_each(|(name, value)| kept.set(name.clone(), cut(value)));
            Json::Object(kept)
        }
        other => other.clone(),
    }
}

/// The names of the members, in order, and the kinds of the values; none for what is no JSON.
fn form(text: &str) -> Option<String> {
    fn of(value: &Json<'_>) -> String {
        match value {
            Json::Array(items) => format!("[{}]", items.iter().map(of).collect::<String>()),
            Json::Object(members) => {
                members.iter().map(|(name, value)| format!("{name}:{},", of(value))).collect::<String>()
            }
            Json::String(_) => "text".to_owned(),
            Json::Number(_) => "number".to_owned(),
            other => to_text(other),
        }
    }
    json::read(text).ok().map(|value| of(&value))
}
