//! The `Declare`s of a VB6 module that are of this library.

use super::declaration::{Declaration, Kind, Slot, WORD};

/// The lines as VB6 reads them: each with those that continue it.
pub fn logical_lines(source: &str) -> Vec<String> {
    source.replace(" _\n", " ").lines().map(str::to_owned).collect()
}

pub fn declarations(source: &str) -> Vec<Declaration> {
    let lines = logical_lines(source);
    lines.iter().filter_map(|line| declaration(line)).filter(|found| found.library.starts_with("hislink")).collect()
}

fn declaration(line: &str) -> Option<Declaration> {
    let text = line.strip_prefix("Private ").or_else(|| line.strip_prefix("Public ")).unwrap_or(line);
    let text = text.strip_prefix("Declare ")?;
    let (head, rest) = text.split_once('(').unwrap();
    let (parameters, result) = rest.rsplit_once(')').unwrap();
    let quoted: Vec<_> = head.split('"').collect();
    // VB6 changes the case of a name as it likes, but not that of an alias.
    let [_, library, _, exported, _] = quoted[..] else { panic!("no Lib or no Alias: {line}") };
    let returns: &[Kind] = match (head.starts_with("Sub "), result.trim()) {
        (true, "") => &[Kind::Nothing],
        (false, "As Long") => WORD,
        // Like a number of 64 bits it comes in edx:eax.
        (false, "As Currency") => &[Kind::Int64],
        _ => &[],
    };
    let parameters = parameters.split(',').map(str::trim).filter(|text| !text.is_empty()).map(slot).collect();
    // VB6 knows stdcall only.
    Some(Declaration { exported: exported.into(), library: library.into(), stdcall: true, returns, parameters })
}

fn slot(text: &str) -> Slot {
    let words: Vec<_> = text.split_whitespace().collect();
    match words[..] {
        ["ByVal", name, "As", "Long"] => Slot { name: name.into(), kinds: WORD },
        // Eight bytes on the stack.
        ["ByVal", name, "As", "Currency"] => Slot { name: name.into(), kinds: &[Kind::Int64] },
        // VB6 makes a copy in the system's code page, and takes it back.
        ["ByVal", name, "As", "String"] => Slot { name: name.into(), kinds: &[Kind::Text8, Kind::Buffer8] },
        _ => Slot { name: text.into(), kinds: &[] },
    }
}
