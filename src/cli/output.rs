//! Writing: to standard output, to files, and what went wrong to standard error.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Context, paths, terminal};
use crate::checks::CheckError;
use crate::diagnostics::{RunError, Severity};
use crate::files::{folder_of, refusal, whole};
use crate::lang::{Lang, Text};
use crate::messages::{self, COLON};
use crate::report::{opening, visible, visible_in_place};
use crate::session::Unknown;

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// A check file is wrong.
    Check(Box<CheckError>),
    /// In one sentence, and what to do about it.
    Said { message: String, help: Option<String> },
    /// The system refused something of a path.
    Refused { path: String, why: Text },
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        Self::Check(Box::new(CheckError { path: paths::shown(&error.path).to_string_lossy().into_owned(), ..error }))
    }
}

impl From<Unknown> for Failure {
    fn from(unknown: Unknown) -> Self {
        Self::Said { message: unknown.message, help: Some(unknown.help) }
    }
}

impl Failure {
    /// A failure without help.
    pub(super) fn said(message: impl Into<String>) -> Self {
        Self::Said { message: message.into(), help: None }
    }

    /// What the system refused of `path`.
    pub(super) fn refused(path: impl std::fmt::Display, error: &io::Error) -> Self {
        Self::Refused { path: path.to_string(), why: refusal(error) }
    }

    /// Shows the failure on standard error.
    pub(super) fn tell(&self, context: &Context) {
        match self {
            Self::Check(error) => show_check_error(error, context),
            Self::Said { message, help } => tell(message, help.as_deref(), context),
            Self::Refused { path, why } => tell(&of_path(path, why, context.lang), None, context),
        }
    }

    /// The failure as an entry of a report.
    pub(super) fn as_run_error(&self, lang: Lang) -> RunError {
        match self {
            Self::Check(error) => RunError { path: error.path.clone(), line: error.line(), message: sentence(error, lang) },
            Self::Said { message, .. } => RunError { path: String::new(), line: None, message: message.clone() },
            Self::Refused { path, why } => RunError { path: path.clone(), line: None, message: of_path(path, why, lang) },
        }
    }
}

fn of_path(path: &str, why: &Text, lang: Lang) -> String {
    format!("{path}{}{}", COLON.get(lang), why.get(lang))
}

/// Shows one error on standard error.
pub(super) fn tell(message: &str, help: Option<&str>, context: &Context) {
    let mut stderr = io::stderr().lock();
    let style = if context.color.on(&stderr) { anstyle::AnsiColor::Red.on_default().bold() } else { anstyle::Style::new() };
    let lang = context.lang;
    let word = messages::severity(Severity::Error).get(lang);
    // Nothing is left to be done when standard error itself cannot be written to.
    let _ = writeln!(stderr, "{style}{word}{style:#}{}{}", COLON.get(lang), visible(message));
    if let Some(help) = help {
        let _ = writeln!(stderr, "  {}{}{}", messages::HELP.get(lang), COLON.get(lang), visible(help));
    }
}

/// Tells on standard error what was done.
pub(super) fn note(message: &str, context: &Context) {
    let mut stderr = io::stderr().lock();
    let style = if context.color.on(&stderr) { anstyle::Style::new().dimmed() } else { anstyle::Style::new() };
    // As above.
    let _ = writeln!(stderr, "{style}{}{style:#}", opening(message));
}

/// A mistake in a check file, shown at its place.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{message}")]
struct Shown {
    message: String,
    #[source_code]
    source_code: miette::NamedSource<String>,
    #[label]
    place: Option<miette::SourceSpan>,
}

/// A mistake in a check file, in one sentence.
fn sentence(error: &CheckError, lang: Lang) -> String {
    format!("{}{}{}", error.path, COLON.get(lang), error.message.get(lang))
}

fn show_check_error(error: &CheckError, context: &Context) {
    let lang = context.lang;
    let help = error.help.as_ref().map(|help| help.get(lang));
    let Some(place) = error.span.clone().filter(|span| span.end <= error.source_text.len()) else {
        return tell(&sentence(error, lang), help, context);
    };
    let shown = Shown {
        message: visible(error.message.get(lang)).into_owned(),
        source_code: miette::NamedSource::new(visible(&error.path), visible_in_place(&error.source_text)),
        place: Some(place.into()),
    };
    let stderr = io::stderr();
    let theme = if context.color.on(&stderr) { miette::GraphicalTheme::unicode() } else { miette::GraphicalTheme::unicode_nocolor() };
    let handler = miette::GraphicalReportHandler::new_themed(theme).with_width(terminal::width());
    // miette has a word of its own, in English, for what it knows to be a help
    let handler = match help {
        Some(help) => handler.with_footer(format!("{}{}{}", messages::HELP.get(lang), COLON.get(lang), visible(help))),
        None => handler,
    };
    let mut text = String::new();
    match handler.render_report(&mut text, &shown) {
        // As above.
        Ok(()) => drop(writeln!(stderr.lock(), "{text}")),
        Err(_) => tell(&sentence(error, lang), help, context),
    }
}

