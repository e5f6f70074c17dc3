//! Tables of sentences with their analysis: commitments, dates, bodies, amounts and counts, telephone numbers, negations,
//! placeholders.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::annotate::commitments::Firmness;
use cadrage::annotate::time::Precision;
use cadrage::annotate::{AnnotationCache, Annotations};
use cadrage::diagnostics::ProcessType;
use cadrage::dossier::Dossier;
use common::{assessed, catalogue, dossier, reported};

/// The rows of a table: its cells are separated by « | », the text's own bars by nothing else.
fn rows(table: &'static str, cells: usize) -> Vec<Vec<&'static str>> {
    let row = |line: &'static str| {
        let mut parts: Vec<&str> = line.rsplitn(cells, " |").map(str::trim).collect();
        parts.reverse();
        parts
    };
    table.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).map(row).collect()
}

fn read(text: &str) -> (Dossier, Annotations) {
    let dossier = dossier(text);
    let annotations = Annotations::new(&dossier, &catalogue().engine, &AnnotationCache::default());
    (dossier, annotations)
}

fn words(dossier: &Dossier, tokens: &std::ops::Range<u32>) -> String {
    let (first, last) = (&dossier.tokens[tokens.start as usize], &dossier.tokens[tokens.end as usize - 1]);
    dossier.files[0].text[first.start as usize..last.end as usize].to_owned()
}

/// Compares every row and tells all that differ.
fn hold(table: &'static str, least: usize, cells: usize, analysed: impl Fn(&str) -> Vec<String>) {
    let rows = rows(table, cells);
    assert!(rows.len() >= least, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let got = analysed(row[0]);
        if got.iter().map(String::as_str).collect::<Vec<_>>() != row[1..] {
            wrong.push(format!("{}\n    want {:?}\n    got  {got:?}", row[0], &row[1..]));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn commitments() {
    hold(include_str!("data/commitments.txt"), 80, 4, |text| {
        let (dossier, annotations) = read(text);
        let Some(c) = annotations.commitments.first() else { return ["none", "-", "-"].map(str::to_owned).to_vec() };
        let firmness = match c.firmness {
            Firmness::Firm => "firm",
            Firmness::Hedged => "hedged",
            Firmness::Conditional => "conditional",
            Firmness::Agentless => "agentless",
        };
        let said = |tokens: &Option<std::ops::Range<u32>>| tokens.as_ref().map_or("-".to_owned(), |t| words(&dossier, t));
        vec![firmness.to_owned(), said(&c.who), said(&c.when)]
    });
}

#[test]
fn dates() {
    hold(include_str!("data/dates.txt"), 60, 3, |text| {
        let (_, annotations) = read(text);
        let times = &annotations.entities.times;
        let precise: Vec<_> = times.dates.iter().filter(|d| d.precision <= Precision::Month && !d.year_assumed).collect();
        match (precise.first(), precise.last()) {
            (Some(first), Some(last)) => vec![first.first_day().unwrap().to_string(), last.last_day().unwrap().to_string()],
            _ => vec!["none".to_owned(), "none".to_owned()],
        }
    });
}

#[test]
fn dates_of_texts() {
    let of_texts = |text: &str| read(text).1.entities.times.dates.iter().map(|date| date.of_text).collect::<Vec<_>>();
    assert_eq!(of_texts("La loi n°2018-938 du 30 octobre 2018 et le décret n° 2016-532 du 27 avril 2016."), [true, true]);
    assert_eq!(of_texts("Vu les arrêtés préfectoraux du 3 juin et du 9 juillet 2026, la consultation ouvre le 4 mai 2027."), [true, true, false]);
    assert_eq!(of_texts("Le règlement (UE) n° 2016/679 du 27 avril 2016 ; la circulaire du Premier ministre du 5 juin 2019."), [true, true]);
    assert_eq!(of_texts("La délibération n° 2026-14 du 3 mai 2026 ; la délibération du 14 octobre 2027."), [true, false]);
    assert_eq!(of_texts("La consultation sur la loi est ouverte du 3 mars au 9 avril 2027 ; le plan est arrêté le 4 mai 2027."), [false, false, false]);
    // the year of a law is not lent to what is done under it
    let (_, annotations) = read("En application de la loi du 9 décembre 1905, la réunion a lieu le 4 mai.");
    assert!(annotations.entities.times.dates[1].year_assumed);
}

#[test]
fn bodies() {
    hold(include_str!("data/bodies.txt"), 30, 2, |text| {
        let (dossier, annotations) = read(text);
        let told = |b: &cadrage::annotate::bodies::Body| format!("{}{}", if b.composition.is_empty() { '-' } else { '+' }, words(&dossier, &b.mentions[0].1));
        vec![annotations.bodies.iter().map(told).collect::<Vec<_>>().join(" ")]
    });
}

#[test]
fn amounts_and_counts() {
    hold(include_str!("data/amounts.txt"), 40, 2, |text| {
        let (_, annotations) = read(text);
        let amounts = annotations.entities.amounts.iter().map(|a| a.euros.to_string());
        let counts = annotations.entities.numbers.iter().map(|n| format!("n{}", n.value));
        vec![amounts.chain(counts).collect::<Vec<_>>().join(" ")]
    });
}

#[test]
fn telephone_numbers() {
    let phone = catalogue().engine.lexicon.family("telephone");
    hold(include_str!("data/phones.txt"), 14, 2, |text| {
        let (dossier, annotations) = read(text);
        let marks = (0..dossier.sentences.len() as u32).flat_map(|id| annotations.marks_of(id)).filter(|mark| phone.contains(&mark.class));
        let said: Vec<String> = marks.map(|mark| words(&dossier, &(mark.start..mark.end))).collect();
        vec![if said.is_empty() { "-".to_owned() } else { said.join(" ; ") }]
    });
}

#[test]
fn negations() {
    hold(include_str!("data/negations.txt"), 10, 2, |text| {
        let (dossier, annotations) = read(text);
        let denied = (0..dossier.tokens.len() as u32).filter(|&at| annotations.negations.deny(at, at + 1));
        let said: Vec<String> = denied.map(|at| words(&dossier, &(at..at + 1))).filter(|word| word != ".").collect();
        vec![if said.is_empty() { "-".to_owned() } else { said.join(" ") }]
    });
}

#[test]
fn placeholders() {
    hold(include_str!("data/placeholders.txt"), 30, 2, |text| {
        let text = text.replace("\\n", "\n");
        let report = assessed(&text, ProcessType::Autre);
        let found = reported(&report, "redaction.a-completer");
        vec![if found.is_empty() { "none".to_owned() } else { found.join(" ") }]
    });
}
