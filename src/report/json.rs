//! The report as one JSON document, for programs. Its shape is stable; `schema/report.schema.json` is made from these types.

use std::io::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::{Summary, Totals, escape};
use crate::diagnostics::baseline::Known;
use crate::diagnostics::{CriterionResult, Diagnostic, DossierReport, Fix, Kind, ProcessType, Report, RunError, Severity, TypeSource, Verdict};
use crate::dossier::Dossier;
use crate::text::{Position, Span};

/// Version of the shape; it changes when a program that reads it would break.
pub const SCHEMA_VERSION: u32 = 1;

/// A whole report.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "cadrage report", deny_unknown_fields)]
pub struct JsonReport<'a> {
    /// Version of this shape.
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// In the order of the arguments.
    pub dossiers: Vec<JsonDossier<'a>>,
    /// What could not be read or assessed; not empty when the exit status is 2.
    pub errors: Vec<JsonError<'a>>,
    /// Counts over all dossiers.
    pub summary: Summary,
}

/// What made the report.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Tool {
    /// Always `cadrage`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

impl Tool {
    fn this() -> Self {
        Self { name: "cadrage", version: env!("CARGO_PKG_VERSION") }
    }
}

/// What is said of one dossier.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonDossier<'a> {
    /// Its path, from the folder the tool was run in on where it is below it.
    pub path: &'a str,
    /// Process type.
    #[serde(rename = "type")]
    pub process_type: ProcessType,
    /// Where the type was found.
    pub type_source: TypeSource,
    /// The files read, in reading order.
    pub files: Vec<&'a str>,
    /// One entry a criterion of the catalogue, in its order; none applies when the dossier frames no participation.
    pub criteria: Vec<JsonCriterion<'a>>,
    /// Ordered by file, offset, id.
    pub diagnostics: Vec<JsonDiagnostic<'a>>,
    /// What the baseline knew of; absent when the run has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<JsonBaseline<'a>>,
}

/// What the baseline knew of a dossier.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonBaseline<'a> {
    /// How many gaps were known, and are left out of the diagnostics.
    pub known: usize,
    /// The gaps that are no longer there.
    pub resolved: &'a [Known],
}

/// The verdict on one criterion.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonCriterion<'a> {
    /// Id in the catalogue.
    pub id: &'a str,
    /// Title, in the language of the run.
    pub title: &'a str,
    /// Severity of a gap, for the type of the dossier; null where the type exempts.
    pub severity: Option<Severity>,
    /// The verdict.
    pub verdict: Verdict,
    /// The reason given by the comment that suppresses it, where one does.
    pub suppressed: Option<&'a str>,
    /// Why it is unclear, as stable identifiers.
    pub reasons: Vec<&'a str>,
    /// The passages that decided.
    pub evidence: Vec<JsonEvidence<'a>>,
}

/// A passage.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonEvidence<'a> {
    /// The file.
    pub file: &'a str,
    /// First character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
    /// The bytes between, as in the file.
    pub text: &'a str,
}

/// One thing to tell the author.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonDiagnostic<'a> {
    /// Id of the criterion, rule or suppression fault.
    pub id: &'a str,
    /// What it is about.
    pub kind: Kind,
    /// How serious.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: &'a str,
    /// The file.
    pub file: &'a str,
    /// First character concerned.
    pub start: Position,
    /// One past the last.
    pub end: Position,
    /// What there is to read at the place, then at others.
    pub labels: Vec<JsonLabel<'a>>,
    /// What to write instead.
    pub help: Option<&'a str>,
    /// What it rests on.
    pub references: Vec<&'a str>,
    /// Identity that survives edits elsewhere in the dossier.
    pub fingerprint: &'a str,
    /// A mechanical repair, where there is one.
    pub fix: Option<JsonFix<'a>>,
}

/// A place, and what it has to do with the diagnostic: why the passage concerned is not enough, or another place.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonLabel<'a> {
    /// The file.
    pub file: &'a str,
    /// First character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
    /// A few words.
    pub message: &'a str,
}

