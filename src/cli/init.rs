//! `cadrage init`: a commented configuration in the current folder.

use std::io::ErrorKind;
use std::path::Path;

use super::output::{self, Failure};
use super::{CLEAN, Context, Outcome};
use crate::config::{FILE_NAME, template};
use crate::messages;

/// Runs the command; a file that is there is left alone.
pub(super) fn run(context: &Context) -> Outcome {
    output::create_file(Path::new(FILE_NAME), template(context.lang).as_bytes()).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::said(messages::CONFIG_EXISTS.get(context.lang)),
        _ => Failure::refused(FILE_NAME, &error),
    })?;
    output::print(format!("{FILE_NAME}\n").as_bytes())?;
    Ok(CLEAN)
}
