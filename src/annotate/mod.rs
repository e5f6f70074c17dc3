//! What the French says: vocabulary, dates, amounts, people, and the mode of each sentence. Made once for the whole dossier.

pub mod bodies;
pub mod commitments;
pub mod engine;
pub mod entities;
pub mod matcher;
mod modes;
pub mod numbers;
pub mod time;

use std::ops::Range;

use crate::checks::lexicon::{ClassId, Form, Symbol};
use crate::dossier::{BlockKind, Dossier, SectionId, SentenceId};
use crate::text::{Token, TokenFlags, TokenKind};

pub use engine::Engine;
pub use entities::Entities;
pub use matcher::{Facts, Mark, View};
pub use modes::{ModeSet, Negations};

/// Small words that may stand between two elements of a pattern unnoticed.
const FUNCTION_WORDS: &[&str] = &[
    "le",
    "la",
    "les",
    "l",
    "un",
    "une",
    "des",
    "du",
    "de",
    "d",
    "ce",
    "cet",
    "cette",
    "ces",
    "son",
    "sa",
    "ses",
    "leur",
    "leurs",
    "notre",
    "nos",
    "votre",
    "vos",
    "mon",
    "ma",
    "mes",
    "tout",
    "toute",
    "toutes",
    "tous",
    "egalement",
    "ensuite",
    "ainsi",
    "aussi",
    "donc",
    "alors",
    "enfin",
    "puis",
    "notamment",
    "systematiquement",
    "directement",
    "seulement",
    "uniquement",
    "specialement",
    "particulierement",
    "immediatement",
    "collectivement",
    "conjointement",
    "respectivement",
    "principalement",
    "prioritairement",
    "effectivement",
    "pleinement",
    "largement",
    "explicitement",
    "expressement",
    "bien",
    "quant",
    "meme",
    "memes",
    "dit",
    "dite",
    "dits",
    "dites",
    "tres",
    "aux",
    "au",
    "plus",
    "en",
    "y",
    "se",
    "s",
    "lui",
    "chacun",
    "elle",
    "tant",
];

/// Punctuation that may be skipped likewise: quotation marks and brackets.
const FUNCTION_MARKS: &[char] = &['«', '»', '“', '”', '"', '\'', '(', '‘', '*'];

/// The annotations of a dossier.
#[derive(Debug, Default)]
pub struct Annotations {
    /// One a token.
    pub facts: Vec<Facts>,
    /// Verb analyses.
    pub forms: Vec<Form>,
    /// Occurrences of classes, by sentence, sorted by start.
    pub marks: Vec<Mark>,
    /// The marks of each sentence.
    pub sentence_marks: Vec<Range<u32>>,
    /// The mode of each sentence.
    pub modes: Vec<ModeSet>,
    /// Where negations reach.
    pub negations: Negations,
    /// Dates, amounts, numbers, people.
    pub entities: Entities,
    /// For each section, the heading conjuncts that it or a section above matches, sorted.
    pub headings: Vec<Vec<u32>>,
    /// The bodies of the process.
    pub bodies: Vec<bodies::Body>,
    /// What the authority says it will do.
    pub commitments: Vec<commitments::Commitment>,
}

impl Annotations {
    /// Annotates `dossier` with the vocabulary and patterns of `engine`.
    #[must_use]
    pub fn new(dossier: &Dossier, engine: &Engine) -> Self {
        let mut out = Self::default();
        out.look_up(dossier, engine);
        out.entities = entities::find(dossier, &engine.lexicon);
        out.mark(dossier, engine);
        out.match_headings(dossier, engine);
        out.negations = Negations::find(dossier);
        out.modes = modes::find(dossier, &out, engine);
        out.bodies = bodies::find(dossier, &out, engine);
        out.commitments = commitments::find(dossier, &out, engine);
        out
    }

