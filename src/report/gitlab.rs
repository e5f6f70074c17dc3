//! Code Quality report of GitLab: each gap is shown in the merge request.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::escape;
use super::plain::visible;
use crate::diagnostics::{Diagnostic, Report, Severity};
use crate::dossier::Dossier;

/// Writes a list of one object a diagnostic. Errors of the run have no place in this format: the exit status tells them.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let mut seen = BTreeMap::new();
    let mut entries = Vec::new();
    for dossier in &report.dossiers {
        entries.extend(dossier.diagnostics.iter().map(|diagnostic| entry(&dossier.dossier, diagnostic, &mut seen)));
    }
    writeln!(out, "{}", escape::json(&entries, true)?)
}

fn entry<'a>(dossier: &'a Dossier, diagnostic: &'a Diagnostic, seen: &mut BTreeMap<(&'a str, &'a str), u32>) -> Value {
    let path = dossier.file(diagnostic.primary.file).path.as_str();
    let (start, end) = (dossier.start(diagnostic.primary), dossier.end(diagnostic.primary));
    let description = match &diagnostic.help {
        Some(help) => format!("{} {help}", diagnostic.told()),
        None => diagnostic.told().into_owned(),
    };
    json!({
        "description": visible(&description),
        "check_name": diagnostic.id,
        "fingerprint": fingerprint(path, &diagnostic.fingerprint, seen),
        "severity": severity(diagnostic.severity),
        "location": {
            "path": path,
            "positions": { "begin": { "line": start.line, "column": start.column }, "end": { "line": end.line, "column": end.column } },
        },
    })
}

/// GitLab wants each fingerprint once in the whole report, whereas two dossiers may have the same gap.
fn fingerprint<'a>(path: &'a str, own: &'a str, seen: &mut BTreeMap<(&'a str, &'a str), u32>) -> String {
    let count = seen.entry((path, own)).and_modify(|n| *n += 1).or_default();
    format!("{own}-{}-{count}", escape::uri(path))
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Advice => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn output(report: &Report) -> Value {
        let mut bytes = Vec::new();
        render(report, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        crate::report::plain::assert_inert(&text);
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn entries() {
        insta::assert_snapshot!(format!("{:#}", output(&testing::report())));
    }

    #[test]
    fn no_fingerprint_comes_twice() {
        let mut report = testing::report();
        report.dossiers.extend(testing::report().dossiers);
        let output = output(&report);
        let mut seen: Vec<&str> = output.as_array().unwrap().iter().map(|entry| entry["fingerprint"].as_str().unwrap()).collect();
        let count = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), count);
    }

    #[test]
    fn hostile_text_is_inert() {
        let report = testing::hostile();
        let output = output(&report);
        assert_eq!(output[0]["location"]["path"], report.dossiers[0].dossier.path.as_str());
        assert!(!output[0]["description"].as_str().unwrap().contains(['\u{1b}', '\n', '\u{202e}']), "{output:#}");
    }
}
