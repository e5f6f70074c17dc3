//! What the public authority says it will do: who, what, when, where, and how firmly.

use std::ops::Range;

use crate::checks::format::Mode;
use crate::dossier::{Dossier, SentenceId};

use super::roles::Roles;
use super::{Annotations, Engine, Mark, kinds, takes_up};

/// How firmly something is promised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Firmness {
    /// In the indicative, by somebody.
    Firm,
    /// With a reserve (« pourra », « dans la mesure du possible »).
    Hedged,
    /// In the conditional.
    Conditional,
    /// In the future passive, by nobody.
    Agentless,
}

/// A sentence in which the authority announces what it will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// The sentence.
    pub sentence: SentenceId,
    /// Tokens of what is promised.
    pub what: Range<u32>,
    /// Tokens of the words that weaken it.
    pub weak: Option<Range<u32>>,
    /// Tokens of who will do it.
    pub who: Option<Range<u32>>,
    /// Tokens of an author that is none (« les services concernés »).
    pub nobody: Option<Range<u32>>,
    /// Tokens of a date or bounded delay.
    pub when: Option<Range<u32>>,
    /// Tokens of a moment that binds nobody (« prochainement »).
    pub some_day: Option<Range<u32>>,
    /// How firmly.
    pub firmness: Firmness,
}

/// What a class says of a commitment, as bits.
mod role {
    pub const VERB: u16 = 1;
    pub const MODAL: u16 = 2;
    pub const CONDITIONAL: u16 = 4;
    pub const PASSIVE: u16 = 8;
    /// Without one of these, nothing is promised.
    pub const HEAD: u16 = VERB | MODAL | CONDITIONAL | PASSIVE | FAVOUR;
    pub const RESERVE: u16 = 16;
    pub const NOBODY: u16 = 32;
    pub const PRECISE: u16 = 64;
    pub const FREE: u16 = 128;
    pub const WHO: u16 = 256;
    pub const WHEN: u16 = 512;
    pub const SOME_DAY: u16 = 1024;
    pub const FAVOUR: u16 = 2048;
    pub const MEANS: u16 = 4096;
    pub const ANSWER: u16 = 8192;
    pub const RESTRAINT: u16 = 16384;
    pub const AUTHORED: u16 = 32768;
}

/// The families of classes with each role.
pub(super) const ROLES: &[(u16, &[&str])] = &[
    (role::VERB, &["engagement.verbe"]),
    (role::MODAL, &["engagement.modal"]),
    (role::CONDITIONAL, &["engagement.conditionnel"]),
    (role::PASSIVE, &["engagement.passif"]),
    (role::RESTRAINT, &["attenuation.modale"]),
    (role::RESERVE, &["attenuation.adverbiale"]),
    (role::NOBODY, &["engagement.auteur-vague"]),
    (role::PRECISE, &["engagement.precis"]),
    (role::FREE, &["engagement.liberte"]),
    (role::FAVOUR, &["engagement.faveur"]),
    (role::MEANS, &["engagement.moyen"]),
    (role::ANSWER, &["engagement.passif.reponse"]),
    (role::AUTHORED, &["engagement.auteur-dit"]),
    (role::WHO, &["acteur.autorite", "acteur.collectivite", "acteur.elu", "acteur.service", "instance", "personne", "premiere-personne"]),
    (role::WHEN, &["date", "periode", "delai"]),
    (role::SOME_DAY, &["moment-vague", "date-vague"]),
];

/// The roles of the classes that tell a commitment.
pub(super) fn roles(engine: &Engine) -> Roles {
    Roles::new(engine, ROLES.iter().flat_map(|(role, families)| families.iter().map(|family| (*role, *family))))
}

impl Commitment {
    /// The same commitment, so many sentences and tokens further on; both may wrap around.
    pub(super) fn moved(&self, sentences: u32, tokens: u32) -> Self {
        let range = |range: &Range<u32>| range.start.wrapping_add(tokens)..range.end.wrapping_add(tokens);
        let moved = |part: &Option<Range<u32>>| part.as_ref().map(range);
        Self {
            sentence: self.sentence.wrapping_add(sentences),
            what: range(&self.what),
            weak: moved(&self.weak),
            who: moved(&self.who),
            nobody: moved(&self.nobody),
            when: moved(&self.when),
            some_day: moved(&self.some_day),
            firmness: self.firmness,
        }
    }
}

