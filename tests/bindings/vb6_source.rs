//! VB6 sources, cut into what its compiler looks at.

use super::vb6::logical_lines;

/// A module.
pub struct Source {
    pub name: String,
    pub text: String,
    /// Logical lines without comments, and with empty strings in place of texts.
    pub code: Vec<String>,
}

impl Source {
    pub fn new(name: &str, text: &str) -> Self {
        let code = logical_lines(text).iter().map(|line| bare(line)).filter(|line| !line.is_empty()).collect();
        Self { name: name.into(), text: text.into(), code }
    }
}

/// A line without its comment and without what stands in its texts.
fn bare(line: &str) -> String {
    let mut code = String::new();
    for (n, part) in line.split('"').enumerate() {
        if n % 2 == 1 {
            code.push_str("\"\"");
            continue;
        }
        let end = part.find('\'').unwrap_or(part.len());
        code.push_str(&part[..end]);
        if end < part.len() {
            break;
        }
    }
    code.trim().to_owned()
}

/// Where names stand in a line, and they: not the members of something, not numbers.
pub fn names(code: &str) -> Vec<(usize, &str)> {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = code[at..].find(inner).map(|n| at + n) {
        let end = code[start..].find(|c| !inner(c)).map_or(code.len(), |n| start + n);
        let name = &code[start..end];
        // &H40 is a number.
        if !code[..start].ends_with(['.', '&']) && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
            found.push((start, name));
        }
        at = end;
    }
    found
}

/// How a line declares a procedure: its name and its parameters.
pub fn procedure(code: &str) -> Option<(&str, Vec<&str>)> {
    let rest = code.strip_prefix("Private ").or_else(|| code.strip_prefix("Public "))?;
    let rest = rest.strip_prefix("Declare ").unwrap_or(rest);
    let rest = rest.strip_prefix("Function ").or_else(|| rest.strip_prefix("Sub "))?;
    let (head, rest) = rest.split_once('(')?;
    let (parameters, _) = rest.split_once(')')?;
    let parameters = parameters.split(',').map(str::trim).filter(|text| !text.is_empty()).collect();
    Some((head.split(' ').next()?, parameters))
}

/// The name that a parameter or a variable declares.
pub fn declared(text: &str) -> &str {
    let name = text.split_whitespace().find(|word| !["Optional", "ByVal", "ByRef"].contains(word)).unwrap();
    name.trim_end_matches("()")
}

/// How many arguments a call has, from what stands behind its name: in brackets, or to the end of a statement.
pub fn arguments(text: &str) -> usize {
    let inside = text.strip_prefix('(').unwrap_or(text);
    let (mut depth, mut commas, mut any) = (0, 0, false);
    for c in inside.chars() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => commas += 1,
            _ => {}
        }
        any |= !c.is_whitespace();
    }
    commas + usize::from(any)
}
