//! The command line in the reader's language: the help, which is written in French on the options themselves, in English, and
//! what `clap` says of a mistake, which it words in English, in French.

use std::ffi::OsString;
use std::io::Write;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, ValueEnum};

use super::terminal;
use super::values::Expected;
use crate::lang::Lang;
use crate::messages;
use crate::report::visible;

/// The English help of a command (`check`) or of an argument (`check.paths`; `.lang` for one that every command has).
const ENGLISH: &[(&str, &str)] = &[
    ("", "Checks the documents that frame citizen-participation processes"),
    (".lang", "Language of messages: fr or en (default: en if LC_ALL or LANG begins with “en”, else fr)"),
    (".color", "Colours: auto (default: as the terminal, NO_COLOR and CLICOLOR_FORCE say), always or never"),
    (".checks", "Folder of criteria to add to those of the tool (repeatable)"),
    (".help", "Show this help"),
    (".version", "Show the version"),
    ("check", "Assess dossiers and report their gaps"),
    ("check.paths", "Files or folders, a dossier each; “-” reads standard input (default: the current folder)"),
    ("check.format", "Format of the report: human (default), json, jsonl, sarif, github (default in GitHub Actions), gitlab, junit, markdown or html"),
    ("check.output", "Write the report to this file instead of standard output (“-”)"),
    ("check.output_format", "Write a report of this format to this file as well (repeatable)"),
    ("check.select", "Report only this criterion, rule or theme, whatever the configuration says (repeatable)"),
    ("check.ignore", "Do not report this criterion, rule or theme, whatever the configuration says (repeatable)"),
    ("check.severity", "Change the severity of a criterion, rule or theme: error, warning or advice (repeatable)"),
    ("check.fail_on", "Severity from which the exit status is 1: error (default), warning, advice or never"),
    ("check.process_type", TYPE),
    ("check.config", "Configuration file of every dossier (default: for each, the nearest cadrage.toml upwards)"),
    ("check.no_config", "Read no cadrage.toml"),
    ("check.baseline", "Baseline: only the gaps that are not in it are reported, and the unclear criteria that are now missing"),
    ("check.write_baseline", "Write today’s gaps to the baseline (default: cadrage-baseline.json, beside cadrage.toml where there is one)"),
    ("check.fix", "Write the model of what is missing into the dossiers"),
    ("check.diff", "Show what --fix would write"),
    ("check.max_file_size", MAX_FILE_SIZE),
    ("check.stdin_filename", "Name under which standard input is reported, and from which its cadrage.toml is looked for"),
    ("check.quiet", "Show only the verdict on each dossier"),
    ("check.verbose", "Show everything, ungrouped and unabridged"),
    ("check.jobs", "How many dossiers are assessed at a time (default: as many as there are processors)"),
    ("explain", "Explain what a criterion or rule asks, why, and how to satisfy it"),
    ("explain.id", "Criterion, rule or theme (default: the whole catalogue)"),
    ("criteria", "List the criteria and rules"),
    ("criteria.format", "Format of the list: human (default) or json"),
    ("facts", "Show what was understood of a dossier: question, decision, bodies, commitments, timeline"),
    ("facts.path", "File or folder; “-” reads standard input"),
    ("facts.format", "Format: human (default) or json"),
    ("facts.process_type", TYPE),
    ("facts.max_file_size", MAX_FILE_SIZE),
    ("new", "Write a dossier to fill in: the sections, a line of advice each, the models with their blanks"),
    ("new.process_type", TYPE),
    ("new.file", "File to create (default, or “-”: standard output)"),
    ("init", "Write a commented cadrage.toml"),
    ("docs", "Write a page of documentation for each criterion and rule"),
    ("docs.folder", "Folder of the pages (default: docs/criteres)"),
    ("docs.check", "Write nothing; the exit status is 1 if pages are to be rewritten or superfluous"),
    ("lsp", "Report gaps in an editor, as one writes (language server, LSP)"),
    ("lsp.max_file_size", MAX_FILE_SIZE),
    ("lsp.stdio", "Speak over standard input and output; this is the only way, and some editors ask for it"),
    ("completions", "Write the completions of a shell to standard output"),
    ("completions.shell", "Shell: bash, elvish, fish, powershell or zsh"),
    ("man", "Write the manual page to standard output"),
];

