//! SARIF 2.1.0, for code-scanning services and the viewers of editors.
//!
//! Every criterion and rule of the catalogue is declared, so that a service can close what is no longer reported; what a
//! comment suppresses stays in the report with its reason.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::{RenderOptions, escape};
use crate::checks::format::{Level, references_in};
use crate::checks::{Catalogue, Criterion, Rule, theme_of};
use crate::diagnostics::{Diagnostic, DossierReport, Fix, Report, RunError, Severity};
use crate::dossier::Dossier;
use crate::lang::Lang;
use crate::messages::{self, Message};
use crate::report::plain::visible;
use crate::text::Span;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Under which the fingerprint is given; services compute their own under theirs.
const FINGERPRINT: &str = "cadrage/v1";
/// What relative paths are relative to: the folder the tool was run in.
const ROOT: &str = "%SRCROOT%";

/// Writes the report as a SARIF log of one run.
pub(super) fn render(report: &Report, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let log = json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run(report, catalogue, options)] });
    writeln!(out, "{}", escape::json(&log, true)?)
}

fn run(report: &Report, catalogue: &Catalogue, options: &RenderOptions) -> Value {
    let lang = options.lang;
    let rules = Rules::new(report, catalogue, options);
    let results: Vec<Value> = report.dossiers.iter().flat_map(|dossier| of_dossier(dossier, &rules)).collect();
    json!({
        "tool": { "driver": {
            "name": "cadrage",
            "version": env!("CARGO_PKG_VERSION"),
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules.declared,
        } },
        "language": lang.id(),
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": { ROOT: { "description": text(messages::WORKING_FOLDER.get(lang)) } },
        "invocations": [{
            "executionSuccessful": report.errors.is_empty(),
            "toolExecutionNotifications": report.errors.iter().map(notification).collect::<Vec<_>>(),
        }],
        "results": results,
    })
}

/// The rules as declared, and where each is.
struct Rules {
    declared: Vec<Value>,
    index: BTreeMap<String, usize>,
}

impl Rules {
    fn new(report: &Report, catalogue: &Catalogue, options: &RenderOptions) -> Self {
        let mut rules = Self { declared: Vec::new(), index: BTreeMap::new() };
        let with_page = |id: &str, mut rule: Value| {
            if let Some(pages) = &options.pages {
                rule["helpUri"] = json!(pages.replace("{id}", id));
            }
            rule
        };
        catalogue.criteria.iter().for_each(|c| rules.declare(&c.id, || with_page(&c.id, of_criterion(c, options.lang))));
        catalogue.rules.iter().for_each(|r| rules.declare(&r.id, || with_page(&r.id, of_rule(r, options.lang))));
        report.dossiers.iter().flat_map(every).for_each(|(diagnostic, _)| rules.declare(&diagnostic.id, || of_diagnostic(diagnostic)));
        rules
    }

    fn declare(&mut self, id: &str, rule: impl FnOnce() -> Value) {
        if !self.index.contains_key(id) {
            self.index.insert(id.to_owned(), self.declared.len());
            self.declared.push(rule());
        }
    }
}

/// What is reported of a dossier and what is suppressed, the latter with its reason.
fn every(report: &DossierReport) -> impl Iterator<Item = (&Diagnostic, Option<&str>)> {
    let suppressed = report.suppressed.iter().map(|(diagnostic, reason)| (diagnostic, Some(reason.as_str())));
    report.diagnostics.iter().map(|diagnostic| (diagnostic, None)).chain(suppressed)
}

fn of_criterion(criterion: &Criterion, lang: Lang) -> Value {
    let parts = [
        (messages::ASKS, criterion.asks.get(lang)),
        (messages::WHY, criterion.why.get(lang)),
        (messages::WRITE, criterion.help.get(lang)),
        (messages::MODEL, criterion.model.get(lang)),
    ];
    let configuration = match criterion.severity {
        Level::NotApplicable => json!({ "enabled": false }),
        other => json!({ "level": other.severity().map_or("none", level) }),
    };
    declaration(
        &criterion.id,
        criterion.title.get(lang),
        criterion.asks.get(lang),
        &configuration,
        &Help { parts: &parts, references: references_in(&criterion.references, lang).collect(), lang },
    )
}

