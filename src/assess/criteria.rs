//! From hits to verdicts: topic, pieces, proofs, vague wordings, denials.

use crate::annotate::{Annotations, ModeSet};
use crate::checks::catalogue::Compiled;
use crate::checks::engine::AnyOf;
use crate::checks::format::{Criterion, Mode, Proof, Vague, Within};
use crate::diagnostics::{Reason, Verdict};
use crate::dossier::{Block, BlockKind, Dossier, SentenceId};
use crate::lang::{Lang, Text};
use crate::messages::{self, Message};
use crate::text::Span;

use super::hits::{Hit, Hits};
use super::refusals::Refusals;
use super::subjects::Subjects;

/// What an assessment of one criterion found.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is unclear.
    pub reasons: Vec<Reason>,
    /// The sentences that show it best, in order of the text: those that decided, and the one that says most beside them.
    pub evidence: Vec<Span>,
    /// The very words at the centre of the first piece of evidence.
    pub focus: Option<Span>,
}

impl Outcome {
    /// A verdict that nothing in the text shows.
    #[must_use]
    pub fn bare(verdict: Verdict) -> Self {
        Self { verdict, reasons: Vec::new(), evidence: Vec::new(), focus: None }
    }
}

/// How much a sentence counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Nothing,
    Weak,
    Full,
}

/// The modes in which a vague wording counts.
const VAGUE: [Mode; 2] = [Mode::Hedge, Mode::Deferred];

/// Sentences shown of those that prove a verdict.
const PROOFS: usize = 2;

/// What a verdict is made from.
pub struct Assessor<'a> {
    /// The dossier.
    pub dossier: &'a Dossier,
    /// What its French says.
    pub annotations: &'a Annotations,
    /// Where the patterns are.
    pub hits: &'a Hits,
    /// For each sentence, whether a placeholder stands in it: never evidence.
    pub blanks: &'a [Blank],
    /// What speaks of the project, not of its participation.
    pub subjects: &'a Subjects,
    /// What sets something aside, and why.
    pub refusals: &'a Refusals<'a>,
    /// The sentences that refuse what is assessed and say nothing else, in order of the text: they prove nothing of it.
    pub refused: Vec<SentenceId>,
    /// Language of the reasons.
    pub lang: Lang,
}

/// What a placeholder leaves of its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// There is none.
    No,
    /// A sentence with blanks in square brackets: it says what it will be about, no more.
    ToFill,
    /// Nothing.
    Empty,
}

