//! `docs/settings.md` and its twin, from THE table of settings; and that the library does as the table says.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::host::call;
use super::page::{Language, hold, in_repository};

enum Kind {
    Needed,
    Optional,
    Object,
    Text(&'static str),
    Described(&'static str, &'static str),
    Texts(&'static [&'static str]),
    /// The default, and all.
    Word(&'static str, &'static [&'static str]),
    Count {
        default: u64,
        most: u64,
        unit: &'static str,
    },
}

struct Setting {
    name: &'static str,
    kind: Kind,
    zh: &'static str,
    en: &'static str,
}

macro_rules! kind {
    (needed()) => {
        Kind::Needed
    };
    (optional()) => {
        Kind::Optional
    };
    (object()) => {
        Kind::Object
    };
    (text($default:literal)) => {
        Kind::Text($default)
    };
    (described($zh:literal, $en:literal)) => {
        Kind::Described($zh, $en)
    };
    (texts($($default:literal),*)) => {
        Kind::Texts(&[$($default),*])
    };
    (word($default:literal; $($word:literal),*)) => {
        Kind::Word($default, &[$($word),*])
    };
    (count($default:literal, $most:literal, $unit:literal)) => {
        Kind::Count { default: $default, most: $most, unit: $unit }
    };
}
macro_rules! settings {
    ($($group:ident { $($name:ident: $kind:ident($($given:tt)*), $zh:literal, $en:literal;)* })*) => {
        const GROUPS: &[(&str, &[Setting])] = &[$((stringify!($group), &[$(Setting {
            name: stringify!($name), kind: kind!($kind($($given)*)), zh: $zh, en: $en,
        }),*])),*];
    };
}
include!("../../src/setting/table.rs");

/// Where a group stands in the settings, as a JSON pointer.
fn place(group: &str) -> String {
    match group {
        "profile" => String::new(),
        "details" => "/onepay/details".to_owned(),
        group => format!("/{group}"),
    }
}

#[test]
fn the_page_of_settings_is_the_generated_one() {
    for language in Language::BOTH {
        hold(&language.page("settings"), "settings", &generated(language));
    }
}

fn generated(language: Language) -> String {
    let mut page = String::new();
    for (group, settings) in GROUPS {
        let place = place(group).trim_start_matches('/').replace('/', ".");
        let title = match place.as_str() {
            "" => language.pick("最外层", "The outermost").to_owned(),
            place => format!("`{place}`"),
        };
        let head = language.pick("| 设置 | 取值 | 默认 | 含义 |", "| setting | value | default | meaning |");
        writeln!(page, "\n### {title}\n\n{head}\n|---|---|---|---|").unwrap();
        for setting in *settings {
            let (value, default) = cells(&setting.kind, language);
            let dot = if place.is_empty() { "" } else { "." };
            let meaning = language.pick(setting.zh, setting.en);
            writeln!(page, "| `{place}{dot}{}` | {value} | {default} | {meaning} |", setting.name).unwrap();
        }
    }
    page.push('\n');
    page.trim_start_matches('\n').to_owned()
}

fn cells(kind: &Kind, language: Language) -> (String, String) {
    let text = || language.pick("文本", "text").to_owned();
    let code = |value: Value| format!("`{value}`");
    match kind {
        Kind::Needed => (text(), language.pick("必填", "needed").to_owned()),
        Kind::Optional => (text(), "—".to_owned()),
        Kind::Object => (language.pick("对象", "object").to_owned(), "—".to_owned()),
        Kind::Text(default) => (text(), code(json!(default))),
        Kind::Described(zh, en) => (text(), language.pick(*zh, *en).to_owned()),
        Kind::Texts(default) => (language.pick("文本的数组", "list of texts").to_owned(), code(json!(default))),
        Kind::Word(default, words) => {
            let words: Vec<_> = words.iter().map(|word| code(json!(word))).collect();
            (words.join(language.pick("、", ", ")), code(json!(default)))
        }
        Kind::Count { default, most, unit } => {
            let unit = match *unit {
                "ms" => language.pick("毫秒", "ms"),
                "s" => language.pick("秒", "s"),
                "days" => language.pick("天", "days"),
                unit => panic!("a unit without words: {unit}"),
            };
            (format!("{} {unit}", language.pick(format!("1 到 {most}"), format!("1 to {most}"))), code(json!(default)))
        }
    }
}

/// Settings that hold, with every group and nothing that may be left out.
fn least(profile: &str) -> Value {
    json!({"profile": profile, "language": "en", "onepay": {"appId": "0123456789ABCDEF", "appSecret": "S", "details": {}},
        "glory": {"sid": "S", "key": "K"}, "http": {}, "log": {"dir": folder().join("log")}})
}

fn folder() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("settings");
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The reply to the least settings with one of them set to this, or taken out.
fn configured_with(group: &str, name: &str, value: Option<Value>) -> Value {
    let mut settings = least("settings");
    let object = match place(group) {
        root if root.is_empty() => &mut settings,
        place => settings.pointer_mut(&place).unwrap(),
    };
    match value {
        Some(value) => object[name] = value,
        None => drop(object.as_object_mut().unwrap().remove(name)),
    }
    call("configure", &settings)
}

fn is_refused(reply: &Value, group: &str, name: &str) -> bool {
    let at_its_place = reply["field"] == format!("{}/{name}", place(group));
    reply["status"] == "rejected" && reply["code"] == "BAD_SETTINGS" && at_its_place
}

/// Every setting with its group. The profile's name is the request's own, and is held elsewhere.
fn every() -> impl Iterator<Item = (&'static str, &'static Setting)> {
    let all = GROUPS.iter().flat_map(|(group, settings)| settings.iter().map(|setting| (*group, setting)));
    all.filter(|(_, setting)| setting.name != "profile")
}

#[test]
fn each_group_knows_the_settings_of_the_table_and_no_others() {
    for (group, settings) in GROUPS {
        let known: Vec<_> = settings.iter().map(|setting| setting.name).collect();
        let reply = if place(group).is_empty() {
            // In the request itself an unknown member is BAD_FIELD, and operations' own members are known.
            let file = folder().join("unknown.json");
            let mut settings = least("settings");
            settings["unheardOf"] = json!(1);
            fs::write(&file, settings.to_string()).unwrap();
            call("configure", &json!({"file": file}))
        } else {
            configured_with(group, "unheardOf", Some(json!(1)))
        };
        assert!(is_refused(&reply, group, "unheardOf"), "{group}: {reply}");
        let list = known.join(", ");
        assert!(
            reply["message"].as_str().unwrap().ends_with(&list),
            "{group} knows other settings than {list}: {reply}"
        );
    }
}

#[test]
fn the_defaults_are_those_of_the_table() {
    let mut settings = least("defaults");
    settings.as_object_mut().unwrap().remove("language");
    let reply = call("configure", &settings);
    assert_eq!(reply["status"], "succeeded", "{reply}");
    let described = call("describe", &json!({}))["data"]["profiles"]["defaults"].clone();
    for (group, setting) in every() {
        let shown = &described.pointer(&format!("{}/{}", place(group), setting.name)).unwrap_or(&Value::Null);
        let told = match &setting.kind {
            Kind::Text(default) => json!(default),
            Kind::Texts(default) => json!(default),
            Kind::Count { default, .. } => json!(default),
            // It is shown only where it is not as it should be.
            Kind::Word("verify", _) => Value::Null,
            Kind::Word(default, _) => json!(default),
            Kind::Optional => Value::Null,
            Kind::Needed | Kind::Object | Kind::Described(..) => continue,
        };
        assert_eq!(**shown, told, "{group} {}", setting.name);
    }
}

#[test]
fn numbers_keep_their_bounds_words_their_choices_and_what_is_needed_is_asked_for() {
    for (group, setting) in every() {
        let with = |value: Value| configured_with(group, setting.name, Some(value));
        let taken = |value: Value| {
            let reply = with(value.clone());
            assert_eq!(reply["status"], "succeeded", "{group} {} {value}: {reply}", setting.name);
        };
        let refused = |value: Value| {
            let reply = with(value.clone());
            assert!(is_refused(&reply, group, setting.name), "{group} {} {value}: {reply}", setting.name);
            reply["message"].as_str().unwrap().to_owned()
        };
        match &setting.kind {
            Kind::Count { most, .. } => {
                [json!(1), json!(most)].into_iter().for_each(taken);
                for wrong in [json!(0), json!(most + 1), json!(1.5), json!("1"), json!(-1)] {
                    refused(wrong);
                }
            }
            Kind::Word(_, words) => {
                words.iter().for_each(|word| taken(json!(word)));
                let list = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ");
                for wrong in ["", "unheard of"].into_iter().filter(|wrong| !words.contains(wrong)) {
                    assert!(
                        refused(json!(wrong)).ends_with(&list),
                        "{group} {} takes others than {list}",
                        setting.name
                    );
                }
            }
            Kind::Texts(_) => {
                taken(json!(["one"]));
                for wrong in [json!("one"), json!([1])] {
                    refused(wrong);
                }
            }
            Kind::Needed => {
                let reply = configured_with(group, setting.name, None);
                assert!(is_refused(&reply, group, setting.name), "{group} {}: {reply}", setting.name);
                refused(json!(1));
            }
            Kind::Object => drop(refused(json!("text"))),
            Kind::Text(_) | Kind::Described(..) | Kind::Optional => drop(refused(json!(1))),
        }
    }
}

/// Both pages show the same file, but for words.
#[test]
fn the_whole_file_of_the_page_is_one_that_configures() {
    let folder = folder();
    let sandbox = hislink_sandbox::Sandbox::start(hislink_sandbox::Options::default()).unwrap();
    for language in Language::BOTH {
        let page = fs::read_to_string(in_repository("docs").join(language.page("settings"))).unwrap();
        let shown = page.split("```json\n").nth(2).unwrap().split("```").next().unwrap();
        let mut settings: Value = serde_json::from_str(shown).unwrap();
        // What needs this machine.
        let ca = sandbox.ca_file();
        *settings.pointer_mut("/http/caFile").unwrap() = json!(ca);
        *settings.pointer_mut("/log/dir").unwrap() = json!(folder.join("shown"));
        let file = folder.join(language.pick("zh.json", "en.json"));
        fs::write(&file, settings.to_string()).unwrap();
        let reply = call("configure", &json!({"file": file, "profile": "shown"}));
        assert_eq!(reply["status"], "succeeded", "{language:?}: {reply}");
        assert_eq!(reply["data"], json!({"profile": "shown"}), "{language:?}: {reply}");
    }
}
