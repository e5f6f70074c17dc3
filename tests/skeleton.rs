//! `new`, `--fix` and `--diff`, on the binary.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::Path;
use std::process::Command;

use common::binary::{diagnostics, folder, report, run};
use serde_json::Value;
use similar::{ChangeTag, TextDiff};

mod common;

const TYPES: &[&str] = &["convention-citoyenne", "atelier-citoyen", "consultation-en-ligne", "concertation-prealable", "budget-participatif", "autre"];

/// A dossier whose sections are numbered in their own way, and that lacks much.
const LACKING: &str = include_str!("../fixtures/consultation-ecole.md");

/// Where the blanks of a text begin, in bytes.
fn blanks(text: &str) -> Vec<u64> {
    text.match_indices('[').map(|(at, _)| at as u64).collect()
}

fn offsets(report: &Value, id: &str) -> Vec<u64> {
    diagnostics(report).iter().filter(|d| d["id"] == id).map(|d| d["start"]["offset"].as_u64().unwrap()).collect()
}

fn missing(report: &Value) -> Vec<&str> {
    report["dossiers"][0]["criteria"].as_array().unwrap().iter().filter(|c| c["verdict"] == "missing").map(|c| c["id"].as_str().unwrap()).collect()
}

#[test]
fn a_new_dossier_has_a_place_for_everything_and_says_nothing() {
    for process_type in TYPES {
        let folder = folder(&[]);
        assert_eq!(run(folder.path(), &["new", process_type, "note.md"]).status, 0);
        let text = fs::read_to_string(folder.path().join("note.md")).unwrap();
        let report = report(folder.path(), &["note.md"]);
        assert_eq!(report["dossiers"][0]["type"], *process_type);
        assert_eq!(offsets(&report, "redaction.a-completer"), blanks(&text), "{process_type}");
        assert_eq!(missing(&report), [""; 0], "{process_type}");
        let satisfied = report["dossiers"][0]["criteria"].as_array().unwrap().iter().filter(|c| c["verdict"] == "satisfied").count();
        assert_eq!(satisfied, 0, "{process_type}: a blank proves nothing");
        let others = diagnostics(&report).iter().filter(|d| d["kind"] == "rule" && d["id"] != "redaction.a-completer").count();
        assert_eq!(others, 0, "{process_type}");
    }
}

#[test]
fn the_blanks_of_a_new_dossier_are_told_a_few_times_only() {
    let folder = folder(&[]);
    assert_eq!(run(folder.path(), &["new", "convention-citoyenne", "note.md"]).status, 0);
    let shown = run(folder.path(), &["check", "--no-config", "note.md"]).stdout;
    assert_eq!(shown.matches("[redaction.a-completer]").count(), 10, "the others are listed by their places");
}

#[test]
fn a_new_dossier_replaces_no_file() {
    let folder = folder(&[("note.md", "# À moi\n")]);
    let refused = run(folder.path(), &["new", "autre", "note.md"]);
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("note.md existe déjà"), "{}", refused.stderr);
    assert_eq!(fs::read_to_string(folder.path().join("note.md")).unwrap(), "# À moi\n");
    let printed = run(folder.path(), &["new", "autre"]);
    assert!(printed.stdout.starts_with("---\ntype: autre\n---\n"), "{}", printed.stdout);
}

/// Every byte of `before` stands in `after`, in the same order.
fn only_adds(before: &str, after: &str) -> bool {
    TextDiff::from_lines(before, after).iter_all_changes().all(|change| change.tag() != ChangeTag::Delete)
}

/// The fixtures, each as its files.
fn dossiers() -> Vec<Vec<(String, String)>> {
    let mut out = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")).unwrap() {
        let path = entry.unwrap().path();
        let files = if path.is_dir() { fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()).collect() } else { vec![path] };
        let named = |file: &std::path::PathBuf| (file.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(file).unwrap());
        out.push(files.iter().map(named).collect());
    }
    out
}

