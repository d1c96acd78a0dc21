//! A page of the roster as the platform sends it (document 2.1.3).

use crate::json::{Json, Object};
use crate::reply::{Code, Error, Status, Words, words};
use crate::store::Card;

/// How many rows a page has at most (document 2.1).
const MOST_ROWS: usize = 500;

/// A page that goes forward: cards with record numbers above the one that was asked with, in whatever order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Page {
    /// The cards; none where the roster is complete.
    pub(super) cards: Vec<Card>,
    /// The largest record number among them, or the one that was asked with.
    pub(super) cursor: i64,
}

impl Page {
    /// Reads the answer to a request for what comes after the record `after`.
    ///
    /// Errors are `BAD_ANSWER`, failed: a page that is not as documented is not stored, since whoever stored half of
    /// it or skipped a row would never ask for the rest again.
    pub(super) fn read(answer: &Object<'_>, after: i64) -> Result<Self, Error> {
        let rows = rows(answer.get("data"))?;
        let count = rows.len();
        if count > MOST_ROWS {
            return Err(unfit(words!(
                "平台一次返回了 {count} 行，超过 {MOST_ROWS} 行",
                "the platform sent {count} rows at once, more than {MOST_ROWS}"
            )));
        }
        let mut page = Self { cards: Vec::with_capacity(count), cursor: after };
        for (place, row) in rows.iter().enumerate() {
            let card = card(row, place)?;
            if card.data_id <= after {
                let back = card.data_id;
                return Err(unfit(words!(
                    "平台返回的 dataID {back} 不大于请求的 {after}，名库没有前进",
                    "the platform sent dataID {back}, which is not above {after} as asked: the roster does not go forward"
                )));
            }
            page.cursor = page.cursor.max(card.data_id);
            page.cards.push(card);
        }
        Ok(page)
    }
}

/// The end for a page that cannot be used. A sync moves nothing at the platform, so nothing is unknown about it.
fn unfit(words: Words) -> Error {
    Error::new(Status::Failed, Code::BadAnswer, words)
}

/// The rows; a platform may say in several ways that there are none.
fn rows<'j, 'a>(data: Option<&'j Json<'a>>) -> Result<&'j [Json<'a>], Error> {
    match data {
        None | Some(Json::Null) => Ok(&[]),
        Some(Json::Array(rows)) => Ok(rows),
        Some(Json::Object(nothing)) if nothing.is_empty() => Ok(&[]),
        Some(Json::String(nothing)) if nothing.is_empty() => Ok(&[]),
        Some(_) => Err(unfit(words!("应答的 data 不是数组", "the answer's data is no array"))),
    }
}

fn card(row: &Json<'_>, place: usize) -> Result<Card, Error> {
    let Json::Object(row) = row else {
        return Err(unfit(words!("data[{place}] 不是 JSON 对象", "data[{place}] is no JSON object")));
    };
    Ok(Card {
        cert_type: text(row, "certType", place)?,
        cert_no: text(row, "certNo", place)?,
        cert_name: text(row, "certName", place)?,
        glory_type: text(row, "gloryType", place)?,
        glory_id: whole(row, "gloryID", place)?,
        data_id: whole(row, "dataID", place)?,
    })
}

fn text(row: &Object<'_>, name: &str, place: usize) -> Result<String, Error> {
    row.get(name).and_then(Json::as_scalar).map(str::to_owned).ok_or_else(|| {
        unfit(words!("data[{place}].{name} 缺失或不是文本", "data[{place}].{name} is missing or no text"))
    })
}

fn whole(row: &Object<'_>, name: &str, place: usize) -> Result<i64, Error> {
    row.get(name).and_then(Json::as_scalar).and_then(|text| text.parse().ok()).ok_or_else(|| {
        unfit(words!("data[{place}].{name} 缺失或不是整数", "data[{place}].{name} is missing or no whole number"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: &str =
        r#"{"certType":"0","certNo":"33X","certName":"张","gloryType":1,"gloryID":"10000","dataID":7,"more":[]}"#;

    fn page(data: &str, after: i64) -> Result<Page, Error> {
        let text = format!("{{\"responseFlag\":\"1\",\"data\":{data}}}");
        let Ok(Json::Object(answer)) = crate::json::read(&text) else { panic!("{text}") };
        Page::read(&answer, after)
    }

    #[test]
    fn a_row_is_read_with_numbers_as_numbers_or_text() {
        let read = page(&format!("[{ROW}]"), 6).unwrap();
        let (cert_no, cert_name) = ("33X".to_owned(), "张".to_owned());
        let (cert_type, glory_type) = ("0".to_owned(), "1".to_owned());
        let card = Card { cert_type, cert_no, cert_name, glory_type, glory_id: 10_000, data_id: 7 };
        assert_eq!(read, Page { cards: vec![card], cursor: 7 });
    }

    #[test]
    fn nothing_is_told_in_several_ways() {
        for nothing in ["[]", "null", "{}", "\"\""] {
            assert_eq!(page(nothing, 5).unwrap(), Page { cards: vec![], cursor: 5 }, "{nothing}");
        }
        assert_eq!(Page::read(&Object::default(), 0).unwrap(), Page { cards: vec![], cursor: 0 });
    }

    #[test]
    fn what_is_not_as_documented_is_refused_whole() {
        let first = ROW.replace("7,", "8,");
        for wrong in ["{\"a\":1}", "1", "[1]", "[null]"] {
            assert!(page(wrong, 0).is_err(), "{wrong}");
        }
        for (from, to) in [
            ("\"certNo\":\"33X\"", "\"certNo\":null"),
            ("\"certName\":\"张\",", ""),
            ("\"dataID\":7", "\"dataID\":7.0"),
            ("\"dataID\":7", "\"dataID\":\"\""),
            ("\"dataID\":7", "\"dataID\":99999999999999999999"),
            ("\"10000\"", "\"1e4\""),
            ("\"dataID\":7", "\"dataID\":6"),
            ("\"dataID\":7", "\"dataID\":-1"),
        ] {
            let row = ROW.replace(from, to);
            assert_ne!(row, ROW);
            let error = page(&format!("[{first},{row}]"), 6).unwrap_err();
            let details = error.details();
            assert_eq!((details.status, details.code), (Status::Failed, Code::BadAnswer), "{row}");
        }
        let rows = |count: usize| format!("[{}]", vec![ROW; count].join(","));
        assert!(page(&rows(500), 0).is_ok() && page(&rows(501), 0).is_err());
    }
}
