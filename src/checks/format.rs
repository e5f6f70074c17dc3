//! The shape of the files of `checks/`. `checks/README.md` teaches it by example; the JSON Schema is made from these types.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::lang::{Lang, Text};
use crate::levels::{ProcessType, Severity, Verdict};

/// The theme in the id of a criterion or a rule: what stands before the first stop.
#[must_use]
pub fn theme_of(id: &str) -> &str {
    &id[..id.bytes().position(|byte| byte == b'.').unwrap_or(id.len())]
}

/// Whether `id` is one that a criterion or rule may have: `theme.name`. It names a file, and stands in options and comments.
#[must_use]
pub fn is_id(id: &str) -> bool {
    id.split_once('.').is_some_and(|(theme, name)| is_name(theme) && is_name(name))
}

/// Whether `name` is in kebab-case: words of lower-case ASCII letters and digits, a hyphen between two.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.split('-').all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
}

/// Severity of a criterion for a type of process: a level, or not applicable at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Good practice.
    Advice,
    /// The process is likely to fail some of its participants.
    Warning,
    /// The sincerity of the process is at stake.
    Error,
    /// The type of process exempts.
    NotApplicable,
}

impl Level {
    /// The severity, unless exempted.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Advice => Some(Severity::Advice),
            Self::Warning => Some(Severity::Warning),
            Self::Error => Some(Severity::Error),
            Self::NotApplicable => None,
        }
    }
}

/// What a criterion or a rule rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(with = "WrittenReference")]
pub struct Reference(pub Text);

/// How a reference is written in a file.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum WrittenReference {
    /// A title, the same in both languages.
    Title(String),
    /// What is said in each.
    Said(Text),
}

impl<'de> Deserialize<'de> for Reference {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // in the binary all are written in both languages
        if !deserializer.is_human_readable() {
            return Text::deserialize(deserializer).map(Self);
        }
        Ok(Self(match WrittenReference::deserialize(deserializer)? {
            WrittenReference::Title(title) => Text::same(title),
            WrittenReference::Said(said) => said,
        }))
    }
}

/// References in `lang`.
pub fn references_in(references: &[Reference], lang: Lang) -> impl ExactSizeIterator<Item = &str> {
    references.iter().map(move |reference| reference.0.get(lang))
}

/// One criterion: `checks/THEME/NAME.toml`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Criterion {
    /// `theme.name`, in French kebab-case.
    pub id: String,
    /// Place of the criterion within its theme.
    pub order: u32,
    /// How serious a gap is.
    pub severity: Level,
    /// Exceptions by type of process.
    #[serde(default)]
    pub severity_for: BTreeMap<ProcessType, Level>,
    /// Texts and standards the criterion rests on.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// A few words.
    pub title: Text,
    /// What the dossier must say, precisely enough.
    pub asks: Text,
    /// Why it matters.
    pub why: Text,
    /// The sentence shown when nothing is said of it.
    pub missing: Text,
    /// The sentence shown when it is spoken of, but vaguely.
    pub unclear: Text,
    /// What to write instead.
    pub help: Text,
    /// A wording that would do, with blanks to fill in square brackets.
    pub model: Text,
    /// Patterns of headings under which the criterion would be expected, the best first.
    #[serde(default)]
    pub expected: Vec<String>,
    /// What makes a sentence be about it.
    #[serde(default)]
    pub topic: Topic,
    /// What makes it precise, by name.
    #[serde(default)]
    pub piece: BTreeMap<String, Piece>,
    /// Sets of pieces; the topic with all the pieces of one set is satisfied.
    #[serde(default)]
    pub satisfied: Vec<Vec<String>>,
    /// Wordings that satisfy by themselves.
    #[serde(default)]
    pub satisfied_by: Vec<Proof>,
    /// Wordings that speak of it vaguely.
    #[serde(default)]
    pub unclear_by: Vec<Vague>,
    /// Modes of a sentence that do not disqualify it here (by default they do: see [`Mode`]).
    #[serde(default)]
    pub accept: Vec<Mode>,
    /// How to say that the criterion is set aside (« pas de … », « sans objet ») with a reason; patterns of the thing set aside.
    #[serde(default)]
    pub denial: Vec<String>,
    /// What a reasoned denial comes to; by default not applicable.
    #[serde(default)]
    pub denied: Option<Verdict>,
    /// Sentences with their verdict; the tests run them.
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
}

