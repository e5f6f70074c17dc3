//! The scales that checks, configurations and reports share: severities, verdicts, types of process. Their names are the same in all.

use std::str::FromStr;

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

/// Where the process type was found; the first of them that says one wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TypeSource {
    /// `--type` on the command line.
    Option,
    /// `type:` in the front matter.
    FrontMatter,
    /// `type` in `cadrage.toml`.
    Config,
    /// Recognised from the text.
    Detected,
    /// Nothing said, nothing recognised: `autre`.
    Default,
}

/// A name that is none of those of the scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownName;

impl Severity {
    /// Every one, the gravest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Advice];

    /// The name used in options, front matter, configuration and reports.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

impl FromStr for Severity {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|severity| severity.id() == name).ok_or(UnknownName)
    }
}

impl Verdict {
    /// Every one, in the order of the columns of a table.
    pub const ALL: [Self; 4] = [Self::Satisfied, Self::Unclear, Self::Missing, Self::NotApplicable];

    /// Whether the verdict is a gap: unclear or missing.
    #[must_use]
    pub const fn is_gap(self) -> bool {
        matches!(self, Self::Unclear | Self::Missing)
    }

    /// A sign that stands for it where there is no room for a word, or beside one.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Satisfied => "✓",
            Self::Unclear => "≈",
            Self::Missing => "✗",
            Self::NotApplicable => "–",
        }
    }
}

impl ProcessType {
    /// Every one, in the order of the catalogue.
    pub const ALL: [Self; 6] =
        [Self::ConventionCitoyenne, Self::AtelierCitoyen, Self::ConsultationEnLigne, Self::ConcertationPrealable, Self::BudgetParticipatif, Self::Autre];

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

impl FromStr for ProcessType {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|process_type| process_type.id() == name).ok_or(UnknownName)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_those_that_files_hold() {
        for severity in Severity::ALL {
            assert_eq!((serde_json::to_value(severity).unwrap(), severity.id().parse()), (severity.id().into(), Ok(severity)));
        }
        for process_type in ProcessType::ALL {
            assert_eq!((serde_json::to_value(process_type).unwrap(), process_type.id().parse()), (process_type.id().into(), Ok(process_type)));
        }
    }
}
