//! From annotations to verdicts and diagnostics. Nothing here names a criterion: what to look for is in `checks/`.

pub mod criteria;
pub mod facts;
pub mod hits;
mod memory;
mod promises;
pub mod refusals;
mod repair;
pub mod rules;
pub mod scope;
mod subjects;

use crate::annotate::Annotations;
use crate::checks::catalogue::Compiled;
use crate::checks::engine::AnyOf;
use crate::checks::format::references_in;
use crate::checks::pattern::Place;
use crate::checks::{Catalogue, Criterion, theme_of};
use crate::diagnostics::{CriterionResult, Diagnostic, DossierReport, Kind, ProcessType, TypeSource, Verdict};
use crate::dossier::{Block, Dossier, Section, SectionId, Source};
use crate::lang::Lang;
use crate::text::Span;

pub use memory::{Memory, SectionHits};

use criteria::{Assessor, Blank, Outcome};
use hits::Hits;
use refusals::Refusals;
use repair::Repairer;
use rules::Rules;
use scope::Scope;
use subjects::Subjects;

/// How to assess.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The process type and where it comes from, when it is stated outside of the dossier's text.
    pub process_type: Option<(ProcessType, TypeSource)>,
    /// Language of messages.
    pub lang: Lang,
    /// Whether no diagnostic needs its fix, which nobody will read.
    pub without_fixes: bool,
}

/// Assesses `dossier` against `catalogue`.
#[must_use]
pub fn assess(dossier: Dossier, catalogue: &Catalogue, options: &Options) -> DossierReport {
    assess_after(dossier, catalogue, options, &Memory::default())
}

/// Assesses `dossier` against `catalogue` with the `memory` of what was assessed against it before: the same, faster.
#[must_use]
pub fn assess_after(dossier: Dossier, catalogue: &Catalogue, options: &Options, memory: &Memory) -> DossierReport {
    let annotations = Annotations::new(&dossier, &catalogue.engine, &memory.texts);
    assess_annotated(dossier, &annotations, catalogue, options, memory)
}

/// For each of `texts`, whether it says nothing besides what is left to fill in: `[motif]`, « à compléter ».
#[must_use]
pub fn idle(texts: &[&str], catalogue: &Catalogue) -> Vec<bool> {
    let memory = Memory::default();
    let source = |text: &&str| Source { path: String::new(), text: (*text).to_owned() };
    let dossier = Dossier::from_sources("", texts.iter().map(source).collect());
    let annotations = Annotations::new(&dossier, &catalogue.engine, &memory.texts);
    let hits = Hits::find(&dossier, &annotations, &catalogue.engine, &memory);
    let subjects = Subjects::new(&dossier, &annotations, catalogue);
    Rules::new(&dossier, &annotations, &hits, &subjects, catalogue, Lang::default()).idle()
}

