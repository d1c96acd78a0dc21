//! `bindings/delphi/Hislink.pas`: an operation's C function, and a function of the layer with its body.

use super::{Region, pascal_case, wrap};
use crate::Row;

const FILE: &str = "bindings/delphi/Hislink.pas";
const WIDTH: usize = 115;

pub const FUNCTIONS: Region = Region { file: FILE, name: "functions", lines: functions };
pub const CALLS: Region = Region { file: FILE, name: "calls", lines: calls };
pub const BODIES: Region = Region { file: FILE, name: "bodies", lines: bodies };

fn functions(rows: &[Row]) -> String {
    let function = |row: &Row| {
        let parts = [("", row.does), ("Request: ", row.request), ("In data of the reply: ", row.reply)];
        let documentation = wrap::comment("//", WIDTH, &parts);
        format!(
            "\n{documentation}function hislink_{}(Request: PAnsiChar): PAnsiChar; cdecl; external HislinkLibrary;\n",
            row.name,
        )
    };
    rows.iter().map(function).collect()
}

/// How a function of the layer begins, which Pascal wants twice.
fn heading(row: &Row) -> String {
    format!("function Hislink{}(const Request: WideString): THislinkReply;\n", pascal_case(row.name))
}

fn calls(rows: &[Row]) -> String {
    rows.iter().map(heading).collect()
}

fn bodies(rows: &[Row]) -> String {
    let body =
        |row: &Row| format!("{}begin\n  Result := HislinkCall('{}', Request);\nend;\n\n", heading(row), row.name);
    rows.iter().map(body).collect()
}
