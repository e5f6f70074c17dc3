//! What the public authority says it will do: who, what, when, where, and how firmly.

use std::ops::Range;

use crate::checks::format::Mode;
use crate::dossier::{Dossier, SentenceId};

use super::roles::Roles;
use super::{Annotations, Engine, Mark, kinds};

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
}

/// The families of classes with each role.
pub(super) const ROLES: &[(u16, &[&str])] = &[
    (role::VERB, &["engagement.verbe"]),
    (role::MODAL, &["engagement.modal"]),
    (role::CONDITIONAL, &["engagement.conditionnel"]),
    (role::PASSIVE, &["engagement.passif"]),
    (role::RESERVE, &["attenuation.adverbiale"]),
    (role::NOBODY, &["engagement.auteur-vague"]),
    (role::PRECISE, &["engagement.precis"]),
    (role::FREE, &["engagement.liberte"]),
    (role::FAVOUR, &["engagement.faveur"]),
    (role::MEANS, &["engagement.moyen"]),
    (role::ANSWER, &["engagement.passif.reponse"]),
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
    let marks: &[Mark] = &annotations.marks_of(sentence).collect::<Vec<_>>();
    let first = |role: u16| marks.iter().filter(|m| roles.has(m, role)).min_by_key(|m| (m.start, m.end)).copied();
    let range = |mark: Mark| mark.start..mark.end;
    let nobody = first(role::NOBODY).map(range);
    let who = author(dossier, marks, roles, sentence).filter(|who| nobody.as_ref().is_none_or(|n| who.end <= n.start || who.start >= n.end));
    let mut out = Commitment {
        sentence,
        what: 0..0,
        weak: None,
        who,
        nobody,
        when: first(role::WHEN).map(range),
        some_day: first(role::SOME_DAY).map(range),
        firmness: Firmness::Firm,
    };
    let free = marks.iter().filter(|m| roles.has(m, role::FREE) && !of_somebody_else(dossier, m, sentence)).map(|m| m.end).collect::<Vec<_>>();
    // « chacun pourra »: a right, unless a reserve takes it back
    let modal = marks
        .iter()
        .filter(|m| roles.has(m, role::MODAL | role::FAVOUR))
        .find(|m| (roles.has(m, role::FAVOUR) || !free.iter().any(|end| (m.start..m.end).contains(&(end - 1)))) && !relative(dossier, m.start, sentence));
    let means = |at: u32| marks.iter().any(|m| m.start == at && roles.has(m, role::MEANS));
    let passive = marks.iter().filter(|m| roles.has(m, role::PASSIVE) && !of_a_relative(dossier, annotations, m)).min_by_key(|m| (m.start, m.end)).copied();
    let passive = passive.filter(|m| by_nobody(dossier, *m, annotations, sentence, means) || out.nobody.is_some());
    // a date does not say who will answer
    let settled = marks.iter().any(|m| roles.has(m, role::PRECISE)) && !marks.iter().any(|m| roles.has(m, role::ANSWER));
    let promise = marks.iter().filter(|m| roles.has(m, role::VERB)).find(|m| promising(annotations, m));
    // « chacun pourra donner son avis, dans la mesure du possible avant le 20 mai »: of the right, unless something else is promised
    // « pourront être conviés », not « pourra être accompagné »
    let with_help =
        |i: u32| ["accompagne", "assiste", "represente", "aide", "remplace"].iter().any(|word| text_in(dossier, sentence, Some(i)).starts_with(word));
    let suffered = |end: u32| (end..end + 6).any(|i| text_in(dossier, sentence, Some(i)) == "etre" && !with_help(i + 1));
    let right = free.iter().min().copied().filter(|end| promise.is_none_or(|promise| promise.start < *end) && !suffered(*end));
    let reserve = first(role::RESERVE).filter(|reserve| right.is_none_or(|end| reserve.start < end));
    let announced = dossier.sentences[sentence as usize].tokens.clone().any(|i| annotations.may_be(i, kinds::FUTURE));
    if let Some(mark) = modal {
        out.firmness = Firmness::Hedged;
        out.weak = Some(mark.start..shortest(marks, mark, roles));
        out.what = range(*mark);
    } else if let (Some(reserve), Some(promise)) =
        (reserve, promise.or(first(role::VERB).filter(|m| free_of(m, &free) || passive.is_some() || announced).as_ref()))
    {
        out.firmness = Firmness::Hedged;
        out.weak = Some(range(reserve));
        out.what = range(*promise);
    } else if let Some(mark) = first(role::CONDITIONAL).filter(|m| !relative(dossier, m.start, sentence)) {
        out.firmness = Firmness::Conditional;
        out.weak = Some(range(mark));
        out.what = range(mark);
    } else if let Some(mark) = passive.filter(|_| !settled || out.nobody.is_some()) {
        out.firmness = Firmness::Agentless;
        out.weak = Some(range(mark));
        out.what = range(mark);
    } else if let (Some(promise), Some(_)) = (promise, &out.who) {
        out.what = range(*promise);
    } else {
        return None;
    }
    // « n'exclut pas de »: the negation is the reserve itself
    let reserved = out.weak.clone().is_some_and(|mut weak| weak.any(|i| dossier.folded(&dossier.tokens[i as usize]) == "pas"));
    (reserved || !annotations.negations.deny(out.what.start, out.what.end)).then_some(out)
}

