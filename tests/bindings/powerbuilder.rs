//! The external functions of a PowerBuilder object that are of this library.

use super::declaration::{Declaration, Kind, Slot};

/// An object exported by 10 or later (`HA$`) has UTF-16 strings.
pub fn declarations(source: &str) -> Vec<Declaration> {
    let unicode = source.starts_with("HA$");
    let lines = source.lines().filter(|line| line.contains(" LIBRARY \"hislink"));
    lines.map(|line| declaration(line, unicode)).collect()
}

/// `FUNCTION long hislink_call_w (string as_operation, ..., ref string as_out, long al_capacity) LIBRARY "hislink.dll"`
fn declaration(line: &str, unicode: bool) -> Declaration {
    let (heading, rest) = line.split_once(" LIBRARY \"").unwrap();
    let (library, alias) = rest.split_once('"').unwrap();
    let (heading, parameters) = heading.split_once(" (").unwrap_or_else(|| panic!("no parameters: {line}"));
    let parameters = parameters.strip_suffix(')').unwrap_or_else(|| panic!("no end: {line}"));
    let alias = (!alias.is_empty()).then(|| alias.strip_prefix(" ALIAS FOR \"").unwrap().strip_suffix('"').unwrap());
    let unicode = unicode && !alias.is_some_and(|alias| alias.ends_with(";Ansi"));
    let words: Vec<_> = heading.split(' ').collect();
    let (own_name, returns): (_, &[Kind]) = match words[..] {
        // A foreign text is copied; it is never freed or written.
        ["FUNCTION", result, name] => (name, kinds(result, unicode)),
        ["SUBROUTINE", name] => (name, &[Kind::Nothing]),
        _ => panic!("neither function nor subroutine: {line}"),
    };
    Declaration {
        exported: alias.map_or(own_name, |alias| alias.trim_end_matches(";Ansi")).into(),
        library: library.into(),
        // PowerBuilder knows stdcall only.
        stdcall: true,
        returns,
        parameters: parameters.split(", ").filter(|text| !text.is_empty()).map(|text| slot(text, unicode)).collect(),
    }
}

fn slot(text: &str, unicode: bool) -> Slot {
    let (kind, name) = text.rsplit_once(' ').unwrap();
    Slot { name: name.into(), kinds: kinds(kind, unicode) }
}

fn kinds(powerbuilder: &str, unicode: bool) -> &'static [Kind] {
    match powerbuilder {
        // 32 bits, also in 64-bit programs.
        "long" => &[Kind::Int],
        "string" if unicode => &[Kind::Text16],
        "string" => &[Kind::Text8],
        // What is written into a string that is not passed by reference is lost.
        "ref string" if unicode => &[Kind::Buffer16],
        "ref string" => &[Kind::Buffer8],
        _ => &[],
    }
}
