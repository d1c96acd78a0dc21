//! The `DllImport`s of a C# source.

use super::declaration::{ADDRESS, Declaration, Kind, Slot};

pub fn declarations(source: &str) -> Vec<Declaration> {
    source.split("[DllImport(").skip(1).map(declaration).collect()
}

fn declaration(text: &str) -> Declaration {
    let (attribute, rest) = text.split_once(")]").unwrap();
    let (prototype, _) = rest.split_once(");").unwrap();
    let (head, parameters) = prototype.split_once('(').unwrap();
    let (head, name) = head.rsplit_once(' ').unwrap();
    let result = head.rsplit(' ').next().unwrap();
    // Without this the runtime would look for hislink_call_wW first.
    assert!(attribute.contains("ExactSpelling = true"), "{name}: {attribute}");
    assert!(!attribute.contains("SetLastError"), "{name}: the library does not set the system's last error");
    let unicode = attribute.contains("CharSet = CharSet.Unicode");
    let parameters = parameters.split(',').map(str::trim).filter(|text| !text.is_empty()).map(|text| {
        let (kind, name) = text.rsplit_once(' ').unwrap();
        Slot { name: name.into(), kinds: kinds(kind, unicode) }
    });
    Declaration {
        exported: name.into(),
        library: attribute.split('"').nth(1).unwrap().into(),
        stdcall: stdcall(attribute),
        returns: kinds(result, unicode),
        parameters: parameters.collect(),
    }
}

/// `Winapi`, which is also the default, is stdcall on Windows and the C compiler's convention elsewhere, as in the header.
fn stdcall(attribute: &str) -> bool {
    match attribute.split_once("CallingConvention.").map(|(_, rest)| rest.split(',').next().unwrap()) {
        Some("Cdecl") => false,
        Some("Winapi") | None => true,
        // On Linux there is no such convention.
        Some(other) => panic!("CallingConvention.{other}"),
    }
}

fn kinds(text: &str, unicode: bool) -> &'static [Kind] {
    match text {
        "void" => &[Kind::Nothing],
        "int" => &[Kind::Int],
        "long" => &[Kind::Int64],
        "IntPtr" => ADDRESS,
        "string" if unicode => &[Kind::Text16],
        "string" => &[Kind::Text8],
        _ => &[],
    }
}
