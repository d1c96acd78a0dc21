//! Licence expressions, and which licences may be linked.

use crate::Outcome;
use crate::parts::Part;

/// What asks for no more than its text in the package.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "GPL-3.0-or-later WITH GCC-exception-3.1",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "ZPL-2.1",
    "Zlib",
    "blessing",
];

/// Fails on the first part that may not be linked.
pub fn hold(parts: &[Part]) -> Outcome<()> {
    for part in parts {
        if !allowed(&part.licence).ok_or_else(|| format!("{}: cannot read {:?}", part.title, part.licence))? {
            return Err(format!("{}: {:?} is not on the list of licences", part.title, part.licence).into());
        }
    }
    Ok(())
}

/// Whether the list is enough for the expression; None where it is no expression. Old manifests write `/` for `OR`.
pub fn allowed(expression: &str) -> Option<bool> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut words = words.as_slice();
    let holds = either(&mut words)?;
    words.is_empty().then_some(holds)
}

fn either(words: &mut &[&str]) -> Option<bool> {
    let mut holds = both(words)?;
    while taken(words, "OR") {
        holds |= both(words)?;
    }
    Some(holds)
}

fn both(words: &mut &[&str]) -> Option<bool> {
    let mut holds = one(words)?;
    while taken(words, "AND") {
        holds &= one(words)?;
    }
    Some(holds)
}

fn one(words: &mut &[&str]) -> Option<bool> {
    if taken(words, "(") {
        let holds = either(words)?;
        return taken(words, ")").then_some(holds);
    }
    let licence = next(words)?;
    if taken(words, "WITH") {
        let exception = next(words)?;
        return Some(ALLOWED.contains(&format!("{licence} WITH {exception}").as_str()));
    }
    Some(ALLOWED.contains(&licence))
}

fn next<'a>(words: &mut &[&'a str]) -> Option<&'a str> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    (!["OR", "AND", "WITH", "(", ")"].contains(first)).then_some(first)
}

fn taken(words: &mut &[&str], word: &str) -> bool {
    match words.split_first() {
        Some((first, rest)) if *first == word => {
            *words = rest;
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn one_licence_of_several_is_enough_and_all_of_several_are_needed() {
        assert_eq!(allowed("MIT"), Some(true));
        assert_eq!(allowed("GPL-3.0-only"), Some(false));
        assert_eq!(allowed("GPL-3.0-only OR MIT"), Some(true));
        assert_eq!(allowed("GPL-3.0-only/MIT"), Some(true));
        assert_eq!(allowed("GPL-3.0-only AND MIT"), Some(false));
        assert_eq!(allowed("(GPL-3.0-only OR MIT) AND Unicode-3.0"), Some(true));
        assert_eq!(allowed("MIT OR GPL-3.0-only AND GPL-2.0-only"), Some(true));
        assert_eq!(allowed("(MIT OR GPL-3.0-only) AND GPL-2.0-only"), Some(false));
    }

    #[test]
    fn an_exception_belongs_to_its_licence() {
        assert_eq!(allowed("MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)"), Some(true));
        assert_eq!(allowed("GPL-3.0-or-later WITH GCC-exception-3.1"), Some(true));
        assert_eq!(allowed("GPL-3.0-or-later"), Some(false));
        assert_eq!(allowed("MIT WITH GCC-exception-3.1"), Some(false));
    }

    #[test]
    fn what_is_no_expression_is_not_let_through() {
        for broken in ["", "MIT OR", "(MIT", "MIT)", "MIT MIT", "OR MIT", "MIT WITH", "()"] {
            assert_eq!(allowed(broken), None, "{broken}");
        }
    }
}
