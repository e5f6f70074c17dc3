//! Where the patterns of the checks are found: the phrases of each sentence, joined as the patterns say.

use std::ops::Range;

use fixedbitset::FixedBitSet;
use hashbrown::HashMap;

use super::memory::{self, Memory};
use crate::annotate::seeker::Seeker;
use crate::annotate::{Annotations, Engine, Finders, Found, kinds, labels};
#[cfg(doc)]
use crate::checks::engine::MOST_PATTERNS;
use crate::checks::engine::{AnyOf, Conjunct, PatternId, PhraseId};
use crate::checks::pattern::Place;
use crate::dossier::{BlockKind, Dossier, SectionId, SentenceId};
#[cfg(doc)]
use crate::text::sentence::LONGEST;

/// A pattern of a list found in a sentence. There are millions in a text of some megabytes: it is kept small.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Hit {
    /// The sentence.
    pub sentence: SentenceId,
    /// First token of the words that matched, counted in the sentence, of which there are [`LONGEST`] at most.
    start: u16,
    /// How many tokens they take; above, [`DENIED`].
    length: u16,
    /// The list; see [`MOST_PATTERNS`].
    list: u16,
    /// The place of the pattern in the list.
    place: u16,
}

/// A negation outside of the words that matched governs them.
const DENIED: u16 = 1 << 15;

impl Hit {
    /// The words that matched, tokens of `dossier`.
    #[must_use]
    pub fn tokens(&self, dossier: &Dossier) -> Range<u32> {
        let start = dossier.sentences[self.sentence as usize].tokens.start + u32::from(self.start);
        start..start + u32::from(self.length & !DENIED)
    }

    /// Whether a semicolon stands between the words of two hits of a sentence.
    fn is_parted_from(&self, other: &Self, dossier: &Dossier) -> bool {
        let (own, other) = (self.tokens(dossier), other.tokens(dossier));
        let between = own.end.min(other.end)..own.start.max(other.start);
        between.into_iter().any(|at| dossier.folded(&dossier.tokens[at as usize]) == ";")
    }

    /// Whether a negation outside of those words governs them.
    #[must_use]
    pub const fn denied(&self) -> bool {
        self.length & DENIED != 0
    }

    /// Whether the first word of the sentence is among those that matched.
    pub(super) const fn opens_its_sentence(&self) -> bool {
        self.start == 0
    }

    /// As if the first word of a sentence had matched.
    pub(super) fn at_the_start_of(self, sentence: SentenceId) -> Self {
        Self { sentence, start: 0, length: 1, ..self }
    }

    /// The same hit, so many sentences further on, which may wrap around.
    pub(super) fn moved(self, sentences: u32) -> Self {
        Self { sentence: self.sentence.wrapping_add(sentences), ..self }
    }

    /// In a sentence, in the order of [`Hits::all`], list by list: as a number, the list, whether it is denied, the place.
    fn order(&self) -> u32 {
        u32::from(self.list) << 16 | u32::from(self.length & DENIED | self.place)
    }
}

/// The hits of every list of patterns.
#[derive(Debug, Default)]
pub struct Hits {
    lists: Vec<Vec<Hit>>,
}

impl Hits {
    /// Finds all patterns of `engine` in `dossier`, section by section: what is outside of a section counts by its headings only.
    #[must_use]
    pub fn find(dossier: &Dossier, annotations: &Annotations, engine: &Engine, memory: &Memory) -> Self {
        let mut out = Heaps::new(annotations.found_count());
        let mut joiner = None;
        let mut key = memory::Key::default();
        for id in 0..dossier.sections.len() as SectionId {
            let sentences = sentences_of(dossier, id);
            let Some(first) = sentences.clone().next() else { continue };
            let telling = sentences.len() <= AT_ONCE && key.tell(dossier, id, first);
            if telling && memory.sections.recall(&key, first, out.last()) {
                continue;
            }
            // made when a section comes that is not known
            let joiner = joiner.get_or_insert_with(|| Joiner::new(dossier, annotations, engine, &memory.texts.finders));
            joiner.forget_times();
            for from in sentences.clone().step_by(AT_ONCE) {
                let hits = out.last();
                let before = hits.len();
                joiner.section(id, from..sentences.end.min(from + AT_ONCE as SentenceId), hits);
                if telling {
                    memory.sections.keep(&key, first, &hits[before..]);
                }
            }
        }
        Self::sorted(out, engine.lists.len())
    }

