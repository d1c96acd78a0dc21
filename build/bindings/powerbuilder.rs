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

/// How a ticket of 64 bits is declared: its type, the parameters, and what is given for them.
struct Ticket {
    why: &'static str,
    kind: &'static str,
    parameters: &'static str,
    arguments: &'static str,
}

/// Of programs that are of 32 bit.
const TWO_WORDS: Ticket = Ticket {
    why: "// A ticket has 64 bits, for which PowerBuilder up to 9 has no type: two words on the stack, the lower first. Tickets count\n\
        // up from 1, so that the higher is 0, and is not looked at where a ticket comes back.",
    kind: "long",
    parameters: "long al_ticket, long al_ticket_high",
    arguments: "al_ticket, 0",
};

const ONE: Ticket = Ticket {
    why: "// A ticket has 64 bits: longlong, which PowerBuilder has from 10.5 on. An older one takes these two, of_start and of_done\n\
        // from n_hislink_ansi.sru, with _w in place of _a.",
    kind: "longlong",
    parameters: "longlong al_ticket",
    arguments: "al_ticket",
};

fn ansi(rows: &[Row]) -> String {
    object(rows, &TWO_WORDS, "_a", "", "")
}

fn unicode(rows: &[Row]) -> String {
    // Without ;Ansi PowerBuilder takes a foreign text for UTF-16.
    object(rows, &ONE, "_w", ";Ansi", " ALIAS FOR \"hislink_version;Ansi\"")
}

fn object(rows: &[Row], ticket: &Ticket, form: &str, ansi: &str, version_alias: &str) -> String {
    let prototypes: String = rows.iter().map(|row| heading(row) + "\n").collect();
    let functions: String = rows.iter().map(function).collect();
    TEMPLATE
        .replace("@TICKET_WHY@", ticket.why)
        .replace("@TICKET@", ticket.kind)
        .replace("@TICKET_PARAMETERS@", ticket.parameters)
        .replace("@TICKET_ARGUMENTS@", ticket.arguments)
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
