//! The whole catalogue, ready to assess with.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::compile::File;
use super::engine::{AnyOf, Engine};
use super::format::{Criterion, Example, FactKind, Rule, RuleExample, Theme, theme_of};
use super::plan::Plan;
use crate::lang::{Lang, Text};

/// A mistake in a check file, at its place.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{path}: {}", .message.en)]
pub struct CheckError {
    /// The file.
    pub path: String,
    /// Its content, for showing the place; empty when it could not be read.
    pub source_text: String,
    /// Bytes of the mistake in `source_text`.
    pub span: Option<std::ops::Range<usize>>,
    /// What is wrong, in one sentence.
    pub message: Box<Text>,
    /// What to do about it.
    pub help: Option<Box<Text>>,
}

impl CheckError {
    /// What is wrong with the file or folder at `path` as a whole.
    #[must_use]
    pub fn of(path: impl Into<String>, message: Text) -> Self {
        Self { path: path.into(), source_text: String::new(), span: None, message: Box::new(message), help: None }
    }

    /// What is wrong at some bytes of `text`, the content of the file at `path`.
    #[must_use]
    pub fn at(path: &str, text: &str, span: Option<std::ops::Range<usize>>, message: Text) -> Self {
        Self { source_text: text.to_owned(), span, ..Self::of(path, message) }
    }

    /// 1-based line of the mistake.
    #[must_use]
    pub fn line(&self) -> Option<u32> {
        let before = self.source_text.get(..self.span.as_ref()?.start)?;
        Some(1 + before.matches('\n').count() as u32)
    }
}

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

/// The examples of a catalogue, in its order.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Examples {
    /// Of each criterion.
    pub criteria: Vec<Vec<Example>>,
    /// Of each rule.
    pub rules: Vec<Vec<RuleExample>>,
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
    /// The file of each rule, for messages; of those that ship with the tool alone, none.
    #[serde(skip)]
    pub rule_files: Vec<File>,
    /// In catalogue order.
    pub themes: Vec<Theme>,
    /// Heading patterns of each theme.
    pub theme_headings: Vec<AnyOf>,
    /// The criteria that only a framing document satisfies in number, by their places in `criteria`.
    pub telling: Vec<usize>,
    /// Patterns for detecting the process type and the scope, by name.
    pub detection: BTreeMap<String, AnyOf>,
    /// Their files, for messages; of those that ship with the tool alone, none.
    #[serde(skip)]
    pub detection_files: Vec<File>,
    /// What `cadrage facts` draws from a dossier.
    pub facts: Vec<FactKind>,
    /// The plan of a dossier.
    pub plan: Plan,
    /// The words and patterns; laid out by themselves.
    #[serde(skip)]
    pub engine: Engine,
}

impl Catalogue {
    /// Takes out what a check does without once it is compiled: the texts of the patterns, then the examples, which are returned.
    pub fn lighten(&mut self) -> Examples {
        for criterion in &mut self.criteria {
            criterion.expected.clear();
            criterion.denial.clear();
            (criterion.topic.any, criterion.topic.not) = Default::default();
            criterion.piece.values_mut().for_each(|piece| (piece.any, piece.not) = Default::default());
            criterion.satisfied_by.iter_mut().for_each(|proof| (proof.any, proof.not) = Default::default());
            criterion.unclear_by.iter_mut().for_each(|vague| (vague.any, vague.not) = Default::default());
        }
        self.rules.iter_mut().for_each(|rule| rule.pattern.clear());
        self.themes.iter_mut().for_each(|theme| theme.headings.clear());
        let criteria = self.criteria.iter_mut().map(|criterion| std::mem::take(&mut criterion.examples)).collect();
        let rules = self.rules.iter_mut().map(|rule| std::mem::take(&mut rule.examples)).collect();
        Examples { criteria, rules }
    }

    /// The texts for readers, of which most are read in no check: each in French, then in English, in an order that is always the same.
    fn wordings(&mut self) -> impl Iterator<Item = &mut Cow<'static, str>> {
        let criteria = self.criteria.iter_mut().flat_map(|criterion| {
            let Criterion { title, asks, why, missing, unclear, help, model, references, piece, unclear_by, .. } = criterion;
            let own = [title, asks, why, missing, unclear, help, model].into_iter();
            let named = piece.values_mut().map(|piece| &mut piece.lacks).chain(unclear_by.iter_mut().map(|vague| &mut vague.says));
            own.chain(references.iter_mut().map(|reference| &mut reference.0)).chain(named)
        });
        let rules = self.rules.iter_mut().flat_map(|rule| {
            let Rule { title, reports, why, help, references, message, .. } = rule;
            [title, reports, why, help].into_iter().chain(references.iter_mut().map(|reference| &mut reference.0)).chain(message.values_mut())
        });
        criteria.chain(rules).flat_map(|Text { fr, en }| [fr, en])
    }

    /// Takes the texts for readers out: one after the other, and where each ends.
    pub fn take_wordings(&mut self) -> (String, Vec<u32>) {
        let (mut all, mut ends) = (String::new(), Vec::new());
        for wording in self.wordings() {
            all.push_str(&std::mem::take(wording));
            ends.push(all.len() as u32);
        }
        (all, ends)
    }

    /// Puts back what [`Self::take_wordings`] took out.
    pub fn put_wordings(&mut self, all: &'static str, ends: &[u32]) {
        let mut start = 0;
        for (wording, end) in self.wordings().zip(ends) {
            *wording = Cow::Borrowed(&all[start..*end as usize]);
            start = *end as usize;
        }
    }

    /// The criterion with this id.
    #[must_use]
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|c| c.id == id)
    }

    /// The title of the criterion or rule with this id.
    #[must_use]
    pub fn title(&self, id: &str, lang: Lang) -> Option<&str> {
        let title = self.criterion(id).map(|c| &c.title).or_else(|| self.rule(id).map(|r| &r.title));
        title.map(|title| title.get(lang))
    }

    /// The theme that an id belongs to, where it is one of the catalogue's.
    #[must_use]
    pub fn theme(&self, id: &str) -> Option<&Theme> {
        self.themes.iter().find(|theme| theme.id == theme_of(id))
    }

    /// Every id: criteria, then rules.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.criteria.iter().map(|c| c.id.as_str()).chain(self.rules.iter().map(|r| r.id.as_str()))
    }

    /// The rule with this id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }
}