    /// By list, those of each in the order in which they come.
    fn sorted(found: Heaps, lists: usize) -> Self {
        let mut counts = vec![0; lists];
        found.heaps.iter().flatten().for_each(|hit| counts[usize::from(hit.list)] += 1);
        let mut lists: Vec<Vec<Hit>> = counts.into_iter().map(Vec::with_capacity).collect();
        // a heap is given back once its hits are laid out
        for hit in found.heaps.into_iter().flatten() {
            lists[usize::from(hit.list)].push(hit);
        }
        Self { lists }
    }

    /// The hits of all patterns of a list, in order of the text; in a sentence, undenied ones first, then in the order of the list.
    #[must_use]
    pub fn all(&self, list: AnyOf) -> &[Hit] {
        &self.lists[list as usize]
    }

    /// The hits of any pattern of a list, one a sentence, in order of the text. An undenied match is worth more than a denied one.
    #[must_use]
    pub fn any(&self, list: AnyOf) -> Vec<Hit> {
        self.all(list).chunk_by(|a, b| a.sentence == b.sentence).map(|here| here[0]).collect()
    }

    /// The hits of any pattern of a list, one a sentence, away from those of another list: see [`Self::spared`].
    #[must_use]
    pub fn without(&self, list: AnyOf, not: AnyOf, dossier: &Dossier) -> Vec<Hit> {
        if self.all(not).is_empty() {
            return self.any(list);
        }
        let mut hits: Vec<Hit> = self.spared(list, not, dossier).copied().collect();
        hits.dedup_by_key(|hit| hit.sentence);
        hits
    }

    /// The hits of all patterns of a list, in the order of [`Self::all`], away from those of another list: not in the same sentence, unless
    /// a semicolon parts them.
    pub fn spared<'a>(&'a self, list: AnyOf, not: AnyOf, dossier: &'a Dossier) -> impl Iterator<Item = &'a Hit> {
        let excluded = self.all(not);
        self.all(list).iter().filter(move |hit| {
            if excluded.is_empty() {
                return true;
            }
            let from = excluded.partition_point(|e| e.sentence < hit.sentence);
            excluded[from..].iter().take_while(|e| e.sentence == hit.sentence).all(|e| hit.is_parted_from(e, dossier))
        })
    }
}

/// Hits as they are found, in heaps: there may be no room for all of them twice.
struct Heaps {
    heaps: Vec<Vec<Hit>>,
}

impl Heaps {
    /// Hits of a heap, about.
    const HIGH: usize = 1 << 16;

    /// No hits yet, of which so many are expected.
    fn new(expected: usize) -> Self {
        Self { heaps: vec![Vec::with_capacity(expected.min(Self::HIGH))] }
    }

    /// The heap to add to.
    fn last(&mut self) -> &mut Vec<Hit> {
        let full = self.heaps.last().is_none_or(|last| last.len() >= Self::HIGH);
        if full {
            self.heaps.push(Vec::with_capacity(Self::HIGH));
        }
        let last = self.heaps.len() - 1;
        &mut self.heaps[last]
    }
}

/// The sentences of a section itself.
fn sentences_of(dossier: &Dossier, section: SectionId) -> Range<SentenceId> {
    let blocks = &dossier.sections[section as usize].blocks;
    match dossier.blocks[blocks.start as usize..blocks.end as usize] {
        [ref only] => only.sentences.clone(),
        [ref first, .., ref last] => first.sentences.start..last.sentences.end,
        [] => 0..0,
    }
}

