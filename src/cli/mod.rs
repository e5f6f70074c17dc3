//! The command line: one file a command. The comments on the options are what `--help` shows, hence their French.

mod baseline;
mod catalogue;
mod check;
mod docs;
mod explain;
mod facts;
mod fix;
mod init;
mod jobs;
mod lsp;
mod new;
mod output;
mod paths;
mod plan;
mod progress;
mod shell;
mod terminal;
mod values;
mod wording;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{ArgAction, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::checks::CheckError;
use crate::config::Loaded;
use crate::lang::Lang;
use crate::messages;
use crate::session::{Asked, Session};
use output::Failure;
use values::Expected;

/// No gap at or above `--fail-on`.
const CLEAN: u8 = 0;
/// Gaps.
const GAPS: u8 = 1;
/// The run itself failed.
const FAILED: u8 = 2;

const TEMPLATE: &str = "{about-with-newline}\nUsage\u{a0}: {usage}\n\n{all-args}{after-help}";

const EXIT_STATUS: &str = "Code de sortie\u{a0}:
  0  aucune lacune au niveau de --fail-on ou au-dessus
  1  des lacunes
  2  l’exécution a échoué (usage, fichier illisible, texte non UTF-8)";

/// Vérifie les dossiers de cadrage des démarches de participation citoyenne.
#[derive(Debug, Parser)]
#[command(name = "cadrage", version, disable_help_flag = true, disable_version_flag = true, disable_help_subcommand = true)]
#[command(help_template = TEMPLATE, after_help = EXIT_STATUS, subcommand_help_heading = "Commandes", subcommand_value_name = "COMMANDE")]
#[command(next_help_heading = "Options", next_display_order = None)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    common: Common,
    /// Affiche la version.
    #[arg(short = 'V', long, action = ArgAction::Version)]
    version: (),
}

/// What every command understands.
#[derive(Debug, clap::Args)]
struct Common {
    #[arg(long, global = true, value_name = "LANGUE", hide_possible_values = true, help_heading = "Options", help = LANG_HELP)]
    lang: Option<Lang>,
    #[arg(
        long,
        global = true,
        value_name = "QUAND",
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        help_heading = "Options",
        help = "Couleurs\u{a0}: auto (par défaut\u{a0}: selon le terminal, NO_COLOR et CLICOLOR_FORCE), always ou never"
    )]
    color: terminal::Color,
    /// Répertoire de critères à ajouter à ceux de l’outil (répétable).
    #[arg(long, global = true, value_name = "RÉPERTOIRE", help_heading = "Options")]
    checks: Vec<PathBuf>,
    /// Affiche cette aide.
    #[arg(short, long, global = true, action = ArgAction::Help, help_heading = "Options")]
    help: (),
}

const LANG_HELP: &str = "Langue des messages\u{a0}: fr ou en (par défaut\u{a0}: en si LC_ALL ou LANG commence par «\u{a0}en\u{a0}», sinon fr)";

const MAX_FILE_SIZE_HELP: &str = "Refuse les fichiers plus gros\u{a0}: octets, ou 500ko, 5MB, 2MiB… (par défaut\u{a0}: 20Mo\u{a0}; au plus 1Go)";

/// A size of files: bytes, or a number with a unit, in English or in French (`1,5 Mo`).
fn file_size(text: &str) -> Result<u64, Expected> {
    // places in a dossier are numbers of 32 bits
    const MOST: u64 = 1_000_000_000;
    let read = text.replace(['o', 'O'], "B").replace(',', ".").parse::<bytesize::ByteSize>();
    let bytes = read.map_err(|_| Expected::of(messages::A_SIZE, &[]))?.as_u64();
    if (1..=MOST).contains(&bytes) { Ok(bytes) } else { Err(Expected::of(messages::A_SIZE_WITHIN, &[])) }
}

/// Where the dossier named by an argument is; nowhere, for standard input.
fn on_disk(path: &OsStr) -> Option<&Path> {
    (path != "-").then(|| Path::new(path))
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Évalue des dossiers et signale leurs lacunes
    #[command(help_template = TEMPLATE, after_help = EXIT_STATUS)]
    Check(check::Args),
    /// Explique ce que demande un critère ou une règle, pourquoi, et comment y répondre
    #[command(help_template = TEMPLATE)]
    Explain(explain::Args),
    /// Liste les critères et les règles
    #[command(help_template = TEMPLATE)]
    Criteria(catalogue::Args),
    /// Montre ce qui a été compris d’un dossier : question, décision, instances, engagements, calendrier
    #[command(help_template = TEMPLATE)]
    Facts(facts::Args),
    /// Écrit un dossier à compléter : les sections, une ligne de conseil chacune, les modèles avec leurs blancs
    #[command(help_template = TEMPLATE)]
    New(new::Args),
    /// Écrit un cadrage.toml commenté
    #[command(help_template = TEMPLATE)]
    Init,
    /// Écrit une page de documentation par critère et par règle
    #[command(help_template = TEMPLATE)]
    Docs(docs::Args),
    /// Signale les lacunes dans un éditeur, pendant qu’on écrit (serveur de langage, LSP)
    #[command(help_template = TEMPLATE)]
    Lsp(lsp::Args),
    /// Écrit sur la sortie standard les complétions d’un interpréteur de commandes
    #[command(help_template = TEMPLATE)]
    Completions(shell::Args),
    /// Écrit sur la sortie standard la page de manuel
    #[command(help_template = TEMPLATE)]
    Man,
}

