//! Files that nobody vetted, disks that fail, readers that leave: the exit status is the contract's, memory stays bounded,
//! nothing is half-written, nothing panics.
//!
//! What each of the large inputs takes is printed: `cargo test --release --test adversarial -- --nocapture --test-threads 1`.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use wait4::Wait4;

/// Peak memory allowed, in bytes.
const MOST_MEMORY: u64 = 500_000_000;

const POOR: &str = "# Atelier citoyen sur l’eau\n\nLa ville organise un atelier citoyen pour ses habitants. La concertation s’ouvre en mai 2027.\n\n";

const BINARY: &str = env!("CARGO_BIN_EXE_cadrage");

fn cadrage(folder: &Path, arguments: &[&str]) -> Command {
    prepared(Command::new(BINARY), folder, arguments)
}

fn prepared(mut command: Command, folder: &Path, arguments: &[&str]) -> Command {
    for name in ["LANG", "LC_ALL", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_ACTIONS"] {
        command.env_remove(name);
    }
    command.current_dir(folder).args(arguments).stdin(Stdio::null());
    command
}

/// Runs the command that the words of `shell` lead to: `cadrage` and the arguments follow them.
fn through(shell: &str, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("{shell} exec \"$0\" \"$@\""), BINARY]);
    prepared(command, folder, arguments)
}

#[derive(Debug)]
struct Ran {
    /// The exit status; minus the signal that ended the process.
    status: i32,
    stdout: Vec<u8>,
    stderr: String,
    memory: u64,
    seconds: f64,
}

impl Ran {
    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap_or_else(|error| panic!("{error}\n{}", self.stderr))
    }

    /// The run failed as runs do, and said `words`.
    #[track_caller]
    fn fails_with(&self, words: &str) {
        assert_eq!(self.status, 2, "{}", self.stderr);
        assert!(self.stderr.contains(words), "{words:?} is not in {:?}", self.stderr);
    }
}

#[track_caller]
fn run(command: &mut Command) -> Ran {
    let start = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr_pipe = child.stderr.take().unwrap();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stderr_pipe.read_to_end(&mut bytes).map(|_| bytes)
    });
    let mut stdout = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut stdout).unwrap();
    let used = child.wait4().unwrap();
    let stderr = String::from_utf8(reader.join().unwrap().unwrap()).unwrap();
    assert!(!stderr.contains("panicked"), "{stderr}");
    let status = used.status.code().unwrap_or_else(|| -used.status.signal().unwrap());
    Ran { status, stdout, stderr, memory: used.rusage.maxrss, seconds: start.elapsed().as_secs_f64() }
}

/// Checks `text` as one file; tells what that took.
#[track_caller]
fn check(name: &str, text: impl AsRef<[u8]>) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("note.md"), text).unwrap();
    let ran = run(&mut cadrage(folder.path(), &["check", "--no-config", "--type", "autre", "--format", "jsonl", "note.md"]));
    println!("| {name} | {} | {:.2} s | {} MB |", ran.status, ran.seconds, ran.memory / 1_000_000);
    assert!(ran.memory <= MOST_MEMORY, "{name}: {} bytes", ran.memory);
    ran
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("note.md"), POOR).unwrap();
    folder
}

fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/adversarial").join(name)
}

fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn mkfifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| std::os::unix::fs::MetadataExt::uid(&meta) == 0)
}

/// A folder that `nobody` can read, with the binary in it, and the command to run it as somebody whom permissions bind: root is
/// bound by none.
fn as_anyone(folder: &Path, arguments: &[&str]) -> Command {
    let binary = folder.join("cadrage");
    // by another process: one that a test beside starts meanwhile would hold the copy open, and it could not be run
    assert!(Command::new("cp").arg(BINARY).arg(&binary).status().unwrap().success());
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(&binary);
    if is_root() {
        command.uid(65_534).gid(65_534);
    }
    prepared(command, folder, arguments)
}

// ---- texts

#[test]
fn nested_block_quotes() {
    for (name, mark) in [("100 000 nested quotes", ">"), ("100 000 nested quotes, spaced", "> "), ("100 000 quoted lists", "> - ")] {
        let ran = check(name, format!("{POOR}{} XX euros\n", mark.repeat(100_000)));
        assert_eq!(ran.status, 1);
        assert!(String::from_utf8_lossy(&ran.stdout).contains("redaction.a-completer"), "what stands in them is read");
    }
}