/// « Un défraiement des participants pourra être étudié »: something else is what may be done.
fn of_somebody_else(dossier: &Dossier, right: &Mark, sentence: SentenceId) -> bool {
    let before = |by: u32| text_in(dossier, sentence, right.start.checked_sub(by));
    let governed = matches!(before(2), "vers" | "pour" | "avec" | "entre" | "envers" | "chez" | "de" | "a") && matches!(before(1), "les" | "la" | "le" | "l");
    (governed || matches!(before(1), "des" | "de" | "du" | "d" | "aux")) && text_in(dossier, sentence, Some(right.end)) == "etre"
}

/// The folded text of a token; empty outside of the sentence.
fn text_in(dossier: &Dossier, sentence: SentenceId, at: Option<u32>) -> &str {
    let at = at.filter(|at| dossier.sentences[sentence as usize].tokens.contains(at));
    at.map_or("", |at| dossier.folded(&dossier.tokens[at as usize]))
}

/// « Il pourra… » after a sentence on what the contractor must do.
fn takes_up_contractor(dossier: &Dossier, annotations: &Annotations, sentence: SentenceId) -> bool {
    let own = &dossier.sentences[sentence as usize];
    let pronoun = own.tokens.clone().next().is_some_and(|i| matches!(dossier.folded(&dossier.tokens[i as usize]), "il" | "elle" | "ils" | "elles"));
    pronoun
        && sentence
            .checked_sub(1)
            .is_some_and(|before| dossier.sentences[before as usize].block == own.block && annotations.modes[before as usize].has(Mode::Contractor))
}

/// The end of the shortest modal phrase that begins where `mark` does.
fn shortest(marks: &[Mark], mark: &Mark, roles: &Roles) -> u32 {
    marks.iter().filter(|m| m.start == mark.start && roles.has(m, role::MODAL)).map(|m| m.end).min().unwrap_or(mark.end)
}

fn free_of(mark: &Mark, free: &[u32]) -> bool {
    free.iter().any(|end| mark.start >= *end)
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
                !by_turns && !means(i) && (i <= mark.end || !annotations.may_be(i - 1, kinds::PARTICIPLE))
            }
            "nous" => true,
            _ => false,
        })
}

/// « Les recommandations, qui seront remises… »: said in passing.
fn of_a_relative(dossier: &Dossier, annotations: &Annotations, mark: &Mark) -> bool {
    (mark.start + 1..mark.end).any(|i| annotations.may_be(i, kinds::FUTURE) && dossier.folded(&dossier.tokens[i as usize - 1]) == "qui")
}

/// In a clause opened by « que », « qui », « dont », « où », « si »: not the sentence's own promise.
fn relative(dossier: &Dossier, at: u32, sentence: SentenceId) -> bool {
    let from = dossier.sentences[sentence as usize].tokens.start;
    let text = |i: u32| dossier.folded(&dossier.tokens[i as usize]);
    let clause = (from..at).rev().find(|&i| matches!(text(i), ";" | ":" | ".")).map_or(from, |i| i + 1);
    // « ceux qui viendront pourront… »: the verb of « qui » is another one
    (clause..at).any(|i| {
        text(i) == "qui" && at - i <= 4
            || matches!(
                text(i),
                "que"
                    | "qu"
                    | "dont"
                    | "ou"
                    | "lesquelles"
                    | "lesquels"
                    | "quel"
                    | "quelle"
                    | "quels"
                    | "quelles"
                    | "comment"
                    | "lequel"
                    | "laquelle"
                    | "auquel"
            )
    })
}
