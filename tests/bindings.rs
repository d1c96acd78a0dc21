//! The bindings' declarations, held against `include/hislink.h`: name, number and kinds of parameters, result, convention.
//! A wrong one would crash the host, or only lose its stack on 32-bit Windows, where nobody tests.
// A test may stop at what it did not expect.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "bindings/csharp.rs"]
mod csharp;
#[path = "bindings/declaration.rs"]
mod declaration;
#[path = "bindings/header.rs"]
mod header;
#[path = "bindings/vb6.rs"]
mod vb6;
#[path = "bindings/vb6_lint.rs"]
mod vb6_lint;
#[path = "bindings/vb6_source.rs"]
mod vb6_source;

use declaration::{Declaration, Prototype, complaints};

const CSHARP: &str = include_str!("../bindings/csharp/Hislink.cs");
const VB6: &str = include_str!("../bindings/vb6/Hislink.bas");

/// What a host cannot do without: the calls of one form, and the end.
const NEEDED: [&str; 6] = [
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
    // Version, shutdown and free; five that write into the caller's buffer, in three forms each.
    assert_eq!(prototypes.len(), operations + 3 + 5 * 3);
    assert_eq!(prototypes.iter().filter(|prototype| prototype.stdcall).count(), 15);
}

#[test]
fn csharp_declares_what_the_header_has() {
    hold(&csharp::declarations(CSHARP));
}

#[test]
fn csharp_sources_are_ascii() {
    // The compiler of .NET Framework reads them in the system's code page.
    for source in [CSHARP, include_str!("../bindings/csharp/Cashier.cs")] {
        assert!(source.is_ascii() && !source.contains('\r'));
    }
}

#[test]
fn vb6_declares_what_the_header_has() {
    hold(&vb6::declarations(VB6));
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
    ] {
        let told = spoilt(csharp::declarations, CSHARP, part, other);
        assert!(told.contains(complaint), "{other}: {told}");
    }
    let cdecl = CSHARP.replace("CallingConvention.Winapi", "CallingConvention.Cdecl");
    assert_eq!(complaints(&csharp::declarations(&cdecl), &prototypes()).matches("stdcall is false").count(), 4);
    let ansi = CSHARP.replace(", CharSet = CharSet.Unicode", "");
    assert_eq!(complaints(&csharp::declarations(&ansi), &prototypes()).matches("is Text16").count(), 7);
    let elsewhere = CSHARP.replace("[DllImport(\"hislink\"", "[DllImport(\"hislink64\"");
    assert_eq!(complaints(&csharp::declarations(&elsewhere), &prototypes()).matches("the library").count(), 7);
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