fn of_rule(rule: &Rule, lang: Lang) -> Value {
    let parts = [(messages::REPORTS, rule.reports.get(lang)), (messages::WHY, rule.why.get(lang)), (messages::WRITE, rule.help.get(lang))];
    let configuration = json!({ "level": level(rule.severity) });
    declaration(
        &rule.id,
        rule.title.get(lang),
        rule.reports.get(lang),
        &configuration,
        &Help { parts: &parts, references: references_in(&rule.references, lang).collect(), lang },
    )
}

/// For what is reported without being in the catalogue, such as a suppression comment at fault.
fn of_diagnostic(diagnostic: &Diagnostic) -> Value {
    let help = visible(diagnostic.help.as_deref().unwrap_or(&diagnostic.message));
    json!({
        "id": diagnostic.id,
        "shortDescription": text(&diagnostic.id),
        "fullDescription": text(&diagnostic.message),
        "help": { "text": literal(&help), "markdown": literal(&escape::markdown(&help)) },
        "defaultConfiguration": { "level": level(diagnostic.severity) },
        "properties": { "tags": [theme_of(&diagnostic.id)] },
    })
}

fn declaration(id: &str, title: &str, description: &str, configuration: &Value, help: &Help<'_>) -> Value {
    json!({
        "id": id,
        "shortDescription": text(title),
        "fullDescription": text(description),
        "help": { "text": literal(&help.plain()), "markdown": literal(&help.markdown()) },
        "defaultConfiguration": configuration,
        "properties": { "tags": [theme_of(id)] },
    })
}

/// What is to be read about a criterion or rule.
struct Help<'a> {
    parts: &'a [(Message, &'a str)],
    references: Vec<&'a str>,
    lang: Lang,
}

impl Help<'_> {
    fn parts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.parts.iter().map(|(head, text)| (head.get(self.lang), text.trim())).filter(|(_, text)| !text.is_empty())
    }

    fn plain(&self) -> String {
        let mut paragraphs: Vec<String> = self.parts().map(|(head, text)| format!("{head}\n{}", visible(text))).collect();
        if !self.references.is_empty() {
            paragraphs.push(format!("{}\n{}", messages::REFERENCES.get(self.lang), visible(&self.references.join(messages::SEMICOLON.get(self.lang)))));
        }
        paragraphs.join("\n\n")
    }

    fn markdown(&self) -> String {
        let mut paragraphs: Vec<String> = self.parts().map(|(head, text)| format!("**{head}**\n\n{}", escape::markdown(text))).collect();
        if !self.references.is_empty() {
            let items: Vec<String> = self.references.iter().map(|reference| format!("- {}", escape::markdown(reference))).collect();
            paragraphs.push(format!("**{}**\n\n{}", messages::REFERENCES.get(self.lang), items.join("\n")));
        }
        paragraphs.join("\n\n")
    }
}

fn of_dossier<'a>(report: &'a DossierReport, rules: &'a Rules) -> impl Iterator<Item = Value> + 'a {
    every(report).map(|(diagnostic, reason)| result(&report.dossier, diagnostic, reason, rules))
}

/// Longest passage that is quoted, in bytes: the text of a region may be left out, not cut (SARIF 2.1.0, 3.30.13).
const LONGEST_SNIPPET: usize = 4_000;

fn result(dossier: &Dossier, diagnostic: &Diagnostic, reason: Option<&str>, rules: &Rules) -> Value {
    let mut primary = location(dossier, diagnostic.primary, &diagnostic.primary_label);
    let passage = dossier.slice(diagnostic.primary);
    if passage.len() <= LONGEST_SNIPPET {
        primary["physicalLocation"]["region"]["snippet"] = json!({ "text": passage });
    }
    let mut result = json!({
        "ruleId": diagnostic.id,
        "ruleIndex": rules.index.get(&diagnostic.id),
        "level": level(diagnostic.severity),
        "message": text(&diagnostic.message),
        "locations": [primary],
        "relatedLocations": related(dossier, diagnostic),
        "partialFingerprints": { FINGERPRINT: diagnostic.fingerprint },
        "suppressions": reason.map(|reason| json!({ "kind": "inSource", "justification": visible(reason) })).into_iter().collect::<Vec<_>>(),
    });
    if let Some(change) = &diagnostic.fix {
        result["fixes"] = json!([fix(dossier, change)]);
    }
    result
}

