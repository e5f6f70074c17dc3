//! The examples of the checks: one test an example, and what every check file must carry.

#![allow(clippy::unwrap_used, missing_docs)]

use cadrage::assess::{Options, assess};
use cadrage::checks::format::Level;
use cadrage::checks::{Catalogue, Criterion, Rule};
use cadrage::diagnostics::{DossierReport, ProcessType, TypeSource, Verdict};
use cadrage::dossier::{Dossier, Source};
use cadrage::lang::Text;
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let catalogue: &'static Catalogue = Box::leak(Box::new(Catalogue::builtin().unwrap()));
    let mut trials = vec![Trial::test("the catalogue holds every criterion and rule", || complete(catalogue))];
    trials.push(Trial::test("the guide teaches what compiles", guide));
    for criterion in &catalogue.criteria {
        trials.push(Trial::test(format!("{} is complete", criterion.id), || well_formed(criterion)));
        for at in 0..criterion.examples.len() {
            trials.push(Trial::test(format!("{} example {}", criterion.id, at + 1), move || verdict(catalogue, criterion, at)));
        }
    }
    for rule in &catalogue.rules {
        trials.push(Trial::test(format!("{} is complete", rule.id), || rule_well_formed(rule)));
        for at in 0..rule.examples.len() {
            trials.push(Trial::test(format!("{} example {}", rule.id, at + 1), move || reported(catalogue, rule, at)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn assessed(catalogue: &Catalogue, text: &str, process_type: Option<ProcessType>) -> DossierReport {
    let dossier = Dossier::from_sources("example.md", vec![Source { path: "example.md".into(), text: text.into() }]);
    assess(dossier, catalogue, &Options { process_type: process_type.map(|t| (t, TypeSource::Option)), ..Options::default() })
}

fn complete(catalogue: &Catalogue) -> Result<(), Failed> {
    catalogue.themes.iter().try_for_each(|theme| said(&[("title", &theme.title), ("question", &theme.question)]))?;
    catalogue.facts.iter().try_for_each(|fact| said(&[(&fact.id, &fact.title)]))?;
    let counts = (catalogue.criteria.len(), catalogue.rules.len(), catalogue.themes.len());
    if counts == (47, 13, 9) { Ok(()) } else { Err(format!("criteria, rules, themes: {counts:?}").into()) }
}

/// Under each title of `checks/README.md`, the files whose blocks stand there; a block may name its own.
fn guide() -> Result<(), Failed> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/checks/README.md"))?;
    let folder = tempfile::tempdir()?;
    let mut count = 0;
    for part in text.split("\n## ").skip(1) {
        let path = match part.lines().next() {
            Some("Une règle") => "regles/essai.toml",
            Some("Le vocabulaire") => "vocabulaire/essai.toml",
            _ => "essai.toml",
        };
        for block in part.split("```toml\n").skip(1).filter_map(|block| block.split("```").next()) {
            let named = block.strip_prefix("# ").and_then(|rest| rest.split(" :").next());
            let path = folder.path().join(named.unwrap_or(path));
            std::fs::create_dir_all(path.parent().ok_or("no folder")?)?;
            let before = std::fs::read_to_string(&path).unwrap_or_default();
            std::fs::write(path, before + block)?;
            count += 1;
        }
    }
    let catalogue = Catalogue::load_with(&[folder.path().to_path_buf()], &[])?;
    let budget = catalogue.criterion("moyens.budget").ok_or("no criterion")?;
    if (count, budget.topic.silent) == (10, true) { Ok(()) } else { Err(format!("{count} blocks").into()) }
}

/// A type to which the criterion applies.
fn applicable(criterion: &Criterion) -> Option<ProcessType> {
    ProcessType::ALL.into_iter().find(|t| criterion.level(*t) != Level::NotApplicable)
}

fn verdict(catalogue: &Catalogue, criterion: &Criterion, at: usize) -> Result<(), Failed> {
    let example = &criterion.examples[at];
    let report = assessed(catalogue, &example.text, example.process_type.or_else(|| applicable(criterion)));
    let got = report.criteria.iter().find(|c| c.id == criterion.id).ok_or("not assessed")?;
    if got.verdict == example.verdict {
        return Ok(());
    }
    let reasons: Vec<&str> = got.reasons.iter().map(|r| r.id.as_str()).collect();
    Err(format!("« {} »: want {:?}, got {:?} {reasons:?}", example.text, example.verdict, got.verdict).into())
}

fn reported(catalogue: &Catalogue, rule: &Rule, at: usize) -> Result<(), Failed> {
    let example = &rule.examples[at];
    // whether a document is in scope is not asked of one whose type is stated
    let stated = (!rule.id.starts_with("dossier.")).then_some(example.process_type.unwrap_or(ProcessType::Autre));
    let report = assessed(catalogue, &example.text, stated);
    let got: Vec<&str> = report.diagnostics.iter().filter(|d| d.id == rule.id).map(|d| report.dossier.slice(d.primary)).collect();
    if got == example.reported { Ok(()) } else { Err(format!("« {} »: want {:?}, got {got:?}", example.text, example.reported).into()) }
}

/// Words that are the same in both languages.
const SAME: &[&str] = &["Information", "Budget"];

fn said(texts: &[(&str, &Text)]) -> Result<(), Failed> {
    texts.iter().try_for_each(|(name, text)| {
        if text.fr.trim().is_empty() || text.en.trim().is_empty() {
            return Err(format!("{name} is missing in a language").into());
        }
        if text.fr == text.en && !SAME.contains(&text.fr.as_ref()) {
            return Err(format!("{name} is the same in both languages: « {} »", text.fr).into());
        }
        let blanks = |text: &str| -> Vec<String> {
            let mut found: Vec<String> = text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(blank, _)| blank.to_owned()).collect();
            found.sort_unstable();
            found
        };
        if blanks(&text.fr) == blanks(&text.en) { Ok(()) } else { Err(format!("{name} has not the same blanks in both languages").into()) }
    })
}

fn well_formed(criterion: &Criterion) -> Result<(), Failed> {
    let c = criterion;
    said(&[("title", &c.title), ("asks", &c.asks), ("why", &c.why), ("missing", &c.missing), ("unclear", &c.unclear), ("help", &c.help), ("model", &c.model)])?;
    for piece in c.piece.values() {
        said(&[("lacks", &piece.lacks)])?;
    }
    for vague in &c.unclear_by {
        said(&[("says", &vague.says)])?;
    }
    let count = |verdict: Verdict| c.examples.iter().filter(|e| e.verdict == verdict).count();
    let traps = c.examples.iter().filter(|e| e.trap.is_some()).count();
    if count(Verdict::Satisfied) < 3 || count(Verdict::Unclear) < 2 || traps < 2 {
        return Err(format!("{} satisfied, {} unclear, {traps} traps", count(Verdict::Satisfied), count(Verdict::Unclear)).into());
    }
    Ok(())
}

fn rule_well_formed(rule: &Rule) -> Result<(), Failed> {
    said(&[("title", &rule.title), ("reports", &rule.reports), ("why", &rule.why), ("help", &rule.help)])?;
    rule.message.iter().try_for_each(|(name, text)| said(&[(name, text)]))?;
    let speaks = rule.examples.iter().any(|e| !e.reported.is_empty());
    let silent = rule.examples.iter().any(|e| e.reported.is_empty());
    if speaks && silent { Ok(()) } else { Err("an example where the rule speaks and one where it does not are wanted".into()) }
}
