//! How a call ended, as the journal keeps it and hands it out again.

use crate::json::{self, Json, Object, ObjectWriter};
use crate::reply::{Code, Data, Error, Language, Status, Words};
use crate::store::EntryState;

/// The `data` of success, as the text of a JSON object, or any other end.
pub type End = Result<String, Error>;

/// Runs `work`, which writes the data of success.
pub fn of(work: impl FnOnce(&mut Data<'_>) -> Result<(), Error>) -> End {
    let mut data = String::with_capacity(512);
    ObjectWriter::append(&mut data, work).map(|()| data)
}

/// What an end says of the money. Rejected: nothing was done, so nothing was sent.
pub fn state_of(end: &End) -> EntryState {
    match end.as_ref().map_err(|error| (error.details().status, error.details().code)) {
        Ok(_) | Err((Status::Succeeded, _)) => EntryState::Succeeded,
        Err((Status::Pending, _)) => EntryState::Pending,
        Err((Status::Unknown, _)) => EntryState::Unknown,
        Err((Status::Failed, Code::PlatformRefused)) => EntryState::Failed,
        Err((Status::Failed | Status::Rejected, _)) => EntryState::Unsent,
    }
}

/// The code of an end.
pub fn code_of(end: &End) -> Code {
    end.as_ref().map_or_else(|error| error.details().code, |_| Code::Ok)
}

/// An end as a JSON text, from which [`read`] makes it again.
pub fn text_of(end: &End) -> String {
    ObjectWriter::text(|text| match end {
        Ok(data) => {
            text.raw("data", data);
        }
        Err(error) => {
            let details = error.details();
            text.string("status", details.status.as_str())
                .string("code", details.code.as_str())
                .string("zh", &details.words.zh)
                .string("en", &details.words.en);
            if let Some((code, message)) = &details.platform {
                text.string("platformCode", code).string("platformMessage", message);
            }
            if let Some(data) = &details.data {
                text.raw("data", data);
            }
        }
    })
}

/// The end that was kept as this text; none for any other text.
pub fn read(text: &str) -> Option<End> {
    let Ok(Json::Object(kept)) = json::read(text) else { return None };
    let data = kept.get("data").map(json::to_text);
    let Some(status) = word(&kept, "status") else { return data.map(Ok) };
    let status = Status::ALL.iter().copied().find(|known| known.as_str() == status)?;
    let code = word(&kept, "code").and_then(Code::of)?;
    let words = Words { zh: word(&kept, "zh")?.to_owned(), en: word(&kept, "en")?.to_owned() };
    let mut error = Error::new(status, code, words);
    if let (Some(code), Some(message)) = (word(&kept, "platformCode"), word(&kept, "platformMessage")) {
        error = error.from_platform(code, message);
    }
    Some(Err(match data {
        Some(data) => error.with_data_text(data),
        None => error,
    }))
}

fn word<'k>(kept: &'k Object<'_>, name: &str) -> Option<&'k str> {
    kept.get(name).and_then(Json::as_str)
}

/// The same end with more members of `data`.
pub fn with(end: End, fill: impl FnOnce(&mut Data<'_>)) -> End {
    match end {
        Ok(data) => Ok(ObjectWriter::extended(&data, fill)),
        Err(error) => {
            let data = ObjectWriter::extended(error.details().data.as_deref().unwrap_or("{}"), fill);
            Err(error.with_data_text(data))
        }
    }
}

/// The same end with a warning in `data`.
pub fn warned(end: End, warning: &Error, language: Language) -> End {
    with(end, |data| {
        data.warning(warning.details().words.text(language));
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reply::words;

    #[test]
    fn an_end_comes_back_as_it_was_kept() {
        let told = Error::new(Status::Failed, Code::PlatformRefused, words!("拒绝 \"a\"", "refused"));
        let told = told.from_platform("200101", "缺少").with_data(|data| {
            data.raw("param", "{\"amount\":1.10}");
        });
        let plain = Error::new(Status::Unknown, Code::Timeout, words!("超时", "too late"));
        for end in [Ok("{\"param\":{\"amount\":1.10,\"n\":1E2}}".to_owned()), Ok("{}".into()), Err(told), Err(plain)] {
            assert_eq!(read(&text_of(&end)).as_ref(), Some(&end));
        }
        for text in
            ["", "[]", "{}", "{\"status\":\"failed\"}", "{\"status\":\"x\",\"code\":\"OK\",\"zh\":\"\",\"en\":\"\"}"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn data_takes_more_members() {
        let more = |end| with(end, |data| _ = data.bool("replayed", true));
        assert_eq!(more(Ok("{}".into())), Ok("{\"replayed\":true}".into()));
        assert_eq!(more(Ok("{\"a\":1}".into())), Ok("{\"a\":1,\"replayed\":true}".into()));
        let error = Error::new(Status::Unknown, Code::Timeout, words!("超时", "too late"));
        let Err(told) = more(Err(error)) else { panic!("an error stays one") };
        assert_eq!(told.details().data.as_deref(), Some("{\"replayed\":true}"));
    }
}
