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
        // Of a ticket's two words the lower comes back in eax: all that there is, for they count up from 1. It was made for
        // programs of 32 bit, and those of the older PowerBuilder are.
        ["FUNCTION", "long", name] if !unicode && name.contains("_start") => (name, &[Kind::Int64]),
        // A foreign text is copied; it is never freed or written.
        ["FUNCTION", result, name] => (name, kinds(result, unicode)),
        ["SUBROUTINE", name] => (name, &[Kind::Nothing]),
        _ => panic!("neither function nor subroutine: {line}"),
    };
    // Two words on the stack of such a program are one number of 64 bits, the lower first.
    let both = (!unicode).then(|| parameters.replace("long al_ticket, long al_ticket_high", "longlong al_ticket"));
    let parameters = both.as_deref().unwrap_or(parameters);
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
        "longlong" => &[Kind::Int64],
        "string" if unicode => &[Kind::Text16],
        "string" => &[Kind::Text8],
        // What is written into a string that is not passed by reference is lost.
        "ref string" if unicode => &[Kind::Buffer16],
        "ref string" => &[Kind::Buffer8],
        _ => &[],
    }
}
