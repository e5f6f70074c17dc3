//! One diagnostic a line, each the JSON object that `--format json` gives of it, with the path of its dossier.

use std::io::{self, Write};

use serde::Serialize;

use super::escape;
use super::json::JsonDiagnostic;
use crate::diagnostics::Report;

/// A line.
#[derive(Serialize)]
struct Line<'a> {
    dossier: &'a str,
    #[serde(flatten)]
    diagnostic: JsonDiagnostic<'a>,
}

/// Writes the diagnostics one by one.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    for dossier in &report.dossiers {
        for diagnostic in &dossier.diagnostics {
            let line = Line { dossier: &dossier.dossier.path, diagnostic: JsonDiagnostic::new(&dossier.dossier, diagnostic) };
            writeln!(out, "{}", escape::json(&line, false)?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing;

    fn output(report: &Report) -> String {
        let mut bytes = Vec::new();
        render(report, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn lines() {
        insta::assert_snapshot!(output(&testing::report()));
    }

    #[test]
    fn hostile_text_is_inert() {
        let report = testing::hostile();
        let text = output(&report);
        testing::assert_inert(&text);
        assert_eq!(text.lines().count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["file"], report.dossiers[0].dossier.path.as_str());
        assert_eq!(line["message"], report.dossiers[0].diagnostics[0].message.as_str());
    }
}
