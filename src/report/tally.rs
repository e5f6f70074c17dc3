//! Counts: of a whole run, and of a dossier by theme.

use schemars::JsonSchema;
use serde::Serialize;

use crate::checks::Catalogue;
use crate::diagnostics::filter::{Selection, covers};
use crate::diagnostics::{CriterionResult, Diagnostic, DossierReport, Report, Severity, Verdict};
use crate::lang::{Lang, Text};
use crate::messages::{self, Message};

/// How much was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Summary {
    /// Dossiers assessed.
    pub dossiers: usize,
    /// Diagnostics of severity error.
    pub errors: usize,
    /// Diagnostics of severity warning.
    pub warnings: usize,
    /// Diagnostics of severity advice.
    pub advice: usize,
    /// Criteria satisfied.
    pub satisfied: usize,
    /// Criteria spoken of, not precisely enough.
    pub unclear: usize,
    /// Criteria not spoken of.
    pub missing: usize,
    /// Criteria that do not apply.
    pub not_applicable: usize,
}

impl Summary {
    /// Counts a whole run.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        Totals::of(&report.dossiers).summary
    }

    /// Counts one dossier.
    #[must_use]
    pub fn of_dossier(dossier: &DossierReport) -> Self {
        let mut summary = Self { dossiers: 1, ..Self::default() };
        dossier.diagnostics.iter().for_each(|d| summary.count(d));
        dossier.criteria.iter().for_each(|c| summary.weigh(c));
        summary
    }

    /// Adds the counts of others.
    pub(crate) fn add(&mut self, other: &Self) {
        let Self { dossiers, errors, warnings, advice, satisfied, unclear, missing, not_applicable } = self;
        let sums = [dossiers, errors, warnings, advice, satisfied, unclear, missing, not_applicable];
        let others = [other.dossiers, other.errors, other.warnings, other.advice, other.satisfied, other.unclear, other.missing, other.not_applicable];
        sums.into_iter().zip(others).for_each(|(sum, n)| *sum += n);
    }

    fn count(&mut self, diagnostic: &Diagnostic) {
        match diagnostic.severity {
            Severity::Error => self.errors += 1,
            Severity::Warning => self.warnings += 1,
            Severity::Advice => self.advice += 1,
        }
    }

    fn weigh(&mut self, criterion: &CriterionResult) {
        match criterion.verdict {
            Verdict::Satisfied => self.satisfied += 1,
            Verdict::Unclear => self.unclear += 1,
            Verdict::Missing => self.missing += 1,
            Verdict::NotApplicable => self.not_applicable += 1,
        }
    }

    /// How many diagnostics have `severity`.
    #[must_use]
    pub fn of_severity(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.warnings,
            Severity::Advice => self.advice,
        }
    }

    /// How many criteria have `verdict`.
    #[must_use]
    pub fn verdicts(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Satisfied => self.satisfied,
            Verdict::Unclear => self.unclear,
            Verdict::Missing => self.missing,
            Verdict::NotApplicable => self.not_applicable,
        }
    }
}

/// What a run comes to, counted as its dossiers go by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// The counts.
    pub summary: Summary,
    /// Gaps that were not asked for.
    pub left_out: usize,
    /// Gaps that comments silence.
    pub set_aside: usize,
    /// Gaps that the baseline knew of, and gaps that are no longer there; `None` without a baseline.
    pub compared: Option<(usize, usize)>,
}

impl Totals {
    /// The totals of some dossiers.
    #[must_use]
    pub fn of<'a>(reports: impl IntoIterator<Item = &'a DossierReport>) -> Self {
        let mut totals = Self::default();
        for report in reports {
            let compared = report.compared.as_ref().map(|c| (c.known.len(), c.resolved.len()));
            totals.add(&Self { summary: Summary::of_dossier(report), left_out: report.left_out, set_aside: report.suppressed.len(), compared });
        }
        totals
    }

    /// Adds those of others.
    pub fn add(&mut self, other: &Self) {
        self.summary.add(&other.summary);
        self.left_out += other.left_out;
        self.set_aside += other.set_aside;
        let sums = [self.compared, other.compared].into_iter().flatten();
        self.compared = sums.reduce(|(known, resolved), (k, r)| (known + k, resolved + r));
    }
}

/// The verdicts of a theme.
pub(crate) struct ThemeTally {
    pub id: String,
    pub title: String,
    pub counts: Summary,
}

/// One tally a theme that has selected criteria, in catalogue order; themes the catalogue does not know follow under their id. None of a
/// dossier that is out of scope.
pub(crate) fn themes(dossier: &DossierReport, catalogue: &Catalogue, selection: &Selection, lang: Lang) -> Vec<ThemeTally> {
    if dossier.out_of_scope {
        return Vec::new();
    }
    let title = |text: &Text| text.get(lang).to_owned();
    let mut order: Vec<(&str, String)> = catalogue.themes.iter().map(|t| (t.id.as_str(), title(&t.title))).collect();
    for criterion in &dossier.criteria {
        if !order.iter().any(|(id, _)| *id == criterion.theme) {
            order.push((&criterion.theme, criterion.theme.clone()));
        }
    }
    order.into_iter().filter_map(|(id, title)| theme(dossier, id, title, selection)).collect()
}

