//! The prototypes of `include/hislink.h`. They stand on a line each.

use super::declaration::{Kind, Prototype};

pub fn prototypes(header: &str) -> Vec<Prototype> {
    let code = header.lines().filter(|line| !line.trim_start().starts_with(['/', '*', '#']));
    code.filter_map(|line| prototype(line.strip_suffix(");")?)).collect()
}

fn prototype(line: &str) -> Option<Prototype> {
    let (head, parameters) = line.split_once('(')?;
    let at = head.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_')?;
    let (result, name) = head.split_at(at + 1);
    let stdcall = result.contains("HISLINK_STDCALL");
    let parameters = parameters.split(',').map(str::trim).filter(|parameter| *parameter != "void").map(|parameter| {
        let at = parameter.rfind([' ', '*']).unwrap() + 1;
        (parameter[at..].to_owned(), kind(&parameter[..at]))
    });
    let parameters = parameters.collect();
    Some(Prototype { name: name.into(), stdcall, returns: kind(&result.replace("HISLINK_STDCALL", "")), parameters })
}

fn kind(text: &str) -> Kind {
    match text.split_whitespace().collect::<String>().as_str() {
        "void" => Kind::Nothing,
        "int" => Kind::Int,
        "HISLINK_INT64" => Kind::Int64,
        "constchar*" => Kind::Text8,
        "char*" => Kind::Buffer8,
        "constHISLINK_CHAR16*" => Kind::Text16,
        "HISLINK_CHAR16*" => Kind::Buffer16,
        other => panic!("the header has a type that this test does not know: {other}"),
    }
}
