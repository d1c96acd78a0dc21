//! The external functions of a Pascal unit.

use super::declaration::{Declaration, Kind, Slot};

pub fn declarations(source: &str) -> Vec<Declaration> {
    let library = source.lines().find_map(|line| line.trim_start().strip_prefix("HislinkLibrary = '")).unwrap();
    let library = library.strip_suffix("';").unwrap();
    source.lines().filter(|line| line.contains("; external ")).map(|line| declaration(line, library)).collect()
}

/// `function hislink_call(Operation, Request, Reply: PAnsiChar; Capacity: Integer): Integer; stdcall; external ...;`
fn declaration(line: &str, library: &str) -> Declaration {
    let (keyword, rest) = line.split_once(' ').unwrap();
    let (heading, binding) = rest.rsplit_once("; external ").unwrap();
    assert_eq!(binding, "HislinkLibrary;", "another library, or another name: {line}");
    let (heading, convention) = heading.rsplit_once("; ").unwrap();
    let (heading, returns): (_, &[Kind]) = match keyword {
        "function" => heading.rsplit_once(": ").map(|(heading, result)| (heading, kinds(result))).unwrap(),
        "procedure" => (heading, &[Kind::Nothing]),
        _ => panic!("neither function nor procedure: {line}"),
    };
    let (name, parameters) = heading.split_once('(').unwrap_or((heading, ")"));
    let parameters = parameters.strip_suffix(')').unwrap_or_else(|| panic!("no end: {line}"));
    let groups = parameters.split("; ").filter(|group| !group.is_empty());
    Declaration {
        exported: name.into(),
        library: library.into(),
        stdcall: stdcall(convention),
        returns,
        parameters: groups.flat_map(group).collect(),
    }
}

/// Without one it would be Pascal's own, which passes the first three in registers.
fn stdcall(convention: &str) -> bool {
    match convention {
        "stdcall" => true,
        "cdecl" => false,
        other => panic!("no convention of C is {other}"),
    }
}

/// `Operation, Request: PAnsiChar` are two of a kind.
fn group(group: &str) -> Vec<Slot> {
    let (names, kind) = group.split_once(": ").unwrap();
    names.split(", ").map(|name| Slot { name: name.into(), kinds: kinds(kind) }).collect()
}

fn kinds(pascal: &str) -> &'static [Kind] {
    match pascal {
        "Integer" => &[Kind::Int],
        "Int64" => &[Kind::Int64],
        "PAnsiChar" => &[Kind::Text8, Kind::Buffer8],
        "PWideChar" => &[Kind::Text16, Kind::Buffer16],
        // PChar is another type in each Delphi.
        _ => &[],
    }
}
