//! The classes of the vocabulary and the phrases of the patterns in each sentence: one pass, every phrase tried only at the
//! tokens that it can begin with, where a sign of its second element is near.

use super::marks::{Marks, SentenceMark};
use super::matcher::{TokenFacts, View};
use crate::checks::engine::{Candidate, Candidates, EVERYWHERE, Engine, Lists, Need, PhraseId, Reach, Signs, sign};
use crate::checks::lexicon::{ANY, Form, NONE, Symbol, WORD};

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

/// A phrase of a class to try once the classes that it refers to are known: where it begins, and where its first element ends.
#[derive(Debug, Clone, Copy)]
struct Postponed<'a> {
    candidate: Candidate<'a>,
    at: u32,
    after: u32,
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
    signs: Windows,
    places: Places<'a>,
    marks: Marks,
    levels: Vec<Vec<Postponed<'a>>>,
    new: Vec<SentenceMark>,
    sieve: Sieve,
    /// For each phrase, the last sentence in which it was found, counted from 1.
    seen: Vec<u32>,
    sentence: u32,
}

impl<'a> Finder<'a> {
    /// A finder with the patterns of `engine`.
    #[must_use]
    pub fn new(engine: &'a Engine) -> Self {
        Self {
            engine,
            signs: Windows::default(),
            places: Places::new(engine),
            marks: Marks::default(),
            levels: Vec::new(),
            new: Vec::new(),
            sieve: Sieve::default(),
            seen: vec![0; engine.phrases.len()],
            sentence: 0,
        }
    }

    /// Adds the classes of the vocabulary to `marks`, which holds those that the code recognises in the sentence of `words`; all of
    /// its tokens, and sorts them. Then adds the phrases of the patterns to `found`; those of headings too for a heading.
    pub fn sentence(&mut self, words: Words<'_>, heading: bool, marks: &mut Vec<SentenceMark>, found: &mut Vec<Found>) {
        self.sentence += 1;
        self.places.clear();
        self.signs.clear();
        for (at, fact) in words.facts.iter().enumerate() {
            let mut own = 0;
            each_symbol(fact, words.forms, |symbol| {
                own |= sign(symbol);
                self.places.add(symbol, at);
            });
            self.signs.push(own, fact.skip());
        }
        self.marks.clear(words.facts.len());
        self.new.append(marks);
        self.settle();
        self.classes(words);
        self.marks.sorted_into(marks);
        self.phrases(&self.engine.phrase_index, words, found);
        if heading {
            self.phrases(&self.engine.heading_index, words, found);
        }
    }

    fn classes(&mut self, words: Words<'_>) {
        let engine = self.engine;
        for (at, fact) in words.facts.iter().enumerate() {
            each_symbol(fact, words.forms, |symbol| self.offer(symbol, at, at + 1, words));
        }
        let mut known = 0;
        let mut level = 0;
        loop {
            self.settle();
            while let Some(&SentenceMark { start, end, class }) = self.marks.as_added().get(known) {
                self.offer(engine.lexicon.class_symbol(class), start as usize, end as usize, words);
                known += 1;
            }
            level += 1;
            // the next level for which something waits
            let Some(next) = (level..self.levels.len()).find(|&l| !self.levels[l].is_empty()) else { break };
            level = next;
            let Self { levels, new, marks, signs, .. } = self;
            let view = view(words, marks, signs);
            for Postponed { candidate, at, after } in levels[level].drain(..) {
                if signs.around(at as usize, after as usize).second(candidate) {
                    new.extend(class_of(candidate, at as usize, engine, &view));
                }
            }
        }
    }

    /// Tries the phrases of classes that may begin with `symbol`, which stands at `at..after`, or keeps them for later.
    fn offer(&mut self, symbol: Symbol, at: usize, after: usize, words: Words<'_>) {
        let Self { engine, signs, places, marks, levels, new, sieve, .. } = self;
        let (near, view) = (signs.around(at, after), view(words, marks, signs));
        let candidates = Engine::candidates(&engine.class_index, symbol);
        for candidate in sieve.keep(candidates, at, |candidate| (candidate.late() | near.second(candidate)) & near.rest(candidate)) {
            if !places.provide(candidate, at, after) {
                continue;
            }
            let level = candidate.level();
            if level == 0 {
                new.extend(class_of(candidate, at, engine, &view));
                continue;
            }
            if levels.len() <= level {
                levels.resize_with(level + 1, Vec::new);
            }
            levels[level].push(Postponed { candidate, at: at as u32, after: after as u32 });
        }
    }