#[test]
fn nested_lists() {
    for (name, mark) in [("100 000 nested items", "- "), ("100 000 nested numbered items", "1. ")] {
        assert_eq!(check(name, format!("{POOR}{}a\n", mark.repeat(100_000))).status, 1);
    }
    let mut stairs = String::from(POOR);
    (0..2_000).for_each(|level| writeln!(stairs, "{}- a", "  ".repeat(level)).unwrap());
    assert_eq!(check("2 000 items, each in the one above", stairs).status, 1);
}

#[test]
fn nested_brackets_and_links() {
    let many = 100_000;
    assert_eq!(check("100 000 nested brackets", format!("{POOR}{}a{}\n", "[".repeat(many), "]".repeat(many))).status, 1);
    assert_eq!(check("100 000 open brackets", format!("{POOR}{}\n", "[".repeat(many))).status, 1);
    assert_eq!(check("100 000 nested links", format!("{POOR}{}a{}\n", "[".repeat(many), "](u)".repeat(many))).status, 1);
    assert_eq!(check("100 000 nested images", format!("{POOR}{}a{}\n", "![".repeat(many), "](u)".repeat(many))).status, 1);
    let bodies: String = (0..40_000).map(|n| format!("Le comité de suivi[^{n}] donne un avis.\n\n[^{n}]: Une note.\n\n")).collect();
    assert_eq!(check("40 000 notes on a body", format!("{POOR}{bodies}")).status, 1);
    assert_eq!(check("40 000 notes on a body that nothing ends", format!("{POOR}{}\n", "Le comité de suivi[^a. ".repeat(40_000))).status, 1);
    let nested = format!("{}a{} ", "[".repeat(900), "]".repeat(900)).repeat(1_000);
    assert_eq!(check("brackets nested 900 deep 1 000 times, in a file with a definition", format!("{POOR}{nested}\n\n[a]: b.md\n")).status, 1);
    let defined: String = (0..300_000).map(|n| format!("[lien {n}]: https://exemple.fr/{n}\n")).collect();
    assert_eq!(check("300 000 definitions", format!("{POOR}Voir [lien 3] et [lien 4].\n\n{defined}")).status, 1);
    let elements = format!("<script>{}", "</x><script>".repeat(300_000));
    assert_eq!(check("300 000 scripts that nothing ends", format!("{POOR}<p>{elements}\n")).status, 1);
    assert_eq!(check("100 000 nested parentheses", format!("{POOR}{}a{}\n", "(".repeat(many), ")".repeat(many))).status, 1);
}

#[test]
fn nested_emphasis() {
    let many = 100_000;
    assert_eq!(check("100 000 nested emphases", format!("{POOR}{}{}\n", "*a ".repeat(many), " b*".repeat(many))).status, 1);
    assert_eq!(check("100 000 nested strong emphases", format!("{POOR}{}{}\n", "**a ".repeat(many), " b**".repeat(many))).status, 1);
    assert_eq!(check("a million underscores", format!("{POOR}{0}a{0}\n", "_".repeat(1_000_000))).status, 1);
    assert_eq!(check("a million backticks", format!("{POOR}{}\n", "` `` ".repeat(250_000))).status, 1);
}

#[test]
fn headings() {
    let mut thousand = String::from(POOR);
    (0..1_000).for_each(|at| write!(thousand, "{} Titre {at}\n\n", "#".repeat(at % 6 + 1)).unwrap());
    assert_eq!(check("1 000 headings", thousand).status, 1);
    let mut quoted = String::from(POOR);
    (0..50_000).for_each(|at| write!(quoted, "{} # Titre\n\n", ">".repeat(at % 50 + 1)).unwrap());
    assert_eq!(check("50 000 headings in quotes", quoted).status, 1);
}

#[test]
fn a_million_pipes() {
    let pipes = "|".repeat(1_000_000);
    assert_eq!(check("a million pipes", format!("{POOR}{pipes}\n")).status, 1);
    assert_eq!(check("a table of a million columns", format!("{POOR}{pipes}\n{}|\n{pipes}\n", "|-".repeat(1_000_000))).status, 1);
}

#[test]
fn backticks_in_runs_of_every_length() {
    let runs: String = (1..3_000).map(|run| "`".repeat(run) + " ").collect();
    assert_eq!(check("runs of 1 to 3,000 backticks", format!("{POOR}{runs}\n")).status, 1);
}

