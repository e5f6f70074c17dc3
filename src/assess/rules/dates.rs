//! `coherence.dates`: dates that contradict each other or the calendar.

use std::ops::Range;

use jiff::civil::{Date, Weekday};

use crate::annotate::takes_up;
use crate::annotate::time::{ASSUMED_YEAR, DateMention, Period, Precision, weekday};
use crate::checks::format::Mode;
use crate::dossier::{BlockKind, SentenceId};
use crate::messages;

use super::timeline::{Event, dates_of, events, participation};
use super::{Context, Finding, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let dates = &context.annotations.entities.times.dates;
    let mut out: Vec<Finding> = dates.iter().enumerate().filter_map(|(at, date)| calendar(context, at, date)).take(SOUGHT).collect();
    out.extend(inverted_periods(context));
    out.extend(lengths(context));
    out.extend(answer_before_close(context));
    out.sort_by_key(|f| (f.primary.file, f.primary.start));
    out.dedup_by_key(|f| f.primary);
    out
}

/// A day that does not exist, or a weekday that is not that day's.
fn calendar(context: &Context<'_>, at: usize, date: &DateMention) -> Option<Finding> {
    let primary = context.place(&date.tokens);
    if date.is_impossible() {
        let (month, days) = (date.month?, date.days_in_month()?);
        // of the 29th, the year tells
        let of_year = date.year.filter(|_| date.day == Some(29) && !date.year_assumed).map_or_else(String::new, |year| format!(" {year}"));
        let blanks = vec![("mois", messages::month(month, context.lang).to_owned() + &of_year), ("jours", messages::DAYS.of(context.lang, days.into()))];
        return Some(Finding { primary, message: "impossible", blanks, help: "aide-impossible", ..Finding::default() });
    }
    let weekday = date.weekday.or_else(|| weekday_beside(context, date)).or_else(|| weekday_after(context, date))?;
    let day = date.first_day()?;
    // a year taken from elsewhere may be the wrong one
    let named = |weekday| messages::weekday(weekday).get(context.lang).to_owned();
    (date.day.is_some() && (!date.year_carried || is_lent(context, at)) && day.weekday() != weekday).then(|| Finding {
        primary,
        message: "jour",
        blanks: vec![("jour", named(weekday)), ("vrai", named(day.weekday())), ("date", messages::date(day, context.lang))],
        help: "aide-jour",
        ..Finding::default()
    })
}

/// « Du lundi 1er mars au vendredi 5 mars 2027 »: within a month, the year of the end is that of the beginning.
fn is_lent(context: &Context<'_>, at: usize) -> bool {
    let times = &context.annotations.entities.times;
    times.period_of(at).is_some_and(|period| {
        let (from, to) = (&times.dates[period.from], &times.dates[period.to]);
        period.from == at && !to.year_carried && !to.year_assumed && (from.month, from.year) == (to.month, to.year) && from.day <= to.day
    })
}

/// « Le 12 mars 2027, un vendredi ».
fn weekday_after(context: &Context<'_>, date: &DateMention) -> Option<Weekday> {
    let after = |further| context.after(&date.tokens, further);
    weekday(after(2)).filter(|_| after(0) == "," && after(1) == "un")
}

/// « | lundi | 4 mai 2027 | »: the weekday that fills the cell beside that of the date, in a column of dates.
fn weekday_beside(context: &Context<'_>, date: &DateMention) -> Option<Weekday> {
    let row = context.block(context.sentence_of(date.tokens.start));
    let at = row.cells.iter().position(|cell| *cell == date.tokens)?;
    let header = &context.dossier.blocks[row.header? as usize];
    let of_dates = header.cells.get(at)?.clone().any(|i| matches!(context.text(i), "date" | "dates"));
    let filled = |cell: &Range<u32>| weekday(context.text(cell.start)).filter(|_| cell.len() == 1);
    let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
    of_dates.then(|| beside.filter_map(|cell| row.cells.get(cell)).find_map(filled))?
}

