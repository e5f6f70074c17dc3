//! The sentences quoted for a verdict are those that say most of it.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::diagnostics::{ProcessType, Verdict};
use common::assessed;

fn evidence(body: &str, id: &str) -> (Verdict, Vec<String>) {
    let report = assessed(&format!("# Concertation sur la gare\n\n{body}\n"), ProcessType::Autre);
    let result = report.criteria.iter().find(|result| result.id == id).unwrap();
    (result.verdict, result.evidence.iter().map(|span| report.dossier.reading(*span)).collect())
}

#[test]
fn what_proves_a_verdict_best_is_quoted_wherever_it_stands() {
    let passing = "Le dossier est déposé en mairie.";
    let best = "Un dossier d’information (plans, coûts, avis contraires) est remis à chaque participant huit jours avant la réunion du 3 mai 2027 et publié sur le site.";
    for body in [format!("{passing}\n\n{best}"), format!("{best}\n\n{passing}")] {
        let (verdict, quoted) = evidence(&body, "information.dossier");
        assert_eq!(verdict, Verdict::Satisfied);
        assert!(quoted.contains(&best.to_owned()) && quoted.len() <= 3, "{quoted:?}");
    }
}

#[test]
fn where_it_is_vague_the_passage_that_says_most_of_it_is_quoted_too() {
    let (verdict, quoted) = evidence(
        "Une restitution est prévue.\n\nUn retour sera fait aux participants, sous une forme à définir, lors d’une restitution.",
        "suites.restitution",
    );
    assert_eq!(verdict, Verdict::Unclear);
    assert_eq!(quoted.len(), 2, "{quoted:?}");
}
