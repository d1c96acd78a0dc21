//! What a binding declares of a C function, held against the header's prototype. Each language has its parser beside this
//! file; it tells for each parameter what kinds of C parameter it may stand for.

use std::fmt::Write;

/// A kind of parameter or result in the header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `void`, as a result.
    Nothing,
    /// `int`.
    Int,
    /// `HISLINK_INT64`: a ticket.
    Int64,
    /// `const char *`.
    Text8,
    /// `char *`.
    Buffer8,
    /// `const HISLINK_CHAR16 *`.
    Text16,
    /// `HISLINK_CHAR16 *`.
    Buffer16,
}

/// Of anything that is an address.
pub const ADDRESS: &[Kind] = &[Kind::Text8, Kind::Buffer8, Kind::Text16, Kind::Buffer16];
/// Of a machine word, where a language has one type for numbers and addresses.
pub const WORD: &[Kind] = &[Kind::Int, Kind::Text8, Kind::Buffer8, Kind::Text16, Kind::Buffer16];

/// A function of the header.
#[derive(Debug)]
pub struct Prototype {
    pub name: String,
    /// On 32-bit Windows stdcall, otherwise cdecl.
    pub stdcall: bool,
    pub returns: Kind,
    pub parameters: Vec<(String, Kind)>,
}

/// A parameter or result that a binding declares.
#[derive(Debug, Clone)]
pub struct Slot {
    pub name: String,
    /// What it may stand for; nothing where the type fits no parameter of this library.
    pub kinds: &'static [Kind],
}

/// A function that a binding declares.
#[derive(Debug, Clone)]
pub struct Declaration {
    /// The exported name, as it is looked up.
    pub exported: String,
    /// The library's name, as it is written.
    pub library: String,
    pub stdcall: bool,
    pub returns: &'static [Kind],
    pub parameters: Vec<Slot>,
}

/// All that is wrong with the declarations of a binding, a line each; an empty text where nothing is.
pub fn complaints(declared: &[Declaration], header: &[Prototype]) -> String {
    let mut all = String::new();
    for declaration in declared {
        for complaint in complaints_about(declaration, header) {
            writeln!(all, "{}: {complaint}", declaration.exported).unwrap();
        }
    }
    all
}

fn complaints_about(declared: &Declaration, header: &[Prototype]) -> Vec<String> {
    let mut all = Vec::new();
    if !["hislink", "hislink.dll"].contains(&declared.library.as_str()) {
        all.push(format!("the library is called {}", declared.library));
    }
    let Some(prototype) = header.iter().find(|prototype| prototype.name == declared.exported) else {
        all.push("the header has no such function".into());
        return all;
    };
    // Without parameters there is nothing to take off the stack, and both conventions are the same.
    if declared.stdcall != prototype.stdcall && !prototype.parameters.is_empty() {
        all.push(format!("stdcall is {} here and {} in the header", declared.stdcall, prototype.stdcall));
    }
    if !declared.returns.contains(&prototype.returns) {
        all.push(format!(
            "returns {:?}, which the declaration's {:?} does not hold",
            prototype.returns, declared.returns
        ));
    }
    if declared.parameters.len() != prototype.parameters.len() {
        all.push(format!("{} parameters, of {}", declared.parameters.len(), prototype.parameters.len()));
        return all;
    }
    let pairs = declared.parameters.iter().zip(&prototype.parameters);
    all.extend(pairs.filter_map(|(slot, (name, kind))| wrong_slot(slot, name, *kind)));
    all
}

/// Where a type tells nothing, the name must: a number and an address that are swapped would not be noticed else.
fn wrong_slot(slot: &Slot, name: &str, kind: Kind) -> Option<String> {
    if !slot.kinds.contains(&kind) {
        return Some(format!("{name} is {kind:?}, which the declaration's {:?} does not hold", slot.kinds));
    }
    let misnamed = slot.kinds == WORD && !slot.name.eq_ignore_ascii_case(name);
    misnamed.then(|| format!("{name} is declared as {}", slot.name))
}
