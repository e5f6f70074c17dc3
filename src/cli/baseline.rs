//! `check --baseline` and `--write-baseline`.

use std::path::{Path, PathBuf};

use super::Context;
use super::output::{self, Failure};
use crate::config;
use crate::diagnostics::Report;
use crate::diagnostics::baseline::{BaselineError, Compared, FILE_NAME, Loaded};
use crate::lang::Lang;
use crate::messages;
use crate::session;

/// The baseline of a run.
pub(super) struct Baseline {
    path: PathBuf,
    loaded: Option<Loaded>,
    write: bool,
}

impl Baseline {
    /// The baseline that the options or the configuration name, read. One that is to be written need not be there yet.
    pub(super) fn of(option: Option<&Path>, write: bool, config: &config::Loaded, lang: Lang) -> Result<Self, Failure> {
        let configured = config.config.baseline.as_ref().map(|path| config.folder.join(path));
        let named = option.map(Path::to_path_buf).or(configured);
        if named.is_none() && !write {
            return Ok(Self { path: PathBuf::new(), loaded: None, write });
        }
        let path = named.unwrap_or_else(|| config.folder.join(FILE_NAME));
        let loaded = match Loaded::read(&path) {
            Ok(loaded) => loaded,
            Err(BaselineError::Unreadable(_)) if write && path.try_exists().is_ok_and(|there| !there) => Loaded::empty(&path),
            Err(error) => return Err(Failure::said(session::unreadable_baseline(&path, &error, lang))),
        };
        Ok(Self { path, loaded: Some(loaded), write })
    }

    /// The baseline to compare with, where there is one.
    pub(super) fn loaded(&self) -> Option<&Loaded> {
        self.loaded.as_ref()
    }

    /// Writes the gaps of `report` to the file, when asked to; they are known from then on.
    pub(super) fn write(&mut self, report: &mut Report, lang: Lang, context: &Context) -> Result<(), Failure> {
        let Some(loaded) = self.loaded.as_mut().filter(|_| self.write) else { return Ok(()) };
        loaded.record(&report.dossiers);
        output::write_file(&self.path, loaded.to_json().as_bytes())?;
        for dossier in &mut report.dossiers {
            let compared = dossier.compared.get_or_insert_with(Compared::default);
            compared.known.append(&mut dossier.diagnostics);
        }
        let count = messages::GAP_COUNT.of(lang, loaded.len());
        output::note(&messages::BASELINE_WRITTEN.fill(lang, &[("path", &self.path.display()), ("n", &count)]), context);
        Ok(())
    }
}
