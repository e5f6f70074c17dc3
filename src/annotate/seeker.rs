//! Looks for phrases where they are asked for: those that matter only beside others, which are few of what sentences hold.

use hashbrown::HashMap;

use super::Annotations;
use super::finder::{Finder, Finders, Found, Words, is_long};
use crate::checks::engine::{Engine, PhraseId};
use crate::dossier::{Dossier, SentenceId};

/// Looks for the phrases of an engine in the sentences of a dossier, one at a time, and remembers what was found.
pub struct Seeker<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    engine: &'a Engine,
    finders: &'a Finders,
    /// Taken when something is asked, and turned to a sentence.
    finder: Option<Finder>,
    sentence: Option<SentenceId>,
    known: HashMap<(SentenceId, PhraseId), Option<Found>>,
}

impl<'a> Seeker<'a> {
    /// A seeker in the sentences of `dossier`, whose `annotations` were made with `engine`, as `finders` were.
    #[must_use]
    pub fn new(dossier: &'a Dossier, annotations: &'a Annotations, engine: &'a Engine, finders: &'a Finders) -> Self {
        Self { dossier, annotations, engine, finders, finder: None, sentence: None, known: HashMap::new() }
    }

    /// Where a phrase that is not among those of [`Annotations::found_in`] is in a sentence.
    pub fn seek(&mut self, sentence: SentenceId, phrase: PhraseId) -> Option<Found> {
        if !self.engine.is_secondary(phrase) {
            return None;
        }
        let Self { dossier, annotations, engine, finders, finder, sentence: turned_to, known } = self;
        let tokens = &dossier.sentences[sentence as usize].tokens;
        let facts = &annotations.facts[tokens.start as usize..tokens.end as usize];
        if is_long(facts) {
            return None;
        }
        *known.entry((sentence, phrase)).or_insert_with(|| {
            let words = Words { facts, forms: &annotations.forms };
            let finder = finder.get_or_insert_with(|| finders.take(engine));
            if *turned_to != Some(sentence) {
                *turned_to = Some(sentence);
                let marks = &annotations.sentences[sentence as usize].marks;
                finder.turn_to(engine, words, &annotations.marks[marks.start as usize..marks.end as usize]);
            }
            finder.first(engine, words, phrase)
        })
    }

    /// Forgets what was found, before sentences that have nothing to do with those before.
    pub fn forget(&mut self) {
        self.known.clear();
    }
}

impl Drop for Seeker<'_> {
    fn drop(&mut self) {
        self.finder.take().into_iter().for_each(|finder| self.finders.put(finder));
    }
}
