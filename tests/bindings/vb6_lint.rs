//! VB6 has no compiler here, so this looks for what its compiler would complain of first: lines that are too long, blocks
//! that do not close, names that nobody declared or that are declared twice, calls with a wrong number of arguments.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::vb6_source::{Source, arguments, declared, names, procedure};

/// The language's own words, functions and constants that the sources use.
const USED: &str = "And Append As Boolean ByRef ByVal Case Close Command Const CStr Currency Date DateAdd DateSerial Debug Declare Dim \
    Dir Do EOF Else ElseIf End Err Error Exit Explicit False For Format FreeFile Function GoTo If Input InStr Integer Left Len \
    Lib Line Alias Long Loop Mid MsgBox Next Not On Open Option Optional Or Output Print Private Public Resume Right Select Split \
    String StrPtr Sub Then TimeSerial To Trim True Type UBound Until While vbBinaryCompare vbCritical vbCrLf vbInformation \
    vbNullChar vbObjectError";
/// Others that nothing may be called.
const RESERVED: &str = "Access AddressOf Any Base Binary Byte Call Compare Double Each Empty Enum Erase Event Friend \
    Get Global Imp Implements In Is Let Like Lock LSet Me Mod Name New Nothing Null Object ParamArray Preserve Property Put \
    RaiseEvent Random Read ReDim Rem Return RSet Seek Set Shared Single Spc Static Step Stop Tab Text Unlock Variant Wend \
    Width With WithEvents Write Xor Now Time Timer";

fn modules() -> Vec<Source> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("bindings/vb6");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "bas"));
    assert_eq!(files.len(), 2, "{files:?}");
    let read =
        |path: PathBuf| Source::new(path.file_stem().unwrap().to_str().unwrap(), &fs::read_to_string(&path).unwrap());
    files.into_iter().map(read).collect()
}

fn wrong_lines(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    if !source.text.is_ascii() || source.text.contains(['\r', '\t']) {
        wrong.push("VB6 reads the system's code page".into());
    }
    if !source.text.starts_with(&format!("Attribute VB_Name = \"{}\"\n", source.name)) {
        wrong.push("the first line does not name the module".into());
    }
    if !source.text.contains("\nOption Explicit\n") {
        wrong.push("no Option Explicit".into());
    }
    let mut continued = 0;
    for line in source.text.lines() {
        let continues = line.ends_with(" _");
        continued = if continues { continued + 1 } else { 0 };
        if line.len() > 1023 || continued > 24 || continues && line.trim_start().starts_with('\'') {
            wrong.push(format!("too long, or a comment that goes on: {line}"));
        }
    }
    wrong
}

fn wrong_blocks(source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut open = Vec::new();
    for line in &source.code {
        let words: Vec<_> = line.split([' ', '(']).filter(|word| !["Private", "Public"].contains(word)).collect();
        let closes = match words[..] {
            ["End", kind, ..] => Some(kind),
            ["Next", ..] => Some("For"),
            ["Loop", ..] => Some("Do"),
            _ => None,
        };
        if closes.is_some() && open.pop() != closes {
            wrong.push(format!("closes nothing: {line}"));
        }
        match words[..] {
            ["If", .., "Then"] => open.push("If"),
            [kind @ ("Function" | "Sub" | "Type" | "Select" | "For" | "Do"), ..] => open.push(kind),
            _ => {}
        }
    }
    wrong.extend(open.iter().map(|kind| format!("{kind} is not closed")));
    wrong
}

/// Names by their spelling in lower case, since VB6 does not tell cases apart.
#[derive(Default)]
struct Names {
    spelt: HashMap<String, String>,
    wrong: Vec<String>,
}

impl Names {
    fn add(&mut self, name: &str) {
        let lower = name.to_lowercase();
        let mut taken = USED.split_whitespace().chain(RESERVED.split_whitespace());
        if taken.any(|word| word.to_lowercase() == lower) || self.spelt.insert(lower, name.into()).is_some() {
            self.wrong.push(format!("{name} is declared twice, or VB6's own"));
        }
    }

    fn has(&self, name: &str) -> bool {
        self.spelt.get(&name.to_lowercase()).is_some_and(|spelt| spelt == name)
    }
}

/// What is declared outside of procedures, and the labels.
fn outside(sources: &[Source]) -> Names {
    let mut all = Names::default();
    for line in sources.iter().flat_map(|source| &source.code) {
        let words: Vec<_> = line.split([' ', '(']).collect();
        let name = match words[..] {
            ["Private" | "Public", "Const" | "Type", name, ..] | ["Private" | "Public", name, "As", ..] => Some(name),
            _ => procedure(line).map(|(name, _)| name),
        };
        name.into_iter().for_each(|name| all.add(name));
        if let Some(label) = line.strip_suffix(':') {
            all.add(label);
        }
    }
    all
}

