//! Running the binary in a folder of its own.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// What a run left.
pub struct Ran {
    pub status: i32,
    pub stdout: String,
    pub stderr: String,
}

/// A criterion of a team's own, in a folder of checks.
pub const OWN_CHECK: &str = r#"
id = "moyens.salle"
order = 90
severity = "warning"
title = { fr = "Salle", en = "Room" }
asks = { fr = "Le lieu.", en = "The place." }
why = { fr = "Pour venir.", en = "To come." }
missing = { fr = "Le lieu manque.", en = "The place is missing." }
unclear = { fr = "Le lieu est vague.", en = "The place is vague." }
help = { fr = "Dites où.", en = "Say where." }
model = { fr = "La réunion se tient salle [nom].", en = "The meeting is in room [name]." }

[[satisfied_by]]
any = ["salle"]
"#;

/// The binary, to be run in `folder`, with nothing of the surroundings that changes what it prints.
pub fn cadrage(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cadrage"));
    for name in ["LANG", "LC_ALL", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_ACTIONS"] {
        command.env_remove(name);
    }
    command.current_dir(folder);
    command
}

/// Runs the binary with `arguments`.
pub fn run(folder: &Path, arguments: &[&str]) -> Ran {
    ran(cadrage(folder).args(arguments))
}

/// Runs `command`.
pub fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran { status: output.status.code().unwrap(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// The JSON report of `check` with `arguments`.
pub fn report(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let ran = run(folder, &[&["check", "--format", "json"], arguments].concat());
    serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {}", ran.stderr))
}

/// The diagnostics of the first dossier of a report.
pub fn diagnostics(report: &serde_json::Value) -> &Vec<serde_json::Value> {
    report["dossiers"][0]["diagnostics"].as_array().unwrap()
}

/// A folder that holds `files`, given by name and text.
pub fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}
