//! `cadrage completions` and `cadrage man`.

use clap_complete::Shell;

use super::output::{self, Failure};
use super::{CLEAN, Outcome};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(
        value_name = "INTERPRÉTEUR",
        help_heading = "Arguments",
        hide_possible_values = true,
        help = "Interpréteur de commandes\u{a0}: bash, elvish, fish, powershell ou zsh"
    )]
    shell: Shell,
}

/// Writes the completions of a shell.
pub(super) fn completions(args: &Args, mut command: clap::Command) -> Outcome {
    let mut bytes = Vec::new();
    clap_complete::generate(args.shell, &mut command, "cadrage", &mut bytes);
    output::print(&bytes)?;
    Ok(CLEAN)
}

/// Writes the man page: the command, then each of its subcommands.
pub(super) fn man(mut command: clap::Command) -> Outcome {
    let failed = |error: std::io::Error| Failure::said(error.to_string());
    let mut bytes = Vec::new();
    command.build();
    clap_mangen::Man::new(command.clone()).render(&mut bytes).map_err(failed)?;
    for subcommand in command.get_subcommands() {
        let name = subcommand.get_name().to_uppercase();
        bytes.extend_from_slice(format!(".SH CADRAGE {name}\n").as_bytes());
        let page = clap_mangen::Man::new(subcommand.clone());
        page.render_synopsis_section(&mut bytes).map_err(failed)?;
        page.render_description_section(&mut bytes).map_err(failed)?;
        page.render_options_section(&mut bytes).map_err(failed)?;
    }
    output::print(&bytes)?;
    Ok(CLEAN)
}