    fn look_up(&mut self, dossier: &Dossier, engine: &Engine) {
        let mut buffer = String::new();
        self.facts = dossier.tokens.iter().map(|t| self_facts(t, dossier, engine, &mut buffer, &mut self.forms)).collect();
    }

    fn mark(&mut self, dossier: &Dossier, engine: &Engine) {
        let mut builtin = self.entities.marks.iter().copied().peekable();
        let mut scratch = Scratch::new(engine);
        for sentence in &dossier.sentences {
            let mut marks = Vec::new();
            while let Some(mark) = builtin.next_if(|m| m.start < sentence.tokens.end) {
                marks.push(mark);
            }
            self.mark_sentence(sentence.tokens.clone(), engine, &mut marks, &mut scratch);
            let from = self.marks.len() as u32;
            self.marks.extend(marks);
            self.sentence_marks.push(from..self.marks.len() as u32);
        }
    }

    fn mark_sentence(&self, tokens: Range<u32>, engine: &Engine, marks: &mut Vec<Mark>, scratch: &mut Scratch) {
        let facts = &self.facts[tokens.start as usize..tokens.end as usize];
        scratch.clear();
        for fact in facts {
            for symbol in symbols_of(fact, &self.forms) {
                scratch.trigger(engine, symbol);
            }
        }
        for class in marks.iter().map(|m| m.class) {
            scratch.trigger(engine, engine.lexicon.class_symbol(class));
        }
        for level in 0..=engine.levels {
            marks.sort_unstable();
            marks.dedup();
            let mut found = Vec::new();
            let mut candidates = std::mem::take(&mut scratch.levels[level as usize]);
            candidates.sort_unstable();
            candidates.dedup();
            let view = View { facts, forms: &self.forms, marks, first: tokens.start, families: &engine.families };
            for &id in &candidates {
                let phrase = &engine.class_phrases[id as usize];
                let mut at = 0;
                while let Some((start, end)) = view.find_from(&phrase.phrase, at) {
                    found.push(Mark { start: tokens.start + start as u32, end: tokens.start + end as u32, class: phrase.class });
                    at = start + 1;
                }
            }
            for mark in found {
                scratch.trigger(engine, engine.lexicon.class_symbol(mark.class));
                marks.push(mark);
            }
        }
        marks.sort_unstable();
        marks.dedup();
    }

    fn match_headings(&mut self, dossier: &Dossier, engine: &Engine) {
        for section in &dossier.sections {
            let mut found: Vec<u32> = section.parent.map(|p| self.headings[p as usize].clone()).unwrap_or_default();
            let sentences = section.heading.map(|b| dossier.blocks[b as usize].sentences.clone()).unwrap_or(0..0);
            for sentence in sentences {
                let view = self.view(dossier, engine, sentence);
                let mut tried: Vec<u32> = Vec::new();
                self.sentence_symbols(dossier, engine, sentence, |symbol| tried.extend(&engine.heading_index[symbol as usize]));
                tried.sort_unstable();
                tried.dedup();
                found.extend(tried.into_iter().filter(|&h| {
                    let (pattern, at) = engine.headings[h as usize];
                    view.find(&engine.patterns[pattern as usize][at as usize].phrase).is_some()
                }));
            }
            found.sort_unstable();
            found.dedup();
            self.headings.push(found);
        }
    }

    /// The tokens of a sentence with what is known of them.
    #[must_use]
    pub fn view<'a>(&'a self, dossier: &Dossier, engine: &'a Engine, sentence: SentenceId) -> View<'a> {
        let tokens = dossier.sentences[sentence as usize].tokens.clone();
        View {
            facts: &self.facts[tokens.start as usize..tokens.end as usize],
            forms: &self.forms,
            marks: self.marks_of(sentence),
            first: tokens.start,
            families: &engine.families,
        }
    }

    /// Occurrences of classes in a sentence.
    #[must_use]
    pub fn marks_of(&self, sentence: SentenceId) -> &[Mark] {
        let range = self.sentence_marks[sentence as usize].clone();
        &self.marks[range.start as usize..range.end as usize]
    }