/// The commitment that a sentence makes. It depends on nothing outside of its block.
pub(super) fn commitment(dossier: &Dossier, annotations: &Annotations, roles: &Roles, sentence: SentenceId) -> Option<Commitment> {
    let modes = annotations.modes[sentence as usize];
    if [Mode::Heading, Mode::Question, Mode::Law, Mode::Past, Mode::Contractor].iter().any(|m| modes.has(*m)) {
        return None;
    }
    if !annotations.marks_of(sentence).any(|m| roles.has(&m, role::HEAD)) || takes_up_contractor(dossier, annotations, sentence) {
        return None;
    }
    let reading = Reading::new(dossier, annotations, roles, sentence);
    let said = reading.modal().or_else(|| reading.reserved()).or_else(|| reading.conditional()).or_else(|| reading.agentless()).or_else(|| reading.firm())?;
    if reading.refused(&said) {
        return None;
    }
    let (when, some_day) = (reading.first(role::WHEN).map(range), reading.first(role::SOME_DAY).map(range));
    let Reading { who, nobody, .. } = reading;
    Some(Commitment { sentence, what: said.what, weak: said.weak, who, nobody, when, some_day, firmness: said.firmness })
}

/// What a sentence commits to, and how firmly.
struct Said {
    firmness: Firmness,
    weak: Option<Range<u32>>,
    what: Range<u32>,
}

impl Said {
    /// Weakened by what it says itself.
    fn weak(firmness: Firmness, mark: Mark) -> Self {
        Self { firmness, weak: Some(range(mark)), what: range(mark) }
    }
}

/// A sentence that may commit somebody to something.
struct Reading<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    roles: &'a Roles,
    sentence: SentenceId,
    marks: Vec<Mark>,
    /// The rights that it gives.
    free: Vec<Range<u32>>,
    who: Option<Range<u32>>,
    nobody: Option<Range<u32>>,
}

impl<'a> Reading<'a> {
    fn new(dossier: &'a Dossier, annotations: &'a Annotations, roles: &'a Roles, sentence: SentenceId) -> Self {
        let marks: Vec<Mark> = annotations.marks_of(sentence).collect();
        let free = marks.iter().filter(|m| roles.has(m, role::FREE) && !of_somebody_else(dossier, m, sentence)).map(|m| range(*m)).collect();
        let mut out = Self { dossier, annotations, roles, sentence, marks, free, who: None, nobody: None };
        out.nobody = out.first(role::NOBODY).map(range);
        let apart = |who: &Range<u32>| out.nobody.as_ref().is_none_or(|n| who.end <= n.start || who.start >= n.end);
        out.who = author(dossier, &out.marks, roles, sentence).filter(apart);
        out
    }

    fn with(&self, role: u16) -> impl Iterator<Item = Mark> {
        self.marks.iter().copied().filter(move |m| self.roles.has(m, role))
    }

    fn first(&self, role: u16) -> Option<Mark> {
        self.with(role).min_by_key(|m| (m.start, m.end))
    }

