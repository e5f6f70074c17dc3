//! The catalogue as pages to read and to link to: one a criterion or rule, and an index. French first, English below. The
//! anchors are stable: they are no heading's words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::assess::criteria::COMMON_REASONS;
use crate::checks::format::{Example, Reference, RuleExample, references_in};
use crate::checks::{Catalogue, Criterion, Rule, theme_of};
use crate::diagnostics::suppression::{self, FAULTS, Fault};
use crate::diagnostics::{ProcessType, Severity, Verdict};
use crate::lang::{Lang, Text};
use crate::messages::{self, COLON, Message};
use crate::report::markdown;

/// First line of every page; a file that begins otherwise is not ours to replace or remove.
pub const MARK: &str = "<!-- cadrage docs -->";
/// Name of the index.
pub const INDEX: &str = "README.md";

/// Every page: file name → Markdown.
#[must_use]
pub fn pages(catalogue: &Catalogue) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::from([(INDEX.to_owned(), index(catalogue))]);
    pages.extend(catalogue.criteria.iter().map(|criterion| (file_name(&criterion.id), of_criterion(criterion, catalogue))));
    pages.extend(catalogue.rules.iter().map(|rule| (file_name(&rule.id), of_rule(rule))));
    pages
}

/// The page of an id: nothing in it can leave the folder.
#[must_use]
pub fn file_name(id: &str) -> String {
    let safe = |c: char| if c.is_alphanumeric() || c == '.' || c == '-' { c } else { '-' };
    format!("{}.md", id.chars().map(safe).collect::<String>())
}

fn index(catalogue: &Catalogue) -> String {
    let mut page = Page::new(&both(messages::CATALOGUE_TITLE));
    page.paragraph(messages::CATALOGUE_INTRO.fr);
    page.paragraph(&format!("*{}*", messages::CATALOGUE_INTRO.en));
    for theme in &catalogue.themes {
        page.head("##", &theme.id, &format!("{} — {}", markdown(&theme.title.fr), markdown(&theme.title.en)));
        page.paragraph(&format!("{} *{}*", markdown(&theme.question.fr), markdown(&theme.question.en)));
        let criteria = catalogue.criteria.iter().filter(|c| theme_of(&c.id) == theme.id);
        page.catalogue(messages::CRITERION, criteria.map(|c| (c.id.as_str(), &c.title, messages::level(c.severity.severity()))));
    }
    page.head("##", "regles", &both(messages::RULES));
    page.catalogue(messages::RULE, catalogue.rules.iter().map(|r| (r.id.as_str(), &r.title, messages::severity(r.severity))));
    page.head("##", "raisons", &both(messages::COMMON_REASONS));
    page.paragraph(messages::COMMON_REASONS_INTRO.fr);
    page.paragraph(&format!("*{}*", messages::COMMON_REASONS_INTRO.en));
    let reasons = COMMON_REASONS.iter().map(|(id, says)| format!("- <a id=\"{id}\"></a>`{id}`{}{} — *{}*", COLON.fr, says.fr, says.en));
    page.paragraph(&reasons.collect::<Vec<String>>().join("\n"));
    page.head("##", suppression::FAMILY, &both(messages::SUPPRESSION_FAULTS));
    page.paragraph(messages::SUPPRESSION_FAULTS_INTRO.fr);
    page.paragraph(&format!("*{}*", messages::SUPPRESSION_FAULTS_INTRO.en));
    let item = |fault: &Fault| format!("- `{}`{}{} *{}*", fault.id, COLON.fr, markdown(fault.reports.fr), markdown(fault.reports.en));
    page.paragraph(&FAULTS.each_ref().map(item).join("\n"));
    page.out
}

fn of_criterion(criterion: &Criterion, catalogue: &Catalogue) -> String {
    let c = criterion;
    let mut page = Page::new(&markdown(&c.title.fr));
    let theme = catalogue.theme(&c.id).map(|t| format!(" · [{}]({INDEX}#{})", markdown(&t.title.fr), t.id)).unwrap_or_default();
    page.paragraph(&format!("`{}` · {}{theme} · [English](#english)", c.id, messages::CRITERION.fr));
    for lang in [Lang::Fr, Lang::En] {
        page.turn_to(lang, &c.title);
        page.part("demande", messages::ASKS, c.asks.get(lang));
        page.part("pourquoi", messages::WHY, c.why.get(lang));
        page.severities(c);
        page.part("ecrire", messages::WRITE, c.help.get(lang));
        page.quote("modele", messages::MODEL, c.model.get(lang));
        if lang == Lang::Fr {
            let heads = [
                (Verdict::Satisfied, "suffit", messages::EXAMPLES_SATISFIED),
                (Verdict::Unclear, "imprecis", messages::EXAMPLES_UNCLEAR),
                (Verdict::Missing, "ne-compte-pas", messages::EXAMPLES_MISSING),
                (Verdict::NotApplicable, "sans-objet", messages::EXAMPLES_NOT_APPLICABLE),
            ];
            for (verdict, anchor, head) in heads {
                page.examples(anchor, head, c.examples.iter().filter(|e| e.verdict == verdict));
            }
        }
        page.findings(c);
        page.reasons(c);
        page.ways(&c.id);
        page.references(&c.references);
    }
    page.out
}

