//! Reports written dossier by dossier, so that a run over an archive holds a few of them at a time: for people, for GitHub, JSON
//! and JSON Lines. The other formats begin with totals or end with an index, and are written whole.

use std::io::{self, Write};

use super::tally::Totals;
use super::{RenderOptions, github, human, json, jsonl};
use crate::checks::Catalogue;
use crate::diagnostics::{DossierReport, RunError};

/// The formats that are written dossier by dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Streamed {
    /// [`super::Format::Human`].
    Human,
    /// [`super::Format::Json`].
    Json,
    /// [`super::Format::Jsonl`].
    Jsonl,
    /// [`super::Format::Github`].
    Github,
}

/// Writes what stands before the dossiers.
///
/// # Errors
/// When `out` cannot be written to.
pub fn opening(format: Streamed, out: &mut dyn Write) -> io::Result<()> {
    if format == Streamed::Json { json::opening(out) } else { Ok(()) }
}

/// What stands between two dossiers.
#[must_use]
pub fn separator(format: Streamed) -> &'static str {
    if format == Streamed::Json { "," } else { "" }
}

/// Writes one dossier.
///
/// # Errors
/// When `out` cannot be written to.
pub fn dossier(format: Streamed, report: &DossierReport, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Streamed::Json => json::dossier(report, out),
        Streamed::Jsonl => jsonl::dossier(report, out),
        Streamed::Github => github::dossier(report, options, out),
        Streamed::Human => human::dossier(report, catalogue, options, out),
    }
}

/// Writes what stands after the dossiers.
///
/// # Errors
/// When `out` cannot be written to.
pub fn closing(format: Streamed, totals: &Totals, errors: &[RunError], options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Streamed::Json => json::closing(totals, errors, out),
        Streamed::Jsonl => Ok(()),
        Streamed::Github => github::errors(errors, out),
        Streamed::Human => human::closing(totals, options, out),
    }
}

/// Writes a whole report.
pub(super) fn render(
    format: Streamed,
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
