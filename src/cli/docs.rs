//! `cadrage docs`: a page for every criterion and rule.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::output::{self, Failure};
use super::{CLEAN, Context, GAPS, Outcome};
use crate::docs::{MARK, pages};
use crate::messages::{self, Message};
use crate::report::visible;
use crate::session::Asked;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options")]
pub(super) struct Args {
    #[arg(value_name = "RÉPERTOIRE", help_heading = "Arguments", default_value = "docs/criteres", hide_default_value = true)]
    #[arg(help = "Répertoire des pages (par défaut\u{a0}: docs/criteres)")]
    folder: PathBuf,
    /// N’écrit rien ; le code de sortie est 1 si des pages sont à récrire ou en trop
    #[arg(long)]
    check: bool,
}

/// Runs the command: what is right already is left alone, and so is every file that this command did not write.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    let pages = pages(&context.session(Asked::default())?.with_examples()?.catalogue);
    let superfluous = superfluous(&args.folder, &pages)?;
    let mut changes: Vec<(Message, PathBuf)> = Vec::new();
    for (name, text) in &pages {
        let path = args.folder.join(name);
        match read(&path)? {
            Some(there) if there == *text => continue,
            Some(there) if !there.starts_with(MARK) => {
                return Err(Failure::said(messages::NOT_OUR_PAGE.fill(context.lang, &[("path", &path.display())])));
            }
            there if args.check => changes.push((if there.is_some() { messages::PAGE_STALE } else { messages::PAGE_MISSING }, path)),
            _ => {
                fs::create_dir_all(&args.folder).map_err(|error| failed(&args.folder, &error))?;
                output::write_file(&path, text.as_bytes())?;
                changes.push((messages::PAGE_WRITTEN, path));
            }
        }
    }
    for path in superfluous {
        if !args.check {
            fs::remove_file(&path).map_err(|error| failed(&path, &error))?;
        }
        changes.push((if args.check { messages::PAGE_SUPERFLUOUS } else { messages::PAGE_REMOVED }, path));
    }
    let told: Vec<String> = changes.iter().map(|(message, path)| message.fill(context.lang, &[("path", &visible(&path.to_string_lossy()))]) + "\n").collect();
    output::print(told.concat().as_bytes())?;
    Ok(if args.check && !changes.is_empty() { GAPS } else { CLEAN })
}

fn failed(path: &Path, error: &std::io::Error) -> Failure {
    Failure::refused(path.display(), error)
}

fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, &error)),
    }
}

/// The pages that this command wrote for what is no longer in the catalogue, in path order.
fn superfluous(folder: &Path, pages: &BTreeMap<String, String>) -> Result<Vec<PathBuf>, Failure> {
    let mut out = Vec::new();
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(out),
        Err(error) => return Err(failed(folder, &error)),
    };
    for entry in entries {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        let known = path.file_name().and_then(|name| name.to_str()).is_some_and(|name| pages.contains_key(name));
        let page = path.extension().is_some_and(|extension| extension == "md") && path.is_file();
        if page && !known && read(&path)?.is_some_and(|text| text.starts_with(MARK)) {
            out.push(path);
        }
    }
    out.sort();
    Ok(out)
}