#[test]
fn many_wide_tables() {
    let columns = 998;
    let table = format!("{}|\n{}|\n{}\n", "|a".repeat(columns), "|-".repeat(columns), "b\n".repeat(40));
    assert_eq!(check("tables of 998 columns, their rows of one cell", format!("{POOR}{}", table.repeat(60))).status, 1);
}

#[test]
fn what_stands_at_the_cut_of_a_sentence() {
    for end in
        ["10 %", "dix pour cent", "9 h 30", "à 19 heures", "12 000 €", "le 3 mai 2027", "M. Paul Roy", "02 40 00 00 00", "un million deux cent mille euros"]
    {
        for words in 990..=1_000 {
            let folder = folder();
            fs::write(folder.path().join("note.md"), format!("{POOR}{}{end}\n", "le ".repeat(words))).unwrap();
            let ran = run(&mut cadrage(folder.path(), &["check", "-q", "--no-config", "--type", "autre", "note.md"]));
            assert_eq!(ran.status, 1, "{words} words before {end:?}: {}", ran.stderr);
        }
    }
}

#[test]
fn a_line_of_twenty_megabytes() {
    let most = 20_000_000 - POOR.len();
    let words = "la ville organise un atelier avec ses habitants pour dire ce que sera le parc et ";
    let line = format!("{POOR}{}", &words.repeat(most / words.len() + 1)[..most]);
    assert_eq!(check("a line of 20 MB", line).status, 1);
    let sentences = "La concertation est ouverte à tous. ";
    let line = format!("{POOR}{}", sentences.repeat(most / sentences.len()));
    assert_eq!(check("sentences on a line of 20 MB", line).status, 1);
    let sentences = "Le comité de suivi se réunit. ";
    let line = format!("{POOR}{}", sentences.repeat(most / sentences.len()));
    assert_eq!(check("sentences that say much on a line of 20 MB", line).status, 1);
    assert_eq!(check("a word of 20 MB", format!("{POOR}{}", "a".repeat(most))).status, 1);
    assert_eq!(check("a heading of 4 MB that is nearly an address", format!("{POOR}# {}", "http.".repeat(800_000))).status, 1);
}

#[test]
fn what_comes_after_endless_repetition_is_read() {
    let folder = folder();
    let before = format!("{POOR}{}", "Le comité de suivi se réunit avec la garante. ".repeat(20_000));
    let named = "Mme Claire Morel est la garante de la concertation, nommée par la CNDP le 3 mars 2027.";
    fs::write(folder.path().join("note.md"), format!("{before}{named}")).unwrap();
    let report = run(&mut cadrage(folder.path(), &["check", "--no-config", "--type", "concertation-prealable", "--format", "json", "note.md"])).json();
    let criteria = report["dossiers"][0]["criteria"].as_array().unwrap();
    let guarantor = criteria.iter().find(|criterion| criterion["id"] == "gouvernance.garant").unwrap();
    assert_eq!(guarantor["verdict"], "satisfied");
    assert!(guarantor["evidence"].as_array().unwrap().iter().any(|evidence| evidence["start"]["offset"] == before.len()), "{guarantor}");
}

#[test]
fn numbers_of_people() {
    let mut counts = format!("{POOR}Le panel compte 60 membres.\n\n");
    (3..40_000).for_each(|n| write!(counts, "Les {n} membres, soit {} citoyens : {n} de Lyon, 4 de Paris, 5 de Lille.\n\n", n + 1).unwrap());
    assert_eq!(check("40 000 head counts", counts).status, 1);
    // none is a multiple of the first, nor the sum of two others
    let odd: String = (0..100_000).map(|n| format!("Les {} membres votent.\n\n", 6 * n + 4)).collect();
    assert_eq!(check("100 000 head counts of no sum", format!("{POOR}Le panel compte 3 membres.\n\n{odd}")).status, 1);
    let mut table = format!("{POOR}| Ville | Sièges |\n|---|---|\n");
    (0..100_000).for_each(|n| writeln!(table, "| V{n} | {n} |").unwrap());
    assert_eq!(check("a table of 100 000 head counts", format!("{table}| Total | 5 |\n")).status, 1);
}