/// Sentences of a section whose hits are looked for at once: nearly all sections have fewer, and an endless one asks for no more room.
const AT_ONCE: usize = 4_096;

/// Sentences of a section with a pattern after which it is no longer looked for there: what an endless section repeats is told by then.
const MOST: usize = AT_ONCE;

/// Sentences before and after one that are near it.
const NEAR: SentenceId = 2;

/// Joins the phrases of sections.
struct Joiner<'a> {
    matcher: Matcher<'a>,
    /// The patterns that were tried for the sentence.
    tried: FixedBitSet,
    found: Vec<(PatternId, Hit)>,
    /// How many sentences of an endless section hold each pattern, and which ones come so often that they are no longer looked for.
    times: HashMap<PatternId, usize>,
    told: FixedBitSet,
}

impl<'a> Joiner<'a> {
    fn new(dossier: &'a Dossier, annotations: &'a Annotations, engine: &'a Engine, finders: &'a Finders) -> Self {
        Self {
            matcher: Matcher::new(dossier, annotations, engine, finders),
            tried: FixedBitSet::with_capacity(engine.patterns.len()),
            found: Vec::new(),
            times: HashMap::new(),
            told: FixedBitSet::with_capacity(engine.patterns.len()),
        }
    }

    /// Makes ready for another section.
    fn forget_times(&mut self) {
        if !self.times.is_empty() {
            self.times.clear();
            self.told.clear();
        }
    }

    /// Adds the hits of some `sentences` of a section, sentence by sentence, those of each list by list.
    fn section(&mut self, section: SectionId, sentences: Range<SentenceId>, out: &mut Vec<Hit>) {
        let endless = sentences.len() == AT_ONCE;
        self.find(section, sentences);
        let engine = self.matcher.engine;
        for here in self.found.chunk_by(|(_, a), (_, b)| a.sentence == b.sentence) {
            let from = out.len();
            for (pattern, hit) in here {
                out.extend(engine.lists_with(*pattern).map(|(list, place)| Hit { list: list as u16, place: place as u16, ..*hit }));
            }
            out[from..].sort_unstable_by_key(Hit::order);
        }
        if endless {
            for (pattern, _) in &self.found {
                let times = self.times.entry(*pattern).or_default();
                *times += 1;
                self.told.set(*pattern as usize, *times >= MOST);
            }
        }
    }

