//! The plan of a dossier: its sections in a natural order, and what to write for each criterion. `cadrage new` and the fixes
//! are made from it.

use std::collections::BTreeMap;
use std::fmt::Write;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::format::{Criterion, Level, theme_of};
use crate::levels::ProcessType;

/// The plan of a dossier: `checks/plan.toml`. Dossiers are in French, whatever the language of messages.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Title of a new dossier, by type of process.
    #[serde(default)]
    pub title: BTreeMap<ProcessType, String>,
    /// In the order of the text.
    #[serde(default)]
    pub section: Vec<PlanSection>,
    /// What is written for a criterion instead of its model: by id, then by type of process.
    #[serde(default)]
    pub wording: BTreeMap<String, BTreeMap<ProcessType, String>>,
}

/// A section of the plan.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanSection {
    /// Its heading.
    pub heading: String,
    /// One line to whoever fills it in.
    pub guidance: String,
    /// The criteria settled there, in order.
    pub criteria: Vec<String>,
}

impl Plan {
    /// What to write for `criterion` in a dossier of `process_type`, with blanks in square brackets.
    #[must_use]
    pub fn wording<'a>(&'a self, criterion: &'a Criterion, process_type: ProcessType) -> &'a str {
        self.wording.get(&criterion.id).and_then(|by_type| by_type.get(&process_type)).map_or(&*criterion.model.fr, String::as_str)
    }

    /// A new dossier of `process_type`: front matter, title, each section with its guidance and the wording of the criteria
    /// that apply.
    #[must_use]
    pub fn dossier(&self, criteria: &[Criterion], process_type: ProcessType) -> String {
        let title = self.title.get(&process_type).map_or("", String::as_str);
        let mut out = format!("---\ntype: {}\n---\n\n# {title}\n", process_type.id());
        for section in &self.section {
            let applies = |c: &&Criterion| c.level(process_type) != Level::NotApplicable;
            let mut asked = section.criteria.iter().filter_map(|id| criteria.iter().find(|c| c.id == *id)).filter(applies).peekable();
            if asked.peek().is_none() {
                continue;
            }
            // a String is always written to
            let _ = write!(out, "\n## {}\n\n{}\n", section.heading, section.comment());
            for criterion in asked {
                let _ = write!(out, "\n{}\n", self.wording(criterion, process_type));
            }
        }
        out
    }

    /// The section where `criterion` is settled: the one that names it, else the last that holds one of its theme.
    #[must_use]
    pub fn section_of(&self, criterion: &str) -> Option<usize> {
        let theme = theme_of(criterion);
        let named = self.section.iter().position(|s| s.criteria.iter().any(|c| c == criterion));
        named.or_else(|| self.section.iter().rposition(|s| s.criteria.iter().any(|c| theme_of(c) == theme)))
    }
}

impl PlanSection {
    /// The guidance, as a comment that no reader of the published dossier sees.
    #[must_use]
    pub fn comment(&self) -> String {
        format!("<!-- {} -->", self.guidance)
    }
}
