//! The baseline: the gaps a team knows of, so that a run reports only what is new, and tells what has been resolved.
//!
//! A gap is known by the path of its dossier and its fingerprint, never by its line. There is one of a criterion in a dossier: it is known by
//! its id wherever it is shown, and one that was missing is still known when it has become unclear. One that was unclear and of which the
//! dossier says nothing any more has become worse: it is new. Paths are relative to the folder of the
//! baseline's file, so that it means the same wherever the tool is run from.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filter::Filter;
use super::{Diagnostic, DossierReport, Kind, Verdict};
use crate::files::{folder_of, read_text, whole};
use crate::lang::Text;

/// Name of the file where none is given.
pub const FILE_NAME: &str = "cadrage-baseline.json";

/// Version of the shape of the file.
const VERSION: u32 = 1;

/// The file's content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "cadrage baseline")]
pub struct Baseline {
    /// Version of this shape.
    pub schema_version: u32,
    /// By path of the dossier, relative to this file, `/`-separated.
    pub dossiers: BTreeMap<String, Vec<Known>>,
}

/// A gap that was there when the baseline was written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Id of the criterion, rule or suppression fault.
    pub id: String,
    /// Its identity.
    pub fingerprint: String,
    /// What was said of it, for whoever reads the file.
    pub message: String,
}

/// Why a baseline could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file could not be read.
    #[error("{}", .0.en)]
    Unreadable(Text),
    /// It is not what a baseline looks like.
    #[error(transparent)]
    Shape(#[from] serde_json::Error),
    /// It was written by a later release.
    #[error("schema_version {0}")]
    Version(u32),
}

/// Bytes of a baseline, at most: it holds every gap of every dossier, and what the tool wrote it must read.
const MOST: u64 = 200_000_000;

/// What the baseline changed in the report on a dossier.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Compared {
    /// The gaps that were known, left out of the diagnostics.
    pub known: Vec<Diagnostic>,
    /// Those of the baseline that are no longer there.
    pub resolved: Vec<Known>,
    /// Those of the baseline that are not asked for, there or not: they stay in it.
    pub others: Vec<Known>,
}

/// A baseline and the folder that its paths are relative to.
#[derive(Debug, Clone)]
pub struct Loaded {
    baseline: Baseline,
    folder: PathBuf,
}

impl Loaded {
    /// An empty baseline, to be written at `path`.
    #[must_use]
    pub fn empty(path: &Path) -> Self {
        let folder = folder_of(path);
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        Self { baseline: Baseline { schema_version: VERSION, ..Baseline::default() }, folder }
    }

    /// Reads the baseline at `path`.
    ///
    /// # Errors
    /// A file that cannot be read, is not a baseline, or is of a later version.
    pub fn read(path: &Path) -> Result<Self, BaselineError> {
        let baseline: Baseline = serde_json::from_str(&read_text(path, MOST).map_err(BaselineError::Unreadable)?)?;
        if baseline.schema_version != VERSION {
            return Err(BaselineError::Version(baseline.schema_version));
        }
        Ok(Self { baseline, ..Self::empty(path) })
    }

