//! `cadrage check`: assess dossiers, report their gaps.

use std::path::PathBuf;

use clap::ValueEnum;
use rayon::prelude::*;

use super::baseline::Baseline;
use super::output::{self, Failure};
use super::{CLEAN, Context, FAILED, GAPS, Outcome, fix, terminal};
use crate::assess::{Options, assess};
use crate::checks::Catalogue;
use crate::config::{Loaded, front_matter};
use crate::diagnostics::filter::{FailOn, Filter, Selection};
use crate::diagnostics::suppression;
use crate::diagnostics::{DossierReport, ProcessType, Report, RunError, Severity, TypeSource};
use crate::dossier::{LoadError, Loader};
use crate::lang::Lang;
use crate::messages;
use crate::report::{Format, RenderOptions, render};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options")]
pub(super) struct Args {
    #[arg(
        value_name = "CHEMIN",
        help_heading = "Arguments",
        help = "Fichiers ou répertoires, un dossier chacun\u{a0}; «\u{a0}-\u{a0}» lit l’entrée standard (par défaut\u{a0}: le répertoire courant)"
    )]
    paths: Vec<String>,
    #[arg(long, value_name = "FORMAT", hide_possible_values = true, help = FORMAT_HELP)]
    format: Option<Format>,
    /// Écrit le rapport dans ce fichier plutôt que sur la sortie standard
    #[arg(short, long, value_name = "FICHIER")]
    output: Option<PathBuf>,
    /// Écrit en outre un rapport de ce format dans ce fichier (répétable)
    #[arg(long, value_name = "FORMAT=FICHIER", value_parser = format_and_file)]
    output_format: Vec<(Format, PathBuf)>,
    /// Ne signale que ce critère, cette règle ou ce thème (répétable)
    #[arg(long, value_name = "ID|THÈME", value_delimiter = ',')]
    select: Vec<String>,
    /// Ne signale pas ce critère, cette règle ou ce thème (répétable)
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
    fail_on: Option<FailOn>,
    #[arg(long = "type", value_name = "TYPE", hide_possible_values = true, help = TYPE_HELP)]
    process_type: Option<ProcessType>,
    /// Fichier de configuration (par défaut : le cadrage.toml le plus proche en remontant)
    #[arg(long, value_name = "FICHIER", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Ne lit aucun cadrage.toml
    #[arg(long)]
    no_config: bool,
    /// État de référence : seules les lacunes qui n’y sont pas sont signalées
    #[arg(long, value_name = "FICHIER")]
    baseline: Option<PathBuf>,
    /// Écrit les lacunes d’aujourd’hui dans l’état de référence (par défaut : cadrage-baseline.json)
    #[arg(long)]
    write_baseline: bool,
    /// Écrit dans les dossiers le squelette de ce qui manque
    #[arg(long, conflicts_with = "diff")]
    fix: bool,
    /// Montre ce que --fix écrirait
    #[arg(long)]
    diff: bool,
    #[arg(long, value_name = "TAILLE", value_parser = super::file_size, help = super::MAX_FILE_SIZE_HELP)]
    max_file_size: Option<u64>,
    /// Nom sous lequel l’entrée standard est rapportée
    #[arg(long, value_name = "NOM")]
    stdin_filename: Option<String>,
    /// N’affiche que le verdict de chaque dossier
    #[arg(short, long, conflicts_with = "verbose")]
    quiet: bool,
    /// Affiche tout, sans regroupement ni abrègement
    #[arg(short, long)]
    verbose: bool,
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..), help = "Nombre de dossiers évalués en même temps (par défaut\u{a0}: autant que de processeurs)")]
    jobs: Option<u16>,
}

const FORMAT_HELP: &str =
    "Format du rapport\u{a0}: human (par défaut), json, jsonl, sarif, github (par défaut dans GitHub Actions), gitlab, junit, markdown ou html";
pub(super) const TYPE_HELP: &str = "Type de la démarche\u{a0}: convention-citoyenne, atelier-citoyen, consultation-en-ligne, \
    concertation-prealable, budget-participatif ou autre";

/// `github` in a workflow of GitHub Actions, else for people.
fn default_format() -> Format {
    let in_actions = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
    if in_actions { Format::Github } else { Format::Human }
}

fn format_and_file(text: &str) -> Result<(Format, PathBuf), String> {
    let (format, file) = text.split_once('=').filter(|(_, file)| !file.is_empty()).ok_or("FORMAT=FICHIER")?;
    Ok((Format::from_str(format, false)?, file.into()))
}

