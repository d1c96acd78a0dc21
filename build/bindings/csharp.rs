//! `bindings/csharp/Hislink.cs`: one method an operation, with its documentation.

use super::{Region, pascal_case, wrap};
use crate::Row;

pub const OPERATIONS: Region = Region { file: "bindings/csharp/Hislink.cs", name: "operations", lines: operations };

const WIDTH: usize = 105;

fn operations(rows: &[Row]) -> String {
    rows.iter().map(method).collect()
}

fn method(row: &Row) -> String {
    let documentation = [
        element("<summary>", row.does, "</summary>"),
        element("<param name=\"request\">", row.request, "</param>"),
        element("<returns>In data: ", row.reply, "</returns>"),
        element("<remarks>Errors: ", row.errors, "</remarks>"),
        element("<example><code>", row.example, "</code></example>"),
    ];
    format!(
        "\n{documentation}    public static HislinkReply {method}(string request)\n    {{\n        return Call(\"{name}\", request);\n    }}\n",
        documentation = documentation.concat(),
        method = pascal_case(row.name),
        name = row.name,
    )
}

/// An element of the documentation, whose text may hold what XML has for itself.
fn element(open: &str, text: &str, close: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let line = |line: &String| format!("    /// {line}\n");
    wrap::lines(&format!("{open}{text}{close}"), WIDTH).iter().map(line).collect()
}
