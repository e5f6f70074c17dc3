//! `coherence.dates`: dates that contradict each other or the calendar.

use jiff::civil::Date;

use crate::annotate::time::{DateMention, Precision};
use crate::checks::format::Mode;
use crate::dossier::{BlockKind, SentenceId};
use crate::messages;

use super::timeline::{dates_of, events};
use super::{Context, Finding, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut out: Vec<Finding> = context.annotations.entities.times.dates.iter().filter_map(|d| calendar(context, d)).take(SOUGHT).collect();
    out.extend(inverted_periods(context));
    out.extend(lengths(context));
    out.extend(answer_before_close(context));
    out.sort_by_key(|f| (f.primary.file, f.primary.start));
    out.dedup_by_key(|f| f.primary);
    out
}

/// A day that does not exist, or a weekday that is not that day's.
fn calendar(context: &Context<'_>, date: &DateMention) -> Option<Finding> {
    let primary = context.place(&date.tokens);
    if date.is_impossible() {
        return Some(Finding { primary, message: "impossible", help: "aide-impossible", ..Finding::default() });
    }
    let (weekday, day) = (date.weekday?, date.first_day()?);
    // a year taken from elsewhere may be the wrong one
    let named = |weekday| messages::weekday(weekday).get(context.lang).to_owned();
    (date.day.is_some() && !date.year_carried && day.weekday() != weekday).then(|| Finding {
        primary,
        message: "jour",
        blanks: vec![("jour", named(weekday)), ("vrai", named(day.weekday())), ("date", messages::date(day, context.lang))],
        help: "aide-jour",
        ..Finding::default()
    })
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
    pairs.extend(openings(context));
    pairs.into_iter().filter_map(|(from, to)| inverted(context, &times.dates[from], &times.dates[to])).take(SOUGHT).collect()
}

/// « Elle ouvre le 13 novembre 2027 et se termine le 26 mars 2028 », or an opening and a closing that follow each other in a list.
fn openings(context: &Context<'_>) -> Vec<(usize, usize)> {
    let dates = &context.annotations.entities.times.dates;
    let within = context.named("ouvre-ferme").into_iter().filter_map(|hit| {
        let words = hit.tokens(context.dossier);
        let first = dates.partition_point(|date| date.tokens.start < words.start);
        let last = dates.partition_point(|date| date.tokens.end <= words.end);
        (last >= first + 2).then(|| (first, last - 1))
    });
    let closings = events(context, "fermeture");
    let next = events(context, "ouverture").into_iter().filter_map(|opening| {
        let closing = closings.get(closings.partition_point(|closing| closing.sentence <= opening.sentence))?;
        (closing.sentence == opening.sentence + 1).then_some((opening.from, closing.to))
    });
    within.chain(next).collect()
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
    let (first, last) = (from.first_day()?, to.last_day()?);
    let in_one_year = in_one_year(from, to);
    // both years must be written, or shared: a carried year may be the wrong one
    let sure = !from.year_carried && !to.year_carried || from.month == to.month && from.year == to.year || in_one_year.is_some();
    let (first, last) = in_one_year.unwrap_or((first, last));
    (sure && !from.year_assumed && first > last).then(|| Finding {
        primary: context.place(&to.tokens),
        message: "inversee",
        primary_label: "fin",
        labels: vec![(context.place(&from.tokens), "debut")],
        blanks: vec![("debut", messages::date(first, context.lang)), ("fin", messages::date(last, context.lang))],
        help: "aide-inversee",
    })
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
    let mut out = Vec::new();
    for (tokens, least, most) in &times.durations {
        if out.len() == SOUGHT {
            break;
        }
        let sentence = context.sentence_of(tokens.start);
        let range = &context.dossier.sentences[sentence as usize].tokens;
        let from = times.periods.partition_point(|p| p.tokens.start < range.start);
        let mut periods = times.periods[from..].iter().take_while(|p| p.tokens.start < range.end);
        let (Some(period), None) = (periods.next(), periods.next()) else { continue };
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
        if last < first || *most >= LONGEST || *least < 3 || (least.saturating_sub(slack)..=most + slack).contains(&days) {
            continue;
        }
        out.push(Finding {
            primary: context.span(sentence, tokens.start, tokens.end),
            message: "duree",
            primary_label: "duree-dite",
            labels: vec![(context.span(sentence, period.tokens.start, period.tokens.end), "duree-vraie")],
            blanks: vec![
                ("jours", messages::DAYS.of(context.lang, days as usize)),
                ("duree", context.dossier.reading(context.span(sentence, tokens.start, tokens.end))),
            ],
            help: "aide-duree",
        });
    }
    out
}

/// Whether the length at `tokens` is said of the period: « durée : », « pendant », « soit », or next to it.
fn measures(context: &Context<'_>, tokens: &std::ops::Range<u32>, period: &std::ops::Range<u32>) -> bool {
    let led = (tokens.start.saturating_sub(4)..tokens.start)
        .any(|i| matches!(context.text(i), "duree" | "pendant" | "durant" | "soit" | "dure" | "durera" | "durent"));
    let gap = if tokens.end <= period.start { tokens.end..period.start } else { period.end..tokens.start };
    let between: Vec<&str> = gap.map(|i| context.text(i)).collect();
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
fn across(context: &Context<'_>, tokens: &std::ops::Range<u32>, between: &[&str]) -> bool {
    let between = between.strip_suffix(&["du"]).unwrap_or(between);
    let one_bar = between.last() == Some(&"|") && between.iter().filter(|w| **w == "|").count() == 1;
    let apart = |word: &&str| matches!(*word, "apres" | "avant" | "plus" | "tard" | "sur" | "par" | "maximum" | "minimum" | "puis" | "et" | ",");
    let before = tokens.start.checked_sub(1).map_or("", |i| context.text(i));
    one_bar && between.len() <= 4 && !between.iter().any(apart) && matches!(before, ":" | "|" | "de" | "d" | "(" | "-")
}

/// An answer due before the contributions close.
fn answer_before_close(context: &Context<'_>) -> Vec<Finding> {
    let participation = events(context, "participation");
    let Some(close) = participation.iter().max_by_key(|e| e.last) else { return Vec::new() };
    let times = &context.annotations.entities.times;
    let first_close = participation.iter().map(|e| e.last).min();
    events(context, "reponse")
        .into_iter()
        .filter(|e| {
            !times.dates[e.to].year_assumed
                && e.last < close.last
                && e.sentence != close.sentence
                && !context.annotations.modes[e.sentence as usize].has(Mode::Contractor)
        })
        // an answer given while the participation is under way, on an earlier phase, is no contradiction
        .filter(|e| first_close.is_some_and(|first| first > e.last))
        .map(|e| Finding {
            primary: context.place(&times.dates[e.to].tokens),
            message: "reponse",
            primary_label: "reponse-ici",
            labels: vec![(context.place(&times.dates[close.to].tokens), "cloture-ici")],
            blanks: vec![("reponse", messages::date(e.last, context.lang)), ("cloture", messages::date(close.last, context.lang))],
            help: "aide-reponse",
        })
        .take(SOUGHT)
        .collect()
}
