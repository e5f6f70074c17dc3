//! `cadrage init`: a commented configuration in the current folder.

use std::fs::OpenOptions;
use std::io::Write;

use super::output::{self, Failure};
use super::{CLEAN, Context, Outcome};
use crate::config::{FILE_NAME, TEMPLATE};
use crate::messages;

/// Runs the command; a file that is there is left alone.
pub(super) fn run(context: &Context) -> Outcome {
    let failed = |error: std::io::Error| Failure::said(format!("{FILE_NAME}: {error}"));
    let mut file = OpenOptions::new().write(true).create_new(true).open(FILE_NAME).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::said(messages::CONFIG_EXISTS.get(context.lang)),
        _ => failed(error),
    })?;
    file.write_all(TEMPLATE.as_bytes()).map_err(failed)?;
    output::print(format!("{FILE_NAME}\n").as_bytes())?;
    Ok(CLEAN)
}
