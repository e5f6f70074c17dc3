//! The classes of the vocabulary and the phrases of the patterns in each sentence: a phrase is looked for only where its rarest
//! element stands in the sentence, and tried only at the tokens with which it can begin.

use std::ops::Range;

use fixedbitset::FixedBitSet;

use super::marks::{Marks, SentenceMark};
use super::matcher::{TokenFacts, View};
use super::window::{WIDTH, Window, each};
use crate::checks::engine::{Anchored, Engine, Index, PhraseId};
use crate::checks::lexicon::{ANY, ClassId, Form, NONE, Symbol};

/// A phrase of a pattern found in a sentence: its first occurrence, tokens `start..end` of the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The phrase.
    pub phrase: PhraseId,
    /// First token.
    pub start: u16,
    /// One past the last.
    pub end: u16,
}

/// The tokens of a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// What is known of each.
    pub facts: &'a [TokenFacts],
    /// All verb analyses of the dossier.
    pub forms: &'a [Form],
}

/// Finds classes and phrases, a sentence at a time.
pub struct Finder<'a> {
    engine: &'a Engine,
    window: Window<'a>,
    marks: Marks,
    /// The phrases of classes to look for, by level.
    levels: Vec<Vec<u32>>,
    new: Vec<SentenceMark>,
    /// The phrases of classes, and of patterns, that were looked for in the window.
    tried: [FixedBitSet; 2],
    /// The class of [`SET_PHRASES`], and where it stands in the sentence.
    set: Range<ClassId>,
    set_phrases: Vec<SentenceMark>,
}

/// Phrases whose words do not say what they say alone: a pattern that holds within a longer one of them is not there. « Remettre en question »
/// asks no question, and the ministry « des affaires étrangères » is no public.
const SET_PHRASES: &str = "locution";

/// Whether tokens are a part of one of the set phrases.
fn is_part_of(set_phrases: &[SentenceMark], start: usize, end: usize) -> bool {
    let holds = |mark: &SentenceMark| {
        let (from, to) = (mark.start as usize, mark.end as usize);
        from <= start && end <= to && end - start < to - from
    };
    set_phrases.iter().any(holds)
}

impl<'a> Finder<'a> {
    /// A finder with the patterns of `engine`.
    #[must_use]
    pub fn new(engine: &'a Engine) -> Self {
        Self {
            engine,
            window: Window::new(engine),
            marks: Marks::default(),
            levels: Vec::new(),
            new: Vec::new(),
            tried: [&engine.class_phrases, &engine.phrases].map(|phrases| FixedBitSet::with_capacity(phrases.len())),
            set: engine.lexicon.family(SET_PHRASES),
            set_phrases: Vec::new(),
        }
    }

    /// Adds the classes of the vocabulary to `marks`, which holds those that the code recognises in the sentence of `words`; all of
    /// its tokens, and sorts them. Then adds the phrases of the patterns to `found`, sorted; those of headings too for a heading.
    pub fn sentence(&mut self, words: Words<'_>, heading: bool, marks: &mut Vec<SentenceMark>, found: &mut Vec<Found>) {
        let from = found.len();
        self.marks.clear(words.facts.len());
        self.set_phrases.clear();
        self.window.last_of(words.facts);
        loop {
            self.tried.iter_mut().for_each(FixedBitSet::clear);
            self.add_words(words);
            let (first, end) = (self.window.first(), self.window.first() + WIDTH);
            self.new.extend(marks.iter().filter(|mark| (first..end).contains(&(mark.start as usize))));
            self.classes(words);
            self.phrases(&self.engine.phrase_index, words, found);
            if heading {
                self.phrases(&self.engine.heading_index, words, found);
            }
            if !self.window.go_back(words.facts) {
                break;
            }
        }
        marks.clear();
        self.marks.sorted_into(marks);
        if words.facts.len() > WIDTH {
            // the first occurrence of each, whatever the window
            let mut own = found.split_off(from);
            own.sort_unstable();
            own.dedup_by_key(|found| found.phrase);
            found.append(&mut own);
        } else {
            found[from..].sort_unstable_by_key(|found| found.phrase);
        }
    }

    fn add_words(&mut self, words: Words<'_>) {
        let own = words.facts.iter().skip(self.window.first()).take(WIDTH);
        own.enumerate().for_each(|(at, fact)| each_symbol(fact, words.forms, |symbol| self.window.add(symbol, at)));
        // what needs nothing in particular is looked for everywhere
        self.window.add(ANY, WIDTH);
    }

