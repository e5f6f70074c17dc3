//! What makes matching fast changes nothing of what is found: the index and the windows that spare attempts, and the memory of the
//! sentences already read.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::collections::BTreeSet;

use cadrage::annotate::finder::is_long;
use cadrage::annotate::labels::label;
use cadrage::annotate::marks::Marks;
use cadrage::annotate::matcher::View;
use cadrage::annotate::seeker::Seeker;
use cadrage::annotate::{AnnotationCache, Annotations, Engine, Mark, SentenceMark};
use cadrage::assess::{Memory, Options, assess, assess_after};
use cadrage::checks::engine::Index;
use cadrage::checks::lexicon::ClassId;
use cadrage::diagnostics::{DossierReport, Report};
use cadrage::dossier::{BlockKind, Dossier, Source};
use cadrage::report::{Format, RenderOptions, render};

use common::{catalogue, dossier};

/// The dossiers of the repository.
fn texts() -> Vec<String> {
    let texts = common::texts(&["fixtures", "tests/data/kept"]);
    assert!(texts.len() > 6, "{texts:?}");
    texts.into_iter().map(|(_, text)| text).collect()
}

/// The phrases that an index holds.
fn indexed(index: &Index) -> BTreeSet<u32> {
    let lists = (0..index.0.len() as u32).map(|symbol| index.of(symbol));
    lists.flat_map(|(whole, anchored)| whole.iter().copied().chain(anchored.map(|anchored| anchored.phrase))).collect()
}

