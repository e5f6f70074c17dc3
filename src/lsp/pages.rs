//! What the catalogue says of a criterion, a rule or a theme, as Markdown: for a hover, and as a page to open.

use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

use crate::checks::{Criterion, Rule, Theme};
use crate::diagnostics::Verdict;
use crate::lang::{Lang, Text};
use crate::messages::{self, Message};
use crate::report::markdown;
use crate::session::Session;

/// Examples given on a page, of each verdict.
const EXAMPLES: usize = 2;

/// The id under which every theme is explained.
pub const INDEX: &str = "catalogue";

/// Writes a page for each criterion, rule and theme of the session's catalogue, in its language.
///
/// # Errors
/// When a file cannot be written.
pub fn write(session: &Session, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let (catalogue, lang) = (&session.catalogue, session.lang);
    let pages = catalogue.criteria.iter().map(|c| (&c.id, criterion(c, lang)));
    let pages = pages.chain(catalogue.rules.iter().map(|r| (&r.id, rule(r, lang)))).chain(catalogue.themes.iter().map(|t| (&t.id, theme(session, t))));
    pages.into_iter().try_for_each(|(id, page)| fs::write(folder.join(file_name(id)), page))?;
    fs::write(folder.join(file_name(INDEX)), catalogue.themes.iter().map(|t| theme(session, t)).collect::<String>())
}

/// The name of the page of an id: nothing in it can leave the folder.
#[must_use]
pub fn file_name(id: &str) -> String {
    let plain: String = id.chars().map(|c| if c.is_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect();
    format!("{}.md", plain.trim_start_matches('.'))
}

/// The body of what is said of an id in a hover: what is asked, what to write, an example.
#[must_use]
pub fn summary(session: &Session, id: &str) -> String {
    let lang = session.lang;
    let mut out = String::new();
    if let Some(criterion) = session.catalogue.criterion(id) {
        part(&mut out, messages::ASKS, &criterion.asks, lang);
        part(&mut out, messages::WRITE, &criterion.help, lang);
        examples(&mut out, criterion, Verdict::Satisfied, messages::EXAMPLES_SATISFIED, 1, lang);
    } else if let Some(rule) = session.catalogue.rule(id) {
        part(&mut out, messages::REPORTS, &rule.reports, lang);
    }
    out
}

fn criterion(criterion: &Criterion, lang: Lang) -> String {
    let mut out = title(&criterion.title, &criterion.id, lang);
    part(&mut out, messages::ASKS, &criterion.asks, lang);
    part(&mut out, messages::WHY, &criterion.why, lang);
    part(&mut out, messages::WRITE, &criterion.help, lang);
    part(&mut out, messages::MODEL, &criterion.model, lang);
    examples(&mut out, criterion, Verdict::Satisfied, messages::EXAMPLES_SATISFIED, EXAMPLES, lang);
    examples(&mut out, criterion, Verdict::Unclear, messages::EXAMPLES_UNCLEAR, EXAMPLES, lang);
    references(&mut out, &criterion.references, lang);
    out
}

fn rule(rule: &Rule, lang: Lang) -> String {
    let mut out = title(&rule.title, &rule.id, lang);
    part(&mut out, messages::REPORTS, &rule.reports, lang);
    part(&mut out, messages::WHY, &rule.why, lang);
    part(&mut out, messages::WRITE, &rule.help, lang);
    let reported = rule.examples.iter().filter(|e| !e.reported.is_empty()).take(EXAMPLES);
    list(&mut out, messages::EXAMPLES_REPORTED, reported.map(|e| e.text.as_str()), lang);
    references(&mut out, &rule.references, lang);
    out
}

fn theme(session: &Session, theme: &Theme) -> String {
    let lang = session.lang;
    let mut out = title(&theme.title, &theme.id, lang);
    let _ = write!(out, "{}\n\n", markdown(theme.question.get(lang)));
    let own = session.catalogue.criteria.iter().filter(|c| c.id.split('.').next() == Some(&theme.id));
    for criterion in own {
        let _ = writeln!(out, "- [{}]({}) — {}", markdown(criterion.title.get(lang)), file_name(&criterion.id), markdown(criterion.asks.get(lang)));
    }
    out
}

// A String is always written to.

fn title(title: &Text, id: &str, lang: Lang) -> String {
    format!("# {}\n\n`{id}`\n\n", markdown(title.get(lang)))
}

fn part(out: &mut String, head: Message, text: &Text, lang: Lang) {
    if !text.get(lang).trim().is_empty() {
        let _ = write!(out, "**{}**{}{}\n\n", head.get(lang), messages::COLON.get(lang), markdown(text.get(lang).trim()));
    }
}

fn list<'a>(out: &mut String, head: Message, texts: impl Iterator<Item = &'a str>, lang: Lang) {
    let texts: Vec<String> = texts.map(markdown).collect();
    if !texts.is_empty() {
        let _ = write!(out, "**{}**\n\n- {}\n\n", head.get(lang), texts.join("\n- "));
    }
}

fn examples(out: &mut String, criterion: &Criterion, verdict: Verdict, head: Message, most: usize, lang: Lang) {
    list(out, head, criterion.examples.iter().filter(|e| e.verdict == verdict).take(most).map(|e| e.text.as_str()), lang);
}

fn references(out: &mut String, references: &[String], lang: Lang) {
    list(out, messages::REFERENCES, references.iter().map(String::as_str), lang);
}
