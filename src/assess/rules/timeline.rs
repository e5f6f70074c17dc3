//! Which date is the date of what: participation, answer, decision, works. Read from the rule's patterns, sentence by
//! sentence, row by row.

use std::ops::Range;

use jiff::civil::Date;

use crate::annotate::time::{DateMention, Precision};
use crate::checks::format::Mode;
use crate::dossier::{BlockKind, SentenceId};
use crate::messages;

use super::super::hits::Hit;
use super::Context;

/// Something dated.
#[derive(Debug, Clone)]
pub struct Event {
    /// The sentence.
    pub sentence: SentenceId,
    /// The words that tell it, tokens of the dossier.
    pub words: Range<u32>,
    /// Index of the date, or of the period's first, in the annotations.
    pub from: usize,
    /// Index of the period's last date; `from` for a single date.
    pub to: usize,
    /// First day that it may begin.
    pub first: Date,
    /// Last day that it may end.
    pub last: Date,
}

impl Event {
    /// Its last day, or the month that the text gives. « Les 6 et 13 novembre 2027 »: « 6 » by itself tells nothing.
    #[must_use]
    pub fn end(&self, context: &Context<'_>) -> String {
        let date = &context.annotations.entities.times.dates[self.to];
        match date.precision {
            Precision::Day => messages::date(self.last, context.lang),
            _ => context.dossier.reading(context.place(&date.tokens)),
        }
    }
}

/// The events that a named list of patterns tells, each with the date nearest to its words. Sentences that tell of the past,
/// deny or quote the law are left out.
#[must_use]
pub fn events(context: &Context<'_>, name: &str) -> Vec<Event> {
    context.named(name).into_iter().filter(|h| told(context, h)).filter_map(|hit| event(context, hit)).collect()
}

/// The events of the participation: what the list `participation` tells, and the sittings of a section, told by the list `seances`, as one event.
#[must_use]
pub fn participation(context: &Context<'_>) -> Vec<Event> {
    let sittings = events(context, "seances");
    let of_a_sitting = |event: &Event| sittings.binary_search_by_key(&event.sentence, |sitting| sitting.sentence).is_ok();
    let mut out: Vec<Event> =
        events(context, "participation").into_iter().filter(|event| !of_a_sitting(event) && !context.subjects.of_project(event.sentence)).collect();
    let section = |event: &Event| context.block(event.sentence).section;
    out.extend(sittings.chunk_by(|a, b| section(a) == section(b)).filter_map(|series| {
        let (first, last) = (series.iter().min_by_key(|event| event.first)?, series.iter().max_by_key(|event| event.last)?);
        Some(Event { from: first.from, first: first.first, ..last.clone() })
    }));
    out.sort_by_key(|event| event.sentence);
    out
}

fn told(context: &Context<'_>, hit: &Hit) -> bool {
    let modes = context.annotations.modes[hit.sentence as usize];
    !context.denied(hit) && !modes.has(Mode::Past) && !modes.has(Mode::Law) && !modes.has(Mode::Question)
}

/// Indices of the dates of a sentence that are precise to the month at least and have a year.
#[must_use]
pub fn dates_of(context: &Context<'_>, sentence: SentenceId) -> Vec<usize> {
    let tokens = &context.dossier.sentences[sentence as usize].tokens;
    let dates = &context.annotations.entities.times.dates;
    let from = dates.partition_point(|d| d.tokens.start < tokens.start);
    (from..dates.len())
        .take_while(|&i| dates[i].tokens.start < tokens.end)
        .filter(|&i| dates[i].precision <= Precision::Month && dates[i].first_day().is_some())
        .collect()
}

fn event(context: &Context<'_>, hit: Hit) -> Option<Event> {
    let dates = dates_of(context, hit.sentence);
    let row = matches!(context.kind(hit.sentence), BlockKind::TableRow { .. });
    let all = &context.annotations.entities.times;
    let words = hit.tokens(context.dossier);
    let same_clause = |d: &DateMention| {
        // « un questionnaire à la fin de chaque atelier ; le bilan en est tiré le 3 mai »: the date is of the second clause
        let within = d.tokens.start.min(words.end);
        if (words.start + 1..within).any(|i| context.text(i) == ";") {
            return false;
        }
        let (a, b) = if d.tokens.start >= words.end { (words.end, d.tokens.start) } else { (d.tokens.end, words.start) };
        (a..b.max(a)).all(|i| !matches!(context.text(i), ";" | ":" | "."))
    };
    let nearest = dates
        .iter()
        .copied()
        .filter(|&i| row || same_clause(&all.dates[i]))
        .min_by_key(|&i| (if all.dates[i].tokens.start >= words.start { 0 } else { 1 }, all.dates[i].tokens.start.abs_diff(words.end)))?;
    let (from, to) = match all.period_of(nearest) {
        Some(period) => (period.from, period.to),
        // a row with a beginning and an end in two cells
        None if row && dates.len() == 2 => (dates[0], dates[1]),
        None => (nearest, last_of_list(context, &dates, nearest)),
    };
    let (first, last) = (all.dates[from].first_day()?, all.dates[to].last_day()?);
    Some(Event { sentence: hit.sentence, words, from, to, first, last: last.max(first) })
}

/// « Les 16 janvier, 6 février et 10 avril »: the last of the dates that only « , » and « et » part from each other.
fn last_of_list(context: &Context<'_>, dates: &[usize], first: usize) -> usize {
    let all = &context.annotations.entities.times.dates;
    let listed = |pair: &&[usize]| {
        let gap = all[pair[0]].tokens.end..all[pair[1]].tokens.start;
        let first = context.text(gap.start);
        matches!(gap.len(), 1 | 2)
            && matches!(first, "," | "et" | "puis")
            && gap.skip(1).all(|i| matches!(context.text(i), "le" | "les" | "et" | "puis" | "en"))
    };
    let from = dates.partition_point(|&date| date < first);
    dates[from..].windows(2).take_while(listed).last().map_or(first, |pair| pair[1])
}
