//! The bodies of the process (committees, colleges, working groups…): where they are named and where it is said who sits in them.

use std::cell::OnceCell;
use std::ops::Range;

use hashbrown::HashMap;

use crate::checks::format::Mode;
use crate::checks::inflect::mood;
use crate::checks::lexicon::ClassId;
use crate::dossier::{BlockKind, Dossier, SectionId, SentenceId};
use crate::text::{FileId, TokenFlags, TokenKind};

use super::roles::Roles;
use super::{Annotations, Engine, Mark};

/// A body, under all its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Words that make its name, folded, small words left out: « comite », « suivi ».
    pub key: Vec<String>,
    /// Where it is named, in order of the text: sentence and tokens.
    pub mentions: Vec<(SentenceId, Range<u32>)>,
    /// The sentences that say who sits in it.
    pub composition: Vec<SentenceId>,
}

/// Bodies that are told apart: each name is compared with those of the others.
const MOST: usize = 500;

/// Bytes of the label of a note.
const LONGEST_LABEL: usize = 100;

/// What a class says of a body, as bits.
mod role {
    pub const HEAD: u16 = 1;
    pub const QUALIFIER: u16 = 2;
    pub const COMPOSITION: u16 = 4;
    pub const WHO: u16 = 8;
    pub const OUTSIDE: u16 = 16;
    pub const PAST: u16 = 32;
    pub const ABBREVIATION: u16 = 64;
    pub const NAMED: u16 = 128;
    pub const OTHERWISE: u16 = 256;
    pub const TAKES_UP: u16 = 512;
    pub const TITLE: u16 = 1_024;
    pub const PRESIDES: u16 = 2_048;
    pub const OWN: u16 = 4_096;
}

/// The family of the names that are one word.
const ABBREVIATIONS: &str = "corps.abrege";

/// The family of classes with each role.
pub(super) const ROLES: [(u16, &str); 13] = [
    (role::HEAD, "corps.tete"),
    (role::QUALIFIER, "corps.qualificatif"),
    (role::COMPOSITION, "corps.composition"),
    (role::WHO, "corps.qui"),
    (role::OUTSIDE, "exterieure"),
    (role::PAST, "mode.passe-verbal"),
    (role::ABBREVIATION, ABBREVIATIONS),
    (role::NAMED, "corps.tete-nommee"),
    (role::OTHERWISE, "corps.autre-sens"),
    (role::TAKES_UP, "corps.reprise"),
    (role::TITLE, "corps.intitule"),
    (role::PRESIDES, "corps.presidence"),
    (role::OWN, "corps.propre"),
];

/// What the classes of the vocabulary say of bodies.
#[derive(Debug)]
pub(super) struct Signs {
    roles: Roles,
    /// The names that are one word, each with the key of what it abbreviates.
    abbreviations: Vec<(ClassId, Vec<String>)>,
}

impl Signs {
    pub(super) fn new(engine: &Engine) -> Self {
        let words = |class: ClassId| engine.lexicon.classes.at(class.into()).rsplit('.').next().unwrap_or_default().split('-').map(str::to_owned).collect();
        Self { roles: Roles::new(engine, ROLES), abbreviations: engine.lexicon.family(ABBREVIATIONS).map(|class| (class, words(class))).collect() }
    }
}

/// Mentions of a body in one sentence near which its members are looked for, at most.
const MENTIONS: usize = 8;