    fn text(&self, at: u32) -> &'a str {
        text_in(self.dossier, self.sentence, Some(at))
    }

    /// Whether token `at` is in a clause opened by « que », « qui », « dont », « où »: not the sentence's own promise.
    fn relative(&self, at: u32) -> bool {
        let from = self.dossier.sentences[self.sentence as usize].tokens.start;
        let clause = (from..at).rev().find(|&i| matches!(self.text(i), ";" | ":" | ".")).map_or(from, |i| i + 1);
        let opens = |i: u32| {
            let others = ["que", "qu", "dont", "ou", "lesquelles", "lesquels", "quel", "quelle", "quels", "quelles", "comment", "lequel", "laquelle", "auquel"];
            // « ceux qui viendront pourront », « les avis qui s'y prêtent pourront »: the verb of « qui » is another one
            self.text(i) == "qui" && at - i <= 4 && !(i + 1..at).any(|verb| self.annotations.may_be(verb, kinds::PRESENT | kinds::FUTURE))
                || others.contains(&self.text(i))
        };
        (clause..at).any(opens)
    }

    /// Whether some words stand on either side of « ; »: « la participation pourrait être faible ; la ville prévoit un second courrier ».
    fn broken(&self, mut words: Range<u32>) -> bool {
        words.any(|i| self.text(i) == ";")
    }

    /// What will not be done, or may not be: « l'avis ne sera pas suivi », « pourra ne pas être suivi ».
    fn refused(&self, said: &Said) -> bool {
        let Range { start, end } = said.what;
        let negations = &self.annotations.negations;
        let restraint = self.with(role::RESTRAINT).filter(|m| (start..end).contains(&m.start)).map(|m| m.end.min(end)).max().unwrap_or(start);
        // « n'exclut pas de »: the negation is the reserve itself
        let reserved = (start..restraint).any(|i| self.text(i) == "pas");
        !reserved && negations.deny(start, end) || negations.deny_within(self.dossier, if reserved { restraint } else { start }, end)
    }

    /// « Pourra », « s'efforcera de ». « Chacun pourra »: a right, unless a reserve takes it back.
    fn modal(&self) -> Option<Said> {
        // « chacun pourra publier », « pourra publier librement »
        let given = |m: &Mark| self.free.iter().any(|right| (m.start..m.end).contains(&(right.end - 1)) || right.start < m.end && m.end <= right.end);
        let weak = |m: &Mark| (self.roles.has(m, role::FAVOUR) || !given(m)) && !self.relative(m.start) && !self.broken(m.start..m.end);
        let mark = self.with(role::MODAL | role::FAVOUR).find(weak)?;
        // « une réponse pourrait être donnée »: « pourrait être donnée » is what weakens it
        let restraint = self.with(role::RESTRAINT).filter(|m| (mark.start..mark.end).contains(&m.start)).map(|m| m.start).min();
        let weak = restraint.unwrap_or(mark.start)..shortest(&self.marks, &mark, self.roles);
        Some(Said { firmness: Firmness::Hedged, weak: Some(weak), what: range(mark) })
    }

    /// A promise, or an announcement, « dans la mesure du possible ».
    fn reserved(&self) -> Option<Said> {
        let right = self.right();
        // « le cas échéant par courrier »: the manner depends on the case, not the promise
        let of_manner = |at: u32| self.with(role::MEANS).any(|m| m.start == at);
        let reserve = self.first(role::RESERVE).filter(|reserve| right.is_none_or(|end| reserve.start < end) && !of_manner(reserve.end))?;
        let announced = || self.dossier.sentences[self.sentence as usize].tokens.clone().any(|i| self.annotations.may_be(i, kinds::FUTURE));
        let spoken = |m: &Mark| free_of(m, &self.free) || self.passive().is_some() || announced();
        let promise = self.promise().or_else(|| self.first(role::VERB).filter(spoken))?;
        if self.broken(reserve.start.min(promise.start)..reserve.start.max(promise.start)) {
            return None;
        }
        Some(Said { firmness: Firmness::Hedged, weak: Some(range(reserve)), what: range(promise) })
    }

    /// « Publierait ».
    fn conditional(&self) -> Option<Said> {
        let mark = self.first(role::CONDITIONAL).filter(|m| !self.relative(m.start) && !self.free.iter().any(|right| right.end == m.start + 1))?;
        Some(Said::weak(Firmness::Conditional, mark))
    }

    /// « Une réponse sera apportée »: by whom? A date does not say who will answer.
    fn agentless(&self) -> Option<Said> {
        let settled = || self.with(role::PRECISE).next().is_some() && self.with(role::ANSWER).next().is_none();
        let named = || self.with(role::AUTHORED).next().is_some();
        let mark = self.passive().filter(|_| self.nobody.is_some() || !settled() && !named())?;
        Some(Said::weak(Firmness::Agentless, mark))
    }

    /// Somebody promises.
    fn firm(&self) -> Option<Said> {
        let promise = self.promise().filter(|_| self.who.is_some())?;
        Some(Said { firmness: Firmness::Firm, weak: None, what: range(promise) })
    }

    fn promise(&self) -> Option<Mark> {
        self.with(role::VERB).find(|m| promising(self.annotations, m))
    }

    /// A passive that names nobody.
    fn passive(&self) -> Option<Mark> {
        let means = |at: u32| self.with(role::MEANS).any(|m| m.start == at);
        let told = |m: &Mark| !self.broken(m.start..m.end) && !of_a_relative(self.dossier, self.annotations, m, self.sentence);
        let own = self.with(role::PASSIVE).filter(told);
        let mark = own.min_by_key(|m| (m.start, m.end))?;
        (by_nobody(self.dossier, mark, self.annotations, self.sentence, means) || self.nobody.is_some()).then_some(mark)
    }

    /// Where the first right that the sentence gives ends. « Chacun pourra donner son avis, dans la mesure du possible avant le
    /// 20 mai »: the reserve is of the right, unless something else is promised.
    fn right(&self) -> Option<u32> {
        let promise = self.promise();
        // « pourront être conviés », not « pourra être accompagné »
        let with_help = |i: u32| ["accompagne", "assiste", "represente", "aide", "remplace"].iter().any(|word| self.text(i).starts_with(word));
        let suffered = |end: u32| (end..end + 6).any(|i| self.text(i) == "etre" && !with_help(i + 1));
        self.free.iter().map(|right| right.end).min().filter(|end| promise.is_none_or(|promise| promise.start < *end) && !suffered(*end))
    }
}