/// A change that repairs the gap.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonFix<'a> {
    /// What it does.
    pub title: &'a str,
    /// The file.
    pub file: &'a str,
    /// First character replaced.
    pub start: Position,
    /// One past the last; the start again for an insertion.
    pub end: Position,
    /// What stands there afterwards.
    pub text: String,
}

/// Something that went wrong with the run.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct JsonError<'a> {
    /// The path concerned; empty when there is none.
    pub file: &'a str,
    /// What went wrong.
    pub message: &'a str,
}

impl<'a> JsonReport<'a> {
    /// The report in the shape of the JSON document.
    #[must_use]
    pub fn new(report: &'a Report) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::this(),
            dossiers: report.dossiers.iter().map(JsonDossier::new).collect(),
            errors: report.errors.iter().map(JsonError::new).collect(),
            summary: Summary::of(report),
        }
    }
}

impl<'a> JsonDossier<'a> {
    fn new(report: &'a DossierReport) -> Self {
        let dossier = &report.dossier;
        Self {
            path: &dossier.path,
            process_type: report.process_type,
            type_source: report.type_source,
            files: dossier.files.iter().map(|file| file.path.as_str()).collect(),
            criteria: report.criteria.iter().map(|c| JsonCriterion::new(dossier, c)).collect(),
            diagnostics: report.diagnostics.iter().map(|d| JsonDiagnostic::new(dossier, d)).collect(),
            baseline: report.compared.as_ref().map(|c| JsonBaseline { known: c.known.len(), resolved: &c.resolved }),
        }
    }
}

impl<'a> JsonCriterion<'a> {
    fn new(dossier: &'a Dossier, criterion: &'a CriterionResult) -> Self {
        Self {
            id: &criterion.id,
            title: &criterion.title,
            severity: criterion.severity,
            verdict: criterion.verdict,
            suppressed: criterion.suppressed.as_deref(),
            reasons: criterion.reasons.iter().map(|reason| reason.id.as_str()).collect(),
            evidence: criterion.evidence.iter().map(|span| JsonEvidence::new(dossier, *span)).collect(),
        }
    }
}

impl<'a> JsonEvidence<'a> {
    fn new(dossier: &'a Dossier, span: Span) -> Self {
        let (file, start, end) = place(dossier, span);
        Self { file, start, end, text: dossier.slice(span) }
    }
}

impl<'a> JsonDiagnostic<'a> {
    /// The diagnostic in the shape of the JSON document.
    #[must_use]
    pub fn new(dossier: &'a Dossier, diagnostic: &'a Diagnostic) -> Self {
        let (file, start, end) = place(dossier, diagnostic.primary);
        let label = |span, message| {
            let (file, start, end) = place(dossier, span);
            JsonLabel { file, start, end, message }
        };
        let here = Some(&diagnostic.primary_label).filter(|text| !text.is_empty()).map(|text| label(diagnostic.primary, text));
        let elsewhere = diagnostic.labels.iter().map(|other| label(other.span, &other.message));
        Self {
            id: &diagnostic.id,
            kind: diagnostic.kind,
            severity: diagnostic.severity,
            message: &diagnostic.message,
            file,
            start,
            end,
            labels: here.into_iter().chain(elsewhere).collect(),
            help: diagnostic.help.as_deref(),
            references: diagnostic.references.iter().map(String::as_str).collect(),
            fingerprint: &diagnostic.fingerprint,
            fix: diagnostic.fix.as_ref().map(|fix| JsonFix::new(dossier, fix)),
        }
    }
}

impl<'a> JsonFix<'a> {
    fn new(dossier: &'a Dossier, fix: &'a Fix) -> Self {
        let (file, start, end) = place(dossier, fix.span);
        Self { title: &fix.title, file, start, end, text: fix.whole() }
    }
}

impl<'a> JsonError<'a> {
    fn new(error: &'a RunError) -> Self {
        Self { file: &error.path, message: &error.message }
    }
}

fn place(dossier: &Dossier, span: Span) -> (&str, Position, Position) {
    (&dossier.file(span.file).path, dossier.start(span), dossier.end(span))
}