/// A reason that any criterion may give: its id, and what is said.
type Common = (&'static str, Message);

const TO_FILL: Common = ("blanc-a-remplir", messages::TO_FILL);
const SET_ASIDE_BARELY: Common = ("ecarte-sans-motif", messages::SET_ASIDE_BARELY);
const PUT_OFF: Common = ("renvoye-a-plus-tard", messages::PUT_OFF);
const HEDGED: Common = ("formule-attenuee", messages::HEDGED);

/// The reasons that any criterion may give.
pub const COMMON_REASONS: [Common; 4] = [TO_FILL, SET_ASIDE_BARELY, PUT_OFF, HEDGED];

fn common((id, label): Common, lang: Lang) -> Reason {
    Reason { id: id.to_owned(), label: label.get(lang).to_owned() }
}

/// The reason given where blanks are left in the sentence.
pub(super) fn to_fill(lang: Lang) -> Reason {
    common(TO_FILL, lang)
}

impl Assessor<'_> {
    /// The verdict on one criterion.
    #[must_use]
    pub fn assess(&self, criterion: &Criterion, compiled: &Compiled) -> Outcome {
        let only_refuse = self.hits.all(compiled.denial).iter().filter(|hit| self.refusals.only_refuses(hit));
        let refused = only_refuse.map(|hit| hit.sentence).collect();
        Self { refused, ..*self }.assess_rest(criterion, compiled)
    }

    /// The verdict on one criterion, of which it is known what only refuses it.
    fn assess_rest(&self, criterion: &Criterion, compiled: &Compiled) -> Outcome {
        let accept = ModeSet::of(&criterion.accept);
        let proven = self.proofs(criterion, compiled);
        let pieced = self.pieces(criterion, compiled, accept);
        let candidates = [proven, pieced].into_iter().flatten();
        let best = candidates.max_by_key(|o| (o.verdict == Verdict::Satisfied, o.reasons.is_empty(), std::cmp::Reverse(o.reasons.len())));
        let best = match best {
            // « Garant : sans objet » is no proof, whatever stands beside it
            Some(outcome) if outcome.verdict == Verdict::Satisfied && !self.sets_aside(compiled, &outcome) => {
                return self.vague(criterion, compiled, |vague| vague.overrides).unwrap_or_else(|| self.shown(criterion, compiled, outcome));
            }
            best => best,
        };
        if let Some(denied) = self.denied(criterion, compiled) {
            return denied;
        }
        // a piece that lacks says more than a vague wording; a vague wording more than a softened one
        let unclear = best.filter(|o| o.verdict == Verdict::Unclear).or_else(|| self.vague(criterion, compiled, |_| true));
        let unclear = unclear.or_else(|| self.denied_in_blank(compiled));
        unclear.map_or_else(|| Outcome::bare(Verdict::Missing), |outcome| self.shown_vague(criterion, compiled, outcome))
    }

    /// The satisfied `outcome` with the sentences that show it best: two at most that prove it by themselves or as it was proven, and the one
    /// that says most of it beside them.
    fn shown(&self, criterion: &Criterion, compiled: &Compiled, outcome: Outcome) -> Outcome {
        let single = |proof: &Proof| proof.count.is_none_or(|count| count < 2);
        let proofs = criterion.satisfied_by.iter().zip(&compiled.proofs).map(|(proof, lists)| (*lists, proof.accept.as_slice(), single(proof)));
        let topic = ((compiled.topic, compiled.topic_not), [].as_slice(), false);
        let mut told = self.told(criterion, proofs.chain([topic]), Weight::Full);
        told.iter_mut().for_each(|said| said.proves |= outcome.evidence.contains(&self.span(said.sentence)));
        let (mut proofs, mut rest): (Vec<Told>, Vec<Told>) = told.into_iter().partition(|said| said.proves);
        rest.extend(proofs.drain(proofs.len().min(PROOFS)..));
        let most = rest.into_iter().min_by_key(Told::order);
        let mut sentences: Vec<SentenceId> = proofs.into_iter().chain(most).map(|said| said.sentence).collect();
        sentences.sort_unstable();
        Outcome { evidence: sentences.iter().map(|&s| self.span(s)).collect(), ..outcome }
    }

    /// The unclear `outcome` with one more sentence, where there is one: the one that says most of the criterion, though vaguely.
    fn shown_vague(&self, criterion: &Criterion, compiled: &Compiled, mut outcome: Outcome) -> Outcome {
        let wordings = compiled.vagues.iter().map(|lists| (*lists, VAGUE.as_slice(), false));
        let topic = ((compiled.topic, compiled.topic_not), [].as_slice(), false);
        let told = self.told(criterion, wordings.chain([topic]), Weight::Weak);
        let most = told.iter().map(|said| self.span(said.sentence)).find(|span| !outcome.evidence.contains(span));
        outcome.evidence.extend(most);
        outcome.evidence.sort_unstable_by_key(|span| (span.file, span.start));
        outcome
    }

    /// The sentences in which wordings of some lists count for `least` or more: the one with most of them first, in order of the text where
    /// they are as many. Of each list: its patterns and exclusions, the modes it accepts, whether one of its wordings proves the criterion.
    fn told<'c>(&self, criterion: &Criterion, lists: impl Iterator<Item = ((AnyOf, AnyOf), &'c [Mode], bool)>, least: Weight) -> Vec<Told> {
        let mut wordings: Vec<(SentenceId, bool)> = Vec::new();
        for ((any, not), accept, proves) in lists {
            let accept = ModeSet::of(accept.iter().chain(&criterion.accept));
            let counted = self.hits.spared(any, not, self.dossier).filter(|hit| self.weigh(hit, accept) >= least);
            wordings.extend(counted.map(|hit| (hit.sentence, proves)));
        }
        wordings.sort_unstable();
        let by_sentence = wordings.chunk_by(|a, b| a.0 == b.0);
        let mut told: Vec<Told> =
            by_sentence.map(|here| Told { sentence: here[0].0, wordings: here.len(), proves: here.iter().any(|(_, proves)| *proves) }).collect();
        told.sort_unstable_by_key(Told::order);
        told
    }

    fn span(&self, sentence: SentenceId) -> Span {
        self.dossier.sentences[sentence as usize].span
    }

    fn weigh(&self, hit: &Hit, accept: ModeSet) -> Weight {
        let modes = self.annotations.modes[hit.sentence as usize].minus(accept);
        if !accept.has(Mode::Negation) && (hit.denied() || self.refused.binary_search(&hit.sentence).is_ok()) {
            return Weight::Nothing;
        }
        match self.blanks[hit.sentence as usize] {
            Blank::No => {}
            Blank::ToFill => return Weight::Weak,
            Blank::Empty => return Weight::Nothing,
        }
        let nothing = ModeSet::of(&[Mode::Past, Mode::Law, Mode::Contractor, Mode::Question, Mode::Heading]);
        let elsewhere = || !accept.has(Mode::Project) && self.subjects.of_project(hit.sentence);
        if modes.meets(nothing) || elsewhere() {
            Weight::Nothing
        } else if modes.has(Mode::Hedge) || modes.has(Mode::Deferred) {
            Weight::Weak
        } else {
            Weight::Full
        }
    }

    fn weighed(&self, hits: Vec<Hit>, accept: ModeSet) -> Vec<(Hit, Weight)> {
        hits.into_iter().map(|h| (h, self.weigh(&h, accept))).filter(|(_, w)| *w > Weight::Nothing).collect()
    }

    fn proofs(&self, criterion: &Criterion, compiled: &Compiled) -> Option<Outcome> {
        let mut weak = None;
        for (proof, (any, not)) in criterion.satisfied_by.iter().zip(&compiled.proofs) {
            let accept = ModeSet::of(proof.accept.iter().chain(&criterion.accept));
            let hits = self.weighed(self.hits.without(*any, *not, self.dossier), accept);
            let count = proof.count.unwrap_or(1) as usize;
            if hits.len() < count {
                continue;
            }
            let full: Vec<Hit> = hits.iter().filter(|(_, w)| *w == Weight::Full).map(|(h, _)| *h).collect();
            if full.len() >= count {
                return Some(self.outcome(Verdict::Satisfied, &full[..full.len().min(count.max(3))]));
            }
            if weak.is_none() {
                let hits: Vec<Hit> = hits.iter().map(|(h, _)| *h).take(3).collect();
                let mut outcome = self.outcome(Verdict::Unclear, &hits);
                outcome.reasons = vec![self.softened(hits[0].sentence, accept)];
                weak = Some(outcome);
            }
        }
        weak
    }

    fn pieces(&self, criterion: &Criterion, compiled: &Compiled, accept: ModeSet) -> Option<Outcome> {
        let topics = self.weighed(self.hits.without(compiled.topic, compiled.topic_not, self.dossier), accept);
        if topics.is_empty() {
            return None;
        }
        let pieces: Vec<(&str, PieceHits)> = compiled
            .pieces
            .iter()
            .map(|(name, (any, not))| {
                let own = &criterion.piece[name].accept;
                let accept = ModeSet::of(own.iter().chain(&criterion.accept));
                (name.as_str(), PieceHits::new(self.weighed(self.hits.without(*any, *not, self.dossier), accept), self.dossier))
            })
            .collect();
        let mut best: Option<Pieced> = None;
        for topic in &topics {
            for set in &criterion.satisfied {
                let pieced = self.pieced(criterion, *topic, set, &pieces);
                let better = best.as_ref().is_none_or(|best| (pieced.absent.len(), pieced.soft.is_some()) < (best.absent.len(), best.soft.is_some()));
                if pieced.absent.is_empty() && pieced.soft.is_none() {
                    return Some(self.pieced_outcome(criterion, &pieced, accept));
                }
                if better {
                    best = Some(pieced);
                }
            }
        }
        best.filter(|_| !criterion.topic.silent).map(|best| self.pieced_outcome(criterion, &best, accept))
    }

    /// The pieces of `set` near a topic.
    fn pieced<'c>(&self, criterion: &'c Criterion, (topic, weight): (Hit, Weight), set: &'c [String], pieces: &[(&str, PieceHits)]) -> Pieced<'c> {
        let mut out = Pieced { used: vec![topic], absent: Vec::new(), soft: (weight == Weight::Weak).then_some(topic.sentence) };
        for name in set {
            let piece = &criterion.piece[name];
            let Some((_, hits)) = pieces.iter().find(|(piece, _)| piece == name) else { continue };
            let needed = piece.count.unwrap_or(1) as usize;
            let near = self.near(topic.sentence, hits, piece.within);
            if near.count() < needed {
                out.absent.push(name);
                continue;
            }
            if hits.full_among(&near) < needed {
                out.soft = near.first().map(|at| hits.all[at].0.sentence);
            }
            // the nearest to the topic are shown
            let mut shown = hits.nearest(topic.sentence, &near, needed);
            shown.sort_by_key(|&at| (std::cmp::Reverse(hits.all[at].1), hits.all[at].0.sentence.abs_diff(topic.sentence), at));
            out.used.extend(shown.iter().take(needed).map(|&at| hits.all[at].0));
        }
        out
    }

    fn pieced_outcome(&self, criterion: &Criterion, pieced: &Pieced<'_>, accept: ModeSet) -> Outcome {
        let lacks = |name: &&String| {
            let piece = &criterion.piece[*name];
            self.reason(&piece.reason, &piece.lacks)
        };
        let mut reasons: Vec<Reason> = pieced.absent.iter().map(lacks).collect();
        if let (true, Some(sentence)) = (reasons.is_empty(), pieced.soft) {
            reasons.push(self.softened(sentence, accept));
        }
        let verdict = if reasons.is_empty() { Verdict::Satisfied } else { Verdict::Unclear };
        let mut outcome = self.outcome(verdict, &pieced.used);
        outcome.focus = Some(self.words(&pieced.used[0]));
        outcome.reasons = reasons;
        outcome
    }

    /// The hits of a piece that are near enough to a topic.
    fn near(&self, topic: SentenceId, hits: &PieceHits, within: Within) -> Near {
        let dossier = self.dossier;
        let id = dossier.sentences[topic as usize].block;
        let block = &dossier.blocks[id as usize];
        let section = &dossier.sections[block.section as usize];
        let heading = matches!(block.kind, BlockKind::Heading { .. });
        let blocks =
            |range: std::ops::Range<u32>| match (dossier.blocks.get(range.start as usize), range.end.checked_sub(1).map(|last| &dossier.blocks[last as usize]))
            {
                (Some(first), Some(last)) if !range.is_empty() => hits.between(first.sentences.start, last.sentences.end),
                _ => 0..0,
            };
        match within {
            Within::Sentence => Near { range: hits.between(topic, topic + 1), apart: Vec::new() },
            Within::Dossier => Near { range: 0..hits.all.len(), apart: Vec::new() },
            Within::Section if heading => {
                let last = &dossier.sections[section.end.max(block.section + 1) as usize - 1];
                Near { range: blocks(section.blocks.start..last.blocks.end), apart: Vec::new() }
            }
            Within::Section => Near { range: blocks(section.blocks.clone()), apart: Vec::new() },
            Within::Block => {
                let around = id.saturating_sub(1).max(section.blocks.start)..(id + 2).min(section.blocks.end);
                let range = blocks(if heading { section.blocks.clone() } else { around });
                let apart = hits.introduced_by(topic).filter(|at| !range.contains(at)).collect();
                Near { range, apart }
            }
            Within::Next => {
                let window = hits.between(topic.saturating_sub(1), topic + 7);
                let mut apart: Vec<usize> = window.filter(|&at| self.next_to(topic, hits.all[at].0.sentence)).chain(hits.introduced_by(topic)).collect();
                apart.sort_unstable();
                apart.dedup();
                Near { range: 0..0, apart }
            }
        }
    }

    /// The first vague wording of the criterion that is found, of those that `counts`.
    fn vague(&self, criterion: &Criterion, compiled: &Compiled, counts: impl Fn(&Vague) -> bool) -> Option<Outcome> {
        let accept = ModeSet::of(criterion.accept.iter().chain(&VAGUE));
        let mut wordings = criterion.unclear_by.iter().zip(&compiled.vagues).filter(|(vague, _)| counts(vague));
        wordings.find_map(|(vague, (any, not))| {
            let hits = self.weighed(self.hits.without(*any, *not, self.dossier), accept);
            let hits: Vec<Hit> = hits.into_iter().map(|(h, _)| h).take(2).collect();
            (!hits.is_empty()).then(|| {
                let mut outcome = self.outcome(Verdict::Unclear, &hits);
                outcome.reasons = vec![self.reason(&vague.reason, &vague.says)];
                outcome
            })
        })
    }

    /// The criterion set aside: with a reason it is exempted, « sans objet » alone is unclear, a bare denial a gap.
    fn denied(&self, criterion: &Criterion, compiled: &Compiled) -> Option<Outcome> {
        let asides: Vec<Hit> = self.asides(compiled).filter(|hit| !self.is_to_fill(hit.sentence)).collect();
        let reasoned = |hit: &&Hit| self.refusals.is_reasoned(hit, |next| !self.is_to_fill(next));
        if let Some(aside) = asides.iter().find(reasoned) {
            return Some(self.outcome(criterion.denied.unwrap_or(Verdict::NotApplicable), &[*aside]));
        }
        let aside = *asides.first()?;
        if self.refusals.sets_aside(aside.sentence) {
            let mut outcome = self.outcome(Verdict::Unclear, &[aside]);
            outcome.reasons = vec![common(SET_ASIDE_BARELY, self.lang)];
            return Some(outcome);
        }
        let mut outcome = Outcome::bare(Verdict::Missing);
        outcome.focus = Some(self.words(&aside));
        Some(outcome)
    }

    /// « Aucun garant n'est nommé parce que [motif] »: the criterion is set aside for a reason that is still to be written.
    fn denied_in_blank(&self, compiled: &Compiled) -> Option<Outcome> {
        let aside = self.asides(compiled).next()?;
        Some(Outcome { reasons: vec![to_fill(self.lang)], ..self.outcome(Verdict::Unclear, &[aside]) })
    }

    /// The wordings that set the criterion aside: of each sentence, the first that does.
    fn asides(&self, compiled: &Compiled) -> impl Iterator<Item = Hit> {
        self.hits.all(compiled.denial).chunk_by(|a, b| a.sentence == b.sentence).filter_map(|here| {
            let modes = |sentence: SentenceId| self.annotations.modes[sentence as usize];
            let aside = |sentence: SentenceId| !modes(sentence).has(Mode::Past) && !modes(sentence).has(Mode::Question);
            let sentence = here[0].sentence;
            let hit = here.iter().find(|hit| self.refusals.refuses(hit) || self.refusals.sets_aside(sentence));
            if let Some(hit) = hit.filter(|_| aside(sentence)) {
                return Some(*hit);
            }
            // « ### Y a-t-il un garant ? », then « Non prévu : … »
            let answer = self.under_heading(sentence).filter(|answer| self.refusals.sets_aside(*answer) && aside(*answer));
            answer.map(|answer| here[0].at_the_start_of(answer))
        })
    }

    /// Whether one of the sentences that prove a verdict sets the criterion aside, and nothing else: it says no more, or begins with it.
    fn sets_aside(&self, compiled: &Compiled, outcome: &Outcome) -> bool {
        let only = |hit: &Hit| self.refusals.is_bare(hit.sentence) || hit.opens_its_sentence();
        let mut asides = self.asides(compiled).filter(|hit| self.refusals.sets_aside(hit.sentence) && only(hit));
        asides.any(|hit| outcome.evidence.contains(&self.span(hit.sentence)))
    }

    /// The sentence right under a heading.
    fn under_heading(&self, sentence: SentenceId) -> Option<SentenceId> {
        let block = |sentence: SentenceId| Some(&self.dossier.blocks[self.dossier.sentences.get(sentence as usize)?.block as usize]);
        let (heading, next) = (block(sentence)?, block(sentence + 1)?);
        let is_heading = |block: &Block| matches!(block.kind, BlockKind::Heading { .. });
        (is_heading(heading) && !is_heading(next) && next.section == heading.section).then_some(sentence + 1)
    }

    /// Whether the sentence has words of its own, and blanks to fill in.
    fn is_to_fill(&self, sentence: SentenceId) -> bool {
        self.blanks[sentence as usize] == Blank::ToFill
    }

    fn reason(&self, id: &str, text: &Text) -> Reason {
        Reason { id: id.to_owned(), label: text.get(self.lang).to_owned() }
    }

    fn softened(&self, sentence: SentenceId, accept: ModeSet) -> Reason {
        let modes = self.annotations.modes[sentence as usize].minus(accept);
        if self.blanks[sentence as usize] != Blank::No {
            to_fill(self.lang)
        } else if modes.has(Mode::Deferred) {
            common(PUT_OFF, self.lang)
        } else {
            common(HEDGED, self.lang)
        }
    }

    /// The bytes of the words that matched.
    fn words(&self, hit: &Hit) -> Span {
        self.dossier.words(hit.sentence, &hit.tokens(self.dossier))
    }

    fn outcome(&self, verdict: Verdict, hits: &[Hit]) -> Outcome {
        let mut sentences: Vec<SentenceId> = hits.iter().map(|h| h.sentence).collect();
        sentences.sort_unstable();
        sentences.dedup();
        let evidence = sentences.iter().map(|&s| self.span(s)).collect();
        Outcome { verdict, reasons: Vec::new(), evidence, focus: hits.first().map(|h| self.words(h)) }
    }

    /// Whether `piece` is `topic` or follows it closely; see [`PieceHits::introduced_by`] for what it introduces.
    fn next_to(&self, topic: SentenceId, piece: SentenceId) -> bool {
        if topic == piece {
            return true;
        }
        let dossier = self.dossier;
        let block = |s: SentenceId| &dossier.blocks[dossier.sentences[s as usize].block as usize];
        let (t, p) = (block(topic), block(piece));
        let heading = matches!(t.kind, BlockKind::Heading { .. }) && p.section == t.section;
        let row = |b: &BlockKind| matches!(b, BlockKind::TableRow { .. });
        if row(&t.kind) || row(&p.kind) {
            // « | | Comité de pilotage | »: all rows tell of what the header names, where it names one or two things
            let named = t.cells.iter().filter(|cell| !cell.is_empty()).count() <= 2;
            return heading && piece.saturating_sub(topic) <= 4 || named && p.header == Some(dossier.sentences[topic as usize].block);
        }
        let after = piece > topic && piece - topic <= 3 && p.section == t.section;
        let before = piece < topic && topic - piece <= 1 && dossier.sentences[topic as usize].block == dossier.sentences[piece as usize].block;
        after || before || heading && piece.saturating_sub(topic) <= 6
    }
}