/// Writes to standard output. A reader that has gone away has read enough.
pub(super) fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut sink = Sink::to(None)?;
    sink.write(bytes)?;
    sink.finish()
}

/// Writes a file whole or not at all.
pub(super) fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut sink = Sink::to(Some(path))?;
    sink.write(bytes)?;
    sink.finish()
}

/// Where a report goes as it is written.
pub(super) struct Sink {
    name: String,
    kind: SinkKind,
}

enum SinkKind {
    Stdout,
    /// A pipe, a device…
    Special(fs::File),
    /// A file that takes the place of the target when it is whole.
    Whole(Box<NamedTempFile>, PathBuf),
}

impl Sink {
    /// To a file, or to standard output.
    pub(super) fn to(path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else { return Ok(Self { name: "<stdout>".to_owned(), kind: SinkKind::Stdout }) };
        let name = path.display().to_string();
        let kind = if is_replaced(path) { replacing(path) } else { fs::OpenOptions::new().write(true).open(path).map(SinkKind::Special) };
        kind.map(|kind| Self { kind, name: name.clone() }).map_err(|error| Failure::refused(&name, &error))
    }

    /// Writes more.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let written = match &mut self.kind {
            SinkKind::Stdout => {
                let mut stdout = io::stdout().lock();
                match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    written => written,
                }
            }
            SinkKind::Special(file) => file.write_all(bytes),
            SinkKind::Whole(file, _) => file.write_all(bytes),
        };
        written.map_err(|error| Failure::refused(&self.name, &error))
    }

    /// Everything is written.
    pub(super) fn finish(self) -> Result<(), Failure> {
        match self.kind {
            SinkKind::Whole(file, target) => put(*file, &target).map_err(|error| Failure::refused(&self.name, &error)),
            SinkKind::Stdout | SinkKind::Special(_) => Ok(()),
        }
    }
}

/// Whether what is written to `path` takes the place of a file; a pipe or a device stays.
pub(super) fn is_replaced(path: &Path) -> bool {
    fs::metadata(path).map_or(true, |meta| meta.is_file())
}

/// A file that will take the place of the one at `path`. A link stays one: what it points to is replaced.
fn replacing(path: &Path) -> io::Result<SinkKind> {
    let target = whole(path);
    Ok(SinkKind::Whole(Box::new(beside(&target)?), target))
}

/// Writes a file that is not there, whole or not at all.
pub(super) fn create_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    Ok(())
}

/// Puts `bytes` in the place of the file at `path` if `wanted` says of its content, at the last moment, that it is to be
/// replaced; tells whether it was.
pub(super) fn replace(path: &Path, bytes: &[u8], wanted: impl FnOnce(&Path) -> bool) -> io::Result<bool> {
    let target = whole(path);
    let mut file = beside(&target)?;
    file.write_all(bytes)?;
    let wanted = wanted(&target);
    if wanted {
        put(file, &target)?;
    }
    Ok(wanted)
}

/// Puts a file in the place of `target`. On the disk before its name is: a machine that stops leaves the old file or the new one.
fn put(file: NamedTempFile, target: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(target)?;
    Ok(())
}

/// An empty file beside `target`, in the same folder and with its permissions; it goes when it is dropped.
fn beside(target: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".cadrage-");
    #[cfg(unix)]
    builder.permissions(permissions(target));
    builder.tempfile_in(folder_of(target)).map_err(nameless)
}

/// What the system says, without the name of the temporary file, which means nothing to anybody.
fn nameless(error: io::Error) -> io::Error {
    let said = error.to_string();
    io::Error::new(error.kind(), said.split(" at path ").next().unwrap_or_default())
}

/// Those of the file that is replaced; for a new one, what the process's mask leaves of the usual ones.
#[cfg(unix)]
fn permissions(target: &Path) -> fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(target).map_or_else(|_| fs::Permissions::from_mode(0o666), |meta| meta.permissions())
}
