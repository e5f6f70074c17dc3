//! Dossiers that try to act on whoever reads the report: real files with hostile names and texts, every format, the whole command.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

mod common;

use std::collections::BTreeSet;
use std::fs;

use common::binary::{Ran, cadrage, ran};
use serde_json::Value;

/// Names a file system takes: a line that would be a command, markup, escapes, quotes, what shells and tables read.
const NAMES: &[&str] = &[
    "l’été 100 %, \"co\" & 'cie'.md",
    "<script>alert(1)<|script>.md",
    "a\n::error::faux%0A.md",
    "b\u{1b}[31m\u{1b}]8;;https:||x.fr\u{7}rouge\u{9b}2J.md",
    "c\u{202e}dm\u{2066}.md",
    "d]]>--><![CDATA[.md",
    "e | `f` [g](h) *i* @nom #1.md",
    "--fix.md",
    "$(touch pwned);`touch pwned`.md",
    "::error::faux.md",
    "##vso[task.setvariable variable=x]y.md",
    "  ##[group]z.md",
];

/// Each line tries one reader; the rules quote it in their messages, labels and evidence.
const TEXT: &str = "# Concertation \u{1b}[31mrouge\u{1b}[0m <script>alert(1)</script> ::error::faux\n\n\
::error file=a,line=1::faux ]]> --> | `code` ``` [lien](https://exemple.fr) ![i](https://exemple.fr/i.png) [le rapport]({{site.baseurl}}/{0}.md) {{x}} ${{ y }} <img src=x onerror=alert(1)>.\n\n\
Le \u{202e}COPIL\u{2066}\u{9b}2J\u{7} sera <b>peut-être</b> réuni dans la mesure du possible, budget XX euros | ]]> \u{1b}]8;;https://x.fr\u{1b}\\lien\u{1b}]8;;\u{1b}\\ @nom.\n\n\
##vso[task.setvariable variable=x]y\n\n\
Deux lignes\u{ffff}\u{fffe}\n::stop-commands::a\n   ##[group]b\n\n\
## <a href=\"javascript:alert(1)\">Gouvernance</a> ]]> `x` | y\n\n\
Un comité de suivi \u{202e} sera mis en place <svg onload=alert(1)>.\n\n\
<!-- cadrage: ignore moyens.budget — motif \u{1b}[31m <script>alert(2)</script> ]]> | `x` ::error:: \u{202e} -->\n\n\
<!-- cadrage: ignore \u{1b}[31m<b>::error::|`x` — motif -->\n";

/// A run over every file, and some that are not there, with variables of the environment.
fn run(arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    for name in NAMES {
        fs::write(folder.path().join(name), TEXT).unwrap();
    }
    let absent = NAMES.iter().map(|name| format!("absent {name}"));
    let paths: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).chain(absent).collect();
    let mut command = cadrage(folder.path());
    let ran = ran(command.envs(variables.iter().copied()).arg("check").args(arguments).arg("--").args(paths));
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    assert!(!folder.path().join("pwned").exists());
    for name in NAMES {
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), TEXT, "{name:?}");
    }
    ran
}