/// What a sentence says of a criterion.
struct Told {
    sentence: SentenceId,
    /// How many of its wordings stand in it.
    wordings: usize,
    /// Whether one of them proves it.
    proves: bool,
}

impl Told {
    /// What says most first, then what comes first.
    fn order(&self) -> (std::cmp::Reverse<usize>, SentenceId) {
        (std::cmp::Reverse(self.wordings), self.sentence)
    }
}

/// A topic with the pieces of a set.
struct Pieced<'a> {
    /// The topic, then the pieces shown.
    used: Vec<Hit>,
    /// The names of the pieces that lack.
    absent: Vec<&'a String>,
    /// The sentence, where one of them is hedged or put off.
    soft: Option<SentenceId>,
}

/// Some hits of a piece, by their place in [`PieceHits::all`].
struct Near {
    range: std::ops::Range<usize>,
    /// Those outside of the range, sorted.
    apart: Vec<usize>,
}

impl Near {
    fn count(&self) -> usize {
        self.range.len() + self.apart.len()
    }

    fn first(&self) -> Option<usize> {
        self.range.clone().next().into_iter().chain(self.apart.first().copied()).min()
    }
}

/// The hits of a piece, at most one a sentence, in order of the text.
struct PieceHits {
    all: Vec<(Hit, Weight)>,
    /// Places of those that count in full, and of the others.
    by_weight: [Vec<usize>; 2],
    /// Sentences that introduce the list or table of a hit, directly or through other items, each with the place of the hit; sorted.
    introduced: Vec<(SentenceId, usize)>,
}