impl Command {
    /// The configuration that the command is run under: the nearest one, unless an option says which.
    fn configuration(&self) -> Result<Loaded, CheckError> {
        match self {
            Self::Facts(args) => Loaded::near(on_disk(&args.path)),
            Self::New(args) => Loaded::near(args.file.as_deref()),
            Self::Explain(_) | Self::Criteria(_) | Self::Docs(_) => Loaded::near(None),
            // these find that of each dossier
            Self::Init | Self::Check(_) | Self::Lsp(_) | Self::Completions(_) | Self::Man => Ok(Loaded::default()),
        }
    }

    /// Whether it is of use without the configuration that is at fault.
    fn does_without(&self) -> bool {
        matches!(self, Self::Explain(_) | Self::Criteria(_) | Self::New(_))
    }

    fn run(self, context: &Context) -> Outcome {
        match self {
            Self::Check(args) => check::run(&args, context),
            Self::Explain(args) => explain::run(&args, context),
            Self::Criteria(args) => catalogue::run(&args, context),
            Self::Facts(args) => facts::run(&args, context),
            Self::New(args) => new::run(&args, context),
            Self::Init => init::run(context),
            Self::Docs(args) => docs::run(&args, context),
            Self::Lsp(args) => lsp::run(&args, context),
            Self::Completions(args) => shell::completions(&args, wording::command(Cli::command(), context.lang)),
            Self::Man => shell::man(wording::command(Cli::command(), context.lang)),
        }
    }
}

/// What a command is run with.
struct Context {
    /// As asked for, else as configured, else as the surroundings say.
    lang: Lang,
    /// Whether `--lang` was given: the configuration then has no say.
    lang_stated: bool,
    color: terminal::Color,
    checks: Vec<PathBuf>,
    config: Loaded,
}

impl Context {
    /// A session under the configuration, with what is asked over it.
    fn session(&self, asked: Asked) -> Result<Session, CheckError> {
        Session::open(self.config.clone(), &self.checks, self.lang, asked)
    }
}

impl Cli {
    /// Reads the arguments of the process; shows help or a usage error and leaves when they say so.
    #[must_use]
    pub fn from_arguments() -> Self {
        let lang = wording::language(std::env::args_os());
        let arguments = wording::without_type_option(std::env::args_os().collect());
        let read = |command: clap::Command| command.try_get_matches_from(&arguments).and_then(|matches| Self::from_arg_matches(&matches));
        // headings are dressed where they are shown
        let read = read(wording::command(Self::command(), lang)).or_else(|_| read(wording::with_headings(Self::command(), lang)));
        read.unwrap_or_else(|error| wording::leave(error, lang))
    }

    /// Does what was asked for.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let Common { lang, color, checks, .. } = self.common;
        let (config, wrong) = self.command.configuration().map_or_else(|error| (Loaded::default(), Some(error)), |config| (config, None));
        let lang_stated = lang.is_some();
        let lang = lang.or(config.config.lang).unwrap_or_else(terminal::language);
        let context = Context { lang, lang_stated, color, checks, config };
        let outcome = match wrong {
            Some(error) if !self.command.does_without() => Err(error.into()),
            wrong => {
                if let Some(error) = wrong {
                    Failure::from(error).tell(&context);
                    output::note(messages::CONFIG_LEFT_OUT.get(lang), &context);
                }
                self.command.run(&context)
            }
        };
        ExitCode::from(outcome.unwrap_or_else(|failure| {
            failure.tell(&context);
            FAILED
        }))
    }
}

/// The exit status of a command, or why it could not do its work.
type Outcome = Result<u8, Failure>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in
            [("42", 42), ("5MB", 5_000_000), ("5 Mo", 5_000_000), ("500ko", 500_000), ("2MiB", 2 << 20), ("1.5 kB", 1_500), ("1,5Mo", 1_500_000)]
        {
            assert_eq!(file_size(text).unwrap(), bytes, "{text}");
        }
        for text in ["", "0", "-1", "2Go", "cinq", "5 chats", "1,5,2 Mo"] {
            assert!(file_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn every_option_and_command_is_described() {
        let mut command = Cli::command();
        command.build();
        for part in command.get_subcommands().chain([&command]) {
            assert!(part.get_about().is_some(), "{}", part.get_name());
            for argument in part.get_arguments() {
                assert!(argument.get_help().is_some_and(|h| !h.to_string().is_empty()), "{} {}", part.get_name(), argument.get_id());
            }
        }
    }
}
