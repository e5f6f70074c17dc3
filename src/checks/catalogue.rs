//! The whole catalogue, ready to assess with.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::format::{Class, Criterion, FactKind, Rule, Theme, Vocabulary};
use super::pattern::PatternError;
use super::plan::Plan;
use crate::annotate::engine::{Engine, PatternId};
use crate::annotate::entities::BUILTIN;
use crate::dossier::{MAX_SETTINGS_SIZE, read_text};

/// The files of `checks/`: path in the repository and content.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

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
#[derive(Debug, Default)]
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
#[derive(Debug, Default)]
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
    /// The words and patterns.
    pub engine: Engine,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Themes {
    theme: Vec<Theme>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    fact: Vec<FactKind>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Detection {
    pattern: BTreeMap<String, Vec<String>>,
}

/// A file of checks, read.
struct File {
    path: String,
    text: String,
}

impl Catalogue {
    /// The catalogue that ships with the tool.
    ///
    /// # Errors
    /// None in a released build: the tests load it.
    pub fn builtin() -> Result<Self, CheckError> {
        Self::load(&[])
    }

    /// The catalogue that ships with the tool, with the checks of `folders` added: a criterion, rule or theme of the same id
    /// replaces the earlier one, the classes of a vocabulary add up.
    ///
    /// # Errors
    /// The first mistake in a file, at its place.
    pub fn load(folders: &[PathBuf]) -> Result<Self, CheckError> {
        Self::load_with(folders, &[])
    }

    /// The same, with phrases added to classes of the vocabulary: (class, phrase). Their words are taken as they are, not as a
    /// pattern.
    ///
    /// # Errors
    /// The first mistake in a file, at its place.
    pub fn load_with(folders: &[PathBuf], phrases: &[(&str, &str)]) -> Result<Self, CheckError> {
        let mut files: Vec<File> = EMBEDDED.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() }).collect();
        for folder in folders {
            files.extend(read_folder(folder)?);
        }
        if !phrases.is_empty() {
            files.push(File { path: "checks/vocabulaire/cadrage.toml".into(), text: vocabulary(phrases)? });
        }
        Self::from_files(files)
    }

    /// A catalogue of the checks of `folder` alone.
    ///
    /// # Errors
    /// The first mistake in a file, at its place.
    pub fn from_folder(folder: &Path) -> Result<Self, CheckError> {
        Self::from_files(read_folder(folder)?)
    }

    /// A catalogue of these files of checks alone: path and content.
    ///
    /// # Errors
    /// The first mistake in a file, at its place.
    pub fn from_texts(files: impl IntoIterator<Item = (PathBuf, String)>) -> Result<Self, CheckError> {
        Self::from_files(files.into_iter().map(|(path, text)| File { path: path.display().to_string(), text }).collect())
    }

    fn from_files(files: Vec<File>) -> Result<Self, CheckError> {
        let mut loader = Loading::default();
        for file in files {
            loader.read(file)?;
        }
        loader.compile()
    }

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

/// Everything read, before compiling; each entry remembers its file for messages.
#[derive(Default)]
struct Loading {
    files: Vec<File>,
    vocabulary: Vec<(usize, Vocabulary)>,
    criteria: Vec<(usize, Criterion)>,
    rules: Vec<(usize, Rule)>,
    themes: Vec<(usize, Theme)>,
    detection: Vec<(usize, Detection)>,
    facts: Vec<FactKind>,
    plan: Plan,
    /// The criteria that a plan names, each with the file.
    planned: Vec<(usize, String)>,
}