    /// Finds the patterns in the `sentences` of a section.
    fn find(&mut self, section: SectionId, sentences: Range<SentenceId>) {
        let Self { matcher, tried, found, told, .. } = self;
        let engine = matcher.engine;
        let headings = &matcher.annotations.headings[section as usize];
        // these hold for every sentence under them
        let under: Vec<PatternId> = headings.iter().flat_map(|&phrase| engine.patterns_under.of(phrase)).copied().collect();
        let near = matcher.tried_near(section, &sentences);
        let mut near = near.into_iter().peekable();
        found.clear();
        matcher.seeker.forget();
        for id in sentences {
            matcher.turn_to(id);
            tried.clone_from(told);
            let mut attempt = |matcher: &mut Matcher<'_>, pattern: PatternId| {
                if !tried.put(pattern as usize) {
                    found.extend(matcher.find(pattern).map(|hit| (pattern, hit)));
                }
            };
            // what matters beside the phrases of the sentence is among them
            matcher.seeks = false;
            for here in matcher.found {
                for (pattern, first) in engine.patterns_with(here.phrase) {
                    if first.is_none_or(|first| matcher.may_hold(first)) {
                        attempt(matcher, pattern);
                    }
                }
            }
            matcher.seeks = true;
            while let Some((_, pattern)) = near.next_if(|(sentence, _)| *sentence == id) {
                attempt(matcher, pattern);
            }
            for at in 0..matcher.introduced.len() {
                attempt(matcher, matcher.introduced[at]);
            }
            under.iter().for_each(|pattern| attempt(matcher, *pattern));
            for at in 0..matcher.labels.len() {
                engine.patterns_under.of(matcher.labels[at]).iter().for_each(|pattern| attempt(matcher, *pattern));
            }
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

/// Joins the phrases of a sentence at a time.
struct Matcher<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    engine: &'a Engine,
    sentence: SentenceId,
    found: &'a [Found],
    /// Its section, and the phrases of the headings above.
    section: SectionId,
    headings: FixedBitSet,
    /// The phrases of the labels that read like headings: see [`labels`].
    labels: Vec<PhraseId>,
    /// For each phrase, where it is among those of the sentence, as a number larger than `base`.
    places: Vec<u32>,
    base: u32,
    /// What introduces it, the phrases there, and the patterns to try in what they introduce.
    context: [Option<SentenceId>; 2],
    around: FixedBitSet,
    introduced: Vec<PatternId>,
    /// Looks for the phrases that matter only beside others, elsewhere and, when it `seeks`, in the sentence itself.
    seeker: Seeker<'a>,
    seeks: bool,
}

impl<'a> Matcher<'a> {
    fn new(dossier: &'a Dossier, annotations: &'a Annotations, engine: &'a Engine, finders: &'a Finders) -> Self {
        let phrases = engine.phrases.len();
        Self {
            dossier,
            annotations,
            engine,
            sentence: 0,
            found: &[],
            section: SectionId::MAX,
            headings: FixedBitSet::with_capacity(phrases),
            labels: Vec::new(),
            places: vec![0; phrases],
            base: 0,
            context: [None; 2],
            around: FixedBitSet::with_capacity(phrases),
            introduced: Vec::new(),
            seeker: Seeker::new(dossier, annotations, engine, finders),
            seeks: false,
        }
    }

    fn turn_to(&mut self, sentence: SentenceId) {
        self.base += self.found.len() as u32;
        self.sentence = sentence;
        self.found = self.annotations.found_in(sentence);
        let section = self.section_of(sentence);
        if section != self.section {
            self.section = section;
            self.headings.clear();
            self.headings.extend(self.annotations.headings[section as usize].iter().map(|phrase| *phrase as usize));
        }
        for (at, found) in (1..).zip(self.found) {
            self.places[found.phrase as usize] = self.base + at;
        }
        self.labels.clear();
        for (labelled, end) in labels::over(self.dossier, sentence) {
            let found = self.annotations.found_in(labelled).iter().filter(|found| usize::from(found.end) <= end);
            self.labels.extend(found.map(|found| found.phrase));
        }
        let context = context(self.dossier, sentence);
        // the items of a list have the same
        if context != self.context {
            self.context = context;
            self.around.clear();
            self.introduced.clear();
            for found in context.iter().flatten().flat_map(|&around| self.annotations.found_in(around)) {
                if !self.around.put(found.phrase as usize) {
                    self.introduced.extend(self.engine.patterns_after.of(found.phrase));
                }
            }
        }
    }

    /// Whether a phrase that is looked for everywhere is in the sentence.
    #[inline]
    fn has(&self, phrase: PhraseId) -> bool {
        self.places[phrase as usize] > self.base
    }

    /// A phrase of the sentence, of the tokens of the dossier.
    fn own(&mut self, phrase: PhraseId) -> Option<Range<u32>> {
        let first = self.dossier.sentences[self.sentence as usize].tokens.start;
        let Found { start, end, .. } = match self.places[phrase as usize].checked_sub(self.base + 1) {
            Some(at) => self.found[at as usize],
            None if self.seeks => self.seeker.seek(self.sentence, phrase)?,
            None => return None,
        };
        Some(first + u32::from(start)..first + u32::from(end))
    }

