//! Whatever Markdown did to the text on the way, every place reported is the exact text of the file.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;
#[path = "common/document.rs"]
mod document;

use cadrage::diagnostics::{Kind, ProcessType};
use cadrage::text::fold::fold;
use cadrage::text::{FileId, Span, TokenKind};
use common::assessed;
use document::document;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_place_is_the_exact_text_of_the_file(text in document(&document::any())) {
        let report = assessed(&text, ProcessType::ConsultationEnLigne);
        let dossier = &report.dossier;
        let places = report.diagnostics.iter().flat_map(|d| std::iter::once(d.primary).chain(d.labels.iter().map(|l| l.span)));
        for span in places.chain(report.criteria.iter().flat_map(|c| c.evidence.iter().copied())) {
            check(&text, span, dossier.slice(span))?;
            let (start, end) = (dossier.start(span), dossier.end(span));
            let before = &text[..span.start as usize];
            let line = before.matches('\n').count() as u32 + 1;
            prop_assert_eq!(start.line, line);
            prop_assert_eq!(start.offset, span.start);
            prop_assert!((start.line, start.column) <= (end.line, end.column));
        }
        for sentence in &dossier.sentences {
            check(&text, sentence.span, dossier.slice(sentence.span))?;
            let block = dossier.blocks[sentence.block as usize].span;
            prop_assert!(block.start <= sentence.span.start && sentence.span.end <= block.end, "{}", dossier.slice(sentence.span));
        }
        for pair in dossier.tokens.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start, "{:?} and {:?} overlap", dossier.folded(&pair[0]), dossier.folded(&pair[1]));
        }
        for token in &dossier.tokens {
            prop_assert!(token.start < token.end && text.is_char_boundary(token.start as usize) && text.is_char_boundary(token.end as usize));
            // « citoyen·ne·s » is read as « citoyens »
            if token.kind == TokenKind::Word && !text[token.start as usize..token.end as usize].contains(['·', '.', '(', '-', '•']) {
                let said: String = dossier.reading(Span::new(FileId(0), token.start, token.end)).chars().filter(|c| c.is_alphanumeric()).collect();
                let folded: String = dossier.folded(token).chars().filter(|c| c.is_alphanumeric()).collect();
                prop_assert_eq!(fold(&said), folded);
            }
        }
        for diagnostic in report.diagnostics.iter().filter(|d| d.kind == Kind::Rule) {
            let span = diagnostic.primary;
            let holds = |within: Span| within.start <= span.start && span.end <= within.end;
            // a heading without a word has no sentence
            let wordless = dossier.blocks.iter().filter(|block| block.sentences.is_empty()).map(|block| block.span);
            prop_assert!(dossier.sentences.iter().map(|s| s.span).chain(wordless).any(holds), "{}: {}", diagnostic.id, dossier.slice(span));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(text in "\\PC{0,400}") {
        assessed(&text, ProcessType::Autre);
    }
}

fn check(text: &str, span: Span, shown: &str) -> Result<(), TestCaseError> {
    prop_assert!(span.start <= span.end && span.end as usize <= text.len());
    prop_assert_eq!(text.get(span.start as usize..span.end as usize), Some(shown));
    Ok(())
}

#[test]
fn an_endless_word_keeps_its_place() {
    // letters of one byte, of two, that fold to two, of three
    for (letter, folded) in [("a", "a"), ("é", "e"), ("œ", "oe"), ("ﷺ", "")] {
        let word = letter.repeat(70_000);
        let text = format!("# Note\n\nMot {word} fin.\n");
        let report = assessed(&text, ProcessType::Autre);
        let dossier = &report.dossier;
        let token = dossier.tokens.iter().max_by_key(|token| token.end - token.start).unwrap();
        assert_eq!(&text[token.start as usize..token.end as usize], word);
        assert!(dossier.folded(token).starts_with(folded) && !dossier.lower(token).is_empty(), "{letter}");
        let last = dossier.tokens.iter().rev().nth(1).unwrap();
        assert_eq!(dossier.folded(last), "fin");
    }
}

#[test]
fn a_term_is_read_whole() {
    for text in [
        "Comité de **pilotage**\n: La ville et l’État.\n",
        "Comité de **pilotage**\n\n: La ville et l’État.\n",
        "> Comité de **pilotage**\n> : La ville et l’État.\n",
    ] {
        let report = assessed(&format!("# Note\n\n{text}"), ProcessType::Autre);
        let said: Vec<&str> = report.dossier.sentences.iter().map(|sentence| report.dossier.slice(sentence.span)).collect();
        assert_eq!(said, ["Note", "Comité de **pilotage", "La ville et l’État."], "{text}");
    }
}

/// « Comité de suivi : » may be the last words of a file.
#[test]
fn a_text_may_end_anywhere() {
    let catalogue = common::catalogue();
    let of_criteria = catalogue.criteria.iter().flat_map(|criterion| criterion.examples.iter().map(|example| example.text.as_str()));
    let of_rules = catalogue.rules.iter().flat_map(|rule| rule.examples.iter().map(|example| example.text.as_str()));
    let mut cut: Vec<&str> = of_criteria.chain(of_rules).chain(["# Concertation\n\nla maire, comité de suivi –"]).flat_map(beginnings).collect();
    cut.sort_unstable();
    cut.dedup();
    assert!(cut.len() > 10_000, "{}", cut.len());
    let faults = cut.iter().filter(|text| std::panic::catch_unwind(|| assessed(text, ProcessType::Autre)).is_err());
    assert_eq!(faults.collect::<Vec<_>>(), [&""; 0]);
}

/// A text cut before each of its signs, and after.
fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    text.char_indices().filter(|(_, c)| !c.is_alphanumeric() && !c.is_whitespace()).flat_map(|(at, c)| [&text[..at], &text[..at + c.len_utf8()]]).chain([text])
}
