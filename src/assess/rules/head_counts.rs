//! `coherence.effectifs`: two different numbers for the same group, or parts that do not add up.

use crate::annotate::numbers::Number;
use crate::checks::format::Mode;
use crate::dossier::SentenceId;

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
    let mut out: Vec<Finding> = Vec::new();
    for (at, count) in counts.iter().enumerate().filter(|(_, c)| c.whole) {
        let same: Vec<&Count<'_>> = counts.iter().enumerate().filter(|(i, c)| *i != at && c.group == count.group).map(|(_, c)| c).collect();
        let known = same.iter().any(|c| c.number.value == count.number.value) || sums(context, count, &counts);
        // the number it contradicts is the first one given for the group, when that one founds it
        let founding = same.iter().find(|c| founds(context, c));
        if let (false, Some(other)) = (known, founding) {
            if other.sentence == count.sentence || out.iter().any(|f| f.primary == span(context, count)) {
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
    }
    out.extend(parts(context, &counts));
    out
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
fn founds(context: &Context<'_>, count: &Count<'_>) -> bool {
    context
        .named("fonde")
        .iter()
        .any(|h| h.sentence == count.sentence && h.end <= count.number.tokens.start + 1 && count.number.tokens.start.saturating_sub(h.end) <= 3)
        || count.group.contains("tire au sort")
}

/// Whether the number is the sum of others given for smaller groups in the same sentence (« 60 titulaires et 15 suppléants »).
fn sums(_context: &Context<'_>, count: &Count<'_>, all: &[Count<'_>]) -> bool {
    let values: Vec<f64> = all.iter().filter(|c| c.sentence != count.sentence).map(|c| c.number.value).collect();
    values.iter().enumerate().any(|(i, a)| values[i + 1..].iter().any(|b| a + b == count.number.value))
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
        let numbers: Vec<&Number> = context.annotations.entities.numbers.iter().filter(|n| n.tokens.start > next && n.tokens.end <= end).collect();
        let people = counts[at + 1..].iter().filter(|c| c.number.tokens.start > next && c.end <= end).count();
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
