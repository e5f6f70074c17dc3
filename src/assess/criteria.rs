//! From hits to verdicts: topic, pieces, proofs, vague wordings, denials.

use std::collections::BTreeMap;

use crate::annotate::{Annotations, ModeSet};
use crate::checks::catalogue::Compiled;
use crate::checks::format::{Criterion, Mode, Within};
use crate::diagnostics::{Reason, Verdict};
use crate::dossier::{BlockKind, Dossier, SentenceId};
use crate::lang::{Lang, Text};
use crate::text::Span;

use super::hits::{Hit, Hits};

/// What an assessment of one criterion found.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// Why it is unclear.
    pub reasons: Vec<Reason>,
    /// The passages that decided, in order of the text: words that matched, widened to their sentence.
    pub evidence: Vec<Span>,
    /// The very words at the centre of the first piece of evidence.
    pub focus: Option<Span>,
    /// Pieces that were found beside the topic, with their place.
    pub found: Vec<Span>,
}

impl Outcome {
    fn bare(verdict: Verdict) -> Self {
        Self { verdict, reasons: Vec::new(), evidence: Vec::new(), focus: None, found: Vec::new() }
    }
}

/// How much a sentence counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    Nothing,
    Weak,
    Full,
}

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
    /// Sentences that set something aside: « sans objet », « néant ».
    pub set_aside: &'a [bool],
    /// Sentences that give a reason.
    pub reasoned: &'a [bool],
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

/// The reason given where blanks are left in the sentence.
pub(super) fn to_fill(lang: Lang) -> Reason {
    let label = Text { fr: "blancs à remplir".into(), en: "blanks to fill in".into() };
    Reason { id: "blanc-a-remplir".to_owned(), label: label.get(lang).to_owned() }
}

