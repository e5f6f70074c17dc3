//! `coherence.decision-anticipee`: a decision, a choice of provider or works dated before the end of the participation.
//!
//! Its patterns: `participation` and `seances`; `decision`, what must wait for its end; `decision-nue`, a decision of which it is not said what it is on;
//! `sauf`, what excuses the sentence.

use std::ops::Range;

use crate::annotate::time::{DateMention, Period};
use crate::checks::format::Mode;
use crate::messages;

use super::timeline::{Event, events, participation};
use super::{Context, Finding, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let phases: Vec<Event> = participation(context).into_iter().map(|event| first_to_end(context, event)).collect();
    // several phases: what is decided between two of them may follow the first
    let Some(end) = phases.iter().filter(|e| e.first < e.last || phases.len() == 1).min_by_key(|e| e.last).or_else(|| phases.iter().min_by_key(|e| e.last))
    else {
        return Vec::new();
    };
    let excused = context.sentences_with("sauf");
    let hedged = |e: &Event| context.annotations.modes[e.sentence as usize].has(Mode::Hedge);
    let mut decisions = events(context, "decision");
    let told: Vec<_> = decisions.iter().map(|e| e.sentence).collect();
    // what is decided before the participation may be to open it
    let meanwhile = |e: &Event| e.first >= end.first && told.binary_search(&e.sentence).is_err();
    decisions.extend(events(context, "decision-nue").into_iter().filter(meanwhile));
    decisions.sort_by_key(|e| e.sentence);
    decisions
        .into_iter()
        .filter(|e| e.last < end.last && !excused.contains(&e.sentence) && !hedged(e) && !context.reported(e.sentence, &e.words))
        .filter(|e| e.sentence != end.sentence || e.from != end.from)
        .map(|e| finding(context, &e, end))
        .take(SOUGHT)
        .collect()
}

/// « L'enquête, du 6 septembre au 8 octobre, suit la concertation, tenue du 1er mars au 16 avril »: of several periods of a sentence, the one that
/// ends first.
fn first_to_end(context: &Context<'_>, event: Event) -> Event {
    let times = &context.annotations.entities.times;
    let told = &context.dossier.sentences[event.sentence as usize].tokens;
    let periods = &times.periods[times.periods.partition_point(|period| period.tokens.start < told.start)..];
    // a year that is not written may be that of the other period
    let day = |date: &DateMention| if date.year_carried { date.day_in(event.last.year()) } else { date.last_day() };
    let dated = |period: &Period| Some((day(&times.dates[period.from])?, day(&times.dates[period.to])?, period.from, period.to));
    let ends = periods.iter().take_while(|period| period.tokens.start < told.end).filter_map(dated).filter(|(first, last, ..)| first < last);
    let Some((first, last, from, to)) = ends.min_by_key(|(_, last, ..)| *last).filter(|(_, last, ..)| *last < event.last) else { return event };
    // « du 3 au 14 mai et du 7 au 18 juin » is one participation
    let at = |date: usize| times.dates[date].tokens.start;
    let told_apart = (at(to).min(at(event.to))..at(to).max(at(event.to))).any(|i| context.is_conjugated(i));
    if event.first < event.last && told_apart { Event { from, to, first, last, ..event } } else { event }
}

fn finding(context: &Context<'_>, decision: &Event, end: &Event) -> Finding {
    let date = |index: usize| &context.annotations.entities.times.dates[index].tokens;
    let (dated, ended) = (date(decision.from), context.place(date(end.to)));
    let words = decision.words.start.min(dated.start)..decision.words.end.max(dated.end);
    let words = context.dossier.reading(context.place(&with_article(context, words)));
    // a row is quoted cell by cell
    let cells: Vec<String> = words.split(" | ").map(|cell| messages::quoted(context.lang, cell)).collect();
    Finding {
        primary: context.place(dated),
        message: "anticipee",
        primary_label: "decision-ici",
        labels: vec![(ended, "fin-ici")],
        blanks: vec![("mots", cells.join(", ")), ("fin", end.end(context))],
        ..Finding::default()
    }
}

/// « Le conseil arrête le projet », not « conseil arrête le projet ».
fn with_article(context: &Context<'_>, words: Range<u32>) -> Range<u32> {
    let article = matches!(context.before(&words, 0), "le" | "la" | "l" | "les" | "un" | "une" | "des" | "ce" | "cet" | "cette" | "ces");
    words.start - u32::from(article)..words.end
}
