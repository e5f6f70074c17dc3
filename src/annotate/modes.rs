//! The mode of a sentence — hedged, put off, denied, past, law, contractor's — and how far a negation reaches.

use std::ops::Range;

use crate::checks::format::Mode;
use crate::checks::inflect::mood;
use crate::dossier::{BlockKind, Dossier, Sentence, SentenceId};
use crate::text::sentence::LONGEST;
use crate::text::{Token, TokenFlags};

use super::roles::Roles;
use super::{Annotations, Engine, TokenFacts, kinds};

/// A set of [`Mode`]s.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ModeSet(u16);

impl ModeSet {
    fn bit(mode: Mode) -> u16 {
        1 << mode as u16
    }

    /// Adds a mode.
    pub fn insert(&mut self, mode: Mode) {
        self.0 |= Self::bit(mode);
    }

    /// Whether the mode is in the set.
    #[must_use]
    pub fn has(self, mode: Mode) -> bool {
        self.0 & Self::bit(mode) != 0
    }

    /// The set of `modes`.
    #[must_use]
    pub fn of<'a>(modes: impl IntoIterator<Item = &'a Mode>) -> Self {
        let mut out = Self::default();
        modes.into_iter().for_each(|m| out.insert(*m));
        out
    }

    /// The modes of this set that are not in `other`.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether any mode is in both.
    #[must_use]
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// Whether a folded word may deny: the words that [`Negations`] reads.
pub(super) fn may_deny(word: &str) -> bool {
    matches!(word, "ne" | "n" | "aucun" | "aucune" | "nul" | "nulle" | "sans" | "hors" | "pas" | "absence" | "ni")
}

/// Whether a word or mark ends the clause that a negation denies.
fn ends_clause(text: &str) -> bool {
    matches!(text, ";" | ":" | "." | "|" | "?" | "," | "mais")
}

/// Whether « sans » takes away what comes next: not in « sans délai », « sans doute ».
fn takes_away(next: &str) -> bool {
    !matches!(next, "delai" | "prejudice" | "exception" | "condition" | "conditions" | "reserve" | "filtre" | "doute" | "cesse" | "attendre" | "oublier")
}

/// Whether « ne » denies a verb alone: « ne peut », « ne pourra ».
fn alone(verb: &str) -> bool {
    ["pourr", "peu"].iter().any(|begins| verb.starts_with(begins))
}

/// Where the part of a clause ends in which a negation stands at `at`, and whether another one takes it back there: « n'est pas sans
/// risque », « aucune décision ne sera prise sans débat », « rien ne sera publié sans votre accord ».
fn denies_twice<'a>(text: &impl Fn(usize) -> &'a str, at: usize, last: usize) -> (usize, bool) {
    let end = (at + 1..last).find(|&i| ends_clause(text(i)) || matches!(text(i), "et" | "ou" | "ni")).unwrap_or(last);
    let takes_back = |i: usize| match text(i) {
        "sans" => takes_away(text(i + 1)),
        word => matches!(word, "denue" | "denuee" | "depourvu" | "depourvue" | "exempt" | "exempte"),
    };
    // « nous ne nous contenterons pas d'évaluer »: more than that will be done
    let restrains = |i: usize| ["content", "born", "limit"].iter().any(|begins| text(i).starts_with(begins));
    let does_more = matches!(text(at + 1), "se" | "nous" | "vous") && restrains(at + 2);
    let does_so = matches!(text(at), "ne" | "n") && promises(text(at + 1));
    (end, does_more || does_so || (at + 1..end).any(takes_back))
}

/// Whether « ne » promises with this verb: « le maire ne manquera pas de répondre ».
fn promises(verb: &str) -> bool {
    matches!(verb, "manque" | "manquera" | "manqueront" | "manquerai" | "manquerons")
}

/// Words between a negation and what it sets aside.
const NEXT_TO: u32 = 8;

/// Tokens of the subject of a verb, at most.
const LONGEST_SUBJECT: usize = 300;

/// What denies a token: how far away the negating token stands in the sentence, of which there are [`LONGEST`] at most; or nothing.
/// There is one a token: it is kept small.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Denial(i16);

impl Denial {
    /// Added to the distance, so that none is nothing.
    const NEAR: i16 = 2 * LONGEST as i16;

