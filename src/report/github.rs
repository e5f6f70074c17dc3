//! Workflow commands of GitHub Actions: each gap becomes an annotation of the pull request.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::RenderOptions;
use super::plain::visible_lines;
use crate::diagnostics::{Diagnostic, DossierReport, RunError, Severity};
use crate::dossier::Dossier;
use crate::lang::Lang;
use crate::messages::{self, COLON};

/// Writes one command a diagnostic.
pub(super) fn dossier(report: &DossierReport, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        let place = place(&report.dossier, diagnostic);
        writeln!(out, "::{} {place}::{}", command(diagnostic.severity), data(&message(diagnostic, options.lang)))?;
    }
    Ok(())
}

/// Writes one command an error of the run.
pub(super) fn errors(errors: &[RunError], out: &mut dyn Write) -> io::Result<()> {
    for error in errors {
        let file = if error.path.is_empty() { String::new() } else { format!("file={},", property(&error.path)) };
        let line = error.line.map(|line| format!("line={line},")).unwrap_or_default();
        writeln!(out, "::error {file}{line}title=cadrage::{}", data(&error.message))?;
    }
    Ok(())
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "notice",
    }
}

/// The properties of a command. Columns are for a place on one line only: GitHub leaves out an annotation that gives them for several.
fn place(dossier: &Dossier, diagnostic: &Diagnostic) -> String {
    let (start, end) = (dossier.start(diagnostic.primary), dossier.end(diagnostic.primary));
    let mut out = format!("file={},line={},endLine={}", property(&dossier.file(diagnostic.primary.file).path), start.line, end.line);
    if start.line == end.line {
        let _ = write!(out, ",col={},endColumn={}", start.column, end.column);
    }
    let _ = write!(out, ",title={}", property(&format!("cadrage ({})", diagnostic.id)));
    out
}

fn message(diagnostic: &Diagnostic, lang: Lang) -> String {
    match &diagnostic.help {
        Some(help) => format!("{}\n{}{}{help}", diagnostic.told(), messages::WRITE.get(lang), COLON.get(lang)),
        None => diagnostic.told().into_owned(),
    }
}

/// What stands after the second `::`.
fn data(text: &str) -> String {
    visible_lines(text).replace('%', "%25").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Report;
    use crate::testing;

    fn output(report: &Report) -> String {
        let mut bytes = Vec::new();
        report.dossiers.iter().for_each(|d| dossier(d, &RenderOptions::default(), &mut bytes).unwrap());
        errors(&report.errors, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn commands() {
        insta::assert_snapshot!(output(&testing::report()));
    }

    #[test]
    fn hostile_text_is_inert() {
        let text = output(&testing::hostile());
        crate::report::plain::assert_inert(&text);
        let commands: Vec<&str> = text.lines().collect();
        assert_eq!(commands.len(), 2, "{text}");
        for command in commands {
            let (properties, _) = command.strip_prefix("::error ").unwrap().split_once("::").unwrap();
            let names: Vec<&str> = properties.split(',').map(|property| property.split_once('=').unwrap().0).collect();
            let expected = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(names.iter().all(|name| expected.contains(name)), "{properties}");
            assert!(properties.starts_with("file=notes/l’eau%2C 100 %25%0A%3A%3Aerror%3A%3A<b>|`"), "{properties}");
        }
    }
}
