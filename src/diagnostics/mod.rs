//! What the tool has to say about a dossier: verdicts, diagnostics, and the passes that filter them.

pub mod baseline;
pub mod filter;
pub mod fingerprint;
pub mod fix;
pub mod suppression;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use crate::levels::{ProcessType, Severity, TypeSource, Verdict};

use crate::dossier::Dossier;
use crate::lang::Lang;
use crate::messages;
use crate::text::Span;

/// What a diagnostic is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A criterion of the catalogue, of the dossier as a whole.
    Criterion,
    /// A rule of the catalogue, at one place in the text.
    Rule,
    /// A suppression comment that is itself at fault.
    Suppression,
}

/// A secondary place with what it has to do with the diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there, or what lacks there; a few words.
    pub message: String,
}

/// A change that would repair the gap: text put in the place of the bytes of `span` (empty span: an insertion).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// The heading that goes before `text` where the section is new; fixes at one place that share it write it once.
    pub section: Option<String>,
    /// By what, in the line endings of the file.
    pub text: String,
    /// What the fix does, in a few words.
    pub title: String,
    /// Order among the fixes at one place: the section of the plan, the place within it.
    pub rank: (usize, usize),
}

impl Fix {
    /// Everything that the fix, applied by itself, writes.
    #[must_use]
    pub fn whole(&self) -> String {
        [self.section.as_deref().unwrap_or_default(), &self.text].concat()
    }
}

/// One thing to tell the author of a dossier, at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Id of the criterion, rule or suppression fault.
    pub id: String,
    /// What it is about.
    pub kind: Kind,
    /// How serious.
    pub severity: Severity,
    /// For a criterion: unclear or missing.
    pub verdict: Option<Verdict>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The passage concerned. For a missing criterion, where it would be expected.
    pub primary: Span,
    /// What to read at the primary span; a few words; may be empty.
    pub primary_label: String,
    /// Other places.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Option<String>,
    /// A wording that would do.
    pub example: Option<String>,
    /// What the criterion or rule rests on.
    pub references: Vec<String>,
    /// Identity that survives edits elsewhere in the dossier: 16 hexadecimal digits.
    pub fingerprint: String,
    /// A mechanical repair, where there is one.
    pub fix: Option<Fix>,
}

/// Passages that a rule, or a fault of comments, is reported for in a dossier, at most: who has corrected so many asks again.
pub(crate) const MOST_PASSAGES: usize = 1_000;

impl Diagnostic {
    /// Adds that there are others which are not reported: see [`MOST_PASSAGES`].
    pub(crate) fn tell_of_others(&mut self, lang: Lang) {
        let more = messages::MORE_OCCURRENCES.fill(lang, &[("most", &MOST_PASSAGES)]);
        self.message = format!("{} {more}", self.message);
    }

    /// What is wrong with what is to be read at the place, for a reader to whom the passage is not shown with its labels.
    #[must_use]
    pub fn told(&self) -> Cow<'_, str> {
        if self.primary_label.is_empty() {
            return (&self.message).into();
        }
        let (sentence, stop) = self.message.strip_suffix('.').map_or((self.message.as_str(), ""), |sentence| (sentence, "."));
        format!("{sentence} ({}){stop}", self.primary_label).into()
    }

    /// Puts diagnostics in the order in which they are told: by file, offset, id.
    pub fn sort(diagnostics: &mut [Self]) {
        diagnostics.sort_by(|a, b| (a.primary.file, a.primary.start, &a.id).cmp(&(b.primary.file, b.primary.start, &b.id)));
    }
}

/// Why a criterion is unclear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Stable identifier, in French kebab-case (`composition-absente`).
    pub id: String,
    /// The same for a reader (« composition absente »).
    pub label: String,
}

/// The verdict on one criterion, with what decided it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CriterionResult {
    /// Id in the catalogue.
    pub id: String,
    /// Title, in the language of the run.
    pub title: String,
    /// Theme (the id's first part).
    pub theme: String,
    /// Severity for the dossier's type; `None` where the type exempts.
    pub severity: Option<Severity>,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason given by the suppression comment that silences it.
    pub suppressed: Option<String>,
    /// Why it is unclear; empty otherwise.
    pub reasons: Vec<Reason>,
    /// The passages that decided, in order of the text.
    pub evidence: Vec<Span>,
}

/// Everything said of one dossier.
#[derive(Debug)]
pub struct DossierReport {
    /// The dossier, with its text.
    pub dossier: Dossier,
    /// Its process type.
    pub process_type: ProcessType,
    /// Where that came from.
    pub type_source: TypeSource,
    /// Whether it frames no participation: no criterion is then asked of it, and one rule speaks alone.
    pub out_of_scope: bool,
    /// One entry a criterion of the catalogue, in catalogue order; none applies when the dossier is out of scope.
    pub criteria: Vec<CriterionResult>,
    /// Sorted by file, offset, id.
    pub diagnostics: Vec<Diagnostic>,
    /// Diagnostics silenced by a suppression comment, each with the reason given.
    pub suppressed: Vec<(Diagnostic, String)>,
    /// How many gaps were not asked for, and are in none of these.
    pub left_out: usize,
    /// What the baseline knew of; `None` when the run has none.
    pub compared: Option<baseline::Compared>,
    /// Whether something of the dossier could not be read: what is not said of it may be there.
    pub partial: bool,
}

impl DossierReport {
    /// A report that says nothing yet of `dossier`.
    #[must_use]
    pub fn new(dossier: Dossier, process_type: ProcessType, type_source: TypeSource) -> Self {
        Self {
            dossier,
            process_type,
            type_source,
            out_of_scope: false,
            criteria: Vec::new(),
            diagnostics: Vec::new(),
            suppressed: Vec::new(),
            left_out: 0,
            compared: None,
            partial: false,
        }
    }
}

/// Something that went wrong with the run itself; it makes the exit status 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunError {
    /// The path concerned; empty when there is none.
    pub path: String,
    /// 1-based line concerned, where one is.
    pub line: Option<u32>,
    /// What went wrong, in one sentence.
    pub message: String,
}

/// The outcome of a run over one or more dossiers.
#[derive(Debug, Default)]
pub struct Report {
    /// In the order of the arguments.
    pub dossiers: Vec<DossierReport>,
    /// What could not be read or assessed.
    pub errors: Vec<RunError>,
}