#[test]
fn a_fix_adds_what_is_missing_and_nothing_else_and_only_once() {
    for (files, line_end) in dossiers().into_iter().flat_map(|files| [(files.clone(), "\n"), (files, "\r\n")]) {
        let written: Vec<(&str, String)> = files.iter().map(|(name, text)| (name.as_str(), text.replace('\n', line_end))).collect();
        let folder = folder(&written.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>());
        let first = run(folder.path(), &["check", "--fix", "--quiet"]);
        assert!(first.status < 2, "{}", first.stderr);
        let after = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        for (name, before) in &written {
            assert!(only_adds(before, &after(name)), "{name}: {}", after(name));
            assert_eq!(after(name).matches('\n').count(), after(name).matches(line_end).count(), "{name}: line endings are kept");
        }
        let report = report(folder.path(), &[]);
        assert_eq!(missing(&report), [""; 0], "{:?}", written[0].0);
        let fixed: Vec<String> = written.iter().map(|(name, _)| after(name)).collect();
        run(folder.path(), &["check", "--fix", "--quiet"]);
        assert_eq!(fixed, written.iter().map(|(name, _)| after(name)).collect::<Vec<_>>(), "a second time changes nothing");
    }
}

/// What a dossier is taken for: out of scope or not, its type, where that comes from.
fn taken_for(report: &Value) -> Vec<String> {
    let kind = |dossier: &Value| {
        let out = dossier["diagnostics"].as_array().unwrap().iter().any(|d| d["id"] == "dossier.hors-champ");
        format!("{} {} {} {out}", dossier["path"], dossier["type"], dossier["type_source"])
    };
    report["dossiers"].as_array().unwrap().iter().map(kind).collect()
}

#[test]
fn a_fix_changes_neither_the_scope_nor_the_type_of_a_draft() {
    let texts = common::texts(&["fixtures", "tests/data/drafts", "tests/data/framings", "tests/data/kept"]);
    let named: Vec<(String, String)> = (0..).zip(texts).map(|(at, (_, text)): (usize, _)| (format!("{at:02}.md"), text)).collect();
    let files: Vec<(&str, &str)> = named.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let folder = folder(&files);
    let paths: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    let before = taken_for(&report(folder.path(), &paths));
    let fix = || assert!(run(folder.path(), &[&["check", "--fix", "--quiet"], paths.as_slice()].concat()).status < 2);
    let written = || paths.iter().map(|path| fs::read_to_string(folder.path().join(path)).unwrap()).collect::<Vec<_>>();
    fix();
    let once = written();
    assert!(once.iter().zip(&files).any(|(fixed, (_, text))| fixed != text));
    assert_eq!(taken_for(&report(folder.path(), &paths)), before);
    fix();
    assert_eq!(written(), once, "a second time changes nothing");
}

#[test]
fn a_fix_leaves_no_body_to_be_defined_and_nothing_missing() {
    let texts = common::texts(&["fixtures", "tests/data/drafts"]);
    for (path, text) in texts {
        let folder = folder(&[("note.md", &text)]);
        let undefined = || offsets(&report(folder.path(), &["note.md"]), "redaction.instance-non-definie").len();
        let before = undefined();
        run(folder.path(), &["check", "--fix", "--quiet", "note.md"]);
        assert!(undefined() <= before, "{path}");
        assert_eq!(missing(&report(folder.path(), &["note.md"])), [""; 0], "{path}");
    }
}

#[test]
fn a_blank_neither_proves_nor_exempts() {
    let verdict = |text: &str, id: &str| {
        let folder = folder(&[("note.md", text)]);
        let report = report(folder.path(), &["--type", "autre", "note.md"]);
        let criteria = report["dossiers"][0]["criteria"].as_array().unwrap();
        criteria.iter().find(|c| c["id"] == id).unwrap()["verdict"].as_str().unwrap().to_owned()
    };
    let rules = "Tout le monde\u{a0}: vous habitez l’une des 23 communes, vous y étudiez, vous y nagez. Pas besoin d’être inscrit.\n\n";
    let votes = "[Associations, élus] sont [auditionnés, membres du comité, tenus à l’écart des votes].\n";
    assert_eq!(verdict(&format!("{rules}{votes}"), "suites.engagement"), "missing");
    let denial = "Aucun garant n’est désigné, car la commission n’est pas saisie.\n";
    assert_eq!(verdict(denial, "gouvernance.garant"), "not-applicable");
    assert_eq!(verdict(&denial.replace("la commission n’est pas saisie", "[motif du commanditaire]"), "gouvernance.garant"), "unclear");
}

#[test]
fn a_new_dossier_is_known_by_its_title_alone() {
    for process_type in TYPES {
        let folder = folder(&[]);
        let text = run(folder.path(), &["new", process_type]).stdout;
        let (_, untyped) = text.split_once("---\n\n").unwrap();
        fs::write(folder.path().join("note.md"), untyped).unwrap();
        let report = report(folder.path(), &["note.md"]);
        assert_eq!(report["dossiers"][0]["type"], *process_type);
        assert_eq!(offsets(&report, "dossier.hors-champ"), [0_u64; 0], "{process_type}");
    }
}

