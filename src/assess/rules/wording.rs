//! Rules that report each occurrence of a wording: `redaction.question-orientee`, `redaction.surpromesse`.
//!
//! Their patterns: `mention`, what is reported; `sauf`, what excuses the sentence; `reponse`, what answers a question right after it;
//! `leve`, what lifts the rule wherever it is said.

use std::collections::HashSet;

use crate::checks::format::Mode;

use super::super::hits::Hit;
use super::{Context, Finding, SOUGHT};
use crate::dossier::{BlockKind, SentenceId};

/// Leading questions.
pub(super) fn question(context: &Context<'_>) -> Vec<Finding> {
    let answers = context.sentences_with("reponse");
    found(context, |hit| {
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
    found(context, |hit| !hit.denied() && !context.annotations.modes[hit.sentence as usize].has(Mode::Question))
}

fn found(context: &Context<'_>, reported: impl Fn(&Hit) -> bool) -> Vec<Finding> {
    let excused = context.sentences_with("sauf");
    let quiet = |hit: &Hit| {
        let modes = context.annotations.modes[hit.sentence as usize];
        modes.has(Mode::Past) || modes.has(Mode::Law) || excused.contains(&hit.sentence)
    };
    let report = |hit: &Hit| Finding { primary: context.words(hit), message: "mention", ..Finding::default() };
    context.named("mention").iter().filter(|h| reported(h) && !quiet(h)).map(report).take(SOUGHT).collect()
}
