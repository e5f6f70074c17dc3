//! Configuration, front matter and suppressions, on the binary.

#![allow(clippy::unwrap_used, missing_docs)]

use common::binary::{OWN_CHECK, diagnostics, folder, report, run};

mod common;

const NOTE: &str =
    "# Concertation sur la place\n\nLa Ville invite les habitants à la concertation du 3 mai au 20 juin 2027.\n\nUn comité de suivi sera mis en place.\n";

fn ids(report: &serde_json::Value) -> Vec<String> {
    diagnostics(report).iter().map(|d| d["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_type_comes_from_the_option_then_the_front_matter_then_the_configuration() {
    let stated = format!("---\ntitle: Note\ntype: budget-participatif\n---\n\n{NOTE}");
    let folder = folder(&[("cadrage.toml", "type = \"atelier-citoyen\"\n"), ("a.md", &stated), ("b.md", NOTE)]);
    let kind = |arguments: &[&str]| {
        let report = report(folder.path(), arguments);
        let dossier = &report["dossiers"][0];
        (dossier["type"].as_str().unwrap().to_owned(), dossier["type_source"].as_str().unwrap().to_owned())
    };
    assert_eq!(kind(&["--type", "autre", "a.md"]), ("autre".into(), "option".into()));
    assert_eq!(kind(&["a.md"]), ("budget-participatif".into(), "front-matter".into()));
    assert_eq!(kind(&["b.md"]), ("atelier-citoyen".into(), "config".into()));
    assert_eq!(kind(&["--no-config", "b.md"]), ("concertation-prealable".into(), "detected".into()));
}

#[test]
fn a_wrong_type_is_an_error_that_lists_the_valid_ones() {
    let folder = folder(&[("a.md", "---\ntype: budget-participativ\n---\n\n# Note\n")]);
    let ran = run(folder.path(), &["check", "a.md"]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.stderr.contains("a.md:2") && ran.stderr.contains("convention-citoyenne") && ran.stderr.contains("(budget-participatif\u{a0}?)"),
        "{}",
        ran.stderr
    );
}

#[test]
fn a_mistake_in_the_configuration_is_shown_at_its_place() {
    let folder = folder(&[("cadrage.toml", "lang = \"fr\"\nselct = [\"moyens\"]\n"), ("a.md", NOTE)]);
    let ran = run(folder.path(), &["check", "a.md"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("cadrage.toml:2") && ran.stderr.contains("clé inconnue «\u{a0}selct\u{a0}» (select\u{a0}?)"), "{}", ran.stderr);
    let unknown = run(folder.path(), &["check", "--no-config", "--select", "moyen.budget", "a.md"]);
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("moyens.budget"), "{}", unknown.stderr);
}

#[test]
fn what_the_configuration_names_in_vain_is_shown_at_its_place() {
    for (line, said) in [
        ("select = [\"gouvernnce\"]", "gouvernance"),
        ("severity = { \"moyens.budge\" = \"error\" }", "moyens.budget"),
        ("checks = [\"absent\"]", "absent\u{a0}: "),
        ("baseline = \"absent.json\"", "absent.json\u{a0}: "),
    ] {
        let folder = folder(&[("cadrage.toml", &format!("lang = \"fr\"\n{line}\n")), ("a.md", NOTE)]);
        let ran = run(folder.path(), &["check", "a.md"]);
        assert!(ran.status == 2 && ran.stderr.contains("cadrage.toml:2") && ran.stderr.contains(said), "{line}: {}", ran.stderr);
    }
}

#[test]
fn the_configuration_selects_and_names_the_dossiers() {
    let config =
        "dossiers = [\"notes/*\"]\nselect = [\"redaction\"]\nfail-on = \"warning\"\n\n[[override]]\npaths = [\"notes/b.md\"]\nselect = [\"moyens.budget\"]\n";
    let folder = folder(&[("cadrage.toml", config), ("notes/a.md", NOTE), ("notes/b.md", NOTE), ("autre.md", NOTE)]);
    let report = report(folder.path(), &[]);
    let dossiers = report["dossiers"].as_array().unwrap();
    assert_eq!(dossiers.iter().map(|d| d["path"].as_str().unwrap()).collect::<Vec<_>>(), ["notes/a.md", "notes/b.md"]);
    assert_eq!(ids(&report), ["redaction.instance-non-definie"]);
    assert_eq!(dossiers[1]["diagnostics"][0]["id"], "moyens.budget");
    assert_eq!(run(folder.path(), &["check"]).status, 1);
    assert_eq!(run(folder.path(), &["check", "--fail-on", "error", "notes/a.md"]).status, 0);
}

#[test]
fn what_is_asked_wins_over_the_front_matter_over_exceptions_over_the_rest() {
    let config = "ignore = [\"moyens.budget\"]\nseverity = { \"moyens.equipe\" = \"error\" }\n\n\
        [[override]]\npaths = [\"b.md\", \"c.md\"]\nselect = [\"moyens\"]\nseverity = { moyens = \"warning\" }\n";
    let stated = format!("---\ncadrage:\n  ignore: [moyens]\n---\n\n{NOTE}");
    let folder = folder(&[("cadrage.toml", config), ("a.md", NOTE), ("b.md", NOTE), ("c.md", &stated)]);
    let severity = |arguments: &[&str], id: &str| {
        let report = report(folder.path(), arguments);
        diagnostics(&report).iter().find(|d| d["id"] == id).map(|d| d["severity"].as_str().unwrap().to_owned())
    };
    for (arguments, id, expected) in [
        (["a.md"].as_slice(), "moyens.budget", None),
        (&["--select", "moyens.budget", "a.md"], "moyens.budget", Some("warning")),
        (&["--select", "moyens", "a.md"], "moyens.budget", Some("warning")),
        (&["a.md"], "moyens.equipe", Some("error")),
        (&["--severity", "moyens=advice", "a.md"], "moyens.equipe", Some("advice")),
        (&["--severity", "moyens=advice", "--severity", "moyens.equipe=warning", "a.md"], "moyens.equipe", Some("warning")),
        (&["--ignore", "moyens", "a.md"], "moyens.equipe", None),
        (&["b.md"], "moyens.budget", Some("warning")),
        (&["b.md"], "moyens.equipe", Some("warning")),
        (&["--ignore", "moyens", "b.md"], "moyens.equipe", None),
        (&["c.md"], "moyens.equipe", None),
        (&["--select", "moyens", "--ignore", "moyens.budget", "c.md"], "moyens.equipe", Some("warning")),
        (&["--select", "moyens", "--ignore", "moyens.budget", "c.md"], "moyens.budget", None),
    ] {
        assert_eq!(severity(arguments, id).as_deref(), expected, "{arguments:?} {id}");
    }
}

#[test]
fn each_dossier_follows_the_configuration_above_it() {
    let folder = folder(&[
        ("cadrage.toml", "dossiers = [\"a/*\", \"b/*.md\"]\ntype = \"autre\"\nfail-on = \"never\"\n"),
        ("a/n.md", NOTE),
        ("b/cadrage.toml", "type = \"atelier-citoyen\"\nbaseline = \"connu.json\"\nselect = [\"moyens\"]\n"),
        ("b/n.md", NOTE),
        ("c/cadrage.toml", "selct = []\n"),
        ("c/n.md", NOTE),
    ]);
    let types = |report: &serde_json::Value| -> Vec<String> {
        report["dossiers"].as_array().unwrap().iter().map(|d| format!("{}={}", d["path"].as_str().unwrap(), d["type"].as_str().unwrap())).collect()
    };
    let written = run(folder.path(), &["check", "--write-baseline"]);
    assert_eq!(written.status, 0, "{}", written.stderr);
    assert!(written.stderr.contains("cadrage-baseline.json") && written.stderr.contains("b/connu.json"), "{}", written.stderr);
    for arguments in [[].as_slice(), &["a/n.md", "b/n.md"]] {
        let report = report(folder.path(), arguments);
        assert_eq!(types(&report), ["a/n.md=autre", "b/n.md=atelier-citoyen"]);
        assert!(report["dossiers"][1]["baseline"]["known"].as_u64().unwrap() > 0, "{arguments:?}");
        assert_eq!(report["dossiers"][0]["baseline"], serde_json::Value::Null);
    }
    for order in [["a/n.md", "c/n.md", "b"], ["c/n.md", "a/n.md", "b"]] {
        let ran = run(folder.path(), &[&["check", "--format", "json"], order.as_slice()].concat());
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((ran.status, types(&report)), (2, vec!["a/n.md=autre".to_owned(), "b=atelier-citoyen".to_owned()]), "{}", ran.stderr);
        assert_eq!(report["errors"].as_array().unwrap().len(), 1);
        assert_eq!(report["errors"][0]["file"], "c/cadrage.toml");
    }
    let one = report(folder.path(), &["--config", "cadrage.toml", "a/n.md", "c/n.md"]);
    assert_eq!(types(&one), ["a/n.md=autre", "c/n.md=autre"]);
}

#[test]
fn a_comment_with_a_reason_silences() {
    let text = NOTE.replace("Un comité", "<!-- cadrage: ignore redaction.instance-non-definie — composition en cours de vote -->\n\nUn comité");
    let text = format!("{text}\n<!-- cadrage: ignore moyens.budget — budget voté ailleurs -->\n");
    let folder = folder(&[("a.md", &text), ("b.md", NOTE)]);
    let report = report(folder.path(), &["a.md"]);
    let got = ids(&report);
    assert!(!got.iter().any(|id| id == "redaction.instance-non-definie" || id == "moyens.budget" || id.starts_with("suppression")), "{got:?}");
    let budget = report["dossiers"][0]["criteria"].as_array().unwrap().iter().find(|c| c["id"] == "moyens.budget").unwrap();
    assert_eq!((&budget["suppressed"], &budget["verdict"]), (&"budget voté ailleurs".into(), &"missing".into()));
}

#[test]
fn a_comment_for_a_file_silences_only_what_is_placed_in_it() {
    let annex = "# Annexe\n\nÀ compléter.\n\n<!-- cadrage: ignore-file — annexe reprise telle quelle -->\n";
    let folder = folder(&[("d/README.md", NOTE), ("d/annexe.md", annex)]);
    let without = folder.path().join("d/annexe.md");
    let placed = |report: &serde_json::Value| -> Vec<(String, String)> {
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        report["dossiers"][0]["diagnostics"].as_array().unwrap().iter().map(|d| (text(&d["id"]), text(&d["file"]))).collect()
    };
    let silenced = placed(&report(folder.path(), &["--type", "autre", "d"]));
    assert!(silenced.iter().any(|(id, _)| id.starts_with("gouvernance.")), "{silenced:?}");
    std::fs::write(&without, annex.split("<!--").next().unwrap()).unwrap();
    let all = placed(&report(folder.path(), &["--type", "autre", "d"]));
    let elsewhere: Vec<_> = all.iter().filter(|(_, file)| file != "d/annexe.md").cloned().collect();
    assert!(elsewhere.len() < all.len());
    assert_eq!(silenced, elsewhere);
}

#[test]
fn a_comment_at_fault_is_reported() {
    let text = format!(
        "{NOTE}\n<!-- cadrage: ignore moyens.budget -->\n\n<!-- cadrage: ignore moyens.calendrier — daté -->\n\n<!-- cadrage: ignore moyens.buget — faute -->\n"
    );
    let folder = folder(&[("a.md", &text)]);
    let mut got = ids(&report(folder.path(), &["a.md"]));
    got.retain(|id| id.starts_with("suppression"));
    assert_eq!(got, ["suppression.sans-motif", "suppression.inutile", "suppression.inconnue"]);
}

#[test]
fn a_comment_is_understood_as_people_write_it() {
    let ways = [
        "cadrage : ignore moyens.budget — voté ailleurs",
        "cadrage\u{a0}: ignore moyens.budget\u{a0}— voté ailleurs",
        "CADRAGE: IGNORE MOYENS.BUDGET - voté ailleurs",
        "cadrage: ignore moyens.budget—voté ailleurs",
        "cadrage: ignore moyens.budget\u{a0}: voté ailleurs",
        "cadrage ignore moyens.budget — voté ailleurs",
    ];
    for way in ways {
        let folder = folder(&[("a.md", &format!("{NOTE}\n<!-- {way} -->\n"))]);
        let report = report(folder.path(), &["a.md"]);
        let budget = report["dossiers"][0]["criteria"].as_array().unwrap().iter().find(|c| c["id"] == "moyens.budget").unwrap();
        assert_eq!(budget["suppressed"], "voté ailleurs", "{way}");
        assert!(ids(&report).iter().all(|id| !id.starts_with("suppression")), "{way}");
    }
}

#[test]
fn a_comment_that_is_not_understood_is_reported_and_a_note_is_none() {
    let told = |comment: &str| {
        let folder = folder(&[("a.md", &format!("{NOTE}\n<!-- {comment} -->\n"))]);
        let report = report(folder.path(), &["a.md"]);
        let faults: Vec<String> = diagnostics(&report).iter().filter(|d| d["kind"] == "suppression").map(|d| d["id"].as_str().unwrap().to_owned()).collect();
        faults
    };
    for comment in [
        "cadrage:",
        "cadrage: ignore — voté",
        "cadrage: ignore suppression.inutile — voté",
        "cadrage: ignor moyens — voté",
        "cadrage : disable",
        "cadrage: taire moyens.budget — voté",
        "cadrage: ignorer-fichier moyens.budget",
    ] {
        assert_eq!(told(comment), ["suppression.inconnue"], "{comment}");
    }
    for comment in ["Cadrage : version du 3 mai", "cadrage ignore les moyens — à revoir", "Cadrage\u{a0}: ignoré par les services", "cadrage"] {
        assert_eq!(told(comment), [""; 0], "{comment}");
    }
}

#[test]
fn what_is_said_of_a_comment_tells_what_lacks() {
    let told = |comment: &str| {
        let folder = folder(&[("a.md", &format!("{NOTE}\n<!-- {comment} -->\n"))]);
        let report = report(folder.path(), &["a.md"]);
        let fault = diagnostics(&report).iter().find(|d| d["kind"] == "suppression").cloned().unwrap();
        format!("{}: {} {}", fault["id"].as_str().unwrap(), fault["message"].as_str().unwrap(), fault["help"].as_str().unwrap())
    };
    let bare = told("cadrage: ignore gouvernance.garant motif sans tiret");
    assert!(bare.starts_with("suppression.sans-motif: ") && bare.ends_with("<!-- cadrage: ignore gouvernance.garant — motif sans tiret -->"), "{bare}");
    assert!(told("cadrage: ignore — motif").contains("il lui manque un identifiant"));
    assert!(told("cadrage:").contains("ne lui demande rien"));
    assert!(told("cadrage: ignore suppression.inutile — motif").contains("suppression.inutile\u{a0}» ne s’écarte pas"));
    let unknown = told("cadrage: ignore Moyens.Buget — motif");
    assert!(
        unknown.contains("Aucun critère") && unknown.contains("«\u{a0}Moyens.Buget\u{a0}»") && unknown.contains("Le plus proche est moyens.budget"),
        "{unknown}"
    );
    assert!(told("cadrage: ignore moyens.budget moyens.equpe").contains("Le plus proche est moyens.equipe"));
}

#[test]
fn a_placeholder_is_no_reason() {
    let faults = |reason: &str| {
        let folder = folder(&[("a.md", &format!("{NOTE}\n<!-- cadrage: ignore moyens.budget — {reason} -->\n"))]);
        let report = report(folder.path(), &["a.md"]);
        diagnostics(&report).iter().filter(|d| d["kind"] == "suppression").map(|d| d["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for reason in ["[motif]", "[reason]", "TODO", "à compléter", "À préciser", ".", "…", "XX", "???"] {
        assert_eq!(faults(reason), ["suppression.sans-motif"], "{reason}");
    }
    for reason in ["voté", "budget à préciser par le conseil en mai", "n° 12", "oui", "# voté", "[voir la délibération](d.md)", "TODO après le vote du 3 mai"]
    {
        assert_eq!(faults(reason), [""; 0], "{reason}");
    }
}

#[test]
fn a_comment_that_nothing_closes_is_told_where_it_opens() {
    let open = NOTE.replace("Un comité", "<!-- à relire\navec le maire\n\nUn comité");
    let folder = folder(&[
        ("note.md", &open),
        ("d/a.md", NOTE),
        ("d/b.md", "# Suite\n\n- <!-- cadrage: ignore moyens.budget — voté\n\n  caché\n\n- vu\n"),
        ("texte.md", &NOTE.replace("Un comité", "Écrire <!-- ouvre un commentaire. Un comité")),
    ]);
    let faults = |name: &str| -> Vec<(String, u64, u64, String, String)> {
        let report = report(folder.path(), &["--type", "autre", name]);
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let number = |value: &serde_json::Value| value.as_u64().unwrap();
        let told = diagnostics(&report).iter().filter(|d| d["id"] == "suppression.commentaire-ouvert");
        told.map(|d| (text(&d["file"]), number(&d["start"]["line"]), number(&d["start"]["column"]), text(&d["message"]), text(&d["help"]))).collect()
    };
    let note = &faults("note.md")[0];
    assert_eq!((note.0.as_str(), note.1, note.2), ("note.md", 5, 1));
    assert!(note.3.contains("jusqu’à la ligne 8") && note.4.contains("à la fin de la ligne 6"), "{note:?}");
    let list = &faults("d")[0];
    assert_eq!((list.0.as_str(), list.1, list.2), ("d/b.md", 3, 3));
    assert!(list.3.contains("jusqu’à la ligne 5"), "{list:?}");
    // within a line, Markdown takes it for a text
    assert_eq!(faults("texte.md"), []);
    assert!(ids(&report(folder.path(), &["texte.md"])).iter().any(|id| id == "redaction.instance-non-definie"));
}

#[test]
fn what_the_front_matter_of_any_file_states_is_heard() {
    let with = |matter: &str| format!("---\n{matter}\n---\n\n# Annexe\n\nTexte.\n");
    let said = |first: &str, second: &str| {
        let folder = folder(&[("d/README.md", first), ("d/annexe.md", second)]);
        let ran = run(folder.path(), &["check", "--format", "json", "d"]);
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        (ran.status, report["dossiers"][0]["type"].as_str().unwrap().to_owned(), ran.stderr)
    };
    let stated = with("type: atelier-citoyen");
    let wrong = said(&stated, &with("type: budget-participativ"));
    assert!(wrong.0 == 2 && wrong.1 == "atelier-citoyen" && wrong.2.contains("d/annexe.md:2") && wrong.2.contains("budget-participatif"), "{wrong:?}");
    let other = said(&stated, &with("title: Annexe\ntype: budget-participatif"));
    assert!(other.0 == 2 && other.1 == "atelier-citoyen" && other.2.contains("d/annexe.md:3: ce type contredit celui de d/README.md"), "{other:?}");
    let options = said(&with("cadrage:\n  ignore: [moyens]"), &with("type: atelier-citoyen\ncadrage:\n  ignore: [suites]"));
    assert!(options.0 == 2 && options.1 == "atelier-citoyen" && options.2.contains("d/annexe.md:3: ces options diffèrent"), "{options:?}");
    assert_eq!(said(&stated, &stated).0, 1);
    let open = said("---\ntype: budget-participatif\n\n# Note\n\nTexte.\n", NOTE);
    assert!(open.0 == 2 && open.2.contains("d/README.md:1: rien ne ferme cet en-tête"), "{open:?}");
    assert_eq!(said("---\n\ntype: un mot\n", NOTE).2, "");
}

#[test]
fn init_writes_a_file_that_changes_nothing_and_replaces_none() {
    let folder = folder(&[("a.md", NOTE)]);
    let before = report(folder.path(), &["a.md"]);
    assert_eq!(run(folder.path(), &["init"]).status, 0);
    assert_eq!(report(folder.path(), &["a.md"]), before);
    assert_eq!(run(folder.path(), &["init"]).status, 2);
    let english = common::binary::folder(&[("a.md", NOTE)]);
    assert_eq!(run(english.path(), &["init", "--lang", "en"]).status, 0);
    assert!(std::fs::read_to_string(english.path().join("cadrage.toml")).unwrap().starts_with("# Configuration of cadrage. Every key is optional"));
    assert_eq!(report(english.path(), &["a.md"]), before);
}

#[test]
fn a_star_stays_in_its_folder() {
    let folder = folder(&[("cadrage.toml", "dossiers = [\"notes/*\"]\n"), ("notes/a.md", NOTE), ("notes/b/README.md", NOTE), ("notes/b/suite.md", NOTE)]);
    let paths: Vec<String> = report(folder.path(), &[])["dossiers"].as_array().unwrap().iter().map(|d| d["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(paths, ["notes/a.md", "notes/b"]);
}

/// The dossiers that `globs` name among some files, and what is said of those that name none.
fn named(globs: &str) -> (Vec<String>, String, i32) {
    let config = format!("# dossiers = [\"absent/*\"]\ndossiers = {globs}\n");
    let files = [
        ("cadrage.toml", config.as_str()),
        ("notes/eau/README.md", NOTE),
        ("notes/gare.md", NOTE),
        ("notes/gare.pdf", ""),
        ("notes/images/plan.csv", ""),
        (".gitignore", "notes/perdu\n"),
        ("notes/perdu/README.md", NOTE),
        ("2027/a.markdown", NOTE),
    ];
    let folder = folder(&files);
    let ran = run(folder.path(), &["check", "--format", "json", "--fail-on", "never"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["errors"].as_array().unwrap().is_empty(), ran.status == 0, "{}", ran.stderr);
    (report["dossiers"].as_array().unwrap().iter().map(|d| d["path"].as_str().unwrap().to_owned()).collect(), ran.stderr, ran.status)
}

#[test]
fn a_glob_takes_what_a_dossier_is_made_of() {
    for (globs, expected) in [
        (r#"["notes/*"]"#, ["notes/eau", "notes/gare.md"].as_slice()),
        (r#"["./notes/*"]"#, &["notes/eau", "notes/gare.md"]),
        (r#"["notes/*/"]"#, &["notes/eau"]),
        (r#"["notes/"]"#, &["notes"]),
        (r#"["2027", "notes/gare.md"]"#, &["2027", "notes/gare.md"]),
        (r#"["."]"#, &["."]),
        (r#"["**/*.m*"]"#, &["2027/a.markdown", "notes/eau/README.md", "notes/gare.md"]),
    ] {
        assert_eq!(named(globs), (expected.iter().map(ToString::to_string).collect(), String::new(), 0), "{globs}");
    }
}

#[test]
fn a_glob_that_finds_nothing_is_told_at_its_place_and_the_others_are_assessed() {
    let (dossiers, said, status) = named(r#"["notes/gare.md", "absent/*"]"#);
    assert_eq!((dossiers, status), (vec!["notes/gare.md".to_owned()], 2));
    assert!(said.contains("ce motif de chemins ne désigne aucun dossier") && said.contains("cadrage.toml:2:30"), "{said}");
    assert!(said.contains("aide\u{a0}: un motif de chemins désigne") && !said.contains("help:"), "{said}");
    for globs in [r#"["notes/*.pdf"]"#, r#"["notes/images"]"#, r#"["../*"]"#] {
        let (dossiers, said, status) = named(globs);
        assert_eq!((dossiers.as_slice(), status), ([].as_slice(), 2), "{globs}: {said}");
    }
}

#[test]
fn a_glob_of_nested_braces_is_refused_at_its_place() {
    let (dossiers, said, status) = named(&format!("[\"{}a{}\"]", "{".repeat(260), "}".repeat(260)));
    assert_eq!((dossiers.as_slice(), status), ([].as_slice(), 2), "{said}");
    assert!(said.contains("accolades") && said.contains("cadrage.toml:2"), "{said}");
}

#[test]
fn a_named_dossier_is_assessed_from_within() {
    let folder = folder(&[("cadrage.toml", "dossiers = [\"notes/*\"]\n"), ("notes/eau/README.md", NOTE)]);
    let report = report(&folder.path().join("notes/eau"), &[]);
    assert_eq!((&report["dossiers"][0]["path"], &report["errors"]), (&".".into(), &serde_json::json!([])));
}

#[test]
fn the_pages_of_the_criteria_have_an_address_of_the_team() {
    let right = folder(&[("cadrage.toml", "docs-url = \"https://exemple.fr/{id}\"\n"), ("a.md", NOTE)]);
    let sarif = run(right.path(), &["check", "--format", "sarif", "a.md"]).stdout;
    assert!(sarif.contains("\"https://exemple.fr/moyens.budget\""), "{sarif}");
    let wrong = folder(&[("cadrage.toml", "docs-url = \"exemple.fr\"\n"), ("a.md", NOTE)]);
    let ran = run(wrong.path(), &["check", "a.md"]);
    assert!(ran.status == 2 && ran.stderr.contains("cadrage.toml:1"), "{}", ran.stderr);
}

#[test]
fn a_mistake_in_the_front_matter_is_told_at_its_line() {
    let told = [
        ("type: atelier-citoyen\ncadrage:\n  ignor: [moyens]", "4: clé inconnue «\u{a0}ignor\u{a0}» (ignore\u{a0}?)"),
        ("cadrage:\n  ignore:\n    - moyens\n    - suites.delay", "5: aucun critère, règle ni thème ne s’appelle «\u{a0}suites.delay\u{a0}»"),
        ("cadrage:\n  severity:\n    moyens: grave", "4: valeur inconnue «\u{a0}grave\u{a0}»"),
        ("cadrage:\n  ignore: moyens", "3: une liste est attendue ici, entre crochets\n"),
    ];
    for (matter, expected) in told {
        let folder = folder(&[("a.md", &format!("---\n{matter}\n---\n\n{NOTE}"))]);
        let ran = run(folder.path(), &["check", "a.md"]);
        assert_eq!(ran.status, 2, "{matter}");
        assert!(ran.stderr.contains(&format!("a.md:{expected}")), "{}", ran.stderr);
        assert!(ran.stdout.contains("Verdict"), "the rest is reported: {}", ran.stdout);
    }
}

#[test]
fn front_matter_that_says_nothing_to_the_tool_is_passed_over() {
    let other =
        ["type_document: note", "typographie: romaine\ntitre: [sans fin", "document:\n  type: pdf", "titre: [\n  type: pdf", "cadrages: 3\ntitre: \"oubli"];
    for matter in other {
        let first = format!("---\n{matter}\n---\n\n# Annexe\n");
        let second = format!("---\n\"type\": budget-participatif\n---\n\n{NOTE}");
        let folder = folder(&[("a.md", &first), ("b.md", &second)]);
        let report = report(folder.path(), &["."]);
        assert_eq!(report["errors"].as_array().unwrap().len(), 0, "{matter}: {}", report["errors"]);
        assert_eq!(report["dossiers"][0]["type"], "budget-participatif", "{matter}");
    }
}

#[test]
fn every_command_follows_the_configuration() {
    let folder = folder(&[("cadrage.toml", "checks = [\"criteres\"]\nlang = \"en\"\n"), ("criteres/moyens/salle.toml", OWN_CHECK), ("notes/a.md", NOTE)]);
    let below = folder.path().join("notes");
    let explained = run(&below, &["explain", "moyens.salle"]);
    assert!(explained.stdout.contains("Why") && explained.stdout.contains("To come."), "{}{}", explained.stdout, explained.stderr);
    assert!(run(&below, &["explain", "moyens.salle", "--lang", "fr"]).stdout.contains("Pour venir."));
    assert!(run(&below, &["criteria"]).stdout.contains("moyens.salle"));
    assert_eq!(run(&below, &["docs", "pages"]).status, 0);
    assert!(below.join("pages/moyens.salle.md").is_file());
    assert!(run(folder.path(), &["facts", "notes/a.md"]).stdout.contains("Timeline"));
    let unknown = run(&below, &["explain", "moyens.sale"]).stderr;
    assert!(unknown.starts_with("error: no criterion"), "{unknown}");
}

#[test]
fn what_is_drawn_of_a_dossier_follows_its_front_matter() {
    let note = |kind: &str| format!("---\ntype: {kind}\n---\n\n{NOTE}");
    let folder = folder(&[("a.md", &note("concertation-prealable")), ("b.md", &note("concertation"))]);
    assert_eq!(run(folder.path(), &["facts", "a.md"]).status, 0);
    let wrong = run(folder.path(), &["facts", "b.md"]);
    assert!(wrong.status == 2 && wrong.stderr.contains("b.md:2") && wrong.stdout.contains("Calendrier"), "{}{}", wrong.stdout, wrong.stderr);
}

#[test]
fn a_pattern_may_refuse_a_heading() {
    let check = OWN_CHECK.replace("any = [\"salle\"]", "any = [\"salle + ! # (travaux|chantier)\"]");
    let verdict = |heading: &str| {
        let note = format!("# Concertation sur la place\n\n## {heading}\n\nLa salle des fêtes est ouverte.\n");
        let folder = folder(&[("cadrage.toml", "checks = [\"criteres\"]\n"), ("criteres/moyens/salle.toml", &check), ("a.md", &note)]);
        let report = report(folder.path(), &["a.md", "--type", "autre"]);
        let criteria = report["dossiers"][0]["criteria"].as_array().unwrap();
        criteria.iter().find(|criterion| criterion["id"] == "moyens.salle").unwrap()["verdict"].clone()
    };
    assert_eq!([verdict("Où venir"), verdict("Le chantier"), verdict("Calendrier des travaux")], ["satisfied", "missing", "missing"]);
}

#[test]
fn what_is_wrong_is_said_in_the_language_of_the_run() {
    let vague = OWN_CHECK.replace("any = [\"salle\"]", "any = [\"@acteurz\"]");
    let files = [
        ("cadrage.toml", "checks = [\"criteres\"]\n"),
        ("criteres/moyens/salle.toml", vague.as_str()),
        ("b/cadrage.toml", "dossiers = [\"[\"]\n"),
        ("b/a.md", NOTE),
    ];
    let folder = folder(&files);
    std::fs::create_dir(folder.path().join("b/vide")).unwrap();
    let cases: [(&[&str], &str, &str); 4] = [
        (&["explain"], "aucune classe @acteurz dans le vocabulaire", "no class @acteurz in the vocabulary"),
        (&["explain"], "dans le motif «\u{a0}@acteurz\u{a0}»", "in the pattern “@acteurz”"),
        (&["check", "b/a.md"], "ce motif de chemins n’est pas valide", "this glob is not valid"),
        (&["check", "--config", "b", "b/a.md"], "b\u{a0}: ce n’est pas un fichier", "b: not a file"),
    ];
    for (arguments, french, english) in cases {
        for (lang, said) in [("fr", french), ("en", english)] {
            let ran = run(folder.path(), &[arguments, &["--lang", lang]].concat());
            // on a terminal without much room, the lines are folded
            let told = ran.stderr.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
            let said = said.replace('\u{a0}', " ");
            assert!(ran.status == 2 && told.contains(&said), "{arguments:?}: {told}");
        }
    }
    std::fs::remove_file(folder.path().join("b/cadrage.toml")).unwrap();
    std::fs::remove_file(folder.path().join("cadrage.toml")).unwrap();
    for (lang, said) in [("fr", "aucun fichier ni répertoire"), ("en", "no such file or folder")] {
        assert!(run(folder.path(), &["facts", "b/absent.md", "--lang", lang]).stderr.contains(said));
    }
    let checks = run(folder.path(), &["criteria", "--checks", "b/vide"]);
    assert!(checks.stderr.contains("b/vide\u{a0}: aucun fichier de critères"), "{}", checks.stderr);
}

#[test]
fn a_mistake_in_checks_of_ones_own_is_shown_at_its_place() {
    let mistake = |path: &str, text: &str| {
        let folder = folder(&[(path, text), ("a.md", NOTE)]);
        let ran = run(folder.path(), &["check", "--checks", "verifs", "a.md"]);
        assert_eq!(ran.status, 2, "{}", ran.stdout);
        ran.stderr.replace('\u{a0}', " ")
    };
    let rule = |id: &str, rest: &str| {
        let said = "{ fr = \"a\", en = \"b\" }";
        let texts: String = ["title", "reports", "why", "help"].iter().map(|key| format!("{key} = {said}\n")).collect();
        mistake("verifs/regles/a.toml", &format!("id = \"{id}\"\norder = 1\nseverity = \"advice\"\n{texts}{rest}"))
    };
    let vide = "[message.vide]\nfr = \"a\"\nen = \"b\"\n";
    let unknown = rule("redaction.section-vid", vide);
    assert!(unknown.contains("a.toml:1:7") && unknown.contains("« redaction.section-vide »"), "{unknown}");
    let message = rule("redaction.section-vide", "");
    assert!(message.contains("a.toml:1:7") && message.contains("« vide »"), "{message}");
    let pattern = rule("redaction.surpromesse", &format!("{}[pattern]\nmentions = [\"a\"]\n", vide.replace("vide", "mention")));
    assert!(pattern.contains("a.toml:12:1") && pattern.contains("« mentions »") && pattern.contains("« mention »"), "{pattern}");
    for id in ["../x", "moyens", "Moyens.salle", "moyens.salle d’été"] {
        let named = rule(id, vide);
        assert!(named.contains("a.toml:1:7") && named.contains("n’est pas un identifiant : il faut thème.nom"), "{named}");
    }
    let theme =
        mistake("verifs/themes.toml", "[[theme]]\ntitle = { fr = \"a\", en = \"b\" }\nquestion = { fr = \"a\", en = \"b\" }\nheadings = []\nid = \"../x\"\n");
    assert!(theme.contains("themes.toml:5:7") && theme.contains("« ../x »"), "{theme}");
    let fact = mistake("verifs/faits.toml", "[[fact]]\nid = \"a\"\ntitle = { fr = \"a\", en = \"b\" }\ncriteria = [\"moyens.buget\"]\n");
    assert!(fact.contains("faits.toml:4:14") && fact.contains("« moyens.budget »"), "{fact}");
    let sign = mistake("verifs/detection.toml", "[pattern]\natelier-citoien = [\"atelier\"]\n");
    assert!(sign.contains("detection.toml:2:1") && sign.contains("« atelier-citoyen »"), "{sign}");
    let vocabulary = |phrase: &str| mistake("verifs/vocabulaire/a.toml", &format!("[class.essai]\ndoc = \"{phrase}\"\nany = [\"{phrase}\"]\n"));
    assert!(vocabulary("un <repondr>").contains("a.toml:3:13"), "{}", vocabulary("un <repondr>"));
    assert!(vocabulary("un @lieux").contains("a.toml:3:12"), "{}", vocabulary("un @lieux"));
    assert!(vocabulary(&"(a?|b?) ".repeat(24)).contains("a.toml:3:98"), "{}", vocabulary(&"(a?|b?) ".repeat(24)));
}

#[test]
fn a_configuration_that_leads_nowhere_is_not_passed_over() {
    let folder = folder(&[("note.md", NOTE)]);
    std::fs::create_dir(folder.path().join("cadrage.toml")).unwrap();
    let ran = run(folder.path(), &["check", "note.md"]);
    assert_eq!(ran.status, 2);
    assert!(ran.stderr.contains("cadrage.toml"), "{}", ran.stderr);
}

#[test]
fn a_thousand_comments_at_fault_are_enough() {
    let folder = folder(&[("note.md", &format!("{NOTE}{}", "\n<!-- cadrage: ignore gouvernance.contact — plus tard -->\n\nUn avis.\n".repeat(1_200)))]);
    let report = report(folder.path(), &["note.md"]);
    let unused: Vec<&serde_json::Value> = diagnostics(&report).iter().filter(|d| d["id"] == "suppression.inutile").collect();
    assert_eq!(unused.len(), 1_000);
    assert!(unused[999]["message"].as_str().unwrap().contains("Il y en a d’autres"));
}
