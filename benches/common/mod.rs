//! The corpus of the benchmarks, made from the fixtures and the same on every machine, and what is measured on it.

#![allow(dead_code)]

use cadrage::assess::Memory;
use cadrage::assess::{Options, assess_after};
use cadrage::checks::Catalogue;
use cadrage::diagnostics::{Report, suppression};
use cadrage::dossier::{Dossier, Source};
use cadrage::report::{Format, RenderOptions, render};

/// As the command has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const FIXTURES: [&str; 5] = [
    include_str!("../../fixtures/jury-eau.md"),
    include_str!("../../fixtures/concertation-gare.md"),
    include_str!("../../fixtures/consultation-ecole.md"),
    include_str!("../../fixtures/lettre-mission.md"),
    include_str!("../../tests/data/kept/note.md"),
];

/// `count` dossiers: each a fixture with its sections in another order and other numbers.
pub fn corpus(count: usize) -> Vec<String> {
    (0..count).map(|n| variant(FIXTURES[n % FIXTURES.len()], n / FIXTURES.len())).collect()
}

fn variant(text: &str, number: usize) -> String {
    let mut sections: Vec<&str> = text.split("\n## ").collect();
    if sections.len() > 2 {
        let by = number % (sections.len() - 1);
        sections[1..].rotate_left(by);
    }
    // years and small numbers stay, so that dates stay dates
    let shift = |word: &str| word.parse::<usize>().ok().filter(|n| (32..1900).contains(n)).map_or_else(|| word.to_owned(), |n| (n + number % 97).to_string());
    sections.join("\n## ").split(' ').map(shift).collect::<Vec<_>>().join(" ")
}

/// A dossier of about `bytes` bytes.
pub fn long(bytes: usize) -> String {
    let mut out = String::new();
    for text in corpus(bytes / 500 + 1) {
        out.push_str(&text);
        out.push_str("\n\n");
        if out.len() >= bytes {
            break;
        }
    }
    out
}

/// Everything that the tool does with a text, once it is read, up to the bytes of the report; nothing is known of it before.
pub fn check(text: &str, catalogue: &Catalogue) -> Vec<u8> {
    check_after(text, catalogue, &Memory::default())
}

/// The same, with the `memory` of the texts checked before, as the tool does it.
pub fn check_after(text: &str, catalogue: &Catalogue, memory: &Memory) -> Vec<u8> {
    let source = Source { path: "note.md".into(), text: text.to_owned() };
    let dossier = Dossier::from_sources_after("note.md", vec![source], &memory.texts.blocks);
    let mut report = assess_after(dossier, catalogue, &Options::default(), memory);
    suppression::apply(&mut report, catalogue, cadrage::lang::Lang::Fr, |reasons| cadrage::assess::idle(&reasons, catalogue));
    let mut out = Vec::new();
    let report = Report { dossiers: vec![report], errors: Vec::new() };
    // a Vec is always written to
    let _ = render(Format::Jsonl, &report, catalogue, &RenderOptions::default(), &mut out);
    out
}

/// The floor: what comrak alone takes to parse the text.
pub fn parse(text: &str) -> usize {
    let arena = comrak::Arena::new();
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.tasklist = true;
    options.extension.description_lists = true;
    options.extension.alerts = true;
    options.extension.strikethrough = true;
    comrak::parse_document(&arena, text, &options).children().count()
}