impl Criterion {
    /// How serious a gap is in a process of `process_type`.
    #[must_use]
    pub fn level(&self, process_type: ProcessType) -> Level {
        *self.severity_for.get(&process_type).unwrap_or(&self.severity)
    }
}

/// What makes a sentence be about a criterion.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// A sentence that matches one of these is on topic.
    #[serde(default)]
    pub any: Vec<String>,
    /// A sentence that matches one of these is not, whatever else it says (false friends).
    #[serde(default)]
    pub not: Vec<String>,
    /// Whether a sentence on topic that lacks pieces counts for nothing; it makes the criterion unclear by default.
    #[serde(default)]
    pub silent: bool,
}

/// How far from the topic a piece is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    /// The same sentence.
    Sentence,
    /// The same sentence, the next three, the one before in its block, what it introduces; for a heading, the next six, or the rows among four.
    #[default]
    Next,
    /// The same block, the ones before and after in the section, what it introduces; for a heading, everything up to the next one.
    Block,
    /// Everything under the same heading up to the next one; for a heading, what stands under those below it too.
    Section,
    /// Anywhere.
    Dossier,
}

/// Something that makes a topic precise.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Identifier of the reason given when it lacks, e.g. `composition-absente`.
    pub reason: String,
    /// The same for a reader, e.g. « composition absente ».
    pub lacks: Text,
    /// How far from the topic to look.
    #[serde(default)]
    pub within: Within,
    /// Patterns; one is enough.
    pub any: Vec<String>,
    /// A sentence that matches one of these holds no such piece.
    #[serde(default)]
    pub not: Vec<String>,
    /// How many different sentences or items must hold it (default 1).
    #[serde(default)]
    pub count: Option<u32>,
    /// Modes that do not disqualify this piece.
    #[serde(default)]
    pub accept: Vec<Mode>,
}

/// Wordings that satisfy by themselves.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// Patterns; one is enough.
    pub any: Vec<String>,
    /// False friends.
    #[serde(default)]
    pub not: Vec<String>,
    /// How many different sentences or items must match (default 1).
    #[serde(default)]
    pub count: Option<u32>,
    /// Modes that do not disqualify.
    #[serde(default)]
    pub accept: Vec<Mode>,
}

/// Wordings that speak of the criterion vaguely.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vague {
    /// Patterns; one is enough.
    pub any: Vec<String>,
    /// False friends.
    #[serde(default)]
    pub not: Vec<String>,
    /// Identifier of the reason.
    pub reason: String,
    /// The same for a reader.
    pub says: Text,
    /// Whether the wording counts against the criterion even where another passage satisfies it (a contradiction).
    #[serde(default)]
    pub overrides: bool,
}

/// A way of speaking that, unless accepted, keeps a sentence from being evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A hedge or a conditional (« pourra », « dans la mesure du possible »): unclear at best.
    Hedge,
    /// Put off (« sera précisé ultérieurement », « à définir »): unclear at best.
    Deferred,
    /// Denied (« aucun comité n'est prévu »): not evidence.
    Negation,
    /// An earlier process: not evidence.
    Past,
    /// The law or a doctrine quoted: not evidence.
    Law,
    /// Asked of a contractor (« le titulaire devra »): not evidence.
    Contractor,
    /// Without words of participation, under a heading on the project (its works, its cost, its site) or in a paragraph of works: not evidence.
    Project,
    /// A question: not evidence.
    Question,
    /// A heading: not evidence.
    Heading,
}

