//! What the French says: vocabulary, dates, amounts, people, and the mode of each sentence. Made once for the whole dossier.

pub mod bodies;
pub mod cache;
pub mod commitments;
pub mod entities;
pub mod finder;
pub mod labels;
pub mod marks;
pub mod matcher;
mod modes;
mod notes;
pub mod nouns;
pub mod numbers;
mod roles;
pub mod seeker;
pub mod time;
mod window;

use std::ops::Range;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::checks::engine::PhraseId;
use crate::checks::lexicon::{ClassId, Form};
use crate::dossier::{Block, BlockKind, Dossier, PassageId, SectionId, Sentence, SentenceId};
use crate::text::{TokenFlags, TokenKind};

pub use crate::checks::engine::Engine;
pub use cache::AnnotationCache;
pub use entities::Entities;
pub use finder::{Finder, Finders, Found, Words};
pub use marks::{Mark, SentenceMark};
use matcher::Analyses;
pub use matcher::TokenFacts;
pub use modes::{ModeSet, Negations};

use notes::{Extent, Notes};
use roles::Roles;

/// Different words of a dossier of a few pages.
const WORDS: usize = 1 << 10;

/// Punctuation that may be skipped likewise: quotation marks and brackets.
const FUNCTION_MARKS: &[char] = &['«', '»', '“', '”', '"', '\'', '(', '‘', '*'];

/// The first two sections that have something.
type FirstSections = [Option<SectionId>; 2];

/// The annotations of a dossier.
#[derive(Debug, Default)]
pub struct Annotations {
    /// One a token.
    pub facts: Vec<TokenFacts>,
    /// Verb analyses.
    pub forms: Vec<Form>,
    /// Occurrences of classes, of the tokens of their sentences, sorted by start in each.
    marks: Vec<SentenceMark>,
    /// The first occurrence of each phrase of the patterns in each sentence.
    found: Vec<Found>,
    /// What stands in each sentence.
    sentences: Vec<Holds>,
    /// The mode of each sentence.
    pub modes: Vec<ModeSet>,
    /// Where negations reach.
    pub negations: Negations,
    /// Dates, amounts, numbers, people.
    pub entities: Entities,
    /// For each section, the phrases that its heading or one above holds, sorted.
    pub headings: Vec<Vec<PhraseId>>,
    /// The first sections with a heading under each phrase.
    sections_under: HashMap<PhraseId, FirstSections>,
    /// The sentences that may name a body.
    naming: Vec<SentenceId>,
    /// The bodies of the process.
    pub bodies: Vec<bodies::Body>,
    /// What the authority says it will do.
    pub commitments: Vec<commitments::Commitment>,
}

impl Annotations {
    /// Annotates `dossier` with the vocabulary and patterns of `engine`; `cache` is of the same engine.
    #[must_use]
    pub fn new(dossier: &Dossier, engine: &Engine, cache: &AnnotationCache) -> Self {
        let mut out = Self::default();
        out.make_room(dossier.tokens.len(), dossier.sentences.len());
        let mut reader = Reader::new(dossier, engine, cache);
        for block in &dossier.blocks {
            reader.block(block, &mut out);
        }
        let tables = reader.tables;
        reader.finder.into_iter().for_each(|finder| cache.finders.put(finder));
        time::carry_years(dossier, &mut out.entities.times);
        out.match_headings(dossier);
        out.bodies = bodies::find(dossier, &out, &tables.bodies);
        out
    }

    /// For the annotations of most texts, which would be copied as they grow: what is not used of it is no memory.
    fn make_room(&mut self, tokens: usize, sentences: usize) {
        self.facts.reserve(tokens);
        self.forms.reserve(tokens);
        self.negations.by.reserve(tokens);
        self.marks.reserve(6 * tokens);
        self.found.reserve(2 * tokens);
        self.sentences.reserve(sentences);
        self.modes.reserve(sentences);
    }

