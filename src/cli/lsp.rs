//! `cadrage lsp`: the language server, on standard input and output.

use std::io::{self, BufReader};

use super::output::Failure;
use super::{CLEAN, Context, Outcome};
use crate::lsp::{self, Settings};

/// What the protocol wants where the client leaves without having said so.
const LEFT_UNTOLD: u8 = 1;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options")]
pub(super) struct Args {
    /// Parle sur l’entrée et la sortie standard ; c’est le seul moyen, et certains éditeurs le demandent
    #[arg(long)]
    stdio: bool,
    #[arg(long, value_name = "TAILLE", value_parser = super::file_size, help = super::MAX_FILE_SIZE_HELP)]
    max_file_size: Option<u64>,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    let lang = context.lang_stated.then_some(context.lang);
    let settings = Settings { lang, default_lang: context.lang, checks: context.checks.clone(), max_file_size: args.max_file_size };
    let properly = lsp::run(BufReader::new(io::stdin()), io::stdout(), settings).map_err(|error| Failure::said(error.to_string()))?;
    Ok(if properly { CLEAN } else { LEFT_UNTOLD })
}