#[test]
fn a_rule_reports_a_thousand_passages_and_says_that_there_are_others() {
    // all in lower case, then all in capitals: other words each time
    let names = |letters: &str| -> Vec<String> {
        let letters: Vec<char> = letters.chars().collect();
        (0..100_000_usize).map(|n| (0..6).map(|place| letters[n / 7_usize.pow(place) % 7]).collect()).collect()
    };
    let bodies: String = names("bcdfgst").iter().map(|name| format!("Le comité de {name} est prévu. ")).collect();
    let acronyms: String = names("BCDFGST").iter().map(|name| format!("nous consultons le {name}. ")).collect();
    let passages = [("a million placeholders", "redaction.a-completer", "XX ".repeat(1_000_000)), ("100 000 bodies", "redaction.instance-non-definie", bodies)];
    for (name, rule, text) in passages.into_iter().chain([("100 000 acronyms", "redaction.sigle-non-defini", acronyms)]) {
        let ran = check(name, format!("{POOR}{text}\n"));
        let out = String::from_utf8(ran.stdout).unwrap();
        let reported: Vec<&str> = out.lines().filter(|line| line.contains(&format!("\"id\":\"{rule}\""))).collect();
        assert!((400..=1_000).contains(&reported.len()), "{name}: {}", reported.len());
        assert!(rule != "redaction.a-completer" || reported[999].contains("1000 passages au plus"), "{}", reported[999]);
    }
}

#[test]
fn a_million_footnotes() {
    assert_eq!(check("a million references to a footnote", format!("{POOR}{}\n\n[^1]: note\n", "[^1] ".repeat(1_000_000))).status, 1);
    let mut distinct = String::from(POOR);
    (0..1_000_000).for_each(|at| write!(distinct, "[^{at}] ").unwrap());
    assert_eq!(check("a million references to a million footnotes", distinct).status, 1);
}