    /// Whether a phrase is in what introduces the sentence.
    fn in_context(&mut self, phrase: PhraseId) -> bool {
        let Self { context, around, seeker, .. } = self;
        around.contains(phrase as usize) || context.iter().flatten().any(|&around| seeker.seek(around, phrase).is_some())
    }

    /// Whether a phrase is in the sentence's heading or in one above, or in a label over it.
    fn under(&self, phrase: PhraseId) -> bool {
        self.headings.contains(phrase as usize) || self.labels.contains(&phrase)
    }

    /// Whether a conjunct may hold, a phrase of the sentence or one of its headings, that is looked for everywhere.
    #[inline]
    fn may_hold(&self, Conjunct { place, phrase }: Conjunct) -> bool {
        match place {
            Place::Here => self.has(phrase) || self.around.contains(phrase as usize),
            Place::Heading => self.under(phrase),
            Place::NotUnder => !self.under(phrase),
            Place::Not | Place::Near => true,
        }
    }

    fn find(&mut self, pattern: PatternId) -> Option<Hit> {
        let mut own: Option<(u32, u32)> = None;
        let (mut needs_own, mut lacks, mut denied) = (false, false, false);
        for Conjunct { place, phrase } in self.engine.conjuncts(pattern) {
            match place {
                Place::Here => {
                    needs_own = true;
                    if let Some(Range { start, end }) = self.own(phrase) {
                        own = Some(own.map_or((start, end), |(a, b)| (a.min(start), b.max(end))));
                        denied |= self.annotations.negations.deny(start, end);
                    } else {
                        lacks = true;
                    }
                }
                Place::Not if self.own(phrase).is_some() => return None,
                Place::Heading if !self.under(phrase) => return None,
                Place::NotUnder if self.under(phrase) => return None,
                Place::Not | Place::Heading | Place::NotUnder | Place::Near => {}
            }
        }
        if needs_own && own.is_none() {
            return None;
        }
        // elsewhere, once all is well in the sentence
        for Conjunct { place, phrase } in self.engine.conjuncts(pattern) {
            match place {
                Place::Here if lacks && self.own(phrase).is_none() && !self.in_context(phrase) => return None,
                Place::Near if !self.nearby(phrase) => return None,
                _ => {}
            }
        }
        let tokens = &self.dossier.sentences[self.sentence as usize].tokens;
        let (start, end) = own.unwrap_or((tokens.start, tokens.end));
        let length = (end - start) as u16 | if denied { DENIED } else { 0 };
        Some(Hit { sentence: self.sentence, start: (start - tokens.start) as u16, length, ..Hit::default() })
    }

    /// The patterns to try in `sentences` of a section for what is near them, in order.
    fn tried_near(&self, section: SectionId, sentences: &Range<SentenceId>) -> Vec<(SentenceId, PatternId)> {
        let last = self.dossier.sentences.len() as SentenceId;
        let mut out = Vec::new();
        for id in (sentences.start.saturating_sub(NEAR)..last.min(sentences.end + NEAR)).filter(|id| self.section_of(*id) == section) {
            for &pattern in self.annotations.found_in(id).iter().flat_map(|found| self.engine.patterns_near.of(found.phrase)) {
                let around = id.saturating_sub(NEAR).max(sentences.start)..(id + NEAR + 1).min(sentences.end);
                out.extend(around.map(|near| (near, pattern)));
            }
        }
        out.sort_unstable();
        out
    }

    /// In the sentence, one of the two before or after it in the same section that has no blanks to fill in, or what introduces it.
    fn nearby(&mut self, phrase: PhraseId) -> bool {
        let last = self.dossier.sentences.len() as SentenceId - 1;
        let around = self.sentence.saturating_sub(NEAR)..=(self.sentence + NEAR).min(last);
        around.into_iter().any(|s| self.section_of(s) == self.section && self.holds(s, phrase) && (s == self.sentence || !self.has_brackets(s)))
            || self.in_context(phrase)
    }

