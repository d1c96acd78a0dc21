//! `bindings/csharp/Hislink.cs`: one method an operation.

use super::{Region, pascal_case};
use crate::Row;

pub const OPERATIONS: Region = Region { file: "bindings/csharp/Hislink.cs", name: "operations", lines: operations };

fn operations(rows: &[Row]) -> String {
    let method = |row: &Row| {
        format!(
            "        /// <summary>{does}</summary>\n        public static HislinkReply {method}(string request) {{ return Call(\"{name}\", request); }}\n",
            does = row.does.replace('&', "&amp;").replace('<', "&lt;"),
            method = pascal_case(row.name),
            name = row.name,
        )
    };
    rows.iter().map(method).collect()
}
