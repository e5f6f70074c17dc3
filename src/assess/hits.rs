//! Where each pattern of the checks is found: the phrases of each sentence, joined as the patterns say.

use std::cell::OnceCell;

use crate::annotate::{Annotations, Engine, Found};
use crate::checks::engine::{Conjunct, PatternId, PhraseId};
use crate::checks::pattern::Place;
use crate::dossier::{BlockKind, Dossier, SentenceId};

/// A pattern found in a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The sentence.
    pub sentence: SentenceId,
    /// First token of the words that matched.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// A negation outside of those words governs them.
    pub denied: bool,
}

/// The hits of every pattern, in order of the text.
#[derive(Debug, Default)]
pub struct Hits {
    /// Where the hits of each pattern begin, and where the last end.
    starts: Vec<u32>,
    hits: Vec<Hit>,
}

impl Hits {
    /// Finds all patterns of `engine` in `dossier`.
    #[must_use]
    pub fn find(dossier: &Dossier, annotations: &Annotations, engine: &Engine) -> Self {
        let mut out: Vec<(PatternId, Hit)> = Vec::new();
        // the last sentence for which each pattern was tried, counted from 1
        let mut tried = vec![0; engine.patterns.len()];
        for id in 0..dossier.sentences.len() as SentenceId {
            let matcher = Matcher::new(dossier, annotations, engine, id);
            for found in annotations.found_in(id) {
                for &pattern in engine.patterns_with.of(found.phrase) {
                    if std::mem::replace(&mut tried[pattern as usize], id + 1) != id + 1 {
                        out.extend(matcher.find(pattern).map(|hit| (pattern, hit)));
                    }
                }
            }
        }
        under_headings(dossier, annotations, engine, &mut out);
        Self::sorted(&out, engine.patterns.len())
    }

    /// By pattern, those of each in the order in which they come.
    fn sorted(found: &[(PatternId, Hit)], patterns: usize) -> Self {
        let mut starts = vec![0_u32; patterns + 1];
        found.iter().for_each(|(pattern, _)| starts[*pattern as usize + 1] += 1);
        for at in 0..patterns {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut hits = vec![Hit { sentence: 0, start: 0, end: 0, denied: false }; found.len()];
        for (pattern, hit) in found {
            hits[next[*pattern as usize] as usize] = *hit;
            next[*pattern as usize] += 1;
        }
        Self { starts, hits }
    }

    /// The hits of one pattern.
    #[must_use]
    pub fn of(&self, pattern: PatternId) -> &[Hit] {
        &self.hits[self.starts[pattern as usize] as usize..self.starts[pattern as usize + 1] as usize]
    }

    /// The hit of one pattern in a sentence.
    #[must_use]
    pub fn in_sentence(&self, pattern: PatternId, sentence: SentenceId) -> Option<&Hit> {
        let hits = self.of(pattern);
        hits.binary_search_by_key(&sentence, |hit| hit.sentence).ok().map(|at| &hits[at])
    }

    /// The hits of any of `patterns`, in order of the text; of several in a sentence, the first listed pattern's.
    #[must_use]
    pub fn any(&self, patterns: &[PatternId]) -> Vec<Hit> {
        let mut out: Vec<Hit> = patterns.iter().flat_map(|p| self.of(*p)).copied().collect();
        // an undenied match is worth more than a denied one
        out.sort_by_key(|h| (h.sentence, h.denied));
        out.dedup_by_key(|h| h.sentence);
        out
    }

    /// The hits of any of `patterns` outside of the sentences where one of `not` is found.
    #[must_use]
    pub fn without(&self, patterns: &[PatternId], not: &[PatternId]) -> Vec<Hit> {
        let mut out = self.any(patterns);
        if !not.is_empty() {
            let excluded = self.any(not);
            out.retain(|h| excluded.binary_search_by_key(&h.sentence, |e| e.sentence).is_err());
        }
        out
    }
}

/// Patterns made of headings only hold for every sentence under them.
fn under_headings(dossier: &Dossier, annotations: &Annotations, engine: &Engine, out: &mut Vec<(PatternId, Hit)>) {
    for (section, headings) in dossier.sections.iter().zip(&annotations.headings) {
        let patterns: Vec<PatternId> = headings.iter().flat_map(|&phrase| engine.patterns_under.of(phrase)).copied().collect();
        if patterns.is_empty() {
            continue;
        }
        let blocks = &dossier.blocks[section.blocks.start as usize..section.blocks.end as usize];
        for sentence in blocks.iter().flat_map(|block| block.sentences.clone()) {
            let matcher = Matcher::new(dossier, annotations, engine, sentence);
            out.extend(patterns.iter().filter_map(|&pattern| Some((pattern, matcher.find(pattern)?))));
        }
    }
}

/// What introduces a sentence: the lead-in of its list, the header row of its table.
fn context(dossier: &Dossier, sentence: SentenceId) -> [Option<SentenceId>; 2] {
    let block = &dossier.blocks[dossier.sentences[sentence as usize].block as usize];
    let header = block.header.and_then(|h| dossier.blocks[h as usize].sentences.clone().next());
    let introduces = |lead_in: &SentenceId| {
        let last = dossier.sentences[*lead_in as usize].tokens.end.saturating_sub(1);
        dossier.tokens.get(last as usize).is_some_and(|t| dossier.folded(t) == ":")
    };
    let lead_in = match block.kind {
        BlockKind::TableRow { header: true } => None,
        // a table stands by itself unless the sentence before says that it introduces it
        BlockKind::TableRow { header: false } => block.lead_in.filter(introduces),
        _ => block.lead_in,
    };
    [lead_in, header]
}

/// A phrase among those of a sentence.
fn among(found: &[Found], phrase: PhraseId) -> Option<Found> {
    found.binary_search_by_key(&phrase, |f| f.phrase).ok().map(|at| found[at])
}

struct Matcher<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    engine: &'a Engine,
    sentence: SentenceId,
    found: &'a [Found],
    context: OnceCell<[Option<SentenceId>; 2]>,
}

