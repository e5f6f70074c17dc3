//! The annotations of a block, apart from where it stands: those of a text that comes again are taken as they are.

use std::ops::Range;

use crate::checks::lexicon::Form;
use crate::dossier::SentenceId;

use super::commitments::Commitment;
use super::entities::Amount;
use super::finder::Found;
use super::matcher::Analyses;
use super::modes::Denial;
use super::numbers::Number;
use super::time::{DateMention, Period};
use super::{Annotations, Holds, ModeSet, SentenceMark, TokenFacts};

/// How far the annotations of a dossier go, after some of its blocks.
pub(super) struct Extent {
    facts: usize,
    forms: usize,
    marks: usize,
    found: usize,
    sentences: usize,
    dates: usize,
    periods: usize,
    delays: usize,
    durations: usize,
    numbers: usize,
    amounts: usize,
    naming: usize,
    commitments: usize,
}

impl Extent {
    pub(super) fn of(annotations: &Annotations) -> Self {
        let (entities, times) = (&annotations.entities, &annotations.entities.times);
        Self {
            facts: annotations.facts.len(),
            forms: annotations.forms.len(),
            marks: annotations.marks.len(),
            found: annotations.found.len(),
            sentences: annotations.modes.len(),
            dates: times.dates.len(),
            periods: times.periods.len(),
            delays: times.delays.len(),
            durations: times.durations.len(),
            numbers: entities.numbers.len(),
            amounts: entities.amounts.len(),
            naming: annotations.naming.len(),
            commitments: annotations.commitments.len(),
        }
    }
}

/// Where the marks and phrases of a block are among those of a dossier.
pub(super) type Base = (u32, u32);

/// What a block adds to the annotations of its dossier: tokens from its first one, sentences from its first one, and so on.
#[derive(Debug)]
pub(super) struct Notes {
    facts: Box<[TokenFacts]>,
    forms: Box<[Form]>,
    marks: Box<[SentenceMark]>,
    found: Box<[Found]>,
    sentences: Box<[(Holds, ModeSet)]>,
    /// For each token.
    negations: Box<[Denial]>,
    dates: Box<[DateMention]>,
    periods: Box<[Period]>,
    delays: Box<[Range<u32>]>,
    durations: Box<[(Range<u32>, u32, u32)]>,
    numbers: Box<[Number]>,
    amounts: Box<[Amount]>,
    naming: Box<[SentenceId]>,
    commitments: Box<[Commitment]>,
}

/// What moves from a block to a dossier, or back: by how many tokens, verb analyses, marks, phrases found, sentences, dates. All may
/// wrap around. Marks and phrases themselves are counted in their sentence.
#[derive(Clone, Copy)]
struct Shift {
    tokens: u32,
    forms: u32,
    marks: u32,
    found: u32,
    sentences: u32,
    dates: usize,
}

impl Shift {
    fn to(extent: &Extent) -> Self {
        Self {
            tokens: extent.facts as u32,
            forms: extent.forms as u32,
            marks: extent.marks as u32,
            found: extent.found as u32,
            sentences: extent.sentences as u32,
            dates: extent.dates,
        }
    }

    fn back(self) -> Self {
        Self {
            tokens: self.tokens.wrapping_neg(),
            forms: self.forms.wrapping_neg(),
            marks: self.marks.wrapping_neg(),
            found: self.found.wrapping_neg(),
            sentences: self.sentences.wrapping_neg(),
            dates: self.dates.wrapping_neg(),
        }
    }

    fn token(self, at: u32) -> u32 {
        at.wrapping_add(self.tokens)
    }

    fn range(self, tokens: &Range<u32>) -> Range<u32> {
        self.token(tokens.start)..self.token(tokens.end)
    }

    fn facts(self, facts: &TokenFacts) -> TokenFacts {
        TokenFacts { forms: facts.forms.moved(self.forms), ..*facts }
    }

    fn holds(self, Holds { first, marks, found }: &Holds) -> Holds {
        let by = |range: &Range<u32>, by: u32| range.start.wrapping_add(by)..range.end.wrapping_add(by);
        Holds { first: self.token(*first), marks: by(marks, self.marks), found: by(found, self.found) }
    }

    fn date(self, date: &DateMention) -> DateMention {
        DateMention { tokens: self.range(&date.tokens), ..date.clone() }
    }

    fn period(self, period: &Period) -> Period {
        let date = |at: usize| at.wrapping_add(self.dates);
        Period { from: date(period.from), to: date(period.to), tokens: self.range(&period.tokens) }
    }

    fn duration(self, (tokens, least, most): &(Range<u32>, u32, u32)) -> (Range<u32>, u32, u32) {
        (self.range(tokens), *least, *most)
    }

    fn number(self, number: &Number) -> Number {
        Number { tokens: self.range(&number.tokens), ..number.clone() }
    }

