//! A repository of many dossiers, run as CI would: every format says the same as JSON.

#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use common::binary::{folder, run};
use regex::Regex;
use serde_json::Value;

mod common;

const CONFIG: &str = r#"dossiers = ["notes/*", "2027/*.md"]
baseline = "connu.json"
fail-on = "warning"

[severity]
"moyens.budget" = "error"

[[override]]
paths = ["2027/**"]
type = "concertation-prealable"
ignore = ["donnees"]
"#;

const SUPPRESSIONS: &[(&str, &str)] = &[
    ("2027/09.md", "\n<!-- cadrage: ignore evaluation.indicateurs — fixés avec les participants -->\n"),
    ("2027/07.md", "\n<!-- cadrage: ignore-file redaction — texte repris tel quel d’un courrier -->\n"),
    ("2027/05.md", "\n<!-- cadrage: ignore moyens.risques -->\n"),
];

/// 30 dossiers: the fixtures, in turn, as files and as folders; the baseline knows two thirds of them as they were.
fn repository() -> tempfile::TempDir {
    let repository = folder(&[("cadrage.toml", CONFIG)]);
    let fixtures = ["atelier-pdf", "concertation-gare", "consultation-ecole", "jury-eau", "lettre-mission"];
    for number in 0..30 {
        let fixture = fixtures[number % fixtures.len()];
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/{fixture}.md"))).unwrap();
        let (name, line_end) = match number % 2 {
            0 => (format!("notes/{number:02}/README.md"), "\n"),
            _ => (format!("2027/{number:02}.md"), "\r\n"),
        };
        let path = repository.path().join(&name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text.replace('\n', line_end)).unwrap();
    }
    let known: Vec<String> = (10..30).map(|n| if n % 2 == 0 { format!("notes/{n:02}") } else { format!("2027/{n:02}.md") }).collect();
    let arguments: Vec<&str> = ["check", "--write-baseline"].into_iter().chain(known.iter().map(String::as_str)).collect();
    assert_eq!(run(repository.path(), &arguments).status, 0);
    for number in [11, 17, 23] {
        append(&repository, &format!("2027/{number}.md"), "\r\nUn suivi sera assuré dans la mesure du possible.\r\n");
    }
    for (name, comment) in SUPPRESSIONS {
        append(&repository, name, comment);
    }
    repository
}

fn append(repository: &tempfile::TempDir, name: &str, text: &str) {
    let path = repository.path().join(name);
    fs::write(&path, fs::read_to_string(&path).unwrap() + text).unwrap();
}

/// What every format has to say of a gap: severity, id, place.
type Gap = (String, String, String);

/// In an order of its own, since formats group differently.
fn sorted(gaps: impl IntoIterator<Item = Gap>) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = gaps.into_iter().collect();
    gaps.sort();
    gaps
}

