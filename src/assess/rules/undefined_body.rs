//! `redaction.instance-non-definie`: a body of which the dossier says nowhere who sits in it.

use std::ops::Range;

use crate::annotate::bodies::Body;
use crate::checks::lexicon::ClassId;
use crate::dossier::SentenceId;

use super::{Context, Finding};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let composition = context.classes("corps.composition");
    let to_fill = |body: &&Body| body.mentions.iter().any(|(sentence, name)| members_to_fill(context, *sentence, name, &composition));
    let undefined = context.annotations.bodies.iter().filter(|b| b.composition.is_empty() && !to_fill(b));
    undefined
        .filter_map(|body| {
            // what has a blank is to be completed, and said to be
            let (sentence, name) = body.mentions.iter().find(|(sentence, _)| brackets(context, *sentence).next().is_none())?;
            let primary = context.span(*sentence, name.start, name.end);
            let shown = context.dossier.reading(primary);
            Some(Finding { primary, message: "instance", primary_label: "ici", blanks: vec![("instance", shown)], ..Finding::default() })
        })
        .collect()
}

/// Tokens between « composé », « réunit », the name of a body and the blank that stands for its members, at most.
const BEFORE_MEMBERS: u32 = 2;

/// « Le comité de pilotage réunit [fonctions, nombre] », « comité de suivi : [membres] »: those who sit are to be written there. Not « le
/// comité se réunit [tous les mois] ».
fn members_to_fill(context: &Context<'_>, sentence: SentenceId, name: &Range<u32>, composition: &Range<ClassId>) -> bool {
    let after = |blank: u32, end: u32| end <= blank && blank - end <= BEFORE_MEMBERS;
    let listed = |blank: u32| after(blank, name.end) && (name.end..blank).any(|i| matches!(context.text(i), ":" | "("));
    let said = |blank: u32| {
        let words = context.annotations.marks_of(sentence).filter(|mark| composition.contains(&mark.class) && mark.start >= name.end);
        words.filter(|mark| !matches!(context.text(mark.start - 1), "se" | "s")).any(|mark| after(blank, mark.end))
    };
    brackets(context, sentence).any(|blank| listed(blank) || said(blank))
}

/// Where the blanks in square brackets of a sentence begin.
fn brackets<'a>(context: &'a Context<'_>, sentence: SentenceId) -> impl Iterator<Item = u32> + 'a {
    let all = &context.shared.placeholders;
    let here = all.binary_search_by_key(&sentence, |(id, _)| *id).ok();
    here.into_iter().flat_map(|at| all[at].1.iter().map(|(start, _)| *start)).filter(|&start| context.text(start) == "[")
}
