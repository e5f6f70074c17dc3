//! The criteria of a file by theme, as symbols; the score of each theme, as lenses at the dossier's title.

use lsp_types::{BaseSymbolInformation, CodeLens, DocumentSymbol, Location, SymbolInformation, SymbolKind};

use super::scene::Scene;
use super::{actions, pages};
use crate::diagnostics::filter::Selection;
use crate::diagnostics::{CriterionResult, Verdict};
use crate::messages;
use crate::report::{overall, themes};
use crate::text::{FileId, Span};

/// Themes with their criteria that a file settles or should settle, in order of the catalogue.
#[must_use]
#[allow(deprecated)] // the protocol's own field
pub fn symbols(scene: &Scene, file: FileId) -> Vec<DocumentSymbol> {
    let (lang, catalogue) = (scene.lang(), &scene.analysis.opened.session.catalogue);
    let symbol = |name: String, detail: String, kind: SymbolKind, span: Span, children: Option<Vec<DocumentSymbol>>| {
        let range = scene.range(span);
        DocumentSymbol { name, detail: Some(detail), kind, tags: None, deprecated: None, range, selection_range: range, children }
    };
    let theme = |theme: &crate::checks::Theme| {
        let own: Vec<&CriterionResult> = scene.analysis.report.criteria.iter().filter(|c| c.theme == theme.id).collect();
        let placed: Vec<(&CriterionResult, Span)> = own.iter().filter_map(|c| Some((*c, place(scene, file, c)?))).collect();
        let whole = placed.iter().map(|(_, span)| *span).reduce(Span::join)?;
        let criteria = placed.iter().map(|(c, span)| {
            symbol(format!("{} {}", c.verdict.symbol(), c.title), messages::verdict(c.verdict).get(lang).to_owned(), SymbolKind::Property, *span, None)
        });
        let count = |verdict: Verdict| own.iter().filter(|c| c.verdict == verdict).count();
        let detail = format!("{}/{}", count(Verdict::Satisfied), own.len() - count(Verdict::NotApplicable));
        Some(symbol(theme.title.get(lang).to_owned(), detail, SymbolKind::Module, whole, Some(criteria.collect())))
    };
    catalogue.themes.iter().filter_map(theme).collect()
}

/// The same for a client that takes no nested symbols.
#[must_use]
#[allow(deprecated)] // the protocol's own field
pub fn flat(scene: &Scene, file: FileId) -> Vec<SymbolInformation> {
    let uri = &scene.open_file(file).uri;
    let criteria = |theme: DocumentSymbol| {
        let container = theme.name;
        let one = move |child: DocumentSymbol| SymbolInformation {
            deprecated: None,
            location: Location { uri: uri.clone(), range: child.range },
            base_symbol_information: BaseSymbolInformation { name: child.name, kind: child.kind, tags: None, container_name: Some(container.clone()) },
        };
        theme.children.unwrap_or_default().into_iter().map(one)
    };
    symbols(scene, file).into_iter().flat_map(criteria).collect()
}

/// Where a file settles a criterion, or should.
fn place(scene: &Scene, file: FileId, criterion: &CriterionResult) -> Option<Span> {
    let evidence = criterion.evidence.iter().copied().find(|span| span.file == file);
    let expected = || scene.analysis.report.diagnostics.iter().find(|d| d.id == criterion.id && d.primary.file == file).map(|d| d.primary);
    evidence.or_else(expected)
}

/// The verdict on the whole and the score of each theme, over the title of the dossier.
#[must_use]
pub fn lenses(scene: &Scene, file: FileId) -> Vec<CodeLens> {
    let (lang, report) = (scene.lang(), &scene.analysis.report);
    let catalogue = &scene.analysis.opened.session.catalogue;
    let title = report.dossier.title().map(|block| block.span).unwrap_or_default();
    // of a document that frames nothing, and that nobody called a dossier, there is nothing to say over its title
    if title.file != file || report.out_of_scope && !scene.analysis.named {
        return Vec::new();
    }
    let lens = |title_text: String, id: &str| CodeLens { range: scene.range(title), command: Some(actions::explain(title_text, id)), data: None };
    let (verdict, _) = overall(report);
    let scores = themes(report, catalogue, &Selection::default(), lang).into_iter().map(|theme| {
        let applicable = theme.counts.satisfied + theme.counts.unclear + theme.counts.missing;
        let text = messages::THEME_SCORE.fill(lang, &[("theme", &theme.title), ("n", &theme.counts.satisfied), ("total", &applicable)]);
        lens(text, &theme.id)
    });
    let whole = format!("{}{}{}", messages::VERDICT.get(lang), messages::COLON.get(lang), verdict.get(lang));
    std::iter::once(lens(whole, pages::INDEX)).chain(scores).collect()
}
