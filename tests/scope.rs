//! Documents that frame no participation get one diagnostic; those that do never get it.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::diagnostics::{ProcessType, Verdict};
use common::{assessed, detected, texts};

#[test]
fn what_frames_no_participation_gets_one_diagnostic() {
    let mut seen = 0;
    for entry in std::fs::read_dir("tests/data/negatives").unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let report = detected(&text);
        let ids: Vec<&str> = report.diagnostics.iter().map(|d| d.id.as_str()).collect();
        assert_eq!(ids, ["dossier.hors-champ"], "{}", path.display());
        assert!(report.out_of_scope && report.criteria.len() == 47);
        assert!(report.criteria.iter().all(|criterion| criterion.verdict == Verdict::NotApplicable), "no criterion is asked of it");
        let forced = assessed(&text, ProcessType::AtelierCitoyen);
        assert!(forced.diagnostics.iter().all(|d| d.id != "dossier.hors-champ"), "a stated type overrides");
        seen += 1;
    }
    assert_eq!(seen, 44);
}

fn is_out(text: &str) -> bool {
    detected(text).diagnostics.iter().any(|d| d.id == "dossier.hors-champ")
}

#[test]
fn what_frames_participation_in_words_of_its_own_is_assessed() {
    let texts = texts(&["fixtures", "tests/data/framings", "tests/data/kept", "tests/data/drafts"]);
    assert!(texts.len() > 25);
    for (path, text) in texts {
        assert!(!is_out(&text), "{path}");
    }
}

#[test]
fn a_title_that_other_documents_bear_puts_aside_only_what_settles_little() {
    let rules = std::fs::read_to_string("tests/data/kept/reglement.md").unwrap();
    let club = std::fs::read_to_string("tests/data/negatives/statuts.md").unwrap();
    for title in ["Règlement intérieur de l’assemblée", "Mode d’emploi", "Règlement de la consultation", "Statuts"] {
        let titled = |text: &str| format!("# {title}\n\n{}", text.split_once("\n\n").unwrap().1);
        assert!(!is_out(&titled(&rules)), "{title}");
        assert!(is_out(&titled(&club)), "{title}");
    }
}

#[test]
fn the_type_is_the_one_that_the_title_alone_names() {
    let body = "La concertation préalable s’ouvre en mai. Une réunion publique de concertation préalable se tient en mairie, avec un registre de concertation publique.\n";
    let kind = |title: &str| detected(&format!("# {title}\n\n{body}\n{body}\n{body}")).process_type;
    assert_eq!(kind("Note de cadrage"), ProcessType::ConcertationPrealable);
    assert_eq!(kind("Convention citoyenne « Se soigner près de chez soi »"), ProcessType::ConventionCitoyenne);
    // two types are no answer: what the text speaks of most
    assert_eq!(kind("Convention citoyenne et budget participatif"), ProcessType::ConcertationPrealable);
}

#[test]
fn a_few_lines_on_what_takes_place_are_no_story() {
    assert!(!is_out("# Concertation sur la place\n\nLa concertation a lieu du 3 mai au 20 juin 2027.\n"));
}

#[test]
fn only_a_title_tells_the_kind_where_there_is_one() {
    let body = "La concertation sur la gare a lieu du 3 mai au 20 juin 2027. Les habitants donnent leur avis lors de deux réunions publiques.\n";
    for sentence in ["Ce texte s’appuie sur le guide de la commune.", "Cette démarche fait suite à l’appel d’offres lancé en janvier."] {
        assert!(!is_out(&format!("# Concertation sur la gare\n\n{sentence}\n\n{body}")), "{sentence}");
        assert!(is_out(&format!("{sentence}\n\n{body}")), "{sentence}");
    }
}
