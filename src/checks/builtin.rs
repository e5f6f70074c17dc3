//! The catalogue that ships with the tool, compiled by the build, and those that add to it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::catalogue::{Catalogue, CheckError, Examples};
use super::compile::{File, compile};
use super::format::Class;
use super::mistakes;
use crate::files::{MAX_SETTINGS_SIZE, read_text, refusal};
use crate::lang::Text;

// EMBEDDED: the files of `checks/`, path in the repository and content; ENGINE: the arrays of the engine, each after its length.
include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The examples of the criteria and rules, which a check does without.
const EXAMPLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/examples.bin"));
/// Criteria, rules, themes… as the build wrote them.
const TEXTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/texts.bin"));
/// The strings of the lexicon.
const STRINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/strings.txt"));
/// The names of the classes.
const CLASSES: &str = include_str!(concat!(env!("OUT_DIR"), "/classes.txt"));

/// What a team adds to the vocabulary without a file of checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddedTerm {
    /// An acronym that need not be spelled out.
    Acronym,
    /// A body that is presented elsewhere, and can decide, steer or answer.
    Institution,
}

impl AddedTerm {
    /// The classes that it joins.
    #[must_use]
    pub const fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Acronym => &["sigle.courant"],
            Self::Institution => &["acteur.autorite", "exterieure"],
        }
    }
}

impl Catalogue {
    /// The catalogue that ships with the tool.
    ///
    /// # Errors
    /// None in a released build: the tests load it.
    pub fn builtin() -> Result<Self, CheckError> {
        Self::load_with(&[], &[])?.with_examples()
    }

    /// The examples of the checks that ship with the tool, where they were left out.
    ///
    /// # Errors
    /// None in a released build: the tests load them.
    pub fn with_examples(mut self) -> Result<Self, CheckError> {
        // those of a catalogue made of files are there
        if self.criteria.iter().all(|criterion| criterion.examples.is_empty()) {
            let examples: Examples = decoded(EXAMPLES)?;
            self.criteria.iter_mut().zip(examples.criteria).for_each(|(criterion, own)| criterion.examples = own);
            self.rules.iter_mut().zip(examples.rules).for_each(|(rule, own)| rule.examples = own);
        }
        Ok(self)
    }

    /// The same without the examples, with the checks of `folders` added: a criterion, rule or theme of the same id replaces the
    /// earlier one, the classes of a vocabulary add up. The words of `phrases` are taken as they are, not as a pattern.
    ///
    /// # Errors
    /// The first mistake in a file, at its place.
    pub fn load_with(folders: &[PathBuf], phrases: &[(AddedTerm, &str)]) -> Result<Self, CheckError> {
        if folders.is_empty() && phrases.is_empty() {
            return embedded();
        }
        let mut files: Vec<File> = EMBEDDED.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() }).collect();
        for folder in folders {
            files.extend(read_folder(folder)?);
        }
        if !phrases.is_empty() {
            files.push(File { path: "checks/vocabulaire/cadrage.toml".into(), text: vocabulary(phrases)? });
        }
        compile(files)
    }
}

/// What the build has compiled.
fn embedded() -> Result<Catalogue, CheckError> {
    let mut out: Catalogue = decoded(TEXTS)?;
    out.engine.lexicon.strings.text = Cow::Borrowed(STRINGS);
    out.engine.lexicon.classes.text = Cow::Borrowed(CLASSES);
    let mut rest: &'static [u32] = &ENGINE;
    for array in out.engine.arrays() {
        let Some((&length, after)) = rest.split_first() else { break };
        let (own, others) = after.split_at(length as usize);
        *array = Cow::Borrowed(own);
        rest = others;
    }
    Ok(out)
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CheckError> {
    postcard::from_bytes(bytes).map_err(|error| CheckError::of("checks", Text::same(error)))
}

/// A vocabulary file that adds `phrases` to their classes.
fn vocabulary(phrases: &[(AddedTerm, &str)]) -> Result<String, CheckError> {
    let mut class: BTreeMap<&str, Class> = BTreeMap::new();
    for (name, phrase) in phrases.iter().flat_map(|(term, phrase)| term.classes().iter().map(move |name| (*name, *phrase))) {
        let words: Vec<&str> = phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        let added = class.entry(name).or_insert_with(|| Class { doc: String::new(), any: Vec::new() });
        added.any.extend((!words.is_empty()).then(|| words.join(" ")));
    }
    let tables = BTreeMap::from([("class", class)]);
    toml::to_string(&tables).map_err(|error| CheckError::of("cadrage.toml", Text::same(error)))
}

fn read_folder(folder: &Path) -> Result<Vec<File>, CheckError> {
    let wrong = |path: &Path, what: Text| CheckError::of(path.display().to_string(), what);
    let mut paths = Vec::new();
    collect(folder, &mut paths).map_err(|error| wrong(folder, refusal(&error)))?;
    paths.sort();
    if paths.is_empty() {
        return Err(wrong(folder, mistakes::NO_CHECKS.both(&[])));
    }
    let text = |path: &Path| read_text(path, MAX_SETTINGS_SIZE).map_err(|what| wrong(path, what));
    paths.iter().map(|path| Ok(File { path: path.display().to_string(), text: text(path)? })).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_has_the_classes_that_words_of_ones_own_join() {
        let catalogue = Catalogue::builtin().unwrap();
        let mut classes = [AddedTerm::Acronym, AddedTerm::Institution].into_iter().flat_map(AddedTerm::classes);
        assert_eq!(classes.find(|name| catalogue.engine.lexicon.class(name).is_none()), None);
    }

    #[test]
    fn years_are_listed_in_one_place() {
        let years = regex::Regex::new(r#"(20\d\d["|, ]+){3}"#).unwrap();
        let ageing = EMBEDDED.iter().filter(|(path, text)| years.is_match(text) && !path.ends_with("vocabulaire/temps.toml"));
        assert_eq!(ageing.map(|(path, _)| *path).collect::<Vec<_>>(), [""; 0]);
    }
}