/// Lists in lists that an introduction reaches into.
const DEEPEST: usize = 13;

impl PieceHits {
    fn new(all: Vec<(Hit, Weight)>, dossier: &Dossier) -> Self {
        let (full, weak) = (0..all.len()).partition(|&at| all[at].1 == Weight::Full);
        let mut introduced = Vec::new();
        for (at, (hit, _)) in all.iter().enumerate() {
            let lead_in = |s: SentenceId| dossier.blocks[dossier.sentences[s as usize].block as usize].lead_in;
            for sentence in std::iter::successors(lead_in(hit.sentence), |s| lead_in(*s)).take(DEEPEST) {
                introduced.push((sentence, at));
                // the sentence before it in the same block introduces too
                let before = sentence.checked_sub(1).filter(|b| dossier.sentences[*b as usize].block == dossier.sentences[sentence as usize].block);
                introduced.extend(before.map(|before| (before, at)));
            }
        }
        introduced.sort_unstable();
        introduced.dedup();
        Self { all, by_weight: [full, weak], introduced }
    }

    /// The places of the hits in sentences `from..to`.
    fn between(&self, from: SentenceId, to: SentenceId) -> std::ops::Range<usize> {
        let place = |sentence: SentenceId| self.all.partition_point(|(h, _)| h.sentence < sentence);
        let start = place(from);
        start..place(to).max(start)
    }

