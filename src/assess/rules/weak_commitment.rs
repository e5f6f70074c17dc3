//! `redaction.engagement-flou`: a promise hedged, in the conditional or without an author.
//!
//! Its patterns: `auteur`, what names the author of the promises that follow.

use std::collections::HashSet;

use crate::annotate::commitments::{Commitment, Firmness};
use crate::assess::promises::Promises;
use crate::dossier::SentenceId;

use super::{Context, Finding, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let authors = context.sentences_with("auteur");
    let authored = |c: &Commitment| c.firmness == Firmness::Agentless && c.nobody.is_none() && author_before(context, &authors, c.sentence);
    let promises = Promises::new(context.dossier, context.annotations, context.catalogue);
    let told = |c: &&Commitment| !authored(c) && !context.subjects.under_project(c.sentence) && promises.to_participants(c);
    context.annotations.commitments.iter().filter(told).filter_map(|c| finding(context, c)).take(SOUGHT).collect()
}

/// « La ville s'engage : », « Les engagements du maire », « Responsable : la directrice »: who makes the promise is told by what leads to its
/// list, by its heading or by the sentence before.
fn author_before(context: &Context<'_>, authors: &HashSet<SentenceId>, sentence: SentenceId) -> bool {
    let block = context.block(sentence);
    let before = sentence.checked_sub(1).filter(|before| block.sentences.contains(before));
    let heading = context.dossier.sections[block.section as usize].heading;
    let heading = heading.map(|heading| context.dossier.blocks[heading as usize].sentences.start);
    [block.lead_in, before, heading].into_iter().flatten().any(|told| authors.contains(&told))
}

fn finding(context: &Context<'_>, commitment: &Commitment) -> Option<Finding> {
    let span = |range: &std::ops::Range<u32>| context.span(commitment.sentence, range.start, range.end);
    let weak = &context.with_clitics(commitment.weak.as_ref()?);
    if quoted(context, commitment, weak.start) || context.reported(commitment.sentence, weak) {
        return None;
    }
    let primary = span(weak);
    let (message, primary_label) = match commitment.firmness {
        Firmness::Firm => return None,
        Firmness::Hedged => ("attenue", "reserve"),
        Firmness::Conditional => ("conditionnel", "reserve"),
        Firmness::Agentless if commitment.when.is_some() || commitment.some_day.is_some() => ("sans-auteur", "qui"),
        Firmness::Agentless => ("sans-auteur", "quand"),
    };
    let apart = |range: &std::ops::Range<u32>| range.end <= weak.start || range.start >= weak.end;
    let mut labels = Vec::new();
    labels.extend(Some(&commitment.what).filter(|r| apart(r)).map(|r| (span(r), "promesse")));
    labels.extend(commitment.nobody.as_ref().filter(|r| apart(r)).map(|r| (span(r), "auteur")));
    labels.extend(commitment.some_day.as_ref().filter(|r| apart(r)).map(|r| (span(r), "moment")));
    let words = context.dossier.reading(primary);
    Some(Finding { primary, message, primary_label, labels, blanks: vec![("mots", words)], ..Finding::default() })
}

/// « Une mère nous a dit : « on devrait nous répondre » »: the words of nobody who can promise.
fn quoted(context: &Context<'_>, commitment: &Commitment, at: u32) -> bool {
    let first = context.dossier.sentences[commitment.sentence as usize].tokens.start;
    let opened = context.opened(first..at, "«", "»").filter(|opened| *opened > first || first > 0 && context.text(first - 1) == ":");
    opened.is_some_and(|opened| commitment.who.as_ref().is_none_or(|who| who.start > opened))
}
