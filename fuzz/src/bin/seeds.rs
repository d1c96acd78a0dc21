//! `seeds FOLDER`: writes what each target begins with to `FOLDER/<target>/`, and the dictionary to `FOLDER/words.dict`.

use std::path::Path;
use std::{env, fs, io};

use hislink_fuzz::{seeds, site};

fn main() -> io::Result<()> {
    let folder = env::args().nth(1).ok_or_else(|| io::Error::other("seeds FOLDER"))?;
    let folder = std::path::absolute(folder)?;
    site::enter();
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("words.dict"), seeds::dictionary())?;
    for (target, inputs) in seeds::inputs() {
        write(&folder.join(target), &inputs)?;
    }
    Ok(())
}

fn write(folder: &Path, inputs: &[Vec<u8>]) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for (n, input) in inputs.iter().enumerate() {
        fs::write(folder.join(format!("seed-{n:04}")), input)?;
    }
    Ok(())
}
