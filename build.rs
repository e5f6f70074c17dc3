//! Compiles the files of `checks/` with the library's own code, and lays the catalogue out so that the tool starts without
//! reading or compiling anything: the engine as arrays of numbers, the texts in a compact binary form.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use checks::compile::{File, compile};

/// The rooms of the library that compiling needs.
#[allow(dead_code, unused_imports)]
#[path = "src/checks"]
mod checks {
    pub mod catalogue;
    pub mod compile;
    pub mod engine;
    pub mod format;
    mod frequency;
    pub mod inflect;
    pub mod lexicon;
    pub mod mistakes;
    pub mod pattern;
    pub mod phrases;
    pub mod place;
    pub mod plan;
    mod sieves;
    pub mod table;
}
#[allow(dead_code)]
#[path = "src/lang.rs"]
mod lang;
#[allow(dead_code)]
#[path = "src/levels.rs"]
mod levels;
#[allow(dead_code)]
#[path = "src/text"]
mod text {
    pub mod distance;
    pub mod fold;
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    for watched in ["build.rs", "checks", "src/checks", "src/lang.rs", "src/levels.rs", "src/text/distance.rs", "src/text/fold.rs"] {
        println!("cargo::rerun-if-changed={watched}");
    }
    let mut paths = Vec::new();
    collect(&root.join("checks"), &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    let mut source = String::from("const EMBEDDED: &[(&str, &str)] = &[\n");
    for path in &paths {
        let name = path.strip_prefix(&root).unwrap_or(path).to_string_lossy().replace('\\', "/");
        writeln!(source, "    ({name:?}, include_str!({:?})),", path.to_string_lossy())?;
        files.push(File { path: name, text: fs::read_to_string(path)? });
    }
    source.push_str("];\n");
    let mut catalogue = compile(files).map_err(|error| {
        let line = error.line().map_or(String::new(), |line| format!(" (line {line})"));
        format!("{error}{line}{}", error.help.as_ref().map_or(String::new(), |help| format!("; {}", help.en)))
    })?;
    let examples = catalogue.lighten();
    let (wordings, ends) = catalogue.take_wordings();
    fs::write(out.join("wordings.txt"), wordings)?;
    fs::write(out.join("examples.bin"), postcard::to_allocvec(&examples)?)?;
    fs::write(out.join("texts.bin"), postcard::to_allocvec(&catalogue)?)?;
    fs::write(out.join("strings.txt"), catalogue.engine.lexicon.strings.text.as_bytes())?;
    fs::write(out.join("classes.txt"), catalogue.engine.lexicon.classes.text.as_bytes())?;
    let (mut numbers, mut lengths) = (Vec::new(), Vec::new());
    for array in catalogue.engine.arrays() {
        lengths.push(array.len() as u32);
        numbers.extend_from_slice(array);
    }
    for (name, numbers) in [("ENGINE", numbers), ("LENGTHS", lengths), ("WORDING_ENDS", ends)] {
        writeln!(source, "static {name}: [u32; {}] = [", numbers.len())?;
        for line in numbers.chunks(32) {
            line.iter().try_for_each(|number| write!(source, "{number},"))?;
            source.push('\n');
        }
        source.push_str("];\n");
    }
    fs::write(out.join("embedded.rs"), source)?;
    Ok(())
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, out)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            out.push(path);
        }
    }
    Ok(())
}
