//! The text of a dossier with its gaps marked in place, each mark followed by links to its gaps.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use maud::{Markup, html};

use super::DossierPage;
use crate::diagnostics::Severity;
use crate::messages;
use crate::report::plain::visible_lines;
use crate::text::{FileId, Span};

/// A gap in a file.
struct Mark {
    severity: Severity,
    bytes: Range<usize>,
}

/// One file, marked.
struct Source<'a> {
    page: &'a DossierPage<'a>,
    file: FileId,
    text: &'a str,
    marks: Vec<Mark>,
    /// Numbers of the gaps by the byte at which they end.
    ended: BTreeMap<usize, Vec<usize>>,
    /// Bytes that something on the page links to.
    places: BTreeSet<usize>,
}

/// All files of the dossier.
pub(super) fn files(page: &DossierPage<'_>) -> Markup {
    html! {
        @for (at, file) in (0..).zip(&page.report.dossier.files) {
            h4 { (visible_lines(&file.path)) }
            pre class="source" lang="fr" { (Source::new(page, FileId(at), &file.text).markup()) }
        }
    }
}

impl<'a> Source<'a> {
    fn new(page: &'a DossierPage<'a>, file: FileId, text: &'a str) -> Self {
        let diagnostics = page.report.diagnostics.iter().zip(1..).filter(|(d, _)| d.primary.file == file);
        let mut ended: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut marks = Vec::new();
        for (diagnostic, number) in diagnostics {
            let bytes = bytes(text, diagnostic.primary);
            ended.entry(bytes.end).or_default().push(number);
            marks.push(Mark { severity: diagnostic.severity, bytes });
        }
        let linked = page.linked().filter(|span| span.file == file).map(|span| bytes(text, span).start).collect();
        Self { page, file, text, marks, ended, places: linked }
    }

    fn markup(&self) -> Markup {
        let ends = self.marks.iter().flat_map(|mark| [mark.bytes.start, mark.bytes.end]);
        let mut cuts: BTreeSet<usize> = self.places.iter().copied().chain(ends).collect();
        cuts.extend([0, self.text.len()]);
        let cuts: Vec<usize> = cuts.into_iter().collect();
        let gravest = self.gravest(&cuts);
        html! {
            @for (at, cut) in cuts.iter().enumerate() {
                (self.references(*cut))
                @if self.places.contains(cut) { span class="place" id=(self.page.place_id(self.file, *cut)) {} }
                @if let Some(next) = cuts.get(at + 1) { (self.piece(*cut..*next, gravest[at])) }
            }
        }
    }

    /// For each cut, the gravest of the gaps that what follows it belongs to. Gaps are in order of their beginning.
    fn gravest(&self, cuts: &[usize]) -> Vec<Option<Severity>> {
        let mut marks = self.marks.iter().peekable();
        let mut open: Vec<&Mark> = Vec::new();
        let gravest = |cut: &usize| {
            open.extend(std::iter::from_fn(|| marks.next_if(|mark| mark.bytes.start <= *cut)));
            open.retain(|mark| mark.bytes.end > *cut);
            open.iter().map(|mark| mark.severity).max()
        };
        cuts.iter().map(gravest).collect()
    }

    /// Text that no mark begins or ends in.
    fn piece(&self, bytes: Range<usize>, gravest: Option<Severity>) -> Markup {
        let text = visible_lines(&self.text[bytes]);
        html! {
            @match gravest {
                Some(severity) => { mark class=(severity.id()) { (text) } }
                None => { (text) }
            }
        }
    }

    /// Links to the gaps that end at `cut`.
    fn references(&self, cut: usize) -> Markup {
        let ended = self.ended.get(&cut).map_or(&[][..], Vec::as_slice);
        html! {
            @if !ended.is_empty() {
                sup class="refs" {
                    @for number in ended {
                        a href={ "#" (self.page.gap_id(*number)) } aria-label=(messages::GAP_NUMBER.fill(self.page.lang, &[("n", number)])) { (number) }
                    }
                }
            }
        }
    }
}

/// The bytes of a span, moved outwards to whole characters.
fn bytes(text: &str, span: Span) -> Range<usize> {
    let mut start = (span.start as usize).min(text.len());
    let mut end = (span.end as usize).clamp(start, text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