const TYPE: &str = "Type of process: convention-citoyenne, atelier-citoyen, consultation-en-ligne, concertation-prealable, budget-participatif or autre";

const MAX_FILE_SIZE: &str = "Refuse larger files: bytes, or 500kB, 5MB, 2MiB… (default: 20MB; at most 1GB)";

/// What stands for a value in the usage of a command.
const VALUES: &[(&str, &str)] = &[
    ("CHEMIN", "PATH"),
    ("FICHIER", "FILE"),
    ("RÉPERTOIRE", "FOLDER"),
    ("LANGUE", "LANGUAGE"),
    ("QUAND", "WHEN"),
    ("THÈME", "THEME"),
    ("NIVEAU", "LEVEL"),
    ("NOM", "NAME"),
    ("INTERPRÉTEUR", "SHELL"),
    ("COMMANDE", "COMMAND"),
    ("TAILLE", "SIZE"),
];

const EXIT_STATUS: &str = "Exit status:
  0  no gap at the level of --fail-on or above
  1  gaps
  2  the run failed (usage, unreadable file, text that is not UTF-8)";

/// The language that the arguments ask for, else that of the surroundings. To be known before the arguments are read: their
/// mistakes are told in it.
pub(super) fn language(arguments: impl Iterator<Item = OsString>) -> Lang {
    let arguments: Vec<String> = arguments.map(|a| a.to_string_lossy().into_owned()).take_while(|a| a != "--").collect();
    let joined = arguments.iter().filter_map(|a| a.strip_prefix("--lang="));
    let apart = arguments.windows(2).filter(|pair| pair[0] == "--lang").map(|pair| pair[1].as_str());
    joined.chain(apart).filter_map(|name| Lang::from_str(name, false).ok()).next_back().unwrap_or_else(terminal::language)
}

/// `new --type X`, as other commands take the type, for `new X`.
pub(super) fn without_type_option(mut arguments: Vec<OsString>) -> Vec<OsString> {
    const OPTION: &str = "--type";
    let Some(command) = command_place(&arguments).filter(|&at| arguments[at] == "new") else { return arguments };
    let given = |argument: &OsString| argument == OPTION || argument.to_str().is_some_and(|text| text.starts_with("--type="));
    let until = arguments.iter().position(|argument| argument == "--").unwrap_or(arguments.len());
    let Some(at) = (command..until).find(|&at| given(&arguments[at])) else { return arguments };
    let joined = arguments[at].to_str().and_then(|text| text.strip_prefix("--type=")).map(OsString::from);
    let stated = match joined {
        Some(value) => Some(value),
        None => (at + 1 < until).then(|| arguments.remove(at + 1)),
    };
    // without a value, it is told as any mistake is
    let Some(value) = stated else { return arguments };
    arguments.remove(at);
    arguments.insert(command + 1, value);
    arguments
}

