//! What dossiers are assessed with: a catalogue, a configuration, and what is asked over it. The command line and the language
//! server share it, so that they say the same.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::assess::facts::{Facts, facts};
use crate::assess::{Memory, Options, assess_after, idle, rules, scope};
use crate::checks::{Catalogue, CheckError, theme_of};
use crate::config::{Loaded, front_matter};
use crate::diagnostics::baseline::{self, BaselineError};
use crate::diagnostics::filter::{Filter, Layer, Selection, covers};
use crate::diagnostics::{DossierReport, ProcessType, Severity, TypeSource, suppression};
use crate::dossier::Dossier;
use crate::lang::{Lang, Text};
use crate::messages;
use crate::text::distance::nearest;

/// What is asked over the configuration: the options of a command.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Reported only.
    pub select: Vec<String>,
    /// Not reported.
    pub ignore: Vec<String>,
    /// Severities by id or theme.
    pub severities: Vec<(String, Severity)>,
    /// Type of process.
    pub process_type: Option<ProcessType>,
    /// Whether no fix is read.
    pub without_fixes: bool,
}

/// What dossiers are assessed with.
#[derive(Debug, Default)]
pub struct Session {
    /// The criteria and rules.
    pub catalogue: Catalogue,
    /// The configuration.
    pub config: Loaded,
    /// Language of messages.
    pub lang: Lang,
    /// What is asked over the configuration.
    pub asked: Asked,
    /// What the sentences of the dossiers assessed so far hold.
    pub memory: Memory,
}

/// A selector that covers nothing in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is wrong, in one sentence.
    pub message: String,
    /// What was probably meant, or where to look.
    pub help: String,
}

impl Session {
    /// A session with the checks that ship with the tool, those of the configuration and those of `checks`.
    ///
    /// # Errors
    /// The first mistake in a check file, at its place.
    pub fn open(config: Loaded, checks: &[PathBuf], lang: Lang, asked: Asked) -> Result<Self, CheckError> {
        let folders: Vec<PathBuf> = config.checks().into_iter().chain(checks.iter().cloned()).collect();
        let catalogue = Catalogue::load_with(&folders, &config.config.vocabulary()).map_err(|error| wrong_folder(&config, error))?;
        rules::verify(&catalogue)?;
        scope::verify(&catalogue)?;
        Ok(Self { catalogue, config, lang, asked, memory: Memory::default() })
    }

    /// The same session, with the examples of the checks, which assessing does without.
    ///
    /// # Errors
    /// None in a released build.
    pub fn with_examples(self) -> Result<Self, CheckError> {
        Ok(Self { catalogue: self.catalogue.with_examples()?, ..self })
    }

    /// The first id or theme of the configuration that the catalogue does not have, at its place.
    #[must_use]
    pub fn unknown(&self) -> Option<CheckError> {
        let config = &self.config.config;
        let exceptions = config.overrides.iter().flat_map(|o| o.select.iter().chain(&o.ignore).chain(o.severity.keys()));
        let mut named = config.select.iter().chain(&config.ignore).chain(config.severity.keys()).chain(exceptions);
        let selector = named.find(|selector| unknown(selector, &self.catalogue, self.lang).is_some())?;
        let said = |part: fn(Unknown) -> String| Text::each(|lang| unknown(selector, &self.catalogue, lang).map(part).unwrap_or_default());
        let error = self.config.wrong(&["select", "ignore", "severity"], selector, said(|unknown| unknown.message));
        Some(CheckError { help: Some(Box::new(said(|unknown| unknown.help))), ..error })
    }

    /// The first id or theme asked for that the catalogue does not have.
    #[must_use]
    pub fn unknown_asked(&self) -> Option<Unknown> {
        let mut named = self.asked.select.iter().chain(&self.asked.ignore).chain(self.asked.severities.iter().map(|(id, _)| id));
        named.find_map(|selector| unknown(selector, &self.catalogue, self.lang))
    }

    /// Assesses a dossier: what it states itself, suppressions, the baseline, and what is asked for taken into account. The second
    /// part tells front matter that could not be read.
    #[must_use]
    pub fn assess(&self, dossier: Dossier, baseline: Option<&baseline::Loaded>) -> (DossierReport, Vec<front_matter::Misread>) {
        let path = dossier.path.clone();
        let (stated, misread) = self.stated(&dossier);
        let options = Options { process_type: self.process_type(&path, stated.process_type), lang: self.lang, without_fixes: self.asked.without_fixes };
        let mut report = assess_after(dossier, &self.catalogue, &options, &self.memory);
        suppression::apply(&mut report, &self.catalogue, self.lang, |reasons| idle(&reasons, &self.catalogue));
        let filter = self.filter(&path, &stated.options);
        if let Some(baseline) = baseline {
            baseline.compare(&mut report, &filter);
        }
        filter.apply(&mut report);
        (report, misread)
    }

    /// Draws the facts of a dossier, of the type asked for, stated or configured. The second part is that of [`Session::assess`].
    #[must_use]
    pub fn facts(&self, dossier: Dossier) -> (Facts, Vec<front_matter::Misread>) {
        let (stated, misread) = self.stated(&dossier);
        let process_type = self.process_type(&dossier.path, stated.process_type);
        (facts(dossier, &self.catalogue, &Options { process_type, lang: self.lang, without_fixes: true }), misread)
    }

