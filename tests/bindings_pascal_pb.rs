//! What the Pascal unit and the PowerBuilder objects declare is what `include/hislink.h` declares.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)] // a test says so by failing

#[path = "bindings/delphi.rs"]
mod delphi;
#[path = "bindings/powerbuilder.rs"]
mod powerbuilder;

use std::collections::BTreeMap;

use hislink::operations::OPERATIONS;

const HEADER: &str = include_str!("../include/hislink.h");
const PASCAL: &str = include_str!("../bindings/delphi/Hislink.pas");
const UNICODE: &str = include_str!("../bindings/powerbuilder/n_hislink.sru");
const ANSI: &str = include_str!("../bindings/powerbuilder/n_hislink_ansi.sru");
const CASHIER: &str = include_str!("../bindings/powerbuilder/n_cashier.sru");

/// Kinds of the parameters, kind of the result, calling convention.
type Form = (Vec<String>, String, String);

/// Every function of the header.
fn header() -> BTreeMap<String, Form> {
    let prototypes = HEADER.lines().filter(|line| line.contains("hislink_") && line.ends_with(");"));
    let prototypes = prototypes.filter(|line| !line.starts_with("//") && !line.starts_with(' '));
    prototypes.map(prototype).collect()
}

/// `int HISLINK_STDCALL hislink_call(const char *operation, const char *request, char *out, int capacity);`
fn prototype(line: &str) -> (String, Form) {
    let (before, parameters) = line.trim_end_matches(");").split_once('(').unwrap();
    let (result, name) = before.rsplit_once([' ', '*']).unwrap();
    let convention = if result.contains("HISLINK_STDCALL") { "stdcall" } else { "cdecl" };
    let stars = &before[..before.len() - name.len()];
    let kinds = parameters.split(", ").filter(|parameter| *parameter != "void").map(kind).collect();
    (name.to_owned(), (kinds, kind(stars), convention.to_owned()))
}

fn kind(c: &str) -> String {
    let words: Vec<_> = c.split([' ', '*']).filter(|word| !["const", "HISLINK_STDCALL", ""].contains(word)).collect();
    match (words[0], c.contains('*')) {
        ("char", true) => "text8",
        ("HISLINK_CHAR16", true) => "text16",
        ("int", false) => "int",
        ("void", false) => "none",
        _ => panic!("a type that no binding has: {c}"),
    }
    .to_owned()
}

#[test]
fn the_header_is_read_whole() {
    let header = header();
    // The operations, version, shutdown and free, and five that write into the caller's buffer, in three forms each.
    assert_eq!(header.len(), OPERATIONS.len() + 3 + 5 * 3);
    let text = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect::<Vec<_>>();
    assert_eq!(header["hislink_version"], (vec![], "text8".to_owned(), "cdecl".to_owned()));
    assert_eq!(header["hislink_free"], (text(&["text8"]), "none".to_owned(), "cdecl".to_owned()));
    let call = text(&["text16", "text16", "text16", "int"]);
    assert_eq!(header["hislink_call_w"], (call, "int".to_owned(), "stdcall".to_owned()));
}

#[test]
fn pascal_declares_every_function_of_the_header_as_it_is() {
    let declared = delphi::declarations(PASCAL);
    let forms: BTreeMap<_, _> = declared
        .iter()
        .cloned()
        .map(|(name, parameters, result, convention)| (name, (parameters, result, convention)))
        .collect();
    assert_eq!(forms.len(), declared.len(), "one is declared twice");
    assert_eq!(forms, header());
}

#[test]
fn powerbuilder_declares_its_form_of_every_call_as_it_is() {
    let header = header();
    for (source, form) in [(UNICODE, "_w"), (ANSI, "_a")] {
        let declared = powerbuilder::declarations(source);
        for (name, parameters, result, convention) in &declared {
            let (wanted, wanted_result, wanted_convention) = &header[name];
            assert_eq!((parameters, result), (wanted, wanted_result), "{name}");
            assert!(convention == wanted_convention || parameters.is_empty(), "{name} is {wanted_convention}");
        }
        let mut names: Vec<_> = declared.iter().map(|(name, ..)| name.clone()).collect();
        let calls =
            ["call", "result", "result_size", "json_get", "json_set"].map(|call| format!("hislink_{call}{form}"));
        let mut wanted: Vec<_> =
            calls.into_iter().chain(["hislink_version", "hislink_shutdown"].map(str::to_owned)).collect();
        names.sort();
        wanted.sort();
        assert_eq!(names, wanted);
    }
}

#[test]
fn powerbuilder_objects_announce_what_they_have() {
    for (name, source) in [("n_hislink", UNICODE), ("n_hislink_ansi", ANSI), ("n_cashier", CASHIER)] {
        let (announced, made) = powerbuilder::announced_and_made(source);
        assert!(announced.len() > 10, "{name}");
        assert_eq!(announced, made, "{name}");
        for kind in ["function", "subroutine"] {
            let begun = made.iter().filter(|line| line.split(' ').nth(1) == Some(kind)).count();
            assert_eq!(source.lines().filter(|line| *line == format!("end {kind}")).count(), begun, "{name} {kind}");
        }
        for operation in OPERATIONS.iter().filter(|_| name != "n_cashier") {
            let heading =
                format!("public function long of_{} (string as_request, ref string as_reply)", operation.name);
            let body = format!("return of_call(\"{}\", as_request, as_reply)", operation.name);
            assert!(made.contains(&heading.as_str()) && source.contains(&body), "{name} {}", operation.name);
        }
    }
}

#[test]
fn every_function_that_the_powerbuilder_cashier_calls_is_there() {
    let has = |source: &str, call: &str| {
        let (_, made) = powerbuilder::announced_and_made(source);
        made.iter().any(|heading| heading.contains(&format!(" {call} (")))
    };
    let calls: Vec<_> = CASHIER.match_indices("of_").map(|(at, _)| (at, called(&CASHIER[at..]))).collect();
    let of_library = |at: usize| CASHIER[..at].ends_with("in_hislink.");
    assert!(calls.iter().filter(|(at, _)| of_library(*at)).count() > 30);
    for (at, call) in calls.iter().filter(|(_, call)| !call.is_empty()) {
        for source in if of_library(*at) { [UNICODE, ANSI] } else { [CASHIER, CASHIER] } {
            assert!(has(source, call), "{call}");
        }
    }
}

/// The name at the beginning of the text where it is called, or "".
fn called(text: &str) -> &str {
    let name = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next().unwrap();
    if text[name.len()..].starts_with('(') { name } else { "" }
}

#[test]
fn the_sources_are_ascii_and_their_lines_end_alike() {
    let pascal =
        [PASCAL, include_str!("../bindings/delphi/Cashier.dpr"), include_str!("../bindings/delphi/KeptCall.pas")];
    for source in pascal.into_iter().chain([UNICODE, ANSI, CASHIER]) {
        assert!(source.is_ascii(), "old compilers read sources in the system's own code page");
        assert!(!source.contains('\r') && source.ends_with('\n'));
        // PowerBuilder goes on in the next line then, also from a comment.
        assert!(!source.lines().any(|line| line.trim_start().starts_with("//") && line.ends_with('&')));
    }
}