#[test]
fn nul_bytes() {
    assert_eq!(check("a million NUL bytes", format!("{POOR}{}\n", "\0".repeat(1_000_000))).status, 1);
    let ran = run(cadrage(Path::new("/"), &["check", "--no-config", "--format", "json"]).arg(data("nul.md")));
    assert_eq!(ran.status, 1);
    let places: Vec<u64> = ran.json()["dossiers"][0]["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|d| d["id"] == "redaction.a-completer")
        .filter_map(|d| d["start"]["column"].as_u64())
        .collect();
    assert_eq!(places, [19], "a NUL counts for a character");
}

#[test]
fn suppression_comments() {
    let long = |inside: String| format!("{POOR}<!-- cadrage: ignore {inside} -->\n");
    for (name, text) in [
        ("a comment of 1 MB: one id", long(format!("{} — motif", "x".repeat(1_000_000)))),
        ("a comment of 1 MB: many ids", long(format!("{} — motif", "a.b ".repeat(250_000)))),
        ("a comment of 1 MB: the reason", long(format!("gouvernance.garant — {}", "motif ".repeat(170_000)))),
        ("a comment of 1 MB, never closed", format!("{POOR}<!-- cadrage: ignore {}", "x ".repeat(500_000))),
        ("100 000 comments", format!("{POOR}{}", "<!-- cadrage: ignore gouvernance.garant — motif -->\n".repeat(100_000))),
        ("100 000 comments on 100 000 gaps", format!("{POOR}{}", "<!-- cadrage: ignore redaction.a-completer — motif -->\n\nXX euros\n\n".repeat(100_000))),
        ("100 000 comments in one list", format!("{POOR}{}", "- <!-- cadrage: ignore redaction.a-completer — motif --> XX euros\n".repeat(100_000))),
    ] {
        assert_eq!(check(name, text).status, 1, "{name}");
    }
}

#[test]
fn front_matter() {
    let with = |fence: &str, matter: &str| format!("{fence}\n{matter}\n{fence}\n\n{POOR}");
    let mut deep = String::from("type: autre\n");
    (0..3_000).for_each(|level| writeln!(deep, "{}a:", " ".repeat(level)).unwrap());
    let mut keys = String::from("type: autre\n");
    (0..500_000).for_each(|at| writeln!(keys, "k{at}: v").unwrap());
    for (name, text) in [
        ("YAML: a bomb of aliases", fs::read_to_string(data("yaml-bomb.md")).unwrap()),
        ("YAML: a million brackets", with("---", &format!("type: autre\na: {}", "[".repeat(1_000_000)))),
        ("YAML: 3 000 levels", with("---", &deep)),
        ("YAML: half a million keys", with("---", &keys)),
        ("YAML: a key of 19 MB", with("---", &format!("type: autre\n{}: b", "a".repeat(19_000_000)))),
        ("TOML: a million brackets", with("+++", &format!("type = \"autre\"\na = {}", "[".repeat(1_000_000)))),
        ("TOML: a million tables", with("+++", &format!("type = \"autre\"\n[{}]", ["a"; 1_000_000].join(".")))),
        (
            "TOML: half a million keys",
            with("+++", &format!("type = \"autre\"\n{}", keys.lines().skip(1).map(|k| k.replace(": v", " = 1\n")).collect::<String>())),
        ),
    ] {
        check(name, text).fails_with("note.md:");
    }
}

// ---- encodings and names

#[test]
fn other_encodings_are_named() {
    for (file, encoding) in [("utf16-le.md", "UTF-16 (LE)"), ("utf16-be.md", "UTF-16 (BE)"), ("windows-1252.md", "Windows-1252")] {
        run(cadrage(Path::new("/"), &["check", "--no-config"]).arg(data(file))).fails_with(encoding);
    }
}

#[test]
fn names_that_are_not_utf8() {
    let folder = folder();
    fs::write(folder.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.md")), "# Annexe\n\nLe budget est de XX euros.\n").unwrap();
    let ran = run(&mut cadrage(folder.path(), &["check", "--format", "json"]));
    assert_eq!(ran.status, 1, "{}", ran.stderr);
    assert_eq!(ran.json()["dossiers"][0]["files"][0], "caf\u{fffd}.md");
    let named = run(cadrage(folder.path(), &["check", "--format", "json"]).arg(std::ffi::OsStr::from_bytes(b"caf\xe9.md")).arg("absent.md"));
    assert_eq!((named.status, &named.json()["dossiers"][0]["path"]), (2, &"caf\u{fffd}.md".into()), "{}", named.stderr);
}

#[test]
fn ten_thousand_files() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..10_000 {
        fs::write(folder.path().join(format!("{at:05}.md")), "## Suite\n\nLa ville publie le bilan.\n").unwrap();
    }
    fs::write(folder.path().join("README.md"), POOR).unwrap();
    let ran = run(&mut cadrage(folder.path(), &["check", "--format", "json"]));
    println!("| 10 000 files in a folder | {} | {:.2} s | {} MB |", ran.status, ran.seconds, ran.memory / 1_000_000);
    assert_eq!(ran.status, 1);
    assert!(ran.memory <= MOST_MEMORY);
    assert_eq!(ran.json()["dossiers"][0]["files"].as_array().unwrap().len(), 10_001);
}

// ---- what is no file

#[test]
fn links_in_circles() {
    let folder = folder();
    symlink("..", folder.path().join("retour")).unwrap();
    symlink(".", folder.path().join("ici")).unwrap();
    symlink("boucle.md", folder.path().join("boucle.md")).unwrap();
    symlink("absent.md", folder.path().join("perdu.md")).unwrap();
    let ran = run(&mut cadrage(folder.path(), &["check", "--format", "json", "."]));
    ran.fails_with("perdu.md\u{a0}: aucun fichier");
    assert_eq!(ran.json()["errors"].as_array().unwrap().len(), 2, "{}", ran.stderr);
    assert_eq!(ran.json()["dossiers"][0]["files"], serde_json::json!(["note.md"]));
    run(&mut cadrage(folder.path(), &["check", "boucle.md"])).fails_with("boucle.md");
    // a folder of checks is walked too
    fs::create_dir(folder.path().join("checks")).unwrap();
    symlink(".", folder.path().join("checks/a")).unwrap();
    symlink(".", folder.path().join("checks/b")).unwrap();
    run(&mut cadrage(folder.path(), &["check", "--checks", "checks", "note.md"])).fails_with("checks");
}

#[test]
fn fifos_and_devices_are_not_waited_for() {
    let folder = folder();
    mkfifo(&folder.path().join("tube.md"));
    // in a folder, or by name in any place where a file is expected, it is an error
    run(&mut cadrage(folder.path(), &["check"])).fails_with("tube.md\u{a0}: ni un fichier ni un répertoire");
    for device in ["tube.md", "/dev/zero", "/dev/null"] {
        run(&mut cadrage(folder.path(), &["check", device])).fails_with("ni un fichier ni un répertoire");
        run(&mut cadrage(folder.path(), &["facts", device])).fails_with("ni un fichier ni un répertoire");
        run(&mut cadrage(folder.path(), &["check", "--config", device, "note.md"])).fails_with("ce n’est pas un fichier");
        run(&mut cadrage(folder.path(), &["check", "--baseline", device, "note.md"])).fails_with("ce n’est pas un fichier");
    }
    fs::create_dir(folder.path().join("checks")).unwrap();
    mkfifo(&folder.path().join("checks/a.toml"));
    run(&mut cadrage(folder.path(), &["check", "--checks", "checks", "note.md"])).fails_with("ce n’est pas un fichier");
}

// ---- limits

#[test]
fn a_file_past_the_limit_is_refused() {
    let folder = folder();
    fs::write(folder.path().join("gros.md"), "a".repeat(20_000_001)).unwrap();
    let ran = run(&mut cadrage(folder.path(), &["check", "--format", "json"]));
    ran.fails_with("20000001 octets, plus que la limite de 20000000 (--max-file-size)");
    assert_eq!(ran.json()["dossiers"][0]["files"], serde_json::json!(["note.md"]), "the rest is assessed");
    let small = ["--max-file-size", "100o", "note.md"];
    run(cadrage(folder.path(), &["check"]).args(small)).fails_with("la limite de 100 ");
    run(cadrage(folder.path(), &["facts"]).args(small)).fails_with("la limite de 100 ");
    assert_eq!(run(&mut cadrage(folder.path(), &["check", "--max-file-size", "1ko", "note.md"])).status, 1);
    assert_eq!(run(&mut cadrage(folder.path(), &["check", "--max-file-size", "beaucoup", "note.md"])).status, 2);
}

/// That a file of 20 MB of `unit` is refused, with some words, and the rest assessed.
fn refuses_what_repeats(unit: &str, words: &str) {
    let folder = folder();
    fs::write(folder.path().join("hostile.md"), unit.repeat(20_000_000 / unit.len())).unwrap();
    let ran = run(&mut cadrage(folder.path(), &["check", "--format", "json"]));
    ran.fails_with(&format!("hostile.md\u{a0}: ce fichier {words}"));
    assert_eq!(ran.json()["dossiers"][0]["files"], serde_json::json!(["note.md"]), "the rest is assessed");
    assert!(ran.memory < MOST_MEMORY, "{unit}: {} bytes", ran.memory);
}

#[test]
fn a_file_of_little_else_than_signs_is_refused() {
    for sign in ["*_", "]", ".", "\"", "a\n", "a\r", "# a\n", "abcd\n", "- abcd\n", "{{nom}}", "\"habitantes\" "] {
        refuses_what_repeats(sign, "n’est presque fait que de signes\u{a0}: plus de 2500000 se suivent de près");
    }
}

#[test]
fn a_file_of_more_lines_than_any_document_is_refused() {
    for line in ["- un avis\n", "> des habitants\n", "le projet\n\n", "# Objectifs du projet\r\n\r\n"] {
        refuses_what_repeats(line, "a plus de 625000 lignes");
    }
    for line in ["- un avis\n", "> des habitants\n", "le projet\n\n"] {
        check("as many lines as there may be", line.repeat(620_000));
    }
}

#[test]
fn tables_larger_than_any_document_has_are_refused() {
    for row in ["|a|b|c|d|e|f|g|h|a|b|c|d|e|f|g|h|\n", "| oui | non | oui | non | oui | non |\n"] {
        refuses_what_repeats(row, "a plus de 1250000 cellules de tableau");
    }
    check("as many cells as there may be", format!("| Avis | Suite |\n|---|---|\n{}", "| un avis du public | une suite donnée |\n".repeat(410_000)));
}

#[test]
fn standard_input_past_the_limit_is_refused() {
    let folder = folder();
    let endless = fs::File::open("/dev/zero").unwrap();
    let ran = run(cadrage(folder.path(), &["check", "-"]).stdin(endless));
    ran.fails_with("la limite de 20000000");
    assert!(ran.memory < MOST_MEMORY);
    let short = fs::File::open(folder.path().join("note.md")).unwrap();
    run(cadrage(folder.path(), &["check", "--max-file-size", "100", "-"]).stdin(short)).fails_with("la limite de 100 ");
}

#[test]
fn settings_past_the_limit_are_refused() {
    let folder = folder();
    fs::write(folder.path().join("cadrage.toml"), "# x\n".repeat(5_000_000)).unwrap();
    run(&mut cadrage(folder.path(), &["check", "note.md"])).fails_with("cadrage.toml");
    fs::create_dir(folder.path().join("checks")).unwrap();
    fs::write(folder.path().join("checks/a.toml"), "# x\n".repeat(5_000_000)).unwrap();
    run(&mut cadrage(folder.path(), &["check", "--no-config", "--checks", "checks", "note.md"])).fails_with("a.toml");
    // as large as allowed, and wrong at the end
    fs::write(folder.path().join("cadrage.toml"), "# x\n".repeat(249_990) + "lang = 3").unwrap();
    run(&mut cadrage(folder.path(), &["check", "note.md"])).fails_with("249991");
    fs::write(folder.path().join("cadrage.toml"), format!("dossiers = {}", "[".repeat(500_000))).unwrap();
    run(&mut cadrage(folder.path(), &["check", "note.md"])).fails_with("cadrage.toml");
}

#[test]
fn a_baseline_that_is_none() {
    let folder = folder();
    for name in ["baseline-shape.json", "baseline-later.json", "nul.md", "utf16-le.md", "absent.json"] {
        run(cadrage(folder.path(), &["check", "note.md", "--baseline"]).arg(data(name))).fails_with(name);
    }
    fs::write(folder.path().join("profond.json"), "[".repeat(1_000_000)).unwrap();
    run(&mut cadrage(folder.path(), &["check", "note.md", "--baseline", "profond.json"])).fails_with("profond.json");
    // one that cannot be read is not written over
    fs::copy(data("baseline-later.json"), folder.path().join("b.json")).unwrap();
    run(&mut cadrage(folder.path(), &["check", "note.md", "--baseline", "b.json", "--write-baseline"])).fails_with("b.json");
    assert_eq!(fs::read(folder.path().join("b.json")).unwrap(), fs::read(data("baseline-later.json")).unwrap());
}

// ---- what changes meanwhile

#[test]
fn a_file_that_changes_or_vanishes_while_it_is_read() {
    let folder = folder();
    let (note, over) = (folder.path().join("note.md"), AtomicBool::new(false));
    let long = POOR.repeat(2_000);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut at = 0;
            while !over.load(Ordering::Relaxed) {
                match at % 4 {
                    0 => fs::write(&note, &long).unwrap(),
                    1 => fs::write(&note, POOR).unwrap(),
                    2 => fs::write(&note, &long.as_bytes()[..28]).unwrap(),
                    _ => fs::remove_file(&note).unwrap(),
                }
                at += 1;
            }
        });
        for _ in 0..40 {
            let by_name = run(&mut cadrage(folder.path(), &["check", "--format", "json", "note.md"]));
            let by_folder = run(&mut cadrage(folder.path(), &["check", "--format", "json"]));
            for ran in [by_name, by_folder] {
                assert!((0..=2).contains(&ran.status), "{ran:?}");
                ran.json();
            }
        }
        over.store(true, Ordering::Relaxed);
    });
}