fn assess_annotated(dossier: Dossier, annotations: &Annotations, catalogue: &Catalogue, options: &Options, memory: &Memory) -> DossierReport {
    let hits = Hits::find(&dossier, annotations, &catalogue.engine, memory);
    let subjects = Subjects::new(&dossier, annotations, catalogue);
    let rules = Rules::new(&dossier, annotations, &hits, &subjects, catalogue, options.lang);
    let blanks = rules.blanks();
    let scope = Scope::new(&dossier, annotations, &hits, catalogue, &blanks);
    let (process_type, type_source) = options.process_type.unwrap_or_else(|| match scope.process_type() {
        ProcessType::Autre => (ProcessType::Autre, TypeSource::Default),
        detected => (detected, TypeSource::Detected),
    });
    let outcomes = outcomes(&dossier, annotations, &hits, catalogue, &blanks, &subjects, options.lang);
    let told = catalogue.telling.iter().filter(|&&at| outcomes[at].verdict == Verdict::Satisfied).count();
    if let (None, Some(outside)) = (options.process_type, scope.outside(told)) {
        let diagnostics = rules.out_of_scope(&outside, process_type);
        if !diagnostics.is_empty() {
            let exempt = |criterion: &Criterion| result(criterion, process_type, Outcome::bare(Verdict::NotApplicable), options.lang);
            let criteria = catalogue.criteria.iter().map(exempt).collect();
            return DossierReport { out_of_scope: true, criteria, diagnostics, ..DossierReport::new(dossier, process_type, type_source) };
        }
    }
    let templates = Templates::new(&dossier);
    let repairer = (!options.without_fixes).then(|| Repairer::new(&dossier, annotations, catalogue, &templates, process_type, options.lang));
    let mut criteria = Vec::with_capacity(catalogue.criteria.len());
    let mut diagnostics = rules.run(process_type);
    diagnostics.reserve(catalogue.criteria.len());
    for ((criterion, compiled), mut outcome) in catalogue.criteria.iter().zip(&catalogue.compiled).zip(outcomes) {
        if outcome.verdict.is_gap() {
            outcome = unfilled(&templates, catalogue.plan.wording(criterion, process_type), options.lang).unwrap_or(outcome);
        }
        let severity = criterion.level(process_type).severity();
        if severity.is_none() {
            outcome = Outcome::bare(Verdict::NotApplicable);
        }
        if let (Some(severity), true) = (severity, outcome.verdict.is_gap()) {
            let place = expected_place(&dossier, annotations, catalogue, compiled, &criterion.id);
            let fix = repairer.as_ref().filter(|_| outcome.verdict == Verdict::Missing).and_then(|repairer| repairer.fix(criterion, compiled));
            diagnostics.push(Diagnostic { fix, ..gap(&dossier, criterion, &outcome, severity, place, options.lang) });
        }
        criteria.push(result(criterion, process_type, outcome, options.lang));
    }
    Diagnostic::sort(&mut diagnostics);
    DossierReport { criteria, diagnostics, ..DossierReport::new(dossier, process_type, type_source) }
}

fn result(criterion: &Criterion, process_type: ProcessType, outcome: Outcome, lang: Lang) -> CriterionResult {
    CriterionResult {
        id: criterion.id.clone(),
        title: criterion.title.get(lang).to_owned(),
        theme: theme_of(&criterion.id).to_owned(),
        severity: criterion.level(process_type).severity(),
        verdict: outcome.verdict,
        suppressed: None,
        reasons: outcome.reasons,
        evidence: outcome.evidence,
    }
}

fn outcomes(
    dossier: &Dossier,
    annotations: &Annotations,
    hits: &Hits,
    catalogue: &Catalogue,
    blanks: &[Blank],
    subjects: &Subjects,
    lang: Lang,
) -> Vec<Outcome> {
    let refusals = Refusals::new(dossier, annotations, &catalogue.engine.lexicon);
    let assessor = Assessor { dossier, annotations, hits, blanks, subjects, refusals: &refusals, refused: Vec::new(), lang };
    catalogue.criteria.iter().zip(&catalogue.compiled).map(|(criterion, compiled)| assessor.assess(criterion, compiled)).collect()
}

/// Where a criterion of which nothing is said would be expected: under the heading its check names first, else a heading of
/// its theme, else the title, else the first block.
fn expected_place(dossier: &Dossier, annotations: &Annotations, catalogue: &Catalogue, compiled: &Compiled, id: &str) -> Span {
    let section = expected_section(annotations, catalogue, compiled, id, |_| true);
    section.and_then(|s| dossier.sections[s as usize].heading).map_or_else(|| title_span(dossier), |block| dossier.first_words(&dossier.blocks[block as usize]))
}

/// The first section, among those `admitted`, under a heading that the check of a criterion names, else of its theme.
fn expected_section(
    annotations: &Annotations,
    catalogue: &Catalogue,
    compiled: &Compiled,
    id: &str,
    admitted: impl Fn(SectionId) -> bool,
) -> Option<SectionId> {
    let theme = catalogue.themes.iter().position(|theme| theme.id == theme_of(id));
    let of_theme = theme.map(|t| catalogue.theme_headings[t]);
    std::iter::once(compiled.expected).chain(of_theme).find_map(|headings| section_under(annotations, catalogue, headings, &admitted))
}

/// The first section, among those `admitted`, under one of `headings`, tried in order. All sections with a heading are, but one
/// at most.
fn section_under(annotations: &Annotations, catalogue: &Catalogue, headings: AnyOf, admitted: impl Fn(SectionId) -> bool) -> Option<SectionId> {
    let headings = catalogue.engine.lists.of(headings).iter().flat_map(|&pattern| catalogue.engine.conjuncts(pattern)).filter(|c| c.place == Place::Heading);
    headings.into_iter().find_map(|c| annotations.sections_under(c.phrase).find(|&s| admitted(s)))
}