fn place(file: &Value, line: &Value, column: &Value) -> String {
    format!("{}:{line}:{column}", file.as_str().unwrap())
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

fn of_diagnostic(d: &Value) -> Gap {
    (text(&d["severity"]), text(&d["id"]), place(&d["file"], &d["start"]["line"], &d["start"]["column"]))
}

fn of_sarif(result: &Value) -> Gap {
    let severity = match result["level"].as_str().unwrap() {
        "note" => "advice",
        level => level,
    };
    let location = &result["locations"][0]["physicalLocation"];
    (
        severity.into(),
        text(&result["ruleId"]),
        place(&location["artifactLocation"]["uri"], &location["region"]["startLine"], &location["region"]["startColumn"]),
    )
}

fn of_gitlab(issue: &Value) -> Gap {
    let severity = match issue["severity"].as_str().unwrap() {
        "major" => "error",
        "minor" => "warning",
        "info" => "advice",
        other => panic!("{other}"),
    };
    let begin = &issue["location"]["positions"]["begin"];
    (severity.into(), text(&issue["check_name"]), place(&issue["location"]["path"], &begin["line"], &begin["column"]))
}

/// The gaps that `pattern`, with the groups `severity`, `id`, `place` (or `file` and `line`), finds in a text.
fn matched(text: &str, pattern: &str, severities: [&str; 3]) -> Vec<Gap> {
    let severities: BTreeMap<&str, &str> = severities.into_iter().zip(["error", "warning", "advice"]).collect();
    let pattern = Regex::new(pattern).unwrap();
    sorted(pattern.captures_iter(text).map(|found| {
        let group = |name: &str| found.name(name).map(|m| m.as_str());
        let at = group("place").map_or_else(|| ["file", "line"].map(|g| group(g).unwrap()).join(":"), str::to_owned);
        (severities[group("severity").unwrap()].to_owned(), group("id").unwrap().to_owned(), at)
    }))
}

const FRENCH: [&str; 3] = ["erreur", "avertissement", "conseil"];

#[test]
fn every_format_reports_the_same_gaps() {
    let repository = repository();
    let formats = ["jsonl", "sarif", "github", "gitlab", "junit", "markdown", "html", "human"];
    let others: Vec<String> = formats.iter().map(|format| format!("--output-format={format}=r.{format}")).collect();
    let arguments: Vec<&str> = ["check", "--verbose", "--format", "json", "--output", "r.json"].into_iter().chain(others.iter().map(String::as_str)).collect();
    let result = run(repository.path(), &arguments);
    assert_eq!((result.status, result.stdout.as_str(), result.stderr.as_str()), (1, "", ""));
    let read = |format: &str| fs::read_to_string(repository.path().join(format!("r.{format}"))).unwrap();
    let json = |format: &str| serde_json::from_str::<Value>(&read(format)).unwrap();

    let report = json("json");
    let dossiers = report["dossiers"].as_array().unwrap();
    assert_eq!(dossiers.len(), 30);
    let expected = sorted(dossiers.iter().flat_map(|d| d["diagnostics"].as_array().unwrap()).map(of_diagnostic));
    check_the_repository(dossiers, &expected);

    let lines = read("jsonl");
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert_eq!(sorted(lines.filter(|line| line.get("id").is_some()).map(|d| of_diagnostic(&d))), expected, "jsonl");

    let sarif = json("sarif");
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let (open, suppressed): (Vec<_>, Vec<_>) = results.iter().partition(|r| r["suppressions"].as_array().is_none_or(Vec::is_empty));
    assert_eq!(sorted(open.into_iter().map(of_sarif)), expected, "sarif");
    let motifs: Vec<&str> = suppressed.iter().map(|r| r["suppressions"][0]["justification"].as_str().unwrap()).collect();
    assert!(motifs.contains(&"fixés avec les participants"), "{motifs:?}");

    assert_eq!(sorted(json("gitlab").as_array().unwrap().iter().map(of_gitlab)), expected, "gitlab");
    // GitHub wants no column where several lines are concerned
    let without_column = |(severity, id, place): &Gap| (severity.clone(), id.clone(), place.rsplit_once(':').unwrap().0.to_owned());
    let github = r"(?m)^::(?<severity>\w+) file=(?<file>[^,]+),line=(?<line>\d+),.*?title=cadrage \((?<id>[^)]+)\)::";
    assert_eq!(matched(&read("github"), github, ["error", "warning", "notice"]), sorted(expected.iter().map(without_column)), "github");
    // below --fail-on a case passes, and says so
    let case = r#"name="(?<id>[a-z.-]+) — [^"]*" time="0">\n *<"#;
    let place = r"(?<place>[^ \u{a0}]+:\d+:\d+)\u{a0}:";
    let failures = matched(&read("junit"), &format!(r#"{case}failure type="(?<severity>\w+)" message="[^"]*">{place}"#), ["error", "warning", "info"]);
    assert!(failures.iter().all(|(severity, ..)| severity != "advice"), "{failures:?}");
    let remarks = matched(&read("junit"), &format!(r"{case}system-out>(?<severity>\w+)\u{{a0}}: {place}"), FRENCH);
    assert_eq!(sorted(failures.into_iter().chain(remarks)), expected, "junit");
    let markdown = r"(?m)^\| (?<severity>\w+) \| <code>(?<id>[^<]+)</code> \| (?<place>[^ |]+) \|";
    assert_eq!(matched(&read("markdown").replace('\\', ""), markdown, FRENCH), expected, "markdown");
    // the page shows people the line, each dossier in its own part
    let by_line = |(severity, id, place): &Gap| (severity.clone(), id.clone(), format!("ligne\u{a0}{}", place.split(':').nth(1).unwrap()));
    let html = r#"<span class="word \w+">(?<severity>\w+)</span> · <code>(?<id>[^<]+)</code> · <a href="[^"]*">(?<place>[^<]+)</a>"#;
    assert_eq!(matched(&read("html"), html, FRENCH), sorted(expected.iter().map(by_line)), "html");
    let human = r"(?m)^(?<severity>\w+)\[(?<id>[^\]]+)\](?:.*\n)+? *┌─ (?<place>.+)$";
    assert_eq!(matched(&read("human"), human, FRENCH), expected, "human");
}

/// What was set up is what is reported.
fn check_the_repository(dossiers: &[Value], gaps: &[Gap]) {
    let of = |file: &str| gaps.iter().filter(|(_, _, place)| place.starts_with(file)).collect::<Vec<_>>();
    assert!(!of("notes/00/").is_empty() && !of("notes/02/").is_empty(), "what the baseline does not know is reported");
    assert!(of("notes/12/").is_empty() && of("2027/13.md").is_empty(), "what it knows is not");
    for number in [11, 17, 23] {
        let new = of(&format!("2027/{number}.md"));
        assert!(new.iter().any(|(_, id, _)| id == "redaction.engagement-flou"), "{number}: {new:?}");
    }
    assert!(of("2027/").iter().all(|(_, id, _)| !id.starts_with("donnees.")), "the exception leaves a theme out");
    assert!(gaps.iter().all(|(severity, id, _)| id != "moyens.budget" || severity == "error"));
    let types: Vec<&str> = dossiers.iter().filter(|d| d["path"].as_str().unwrap().starts_with("2027")).map(|d| d["type_source"].as_str().unwrap()).collect();
    assert!(types.contains(&"config"), "{types:?}");
    assert!(of("2027/07.md").iter().all(|(_, id, _)| !id.starts_with("redaction.")));
    assert!(of("2027/05.md").iter().any(|(_, id, _)| id == "suppression.sans-motif"), "a comment without a reason silences nothing");
}