    fn section_of(&self, sentence: SentenceId) -> SectionId {
        self.dossier.blocks[self.dossier.sentences[sentence as usize].block as usize].section
    }

    /// Whether a phrase is in a sentence.
    fn holds(&mut self, sentence: SentenceId, phrase: PhraseId) -> bool {
        let found = self.annotations.found_in(sentence).binary_search_by_key(&phrase, |found| found.phrase);
        found.is_ok() || self.seeker.seek(sentence, phrase).is_some()
    }

    /// Whether words stand in square brackets in the sentence: a template that proposes, or a remark on a quotation.
    fn has_brackets(&self, sentence: SentenceId) -> bool {
        let data = &self.dossier.sentences[sentence as usize].tokens;
        let tokens = data.start as usize..data.end as usize;
        let is = |at: &usize, mark: &str| self.dossier.folded(&self.dossier.tokens[*at]) == mark;
        let opened = tokens.clone().find(|at| self.annotations.facts[*at].kinds & kinds::BLANK != 0 && is(at, "["));
        let word = |at: usize| self.annotations.facts[at].kinds & kinds::WORD != 0;
        opened.is_some_and(|opened| (opened + 1..tokens.end).take_while(|at| !is(at, "]")).any(word))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::annotate::AnnotationCache;
    use crate::checks::Catalogue;
    use crate::dossier::Source;

    /// A pattern, its sentence, and the words that matched.
    type Joined = (PatternId, SentenceId, u16, u16);

    /// The patterns found in each sentence of a section, each tried everywhere.
    fn by_trying(matcher: &mut Matcher<'_>, sentences: Range<SentenceId>) -> BTreeSet<Joined> {
        let engine = matcher.engine;
        let mut patterns: BTreeSet<PatternId> = engine.patterns_with.items.as_chunks::<2>().0.iter().map(|[pattern, _]| *pattern).collect();
        patterns.extend(engine.patterns_near.items.iter().chain(engine.patterns_under.items.iter()));
        matcher.seeks = true;
        let mut out = BTreeSet::new();
        for id in sentences {
            matcher.turn_to(id);
            let found = patterns.iter().filter_map(|&pattern| Some((pattern, matcher.find(pattern)?)));
            out.extend(found.map(|(pattern, hit)| (pattern, id, hit.start, hit.length)));
        }
        out
    }

    #[test]
    fn every_pattern_is_tried_where_it_would_be_found() {
        let engine = &Catalogue::builtin().unwrap().engine;
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut paths: Vec<_> = ["fixtures", "tests/data/kept"].iter().flat_map(|folder| fs::read_dir(root.join(folder)).into_iter().flatten()).collect();
        paths.retain(|path| path.as_ref().is_ok_and(|path| path.path().extension().is_some_and(|extension| extension == "md")));
        assert!(paths.len() > 4, "{paths:?}");
        let mut joined = 0;
        for path in paths {
            let text = fs::read_to_string(path.unwrap().path()).unwrap();
            let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text }]);
            let cache = AnnotationCache::default();
            let annotations = Annotations::new(&dossier, engine, &cache);
            let mut joiner = Joiner::new(&dossier, &annotations, engine, &cache.finders);
            for id in 0..dossier.sections.len() as SectionId {
                let sentences = sentences_of(&dossier, id);
                joiner.find(id, sentences.clone());
                let found: BTreeSet<Joined> = joiner.found.iter().map(|(pattern, hit)| (*pattern, hit.sentence, hit.start, hit.length)).collect();
                assert_eq!(found.len(), joiner.found.len());
                joined += found.len();
                joiner.matcher.section = SectionId::MAX;
                assert_eq!(found, by_trying(&mut joiner.matcher, sentences), "section {id}");
            }
        }
        assert!(joined > 1_000, "{joined}");
    }
}