    /// The places of the hits that a sentence introduces.
    fn introduced_by(&self, sentence: SentenceId) -> impl Iterator<Item = usize> {
        let from = self.introduced.partition_point(|(by, _)| *by < sentence);
        self.introduced[from..].iter().take_while(move |(by, _)| *by == sentence).map(|(_, at)| *at)
    }

    fn full_among(&self, near: &Near) -> usize {
        let full = &self.by_weight[0];
        let before = |at: usize| full.partition_point(|f| *f < at);
        before(near.range.end) - before(near.range.start) + near.apart.iter().filter(|at| self.all[**at].1 == Weight::Full).count()
    }

    /// Those of `near` among which are, of each weight, the `needed` ones nearest to a sentence.
    fn nearest(&self, sentence: SentenceId, near: &Near, needed: usize) -> Vec<usize> {
        let here = self.all.partition_point(|(h, _)| h.sentence < sentence);
        let mut out = near.apart.clone();
        for places in &self.by_weight {
            let place = |at: usize| places.partition_point(|p| *p < at);
            let (from, to) = (place(near.range.start), place(near.range.end));
            let middle = place(here).clamp(from, to.max(from));
            out.extend(&places[middle.saturating_sub(needed).max(from)..(middle + needed).min(to).max(middle)]);
        }
        out
    }
}
