//! What a reader sees of each fixture: the whole output, at 80 columns, without colour.

#![allow(clippy::unwrap_used, missing_docs)]

use assert_cmd::Command;

fn shown(path: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cadrage"));
    for name in ["LANG", "LC_ALL", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "GITHUB_ACTIONS"] {
        command.env_remove(name);
    }
    let output = command.args(["check", "--no-config", "--color", "never", path]).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    format!("{}exit status {}\n", String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap())
}

macro_rules! fixtures {
    ($($name:ident: $path:literal),* $(,)?) => {
        $(#[test] fn $name() { insta::assert_snapshot!(stringify!($name), shown(concat!("fixtures/", $path))); })*
    };
}

fixtures! {
    jury: "jury-eau.md",
    concertation: "concertation-gare.md",
    consultation: "consultation-ecole.md",
    budget_in_several_files: "budget-participatif",
    atelier_from_pdf: "atelier-pdf.md",
    letter: "lettre-mission.md",
}
