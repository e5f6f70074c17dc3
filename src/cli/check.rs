//! `cadrage check`: assess dossiers, report their gaps.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use super::output::{self, Failure};
use super::plan::{Plan, Task};
use super::progress::Progress;
use super::values::Expected;
use super::{CLEAN, Context, FAILED, GAPS, Outcome, fix, jobs, paths, terminal, wording};
use crate::checks::Catalogue;
use crate::diagnostics::filter::{FailOn, Selection};
use crate::diagnostics::{DossierReport, ProcessType, Report, RunError, Severity};
use crate::dossier::{LoadError, Loader};
use crate::files::whole;
use crate::lang::Lang;
use crate::messages::{self, Message};
use crate::report::stream::{self, Streamed};
use crate::report::{Format, RenderOptions, Totals, render};
use crate::session::Asked;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options")]
pub(super) struct Args {
    #[arg(
        value_name = "CHEMIN",
        help_heading = "Arguments",
        help = "Fichiers ou répertoires, un dossier chacun\u{a0}; «\u{a0}-\u{a0}» lit l’entrée standard (par défaut\u{a0}: le répertoire courant)"
    )]
    pub(super) paths: Vec<OsString>,
    #[arg(long, value_name = "FORMAT", hide_possible_values = true, help = FORMAT_HELP)]
    format: Option<Format>,
    /// Écrit le rapport dans ce fichier plutôt que sur la sortie standard (« - »)
    #[arg(short, long, value_name = "FICHIER")]
    output: Option<PathBuf>,
    /// Écrit en outre un rapport de ce format dans ce fichier (répétable)
    #[arg(long, value_name = "FORMAT=FICHIER", value_parser = format_and_file)]
    output_format: Vec<(Format, PathBuf)>,
    /// Ne signale que ce critère, cette règle ou ce thème, quoi que dise la configuration (répétable)
    #[arg(long, value_name = "ID|THÈME", value_delimiter = ',')]
    select: Vec<String>,
    /// Ne signale pas ce critère, cette règle ou ce thème, quoi que dise la configuration (répétable)
    #[arg(long, value_name = "ID|THÈME", value_delimiter = ',')]
    ignore: Vec<String>,
    #[arg(long, value_name = "ID=NIVEAU", value_parser = id_and_severity, help = "Change la gravité d’un critère, d’une règle ou d’un thème\u{a0}: error, warning ou advice (répétable)")]
    severity: Vec<(String, Severity)>,
    #[arg(
        long,
        value_name = "NIVEAU",
        hide_possible_values = true,
        help = "Gravité à partir de laquelle le code de sortie est 1\u{a0}: error (par défaut), warning, advice ou never"
    )]
    pub(super) fail_on: Option<FailOn>,
    #[arg(long = "type", value_name = "TYPE", hide_possible_values = true, help = TYPE_HELP)]
    process_type: Option<ProcessType>,
    /// Fichier de configuration de tous les dossiers (par défaut : pour chacun, le cadrage.toml le plus proche en remontant)
    #[arg(long, value_name = "FICHIER", conflicts_with = "no_config")]
    pub(super) config: Option<PathBuf>,
    /// Ne lit aucun cadrage.toml
    #[arg(long)]
    pub(super) no_config: bool,
    /// État de référence : seules sont signalées les lacunes qui n’y sont pas, et les critères imprécis devenus manquants
    #[arg(long, value_name = "FICHIER")]
    pub(super) baseline: Option<PathBuf>,
    /// Écrit les lacunes d’aujourd’hui dans l’état de référence (par défaut : cadrage-baseline.json, à côté de cadrage.toml s’il y en a un)
    #[arg(long)]
    pub(super) write_baseline: bool,
    /// Écrit dans les dossiers le modèle de ce qui manque
    #[arg(long, conflicts_with = "diff")]
    fix: bool,
    /// Montre ce que --fix écrirait
    #[arg(long)]
    diff: bool,
    #[arg(long, value_name = "TAILLE", value_parser = super::file_size, help = super::MAX_FILE_SIZE_HELP)]
    max_file_size: Option<u64>,
    /// Nom sous lequel l’entrée standard est rapportée, et depuis lequel son cadrage.toml est cherché
    #[arg(long, value_name = "NOM")]
    pub(super) stdin_filename: Option<String>,
    /// N’affiche que le verdict de chaque dossier
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Affiche tout, sans regroupement ni abrègement
    #[arg(short, long)]
    verbose: bool,
    #[arg(short, long, value_name = "N", value_parser = job_number, help = "Nombre de dossiers évalués en même temps (par défaut\u{a0}: autant que de processeurs)")]
    jobs: Option<u16>,
}

const FORMAT_HELP: &str =
    "Format du rapport\u{a0}: human (par défaut), json, jsonl, sarif, github (par défaut dans GitHub Actions), gitlab, junit, markdown ou html";