fn related(dossier: &Dossier, diagnostic: &Diagnostic) -> Vec<Value> {
    let one = |(at, label): (usize, &crate::diagnostics::Label)| {
        let mut place = location(dossier, label.span, &label.message);
        place["id"] = json!(at + 1);
        place
    };
    diagnostic.labels.iter().enumerate().map(one).collect()
}

fn location(dossier: &Dossier, span: Span, message: &str) -> Value {
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact(&dossier.file(span.file).path), "region": region(dossier, span) } });
    if !message.is_empty() {
        location["message"] = text(message);
    }
    location
}

fn artifact(path: &str) -> Value {
    let uri = escape::uri(path);
    if uri.starts_with("file:") { json!({ "uri": uri }) } else { json!({ "uri": uri, "uriBaseId": ROOT }) }
}

fn region(dossier: &Dossier, span: Span) -> Value {
    let (start, end) = (dossier.start(span), dossier.end(span));
    json!({
        "startLine": start.line, "startColumn": start.column,
        "endLine": end.line, "endColumn": end.column,
        "byteOffset": start.offset, "byteLength": end.offset - start.offset,
    })
}

fn fix(dossier: &Dossier, fix: &Fix) -> Value {
    let replacement = json!({ "deletedRegion": region(dossier, fix.span), "insertedContent": { "text": fix.whole() } });
    let change = json!({ "artifactLocation": artifact(&dossier.file(fix.span.file).path), "replacements": [replacement] });
    json!({ "description": text(&fix.title), "artifactChanges": [change] })
}

fn notification(error: &RunError) -> Value {
    let mut notification = json!({ "level": "error", "message": text(&error.message) });
    if !error.path.is_empty() {
        let mut place = json!({ "artifactLocation": artifact(&error.path) });
        if let Some(line) = error.line {
            place["region"] = json!({ "startLine": line });
        }
        notification["locations"] = json!([{ "physicalLocation": place }]);
    }
    notification
}

/// A message without markup; a bracket that would open a link is escaped as the specification asks.
fn text(text: &str) -> Value {
    let text = visible(text);
    let text = if text.contains("](") { text.replace('[', "\\[").replace(']', "\\]") } else { text.into_owned() };
    json!({ "text": literal(&text) })
}

/// The text of a message string, in which a lone brace would be the place of an argument (section 3.11.5).
fn literal(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn output(report: &Report, catalogue: &Catalogue) -> Value {
        let mut bytes = Vec::new();
        render(report, catalogue, &RenderOptions::default(), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        crate::report::plain::assert_inert(&text);
        serde_json::from_str(&text).unwrap()
    }

    fn assert_valid(log: &Value) {
        // The published pattern of a language has a bracket too many, which strict readers refuse.
        let schema = include_str!("../../tests/data/schemas/sarif-2.1.0.json").replace("{2}]?$", "{2}$");
        let schema: Value = serde_json::from_str(&schema).unwrap();
        let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
        let errors: Vec<String> = validator.iter_errors(log).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }

    #[test]
    fn log() {
        let log = output(&testing::report(), &testing::catalogue());
        assert_valid(&log);
        insta::assert_snapshot!(format!("{log:#}").replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }

    #[test]
    fn the_whole_catalogue_is_declared() {
        let catalogue = Catalogue::builtin().unwrap();
        let log = output(&Report::default(), &catalogue);
        assert_valid(&log);
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
        assert_eq!(rules.len(), catalogue.criteria.len() + catalogue.rules.len());
        assert!(rules.iter().all(|rule| !rule["help"]["markdown"].as_str().unwrap().is_empty()));
    }

    #[test]
    fn hostile_text_is_inert() {
        let log = output(&testing::hostile(), &testing::catalogue());
        assert_valid(&log);
        let result = &log["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], testing::HOSTILE_URI);
        assert!(result["message"]["text"].as_str().unwrap().contains("\\[lien\\](https:"), "{result:#}");
        assert!(result["message"]["text"].as_str().unwrap().contains("{{{{x}}}}"), "{result:#}");
        assert!(log["runs"][0]["tool"]["driver"]["rules"][0]["help"]["markdown"].as_str().unwrap().contains("&lt;script&gt;"));
    }
}
