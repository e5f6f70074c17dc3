//! What is known of words, sentences and blocks already read: the texts of an archive repeat each other, and so does a dossier that is
//! checked again after every keystroke.

use std::sync::{Arc, OnceLock, RwLock};

use hashbrown::HashMap;

use super::finder::{Finders, Found, Words};
use super::marks::SentenceMark;
use super::matcher::{Analyses, TokenFacts};
use super::{Notes, Tables};
use crate::cache::{Cache, SeenBefore};
use crate::checks::engine::Engine;
use crate::checks::lexicon::Form;
use crate::dossier::{BlockCache, PassageId};

/// Bytes held on sentences.
const MOST: usize = 5 << 19;
/// Bytes held on blocks.
const MOST_NOTES: usize = 1 << 20;
/// Words that are remembered.
const MOST_WORDS: usize = 1 << 14;
/// Bytes of the longest word that is remembered.
const LONGEST_WORD: usize = 40;

/// Sentences of a dossier that may well repeat each other.
pub(super) const MANY: usize = 2_000;

/// Remembers what one engine said of words, sentences and blocks, whatever the dossier. Shared by threads; a few megabytes at most.
#[derive(Debug)]
pub struct AnnotationCache {
    /// What the texts of blocks read as.
    pub blocks: BlockCache,
    /// What reads them.
    pub finders: Finders,
    tables: OnceLock<Tables>,
    /// By word in lower case, and whether it may be in capitals.
    words: RwLock<[Vocabulary; 2]>,
    sentences: Cache<Arc<Sentence>>,
    /// What blocks add to the annotations of their dossiers.
    notes: Cache<(PassageId, Arc<Notes>)>,
    seen_before: SeenBefore,
}

impl Default for AnnotationCache {
    fn default() -> Self {
        Self {
            blocks: BlockCache::default(),
            finders: Finders::default(),
            tables: OnceLock::new(),
            words: RwLock::default(),
            sentences: Cache::new(MOST),
            notes: Cache::new(MOST_NOTES),
            seen_before: SeenBefore::default(),
        }
    }
}

/// The facts of each word, and its verb analyses.
type Vocabulary = HashMap<Box<str>, (TokenFacts, Box<[Form]>)>;

/// What was found in a sentence.
#[derive(Debug)]
pub(super) struct Sentence {
    /// What tells it: see [`AnnotationCache::key`].
    key: Box<[u32]>,
    pub(super) marks: Box<[SentenceMark]>,
    pub(super) found: Box<[Found]>,
}

/// All that the matching of a sentence depends on, as numbers.
#[derive(Debug, Default)]
pub(super) struct Key {
    numbers: Vec<u32>,
    hash: u64,
}

impl AnnotationCache {
    /// What the code asks of the vocabulary of `engine` by name.
    pub(super) fn tables(&self, engine: &Engine) -> &Tables {
        self.tables.get_or_init(|| Tables::new(engine))
    }

    /// What the block of a text that came before adds to the annotations.
    pub(super) fn notes(&self, passage: PassageId) -> Option<Arc<Notes>> {
        self.notes.get(self.notes.hash(&passage), |(known, _)| *known == passage).map(|(_, notes)| notes)
    }

    /// Keeps what the block of a text adds to the annotations.
    pub(super) fn keep(&self, passage: PassageId, notes: Notes) {
        let size = notes.size();
        self.notes.keep(self.notes.hash(&passage), (passage, Arc::new(notes)), size);
    }

    /// Whether it is worth remembering what a dossier of so many sentences holds.
    pub(super) fn is_worthwhile(&self, sentences: usize) -> bool {
        self.seen_before.is_worthwhile(sentences > MANY)
    }

    /// What is known of a word, its verb analyses added to `forms`.
    pub(super) fn word(&self, lower: &str, capitals: bool, forms: &mut Vec<Form>) -> Option<TokenFacts> {
        let words = self.words.read().ok()?;
        let (facts, own) = words[usize::from(capitals)].get(lower)?;
        let from = forms.len();
        forms.extend_from_slice(own);
        Some(TokenFacts { forms: Analyses::ending(forms, from), ..*facts })
    }

    /// Remembers the facts of a word, whose analyses are among `forms`.
    pub(super) fn remember_word(&self, lower: &str, capitals: bool, facts: TokenFacts, forms: &[Form]) {
        let Ok(mut words) = self.words.write() else { return };
        let words = &mut words[usize::from(capitals)];
        // the first words to come are those that come most
        if lower.len() <= LONGEST_WORD && words.len() < MOST_WORDS / 2 {
            words.insert(lower.into(), (facts, facts.analyses(forms).into()));
        }
    }

    /// Sets `key` to what tells the sentence of `facts`, with the `marks` of its tokens that the code recognises in it.
    pub(super) fn key(&self, key: &mut Key, Words { facts, forms }: Words<'_>, heading: bool, marks: &[SentenceMark]) {
        let numbers = &mut key.numbers;
        numbers.clear();
        numbers.push(facts.len() as u32 * 2 + u32::from(heading));
        for fact in facts {
            let forms = fact.analyses(forms);
            numbers.extend([fact.stem, fact.exact, (forms.len() as u32) << 2 | u32::from(fact.skip()) << 1 | u32::from(fact.word())]);
            numbers.extend(forms.iter().flat_map(|form| [form.verb, form.mood.into()]));
        }
        numbers.extend(marks.iter().flat_map(|mark| [u32::from(mark.start) << 16 | u32::from(mark.end), mark.class.into()]));
        key.hash = self.sentences.hash(&**numbers);
    }

    /// What was found in the sentence of `key`, if anything is known of it.
    pub(super) fn recall(&self, key: &Key) -> Option<Arc<Sentence>> {
        self.sentences.get(key.hash, |sentence| *sentence.key == *key.numbers)
    }

    /// Remembers what was found in the sentence of `key`.
    pub(super) fn remember(&self, key: &Key, marks: &[SentenceMark], found: &[Found]) {
        let size = size_of_val(&*key.numbers) + size_of_val(marks) + size_of_val(found);
        let sentence = Sentence { key: key.numbers.as_slice().into(), marks: marks.into(), found: found.into() };
        self.sentences.keep(key.hash, Arc::new(sentence), size);
    }
}
