//! What an editor offers to do about a gap: write the skeleton, use a model, set the gap aside with a reason, open the explanation.

use std::collections::{BTreeMap, HashMap};

use lsp_types::{
    CodeAction, CodeActionKind, Command, DocumentChange, Edit, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextDocumentIdentifier, TextEdit,
    WorkspaceEdit,
};
use serde_json::Value;
use similar::TextDiff;

use super::scene::Scene;
use crate::diagnostics::{Diagnostic, Kind, Verdict, fix};
use crate::dossier::{Block, BlockKind, Dossier, Sentence};
use crate::messages::{self, Message};
use crate::text::{FileId, Span, line_end};

/// The command that opens the explanation of an id, its only argument.
pub const EXPLAIN: &str = "cadrage.explain";
/// The kind of the action that writes every skeleton. Not `source.fixAll`: editors that apply this on saving would fill dossiers
/// with blanks.
pub const SKELETONS: &str = "source.cadrage.squelettes";
/// Words from which a model is taken for a sentence.
const SENTENCE: usize = 6;

/// What to offer for bytes `start..end` of a file; only what `admits` admits.
#[must_use]
pub fn actions(scene: &Scene, file: FileId, start: u32, end: u32, admits: impl Fn(&str) -> bool) -> Vec<CodeAction> {
    let report = &scene.analysis.report;
    let touched = |d: &&Diagnostic| d.primary.file == file && d.primary.start <= end && start <= d.primary.end;
    let here: Vec<&Diagnostic> = report.diagnostics.iter().filter(touched).collect();
    let mut out = Vec::new();
    if admits("quickfix") {
        let fixable: Vec<&Diagnostic> = here.iter().copied().filter(|d| d.fix.is_some()).collect();
        if fixable.len() > 1 {
            out.push(skeletons(scene, &fixable, CodeActionKind::QuickFix));
        }
        out.extend(fixable.iter().filter_map(|d| skeleton(scene, d, fixable.len() == 1)));
        out.extend(here.iter().flat_map(|d| models(scene, d)));
        out.extend(here.iter().filter_map(|d| explanation(scene, d)));
        out.extend(here.iter().filter(|d| d.kind != Kind::Suppression).map(|d| suppression(scene, d)));
    }
    if admits(SKELETONS) {
        let fixable: Vec<&Diagnostic> = report.diagnostics.iter().filter(|d| d.fix.is_some()).collect();
        if !fixable.is_empty() {
            out.push(skeletons(scene, &fixable, CodeActionKind::new(SKELETONS)));
        }
    }
    out
}

fn name<'a>(scene: &'a Scene, diagnostic: &'a Diagnostic) -> &'a str {
    scene.analysis.opened.session.catalogue.title(&diagnostic.id, scene.lang()).unwrap_or(&diagnostic.id)
}

fn title(scene: &Scene, change: &str, diagnostic: &Diagnostic) -> String {
    messages::CHANGE_FOR.fill(scene.lang(), &[("change", &change), ("title", &name(scene, diagnostic))])
}

fn action(scene: &Scene, title: String, diagnostic: &Diagnostic, edit: WorkspaceEdit) -> CodeAction {
    CodeAction { title, kind: Some(CodeActionKind::QuickFix), diagnostics: Some(vec![scene.shown(diagnostic)]), edit: Some(edit), ..CodeAction::default() }
}

/// Writes what one criterion lacks.
fn skeleton(scene: &Scene, diagnostic: &Diagnostic, only: bool) -> Option<CodeAction> {
    let fix = diagnostic.fix.as_ref()?;
    let edit = edit(scene, vec![(fix.span, fix.whole())]);
    Some(CodeAction { is_preferred: only.then_some(true), ..action(scene, title(scene, &fix.title, diagnostic), diagnostic, edit) })
}