/// The command that these arguments of `check` are, asked to show everything, as it is written in a shell; its `paths` as they are shown.
/// It changes no file: who wants to read does not write.
pub(super) fn unabridged(arguments: impl Iterator<Item = OsString>, paths: &[OsString]) -> String {
    const WRITES: [&str; 2] = ["--fix", "--write-baseline"];
    let mut arguments: Vec<OsString> = arguments.filter(|argument| WRITES.iter().all(|option| argument != option)).collect();
    let at = command_place(&arguments).map_or(arguments.len(), |command| command + 1);
    arguments.insert(at, "--verbose".into());
    let shown = |argument: &OsString| if paths.contains(argument) { super::paths::shown(argument).into_os_string() } else { argument.clone() };
    let words = arguments.iter().skip(1).map(|argument| in_shell(&shown(argument).to_string_lossy()));
    std::iter::once("cadrage".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// `word` as it is written in a shell: between quotation marks where it has anything that the shell reads.
fn in_shell(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=,:@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

/// Where the name of the command is among the arguments, after the options that go before it.
fn command_place(arguments: &[OsString]) -> Option<usize> {
    let mut at = 1;
    while let Some(argument) = arguments.get(at) {
        let text = argument.to_string_lossy();
        at += match text.as_ref() {
            "--lang" | "--color" | "--checks" => 2,
            option if option.starts_with('-') => 1,
            _ => return Some(at),
        };
    }
    None
}

/// `command`, as it is written in French, in `lang`.
pub(super) fn command(command: Command, lang: Lang) -> Command {
    match lang {
        Lang::Fr => command,
        Lang::En => english(command, "").help_template(template()).after_help(EXIT_STATUS).subcommand_help_heading("Commands").subcommand_value_name("COMMAND"),
    }
}

/// The same, to be shown by `--help`, which puts a colon after headings.
pub(super) fn with_headings(command: Command, lang: Lang) -> Command {
    let command = self::command(command, lang);
    if lang == Lang::Fr { spaced(command) } else { command }
}

/// `command` with the no-break space that goes before the colon of a heading.
fn spaced(command: Command) -> Command {
    let with_space = |heading: Option<&str>| heading.map(|heading| format!("{heading}\u{a0}"));
    let commands = with_space(command.get_subcommand_help_heading());
    let command = commands.into_iter().fold(command, Command::subcommand_help_heading);
    let command = command.mut_args(|argument| match with_space(argument.get_help_heading()) {
        Some(heading) => argument.help_heading(heading),
        None => argument,
    });
    command.mut_subcommands(spaced)
}

fn template() -> String {
    super::TEMPLATE.replace("\u{a0}:", ":")
}

fn english(command: Command, name: &'static str) -> Command {
    let text = |id: &str| ENGLISH.iter().find(|(key, _)| *key == id).map(|(_, text)| *text);
    let command = match text(name) {
        Some(about) => command.about(about),
        None => command,
    };
    let command = command.mut_args(|argument| {
        let id = argument.get_id().as_str();
        let help = text(&format!("{name}.{id}")).or_else(|| text(&format!(".{id}")));
        let named = argument.get_value_names().and_then(<[_]>::first).map(|name| in_english(name));
        let argument = match help {
            Some(help) => argument.help(help),
            None => argument,
        };
        match named {
            Some(name) => argument.value_name(name),
            None => argument,
        }
    });
    let names: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    names.into_iter().fold(command, |command, name| {
        let known = ENGLISH.iter().find(|(key, _)| *key == name).map_or("", |(key, _)| *key);
        command.mut_subcommand(&name, |c| {
            let has_status = c.get_after_help().is_some();
            let c = english(c, known).help_template(template());
            if has_status { c.after_help(EXIT_STATUS) } else { c }
        })
    })
}

fn in_english(value: &str) -> String {
    VALUES.iter().fold(value.to_owned(), |value, (french, english)| value.replace(french, english))
}

/// Shows help, the version or a mistake, and leaves, with the exit status that goes with it.
pub(super) fn leave(error: clap::Error, lang: Lang) -> ! {
    let error = &with_check(error);
    match (lang, french(error)) {
        (Lang::Fr, Some(message)) => {
            let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
            let usage = usage.trim().strip_prefix("Usage:").map(str::trim).map(|usage| format!("\nUsage\u{a0}: {usage}")).unwrap_or_default();
            anstream::eprintln!("{}\u{a0}: {}\n{usage}\n{}", messages::severity(crate::diagnostics::Severity::Error).get(lang), visible(&message), MORE);
            std::process::exit(error.exit_code())
        }
        _ => show(error, lang),
    }
}

/// Shows what clap says, and leaves. Help that cannot be written is a failure, unless its reader has left.
fn show(error: &clap::Error, lang: Lang) -> ! {
    let written = error.print().and_then(|()| std::io::stdout().flush());
    match written {
        Err(refused) if refused.kind() != std::io::ErrorKind::BrokenPipe => {
            let why = crate::files::refusal(&refused);
            anstream::eprintln!("{}{}{}", messages::severity(crate::diagnostics::Severity::Error).get(lang), messages::COLON.get(lang), why.get(lang));
            std::process::exit(super::FAILED.into())
        }
        _ => std::process::exit(error.exit_code()),
    }
}

const MORE: &str = "Pour en savoir plus\u{a0}: --help";

/// `error` where a dossier stands in the place of the command: with the command that assesses it.
fn with_check(mut error: clap::Error) -> clap::Error {
    let name = match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(name)) if std::path::Path::new(name).exists() => in_shell(name),
        _ => return error,
    };
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![format!("cadrage check {name}").into()]));
    error
}