/// A period that ends before it begins, in a sentence or in the two cells of a row.
fn inverted_periods(context: &Context<'_>) -> Vec<Finding> {
    let times = &context.annotations.entities.times;
    let mut pairs: Vec<(usize, usize)> = times.periods.iter().map(|p| (p.from, p.to)).collect();
    for (sentence, data) in context.dossier.sentences.iter().enumerate() {
        let block = &context.dossier.blocks[data.block as usize];
        if matches!(block.kind, BlockKind::TableRow { header: false }) && begins_and_ends(context, block.header) {
            let dates = dates_of(context, sentence as SentenceId);
            if let [from, to] = dates.as_slice() {
                pairs.push((*from, *to));
            }
        }
    }
    pairs.extend(opened_and_closed(context).chain(openings(context)));
    pairs.into_iter().filter_map(|(from, to)| inverted(context, &times.dates[from], &times.dates[to])).take(SOUGHT).collect()
}

/// « Elle ouvre le 13 novembre 2027 et se termine le 26 mars 2028 »: the two dates.
fn opened_and_closed(context: &Context<'_>) -> impl Iterator<Item = (usize, usize)> {
    let dates = &context.annotations.entities.times.dates;
    context.named("ouvre-ferme").into_iter().filter_map(|hit| {
        let words = hit.tokens(context.dossier);
        let first = dates.partition_point(|date| date.tokens.start < words.start);
        let last = dates.partition_point(|date| date.tokens.end <= words.end);
        (last >= first + 2).then(|| (first, last - 1))
    })
}

/// An opening and a closing that follow each other.
fn openings(context: &Context<'_>) -> impl Iterator<Item = (usize, usize)> {
    let closings = events(context, "fermeture");
    events(context, "ouverture").into_iter().filter_map(move |opening| {
        let closing = closings.get(closings.partition_point(|closing| closing.sentence <= opening.sentence))?;
        (closing.sentence == opening.sentence + 1).then_some((opening.from, closing.to))
    })
}

/// Whether a table's header has a column for the beginning and one for the end.
fn begins_and_ends(context: &Context<'_>, header: Option<u32>) -> bool {
    let Some(header) = header else { return false };
    let Some(sentence) = context.dossier.blocks[header as usize].sentences.clone().next() else { return false };
    let tokens = context.dossier.sentences[sentence as usize].tokens.clone();
    let find = |words: &[&str]| tokens.clone().find(|&i| words.contains(&context.text(i)));
    let (start, end) = (find(&["debut", "ouverture", "du", "demarrage", "lancement"]), find(&["fin", "cloture", "au", "achevement"]));
    matches!((start, end), (Some(a), Some(b)) if a < b)
}

fn inverted(context: &Context<'_>, from: &DateMention, to: &DateMention) -> Option<Finding> {
    // both years must be written, or what they are must not matter: one that is carried may be the wrong one
    let sure = || (!from.year_carried && !to.year_carried).then_some((from.first_day()?, to.last_day()?)).filter(|(first, last)| first > last);
    let (first, last) = in_one_month(from, to).or_else(|| in_one_year(from, to)).or_else(sure)?;
    let named = |mention: &DateMention, date: Date| match mention.year {
        Some(_) if !mention.year_assumed => messages::date(date, context.lang),
        _ => messages::day(date, context.lang),
    };
    Some(Finding {
        primary: context.place(&to.tokens),
        message: "inversee",
        primary_label: "fin",
        labels: vec![(context.place(&from.tokens), "debut")],
        blanks: vec![("debut", named(from, first)), ("fin", named(to, last))],
        help: "aide-inversee",
    })
}

