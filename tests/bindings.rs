//! The bindings' declarations, held against `include/hislink.h`: name, number and kinds of parameters, result, convention.
//! A wrong one would crash the host, or only lose its stack on 32-bit Windows, where nobody tests.
// A test may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "bindings/csharp.rs"]
mod csharp;
#[path = "bindings/declaration.rs"]
mod declaration;
#[path = "bindings/delphi.rs"]
mod delphi;
#[path = "bindings/header.rs"]
mod header;
#[path = "bindings/powerbuilder.rs"]
mod powerbuilder;
#[path = "bindings/powerbuilder_lint.rs"]
mod powerbuilder_lint;
#[path = "bindings/vb6.rs"]
mod vb6;
#[path = "bindings/vb6_lint.rs"]
mod vb6_lint;
#[path = "bindings/vb6_source.rs"]
mod vb6_source;

use declaration::{Declaration, Kind, Prototype, complaints};

const CSHARP: &str = include_str!("../bindings/csharp/Hislink.cs");
const PASCAL: &str = include_str!("../bindings/delphi/Hislink.pas");
const PB_UNICODE: &str = include_str!("../bindings/powerbuilder/n_hislink.sru");
const PB_ANSI: &str = include_str!("../bindings/powerbuilder/n_hislink_ansi.sru");
const VB6: &str = include_str!("../bindings/vb6/Hislink.bas");

/// What a host cannot do without: the calls of one form, and the end.
const NEEDED: [&str; 8] = [
    "hislink_call_start_w",
    "hislink_call_wait_w",
    "hislink_call_w",
    "hislink_result_w",
    "hislink_result_size_w",
    "hislink_json_get_w",
    "hislink_json_set_w",
    "hislink_shutdown",
];

fn prototypes() -> Vec<Prototype> {
    header::prototypes(include_str!("../include/hislink.h"))
}

fn hold(declared: &[Declaration]) {
    assert_eq!(complaints(declared, &prototypes()), "");
    for name in NEEDED {
        let found = declared.iter().filter(|declaration| declaration.exported == name).count();
        assert_eq!(found, 1, "{name} is declared {found} times");
    }
}

#[test]
fn every_function_of_the_header_is_read() {
    let operations = hislink::operations::OPERATIONS.len();
    let prototypes = prototypes();
    // Version, shutdown and free, start and wait; seven for the caller's buffer, in three forms each.
    assert_eq!(prototypes.len(), operations + 5 + 7 * 3);
    assert_eq!(prototypes.iter().filter(|prototype| prototype.stdcall).count(), 7 * 3);
    for (name, returns, kinds) in [
        ("hislink_version", Kind::Text8, vec![]),
        ("hislink_free", Kind::Nothing, vec![Kind::Buffer8]),
        ("hislink_call_w", Kind::Int, vec![Kind::Text16, Kind::Text16, Kind::Buffer16, Kind::Int]),
        ("hislink_start", Kind::Int64, vec![Kind::Text8, Kind::Text8]),
        ("hislink_call_wait_a", Kind::Int, vec![Kind::Int64, Kind::Int, Kind::Buffer8, Kind::Int]),
    ] {
        let found = prototypes.iter().find(|prototype| prototype.name == name).unwrap();
        assert_eq!(found.returns, returns, "{name}");
        assert_eq!(found.parameters.iter().map(|(_, kind)| *kind).collect::<Vec<_>>(), kinds, "{name}");
    }
}

#[test]
fn csharp_declares_what_the_header_has() {
    hold(&csharp::declarations(CSHARP));
}

#[test]
fn csharp_sources_are_ascii() {
    // The compiler of .NET Framework reads them in the system's code page.
    let samples = [include_str!("../bindings/csharp/Cashier.cs"), include_str!("../bindings/csharp/Window.cs")];
    for source in [CSHARP].into_iter().chain(samples) {
        assert!(source.is_ascii() && !source.contains('\r'));
    }
}

#[test]
fn vb6_declares_what_the_header_has() {
    hold(&vb6::declarations(VB6));
}

#[test]
fn pascal_declares_every_function_of_the_header() {
    let declared = delphi::declarations(PASCAL);
    hold(&declared);
    let form = |name: &str, stdcall: bool| (name.to_owned(), stdcall);
    let mut all: Vec<_> = declared.iter().map(|found| form(&found.exported, found.stdcall)).collect();
    let mut wanted: Vec<_> = prototypes().iter().map(|found| form(&found.name, found.stdcall)).collect();
    all.sort();
    wanted.sort();
    assert_eq!(all, wanted);
}

#[test]
fn pascal_sources_are_ascii() {
    let samples = [
        include_str!("../bindings/delphi/Background.dpr"),
        include_str!("../bindings/delphi/Cashier.dpr"),
        include_str!("../bindings/delphi/KeptCall.pas"),
    ];
    for source in [PASCAL].into_iter().chain(samples) {
        assert!(source.is_ascii() && !source.contains('\r') && source.ends_with('\n'));
    }
}

