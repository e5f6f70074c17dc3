//! From annotations to verdicts and diagnostics. Nothing here names a criterion: what to look for is in `checks/`.

pub mod criteria;
pub mod facts;
pub mod hits;
pub mod rules;
pub mod scope;

use crate::annotate::Annotations;
use crate::checks::Catalogue;
use crate::diagnostics::{CriterionResult, Diagnostic, DossierReport, Kind, ProcessType, TypeSource, Verdict};
use crate::dossier::Dossier;
use crate::lang::Lang;
use crate::text::Span;

use criteria::{Assessor, Outcome};
use hits::Hits;
use scope::Scope;

/// How to assess.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// The process type and where it comes from, when it is stated outside of the dossier's text.
    pub process_type: Option<(ProcessType, TypeSource)>,
    /// Language of messages.
    pub lang: Lang,
}

/// Assesses `dossier` against `catalogue`.
#[must_use]
pub fn assess(dossier: Dossier, catalogue: &Catalogue, options: &Options) -> DossierReport {
    let annotations = Annotations::new(&dossier, &catalogue.engine);
    let hits = Hits::find(&dossier, &annotations, &catalogue.engine);
    let scope = Scope { dossier: &dossier, annotations: &annotations, hits: &hits, catalogue };
    let (process_type, type_source) = options.process_type.unwrap_or_else(|| match scope.process_type() {
        ProcessType::Autre => (ProcessType::Autre, TypeSource::Default),
        detected => (detected, TypeSource::Detected),
    });
    if options.process_type.is_none() && scope.is_out() {
        let diagnostics = rules::out_of_scope(&dossier, &annotations, &hits, catalogue, options.lang);
        if !diagnostics.is_empty() {
            return DossierReport { dossier, process_type, type_source, criteria: Vec::new(), diagnostics, suppressed: Vec::new() };
        }
    }
    let outcomes = outcomes(&dossier, &annotations, &hits, catalogue, options.lang);
    let mut criteria = Vec::new();
    let mut diagnostics = rules::run(&dossier, &annotations, &hits, catalogue, process_type, options.lang);
    for ((criterion, compiled), mut outcome) in catalogue.criteria.iter().zip(&catalogue.compiled).zip(outcomes) {
        let severity = criterion.severity_for.get(&process_type).unwrap_or(&criterion.severity).severity();
        if severity.is_none() {
            outcome.verdict = Verdict::NotApplicable;
            outcome.reasons.clear();
            outcome.evidence.clear();
        }
        if let (Some(severity), true) = (severity, outcome.verdict.is_gap()) {
            let place = expected_place(&dossier, &annotations, catalogue, compiled, &criterion.id);
            diagnostics.push(gap(&dossier, criterion, &outcome, severity, place, options.lang));
        }
        criteria.push(CriterionResult {
            id: criterion.id.clone(),
            title: criterion.title.get(options.lang).to_owned(),
            theme: criterion.id.split('.').next().unwrap_or_default().to_owned(),
            severity,
            verdict: outcome.verdict,
            suppressed: None,
            reasons: outcome.reasons,
            evidence: outcome.evidence,
        });
    }
    diagnostics.sort_by(|a, b| (a.primary.file, a.primary.start, &a.id).cmp(&(b.primary.file, b.primary.start, &b.id)));
    DossierReport { dossier, process_type, type_source, criteria, diagnostics, suppressed: Vec::new() }
}

fn outcomes(dossier: &Dossier, annotations: &Annotations, hits: &Hits, catalogue: &Catalogue, lang: Lang) -> Vec<Outcome> {
    let holds = |class: &str| -> Vec<bool> {
        let classes = catalogue.engine.lexicon.family(class);
        (0..dossier.sentences.len() as u32).map(|s| annotations.has_class(s, &classes).is_some()).collect()
    };
    let blanks = rules::blanks(dossier, annotations, hits, catalogue);
    let (set_aside, reasoned) = (holds("mode.sans-objet"), holds("mode.motif"));
    let assessor = Assessor { dossier, annotations, hits, blanks: &blanks, set_aside: &set_aside, reasoned: &reasoned, lang };
    catalogue.criteria.iter().zip(&catalogue.compiled).map(|(criterion, compiled)| assessor.assess(criterion, compiled)).collect()
}

/// Where a criterion of which nothing is said would be expected: under the heading its check names first, else a heading of
/// its theme, else the title, else the first block.
fn expected_place(dossier: &Dossier, annotations: &Annotations, catalogue: &Catalogue, compiled: &crate::checks::catalogue::Compiled, id: &str) -> Span {
    let theme = catalogue.themes.iter().position(|t| id.split('.').next() == Some(&t.id));
    let wanted = compiled.expected.iter().chain(theme.map(|t| &catalogue.theme_headings[t]).into_iter().flatten());
    for &pattern in wanted {
        let headings = catalogue.engine.patterns[pattern as usize].iter().map(|c| c.heading);
        for heading in headings {
            let found = dossier
                .sections
                .iter()
                .enumerate()
                .find(|(s, section)| section.heading.is_some() && section.level > 0 && annotations.under(*s as u32, heading));
            if let Some(block) = found.and_then(|(_, section)| section.heading) {
                return heading_span(dossier, block);
            }
        }
    }
    title_span(dossier)
}

/// The document's title, else its first sentence.
fn title_span(dossier: &Dossier) -> Span {
    let title = dossier.sections.iter().filter(|s| s.heading.is_some()).min_by_key(|s| s.level).and_then(|s| s.heading);
    title.map(|b| heading_span(dossier, b)).or_else(|| dossier.sentences.first().map(|s| s.span)).unwrap_or_default()
}

fn heading_span(dossier: &Dossier, block: u32) -> Span {
    let block = &dossier.blocks[block as usize];
    block.sentences.clone().next().map_or(block.span, |s| dossier.sentences[s as usize].span)
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
        references: criterion.references.clone(),
        fingerprint: crate::diagnostics::fingerprint::of(&criterion.id, dossier, unclear.then_some(primary), 0),
        fix: None,
    }
}
