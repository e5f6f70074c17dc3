//! One self-contained page, for someone who decides on a dossier: to read on a screen, listen to, or print. It asks nothing of
//! the network and runs no script; what comes from a dossier is text in it and nothing else.

mod chart;
mod source;

use std::io::{self, Write};

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::plain::{clip, visible};
use super::tally::{self, Totals};
use super::{RenderOptions, escape};
use crate::checks::Catalogue;
use crate::diagnostics::{CriterionResult, Diagnostic, DossierReport, Report, RunError, Severity, Verdict};
use crate::lang::Lang;
use crate::messages::{self, COLON, Message};
use crate::text::{FileId, Span};

const STYLE: &str = include_str!("style.css");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
/// Columns of a quotation.
const QUOTATION: usize = 280;

/// Writes the page.
pub(super) fn render(report: &Report, catalogue: &Catalogue, options: &RenderOptions, out: &mut dyn Write) -> io::Result<()> {
    let pages: Vec<DossierPage> =
        (1..).zip(&report.dossiers).map(|(number, report)| DossierPage { number, report, catalogue, options, lang: options.lang }).collect();
    writeln!(out, "{}", escape::markup(&document(&pages, &report.errors, options.lang).into_string()))
}

fn document(pages: &[DossierPage<'_>], errors: &[RunError], lang: Lang) -> Markup {
    let title = messages::REPORT_TITLE.get(lang);
    html! {
        (DOCTYPE)
        html lang=(lang.id()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                title { (title) @if let [page] = pages { " — " (visible(&page.report.dossier.path)) } }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a class="skip" href="#main" { (messages::SKIP.get(lang)) }
                header {
                    h1 { (title) }
                    @if pages.len() > 1 { (overview(pages, lang)) }
                }
                main id="main" tabindex="-1" {
                    @for page in pages { (page.markup()) }
                    @if !errors.is_empty() { (run_errors(errors, lang)) }
                }
                footer { "cadrage " (env!("CARGO_PKG_VERSION")) }
            }
        }
    }
}

/// Links to the dossiers, each with its verdict.
fn overview(pages: &[DossierPage<'_>], lang: Lang) -> Markup {
    html! {
        nav aria-label=(messages::DOSSIERS.of(lang, pages.len())) {
            ol {
                @for page in pages {
                    li { a href={ "#" (page.id("title")) } { (visible(&page.report.dossier.path)) } (COLON.get(lang)) (page.overall().0.get(lang)) }
                }
            }
        }
    }
}

fn run_errors(errors: &[RunError], lang: Lang) -> Markup {
    html! {
        section aria-labelledby="errors" class="dossier" {
            h2 id="errors" { (messages::RUN_ERRORS.get(lang)) }
            ul { @for error in errors { li { (visible(&error.message)) } } }
        }
    }
}

/// What the page says of one dossier.
struct DossierPage<'a> {
    /// 1 for the first.
    number: usize,
    report: &'a DossierReport,
    catalogue: &'a Catalogue,
    options: &'a RenderOptions,
    lang: Lang,
}

