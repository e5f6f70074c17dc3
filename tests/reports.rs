//! The reports of real runs, read by the schema or the parser of the consumer they are written for.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What the reports of one run are, by format.
struct Reports {
    folder: tempfile::TempDir,
}

impl Reports {
    /// Runs the command at the root of the repository, for every format at once.
    fn of(paths: &[PathBuf], lang: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_cadrage"));
        command.current_dir(ROOT).args(["check", "--no-config", "--fail-on", "warning", "--lang", lang]).args(paths);
        for format in ["json", "jsonl", "sarif", "gitlab", "junit"] {
            command.arg("--output-format").arg(format!("{format}={}", folder.path().join(format).display()));
        }
        let output = command.output().unwrap();
        assert!(output.status.code().is_some(), "{output:?}");
        Self { folder }
    }

    fn text(&self, format: &str) -> String {
        fs::read_to_string(self.folder.path().join(format)).unwrap()
    }

    fn json(&self, format: &str) -> Value {
        serde_json::from_str(&self.text(format)).unwrap()
    }

    /// Every diagnostic of the JSON report.
    fn diagnostics(&self) -> Vec<Value> {
        let report = self.json("json");
        report["dossiers"].as_array().unwrap().iter().flat_map(|d| d["diagnostics"].as_array().unwrap().clone()).collect()
    }
}

fn fixtures() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(Path::new(ROOT).join("fixtures")).unwrap().map(|e| Path::new("fixtures").join(e.unwrap().file_name())).collect();
    paths.sort();
    paths
}

/// Each fixture, all of them in one run, a run with errors, and one without a word to say; in both languages.
fn runs() -> Vec<Reports> {
    let mut runs: Vec<Vec<PathBuf>> = fixtures().into_iter().map(|path| vec![path]).collect();
    runs.push(fixtures());
    runs.push(vec!["absent.md".into(), "fixtures/jury-eau.md".into()]);
    runs.push(vec!["tests/data/negatives/recette.md".into()]);
    runs.iter().flat_map(|paths| ["fr", "en"].map(|lang| Reports::of(paths, lang))).collect()
}

fn schema(path: &str) -> Value {
    // The published pattern of a language has a bracket too many, which strict readers refuse.
    serde_json::from_str(&fs::read_to_string(Path::new(ROOT).join(path)).unwrap().replace("{2}]?$", "{2}$")).unwrap()
}

fn assert_valid(schema: &Value, report: &Value) {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn every_format_is_read_by_its_consumer() {
    let published = [
        ("json", schema("schema/report.schema.json")),
        ("sarif", schema("tests/data/schemas/sarif-2.1.0.json")),
        ("gitlab", schema("tests/data/schemas/gitlab-code-quality.json")),
    ];
    for run in runs() {
        for (format, schema) in &published {
            assert_valid(schema, &run.json(format));
        }
        let diagnostics = run.diagnostics();
        let entries = run.json("gitlab");
        assert_eq!(entries.as_array().unwrap().len(), diagnostics.len());
        let lines: Vec<Value> = run.text("jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for (line, diagnostic) in lines.iter().zip(&diagnostics) {
            let mut line = line.clone();
            assert!(line.as_object_mut().unwrap().remove("dossier").is_some());
            assert_eq!(line, *diagnostic);
        }
        assert_eq!(lines.len(), diagnostics.len());
        junit(&run, &diagnostics);
    }
}

/// A JUnit parser finds the counts that the report states, a failure for every gap that makes the run fail, a word on the others.
fn junit(run: &Reports, diagnostics: &[Value]) {
    let report = quick_junit::Report::deserialize_from_str(&run.text("junit")).unwrap();
    let cases = || report.test_suites.iter().flat_map(|suite| &suite.test_cases);
    let failed = |kind: quick_junit::NonSuccessKind| {
        cases().filter(|case| matches!(&case.status, quick_junit::TestCaseStatus::NonSuccess { kind: own, .. } if *own == kind)).count()
    };
    assert_eq!(report.tests, cases().count());
    assert_eq!((report.failures, report.errors), (failed(quick_junit::NonSuccessKind::Failure), failed(quick_junit::NonSuccessKind::Error)));
    let (fail, pass): (Vec<_>, Vec<_>) = diagnostics.iter().partition(|d| d["severity"] != "advice");
    assert_eq!(report.failures, fail.len());
    assert_eq!(cases().filter(|case| case.system_out.is_some()).count(), pass.len());
    assert_eq!(report.errors, run.json("json")["errors"].as_array().unwrap().len());
}

#[test]
fn a_schema_refuses_what_is_wrong() {
    let run = Reports::of(&fixtures()[..1], "fr");
    let mut entries = run.json("gitlab");
    let gitlab = jsonschema::validator_for(&schema("tests/data/schemas/gitlab-code-quality.json")).unwrap();
    assert!(gitlab.is_valid(&entries));
    entries[0]["severity"] = "error".into();
    assert!(!gitlab.is_valid(&entries));
    let mut log = run.json("sarif");
    log["runs"][0]["results"][0]["level"] = "major".into();
    assert!(!jsonschema::validator_for(&schema("tests/data/schemas/sarif-2.1.0.json")).unwrap().is_valid(&log));
}

/// A document of one endless paragraph would be copied with each of its gaps.
#[test]
fn sarif_points_at_a_long_passage_and_quotes_a_short_one() {
    let quoted = |title: &str| {
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("note.md");
        fs::write(&note, format!("# {title}\n\nLa ville ouvre une concertation.\n")).unwrap();
        let log = Reports::of(&[note], "fr").json("sarif");
        let results = log["runs"][0]["results"].as_array().unwrap();
        let missing = results.iter().find(|result| result["ruleId"] == "moyens.budget").unwrap();
        missing["locations"][0]["physicalLocation"]["region"]["snippet"]["text"].as_str().map(str::to_owned)
    };
    assert_eq!(quoted("La place").as_deref(), Some("La place"));
    assert_eq!(quoted(&"place ".repeat(1_000)), None);
}
