//! `bindings/powerbuilder`: one object in two forms, since PowerBuilder compiles nothing conditionally. Up to 9 its strings
//! are in the system's code page, from 10 on they are UTF-16. What both share stands in `n_hislink.sru.template`.
//!
//! Nearly all of each file is written here: PowerBuilder's own parts, such as the list of functions before the functions,
//! are no place for a marker.

use super::{Region, wrap};
use crate::Row;

const TEMPLATE: &str = include_str!("n_hislink.sru.template");
const WIDTH: usize = 115;

pub const ANSI: Region = Region { file: "bindings/powerbuilder/n_hislink_ansi.sru", name: "object", lines: ansi };
pub const UNICODE: Region = Region { file: "bindings/powerbuilder/n_hislink.sru", name: "object", lines: unicode };

fn ansi(rows: &[Row]) -> String {
    object(rows, "_a", "", "")
}

fn unicode(rows: &[Row]) -> String {
    // Without ;Ansi PowerBuilder takes a foreign text for UTF-16.
    object(rows, "_w", ";Ansi", " ALIAS FOR \"hislink_version;Ansi\"")
}

fn object(rows: &[Row], form: &str, ansi: &str, version_alias: &str) -> String {
    let prototypes: String = rows.iter().map(|row| heading(row) + "\n").collect();
    let functions: String = rows.iter().map(function).collect();
    TEMPLATE
        .replace("@FORM@", form)
        .replace("@ANSI@", ansi)
        .replace("@VERSION_ALIAS@", version_alias)
        .replace("@PROTOTYPES@", &prototypes)
        .replace("@FUNCTIONS@", &functions)
}

fn heading(row: &Row) -> String {
    format!("public function long of_{} (string as_request, ref string as_reply)", row.name)
}

fn function(row: &Row) -> String {
    let parts = [("", row.does), ("Request: ", row.request), ("In data of the reply: ", row.reply)];
    let documentation = wrap::comment("//", WIDTH, &parts);
    format!(
        "{};\n{documentation}return of_call(\"{}\", as_request, as_reply)\nend function\n\n",
        heading(row),
        row.name
    )
}