    /// Whether a class (or one below it) occurs in a sentence; the first occurrence.
    #[must_use]
    pub fn has_class(&self, sentence: SentenceId, classes: &[ClassId]) -> Option<Mark> {
        self.marks_of(sentence).iter().find(|m| classes.contains(&m.class)).copied()
    }

    /// Calls `each` with every symbol of a sentence.
    pub fn sentence_symbols(&self, dossier: &Dossier, engine: &Engine, sentence: SentenceId, mut each: impl FnMut(Symbol)) {
        let tokens = dossier.sentences[sentence as usize].tokens.clone();
        for fact in &self.facts[tokens.start as usize..tokens.end as usize] {
            symbols_of(fact, &self.forms).for_each(&mut each);
        }
        for mark in self.marks_of(sentence) {
            each(engine.lexicon.class_symbol(mark.class));
        }
    }

    /// Whether heading conjunct `heading` holds in `section`.
    #[must_use]
    pub fn under(&self, section: SectionId, heading: u32) -> bool {
        self.headings[section as usize].binary_search(&heading).is_ok()
    }
}

fn symbols_of<'a>(fact: &Facts, forms: &'a [Form]) -> impl Iterator<Item = Symbol> + use<'a> {
    let verbs = forms[fact.forms.0 as usize..fact.forms.1 as usize].iter().map(|f| f.verb);
    [fact.stem, fact.exact].into_iter().chain(verbs).filter(|s| *s != 0)
}

fn self_facts(token: &Token, dossier: &Dossier, engine: &Engine, buffer: &mut String, forms: &mut Vec<Form>) -> Facts {
    let (folded, lower) = (dossier.folded(token), dossier.lower(token));
    match token.kind {
        TokenKind::Punct => {
            let mark = folded.chars().next().unwrap_or(' ');
            Facts { mark, skip: FUNCTION_MARKS.contains(&mark), ..Facts::default() }
        }
        TokenKind::Word | TokenKind::Number => {
            // « A COMPLETER »: a single capital letter may have lost its accent too
            let capitals = token.flags.has(TokenFlags::ALL_CAPS) || token.flags.has(TokenFlags::CAPITAL) && folded.len() == 1;
            let from = forms.len() as u32;
            // « à » is no form of « avoir »
            if lower != "à" {
                forms.extend(engine.lexicon.forms_of(lower, folded, capitals));
            }
            Facts {
                stem: engine.lexicon.stem_of(folded, buffer),
                exact: engine.lexicon.exact_of(lower, folded, capitals),
                forms: (from, forms.len() as u32),
                skip: FUNCTION_WORDS.contains(&folded),
                word: true,
                mark: ' ',
            }
        }
        TokenKind::Email | TokenKind::Url => Facts { word: true, mark: ' ', ..Facts::default() },
    }
}

struct Scratch {
    levels: Vec<Vec<u32>>,
    seen: Vec<Symbol>,
}

impl Scratch {
    fn new(engine: &Engine) -> Self {
        Self { levels: vec![Vec::new(); engine.levels as usize + 1], seen: Vec::new() }
    }

    fn clear(&mut self) {
        self.levels.iter_mut().for_each(Vec::clear);
        self.seen.clear();
    }

    fn trigger(&mut self, engine: &Engine, symbol: Symbol) {
        if self.seen.contains(&symbol) {
            return;
        }
        self.seen.push(symbol);
        for &id in &engine.class_index[symbol as usize] {
            self.levels[engine.class_phrases[id as usize].level as usize].push(id);
        }
    }
}

/// Whether a sentence is a heading or the header of a table.
#[must_use]
pub fn is_heading(dossier: &Dossier, sentence: SentenceId) -> bool {
    let block = &dossier.blocks[dossier.sentences[sentence as usize].block as usize];
    matches!(block.kind, BlockKind::Heading { .. } | BlockKind::TableRow { header: true })
}
