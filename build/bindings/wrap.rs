//! Lines of a readable width.

/// The text in lines of at most `width`, broken at blanks and after commas; a piece that is longer has a line of its own.
pub fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in text.split_inclusive([' ', ',']) {
        if !line.is_empty() && line.len() + piece.trim_end().len() > width {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        line.push_str(piece);
    }
    lines.push(line.trim_end().to_owned());
    lines
}

/// A comment of several parts, each a title with its text; `mark` begins a line.
pub fn comment(mark: &str, width: usize, parts: &[(&str, &str)]) -> String {
    let lines = parts.iter().flat_map(|(title, text)| lines(&format!("{title}{text}"), width));
    lines.map(|line| format!("{mark} {line}\n")).collect()
}
