//! What a run assesses: its dossiers, each with the session of its own configuration, the nearest upwards. What there is one of in a
//! run (the language, the severity that makes it fail, the address of the pages) is as the configuration of the first path says.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::canonicalize;
use std::path::{Path, PathBuf};

use super::baseline::Baseline;
use super::check::{self, Args};
use super::output::Failure;
use super::{Context, paths};
use crate::checks::CheckError;
use crate::config::{Config, Loaded, file_above, start};
use crate::diagnostics::baseline::BaselineError;
use crate::diagnostics::filter::FailOn;
use crate::diagnostics::{DossierReport, RunError, baseline};
use crate::dossier::markdown_files;
use crate::lang::Lang;
use crate::session::{Session, unreadable_baseline, wrong_baseline};

/// What a run assesses, and with what.
pub(super) struct Plan {
    /// Language of the whole run.
    pub(super) lang: Lang,
    /// From which severity it fails.
    pub(super) fail_on: FailOn,
    /// Address of the pages of the criteria.
    pub(super) pages: Option<String>,
    /// In the order of the report.
    pub(super) dossiers: Vec<Task>,
    /// What is wrong with the configurations; told already.
    pub(super) errors: Vec<RunError>,
    groups: Vec<Group>,
    baselines: Vec<Baseline>,
    /// The files of the configurations.
    configs: Vec<PathBuf>,
    /// The folders of checks.
    checks: Vec<PathBuf>,
}

/// A dossier to assess.
pub(super) struct Task {
    pub(super) path: PathBuf,
    /// The number of its group.
    group: usize,
}

/// Dossiers under one configuration.
struct Group {
    session: Session,
    /// The number of the baseline.
    baseline: Option<usize>,
}

impl Plan {
    /// Finds the configurations and the dossiers; a configuration at fault is told, and its dossiers are left out.
    pub(super) fn of(args: &Args, context: &Context) -> Result<Self, Failure> {
        let here = Path::new(".");
        let given = args.config.clone();
        let searched = given.is_none() && !args.no_config;
        let first = if searched { file_above(args.paths.first().map_or(here, |path| start(place(Path::new(path), args)))) } else { given };
        let config = read(first.as_deref());
        let head = config.as_ref().map_or_else(|_| Config::default(), |loaded| loaded.config.clone());
        let mut plan = Self {
            lang: if context.lang_stated { context.lang } else { head.lang.unwrap_or(context.lang) },
            fail_on: args.fail_on.or(head.fail_on).unwrap_or_default(),
            pages: head.pages(),
            dossiers: Vec::new(),
            errors: Vec::new(),
            groups: Vec::new(),
            baselines: Vec::new(),
            configs: Vec::new(),
            checks: Vec::new(),
        };
        let (dossiers, idle) = named(args, config.as_ref().ok());
        let group = plan.open(config, args, context);
        idle.into_iter().for_each(|error| plan.fail(&error.into(), context));
        let mut opened = BTreeMap::from([(first.clone(), group)]);
        let mut found: HashMap<PathBuf, Option<PathBuf>> = HashMap::new();
        for path in once(dossiers) {
            let folder = start(place(&path, args));
            let file = if searched { found.entry(folder.to_owned()).or_insert_with(|| file_above(folder)).clone() } else { first.clone() };
            let group = *opened.entry(file).or_insert_with_key(|file| plan.open(read(file.as_deref()), args, context));
            plan.dossiers.extend(group.map(|group| Task { path, group }));
        }
        plan.configs = opened.into_keys().flatten().collect();
        // what one configuration does not know may be among the criteria of another
        let unknown = plan.groups.iter().map(|group| group.session.unknown_asked()).min_by_key(Option::is_some).flatten();
        unknown.map_or(Ok(plan), |unknown| Err(unknown.into()))
    }

    /// What `task` is assessed with.
    pub(super) fn session(&self, task: &Task) -> &Session {
        &self.groups[task.group].session
    }

    /// The baseline of `task`, where there is one.
    pub(super) fn baseline(&self, task: &Task) -> Option<&baseline::Loaded> {
        self.groups[task.group].baseline.map(|number| self.baselines[number].loaded())
    }

    /// The session whose catalogue a report on the whole run shows.
    pub(super) fn first(&self) -> Option<&Session> {
        self.groups.first().map(|group| &group.session)
    }

    /// Where the baselines are that the run writes.
    pub(super) fn baselines_written(&self) -> Vec<PathBuf> {
        self.baselines.iter().filter_map(Baseline::target).collect()
    }

