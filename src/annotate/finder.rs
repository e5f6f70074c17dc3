//! The classes of the vocabulary and the phrases of the patterns in each sentence: a phrase is looked for only where its rarest
//! element stands in the sentence, and tried only at the tokens with which it can begin.

use std::ops::Range;
use std::sync::Mutex;

use fixedbitset::FixedBitSet;

use super::marks::{Marks, SentenceMark};
use super::matcher::{TokenFacts, View};
use super::window::{WIDTH, Window, each};
use crate::checks::engine::{Engine, Index, PhraseId};
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

impl Found {
    /// As a number, the phrase, the start, the longest first.
    fn order(&self) -> u64 {
        u64::from(self.phrase) << 32 | u64::from(self.start) << 16 | u64::from(!self.end)
    }
}

/// The tokens of a sentence.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// What is known of each.
    pub facts: &'a [TokenFacts],
    /// All verb analyses of the dossier.
    pub forms: &'a [Form],
}

/// Finds the classes and phrases of an engine, which is always the same, a sentence at a time.
#[derive(Debug)]
pub struct Finder {
    window: Window,
    marks: Marks,
    /// The phrases of classes to look for, by level.
    levels: Vec<Vec<u32>>,
    new: Vec<SentenceMark>,
    found: Vec<Found>,
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

impl Finder {
    /// A finder for the patterns of `engine`.
    #[must_use]
    pub fn new(engine: &Engine) -> Self {
        Self {
            window: Window::new(engine),
            marks: Marks::default(),
            levels: Vec::new(),
            new: Vec::new(),
            found: Vec::new(),
            tried: [&engine.class_phrases, &engine.phrases].map(|phrases| FixedBitSet::with_capacity(phrases.len())),
            set: engine.lexicon.family(SET_PHRASES),
            set_phrases: Vec::new(),
        }
    }

    /// Adds the classes of the vocabulary to `marks`, which holds those that the code recognises in the sentence of `words`; all of
    /// its tokens, and sorts them. Then adds the phrases of the patterns to `found`, sorted; those of headings too for a heading.
    pub fn sentence(&mut self, engine: &Engine, words: Words<'_>, heading: bool, marks: &mut Vec<SentenceMark>, found: &mut Vec<Found>) {
        let from = found.len();
        self.marks.clear(words.facts.len());
        self.set_phrases.clear();
        self.window.last_of(words.facts);
        loop {
            self.tried.iter_mut().for_each(FixedBitSet::clear);
            self.add_words(words);
            let (first, end) = (self.window.first(), self.window.first() + WIDTH);
            self.new.extend(marks.iter().filter(|mark| (first..end).contains(&(mark.start as usize))));
            self.classes(engine, words);
            self.phrases(engine, &engine.phrase_index, words, found);
            if heading {
                self.phrases(engine, &engine.heading_index, words, found);
            }
            if is_long(words.facts) {
                self.phrases(engine, &engine.secondary_index, words, found);
            } else {
                self.beside(engine, words, from, found);
            }
            if !self.window.go_back(words.facts) {
                break;
            }
        }
        marks.clear();
        self.marks.sorted_into(marks);
        // the first occurrence of each, whatever its symbols and the window; of those, the longest
        let own = &mut self.found;
        own.extend(found.drain(from..));
        own.sort_unstable_by_key(Found::order);
        own.dedup_by_key(|found| found.phrase);
        found.append(own);
    }

    /// Makes ready for [`Self::first`], in a sentence that is not long and that has these marks.
    pub(super) fn turn_to(&mut self, engine: &Engine, words: Words<'_>, marks: &[SentenceMark]) {
        self.marks.clear(words.facts.len());
        self.set_phrases.clear();
        self.window.last_of(words.facts);
        self.add_words(words);
        marks.iter().for_each(|mark| {
            self.admit(engine, *mark);
        });
    }

    /// The first occurrence of a phrase in the sentence turned to.
    pub(super) fn first(&self, engine: &Engine, words: Words<'_>, phrase: PhraseId) -> Option<Found> {
        let view = View { facts: words.facts, forms: words.forms, marks: &self.marks };
        first_in(&self.window, view, &self.set_phrases, engine, phrase)
    }

    fn add_words(&mut self, words: Words<'_>) {
        let own = words.facts.iter().skip(self.window.first()).take(WIDTH);
        own.enumerate().for_each(|(at, fact)| each_symbol(fact, words.forms, |symbol| self.window.add(symbol, at)));
        // what needs nothing in particular is looked for everywhere
        self.window.add(ANY, WIDTH);
    }

    fn classes(&mut self, engine: &Engine, words: Words<'_>) {
        let (mut known, mut level) = (0, 0);
        loop {
            self.settle(engine);
            // classes that are one word are added to those known
            while let Some(&symbol) = self.window.known().get(known) {
                self.look_for(engine, symbol);
                known += 1;
            }
            // the next level for which something waits
            let Some(next) = (level..self.levels.len()).find(|&l| !self.levels[l].is_empty()) else { break };
            level = next;
            let Self { window, marks, levels, new, .. } = self;
            let view = View { facts: words.facts, forms: words.forms, marks };
            for phrase in levels[level].drain(..) {
                let (sieve, code) = engine.class_phrases.of(phrase);
                let starts = each(window.starts(sieve, marks, engine)).map(|at| window.first() + at);
                let ends = starts.filter_map(|at| Some((at, view.match_at(code, at)?)));
                new.extend(ends.map(|(start, end)| SentenceMark { start: start as u16, end: end as u16, class: engine.class_of(phrase) }));
            }
        }
    }

