//! `cadrage new`: a dossier to fill in.

use std::io::ErrorKind;
use std::path::PathBuf;

use super::output::{self, Failure};
use super::{CLEAN, Context, Outcome};
use crate::diagnostics::ProcessType;
use crate::messages;
use crate::session::{Asked, Session};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "TYPE", hide_possible_values = true, display_order = 1, help_heading = "Arguments", help = super::check::TYPE_HELP)]
    process_type: ProcessType,
    #[arg(
        value_name = "FICHIER",
        display_order = 2,
        help_heading = "Arguments",
        help = "Fichier à créer (par défaut, ou «\u{a0}-\u{a0}»\u{a0}: la sortie standard)"
    )]
    pub(super) file: Option<PathBuf>,
}

/// Runs the command; a file that is there is left alone.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    let Session { catalogue, .. } = context.session(Asked::default())?;
    let text = catalogue.plan.dossier(&catalogue.criteria, args.process_type);
    let Some(path) = args.file.as_ref().filter(|path| !super::check::is_stdout(path)) else {
        output::print(text.as_bytes())?;
        return Ok(CLEAN);
    };
    output::create_file(path, text.as_bytes()).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::said(messages::FILE_EXISTS.fill(context.lang, &[("path", &path.display())])),
        _ => Failure::refused(path.display(), &error),
    })?;
    output::print(format!("{}\n", crate::report::opening(&path.to_string_lossy())).as_bytes())?;
    Ok(CLEAN)
}