fn of_rule(rule: &Rule) -> String {
    let mut page = Page::new(&markdown(&rule.title.fr));
    page.paragraph(&format!("`{}` · [{}]({INDEX}#regles) · [English](#english)", rule.id, messages::RULE.fr));
    for lang in [Lang::Fr, Lang::En] {
        page.turn_to(lang, &rule.title);
        page.part("signale", messages::REPORTS, rule.reports.get(lang));
        page.part("pourquoi", messages::WHY, rule.why.get(lang));
        page.rule_severity(rule.severity, &rule.not_for);
        page.part("ecrire", messages::WRITE, rule.help.get(lang));
        if lang == Lang::Fr {
            page.occurrences("exemples", messages::EXAMPLES_REPORTED, rule.examples.iter().filter(|e| !e.reported.is_empty()));
            page.occurrences("non-signale", messages::EXAMPLES_NOT_REPORTED, rule.examples.iter().filter(|e| e.reported.is_empty()));
        }
        page.ways(&rule.id);
        page.references(&rule.references);
    }
    page.out
}

/// French, then English.
fn both(message: Message) -> String {
    format!("{} — {}", message.fr, message.en)
}

struct Page {
    out: String,
    lang: Lang,
}

impl Page {
    fn new(title: &str) -> Self {
        Self { out: format!("{MARK}\n<!-- {} -->\n\n# {title}\n", both(messages::PAGE_NOTICE)), lang: Lang::Fr }
    }

    fn paragraph(&mut self, text: &str) {
        let _ = write!(self.out, "\n{text}\n");
    }

    fn head(&mut self, level: &str, anchor: &str, title: &str) {
        self.paragraph(&format!("<a id=\"{anchor}\"></a>\n\n{level} {title}"));
    }

    /// Begins the part in another language; the first needs no beginning.
    fn turn_to(&mut self, lang: Lang, title: &Text) {
        self.lang = lang;
        if lang == Lang::En {
            self.head("##", "english", &format!("In English: {}", markdown(&title.en)));
        }
    }

    /// Heads a part; the anchors of the English parts end in `-en`.
    fn part_head(&mut self, anchor: &str, head: Message) {
        match self.lang {
            Lang::Fr => self.head("##", anchor, head.fr),
            Lang::En => self.head("###", &format!("{anchor}-en"), head.en),
        }
    }

    fn part(&mut self, anchor: &str, head: Message, text: &str) {
        self.part_head(anchor, head);
        for paragraph in text.trim().split("\n\n") {
            self.paragraph(&markdown(paragraph));
        }
    }

    fn quote(&mut self, anchor: &str, head: Message, text: &str) {
        self.part_head(anchor, head);
        let lines: Vec<String> = text.trim().split("\n\n").map(|paragraph| format!("> {}", markdown(paragraph))).collect();
        self.paragraph(&lines.join("\n>\n"));
    }

    fn severities(&mut self, criterion: &Criterion) {
        let lang = self.lang;
        self.part_head("gravite", messages::SEVERITY);
        let _ = write!(self.out, "\n| {} | {} |\n|---|---|\n", messages::PROCESS_TYPE.get(lang), messages::SEVERITY.get(lang));
        for process_type in ProcessType::ALL {
            let level = messages::level(criterion.level(process_type).severity());
            let _ = writeln!(self.out, "| {} | {} |", messages::process_type(process_type).get(lang), level.get(lang));
        }
    }

    fn rule_severity(&mut self, severity: Severity, not_for: &[ProcessType]) {
        let lang = self.lang;
        let mut text = messages::severity(severity).get(lang).to_owned();
        if !not_for.is_empty() {
            let types: Vec<&str> = not_for.iter().map(|t| messages::process_type(*t).get(lang)).collect();
            let _ = write!(text, " ({}{}{})", messages::NOT_APPLICABLE.get(lang), COLON.get(lang), types.join(", "));
        }
        self.part("gravite", messages::SEVERITY, &text);
    }

