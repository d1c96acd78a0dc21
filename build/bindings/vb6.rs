//! `bindings/vb6/Hislink.bas`: one function an operation, with its documentation.

use super::{Region, pascal_case, wrap};
use crate::Row;

pub const OPERATIONS: Region = Region { file: "bindings/vb6/Hislink.bas", name: "operations", lines: operations };

const WIDTH: usize = 115;

fn operations(rows: &[Row]) -> String {
    rows.iter().map(function).collect()
}

fn function(row: &Row) -> String {
    let parts = [
        ("", row.does),
        ("Request: ", row.request),
        ("In data of the reply: ", row.reply),
        ("Errors: ", row.errors),
        ("Example: ", row.example),
    ];
    let documentation = wrap::comment("'", WIDTH, &parts);
    let function = format!("Hislink{}", pascal_case(row.name));
    format!(
        "\n{documentation}Public Function {function}(ByVal request As String, Optional ByRef status As Long) As String\n    \
         {function} = HislinkCall(\"{name}\", request, status)\nEnd Function\n",
        name = row.name,
    )
}
