//! The inputs that once broke something, kept in `tests/data/crashes/TARGET/`, break nothing.

#![allow(clippy::unwrap_used, missing_docs)]

#[path = "common/properties.rs"]
mod properties;

use std::fs;
use std::path::Path;

#[test]
fn what_was_found_stays_fixed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/crashes");
    for folder in fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()) {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let (_, property) = properties::ALL.iter().find(|(target, _)| *target == name).unwrap_or_else(|| panic!("no target {name}"));
        for file in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            println!("{}", file.display());
            property(&fs::read(&file).unwrap());
        }
    }
}
