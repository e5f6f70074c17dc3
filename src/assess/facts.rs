//! What was understood of a dossier, for a reader in a hurry and for other programs.

use jiff::civil::Date;

use crate::annotate::Annotations;
use crate::annotate::commitments::Firmness;
use crate::annotate::time::Precision;
use crate::checks::Catalogue;
use crate::checks::format::Mode;
use crate::diagnostics::{ProcessType, TypeSource};
use crate::dossier::{Dossier, SentenceId};
use crate::text::Span;

use super::promises::Promises;
use super::{Memory, Options, assess_annotated};

/// The facts of a dossier; every place is a span of its files.
#[derive(Debug)]
pub struct Facts {
    /// The dossier.
    pub dossier: Dossier,
    /// Whether it frames no participation.
    pub out_of_scope: bool,
    /// For each kind of `checks/faits.toml`, the passages that tell it.
    pub passages: Vec<(usize, Vec<Span>)>,
    /// The bodies, in order of their first mention.
    pub bodies: Vec<BodyFact>,
    /// What the authority says it will do, in order of the text.
    pub commitments: Vec<CommitmentFact>,
    /// The dates precise to the month at least, in order of time.
    pub timeline: Vec<DatedFact>,
}

/// A body of the process.
#[derive(Debug)]
pub struct BodyFact {
    /// Its first name.
    pub name: Span,
    /// How often it is named.
    pub mentions: usize,
    /// The sentences that say who sits in it.
    pub composition: Vec<Span>,
}

/// A commitment.
#[derive(Debug)]
pub struct CommitmentFact {
    /// The sentence.
    pub sentence: Span,
    /// What is promised.
    pub what: Span,
    /// By whom.
    pub who: Option<Span>,
    /// When.
    pub when: Option<Span>,
    /// How firmly.
    pub firmness: Firmness,
}

/// Something dated.
#[derive(Debug)]
pub struct DatedFact {
    /// First day.
    pub first: Date,
    /// Last day: of the period, of the month, or the same.
    pub last: Date,
    /// The words of the date or period.
    pub date: Span,
    /// The sentence.
    pub sentence: Span,
}

/// Draws the facts of `dossier`: of the type stated, else of no particular one. What tells something is drawn even where it frames no
/// participation.
#[must_use]
pub fn facts(dossier: Dossier, catalogue: &Catalogue, options: &Options) -> Facts {
    let memory = Memory::default();
    let annotations = Annotations::new(&dossier, &catalogue.engine, &memory.texts);
    let bodies = bodies(&dossier, &annotations);
    let commitments = commitments(&dossier, &annotations, catalogue);
    let timeline = timeline(&dossier, &annotations);
    let assess = |dossier, process_type| {
        let options = Options { process_type, ..*options };
        assess_annotated(dossier, &annotations, catalogue, &options, &memory)
    };
    let (dossier, out_of_scope) = match options.process_type {
        Some(_) => (dossier, false),
        None => {
            let detected = assess(dossier, None);
            (detected.dossier, detected.out_of_scope)
        }
    };
    let report = assess(dossier, options.process_type.or(Some((ProcessType::Autre, TypeSource::Default))));
    let evidence = |ids: &[String]| report.criteria.iter().filter(|c| ids.contains(&c.id)).flat_map(|c| c.evidence.iter().copied()).collect();
    let passages = catalogue.facts.iter().enumerate().map(|(at, kind)| (at, told_once(evidence(&kind.criteria)))).collect();
    Facts { dossier: report.dossier, out_of_scope, passages, bodies, commitments, timeline }
}

/// `spans` without those that stand in another.
fn told_once(spans: Vec<Span>) -> Vec<Span> {
    let within = |at: usize, span: Span| (0..).zip(&spans).any(|(other, outer)| outer.contains(span) && (*outer != span || other < at));
    (0..).zip(&spans).filter(|(at, span)| !within(*at, **span)).map(|(_, span)| *span).collect()
}

fn bodies(dossier: &Dossier, annotations: &Annotations) -> Vec<BodyFact> {
    let fact = |body: &crate::annotate::bodies::Body| {
        let (sentence, name) = body.mentions.first()?;
        let composition = body.composition.iter().map(|s| dossier.sentences[*s as usize].span).collect();
        Some(BodyFact { name: dossier.words(*sentence, name), mentions: body.mentions.len(), composition })
    };
    annotations.bodies.iter().filter_map(fact).collect()
}

fn commitments(dossier: &Dossier, annotations: &Annotations, catalogue: &Catalogue) -> Vec<CommitmentFact> {
    let fact = |c: &crate::annotate::commitments::Commitment| {
        let at = |tokens: &std::ops::Range<u32>| dossier.words(c.sentence, tokens);
        CommitmentFact {
            sentence: dossier.sentences[c.sentence as usize].span,
            what: at(&c.what),
            who: c.who.as_ref().map(at),
            when: c.when.as_ref().map(at),
            firmness: c.firmness,
        }
    };
    let promises = Promises::new(dossier, annotations, catalogue);
    annotations.commitments.iter().filter(|commitment| promises.to_participants(commitment)).map(fact).collect()
}

fn timeline(dossier: &Dossier, annotations: &Annotations) -> Vec<DatedFact> {
    let times = &annotations.entities.times;
    let sentence_of = |token: u32| dossier.sentences.partition_point(|s| s.tokens.end <= token) as SentenceId;
    let mut out = Vec::new();
    for (at, date) in times.dates.iter().enumerate().filter(|(_, d)| d.precision <= Precision::Month && !d.year_assumed && !d.of_text) {
        let period = times.period_of(at);
        // a period is told once, at its beginning
        if period.is_some_and(|p| p.to == at) {
            continue;
        }
        let end = period.map_or(date, |p| &times.dates[p.to]);
        let sentence = sentence_of(date.tokens.start);
        let modes = annotations.modes[sentence as usize];
        let (Some(first), Some(last)) = (date.first_day(), end.last_day()) else { continue };
        if modes.has(Mode::Past) || modes.has(Mode::Law) {
            continue;
        }
        let tokens = period.map_or_else(|| date.tokens.clone(), |p| p.tokens.clone());
        out.push(DatedFact { first, last: last.max(first), date: dossier.words(sentence, &tokens), sentence: dossier.sentences[sentence as usize].span });
    }
    out.sort_by_key(|f| (f.first, f.last, f.date.file, f.date.start));
    out
}
