//! The catalogue that ships with the tool, compiled by the build, and those that add to it.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::catalogue::{Catalogue, CheckError, Examples};
use super::compile::{File, compile};
use super::mistakes;
use crate::files::{MAX_SETTINGS_SIZE, read_text, refusal};
use crate::lang::Text;

// EMBEDDED: the files of `checks/`, path in the repository and content; ENGINE: the arrays of the engine, one after the other;
// LENGTHS: how long each is, so that none is touched that is not asked; WORDING_ENDS: where each text of WORDINGS ends.
include!(concat!(env!("OUT_DIR"), "/embedded.rs"));

/// The examples of the criteria and rules, which a check does without.
const EXAMPLES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/examples.bin"));
/// Criteria, rules, themes… as the build wrote them, without the texts for readers.
const TEXTS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/texts.bin"));
/// The texts for readers, which are read where they lie.
const WORDINGS: &str = include_str!(concat!(env!("OUT_DIR"), "/wordings.txt"));
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
        let mut out = if folders.is_empty() {
            embedded()?
        } else {
            let mut files = embedded_files();
            for folder in folders {
                files.extend(read_folder(folder)?);
            }
            compile(files)?
        };
        for (term, phrase) in phrases {
            let words: Vec<&str> = phrase.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            for name in term.classes() {
                let class = out.engine.lexicon.class(name);
                class.into_iter().for_each(|class| out.engine.add_phrase(class, &words));
            }
        }
        Ok(out)
    }
}

/// The files that the build has compiled.
fn embedded_files() -> Vec<File> {
    EMBEDDED.iter().map(|(path, text)| File { path: (*path).into(), text: (*text).into() }).collect()
}

/// What the build has compiled.
fn embedded() -> Result<Catalogue, CheckError> {
    let mut out: Catalogue = decoded(TEXTS)?;
    out.put_wordings(WORDINGS, &WORDING_ENDS);
    out.engine.lexicon.strings.text = Cow::Borrowed(STRINGS);
    out.engine.lexicon.classes.text = Cow::Borrowed(CLASSES);
    let mut rest: &'static [u32] = &ENGINE;
    for (array, length) in out.engine.arrays().into_iter().zip(LENGTHS) {
        let (own, others) = rest.split_at(length as usize);
        *array = Cow::Borrowed(own);
        rest = others;
    }
    Ok(out)
}

fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CheckError> {
    postcard::from_bytes(bytes).map_err(|error| CheckError::of("checks", Text::same(error)))
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
    use crate::annotate::{AnnotationCache, Annotations};
    use crate::dossier::{Dossier, Source};

    #[test]
    fn the_vocabulary_has_the_classes_that_words_of_ones_own_join() {
        let catalogue = Catalogue::builtin().unwrap();
        let mut classes = [AddedTerm::Acronym, AddedTerm::Institution].into_iter().flat_map(AddedTerm::classes);
        assert_eq!(classes.find(|name| catalogue.engine.lexicon.class(name).is_none()), None);
    }

    #[test]
    fn what_is_added_is_found_as_if_it_had_been_compiled() {
        let added = [(AddedTerm::Acronym, "ZAC"), (AddedTerm::Acronym, "S.D.A.G.E."), (AddedTerm::Institution, "Syndicat de l’eau du Bas-Rhône")];
        let added = [&added[..], &[(AddedTerm::Institution, "comité"), (AddedTerm::Institution, "de de"), (AddedTerm::Acronym, "’")]].concat();
        let extended = Catalogue::load_with(&[], &added).unwrap();
        let vocabulary = "
            [class]
            \"sigle.courant\" = { doc = \"\", any = [\"zac\", \"s d a g e\"] }
            \"acteur.autorite\" = { doc = \"\", any = [\"syndicat de l'eau du bas rhone\", \"comité\", \"de de\"] }
            exterieure = { doc = \"\", any = [\"syndicat de l'eau du bas rhone\", \"comité\", \"de de\"] }";
        let mut files = embedded_files();
        files.push(File { path: "checks/vocabulaire/cadrage.toml".into(), text: vocabulary.into() });
        let compiled = compile(files).unwrap();
        let text = "La ZAC, le SDAGE et le S.D.A.G.E. : le syndicat de l’eau du Bas-Rhône répondra aux habitants avant le 3 mai 2027.\n\n\
            - Les comités, et le comité de pilotage de de la ZAC\n- Le syndicat décide des ZAC du bas Rhône, avec les syndicats de l’eau du Bas-Rhône.\n";
        let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text: text.into() }]);
        let [plain, extended, compiled] = [Catalogue::builtin().unwrap(), extended, compiled].map(|catalogue| {
            let annotations = Annotations::new(&dossier, &catalogue.engine, &AnnotationCache::default());
            let sentences = 0..dossier.sentences.len() as u32;
            sentences.map(|id| (annotations.marks_of(id).collect::<Vec<_>>(), annotations.found_in(id).to_vec())).collect::<Vec<_>>()
        });
        assert_eq!(extended, compiled);
        assert_ne!(extended, plain);
    }

    #[test]
    fn years_are_listed_in_one_place() {
        let years = regex::Regex::new(r#"(20\d\d["|, ]+){3}"#).unwrap();
        let ageing = EMBEDDED.iter().filter(|(path, text)| years.is_match(text) && !path.ends_with("vocabulaire/temps.toml"));
        assert_eq!(ageing.map(|(path, _)| *path).collect::<Vec<_>>(), [""; 0]);
    }
}