    fn match_headings(&mut self, dossier: &Dossier) {
        for (id, section) in (0..).zip(&dossier.sections) {
            let mut found: Vec<PhraseId> = section.parent.map(|p| self.headings[p as usize].clone()).unwrap_or_default();
            let sentences = section.heading.map(|b| dossier.blocks[b as usize].sentences.clone()).unwrap_or(0..0);
            found.extend(sentences.flat_map(|sentence| self.found_in(sentence)).map(|f| f.phrase));
            found.sort_unstable();
            found.dedup();
            if section.heading.is_some() && section.level > 0 {
                for &phrase in &found {
                    self.sections_under.entry(phrase).and_modify(|[_, second]| *second = second.or(Some(id))).or_insert([Some(id), None]);
                }
            }
            self.headings.push(found);
        }
    }

    /// The verb analyses of token `at`; of one past the last, none.
    #[must_use]
    pub fn analyses(&self, at: u32) -> &[Form] {
        self.facts.get(at as usize).map_or(&[], |facts| facts.analyses(&self.forms))
    }

    /// The phrases of patterns in a sentence, of its tokens, sorted by phrase; of those that matter only beside others, the ones beside
    /// a phrase of their pattern: see [`seeker::Seeker`].
    #[must_use]
    pub fn found_in(&self, sentence: SentenceId) -> &[Found] {
        let range = &self.sentences[sentence as usize].found;
        &self.found[range.start as usize..range.end as usize]
    }

    /// Whether token `at` may be one of these [`kinds`]; one past the last is of none.
    #[must_use]
    pub fn may_be(&self, at: u32, kinds: u16) -> bool {
        self.facts.get(at as usize).is_some_and(|facts| facts.kinds & kinds != 0)
    }

    /// Occurrences of classes in a sentence, of the tokens of the dossier, sorted by start.
    pub fn marks_of(&self, sentence: SentenceId) -> impl Iterator<Item = Mark> + Clone {
        let Holds { first, marks, .. } = &self.sentences[sentence as usize];
        self.marks[marks.start as usize..marks.end as usize].iter().map(|mark| mark.in_dossier(*first))
    }

    /// Those that begin at a token of the sentence.
    pub fn marks_at(&self, sentence: SentenceId, at: u32) -> impl Iterator<Item = Mark> + Clone {
        let Holds { first, marks, .. } = &self.sentences[sentence as usize];
        let all = &self.marks[marks.start as usize..marks.end as usize];
        let start = at.wrapping_sub(*first);
        let here = &all[all.partition_point(|mark| u32::from(mark.start) < start)..];
        here.iter().take_while(move |mark| u32::from(mark.start) == start).map(|mark| mark.in_dossier(*first))
    }

    /// How many phrases are found in all sentences.
    pub(crate) fn found_count(&self) -> usize {
        self.sentences.iter().map(|holds| holds.found.len()).sum()
    }

    /// Whether a class (or one below it) occurs in a sentence; the first occurrence.
    #[must_use]
    pub fn has_class(&self, sentence: SentenceId, classes: &Range<ClassId>) -> Option<Mark> {
        self.marks_of(sentence).find(|m| classes.contains(&m.class))
    }

    /// The first two sections, with a heading of their own, under a heading that holds a phrase.
    pub fn sections_under(&self, phrase: PhraseId) -> impl Iterator<Item = SectionId> {
        self.sections_under.get(&phrase).into_iter().flatten().flatten().copied()
    }
}

/// What stands in a sentence: its first token, its marks and its phrases among those of the dossier. Two sentences that say the same
/// may have the same ones.
#[derive(Debug, Clone, Default)]
struct Holds {
    first: u32,
    marks: Range<u32>,
    found: Range<u32>,
}

/// What the code asks of the vocabulary by name, looked up once.
#[derive(Debug)]
struct Tables {
    builtin: entities::Classes,
    modes: modes::Signs,
    bodies: bodies::Signs,
    commitments: Roles,
}

impl Tables {
    fn new(engine: &Engine) -> Self {
        Self {
            builtin: entities::Classes::new(&engine.lexicon),
            modes: modes::Signs::new(engine),
            bodies: bodies::Signs::new(engine),
            commitments: commitments::roles(engine),
        }
    }
}