    fn of(at: usize, by: usize) -> Self {
        Self((by as i64 - at as i64) as i16 + Self::NEAR)
    }

    /// The token that denies token `at`, of which this is told.
    fn by(self, at: u32) -> Option<u32> {
        (self != Self::default()).then(|| at.wrapping_add_signed(i32::from(self.0 - Self::NEAR)))
    }
}

/// Where negations reach: for each token, the negating token that governs it.
#[derive(Debug, Default)]
pub struct Negations {
    pub(super) by: Vec<Denial>,
    /// Where the last clause denied to its end ends.
    reached: usize,
}

impl Negations {
    /// Whether tokens `start..end` are denied by a word outside of them.
    #[must_use]
    pub fn deny(&self, start: u32, end: u32) -> bool {
        self.among(start, end).any(|by| !(start..end).contains(&by))
    }

    /// Whether « ne … pas » denies among tokens `start..end` what they say: « toutes les idées ne seront pas retenues ». Not « aucune idée
    /// ne sera écartée ».
    #[must_use]
    pub fn deny_within(&self, dossier: &Dossier, start: u32, end: u32) -> bool {
        let text = |at: u32| dossier.folded(&dossier.tokens[at as usize]);
        let denied = |at: &u32| self.by[*at as usize] != Denial::default() && matches!(text(*at), "pas" | "plus" | "jamais" | "guere" | "point" | "ni");
        (start..end).filter(denied).any(|at| (start..at).rev().take_while(|i| !ends_clause(text(*i))).any(|i| matches!(text(i), "ne" | "n")))
    }

    /// The token that denies `start..end` from outside, when it stands next to it.
    #[must_use]
    pub fn denier(&self, dossier: &Dossier, start: u32, end: u32) -> Option<u32> {
        let text = |at: u32| dossier.folded(&dossier.tokens[at as usize]);
        // « il n'est pas prévu de réunion de restitution »: what stands between « ne » and « pas » is not counted
        let closed = |by: u32| match text(by) {
            "ne" | "n" => (by + 1..start).take(NEXT_TO as usize).find(|at| matches!(text(*at), "pas" | "plus" | "point" | "guere")).unwrap_or(by),
            _ => by,
        };
        let near = |by: &u32| (start.saturating_sub(NEXT_TO)..end + NEXT_TO).contains(&closed(*by)) && !(start..end).contains(by);
        self.among(start, end).find(near)
    }

    /// The token among `start..end` that denies the last of them: « la démarche ne sera pas évaluée ».
    #[must_use]
    pub fn denies_the_last(&self, start: u32, end: u32) -> Option<u32> {
        let last = end.checked_sub(1).filter(|last| *last >= start)?;
        self.by[last as usize].by(last).filter(|by| (start..last).contains(by))
    }

    /// What denies the tokens `start..end`.
    fn among(&self, start: u32, end: u32) -> impl Iterator<Item = u32> {
        (start..end).zip(&self.by[start as usize..end as usize]).filter_map(|(at, denial)| denial.by(at))
    }

    /// Lets token `by` deny token `at`, if nothing does.
    fn set(&mut self, at: usize, by: usize) {
        if self.by[at] == Denial::default() {
            self.by[at] = Denial::of(at, by);
        }
    }

    /// Adds what is denied in a sentence, the next one of the text.
    pub(super) fn sentence(&mut self, dossier: &Dossier, facts: &[TokenFacts], sentence: &Sentence) {
        self.by.resize(sentence.tokens.end as usize, Denial::default());
        let (first, last) = (sentence.tokens.start as usize, sentence.tokens.end as usize);
        let text = |i: usize| if i < last { dossier.folded(&dossier.tokens[i]) } else { "" };
        // where a clause ends that denies twice: « aucune demande ne restera sans réponse » says that all will be answered
        let (mut affirmed, mut looked) = (first, first);
        for at in (first..last).filter(|&at| facts[at].kinds & kinds::NEGATION != 0) {
            if at < affirmed {
                continue;
            }
            if at >= looked && matches!(text(at), "ne" | "n" | "aucun" | "aucune" | "nul" | "nulle") {
                let (end, twice) = denies_twice(&text, at, last);
                looked = end;
                if twice {
                    affirmed = end;
                    continue;
                }
            }
            match text(at) {
                "ne" | "n" => self.verbal(&text, facts, first..last, at),
                "aucun" | "aucune" | "nul" | "nulle" if !matches!(text(at + 1), "doute") => self.clause(&text, at, last),
                "sans" if takes_away(text(at + 1)) => self.reach_noun(&text, at, last),
                "hors" if text(at + 1) != "de" => self.reach_short(&text, at, last),
                "pas" if matches!(text(at + 1), "de" | "d") && !matches!(text(at + 2), "moins" | "plus") => self.clause(&text, at, last),
                "absence" if matches!(text(at + 1), "de" | "d") => self.reach_short(&text, at, last),
                "ni" => self.reach_short(&text, at, last),
                _ => {}
            }
        }
    }