/// What is wrong with the arguments, in French; `None` for what is no mistake, such as `--help`.
fn french(error: &clap::Error) -> Option<String> {
    let context = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) if !texts.is_empty() => Some(texts.join(", ")),
        Some(ContextValue::StyledStrs(texts)) if !texts.is_empty() => Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        _ => None,
    };
    let argument = context(ContextKind::InvalidArg).unwrap_or_default();
    let near = |kind: ContextKind| context(kind).map(|name| format!(" ({name}\u{a0}?)")).unwrap_or_default();
    let valid = || context(ContextKind::ValidValue).map(|names| format!("\u{a0}; valeurs possibles\u{a0}: {names}")).unwrap_or_default();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("argument inattendu «\u{a0}{argument}\u{a0}»{}", near(ContextKind::SuggestedArg)),
        ErrorKind::InvalidSubcommand => {
            let name = context(ContextKind::InvalidSubcommand).unwrap_or_default();
            let check = context(ContextKind::Suggested).map(|command| format!("\u{a0}; pour évaluer ce dossier\u{a0}: {command}")).unwrap_or_default();
            format!("commande inconnue «\u{a0}{name}\u{a0}»{}{check}", near(ContextKind::SuggestedSubcommand))
        }
        ErrorKind::InvalidValue if value.is_empty() => format!("il manque une valeur à {argument}{}", valid()),
        ErrorKind::InvalidValue => format!("valeur «\u{a0}{value}\u{a0}» impossible pour {argument}{}{}", near(ContextKind::SuggestedValue), valid()),
        ErrorKind::ValueValidation => {
            let said =
                |source: &(dyn std::error::Error + 'static)| source.downcast_ref::<Expected>().map_or_else(|| source.to_string(), |own| own.0.fr.to_string());
            let expected = std::error::Error::source(error).map(|source| format!("\u{a0}: {}", said(source))).unwrap_or_default();
            format!("valeur «\u{a0}{value}\u{a0}» impossible pour {argument}{expected}")
        }
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            if other.is_empty() || other == argument {
                format!("{argument} ne peut être donné qu’une fois")
            } else {
                format!("{argument} ne va pas avec {other}")
            }
        }
        ErrorKind::MissingRequiredArgument => format!("il manque\u{a0}: {argument}"),
        ErrorKind::InvalidUtf8 => "un argument n’est pas en UTF-8".to_owned(),
        ErrorKind::NoEquals | ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("nombre de valeurs impossible pour {argument}")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    /// What is shown of every command and argument: the path, the help.
    fn shown(lang: Lang) -> Vec<(String, String)> {
        let mut command = command(Cli::command(), lang);
        command.build();
        let mut out = Vec::new();
        for part in command.get_subcommands().chain([&command]) {
            out.push((part.get_name().to_owned(), part.get_about().map(ToString::to_string).unwrap_or_default()));
            for argument in part.get_arguments() {
                let values = argument.get_value_names().unwrap_or_default().join(" ");
                out.push((format!("{} {} {values}", part.get_name(), argument.get_id()), argument.get_help().map(ToString::to_string).unwrap_or_default()));
            }
        }
        out
    }

    #[test]
    fn the_whole_help_has_an_english_translation() {
        for ((_, french), (path, english)) in shown(Lang::Fr).into_iter().zip(shown(Lang::En)) {
            assert_ne!(french, english, "{path}");
            assert!(path.is_ascii(), "{path}: a value has no English name");
        }
    }

    #[test]
    fn no_translation_is_left_over() {
        let mut command = Cli::command();
        command.build();
        let mut keys: Vec<String> = vec![String::new()];
        for part in command.get_subcommands().chain([&command]) {
            let name = if part.get_name() == "cadrage" { "" } else { part.get_name() };
            keys.push(name.to_owned());
            keys.extend(part.get_arguments().flat_map(|a| [format!("{name}.{}", a.get_id()), format!(".{}", a.get_id())]));
        }
        let unused: Vec<&str> = ENGLISH.iter().map(|(key, _)| *key).filter(|key| !keys.iter().any(|k| k == key)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn the_language_is_known_before_the_arguments_are() {
        let of = |text: &str| language(text.split(' ').map(OsString::from));
        assert_eq!(of("cadrage check --lang en --foo"), Lang::En);
        assert_eq!(of("cadrage --lang=fr check"), Lang::Fr);
        assert_eq!(of("cadrage --lang=fr check --lang en"), Lang::En);
    }
}
