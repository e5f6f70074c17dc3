//! `coherence.effectifs`: two different numbers for the same group, or parts that do not add up.

use std::collections::{BTreeMap, HashMap};

use crate::annotate::numbers::Number;
use crate::checks::format::Mode;
use crate::dossier::SentenceId;

use super::super::hits::Hit;
use super::{Context, Finding};

/// A number said of a group of people.
struct Count<'a> {
    number: &'a Number,
    sentence: SentenceId,
    /// The noun, without its plural mark, with « tiré au sort » where that follows.
    group: String,
    /// « les 120 citoyens »: the whole group, known already.
    whole: bool,
    /// Where the noun ends.
    end: u32,
}

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let counts = counts(context);
    let founding = context.named("fonde");
    let mut groups: HashMap<&str, Group> = HashMap::new();
    for (at, count) in counts.iter().enumerate() {
        let group = groups.entry(&count.group).or_default();
        *group.values.entry(count.number.value.to_bits()).or_default() += 1;
        if group.founding.len() < 2 && founds(count, &founding) {
            group.founding.push(at);
        }
    }
    let values = Values::of(&counts);
    let mut out: Vec<Finding> = Vec::new();
    for (at, count) in counts.iter().enumerate().filter(|(_, c)| c.whole) {
        let group = &groups[count.group.as_str()];
        // the number it contradicts is the first one given for the group, when that one founds it
        let Some(other) = group.founding.iter().find(|i| **i != at).map(|i| &counts[*i]) else { continue };
        let known = group.values[&count.number.value.to_bits()] > 1 || values.make(count);
        if known || other.sentence == count.sentence {
            continue;
        }
        out.push(Finding {
            primary: span(context, count),
            message: "effectif",
            primary_label: "ici",
            labels: vec![(span(context, other), "la")],
            blanks: vec![("un", shown(count.number.value)), ("autre", shown(other.number.value))],
            ..Finding::default()
        });
    }
    out.extend(parts(context, &counts));
    out
}

/// What is said of a group.
#[derive(Default)]
struct Group {
    /// The numbers given for it, and how often.
    values: HashMap<u64, usize>,
    /// The first two counts that found it.
    founding: Vec<usize>,
}

fn shown(value: f64) -> String {
    format!("{value}")
}

fn span(context: &Context<'_>, count: &Count<'_>) -> crate::text::Span {
    context.span(count.sentence, count.number.tokens.start, count.end)
}

fn counts<'a>(context: &Context<'a>) -> Vec<Count<'a>> {
    let groups = context.catalogue.engine.lexicon.family("groupe");
    let mut out = Vec::new();
    for number in &context.annotations.entities.numbers {
        let sentence = context.sentence_of(number.tokens.start);
        let modes = context.annotations.modes[sentence as usize];
        if number.approximate || number.value < 3.0 || number.value.fract() != 0.0 || modes.has(Mode::Past) || modes.has(Mode::Law) {
            continue;
        }
        let mark = context.annotations.marks_of(sentence).iter().filter(|m| m.start == number.tokens.end && groups.contains(&m.class)).max_by_key(|m| m.end);
        let Some(mark) = mark else { continue };
        let group: Vec<&str> = (mark.start..mark.end).map(|i| context.text(i).trim_end_matches('s')).collect();
        let before = number.tokens.start.checked_sub(1).map_or("", |i| context.text(i));
        let partitive =
            number.tokens.start >= 2 && matches!(context.text(number.tokens.start - 2), "parmi" | "sur" | "de" | "dont" | "entre" | "premiers" | "avec");
        let whole = matches!(before, "les" | "aux" | "nos" | "ces") && !partitive;
        out.push(Count { number, sentence, group: group.join(" "), whole, end: mark.end });
    }
    out
}

/// « L'assemblée compte 60 membres », « un panel de 150 citoyens », « composé de 40 habitants »: the number that makes the group.
fn founds(count: &Count<'_>, founding: &[Hit]) -> bool {
    let hit = founding.binary_search_by_key(&count.sentence, |h| h.sentence).ok().map(|at| &founding[at]);
    hit.is_some_and(|h| h.end <= count.number.tokens.start + 1 && count.number.tokens.start.saturating_sub(h.end) <= 3) || count.group.contains("tire au sort")
}

/// The numbers given for any group, each with how often and where first and last.
struct Values(BTreeMap<u64, (usize, SentenceId, SentenceId)>);

impl Values {
    fn of(counts: &[Count<'_>]) -> Self {
        let mut out: BTreeMap<u64, (usize, SentenceId, SentenceId)> = BTreeMap::new();
        for count in counts {
            let entry = out.entry(count.number.value as u64).or_insert((0, count.sentence, count.sentence));
            *entry = (entry.0 + 1, entry.1, count.sentence);
        }
        Self(out)
    }

    /// Whether the number is the sum of two others given in other sentences (« 60 titulaires et 15 suppléants »).
    fn make(&self, count: &Count<'_>) -> bool {
        let total = count.number.value as u64;
        // given elsewhere than in the sentence of the count, at least so often
        let elsewhere = |value: u64, times: usize| {
            let is = |(often, first, last): &(usize, SentenceId, SentenceId)| {
                let (before, after) = (*first != count.sentence, *last != count.sentence);
                *often >= times && (before || after) && (times < 2 || before && after || *often > times)
            };
            self.0.get(&value).is_some_and(is)
        };
        self.0.range(..=total / 2).any(|(&part, _)| {
            let other = total - part;
            if part == other { elsewhere(part, 2) } else { elsewhere(part, 1) && elsewhere(other, 1) }
        })
    }
}

/// « 40 personnes : 20 habitants, 12 commerçants et 10 agents ».
fn parts(context: &Context<'_>, counts: &[Count<'_>]) -> Vec<Finding> {
    let mut out = Vec::new();
    for (at, total) in counts.iter().enumerate() {
        let range = &context.dossier.sentences[total.sentence as usize].tokens;
        let mut next = total.end;
        while next < range.end && matches!(context.text(next), "tires" | "tirees" | "au" | "sort" | ",") {
            next += 1;
        }
        let mark = context.text(next);
        let bracket = mark == "(";
        if !(mark == ":" || bracket || mark == "dont") {
            continue;
        }
        let end = if bracket {
            (next..range.end).find(|&i| context.text(i) == ")").unwrap_or(range.end)
        } else {
            (next..range.end).find(|&i| context.text(i) == ";").unwrap_or(range.end)
        };
        let all = &context.annotations.entities.numbers;
        let from = all.partition_point(|n| n.tokens.start <= next);
        let numbers: Vec<&Number> = all[from..].iter().take_while(|n| n.tokens.start < end).filter(|n| n.tokens.end <= end).collect();
        let after = counts[at + 1..].iter().take_while(|c| c.number.tokens.start < end);
        let people = after.filter(|c| c.number.tokens.start > next && c.end <= end).count();
        if numbers.len() < 2 || people != numbers.len() || numbers.iter().any(|n| n.approximate) {
            continue;
        }
        let sum: f64 = numbers.iter().map(|n| n.value).sum();
        let wrong = if mark == "dont" { sum > total.number.value } else { (sum - total.number.value).abs() > 0.1 };
        if wrong {
            let last = numbers[numbers.len() - 1];
            out.push(Finding {
                primary: span(context, total),
                message: "somme",
                primary_label: "total-ici",
                labels: vec![(context.span(total.sentence, numbers[0].tokens.start, last.tokens.end), "parts-ici")],
                blanks: vec![("total", shown(total.number.value)), ("somme", shown(sum))],
                ..Finding::default()
            });
        }
    }
    out
}