/// The bodies of a dossier, in order of their first mention.
pub(super) fn find(dossier: &Dossier, annotations: &Annotations, signs: &Signs) -> Vec<Body> {
    let reader = Reader { dossier, annotations, signs, notes: OnceCell::new() };
    let mut bodies: Vec<Body> = Vec::new();
    // names first: a bare « le comité » may come before or after
    let mut bare: Vec<(SentenceId, Range<u32>, String)> = Vec::new();
    for &sentence in &annotations.naming {
        for (name, mut key) in reader.names(sentence) {
            if key.len() < 2 {
                bare.extend(key.pop().map(|head| (sentence, name, head)));
                continue;
            }
            let known = bodies.iter().position(|b| same(&b.key, &key));
            match known {
                Some(at) => bodies[at].mentions.push((sentence, name)),
                None if bodies.len() == MOST => {}
                None => bodies.push(Body { key, mentions: vec![(sentence, name)], composition: Vec::new() }),
            }
        }
    }
    reader.anaphora(&mut bodies, bare);
    for body in &mut bodies {
        body.mentions.sort_by_key(|(s, m)| (*s, m.start));
        let near = body.mentions.chunk_by(|(one, _), (next, _)| one == next).flat_map(|in_sentence| in_sentence.iter().take(MENTIONS));
        body.composition = near.flat_map(|(s, name)| reader.composition(*s, name)).collect();
        if body.composition.is_empty() && body.mentions.iter().any(|(s, _)| dossier.is_title(*s)) {
            body.composition.extend(reader.section_on_composition());
        }
        body.composition.sort_unstable();
        body.composition.dedup();
    }
    bodies.sort_by_key(|b| b.mentions[0].1.start);
    bodies
}

/// « comité de suivi » and « comité de suivi de la concertation » are one.
fn same(a: &[String], b: &[String]) -> bool {
    a.iter().zip(b).all(|(x, y)| x == y)
}

/// Whether a sentence may name a body. It depends on nothing outside of its sentence.
pub(super) fn may_name(annotations: &Annotations, Signs { roles, .. }: &Signs, sentence: SentenceId) -> bool {
    let all = annotations.marks_of(sentence).fold(0, |all, mark| all | roles.of(&mark));
    let modes = annotations.modes[sentence as usize];
    all & role::HEAD != 0 && all & role::PAST == 0 && !modes.has(Mode::Past) && !modes.has(Mode::Law)
}

struct Reader<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    signs: &'a Signs,
    /// Found when first asked for.
    notes: OnceCell<Notes<'a>>,
}

/// The sentences of the notes, by file and label.
type Notes<'a> = HashMap<(FileId, &'a str), Vec<Range<SentenceId>>>;

fn notes(dossier: &Dossier) -> Notes<'_> {
    let mut out = Notes::new();
    for note in dossier.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Footnote)) {
        let before = dossier.file(note.span.file).text[..note.span.start as usize].trim_end();
        if let Some((_, label)) = before.strip_suffix("]:").and_then(|before| before.rsplit_once("[^")) {
            out.entry((note.span.file, label)).or_default().push(note.sentences.clone());
        }
    }
    out
}

