//! The whole catalogue, ready to assess with.

use super::format::{Criterion, Rule, Theme};

/// A mistake in a check file, at its place.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
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

/// Criteria, rules, themes and the compiled patterns.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// In catalogue order.
    pub criteria: Vec<Criterion>,
    /// In catalogue order.
    pub rules: Vec<Rule>,
    /// In catalogue order.
    pub themes: Vec<Theme>,
}
