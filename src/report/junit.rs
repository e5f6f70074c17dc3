//! JUnit XML, for the test reports of CI systems: a suite a dossier, a case a criterion, and a case an occurrence of a rule.

use std::io::{self, Write};

use super::RenderOptions;
use super::plain::{visible, visible_lines};
use crate::checks::theme_of;
use crate::diagnostics::{CriterionResult, Diagnostic, DossierReport, Kind, Report, RunError, Severity, Verdict};
use crate::messages::{self, COLON};
use crate::text::Span;

/// Writes the whole document.
pub(super) fn render(report: &Report, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let mut suites: Vec<Suite> = report.dossiers.iter().map(|dossier| Suite::of(dossier, options)).collect();
    if !report.errors.is_empty() {
        suites.push(Suite { name: "cadrage".into(), cases: report.errors.iter().map(Case::of_error).collect() });
    }
    let count = |outcome: fn(&Outcome) -> bool| suites.iter().map(|suite| suite.count(outcome)).sum::<usize>();
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    let (tests, failures, errors) = (count(|_| true), count(Outcome::is_failure), count(Outcome::is_error));
    writeln!(out, "<testsuites name=\"cadrage\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">")?;
    suites.iter().try_for_each(|suite| suite.write(out))?;
    writeln!(out, "</testsuites>")
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    class: String,
    name: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// Gaps that do not make the run fail.
    Remarked {
        details: String,
    },
    Skipped {
        reason: String,
    },
    Failed {
        severity: Severity,
        message: String,
        details: String,
    },
    Error {
        message: String,
    },
}

impl Outcome {
    fn is_skipped(&self) -> bool {
        matches!(self, Self::Skipped { .. })
    }

    fn is_failure(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }

    fn is_error(&self) -> bool {
        matches!(self, Self::Error { .. })
    }
}

impl Suite {
    fn of(report: &DossierReport, options: &RenderOptions) -> Self {
        let mut cases = Vec::new();
        for criterion in report.criteria.iter().filter(|c| options.selection.admits(&c.id)) {
            cases.push(Case::of_criterion(report, criterion, options));
        }
        let judged = |d: &Diagnostic| d.kind == Kind::Criterion && report.criteria.iter().any(|c| c.id == d.id);
        let others = report.diagnostics.iter().filter(|d| !judged(d));
        cases.extend(others.map(|diagnostic| Case::of_occurrence(report, diagnostic, options)));
        Self { name: report.dossier.path.clone(), cases }
    }

    fn count(&self, outcome: impl Fn(&Outcome) -> bool) -> usize {
        self.cases.iter().filter(|case| outcome(&case.outcome)).count()
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "  <testsuite name=\"{}\" tests=\"{}\"", xml(&self.name), self.cases.len())?;
        write!(out, " failures=\"{}\" errors=\"{}\"", self.count(Outcome::is_failure), self.count(Outcome::is_error))?;
        writeln!(out, " skipped=\"{}\" time=\"0\">", self.count(Outcome::is_skipped))?;
        self.cases.iter().try_for_each(|case| case.write(out))?;
        writeln!(out, "  </testsuite>")
    }
}

impl Case {
    fn of_criterion(report: &DossierReport, criterion: &CriterionResult, options: &RenderOptions) -> Self {
        let diagnostic = report.diagnostics.iter().find(|d| d.kind == Kind::Criterion && d.id == criterion.id);
        let outcome = match (diagnostic, &criterion.suppressed) {
            (Some(diagnostic), _) => gap(report, diagnostic, options),
            (None, Some(reason)) => Outcome::Skipped { reason: reason.clone() },
            (None, None) if criterion.verdict == Verdict::Satisfied => Outcome::Passed,
            (None, None) => Outcome::Skipped { reason: messages::verdict(criterion.verdict).get(options.lang).to_owned() },
        };
        Self { class: criterion.theme.clone(), name: format!("{} — {}", criterion.id, criterion.title), outcome }
    }

    fn of_occurrence(report: &DossierReport, diagnostic: &Diagnostic, options: &RenderOptions) -> Self {
        let class = theme_of(&diagnostic.id).to_owned();
        let name = format!("{} — {}", diagnostic.id, report.dossier.place(diagnostic.primary));
        Self { class, name, outcome: gap(report, diagnostic, options) }
    }

    fn of_error(error: &RunError) -> Self {
        Self { class: "cadrage".into(), name: error.path.clone(), outcome: Outcome::Error { message: error.message.clone() } }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "    <testcase classname=\"{}\" name=\"{}\" time=\"0\"", xml(&self.class), xml(&self.name))?;
        match &self.outcome {
            Outcome::Passed => return writeln!(out, "/>"),
            Outcome::Remarked { details } => writeln!(out, ">\n      <system-out>{}</system-out>", xml_text(details))?,
            Outcome::Skipped { reason } => writeln!(out, ">\n      <skipped message=\"{}\"/>", xml(reason))?,
            Outcome::Failed { severity, message, details } => {
                writeln!(out, ">\n      <failure type=\"{}\" message=\"{}\">{}</failure>", level(*severity), xml(message), xml_text(details))?;
            }
            Outcome::Error { message } => writeln!(out, ">\n      <error type=\"error\" message=\"{}\"/>", xml(message))?,
        }
        writeln!(out, "    </testcase>")
    }
}

/// A failure from the severity on that makes the run fail; below it, the case passes and says what there is to improve.
fn gap(report: &DossierReport, diagnostic: &Diagnostic, options: &RenderOptions) -> Outcome {
    let lang = options.lang;
    let colon = COLON.get(lang);
    // a path may be what the log of a CI system takes for a command at the beginning of a line
    let place = |span: Span| visible(&report.dossier.place(span)).into_owned();
    let mut details = format!("{}{colon}{}", place(diagnostic.primary), diagnostic.told());
    let labels = diagnostic.labels.iter().map(|label| format!("\n– {}{colon}{}", place(label.span), label.message));
    details.extend(labels);
    for (head, text) in [(messages::WRITE, &diagnostic.help), (messages::EXAMPLE, &diagnostic.example)] {
        details.extend(text.iter().map(|text| format!("\n{}{colon}{text}", head.get(lang))));
    }
    if !options.fail_on.reached_by(diagnostic.severity) {
        return Outcome::Remarked { details: format!("{}{colon}{details}", messages::severity(diagnostic.severity).get(lang)) };
    }
    Outcome::Failed { severity: diagnostic.severity, message: diagnostic.told().into_owned(), details }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Advice => "info",
    }
}

/// Text between tags.
fn xml_text(text: &str) -> String {
    html_escape::encode_double_quoted_attribute(&visible_lines(text)).into_owned()
}

/// The value of an attribute.
fn xml(text: &str) -> String {
    xml_text(text).replace('\n', "&#10;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn output(report: &Report) -> String {
        let mut bytes = Vec::new();
        render(report, &RenderOptions::default(), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn document() {
        insta::assert_snapshot!(output(&testing::report()));
    }

    #[test]
    fn hostile_text_is_inert() {
        let text = output(&testing::hostile());
        crate::report::plain::assert_inert(&text);
        let markup: Vec<&str> = text.split('<').skip(1).map(|tag| tag.split([' ', '>', '/']).find(|name| !name.is_empty()).unwrap()).collect();
        let own = ["?xml", "testsuites", "testsuite", "testcase", "failure", "error"];
        assert!(markup.iter().all(|name| own.contains(name)), "{markup:?}");
        assert!(!text.contains("]]>") && !text.contains('\u{ffff}'), "{text}");
    }
}
