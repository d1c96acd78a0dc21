//! How a line looks. Pure.

use super::Level;
use crate::clock;
use crate::json;

/// Which way a line tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Into the library.
    In,
    /// Out of it.
    Out,
    /// What happens between.
    Between,
}

/// Who writes a line.
#[derive(Debug, Clone, Copy)]
pub struct Writer {
    /// The process.
    pub process: u32,
    /// The thread, counted in the process.
    pub thread: u32,
    /// The call, counted in the process.
    pub call: u64,
}

/// `2026-11-25 23:10:01.123 INFO  4711.1 17 > `; a line is begun with room for the usual.
pub fn begin(now: i64, level: Level, writer: Writer, way: Way) -> String {
    let mut line = String::with_capacity(384);
    clock::write_time(&mut line, now);
    line.push_str(match level {
        Level::Debug => " DEBUG ",
        Level::Error => " ERROR ",
        Level::Info | Level::Off => " INFO  ",
    });
    push_number(&mut line, writer.process.into());
    line.push('.');
    push_number(&mut line, writer.thread.into());
    line.push(' ');
    push_number(&mut line, writer.call);
    line.push_str(match way {
        Way::In => " > ",
        Way::Out => " < ",
        Way::Between => " = ",
    });
    line
}

/// Adds ` name=value`; a value with blanks or marks in it stands in quotes.
pub fn push(line: &mut String, name: &str, value: &str) {
    line.extend([" ", name, "="]);
    let bare = |byte: u8| byte > b' ' && byte != b'"' && byte != b'\\' && byte != b'=' && byte < 0x7F;
    if !value.is_empty() && value.bytes().all(bare) {
        line.push_str(value);
    } else {
        json::write_string(line, value);
    }
}

/// Adds ` name=number`.
pub fn push_count(line: &mut String, name: &str, value: u64) {
    line.extend([" ", name, "="]);
    push_number(line, value);
}

/// A number without the machinery of `format!`.
fn push_number(line: &mut String, mut number: u64) {
    let mut digits = [0_u8; 20];
    let mut used = 0;
    for place in digits.iter_mut().rev() {
        *place = b'0' + (number % 10) as u8;
        number /= 10;
        used += 1;
        if number == 0 {
            break;
        }
    }
    let digits = digits.get(digits.len() - used..).unwrap_or_default();
    line.push_str(std::str::from_utf8(digits).unwrap_or_default());
}

/// The line with its end. Whatever a text brought in, it is one line, and shows as it is read.
pub fn end(line: String) -> String {
    let is_plain = line.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let mut line = if !is_plain && line.chars().any(is_unsafe) { escaped(&line) } else { line };
    line.push('\n');
    line
}

/// Controls, separators of lines, and marks that turn the direction of writing.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 16);
    for c in line.chars() {
        if is_unsafe(c) {
            out.push_str("\\u");
            for shift in [12, 8, 4, 0] {
                out.push(char::from_digit(u32::from(c) >> shift & 0xF, 16).unwrap_or('0'));
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_whatever_is_in_it() {
        let writer = Writer { process: 4711, thread: 1, call: 1_234_567_890_123 };
        let mut line = begin(1_504_142_900_007, Level::Info, writer, Way::In);
        line.push_str("order_no");
        push(&mut line, "a", "OC1");
        push(&mut line, "b", "x status=succeeded");
        push(&mut line, "c", "一\n2026 \u{85}\u{2028}\u{202E}\u{7f}\0");
        push(&mut line, "d", "");
        push_count(&mut line, "ms", 0);
        line.push_str(" raw\r\n");
        assert_eq!(
            end(line),
            "2017-08-31 09:28:20.007 INFO  4711.1 1234567890123 > order_no a=OC1 b=\"x status=succeeded\" \
             c=\"一\\n2026 \\u0085\\u2028\\u202e\\u007f\\u0000\" d=\"\" ms=0 raw\\u000d\\u000a\n"
        );
    }
}