fn report(format: &str) -> String {
    let Ran { stdout, stderr, .. } = run(&["--format", format], &[]);
    assert_inert(&stdout);
    assert_inert(&stderr);
    assert_eq!(stderr.lines().count(), NAMES.len(), "{stderr}");
    if format != "github" {
        assert_no_command(&stdout);
    }
    stdout
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// No character that acts on a terminal or on the direction of writing.
fn assert_inert(text: &str) {
    let turns = |c: char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let acts = |c: &char| (c.is_control() && *c != '\n') || turns(*c);
    if let Some((at, c)) = text.char_indices().find(|(_, c)| acts(c)) {
        panic!("{c:?} after {:?}", &text[..at].chars().rev().take(80).collect::<String>().chars().rev().collect::<String>());
    }
}

/// No line that the log of a CI system takes for a command; they trim what stands before it.
fn assert_no_command(text: &str) {
    let command = |line: &&str| ["::", "##[", "##vso["].iter().any(|mark| line.trim_start_matches(['+', '-', ' ']).starts_with(mark));
    assert_eq!(text.lines().find(command), None);
}

#[test]
fn in_the_terminal() {
    for columns in ["20", "40", "80", "400"] {
        let ran = run(&["--format", "human", "--verbose"], &[("COLUMNS", columns), ("GITHUB_ACTIONS", "true")]);
        assert_inert(&ran.stdout);
        assert_no_command(&ran.stdout);
        assert_inert(&ran.stderr);
        assert_no_command(&ran.stderr);
    }
}

/// The path of a dossier may stand first on a line: where only the verdict is asked for, in what a command tells of its work.
#[test]
fn at_the_beginning_of_a_line() {
    let quiet = run(&["--format", "human", "--quiet"], &[]);
    let folder = tempfile::tempdir().unwrap();
    let mut runs = vec![quiet];
    for name in NAMES {
        fs::write(folder.path().join(name), TEXT).unwrap();
        runs.push(ran(cadrage(folder.path()).args(["check", "--fix", "--"]).arg(name)));
        fs::write(folder.path().join(name), "# Gratin de potimarron\n\nPréchauffer le four.\n").unwrap();
        runs.push(ran(cadrage(folder.path()).args(["facts", "--"]).arg(name)));
        fs::remove_file(folder.path().join(name)).unwrap();
        let written = ran(cadrage(folder.path()).args(["check", "--write-baseline", &format!("--baseline={name}"), "-"]).write_stdin(TEXT));
        assert_eq!(written.status, 0, "{}", written.stderr);
        runs.push(written);
        fs::remove_file(folder.path().join(name)).unwrap();
        runs.push(ran(cadrage(folder.path()).args(["new", "autre", "--"]).arg(name)));
        runs.push(ran(cadrage(folder.path()).args(["docs", "--check", "--"]).arg(name)));
    }
    for Ran { stdout, stderr, .. } in runs {
        for text in [stdout, stderr] {
            assert_inert(&text);
            assert_no_command(&text);
        }
    }
}

#[test]
fn in_the_facts_of_a_dossier() {
    let folder = tempfile::tempdir().unwrap();
    let question = "::error::La question posée aux habitants est la suivante : comment aménager la place du marché ?";
    let text = format!("{TEXT}\n\n## Question\n\n{question}\n\n::warning::Le comité de pilotage réunit la maire et deux adjoints.\n");
    for columns in ["20", "80", "400"] {
        fs::write(folder.path().join("note.md"), &text).unwrap();
        let Ran { stdout, .. } = ran(cadrage(folder.path()).env("COLUMNS", columns).args(["facts", "note.md"]));
        assert!(stdout.contains("│::error::"), "{stdout}");
        assert_inert(&stdout);
        assert_no_command(&stdout);
    }
}

/// What acts on a terminal, and what begins a command, on a line of its own too.
const ACTS: &str = "::error::a\u{1b}]0;pwned\u{7}\u{1b}[31mrouge\u{9b}2J\u{202e}{x}";

/// [`ACTS`] as TOML and JSON, which take no control characters as they are.
fn escaped() -> String {
    ACTS.chars().map(|c| if c.is_control() { format!("\\u{:04x}", c as u32) } else { c.into() }).collect()
}

/// A configuration, checks, a baseline, front matter: each with hostile text in one of its places, as it is and as its format writes it.
fn hostile_files() -> Vec<Vec<(&'static str, String)>> {
    let mut out = Vec::new();
    for text in [ACTS.to_owned(), escaped()] {
        for key in ["selct", "select", "ignore", "checks", "dossiers", "acronyms", "institutions"] {
            out.push(vec![("cadrage.toml", format!("{key} = [\"{text}\"]\n"))]);
        }
        for key in ["lang", "type", "baseline", "docs-url", "fail-on", &text.replace('"', "")] {
            out.push(vec![("cadrage.toml", format!("\"{key}\" = \"{text}\"\n"))]);
        }
        out.push(vec![("cadrage.toml", format!("# é {text}\r\n\t selct = [] # {text}\n"))]);
        for line in [&text, "{", &format!("{{\"schema_version\": 1, \"dossiers\": {{\"note.md\": [{{\"id\": \"{text}\", \"{text}\": 1}}]}}}}")] {
            out.push(vec![("cadrage.toml", "baseline = \"connu.json\"\n".to_owned()), ("connu.json", line.to_owned())]);
        }
        for matter in [format!("type: {text}"), format!("cadrage:\n  ignore: [\"{text}\"]"), format!("type: autre\ncadrage:\n  \"{text}\": 1")] {
            out.push(vec![("note.md", format!("---\n{matter}\n---\n\n{TEXT}"))]);
        }
        let own = |files: &[(&'static str, String)]| [files, &[("cadrage.toml", "checks = [\"verifs\"]\n".to_owned())]].concat();
        out.push(own(&[("verifs/a/b.toml", format!("id = \"{text}\"\n# {text}\n"))]));
        out.push(own(&[("verifs/vocabulaire/a.toml", format!("[class.essai]\ndoc = \"a\"\nany = [\"@{text}\"]\n"))]));
        let said = format!("{{ fr = \"{text} {text}\", en = \"{text}\" }}");
        let texts: String = ["title", "asks", "why", "missing", "unclear", "help", "model"].iter().map(|key| format!("{key} = {said}\n")).collect();
        let criterion = |id: &str| format!("id = \"{id}\"\norder = 1\nseverity = \"error\"\nreferences = [\"{text}\"]\n{texts}");
        let example = format!("\n[[satisfied_by]]\nany = [\"salle\"]\n\n[[example]]\nverdict = \"missing\"\ntext = \"{text}\\n::error::b\"\n");
        let theme = |id: &str| format!("[[theme]]\nid = \"{id}\"\ntitle = {said}\nquestion = {said}\nheadings = []\n");
        for (id, of_theme) in [("essai.b", "essai"), (format!("{text}.b").as_str(), "essai"), ("essai.b", text.as_str())] {
            out.push(own(&[("verifs/a/b.toml", criterion(id) + &example), ("verifs/themes.toml", theme(of_theme))]));
        }
    }
    out
}

#[test]
fn in_what_is_said_of_the_settings_and_the_checks() {
    let mut seen = 0;
    for files in hostile_files() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("note.md"), TEXT).unwrap();
        for (name, text) in &files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        for arguments in [
            ["check", "note.md"].as_slice(),
            &["check"],
            &["check", "--quiet", "note.md"],
            &["check", "--verbose", "--format", "human", "--ignore", "moyens", "note.md"],
            &["criteria"],
            &["explain"],
            &["facts", "note.md"],
            &["docs", "--check", "pages"],
            &["new", "autre", "--lang", "en"],
        ] {
            let Ran { stdout, stderr, .. } = ran(cadrage(folder.path()).args(arguments));
            for text in [&stdout, &stderr] {
                assert_inert(text);
                assert_no_command(text);
            }
            seen += usize::from(format!("{stdout}{stderr}").contains("pwned"));
        }
    }
    // a table that shows nothing of what is hostile would prove nothing
    assert!(seen > 100, "{seen}");
}

#[test]
fn in_the_terminal_with_colours() {
    let coloured = run(&["--color", "always"], &[]);
    // The sequences are our own: SGR, and nothing else.
    for text in [coloured.stdout, coloured.stderr] {
        for rest in text.split('\u{1b}').skip(1) {
            let parameters = rest.strip_prefix('[').and_then(|s| s.split_once('m')).map(|(parameters, _)| parameters);
            assert!(parameters.is_some_and(|p| p.chars().all(|c| c.is_ascii_digit() || c == ';')), "{:?}", rest.chars().take(20).collect::<String>());
        }
        assert_inert(&text.replace('\u{1b}', ""));
    }
}

/// To a program the diff is what `patch` needs; to a log it is text.
#[test]
fn in_the_diff_of_a_log() {
    let ran = run(&["--diff"], &[("GITHUB_ACTIONS", "true")]);
    assert!(ran.stdout.contains("+++ b/"), "{}", ran.stdout);
    assert_inert(&ran.stdout);
    assert_no_command(&ran.stdout);
}

#[test]
fn in_json_and_json_lines() {
    let document = json(&report("json"));
    let paths: Vec<&str> = document["dossiers"].as_array().unwrap().iter().map(|d| d["path"].as_str().unwrap()).collect();
    assert_eq!(paths, NAMES);
    for line in report("jsonl").lines() {
        assert!(NAMES.contains(&json(line)["file"].as_str().unwrap()));
    }
}

#[test]
fn in_sarif() {
    let log = json(&report("sarif"));
    for result in log["runs"][0]["results"].as_array().unwrap() {
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~/%".contains(&b)), "{uri}");
        let messages = [&result["message"], &result["locations"][0]["message"]];
        for text in messages.into_iter().filter_map(|message| message["text"].as_str()) {
            assert!(!text.contains("](http"), "{result}");
            assert_no_argument(text);
        }
    }
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap() {
        for message in [&rule["shortDescription"], &rule["fullDescription"], &rule["help"]] {
            message.as_object().unwrap().values().for_each(|text| assert_no_argument(text.as_str().unwrap()));
        }
    }
}

/// A brace of a message string is doubled: a lone one is the place of an argument.
fn assert_no_argument(text: &str) {
    assert!(!text.replace("{{", "").replace("}}", "").contains(['{', '}']), "{text}");
}

#[test]
fn in_github_commands() {
    let text = report("github");
    for line in text.lines() {
        let (command, _) = line.split_once(' ').unwrap();
        assert!(["::error", "::warning", "::notice"].contains(&command), "{line}");
        let (properties, _) = line[command.len() + 1..].split_once("::").unwrap();
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').unwrap();
            assert!(["file", "line", "endLine", "col", "endColumn", "title"].contains(&name), "{line}");
            assert!(!value.contains(':'), "{line}");
        }
        let mut encoded = line.split('%').skip(1);
        assert!(encoded.all(|rest| ["25", "0A", "3A", "2C"].iter().any(|code| rest.starts_with(code))), "{line}");
    }
}

