//! The declarations of `bindings/delphi/Hislink.pas`.

/// Exported name, kinds of the parameters, kind of the result, calling convention.
type Declaration = (String, Vec<String>, String, String);

/// Every external function that a Pascal unit declares. A type that C does not have here fails the test that asks.
pub fn declarations(source: &str) -> Vec<Declaration> {
    source.lines().filter(|line| line.contains("; external ")).map(declaration).collect()
}

/// `function hislink_call(Operation, Request, Reply: PAnsiChar; Capacity: Integer): Integer; stdcall; external ...;`
fn declaration(line: &str) -> Declaration {
    let (keyword, rest) = line.trim_start().split_once(' ').expect("a keyword");
    assert!(line.ends_with("external HislinkLibrary;"), "another library, or another name: {line}");
    let (heading, convention) = rest.rsplit_once("; external").unwrap().0.rsplit_once("; ").expect("a convention");
    let (heading, result) = match keyword {
        "function" => heading.rsplit_once(": ").map(|(heading, result)| (heading, kind(result))).expect("a result"),
        "procedure" => (heading, "none".to_owned()),
        _ => panic!("neither function nor procedure: {line}"),
    };
    let (name, parameters) = heading.split_once('(').unwrap_or((heading, ")"));
    let parameters = parameters.strip_suffix(')').unwrap_or_else(|| panic!("no end: {line}"));
    let groups = parameters.split("; ").filter(|group| !group.is_empty());
    (name.to_owned(), groups.flat_map(group).collect(), result, convention.to_owned())
}

/// `Operation, Request: PAnsiChar` are two of a kind.
fn group(group: &str) -> Vec<String> {
    let (names, kind_of_all) = group.split_once(": ").expect("a type");
    names.split(", ").map(|_| kind(kind_of_all)).collect()
}

fn kind(pascal: &str) -> String {
    match pascal {
        "PAnsiChar" => "text8",
        "PWideChar" => "text16",
        "Integer" => "int",
        other => panic!("no C type is {other}"),
    }
    .to_owned()
}
