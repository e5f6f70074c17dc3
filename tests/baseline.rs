//! `--baseline` and `--write-baseline`, on the binary.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;

use common::binary::{diagnostics, folder, report, run};

mod common;

const NOTE: &str = include_str!("../fixtures/consultation-ecole.md");
const FILE: &str = "cadrage-baseline.json";

#[test]
fn what_is_known_is_not_reported_and_what_is_new_is() {
    let folder = folder(&[("note.md", NOTE)]);
    let path = folder.path();
    let known = diagnostics(&report(path, &["note.md"])).len();
    let written = run(path, &["check", "--write-baseline", "note.md"]);
    assert_eq!(written.status, 0, "{}", written.stderr);
    assert!(written.stderr.contains(FILE) && written.stderr.contains(&known.to_string()), "{}", written.stderr);

    let again = run(path, &["check", "--baseline", FILE, "note.md"]);
    assert_eq!(again.status, 0);
    assert!(again.stdout.contains("aucune lacune nouvelle"), "{}", again.stdout);

    // edits elsewhere move every line and change no gap; the acronym is one
    fs::write(path.join("note.md"), NOTE.replacen("\n\n", "\n\nUne phrase de plus, sans rapport.\n\nLe SIVTRA est voisin.\n\n", 1)).unwrap();
    let report = report(path, &["--baseline", FILE, "note.md"]);
    let new: Vec<&str> = diagnostics(&report).iter().map(|d| d["id"].as_str().unwrap()).collect();
    assert_eq!(new, ["redaction.sigle-non-defini"]);
    assert_eq!(report["dossiers"][0]["baseline"]["known"], known);
    assert_eq!(report["summary"]["advice"], 1);
    assert_eq!(run(path, &["check", "--baseline", FILE, "note.md"]).status, 0);
    assert_eq!(run(path, &["check", "--baseline", FILE, "--fail-on", "advice", "note.md"]).status, 1);
}

#[test]
fn what_is_resolved_is_told() {
    let folder = folder(&[("note.md", NOTE)]);
    run(folder.path(), &["check", "--write-baseline", "note.md"]);
    fs::write(folder.path().join("note.md"), NOTE.replace("XX euros", "42 000 euros")).unwrap();
    let report = report(folder.path(), &["--baseline", FILE, "note.md"]);
    let resolved: Vec<&str> = report["dossiers"][0]["baseline"]["resolved"].as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap()).collect();
    assert!(resolved.contains(&"redaction.a-completer"), "{resolved:?}");
    let said = run(folder.path(), &["check", "--baseline", FILE, "note.md"]).stdout;
    assert!(said.contains("résolue"), "{said}");
}

#[test]
fn what_is_not_asked_for_stays_in_it() {
    let folder = folder(&[("note.md", NOTE)]);
    let path = folder.path();
    run(path, &["check", "--write-baseline", "note.md"]);
    let text = fs::read_to_string(path.join(FILE)).unwrap();
    for part in [["--select", "moyens"], ["--ignore", "moyens"]] {
        let written = run(path, &[["check", "--baseline", FILE, "--write-baseline", "note.md"].as_slice(), &part].concat());
        assert_eq!(written.status, 0, "{}", written.stderr);
        assert_eq!(fs::read_to_string(path.join(FILE)).unwrap(), text, "{part:?}");
    }
    // what is asked for is brought up to date: the budget is settled, the rest is as it was
    fs::write(path.join("note.md"), NOTE.replace("XX euros", "42 000 euros")).unwrap();
    run(path, &["check", "--write-baseline", "--select", "redaction.a-completer", "note.md"]);
    let ids = |text: &str| -> Vec<String> { text.lines().filter(|line| line.contains("\"id\"")).map(str::to_owned).collect() };
    let expected: Vec<String> = ids(&text).into_iter().filter(|id| !id.contains("redaction.a-completer")).collect();
    assert!(expected.len() < ids(&text).len());
    assert_eq!(ids(&fs::read_to_string(path.join(FILE)).unwrap()), expected);
}

#[test]
fn it_means_the_same_from_anywhere_and_from_the_configuration() {
    let folder = folder(&[("cadrage.toml", "baseline = \"suivi/connu.json\"\n"), ("suivi/LISEZMOI", ""), ("notes/eau/README.md", NOTE)]);
    let path = folder.path();
    assert_eq!(run(path, &["check", "--write-baseline", "notes/eau"]).status, 0);
    let text = fs::read_to_string(path.join("suivi/connu.json")).unwrap();
    assert!(text.contains("\"../notes/eau\"") && !text.contains(path.to_str().unwrap()), "{text}");
    for (from, dossier) in [("", "notes/eau"), ("notes", "eau"), ("notes/eau", "."), ("suivi", "../notes/eau")] {
        let result = report(&path.join(from), &[dossier]);
        assert_eq!(diagnostics(&result).len(), 0, "from {from:?}");
    }
    // written again, it is the same: fit for version control
    assert_eq!(run(path, &["check", "--write-baseline", "notes/eau"]).status, 0);
    assert_eq!(fs::read_to_string(path.join("suivi/connu.json")).unwrap(), text);
}