/// « Du 15 au 4 mars »: whatever the year. Its days, the later one first.
fn in_one_month(from: &DateMention, to: &DateMention) -> Option<(Date, Date)> {
    let alike = (from.month, from.year, from.year_assumed) == (to.month, to.year, to.year_assumed);
    let year = from.year.unwrap_or(ASSUMED_YEAR);
    let (first, last) = (from.day_in(year)?, to.day_in(year)?);
    (alike && from.day.is_some() && to.day.is_some() && first > last).then_some((first, last))
}

/// Days of a length that is compared with dates: of more, « dix ans », none is meant to the day.
const LONGEST: u32 = 4_000;

/// « Du 5 avril au 23 mars 2027 »: rather one year, and a wrong month, than a year but a fortnight. Its days, the later one first.
fn in_one_year(from: &DateMention, to: &DateMention) -> Option<(Date, Date)> {
    let year = match (from.year_carried, to.year_carried) {
        (true, false) => to.year?,
        (false, true) => from.year?,
        _ => return None,
    };
    let (first, last) = (from.day_in(year)?, to.day_in(year)?);
    let of_days = from.precision == Precision::Day && to.precision == Precision::Day;
    (of_days && (1..=31).contains(&(first - last).get_days())).then_some((first, last))
}

/// A stated length that the two dates of the same sentence contradict.
fn lengths(context: &Context<'_>) -> Vec<Finding> {
    let times = &context.annotations.entities.times;
    let in_between = |(from, to): (usize, usize)| Period { from, to, tokens: times.dates[from].tokens.start..times.dates[to].tokens.end };
    let openings: Vec<Period> = opened_and_closed(context).map(in_between).collect();
    let broken = context.sentences_with("discontinu");
    let mut out = Vec::new();
    for (tokens, least, most) in &times.durations {
        if out.len() == SOUGHT {
            break;
        }
        let sentence = context.sentence_of(tokens.start);
        let range = &context.dossier.sentences[sentence as usize].tokens;
        let within = |range| only(&times.periods, range).or_else(|| only(&openings, range));
        let Some(period) = within(range).or_else(|| in_the_next(context, tokens, &times.periods, &openings)) else { continue };
        let delay = times.delays.get(times.delays.partition_point(|d| d.end <= tokens.start));
        // « un mois et demi »: a length that is not read to the end
        let half = context.after(tokens, 0) == "et" && context.after(tokens, 1).starts_with("demi");
        if half || delay.is_some_and(|d| d.start < tokens.end) || !measures(context, tokens, &period.tokens) {
            continue;
        }
        let (from, to) = (&times.dates[period.from], &times.dates[period.to]);
        let (Some(first), Some(last), true) = (from.first_day(), to.last_day(), from.precision == Precision::Day && to.precision == Precision::Day) else {
            continue;
        };
        let days = (last - first).get_days().max(0) as u32 + 1;
        let slack = 2 + most / 8;
        let dated = context.sentence_of(period.tokens.start);
        let some = |sentence: SentenceId| broken.contains(&sentence) || on_some_weekdays(context, &context.dossier.sentences[sentence as usize].tokens);
        let some_of_them = days > *most && (some(sentence) || some(dated));
        if some_of_them || last < first || *most >= LONGEST || *least < 3 || (least.saturating_sub(slack)..=most + slack).contains(&days) {
            continue;
        }
        out.push(Finding {
            primary: context.span(sentence, tokens.start, tokens.end),
            message: "duree",
            primary_label: "duree-dite",
            labels: vec![(context.place(&period.tokens), "duree-vraie")],
            blanks: vec![
                ("jours", messages::DAYS.of(context.lang, days as usize)),
                ("duree", context.dossier.reading(context.span(sentence, tokens.start, tokens.end))),
            ],
            help: "aide-duree",
        });
    }
    out
}

/// The period of a sentence that has one.
fn only<'a>(periods: &'a [Period], sentence: &Range<u32>) -> Option<&'a Period> {
    let from = periods.partition_point(|p| p.tokens.start < sentence.start);
    let mut within = periods[from..].iter().take_while(|p| p.tokens.start < sentence.end);
    within.next().filter(|_| within.next().is_none())
}