    fn examples<'a>(&mut self, anchor: &str, head: Message, examples: impl Iterator<Item = &'a Example>) {
        for (at, example) in examples.enumerate() {
            if at == 0 {
                self.part_head(anchor, head);
            }
            let kind = example.process_type.map(|t| messages::process_type(t).get(self.lang));
            let notes: Vec<String> = kind.map(str::to_owned).into_iter().chain(example.trap.as_deref().map(markdown)).collect();
            if !notes.is_empty() {
                self.paragraph(&format!("*{}*{}", notes.join(", "), COLON.get(self.lang).trim_end()));
            }
            self.text(&example.text);
        }
    }

    fn occurrences<'a>(&mut self, anchor: &str, head: Message, examples: impl Iterator<Item = &'a RuleExample>) {
        for (at, example) in examples.enumerate() {
            if at == 0 {
                self.part_head(anchor, head);
            }
            self.text(&example.text);
            if !example.reported.is_empty() {
                let words: Vec<String> = example.reported.iter().map(|words| markdown(&messages::quoted(self.lang, words))).collect();
                self.paragraph(&format!("{}{}{}", messages::REPORTED.get(self.lang), COLON.get(self.lang), words.join(", ")));
            }
        }
    }

    /// A passage of a dossier, as it is written.
    fn text(&mut self, text: &str) {
        let text = text.trim_end();
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.paragraph(&format!("{fence}markdown\n{text}\n{fence}"));
    }

    fn findings(&mut self, criterion: &Criterion) {
        let lang = self.lang;
        self.part_head("messages", messages::SAID);
        let item = |verdict, text: &Text| format!("- {}{}{}", messages::verdict(verdict).get(lang), COLON.get(lang), markdown(text.get(lang)));
        self.paragraph(&[item(Verdict::Missing, &criterion.missing), item(Verdict::Unclear, &criterion.unclear)].join("\n"));
    }

    fn reasons(&mut self, criterion: &Criterion) {
        let pieces = criterion.piece.values().map(|piece| (piece.reason.as_str(), &piece.lacks));
        let reasons: BTreeMap<&str, &Text> = pieces.chain(criterion.unclear_by.iter().map(|vague| (vague.reason.as_str(), &vague.says))).collect();
        self.part_head("raisons", messages::REASONS_OF_UNCLEAR);
        self.out.push('\n');
        for (id, label) in reasons {
            let anchor = if self.lang == Lang::Fr { format!("<a id=\"{id}\"></a>") } else { String::new() };
            let _ = writeln!(self.out, "- {anchor}`{id}`{}{}", COLON.get(self.lang), markdown(label.get(self.lang)));
        }
        let _ = writeln!(self.out, "- {}", messages::COMMON_REASONS_LINK.fill(self.lang, &[("place", &format_args!("{INDEX}#raisons"))]));
    }

    fn ways(&mut self, id: &str) {
        self.part_head("ecarter", messages::SET_ASIDE);
        self.paragraph(messages::SET_ASIDE_HOW.get(self.lang));
        let reason = messages::SET_ASIDE_REASON.get(self.lang);
        self.paragraph(&format!("```markdown\n<!-- cadrage: ignore {id} — {reason} -->\n```"));
    }

    fn references(&mut self, references: &[Reference]) {
        if references.is_empty() {
            return;
        }
        self.part_head("references", messages::REFERENCES);
        let items: Vec<String> = references_in(references, self.lang).map(|reference| format!("- {}", markdown(reference))).collect();
        self.paragraph(&items.join("\n"));
    }

    /// A table of ids with their titles in both languages and what a gap is worth.
    fn catalogue<'a>(&mut self, head: Message, entries: impl Iterator<Item = (&'a str, &'a Text, Message)>) {
        let _ = write!(self.out, "\n| {} | {} | *{}* | {} |\n|---|---|---|---|\n", head.fr, messages::TITLE.fr, messages::TITLE.en, messages::SEVERITY.fr);
        for (id, title, level) in entries {
            let _ = writeln!(self.out, "| [`{id}`]({}) | {} | *{}* | {} |", file_name(id), markdown(&title.fr), markdown(&title.en), level.fr);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::assert_fresh;

    const FOLDER: &str = "docs/criteres";

    #[test]
    fn the_committed_pages_are_fresh_and_none_is_superfluous() {
        let pages = pages(&Catalogue::builtin().unwrap());
        for (name, text) in &pages {
            assert_fresh(&format!("{FOLDER}/{name}"), text);
        }
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
        for entry in std::fs::read_dir(folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            assert!(pages.contains_key(&name), "{FOLDER}/{name} is about nothing in the catalogue: remove it");
        }
    }

    #[test]
    fn every_link_and_anchor_leads_somewhere() {
        let pages = pages(&Catalogue::builtin().unwrap());
        let anchors = |page: &str| -> Vec<String> { page.split("<a id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect() };
        for (name, page) in &pages {
            let own = anchors(page);
            let unique: std::collections::BTreeSet<&String> = own.iter().collect();
            assert_eq!(unique.len(), own.len(), "{name}: {own:?}");
            // « \[ici\](#le-vote) » shows what a link is
            let prose = page.split("\n```").step_by(2).collect::<String>().replace("\\](", "");
            for link in prose.split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
                let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
                let target = if file.is_empty() { page } else { pages.get(file).unwrap_or_else(|| panic!("{name}: {link}")) };
                assert!(anchor.is_empty() || anchors(target).iter().any(|a| a == anchor), "{name}: {link}");
            }
        }
    }

    #[test]
    fn an_id_stays_in_its_folder() {
        assert_eq!(file_name("../../etc/x y"), "..-..-etc-x-y.md");
    }
}