impl<'a> Matcher<'a> {
    fn new(dossier: &'a Dossier, annotations: &'a Annotations, engine: &'a Engine, sentence: SentenceId) -> Self {
        Self { dossier, annotations, engine, sentence, found: annotations.found_in(sentence), context: OnceCell::new() }
    }

    fn find(&self, pattern: PatternId) -> Option<Hit> {
        let mut own: Option<(u32, u32)> = None;
        let mut denied = false;
        let mut needs_own = false;
        for Conjunct { place, phrase } in self.engine.conjuncts(pattern) {
            match place {
                Place::Here => {
                    needs_own = true;
                    if let Some(Found { start, end, .. }) = among(self.found, phrase) {
                        denied |= self.annotations.negations.deny(start, end);
                        own = Some(own.map_or((start, end), |(a, b)| (a.min(start), b.max(end))));
                    } else if !self.in_context(phrase) {
                        return None;
                    }
                }
                Place::Not => {
                    if among(self.found, phrase).is_some() {
                        return None;
                    }
                }
                Place::Heading => {
                    let block = self.dossier.sentences[self.sentence as usize].block;
                    if !self.annotations.under(self.dossier.blocks[block as usize].section, phrase) {
                        return None;
                    }
                }
                Place::Near => {
                    if !self.nearby(phrase) {
                        return None;
                    }
                }
            }
        }
        let tokens = &self.dossier.sentences[self.sentence as usize].tokens;
        let (start, end) = match own {
            Some(found) => found,
            None if needs_own => return None,
            None => (tokens.start, tokens.end),
        };
        Some(Hit { sentence: self.sentence, start, end, denied })
    }

    fn holds(&self, sentence: SentenceId, phrase: PhraseId) -> bool {
        among(self.annotations.found_in(sentence), phrase).is_some()
    }

    fn in_context(&self, phrase: PhraseId) -> bool {
        self.context.get_or_init(|| context(self.dossier, self.sentence)).iter().flatten().any(|&s| self.holds(s, phrase))
    }

    /// In the sentence, one of the two before or after it in the same section, or what introduces it.
    fn nearby(&self, phrase: PhraseId) -> bool {
        let section = |s: SentenceId| self.dossier.blocks[self.dossier.sentences[s as usize].block as usize].section;
        let here = section(self.sentence);
        let last = self.dossier.sentences.len() as SentenceId - 1;
        let around = self.sentence.saturating_sub(2)..=(self.sentence + 2).min(last);
        around.into_iter().any(|s| section(s) == here && self.holds(s, phrase)) || self.in_context(phrase)
    }
}