#[test]
fn a_fix_goes_where_it_belongs() {
    let folder = folder(&[("note.md", LACKING)]);
    let shown = run(folder.path(), &["check", "--diff", "note.md"]);
    assert_eq!(fs::read_to_string(folder.path().join("note.md")).unwrap(), LACKING, "--diff writes nothing");
    insta::assert_snapshot!(shown.stdout);
}

#[test]
fn nothing_is_written_into_what_nothing_ends() {
    let start = "# Note de cadrage d’un atelier citoyen\n\nLa participation des habitants à l’atelier citoyen.\n\n## Budget\n\n";
    for open in ["```\ncode\n", "````texte\ncode\n```\n", "~~~\n", "<pre>\n\ncode\n", "<script>\nlet code;\n\n", "<?php\n\ncode\n"] {
        let text = format!("{start}{open}");
        let folder = folder(&[("note.md", &text)]);
        assert!(run(folder.path(), &["check", "--fix", "--quiet", "note.md"]).status < 2);
        assert!(fs::read_to_string(folder.path().join("note.md")).unwrap().ends_with(&text[start.len()..]), "{open}");
    }
    for closed in ["```\ncode\n```\n", "~~~ texte\n```\n~~~~\n", "    code\n", "```code``` dans une ligne\n", "> ```\n> code\n> ```\n", "<pre>\n\ncode</pre>\n"]
    {
        let text = format!("{start}{closed}");
        let folder = folder(&[("note.md", &text)]);
        run(folder.path(), &["check", "--fix", "--quiet", "note.md"]);
        assert!(!fs::read_to_string(folder.path().join("note.md")).unwrap().ends_with(&text[start.len()..]), "{closed}");
    }
}

#[test]
fn a_diff_is_a_patch_that_does_what_fix_does() {
    let unterminated = format!("{LACKING}\n## Divers\n\nRien.");
    for text in [LACKING, &LACKING.replace('\n', "\r\n"), &format!("\u{feff}{LACKING}"), &unterminated] {
        let patched = folder(&[("note.md", text)]);
        let fixed = folder(&[("note.md", text)]);
        fs::write(patched.path().join("fix.patch"), run(patched.path(), &["check", "--diff", "note.md"]).stdout).unwrap();
        let applied = Command::new("git").args(["apply", "--whitespace=nowarn", "fix.patch"]).current_dir(patched.path()).output().unwrap();
        assert!(applied.status.success(), "{}", String::from_utf8_lossy(&applied.stderr));
        run(fixed.path(), &["check", "--fix", "note.md"]);
        assert_eq!(fs::read(patched.path().join("note.md")).unwrap(), fs::read(fixed.path().join("note.md")).unwrap());
    }
}

#[test]
fn standard_input_can_be_shown_fixed_but_not_fixed() {
    let folder = folder(&[]);
    let refused = common::binary::ran(common::binary::cadrage(folder.path()).args(["check", "--fix", "-"]).write_stdin(LACKING));
    assert_eq!(refused.status, 2);
    assert!(refused.stderr.contains("--diff"), "{}", refused.stderr);
}

#[test]
fn new_sections_are_of_one_level_that_of_the_sections_of_the_document() {
    let headings = |text: &str| -> Vec<String> {
        let folder = folder(&[("note.md", text)]);
        run(folder.path(), &["check", "--type", "concertation-prealable", "--fix", "--quiet", "note.md"]);
        let fixed = fs::read_to_string(folder.path().join("note.md")).unwrap();
        fixed.lines().filter(|line| line.starts_with('#') && !text.contains(line)).map(|line| line.split(' ').next().unwrap().to_owned()).collect()
    };
    let bare = "**OBJET : concertation sur la halle**\n\n**Article 1er. – Objectifs.** La concertation aide le conseil à choisir le plan de la halle.\n\n\
        **Article 2. – Conduite.** Madame la maire conduit la concertation.\n\n**Article 3. – Dépenses.** Elles sont inscrites au budget.\n";
    let parts = "# Concertation sur la halle\n\n## Cadre\n\n### Objectifs\n\nChoisir le plan.\n\n#### Gouvernance\n\nLa maire conduit.\n\n## Publics\n\nLes habitants.\n";
    for (text, level) in [(bare, "##"), (parts, "##"), (&parts.replace("## ", "### "), "###")] {
        let levels = headings(text);
        assert!(levels.len() > 2 && levels.iter().all(|own| own == level), "{levels:?}\n{text}");
    }
}