/// Calls `each` with every sentence of a dossier and a view of it.
fn each_view(dossier: &Dossier, annotations: &Annotations, mut each: impl FnMut(usize, &View<'_>)) {
    for (id, sentence) in dossier.sentences.iter().enumerate() {
        let facts = &annotations.facts[sentence.tokens.start as usize..sentence.tokens.end as usize];
        let first = sentence.tokens.start;
        let mut marks = Marks::default();
        marks.clear(facts.len());
        annotations.marks_of(id as u32).for_each(|mark| assert!(marks.add(mark.in_sentence(first))));
        each(id, &View { facts, forms: &annotations.forms, marks: &marks });
    }
}

/// Whether tokens are a part of a set phrase.
fn is_part_of_one(set: &[SentenceMark], start: usize, end: usize) -> bool {
    set.iter().any(|mark| mark.start as usize <= start && end <= mark.end as usize && end - start < (mark.end - mark.start) as usize)
}

/// The first occurrence of each phrase in each sentence, by trying it at every token: not within a longer set phrase.
fn by_trying(dossier: &Dossier, annotations: &Annotations, engine: &Engine) -> BTreeSet<(usize, u32, u16, u16)> {
    let anywhere: BTreeSet<u32> = [&engine.phrase_index, &engine.secondary_index].into_iter().flat_map(indexed).collect();
    let in_headings = indexed(&engine.heading_index);
    let set_phrases = engine.lexicon.family("locution");
    let mut out = BTreeSet::new();
    each_view(dossier, annotations, |id, view| {
        let heading = matches!(dossier.blocks[dossier.sentences[id].block as usize].kind, BlockKind::Heading { .. });
        let heading = heading || label(dossier, id as u32) > 0;
        let set: Vec<SentenceMark> = view.marks.as_added().filter(|mark| set_phrases.contains(&mark.class)).collect();
        let phrases: BTreeSet<u32> = if heading { anywhere.union(&in_headings).copied().collect() } else { anywhere.clone() };
        for phrase in phrases {
            let matches = (0..view.facts.len())
                .find_map(|at| Some((at, view.match_at(engine.phrases.of(phrase).1, at)?)).filter(|(start, end)| !is_part_of_one(&set, *start, *end)));
            out.extend(matches.map(|(start, end)| (id, phrase, start as u16, end as u16)));
        }
    });
    out
}

/// The words of a text as one sentence, longer than what is looked at at once, from some word on.
fn endless(text: &str, from: usize) -> String {
    let words = text.split(|c: char| c.is_whitespace() || c == '\u{a0}' || ".#|?!*-".contains(c)).filter(|word| !word.is_empty());
    words.skip(from).take(220).collect::<Vec<_>>().join(" ")
}

#[test]
fn nothing_is_spared_that_would_be_found() {
    let engine = &catalogue().engine;
    let mut texts = texts();
    let endless: Vec<String> = texts.iter().filter(|text| text.len() > 1_400).flat_map(|text| [0, 21, 42].map(|from| endless(text, from))).collect();
    assert!(endless.len() > 6, "{}", endless.len());
    texts.extend(endless);
    // what holds nothing but one word
    texts.push("# Contact\n\n- Maire\n- Budget\n\n| Garant |\n|---|\n| Citoyens |\n".repeat(20));
    for text in texts {
        let dossier = dossier(&text);
        let cache = AnnotationCache::default();
        let annotations = Annotations::new(&dossier, engine, &cache);
        let found: BTreeSet<_> = (0..dossier.sentences.len())
            .flat_map(|id| annotations.found_in(id as u32).iter().map(move |found| (id, found.phrase, found.start, found.end)))
            .collect();
        let expected = by_trying(&dossier, &annotations, engine);
        assert!(expected.len() > 100);
        let place = |&(id, phrase, ..): &(usize, u32, u16, u16)| format!("phrase {phrase} in « {} »", dossier.slice(dossier.sentences[id].span));
        let facts = |id: usize| &annotations.facts[dossier.sentences[id].tokens.start as usize..dossier.sentences[id].tokens.end as usize];
        // what matters only beside other phrases is found beside them, or where it is sought
        let beside: BTreeSet<(usize, u32)> =
            found.iter().flat_map(|&(id, phrase, ..)| engine.beside.of(phrase).iter().map(move |other| (id, *other))).collect();
        let waits = |&&(id, phrase, ..): &&(usize, u32, u16, u16)| engine.is_secondary(phrase) && !is_long(facts(id)) && !beside.contains(&(id, phrase));
        let missed: Vec<String> = expected.difference(&found).filter(|it| !waits(it)).map(place).collect();
        let mut seeker = Seeker::new(&dossier, &annotations, engine, &cache.finders);
        for id in (0..dossier.sentences.len()).filter(|id| !is_long(facts(*id))) {
            for phrase in (0..engine.phrases.len() as u32).filter(|phrase| engine.is_secondary(*phrase)) {
                let sought = seeker.seek(id as u32, phrase).map(|found| (id, phrase, found.start, found.end));
                assert_eq!(sought.as_ref(), expected.range((id, phrase, 0, 0)..(id, phrase + 1, 0, 0)).next());
            }
        }
        let extra: Vec<String> = found.difference(&expected).map(place).collect();
        assert!(missed.is_empty() && extra.is_empty(), "missed {missed:#?}\nextra {extra:#?}");
        let classes = indexed(&engine.class_index);
        each_view(&dossier, &annotations, |id, view| {
            let known: BTreeSet<_> = view.marks.as_added().map(|mark| (mark.start, mark.end, mark.class)).collect();
            let wider = |&(start, end, class): &(u16, u16, _)| engine.wider.of(u32::from(class)).iter().map(move |wider| (start, end, *wider as ClassId));
            assert!(known.iter().flat_map(wider).all(|mark| known.contains(&mark)));
            for (&phrase, at) in classes.iter().flat_map(|phrase| (0..view.facts.len()).map(move |at| (phrase, at))) {
                let Some(end) = view.match_at(engine.class_phrases.of(phrase).1, at) else { continue };
                let mark = SentenceMark { start: at as u16, end: end as u16, class: engine.class_of(phrase) };
                assert!(
                    view.marks.as_added().any(|known| known == mark),
                    "class {} in « {} »",
                    engine.lexicon.classes.at(mark.class.into()),
                    dossier.slice(dossier.sentences[id].span)
                );
            }
        });
    }
}

fn json(report: DossierReport) -> String {
    let mut out = Vec::new();
    render(Format::Json, &Report { dossiers: vec![report], errors: Vec::new() }, catalogue(), &RenderOptions::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn what_is_remembered_is_what_would_be_found() {
    let memory = Memory::default();
    let mut texts = texts();
    // sentences at other places, under other headings, and once more
    let moved: Vec<String> = texts.iter().map(|text| format!("# Note\n\nLa ville décide.\n\n{}", text.replace("\n## ", "\n### "))).collect();
    texts.extend(moved);
    // the same blocks with other line ends, quoted, after more tokens
    let short = "# Atelier\n\n**Calendrier.** Le 12 mars, la ville répond.\n\n- deux élus\n- le 3 mai 2027, 12 k€\n\n| Qui | Quand |\n|---|---|\n| Le maire | en juin |\n";
    texts.push(short.to_owned());
    texts.push(format!("Le 3 mai 2027\n\n{}\n> Le 12 mars, la ville répond.\n\n{short}", short.replace('\n', "\r\n")));
    // a text is kept when it comes for the second time, and taken from the third on
    let again: Vec<String> = std::iter::repeat_n(&texts, 3).flatten().cloned().collect();
    texts.extend(again);
    let mut taken = 0;
    for text in texts {
        let fresh = json(assess(dossier(&text), catalogue(), &Options::default()));
        let source = Source { path: "note.md".into(), text: text.clone() };
        let after = Dossier::from_sources_after("note.md", vec![source], &memory.texts.blocks);
        taken += after.blocks.iter().filter(|block| block.passage.is_some()).count();
        let remembered = json(assess_after(after, catalogue(), &Options::default(), &memory));
        assert!(fresh == remembered, "{text}");
    }
    assert!(taken > 1_000, "{taken} blocks");
}

#[test]
fn a_text_that_repeats_itself_holds_the_same_everywhere() {
    let engine = &catalogue().engine;
    let annotated = |text: &str| {
        let dossier = dossier(text);
        let annotations = Annotations::new(&dossier, engine, &AnnotationCache::default());
        (dossier, annotations)
    };
    for text in texts().iter().filter(|text| !text.starts_with("---")) {
        let text = format!("{}\n\n", text.trim_end());
        let (one, of_one) = annotated(&text);
        let (many, of_many) = annotated(&text.repeat(2_001 / one.sentences.len() + 2));
        assert_eq!(many.sentences.len() % one.sentences.len(), 0);
        for (id, sentence) in many.sentences.iter().enumerate() {
            let first = id % one.sentences.len();
            let back = sentence.tokens.start - one.sentences[first].tokens.start;
            let marks = of_many.marks_of(id as u32).map(|mark| Mark { start: mark.start - back, end: mark.end - back, ..mark });
            assert!(marks.eq(of_one.marks_of(first as u32)), "{}", many.slice(sentence.span));
            assert_eq!(of_many.found_in(id as u32), of_one.found_in(first as u32), "{}", many.slice(sentence.span));
            assert_eq!(of_many.modes[id], of_one.modes[first]);
        }
    }
}