pub(super) const TYPE_HELP: &str = "Type de la démarche\u{a0}: convention-citoyenne, atelier-citoyen, consultation-en-ligne, \
    concertation-prealable, budget-participatif ou autre";

/// What stands for standard input among paths, and for standard output as the file of a report.
const STANDARD: &str = "-";

pub(super) fn is_stdout(file: &Path) -> bool {
    file == Path::new(STANDARD)
}

/// Whether the run is a step of a workflow of GitHub Actions.
pub(super) fn in_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// `github` in a workflow of GitHub Actions, else for people.
fn default_format() -> Format {
    if in_actions() { Format::Github } else { Format::Human }
}

fn format_and_file(text: &str) -> Result<(Format, PathBuf), Expected> {
    let parts = text.split_once('=').filter(|(_, file)| !file.is_empty());
    let (format, file) = parts.ok_or_else(|| Expected::of(messages::A_FORMAT_AND_A_FILE, &[]))?;
    let names = Format::ALL.map(Format::id).join(", ");
    let format = format.parse().map_err(|_| Expected::of(messages::A_KNOWN_FORMAT, &[("names", &names)]))?;
    Ok((format, file.into()))
}

fn job_number(text: &str) -> Result<u16, Expected> {
    text.parse().ok().filter(|number| *number > 0).ok_or_else(|| Expected::of(messages::A_JOB_NUMBER, &[("most", &u16::MAX)]))
}

fn id_and_severity(text: &str) -> Result<(String, Severity), Expected> {
    let parts = text.split_once('=').filter(|(id, _)| !id.is_empty());
    let (id, level) = parts.ok_or_else(|| Expected::of(messages::AN_ID_AND_A_LEVEL, &[]))?;
    let names = Severity::ALL.map(Severity::id).join(", ");
    let severity = level.parse().map_err(|_| Expected::of(messages::A_KNOWN_LEVEL, &[("names", &names)]))?;
    Ok((id.to_owned(), severity))
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    if args.stdin_filename.is_some() && !reads_stdin(args) {
        return Err(Failure::said(messages::NAMED_STDIN_NOT_READ.get(context.lang)));
    }
    let mut plan = Plan::of(args, context)?;
    keep_apart(args, &plan, context)?;
    if streams(args) {
        return stream(args, &plan, context);
    }
    let mut reports = Reports::of(args, &plan);
    if args.fix {
        reports = fixed(reports, args, &plan, context)?;
    }
    reports.errors.iter().for_each(|error| output::tell(&error.message, None, context));
    plan.write_baselines(&mut reports.dossiers, context)?;
    let dossiers = reports.dossiers.into_iter().map(|(_, report)| report).collect();
    let report = Report { dossiers, errors: [std::mem::take(&mut plan.errors), reports.errors].concat() };
    write_reports(args, &report, &plan, context)?;
    Ok(status(&report.errors, report.fails(plan.fail_on)))
}

pub(super) fn asked(args: &Args) -> Asked {
    Asked {
        select: args.select.clone(),
        ignore: args.ignore.clone(),
        severities: args.severity.clone(),
        process_type: args.process_type,
        without_fixes: !args.fix && !args.diff && !formats(args).any(Format::holds_fixes),
    }
}

fn status(errors: &[RunError], fails: bool) -> u8 {
    if !errors.is_empty() {
        FAILED
    } else if fails {
        GAPS
    } else {
        CLEAN
    }
}

/// The name of standard input, shown as that of a file is.
fn stdin_name(args: &Args) -> Option<String> {
    args.stdin_filename.as_ref().map(|name| paths::shown(name).to_string_lossy().into_owned())
}

fn reads_stdin(args: &Args) -> bool {
    args.paths.iter().any(|path| is_stdin(Path::new(path)))
}

pub(super) fn is_stdin(path: &Path) -> bool {
    path == Path::new(STANDARD)
}

/// Reads and assesses one dossier.
fn assess_one(task: &Task, args: &Args, plan: &Plan) -> (Option<DossierReport>, Vec<RunError>) {
    let session = plan.session(task);
    match Loader::of(args.max_file_size).after(&session.memory.texts.blocks).load(&task.path, stdin_name(args).as_deref()) {
        Ok((dossier, errors)) => {
            let mut errors: Vec<RunError> = errors.iter().map(|e| run_error(e, plan.lang)).collect();
            let (mut report, misread) = session.assess(dossier, plan.baseline(task));
            report.partial = !errors.is_empty();
            if let Some(compared) = report.compared.as_mut().filter(|_| report.partial) {
                // it may be in what was not read
                compared.resolved.clear();
            }
            errors.extend(misread.into_iter().map(RunError::from));
            (Some(report), errors)
        }
        Err(error) => (None, vec![run_error(&error, plan.lang)]),
    }
}

