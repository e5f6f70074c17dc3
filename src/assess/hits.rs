//! Where each pattern of the checks is found: one pass over the dossier, each sentence tried only with the patterns whose
//! rarest word it holds.

use crate::annotate::engine::{Conjunct, PatternId};
use crate::annotate::{Annotations, Engine};
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
pub struct Hits(Vec<Vec<Hit>>);

impl Hits {
    /// Finds all patterns of `engine` in `dossier`.
    #[must_use]
    pub fn find(dossier: &Dossier, annotations: &Annotations, engine: &Engine) -> Self {
        let mut out = vec![Vec::new(); engine.patterns.len()];
        let mut tried: Vec<PatternId> = Vec::new();
        for id in 0..dossier.sentences.len() as SentenceId {
            tried.clear();
            let mut add = |symbol: u32| tried.extend(&engine.pattern_index[symbol as usize]);
            annotations.sentence_symbols(dossier, engine, id, &mut add);
            for context in context(dossier, id).into_iter().flatten() {
                annotations.sentence_symbols(dossier, engine, context, &mut add);
            }
            tried.sort_unstable();
            tried.dedup();
            let matcher = Matcher { dossier, annotations, engine, sentence: id };
            for &pattern in &tried {
                out[pattern as usize].extend(matcher.find(&engine.patterns[pattern as usize]));
            }
        }
        under_headings(dossier, annotations, engine, &mut out);
        Self(out)
    }

    /// The hits of one pattern.
    #[must_use]
    pub fn of(&self, pattern: PatternId) -> &[Hit] {
        &self.0[pattern as usize]
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
fn under_headings(dossier: &Dossier, annotations: &Annotations, engine: &Engine, out: &mut [Vec<Hit>]) {
    for (heading, &(pattern, at)) in engine.headings.iter().enumerate() {
        let conjuncts = &engine.patterns[pattern as usize];
        if at != 0 || conjuncts.iter().any(|c| c.place == Place::Here) {
            continue;
        }
        for id in 0..dossier.sentences.len() as SentenceId {
            let section = dossier.blocks[dossier.sentences[id as usize].block as usize].section;
            if annotations.under(section, heading as u32) {
                out[pattern as usize].extend(Matcher { dossier, annotations, engine, sentence: id }.find(conjuncts));
            }
        }
        out[pattern as usize].sort_by_key(|h| h.sentence);
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

struct Matcher<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    engine: &'a Engine,
    sentence: SentenceId,
}

impl Matcher<'_> {
    fn find(&self, conjuncts: &[Conjunct]) -> Option<Hit> {
        let view = self.annotations.view(self.dossier, self.engine, self.sentence);
        let block = &self.dossier.blocks[self.dossier.sentences[self.sentence as usize].block as usize];
        let mut own: Option<(u32, u32)> = None;
        let mut denied = false;
        let mut needs_own = false;
        for conjunct in conjuncts {
            match conjunct.place {
                Place::Here => {
                    needs_own = true;
                    if let Some((start, end)) = view.find(&conjunct.phrase) {
                        let (start, end) = (view.first + start as u32, view.first + end as u32);
                        denied |= self.annotations.negations.deny(start, end);
                        own = Some(own.map_or((start, end), |(a, b)| (a.min(start), b.max(end))));
                    } else if !self.in_context(conjunct) {
                        return None;
                    }
                }
                Place::Not => {
                    if view.find(&conjunct.phrase).is_some() {
                        return None;
                    }
                }
                Place::Heading => {
                    if !self.annotations.under(block.section, conjunct.heading) {
                        return None;
                    }
                }
                Place::Near => {
                    if !self.nearby(conjunct) {
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

    fn holds(&self, sentence: SentenceId, conjunct: &Conjunct) -> bool {
        self.annotations.view(self.dossier, self.engine, sentence).find(&conjunct.phrase).is_some()
    }

    fn in_context(&self, conjunct: &Conjunct) -> bool {
        context(self.dossier, self.sentence).into_iter().flatten().any(|s| self.holds(s, conjunct))
    }

    /// In the sentence, one of the two before or after it in the same section, or what introduces it.
    fn nearby(&self, conjunct: &Conjunct) -> bool {
        let section = |s: SentenceId| self.dossier.blocks[self.dossier.sentences[s as usize].block as usize].section;
        let here = section(self.sentence);
        let last = self.dossier.sentences.len() as SentenceId - 1;
        let around = self.sentence.saturating_sub(2)..=(self.sentence + 2).min(last);
        around.into_iter().any(|s| section(s) == here && self.holds(s, conjunct)) || self.in_context(conjunct)
    }
}
