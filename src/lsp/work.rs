//! The thread that assesses: it keeps the sessions, one a configuration, and opens them anew when their files change.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::pages;
use super::roots::{Home, Root};
use crate::checks::CheckError;
use crate::config::{FILE_NAME, Loaded};
use crate::diagnostics::{DossierReport, baseline};
use crate::dossier::{Dossier, LoadError, Loader, Source, Unsaved};
use crate::lang::Lang;
use crate::messages;
use crate::session::{Asked, Session, wrong_baseline};

/// What the sessions of a server are opened with.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Language of messages, over the configuration's.
    pub lang: Option<Lang>,
    /// Language where neither says.
    pub default_lang: Lang,
    /// Folders of checks, beside the configuration's.
    pub checks: Vec<PathBuf>,
    /// Files larger than this, in bytes, are refused; the usual limit where it is not given.
    pub max_file_size: Option<u64>,
}

/// A dossier to assess.
#[derive(Debug)]
pub struct Job {
    /// The dossier.
    pub home: Home,
    /// The texts that editors hold; of an untitled one too, under the path of its address.
    pub unsaved: Unsaved,
}

/// What came of a job.
#[derive(Debug)]
pub struct Outcome {
    /// The dossier.
    pub root: Root,
    /// The assessment, where there could be one.
    pub analysis: Option<Arc<Analysis>>,
    /// What went wrong, file by file.
    pub troubles: Vec<Trouble>,
    /// Whether the assessment broke down.
    pub broken: bool,
}

/// An assessed dossier.
#[derive(Debug)]
pub struct Analysis {
    /// What it was assessed with.
    pub opened: Arc<Opened>,
    /// What is said of it.
    pub report: DossierReport,
    /// Whether the configuration names it.
    pub named: bool,
}

/// A session with what goes with it.
#[derive(Debug)]
pub struct Opened {
    /// The session.
    pub session: Session,
    /// The folder of the explanations.
    pub pages: Option<PathBuf>,
    baseline: Option<baseline::Loaded>,
}

/// Something that cannot be read, told in the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// The file.
    pub path: PathBuf,
    /// Its text, where it is known.
    pub text: String,
    /// The bytes concerned.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
}

impl Trouble {
    fn in_file(path: impl Into<PathBuf>, message: String) -> Self {
        Self { path: path.into(), text: String::new(), span: 0..0, message }
    }

    fn in_data(error: CheckError, lang: Lang) -> Self {
        let message = error.message.get(lang);
        let message = error.help.map_or_else(|| message.to_owned(), |help| format!("{message} ({})", help.get(lang)));
        Self { path: error.path.into(), text: error.source_text, span: error.span.unwrap_or(0..0), message }
    }
}

/// The state of the files that a session was made from.
type Stamp = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

#[derive(Default)]
struct Kept {
    /// The last configuration that could be read: it says which files matter, whether or not what they hold is right.
    config: Loaded,
    opened: Option<Arc<Opened>>,
    troubles: Vec<Trouble>,
    stamp: Stamp,
}

/// Where dossiers are assessed.
pub struct Desk {
    settings: Settings,
    /// By configuration file.
    sessions: BTreeMap<Option<PathBuf>, Kept>,
    /// Where explanations are written; removed with the desk.
    pages: Option<pages::Folder>,
    opened: usize,
}