    /// « ne … pas »: the clause from the verb on; its subject too when the verb says that something is not done.
    fn verbal<'a>(&mut self, text: &impl Fn(usize) -> &'a str, facts: &[TokenFacts], Range { start: first, end: last }: Range<usize>, at: usize) {
        let second = (at + 1..last.min(at + 8)).find(|&i| {
            matches!(text(i), "pas" | "plus" | "aucun" | "aucune" | "jamais" | "ni" | "guere" | "point" | "nul" | "rien" | "personne" | "que" | "qu")
        });
        // « Personne ici ne dira »: the subject denies
        let subject = (first.max(at.saturating_sub(6))..at).any(|i| matches!(text(i), "personne" | "rien"));
        if subject && second.is_none_or(|i| matches!(text(i), "que" | "qu")) {
            return self.clause(text, at, last);
        }
        let Some(second) = second else {
            // « il ne pourra être donné suite »: these verbs do without « pas »
            if alone(text(at + 1)) {
                self.clause(text, at, last);
            }
            return;
        };
        let word = text(second);
        // « ne … que » restricts, it does not deny; « ne manquera pas de » promises
        if matches!(word, "que" | "qu") || promises(text(at + 1)) || word == "plus" && text(second + 1) == "que" {
            return;
        }
        // « les propositions qui ne seront pas retenues recevront une réponse »: the verb after the relative clause is not its own
        let relative = at > first && text(at - 1) == "qui";
        let main = (second + 1..last).take_while(|_| relative).find(|&i| facts[i].kinds & kinds::FUTURE != 0);
        self.clause(text, at, main.unwrap_or(last));
        if (at + 1..last.min(at + 9)).any(|i| facts[i].kinds & kinds::ESTABLISHED != 0) {
            let first = first.max(at.saturating_sub(LONGEST_SUBJECT));
            // « Deux réunions, le 3 et le 5 mai, ne sont pas prévues »: a comma before the verb closes what another has opened
            let apposed = at > first && text(at - 1) == ",";
            let cuts = |&i: &usize| facts[i].kinds & (kinds::STOP | kinds::SUBORDINATE) != 0 || text(i) == "," && !apposed;
            let start = match (first..at).rev().find(cuts) {
                // « les équipes dont le projet n'est pas retenu »: there are projects
                Some(i) if facts[i].kinds & kinds::SUBORDINATE != 0 => at,
                Some(i) => i + 1,
                None => first,
            };
            (start..at).for_each(|denied| self.set(denied, at));
        }
    }

    /// From `at` to the end of the clause.
    fn clause<'a>(&mut self, text: &impl Fn(usize) -> &'a str, at: usize, last: usize) {
        // an earlier negation of the clause has come to its end already
        if at >= self.reached {
            self.reached = self.reach(text, at, last);
        }
    }

    /// From `at` to the end of the clause, or to `last`; returns where that is.
    fn reach<'a>(&mut self, text: &impl Fn(usize) -> &'a str, at: usize, last: usize) -> usize {
        for i in at..last {
            if i > at && ends_clause(text(i)) {
                return i;
            }
            self.set(i, at);
        }
        last
    }

    /// What « sans » takes away: the next few words, up to a preposition or an auxiliary.
    fn reach_noun<'a>(&mut self, text: &impl Fn(usize) -> &'a str, at: usize, last: usize) {
        let stops = |i: &usize| {
            matches!(text(*i), "est" | "sont" | "a" | "ont" | "sera" | "seront" | "peut" | "peuvent" | "par" | "dans" | "pour" | "avec" | "afin" | "sur")
        };
        let end = (at + 2..last.min(at + 6)).find(stops).unwrap_or(last.min(at + 6));
        self.reach(text, at, end);
    }

    /// The next few words.
    fn reach_short<'a>(&mut self, text: &impl Fn(usize) -> &'a str, at: usize, last: usize) {
        self.reach(text, at, last.min(at + 6));
    }
}