/// Annotates blocks, in order: what in a block depends on nothing outside of it.
struct Reader<'a> {
    dossier: &'a Dossier,
    engine: &'a Engine,
    tables: &'a Tables,
    cache: Option<&'a AnnotationCache>,
    /// Most words of a text come again: by lower-case form, and whether it may be in capitals.
    known: HashMap<(&'a str, bool), TokenFacts>,
    entities: entities::Reader<'a>,
    finders: &'a Finders,
    /// Taken when a block comes that is not known.
    finder: Option<Finder>,
    // scratch space
    buffer: String,
    shaped: Vec<Mark>,
    marks: Vec<SentenceMark>,
    key: cache::Key,
    /// Whether the dossier is so long that it may well repeat itself: then what its sentences and blocks hold is told once.
    repeats: bool,
    /// What is told already of a sentence that is remembered, by its address, and of a known block.
    said: HashMap<usize, (Arc<cache::Sentence>, Holds)>,
    blocks: HashMap<PassageId, notes::Base>,
}

impl<'a> Reader<'a> {
    fn new(dossier: &'a Dossier, engine: &'a Engine, cache: &'a AnnotationCache) -> Self {
        let (tables, finders) = (cache.tables(engine), &cache.finders);
        let cache = Some(cache).filter(|cache| cache.is_worthwhile(dossier.sentences.len()));
        Self {
            dossier,
            engine,
            tables,
            cache,
            known: HashMap::with_capacity(if cache.is_none() { WORDS.min(dossier.tokens.len()) } else { 0 }),
            entities: entities::Reader { dossier, lexicon: &engine.lexicon, classes: &tables.builtin, taken: Vec::new() },
            finders,
            finder: None,
            buffer: String::new(),
            shaped: Vec::new(),
            marks: Vec::new(),
            key: cache::Key::default(),
            repeats: dossier.sentences.len() > cache::MANY,
            said: HashMap::new(),
            blocks: HashMap::new(),
        }
    }

    /// Adds the annotations of `block` to `out`.
    fn block(&mut self, block: &Block, out: &mut Annotations) {
        let kept = self.cache.zip(block.passage);
        if let Some((notes, passage)) = kept.and_then(|(cache, passage)| Some((cache.notes(passage)?, passage))) {
            let base = notes.add_to(out, self.blocks.get(&passage).copied());
            if self.repeats {
                self.blocks.insert(passage, base);
            }
            return;
        }
        let before = Extent::of(out);
        self.read(block, out);
        if let Some((cache, passage)) = kept {
            cache.keep(passage, Notes::since(&before, out));
        }
    }

    fn read(&mut self, block: &Block, out: &mut Annotations) {
        let sentences = &self.dossier.sentences[block.sentences.start as usize..block.sentences.end as usize];
        let Some((first, last)) = sentences.first().zip(sentences.last()) else { return };
        self.look_up(first.tokens.start as usize..last.tokens.end as usize, out);
        let mut shaped = std::mem::take(&mut self.shaped);
        self.entities.block(block, &out.facts, &mut out.entities, &mut shaped);
        let heading = matches!(block.kind, BlockKind::Heading { .. });
        let mut rest = shaped.iter().copied().peekable();
        for (id, sentence) in block.sentences.clone().zip(sentences) {
            let first = sentence.tokens.start;
            while let Some(mark) = rest.next_if(|m| m.start < sentence.tokens.end) {
                self.marks.push(mark.in_sentence(first));
            }
            self.mark(sentence, heading || labels::label(self.dossier, id) > 0, out);
            out.negations.sentence(self.dossier, &out.facts, sentence);
            out.modes.push(self.tables.modes.mode(self.dossier, out, id));
        }
        self.shaped = shaped;
        for id in block.sentences.clone() {
            let commitment = commitments::commitment(self.dossier, out, &self.tables.commitments, id);
            out.commitments.extend(commitment);
            if bodies::may_name(out, &self.tables.bodies, id) {
                out.naming.push(id);
            }
        }
    }