    fn amount(self, amount: &Amount) -> Amount {
        Amount { tokens: self.range(&amount.tokens), ..amount.clone() }
    }

    fn sentence(self, id: SentenceId) -> SentenceId {
        id.wrapping_add(self.sentences)
    }

    fn commitment(self, commitment: &Commitment) -> Commitment {
        commitment.moved(self.sentences, self.tokens)
    }
}

impl Notes {
    /// What has been added to the annotations of a dossier since they went as far as `extent`: those of one block.
    pub(super) fn since(extent: &Extent, annotations: &Annotations) -> Self {
        let shift = Shift::to(extent).back();
        // words that came before have their analyses there
        let mut forms = Vec::new();
        let own = |facts: &TokenFacts| {
            let from = forms.len();
            forms.extend_from_slice(facts.analyses(&annotations.forms));
            TokenFacts { forms: Analyses::ending(&forms, from), ..*facts }
        };
        let facts = annotations.facts[extent.facts..].iter().map(own).collect();
        let (entities, times) = (&annotations.entities, &annotations.entities.times);
        // a sentence that came before has its marks and phrases there
        let (mut marks, mut found) = (Vec::new(), Vec::new());
        let own = |id: usize| {
            let holds = &annotations.sentences[id];
            let (from, phrases) = (marks.len() as u32, found.len() as u32);
            marks.extend_from_slice(&annotations.marks[holds.marks.start as usize..holds.marks.end as usize]);
            found.extend_from_slice(&annotations.found[holds.found.start as usize..holds.found.end as usize]);
            let holds = Holds { first: shift.token(holds.first), marks: from..marks.len() as u32, found: phrases..found.len() as u32 };
            (holds, annotations.modes[id])
        };
        let sentences = (extent.sentences..annotations.modes.len()).map(own).collect();
        Self {
            facts,
            forms: forms.into(),
            marks: marks.into(),
            found: found.into(),
            sentences,
            negations: annotations.negations.by[extent.facts..].into(),
            dates: times.dates[extent.dates..].iter().map(|date| shift.date(date)).collect(),
            periods: times.periods[extent.periods..].iter().map(|period| shift.period(period)).collect(),
            delays: times.delays[extent.delays..].iter().map(|tokens| shift.range(tokens)).collect(),
            durations: times.durations[extent.durations..].iter().map(|duration| shift.duration(duration)).collect(),
            numbers: entities.numbers[extent.numbers..].iter().map(|number| shift.number(number)).collect(),
            amounts: entities.amounts[extent.amounts..].iter().map(|amount| shift.amount(amount)).collect(),
            naming: annotations.naming[extent.naming..].iter().map(|id| shift.sentence(*id)).collect(),
            commitments: annotations.commitments[extent.commitments..].iter().map(|commitment| shift.commitment(commitment)).collect(),
        }
    }

    /// Adds them to the annotations of a dossier, as those of its next block, of which the marks and phrases are there already where
    /// `base` tells their places; tells these.
    pub(super) fn add_to(&self, out: &mut Annotations, base: Option<Base>) -> Base {
        let mut shift = Shift::to(&Extent::of(out));
        match base {
            Some(base) => (shift.marks, shift.found) = base,
            None => {
                out.marks.extend_from_slice(&self.marks);
                out.found.extend_from_slice(&self.found);
            }
        }
        out.facts.extend(self.facts.iter().map(|facts| shift.facts(facts)));
        out.forms.extend_from_slice(&self.forms);
        for (holds, modes) in &self.sentences {
            out.sentences.push(shift.holds(holds));
            out.modes.push(*modes);
        }
        out.negations.by.extend_from_slice(&self.negations);
        let times = &mut out.entities.times;
        times.dates.extend(self.dates.iter().map(|date| shift.date(date)));
        times.periods.extend(self.periods.iter().map(|period| shift.period(period)));
        times.delays.extend(self.delays.iter().map(|tokens| shift.range(tokens)));
        times.durations.extend(self.durations.iter().map(|duration| shift.duration(duration)));
        out.entities.numbers.extend(self.numbers.iter().map(|number| shift.number(number)));
        out.entities.amounts.extend(self.amounts.iter().map(|amount| shift.amount(amount)));
        out.naming.extend(self.naming.iter().map(|id| shift.sentence(*id)));
        out.commitments.extend(self.commitments.iter().map(|commitment| shift.commitment(commitment)));
        (shift.marks, shift.found)
    }

    /// Bytes held, about.
    pub(super) fn size(&self) -> usize {
        size_of::<Self>()
            + size_of_val(&*self.facts)
            + size_of_val(&*self.forms)
            + size_of_val(&*self.marks)
            + size_of_val(&*self.found)
            + size_of_val(&*self.sentences)
            + size_of_val(&*self.negations)
            + size_of_val(&*self.dates)
            + size_of_val(&*self.numbers)
            + size_of_val(&*self.naming)
            + size_of_val(&*self.commitments)
    }
}
