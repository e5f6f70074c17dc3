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
use std::str::FromStr;

pub(crate) use escape::markdown;
pub(crate) use plain::{clip, is_command, opening, pad_right, visible, visible_in_place, width, wrap};
pub use tally::{Summary, Totals};
pub(crate) use tally::{overall, themes};

use stream::Streamed;

use crate::checks::Catalogue;
use crate::diagnostics::Report;
use crate::diagnostics::filter::{FailOn, Selection};
use crate::lang::Lang;
use crate::levels::UnknownName;

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// Every one.
    pub const ALL: [Self; 9] = [Self::Human, Self::Json, Self::Jsonl, Self::Sarif, Self::Github, Self::Gitlab, Self::Junit, Self::Markdown, Self::Html];

    /// The name used in options.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Markdown => "markdown",
            Self::Html => "html",
        }
    }

    /// How it is written dossier by dossier, where it can be.
    #[must_use]
    pub fn streamed(self) -> Option<Streamed> {
        match self.way() {
            Way::Streamed(streamed) => Some(streamed),
            Way::Whole(_) => None,
        }
    }

    fn way(self) -> Way {
        match self {
            Self::Human => Way::Streamed(Streamed::Human),
            Self::Json => Way::Streamed(Streamed::Json),
            Self::Jsonl => Way::Streamed(Streamed::Jsonl),
            Self::Github => Way::Streamed(Streamed::Github),
            Self::Sarif => Way::Whole(sarif::render),
            Self::Gitlab => Way::Whole(|report, _, _, out| gitlab::render(report, out)),
            Self::Junit => Way::Whole(|report, _, options, out| junit::render(report, options, out)),
            Self::Markdown => Way::Whole(markdown::render),
            Self::Html => Way::Whole(html::render),
        }
    }

    /// Whether it tells what a fix would write.
    #[must_use]
    pub fn holds_fixes(self) -> bool {
        matches!(self, Self::Json | Self::Jsonl | Self::Sarif)
    }
}

impl FromStr for Format {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|format| format.id() == name).ok_or(UnknownName)
    }
}

/// How a format is written.
enum Way {
    /// Dossier by dossier.
    Streamed(Streamed),
    /// By a function of the whole report.
    Whole(fn(&Report, &Catalogue, &RenderOptions, &mut dyn Write) -> io::Result<()>),
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
    /// The command that shows everything.
    pub unabridged: String,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            lang: Lang::Fr,
            color: false,
            width: 80,
            verbose: false,
            quiet: false,
            pages: None,
            fail_on: FailOn::default(),
            selection: Selection::default(),
            unabridged: "cadrage check --verbose".to_owned(),
        }
    }
}

/// Writes `report` to `out` in `format`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn render(format: Format, report: &Report, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    match format.way() {
        Way::Streamed(streamed) => stream::render(streamed, &report.dossiers, &report.errors, catalogue, options, out),
        Way::Whole(render) => render(report, catalogue, options, out),
    }
}
