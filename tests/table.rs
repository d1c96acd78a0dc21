//! The one table and what comes from it: header, exports, documentation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing
#![allow(missing_docs)]

mod host;
mod support;

use std::fs;
use std::path::{Path, PathBuf};

use hislink::operations::OPERATIONS;
use hislink::reply::Code;
use serde_json::json;

const HEADER: &str = include_str!("../include/hislink.h");

#[test]
fn the_committed_header_is_the_generated_one() {
    let generated = include_str!(env!("HISLINK_GENERATED_HEADER"));
    assert!(
        HEADER == generated,
        "include/hislink.h has drifted: run HISLINK_BLESS=1 cargo build and look at the change"
    );
}

#[test]
fn the_committed_bindings_are_the_generated_ones() {
    let generated = PathBuf::from(env!("HISLINK_GENERATED_BINDINGS")).join("bindings");
    let mut held = 0;
    for host in fs::read_dir(&generated).unwrap() {
        for file in fs::read_dir(host.unwrap().path()).unwrap() {
            let file = file.unwrap().path();
            let committed = in_repository(file.strip_prefix(generated.parent().unwrap()).unwrap());
            let same = fs::read_to_string(&committed).unwrap() == fs::read_to_string(&file).unwrap();
            assert!(
                same,
                "{} has drifted: run HISLINK_BLESS=1 cargo build and look at the change",
                committed.display()
            );
            held += 1;
        }
    }
    assert!(held >= 1, "no binding was held");
}

fn in_repository(file: &Path) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(file)
}

#[test]
fn the_header_is_ascii_and_declares_every_operation() {
    assert!(HEADER.is_ascii(), "old compilers read the header in the system's own code page");
    for operation in OPERATIONS {
        assert!(
            HEADER.contains(&format!("char *hislink_{}(const char *request);", operation.name)),
            "{}",
            operation.name
        );
    }
    let declared = HEADER.matches("(const char *request);").count();
    assert_eq!(declared, OPERATIONS.len());
}

#[test]
fn every_declared_function_is_documented_by_the_template() {
    let declarations: Vec<_> = HEADER.split("\n\n").filter(|block| block.starts_with("// ")).collect();
    // The operations, version, shutdown and free, start and wait, and seven for the caller's buffer, in three forms each.
    assert_eq!(declarations.len(), OPERATIONS.len() + 5 + 7);
    for block in declarations {
        for part in ["// Request:", "// Reply:", "// Errors:", "// Example:"] {
            assert!(block.contains(part), "{part} is missing before {}", block.lines().last().unwrap());
        }
    }
}

#[test]
fn describe_lists_the_table_the_dictionaries_and_the_profiles_without_secrets() {
    let configured = json!({"profile": "described", "onepay": {
        "url": "http://127.0.0.1:9/x", "appId": "A", "appSecret": "hush-hush"}, "glory": {"sid": "S", "key": "hush-hush"},
        "http": {"proxy": "http://user:hush-hush@127.0.0.1:9"}});
    assert_eq!(host::call("configure", &configured)["status"], "succeeded");
    let reply = host::call("describe", &json!({}));
    let names: Vec<_> = reply["data"]["operations"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
    assert_eq!(names, OPERATIONS.iter().map(|operation| json!(operation.name)).collect::<Vec<_>>());
    let dictionaries = reply["data"]["dictionaries"].as_array().unwrap();
    let of = |platform: &str| -> Vec<usize> {
        let own = dictionaries.iter().filter(|dictionary| dictionary["platform"] == platform);
        own.map(|dictionary| dictionary["entries"].as_array().unwrap().len()).collect()
    };
    // Sections 1.4 to 1.13: ten, with 1.11 in two halves.
    assert_eq!(of("onepay"), [5, 18, 6, 7, 2, 7, 2, 4, 3, 1, 5]);
    // gloryType and deductionType (2.2.2), certType (4.1).
    assert_eq!(of("glory"), [1, 3, 7]);
    assert_eq!(dictionaries.len(), 11 + 3);
    assert_eq!(reply["data"]["profiles"]["described"]["onepay"]["appSecret"], "***");
    assert_eq!(reply["data"]["profiles"]["described"]["http"]["proxy"], "http://***@127.0.0.1:9");
    assert!(!reply.to_string().contains("hush"));
}

#[test]
fn every_code_and_every_operation_is_documented() {
    let errors = include_str!("../docs/errors.md");
    let errors_zh = include_str!("../docs/errors.zh-CN.md");
    for code in Code::ALL {
        for (file, text) in [("errors.md", errors), ("errors.zh-CN.md", errors_zh)] {
            assert!(text.contains(&format!("\n## {}\n", code.as_str())), "{} in docs/{file}", code.as_str());
        }
    }
    for (file, text) in
        [("README.md", include_str!("../README.md")), ("README.zh-CN.md", include_str!("../README.zh-CN.md"))]
    {
        for operation in OPERATIONS {
            assert!(text.contains(&format!("| `{}` |", operation.name)), "{} in {file}", operation.name);
        }
    }
}

#[test]
fn every_page_of_the_documentation_has_its_chinese_twin_in_step() {
    let sections = |file: &Path| {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        text.lines().filter(|line| line.starts_with("## ")).count()
    };
    let mut pages = 0;
    for entry in fs::read_dir(in_repository(Path::new("docs"))).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap();
        let Some(page) = name.strip_suffix(".md").filter(|page| !page.ends_with(".zh-CN")) else { continue };
        let twin = file.with_file_name(format!("{page}.zh-CN.md"));
        assert_eq!(sections(&file), sections(&twin), "the sections of docs/{name} and of its twin");
        pages += 1;
    }
    assert!(pages > 0, "no page was held");
}
