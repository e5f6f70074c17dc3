//! Rules that report each occurrence of a wording: `redaction.question-orientee`, `redaction.surpromesse`.
//!
//! Their patterns: `mention` and `acceptation`, what is reported, each with the message of its name; `sauf`, what excuses the sentence;
//! `reponse`, what answers a question right after it; `leve`, what lifts the rule wherever it is said.

use std::collections::HashSet;

use crate::checks::format::Mode;

use super::super::hits::Hit;
use super::{Context, Finding, SOUGHT};
use crate::dossier::{BlockKind, SentenceId};

/// Leading questions.
pub(super) fn question(context: &Context<'_>) -> Vec<Finding> {
    let answers = context.sentences_with("reponse");
    found(context, &["acceptation", "mention"], |hit| {
        !hit.denied()
            && !answered(context, &answers, hit)
            && (context.annotations.modes[hit.sentence as usize].has(Mode::Question) || asked_in_row(context, hit))
    })
}

/// « N'est-ce pas déjà décidé ? Non. »: a question of those who read, with its answer, right after it or first below it where it is a title.
fn answered(context: &Context<'_>, answers: &HashSet<SentenceId>, hit: &Hit) -> bool {
    let block = |sentence: SentenceId| context.dossier.sentences[sentence as usize].block;
    let next = hit.sentence + 1;
    answers.contains(&next) && (block(next) == block(hit.sentence) || below(context.kind(hit.sentence), context.kind(next)))
}

/// The text below a title.
fn below(title: &BlockKind, text: &BlockKind) -> bool {
    matches!(title, BlockKind::Heading { .. }) && matches!(text, BlockKind::Paragraph)
}

/// In a row of a table, other cells may follow the question.
fn asked_in_row(context: &Context<'_>, hit: &Hit) -> bool {
    let end = context.dossier.sentences[hit.sentence as usize].tokens.end;
    let cell = (hit.tokens(context.dossier).end..end).map(|i| context.text(i)).take_while(|text| *text != "|");
    matches!(context.kind(hit.sentence), BlockKind::TableRow { .. }) && cell.last() == Some("?")
}

/// Promises that the process cannot keep.
pub(super) fn promise(context: &Context<'_>) -> Vec<Finding> {
    if context.named("leve").iter().any(|h| !h.denied()) {
        return Vec::new();
    }
    // « Toutes les idées seront-elles retenues ? »: no promise
    found(context, &["mention"], |hit| !context.denied(hit) && !context.annotations.modes[hit.sentence as usize].has(Mode::Question))
}

/// What is reported of the lists of patterns of these names, once a sentence: that of the first list in which it is.
fn found(context: &Context<'_>, lists: &[&'static str], reported: impl Fn(&Hit) -> bool) -> Vec<Finding> {
    let excused = context.sentences_with("sauf");
    let quiet = |hit: &Hit| {
        let modes = context.annotations.modes[hit.sentence as usize];
        modes.has(Mode::Past) || modes.has(Mode::Law) || excused.contains(&hit.sentence) || context.reported(hit.sentence, &hit.tokens(context.dossier))
    };
    let of_list = |name: &'static str| context.named(name).into_iter().map(move |hit| (hit, name));
    let mut hits: Vec<(Hit, &'static str)> = lists.iter().copied().flat_map(of_list).filter(|(hit, _)| reported(hit)).collect();
    hits.sort_by_key(|(hit, _)| hit.sentence);
    hits.dedup_by_key(|(hit, _)| hit.sentence);
    let report = |(hit, message): (Hit, &'static str)| {
        let words = context.with_clitics(&hit.tokens(context.dossier));
        Finding { primary: context.span(hit.sentence, words.start, words.end), message, ..Finding::default() }
    };
    hits.into_iter().filter(|(hit, _)| !quiet(hit)).map(report).take(SOUGHT).collect()
}