/// The names that a line declares for its procedure.
fn declared_by(line: &str) -> Vec<&str> {
    match line.strip_prefix("Dim ") {
        Some(variable) => vec![declared(variable)],
        None => procedure(line).map_or(Vec::new(), |(_, parameters)| parameters.into_iter().map(declared).collect()),
    }
}

fn wrong_names(sources: &[Source]) -> Vec<String> {
    let everywhere = outside(sources);
    let used: HashSet<_> = USED.split_whitespace().collect();
    let mut wrong = everywhere.wrong.clone();
    let mut local = Names::default();
    let mut in_type = false;
    for line in sources.iter().flat_map(|source| &source.code).filter(|line| !line.starts_with("Attribute")) {
        if procedure(line).is_some() {
            wrong.append(&mut local.wrong);
            local = Names::default();
        }
        declared_by(line).into_iter().for_each(|name| local.add(name));
        in_type = line.starts_with("Private Type ") || in_type && line != "End Type";
        let known = |name: &str| used.contains(name) || local.has(name) || everywhere.has(name);
        for (_, name) in names(line).into_iter().filter(|(_, name)| !known(name) && !in_type) {
            wrong.push(format!("nobody declared {name}, or not so: {line}"));
        }
    }
    wrong.append(&mut local.wrong);
    wrong
}

/// How many calls were looked at, and those that are wrong.
fn wrong_calls(sources: &[Source]) -> (usize, Vec<String>) {
    let lines = || sources.iter().flat_map(|source| &source.code);
    let procedures: HashMap<_, _> = lines().filter_map(|line| procedure(line)).collect();
    let mut wrong = Vec::new();
    let mut calls = 0;
    for line in lines().filter(|line| procedure(line).is_none()) {
        for (at, name) in names(line) {
            let Some(parameters) = procedures.get(name) else { continue };
            let (before, behind) = (&line[..at], &line[at + name.len()..]);
            // The function's own result.
            if behind.starts_with(" =") && (before.is_empty() || before.ends_with("Then ")) {
                continue;
            }
            let needed = parameters.iter().filter(|parameter| !parameter.starts_with("Optional")).count();
            if !(needed..=parameters.len()).contains(&arguments(behind)) {
                wrong.push(format!("{name} takes {parameters:?}: {line}"));
            }
            calls += 1;
        }
    }
    (calls, wrong)
}

fn complaints(sources: &[Source]) -> Vec<String> {
    let mut all: Vec<_> =
        sources.iter().flat_map(|source| [wrong_lines(source), wrong_blocks(source)].concat()).collect();
    all.extend(wrong_names(sources));
    all.extend(wrong_calls(sources).1);
    all
}

#[test]
fn the_vb6_sources_are_sound() {
    let modules = modules();
    assert_eq!(complaints(&modules), Vec::<String>::new());
    let (calls, _) = wrong_calls(&modules);
    assert!(calls > 150, "{calls} calls");
}

#[test]
fn the_project_names_what_is_there() {
    let project = include_str!("../../bindings/vb6/Cashier.vbp");
    for module in modules() {
        assert!(project.contains(&format!("\nModule={0}; {0}.bas\n", module.name)), "{}", module.name);
        // VB6 refuses a project that is called as one of its modules.
        assert!(!project.contains(&format!("\nName=\"{}\"\n", module.name)), "{}", module.name);
    }
}

#[test]
fn what_is_wrong_in_vb6_is_noticed() {
    let head = "Attribute VB_Name = \"M\"\nOption Explicit\n";
    let body = "Private Sub A(ByVal card As String)\n    If Len(card) > 0 Then\n        A card\n    End If\nEnd Sub\n";
    assert_eq!(complaints(&[Source::new("M", &format!("{head}{body}"))]), Vec::<String>::new());
    for (part, other, complaint) in [
        ("    End If\n", "", "closes nothing"),
        ("End Sub\n", "", "Sub is not closed"),
        ("        A card", "        A", "A takes"),
        ("        A card", "        A card, card", "A takes"),
        ("Len(card)", "Len(cart)", "nobody declared cart"),
        ("Len(card)", "Len(Card)", "nobody declared Card"),
        ("card As String)", "card As String, ByVal Card As String)", "Card is declared twice"),
        ("card As String)", "step As String)", "step is declared twice, or VB6's own"),
        ("        A card\n", "        ' said _\n        A card\n", "a comment that goes on"),
        ("Option Explicit\n", "", "no Option Explicit"),
        ("VB_Name = \"M\"", "VB_Name = \"N\"", "does not name"),
        ("        A card\n", "        A \"\u{5f20}\"\n", "code page"),
    ] {
        let text = format!("{head}{body}").replacen(part, other, 1);
        let told = complaints(&[Source::new("M", &text)]);
        assert!(told.iter().any(|told| told.contains(complaint)), "{other}: {told:?}");
    }
}
