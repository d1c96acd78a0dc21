//! How the site's list of trades (`hop.trade.details`) calls its members: the document leaves that open.

use crate::fields::Fields;
use crate::json::{Object, ObjectWriter};
use crate::reply::{Code, Error};
use crate::setting::details;

macro_rules! names {
    ($($field:ident = $member:ident: $doc:literal,)*) => {
        /// The names of the list's members. The defaults are the sandbox's.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct DetailNames { $(#[doc = $doc] pub $field: String),* }

        impl DetailNames {
            /// Reads the `details` object of the payment platform's settings, which stands at the JSON pointer `place`.
            pub fn read(object: Option<&Object<'_>>, place: &str) -> Result<Self, Error> {
                let empty = Object::default();
                let fields = Fields::new(object.unwrap_or(&empty), place, Code::BadSettings);
                fields.only(&[details::NAMES])?;
                Ok(Self { $($field: details::$member.read(&fields)?),* })
            }

            /// Writes them.
            pub fn write(&self, out: &mut ObjectWriter<'_>) {
                $(out.string(stringify!($member), &self.$field);)*
            }
        }
    };
}
names! {
    begin_date = beginDate: "In the request: the first day, `yyyyMMdd`.",
    end_date = endDate: "In the request: the last day.",
    page_no = pageNo: "In the request: the page, from 1.",
    page_size = pageSize: "In the request: how many rows a page has.",
    list = list: "In the answer: the rows.",
    amount = amount: "In a row: the amount in yuan.",
    result = result: "In a row: the trade's state (document 1.7).",
    trade_time = tradeTime: "In a row: when it was booked, beginning with `yyyyMMdd`.",
}