impl Loading {
    fn read(&mut self, file: File) -> Result<(), CheckError> {
        let at = self.files.len();
        let folder = Path::new(&file.path).parent().and_then(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned());
        let name = Path::new(&file.path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        match (folder.as_deref(), name.as_str()) {
            (_, "themes.toml") => {
                let themes: Themes = parse(&file)?;
                for theme in themes.theme {
                    self.themes.retain(|(_, t)| t.id != theme.id);
                    self.themes.push((at, theme));
                }
            }
            (_, "faits.toml") => {
                let facts: Facts = parse(&file)?;
                self.facts.retain(|f| facts.fact.iter().all(|new| new.id != f.id));
                self.facts.extend(facts.fact);
            }
            (_, "plan.toml") => {
                let plan: Plan = parse(&file)?;
                let named = plan.section.iter().flat_map(|s| &s.criteria).chain(plan.wording.keys());
                self.planned.extend(named.map(|id| (at, id.clone())));
                self.plan.title.extend(plan.title);
                self.plan.section.retain(|s| plan.section.iter().all(|new| new.heading != s.heading));
                self.plan.section.extend(plan.section);
                self.plan.wording.extend(plan.wording);
            }
            (_, "detection.toml") => self.detection.push((at, parse(&file)?)),
            (Some("vocabulaire"), _) => self.vocabulary.push((at, parse(&file)?)),
            (Some("regles"), _) => {
                let rule: Rule = parse(&file)?;
                self.rules.retain(|(_, r)| r.id != rule.id);
                self.rules.push((at, rule));
            }
            _ => {
                let criterion: Criterion = parse(&file)?;
                self.criteria.retain(|(_, c)| c.id != criterion.id);
                self.criteria.push((at, criterion));
            }
        }
        self.files.push(file);
        Ok(())
    }

    fn compile(mut self) -> Result<Catalogue, CheckError> {
        let mut engine = Engine::default();
        for name in BUILTIN {
            engine.lexicon.add_class(name);
        }
        for (file, vocabulary) in &self.vocabulary {
            for (verb, model) in &vocabulary.verbs {
                engine.lexicon.add_verb(verb, model).map_err(|message| self.error(*file, verb, message))?;
            }
            for name in vocabulary.class.keys() {
                engine.lexicon.add_class(name);
            }
        }
        for (file, vocabulary) in &self.vocabulary {
            for (name, class) in &vocabulary.class {
                let id = engine.lexicon.add_class(name);
                for phrase in &class.any {
                    engine.add_class_phrase(id, phrase).map_err(|e| self.pattern_error(*file, phrase, &e))?;
                }
            }
        }
        let theme_order: Vec<String> = self.themes.iter().map(|(_, t)| t.id.clone()).collect();
        let rank = |id: &str| theme_order.iter().position(|t| id.split('.').next() == Some(t)).unwrap_or(theme_order.len());
        self.criteria.sort_by_key(|(_, c)| (rank(&c.id), c.order, c.id.clone()));
        self.rules.sort_by_key(|(_, r)| (r.order, r.id.clone()));
        self.know_planned()?;
        let mut out = Catalogue { engine, ..Catalogue::default() };
        for (file, criterion) in &self.criteria {
            let compiled = self.criterion(&mut out.engine, *file, criterion)?;
            out.compiled.push(compiled);
        }
        for (file, rule) in &self.rules {
            let mut named = BTreeMap::new();
            for (name, patterns) in &rule.pattern {
                named.insert(name.clone(), self.patterns(&mut out.engine, *file, patterns)?);
            }
            out.rule_patterns.push(named);
        }
        for (file, theme) in &self.themes {
            out.theme_headings.push(self.headings(&mut out.engine, *file, &theme.headings)?);
        }
        for (file, detection) in &self.detection {
            for (name, patterns) in &detection.pattern {
                let compiled = self.patterns(&mut out.engine, *file, patterns)?;
                out.detection.entry(name.clone()).or_default().extend(compiled);
            }
        }
        out.engine.finish().map_err(|class| CheckError {
            path: "checks/vocabulaire".into(),
            source_text: String::new(),
            span: None,
            message: format!("class @{class} refers to itself"),
            help: None,
        })?;
        out.facts = self.facts;
        out.plan = self.plan;
        out.criteria = self.criteria.into_iter().map(|(_, c)| c).collect();
        out.rules = self.rules.into_iter().map(|(_, r)| r).collect();
        out.themes = self.themes.into_iter().map(|(_, t)| t).collect();
        Ok(out)
    }

    /// Every criterion that a plan names must exist.
    fn know_planned(&self) -> Result<(), CheckError> {
        let unknown = self.planned.iter().find(|(_, id)| self.criteria.iter().all(|(_, c)| c.id != *id));
        let Some((file, id)) = unknown else { return Ok(()) };
        let help = crate::text::distance::nearest(id, self.criteria.iter().map(|(_, c)| c.id.as_str())).map(|n| format!("did you mean « {n} »?"));
        Err(CheckError { help, ..self.error(*file, id, format!("no criterion « {id} »")) })
    }

    /// Patterns of headings.
    fn headings(&self, engine: &mut Engine, file: usize, patterns: &[String]) -> Result<AnyOf, CheckError> {
        self.patterns(engine, file, &patterns.iter().map(|p| format!("# {p}")).collect::<Vec<_>>())
    }

    fn patterns(&self, engine: &mut Engine, file: usize, patterns: &[String]) -> Result<AnyOf, CheckError> {
        patterns.iter().map(|p| engine.add_pattern(p).map_err(|e| self.pattern_error(file, p, &e))).collect()
    }

    fn criterion(&self, engine: &mut Engine, file: usize, criterion: &Criterion) -> Result<Compiled, CheckError> {
        let mut list = |patterns: &[String]| self.patterns(engine, file, patterns);
        let mut out = Compiled {
            expected: list(&criterion.expected.iter().map(|p| format!("# {p}")).collect::<Vec<_>>())?,
            topic: list(&criterion.topic.any)?,
            topic_not: list(&criterion.topic.not)?,
            denial: list(&criterion.denial)?,
            ..Compiled::default()
        };
        for (name, piece) in &criterion.piece {
            out.pieces.insert(name.clone(), (list(&piece.any)?, list(&piece.not)?));
        }
        for proof in &criterion.satisfied_by {
            out.proofs.push((list(&proof.any)?, list(&proof.not)?));
        }
        for vague in &criterion.unclear_by {
            out.vagues.push((list(&vague.any)?, list(&vague.not)?));
        }
        for name in criterion.satisfied.iter().flatten() {
            if !criterion.piece.contains_key(name) {
                let help = crate::text::distance::nearest(name, criterion.piece.keys().map(String::as_str)).map(|n| format!("did you mean « {n} »?"));
                let mut error = self.error(file, name, format!("no piece named « {name} » in this criterion"));
                error.help = help;
                return Err(error);
            }
        }
        Ok(out)
    }

    /// An error shown at the first occurrence of `needle` in the file.
    fn error(&self, file: usize, needle: &str, message: String) -> CheckError {
        let file = &self.files[file];
        let span = file.text.find(needle).map(|at| at..at + needle.len());
        CheckError { path: file.path.clone(), source_text: file.text.clone(), span, message, help: None }
    }

    fn pattern_error(&self, file: usize, pattern: &str, error: &PatternError) -> CheckError {
        let mut out = self.error(file, pattern, format!("{} in the pattern « {pattern} »", error.message));
        if let Some(span) = &mut out.span {
            span.start += error.at.min(pattern.len());
            span.end = span.end.max(span.start);
        }
        out
    }
}

/// A vocabulary file that adds `phrases` to their classes.
fn vocabulary(phrases: &[(&str, &str)]) -> Result<String, CheckError> {
    let mut class: BTreeMap<&str, Class> = BTreeMap::new();
    for (name, phrase) in phrases {
        let words: Vec<&str> = phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let added = class.entry(name).or_insert_with(|| Class { doc: String::new(), any: Vec::new() });
        added.any.extend((!words.is_empty()).then(|| words.join(" ")));
    }
    let tables = BTreeMap::from([("class", class)]);
    toml::to_string(&tables).map_err(|error| CheckError {
        path: "cadrage.toml".into(),
        source_text: String::new(),
        span: None,
        message: error.to_string(),
        help: None,
    })
}

fn parse<T: for<'de> Deserialize<'de>>(file: &File) -> Result<T, CheckError> {
    toml::from_str(&file.text).map_err(|error| CheckError {
        path: file.path.clone(),
        source_text: file.text.clone(),
        span: error.span(),
        message: error.message().to_owned(),
        help: None,
    })
}

fn read_folder(folder: &Path) -> Result<Vec<File>, CheckError> {
    let mut paths = Vec::new();
    collect(folder, &mut paths).map_err(|e| unreadable(folder, &e))?;
    paths.sort();
    if paths.is_empty() {
        return Err(CheckError {
            path: folder.display().to_string(),
            source_text: String::new(),
            span: None,
            message: "no check file (.toml) in this folder".into(),
            help: None,
        });
    }
    paths.iter().map(|path| Ok(File { path: path.display().to_string(), text: read_text(path, MAX_SETTINGS_SIZE).map_err(|e| unreadable(path, &e))? })).collect()
}

fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        // a linked folder may be one of those above
        if entry.file_type()?.is_dir() {
            collect(&path, out)?;
        } else if path.extension().is_some_and(|e| e == "toml") {
            out.push(path);
        }
    }
    Ok(())
}

fn unreadable(path: &Path, error: &std::io::Error) -> CheckError {
    CheckError { path: path.display().to_string(), source_text: String::new(), span: None, message: error.to_string(), help: None }
}
