//! Plain text of the tables as Markdown: JSON and names as code, codes and operations as links.

use hislink::operations;
use hislink::reply::Code;

use super::page::Language;

/// A pattern of the tables that is no JSON and not one word.
const PATTERNS: &[&str] = &["yyyy-MM-dd HH:mm:ss", "ip:port", "***"];

/// The text with everything that a program reads marked as such.
pub fn dressed(text: &str, language: Language) -> String {
    let mut out = String::new();
    let mut rest = text;
    let mut before = ' ';
    while let Some(next) = rest.chars().next() {
        let piece = if let Some(pattern) = PATTERNS.iter().find(|pattern| rest.starts_with(**pattern)) {
            code(&mut out, pattern)
        } else if let Some(name) = page_name(rest) {
            out.push_str(&format!("[{0}]({0})", language.page(name)));
            "docs/.md".len() + name.len()
        } else if next == '{' || next == '"' {
            code(&mut out, &rest[..json_length(rest)])
        } else if next == '/'
            && !before.is_ascii_alphanumeric()
            && rest[1..].starts_with(|c: char| c.is_ascii_alphabetic())
        {
            code(&mut out, &rest[..1 + word_length(&rest[1..])])
        } else if next.is_ascii_alphabetic() && !before.is_ascii_alphanumeric() {
            let word = &rest[..word_length(rest)];
            out.push_str(&dressed_word(word, language));
            word.len()
        } else {
            out.push(next);
            next.len_utf8()
        };
        before = rest[..piece].chars().next_back().unwrap();
        rest = &rest[piece..];
    }
    out
}

/// `docs/tls.md` is the page `tls`.
fn page_name(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix("docs/")?.split_once(".md")?;
    name.bytes().all(|byte| byte.is_ascii_lowercase()).then_some(name)
}

fn code(out: &mut String, text: &str) -> usize {
    out.push_str(&format!("`{text}`"));
    text.len()
}

/// The names of the codes in a text.
pub fn codes(text: &str) -> Vec<&'static str> {
    let mut found: Vec<_> =
        Code::ALL.iter().map(|code| code.as_str()).filter(|code| words(text).any(|word| word == *code)).collect();
    found.sort_unstable();
    found
}

/// The names of the operations in a text.
pub fn operations_in(text: &str) -> Vec<&'static str> {
    let mut found: Vec<_> = words(text).filter_map(operations::find).map(|operation| operation.name).collect();
    found.sort_unstable();
    found.dedup();
    found
}

pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

fn dressed_word(word: &str, language: Language) -> String {
    if let Some(code) = Code::of(word) {
        let page = language.page("errors");
        return format!("[{word}]({page}#{})", code.as_str().to_ascii_lowercase());
    }
    if operations::find(word).is_some() {
        return format!("[{word}](#{word})");
    }
    if is_a_name(word) { format!("`{word}`") } else { word.to_owned() }
}

/// `orderNo`, `hop.trade.query`, `hislink_shutdown`, `yyyyMMdd`; not `JSON`, `SQLite` or a word.
fn is_a_name(word: &str) -> bool {
    let small_then_great =
        word.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase());
    word.contains('.') || word.contains('_') || (small_then_great && word.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// How far a word goes; a dot belongs to it where a letter follows.
fn word_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_part = |at: usize| {
        let inner_dot = bytes[at] == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
        bytes[at].is_ascii_alphanumeric() || bytes[at] == b'_' || inner_dot
    };
    (0..bytes.len()).find(|at| !is_part(*at)).unwrap_or(bytes.len())
}

/// How far JSON, as the tables sketch it, goes: `{...}`, `"a"`, `"a":value`, `"a"|"b"`.
fn json_length(text: &str) -> usize {
    let mut end = value_length(text);
    while let Some(next) = text[end..].strip_prefix([':', '|']) {
        match value_length(next) {
            0 => break,
            length => end += 1 + length,
        }
    }
    end
}

fn value_length(text: &str) -> usize {
    match text.chars().next() {
        Some('"') => text[1..].find('"').map_or(0, |end| end + 2),
        Some('{') => {
            let mut depth = 0;
            let closing = text.char_indices().find(|(_, c)| {
                depth += i32::from(*c == '{') - i32::from(*c == '}');
                depth == 0
            });
            closing.map_or(0, |(end, _)| end + 1)
        }
        _ => text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len()),
    }
}
