//! What Windows shows in a file's properties: product, version, description.

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;

/// Links the version resource into the DLL; nothing for other systems.
pub fn embed(out: &Path) -> Result<(), Box<dyn Error>> {
    if env::var("CARGO_CFG_TARGET_OS")? != "windows" {
        return Ok(());
    }
    let script = out.join("version.rc");
    fs::write(&script, script_of(&env::var("CARGO_PKG_VERSION")?))?;
    // A machine without windres or rc.exe makes a DLL without it; packaging/windows/build.sh insists.
    embed_resource::compile_for_cdylib(&script, embed_resource::NONE).manifest_optional()?;
    Ok(())
}

fn script_of(version: &str) -> String {
    let mut numbers = version.split(['.', '-', '+']).map(|part| part.parse::<u16>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    let numbers = format!("{}, {}, {}, 0", next(), next(), next());
    format!(
        r#"1 VERSIONINFO
FILEVERSION {numbers}
PRODUCTVERSION {numbers}
FILEOS 0x40004
FILETYPE 2
BEGIN
    BLOCK "StringFileInfo"
    BEGIN
        BLOCK "040904b0"
        BEGIN
            VALUE "CompanyName", "hislink developers"
            VALUE "FileDescription", "hislink: hospital payments (onepay) and fee-reduction cards (glory)"
            VALUE "FileVersion", "{version}"
            VALUE "InternalName", "hislink"
            VALUE "LegalCopyright", "MIT or Apache-2.0"
            VALUE "OriginalFilename", "hislink.dll"
            VALUE "ProductName", "hislink"
            VALUE "ProductVersion", "{version}"
        END
    END
    BLOCK "VarFileInfo"
    BEGIN
        VALUE "Translation", 0x409, 1200
    END
END
"#
    )
}
