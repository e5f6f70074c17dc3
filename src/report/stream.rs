//! Reports written dossier by dossier, so that a run over an archive holds a few of them at a time: for people, for GitHub, JSON
//! and JSON Lines. The other formats begin with totals or end with an index, and are written whole.

use std::io::{self, Write};

use super::{Format, RenderOptions, Summary, github, human, json, jsonl};
use crate::checks::Catalogue;
use crate::diagnostics::{DossierReport, RunError};

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

/// Whether a report in `format` can be written dossier by dossier.
#[must_use]
pub fn streams(format: Format) -> bool {
    matches!(format, Format::Human | Format::Json | Format::Jsonl | Format::Github)
}

/// Writes what stands before the dossiers.
///
/// # Errors
/// When `out` cannot be written to.
pub fn opening(format: Format, out: &mut dyn Write) -> io::Result<()> {
    if format == Format::Json { json::opening(out) } else { Ok(()) }
}

/// What stands between two dossiers.
#[must_use]
pub fn separator(format: Format) -> &'static str {
    if format == Format::Json { "," } else { "" }
}

/// Writes one dossier.
///
/// # Errors
/// When `out` cannot be written to.
pub fn dossier(format: Format, report: &DossierReport, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => json::dossier(report, out),
        Format::Jsonl => jsonl::dossier(report, out),
        Format::Github => github::dossier(report, options, out),
        _ => human::dossier(report, catalogue, options, out),
    }
}

/// Writes what stands after the dossiers.
///
/// # Errors
/// When `out` cannot be written to.
pub fn closing(format: Format, totals: &Totals, errors: &[RunError], options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Json => json::closing(totals, errors, out),
        Format::Jsonl => Ok(()),
        Format::Github => github::errors(errors, out),
        _ => human::closing(totals, options, out),
    }
}

/// Writes a whole report of a format that can be written dossier by dossier.
pub(super) fn render(
    format: Format,
    reports: &[DossierReport],
    errors: &[RunError],
    catalogue: &Catalogue,
    options: &RenderOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    opening(format, out)?;
    for (at, report) in reports.iter().enumerate() {
        if at > 0 {
            out.write_all(separator(format).as_bytes())?;
        }
        dossier(format, report, catalogue, options, out)?;
    }
    closing(format, &Totals::of(reports), errors, options, out)
}