impl Reader<'_> {
    fn text(&self, at: u32) -> &str {
        self.dossier.tokens.get(at as usize).map_or("", |t| self.dossier.folded(t))
    }

    fn marks(&self, sentence: SentenceId, role: u16) -> impl Iterator<Item = Mark> {
        self.annotations.marks_of(sentence).filter(move |m| self.signs.roles.has(m, role))
    }

    /// A mark with a role that begins at a token.
    fn mark_at(&self, sentence: SentenceId, role: u16, at: u32) -> Option<Mark> {
        self.annotations.marks_at(sentence, at).find(|m| self.signs.roles.has(m, role))
    }

    /// Names of bodies in a sentence, with their key; a head alone has a key of one word.
    fn names(&self, sentence: SentenceId) -> Vec<(Range<u32>, Vec<String>)> {
        let end = self.dossier.sentences[sentence as usize].tokens.end;
        let mut out: Vec<(Range<u32>, Vec<String>)> = Vec::new();
        let outsiders: Vec<Mark> = self.marks(sentence, role::OUTSIDE).collect();
        for head in self.marks(sentence, role::HEAD) {
            // « comité régional du budget participatif »: of the process, whatever its adjective
            let own = self.mark_at(sentence, role::OWN, head.start).is_some();
            let outside = !own && outsiders.iter().any(|m| m.start <= head.start && m.end > head.start);
            if outside || out.last().is_some_and(|(name, _)| head.start < name.end) || self.annotations.negations.deny(head.start, head.start + 1) {
                continue;
            }
            let name = head.start..self.name_end(sentence, head.start, end);
            if self.is_cut_expansion(&name) {
                continue;
            }
            let key = self.key(sentence, &name);
            out.push((name, key));
        }
        out
    }

    /// « La CVX (commission de la vie des exploitations agricoles) »: what an acronym stands for, of which the name is but the beginning, is an
    /// institution, under a name that the dossier need not repeat.
    fn is_cut_expansion(&self, name: &Range<u32>) -> bool {
        let Some(mark) = name.start.checked_sub(1) else { return false };
        let acronym = mark.checked_sub(1).map(|i| &self.dossier.tokens[i as usize]);
        let expands = acronym.is_some_and(|t| t.kind == TokenKind::Word && t.end - t.start > 1 && t.flags.has(TokenFlags::ALL_CAPS));
        let goes_on = self.dossier.tokens.get(name.end as usize).is_some_and(|t| t.kind == TokenKind::Word);
        expands && matches!(self.text(mark), "(" | ",") && goes_on
    }

    /// Where the name that begins at `at` ends: complements with « de », adjectives known to belong to names, a proper noun.
    fn name_end(&self, sentence: SentenceId, at: u32, end: u32) -> u32 {
        let qualifies = |i: u32| self.annotations.marks_at(sentence, i).filter(|m| self.signs.roles.has(m, role::QUALIFIER)).map(|m| m.end).max();
        let word = |i: u32| i < end && self.dossier.tokens[i as usize].kind == TokenKind::Word;
        let capital = |i: u32| {
            word(i) && self.dossier.tokens[i as usize].flags.has(TokenFlags::CAPITAL) && !self.dossier.tokens[i as usize].flags.has(TokenFlags::ALL_CAPS)
        };
        let abbreviated = self.mark_at(sentence, role::ABBREVIATION, at).is_some();
        let mut next = at + 1;
        while next < end && next < at + 9 {
            if let Some(past) = qualifies(next) {
                next = past;
            } else if self.is_of(next) && !abbreviated {
                let article = matches!(self.text(next + 1), "la" | "l" | "les");
                let noun = next + 1 + u32::from(article);
                if !word(noun) || self.infinitive(noun) || self.is_number(noun) {
                    break;
                }
                next = noun + 1 + u32::from(word(noun + 1) && self.is_relational(noun + 1));
            } else if self.mark_at(sentence, role::NAMED, at).is_some() && (capital(next) || next == at + 1 && word(next) && self.is_own_noun(next)) {
                next += 1;
            } else {
                break;
            }
        }
        next.min(end)
    }

    /// « de », « du », « des »; not « dès ».
    fn is_of(&self, at: u32) -> bool {
        matches!(self.text(at), "de" | "d" | "des" | "du") && self.dossier.lower(&self.dossier.tokens[at as usize]) != "dès"
    }

    /// « La cellule littoral suit l'ensemble »: a noun of its own, not a verb that the vocabulary does not know (« la cellule épaule les… »).
    fn is_own_noun(&self, at: u32) -> bool {
        let determined = at >= 2 && matches!(self.text(at - 2), "la" | "une" | "cette" | "notre" | "chaque");
        let object = matches!(
            self.text(at + 1),
            "le" | "la" | "les" | "l" | "un" | "une" | "des" | "du" | "ce" | "cette" | "ces" | "son" | "sa" | "ses" | "leur" | "leurs"
        );
        let facts = &self.annotations.facts[at as usize];
        let other = super::kinds::SUBORDINATE | super::kinds::NEGATION | super::kinds::NUMBER | super::kinds::SKIPPED;
        determined && !object && facts.forms.is_empty() && facts.kinds & other == 0 && self.text(at).len() > 4 && !super::nouns::is_preposition(self.text(at))
    }

    /// « Comité de six habitants »: how many they are is no part of the name.
    fn is_number(&self, at: u32) -> bool {
        self.annotations.may_be(at, super::kinds::NUMBER) || self.dossier.tokens.get(at as usize).is_some_and(|t| t.kind == TokenKind::Number)
    }

    /// « Commission de la transition écologique »: an adjective that tells the noun before it from others, by its ending; no verb.
    fn is_relational(&self, at: u32) -> bool {
        const ENDINGS: [&str; 7] = ["ique", "iel", "ielle", "nel", "nelle", "aire", "ale"];
        let word = self.text(at).trim_end_matches('s');
        word.len() > 5 && ENDINGS.iter().any(|ending| word.ends_with(ending)) && self.annotations.facts[at as usize].forms.is_empty()
    }

    fn infinitive(&self, at: u32) -> bool {
        self.annotations.analyses(at).iter().any(|f| f.mood & mood::INF != 0)
    }

    fn key(&self, sentence: SentenceId, name: &Range<u32>) -> Vec<String> {
        if let Some(mark) = self.mark_at(sentence, role::ABBREVIATION, name.start) {
            return self.signs.abbreviations.iter().find(|(class, _)| *class == mark.class).map(|(_, key)| key.clone()).unwrap_or_default();
        }
        let small = |w: &str| matches!(w, "de" | "d" | "des" | "du" | "la" | "l" | "les" | "le");
        name.clone().map(|i| self.text(i)).filter(|w| !small(w)).map(|w| w.trim_end_matches('s').to_owned()).collect()
    }

    /// « Le comité », « ce collège »: of these heads alone, each is the last named body with that head, or the only one.
    fn anaphora(&self, bodies: &mut [Body], bare: Vec<(SentenceId, Range<u32>, String)>) {
        let named: Vec<usize> = bodies.iter().map(|body| body.mentions.len()).collect();
        for (sentence, name, head) in bare {
            let before = name.start.checked_sub(1).map_or("", |i| self.text(i));
            if !matches!(before, "le" | "la" | "ce" | "cette" | "du" | "au" | "son" | "sa" | "l")
                && name.start != self.dossier.sentences[sentence as usize].tokens.start
            {
                continue;
            }
            let candidates = bodies.iter_mut().zip(&named).filter(|(b, _)| b.key[0] == head);
            let nearest = candidates.min_by_key(|(b, named)| {
                // first its names, in order, then what takes them up, in order and before this one
                let before = b.mentions[..**named].partition_point(|(_, m)| m.start < name.start);
                let last = b.mentions[..before].last().into_iter().chain(b.mentions[**named..].last()).map(|(_, m)| m.start).max();
                last.map_or(u32::MAX, |s| name.start - s)
            });
            if let Some((body, _)) = nearest {
                body.mentions.push((sentence, name));
            }
        }
    }

    /// The sentences near a mention that say who sits in the body.
    fn composition(&self, sentence: SentenceId, name: &Range<u32>) -> Vec<SentenceId> {
        let mut out = Vec::new();
        let block = self.dossier.sentences[sentence as usize].block;
        let block_of = &self.dossier.blocks[block as usize];
        let heading = matches!(block_of.kind, BlockKind::Heading { .. });
        out.extend(self.in_note(sentence, name));
        if self.says_who(sentence, Some(name)) || self.listed_after(sentence, name) || self.in_column(sentence, name) {
            out.push(sentence);
        }
        let last = self.dossier.sentences.len() as SentenceId;
        for next in (sentence + 1)..last.min(sentence + 4) {
            let next_block = self.dossier.sentences[next as usize].block;
            let takes_up = self.dossier.blocks[next_block as usize].section == block_of.section && self.takes_up(next) && self.says_who(next, None);
            // « Comité de suivi. Deux élus et trois habitants se retrouvent chaque année »
            let labelled = next == sentence + 1
                && next_block == block
                && self.is_label(sentence, name)
                && (self.people(next, 0).count() >= 2 || self.opens_with_members(next));
            if takes_up || labelled {
                out.push(next);
            }
        }
        if heading {
            out.extend(self.section_on_members(block_of.section));
        }
        // the list or table that it introduces, or all that stands under its heading
        let section = &self.dossier.sections[block_of.section as usize];
        let introduced = self.dossier.blocks.iter().enumerate().skip(block as usize + 1).take(40).filter(|(_, b)| {
            b.lead_in.is_some_and(|l| l == sentence || self.dossier.sentences[l as usize].block == block && l > sentence)
                || heading && section.blocks.contains(&(block + 1)) && b.section == block_of.section
        });
        for (_, item) in introduced {
            let listed = matches!(item.kind, BlockKind::ListItem | BlockKind::TableRow { .. });
            out.extend(item.sentences.clone().filter(|s| {
                if listed || heading {
                    self.people(*s, 0).count() > usize::from(!listed) && (listed || self.composes(*s).is_some() || self.people(*s, 0).count() > 2)
                        || self.opens_with_members(*s)
                } else {
                    false
                }
            }));
        }
        out
    }

    /// « Douze usagers tirés au sort »: how many people, before anything else.
    fn opens_with_members(&self, sentence: SentenceId) -> bool {
        self.counts_people(sentence, self.dossier.sentences[sentence as usize].tokens.start)
    }

    /// Whether a number of people stands at token `at`: « deux agents », « trente autres élèves ».
    fn counts_people(&self, sentence: SentenceId, at: u32) -> bool {
        self.is_number(at) && self.people(sentence, at).next().is_some_and(|who| who.start <= at + 2)
    }

    /// Whether the sentence says the name and nothing else.
    fn is_label(&self, sentence: SentenceId, name: &Range<u32>) -> bool {
        let tokens = &self.dossier.sentences[sentence as usize].tokens;
        tokens.start == name.start && tokens.end <= name.end + 1
    }

    /// « Le comité technique\[^4\] »: the note that says who sits in it.
    fn in_note(&self, sentence: SentenceId, name: &Range<u32>) -> Option<SentenceId> {
        let file = self.dossier.sentences[sentence as usize].span.file;
        let after = &self.dossier.file(file).text[self.dossier.tokens[name.end as usize - 1].end as usize..];
        let label = after.strip_prefix("[^")?;
        let end = label.bytes().take(LONGEST_LABEL).position(|b| b == b']')?;
        let mut told = self.notes.get_or_init(|| notes(self.dossier)).get(&(file, &label[..end]))?.iter().flat_map(|note| note.clone());
        told.find(|s| self.people(*s, 0).count() > 1)
    }

    /// Who is named under a heading « Membres » below that of the body.
    fn section_on_members(&self, section: SectionId) -> Option<SentenceId> {
        let below = section as usize + 1..self.dossier.sections[section as usize].end as usize;
        below.into_iter().map(|id| &self.dossier.sections[id]).find_map(|section| {
            let heading = &self.dossier.blocks[section.heading? as usize];
            let titled = heading.sentences.clone().any(|s| self.marks(s, role::TITLE).next().is_some());
            let mut told = self.dossier.blocks[section.blocks.start as usize + 1..section.blocks.end as usize].iter().flat_map(|block| block.sentences.clone());
            told.find(|s| titled && self.people(*s, 0).next().is_some())
        })
    }

    /// The first sentence under the heading « Composition »: of the body that the whole dossier is about.
    fn section_on_composition(&self) -> Option<SentenceId> {
        let heading = self
            .dossier
            .blocks
            .iter()
            .position(|b| matches!(b.kind, BlockKind::Heading { .. }) && b.sentences.clone().any(|s| self.marks(s, role::TITLE).next().is_some()))?;
        self.dossier.blocks.get(heading + 1)?.sentences.clone().find(|s| self.people(*s, 0).next().is_some())
    }

    /// « Il réunit… », « Y siègent… », « Sa composition… », « Composé de… ».
    fn takes_up(&self, sentence: SentenceId) -> bool {
        self.marks(sentence, role::TAKES_UP).next().is_some()
    }

    /// Words of composition that are neither « se réunit » nor « rend compte ».
    fn composing(&self, sentence: SentenceId) -> impl Iterator<Item = u32> {
        let otherwise = move |m: &Mark| self.marks(sentence, role::OTHERWISE).any(|other| other.start < m.start && m.start < other.end);
        self.marks(sentence, role::COMPOSITION).filter(move |m| !otherwise(m)).map(|m| m.start)
    }

    /// The first of them.
    fn composes(&self, sentence: SentenceId) -> Option<u32> {
        self.composing(sentence).next()
    }

    /// Those who may sit, from token `from` on.
    fn people(&self, sentence: SentenceId, from: u32) -> impl Iterator<Item = Mark> {
        let mut covered = 0;
        self.marks(sentence, role::WHO).filter(move |m| m.start >= from).filter(move |m| {
            let apart = m.start >= covered;
            covered = covered.max(m.end);
            apart
        })
    }

    fn says_who(&self, sentence: SentenceId, name: Option<&Range<u32>>) -> bool {
        let modes = self.annotations.modes[sentence as usize];
        if modes.has(Mode::Deferred) || modes.has(Mode::Heading) {
            return false;
        }
        let Some(verb) = self.composes(sentence) else { return false };
        let apart = |m: &Mark| name.is_none_or(|n| m.start >= n.end || m.end <= n.start);
        let denied = self.annotations.negations.deny(verb, verb + 1);
        // « Présidé par la maire »: who presides does not sit alone
        let presides = |at: u32| self.mark_at(sentence, role::PRESIDES, at).is_some();
        let least = if self.composing(sentence).all(presides) { 2 } else { 1 };
        let near = self.people(sentence, 0).filter(apart).filter(|m| m.start.abs_diff(verb) <= 25).take(least).count() == least;
        near && !denied
    }

    /// « | Comité technique | les directeurs des mobilités et de la voirie | », in a table with a column « Membres ».
    fn in_column(&self, sentence: SentenceId, name: &Range<u32>) -> bool {
        let block = &self.dossier.blocks[self.dossier.sentences[sentence as usize].block as usize];
        let Some(header) = block.header.map(|header| &self.dossier.blocks[header as usize]) else { return false };
        let titled = |cell: &Range<u32>| header.sentences.clone().any(|s| self.marks(s, role::TITLE).any(|m| cell.contains(&m.start)));
        let held = |cell: &Range<u32>| cell.start >= name.end && self.people(sentence, cell.start).any(|m| cell.contains(&m.start));
        header.cells.iter().zip(&block.cells).any(|(above, cell)| titled(above) && held(cell))
    }

    /// « Comité de pilotage : le maire, deux adjoints »; « comité de suivi (élus, associations) »; the cells of a row.
    fn listed_after(&self, sentence: SentenceId, name: &Range<u32>) -> bool {
        let end = self.dossier.sentences[sentence as usize].tokens.end;
        let mut at = name.end;
        if self.text(at) == "(" && matches!(self.text(at + 2), ")") {
            at += 3;
        }
        let opened = (at..end.min(at + 3)).any(|i| matches!(self.text(i), ":" | "(" | "|" | "–" | "—" | "," | "="));
        let after = self.people(sentence, at).count();
        let named = self.text(at) == "," && after < 3;
        // « Comité des témoins : cinq habitants », « la cellule, deux agents de la ville, répond », « un comité de six habitants »
        let several = self.text(at) == "," && !matches!(self.text(at + 1), "un" | "une");
        let counted = at < end && (several || matches!(self.text(at), ":" | "–" | "—") || self.is_of(at)) && self.counts_people(sentence, at + 1);
        opened && !named && after >= 2 || counted || self.is_office_of_several(sentence, at, end) || self.told_after_colon(sentence, name, end)
    }

    /// « Comité technique : chefs de service de la voirie et des espaces verts », from the mark at token `at` on: one office, in the plural.
    fn is_office_of_several(&self, sentence: SentenceId, at: u32, end: u32) -> bool {
        let Some(who) = self.people(sentence, at).next().filter(|who| who.start > at && who.start <= at + 2) else { return false };
        let lists = |i: u32| matches!(self.text(i), "," | "et");
        matches!(self.text(at), ":" | "(" | "–" | "—")
            && self.text(who.start).ends_with('s')
            && who.end < end
            && self.is_of(who.end)
            && (who.end..end).take_while(|i| !matches!(self.text(*i), ")" | ":" | ";")).any(lists)
    }

    /// « Un collège de garants veille à la procédure : Mme Petit et M. Leroy »: people after the colon, nobody and no number before it.
    fn told_after_colon(&self, sentence: SentenceId, name: &Range<u32>, end: u32) -> bool {
        if name.start > self.dossier.sentences[sentence as usize].tokens.start + 2 {
            return false;
        }
        let Some(colon) = (name.end..end).find(|&i| self.text(i) == ":") else { return false };
        // « un groupe de sept personnes se réunit chaque mois : Mme Petit… »
        let after = if self.is_of(name.end) && self.is_number(name.end + 1) { name.end + 2 } else { name.end };
        let others = (after..colon).any(|i| self.is_number(i)) || self.people(sentence, after).next().is_some_and(|who| who.start < colon);
        let mut people = self.people(sentence, colon);
        !others && people.next().is_some_and(|who| who.start <= colon + 2) && people.next().is_some()
    }
}
