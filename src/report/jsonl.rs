//! One diagnostic a line, each the JSON object that `--format json` gives of it, with the path of its dossier.

use std::io::{self, Write};

use serde::Serialize;

use super::escape;
use super::json::JsonDiagnostic;
use crate::diagnostics::DossierReport;

/// A line.
#[derive(Serialize)]
struct Line<'a> {
    dossier: &'a str,
    #[serde(flatten)]
    diagnostic: JsonDiagnostic<'a>,
}

/// Writes the diagnostics of one dossier.
pub(super) fn dossier(report: &DossierReport, out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in &report.diagnostics {
        let line = Line { dossier: &report.dossier.path, diagnostic: JsonDiagnostic::new(&report.dossier, diagnostic) };
        out.write_all(escape::json(&line, false)?.as_bytes())?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Report;
    use crate::testing;

    fn output(report: &Report) -> String {
        let mut bytes = Vec::new();
        report.dossiers.iter().for_each(|d| dossier(d, &mut bytes).unwrap());
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
        crate::report::plain::assert_inert(&text);
        assert_eq!(text.lines().count(), 1);
        let line: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(line["file"], report.dossiers[0].dossier.path.as_str());
        assert_eq!(line["message"], report.dossiers[0].diagnostics[0].message.as_str());
    }
}
