//! From a report to bytes: one file a format, each a pure function of its inputs.

mod escape;
mod github;
mod gitlab;
mod html;
mod human;
pub mod json;
mod jsonl;
mod junit;
mod markdown;
mod plain;
mod sarif;
pub mod stream;
mod tally;

use std::io::{self, Write};

pub(crate) use escape::markdown;
pub(crate) use plain::{clip, is_command, pad_right, visible, width, wrap};
pub use tally::Summary;
pub(crate) use tally::{overall, themes};

use crate::checks::Catalogue;
use crate::diagnostics::Report;
use crate::diagnostics::filter::{FailOn, Selection};
use crate::lang::Lang;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Format {
    /// Annotated diagnostics for a terminal.
    Human,
    /// One JSON document.
    Json,
    /// One diagnostic a line, in JSON.
    Jsonl,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Annotations of GitHub Actions.
    Github,
    /// Code Quality of GitLab.
    Gitlab,
    /// JUnit XML, for the test reports of CI systems.
    Junit,
    /// Markdown, for the comment of a pull request.
    Markdown,
    /// One self-contained page.
    Html,
}

impl Format {
    /// Whether it tells what a fix would write.
    #[must_use]
    pub fn holds_fixes(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl | Self::Sarif)
    }
}

/// What a report depends on besides what it reports.
#[derive(Debug, Clone)]
pub struct RenderOptions {
    /// Language of the reader.
    pub lang: Lang,
    /// Colours, for a terminal.
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Everything, unabridged.
    pub verbose: bool,
    /// The verdict of each dossier and nothing else.
    pub quiet: bool,
    /// Address of the page of a criterion or rule, `{id}` standing for it, where there are such pages and `color` may be links.
    pub pages: Option<String>,
    /// From which severity a gap is a failure.
    pub fail_on: FailOn,
    /// What the run was about: the summaries for people count nothing else.
    pub selection: Selection,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { lang: Lang::Fr, color: false, width: 80, verbose: false, quiet: false, pages: None, fail_on: FailOn::default(), selection: Selection::default() }
    }
}

/// Writes `report` to `out` in `format`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn render(format: Format, report: &Report, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Human | Format::Json | Format::Jsonl | Format::Github => stream::render(format, &report.dossiers, &report.errors, catalogue, options, out),
        Format::Sarif => sarif::render(report, catalogue, options, out),
        Format::Gitlab => gitlab::render(report, out),
        Format::Junit => junit::render(report, options, out),
        Format::Markdown => markdown::render(report, catalogue, options, out),
        Format::Html => html::render(report, catalogue, options, out),
    }
}
