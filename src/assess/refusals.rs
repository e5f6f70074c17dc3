//! How a dossier sets something aside, and whether it says why.

use std::ops::Range;

use crate::annotate::{Annotations, kinds, nouns};
use crate::checks::inflect::mood;
use crate::checks::lexicon::{ClassId, Lexicon};
use crate::dossier::{Dossier, SentenceId};

use super::hits::Hit;

/// The families of classes that tell what is set aside and why: see [`Refusals`].
pub(super) const FAMILIES: [&str; 6] = ["mode.sans-objet", "mode.refus", "mode.refus-subi", "mode.motif", "mode.motif-ensuite", "mode.consequence"];

/// Tokens of a sentence that sets something aside and says nothing else, at most.
const BARE: usize = 8;

/// Words between what is set aside and the words that do it, at most.
const NEXT_TO: u32 = 6;

/// Words between a thing and a predicate that sets it aside, at most: « l'évaluation de la démarche … n'a pas paru utile ».
const SUBJECT: u32 = 10;

/// Tokens of the subject of a participle clause, at most.
const LONGEST_SUBJECT: u32 = 10;

/// Tokens of a participle clause from its participle on, at most.
const LONGEST_CLAUSE: u32 = 60;

/// Words of a reason, at least.
const REASON: usize = 3;

/// Words that open the subject of a clause.
#[rustfmt::skip]
const SUBJECTS: &[&str] = &[
    "le", "la", "les", "l", "un", "une", "des", "ce", "cet", "cette", "ces", "celui", "celle", "ceux", "celles", "son", "sa", "ses", "leur", "leurs", "notre",
    "nos", "chaque", "tout", "tous", "toute", "toutes", "aucun", "aucune", "plusieurs", "rien",
];

/// What tells that something is set aside, and why.
pub struct Refusals<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    /// « Sans objet », « néant ».
    set_aside: Range<ClassId>,
    /// « Renoncer à »: what comes next is set aside.
    gives_up: Range<ClassId>,
    /// « N'a pas paru utile »: what comes before is set aside.
    given_up: Range<ClassId>,
    /// What gives a reason.
    reasons: Range<ClassId>,
    /// What gives a reason for the sentence before.
    reasons_after: Range<ClassId>,
    /// « Donc »: the reason came before.
    follows: Range<ClassId>,
}

impl<'a> Refusals<'a> {
    /// With the classes of the vocabulary.
    #[must_use]
    pub fn new(dossier: &'a Dossier, annotations: &'a Annotations, lexicon: &Lexicon) -> Self {
        let [set_aside, gives_up, given_up, reasons, reasons_after, follows] = FAMILIES.map(|family| lexicon.family(family));
        Self { dossier, annotations, set_aside, gives_up, given_up, reasons, reasons_after, follows }
    }

    /// « Garant : sans objet »: the sentence sets something aside, whatever it says of it.
    pub fn sets_aside(&self, sentence: SentenceId) -> bool {
        self.holds(sentence, &self.set_aside)
    }

    /// « Garant : sans objet. »
    pub fn is_bare(&self, sentence: SentenceId) -> bool {
        self.dossier.sentences[sentence as usize].tokens.len() <= BARE
    }

    /// Whether the thing is refused: « aucun comité n'est prévu », « la démarche ne sera pas évaluée », « renoncer à un garant ».
    pub fn refuses(&self, hit: &Hit) -> bool {
        self.refused_by(hit).is_some()
    }

    /// « Aucun habitant ne siège au comité »: a sentence of one clause that refuses the thing, and says nothing else.
    pub fn only_refuses(&self, hit: &Hit) -> bool {
        let tokens = &self.dossier.sentences[hit.sentence as usize].tokens;
        let goes_on = |at: u32| self.ends_clause(at) && self.text(at) != "." || matches!(self.text(at), "mais" | "et" | "ou" | "qui" | "que" | "qu" | "dont");
        !tokens.clone().any(goes_on) && self.refuses(hit)
    }

    /// Whether a reason is given for setting the thing aside, in its sentence or, to be read by `after`, in the next one.
    pub fn is_reasoned(&self, hit: &Hit, after: impl Fn(SentenceId) -> bool) -> bool {
        let own = || self.refused_by(hit).is_some_and(|by| self.is_explained(hit, by) || self.has_clause_of_reason(hit, by));
        self.holds(hit.sentence, &self.reasons) || self.is_consequence(hit.sentence) || own() || self.is_reasoned_after(hit.sentence, after)
    }

    fn holds(&self, sentence: SentenceId, classes: &Range<ClassId>) -> bool {
        self.annotations.has_class(sentence, classes).is_some()
    }

    fn text(&self, at: u32) -> &str {
        self.dossier.folded(&self.dossier.tokens[at as usize])
    }

    fn ends_clause(&self, at: u32) -> bool {
        matches!(self.text(at), "," | ";" | ":" | "." | "(" | ")" | "?" | "—" | "–")
    }

