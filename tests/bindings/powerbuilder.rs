//! The declarations of `bindings/powerbuilder/n_hislink.sru` and `n_hislink_ansi.sru`, and the form of such files.

/// Exported name, kinds of the parameters, kind of the result, calling convention.
type Declaration = (String, Vec<String>, String, String);

/// Every function of the library that an object declares. PowerBuilder calls stdcall only; where there are no arguments
/// that is the same as cdecl. An object exported by 10 or later (`HA$`) has UTF-16 strings.
pub fn declarations(source: &str) -> Vec<Declaration> {
    let unicode = source.starts_with("HA$");
    let lines = source.lines().filter(|line| line.contains(" LIBRARY \"hislink.dll\""));
    lines.map(|line| declaration(line, unicode)).collect()
}

/// `FUNCTION long hislink_call_w (string as_operation, ..., ref string as_out, long al_capacity) LIBRARY "hislink.dll"`
fn declaration(line: &str, unicode: bool) -> Declaration {
    let (heading, alias) = line.split_once(" LIBRARY \"hislink.dll\"").unwrap();
    let (heading, parameters) = heading.split_once(" (").unwrap_or_else(|| panic!("no parameters: {line}"));
    let parameters = parameters.strip_suffix(')').unwrap_or_else(|| panic!("no end: {line}"));
    let words: Vec<_> = heading.split(' ').collect();
    let alias = alias.strip_prefix(" ALIAS FOR \"").map(|alias| alias.strip_suffix('"').expect("an end"));
    let ansi = alias.is_some_and(|alias| alias.ends_with(";Ansi"));
    let kind = |powerbuilder: &str| kind(powerbuilder, unicode && !ansi);
    let (own_name, result) = match words[..] {
        ["FUNCTION", result, name] => (name, kind(result)),
        ["SUBROUTINE", name] => (name, "none".to_owned()),
        _ => panic!("neither function nor subroutine: {line}"),
    };
    let exported = alias.map_or(own_name, |alias| alias.trim_end_matches(";Ansi"));
    let kinds = parameters.split(", ").filter(|parameter| !parameter.is_empty()).map(|parameter| {
        // `ref` is how a string gets a value back; a pointer travels either way.
        let parameter = parameter.strip_prefix("ref ").unwrap_or(parameter);
        kind(parameter.split_once(' ').expect("a type and a name").0)
    });
    (exported.to_owned(), kinds.collect(), result, "stdcall".to_owned())
}

fn kind(powerbuilder: &str, unicode: bool) -> String {
    match powerbuilder {
        "string" if unicode => "text16",
        "string" => "text8",
        // 32 bits, also in 64-bit programs.
        "long" => "int",
        other => panic!("no C type is {other}"),
    }
    .to_owned()
}

/// The headings of an object's functions and subroutines: as it announces them, and as it has them.
pub fn announced_and_made(source: &str) -> (Vec<&str>, Vec<&str>) {
    let is_heading = |line: &str| {
        ["public", "private"]
            .iter()
            .any(|access| ["function", "subroutine"].iter().any(|kind| line.starts_with(&format!("{access} {kind} "))))
    };
    let headings = source.lines().filter(|line| is_heading(line));
    let (made, announced): (Vec<_>, Vec<_>) = headings.partition(|line| line.ends_with(';'));
    (announced, made.into_iter().map(|line| line.trim_end_matches(';')).collect())
}
