//! What several tests share: assessing a text without the disk.

#![allow(clippy::unwrap_used, missing_docs)]
#![allow(dead_code)]

pub mod binary;

use cadrage::assess::{Options, assess};
use cadrage::checks::Catalogue;
use cadrage::diagnostics::{DossierReport, ProcessType, TypeSource, Verdict};
use cadrage::dossier::{Dossier, Source};

/// The catalogue that ships with the tool.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: std::sync::OnceLock<Catalogue> = std::sync::OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::builtin().unwrap())
}

/// Assesses `text` as a one-file dossier of a stated type.
pub fn assessed(text: &str, process_type: ProcessType) -> DossierReport {
    assess(dossier(text), catalogue(), &Options { process_type: Some((process_type, TypeSource::Option)), ..Options::default() })
}

/// Assesses `text`, its type to be found.
pub fn detected(text: &str) -> DossierReport {
    assess(dossier(text), catalogue(), &Options::default())
}

/// A one-file dossier.
pub fn dossier(text: &str) -> Dossier {
    Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text: text.into() }])
}

/// The verdict on a criterion.
pub fn verdict(report: &DossierReport, id: &str) -> Verdict {
    report.criteria.iter().find(|c| c.id == id).unwrap_or_else(|| panic!("no criterion {id}")).verdict
}

/// The words at each place where a rule speaks.
pub fn reported<'a>(report: &'a DossierReport, id: &str) -> Vec<&'a str> {
    report.diagnostics.iter().filter(|d| d.id == id).map(|d| report.dossier.slice(d.primary)).collect()
}

/// The Markdown files of some folders of the repository, by their path, each with its text.
pub fn texts(folders: &[&str]) -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths: Vec<_> = folders.iter().flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap()).map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "md"));
    paths.sort();
    paths.into_iter().map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap())).collect()
}