fn id_and_severity(text: &str) -> Result<(String, Severity), String> {
    let (id, level) = text.split_once('=').filter(|(id, _)| !id.is_empty()).ok_or("ID=NIVEAU")?;
    let severity = match level {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        "advice" => Severity::Advice,
        _ => return Err("error, warning, advice".to_owned()),
    };
    Ok((id.to_owned(), severity))
}

/// What the run is made with: the options, over the configuration.
struct Setup {
    catalogue: Catalogue,
    config: Loaded,
    lang: Lang,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    let config = configuration(args)?;
    let lang = if context.lang_stated { context.lang } else { config.config.lang.unwrap_or(context.lang) };
    let fail_on = args.fail_on.or(config.config.fail_on).unwrap_or_default();
    let folders: Vec<PathBuf> = config.checks().into_iter().chain(context.checks.iter().cloned()).collect();
    let (setup, report) = match Catalogue::load_with(&folders, &config.config.vocabulary()).map_err(Failure::from) {
        Ok(catalogue) => {
            let mut baseline = Baseline::of(args.baseline.as_deref(), args.write_baseline, &config, lang)?;
            let setup = Setup { catalogue, config, lang };
            known(args, &setup)?;
            let mut report = assess_all(args, &setup, &baseline)?;
            if args.fix {
                report = fixed(report, args, &setup, &baseline, context)?;
            }
            report.errors.iter().for_each(|error| output::tell(&error.message, None, context));
            baseline.write(&mut report, lang, context)?;
            (setup, report)
        }
        Err(failure) => {
            failure.tell(context);
            let report = Report { dossiers: Vec::new(), errors: vec![failure.as_run_error()] };
            (Setup { catalogue: Catalogue::default(), config, lang }, report)
        }
    };
    write_reports(args, &report, &setup, context)?;
    Ok(status(&report, fail_on))
}

fn configuration(args: &Args) -> Result<Loaded, Failure> {
    if args.no_config {
        return Ok(Loaded::default());
    }
    match &args.config {
        Some(file) => Ok(Loaded::read(file)?),
        None => Ok(Loaded::find(&start(args))?),
    }
}

/// Where the configuration is looked for: at the first path, else here.
fn start(args: &Args) -> PathBuf {
    let first = args.paths.first().filter(|path| *path != "-").map(PathBuf::from);
    first.map_or_else(
        || PathBuf::from("."),
        |path| if path.is_dir() { path } else { path.parent().map(PathBuf::from).filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| ".".into()) },
    )
}

fn status(report: &Report, fail_on: FailOn) -> u8 {
    if !report.errors.is_empty() {
        FAILED
    } else if report.fails(fail_on) {
        GAPS
    } else {
        CLEAN
    }
}

/// Every id that the options or the configuration name must exist.
fn known(args: &Args, setup: &Setup) -> Result<(), Failure> {
    let config = &setup.config.config;
    let options = args.select.iter().chain(&args.ignore).chain(args.severity.iter().map(|(id, _)| id));
    let exceptions = config.overrides.iter().flat_map(|o| o.select.iter().chain(&o.ignore).chain(o.severity.keys()));
    let named = options.chain(&config.select).chain(&config.ignore).chain(config.severity.keys()).chain(exceptions);
    named.into_iter().try_for_each(|selector| super::catalogue::known(selector, &setup.catalogue, setup.lang))
}

/// What is reported of the dossier at `path`: the options, over what the dossier states, over the configuration's exceptions,
/// over the configuration.
fn filter(args: &Args, setup: &Setup, path: &str, stated: &front_matter::Options) -> Filter {
    let config = &setup.config.config;
    let mut select = config.select.clone();
    let mut ignore = config.ignore.clone();
    let mut severities: Vec<(String, Severity)> = config.severity.iter().map(|(id, s)| (id.clone(), *s)).collect();
    let exceptions = setup.config.overrides_for(path).map(|o| (&o.select, &o.ignore, &o.severity));
    for (own_select, own_ignore, own_severity) in exceptions.chain([(&stated.select, &stated.ignore, &stated.severity)]) {
        if !own_select.is_empty() {
            select.clone_from(own_select);
        }
        ignore.extend(own_ignore.iter().cloned());
        severities.extend(own_severity.iter().map(|(id, s)| (id.clone(), *s)));
    }
    if !args.select.is_empty() {
        select.clone_from(&args.select);
    }
    ignore.extend(args.ignore.iter().cloned());
    severities.extend(args.severity.iter().cloned());
    Filter { selection: Selection { select, ignore }, severities }
}

