//! Status, code and message of a reply, its JSON envelope, and the crate's error type.

use std::fmt;

use crate::json::{self, Fault, Json, ObjectWriter, ReadError};

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done, and the platform says so.
    Succeeded,
    /// The platform answered and refused, or the request surely never reached it.
    Failed,
    /// It may have reached the platform and nobody knows the result: query.
    Unknown,
    /// The platform says that it is still being traded.
    Pending,
    /// Wrong input or settings; nothing was done.
    Rejected,
}

impl Status {
    /// Every status.
    pub const ALL: &[Status] = &[Status::Succeeded, Status::Failed, Status::Unknown, Status::Pending, Status::Rejected];

    /// The word in a reply.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Succeeded => "succeeded",
            Status::Failed => "failed",
            Status::Unknown => "unknown",
            Status::Pending => "pending",
            Status::Rejected => "rejected",
        }
    }
}

macro_rules! codes {
    ($($variant:ident = $text:literal: $doc:literal,)*) => {
        /// Why. `docs/errors.md` has a section for each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $(#[doc = $doc] $variant),* }

        impl Code {
            /// Every code of the contract.
            pub const ALL: &[Code] = &[$(Code::$variant),*];

            /// The word in a reply.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $text),* }
            }

            /// By its word; none for any other.
            pub fn of(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == word)
            }
        }
    };
}
codes! {
    Ok = "OK": "Nothing is wrong.",
    BadJson = "BAD_JSON": "The request is no JSON object, too large or too deep.",
    BadEncoding = "BAD_ENCODING": "The request is not in the call's encoding.",
    BadField = "BAD_FIELD": "A member is missing, unknown, or of the wrong type or value.",
    BadSettings = "BAD_SETTINGS": "A setting is missing or wrong.",
    NoProfile = "NO_PROFILE": "No profile of that name was configured.",
    NoOperation = "NO_OPERATION": "No operation has that name.",
    ConnectFailed = "CONNECT_FAILED": "No connection came about; nothing was sent.",
    TlsFailed = "TLS_FAILED": "The TLS handshake failed; nothing was sent.",
    Timeout = "TIMEOUT": "The time limit passed.",
    HttpStatus = "HTTP_STATUS": "The server answered with another HTTP status than 200.",
    BadAnswer = "BAD_ANSWER": "The answer broke off or is not what the platform sends.",
    SignMismatch = "SIGN_MISMATCH": "A signature does not verify.",
    DecryptFailed = "DECRYPT_FAILED": "A ciphertext does not decrypt.",
    PlatformRefused = "PLATFORM_REFUSED": "The platform refused; platformCode and platformMessage tell why.",
    DuplicateOrder = "DUPLICATE_ORDER": "The order number was used with other content.",
    StoreFailed = "STORE_FAILED": "The store cannot be read or written.",
    BufferTooSmall = "BUFFER_TOO_SMALL": "The caller's buffer does not hold the reply.",
    Internal = "INTERNAL": "A fault of this library.",
}

/// The language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// A message in both languages; `words!` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The text in a language.
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// A peer's text as it stands in a message, which is for people: no longer than they read. Programs take the whole from
/// `platformMessage`.
pub fn in_short(text: &str) -> &str {
    const MOST: usize = 1000;
    text.char_indices().nth(MOST).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

/// `words!("中文 {x}", "English {x}")`
macro_rules! words {
    ($zh:literal, $en:literal) => {
        $crate::reply::Words { zh: format!($zh), en: format!($en) }
    };
}
pub(crate) use words;

/// Where an operation writes what a succeeded reply carries under `data`.
pub type Data<'t> = ObjectWriter<'t>;

/// Every end of an operation but `succeeded`; `pending` is one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Details>);

/// What an [`Error`] holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// Never `Succeeded`.
    pub status: Status,
    /// The code.
    pub code: Code,
    /// The message.
    pub words: Words,
    /// The JSON pointer of the member at fault.
    pub field: Option<String>,
    /// The platform's own code and message.
    pub platform: Option<(String, String)>,
    /// What is known all the same: the JSON text of an object.
    pub data: Option<String>,
}

impl Error {
    /// An end with that status.
    pub fn new(status: Status, code: Code, words: Words) -> Self {
        Error(Box::new(Details { status, code, words, field: None, platform: None, data: None }))
    }

    /// Wrong input at that place; nothing was done.
    pub fn rejected(code: Code, field: impl Into<String>, words: Words) -> Self {
        Self::new(Status::Rejected, code, words).at(field)
    }

    /// `BAD_FIELD` at that place.
    pub fn field(field: impl Into<String>, words: Words) -> Self {
        Self::rejected(Code::BadField, field, words)
    }

