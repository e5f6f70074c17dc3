//! What the user wants to hear: selection by id or theme, severities of one's own, and what makes a run fail.

use super::{Diagnostic, DossierReport, Kind, Report, Severity};

/// Ids and themes to keep and to leave out. The more precise of two that concern an id wins; of two equal ones, to leave out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Kept; everything is when none is given.
    pub select: Vec<String>,
    /// Left out.
    pub ignore: Vec<String>,
}

impl Selection {
    /// Whether what is said of `id` is kept.
    #[must_use]
    pub fn admits(&self, id: &str) -> bool {
        self.decides(id).unwrap_or(true)
    }

    /// Whether what is said of `id` is kept; `None` where nothing here concerns it.
    fn decides(&self, id: &str) -> Option<bool> {
        self.names(id).or((!self.select.is_empty()).then_some(false))
    }

    /// Whether `id`, or its theme, is named to be kept; `None` where it is not named.
    fn names(&self, id: &str) -> Option<bool> {
        let (selected, ignored) = (precision(&self.select, id), precision(&self.ignore, id));
        (selected.is_some() || ignored.is_some()).then_some(selected > ignored)
    }
}

/// What is asked for in one place: a command, the front matter, an exception of the configuration, the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Layer {
    /// What is kept.
    pub selection: Selection,
    /// Severities by id or theme; the most precise wins, of two equal ones the last.
    pub severities: Vec<(String, Severity)>,
}

impl Layer {
    fn severity(&self, id: &str) -> Option<Severity> {
        self.severities.iter().filter(|(selector, _)| covers(selector, id)).max_by_key(|(selector, _)| selector.len()).map(|(_, severity)| *severity)
    }
}

/// What is done to a report before it is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Each over those before it: of those that concern an id, the last decides, however precise the others are.
    pub layers: Vec<Layer>,
}

impl Filter {
    /// Leaves out the diagnostics that are not selected and gives the others the severity asked for. The verdicts all stay.
    pub fn apply(&self, report: &mut DossierReport) {
        let count = |report: &DossierReport| report.diagnostics.len() + report.suppressed.len() + report.compared.as_ref().map_or(0, |c| c.known.len());
        let all = count(report);
        let out_of_scope = report.out_of_scope;
        report.diagnostics.retain(|d| self.keeps(d, out_of_scope));
        report.suppressed.retain(|(d, _)| self.keeps(d, out_of_scope));
        if let Some(compared) = &mut report.compared {
            compared.known.retain(|d| self.keeps(d, out_of_scope));
            compared.resolved.retain(|known| self.admits(&known.id));
        }
        report.left_out += all - count(report);
        let silenced = report.suppressed.iter_mut().map(|(d, _)| d);
        for diagnostic in report.diagnostics.iter_mut().chain(silenced) {
            if let Some(severity) = self.severity(&diagnostic.id) {
                diagnostic.severity = severity;
            }
        }
        for criterion in &mut report.criteria {
            if criterion.severity.is_some() {
                criterion.severity = self.severity(&criterion.id).or(criterion.severity);
            }
        }
    }

    /// Whether `diagnostic` is kept. What is said of a document that is out of scope is said in the place of all that could be selected: it
    /// is left out only where it is named.
    pub(super) fn keeps(&self, diagnostic: &Diagnostic, out_of_scope: bool) -> bool {
        let alone = out_of_scope && diagnostic.kind == Kind::Rule;
        let ignored = || self.layers.iter().rev().find_map(|layer| layer.selection.names(&diagnostic.id)) == Some(false);
        self.admits(&diagnostic.id) || alone && !ignored()
    }

    /// Whether what is said of `id` is kept.
    #[must_use]
    pub fn admits(&self, id: &str) -> bool {
        self.layers.iter().rev().find_map(|layer| layer.selection.decides(id)).unwrap_or(true)
    }

    fn severity(&self, id: &str) -> Option<Severity> {
        self.layers.iter().rev().find_map(|layer| layer.severity(id))
    }
}

/// Whether `selector`, an id or the first part of one, covers `id`.
#[must_use]
pub fn covers(selector: &str, id: &str) -> bool {
    id.strip_prefix(selector).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn precision(selectors: &[String], id: &str) -> Option<usize> {
    selectors.iter().filter(|selector| covers(selector, id)).map(String::len).max()
}

/// The least severity that makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors.
    #[default]
    Error,
    /// Errors and warnings.
    Warning,
    /// Any gap.
    Advice,
    /// No gap.
    Never,
}

