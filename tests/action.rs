//! The action of GitHub Actions, as its runner runs it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use assert_cmd::Command;

const POOR: &str = "# Atelier citoyen sur l’eau\n\nLa ville organise un atelier citoyen. Le budget est de XX euros.\n";

struct Job {
    folder: tempfile::TempDir,
    inputs: Vec<(&'static str, String)>,
}

struct Ran {
    status: i32,
    log: String,
    outputs: String,
    summary: String,
}

impl Job {
    fn new(files: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join("depot").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, POOR).unwrap();
        }
        Self { folder, inputs: vec![("CADRAGE_BINARY", env!("CARGO_BIN_EXE_cadrage").to_owned())] }
    }

    fn with(mut self, input: &'static str, value: &str) -> Self {
        self.inputs.retain(|(name, _)| *name != input);
        self.inputs.push((input, value.to_owned()));
        self
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join("depot").join(name)
    }

    fn run(&self) -> Ran {
        let at = |name: &str| self.folder.path().join(name);
        // The runner's own: a path before the repository's, an earlier step's words in the files.
        fs::write(at("outputs"), "").unwrap();
        fs::write(at("summary.md"), "Étape précédente\n").unwrap();
        let mut command = Command::new("bash");
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/action/check.sh"));
        for name in ["LANG", "LC_ALL", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS"] {
            command.env_remove(name);
        }
        command.env("GITHUB_ACTIONS", "true").env("GITHUB_OUTPUT", at("outputs")).env("GITHUB_STEP_SUMMARY", at("summary.md")).env("RUNNER_TEMP", at("temp"));
        let output = command.envs(self.inputs.iter().map(|(name, value)| (name, value))).current_dir(at("depot")).output().unwrap();
        let read = |name: &str| fs::read_to_string(at(name)).unwrap();
        let log = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        Ran { status: output.status.code().unwrap(), log, outputs: read("outputs"), summary: read("summary.md") }
    }
}

fn commands(log: &str) -> usize {
    log.lines().filter(|line| line.starts_with("::")).count()
}

#[test]
fn one_run_annotates_and_writes_sarif_summary_and_outputs() {
    let job = Job::new(&["note.md"]).with("CADRAGE_PATHS", "note.md").with("CADRAGE_OUTPUT_FORMATS", "html=rapport.html\njunit=r.xml\n");
    let ran = job.run();
    assert_eq!(ran.status, 1, "{}", ran.log);
    assert!(ran.log.lines().all(|line| line.starts_with("::error file=note.md,line=") || line.starts_with("::warning ") || line.starts_with("::notice ")));
    assert_eq!(ran.outputs, "status=1\nsarif=cadrage.sarif\n");
    assert!(ran.summary.starts_with("Étape précédente\n## note.md\n"), "{}", ran.summary);
    let sarif: serde_json::Value = serde_json::from_slice(&fs::read(job.path("cadrage.sarif")).unwrap()).unwrap();
    assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), commands(&ran.log));
    assert!(job.path("rapport.html").is_file() && job.path("r.xml").is_file());
}

#[test]
fn the_inputs_are_those_of_the_command() {
    let clean = Job::new(&["note.md"]).with("CADRAGE_FAIL_ON", "never").run();
    assert_eq!((clean.status, clean.outputs.lines().next()), (0, Some("status=0")), "{}", clean.log);
    let job = Job::new(&["note.md"]).with("CADRAGE_CONFIG", "ci/mon cadrage.toml").with("CADRAGE_LANG", "en");
    fs::create_dir(job.path("ci")).unwrap();
    fs::write(job.path("ci/mon cadrage.toml"), "select = [\"redaction.a-completer\"]\n").unwrap();
    let ran = job.run();
    assert_eq!((ran.status, commands(&ran.log)), (1, 1), "{}", ran.log);
    assert!(ran.summary.contains("insufficient framing"), "{}", ran.summary);
    let written = Command::new(env!("CARGO_BIN_EXE_cadrage")).args(["check", "--write-baseline"]).current_dir(job.path("")).output().unwrap();
    assert!(job.path("cadrage-baseline.json").is_file(), "{written:?}");
    let known = Job { inputs: job.inputs.clone(), ..job }.with("CADRAGE_BASELINE", "cadrage-baseline.json").run();
    assert_eq!((known.status, commands(&known.log)), (0, 0), "{}", known.log);
}

