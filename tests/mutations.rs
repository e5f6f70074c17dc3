//! From a dossier that satisfies everything, one criterion at a time is removed or weakened: exactly that criterion changes
//! verdict, with what honestly depends on it.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::collections::BTreeMap;

use cadrage::diagnostics::{ProcessType, Verdict};
use common::assessed;

#[derive(serde::Deserialize)]
struct Mutations {
    mutation: Vec<Mutation>,
}

#[derive(serde::Deserialize)]
struct Mutation {
    /// Text of the fixture…
    find: String,
    /// …and what takes its place.
    put: String,
    /// Every criterion that changes, with its new verdict.
    becomes: BTreeMap<String, Verdict>,
}

fn verdicts(text: &str) -> BTreeMap<String, Verdict> {
    assessed(text, ProcessType::ConventionCitoyenne).criteria.into_iter().map(|c| (c.id, c.verdict)).collect()
}

#[test]
fn the_good_dossier_has_no_gap_and_no_rule_speaks() {
    let report = assessed(&std::fs::read_to_string("fixtures/jury-eau.md").unwrap(), ProcessType::ConventionCitoyenne);
    let ids: Vec<&str> = report.diagnostics.iter().map(|d| d.id.as_str()).collect();
    assert!(ids.is_empty(), "{ids:?}");
}

#[test]
fn one_change_moves_one_criterion() {
    let all: Mutations = toml::from_str(include_str!("data/mutations.toml")).unwrap();
    let text = std::fs::read_to_string("fixtures/jury-eau.md").unwrap();
    let before = verdicts(&text);
    let mut wrong = Vec::new();
    for mutation in &all.mutation {
        assert_eq!(text.matches(&mutation.find).count(), 1, "« {} » stands once in the fixture", mutation.find);
        let after = verdicts(&text.replace(&mutation.find, &mutation.put));
        let changed: BTreeMap<String, Verdict> = after.into_iter().filter(|(id, verdict)| before[id] != *verdict).collect();
        if changed != mutation.becomes {
            wrong.push(format!("« {} » → « {} »\n    want {:?}\n    got  {changed:?}", mutation.find, mutation.put, mutation.becomes));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
