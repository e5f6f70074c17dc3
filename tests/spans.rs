//! Whatever Markdown did to the text on the way, every place reported is the exact text of the file.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::diagnostics::{Kind, ProcessType};
use cadrage::text::fold::fold;
use cadrage::text::{FileId, Span, TokenKind};
use common::assessed;
use proptest::prelude::*;

/// Sentences that make the tool speak, and some that try to make it stumble.
fn sentence() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Un comité de suivi sera mis en place.".to_owned()),
        Just("Il sera tenu compte des avis dans la mesure du possible.".to_owned()),
        Just("Le budget est de XX euros ; le garant est [nom du garant].".to_owned()),
        Just("La réunion du 31 juin 2027 ouvre la concertation.".to_owned()),
        Just("Le CODER donnera un avis **très** _important_ (cf. annexe 3).".to_owned()),
        Just("Ne pensez\u{2011}vous pas que l’île mérite « mieux » ?".to_owned()),
        Just("Le pôle R&D, TODO &amp; suite : « [les débats][charte] ».".to_owned()),
        Just("Les citoyen·ne·s de l&#39;Oise &amp; d’ailleurs, `code` et [lien](absent.md).".to_owned()),
        Just("Œuvre, cœur, ﬁn, é décomposé e\u{301}, émoji 🗳️ et 漢字.".to_owned()),
        Just("Coût : 12\u{a0}000\u{202f}€, soit 3\u{a0}% de plus\\| et \\*pas\\* d’emphase.".to_owned()),
        "[ -~éèàçœ«»’…–]{0,60}".prop_map(|s| s),
    ]
}

fn block() -> impl Strategy<Value = String> {
    let sentences = prop::collection::vec(sentence(), 1..4).prop_map(|s| s.join(" ")).boxed();
    prop_oneof![
        4 => sentences.clone(),
        1 => sentences.clone().prop_map(|s| s.replace(' ', "\n")),
        1 => (1usize..5, sentence()).prop_map(|(n, s)| format!("{} {}", "#".repeat(n), s.replace('\n', " "))),
        1 => sentence().prop_map(|s| format!("{}\n===", s.replace('\n', " "))),
        1 => prop::collection::vec(sentence(), 1..4).prop_map(|items| items.iter().map(|i| format!("- {i}\n")).collect()),
        1 => prop::collection::vec(sentence(), 1..4).prop_map(|items| items.iter().enumerate().map(|(n, i)| format!("{}. {i}\n   - {i}\n", n + 1)).collect()),
        1 => prop::collection::vec(sentence(), 2..4).prop_map(|c| format!("| Qui | Quoi |\n|---|---|\n| {} | {} |\n", c[0].replace('|', "\\|"), c[1].replace('|', "\\|"))),
        1 => sentences.prop_map(|s| format!("> {s}\n> > {s}")),
        1 => sentence().prop_map(|s| format!("**{s}**")),
        1 => sentence().prop_map(|s| format!("Texte[^1].\n\n[^1]: {s}")),
        1 => Just("<!-- un comité -->".to_owned()),
        1 => Just("[charte]: absente.md".to_owned()),
        1 => Just("<figure><img src=\"plan.png\"></figure>".to_owned()),
        1 => Just("```\nUn comité de suivi\n```".to_owned()),
    ]
}

fn document() -> impl Strategy<Value = String> {
    (prop::collection::vec(block(), 0..8), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(blocks, crlf, bom, matter)| {
        let mut text = blocks.join("\n\n");
        if matter {
            text = format!("---\ntitle: Essai — é\n---\n\n{text}");
        }
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        if bom {
            text.insert(0, '\u{feff}');
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_place_is_the_exact_text_of_the_file(text in document()) {
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
            prop_assert!(dossier.sentences.iter().any(|s| s.span.start <= span.start && span.end <= s.span.end), "{}: {}", diagnostic.id, dossier.slice(span));
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