    /// Adds what is known of each token.
    fn look_up(&mut self, tokens: Range<usize>, out: &mut Annotations) {
        let (dossier, engine, cache, buffer, forms) = (self.dossier, self.engine, self.cache, &mut self.buffer, &mut out.forms);
        for at in tokens.clone() {
            let token = &dossier.tokens[at];
            let (folded, lower) = (dossier.folded(token), dossier.lower(token));
            let mut facts = match token.kind {
                TokenKind::Punct => {
                    let mark = folded.chars().next().unwrap_or(' ');
                    TokenFacts { exact: engine.lexicon.mark(mark), kinds: kinds::of_mark(mark), ..TokenFacts::default() }
                }
                TokenKind::Word | TokenKind::Number => {
                    // « A COMPLETER »: a single capital letter may have lost its accent too
                    let capitals = token.flags.has(TokenFlags::ALL_CAPS) || token.flags.has(TokenFlags::CAPITAL) && folded.len() == 1;
                    *self.known.entry((lower, capitals)).or_insert_with(|| {
                        cache.and_then(|cache| cache.word(lower, capitals, forms)).unwrap_or_else(|| {
                            let facts = word_facts(lower, folded, capitals, engine, buffer, forms);
                            cache.inspect(|cache| cache.remember_word(lower, capitals, facts, forms));
                            facts
                        })
                    })
                }
                TokenKind::Email | TokenKind::Url => TokenFacts { kinds: kinds::WORD, ..TokenFacts::default() },
            };
            if nouns::may_be(facts.analyses(forms)) && nouns::is_one(dossier, at, tokens.start) {
                facts = facts.noun();
            }
            out.facts.push(facts);
        }
    }

    /// Adds the classes and phrases of a sentence to those in [`Self::marks`], which the code recognises, and takes them all.
    fn mark(&mut self, sentence: &Sentence, heading: bool, out: &mut Annotations) {
        let first = sentence.tokens.start;
        let words = Words { facts: &out.facts[first as usize..sentence.tokens.end as usize], forms: &out.forms };
        let (marks, found) = (out.marks.len(), out.found.len());
        let known = self.cache.and_then(|cache| {
            cache.key(&mut self.key, words, heading, &self.marks);
            cache.recall(&self.key)
        });
        match &known {
            Some(known) => {
                self.marks.clear();
                let place = Arc::as_ptr(known) as usize;
                if let Some((_, holds)) = self.said.get(&place) {
                    out.sentences.push(Holds { first, ..holds.clone() });
                    return;
                }
                out.marks.extend_from_slice(&known.marks);
                out.found.extend_from_slice(&known.found);
            }
            None => {
                let engine = self.engine;
                self.finder.get_or_insert_with(|| self.finders.take(engine)).sentence(engine, words, heading, &mut self.marks, &mut out.found);
                self.cache.inspect(|cache| cache.remember(&self.key, &self.marks, &out.found[found..]));
                out.marks.append(&mut self.marks);
            }
        }
        let holds = Holds { first, marks: marks as u32..out.marks.len() as u32, found: found as u32..out.found.len() as u32 };
        if let Some(known) = known.filter(|_| self.repeats) {
            self.said.insert(Arc::as_ptr(&known) as usize, (known, holds.clone()));
        }
        out.sentences.push(holds);
    }
}

fn word_facts(lower: &str, folded: &str, capitals: bool, engine: &Engine, buffer: &mut String, forms: &mut Vec<Form>) -> TokenFacts {
    let from = forms.len();
    let word = engine.lexicon.word(lower, folded, capitals, buffer);
    // « à » is no form of « avoir »
    if lower != "à" {
        forms.extend(word.forms(lower, folded));
    }
    TokenFacts { stem: word.stem(), exact: word.exact(), forms: Analyses::ending(forms, from), kinds: kinds::of_word(folded, word, &forms[from..]) }
}

/// What a word or mark may be part of, looked up once for all its occurrences, so that what reads every token compares no text.
pub mod kinds {
    use crate::checks::engine::WordList;
    use crate::checks::inflect::mood;
    use crate::checks::lexicon::{Form, Word};

    use super::{FUNCTION_MARKS, modes, numbers, time};