#[test]
fn powerbuilder_declares_its_form_of_every_call() {
    for (source, form) in [(PB_UNICODE, "_w"), (PB_ANSI, "_a")] {
        let declared = powerbuilder::declarations(source);
        assert_eq!(complaints(&declared, &prototypes()), "");
        let calls = ["call", "call_start", "call_wait", "result", "result_size", "json_get", "json_set"];
        let calls = calls.iter().map(|call| format!("hislink_{call}{form}"));
        let mut wanted: Vec<_> = calls.chain(["hislink_version", "hislink_shutdown"].map(str::to_owned)).collect();
        let mut names: Vec<_> = declared.iter().map(|found| found.exported.clone()).collect();
        names.sort();
        wanted.sort();
        assert_eq!(names, wanted);
    }
}

/// What is complained of when a part of a sound source is another.
fn spoilt(parser: fn(&str) -> Vec<Declaration>, source: &str, part: &str, other: &str) -> String {
    assert_eq!(source.matches(part).count(), 1, "{part} is not there once");
    complaints(&parser(&source.replace(part, other)), &prototypes())
}

#[test]
fn wrong_csharp_declarations_are_noticed() {
    for (part, other, complaint) in [
        ("hislink_result_w(IntPtr buffer, int capacity)", "hislink_result_w(IntPtr buffer)", "1 parameters, of 2"),
        ("hislink_result_w(IntPtr buffer, int", "hislink_result_w(int capacity, int", "out is Buffer16"),
        ("extern int hislink_result_size_w", "extern void hislink_result_size_w", "returns Int"),
        ("extern int hislink_result_w(", "extern int hislink_results_w(", "no such function"),
        ("hislink_json_get_w(string json, string pointer,", "hislink_json_get(string json, string pointer,", "Text8"),
        ("hislink_call_w(string operation, string request", "hislink_call_w(string operation, long request", "Text16"),
        ("hislink_call_wait_w(long ticket", "hislink_call_wait_w(int ticket", "ticket is Int64"),
        ("extern long hislink_call_start_w", "extern int hislink_call_start_w", "returns Int64"),
    ] {
        let told = spoilt(csharp::declarations, CSHARP, part, other);
        assert!(told.contains(complaint), "{other}: {told}");
    }
    let cdecl = CSHARP.replace("CallingConvention.Winapi", "CallingConvention.Cdecl");
    assert_eq!(complaints(&csharp::declarations(&cdecl), &prototypes()).matches("stdcall is false").count(), 6);
    let ansi = CSHARP.replace(", CharSet = CharSet.Unicode", "");
    assert_eq!(complaints(&csharp::declarations(&ansi), &prototypes()).matches("is Text16").count(), 9);
    let elsewhere = CSHARP.replace("[DllImport(\"hislink\"", "[DllImport(\"hislink64\"");
    assert_eq!(complaints(&csharp::declarations(&elsewhere), &prototypes()).matches("the library").count(), 9);
}

#[test]
fn wrong_vb6_declarations_are_noticed() {
    let result = "\"hislink_result_w\" (ByVal out As Long, _\n    ByVal capacity As Long) As Long";
    let size = "Alias \"hislink_result_size_w\" () As Long";
    for (part, other, complaint) in [
        (result, "\"hislink_result_w\" (ByVal out As Long) As Long", "1 parameters, of 2"),
        (result, "\"hislink_result_w\" (ByVal capacity As Long, ByVal out As Long) As Long", "declared as capacity"),
        (result, "\"hislink_result_w\" (ByRef out As Long, ByVal capacity As Long) As Long", "out is Buffer16"),
        (result, "\"hislink_result_w\" (ByVal out As String, ByVal capacity As Long) As Long", "out is Buffer16"),
        (result, "\"hislink_result_w\" (ByVal out As Long, ByVal capacity As Integer) As Long", "capacity is Int"),
        ("_wait_w\" (ByVal ticket As Currency,", "_wait_w\" (ByVal ticket As Long,", "ticket is Int64"),
        ("ByVal request As Long) As Currency", "ByVal request As Long) As Long", "returns Int64"),
        (size, "Alias \"hislink_result_size_w\" () As Integer", "returns Int"),
        (size, "Alias \"Hislink_Result_Size_W\" () As Long", "no such function"),
        (size, "Alias \"hislink_free\" () As Long", "0 parameters, of 1"),
    ] {
        let told = spoilt(vb6::declarations, VB6, part, other);
        assert!(told.contains(complaint), "{other}: {told}");
    }
    // A function with parameters that is cdecl cannot be called from VB6.
    let cdecl = "Alias \"hislink_describe\" (ByVal request As Long) As Long";
    assert!(spoilt(vb6::declarations, VB6, size, cdecl).contains("stdcall is true here and false in the header"));
}