    /// The last token of the words that refuse the thing.
    fn refused_by(&self, hit: &Hit) -> Option<u32> {
        let tokens = hit.tokens(self.dossier);
        let negations = &self.annotations.negations;
        // « ni » adds to another denial
        // what a bracket or a relative clause adds is not refused: « dans les jours qui suivent le dernier atelier »
        let parted = |by: u32| (by..tokens.start).any(|at| matches!(self.text(at), "(" | "—" | "–" | "qui" | "dont"));
        let denier = || negations.denier(self.dossier, tokens.start, tokens.end).filter(|by| self.text(*by) != "ni" && !parted(*by));
        // « la démarche ne sera pas évaluée »: the negation stands between the words that name the thing
        let inner = || negations.denies_the_last(tokens.start, tokens.end).filter(|by| self.text(*by) != "ni");
        denier().or_else(inner).or_else(|| self.given_up_by(hit.sentence, &tokens))
    }

    /// « Nous avons renoncé à un garant », « une évaluation n'a pas paru utile »: words of the same clause set the thing aside.
    fn given_up_by(&self, sentence: SentenceId, tokens: &Range<u32>) -> Option<u32> {
        let together = |from: u32, to: u32, most: u32| from <= to && to - from <= most && !(from..to).any(|at| self.ends_clause(at));
        let mut marks = self.annotations.marks_of(sentence).filter(|mark| !self.annotations.negations.deny(mark.start, mark.end));
        let by = marks.find(|mark| {
            self.gives_up.contains(&mark.class) && together(mark.end, tokens.start, NEXT_TO)
                || self.given_up.contains(&mark.class) && together(tokens.end, mark.start, SUBJECT)
        });
        by.map(|mark| mark.end - 1)
    }

    /// « Nous n'évaluerons pas la démarche : elle ne dure que deux soirs. » A clause after a colon explains a refusal; what it promises for
    /// later does not: « pas de restitution : le rapport sera publié ».
    fn is_explained(&self, hit: &Hit, by: u32) -> bool {
        let end = self.dossier.sentences[hit.sentence as usize].tokens.end;
        let from = hit.tokens(self.dossier).end.max(by + 1);
        let Some(mark) = (from..end).find(|at| matches!(self.text(*at), ":" | ";")).filter(|at| self.text(*at) == ":") else { return false };
        let body = mark + 1..end;
        let words = body.clone().filter(|at| self.annotations.may_be(*at, kinds::WORD)).count();
        let denies = |at: u32| matches!(self.text(at), "ne" | "n");
        let told = |at: u32| self.annotations.analyses(at).iter().any(|form| form.mood & (mood::FINITE & !mood::FUT) != 0);
        words >= REASON && body.clone().any(|at| denies(at) || told(at) && !self.is_noun(at, body.start))
    }

    /// Whether a word that may be a verb stands where a noun does: « une place », « la note ».
    fn is_noun(&self, at: u32, first: u32) -> bool {
        nouns::is_one(self.dossier, at as usize, first as usize) || at > first && matches!(self.text(at - 1), "le" | "la" | "les")
    }

    /// « …, le projet restant sous les seuils »: a clause of its own, that has its subject and a present participle.
    fn has_clause_of_reason(&self, hit: &Hit, by: u32) -> bool {
        let sentence = self.dossier.sentences[hit.sentence as usize].tokens.clone();
        let tokens = hit.tokens(self.dossier);
        let is_participle = |at: u32| {
            let forms = self.annotations.analyses(at);
            !forms.is_empty() && forms.iter().all(|form| form.mood & mood::PPRES != 0)
        };
        sentence.clone().filter(|at| is_participle(*at)).any(|at| {
            // no farther: in a sentence without end, each participle would be looked around for its clause
            let (from, to) = (at.saturating_sub(LONGEST_SUBJECT + 1).max(sentence.start), sentence.end.min(at + LONGEST_CLAUSE));
            let start = (from..at).rev().find(|at| self.ends_clause(*at)).map_or(from, |mark| mark + 1);
            let end = (at..to).find(|at| self.ends_clause(*at)).unwrap_or(to);
            let apart = tokens.end <= start || end <= tokens.start;
            let gerund = matches!(self.text(at - u32::from(at > start)), "en" | "et" | "ou" | "ni") || self.is_noun(at, sentence.start);
            // what refuses stands outside of it; before it at the end of the sentence, or after it
            let has_subject = start < at && at - start <= LONGEST_SUBJECT && SUBJECTS.contains(&self.text(start));
            apart && !gerund && has_subject && !(start..end).contains(&by)
        })
    }

    /// « Le projet est modeste : aucun garant n'a donc été sollicité. »
    fn is_consequence(&self, sentence: SentenceId) -> bool {
        let first = self.dossier.sentences[sentence as usize].tokens.start;
        let Some(mark) = self.annotations.has_class(sentence, &self.follows) else { return false };
        let after_another = || {
            let block = |sentence: SentenceId| self.dossier.sentences[sentence as usize].block;
            sentence > 0 && block(sentence - 1) == block(sentence)
        };
        (first..mark.start).any(|at| self.ends_clause(at)) || after_another()
    }

    /// Whether the next sentence of the block gives the reason of this one.
    fn is_reasoned_after(&self, sentence: SentenceId, counts: impl Fn(SentenceId) -> bool) -> bool {
        let sentences = &self.dossier.sentences;
        let next = sentences.get(sentence as usize + 1).filter(|next| next.block == sentences[sentence as usize].block);
        let says = |classes| self.holds(sentence + 1, classes);
        next.is_some() && counts(sentence + 1) && (says(&self.reasons_after) || self.is_bare(sentence) && says(&self.reasons))
    }
}