fn range(mark: Mark) -> Range<u32> {
    mark.start..mark.end
}

/// « Un défraiement des participants pourra être étudié »: something else is what may be done.
fn of_somebody_else(dossier: &Dossier, right: &Mark, sentence: SentenceId) -> bool {
    let before = |by: u32| text_in(dossier, sentence, right.start.checked_sub(by));
    let governed = matches!(before(2), "vers" | "pour" | "avec" | "entre" | "envers" | "chez" | "de" | "a") && matches!(before(1), "les" | "la" | "le" | "l");
    // « pourra, le cas échéant, être »
    let suffered = || (right.end..right.end + 6).any(|at| text_in(dossier, sentence, Some(at)) == "etre");
    (governed || matches!(before(1), "des" | "de" | "du" | "d" | "aux")) && suffered()
}

/// The folded text of a token; empty outside of the sentence.
fn text_in(dossier: &Dossier, sentence: SentenceId, at: Option<u32>) -> &str {
    let at = at.filter(|at| dossier.sentences[sentence as usize].tokens.contains(at));
    at.map_or("", |at| dossier.folded(&dossier.tokens[at as usize]))
}

/// Sentences in a row that begin with a pronoun, at most, for it to be the contractor of the one before.
const TAKEN_UP: usize = 4;

/// « Il pourra… » after a sentence on what the contractor must do, or after others on the same « il ».
fn takes_up_contractor(dossier: &Dossier, annotations: &Annotations, sentence: SentenceId) -> bool {
    let block = dossier.sentences[sentence as usize].block;
    let pronoun = |sentence: &SentenceId| {
        let first = dossier.sentences[*sentence as usize].tokens.clone().next();
        first.is_some_and(|i| takes_up(dossier.folded(&dossier.tokens[i as usize])))
    };
    let start = dossier.blocks[block as usize].sentences.start;
    let mut taken_up = (start + 1..=sentence).rev().take(TAKEN_UP).take_while(pronoun);
    taken_up.any(|sentence| annotations.modes[sentence as usize - 1].has(Mode::Contractor))
}

/// The end of the shortest modal phrase that begins where `mark` does.
fn shortest(marks: &[Mark], mark: &Mark, roles: &Roles) -> u32 {
    marks.iter().filter(|m| m.start == mark.start && roles.has(m, role::MODAL)).map(|m| m.end).min().unwrap_or(mark.end)
}

fn free_of(mark: &Mark, free: &[Range<u32>]) -> bool {
    free.iter().any(|right| mark.start >= right.end)
}

/// A verb in the future or the present.
fn promising(annotations: &Annotations, mark: &Mark) -> bool {
    annotations.may_be(mark.start, kinds::FUTURE | kinds::PRESENT)
}

