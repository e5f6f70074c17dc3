//! The `cadrage` command.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use cadrage::cli::Cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    Cli::from_arguments().run()
}