impl DossierPage<'_> {
    fn markup(&self) -> Markup {
        let lang = self.lang;
        let themes = tally::themes(self.report, self.catalogue, &self.options.selection, lang);
        let parts: Vec<(&str, Message, Markup)> = [
            (self.errors().next().is_some() && !self.report.out_of_scope).then(|| ("first", messages::FIRST, self.first())),
            (!themes.is_empty()).then(|| ("themes", messages::BY_THEME, self.chart(&themes))),
            Some(("gaps", messages::GAPS, self.gaps())),
            (!themes.is_empty()).then(|| ("criteria", messages::CRITERIA, self.matrix())),
            Some(("text", messages::DOSSIER_TEXT, self.text())),
        ]
        .into_iter()
        .flatten()
        .collect();
        html! {
                    section class="dossier" aria-labelledby=(self.id("title")) {
                        h2 id=(self.id("title")) lang="fr" { (self.title()) }
                        @if self.title() != visible(&self.report.dossier.path) { p class="about" { code { (visible(&self.report.dossier.path)) } } }
        @if !self.report.out_of_scope { p class="about kind" { (messages::process_type(self.report.process_type).get(lang)) ", " (messages::type_source(self.report.type_source).get(lang)) } }
                        (self.verdict())
                        nav aria-label=(self.named(messages::CONTENTS)) {
                            ul { @for (name, head, _) in &parts { li { a href={ "#" (self.id(name)) } { (head.get(lang)) } } } }
                        }
                        @for (name, head, part) in &parts { h3 id=(self.id(name)) { (head.get(lang)) } (part) }
                    }
                }
    }

    /// What the dossier calls itself.
    fn title(&self) -> String {
        let dossier = &self.report.dossier;
        let sentences = dossier.title().and_then(|block| dossier.sentences.get(block.sentences.start as usize..block.sentences.end as usize));
        let span = sentences.and_then(|all| Some(Span { end: all.last()?.span.end, ..all.first()?.span }));
        clip(&visible(&span.map_or_else(|| dossier.path.clone(), |span| dossier.reading(span))), QUOTATION, true)
    }

    /// An id of this dossier's part of the page.
    fn id(&self, name: &str) -> String {
        format!("d{}-{name}", self.number)
    }

    /// The name of a landmark, which no other dossier's has.
    fn named(&self, part: Message) -> String {
        format!("{}{}{}", part.get(self.lang), COLON.get(self.lang), visible(&self.report.dossier.path))
    }

    fn gap_id(&self, number: usize) -> String {
        self.id(&format!("gap-{number}"))
    }

    fn place_id(&self, file: FileId, offset: usize) -> String {
        self.id(&format!("file-{}-{offset}", file.0 + 1))
    }

    /// Every span that the page links to.
    fn linked(&self) -> impl Iterator<Item = Span> {
        let gaps = self.report.diagnostics.iter().flat_map(|d| d.labels.iter().map(|label| label.span).chain([d.primary]));
        gaps.chain(self.criteria().flat_map(|criterion| criterion.evidence.iter().copied()))
    }

    fn criteria(&self) -> impl Iterator<Item = &CriterionResult> {
        self.report.criteria.iter().filter(|criterion| self.options.selection.admits(&criterion.id))
    }

    fn overall(&self) -> (Message, Option<Severity>) {
        tally::overall(self.report)
    }

    fn verdict(&self) -> Markup {
        let (overall, worst) = self.overall();
        let totals = Totals::of([self.report]);
        let tail = tally::tail(&totals, self.lang);
        let satisfied = self.criteria().filter(|c| c.verdict == Verdict::Satisfied).count();
        let applicable = self.criteria().filter(|c| c.verdict != Verdict::NotApplicable).count();
        html! {
            div class={ "verdict " (worst.map_or("", Severity::id)) } {
                p class="overall" { (messages::VERDICT.get(self.lang)) (COLON.get(self.lang)) (overall.get(self.lang)) }
                @if !tail.is_empty() { p { (tail) } }
                @if let Some(compared) = tally::compared(&totals, self.lang) { p { (compared) } }
                @if applicable > 0 { p { (messages::SATISFIED_OF.fill(self.lang, &[("n", &satisfied), ("total", &applicable)])) } }
            }
        }
    }

    /// The gaps of level error, each with its number.
    fn errors(&self) -> impl Iterator<Item = (usize, &Diagnostic)> {
        (1..).zip(&self.report.diagnostics).filter(|(_, diagnostic)| diagnostic.severity == Severity::Error)
    }

    /// What a reader in a hurry reads.
    fn first(&self) -> Markup {
        html! {
            ol class="first" { @for (number, diagnostic) in self.errors() { li value=(number) { a href={ "#" (self.gap_id(number)) } { (visible(&diagnostic.message)) } } } }
        }
    }

    fn chart(&self, themes: &[tally::ThemeTally]) -> Markup {
        html! {
            div class="scroll" tabindex="0" role="region" aria-label=(self.named(messages::BY_THEME)) {
                (chart::by_theme(themes, &self.id("chart"), self.lang))
            }
        }
    }

    fn gaps(&self) -> Markup {
        let set_aside = tally::set_aside(self.report, &self.options.selection);
        html! {
            @if self.report.diagnostics.is_empty() { p { (self.overall().0.get(self.lang)) } }
            @else { ol class="gaps" { @for (number, diagnostic) in (1..).zip(&self.report.diagnostics) { (self.gap(number, diagnostic)) } } }
            @if !set_aside.is_empty() {
                h4 { (messages::SUPPRESSED.get(self.lang)) }
                ul { @for (id, reason) in set_aside { li { code { (visible(id)) } " — " (visible(reason)) } } }
            }
        }
    }

    fn gap(&self, number: usize, diagnostic: &Diagnostic) -> Markup {
        let lang = self.lang;
        let class = diagnostic.severity.id();
        html! {
            li class={ "gap " (class) } id=(self.gap_id(number)) tabindex="-1" {
                h4 { (number) ". " (visible(&diagnostic.message)) }
                p { span class={ "word " (class) } { (messages::severity(diagnostic.severity).get(lang)) } " · " code { (visible(&diagnostic.id)) } " · " (self.link(diagnostic.primary)) }
                @if diagnostic.verdict != Some(Verdict::Missing) { (self.quotation(diagnostic.primary)) }
                @for label in &diagnostic.labels { p { (self.link(label.span)) (COLON.get(lang)) (visible(&label.message)) } }
                (self.advice(diagnostic))
            }
        }
    }

    /// What to write, and on what grounds.
    fn advice(&self, diagnostic: &Diagnostic) -> Markup {
        let own = |text: &Option<String>| text.iter().cloned().collect::<Vec<_>>();
        let parts =
            [(messages::WRITE, own(&diagnostic.help)), (messages::EXAMPLE, own(&diagnostic.example)), (messages::REFERENCES, diagnostic.references.clone())];
        html! {
            @if parts.iter().any(|(_, texts)| !texts.is_empty()) {
                dl {
                    @for (head, texts) in parts.iter().filter(|(_, texts)| !texts.is_empty()) {
                        dt { (head.get(self.lang)) }
                        @for text in texts { dd { (visible(text.trim())) } }
                    }
                }
            }
        }
    }

    fn matrix(&self) -> Markup {
        let criteria: Vec<&CriterionResult> = self.criteria().collect();
        let heads = [messages::CRITERION, messages::VERDICT, messages::SEVERITY, messages::EVIDENCE];
        html! {
            div class="scroll" tabindex="0" role="region" aria-label=(self.named(messages::CRITERIA)) {
                table {
                    thead { tr { @for head in heads { th scope="col" { (head.get(self.lang)) } } } }
                    @for theme in criteria.chunk_by(|a, b| a.theme == b.theme) {
                        tbody {
                            @if let Some(first) = theme.first() { tr class="group" { th scope="rowgroup" colspan=(heads.len()) { (self.theme(&first.theme)) } } }
                            @for criterion in theme { (self.row(criterion)) }
                        }
                    }
                }
            }
        }
    }

    fn theme(&self, id: &str) -> String {
        let known = self.catalogue.themes.iter().find(|theme| theme.id == id);
        visible(known.map_or(id, |theme| theme.title.get(self.lang))).into_owned()
    }

    fn row(&self, criterion: &CriterionResult) -> Markup {
        let lang = self.lang;
        html! {
            tr {
                th scope="row" { (visible(&criterion.title)) br; code { (visible(&criterion.id)) } }
                td { span class={ "word " (verdict_class(criterion.verdict)) } { (messages::verdict(criterion.verdict).get(lang)) } }
                td { (criterion.severity.map_or("–", |severity| messages::severity(severity).get(lang))) }
                td { (self.evidence(criterion)) }
            }
        }
    }

    fn evidence(&self, criterion: &CriterionResult) -> Markup {
        let lang = self.lang;
        let reasons: Vec<_> = criterion.reasons.iter().map(|reason| visible(&reason.label)).collect();
        let gap = self.report.diagnostics.iter().position(|d| d.id == criterion.id).map(|at| at + 1);
        html! {
            @if !reasons.is_empty() { p { (messages::REASONS.get(lang)) (COLON.get(lang)) (reasons.join(", ")) } }
            @if let Some(reason) = &criterion.suppressed { p { (messages::SUPPRESSED.get(lang)) (COLON.get(lang)) (visible(reason)) } }
            @if let Some(number) = gap { p { a href={ "#" (self.gap_id(number)) } { (messages::GAP_NUMBER.fill(lang, &[("n", &number)])) } } }
            @if !criterion.evidence.is_empty() {
                ul class="evidence" { @for span in &criterion.evidence { li { q lang="fr" { (self.quoted(*span)) } " " (self.link(*span)) } } }
            }
        }
    }

    fn quotation(&self, span: Span) -> Markup {
        let text = self.quoted(span);
        html! { @if !text.is_empty() { blockquote lang="fr" { (text) } } }
    }

    fn quoted(&self, span: Span) -> String {
        clip(visible(&self.report.dossier.reading(span)).trim(), QUOTATION, true)
    }

    fn link(&self, span: Span) -> Markup {
        html! { a href={ "#" (self.place_id(span.file, span.start as usize)) } { (self.place(span)) } }
    }

    /// The line, with the file where the dossier has several.
    fn place(&self, span: Span) -> String {
        let dossier = &self.report.dossier;
        let line = messages::LINE.fill(self.lang, &[("n", &dossier.start(span).line)]);
        let path = &dossier.file(span.file).path;
        let own = path.strip_prefix(&dossier.path).map_or(path.as_str(), |rest| rest.trim_start_matches('/'));
        if dossier.files.len() == 1 { line } else { format!("{}, {line}", visible(own)) }
    }

    fn text(&self) -> Markup {
        html! {
            p { (messages::DOSSIER_TEXT_NOTE.get(self.lang)) }
            (source::files(self))
        }
    }
}

fn verdict_class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Satisfied => "satisfied",
        Verdict::Unclear => "unclear",
        Verdict::Missing => "missing",
        Verdict::NotApplicable => "na",
    }
}

#[cfg(test)]
mod tests;
