//! PowerBuilder has no compiler here, so this looks for what its compiler would complain of first: functions that are not
//! announced as they are, blocks that do not close, calls of what is not there, lines that go on by mistake.

use hislink::operations::OPERATIONS;

use super::{PB_ANSI, PB_UNICODE};

const CASHIER: &str = include_str!("../../bindings/powerbuilder/n_cashier.sru");

/// The headings of an object's functions and subroutines: as it announces them, and as it has them.
fn announced_and_made(source: &str) -> (Vec<&str>, Vec<&str>) {
    let is_heading = |line: &str| {
        ["public", "private"]
            .iter()
            .any(|access| ["function", "subroutine"].iter().any(|kind| line.starts_with(&format!("{access} {kind} "))))
    };
    let headings = source.lines().filter(|line| is_heading(line));
    let (made, announced): (Vec<_>, Vec<_>) = headings.partition(|line| line.ends_with(';'));
    (announced, made.into_iter().map(|line| line.trim_end_matches(';')).collect())
}

/// What is wrong with the object of that name.
fn complaints(name: &str, source: &str) -> Vec<String> {
    let mut wrong = wrong_lines(source);
    for part in ["$PBExportHeader$@.sru\n", "\nglobal type @ from nonvisualobject\n", "\nglobal @ @\n"] {
        let part = part.replace('@', name);
        if !source.contains(&part) {
            wrong.push(format!("no {}", part.trim()));
        }
    }
    let (announced, made) = announced_and_made(source);
    if announced != made {
        wrong.push("what is announced is not what there is".into());
    }
    for kind in ["function", "subroutine"] {
        let begun = made.iter().filter(|line| line.split(' ').nth(1) == Some(kind)).count();
        if source.lines().filter(|line| *line == format!("end {kind}")).count() != begun {
            wrong.push(format!("a {kind} does not end"));
        }
    }
    wrong.extend(wrong_blocks(source));
    wrong
}

fn wrong_lines(source: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    // Old versions read sources in the system's own code page.
    if !source.is_ascii() || source.contains('\r') || !source.ends_with('\n') {
        wrong.push("not ASCII, or lines that end otherwise".into());
    }
    for line in source.lines() {
        // It goes on in the next line then, also from a comment.
        if line.trim_start().starts_with("//") && line.ends_with('&') {
            wrong.push(format!("a comment that goes on: {line}"));
        }
        // Which begins a comment, also behind //.
        if line.contains("/*") {
            wrong.push(format!("a comment of many lines: {line}"));
        }
    }
    wrong
}

/// Each block closes as it opened, and none is open at a function's end.
fn wrong_blocks(source: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut open = Vec::new();
    for line in source.lines().map(str::trim) {
        let (words, single) = (line.split(' ').take(2).collect::<Vec<_>>(), !line.ends_with(" then"));
        let closes = match words[..] {
            ["end", "if"] => Some("if"),
            ["end", "choose"] => Some("choose"),
            ["next"] => Some("for"),
            ["loop", ..] => Some("do"),
            ["end", "function" | "subroutine" | "event"] => {
                wrong.extend(open.drain(..).map(|kind| format!("{kind} is not closed before: {line}")));
                None
            }
            _ => None,
        };
        if closes.is_some() && open.pop() != closes {
            wrong.push(format!("closes nothing: {line}"));
        }
        match words[..] {
            ["if", ..] if !single => open.push("if"),
            ["choose", "case"] => open.push("choose"),
            ["for", ..] => open.push("for"),
            ["do", ..] => open.push("do"),
            _ => {}
        }
    }
    wrong
}

/// How many calls of the library's object the cashier makes, and its calls of what is not there.
fn wrong_calls(cashier: &str) -> (usize, Vec<String>) {
    let has = |source: &str, call: &str| {
        let (_, made) = announced_and_made(source);
        made.iter().any(|heading| heading.contains(&format!(" {call} (")))
    };
    let calls: Vec<_> = cashier.match_indices("of_").map(|(at, _)| (at, called(&cashier[at..]))).collect();
    let of_library = |at: usize| cashier[..at].ends_with("in_hislink.");
    let is_there = |at: usize, call: &str| {
        if of_library(at) { has(PB_UNICODE, call) && has(PB_ANSI, call) } else { has(cashier, call) }
    };
    let wrong = calls.iter().filter(|(at, call)| !call.is_empty() && !is_there(*at, call));
    let wrong = wrong.map(|(_, call)| format!("nobody has {call}")).collect();
    (calls.iter().filter(|(at, _)| of_library(*at)).count(), wrong)
}

/// The name at the beginning of the text where it is called, or "".
fn called(text: &str) -> &str {
    let name = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next().unwrap();
    if text[name.len()..].starts_with('(') { name } else { "" }
}

#[test]
fn powerbuilder_objects_announce_what_they_have() {
    for (name, source) in [("n_hislink", PB_UNICODE), ("n_hislink", PB_ANSI), ("n_cashier", CASHIER)] {
        assert_eq!(complaints(name, source), Vec::<String>::new(), "{name}");
        let (announced, made) = announced_and_made(source);
        assert!(announced.len() > 10, "{name}");
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
    let (calls, wrong) = wrong_calls(CASHIER);
    assert_eq!(wrong, Vec::<String>::new());
    assert!(calls > 30, "{calls} calls");
}

#[test]
fn what_is_wrong_in_powerbuilder_is_noticed() {
    for (part, other, complaint) in [
        ("private function string of_moment ()\n", "", "what is announced"),
        (
            "private function string of_moment ();",
            "private function string of_moment (long al_when);",
            "what is announced",
        ),
        ("of_moment ();\nreturn", "of_moment ();\nif true then\nreturn", "if is not closed"),
        ("loop until ", "until ", "do is not closed"),
        ("\tif not in_hislink.of_open(ll_status) then exit\n", "\tend if\n", "closes nothing"),
        ("end subroutine\n\nprivate subroutine of_sync", "\nprivate subroutine of_sync", "a subroutine does not end"),
        ("// The card as JSON;", "// The card as JSON &\n//", "a comment that goes on"),
        ("// The card as JSON;", "// The card as */* JSON;", "a comment of many lines"),
        ("global n_cashier n_cashier", "global n_cashier n_cash", "no global n_cashier n_cashier"),
        ("'{\"maxPages\":20}'", "'{\"maxPages\":20}\u{3002}'", "not ASCII"),
    ] {
        assert_eq!(CASHIER.matches(part).count(), 1, "{part} is not there once");
        let told = complaints("n_cashier", &CASHIER.replace(part, other));
        assert!(told.iter().any(|told| told.contains(complaint)), "{other}: {told:?}");
    }
    for (part, other) in [("in_hislink.of_glory_sync(", "in_hislink.of_glory_sink("), ("of_words(as_", "of_word(as_")] {
        assert!(!wrong_calls(&CASHIER.replace(part, other)).1.is_empty(), "{other}");
    }
}
