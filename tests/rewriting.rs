//! The same sentence with other apostrophes or spaces, in capitals without accents, with accents of their own, hyphenated at a line's
//! end, in a table cell, in bold, in a footnote, gives the same finding at its own place.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::diagnostics::ProcessType;
use cadrage::text::fold::fold;
use common::assessed;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

/// A sentence, the rule that speaks of it, a long word to hyphenate.
const SENTENCES: &[(&str, &str, &str)] = &[
    ("Il sera tenu compte des avis exprimés par l’assemblée.", "redaction.engagement-flou", "exprimés"),
    ("Les propositions pourront alimenter la réflexion de l’équipe municipale.", "redaction.engagement-flou", "propositions"),
    ("Dans la mesure du possible, la Ville publiera les contributions.", "redaction.engagement-flou", "contributions"),
    ("Une réponse sera apportée aux participants.", "redaction.engagement-flou", "participants"),
    ("Un comité d’éthique sera consulté par la maire.", "redaction.instance-non-definie", "consulté"),
    ("Comment faire accepter la fermeture de l’école ?", "redaction.question-orientee", "fermeture"),
    ("Toutes vos idées seront retenues par le département.", "redaction.surpromesse", "département"),
    ("La réunion se tient le 31 juin 2027 à l’école.", "coherence.dates", "réunion"),
    ("Le calendrier détaillé figure à l’annexe 3.", "coherence.renvoi", "calendrier"),
];

/// The letters and figures of a text, folded: what is left whatever the typography.
fn bare(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

#[derive(Debug, Clone, Copy)]
enum Place {
    Paragraph,
    Cell,
    Item,
    Quote,
    Footnote,
    Bold,
}

#[derive(Debug, Clone)]
struct Rewriting {
    straight: bool,
    unbreakable: bool,
    capitals: bool,
    hyphenated: bool,
    crlf: bool,
    decomposed: bool,
    place: Place,
}

fn rewriting() -> impl Strategy<Value = Rewriting> {
    let place = prop_oneof![Just(Place::Paragraph), Just(Place::Cell), Just(Place::Item), Just(Place::Quote), Just(Place::Footnote), Just(Place::Bold)];
    (any::<[bool; 6]>(), place).prop_map(|([straight, unbreakable, capitals, hyphenated, crlf, decomposed], place)| Rewriting {
        straight,
        unbreakable,
        capitals,
        hyphenated,
        crlf,
        decomposed,
        place,
    })
}

fn rewritten(sentence: &str, long: &str, r: &Rewriting) -> String {
    let mut text = sentence.to_owned();
    // a cell is one line, and a line of its own in bold capitals is a heading
    if r.hyphenated && !matches!(r.place, Place::Cell) {
        let at = text.find(long).unwrap() + long.char_indices().nth(long.chars().count() / 2).unwrap().0;
        text.insert_str(at, "-\n");
    }
    if r.straight {
        text = text.replace('’', "'");
    }
    if r.unbreakable {
        text = text.replace(" ?", "\u{a0}?").replace(" de ", " de\u{a0}");
    }
    if r.capitals {
        // capitals lose their accents; the sentence keeps company so that it is no title
        text = fold_upper(&text);
    }
    let text = match r.place {
        Place::Paragraph => format!("Le document dit ceci. {text}"),
        Place::Cell => format!("| Point | Texte |\n|---|---|\n| Un | {text} |"),
        Place::Item => format!("Le document dit :\n\n- {text}\n- autre chose"),
        Place::Quote => format!("> Le document dit ceci. {text}").replace('\n', "\n> "),
        Place::Footnote => format!("Texte courant[^1].\n\n[^1]: {text}").replace("-\n", "-\n    "),
        Place::Bold => format!("Le document dit ceci. **{text}** Il continue."),
    };
    let text = if r.decomposed { text.nfd().collect() } else { text };
    if r.crlf { text.replace('\n', "\r\n") } else { text }
}

fn fold_upper(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            'é' | 'è' | 'ê' | 'É' => 'E',
            'à' | 'â' | 'À' => 'A',
            'ç' => 'C',
            'ô' => 'O',
            'û' | 'ù' => 'U',
            'î' | 'ï' => 'I',
            _ => c.to_uppercase().next().unwrap_or(c),
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_sentence_gives_the_same_finding(at in 0..SENTENCES.len(), r in rewriting()) {
        let (sentence, rule, long) = SENTENCES[at];
        let plain = assessed(sentence, ProcessType::ConcertationPrealable);
        let expected: Vec<String> = plain.diagnostics.iter().filter(|d| d.id == rule).map(|d| bare(plain.dossier.slice(d.primary))).collect();
        prop_assert_eq!(expected.len(), 1);
        let text = rewritten(sentence, long, &r);
        let report = assessed(&text, ProcessType::ConcertationPrealable);
        let got: Vec<String> = report.diagnostics.iter().filter(|d| d.id == rule).map(|d| bare(report.dossier.slice(d.primary))).collect();
        prop_assert_eq!(got, expected, "{}", text);
    }
}