    /// Marks the classes of which a symbol is the whole, and keeps for later the other phrases of classes that it may be part of.
    fn look_for(&mut self, engine: &Engine, symbol: Symbol) {
        let (classes, anchored) = engine.class_index.of(symbol);
        if !classes.is_empty() {
            let first = self.window.first();
            for at in each(self.window.of(symbol)).map(|at| (first + at) as u16) {
                classes.iter().for_each(|class| {
                    self.admit(engine, SentenceMark { start: at, end: at + 1, class: *class as ClassId });
                });
            }
        }
        let Self { window, levels, tried: [tried, _], .. } = self;
        for anchored in anchored {
            let (phrase, level) = (anchored.phrase, usize::from(anchored.level));
            if !window.may_hold(anchored, &engine.class_firsts, engine) || tried.put(phrase as usize) {
                continue;
            }
            if levels.len() <= level {
                levels.resize_with(level + 1, Vec::new);
            }
            levels[level].push(phrase);
        }
    }

    fn phrases(&mut self, engine: &Engine, index: &Index, Words { facts, forms }: Words<'_>, found: &mut Vec<Found>) {
        let Self { window, marks, tried: [_, tried], set_phrases, .. } = self;
        let view = View { facts, forms, marks };
        for known in 0..window.known().len() {
            let symbol = window.known()[known];
            let (whole, anchored) = index.of(symbol);
            if !whole.is_empty() {
                let class = engine.lexicon.class_of_symbol(symbol);
                // the longest, as `match_at` does
                let end = |at: usize| class.map_or(Some(at + 1), |class| marks.at(at).find(|mark| mark.class == class).map(|mark| mark.end as usize));
                let mut occurrences = each(window.of(symbol)).map(|at| window.first() + at).filter_map(|at| Some((at, end(at)?)));
                if let Some((start, end)) = occurrences.find(|(start, end)| !is_part_of(set_phrases, *start, *end)) {
                    found.extend(whole.iter().map(|phrase| Found { phrase: *phrase, start: start as u16, end: end as u16 }));
                }
            }
            for anchored in anchored {
                if window.may_hold(anchored, &engine.firsts, engine) && !tried.put(anchored.phrase as usize) {
                    found.extend(first_in(window, view, set_phrases, engine, anchored.phrase));
                }
            }
        }
    }

    /// Looks for the secondary phrases of the patterns that those found from `from` on begin.
    fn beside(&mut self, engine: &Engine, Words { facts, forms }: Words<'_>, from: usize, found: &mut Vec<Found>) {
        let Self { window, marks, tried: [_, tried], set_phrases, .. } = self;
        let view = View { facts, forms, marks };
        for at in from..found.len() {
            for &phrase in engine.beside.of(found[at].phrase) {
                if !tried.put(phrase as usize) {
                    found.extend(first_in(window, view, set_phrases, engine, phrase));
                }
            }
        }
    }

    /// Adds the new marks to those that are known, with those of the classes that are wider.
    fn settle(&mut self, engine: &Engine) {
        while let Some(mark) = self.new.pop() {
            if self.admit(engine, mark) {
                self.new.extend(engine.wider.of(mark.class.into()).iter().map(|class| SentenceMark { class: *class as ClassId, ..mark }));
            }
        }
    }

    /// Adds a mark; whether it was not known.
    fn admit(&mut self, engine: &Engine, mark: SentenceMark) -> bool {
        let Self { window, marks, set, set_phrases, .. } = self;
        let new = marks.add(mark);
        if new {
            if set.contains(&mark.class) {
                set_phrases.push(mark);
            }
            window.add(engine.lexicon.class_symbol(mark.class), mark.start as usize - window.first());
        }
        new
    }
}

/// Finders at rest, whose room is made once for many dossiers. Shared by threads.
#[derive(Debug, Default)]
pub struct Finders(Mutex<Vec<Finder>>);

impl Finders {
    /// One that is at rest, or a new one.
    pub(super) fn take(&self, engine: &Engine) -> Finder {
        let known = self.0.lock().ok().and_then(|mut finders| finders.pop());
        known.unwrap_or_else(|| Finder::new(engine))
    }

    /// Takes one back.
    pub(super) fn put(&self, finder: Finder) {
        if let Ok(mut finders) = self.0.lock() {
            finders.push(finder);
        }
    }
}

/// The first occurrence of a phrase in a window, unless it is a part of a set phrase.
fn first_in(window: &Window, view: View<'_>, set_phrases: &[SentenceMark], engine: &Engine, phrase: PhraseId) -> Option<Found> {
    let (sieve, code) = engine.phrases.of(phrase);
    let mut starts = each(window.starts(sieve, view.marks, engine)).map(|at| window.first() + at);
    let occurrence = starts.find_map(|at| Some((at, view.match_at(code, at)?)).filter(|(start, end)| !is_part_of(set_phrases, *start, *end)));
    occurrence.map(|(start, end)| Found { phrase, start: start as u16, end: end as u16 })
}

/// Whether a sentence is more than a window, and thus looked through for all phrases at once.
#[must_use]
pub const fn is_long(sentence: &[TokenFacts]) -> bool {
    sentence.len() > WIDTH
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
