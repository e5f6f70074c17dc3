//! `check --fix` and `--diff`: writing the skeleton of what is missing, or showing it.

use std::collections::HashSet;
use std::fs;
use std::io::IsTerminal;
use std::path::Path;

use similar::TextDiff;

use super::Context;
use super::output::{self, Failure};
use crate::diagnostics::{DossierReport, RunError, fix};
use crate::lang::Lang;
use crate::messages;
use crate::report::{is_command, visible};
use crate::text::FileId;

/// A file with its fixes applied.
struct Fixed<'a> {
    path: &'a str,
    before: &'a str,
    after: String,
    count: usize,
}

fn of_dossier(report: &DossierReport) -> impl Iterator<Item = Fixed<'_>> {
    (0..).zip(&report.dossier.files).filter_map(|(number, file)| {
        let file_id = FileId(number);
        let after = fix::apply(&file.text, file_id, &report.diagnostics)?;
        let count = report.diagnostics.iter().filter_map(|d| d.fix.as_ref()).filter(|fix| fix.span.file == file_id).count();
        Some(Fixed { path: &file.path, before: &file.text, after, count })
    })
}

/// Writes the fixed files, each whole or not at all; a file that has changed since it was read is left alone and told, and so is one
/// that is part of several dossiers once it is fixed in the first. Returns whether anything was written, and what could not be.
pub(super) fn write<'a>(reports: impl Iterator<Item = &'a DossierReport>, lang: Lang, context: &Context) -> (bool, Vec<RunError>) {
    let mut written = false;
    let mut errors = Vec::new();
    let mut fixed = HashSet::new();
    for file in reports.flat_map(of_dossier) {
        let place = fs::canonicalize(file.path).ok();
        if place.as_ref().is_some_and(|place| fixed.contains(place)) {
            output::note(&messages::FIXED_ALREADY.fill(lang, &[("path", &file.path)]), context);
            continue;
        }
        let unchanged = |path: &Path| fs::read(path).is_ok_and(|bytes| bytes == file.before.as_bytes());
        let outcome = match output::replace(Path::new(file.path), file.after.as_bytes(), unchanged) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::said(messages::CHANGED_MEANWHILE.fill(lang, &[("path", &file.path)]))),
            Err(error) => Err(Failure::refused(file.path, &error)),
        };
        match outcome {
            Ok(()) => {
                written = true;
                fixed.extend(place);
                output::note(&messages::FIXED.fill(lang, &[("path", &file.path), ("n", &file.count)]), context);
            }
            Err(failure) => errors.push(RunError { path: file.path.to_owned(), ..failure.as_run_error(lang) }),
        }
    }
    (written, errors)
}

/// Prints what [`write`] would change, as a unified diff: as it is to a file or a program, escaped to a terminal and to the log of
/// GitHub Actions, which would otherwise obey it.
pub(super) fn show(reports: &[DossierReport]) -> Result<(), Failure> {
    let mut out = String::new();
    let mut shown = HashSet::new();
    for file in reports.iter().flat_map(of_dossier) {
        if fs::canonicalize(file.path).is_ok_and(|place| !shown.insert(place)) {
            continue;
        }
        let diff = TextDiff::from_lines(file.before, &file.after);
        let name = |side: &str| in_header(&format!("{side}/{}", file.path));
        out.push_str(&diff.unified_diff().header(&name("a"), &name("b")).to_string());
    }
    if std::io::stdout().is_terminal() || super::check::in_actions() {
        out = out.lines().map(escaped).collect();
    }
    output::print(out.as_bytes())
}

/// A name as git writes it in the header of a diff: between quotation marks, as in C, where it holds what ends or opens something there;
/// followed by a tab where it holds a space, at which `patch` would stop.
fn in_header(name: &str) -> String {
    if !name.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
        return format!("{name}{}", if name.contains(' ') { "\t" } else { "" });
    }
    let mut out = String::from('"');
    for byte in name.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\{byte:03o}")),
        }
    }
    out.push('"');
    out
}

/// A line of the diff for a reader: nothing in it acts, nor is a command once the marker of the diff is trimmed.
fn escaped(line: &str) -> String {
    let line = visible(line);
    let marker = line.len() - line.trim_start_matches(['+', '-', ' ']).len();
    let (marker, text) = line.split_at(marker);
    let bar = if is_command(text) { "│" } else { "" };
    format!("{marker}{bar}{text}\n")
}