/// Writes what several criteria lack; a new section once.
fn skeletons(scene: &Scene, diagnostics: &[&Diagnostic], kind: CodeActionKind) -> CodeAction {
    let mut changes = Vec::new();
    for (number, file) in (0..).zip(&scene.analysis.report.dossier.files) {
        let id = FileId(number);
        if let Some(after) = fix::apply(&file.text, id, diagnostics.iter().copied()) {
            changes.extend(difference(id, &file.text, &after));
        }
    }
    CodeAction {
        title: messages::WRITE_SKELETONS.of(scene.lang(), diagnostics.len()),
        kind: Some(kind),
        diagnostics: Some(diagnostics.iter().map(|d| scene.shown(d)).collect()),
        edit: Some(edit(scene, changes)),
        ..CodeAction::default()
    }
}

/// The changes, line by line, that turn `before` into `after`.
fn difference(file: FileId, before: &str, after: &str) -> Vec<(Span, String)> {
    let diff = TextDiff::from_lines(before, after);
    let mut starts = vec![0_u32];
    for line in diff.iter_old_slices() {
        starts.push(starts[starts.len() - 1] + line.len() as u32);
    }
    let new: Vec<&str> = diff.iter_new_slices().collect();
    let changed = diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal);
    changed.map(|op| (Span::new(file, starts[op.old_range().start], starts[op.old_range().end]), new[op.new_range()].concat())).collect()
}

/// Puts the model of what is vague in its place, or after it.
fn models(scene: &Scene, diagnostic: &Diagnostic) -> Vec<CodeAction> {
    let dossier = &scene.analysis.report.dossier;
    let (Some(model), Some((sentence, block))) = (model(scene, diagnostic), around(dossier, diagnostic.primary)) else { return Vec::new() };
    let written = dossier.slice(sentence.span);
    if !matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Footnote) || written.contains(&model) {
        return Vec::new();
    }
    let make = |message: Message, span: Span, text: String| {
        action(scene, title(scene, message.get(scene.lang()), diagnostic), diagnostic, edit(scene, vec![(span, text)]))
    };
    if model.split_whitespace().count() < SENTENCE {
        return vec![make(messages::USE_MODEL_FOR_WORDS, diagnostic.primary, model)];
    }
    let ends = |text: &str| text.trim_end_matches(['»', '"', ')', ' ', '\u{a0}']).ends_with(['.', '!', '?', '…', ':', ';']);
    let stop = if ends(&model) || !ends(written) { "" } else { "." };
    let model = format!("{model}{stop}");
    let after = Span::new(sentence.span.file, sentence.span.end, sentence.span.end);
    let added = format!(" {model}");
    vec![make(messages::USE_MODEL, sentence.span, model), make(messages::ADD_MODEL, after, added)]
}

/// The French wording, with blanks, that would do in the place of what a diagnostic is about: that of the plan for a criterion, that
/// which the help of a rule quotes.
fn model(scene: &Scene, diagnostic: &Diagnostic) -> Option<String> {
    let session = &scene.analysis.opened.session;
    if diagnostic.kind == Kind::Criterion && diagnostic.verdict == Some(Verdict::Unclear) {
        let criterion = session.catalogue.criterion(&diagnostic.id)?;
        return Some(session.catalogue.plan.wording(criterion, scene.analysis.report.process_type).to_owned());
    }
    let rule = session.catalogue.rule(&diagnostic.id)?;
    if diagnostic.help.as_deref() != Some(rule.help.get(session.lang)) {
        return None;
    }
    let quoted = rule.help.fr.split('«').skip(1).filter_map(|part| part.split_once('»'));
    quoted.map(|(text, _)| text.trim_matches([' ', '\u{a0}', '\u{202f}']).to_owned()).find(|text| text.contains('['))
}

fn around(dossier: &Dossier, span: Span) -> Option<(&Sentence, &Block)> {
    let sentence = dossier.sentences.iter().find(|s| s.span.file == span.file && s.span.start <= span.start && span.start < s.span.end)?;
    Some((sentence, &dossier.blocks[sentence.block as usize]))
}