impl Desk {
    /// A desk without sessions.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        Self { settings, sessions: BTreeMap::new(), pages: pages::Folder::new().ok(), opened: 0 }
    }

    /// Assesses a dossier. What breaks down is told, and the next job can be given.
    pub fn assess(&mut self, job: Job) -> Outcome {
        let root = job.home.root.clone();
        catch_unwind(AssertUnwindSafe(|| self.try_assess(job))).unwrap_or(Outcome { root, analysis: None, troubles: Vec::new(), broken: true })
    }

    fn try_assess(&mut self, job: Job) -> Outcome {
        let Home { root, config, named } = job.home;
        let kept = self.session(config);
        let mut troubles = kept.troubles.clone();
        let opened = kept.opened.clone();
        let analysis = opened.and_then(|opened| {
            let (dossier, errors) = match load(&root, job.unsaved, &Loader::of(self.settings.max_file_size).after(&opened.session.memory.texts.blocks)) {
                Ok(loaded) => loaded,
                Err(error) => {
                    troubles.push(unreadable(&error, opened.session.lang));
                    return None;
                }
            };
            troubles.extend(errors.iter().map(|error| unreadable(error, opened.session.lang)));
            let (report, misread) = opened.session.assess(dossier, opened.baseline.as_ref());
            for misread in misread {
                let file = report.dossier.files.iter().find(|file| file.path == misread.path);
                let text = file.map(|file| file.text.clone()).unwrap_or_default();
                let start = file.map_or(0, |file| file.lines.line_start(misread.line)) as usize;
                let span = start..start + text[start..].find(['\n', '\r']).unwrap_or(text.len() - start);
                troubles.push(Trouble { path: misread.path.into(), text, span, message: misread.message });
            }
            Some(Arc::new(Analysis { opened, report, named }))
        });
        Outcome { root, analysis, troubles, broken: false }
    }

    /// The session of a configuration; the last good one while the configuration is at fault.
    fn session(&mut self, config: Option<PathBuf>) -> &Kept {
        let settings = &self.settings;
        let kept = self.sessions.entry(config.clone()).or_default();
        let fresh = kept.stamp == stamps(&kept.config, config.as_deref(), settings);
        if fresh {
            return kept;
        }
        self.opened += 1;
        let pages = self.pages.as_ref().map(|folder| folder.path().join(self.opened.to_string()));
        let read = config.as_deref().map_or_else(|| Ok(Loaded::default()), Loaded::read);
        if let Ok(read) = &read {
            kept.config = read.clone();
        }
        match open(read, settings, pages) {
            Ok((opened, troubles)) => {
                kept.opened = Some(Arc::new(opened));
                kept.troubles = troubles;
            }
            Err(trouble) => kept.troubles = vec![trouble],
        }
        kept.stamp = stamps(&kept.config, config.as_deref(), settings);
        kept
    }
}

fn open(config: Result<Loaded, CheckError>, settings: &Settings, pages: Option<PathBuf>) -> Result<(Opened, Vec<Trouble>), Trouble> {
    let loaded = config.map_err(|error| Trouble::in_data(error, settings.lang.unwrap_or(settings.default_lang)))?;
    let lang = settings.lang.or(loaded.config.lang).unwrap_or(settings.default_lang);
    let baseline = loaded.config.baseline.as_ref().map(|path| loaded.folder.join(path));
    let session = Session::open(loaded, &settings.checks, lang, Asked::default()).and_then(Session::with_examples);
    let session = session.map_err(|error| Trouble::in_data(error, lang))?;
    if let Some(unknown) = session.unknown() {
        return Err(Trouble::in_data(unknown, lang));
    }
    let mut troubles = Vec::new();
    let baseline = baseline.and_then(|path| {
        let read = baseline::Loaded::read(&path);
        read.map_err(|error| troubles.push(Trouble::in_data(wrong_baseline(&session.config, &path, &error), lang))).ok()
    });
    // an explanation that cannot be written is not linked to
    let pages = pages.filter(|folder| pages::write(&session.catalogue, folder).is_ok());
    Ok((Opened { session, pages, baseline }, troubles))
}

fn load(root: &Root, mut unsaved: Unsaved, loader: &Loader<'_>) -> Result<(Dossier, Vec<LoadError>), LoadError> {
    match root {
        Root::Folder(path) | Root::File(path) => loader.load_over(path, &unsaved),
        Root::Untitled(uri) => {
            let text = unsaved.remove(Path::new(uri.path())).unwrap_or_default();
            Ok((Dossier::from_sources(uri.path(), vec![Source { path: uri.path().to_owned(), text }]), Vec::new()))
        }
    }
}

fn unreadable(error: &LoadError, lang: Lang) -> Trouble {
    Trouble::in_file(error.path(), error.message(lang))
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let meta = std::fs::metadata(path).ok()?;
    Some((meta.modified().ok()?, meta.len()))
}

/// The files that a session depends on, as they are now.
fn stamps(loaded: &Loaded, config: Option<&Path>, settings: &Settings) -> Stamp {
    let baseline = loaded.config.baseline.as_ref().map(|baseline| loaded.folder.join(baseline));
    let folders = loaded.checks();
    let checks = folders.iter().chain(&settings.checks).flat_map(|folder| ignore::WalkBuilder::new(folder).standard_filters(false).build().flatten());
    let files = checks.map(ignore::DirEntry::into_path).chain(baseline).chain(config.map(Path::to_path_buf));
    // without any file, the name of the configuration stands for « nothing to look at »
    let mut out: Stamp = files.map(|file| (file.clone(), stamp(&file))).collect();
    if out.is_empty() {
        out.insert(PathBuf::from(FILE_NAME).join("-"), None);
    }
    out
}

/// What to say when an assessment broke down.
#[must_use]
pub fn broken(lang: Lang) -> &'static str {
    messages::ASSESSMENT_FAILED.get(lang)
}