#[test]
fn in_gitlab() {
    let entries = json(&report("gitlab"));
    let paths: BTreeSet<&str> = entries.as_array().unwrap().iter().map(|e| e["location"]["path"].as_str().unwrap()).collect();
    assert_eq!(paths, NAMES.iter().copied().collect());
}

#[test]
fn in_junit() {
    let text = report("junit");
    assert!(!text.contains("<![CDATA[") && !text.contains("]]>"), "{text}");
    let parsed = quick_junit::Report::deserialize_from_str(&text).unwrap();
    assert_eq!(parsed.test_suites.len(), NAMES.len() + 1);
    assert_eq!(parsed.errors, NAMES.len());
}

#[test]
fn in_markdown() {
    let text = report("markdown");
    let mut options = comrak::Options::default();
    options.extension.table = true;
    options.extension.autolink = true;
    options.extension.strikethrough = true;
    options.render.r#unsafe = true;
    let page = comrak::markdown_to_html(&text, &options);
    let tags = tags(&page);
    let own = ["h2", "h3", "p", "strong", "code", "table", "thead", "tbody", "tr", "th", "td", "ul", "li", "br", "em", "details", "summary"];
    assert!(tags.iter().all(|tag| own.contains(tag)), "{tags:?}");
    // The reason of a comment is quoted, once a dossier, and as text.
    let counts = ["alert(2)", "&lt;script&gt;alert(2)&lt;/script&gt;"].map(|text| page.matches(text).count());
    assert_eq!(counts, [NAMES.len(); 2], "{page}");
    assert_eq!(page.matches("onerror").count(), 0, "{page}");
}

#[test]
fn in_html() {
    let page = report("html");
    let tags = tags(&page);
    assert_eq!(tags.intersection(&BTreeSet::from(["script", "b", "img", "iframe", "object"])).count(), 0, "{tags:?}");
    // An attribute that runs something would stand in a tag of ours.
    for tag in page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        assert!(!tag.contains(" on") && !tag.contains("javascript:") && !tag.contains(" src="), "<{tag}>");
    }
    let links = page.split(" href=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    assert!(links.into_iter().all(|link| link.starts_with('#')));
}

/// The names of the opening tags of a page.
fn tags(page: &str) -> BTreeSet<&str> {
    page.split('<').skip(1).filter_map(|tag| tag.split([' ', '>', '/']).next()).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).collect()
}