fn job_count(args: &Args) -> usize {
    args.jobs.map_or_else(jobs::default_count, usize::from)
}

/// What is said of every dossier, held until the end.
struct Reports {
    /// Each with the number of its task.
    dossiers: Vec<(usize, DossierReport)>,
    /// What could not be read.
    errors: Vec<RunError>,
}

impl Reports {
    fn of(args: &Args, plan: &Plan) -> Self {
        let progress = Progress::over(plan.dossiers.len(), args.quiet, plan.lang);
        let mut reports = Self { dossiers: Vec::new(), errors: Vec::new() };
        let mut task = 0;
        jobs::in_order(
            &plan.dossiers,
            job_count(args),
            |task| assess_one(task, args, plan),
            |outcomes| {
                for (dossier, errors) in outcomes {
                    progress.step();
                    reports.dossiers.extend(dossier.map(|report| (task, report)));
                    reports.errors.extend(errors);
                    task += 1;
                }
                true
            },
        );
        progress.end();
        reports
    }
}

/// Whether every report that is asked for can be written dossier by dossier.
fn streams(args: &Args) -> bool {
    !args.fix && !args.diff && !args.write_baseline && formats(args).all(|format| format.streamed().is_some())
}

/// The formats of the reports that are asked for.
fn formats(args: &Args) -> impl Iterator<Item = Format> {
    args.output_format.iter().map(|(format, _)| *format).chain([args.format.unwrap_or_else(default_format)])
}

/// A report in the course of being written.
struct Stream {
    format: Streamed,
    options: RenderOptions,
    sink: output::Sink,
    /// What is not written yet.
    waiting: Vec<u8>,
}

/// Bytes that are written at once, where there are many.
const AT_ONCE: usize = 32 << 10;

impl Stream {
    /// Adds to the report.
    fn add(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() < AT_ONCE { Ok(()) } else { self.flush() }
    }

    /// Writes what waits.
    fn flush(&mut self) -> Result<(), Failure> {
        let written = if self.waiting.is_empty() { Ok(()) } else { self.sink.write(&self.waiting) };
        self.waiting.clear();
        written
    }

    /// The part of a report that `write` writes.
    fn part(&self, write: impl FnOnce(Streamed, &RenderOptions, &mut Vec<u8>) -> std::io::Result<()>) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        write(self.format, &self.options, &mut bytes).map(|()| bytes).map_err(|error| Failure::said(error.to_string()))
    }
}

/// Assesses the dossiers and writes the reports on the way, holding few dossiers at a time.
fn stream(args: &Args, plan: &Plan, context: &Context) -> Outcome {
    // all are written so: see `streams`
    let streamed = asked_for(args, plan, context).into_iter().filter_map(|(format, file, options)| Some((format.streamed()?, file, options)));
    let open = |(format, file, options)| Ok(Stream { format, options, sink: output::Sink::to(file)?, waiting: Vec::new() });
    let mut streams = streamed.map(open).collect::<Result<Vec<_>, Failure>>()?;
    for stream in &mut streams {
        let opening = stream.part(|format, _, out| stream::opening(format, out))?;
        stream.sink.write(&opening)?;
    }
    let on_terminal = args.output.is_none() && std::io::stdout().is_terminal();
    let progress = Progress::over(plan.dossiers.len(), args.quiet || on_terminal, plan.lang);
    let (mut totals, mut errors, mut fails) = (Totals::default(), Vec::new(), false);
    let parts: Vec<(Streamed, RenderOptions)> = streams.iter().map(|s| (s.format, s.options.clone())).collect();
    let one = |task: &Task| {
        let (report, errors) = assess_one(task, args, plan);
        let render = |(format, options): &(Streamed, RenderOptions), report: &DossierReport| {
            let mut bytes = Vec::new();
            stream::dossier(*format, report, &plan.session(task).catalogue, options, &mut bytes)
                .map(|()| bytes)
                .map_err(|error| Failure::said(error.to_string()))
        };
        let rendered: Vec<_> = report.iter().flat_map(|report| parts.iter().map(|part| render(part, report))).collect();
        let fails = report.as_ref().is_some_and(|report| report.fails(plan.fail_on));
        (rendered, Totals::of(&report), fails, errors)
    };
    let mut written = Ok(());
    jobs::in_order(&plan.dossiers, job_count(args), one, |outcomes| {
        for (rendered, own, failing, more) in outcomes {
            progress.step();
            errors.extend(more);
            fails |= failing;
            let separated = totals.summary.dossiers > 0;
            totals.add(&own);
            for (stream, bytes) in streams.iter_mut().zip(rendered) {
                let separator = if separated { stream::separator(stream.format) } else { "" };
                written = bytes.and_then(|bytes| stream.add(separator.as_bytes()).and_then(|()| stream.add(&bytes)));
                if written.is_err() {
                    return false;
                }
            }
        }
        written = streams.iter_mut().try_for_each(Stream::flush);
        written.is_ok()
    });
    progress.end();
    written?;
    errors.iter().for_each(|error| output::tell(&error.message, None, context));
    errors.splice(..0, plan.errors.iter().cloned());
    for mut stream in streams {
        let closing = stream.part(|format, options, out| stream::closing(format, &totals, &errors, options, out))?;
        stream.sink.write(&closing)?;
        stream.sink.finish()?;
    }
    Ok(status(&errors, fails))
}

