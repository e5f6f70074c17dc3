//! Documents that frame no participation get one diagnostic; those that do never get it.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::diagnostics::ProcessType;
use common::{assessed, detected};

#[test]
fn what_frames_no_participation_gets_one_diagnostic() {
    let mut seen = 0;
    for entry in std::fs::read_dir("tests/data/negatives").unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let report = detected(&text);
        let ids: Vec<&str> = report.diagnostics.iter().map(|d| d.id.as_str()).collect();
        assert_eq!(ids, ["dossier.hors-champ"], "{}", path.display());
        assert!(report.criteria.is_empty());
        let forced = assessed(&text, ProcessType::AtelierCitoyen);
        assert!(forced.diagnostics.iter().all(|d| d.id != "dossier.hors-champ"), "a stated type overrides");
        seen += 1;
    }
    assert_eq!(seen, 10);
}