// ---- what may not be read or written

#[test]
fn without_permission() {
    let folder = folder();
    fs::write(folder.path().join("secret.md"), POOR).unwrap();
    fs::set_permissions(folder.path().join("secret.md"), fs::Permissions::from_mode(0o0)).unwrap();
    run(&mut as_anyone(folder.path(), &["check", "secret.md"])).fails_with("secret.md");
    let ran = run(&mut as_anyone(folder.path(), &["check", "--format", "json"]));
    ran.fails_with("secret.md");
    assert_eq!(ran.json()["dossiers"][0]["files"], serde_json::json!(["note.md"]), "the rest is assessed");
    fs::create_dir(folder.path().join("clos")).unwrap();
    fs::set_permissions(folder.path().join("clos"), fs::Permissions::from_mode(0o0)).unwrap();
    run(&mut as_anyone(folder.path(), &["check", "clos"])).fails_with("clos");
    fs::write(folder.path().join("cadrage.toml"), "").unwrap();
    fs::set_permissions(folder.path().join("cadrage.toml"), fs::Permissions::from_mode(0o0)).unwrap();
    run(&mut as_anyone(folder.path(), &["check", "note.md"])).fails_with("cadrage.toml");
}

#[test]
fn in_a_folder_that_may_not_be_written() {
    let folder = folder();
    run(&mut as_anyone(folder.path(), &["check", "note.md"]));
    fs::set_permissions(folder.path().join("note.md"), fs::Permissions::from_mode(0o644)).unwrap();
    // the folder of root, or one that its owner has closed
    let closed = |arguments: &[&str]| {
        let mut command = as_anyone(folder.path(), arguments);
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
        run(&mut command)
    };
    let before = listed(folder.path());
    closed(&["check", "note.md", "--output", "rapport.txt"]).fails_with("rapport.txt");
    closed(&["check", "note.md", "--output-format", "json=rapport.json"]).fails_with("rapport.json");
    closed(&["check", "note.md", "--fix"]).fails_with("note.md");
    closed(&["check", "note.md", "--write-baseline", "--baseline", "b.json"]).fails_with("b.json");
    closed(&["new", "autre", "neuf.md"]).fails_with("neuf.md");
    closed(&["init"]).fails_with("cadrage.toml");
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(listed(folder.path()), before);
    assert_eq!(fs::read_to_string(folder.path().join("note.md")).unwrap(), POOR);
}

