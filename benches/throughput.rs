//! Throughput on 1,000 dossiers, on one core and on two, start-up, and checking again after a change; beside each, comrak's
//! parse of the same bytes. `cargo bench --bench throughput`.

#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use cadrage::assess::Memory;
use cadrage::checks::Catalogue;
use divan::Bencher;
use divan::counter::BytesCount;

fn main() {
    divan::main();
}

fn size(texts: &[String]) -> BytesCount {
    BytesCount::new(texts.iter().map(String::len).sum::<usize>())
}

/// As the tool does it: what was found in a sentence serves for those that repeat it.
#[divan::bench(sample_count = 10, sample_size = 1, args = [1, 2])]
fn check_1000_dossiers(bencher: Bencher, cores: usize) {
    let (texts, catalogue) = (common::corpus(1_000), Catalogue::builtin().unwrap());
    bencher.counter(size(&texts)).bench(|| {
        let memory = Memory::default();
        std::thread::scope(|scope| {
            for part in 0..cores {
                let (texts, catalogue, memory) = (&texts, &catalogue, &memory);
                scope.spawn(move || texts.iter().skip(part).step_by(cores).map(|text| common::check_after(text, catalogue, memory).len()).sum::<usize>());
            }
        });
    });
}

/// As if each dossier were the first: what dossiers cost that have nothing in common.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn check_1000_dossiers_each_as_the_first(bencher: Bencher) {
    let (texts, catalogue) = (common::corpus(1_000), Catalogue::builtin().unwrap());
    bencher.counter(size(&texts)).bench(|| texts.iter().map(|text| common::check(text, &catalogue).len()).sum::<usize>());
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn parse_1000_dossiers_with_comrak(bencher: Bencher) {
    let texts = common::corpus(1_000);
    bencher.counter(size(&texts)).bench(|| texts.iter().map(|text| common::parse(text)).sum::<usize>());
}

#[divan::bench]
fn load_the_catalogue() -> Catalogue {
    Catalogue::builtin().unwrap()
}

#[divan::bench]
fn check_ten_pages_again_after_a_word(bencher: Bencher) {
    let (catalogue, memory) = (Catalogue::builtin().unwrap(), Memory::default());
    let text = common::long(30_000);
    let mut edited = false;
    bencher
        .counter(BytesCount::new(text.len()))
        .with_inputs(|| {
            edited = !edited;
            if edited { text.replacen("citoyen", "habitant", 1) } else { text.clone() }
        })
        .bench_local_refs(|text| common::check_after(text, &catalogue, &memory).len());
}

#[divan::bench]
fn parse_ten_pages_with_comrak(bencher: Bencher) {
    let text = common::long(30_000);
    bencher.counter(BytesCount::new(text.len())).bench(|| common::parse(&text));
}