#[test]
fn one_that_cannot_be_read_is_an_error_and_is_left_alone() {
    for (text, said) in [("{", "ce n’est pas un état de référence"), ("{\"schema_version\": 9, \"dossiers\": {}}", "9")] {
        let folder = folder(&[("note.md", NOTE), (FILE, text)]);
        for arguments in [["check", "--baseline", FILE, "note.md"].as_slice(), &["check", "--write-baseline", "note.md"]] {
            let result = run(folder.path(), arguments);
            assert_eq!(result.status, 2, "{text}");
            assert!(result.stderr.contains(FILE) && result.stderr.contains(said), "{}", result.stderr);
        }
        assert_eq!(fs::read_to_string(folder.path().join(FILE)).unwrap(), text);
    }
    let folder = folder(&[("note.md", NOTE)]);
    assert_eq!(run(folder.path(), &["check", "--baseline", "absent.json", "note.md"]).status, 2);
}

/// The ids of the gaps that are new in `text`, where the gaps of [`NOTE`] are known; the status of the run; what was resolved.
fn new_in(text: &str, id: &str) -> (Vec<String>, i32, Vec<String>) {
    let folder = folder(&[("note.md", NOTE)]);
    run(folder.path(), &["check", "--write-baseline", "--type", "consultation-en-ligne", "note.md"]);
    fs::write(folder.path().join("note.md"), text).unwrap();
    let asked = ["--baseline", FILE, "--type", "consultation-en-ligne", "--select", id, "note.md"];
    let result = report(folder.path(), &asked);
    let ids = |list: &serde_json::Value| list.as_array().unwrap().iter().map(|gap| gap["id"].as_str().unwrap().to_owned()).collect();
    let status = run(folder.path(), &[["check"].as_slice(), &asked].concat()).status;
    (ids(&result["dossiers"][0]["diagnostics"]), status, ids(&result["dossiers"][0]["baseline"]["resolved"]))
}

#[test]
fn a_known_criterion_is_new_only_when_it_is_worse() {
    let nothing: Vec<String> = Vec::new();
    // missing, then spoken of
    let better = format!("{NOTE}\n## 9. Synthèse\n\nUne synthèse sera réalisée.\n");
    assert_eq!(new_in(&better, "methode.synthese"), (nothing.clone(), 0, nothing.clone()));
    // unclear, then shown at other words
    let moved = NOTE.replacen("\n\n", "\n\nNouvelle ligne.\n\n", 1);
    assert_eq!(new_in(&moved, "strategie.contexte"), (nothing.clone(), 0, nothing.clone()));
    // unclear, then not spoken of any more
    let worse = "# Consultation en ligne sur l’école\n\nLes parents donneront leur avis.\n";
    let known = report(folder(&[("note.md", NOTE)]).path(), &["--type", "consultation-en-ligne", "note.md"]);
    let unclear: Vec<String> = known["dossiers"][0]["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| c["verdict"] == "unclear" && c["severity"] == "error")
        .map(|c| c["id"].as_str().unwrap().to_owned())
        .collect();
    let gone = unclear.iter().find(|id| new_in(worse, id).0 == [(*id).clone()]).unwrap();
    assert_eq!(new_in(worse, gone), (vec![gone.clone()], 1, nothing));
}

#[test]
fn the_verdict_is_on_what_is_new_and_what_is_resolved_is_named() {
    let folder = folder(&[("note.md", NOTE)]);
    run(folder.path(), &["check", "--write-baseline", "note.md"]);
    fs::write(folder.path().join("note.md"), NOTE.replace("XX euros", "42 000 euros") + "\nLe SIVTRA est voisin.\n").unwrap();
    let said = |more: &[&str]| run(folder.path(), &[&["check", "--baseline", FILE, "note.md"], more].concat()).stdout;
    assert!(said(&[]).contains("Verdict\u{a0}: du nouveau depuis l’état de référence — 1 conseil"), "{}", said(&[]));
    assert!(!said(&[]).contains("Résolu depuis"), "{}", said(&[]));
    assert!(said(&["--verbose"]).contains("Résolu depuis l’état de référence\u{a0}:\n  moyens.budget — "), "{}", said(&["--verbose"]));
    assert!(said(&["--verbose", "--lang", "en"]).contains("Verdict: something new since the baseline"), "{}", said(&["--verbose", "--lang", "en"]));
}

#[test]
fn what_was_known_of_a_dossier_that_is_read_in_part_stays() {
    let folder = folder(&[("d/README.md", NOTE), ("d/suite.md", "# Suite\n\nLe coût est de XX euros. À compléter.\n"), ("n.md", NOTE)]);
    let path = folder.path();
    run(path, &["check", "--write-baseline", "d", "n.md"]);
    let text = fs::read_to_string(path.join(FILE)).unwrap();
    fs::write(path.join("d/suite.md"), b"# Suite \xe9\n").unwrap();
    let compared = report(path, &["--baseline", FILE, "d", "n.md"]);
    assert_eq!(compared["dossiers"][0]["baseline"]["resolved"], serde_json::json!([]));
    let written = run(path, &["check", "--baseline", FILE, "--write-baseline", "d", "n.md"]);
    assert_eq!(written.status, 2);
    assert_eq!(fs::read_to_string(path.join(FILE)).unwrap(), text);
}