fn assess_all(args: &Args, setup: &Setup, baseline: &Baseline) -> Result<Report, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0).into()).build();
    let pool = pool.map_err(|error| Failure::said(error.to_string()))?;
    let loader = Loader::of(args.max_file_size);
    let one = |path: &String| -> (Option<DossierReport>, Vec<RunError>) {
        match loader.load(path, args.stdin_filename.as_deref()) {
            Ok((dossier, errors)) => {
                let mut errors: Vec<RunError> = errors.iter().map(|e| run_error(e, setup.lang)).collect();
                let stated = front_matter::read(&dossier).unwrap_or_else(|error| {
                    errors.push(error);
                    front_matter::Stated::default()
                });
                let options = Options { process_type: process_type(args, setup, path, stated.process_type), lang: setup.lang };
                let mut report = assess(dossier, &setup.catalogue, &options);
                suppression::apply(&mut report, &setup.catalogue, setup.lang);
                if let Some(baseline) = baseline.loaded() {
                    baseline.compare(&mut report);
                }
                filter(args, setup, path, &stated.options).apply(&mut report);
                (Some(report), errors)
            }
            Err(error) => (None, vec![run_error(&error, setup.lang)]),
        }
    };
    let paths = paths(args, setup);
    let outcomes: Vec<_> = pool.install(|| paths.par_iter().map(one).collect());
    let mut report = Report::default();
    for (dossier, errors) in outcomes {
        report.dossiers.extend(dossier);
        report.errors.extend(errors);
    }
    Ok(report)
}

/// Writes the fixes of `report`, and assesses again what they leave.
fn fixed(report: Report, args: &Args, setup: &Setup, baseline: &Baseline, context: &Context) -> Result<Report, Failure> {
    if args.paths.iter().any(|path| path == "-") {
        return Err(Failure::said(messages::NO_FIX_ON_STDIN.get(setup.lang)));
    }
    let (written, errors) = fix::write(&report, setup.lang, context);
    let mut report = if written { assess_all(args, setup, baseline)? } else { report };
    report.errors.extend(errors);
    Ok(report)
}

/// The dossiers to assess: those asked for, else those of the configuration, else the current folder.
fn paths(args: &Args, setup: &Setup) -> Vec<String> {
    if !args.paths.is_empty() {
        return args.paths.clone();
    }
    let configured = setup.config.dossiers();
    if configured.is_empty() { vec![".".to_owned()] } else { configured }
}

fn process_type(args: &Args, setup: &Setup, path: &str, stated: Option<ProcessType>) -> Option<(ProcessType, TypeSource)> {
    let configured = || setup.config.overrides_for(path).filter_map(|o| o.process_type).last().or(setup.config.config.process_type);
    args.process_type
        .map(|t| (t, TypeSource::Option))
        .or_else(|| stated.map(|t| (t, TypeSource::FrontMatter)))
        .or_else(|| configured().map(|t| (t, TypeSource::Config)))
}

fn run_error(error: &LoadError, lang: Lang) -> RunError {
    let message = match lang {
        Lang::Fr => error.french(),
        Lang::En => error.to_string(),
    };
    RunError { path: error.path().to_owned(), message }
}

fn write_reports(args: &Args, report: &Report, setup: &Setup, context: &Context) -> Result<(), Failure> {
    let selection = Selection { select: args.select.clone(), ignore: args.ignore.clone() };
    let options =
        |color: bool, width: usize| RenderOptions { lang: setup.lang, color, width, verbose: args.verbose, quiet: args.quiet, selection: selection.clone() };
    let bytes = |format: Format, options: &RenderOptions| {
        let mut bytes = Vec::new();
        let written = render(format, report, &setup.catalogue, options, &mut bytes);
        written.map(|()| bytes).map_err(|error| Failure::said(error.to_string()))
    };
    let in_file = options(context.color == terminal::Color::Always, terminal::FILE_WIDTH);
    let format = args.format.unwrap_or_else(default_format);
    match &args.output {
        None if args.diff => fix::show(report)?,
        Some(file) => {
            output::write_file(file, &bytes(format, &in_file)?)?;
            if args.diff {
                fix::show(report)?;
            }
        }
        None => output::print(&bytes(format, &options(context.color.on(&std::io::stdout()), terminal::width()))?)?,
    }
    args.output_format.iter().try_for_each(|(format, file)| output::write_file(file, &bytes(*format, &in_file)?))
}