#[test]
fn wrong_pascal_declarations_are_noticed() {
    let result = "hislink_result_w(Reply: PWideChar; Capacity: Integer): Integer; stdcall;";
    for (part, other, complaint) in [
        (result, "hislink_result_w(Reply: PWideChar): Integer; stdcall;", "1 parameters, of 2"),
        (result, "hislink_result_w(Capacity: Integer; Reply: PWideChar): Integer; stdcall;", "out is Buffer16"),
        (result, "hislink_result_w(Reply: PAnsiChar; Capacity: Integer): Integer; stdcall;", "out is Buffer16"),
        (result, "hislink_result_w(Reply: PWideChar; Capacity: Int64): Integer; stdcall;", "capacity is Int"),
        (result, "hislink_result_w(Reply: PWideChar; Capacity: Integer): Integer; cdecl;", "stdcall is false"),
        (result, "hislink_results_w(Reply: PWideChar; Capacity: Integer): Integer; stdcall;", "no such function"),
        ("hislink_result_size_w: Integer;", "hislink_result_size_w: PWideChar;", "returns Int"),
        ("hislink_free(Reply: PAnsiChar); cdecl", "hislink_free(Reply: PAnsiChar); stdcall", "stdcall is true"),
        ("hislink_describe(Request: PAnsiChar)", "hislink_describe(Request: PChar)", "request is Text8"),
        ("hislink_call_wait_w(Ticket: Int64", "hislink_call_wait_w(Ticket: Integer", "ticket is Int64"),
        (
            "hislink_start(Operation, Request: PAnsiChar): Int64;",
            "hislink_start(Operation, Request: PAnsiChar): Integer;",
            "returns Int64",
        ),
        ("HislinkLibrary = 'hislink.dll'", "HislinkLibrary = 'hislink32.dll'", "the library is called hislink32"),
    ] {
        let told = spoilt(delphi::declarations, PASCAL, part, other);
        assert!(told.contains(complaint), "{other}: {told}");
    }
}

#[test]
fn wrong_powerbuilder_declarations_are_noticed() {
    let result = "hislink_result_w (ref string as_out, long al_capacity) LIBRARY \"hislink.dll\"";
    let size = "FUNCTION long hislink_result_size_w () LIBRARY \"hislink.dll\"";
    for (part, other, complaint) in [
        (result, "hislink_result_w (ref string as_out) LIBRARY \"hislink.dll\"", "1 parameters, of 2"),
        (result, "hislink_result_w (long al_capacity, ref string as_out) LIBRARY \"hislink.dll\"", "out is Buffer16"),
        (result, "hislink_result_w (string as_out, long al_capacity) LIBRARY \"hislink.dll\"", "out is Buffer16"),
        (result, "hislink_result_w (ref string as_out, int ai_capacity) LIBRARY \"hislink.dll\"", "capacity is Int"),
        (result, "hislink_result_a (ref string as_out, long al_capacity) LIBRARY \"hislink.dll\"", "out is Buffer8"),
        (size, "FUNCTION int hislink_result_size_w () LIBRARY \"hislink.dll\"", "returns Int"),
        ("FUNCTION longlong hislink_call_start_w", "FUNCTION long hislink_call_start_w", "returns Int64"),
        ("wait_w (longlong al_ticket,", "wait_w (long al_ticket, long al_ticket_high,", "5 parameters, of 4"),
        (size, "SUBROUTINE hislink_result_size_w () LIBRARY \"hislink.dll\"", "returns Int"),
        (size, "FUNCTION long hislink_result_sizes_w () LIBRARY \"hislink.dll\"", "no such function"),
        (size, "FUNCTION long hislink_result_size_w () LIBRARY \"hislink32.dll\"", "the library is called hislink32"),
        (" ALIAS FOR \"hislink_version;Ansi\"", "", "returns Text8"),
        // A function with parameters that is cdecl cannot be called from PowerBuilder.
        (size, "SUBROUTINE hislink_free (ref string as_reply) LIBRARY \"hislink.dll\"", "stdcall is true"),
    ] {
        let told = spoilt(powerbuilder::declarations, PB_UNICODE, part, other);
        assert!(told.contains(complaint), "{other}: {told}");
    }
    let one_word = spoilt(powerbuilder::declarations, PB_ANSI, "long al_ticket, long al_ticket_high", "long al_ticket");
    assert!(one_word.contains("ticket is Int64"), "{one_word}");
    let other_form = spoilt(powerbuilder::declarations, PB_ANSI, "hislink_result_a (ref", "hislink_result_w (ref");
    assert!(other_form.contains("out is Buffer16"), "{other_form}");
}
