//! `cadrage check`: assess dossiers, report their gaps.

use std::path::PathBuf;

use clap::ValueEnum;
use rayon::prelude::*;

use super::output::{self, Failure};
use super::{CLEAN, Context, FAILED, GAPS, Outcome, terminal};
use crate::assess::{Options, assess};
use crate::checks::Catalogue;
use crate::diagnostics::filter::{FailOn, Filter, Selection};
use crate::diagnostics::{DossierReport, ProcessType, Report, RunError, Severity, TypeSource};
use crate::dossier::{LoadError, Loader};
use crate::lang::Lang;
use crate::report::{Format, RenderOptions, render};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options")]
pub(super) struct Args {
    #[arg(value_name = "CHEMIN", default_value = ".", hide_default_value = true, help_heading = "Arguments", help = "Fichiers ou répertoires, un dossier chacun\u{a0}; «\u{a0}-\u{a0}» lit l’entrée standard (par défaut\u{a0}: le répertoire courant)")]
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
    #[arg(long, value_name = "NIVEAU", default_value = "error", hide_default_value = true, hide_possible_values = true, help = "Gravité à partir de laquelle le code de sortie est 1\u{a0}: error (par défaut), warning, advice ou never")]
    fail_on: FailOn,
    #[arg(long = "type", value_name = "TYPE", hide_possible_values = true, help = TYPE_HELP)]
    process_type: Option<ProcessType>,
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

const FORMAT_HELP: &str = "Format du rapport\u{a0}: human (par défaut) ou json";
const TYPE_HELP: &str = "Type de la démarche\u{a0}: convention-citoyenne, atelier-citoyen, consultation-en-ligne, \
    concertation-prealable, budget-participatif ou autre";

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

/// Runs the command.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    let (catalogue, report) = match Catalogue::load(&context.checks).map_err(Failure::from) {
        Ok(catalogue) => {
            let filter = filter(args, &catalogue, context.lang)?;
            let report = assess_all(args, &catalogue, &filter, context)?;
            (catalogue, report)
        }
        Err(failure) => {
            failure.tell(context);
            (Catalogue::default(), Report { dossiers: Vec::new(), errors: vec![failure.as_run_error()] })
        }
    };
    write_reports(args, &report, &catalogue, context)?;
    Ok(status(&report, args.fail_on))
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

fn filter(args: &Args, catalogue: &Catalogue, lang: Lang) -> Result<Filter, Failure> {
    let named = args.select.iter().chain(&args.ignore).chain(args.severity.iter().map(|(id, _)| id));
    named.into_iter().try_for_each(|selector| super::catalogue::known(selector, catalogue, lang))?;
    let selection = Selection { select: args.select.clone(), ignore: args.ignore.clone() };
    Ok(Filter { selection, severities: args.severity.clone() })
}

fn assess_all(args: &Args, catalogue: &Catalogue, filter: &Filter, context: &Context) -> Result<Report, Failure> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(args.jobs.unwrap_or(0).into()).build();
    let pool = pool.map_err(|error| Failure::said(error.to_string()))?;
    let options = Options { process_type: args.process_type.map(|t| (t, TypeSource::Option)), lang: context.lang };
    let one = |path: &String| -> (Option<DossierReport>, Vec<LoadError>) {
        match Loader::default().load(path, args.stdin_filename.as_deref()) {
            Ok((dossier, errors)) => {
                let mut report = assess(dossier, catalogue, &options);
                filter.apply(&mut report);
                (Some(report), errors)
            }
            Err(error) => (None, vec![error]),
        }
    };
    let outcomes: Vec<_> = pool.install(|| args.paths.par_iter().map(one).collect());
    let mut report = Report::default();
    for (dossier, errors) in outcomes {
        report.dossiers.extend(dossier);
        report.errors.extend(errors.iter().map(|error| run_error(error, context.lang)));
    }
    report.errors.iter().for_each(|error| output::tell(&error.message, None, context));
    Ok(report)
}

fn run_error(error: &LoadError, lang: Lang) -> RunError {
    let message = match lang {
        Lang::Fr => error.french(),
        Lang::En => error.to_string(),
    };
    RunError { path: error.path().to_owned(), message }
}

fn write_reports(args: &Args, report: &Report, catalogue: &Catalogue, context: &Context) -> Result<(), Failure> {
    let selection = Selection { select: args.select.clone(), ignore: args.ignore.clone() };
    let options = |color: bool, width: usize| RenderOptions {
        lang: context.lang,
        color,
        width,
        verbose: args.verbose,
        quiet: args.quiet,
        selection: selection.clone(),
    };
    let bytes = |format: Format, options: &RenderOptions| {
        let mut bytes = Vec::new();
        let written = render(format, report, catalogue, options, &mut bytes);
        written.map(|()| bytes).map_err(|error| Failure::said(error.to_string()))
    };
    let in_file = options(context.color == terminal::Color::Always, terminal::FILE_WIDTH);
    let format = args.format.unwrap_or(Format::Human);
    match &args.output {
        Some(file) => output::write_file(file, &bytes(format, &in_file)?)?,
        None => output::print(&bytes(format, &options(context.color.on(&std::io::stdout()), terminal::width()))?)?,
    }
    args.output_format.iter().try_for_each(|(format, file)| output::write_file(file, &bytes(*format, &in_file)?))
}
