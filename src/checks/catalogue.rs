//! The whole catalogue, ready to assess with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::engine::{Engine, PatternId};
use super::format::{Criterion, FactKind, Rule, Theme};
use super::plan::Plan;

/// A mistake in a check file, at its place.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{path}: {message}")]
pub struct CheckError {
    /// The file.
    pub path: String,
    /// Its content, for showing the place; empty when it could not be read.
    pub source_text: String,
    /// Bytes of the mistake in `source_text`.
    pub span: Option<std::ops::Range<usize>>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A list of patterns, one of which is enough.
pub type AnyOf = Vec<PatternId>;

/// The patterns of a criterion.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Compiled {
    /// Headings under which it would be expected.
    pub expected: AnyOf,
    /// On topic.
    pub topic: AnyOf,
    /// Not on topic.
    pub topic_not: AnyOf,
    /// By name: patterns, exclusions.
    pub pieces: BTreeMap<String, (AnyOf, AnyOf)>,
    /// One a [`super::format::Proof`].
    pub proofs: Vec<(AnyOf, AnyOf)>,
    /// One a [`super::format::Vague`].
    pub vagues: Vec<(AnyOf, AnyOf)>,
    /// Ways to set it aside.
    pub denial: AnyOf,
}

/// Criteria, rules, themes and the compiled patterns.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// In catalogue order.
    pub criteria: Vec<Criterion>,
    /// The patterns of each criterion.
    pub compiled: Vec<Compiled>,
    /// In catalogue order.
    pub rules: Vec<Rule>,
    /// The patterns of each rule, by name.
    pub rule_patterns: Vec<BTreeMap<String, AnyOf>>,
    /// In catalogue order.
    pub themes: Vec<Theme>,
    /// Heading patterns of each theme.
    pub theme_headings: Vec<AnyOf>,
    /// Patterns for detecting the process type and the scope, by name.
    pub detection: BTreeMap<String, AnyOf>,
    /// What `cadrage facts` draws from a dossier.
    pub facts: Vec<FactKind>,
    /// The plan of a dossier.
    pub plan: Plan,
    /// The words and patterns; laid out by themselves.
    #[serde(skip)]
    pub engine: Engine,
}

impl Catalogue {
    /// The criterion with this id.
    #[must_use]
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|c| c.id == id)
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }
}