/// Sets a gap aside. The reason is left to be written: until then the comment itself is reported.
fn suppression(scene: &Scene, diagnostic: &Diagnostic) -> CodeAction {
    let dossier = &scene.analysis.report.dossier;
    // where nothing is said, a comment reaches no passage: it speaks for the file
    let mute = passage(dossier, diagnostic.primary).is_none_or(|number| dossier.blocks[number].sentences.is_empty());
    let whole = diagnostic.kind == Kind::Rule && mute;
    let comment = format!("<!-- cadrage: {} {} — -->", if whole { "ignore-file" } else { "ignore" }, diagnostic.id);
    let (at, text) = suppression_place(dossier, diagnostic, &comment);
    action(scene, title(scene, messages::SUPPRESS.get(scene.lang()), diagnostic), diagnostic, edit(scene, vec![(at, text)]))
}

/// The block that a place is in, unless it is of code.
fn passage(dossier: &Dossier, place: Span) -> Option<usize> {
    let holds = |block: &Block| block.span.file == place.file && block.span.start <= place.start && place.start < block.span.end.max(block.span.start + 1);
    dossier.blocks.iter().position(holds).filter(|number| dossier.blocks[*number].kind != BlockKind::Code)
}

/// On a line of its own before the passage, where this does not break what stands there; within the passage otherwise. What is
/// expected under a heading is set aside under it; where there is nothing but code to begin with, above all of it.
fn suppression_place(dossier: &Dossier, diagnostic: &Diagnostic, comment: &str) -> (Span, String) {
    let file = diagnostic.primary.file;
    let text = &dossier.file(file).text;
    let line_end = line_end(text);
    let insertion = |at: usize| Span::new(file, at as u32, at as u32);
    let Some(number) = passage(dossier, diagnostic.primary) else {
        let Some(matter) = &dossier.file(file).front_matter else {
            return (insertion(byte_order_mark(text)), format!("{comment}{line_end}{line_end}"));
        };
        return (insertion(end_of_line(text, matter.span.end as usize)), format!("{line_end}{line_end}{comment}"));
    };
    let block = &dossier.blocks[number];
    let first = &dossier.blocks[first_row(dossier, number)];
    let line_start = text[..first.span.start as usize].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    let alone = text[line_start..first.span.start as usize].trim_matches(['\u{feff}', '|']).is_empty() && !first.quoted;
    let movable = matches!(first.kind, BlockKind::Paragraph | BlockKind::Heading { .. } | BlockKind::TableRow { .. });
    if !alone || !movable || goes_on(dossier, first_row(dossier, number)) {
        return (insertion(end_of_text(dossier, block)), format!(" {comment}"));
    }
    let below = matches!(block.kind, BlockKind::Heading { .. }) && diagnostic.kind == Kind::Criterion && !goes_on(dossier, number + 1);
    if below {
        return (insertion(end_of_line(text, end(dossier, block))), format!("{line_end}{line_end}{comment}"));
    }
    (insertion(line_start.max(byte_order_mark(text))), format!("{comment}{line_end}{line_end}"))
}

/// The first row of the table that holds a block; the block itself elsewhere.
fn first_row(dossier: &Dossier, mut number: usize) -> usize {
    let in_row = |at: usize| matches!(dossier.blocks[at].kind, BlockKind::TableRow { .. });
    while in_row(number) && number > 0 && in_row(number - 1) {
        number -= 1;
    }
    number
}

/// Whether a block goes on with the paragraph whose first words serve as a heading, on its line or on the next.
fn goes_on(dossier: &Dossier, number: usize) -> bool {
    let (Some(block), Some(before)) = (dossier.blocks.get(number), number.checked_sub(1).map(|before| &dossier.blocks[before])) else { return false };
    let headed = matches!(before.kind, BlockKind::Heading { .. }) && before.span.file == block.span.file && block.kind == BlockKind::Paragraph;
    if !headed || dossier.sections[before.section as usize].marked {
        return false;
    }
    let between = dossier.slice(Span::new(block.span.file, before.span.end, block.span.start));
    between.replace("\r\n", "\n").matches(['\n', '\r']).count() < 2
}