impl Assessor<'_> {
    /// The verdict on one criterion.
    #[must_use]
    pub fn assess(&self, criterion: &Criterion, compiled: &Compiled) -> Outcome {
        let accept = ModeSet::of(&criterion.accept);
        let proven = self.proofs(criterion, compiled);
        let pieced = self.pieces(criterion, compiled, accept);
        let vague = self.vague(criterion, compiled);
        let candidates = [proven, pieced].into_iter().flatten();
        let best = candidates.max_by_key(|o| (o.verdict == Verdict::Satisfied, o.reasons.is_empty(), std::cmp::Reverse(o.reasons.len())));
        if let Some(outcome) = best.clone().filter(|o| o.verdict == Verdict::Satisfied) {
            return match vague {
                Some((vague, true)) => vague,
                _ => outcome,
            };
        }
        if let Some(denied) = self.denied(criterion, compiled) {
            return denied;
        }
        // a piece that lacks says more than a vague wording; a vague wording more than a softened one
        best.filter(|o| o.verdict == Verdict::Unclear).or(vague.map(|(v, _)| v)).unwrap_or_else(|| Outcome::bare(Verdict::Missing))
    }

    fn weigh(&self, hit: &Hit, accept: ModeSet) -> Weight {
        let modes = self.annotations.modes[hit.sentence as usize].minus(accept);
        if hit.denied && !accept.has(Mode::Negation) {
            return Weight::Nothing;
        }
        match self.blanks[hit.sentence as usize] {
            Blank::No => {}
            Blank::ToFill => return Weight::Weak,
            Blank::Empty => return Weight::Nothing,
        }
        let nothing = ModeSet::of(&[Mode::Past, Mode::Law, Mode::Contractor, Mode::Question, Mode::Heading]);
        if modes.meets(nothing) {
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
            let accept = ModeSet::of(&proof.accept.iter().chain(&criterion.accept).copied().collect::<Vec<_>>());
            let hits = self.weighed(self.hits.without(any, not), accept);
            let count = proof.count.unwrap_or(1) as usize;
            let full: Vec<Hit> = hits.iter().filter(|(_, w)| *w == Weight::Full).map(|(h, _)| *h).collect();
            if full.len() >= count {
                return Some(self.outcome(Verdict::Satisfied, &full[..full.len().min(count.max(3))]));
            }
            if hits.len() >= count && weak.is_none() {
                let hits: Vec<Hit> = hits.iter().map(|(h, _)| *h).take(3).collect();
                let mut outcome = self.outcome(Verdict::Unclear, &hits);
                outcome.reasons = vec![self.softened(hits[0].sentence, accept)];
                weak = Some(outcome);
            }
        }
        weak
    }

    fn pieces(&self, criterion: &Criterion, compiled: &Compiled, accept: ModeSet) -> Option<Outcome> {
        let topics = self.weighed(self.hits.without(&compiled.topic, &compiled.topic_not), accept);
        if topics.is_empty() {
            return None;
        }
        let pieces: BTreeMap<&str, Vec<(Hit, Weight)>> = compiled
            .pieces
            .iter()
            .map(|(name, (any, not))| {
                let own = &criterion.piece[name].accept;
                let accept = ModeSet::of(&own.iter().chain(&criterion.accept).copied().collect::<Vec<_>>());
                (name.as_str(), self.weighed(self.hits.without(any, not), accept))
            })
            .collect();
        let mut best: Option<(usize, bool, Outcome)> = None;
        for (topic, weight) in &topics {
            for set in &criterion.satisfied {
                let (outcome, lacking, soft) = self.pieced(criterion, (*topic, *weight), set, &pieces, accept);
                if lacking == 0 && !soft {
                    return Some(outcome);
                }
                if best.as_ref().is_none_or(|(l, s, _)| (lacking, soft) < (*l, *s)) {
                    best = Some((lacking, soft, outcome));
                }
            }
        }
        best.filter(|_| !criterion.topic.silent).map(|(_, _, outcome)| outcome)
    }

    fn pieced(
        &self,
        criterion: &Criterion,
        (topic, weight): (Hit, Weight),
        set: &[String],
        pieces: &BTreeMap<&str, Vec<(Hit, Weight)>>,
        accept: ModeSet,
    ) -> (Outcome, usize, bool) {
        let mut soft = weight == Weight::Weak;
        let mut soft_at = topic.sentence;
        let mut used = vec![topic];
        let mut reasons = Vec::new();
        for name in set {
            let piece = &criterion.piece[name];
            let near: Vec<&(Hit, Weight)> = pieces[name.as_str()].iter().filter(|(h, _)| self.within(topic.sentence, h.sentence, piece.within)).collect();
            let needed = piece.count.unwrap_or(1) as usize;
            let full = near.iter().filter(|(_, w)| *w == Weight::Full).count();
            if near.len() < needed {
                reasons.push(self.reason(&piece.reason, &piece.lacks));
                continue;
            }
            if full < needed {
                soft = true;
                soft_at = near[0].0.sentence;
            }
            // the nearest to the topic are shown
            let mut shown: Vec<&(Hit, Weight)> = near.clone();
            shown.sort_by_key(|(h, w)| (std::cmp::Reverse(*w), h.sentence.abs_diff(topic.sentence)));
            used.extend(shown.iter().take(needed).map(|(h, _)| *h));
        }
        let lacking = reasons.len();
        if lacking == 0 && soft {
            reasons.push(self.softened(soft_at, accept));
        }
        let verdict = if lacking == 0 && !soft { Verdict::Satisfied } else { Verdict::Unclear };
        let mut outcome = self.outcome(verdict, &used);
        outcome.focus = Some(self.words(&topic));
        outcome.found = used[1..].iter().map(|h| self.words(h)).collect();
        outcome.reasons = reasons;
        (outcome, lacking, soft)
    }

    fn vague(&self, criterion: &Criterion, compiled: &Compiled) -> Option<(Outcome, bool)> {
        let accept = ModeSet::of(&criterion.accept.iter().chain(&[Mode::Hedge, Mode::Deferred, Mode::Agentless]).copied().collect::<Vec<_>>());
        criterion.unclear_by.iter().zip(&compiled.vagues).find_map(|(vague, (any, not))| {
            let hits = self.weighed(self.hits.without(any, not), accept);
            let hits: Vec<Hit> = hits.into_iter().map(|(h, _)| h).take(2).collect();
            (!hits.is_empty()).then(|| {
                let mut outcome = self.outcome(Verdict::Unclear, &hits);
                outcome.reasons = vec![self.reason(&vague.reason, &vague.says)];
                (outcome, vague.overrides)
            })
        })
    }

    /// The criterion set aside: with a reason it is exempted, « sans objet » alone is unclear, a bare denial a gap.
    fn denied(&self, criterion: &Criterion, compiled: &Compiled) -> Option<Outcome> {
        let hits = self.hits.any(&compiled.denial);
        let aside = hits.iter().find(|h| {
            let modes = self.annotations.modes[h.sentence as usize];
            (self.refused(h) || self.set_aside[h.sentence as usize]) && !modes.has(Mode::Past) && !modes.has(Mode::Question)
        })?;
        if self.reasoned[aside.sentence as usize] {
            return Some(self.outcome(criterion.denied.unwrap_or(Verdict::NotApplicable), &[*aside]));
        }
        if self.set_aside[aside.sentence as usize] {
            let mut outcome = self.outcome(Verdict::Unclear, &[*aside]);
            let says = Text { fr: "écarté sans motif".into(), en: "set aside without a reason".into() };
            outcome.reasons = vec![self.reason("ecarte-sans-motif", &says)];
            return Some(outcome);
        }
        let mut outcome = Outcome::bare(Verdict::Missing);
        outcome.focus = Some(self.words(aside));
        Some(outcome)
    }

    /// « Aucun comité n'est prévu », « pas d'indemnité »: the negation stands by the thing. « Ni » adds to another denial.
    fn refused(&self, hit: &Hit) -> bool {
        let by = self.annotations.negations.denier(hit.start, hit.end);
        by.is_some_and(|by| self.dossier.folded(&self.dossier.tokens[by as usize]) != "ni")
    }

    fn reason(&self, id: &str, text: &Text) -> Reason {
        Reason { id: id.to_owned(), label: text.get(self.lang).to_owned() }
    }

    fn softened(&self, sentence: SentenceId, accept: ModeSet) -> Reason {
        let modes = self.annotations.modes[sentence as usize].minus(accept);
        if self.blanks[sentence as usize] != Blank::No {
            to_fill(self.lang)
        } else if modes.has(Mode::Deferred) {
            self.reason("renvoye-a-plus-tard", &Text { fr: "renvoyé à plus tard".into(), en: "put off".into() })
        } else {
            self.reason("formule-attenuee", &Text { fr: "formule atténuée".into(), en: "hedged wording".into() })
        }
    }

    /// The bytes of the words that matched.
    fn words(&self, hit: &Hit) -> Span {
        let first = &self.dossier.tokens[hit.start as usize];
        let last = &self.dossier.tokens[hit.end.max(hit.start + 1) as usize - 1];
        Span::new(self.dossier.sentences[hit.sentence as usize].span.file, first.start, last.end)
    }

    fn outcome(&self, verdict: Verdict, hits: &[Hit]) -> Outcome {
        let mut sentences: Vec<SentenceId> = hits.iter().map(|h| h.sentence).collect();
        sentences.sort_unstable();
        sentences.dedup();
        let evidence = sentences.iter().map(|&s| self.dossier.sentences[s as usize].span).collect();
        Outcome { verdict, reasons: Vec::new(), evidence, focus: hits.first().map(|h| self.words(h)), found: Vec::new() }
    }

    /// Whether `piece` is near enough to `topic`.
    fn within(&self, topic: SentenceId, piece: SentenceId, within: Within) -> bool {
        if topic == piece {
            return true;
        }
        let dossier = self.dossier;
        let block = |s: SentenceId| &dossier.blocks[dossier.sentences[s as usize].block as usize];
        let (t, p) = (block(topic), block(piece));
        let heading = matches!(t.kind, BlockKind::Heading { .. });
        let under = |section: u32| {
            let top = &dossier.sections[t.section as usize];
            (t.section..top.end).contains(&section)
        };
        match within {
            Within::Sentence => false,
            Within::Dossier => true,
            Within::Section => p.section == t.section || heading && under(p.section),
            Within::Block => {
                p.section == t.section && dossier.sentences[topic as usize].block.abs_diff(dossier.sentences[piece as usize].block) <= 1
                    || self.introduces(topic, piece)
                    || heading && p.section == t.section
            }
            Within::Next => {
                let row = |b: &BlockKind| matches!(b, BlockKind::TableRow { .. });
                if row(&t.kind) || row(&p.kind) {
                    return heading && p.section == t.section && piece - topic.min(piece) <= 4 || self.introduces(topic, piece);
                }
                let after = piece > topic && piece - topic <= 3 && p.section == t.section;
                let before = piece < topic && topic - piece <= 1 && dossier.sentences[topic as usize].block == dossier.sentences[piece as usize].block;
                after || before || self.introduces(topic, piece) || heading && p.section == t.section && piece - topic.min(piece) <= 6
            }
        }
    }

    /// Whether `topic`, or the block it ends, introduces the list or table of `piece`.
    fn introduces(&self, topic: SentenceId, piece: SentenceId) -> bool {
        let mut lead_in = self.dossier.blocks[self.dossier.sentences[piece as usize].block as usize].lead_in;
        let mut steps = 0;
        while let Some(sentence) = lead_in {
            if sentence == topic || sentence == topic + 1 && self.dossier.sentences[sentence as usize].block == self.dossier.sentences[topic as usize].block {
                return true;
            }
            lead_in = self.dossier.blocks[self.dossier.sentences[sentence as usize].block as usize].lead_in;
            steps += 1;
            if steps > 12 {
                break;
            }
        }
        false
    }
}