/// Writes the fixes of `reports`, and assesses again what they leave.
fn fixed(reports: Reports, args: &Args, plan: &Plan, context: &Context) -> Result<Reports, Failure> {
    if reads_stdin(args) {
        return Err(Failure::said(messages::NO_FIX_ON_STDIN.get(plan.lang)));
    }
    let (written, errors) = fix::write(reports.dossiers.iter().map(|(_, report)| report), plan.lang, context);
    let mut reports = if written { Reports::of(args, plan) } else { reports };
    reports.errors.extend(errors);
    Ok(reports)
}

fn run_error(error: &LoadError, lang: Lang) -> RunError {
    RunError { path: error.path().to_owned(), line: error.line(), message: error.message(lang) }
}

/// The reports that are asked for: format, file (none: standard output), how it is written.
fn asked_for<'a>(args: &'a Args, plan: &Plan, context: &Context) -> Vec<(Format, Option<&'a Path>, RenderOptions)> {
    let selection = Selection { select: args.select.clone(), ignore: args.ignore.clone() };
    let unabridged = wording::unabridged(std::env::args_os(), &args.paths);
    let options = |color: bool, width: usize| RenderOptions {
        lang: plan.lang,
        color,
        width,
        verbose: args.verbose,
        quiet: args.quiet,
        pages: plan.pages.clone(),
        fail_on: plan.fail_on,
        selection: selection.clone(),
        unabridged: unabridged.clone(),
    };
    let in_file = options(context.color == terminal::Color::Always, terminal::FILE_WIDTH);
    let on_screen = |format: Format| {
        let mut options = options(context.color.on(&std::io::stdout()), terminal::width());
        options.pages = options.pages.filter(|_| format != Format::Human || terminal::follows_links());
        options
    };
    let format = args.format.unwrap_or_else(default_format);
    let target = |file: &'a Path, format: Format| if is_stdout(file) { (format, None, on_screen(format)) } else { (format, Some(file), in_file.clone()) };
    // the report that nobody asked for gives way to the diff or to another report on standard output
    let asked = args.format.is_some() || !args.diff && !args.output_format.iter().any(|(_, file)| is_stdout(file));
    let first = match &args.output {
        Some(file) => Some(target(file, format)),
        None => asked.then(|| (format, None, on_screen(format))),
    };
    first.into_iter().chain(args.output_format.iter().map(|(format, file)| target(file, *format))).collect()
}

/// Refuses a run that would write two things to one place, or over what it reads.
fn keep_apart(args: &Args, plan: &Plan, context: &Context) -> Result<(), Failure> {
    let refused = |message: Message, file: &Path| Err(Failure::said(message.fill(plan.lang, &[("path", &file.display())])));
    let reports = asked_for(args, plan, context);
    let on_stdout = reports.iter().filter(|(_, file, _)| file.is_none()).count();
    if args.diff && on_stdout > 0 {
        return Err(Failure::said(messages::DIFF_WITH_REPORT.get(plan.lang)));
    }
    if on_stdout > 1 {
        return refused(messages::ONE_REPORT_A_PLACE, Path::new(STANDARD));
    }
    let mut taken = plan.baselines_written();
    for file in reports.iter().filter_map(|(_, file, _)| *file).filter(|file| output::is_replaced(file)) {
        let place = whole(file);
        if plan.reads(&place) {
            return refused(messages::OUTPUT_IS_READ, file);
        }
        if taken.contains(&place) {
            return refused(messages::ONE_REPORT_A_PLACE, file);
        }
        taken.push(place);
    }
    Ok(())
}

fn write_reports(args: &Args, report: &Report, plan: &Plan, context: &Context) -> Result<(), Failure> {
    let none = Catalogue::default();
    let catalogue = plan.first().map_or(&none, |session| &session.catalogue);
    for (format, file, options) in asked_for(args, plan, context) {
        let mut bytes = Vec::new();
        render(format, report, catalogue, &options, &mut bytes).map_err(|error| Failure::said(error.to_string()))?;
        match file {
            Some(file) => output::write_file(file, &bytes)?,
            None => output::print(&bytes)?,
        }
    }
    if args.diff { fix::show(&report.dossiers) } else { Ok(()) }
}