/// One rule: `checks/regles/NAME.toml`. What a rule looks for is in `src/assess/rules`; what is said of it is here.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `family.name`.
    pub id: String,
    /// Place in the list.
    pub order: u32,
    /// How serious an occurrence is.
    pub severity: Severity,
    /// Types of process in which the rule does not apply.
    #[serde(default)]
    pub not_for: Vec<ProcessType>,
    /// Texts and standards the rule rests on.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// A few words.
    pub title: Text,
    /// What it reports, and what not.
    pub reports: Text,
    /// Why it matters.
    pub why: Text,
    /// What to write instead.
    pub help: Text,
    /// The messages of the rule, by name, with `{blanks}`.
    #[serde(default)]
    pub message: BTreeMap<String, Text>,
    /// What the rule looks for, by name: lists of patterns, one of which is enough.
    #[serde(default)]
    pub pattern: BTreeMap<String, Vec<String>>,
    /// Documents with the text of each occurrence; the tests run them.
    #[serde(default, rename = "example")]
    pub examples: Vec<RuleExample>,
}

/// A text and the verdict it must get.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// The verdict on the criterion.
    pub verdict: Verdict,
    /// Markdown.
    pub text: String,
    /// Type of process assumed; one to which the criterion applies when silent.
    #[serde(default, rename = "type")]
    pub process_type: Option<ProcessType>,
    /// What the example is there to show: a false friend, a negation…
    #[serde(default)]
    pub trap: Option<String>,
}

/// A text and what the rule reports in it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleExample {
    /// Markdown.
    pub text: String,
    /// The words at each reported place, in order; none: nothing is reported.
    #[serde(default)]
    pub reported: Vec<String>,
    /// Type of process assumed.
    #[serde(default, rename = "type")]
    pub process_type: Option<ProcessType>,
}

/// A theme of the catalogue: an entry of `checks/themes.toml`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Theme {
    /// Identifier: the first part of its criteria's ids.
    pub id: String,
    /// A few words.
    pub title: Text,
    /// The question it answers.
    pub question: Text,
    /// Patterns of headings under which its criteria would be expected.
    pub headings: Vec<String>,
}

/// A line of `cadrage facts`: an entry of `checks/faits.toml`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FactKind {
    /// Identifier.
    pub id: String,
    /// A few words.
    pub title: Text,
    /// The criteria whose evidence tells it.
    pub criteria: Vec<String>,
}

/// A class of words or phrases: an entry of `checks/vocabulaire/*.toml`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// What the class holds, for the reader of the file.
    pub doc: String,
    /// Phrases, in the pattern language.
    pub any: Vec<String>,
}

/// Words that the code looks up one by one: an entry of `checks/vocabulaire/*.toml`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// What the list is for, for the reader of the file.
    pub doc: String,
    /// Single words, accents and capitals aside.
    pub any: Vec<String>,
}

/// One vocabulary file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// Classes by dotted name; `@instance` in a pattern stands for `instance` and every `instance.…`.
    #[serde(default)]
    pub class: BTreeMap<String, Class>,
    /// Lists of words by the names that the code knows: see [`super::engine::WORD_LISTS`].
    #[serde(default)]
    pub words: BTreeMap<String, Words>,
    /// Verbs to be conjugated: infinitive → model (see `inflect`), empty for a regular one.
    #[serde(default)]
    pub verbs: BTreeMap<String, String>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assert_fresh;

    #[test]
    fn an_id_is_a_theme_and_a_name() {
        assert!(["moyens.budget", "redaction.a-completer", "suites.delai-2"].into_iter().all(is_id));
        assert_eq!(
            ["", ".", "moyens", "moyens.", "../x", "a.b.c", "a.b/c", "a.B", "a.été", "a.-b", "a.b--c", "a_b.c", "a.b\n"].into_iter().find(|id| is_id(id)),
            None
        );
    }

    #[test]
    fn the_schemas_are_fresh() {
        let text = |schema: schemars::Schema| format!("{:#}\n", serde_json::to_value(schema).unwrap());
        assert_fresh("schema/criterion.schema.json", &text(schemars::schema_for!(Criterion)));
        assert_fresh("schema/rule.schema.json", &text(schemars::schema_for!(Rule)));
        assert_fresh("schema/vocabulary.schema.json", &text(schemars::schema_for!(Vocabulary)));
    }
}
