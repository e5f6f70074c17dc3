//! The command as its users run it.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::process::Stdio;

use assert_cmd::Command;

use common::binary::{self, OWN_CHECK, cadrage, ran, run};

mod common;

const POOR: &str = "# Atelier citoyen sur l’eau\n\nLa ville organise un atelier citoyen. Le budget est de XX euros.\n\n## Gouvernance\n\nÀ compléter.\n";

fn folder() -> tempfile::TempDir {
    binary::folder(&[("note.md", POOR)])
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_exit_status_says_whether_there_are_gaps() {
    let folder = folder();
    let gaps = run(folder.path(), &["check", "note.md"]);
    assert_eq!((gaps.status, gaps.stderr.as_str()), (1, ""));
    assert!(gaps.stdout.contains("erreur[redaction.a-completer]\u{a0}: "), "{}", gaps.stdout);
    assert_eq!(run(folder.path(), &["check", "note.md", "--fail-on", "never"]).status, 0);
    assert_eq!(run(folder.path(), &["check", "--select", "redaction.a-completer", "--severity", "redaction=advice"]).status, 0);
    assert_eq!(run(folder.path(), &["check", "--select", "redaction", "--severity", "redaction=advice", "--fail-on", "advice"]).status, 1);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_reported() {
    let folder = folder();
    fs::write(folder.path().join("latin.md"), b"# \xc9tude\n").unwrap();
    fs::create_dir(folder.path().join("vide")).unwrap();
    let result = run(folder.path(), &["check", "--format", "json", "absent.md", "vide", "latin.md", "note.md"]);
    assert_eq!(result.status, 2);
    assert_eq!(result.stderr.lines().count(), 3, "{}", result.stderr);
    assert!(result.stderr.contains("absent.md\u{a0}: aucun fichier"), "{}", result.stderr);
    let report = json(&result.stdout);
    assert_eq!(report["dossiers"].as_array().unwrap().len(), 1);
    let files: Vec<&str> = report["errors"].as_array().unwrap().iter().map(|e| e["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["absent.md", "vide", "latin.md"]);
}

#[test]
fn a_broken_check_is_shown_at_its_place() {
    let folder = folder();
    fs::create_dir(folder.path().join("checks")).unwrap();
    fs::write(folder.path().join("checks/themes.toml"), "[[theme]]\nid = 3\n").unwrap();
    let result = run(folder.path(), &["check", "--format", "json", "--checks", "checks", "note.md"]);
    assert_eq!(result.status, 2);
    assert!(result.stderr.contains("themes.toml:2"), "{}", result.stderr);
    let report = json(&result.stdout);
    assert!(report["dossiers"].as_array().unwrap().is_empty());
    assert_eq!(report["errors"].as_array().unwrap().len(), 1);
}

#[test]
fn the_json_of_a_run_validates() {
    let folder = folder();
    let report = json(&run(folder.path(), &["check", "--format", "json"]).stdout);
    let validator = jsonschema::validator_for(&cadrage::report::json::schema()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&report).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(report["dossiers"][0]["files"][0], "note.md");
}

#[test]
fn every_gap_has_an_identity_of_its_own() {
    let comment = "<!-- cadrage: ignore moyens.budget -->\n\n";
    let text = format!("{POOR}\n{comment}Il y a [nom du garant].\n\nIl y a [nom du\ngarant].\n\nIl y a [nom  du garant] et [nom du\u{a0}garant].\n\n{comment}");
    let folder = binary::folder(&[("note.md", &text)]);
    let report = binary::report(folder.path(), &["--type", "autre", "note.md"]);
    let gaps = binary::diagnostics(&report);
    let number = |id: &str| gaps.iter().filter(|gap| gap["id"] == id).count();
    assert_eq!((number("redaction.a-completer"), number("suppression.sans-motif")), (6, 2), "{gaps:#?}");
    let identities: std::collections::BTreeSet<&str> = gaps.iter().map(|gap| gap["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(identities.len(), gaps.len());
}

#[test]
fn a_comment_silences_the_passage_that_it_stands_in_above_or_right_under() {
    let comment = "<!-- cadrage: ignore redaction.a-completer — vu avec le maire -->";
    let left = |passage: &str| {
        let folder = binary::folder(&[("note.md", &format!("# Atelier citoyen\n\nLa ville organise un atelier.\n\n{passage}\n"))]);
        let report = binary::report(folder.path(), &["--type", "autre", "--select", "redaction.a-completer", "note.md"]);
        binary::diagnostics(&report).iter().map(|gap| gap["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (none, one): (&[&str], &[&str]) = (&[], &["redaction.a-completer"]);
    // in an item, in a row: that one; above: all of the list
    assert_eq!(left(&format!("- Garant : [nom] {comment}\n- Maire : [nom]")), one);
    assert_eq!(left(&format!("| Qui | Nom |\n|---|---|\n| Garant | [nom] {comment} |\n| Maire | [nom] |")), one);
    assert_eq!(left(&format!("{comment}\n\n- Garant : [nom]\n- Maire : [nom]")), none);
    // right under a paragraph: of that one; apart from it: of the next
    assert_eq!(left(&format!("Le garant est [nom du garant].\n{comment}\n\nTout est dit.")), none);
    assert_eq!(left(&format!("Le garant est [nom du garant].\n{comment}")), none);
    assert_eq!(left(&format!("Tout est dit.\n\n{comment}\n\nLe garant est [nom du garant].")), none);
    assert_eq!(left(&format!("Tout est dit.\n{comment}\nLe garant est [nom du garant].")), none);
}

#[test]
fn a_comment_that_ends_an_item_or_a_quotation_silences_what_is_in_it() {
    let comment = "<!-- cadrage: ignore redaction.a-completer — vu avec le maire -->";
    let left = |passages: &str| -> Vec<u64> {
        let folder = binary::folder(&[("note.md", &format!("# Atelier citoyen\n\n{passages}\n"))]);
        let report = binary::report(folder.path(), &["--type", "autre", "--select", "redaction.a-completer", "note.md"]);
        binary::diagnostics(&report).iter().map(|gap| gap["start"]["line"].as_u64().unwrap()).collect()
    };
    for (passages, expected) in [
        (format!("- Garant : [nom]\n  {comment}\n- Maire : [nom]"), 5),
        (format!("1. Garant : [nom]\n   {comment}\n2. Maire : [nom]\n3. Fin."), 5),
        (format!("- Garant : [nom]\n\n  {comment}\n\n- Maire : [nom]"), 7),
        (format!("- Il y a un garant.\n\n  Son nom : [nom]\n  {comment}\n- Maire : [nom]"), 7),
        (format!("- Liste.\n  - Garant : [nom]\n    {comment}\n  - Maire : [nom]"), 6),
        (format!("> Garant : [nom]\n> {comment}\n\nMaire : [nom]"), 6),
        (format!("> Garant : [nom]\n> {comment}\n>\n> Maire : [nom]"), 6),
        (format!("> - Garant : [nom]\n>   {comment}\n> - Maire : [nom]"), 5),
        (format!("Garant : [nom]\n<!-- à relire -->\n{comment}\n\nMaire : [nom]"), 7),
        (format!("- Garant : [nom]\n  {comment}\n  <!-- à relire -->\n- Maire : [nom]"), 6),
        // before a list, it is of all of it
        (format!("Maire : [nom]\n{comment}\n- Garant : [nom]\n- Élu : [nom]"), 3),
    ] {
        assert_eq!(left(&passages), [expected], "{passages}");
    }
}

#[test]
fn a_selector_that_covers_nothing_is_an_error_with_the_nearest_one() {
    let folder = folder();
    let result = run(folder.path(), &["check", "--select", "redaction.a-complete"]);
    assert_eq!((result.status, result.stdout.as_str()), (2, ""));
    assert!(result.stderr.contains("redaction.a-completer"), "{}", result.stderr);
    assert_eq!(run(folder.path(), &["explain", "nulle.part"]).status, 2);
}

#[test]
fn standard_input_is_a_dossier() {
    let folder = folder();
    let result = ran(cadrage(folder.path()).args(["check", "--format", "json", "--stdin-filename", "a/b.md", "-"]).write_stdin(POOR));
    assert_eq!(result.status, 1, "{}", result.stderr);
    assert_eq!(json(&result.stdout)["dossiers"][0]["files"][0], "a/b.md");
}

#[test]
fn paths_are_shown_from_the_working_folder_on() {
    let folder = folder();
    let whole = folder.path().join("note.md");
    let line = "file=note.md,line=3,";
    for path in [whole.to_str().unwrap(), folder.path().to_str().unwrap(), "./note.md", ".", ".//note.md"] {
        let github = run(folder.path(), &["check", "--format", "github", path]).stdout;
        assert!(github.contains(line), "{path}: {github}");
        for format in ["json", "gitlab", "sarif", "junit", "markdown", "human", "jsonl", "html"] {
            let report = run(folder.path(), &["check", "--format", format, path]).stdout;
            assert!(report.contains("note.md"), "{path}: {report}");
            assert!(!report.contains("./note.md") && !report.contains(folder.path().to_str().unwrap()), "{path}: {report}");
        }
    }
    fs::write(folder.path().join("latin.md"), b"# Note\n\n\xc9tude\n").unwrap();
    let latin = run(folder.path(), &["check", "--format", "github", "latin.md"]).stdout;
    assert!(latin.starts_with("::error file=latin.md,line=3,"), "{latin}");
}

#[test]
fn a_name_for_standard_input_wants_it_to_be_read() {
    let folder = folder();
    let result = run(folder.path(), &["check", "--stdin-filename", "a.md"]);
    assert_eq!((result.status, result.stdout.as_str()), (2, ""));
    assert!(result.stderr.contains("ajoutez «\u{a0}-\u{a0}»"), "{}", result.stderr);
}

#[test]
fn a_dash_is_standard_output() {
    let folder = folder();
    for arguments in [["--format", "json", "-o", "-"].as_slice(), &["--output-format", "json=-"], &["-o", "r.txt", "--output-format", "json=-"]] {
        let result = run(folder.path(), &[&["check", "note.md"], arguments].concat());
        assert_eq!(json(&result.stdout)["schema_version"], 1, "{arguments:?}");
    }
    assert!(!folder.path().join("-").exists());
}

#[test]
fn a_report_replaces_neither_another_nor_what_is_read() {
    let folder = binary::folder(&[
        ("note.md", POOR),
        ("eau/README.md", POOR),
        ("cadrage.toml", ""),
        ("propres/essai.toml", OWN_CHECK),
        ("connu.json", "{\"schema_version\": 1, \"dossiers\": {}}"),
    ]);
    let names = |path: &std::path::Path| fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name()).collect::<std::collections::BTreeSet<_>>();
    let before = names(folder.path());
    for (arguments, named) in [
        (["-o", "note.md", "--format", "json", "note.md"].as_slice(), "note.md"),
        (&["-o", "./note.md", "note.md"], "note.md"),
        (&["-o", "eau/README.md", "eau"], "eau/README.md"),
        (&["-o", "eau/README.md"], "eau/README.md"),
        (&["-o", "cadrage.toml", "note.md"], "cadrage.toml"),
        (&["--checks", "propres", "-o", "propres/essai.toml", "note.md"], "propres/essai.toml"),
        (&["-o", "connu.json", "--baseline", "connu.json", "note.md"], "connu.json"),
        (&["-o", "neuf.json", "--baseline", "neuf.json", "--write-baseline", "note.md"], "neuf.json"),
        (&["--output-format", "json=a", "--output-format", "sarif=./a", "note.md"], "./a"),
        (&["-o", "a", "--output-format", "json=a", "note.md"], "a"),
        (&["--format", "json", "--output-format", "sarif=-", "note.md"], "-"),
        (&["--diff", "--output-format", "sarif=-", "note.md"], "-"),
        (&["--diff", "--format", "json", "note.md"], "-"),
    ] {
        let result = run(folder.path(), &[&["check"], arguments].concat());
        assert_eq!((result.status, result.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(result.stderr.contains(named), "{arguments:?}: {}", result.stderr);
    }
    assert_eq!(names(folder.path()), before);
    assert_eq!(fs::read_to_string(folder.path().join("note.md")).unwrap(), POOR);
    let devices = ["check", "-o", "/dev/null", "--output-format", "json=/dev/null", "note.md"];
    assert_eq!(run(folder.path(), &devices).status, 1);
    // a report that no dossier takes in may stand among them
    fs::write(folder.path().join("rapport.txt"), "").unwrap();
    assert_eq!(run(folder.path(), &["check", "-o", "rapport.txt", "."]).status, 1);
}

#[test]
fn one_run_writes_several_reports() {
    let folder = folder();
    let before = fs::read_dir(folder.path()).unwrap().count();
    let result = run(folder.path(), &["check", "--output", "rapport.txt", "--output-format", "json=rapport.json", "note.md"]);
    assert_eq!((result.status, result.stdout.as_str()), (1, ""));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("rapport.txt").contains("Verdict"));
    assert_eq!(json(&read("rapport.json"))["schema_version"], 1);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before + 2);
    let nowhere = run(folder.path(), &["check", "--output", "absent/rapport.txt", "note.md"]);
    assert_eq!(nowhere.status, 2);
    assert!(nowhere.stderr.contains("absent/rapport.txt") && !nowhere.stderr.contains(".cadrage-"), "{}", nowhere.stderr);
}

#[test]
fn the_verdict_says_what_it_leaves_out() {
    let archived = format!("{POOR}\n<!-- cadrage: ignore-file — archive -->\n");
    let folder = binary::folder(&[("note.md", POOR), ("archive.md", &archived)]);
    let verdict = |arguments: &[&str]| run(folder.path(), &[&["check", "--quiet"], arguments].concat()).stdout;
    let said = verdict(&["archive.md"]);
    assert!(said.contains("aucune autre lacune — ") && said.contains(" écartées avec un motif"), "{said}");
    let said = verdict(&["--select", "redaction.sigle-non-defini", "note.md"]);
    assert!(said.contains("aucune lacune parmi les critères et règles retenus") && !said.contains("complet"), "{said}");
    let said = verdict(&["--select", "redaction.sigle-non-defini", "note.md", "archive.md"]);
    assert!(said.contains("2 dossiers\u{a0}: aucune lacune parmi les critères et règles retenus"), "{said}");
}

#[test]
fn the_language_comes_from_the_option_then_the_locale() {
    let folder = folder();
    let verdict = |command: &mut Command| ran(command.args(["check", "--quiet", "note.md"])).stdout;
    assert!(verdict(&mut cadrage(folder.path())).contains("erreur"));
    assert!(verdict(cadrage(folder.path()).env("LANG", "en_GB.UTF-8")).contains("error"));
    assert!(verdict(cadrage(folder.path()).env("LANG", "en_GB.UTF-8").env("LC_ALL", "fr_FR.UTF-8")).contains("erreur"));
    assert!(verdict(cadrage(folder.path()).env("LANG", "en_GB.UTF-8").args(["--lang", "fr"])).contains("erreur"));
}

#[test]
fn colours_are_for_those_who_want_them() {
    let folder = folder();
    let coloured = |command: &mut Command| ran(command.args(["check", "note.md"])).stdout.contains('\u{1b}');
    assert!(!coloured(&mut cadrage(folder.path())));
    assert!(coloured(cadrage(folder.path()).args(["--color", "always"])));
    assert!(coloured(cadrage(folder.path()).env("CLICOLOR_FORCE", "1")));
    assert!(!coloured(cadrage(folder.path()).env("CLICOLOR_FORCE", "0")));
    assert!(!coloured(cadrage(folder.path()).env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1")));
    assert!(!coloured(cadrage(folder.path()).env("CLICOLOR_FORCE", "1").args(["--color", "never"])));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let folder = folder();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_cadrage"))
        .args(["check", "note.md", "--fail-on", "never"])
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}

#[test]
fn the_catalogue_can_be_listed_and_explained_in_both_languages() {
    let folder = folder();
    let listing = json(&run(folder.path(), &["criteria", "--format", "json"]).stdout);
    let human = run(folder.path(), &["criteria"]).stdout;
    for entry in ["criteria", "rules", "suppression"].iter().flat_map(|list| listing[list].as_array().unwrap()) {
        assert!(human.contains(entry["id"].as_str().unwrap()), "{entry}");
    }
    for entry in listing["suppression"].as_array().unwrap() {
        assert!(run(folder.path(), &["explain", entry["id"].as_str().unwrap()]).stdout.contains("Quoi écrire"), "{entry}");
    }
    assert_eq!(run(folder.path(), &["explain", "suppression"]).stdout.matches("Quoi écrire").count(), 4);
    assert_eq!(run(folder.path(), &["explain", "suppression.inutil"]).status, 2);
    let french = run(folder.path(), &["explain", "redaction.a-completer"]).stdout;
    let english = run(folder.path(), &["explain", "redaction.a-completer", "--lang", "en"]).stdout;
    assert!(french.contains("Pourquoi") && english.contains("Why"), "{french}\n{english}");
}

#[test]
fn examples_are_explained_line_by_line() {
    let folder = folder();
    let told = |lang: &str| run(folder.path(), &["explain", "redaction.section-vide", "--lang", lang]).stdout;
    let (french, english) = (told("fr"), told("en"));
    assert!(french.contains("  – # Dossier\n\n    ## Contexte\n\n    La commune révise son plan.\n"), "{french}");
    assert_eq!((french.matches("exemples sont en français").count(), english.matches("examples are in French").count()), (0, 1), "{english}");
}

#[test]
fn dates_are_told_in_the_language_of_the_run() {
    let folder = binary::folder(&[("note.md", "# Atelier citoyen\n\nLa réunion a lieu le lundi 4 juin 2027, puis du 9 mai 2027 au 1er mai 2027.\n")]);
    let told = |lang: &str| run(folder.path(), &["check", "--type", "autre", "--select", "coherence.dates", "--lang", lang, "note.md"]).stdout;
    let (french, english) = (told("fr"), told("en"));
    assert!(french.contains("Le 4 juin 2027 n’est pas un lundi, mais un vendredi.") && french.contains("finit le 1er mai 2027"), "{french}");
    assert!(english.contains("4 June 2027 is not a Monday but a Friday.") && english.contains("ends on 1 May 2027"), "{english}");
}

#[test]
fn facts_tell_where_in_a_folder_and_what_is_not_said() {
    let folder = binary::folder(&[
        (
            "note/README.md",
            "# Concertation sur la place\n\nLa commune invite les habitants à donner leur avis.\n\nUne concertation a lieu avec les habitants.\n",
        ),
        ("note/moyens.md", "# Moyens\n\nLa commune publiera le bilan et répondra à chaque avis le 1er mai 2027.\n"),
        ("gratin.md", "# Gratin de potimarron\n\nPréchauffer le four à 180 °C. Verser la crème.\n"),
    ]);
    let told = |arguments: &[&str]| run(folder.path(), &[&["facts"], arguments].concat()).stdout;
    let (french, english) = (told(&["note"]), told(&["note", "--lang", "en"]));
    assert!(french.contains(" 1er mai 2027 La") && french.contains("  moyens.md:3\n"), "{french}");
    assert!(english.contains(" 1 May 2027 La"), "{english}");
    assert_eq!(french.matches("  ● La commune publiera").count(), 1, "{french}");
    assert!(french.contains("Instances\n  rien n’en est dit\n") && !french.contains("ne cadre pas"), "{french}");
    let recipe = told(&["gratin.md"]);
    assert!(recipe.starts_with("gratin.md\u{a0}: ce document ne cadre pas de démarche participative\n"), "{recipe}");
    assert!(recipe.ends_with("Calendrier\n  rien n’en est dit\n"), "{recipe}");
    assert_eq!(json(&told(&["gratin.md", "--format", "json"]))["out_of_scope"], true);
}

#[test]
fn what_is_quoted_reads_as_the_text_does() {
    let text = "# Atelier citoyen\n\nUn comit&eacute;&nbsp;de **pilo\u{ad}tage** sera mis en place.\n";
    let folder = binary::folder(&[("note.md", text)]);
    let report = binary::report(folder.path(), &["--type", "autre", "--select", "redaction.instance-non-definie", "note.md"]);
    let gap = &binary::diagnostics(&report)[0];
    assert!(gap["message"].as_str().unwrap().contains("comité\u{a0}de pilotage"), "{gap}");
    let at = |end: &str| gap[end]["offset"].as_u64().unwrap() as usize;
    assert!(text[at("start")..at("end")].contains("comit&eacute;&nbsp;de **pilo\u{ad}tage"), "{gap}");
}

#[test]
fn docs_says_what_it_did_and_check_what_is_to_be_done() {
    let folder = folder();
    let said = |arguments: &[&str]| run(folder.path(), &[&["docs", "pages"], arguments].concat()).stdout;
    assert!(said(&["--check"]).contains("absente\u{a0}: pages/moyens.budget.md"));
    assert!(said(&[]).contains("écrite\u{a0}: pages/moyens.budget.md"));
    assert_eq!(said(&[]), "");
    let page = folder.path().join("pages/moyens.budget.md");
    let text = fs::read_to_string(&page).unwrap();
    fs::rename(&page, folder.path().join("pages/autre.md")).unwrap();
    fs::write(&page, text.lines().next().unwrap()).unwrap();
    assert_eq!(said(&["--check"]), "périmée\u{a0}: pages/moyens.budget.md\nen trop\u{a0}: pages/autre.md\n");
    assert_eq!(said(&[]), "écrite\u{a0}: pages/moyens.budget.md\nsupprimée\u{a0}: pages/autre.md\n");
}

#[test]
fn a_wrong_type_lists_the_valid_ones() {
    let folder = folder();
    let result = run(folder.path(), &["check", "--type", "jury", "note.md"]);
    assert_eq!(result.status, 2);
    assert!(result.stderr.contains("convention-citoyenne") && result.stderr.contains("autre"), "{}", result.stderr);
}

#[test]
fn a_wrong_value_tells_what_is_possible() {
    let folder = folder();
    for (arguments, said) in [
        (["--output-format", "foo=x"], "«\u{a0}foo=x\u{a0}» impossible pour --output-format <FORMAT=FICHIER>\u{a0}: les formats sont human, json, "),
        (["--output-format", "html"], "«\u{a0}html\u{a0}» impossible pour --output-format <FORMAT=FICHIER>\u{a0}: écrivez par exemple html=rapport.html"),
        (["--severity", "moyens"], "impossible pour --severity <ID=NIVEAU>\u{a0}: écrivez par exemple moyens.budget=advice"),
        (["--severity", "moyens=grave"], "impossible pour --severity <ID=NIVEAU>\u{a0}: les niveaux sont error, warning, advice"),
        (["--max-file-size", "gros"], "impossible pour --max-file-size <TAILLE>\u{a0}: écrivez par exemple 500ko, 5Mo ou 2MiB"),
        (["--jobs", "0"], "«\u{a0}0\u{a0}» impossible pour --jobs <N>\u{a0}: un nombre de 1 à 65535 est attendu"),
        (["--jobs", "deux"], "«\u{a0}deux\u{a0}» impossible pour --jobs <N>\u{a0}: un nombre de 1 à 65535 est attendu"),
    ] {
        let ran = run(folder.path(), &[&["check"], arguments.as_slice()].concat());
        assert!(ran.status == 2 && ran.stderr.contains(said), "{}", ran.stderr);
    }
    let english = run(folder.path(), &["check", "--lang", "en", "--output-format", "html"]).stderr;
    assert!(english.contains("'html' for '--output-format <FORMAT=FILE>': write for example html=report.html"), "{english}");
}

#[test]
fn a_list_is_not_cut_for_a_program_and_headings_are_typeset() {
    let folder = folder();
    let listed = run(folder.path(), &["criteria"]).stdout;
    assert!(!listed.contains('…'), "{listed}");
    for (arguments, headings) in [(vec!["--help"], ["Usage", "Commandes", "Options"]), (vec!["check", "--help"], ["Usage", "Arguments", "Options"])] {
        let help = run(folder.path(), &arguments).stdout;
        assert!(headings.iter().all(|heading| help.contains(&format!("{heading}\u{a0}:"))), "{help}");
        let help = run(folder.path(), &[arguments.as_slice(), &["--lang", "en"]].concat()).stdout;
        assert!(help.contains("\nOptions:\n"), "{help}");
    }
}

#[test]
fn a_dossier_named_twice_is_assessed_once() {
    let folder = folder();
    let dossiers = |ran: binary::Ran| json(&ran.stdout)["dossiers"].as_array().unwrap().len();
    let whole = folder.path().join("note.md");
    assert_eq!(dossiers(run(folder.path(), &["check", "--format", "json", "note.md", "./note.md", whole.to_str().unwrap()])), 1);
    assert_eq!(dossiers(run(folder.path(), &["check", "--format", "json", ".", "note.md"])), 2, "a folder is another dossier");
    let twice = ran(cadrage(folder.path()).args(["check", "--format", "json", "-", "note.md", "-"]).write_stdin(POOR));
    assert_eq!(dossiers(twice), 2);
}

#[test]
fn a_diff_and_a_report_on_one_output_are_told_apart() {
    let folder = folder();
    let refused = run(folder.path(), &["check", "--diff", "--format", "json", "note.md"]);
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""));
    assert!(refused.stderr.contains("--diff") && refused.stderr.contains("--output FICHIER"), "{}", refused.stderr);
}

#[test]
fn what_frames_nothing_fails_whatever_is_selected() {
    let recipe = "# Recette\n\nPréchauffer le four. Verser la pâte et la crème. Temps de cuisson : une heure.\n";
    let folder = binary::folder(&[("recette.md", recipe)]);
    let status = |more: &[&str]| run(folder.path(), &[&["check", "recette.md"], more].concat()).status;
    assert_eq!(status(&[]), 1);
    assert_eq!(status(&["--select", "strategie"]), 1);
    assert_eq!(status(&["--ignore", "strategie"]), 1);
    assert_eq!(status(&["--ignore", "dossier"]), 0);
    assert_eq!(status(&["--select", "strategie", "--severity", "dossier=advice"]), 0);
    run(folder.path(), &["check", "--write-baseline", "recette.md"]);
    let known = fs::read_to_string(folder.path().join("cadrage-baseline.json")).unwrap();
    let baseline = ["--baseline", "cadrage-baseline.json", "--select", "strategie"];
    assert_eq!(status(&baseline), 0);
    run(folder.path(), &[["check", "--write-baseline", "recette.md"].as_slice(), &baseline].concat());
    assert_eq!(fs::read_to_string(folder.path().join("cadrage-baseline.json")).unwrap(), known);
}

#[test]
fn what_the_system_refuses_is_said_in_the_language_of_the_run() {
    let folder = folder();
    fs::create_dir(folder.path().join("d")).unwrap();
    for arguments in [
        ["check", "--config", "absent.toml", "note.md"].as_slice(),
        &["check", "--baseline", "absent.json", "note.md"],
        &["check", "--output", "absent/rapport.md", "note.md"],
        &["new", "autre", "absent/note.md"],
    ] {
        let french = run(folder.path(), arguments);
        assert_eq!(french.status, 2);
        assert!(french.stderr.contains("\u{a0}: aucun fichier ni répertoire à cet emplacement"), "{}", french.stderr);
        let english = run(folder.path(), &[arguments, &["--lang", "en"]].concat()).stderr;
        assert!(english.contains(": no such file or folder"), "{english}");
    }
    let into_folder = run(folder.path(), &["check", "--output", "d", "note.md"]).stderr;
    assert!(into_folder.contains("d\u{a0}: c’est un répertoire"), "{into_folder}");
}

#[test]
fn too_much_on_standard_input_is_not_counted() {
    let folder = folder();
    let refused = ran(cadrage(folder.path()).args(["check", "--max-file-size", "50", "-"]).write_stdin(POOR));
    assert!(refused.stderr.contains("<stdin>\u{a0}: plus que la limite de 50 octets"), "{}", refused.stderr);
    let measured = run(folder.path(), &["check", "--max-file-size", "50", "note.md"]).stderr;
    assert!(measured.contains(&format!("{} octets, plus que la limite de 50", POOR.len())), "{measured}");
}

#[test]
fn every_help_has_its_headings_once() {
    let folder = folder();
    for command in ["check", "explain", "criteria", "facts", "new", "init", "docs", "lsp", "completions", "man"] {
        for (lang, colon) in [("fr", "\u{a0}:"), ("en", ":")] {
            let help = run(folder.path(), &[command, "--help", "--lang", lang]).stdout;
            let headings: Vec<&str> = help.lines().filter(|line| line.starts_with("Options") || line.starts_with("Arguments")).collect();
            let expected: Vec<String> = ["Arguments", "Options"].iter().map(|heading| format!("{heading}{colon}")).collect();
            assert!(headings == expected || headings == expected[1..], "{command}: {headings:?}");
        }
    }
    let new = run(folder.path(), &["new", "--help"]).stdout;
    assert!(new.find("<TYPE>  ") < new.find("[FICHIER]  "), "{new}");
    assert!(run(folder.path(), &["facts", "--help"]).stdout.contains("budget-participatif"));
}

#[test]
fn a_new_dossier_takes_its_type_as_other_commands_do_and_goes_to_standard_output() {
    let folder = folder();
    let expected = run(folder.path(), &["new", "autre"]).stdout;
    for arguments in [["new", "--type", "autre"].as_slice(), &["--lang", "fr", "new", "--type=autre"], &["new", "autre", "-"], &["new", "--type", "autre", "-"]]
    {
        assert_eq!(run(folder.path(), arguments).stdout, expected, "{arguments:?}");
    }
    assert!(!folder.path().join("-").exists());
    assert_eq!(run(folder.path(), &["new", "--type", "autre", "neuf.md"]).stdout, "neuf.md\n");
    assert!(run(folder.path(), &["new", "--type", "jury"]).stderr.contains("convention-citoyenne"));
    assert_eq!(run(folder.path(), &["new", "--type"]).status, 2);
}

#[test]
fn a_client_that_leaves_without_a_word_is_told_so_by_the_status() {
    let folder = folder();
    let framed = |message: &str| format!("Content-Length: {}\r\n\r\n{message}", message.len());
    let start = framed(r#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#);
    let exit = framed(r#"{"jsonrpc":"2.0","method":"exit"}"#);
    let shutdown = framed(r#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#);
    let status = |input: String| ran(cadrage(folder.path()).arg("lsp").write_stdin(input)).status;
    assert_eq!(status(format!("{start}{shutdown}{exit}")), 0);
    assert_eq!(status(format!("{start}{exit}")), 1);
}

#[test]
fn completions_and_man_page() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(run(folder.path(), &["completions", shell]).stdout.contains("fail-on"), "{shell}");
    }
    let page = run(folder.path(), &["man"]).stdout;
    assert!(page.contains(".TH") && page.contains("fail\\-on") && page.contains("explain"), "{page}");
}

#[test]
fn what_frames_nothing_is_of_no_type() {
    let offer = include_str!("data/negatives/emploi-concertation.md");
    let folder = binary::folder(&[("offre.md", offer)]);
    for format in ["human", "markdown", "html"] {
        let ran = run(folder.path(), &["check", "--no-config", "--format", format, "offre.md"]);
        assert_eq!(ran.status, 1);
        assert!(ran.stdout.contains("offre.md") && !ran.stdout.contains("reconnu dans le texte"), "{format}: {}", ran.stdout);
    }
}

#[test]
fn a_document_of_another_program_and_an_empty_file_are_told_as_what_they_are() {
    let folder = folder();
    let files: [(&str, &[u8], &str); 6] = [
        ("note.docx", b"PK\x03\x04\x14\0\x06\0\xe9\xff", "c’est un document Word (ou ODT, RTF, un classeur…), pas un texte\u{a0}; enregistrez-le en Markdown"),
        ("renamed.md", b"PK\x03\x04\x14\0", "c’est un document Word"),
        ("note.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "c’est un document Word"),
        ("note.rtf", b"{\\rtf1\\ansi Bonjour}", "c’est un document Word"),
        ("note.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "c’est un PDF, pas un texte"),
        ("ascii.pdf", b"%PDF-1.4\n1 0 obj\n", "c’est un PDF, pas un texte"),
    ];
    for (name, bytes, said) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
        let ran = run(folder.path(), &["check", name]);
        assert_eq!((ran.status, ran.stdout.as_str()), (2, ""), "{name}");
        assert!(ran.stderr.contains(&format!("{name}\u{a0}: {said}")), "{}", ran.stderr);
    }
    fs::write(folder.path().join("vide.md"), " \n").unwrap();
    let empty = run(folder.path(), &["check", "vide.md"]);
    assert_eq!(empty.status, 1);
    assert!(empty.stdout.contains("Le document est vide") && empty.stdout.contains("bon fichier"), "{}", empty.stdout);
}

#[test]
fn what_to_do_about_a_document_out_of_scope_is_not_cut() {
    let folder = binary::folder(&[("recette.md", "# Gratin de potimarron\n\nPréchauffer le four à 180 °C. Verser la crème.\n")]);
    let said = run(folder.path(), &["check", "recette.md"]).stdout;
    assert!(said.contains("`type: convention-citoyenne`."), "{said}");
}

/// As git writes them: `patch` reads them, and no name opens another file.
#[cfg(unix)]
#[test]
fn odd_names_of_a_diff_are_quoted() {
    for (name, shown) in [
        ("ma note.md", "--- a/ma note.md\t\n+++ b/ma note.md\t\n"),
        ("été.md", "--- a/été.md\n+++ b/été.md\n"),
        ("a\n+++ b\tc.md", "--- \"a/a\\012+++ b\\011c.md\"\n+++ \"b/a\\012+++ b\\011c.md\"\n"),
    ] {
        let folder = binary::folder(&[(name, POOR)]);
        let diff = run(folder.path(), &["check", "--diff", name]).stdout;
        assert!(diff.starts_with(shown), "{}", diff.lines().take(3).collect::<Vec<_>>().join("\n"));
    }
}

#[cfg(unix)]
#[test]
fn what_a_folder_holds_and_cannot_be_read_is_told() {
    use std::os::unix::fs::symlink;
    let folder = binary::folder(&[("d/note.md", POOR), ("d/image.png", ""), ("ailleurs/a.md", POOR)]);
    let at = |name: &str| folder.path().join("d").join(name);
    symlink("absent.md", at("rompu.md")).unwrap();
    symlink("boucle.md", at("boucle.md")).unwrap();
    symlink("absent.md", at(".#note.md")).unwrap();
    symlink("absent.png", at("rompu.png")).unwrap();
    symlink("../ailleurs", at("lien.md")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("tube.md")).status().unwrap().success());
    let ran = run(folder.path(), &["check", "--format", "json", "d"]);
    let report = json(&ran.stdout);
    let mut errors: Vec<&str> = report["errors"].as_array().unwrap().iter().map(|e| e["message"].as_str().unwrap()).collect();
    errors.sort_unstable();
    assert_eq!(
        (ran.status, errors.as_slice()),
        (
            2,
            [
                "d/boucle.md\u{a0}: ce lien ne mène qu’à lui-même",
                "d/rompu.md\u{a0}: aucun fichier ni répertoire à cet emplacement",
                "d/tube.md\u{a0}: ni un fichier ni un répertoire"
            ]
            .as_slice()
        )
    );
    assert_eq!(report["dossiers"][0]["files"], serde_json::json!(["d/note.md"]));
}

#[test]
fn standard_input_is_configured_as_what_its_name_says() {
    let config = "[[override]]\npaths = [\"x.md\"]\ntype = \"atelier-citoyen\"\n";
    let folder = binary::folder(&[("sf/cadrage.toml", config), ("cadrage.toml", "type = \"autre\"\n")]);
    let kind = |name: &str| {
        let ran = ran(cadrage(folder.path()).args(["check", "--format", "json", "--stdin-filename", name, "-"]).write_stdin(POOR));
        json(&ran.stdout)["dossiers"][0]["type"].as_str().unwrap().to_owned()
    };
    assert_eq!((kind("sf/x.md").as_str(), kind("x.md").as_str()), ("atelier-citoyen", "autre"));
    let whole = folder.path().join("sf/x.md");
    assert_eq!(kind(whole.to_str().unwrap()), "atelier-citoyen");
}

#[test]
fn the_command_that_shows_everything_is_the_one_that_was_given() {
    let folder = binary::folder(&[("note de cadrage.md", POOR)]);
    let said = run(folder.path(), &["--lang", "fr", "check", "--type", "autre", "note de cadrage.md"]).stdout;
    assert!(said.contains("Pour tout lire\u{a0}: cadrage --lang fr check --verbose --type autre 'note de cadrage.md'\n"), "{said}");
    let said = run(folder.path(), &["check", "--lang", "fr", "--fix", "note de cadrage.md"]).stdout;
    assert!(said.contains("Pour tout lire\u{a0}: cadrage check --verbose --lang fr 'note de cadrage.md'\n"), "it writes nothing: {said}");
}

#[test]
fn a_file_of_two_dossiers_is_fixed_once() {
    let folder = binary::folder(&[("note.md", POOR)]);
    let ran = run(folder.path(), &["check", "--lang", "fr", "--quiet", "--fix", "--fail-on", "never", "note.md", "."]);
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("note.md\u{a0}: modèles déjà ajoutés, pour un autre dossier de cette commande"), "{}", ran.stderr);
    let once = fs::read_to_string(folder.path().join("note.md")).unwrap();
    let alone = binary::folder(&[("note.md", POOR)]);
    run(alone.path(), &["check", "--fix", "note.md"]);
    assert_eq!(once, fs::read_to_string(alone.path().join("note.md")).unwrap());
}

#[test]
fn a_dossier_in_the_place_of_a_command_is_told_how_to_be_assessed() {
    let folder = folder();
    let french = run(folder.path(), &["note.md"]);
    assert!(french.status == 2 && french.stderr.contains("cadrage check note.md"), "{}", french.stderr);
    let english = run(folder.path(), &["--lang", "en", "note.md"]);
    assert!(english.status == 2 && english.stderr.contains("cadrage check note.md"), "{}", english.stderr);
    assert!(!run(folder.path(), &["absent.md"]).stderr.contains("cadrage check"));
}

#[test]
fn an_id_is_found_by_its_name_or_in_capitals() {
    let folder = folder();
    for id in ["PUBLICS.CIBLE", "cible", "Cible"] {
        let said = run(folder.path(), &["explain", id]).stderr;
        assert!(said.contains("le plus proche est publics.cible"), "{said}");
    }
    fs::write(folder.path().join("cadrage.toml"), "lang = \"de\"\n").unwrap();
    let said = run(folder.path(), &["check", "note.md"]).stderr;
    assert!(said.contains("valeurs valides\u{a0}: fr, en") && !said.contains("en\u{a0}?"), "{said}");
}

#[test]
fn the_catalogue_is_shown_whatever_is_wrong_with_the_configuration() {
    let folder = folder();
    fs::write(folder.path().join("cadrage.toml"), "fail-on = \"nope\"\n").unwrap();
    for arguments in [["explain", "moyens.budget"].as_slice(), &["criteria"], &["new", "autre"]] {
        let ran = run(folder.path(), arguments);
        assert!(ran.status == 0 && !ran.stdout.is_empty(), "{arguments:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("cadrage.toml:1") && ran.stderr.contains("n’est pas pris en compte"), "{}", ran.stderr);
    }
    assert_eq!(run(folder.path(), &["check", "note.md"]).status, 2);
    fs::write(folder.path().join("cadrage.toml"), b"lang = \"fr\"\n# \xe9t\xe9\n").unwrap();
    let latin = run(folder.path(), &["check", "note.md"]).stderr;
    assert!(latin.contains("cadrage.toml\u{a0}: le texte n’est pas en UTF-8 (ligne 2)"), "{latin}");
}

#[cfg(unix)]
#[test]
fn a_pipe_of_the_shell_leads_to_standard_input_and_help_that_is_not_written_is_a_failure() {
    let folder = folder();
    let said = ran(cadrage(folder.path()).args(["check", "/dev/stdin"]).write_stdin(POOR));
    assert!(said.status == 2 && said.stderr.contains("| cadrage check -"), "{}", said.stderr);
    if let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cadrage"));
        let output = command.arg("--help").stdout(full).stderr(Stdio::piped()).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("il n’y a plus de place"), "{output:?}");
    }
    for (arguments, said) in [
        (["check", "note.md", "--checks", "absent"], "absent\u{a0}: aucun fichier ni répertoire à cet emplacement"),
        (["check", "note.md", "--checks", "note.md"], "note.md\u{a0}: une partie de ce chemin n’est pas un répertoire"),
    ] {
        let refused = run(folder.path(), &arguments).stderr;
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn what_has_no_title_is_expected_at_the_beginning() {
    let text = format!(
        "Concertation sur la halle\nNote de cadrage\n\n{}\n\nLE MOT DE LA FIN\n\nMerci.\n",
        "La Ville invite les habitants à donner leur avis sur la halle. ".repeat(8)
    );
    let folder =
        binary::folder(&[("note.md", &text), ("titre.md", &format!("{}\n\n# Concertation\n\nFin.\n", "Un avertissement précède le titre. ".repeat(20)))]);
    let lines = |name: &str| -> Vec<u64> {
        let report = binary::report(folder.path(), &["--type", "concertation-prealable", "--select", "moyens.budget", name]);
        binary::diagnostics(&report).iter().map(|gap| gap["start"]["line"].as_u64().unwrap()).collect()
    };
    assert_eq!(lines("note.md"), [1]);
    assert_eq!(lines("titre.md"), [3]);
}