    fn phrases(&mut self, index: &Lists, words: Words<'_>, found: &mut Vec<Found>) {
        let Words { facts, forms } = words;
        let view = view(words, &self.marks, &self.signs);
        let (engine, sentence) = (self.engine, self.sentence);
        let (seen, signs, places, sieve) = (&mut self.seen, &self.signs, &self.places, &mut self.sieve);
        let mut offer = |symbol: Symbol, at: usize, after: usize| {
            let near = signs.around(at, after);
            let candidates = Engine::candidates(index, symbol);
            for candidate in sieve.keep(candidates, at, |candidate| near.second(candidate) & near.rest(candidate)) {
                let phrase = candidate.phrase();
                if (seen[phrase as usize] == sentence) | !places.provide(candidate, at, after) {
                    continue;
                }
                let end = if candidate.whole() { Some(after) } else { view.match_at(engine.phrases.of(phrase), at) };
                if let Some(end) = end {
                    seen[phrase as usize] = sentence;
                    found.push(Found { phrase, start: at as u16, end: end as u16 });
                }
            }
        };
        for (at, fact) in facts.iter().enumerate() {
            // the longest first, as `match_at` does
            for mark in self.marks.at(at) {
                offer(engine.lexicon.class_symbol(mark.class), at, mark.end as usize);
            }
            each_symbol(fact, forms, |symbol| offer(symbol, at, at + 1));
        }
    }

    /// Adds the new marks to those that are known.
    fn settle(&mut self) {
        let Self { engine, signs, places, marks, new, .. } = self;
        if new.is_empty() && !signs.within.is_empty() {
            return;
        }
        for mark in new.drain(..).filter(|mark| marks.add(*mark)) {
            let (at, symbol) = (mark.start as usize, engine.lexicon.class_symbol(mark.class));
            signs.own[at] |= sign(symbol);
            places.add(symbol, at);
        }
        signs.spread();
    }
}

fn view<'v>(Words { facts, forms }: Words<'v>, marks: &'v Marks, signs: &'v Windows) -> View<'v> {
    View { facts, forms, marks, own: &signs.own, within: &signs.within }
}

/// The mark of a phrase of a class that begins at token `at`.
fn class_of(candidate: Candidate<'_>, at: usize, engine: &Engine, view: &View<'_>) -> Option<SentenceMark> {
    let phrase = candidate.phrase();
    let end = if candidate.whole() { at + 1 } else { view.match_at(engine.class_phrases.of(phrase), at)? };
    Some(SentenceMark { start: at as u16, end: end as u16, class: engine.class_of(phrase) })
}

/// Tells candidates apart without a branch for each: which of them pass cannot be predicted.
#[derive(Debug, Default)]
struct Sieve {
    /// The places of those that pass.
    kept: Vec<u32>,
}

impl Sieve {
    /// The candidates that pass a test, of those that may begin at token `at`.
    #[inline]
    fn keep<'a>(&mut self, candidates: Candidates<'a>, at: usize, test: impl Fn(Candidate<'a>) -> bool) -> impl Iterator<Item = Candidate<'a>> {
        if self.kept.len() < candidates.len() {
            self.kept.resize(candidates.len(), 0);
        }
        let mut count = 0;
        for (place, candidate) in candidates.iter().enumerate() {
            if candidate.start() && at > 0 {
                break;
            }
            self.kept[count] = place as u32;
            count += usize::from(test(candidate));
        }
        self.kept[..count].iter().map(move |place| candidates.get(*place as usize))
    }
}

/// Tokens of a sentence, one a bit; the last bit stands for all that come after.
type Tokens = u64;

/// The bit of a token.
fn bit(at: usize) -> u32 {
    (at as u32).min(Tokens::BITS - 1)
}

/// Where what phrases need stands in a sentence.
struct Places<'a> {
    engine: &'a Engine,
    /// By slot.
    at: Vec<Tokens>,
    /// The symbols added.
    known: Vec<Symbol>,
}

