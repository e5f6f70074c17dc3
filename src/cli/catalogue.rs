//! `cadrage criteria`: what the catalogue holds; and finding one's way in it by id.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::output::{self, Failure};
use super::values::Shape;
use super::{CLEAN, Context, Outcome, terminal};
use crate::checks::format::{Level, references_in};
use crate::checks::{Catalogue, Criterion, Rule, theme_of};
use crate::diagnostics::suppression::{self, FAULTS};
use crate::diagnostics::{ProcessType, Severity};
use crate::lang::Lang;
use crate::messages;
use crate::report::{clip, opening, pad_right, visible};
use crate::session::{self, Asked, Session};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Options")]
pub(super) struct Args {
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "human",
        hide_default_value = true,
        hide_possible_values = true,
        help = "Format de la liste\u{a0}: human (par défaut) ou json"
    )]
    format: Shape,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    let Session { catalogue, .. } = context.session(Asked::default())?;
    let text = match args.format {
        Shape::Human => human(&catalogue, context.lang, terminal::list_width()),
        Shape::Json => json(&catalogue, context.lang)?,
    };
    output::print(text.as_bytes())?;
    Ok(CLEAN)
}

#[derive(Serialize)]
struct Listing<'a> {
    schema_version: u32,
    criteria: Vec<CriterionEntry<'a>>,
    rules: Vec<RuleEntry<'a>>,
    suppression: Vec<FaultEntry>,
}

#[derive(Serialize)]
struct CriterionEntry<'a> {
    id: &'a str,
    theme: &'a str,
    title: &'a str,
    severity: Level,
    severity_for: &'a BTreeMap<ProcessType, Level>,
    references: Vec<&'a str>,
}

#[derive(Serialize)]
struct RuleEntry<'a> {
    id: &'a str,
    title: &'a str,
    severity: Severity,
    references: Vec<&'a str>,
}

#[derive(Serialize)]
struct FaultEntry {
    id: &'static str,
    title: &'static str,
    severity: Severity,
}

impl<'a> CriterionEntry<'a> {
    fn new(criterion: &'a Criterion, lang: Lang) -> Self {
        Self {
            id: &criterion.id,
            theme: theme_of(&criterion.id),
            title: criterion.title.get(lang),
            severity: criterion.severity,
            severity_for: &criterion.severity_for,
            references: references_in(&criterion.references, lang).collect(),
        }
    }
}

impl<'a> RuleEntry<'a> {
    fn new(rule: &'a Rule, lang: Lang) -> Self {
        Self { id: &rule.id, title: rule.title.get(lang), severity: rule.severity, references: references_in(&rule.references, lang).collect() }
    }
}

fn json(catalogue: &Catalogue, lang: Lang) -> Result<String, Failure> {
    let listing = Listing {
        schema_version: 1,
        criteria: catalogue.criteria.iter().map(|c| CriterionEntry::new(c, lang)).collect(),
        rules: catalogue.rules.iter().map(|r| RuleEntry::new(r, lang)).collect(),
        suppression: FAULTS.iter().map(|f| FaultEntry { id: f.id, title: f.title.get(lang), severity: suppression::SEVERITY }).collect(),
    };
    let text = serde_json::to_string_pretty(&listing).map_err(|error| Failure::said(error.to_string()))?;
    Ok(text + "\n")
}

fn human(catalogue: &Catalogue, lang: Lang, width: usize) -> String {
    let mut out = String::new();
    let mut theme = "";
    for criterion in &catalogue.criteria {
        if theme != theme_of(&criterion.id) {
            theme = theme_of(&criterion.id);
            let title = catalogue.theme(theme).map_or(theme, |t| t.title.get(lang));
            heading(&mut out, &opening(title));
        }
        row(&mut out, &criterion.id, messages::level(criterion.severity.severity()).get(lang), criterion.title.get(lang), width);
        for (process_type, other) in &criterion.severity_for {
            let text =
                format!("{}{}{}", messages::process_type(*process_type).get(lang), messages::COLON.get(lang), messages::level(other.severity()).get(lang));
            let _ = writeln!(out, "    {text}");
        }
    }
    if !catalogue.rules.is_empty() {
        heading(&mut out, messages::RULES.get(lang));
    }
    for rule in &catalogue.rules {
        row(&mut out, &rule.id, messages::severity(rule.severity).get(lang), rule.title.get(lang), width);
    }
    heading(&mut out, messages::SUPPRESSION_FAULTS.get(lang));
    for fault in &FAULTS {
        row(&mut out, fault.id, messages::severity(suppression::SEVERITY).get(lang), fault.title.get(lang), width);
    }
    out
}

fn heading(out: &mut String, title: &str) {
    let gap = if out.is_empty() { "" } else { "\n" };
    let _ = writeln!(out, "{gap}{title}");
}

fn row(out: &mut String, id: &str, level: &str, title: &str, width: usize) {
    const ID: usize = 34;
    const LEVEL: usize = 15;
    let title = clip(&visible(title), width.saturating_sub(ID + LEVEL + 2), true);
    let _ = writeln!(out, "  {}{}{title}", pad_right(&opening(id), ID - 1) + " ", pad_right(level, LEVEL));
}

/// Accepts an id, a theme or a family of rules of the catalogue; tells the nearest one otherwise.
pub(super) fn known(selector: &str, catalogue: &Catalogue, lang: Lang) -> Result<(), Failure> {
    session::unknown(selector, catalogue, lang).map_or(Ok(()), |unknown| Err(unknown.into()))
}
