//! `cadrage explain`: what a criterion or a rule asks, why, and how to satisfy it.

use std::fmt::Write;

use super::catalogue::known;
use super::output;
use super::{CLEAN, Context, Outcome, terminal};
use crate::checks::format::references_in;
use crate::checks::{Criterion, Rule};
use crate::diagnostics::Verdict;
use crate::diagnostics::filter::covers;
use crate::diagnostics::suppression::{self, FAULTS, Fault};
use crate::lang::Lang;
use crate::messages::{self, COLON, Message, SEMICOLON};
use crate::report::{opening, visible, wrap};
use crate::session::{Asked, Session};

/// Examples shown of each verdict.
const EXAMPLES: usize = 2;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[arg(value_name = "ID", help_heading = "Arguments", help = "Critère, règle ou thème (par défaut\u{a0}: tout le catalogue)")]
    id: Option<String>,
}

/// Runs the command.
pub(super) fn run(args: &Args, context: &Context) -> Outcome {
    let Session { catalogue, .. } = context.session(Asked::default())?.with_examples()?;
    if let Some(id) = &args.id {
        known(id, &catalogue, context.lang)?;
    }
    let wanted = |id: &str| args.id.as_deref().is_none_or(|asked| covers(asked, id));
    let mut page = Page { out: String::new(), lang: context.lang, width: terminal::width(), color: context.color.on(&std::io::stdout()), language_told: false };
    catalogue.criteria.iter().filter(|c| wanted(&c.id)).for_each(|c| page.criterion(c));
    catalogue.rules.iter().filter(|r| wanted(&r.id)).for_each(|r| page.rule(r));
    FAULTS.iter().filter(|f| wanted(f.id)).for_each(|f| page.fault(f));
    output::print(page.out.as_bytes())?;
    Ok(CLEAN)
}

struct Page {
    out: String,
    lang: Lang,
    width: usize,
    color: bool,
    /// Whether it is said that examples are in French.
    language_told: bool,
}

impl Page {
    fn criterion(&mut self, criterion: &Criterion) {
        let lang = self.lang;
        self.title(&criterion.id, criterion.title.get(lang));
        self.severity(criterion);
        self.part(messages::ASKS, criterion.asks.get(lang));
        self.part(messages::WHY, criterion.why.get(lang));
        self.part(messages::WRITE, criterion.help.get(lang));
        self.part(messages::MODEL, criterion.model.get(lang));
        for (verdict, head) in
            [(Verdict::Satisfied, messages::EXAMPLES_SATISFIED), (Verdict::Unclear, messages::EXAMPLES_UNCLEAR), (Verdict::Missing, messages::EXAMPLES_MISSING)]
        {
            let texts = criterion.examples.iter().filter(|e| e.verdict == verdict).take(EXAMPLES).map(|e| e.text.as_str());
            self.examples(head, texts);
        }
        self.list(messages::REFERENCES, references_in(&criterion.references, lang));
    }

    fn rule(&mut self, rule: &Rule) {
        let lang = self.lang;
        self.title(&rule.id, rule.title.get(lang));
        self.part(messages::SEVERITY, messages::severity(rule.severity).get(lang));
        self.part(messages::REPORTS, rule.reports.get(lang));
        self.part(messages::WHY, rule.why.get(lang));
        self.part(messages::WRITE, rule.help.get(lang));
        let reported = rule.examples.iter().filter(|e| !e.reported.is_empty()).take(EXAMPLES);
        self.examples(messages::EXAMPLES_REPORTED, reported.map(|e| e.text.as_str()));
        self.list(messages::REFERENCES, references_in(&rule.references, lang));
    }

    fn fault(&mut self, fault: &Fault) {
        let lang = self.lang;
        self.title(fault.id, fault.title.get(lang));
        self.part(messages::SEVERITY, messages::severity(suppression::SEVERITY).get(lang));
        self.part(messages::REPORTS, fault.reports.get(lang));
        self.part(messages::WRITE, fault.help.get(lang));
    }

    fn title(&mut self, id: &str, title: &str) {
        let gap = if self.out.is_empty() { "" } else { "\n" };
        let _ = writeln!(self.out, "{gap}{} — {}", self.strong(&opening(id)), visible(title));
    }

    fn severity(&mut self, criterion: &Criterion) {
        let lang = self.lang;
        let mut text = messages::level(criterion.severity.severity()).get(lang).to_owned();
        for (process_type, other) in &criterion.severity_for {
            let _ = write!(
                text,
                "{}{}{}{}",
                SEMICOLON.get(lang),
                messages::process_type(*process_type).get(lang),
                COLON.get(lang),
                messages::level(other.severity()).get(lang)
            );
        }
        self.part(messages::SEVERITY, &text);
    }

    fn part(&mut self, head: Message, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        self.head(head);
        for paragraph in text.trim().split("\n\n") {
            for line in wrap(&visible(paragraph), self.width.saturating_sub(2), 0) {
                let _ = writeln!(self.out, "  {line}");
            }
        }
    }

    /// Examples, with a word on their language before the first where the reader's is another.
    fn examples<'a>(&mut self, head: Message, texts: impl Iterator<Item = &'a str>) {
        let mut texts = texts.peekable();
        if texts.peek().is_none() {
            return;
        }
        self.head(head);
        if self.lang == Lang::En && !std::mem::replace(&mut self.language_told, true) {
            let _ = writeln!(self.out, "  {}", messages::EXAMPLES_IN_FRENCH.get(self.lang));
        }
        self.items(texts);
    }

    fn list<'a>(&mut self, head: Message, texts: impl Iterator<Item = &'a str>) {
        let mut texts = texts.peekable();
        if texts.peek().is_some() {
            self.head(head);
            self.items(texts);
        }
    }

    /// Each text with its lines, below a dash.
    fn items<'a>(&mut self, texts: impl Iterator<Item = &'a str>) {
        for text in texts {
            let mut mark = "–";
            for line in text.trim().lines() {
                let blanks = line.len() - line.trim_start_matches(' ').len();
                for line in wrap(&visible(line), self.width.saturating_sub(4 + blanks), 0) {
                    let line = format!("  {mark} {}{line}", " ".repeat(blanks));
                    let _ = writeln!(self.out, "{}", line.trim_end());
                    mark = " ";
                }
            }
        }
    }

    fn head(&mut self, head: Message) {
        let head = self.strong(head.get(self.lang));
        let _ = writeln!(self.out, "\n{head}");
    }

    fn strong(&self, text: &str) -> String {
        let style = if self.color { anstyle::Style::new().bold() } else { anstyle::Style::new() };
        format!("{style}{text}{style:#}")
    }
}
