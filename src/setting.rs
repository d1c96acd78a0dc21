//! THE table of settings: what `configure` accepts, group by group.
//!
//! The rows stand in `setting/table.rs`. This file takes from them what reading needs: the names that a group knows, the
//! bounds and defaults of numbers, the defaults of texts. `tests/documentation` turns the same rows, with their words, into
//! `docs/settings.md`; none of the words is in the library.

use crate::fields::Fields;
use crate::reply::Error;

/// A whole number from 1 on.
#[derive(Debug)]
pub struct Count {
    name: &'static str,
    /// Unless it is given.
    pub default: u32,
    most: u32,
}

impl Count {
    /// The number of these settings.
    pub fn read(&self, fields: &Fields<'_, '_>) -> Result<u32, Error> {
        // No number above `most` gets here.
        let given = fields.count(self.name, self.most.into())?.and_then(|number| u32::try_from(number).ok());
        Ok(given.unwrap_or(self.default))
    }
}

/// A text with a default.
#[derive(Debug)]
pub struct Text {
    name: &'static str,
    default: &'static str,
}

impl Text {
    /// The text of these settings.
    pub fn read(&self, fields: &Fields<'_, '_>) -> Result<String, Error> {
        Ok(fields.string(self.name)?.unwrap_or(self.default).to_owned())
    }
}

macro_rules! settings {
    ($($group:ident { $($name:ident: $kind:ident($($given:tt)*), $zh:literal, $en:literal;)* })*) => {
        $(
            #[allow(missing_docs, non_upper_case_globals)]
            pub mod $group {
                /// The settings of the group.
                pub const NAMES: &[&str] = &[$(stringify!($name)),*];
                $(known!($name: $kind($($given)*));)*
            }
        )*
    };
}
macro_rules! known {
    ($name:ident: count($default:literal, $most:literal, $unit:literal)) => {
        pub const $name: super::Count = super::Count { name: stringify!($name), default: $default, most: $most };
    };
    ($name:ident: text($default:literal)) => {
        pub const $name: super::Text = super::Text { name: stringify!($name), default: $default };
    };
    ($name:ident: $kind:ident($($given:tt)*)) => {};
}
include!("setting/table.rs");