    /// The error for a text that is no JSON, found at the JSON pointer `place` (empty for the request itself).
    pub fn of_json(error: &ReadError, place: &str) -> Self {
        let ReadError { fault, offset, pointer } = error;
        let words = match fault {
            Fault::Syntax => words!("不是合法的 JSON（第 {offset} 字节）", "not JSON at byte {offset}"),
            Fault::Depth => words!("JSON 嵌套超过 128 层", "JSON nested deeper than 128"),
            Fault::Exponent => words!("数字的指数过大", "a number's exponent is too large"),
            Fault::Size => words!("JSON 中的值超过一百万个", "the JSON holds more than a million values"),
        };
        // A request that is nothing but such a number is no object either, and has no member at fault.
        let is_request = place.is_empty() && pointer.is_empty();
        let code = if *fault == Fault::Exponent && !is_request { Code::BadField } else { Code::BadJson };
        let error = Error::new(Status::Rejected, code, words);
        if is_request { error } else { error.at(format!("{place}{pointer}")) }
    }

    /// Names the member at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// Names no member at fault.
    #[must_use]
    pub fn without_field(mut self) -> Self {
        self.0.field = None;
        self
    }

    /// Moves the member at fault below `parent`, a JSON pointer.
    #[must_use]
    pub fn below(mut self, parent: &str) -> Self {
        let inner = self.0.field.take().unwrap_or_default();
        self.at(format!("{parent}{inner}"))
    }

    /// [`below`](Self::below), but an error of the settings keeps its place there, and one without a place gets none.
    #[must_use]
    pub fn below_unless_settings(self, parent: &str) -> Self {
        if self.0.code == Code::BadSettings || self.0.field.is_none() { self } else { self.below(parent) }
    }

    /// Adds the platform's own code and message.
    #[must_use]
    pub fn from_platform(mut self, code: &str, message: &str) -> Self {
        self.0.platform = Some((code.to_owned(), message.to_owned()));
        self
    }

    /// Adds what is known all the same.
    #[must_use]
    pub fn with_data(mut self, fill: impl FnOnce(&mut Data<'_>)) -> Self {
        self.0.data = Some(ObjectWriter::text(fill));
        self
    }

    /// The same, already written as the text of a JSON object.
    #[must_use]
    pub fn with_data_text(mut self, data: String) -> Self {
        self.0.data = Some(data);
        self
    }

    /// What it holds.
    pub fn details(&self) -> &Details {
        &self.0
    }

    /// The same with another status: who sent the request knows whether it may have arrived.
    #[must_use]
    pub fn with_status(mut self, status: Status) -> Self {
        self.0.status = status;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.words.en)
    }
}

impl std::error::Error for Error {}

/// The reply's JSON text: `run` writes the data of success, or tells the other end, which is given too.
pub fn of(
    run: impl FnOnce(&mut Data<'_>) -> Result<(), Error>,
    tag: Option<&Json<'_>>,
    language: Language,
    room: usize,
) -> (String, Option<Error>) {
    let mut text = String::with_capacity(room + 256);
    let result = ObjectWriter::append(&mut text, |reply| {
        let message = if language == Language::Zh { "成功" } else { "succeeded" };
        write_head(reply, Status::Succeeded, Code::Ok, message, tag);
        reply.object("data", run)
    });
    match result {
        Ok(()) => (text, None),
        Err(error) => (of_error(&error, tag, language), Some(error)),
    }
}

/// The reply's JSON text for every end but success.
pub fn of_error(error: &Error, tag: Option<&Json<'_>>, language: Language) -> String {
    let details = error.details();
    // A large answer stands in it once or twice, and growing step by step would take as much again.
    let platforms = details.platform.as_ref().map_or(0, |(_, message)| message.len());
    let mut text = String::with_capacity(512 + platforms + details.data.as_ref().map_or(0, String::len));
    ObjectWriter::append(&mut text, |reply| {
        write_head(reply, details.status, details.code, details.words.text(language), tag);
        if let Some(field) = &details.field {
            reply.string("field", field);
        }
        if let Some((code, message)) = &details.platform {
            reply.string("platformCode", code).string("platformMessage", message);
        }
        if let Some(data) = &details.data {
            reply.raw("data", data);
        }
    });
    text
}

fn write_head(reply: &mut ObjectWriter<'_>, status: Status, code: Code, message: &str, tag: Option<&Json<'_>>) {
    reply.clean("status", status.as_str()).clean("code", code.as_str()).string("message", message);
    if let Some(tag) = tag {
        reply.value("tag", tag);
    }
}

/// A reply that says, behind its head, that the platforms' certificates are not verified.
pub fn insecure(mut reply: String, tag: Option<&Json<'_>>) -> String {
    const MESSAGE: &str = "\"message\":\"";
    let begin = reply.find(MESSAGE).map_or(0, |place| place + MESSAGE.len());
    let mut escaped = false;
    let message = reply.bytes().skip(begin).take_while(|byte| {
        let ends = *byte == b'"' && !escaped;
        escaped = *byte == b'\\' && !escaped;
        !ends
    });
    let mut end = begin + message.count() + 1;
    if let Some(tag) = tag {
        end += ",\"tag\":".len() + json::to_text(tag).len();
    }
    reply.insert_str(end, ",\"tls\":\"insecure\"");
    reply
}

/// The reply when the library itself is at fault. Whether anything was sent is not known, so the status is `unknown`.
pub fn internal() -> String {
    let words = words!(
        "动态库内部错误，结果未知，请查询交易结果",
        "a fault inside the library; the result is unknown: query it"
    );
    of_error(&Error::new(Status::Unknown, Code::Internal, words), None, Language::default())
}