/// Where the line end before the underline of a heading is.
fn underline(heading: &str) -> Option<usize> {
    let heading = heading.trim_end();
    let at = heading.rfind(['\n', '\r'])?;
    let marks = heading[at..].trim_matches([' ', '\t', '\n', '\r', '>']);
    (!marks.is_empty() && (marks.bytes().all(|b| b == b'=') || marks.bytes().all(|b| b == b'-'))).then_some(at)
}

/// Where a comment goes that stands within a block: in the last cell of a row, before the marks that end a heading.
fn end_of_text(dossier: &Dossier, block: &Block) -> usize {
    let text = dossier.slice(block.span).trim_end();
    let kept = match block.kind {
        BlockKind::TableRow { .. } => text.strip_suffix('|').filter(|row| !row.ends_with('\\')).unwrap_or(text),
        BlockKind::Heading { .. } => &text[..underline(text).unwrap_or(text.len())],
        _ => text,
    };
    let kept = kept.trim_end();
    let hashes = if matches!(block.kind, BlockKind::Heading { .. }) { kept.trim_end_matches('#') } else { kept };
    // a hash that no blank precedes is a letter
    let kept = if hashes.ends_with([' ', '\t']) && !hashes.trim().is_empty() { hashes.trim_end() } else { kept };
    block.span.start as usize + kept.len()
}

/// Where the text of a block ends, its underline with it.
fn end(dossier: &Dossier, block: &Block) -> usize {
    block.span.start as usize + dossier.slice(block.span).trim_end().len()
}

fn end_of_line(text: &str, at: usize) -> usize {
    at + text[at..].find(['\n', '\r']).unwrap_or(text.len() - at)
}

/// Bytes of the mark at the beginning of a text.
fn byte_order_mark(text: &str) -> usize {
    if text.starts_with('\u{feff}') { 3 } else { 0 }
}

fn explanation(scene: &Scene, diagnostic: &Diagnostic) -> Option<CodeAction> {
    scene.page(&diagnostic.id)?;
    let label = messages::OPEN_EXPLANATION.get(scene.lang());
    let command = explain(label.to_owned(), &diagnostic.id);
    let title = title(scene, label, diagnostic);
    Some(CodeAction { edit: None, command: Some(command), ..action(scene, title, diagnostic, WorkspaceEdit::default()) })
}

/// The command that opens the explanation of `id`.
#[must_use]
pub fn explain(title: String, id: &str) -> Command {
    Command { title, tooltip: None, command: EXPLAIN.to_owned(), arguments: Some(vec![Value::String(id.to_owned())]) }
}

fn edit(scene: &Scene, changes: Vec<(Span, String)>) -> WorkspaceEdit {
    let mut by_file: BTreeMap<FileId, Vec<TextEdit>> = BTreeMap::new();
    for (span, new_text) in changes {
        by_file.entry(span.file).or_default().push(TextEdit { range: scene.range(span), new_text });
    }
    if !scene.client.document_changes {
        let changes: HashMap<_, _> = by_file.into_iter().map(|(file, edits)| (scene.open_file(file).uri.clone(), edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let document = |(file, edits): (FileId, Vec<TextEdit>)| {
        let open = scene.open_file(file);
        let text_document =
            OptionalVersionedTextDocumentIdentifier { version: open.version, text_document_identifier: TextDocumentIdentifier { uri: open.uri.clone() } };
        DocumentChange::TextDocumentEdit(TextDocumentEdit { text_document, edits: edits.into_iter().map(Edit::TextEdit).collect() })
    };
    WorkspaceEdit { document_changes: Some(by_file.into_iter().map(document).collect()), ..WorkspaceEdit::default() }
}
