//! What is shown under the pointer: on a diagnostic, what is wrong and what to write; on a heading, the state of what is settled or
//! expected there.

use std::fmt::Write as _;

use lsp_types::{Contents, Hover, MarkupContent, MarkupKind};

use super::pages;
use super::scene::Scene;
use crate::diagnostics::{CriterionResult, Diagnostic, Verdict};
use crate::dossier::BlockKind;
use crate::messages::{self, COLON};
use crate::report::markdown;
use crate::text::{FileId, Span};

/// Diagnostics told in full; the others of the same place in a line each.
const FULL: usize = 3;

/// What to show at byte `offset` of a file.
#[must_use]
pub fn hover(scene: &Scene, file: FileId, offset: u32) -> Option<Hover> {
    let report = &scene.analysis.report;
    let under = |span: Span| span.file == file && span.start <= offset && offset <= span.end;
    let mut here: Vec<&Diagnostic> = report.diagnostics.iter().filter(|d| under(d.primary)).collect();
    // the most precise place first, then the gravest
    here.sort_by_key(|d| (d.primary.end - d.primary.start, std::cmp::Reverse(d.severity)));
    let mut text = String::new();
    for diagnostic in here.iter().take(FULL) {
        if !text.is_empty() {
            text.push_str("---\n\n");
        }
        full(scene, diagnostic, &mut text);
    }
    let rest: Vec<String> = here.iter().skip(FULL).map(|d| format!("- {}\n", head(scene, d))).collect();
    if !rest.is_empty() {
        let _ = write!(text, "---\n\n{}\n", rest.concat());
    }
    let heading = heading(scene, file, offset);
    if let Some((_, section)) = heading {
        settled(scene, section, &mut text);
    }
    let span = here.first().map(|d| d.primary).or(heading.map(|(span, _)| span))?;
    if text.is_empty() {
        return None;
    }
    let kind = if scene.client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let value = if scene.client.markdown { text } else { plain(&text) };
    Some(Hover { contents: Contents::MarkupContent(MarkupContent { kind, value }), range: Some(scene.range(span)) })
}

// A String is always written to.

fn full(scene: &Scene, diagnostic: &Diagnostic, out: &mut String) {
    let (lang, session) = (scene.lang(), &scene.analysis.opened.session);
    let _ = write!(out, "{}\n\n{}\n\n", head(scene, diagnostic), markdown(&diagnostic.told()));
    let asked = pages::summary(session, &diagnostic.id);
    // a criterion's general help is part of what is asked
    if let Some(help) = diagnostic.help.as_ref().filter(|help| !asked.contains(&markdown(help))) {
        pages::paragraph(out, messages::WRITE, help, lang);
    }
    out.push_str(&asked);
    if let Some(example) = &diagnostic.example {
        pages::paragraph(out, messages::MODEL, example, lang);
    }
    if let Some(page) = scene.page(&diagnostic.id) {
        let label = messages::OPEN_EXPLANATION.get(lang);
        let link = if scene.client.markdown { format!("[{label}]({page})") } else { format!("{label}{}{page}", COLON.get(lang)) };
        let _ = write!(out, "{link}\n\n");
    }
}

/// « **Pilotage** — imprécis `gouvernance.pilotage` ».
fn head(scene: &Scene, diagnostic: &Diagnostic) -> String {
    let (lang, session) = (scene.lang(), &scene.analysis.opened.session);
    let state = diagnostic.verdict.map_or_else(|| messages::severity(diagnostic.severity), messages::verdict).get(lang);
    match session.catalogue.title(&diagnostic.id, lang) {
        Some(title) => format!("**{}** — {state} `{}`", markdown(title), diagnostic.id),
        None => format!("**{state}** `{}`", diagnostic.id),
    }
}

/// The heading at a place, and what stands under it, headings of a lower rank included.
fn heading(scene: &Scene, file: FileId, offset: u32) -> Option<(Span, Span)> {
    let dossier = &scene.analysis.report.dossier;
    let block = dossier.blocks.iter().find(|b| b.span.file == file && b.span.start <= offset && offset <= b.span.end)?;
    if !matches!(block.kind, BlockKind::Heading { .. }) {
        return None;
    }
    let section = &dossier.sections[block.section as usize];
    let last = dossier.sections[(section.end as usize).max(block.section as usize + 1) - 1].blocks.end as usize;
    let end = dossier.blocks.get(last.checked_sub(1)?).filter(|b| b.span.file == file)?.span.end;
    Some((block.span, Span::new(file, block.span.start, end)))
}

/// The criteria that are settled within `section`, a line each.
fn settled(scene: &Scene, section: Span, out: &mut String) {
    let lang = scene.lang();
    let within = |c: &&CriterionResult| c.verdict == Verdict::Satisfied && c.evidence.iter().any(|e| section.contains(*e));
    let lines: Vec<String> = scene.analysis.report.criteria.iter().filter(within).map(|c| format!("- ✓ {} `{}`\n", markdown(&c.title), c.id)).collect();
    if !lines.is_empty() {
        let _ = write!(out, "**{}**\n\n{}\n", messages::UNDER_HEADING.get(lang), lines.concat());
    }
}

/// The same for a client that shows no Markdown.
fn plain(text: &str) -> String {
    let bare = text.replace("\n---\n\n", "\n").replace("**", "").replace(['\\', '`'], "");
    html_escape::decode_html_entities(bare.trim_end()).replace('\u{200b}', "")
}