impl FailOn {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Advice, Self::Never];

    /// The least severity that makes the run fail.
    const fn least(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Advice => Some(Severity::Advice),
            Self::Never => None,
        }
    }

    /// The name used in options and configuration.
    #[must_use]
    pub fn id(self) -> &'static str {
        self.least().map_or("never", Severity::id)
    }

    /// Whether a gap of `severity` makes the run fail.
    #[must_use]
    pub fn reached_by(self, severity: Severity) -> bool {
        self.least().is_some_and(|least| severity >= least)
    }
}

impl DossierReport {
    /// Whether a diagnostic makes the run fail.
    #[must_use]
    pub fn fails(&self, fail_on: FailOn) -> bool {
        self.diagnostics.iter().any(|d| fail_on.reached_by(d.severity))
    }
}

impl Report {
    /// Whether a diagnostic makes the run fail.
    #[must_use]
    pub fn fails(&self, fail_on: FailOn) -> bool {
        self.dossiers.iter().any(|dossier| dossier.fails(fail_on))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn selection(select: &[&str], ignore: &[&str]) -> Selection {
        let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect();
        Selection { select: own(select), ignore: own(ignore) }
    }

    #[test]
    fn the_more_precise_selector_wins() {
        assert!(selection(&[], &[]).admits("suites.delai"));
        assert!(!selection(&["moyens"], &[]).admits("suites.delai"));
        assert!(!selection(&["suites"], &["suites.delai"]).admits("suites.delai"));
        assert!(selection(&["suites.delai"], &["suites"]).admits("suites.delai"));
        assert!(!selection(&["suites"], &["suites"]).admits("suites.delai"));
        assert!(selection(&[], &["suite"]).admits("suites.delai"));
    }

    #[test]
    fn the_last_layer_that_concerns_an_id_decides() {
        let admits = |layers: &[(&[&str], &[&str])], id: &str| {
            let layers = layers.iter().map(|(select, ignore)| Layer { selection: selection(select, ignore), ..Layer::default() });
            Filter { layers: layers.collect() }.admits(id)
        };
        assert!(admits(&[], "suites.delai"));
        assert!(admits(&[(&[], &["suites.delai"]), (&["suites"], &[])], "suites.delai"));
        assert!(!admits(&[(&["suites.delai"], &[]), (&[], &["suites"])], "suites.delai"));
        assert!(!admits(&[(&["moyens"], &[]), (&["suites"], &[])], "moyens.budget"));
        assert!(!admits(&[(&["moyens"], &["suites.suivi"]), (&[], &["moyens.budget"])], "suites.suivi"));
        assert!(admits(&[(&["moyens"], &[]), (&[], &["moyens.budget"])], "moyens.equipe"));
    }

    #[test]
    fn what_is_left_out_keeps_its_verdict() {
        let mut report = testing::report().dossiers.remove(0);
        let (criteria, gaps) = (report.criteria.len(), report.diagnostics.len() + report.suppressed.len());
        let layer = Layer { selection: selection(&["gouvernance"], &[]), severities: vec![("gouvernance".into(), Severity::Advice)] };
        let filter = Filter { layers: vec![layer] };
        filter.apply(&mut report);
        assert_eq!(report.criteria.len(), criteria);
        assert_eq!(report.diagnostics.len() + report.left_out, gaps);
        assert!(!report.diagnostics.is_empty());
        assert!(report.diagnostics.iter().all(|d| d.id.starts_with("gouvernance.") && d.severity == Severity::Advice));
    }

    #[test]
    fn the_names_of_what_fails_are_those_of_the_configuration() {
        for fail_on in FailOn::ALL {
            assert_eq!(serde_json::from_value::<FailOn>(fail_on.id().into()).unwrap(), fail_on);
        }
    }

    #[test]
    fn a_run_fails_from_the_severity_asked_for() {
        let mut report = testing::report();
        assert!(report.fails(FailOn::Error));
        assert!(!report.fails(FailOn::Never));
        for dossier in &mut report.dossiers {
            dossier.diagnostics.retain(|d| d.severity == Severity::Warning);
        }
        assert!(!report.fails(FailOn::Error));
        assert!(report.fails(FailOn::Warning));
        assert!(report.fails(FailOn::Advice));
    }
}