/// « La consultation a lieu du 3 mai au 15 juin. Elle dure quatre semaines », « La phase s'étend sur un mois. Elle commence le 1er février et se
/// termine le 30 avril »: the period of the sentence that a pronoun ties to that of the length at `tokens`, which has no date.
fn in_the_next<'a>(context: &Context<'_>, tokens: &Range<u32>, periods: &'a [Period], openings: &'a [Period]) -> Option<&'a Period> {
    let sentences = &context.dossier.sentences;
    let own = context.sentence_of(tokens.start);
    let told = |sentence: SentenceId| &sentences[sentence as usize].tokens;
    let tied = |sentence: SentenceId| {
        sentences.get(sentence as usize).is_some_and(|other| other.block == sentences[own as usize].block)
            && !matches!(context.kind(sentence), BlockKind::TableRow { .. })
    };
    let taken_up = |sentence: SentenceId| takes_up(context.text(told(sentence).start));
    let lasts = (tokens.start.saturating_sub(3)..tokens.start).any(|i| ["dure", "etend", "etale"].iter().any(|word| context.text(i).starts_with(word)));
    let dates = &context.annotations.entities.times.dates;
    let dated = || dates.get(dates.partition_point(|date| date.tokens.start < told(own).start)).is_some_and(|date| date.tokens.start < told(own).end);
    if !lasts || dated() {
        return None;
    }
    // « l'exposition accompagne la concertation, du 3 mai au 15 juin »: of which of them, who knows
    let held = |period: &&Period| {
        let says = |i: u32| ["lieu", "tien", "deroul", "ouvert", "court", "courr", "va"].iter().any(|word| context.text(i).starts_with(word));
        (period.tokens.start.saturating_sub(3)..period.tokens.start).any(says)
    };
    if taken_up(own) {
        let before = own.checked_sub(1).filter(|before| tied(*before))?;
        return only(periods, told(before)).filter(held);
    }
    let next = Some(own + 1).filter(|next| tied(*next) && taken_up(*next))?;
    let period = only(openings, told(next)).or_else(|| only(periods, told(next)).filter(held));
    period.filter(|period| period.tokens.start - told(next).start <= 5)
}

/// « Toujours le samedi »: a weekday that is not a date's.
fn on_some_weekdays(context: &Context<'_>, sentence: &Range<u32>) -> bool {
    sentence.clone().any(|i| weekday(context.text(i).trim_end_matches('s')).is_some() && !context.is_number(i + 1))
}

/// Whether the length at `tokens` is said of the period: « durée : », « pendant », « soit », or next to it.
fn measures(context: &Context<'_>, tokens: &Range<u32>, period: &Range<u32>) -> bool {
    let gap = if tokens.end <= period.start { tokens.end..period.start } else { period.end..tokens.start };
    let between: Vec<&str> = gap.map(|i| context.text(i)).collect();
    // « reste ouverte dix semaines, entre le 4 janvier et le 14 février »
    let open = between.len() <= 3 && between.contains(&"entre");
    let led = (tokens.start.saturating_sub(4)..tokens.start).map(|i| context.text(i)).any(|text| {
        matches!(text, "duree" | "pendant" | "durant" | "soit" | "dure" | "durera" | "durent" | "etend" | "etendra" | "disposent" | "disposez")
            || open && text.starts_with("ouvert")
    });
    // « … ; les ateliers ont lieu pendant », « neuf jours, répartis en trois sessions »
    let apart = |word: &&str| matches!(*word, ";" | "chaque") || word.starts_with("reparti");
    // « trois jours par semaine », « 35 jours ouvrés », « les trois premières semaines »
    let partly = |word: &str| word == "par" || ["ouvr", "premier", "dernier", "reparti", "effecti"].iter().any(|begins| word.starts_with(begins));
    // « chaque exposition, d’une durée de », « (fermée pendant »
    let first = context.dossier.sentences[context.sentence_of(tokens.start) as usize].tokens.start;
    let of_some = |i: u32| matches!(context.text(i), "chaque" | "chacun" | "chacune") || context.text(i).starts_with("ferme") && i >= period.end;
    if between.iter().any(apart)
        || (0..2).any(|further| partly(context.after(tokens, further)))
        || tokens.clone().any(|i| partly(context.text(i)))
        || (first.max(tokens.start.saturating_sub(6))..tokens.start).any(of_some)
    {
        return false;
    }
    let beside = between.len() <= 3 && between.iter().all(|w| matches!(*w, "," | "(" | "du" | ":" | "–" | "—" | "|" | "soit"));
    led && between.len() < 12 || beside || across(context, tokens, &between)
}