/// Writes the document up to its first dossier.
pub(super) fn opening(out: &mut dyn Write) -> io::Result<()> {
    let tool = nested(&Tool::this(), 1)?;
    write!(out, "{{\n  \"schema_version\": {SCHEMA_VERSION},\n  \"tool\": {tool},\n  \"dossiers\": [")
}

/// Writes one dossier of the document.
pub(super) fn dossier(report: &DossierReport, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "\n    {}", nested(&JsonDossier::new(report), 2)?)
}

/// Writes what follows the last dossier.
pub(super) fn closing(totals: &Totals, errors: &[RunError], out: &mut dyn Write) -> io::Result<()> {
    let end = if totals.summary.dossiers > 0 { "\n  ]" } else { "]" };
    let errors = nested(&errors.iter().map(JsonError::new).collect::<Vec<_>>(), 1)?;
    writeln!(out, "{end},\n  \"errors\": {errors},\n  \"summary\": {}\n}}", nested(&totals.summary, 1)?)
}

/// A value of the document, indented as it stands `depth` levels deep.
fn nested(value: &impl Serialize, depth: usize) -> io::Result<String> {
    // no string of JSON holds a line end
    Ok(escape::json(value, true)?.replace('\n', &format!("\n{}", "  ".repeat(depth))))
}

/// The JSON Schema of the document, as committed in `schema/report.schema.json`.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(JsonReport<'static>).to_value()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, RenderOptions};
    use crate::testing;

    fn render(report: &Report, out: &mut Vec<u8>) -> io::Result<()> {
        crate::report::render(Format::Json, report, &testing::catalogue(), &RenderOptions::default(), out)
    }

    fn output() -> serde_json::Value {
        let mut bytes = Vec::new();
        render(&testing::report(), &mut bytes).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn written_by_parts_or_whole_the_document_is_the_same() {
        for dossiers in [0, 1, 2] {
            let report = Report { dossiers: (0..dossiers).map(|_| testing::report().dossiers.remove(0)).collect(), errors: testing::report().errors };
            let mut bytes = Vec::new();
            render(&report, &mut bytes).unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), escape::json(&JsonReport::new(&report), true).unwrap() + "\n");
        }
    }

    #[test]
    fn the_committed_schema_is_fresh() {
        testing::assert_fresh("schema/report.schema.json", &format!("{:#}\n", schema()));
    }

    #[test]
    fn output_validates_against_the_schema() {
        let validator = jsonschema::validator_for(&schema()).unwrap();
        let output = output();
        let errors: Vec<String> = validator.iter_errors(&output).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let mut wrong = output;
        wrong["dossiers"][0]["criteria"][0]["verdict"] = "perhaps".into();
        assert!(!validator.is_valid(&wrong));
    }

    #[test]
    fn the_text_is_what_stands_at_the_offsets() {
        let report = testing::report();
        let output = output();
        let evidence = output["dossiers"][0]["criteria"].as_array().unwrap().iter().flat_map(|c| c["evidence"].as_array().unwrap());
        let mut seen = 0;
        for passage in evidence {
            let file = report.dossiers[0].dossier.files.iter().find(|f| passage["file"] == f.path.as_str()).unwrap();
            let offset = |at: &str| passage[at]["offset"].as_u64().unwrap() as usize;
            assert_eq!(passage["text"], file.text[offset("start")..offset("end")]);
            seen += 1;
        }
        assert!(seen > 1);
    }

    #[test]
    fn shape() {
        insta::assert_snapshot!(format!("{:#}", output()));
    }

    #[test]
    fn hostile_text_is_inert() {
        let report = testing::hostile();
        let mut bytes = Vec::new();
        render(&report, &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        crate::report::plain::assert_inert(&text);
        let output: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(output["dossiers"][0]["diagnostics"][0]["message"], report.dossiers[0].diagnostics[0].message.as_str());
    }

    #[test]
    fn same_input_same_bytes() {
        let bytes = |report: &Report| {
            let mut out = Vec::new();
            render(report, &mut out).unwrap();
            out
        };
        assert_eq!(bytes(&testing::report()), bytes(&testing::report()));
    }
}