    fn classes(&mut self, words: Words<'_>) {
        let (mut known, mut level) = (0, 0);
        loop {
            self.settle();
            while let Some(&symbol) = self.window.known().get(known) {
                self.look_for(symbol);
                known += 1;
                // a class that is one word may begin others
                self.settle();
            }
            // the next level for which something waits
            let Some(next) = (level..self.levels.len()).find(|&l| !self.levels[l].is_empty()) else { break };
            level = next;
            let Self { engine, window, marks, levels, new, .. } = self;
            let view = View { facts: words.facts, forms: words.forms, marks };
            for phrase in levels[level].drain(..) {
                let code = engine.class_phrases.of(phrase);
                let starts = each(window.starts(engine.class_sieves.of(phrase), marks)).map(|at| window.first() + at);
                let ends = starts.filter_map(|at| Some((at, view.match_at(code, at)?)));
                new.extend(ends.map(|(start, end)| SentenceMark { start: start as u16, end: end as u16, class: engine.class_of(phrase) }));
            }
        }
    }

    /// Marks the classes of which a symbol is the whole, and keeps for later the other phrases of classes that it may be part of.
    fn look_for(&mut self, symbol: Symbol) {
        let Self { engine, window, levels, new, tried: [tried, _], .. } = self;
        let whole = engine.class_index.whole.of(symbol);
        if !whole.is_empty() {
            for at in each(window.of(symbol)).map(|at| (window.first() + at) as u16) {
                new.extend(whole.iter().map(|phrase| SentenceMark { start: at, end: at + 1, class: engine.class_of(*phrase) }));
            }
        }
        for Anchored { phrase, level, need } in engine.class_index.anchored(symbol) {
            if !window.may_hold(phrase, &engine.class_firsts, need) || tried.put(phrase as usize) {
                continue;
            }
            let level = usize::from(level);
            if levels.len() <= level {
                levels.resize_with(level + 1, Vec::new);
            }
            levels[level].push(phrase);
        }
    }

    fn phrases(&mut self, index: &Index, Words { facts, forms }: Words<'_>, found: &mut Vec<Found>) {
        let Self { engine, window, marks, tried: [_, tried], set_phrases, .. } = self;
        let from = window.first();
        let mut is_new = |phrase: u32| !tried.put(phrase as usize);
        for (at, fact) in facts.iter().enumerate().skip(from).take(WIDTH) {
            let before = (1 << (at - from)) - 1;
            let mut whole = |symbol: Symbol, end: usize| {
                // the first occurrence, unless it is a part of a set phrase
                let first = window.of(symbol) & before == 0 || !set_phrases.is_empty();
                if first && !is_part_of(set_phrases, at, end) {
                    let new = index.whole.of(symbol).iter().filter(|phrase| is_new(**phrase));
                    found.extend(new.map(|phrase| Found { phrase: *phrase, start: at as u16, end: end as u16 }));
                }
            };
            // the longest first, as `match_at` does
            for mark in marks.at(at) {
                whole(engine.lexicon.class_symbol(mark.class), mark.end as usize);
            }
            each_symbol(fact, forms, |symbol| whole(symbol, at + 1));
        }
        let view = View { facts, forms, marks };
        for known in 0..window.known().len() {
            for Anchored { phrase, need, .. } in index.anchored(window.known()[known]) {
                if !window.may_hold(phrase, &engine.firsts, need) || !is_new(phrase) {
                    continue;
                }
                let code = engine.phrases.of(phrase);
                let mut starts = each(window.starts(engine.sieves.of(phrase), marks)).map(|at| from + at);
                let occurrence = starts.find_map(|at| Some((at, view.match_at(code, at)?)).filter(|(start, end)| !is_part_of(set_phrases, *start, *end)));
                found.extend(occurrence.map(|(start, end)| Found { phrase, start: start as u16, end: end as u16 }));
            }
        }
    }

    /// Adds the new marks to those that are known.
    fn settle(&mut self) {
        let Self { engine, window, marks, new, set, set_phrases, .. } = self;
        for mark in new.drain(..).filter(|mark| marks.add(*mark)) {
            if set.contains(&mark.class) {
                set_phrases.push(mark);
            }
            window.add(engine.lexicon.class_symbol(mark.class), mark.start as usize - window.first());
        }
    }
}

/// Calls `each` with every symbol of a token.
fn each_symbol(fact: &TokenFacts, forms: &[Form], mut each: impl FnMut(Symbol)) {
    for symbol in [fact.stem, fact.exact] {
        if symbol != NONE {
            each(symbol);
        }
    }
    fact.analyses(forms).iter().for_each(|form| each(form.verb));
}