#[test]
fn on_a_full_disk() {
    let folder = folder();
    run(&mut cadrage(folder.path(), &["check", "note.md", "--output", "/dev/full"])).fails_with("/dev/full");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut command = cadrage(folder.path(), &["check", "note.md"]);
    let status = command.stdout(full).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(2), "a report that could not be written");

    let disk = folder.path().join("disque");
    fs::create_dir(&disk).unwrap();
    let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=16k", "tmpfs"]).arg(&disk).stderr(Stdio::null()).status();
    if !mounted.is_ok_and(|status| status.success()) {
        println!("no disk could be mounted: only /dev/full was tried");
        return;
    }
    let _unmount = Unmount(&disk);
    fs::write(disk.join("note.md"), POOR).unwrap();
    fs::write(disk.join("rapport.html"), "ancien").unwrap();
    fs::write(disk.join("reste"), [0; 16_384]).unwrap_err();
    run(&mut cadrage(&disk, &["check", "note.md", "--format", "html", "--output", "rapport.html"])).fails_with("rapport.html");
    run(&mut cadrage(&disk, &["check", "note.md", "--fix"])).fails_with("note.md");
    run(&mut cadrage(&disk, &["new", "autre", "neuf.md"])).fails_with("neuf.md");
    assert_eq!(listed(&disk), ["note.md", "rapport.html", "reste"]);
    assert_eq!(fs::read_to_string(disk.join("rapport.html")).unwrap(), "ancien");
    assert_eq!(fs::read_to_string(disk.join("note.md")).unwrap(), POOR);
}

