//! The ready-made test sentences of the domain research.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::collections::BTreeMap;

use cadrage::diagnostics::{ProcessType, Verdict};
use common::{assessed, reported, verdict};

#[derive(serde::Deserialize)]
struct Sentences {
    sentence: Vec<Sentence>,
}

#[derive(serde::Deserialize)]
struct Sentence {
    text: String,
    #[serde(default)]
    criteria: BTreeMap<String, Verdict>,
    #[serde(default)]
    rules: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    silent: Vec<String>,
}

#[test]
fn every_sentence_gets_the_verdict_of_the_research() {
    let all: Sentences = toml::from_str(include_str!("data/sentences.toml")).unwrap();
    assert_eq!(all.sentence.len(), 20);
    let mut wrong = Vec::new();
    for sentence in &all.sentence {
        let report = assessed(&sentence.text, ProcessType::ConventionCitoyenne);
        for (id, want) in &sentence.criteria {
            let got = verdict(&report, id);
            if got != *want {
                wrong.push(format!("{}\n    {id}: want {want:?}, got {got:?}", sentence.text));
            }
        }
        for (id, want) in &sentence.rules {
            let got = reported(&report, id);
            if got != *want {
                wrong.push(format!("{}\n    {id}: want {want:?}, got {got:?}", sentence.text));
            }
        }
        for id in &sentence.silent {
            let got = reported(&report, id);
            if !got.is_empty() {
                wrong.push(format!("{}\n    {id} reports {got:?}", sentence.text));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