    /// What the front matter of a dossier states, and what is wrong with it.
    fn stated(&self, dossier: &Dossier) -> (front_matter::Stated, Vec<front_matter::Misread>) {
        let (stated, mut misread) = front_matter::read(dossier, self.lang);
        misread.extend(self.misnamed(dossier, &stated.options));
        (stated, misread)
    }

    /// The first id or theme that the front matter names and the catalogue does not have.
    fn misnamed(&self, dossier: &Dossier, stated: &front_matter::Options) -> Option<front_matter::Misread> {
        let mut named = stated.select.iter().chain(&stated.ignore).chain(stated.severity.keys());
        named.find_map(|word| {
            let unknown = unknown(word, &self.catalogue, self.lang)?;
            let message = format!("{}{}{}", unknown.message, messages::SEMICOLON.get(self.lang), unknown.help);
            front_matter::misread_at(dossier, word, message)
        })
    }

    /// What is reported of the dossier at `path`: what is asked, over what the dossier states, over the configuration's exceptions,
    /// over the configuration.
    fn filter(&self, path: &str, stated: &front_matter::Options) -> Filter {
        let config = &self.config.config;
        let layer = |select: &[String], ignore: &[String], severities: Vec<(String, Severity)>| Layer {
            selection: Selection { select: select.to_owned(), ignore: ignore.to_owned() },
            severities,
        };
        let by_id = |severity: &BTreeMap<String, Severity>| severity.iter().map(|(id, severity)| (id.clone(), *severity)).collect();
        let mut layers = vec![layer(&config.select, &config.ignore, by_id(&config.severity))];
        layers.extend(self.config.overrides_for(path).map(|o| layer(&o.select, &o.ignore, by_id(&o.severity))));
        layers.push(layer(&stated.select, &stated.ignore, by_id(&stated.severity)));
        layers.push(layer(&self.asked.select, &self.asked.ignore, self.asked.severities.clone()));
        Filter { layers }
    }

    fn process_type(&self, path: &str, stated: Option<ProcessType>) -> Option<(ProcessType, TypeSource)> {
        let configured = || self.config.overrides_for(path).filter_map(|o| o.process_type).last().or(self.config.config.process_type);
        let asked = self.asked.process_type.map(|t| (t, TypeSource::Option));
        asked.or_else(|| stated.map(|t| (t, TypeSource::FrontMatter))).or_else(|| configured().map(|t| (t, TypeSource::Config)))
    }
}

/// Whether `selector` is no id, theme or family of rules of the catalogue; what was meant, then.
#[must_use]
pub fn unknown(selector: &str, catalogue: &Catalogue, lang: Lang) -> Option<Unknown> {
    // faults of suppression comments are no entries of the catalogue
    let ids: Vec<&str> = catalogue.ids().chain(suppression::FAULTS.iter().map(|fault| fault.id)).collect();
    if ids.iter().any(|id| covers(selector, id)) {
        return None;
    }
    let message = messages::UNKNOWN_ID.fill(lang, &[("id", &messages::quoted(lang, selector))]);
    let written = selector.to_lowercase();
    let whole = || nearest(&written, ids.iter().copied().chain(ids.iter().map(|id| theme_of(id))));
    // « cible » for « publics.cible »
    let last = |id: &&&str| id.split_once('.').is_some_and(|(_, last)| last == written);
    let near = ids.iter().find(last).copied().or_else(whole);
    let help = near.map(|id| messages::NEAREST_ID.fill(lang, &[("id", &id)]));
    Some(Unknown { message, help: help.unwrap_or_else(|| messages::LIST_HINT.get(lang).to_owned()) })
}

/// A mistake of reading checks: where the configuration names a folder that cannot be read, it is the configuration's.
fn wrong_folder(config: &Loaded, error: CheckError) -> CheckError {
    let named = config.config.checks.iter().find(|folder| error.source_text.is_empty() && config.folder.join(folder).display().to_string() == error.path);
    let Some(folder) = named.map(|folder| folder.to_string_lossy()) else { return error };
    let message = Text::each(|lang| format!("{folder}{}{}", messages::COLON.get(lang), error.message.get(lang)));
    config.wrong(&["checks"], &folder, message)
}

/// A baseline of the configuration that cannot be read, at the place where it is named.
#[must_use]
pub fn wrong_baseline(config: &Loaded, path: &Path, error: &BaselineError) -> CheckError {
    let named = config.config.baseline.as_ref().map(|named| named.to_string_lossy()).unwrap_or_default();
    config.wrong(&["baseline"], &named, Text::each(|lang| unreadable_baseline(path, error, lang)))
}

/// What to say of a baseline that cannot be read.
#[must_use]
pub fn unreadable_baseline(path: &Path, error: &BaselineError, lang: Lang) -> String {
    let path = path.display();
    match error {
        BaselineError::Unreadable(what) => format!("{path}{}{}", messages::COLON.get(lang), what.get(lang)),
        BaselineError::Shape(error) => messages::BAD_BASELINE.fill(lang, &[("path", &path), ("message", error)]),
        BaselineError::Version(version) => {
            let message = messages::LATER_BASELINE.fill(lang, &[("version", version)]);
            messages::BAD_BASELINE.fill(lang, &[("path", &path), ("message", &message)])
        }
    }
}
