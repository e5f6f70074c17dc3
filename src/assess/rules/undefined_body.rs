//! `redaction.instance-non-definie`: a body of which the dossier says nowhere who sits in it.

use crate::dossier::SentenceId;

use super::{Context, Finding};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let undefined = context.annotations.bodies.iter().filter(|b| b.composition.is_empty());
    undefined
        .filter_map(|body| {
            let (sentence, name) = body.mentions.iter().find(|(sentence, name)| !in_blank(context, *sentence, name.start))?;
            let primary = context.span(*sentence, name.start, name.end);
            let shown = context.dossier.reading(primary);
            Some(Finding { primary, message: "instance", primary_label: "ici", blanks: vec![("instance", shown)], ..Finding::default() })
        })
        .collect()
}

/// Inside square brackets: what a template proposes.
fn in_blank(context: &Context<'_>, sentence: SentenceId, at: u32) -> bool {
    let first = context.dossier.sentences[sentence as usize].tokens.start;
    context.opened(first..at, "[", "]").is_some()
}