    /// A number: « trente », « douzaine ».
    pub const NUMBER: u16 = 1;
    /// A month.
    pub const MONTH: u16 = 2;
    /// A season, a quarter.
    pub const SEASON: u16 = 4;
    /// What may be a date or a length.
    pub const TIME: u16 = NUMBER | MONTH | SEASON;
    /// A negation.
    pub const NEGATION: u16 = 8;
    /// Who writes: « nous », « mon ».
    pub const FIRST_PERSON: u16 = 16;
    /// A verb in the conditional, known or told by its ending.
    pub const CONDITIONAL: u16 = 32;
    /// A word that opens a subordinate clause.
    pub const SUBORDINATE: u16 = 64;
    /// A mark that ends a clause.
    pub const STOP: u16 = 128;
    /// The beginning of a placeholder.
    pub const BLANK: u16 = 256;
    /// What may be a verb in the future.
    pub const FUTURE: u16 = 512;
    /// What may be a verb in the present.
    pub const PRESENT: u16 = 1024;
    /// What may be a past participle.
    pub const PARTICIPLE: u16 = 2048;
    /// « Annexe ».
    pub const ANNEX: u16 = 4096;
    /// A small word or mark that may stand between two elements of a phrase unnoticed.
    pub const SKIPPED: u16 = 8192;
    /// A word, as opposed to a punctuation mark.
    pub const WORD: u16 = 16_384;
    /// A participle or verb that says that its subject exists: « nommé », « prévues », « existent ».
    pub const ESTABLISHED: u16 = 32_768;

    /// The kinds of a folded word, which is `known` as that and has these forms.
    #[must_use]
    pub fn of_word(word: &str, known: Word<'_>, forms: &[Form]) -> u16 {
        let is = |kind: u16, is: bool| if is { kind } else { 0 };
        let moods = forms.iter().fold(0, |moods, form| moods | form.mood);
        let other = match word {
            "nous" | "notre" | "nos" | "je" | "j" | "mon" | "ma" | "mes" => FIRST_PERSON,
            "que" | "qu" | "qui" | "dont" | "ou" | "quel" | "quelle" | "quels" | "quelles" | "lesquels" | "lesquelles" | "comment" | "car" | "parce"
            | "sinon" => SUBORDINATE,
            "todo" | "tbd" | "tbc" | "fixme" | "lorem" | "jj" | "dd" | "xx" | "xxx" | "xxxx" | "xxxxx" | "xxh" | "xxhxx" => BLANK,
            "annexe" | "annexes" => ANNEX,
            _ => 0,
        };
        WORD | is(SKIPPED, known.is_listed(WordList::Small))
            | is(NEGATION, modes::may_deny(word))
            | is(NUMBER, numbers::is_word(word))
            | is(MONTH, time::month(word).is_some())
            | is(SEASON, time::is_season(word))
            | is(CONDITIONAL, conditional(word, forms))
            | is(FUTURE, moods & mood::FUT != 0)
            | is(PRESENT, moods & mood::PRES != 0)
            | is(PARTICIPLE, moods & mood::PP != 0)
            | is(ESTABLISHED, known.is_listed(WordList::Established))
            | other
    }

    /// The kinds of a punctuation mark.
    #[must_use]
    pub fn of_mark(mark: char) -> u16 {
        match mark {
            ';' | ':' | '.' => STOP,
            '[' | '{' | '<' | '…' | '_' | '?' => BLANK,
            _ if FUNCTION_MARKS.contains(&mark) => SKIPPED,
            _ => 0,
        }
    }

    /// In the conditional, and in nothing else; by its ending (« -erait », « -irait ») when the vocabulary does not know the verb.
    fn conditional(word: &str, forms: &[Form]) -> bool {
        if !forms.is_empty() {
            return forms.iter().all(|f| f.mood & mood::COND != 0);
        }
        word.len() > 6 && ["erait", "eraient", "irait", "iraient"].iter().any(|ending| word.ends_with(ending))
    }
}

/// Whether a folded word is a pronoun by which a sentence takes up the one before.
#[must_use]
pub fn takes_up(word: &str) -> bool {
    matches!(word, "il" | "elle" | "ils" | "elles")
}
