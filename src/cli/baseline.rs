//! `check --baseline` and `--write-baseline`.

use std::path::{Path, PathBuf};

use super::output::{self, Failure};
use super::{Context, paths};
use crate::config;
use crate::diagnostics::DossierReport;
use crate::diagnostics::baseline::{BaselineError, Compared, FILE_NAME, Loaded};
use crate::files::whole;
use crate::lang::Lang;
use crate::messages;

/// A baseline of a run.
pub(super) struct Baseline {
    path: PathBuf,
    loaded: Loaded,
    write: bool,
}

impl Baseline {
    /// Where the baseline is that the options or the configuration name.
    pub(super) fn path(option: Option<&Path>, write: bool, config: &config::Loaded) -> Option<PathBuf> {
        let configured = config.config.baseline.as_ref().map(|path| config.folder.join(path));
        let named = option.map(Path::to_path_buf).or(configured);
        named.or_else(|| write.then(|| config.folder.join(FILE_NAME))).map(paths::shown)
    }

    /// Reads the baseline at `path`. One that is to be written need not be there yet.
    pub(super) fn read(path: PathBuf, write: bool) -> Result<Self, BaselineError> {
        let loaded = match Loaded::read(&path) {
            Err(BaselineError::Unreadable(_)) if write && path.try_exists().is_ok_and(|there| !there) => Loaded::empty(&path),
            loaded => loaded?,
        };
        Ok(Self { path, loaded, write })
    }

    /// Where it is.
    pub(super) fn file(&self) -> &Path {
        &self.path
    }

    /// The file that is written, where it is to be.
    pub(super) fn target(&self) -> Option<PathBuf> {
        self.write.then(|| whole(&self.path))
    }

    /// What is known.
    pub(super) fn loaded(&self) -> &Loaded {
        &self.loaded
    }

    /// Writes the gaps of `reports` to the file, when asked to; they are known from then on.
    pub(super) fn write(&mut self, reports: &mut [&mut DossierReport], lang: Lang, context: &Context) -> Result<(), Failure> {
        if !self.write {
            return Ok(());
        }
        self.loaded.record(reports.iter().map(|report| &**report));
        output::write_file(&self.path, self.loaded.to_json().as_bytes())?;
        for report in reports.iter_mut().filter(|report| !report.partial) {
            let compared = report.compared.get_or_insert_with(Compared::default);
            compared.known.append(&mut report.diagnostics);
        }
        let count = messages::GAP_COUNT.of(lang, self.loaded.len());
        output::note(&messages::BASELINE_WRITTEN.fill(lang, &[("path", &self.path.display()), ("n", &count)]), context);
        Ok(())
    }
}
