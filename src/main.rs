//! The `cadrage` command.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use cadrage::cli::Cli;

fn main() -> ExitCode {
    Cli::from_arguments().run()
}