/// « Vote : une semaine pour choisir | du 17 au 28 mai »: the length ends one cell, the period fills the next.
fn across(context: &Context<'_>, tokens: &Range<u32>, between: &[&str]) -> bool {
    let between = between.strip_suffix(&["du"]).unwrap_or(between);
    let one_bar = between.last() == Some(&"|") && between.iter().filter(|w| **w == "|").count() == 1;
    let apart = |word: &&str| matches!(*word, "apres" | "avant" | "plus" | "tard" | "sur" | "par" | "maximum" | "minimum" | "puis" | "et" | ",");
    let before = tokens.start.checked_sub(1).map_or("", |i| context.text(i));
    one_bar && between.len() <= 4 && !between.iter().any(apart) && matches!(before, ":" | "|" | "de" | "d" | "(" | "-")
}

/// An answer due before the contributions close.
fn answer_before_close(context: &Context<'_>) -> Vec<Finding> {
    let phases = participation(context);
    let Some(close) = phases.iter().max_by_key(|e| e.last) else { return Vec::new() };
    let times = &context.annotations.entities.times;
    let first_close = phases.iter().map(|e| e.last).min();
    let of_others = context.sentences_with("autre-reponse");
    events(context, "reponse")
        .into_iter()
        .filter(|e| {
            !times.dates[e.to].year_assumed
                && e.last < close.last
                && told_apart(context, e, close)
                && !of_others.contains(&e.sentence)
                && !answers_a_question(context, e.sentence)
                && !context.annotations.modes[e.sentence as usize].has(Mode::Contractor)
        })
        // an answer given while the participation is under way, on an earlier phase, is no contradiction
        .filter(|e| first_close.is_some_and(|first| first > e.last))
        .map(|e| Finding {
            primary: context.place(&times.dates[e.to].tokens),
            message: "reponse",
            primary_label: "reponse-ici",
            labels: vec![(context.place(&times.dates[close.to].tokens), "cloture-ici")],
            blanks: vec![("reponse", e.end(context)), ("cloture", close.end(context))],
            help: "aide-reponse",
        })
        .take(SOUGHT)
        .collect()
}

/// Whether two events stand in two sentences, or on either side of a semicolon.
fn told_apart(context: &Context<'_>, a: &Event, b: &Event) -> bool {
    let at = |event: &Event| context.annotations.entities.times.dates[event.to].tokens.start;
    a.sentence != b.sentence || (at(a).min(at(b))..at(a).max(at(b))).any(|i| context.text(i) == ";")
}

/// « Et nous, que décidons-nous ? » Réponse du conseil, le 18 janvier: no answer to the contributions.
fn answers_a_question(context: &Context<'_>, sentence: SentenceId) -> bool {
    let opens = context.text(context.dossier.sentences[sentence as usize].tokens.start).starts_with("repon");
    let asked = |before: SentenceId| {
        context.dossier.sentences[before as usize].block == context.dossier.sentences[sentence as usize].block
            && context.annotations.modes[before as usize].has(Mode::Question)
    };
    opens && sentence.checked_sub(1).is_some_and(asked)
}