/// The first actor of the sentence, unless it is a complement (« au conseil », « du maire »).
fn author(dossier: &Dossier, marks: &[Mark], roles: &Roles, sentence: SentenceId) -> Option<Range<u32>> {
    let subject = |m: &&Mark| {
        let (before, governed) = (text_in(dossier, sentence, m.start.checked_sub(1)), text_in(dossier, sentence, m.start.checked_sub(2)));
        let of = matches!(before, "au" | "aux" | "du" | "des" | "de" | "d" | "a" | "en");
        let to = matches!(before, "la" | "l" | "le" | "les") && matches!(governed, "a" | "de" | "pour" | "avec");
        // « une mère nous a dit »
        let told =
            text_in(dossier, sentence, Some(m.start)) == "nous" && matches!(text_in(dossier, sentence, Some(m.start + 1)), "a" | "ont" | "avait" | "avaient");
        !of && !to && !told
    };
    let first = marks.iter().filter(|m| roles.has(m, role::WHO)).find(subject)?.start;
    let end = marks.iter().filter(|m| m.start == first && roles.has(m, role::WHO)).map(|m| m.end).max()?;
    // « direction des » + « mobilités »
    let mut end = end;
    while matches!(text_in(dossier, sentence, Some(end - 1)), "de" | "du" | "des" | "d" | "la" | "l") && end < dossier.sentences[sentence as usize].tokens.end {
        end += 1;
    }
    // « la commune » is told without its article
    let article = matches!(dossier.folded(&dossier.tokens[first as usize]), "le" | "la" | "l" | "les" | "notre");
    Some(first + u32::from(article && end > first + 1)..end)
}

/// No « par … » after the passive, but of `means` (« par courrier », « un par un »); « exprimés par l'assemblée » is said of something
/// else.
fn by_nobody(dossier: &Dossier, mark: Mark, annotations: &Annotations, sentence: SentenceId, means: impl Fn(u32) -> bool) -> bool {
    let Range { start, end } = dossier.sentences[sentence as usize].tokens.clone();
    // « je prends l'engagement suivant : l'avis sera… »
    let promised = (start..mark.start).any(|i| matches!(dossier.folded(&dossier.tokens[i as usize]), "je" | "j"));
    !promised
        && !(mark.start..end).any(|i| match dossier.folded(&dossier.tokens[i as usize]) {
            "par" => {
                let by_turns = i > mark.start && text_in(dossier, sentence, Some(i - 1)) == text_in(dossier, sentence, Some(i + 1));
                // « seront lus et publiés par la mairie »
                let together =
                    || (mark.end..i).all(|i| matches!(text_in(dossier, sentence, Some(i)), "et" | "," | "puis") || annotations.may_be(i, kinds::PARTICIPLE));
                !by_turns && !means(i) && (i <= mark.end || !annotations.may_be(i - 1, kinds::PARTICIPLE) || together())
            }
            "nous" => true,
            _ => false,
        })
}

/// « Les recommandations, qui seront remises… », « un cahier auquel les avis seront annexés »: said in passing.
fn of_a_relative(dossier: &Dossier, annotations: &Annotations, mark: &Mark, sentence: SentenceId) -> bool {
    let first = dossier.sentences[sentence as usize].tokens.start;
    let text = |i: u32| dossier.folded(&dossier.tokens[i as usize]);
    let Some(verb) = (mark.start..mark.end).find(|&i| annotations.may_be(i, kinds::FUTURE)) else { return false };
    // « on demande si le bilan sera diffusé »: no condition, which is never in the future
    let opens = |i: u32| matches!(text(i), "si" | "auquel" | "auxquels" | "auxquelles" | "laquelle" | "lequel" | "lesquels" | "lesquelles" | "duquel");
    // the verb of « les thèmes sur lesquels il décide seront publiés » is another one
    let noun = |i: u32| i > first && matches!(text(i - 1), "le" | "la" | "l" | "les" | "un" | "une" | "des" | "ces" | "ses" | "leurs" | "vos" | "nos");
    let conjugated = |i: u32| annotations.may_be(i, kinds::PRESENT | kinds::FUTURE) && !noun(i);
    let own = (first..verb).rev().take_while(|&i| !conjugated(i) && !matches!(text(i), ";" | ":"));
    verb > mark.start && text(verb - 1) == "qui" || own.into_iter().any(opens)
}