/// The families of classes that tell a mode.
pub(super) const SIGNS: [&str; 9] = [
    "mode.attenuation",
    "mode.renvoi",
    "mode.passe",
    "mode.passe-verbal",
    "mode.passe-incident",
    "mode.loi",
    "mode.prestataire",
    "mode.droit",
    "interrogation",
];

/// What tells the mode of a sentence.
#[derive(Debug)]
pub(super) struct Signs {
    roles: Roles,
    /// « Être » and « avoir ».
    auxiliaries: Vec<u32>,
}

impl Signs {
    pub(super) fn new(engine: &Engine) -> Self {
        Self {
            roles: Roles::new(engine, SIGNS.iter().enumerate().map(|(bit, family)| (1 << bit, *family))),
            auxiliaries: ["etre", "avoir"].iter().filter_map(|verb| engine.lexicon.verb(verb)).collect(),
        }
    }

    /// The mode of a sentence, of whose words and marks all is known.
    pub(super) fn mode(&self, dossier: &Dossier, annotations: &Annotations, id: SentenceId) -> ModeSet {
        let sentence = &dossier.sentences[id as usize];
        let signs = annotations.marks_of(id).fold(0, |signs, mark| signs | self.roles.of(&mark));
        let [hedge, deferred, past, past_verb, in_passing, law, contractor, right, question] = std::array::from_fn(|bit| signs & 1 << bit != 0);
        let mut modes = ModeSet::default();
        let mut set = |mode: Mode, is: bool| {
            if is {
                modes.insert(mode);
            }
        };
        set(Mode::Hedge, !right && (hedge || conditional(dossier, annotations, sentence)));
        set(Mode::Deferred, deferred);
        set(Mode::Past, past && !in_passing || past_verb && !of_today(annotations, sentence, &self.auxiliaries));
        set(Mode::Law, law);
        set(Mode::Contractor, contractor);
        set(Mode::Question, question);
        let block = &dossier.blocks[sentence.block as usize];
        set(Mode::Heading, matches!(block.kind, BlockKind::Heading { .. } | BlockKind::TableRow { header: true }));
        modes
    }
}

/// Some verb other than « être » and « avoir », which may make a compound past, is in the present or the future, and can be nothing else.
fn of_today(annotations: &Annotations, sentence: &Sentence, auxiliaries: &[u32]) -> bool {
    sentence.tokens.clone().any(|i| {
        let forms = annotations.analyses(i);
        !forms.is_empty()
            && forms.iter().all(|f| !auxiliaries.contains(&f.verb) && f.mood & (mood::PRES | mood::FUT) != 0 && f.mood & (mood::PP | mood::INF) == 0)
    })
}

/// A verb in the conditional, known to the lexicon or told by its ending (« -erait », « -irait »), outside of the clauses that are
/// subordinate or give a reason: their conditional is not the sentence's own.
fn conditional(dossier: &Dossier, annotations: &Annotations, sentence: &Sentence) -> bool {
    let mut subordinate = false;
    for i in sentence.tokens.clone() {
        let facts = &annotations.facts[i as usize];
        if facts.kinds & kinds::CONDITIONAL != 0 && !subordinate && is_conditional(facts, &dossier.tokens[i as usize]) {
            return true;
        }
        subordinate = facts.kinds & kinds::SUBORDINATE != 0 || subordinate && facts.kinds & kinds::STOP == 0;
    }
    false
}

/// A verb of the vocabulary; another word unless it may be a name.
fn is_conditional(facts: &TokenFacts, token: &Token) -> bool {
    !facts.forms.is_empty() || !token.flags.has(TokenFlags::CAPITAL)
}