/// The wordings of the plan that a dossier still holds, looked for by their first blank: text without square brackets is read once.
pub(crate) struct Templates<'a> {
    /// The text of each file, and where its opening brackets are.
    files: Vec<(&'a str, Vec<usize>)>,
}

impl<'a> Templates<'a> {
    fn new(dossier: &'a Dossier) -> Self {
        Self { files: dossier.files.iter().map(|file| (file.text.as_str(), memchr::memchr_iter(b'[', file.text.as_bytes()).collect())).collect() }
    }

    /// The first place of `wording`.
    fn find(&self, wording: &str) -> Option<Span> {
        let blank = memchr::memchr(b'[', wording.as_bytes());
        let in_file = |(text, brackets): &(&str, Vec<usize>)| match blank {
            Some(blank) => brackets.iter().filter_map(|at| at.checked_sub(blank)).find(|&start| text.as_bytes()[start..].starts_with(wording.as_bytes())),
            None => text.find(wording),
        };
        let (file, start) = (0..).zip(&self.files).find_map(|(number, file)| Some((number, in_file(file)?)))?;
        Some(Span::new(crate::text::FileId(file), start as u32, (start + wording.len()) as u32))
    }
}

/// The verdict where the wording of the plan stands in the dossier with all its blanks: spoken of, nothing said.
fn unfilled(templates: &Templates<'_>, wording: &str, lang: Lang) -> Option<Outcome> {
    let span = templates.find(wording).filter(|_| wording.contains('['))?;
    Some(Outcome { verdict: Verdict::Unclear, reasons: vec![criteria::to_fill(lang)], evidence: vec![span], focus: Some(span) })
}

/// Words before a heading that may be the title of the document.
const BEFORE_TITLE: u32 = 60;

/// The document's title, else its first sentence: a line that serves as a heading far below is the title of nothing but its part.
fn title_span(dossier: &Dossier) -> Span {
    let headed = || dossier.sections.iter().filter(|section| section.heading.is_some());
    let block = |section: &Section| section.heading.map(|block| &dossier.blocks[block as usize]);
    let opens = |block: &&Block| dossier.sentences.get(block.sentences.start as usize).is_none_or(|s| s.tokens.start <= BEFORE_TITLE);
    let first = headed().next();
    let title = first.filter(|first| first.marked && first.level == 1).and_then(block).or_else(|| dossier.title().filter(opens));
    let heading = title.or_else(|| first.and_then(block).filter(opens)).map(|block| dossier.first_words(block));
    heading.or_else(|| dossier.sentences.first().map(|s| s.span)).unwrap_or_default()
}

fn gap(
    dossier: &Dossier,
    criterion: &crate::checks::Criterion,
    outcome: &Outcome,
    severity: crate::diagnostics::Severity,
    place: Span,
    lang: Lang,
) -> Diagnostic {
    let unclear = outcome.verdict == Verdict::Unclear;
    let message = if unclear { criterion.unclear.get(lang) } else { criterion.missing.get(lang) };
    let primary = outcome.focus.unwrap_or(place);
    let reasons: Vec<&str> = outcome.reasons.iter().map(|r| r.label.as_str()).collect();
    Diagnostic {
        id: criterion.id.clone(),
        kind: Kind::Criterion,
        severity,
        verdict: Some(outcome.verdict),
        message: message.to_owned(),
        primary,
        primary_label: reasons.join(", "),
        labels: Vec::new(),
        help: Some(criterion.help.get(lang).to_owned()),
        example: Some(criterion.model.get(lang).to_owned()),
        references: references_in(&criterion.references, lang).map(str::to_owned).collect(),
        fingerprint: crate::diagnostics::fingerprint::of(&criterion.id, dossier, unclear.then_some(primary)),
        fix: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_has_the_classes_that_verdicts_ask_for() {
        let catalogue = Catalogue::builtin().unwrap();
        assert_eq!(refusals::FAMILIES.iter().find(|family| catalogue.engine.lexicon.family(family).is_empty()), None);
    }
}
