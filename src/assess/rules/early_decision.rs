//! `coherence.decision-anticipee`: a decision, a choice of provider or works dated before the end of the participation.

use crate::checks::format::Mode;

use super::timeline::{Event, events};
use super::{Context, Finding, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let participation: Vec<Event> = events(context, "participation");
    // several phases: what is decided between two of them may follow the first
    let Some(end) = participation
        .iter()
        .filter(|e| e.first < e.last || participation.len() == 1)
        .min_by_key(|e| e.last)
        .or_else(|| participation.iter().min_by_key(|e| e.last))
    else {
        return Vec::new();
    };
    let excused = context.sentences_with("sauf");
    let times = &context.annotations.entities.times;
    let span = |index: usize| context.place(&times.dates[index].tokens);
    events(context, "decision")
        .into_iter()
        .filter(|e| !excused.contains(&e.sentence))
        .filter(|e| e.last < end.last && !context.annotations.modes[e.sentence as usize].has(Mode::Hedge) && (e.sentence != end.sentence || e.from != end.from))
        .map(|e| Finding {
            primary: span(e.from),
            message: "anticipee",
            primary_label: "decision-ici",
            labels: vec![(span(end.to), "fin-ici")],
            ..Finding::default()
        })
        .take(SOUGHT)
        .collect()
}
