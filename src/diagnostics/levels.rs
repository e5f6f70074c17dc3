//! The scales of a verdict, in which checks are written too.

use serde::{Deserialize, Serialize};

/// How serious a gap is. Ordered: `Advice < Warning < Error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good practice.
    Advice,
    /// The process is likely to fail some of its participants.
    Warning,
    /// The sincerity of the process is at stake.
    Error,
}

/// What is said of a criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The dossier says it, precisely enough to hold someone to it.
    Satisfied,
    /// The dossier speaks of it, not precisely enough.
    Unclear,
    /// The dossier does not speak of it.
    Missing,
    /// The process type exempts it, or the dossier sets it aside and says why.
    NotApplicable,
}

/// The process types of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProcessType {
    /// A panel drawn by lot deliberates.
    ConventionCitoyenne,
    /// Workshops, one to a few days.
    AtelierCitoyen,
    /// Open online contributions.
    ConsultationEnLigne,
    /// Regulated or project consultation.
    ConcertationPrealable,
    /// Residents propose and vote projects within an envelope.
    BudgetParticipatif,
    /// None of these, or several.
    Autre,
}

impl ProcessType {
    /// The name used in options, front matter and configuration.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::ConventionCitoyenne => "convention-citoyenne",
            Self::AtelierCitoyen => "atelier-citoyen",
            Self::ConsultationEnLigne => "consultation-en-ligne",
            Self::ConcertationPrealable => "concertation-prealable",
            Self::BudgetParticipatif => "budget-participatif",
            Self::Autre => "autre",
        }
    }
}

impl Verdict {
    /// Whether the verdict is a gap: unclear or missing.
    #[must_use]
    pub fn is_gap(self) -> bool {
        matches!(self, Self::Unclear | Self::Missing)
    }
}