    /// Moves the gaps that are known out of the diagnostics of `report`, and tells those that are no longer there. A gap that a
    /// comment silences is neither new nor resolved. Those that `filter`, which is still to be applied, leaves out are noted.
    pub fn compare(&self, report: &mut DossierReport, filter: &Filter) {
        let recorded = self.baseline.dossiers.get(&self.key(&report.dossier.path)).map_or(&[][..], Vec::as_slice);
        let mut known: Vec<Option<&Known>> = recorded.iter().map(Some).collect();
        // where each gap is among them; the first of several is taken first
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, gap) in recorded.iter().enumerate().rev() {
            places.entry(gap.fingerprint.as_str()).or_default().push(at);
        }
        let mut take = |diagnostic: &Diagnostic| {
            if diagnostic.kind == Kind::Criterion {
                let own = (0..recorded.len()).filter(|&at| recorded[at].id == diagnostic.id);
                // what has become worse is not resolved either
                let own: Vec<&Known> = own.filter_map(|at| known[at].take()).collect();
                return own.iter().any(|gap| gap.covers(diagnostic));
            }
            let same = places.get_mut(diagnostic.fingerprint.as_str()).filter(|same| same.last().is_some_and(|&at| recorded[at].id == diagnostic.id));
            let place = same.and_then(Vec::pop);
            place.is_some_and(|at| known[at].take().is_some())
        };
        let (old, new): (Vec<Diagnostic>, Vec<Diagnostic>) = std::mem::take(&mut report.diagnostics).into_iter().partition(&mut take);
        for (diagnostic, _) in &report.suppressed {
            take(diagnostic);
        }
        report.diagnostics = new;
        let kept = |gap: &Known| filter.admits(&gap.id) || old.iter().any(|d| d.id == gap.id && filter.keeps(d, report.out_of_scope));
        let others = recorded.iter().filter(|gap| !kept(gap)).cloned().collect();
        report.compared = Some(Compared { known: old, resolved: known.into_iter().flatten().cloned().collect(), others });
    }

    /// Records the gaps of `reports`, those known already included, in the place of what was recorded of the same dossiers, but for
    /// what was not asked for. Of a dossier that could not be read whole, what was recorded stays. Dossiers that are no longer there are
    /// forgotten.
    pub fn record<'a>(&mut self, reports: impl IntoIterator<Item = &'a DossierReport>) {
        self.baseline.dossiers.retain(|path, _| self.folder.join(path).exists());
        for report in reports.into_iter().filter(|report| !report.partial) {
            let earlier = report.compared.iter().flat_map(|c| &c.known);
            let others = report.compared.iter().flat_map(|c| &c.others).cloned();
            let mut gaps: Vec<Known> = report.diagnostics.iter().chain(earlier).map(Known::of).chain(others).collect();
            gaps.sort();
            let key = self.key(&report.dossier.path);
            if gaps.is_empty() {
                self.baseline.dossiers.remove(&key);
            } else {
                self.baseline.dossiers.insert(key, gaps);
            }
        }
    }

    /// The file's content, indented, one gap a few lines, in an order that does not change: fit for version control.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.baseline).unwrap_or_default();
        text.push('\n');
        text
    }

    /// How many gaps it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.baseline.dossiers.values().map(Vec::len).sum()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The path of a dossier as the baseline knows it.
    fn key(&self, path: &str) -> String {
        let full = whole(Path::new(path));
        let relative = pathdiff::diff_paths(&full, &self.folder).unwrap_or(full);
        let parts: Vec<_> = relative.iter().map(std::ffi::OsStr::to_string_lossy).collect();
        if parts.is_empty() { ".".to_owned() } else { parts.join("/").replacen("//", "/", 1) }
    }
}

impl Known {
    /// Whether a gap in the same criterion is no worse than this one.
    fn covers(&self, diagnostic: &Diagnostic) -> bool {
        // that of a missing criterion is of no words of the text
        diagnostic.verdict != Some(Verdict::Missing) || self.fingerprint == diagnostic.fingerprint
    }

    fn of(diagnostic: &Diagnostic) -> Self {
        Self { id: diagnostic.id.clone(), fingerprint: diagnostic.fingerprint.clone(), message: diagnostic.message.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn written(report: &crate::diagnostics::Report) -> Loaded {
        let mut baseline = Loaded::empty(Path::new(FILE_NAME));
        baseline.record(&report.dossiers);
        baseline
    }

    #[test]
    fn what_is_recorded_is_known_and_what_went_is_resolved() {
        let mut report = testing::report();
        let baseline = written(&report);
        let all = report.dossiers[0].diagnostics.len();
        let gone = report.dossiers[0].diagnostics.remove(0);
        baseline.compare(&mut report.dossiers[0], &Filter::default());
        let compared = report.dossiers[0].compared.clone().unwrap();
        assert!(report.dossiers[0].diagnostics.is_empty());
        assert_eq!((compared.known.len(), compared.resolved.len()), (all - 1, 1));
        assert_eq!(compared.resolved[0].fingerprint, gone.fingerprint);
    }

    #[test]
    fn a_gap_known_once_and_there_twice_is_new_once() {
        let mut report = testing::report();
        let baseline = written(&report);
        let again = report.dossiers[0].diagnostics[0].clone();
        report.dossiers[0].diagnostics.push(again.clone());
        baseline.compare(&mut report.dossiers[0], &Filter::default());
        assert_eq!(report.dossiers[0].diagnostics, [again]);
    }

    #[test]
    fn recording_again_what_was_compared_changes_nothing() {
        let mut report = testing::report();
        let mut baseline = written(&report);
        let before = baseline.to_json();
        baseline.compare(&mut report.dossiers[0], &Filter::default());
        baseline.record(&report.dossiers[..1]);
        // dossiers that are not on the disk are forgotten, those of this run are not
        assert!(before.contains(&report.dossiers[0].dossier.path));
        assert_eq!(
            baseline.baseline.dossiers[&baseline.key(&report.dossiers[0].dossier.path)].len(),
            report.dossiers[0].compared.as_ref().unwrap().known.len()
        );
    }

    #[test]
    fn the_schema_is_fresh() {
        let schema = serde_json::to_value(schemars::schema_for!(Baseline)).unwrap();
        testing::assert_fresh("schema/baseline.schema.json", &format!("{schema:#}\n"));
    }
}