struct Unmount<'a>(&'a Path);

impl Drop for Unmount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0).status();
    }
}

/// A limit on the size of files makes writing fail after the first bytes; without `trap`, the signal ends the process there.
#[test]
fn a_write_that_fails_or_is_interrupted_leaves_what_was_there() {
    let folder = folder();
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    run(&mut cadrage(folder.path(), &["check", "note.md", "--write-baseline", "--baseline", "b.json"]));
    fs::write(folder.path().join("rapport.html"), "ancien").unwrap();
    let (baseline, before) = (read("b.json"), listed(folder.path()));
    for (limit, status) in [("ulimit -f 1; trap '' XFSZ;", 2), ("ulimit -f 1;", -libc::SIGXFSZ)] {
        let writes: [&[&str]; 4] = [
            &["check", "note.md", "--format", "html", "--output", "rapport.html"],
            &["check", "note.md", "--fix"],
            &["check", "note.md", "--baseline", "b.json", "--write-baseline"],
            &["new", "autre", "neuf.md"],
        ];
        for arguments in writes {
            let ran = run(&mut through(limit, folder.path(), arguments));
            assert_eq!(ran.status, status, "{arguments:?} {ran:?}");
            assert_eq!((read("note.md").as_str(), read("rapport.html").as_str(), read("b.json") == baseline), (POOR, "ancien", true), "{arguments:?}");
            assert!(!folder.path().join("neuf.md").exists(), "{arguments:?}");
            if status == 2 {
                assert_eq!(listed(folder.path()), before, "{arguments:?} leaves something behind");
            }
        }
    }
}

#[test]
fn a_reader_that_leaves() {
    let folder = folder();
    fs::write(folder.path().join("note.md"), format!("{POOR}{}", "Le budget est de XX euros.\n\n".repeat(5_000))).unwrap();
    for arguments in [&["check", "note.md", "--fail-on", "never"][..], &["check", "--format", "json", "--fail-on", "never"], &["explain"], &["--help"]] {
        let mut child = cadrage(folder.path(), arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut first = [0];
        child.stdout.take().unwrap().read_exact(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{arguments:?}");
    }
}

#[test]
fn a_writer_that_leaves() {
    let folder = folder();
    let mut child = cadrage(folder.path(), &["check", "--format", "json", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&POOR.as_bytes()[..40]).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.code().is_some_and(|status| status <= 2));
}