#[test]
fn paths_are_one_a_line_and_never_options_nor_commands() {
    let hostile = ["notes 2027/l’été & \"co\".md", "--fix.md", "$(touch pwned).md", "a;touch pwned.md", "`touch pwned`.md", "*.md"];
    let job = Job::new(&hostile).with("CADRAGE_PATHS", &format!("  \n{}\r\n", hostile.join("\n")));
    let ran = job.run();
    assert_eq!(ran.status, 1, "{}", ran.log);
    for name in hostile {
        assert_eq!(fs::read_to_string(job.path(name)).unwrap(), POOR);
    }
    let sarif: serde_json::Value = serde_json::from_slice(&fs::read(job.path("cadrage.sarif")).unwrap()).unwrap();
    let mut files: Vec<String> =
        sarif["runs"][0]["results"].as_array().unwrap().iter().map(|r| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].to_string()).collect();
    files.dedup();
    assert_eq!(files.len(), hostile.len(), "{files:?}");
    assert!(!job.path("pwned").exists() && !job.path("pwned.md").exists());
}

#[test]
fn an_input_cannot_write_an_output_nor_a_command() {
    let job = Job::new(&["note.md"]).with("CADRAGE_SARIF", "a.sarif\nstatus=0");
    let ran = job.run();
    assert_eq!((ran.status, ran.outputs.as_str()), (2, "status=2\n"), "{}", ran.log);
    let absent = Job::new(&["note.md"]).with("CADRAGE_BINARY", "absent\n::warning::faux %0A").run();
    assert_eq!((absent.status, absent.outputs.as_str()), (2, "status=2\n"), "{}", absent.log);
    assert_eq!((absent.log.lines().count(), commands(&absent.log)), (1, 1), "{}", absent.log);
}

#[test]
fn what_fails_is_told_and_leaves_no_report_of_an_earlier_run() {
    let job = Job::new(&["note.md"]).with("CADRAGE_PATHS", "absent.md");
    let ran = job.run();
    assert_eq!((ran.status, ran.outputs.as_str()), (2, "status=2\nsarif=cadrage.sarif\n"), "{}", ran.log);
    assert!(ran.log.contains("::error file=absent.md,title=cadrage::"), "{}", ran.log);
    assert_eq!(commands(&ran.log), 1, "{}", ran.log);
    let usage = job.with("CADRAGE_FAIL_ON", "jamais").run();
    assert_eq!((usage.status, usage.outputs.as_str()), (2, "status=2\n"), "{}", usage.log);
    assert!(usage.log.contains("::error title=cadrage::") && usage.log.contains("jamais"), "{}", usage.log);
}

#[test]
fn a_report_that_cannot_be_written_leaves_the_others() {
    let job = Job::new(&["note.md"]).with("CADRAGE_PATHS", "note.md").with("CADRAGE_SARIF", "rapports à part/cadrage.sarif");
    let job = job.with("CADRAGE_OUTPUT_FORMATS", "html=nulle part/r.html");
    let ran = job.run();
    assert_eq!((ran.status, ran.outputs.as_str()), (2, "status=2\nsarif=rapports à part/cadrage.sarif\n"), "{}", ran.log);
    assert!(ran.summary.contains("## note.md\n") && job.path("rapports à part/cadrage.sarif").is_file(), "{}", ran.summary);
    assert!(ran.log.contains("::error title=cadrage::") && ran.log.contains("nulle part/r.html"), "{}", ran.log);
}

#[test]
fn blanks_around_a_line_are_no_part_of_it() {
    let job = Job::new(&["note 1.md"]).with("CADRAGE_PATHS", "  note 1.md \t\n").with("CADRAGE_OUTPUT_FORMATS", "\t html=rapport.html\r\n");
    let ran = job.run();
    assert_eq!(ran.status, 1, "{}", ran.log);
    assert!(job.path("rapport.html").is_file());
}

#[test]
fn the_command_is_a_file() {
    for name in ["fail", "cd", "if"] {
        let ran = Job::new(&["note.md"]).with("CADRAGE_BINARY", name).run();
        assert_eq!((ran.status, ran.outputs.as_str()), (2, "status=2\n"), "{name}: {}", ran.log);
        assert!(ran.log.contains(&format!("{name} : commande introuvable")), "{name}: {}", ran.log);
    }
}

#[test]
fn the_command_is_built_from_its_own_folder() {
    let job = Job::new(&["note.md"]).with("CADRAGE_BINARY", "");
    let bin = job.folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    // in the place of cargo: says where it is, and installs what there is
    let cargo = format!("#!/bin/sh\npwd >&2\nmkdir -p \"$RUNNER_TEMP/cadrage/bin\"\ncp '{}' \"$RUNNER_TEMP/cadrage/bin/\"\n", env!("CARGO_BIN_EXE_cadrage"));
    fs::write(bin.join("cargo"), cargo).unwrap();
    fs::set_permissions(bin.join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let ran = job.with("PATH", &path).run();
    assert_eq!(ran.status, 1, "{}", ran.log);
    let sources = fs::canonicalize(env!("CARGO_MANIFEST_DIR")).unwrap();
    assert!(ran.log.lines().any(|line| Path::new(line) == sources), "{}", ran.log);
}
