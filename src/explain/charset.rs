//! The bytes of a signing text in the encodings that programs fall into.

use std::borrow::Cow;

use crate::gbk;

/// How text became bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// As both platforms ask.
    #[default]
    Utf8,
    /// The code page of Chinese Windows.
    Gbk,
    /// Little-endian, C#'s `Encoding.Unicode` and Delphi's `WideString`.
    Utf16,
    /// Question marks for all that is not ASCII.
    QuestionMarks,
    /// One byte a character up to U+00FF, question marks for others.
    Latin1,
    /// UTF-8 that was taken for Latin-1 and written as UTF-8 once more.
    Twice,
}

impl Charset {
    /// The bytes of a text; none where it has a character that the encoding lacks.
    pub fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        Some(match self {
            Charset::Utf8 => Cow::Borrowed(text.as_bytes()),
            Charset::Gbk => gbk::encode(text).ok()?,
            Charset::Utf16 => Cow::Owned(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
            Charset::QuestionMarks => {
                Cow::Owned(text.chars().map(|c| if c.is_ascii() { c as u8 } else { b'?' }).collect())
            }
            Charset::Latin1 => Cow::Owned(text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()),
            Charset::Twice => Cow::Owned(text.bytes().map(char::from).collect::<String>().into_bytes()),
        })
    }
}