fn theme(dossier: &DossierReport, id: &str, title: String, selection: &Selection) -> Option<ThemeTally> {
    let mut counts = Summary::default();
    dossier.criteria.iter().filter(|c| c.theme == id && selection.admits(&c.id)).for_each(|c| counts.weigh(c));
    dossier.diagnostics.iter().filter(|d| covers(id, &d.id)).for_each(|d| counts.count(d));
    (counts.satisfied + counts.unclear + counts.missing + counts.not_applicable > 0).then_some(ThemeTally { id: id.to_owned(), title, counts })
}

/// The verdict on the dossier as a whole, and the severity of its gravest gap.
pub(crate) fn overall(report: &DossierReport) -> (Message, Option<Severity>) {
    if report.out_of_scope {
        return (messages::OVERALL_OUT_OF_SCOPE, Some(Severity::Error));
    }
    let totals = Totals::of([report]);
    let counts = totals.summary;
    let worst = Severity::ALL.into_iter().filter(|severity| counts.of_severity(*severity) > 0).max();
    // what is known is not counted: the verdict is not on the whole
    if let (Some((1.., _)), Some(worst)) = (totals.compared, worst) {
        return (messages::OVERALL_NEW, Some(worst));
    }
    match counts {
        Summary { errors: 1.., .. } => (messages::OVERALL_ERRORS, Some(Severity::Error)),
        Summary { warnings: 1.., .. } => (messages::OVERALL_WARNINGS, Some(Severity::Warning)),
        Summary { advice: 1.., .. } if totals.left_out > 0 => (messages::OVERALL_ADVICE_ASKED, Some(Severity::Advice)),
        Summary { advice: 1.., .. } => (messages::OVERALL_ADVICE, Some(Severity::Advice)),
        _ => (clean(&totals), None),
    }
}

/// The verdict where no gap is reported: whether there is none at all.
pub(crate) fn clean(totals: &Totals) -> Message {
    match totals {
        Totals { left_out: 1.., .. } => messages::OVERALL_NOTHING_ASKED,
        Totals { compared: Some((1.., _)), .. } => messages::OVERALL_NOTHING_NEW,
        Totals { set_aside: 1.., .. } => messages::OVERALL_SET_ASIDE,
        _ => messages::OVERALL_CLEAN,
    }
}

/// What follows a verdict: the gaps by severity; where there is none, how many are set aside.
pub(crate) fn tail(totals: &Totals, lang: Lang) -> String {
    let gaps = breakdown(&totals.summary, lang);
    let set_aside = gaps.is_empty() && totals.set_aside > 0;
    if set_aside { messages::SET_ASIDE_GAPS.of(lang, totals.set_aside) } else { gaps }
}

/// « 3 erreurs, 2 avertissements et 1 conseil »; nothing when there is nothing to count.
fn breakdown(counts: &Summary, lang: Lang) -> String {
    let parts = [(counts.errors, messages::ERRORS), (counts.warnings, messages::WARNINGS), (counts.advice, messages::ADVICES)];
    let parts: Vec<String> = parts.into_iter().filter(|(n, _)| *n > 0).map(|(n, message)| message.of(lang, n)).collect();
    match parts.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{}{}{last}", first.join(", "), messages::AND.get(lang)),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// « 12 lacunes déjà dans l’état de référence, 3 lacunes résolues depuis »; `None` without a baseline.
pub(crate) fn compared(totals: &Totals, lang: Lang) -> Option<String> {
    let (known, resolved) = totals.compared?;
    let parts = [(known, messages::KNOWN_GAPS), (resolved, messages::RESOLVED_GAPS)];
    let parts: Vec<String> = parts.into_iter().map(|(n, message)| message.of(lang, n)).collect();
    Some(parts.join(", "))
}

/// What comments set aside: id and reason, each pair once.
pub(crate) fn set_aside<'a>(report: &'a DossierReport, selection: &Selection) -> Vec<(&'a str, &'a str)> {
    let criteria = report.criteria.iter().filter_map(|c| Some((c.id.as_str(), c.suppressed.as_deref()?)));
    let mut all: Vec<(&str, &str)> = criteria.collect();
    let others = report.suppressed.iter().map(|(d, reason)| (d.id.as_str(), reason.as_str()));
    let others: Vec<(&str, &str)> = others.filter(|pair| !all.contains(pair)).collect();
    all.extend(others);
    all.retain(|(id, _)| selection.admits(id));
    all
}