impl<'a> Places<'a> {
    fn new(engine: &'a Engine) -> Self {
        let mut at = vec![0; engine.slots.first().map_or(1, |count| *count as usize)];
        at[0] = Tokens::MAX;
        Self { engine, at, known: Vec::new() }
    }

    fn clear(&mut self) {
        for symbol in self.known.drain(..) {
            self.engine.slots_of.of(symbol).iter().for_each(|slot| self.at[*slot as usize] = 0);
        }
    }

    fn add(&mut self, symbol: Symbol, at: usize) {
        let slots = self.engine.slots_of.of(symbol);
        if slots.is_empty() {
            return;
        }
        let bit: Tokens = 1 << bit(at);
        slots.iter().for_each(|slot| self.at[*slot as usize] |= bit);
        self.known.push(symbol);
    }

    /// Whether all that is needed by a phrase whose first element takes `at..after` is there, as far as is known.
    #[inline]
    fn provide(&self, candidate: Candidate<'_>, at: usize, after: usize) -> bool {
        let from = Tokens::MAX << bit(if candidate.begun() { after } else { at });
        let there = |need: Need| {
            let until = Tokens::MAX >> (Tokens::BITS - 1 - bit(after + need.within()));
            self.at[need.slot()] & from & until != 0
        };
        candidate.needs().into_iter().fold(true, |all, need| all & there(need))
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
    if fact.word() {
        each(WORD);
    }
    each(ANY);
}

/// Which symbols stand at and after each token of a sentence, as sets of [`sign`]s.
#[derive(Debug, Default)]
struct Windows {
    /// Of the token itself and the marks that begin there.
    own: Vec<Signs>,
    /// Whether the token may be skipped.
    skip: Vec<bool>,
    /// By [`Reach`], for each token and the end: the signs within it; in the rest, [`EVERYWHERE`] too.
    within: Vec<[Signs; 4]>,
}

/// What stands around the first element of a phrase.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// From where it begins to the end of the sentence.
    from: Signs,
    /// After it, by [`Reach`].
    after: &'a [Signs; 4],
}

impl Around<'_> {
    /// Whether a sign of the second element of `candidate` is there.
    #[inline]
    fn second(self, candidate: Candidate<'_>) -> bool {
        self.after[candidate.reach()] & candidate.second() != 0
    }

    /// Whether a sign of what else it takes is there.
    #[inline]
    fn rest(self, candidate: Candidate<'_>) -> bool {
        let rest = if candidate.begun() { self.after[Reach::Rest as usize] } else { self.from };
        rest & candidate.rest() != 0
    }
}

impl Windows {
    fn clear(&mut self) {
        self.own.clear();
        self.skip.clear();
        self.within.clear();
    }

    fn push(&mut self, own: Signs, skip: bool) {
        self.own.push(own);
        self.skip.push(skip);
    }

    /// Gathers the signs within each reach.
    fn spread(&mut self) {
        let count = self.own.len();
        self.within.clear();
        self.within.resize(count + 1, [0, 0, 0, EVERYWHERE]);
        let (mut near, mut rest) = (0, EVERYWHERE);
        // of the last tokens, by two: three pairs make a short reach
        const { assert!(Reach::SHORT == 6) };
        let mut pairs = [0; Reach::SHORT - 1];
        let mut before = 0;
        for at in (0..count).rev() {
            let own = self.own[at];
            near = own | if self.skip[at] { near } else { 0 };
            rest |= own;
            let pair = own | before;
            let short = pair | pairs[1] | pairs[3];
            pairs.rotate_right(1);
            pairs[0] = pair;
            before = own;
            let further = self.within.get(at + Reach::SHORT).map_or(0, |within| within[Reach::Short as usize]);
            let last = self.own.get(at + Reach::LONG - 1).copied().unwrap_or(0);
            self.within[at] = [near, short, short | further | last, rest];
        }
    }

    /// What stands around a first element that takes `at..after`.
    #[inline]
    fn around(&self, at: usize, after: usize) -> Around<'_> {
        Around { from: self.within[at][Reach::Rest as usize], after: &self.within[after] }
    }
}