    /// Whether the run reads `file`, a path without links.
    pub(super) fn reads(&self, file: &Path) -> bool {
        let same = |path: &Path| canonicalize(path).is_ok_and(|path| path == file);
        let within = |folder: &Path| canonicalize(folder).is_ok_and(|folder| file.starts_with(folder)) && markdown_files(folder).0.iter().any(|own| same(own));
        let reads = |path: &Path| if path.is_dir() { within(path) } else { same(path) };
        let others = || self.configs.iter().any(|config| same(config)) || self.baselines.iter().any(|baseline| same(baseline.file()));
        let checks = || self.checks.iter().any(|folder| canonicalize(folder).is_ok_and(|folder| file.starts_with(folder)));
        file.exists() && (others() || checks() || self.dossiers.iter().any(|task| reads(&task.path)))
    }

    /// Writes the baselines, when asked to, with the gaps of `reports`, each with the number of its task.
    pub(super) fn write_baselines(&mut self, reports: &mut [(usize, DossierReport)], context: &Context) -> Result<(), Failure> {
        for (number, baseline) in self.baselines.iter_mut().enumerate() {
            let own = |task: usize| self.groups[self.dossiers[task].group].baseline == Some(number);
            let mut reports: Vec<&mut DossierReport> = reports.iter_mut().filter(|(task, _)| own(*task)).map(|(_, report)| report).collect();
            baseline.write(&mut reports, self.lang, context)?;
        }
        Ok(())
    }

    /// The number of the group of a configuration; `None` when it is at fault, which is told.
    fn open(&mut self, config: Result<Loaded, CheckError>, args: &Args, context: &Context) -> Option<usize> {
        match self.group(config, args, context) {
            Ok(group) => self.groups.push(group),
            Err(failure) => {
                self.fail(&failure, context);
                return None;
            }
        }
        Some(self.groups.len() - 1)
    }

    fn group(&mut self, config: Result<Loaded, CheckError>, args: &Args, context: &Context) -> Result<Group, Failure> {
        let session = Session::open(config?, &context.checks, self.lang, check::asked(args))?;
        session.unknown().map_or(Ok(()), Err)?;
        self.checks.extend(session.config.checks().into_iter().chain(context.checks.iter().cloned()));
        let Some(path) = Baseline::path(args.baseline.as_deref(), args.write_baseline, &session.config) else { return Ok(Group { session, baseline: None }) };
        let known = self.baselines.iter().position(|baseline| baseline.file() == path);
        let number = known.unwrap_or(self.baselines.len());
        if known.is_none() {
            let unreadable = |error: BaselineError| match &args.baseline {
                Some(_) => Failure::said(unreadable_baseline(&path, &error, self.lang)),
                None => wrong_baseline(&session.config, &path, &error).into(),
            };
            self.baselines.push(Baseline::read(path.clone(), args.write_baseline).map_err(unreadable)?);
        }
        Ok(Group { session, baseline: Some(number) })
    }

    /// Tells what is wrong, once.
    fn fail(&mut self, failure: &Failure, context: &Context) {
        let error = failure.as_run_error(self.lang);
        if !self.errors.contains(&error) {
            failure.tell(context);
            self.errors.push(error);
        }
    }
}

/// Where the dossier at `path` is: for standard input, where its name says.
fn place<'a>(path: &'a Path, args: &'a Args) -> &'a Path {
    args.stdin_filename.as_deref().filter(|_| check::is_stdin(path)).map_or(path, Path::new)
}

fn read(file: Option<&Path>) -> Result<Loaded, CheckError> {
    file.map_or_else(|| Ok(Loaded::default()), Loaded::read)
}

/// `dossiers`, each once under the first of its names: it is not to be counted twice. Standard input can be read but once.
fn once(dossiers: Vec<PathBuf>) -> impl Iterator<Item = PathBuf> {
    let mut seen = HashSet::new();
    dossiers.into_iter().filter(move |path| seen.insert(if check::is_stdin(path) { path.clone() } else { canonicalize(path).unwrap_or_else(|_| path.clone()) }))
}

/// The dossiers to assess: those asked for, else those that the configuration names, else the current folder; and the globs of the
/// configuration that name none.
fn named(args: &Args, config: Option<&Loaded>) -> (Vec<PathBuf>, Vec<CheckError>) {
    if !args.paths.is_empty() {
        return (args.paths.iter().map(paths::shown).collect(), Vec::new());
    }
    match config.filter(|loaded| !loaded.config.dossiers.is_empty()) {
        Some(loaded) => {
            let (named, idle) = loaded.dossiers();
            (named.iter().map(paths::shown).collect(), idle)
        }
        None => (vec![".".into()], Vec::new()),
    }
}
