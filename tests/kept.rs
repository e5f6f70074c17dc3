//! On a dossier that keeps every promise, no rule speaks.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::diagnostics::{Kind, ProcessType};
use common::assessed;

fn silent(text: &str) {
    assert!(text.split_whitespace().count() > 1_800);
    let report = assessed(text, ProcessType::ConventionCitoyenne);
    let spoken: Vec<String> =
        report.diagnostics.iter().filter(|d| d.kind == Kind::Rule).map(|d| format!("{} « {} »", d.id, report.dossier.slice(d.primary))).collect();
    assert!(spoken.is_empty(), "{spoken:#?}");
}

#[test]
fn rules_say_nothing_of_a_regulation_in_articles() {
    silent(include_str!("data/kept/reglement.md"));
}

#[test]
fn rules_say_nothing_of_a_note_in_prose() {
    silent(include_str!("data/kept/note.md"));
}
