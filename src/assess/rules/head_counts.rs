//! `coherence.effectifs`: two different numbers for the same group, or parts that do not add up.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use crate::annotate::numbers::Number;
use crate::checks::format::Mode;
use crate::dossier::{BlockKind, Dossier, SentenceId};
use crate::text::{Span, TokenFlags};

use super::super::hits::Hit;
use super::{Context, Finding, SOUGHT};

/// A number said of a group of people.
struct Count<'a> {
    number: &'a Number,
    sentence: SentenceId,
    /// The noun, without its plural mark, with « tiré au sort » where that follows.
    group: String,
    /// « les 120 citoyens »: the whole group, known already.
    whole: bool,
    /// The noun is one of those for all who take part.
    everyone: bool,
    /// « Vingt-quatre personnes, tirées au sort. »: it opens a sentence without a verb, and makes the group.
    opens: bool,
    /// Where the noun ends.
    end: u32,
}

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let counts = counts(context);
    let founding = Founding { dossier: context.dossier, before: context.every("fonde"), after: context.every("fonde-apres") };
    let mut groups: HashMap<&str, Group> = HashMap::new();
    for (at, count) in counts.iter().enumerate() {
        let group = groups.entry(&count.group).or_default();
        *group.values.entry(count.number.value.to_bits()).or_default() += 1;
        if group.founding.len() < 2 && founds(count, &founding) {
            group.founding.push(at);
        }
    }
    let everyone = Everyone::of(&counts, &founding);
    let values = Values::of(&counts);
    let mut out: Vec<Finding> = Vec::new();
    for (at, count) in counts.iter().enumerate().filter(|(_, c)| c.whole) {
        if out.len() == SOUGHT {
            break;
        }
        let group = &groups[count.group.as_str()];
        // the number it contradicts is the first one given for the group, when that one founds it
        let own = group.founding.iter().find(|i| **i != at).map(|i| &counts[*i]);
        // else, the only one given for all who take part, under another name
        let Some(other) = own.or_else(|| everyone.contradicted_by(count).map(|at| &counts[at])) else { continue };
        let known = group.values[&count.number.value.to_bits()] > 1;
        if known || other.sentence == count.sentence || multiples(count.number.value, other.number.value) || values.make(count) {
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
    out.extend(shares(context, &counts, &founding));
    out.extend(counts.iter().filter_map(|count| product(context, count)).take(SOUGHT));
    out.extend(context.shared.tables.iter().filter_map(|rows| table(context, rows)));
    out
}

/// All who take part, under whatever name.
struct Everyone {
    /// The first count that founds the group, and its value, where no other founds it with another.
    sole: Option<(usize, f64)>,
    /// The numbers given for it, and how often.
    values: HashMap<u64, usize>,
}

impl Everyone {
    fn of(counts: &[Count<'_>], founding: &Founding<'_>) -> Self {
        let everyone = || counts.iter().enumerate().filter(|(_, count)| count.everyone);
        let mut founders = everyone().filter(|(_, count)| founds(count, founding)).map(|(at, count)| (at, count.number.value));
        let first = founders.next();
        let sole = first.filter(|(_, value)| founders.all(|(_, other)| other == *value));
        let mut values = HashMap::new();
        everyone().for_each(|(_, count)| *values.entry(count.number.value.to_bits()).or_default() += 1);
        Self { sole, values }
    }

    /// The count that founds the group, where `count` may be meant for it and is given this once.
    fn contradicted_by(&self, count: &Count<'_>) -> Option<usize> {
        let (at, value) = self.sole.filter(|_| count.everyone)?;
        let near = value.max(count.number.value) <= 2.0 * value.min(count.number.value);
        (near && self.values[&count.number.value.to_bits()] < 2).then_some(at)
    }
}

/// « Quatre tables de 15 » and « les 60 participants » go together.
fn multiples(a: f64, b: f64) -> bool {
    a.max(b) % a.min(b) == 0.0
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

fn span(context: &Context<'_>, count: &Count<'_>) -> Span {
    context.span(count.sentence, count.number.tokens.start, count.end)
}

fn counts<'a>(context: &Context<'a>) -> Vec<Count<'a>> {
    let (groups, everyone, whole_of) = (context.classes("groupe"), context.classes("groupe.ensemble"), context.classes("tous-ensemble"));
    let mut out = Vec::new();
    for number in &context.annotations.entities.numbers {
        let sentence = context.sentence_of(number.tokens.start);
        let modes = context.annotations.modes[sentence as usize];
        if number.approximate || number.value < 3.0 || number.value.fract() != 0.0 || modes.has(Mode::Past) || modes.has(Mode::Law) {
            continue;
        }
        let mark = context.annotations.marks_of(sentence).filter(|m| m.start == number.tokens.end && groups.contains(&m.class)).max_by_key(|m| m.end);
        let Some(mark) = mark else { continue };
        let group: Vec<&str> = (mark.start..mark.end).map(|i| context.text(i).trim_end_matches('s')).collect();
        let before = number.tokens.start.checked_sub(1).map_or("", |i| context.text(i));
        let partitive = matches!(context.before(&number.tokens, 1), "parmi" | "sur" | "de" | "dont" | "entre" | "premiers" | "avec");
        // « les 12 membres du comité » are not those of the panel
        let next = mark.end + u32::from(matches!(context.after(&(mark.start..mark.end), 1), "la" | "l" | "chaque" | "cette"));
        let of_others = matches!(context.after(&(mark.start..mark.end), 0), "du" | "de" | "des" | "d")
            && !context.annotations.marks_of(sentence).any(|m| m.start == next + 1 && whole_of.contains(&m.class));
        // « les 120 citoyens présents »: some of them
        let some = ["present", "restant", "absent", "ayant", "qui", "encore"].iter().any(|word| context.after(&(mark.start..mark.end), 0).starts_with(word));
        let whole = matches!(before, "les" | "aux" | "nos" | "des") && !partitive && !of_others && !some;
        let everyone = everyone.contains(&mark.class);
        let opens = everyone && opens_without_verb(context, sentence, number);
        out.push(Count { number, sentence, group: group.join(" "), whole, everyone, opens, end: mark.end });
    }
    out
}

/// Whether a number is the first word of a paragraph's sentence that has no verb before a colon.
fn opens_without_verb(context: &Context<'_>, sentence: SentenceId, number: &Number) -> bool {
    let tokens = &context.dossier.sentences[sentence as usize].tokens;
    let told = || tokens.clone().take_while(|&i| context.text(i) != ":");
    number.tokens.start == tokens.start && matches!(context.kind(sentence), BlockKind::Paragraph) && !told().any(|i| context.is_conjugated(i))
}

/// « L'assemblée compte 60 membres », « un panel de 150 citoyens », « composé de 40 habitants »: the number that makes the group.
fn founds(count: &Count<'_>, founding: &Founding<'_>) -> bool {
    let number = &count.number.tokens;
    let here = |hits: &'_ [Hit], near: &dyn Fn(Range<u32>) -> bool| {
        let from = hits.partition_point(|hit| hit.sentence < count.sentence);
        hits[from..].iter().take_while(|hit| hit.sentence == count.sentence).any(|hit| near(hit.tokens(founding.dossier)))
    };
    here(founding.before, &|words| words.end <= number.start + 1 && number.start.saturating_sub(words.end) <= 3)
        || here(founding.after, &|words| words.start >= count.end && words.start - count.end <= 1)
        || count.group.contains("tire au sort")
        || count.opens
}

/// What makes a group: before its number, or after its noun.
struct Founding<'a> {
    dossier: &'a Dossier,
    before: &'a [Hit],
    after: &'a [Hit],
}

/// Different numbers of people among which a sum is looked for. With more, any number would be the sum of two.
const NUMBERS: usize = 200;

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
        if self.0.len() > NUMBERS {
            return true;
        }
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

/// « 40 personnes : 20 habitants, 12 commerçants et 10 agents »; « sept personnes : l'adjointe, un élu, deux commerçants et trois riverains ».
fn parts(context: &Context<'_>, counts: &[Count<'_>]) -> Vec<Finding> {
    // several totals of a sentence may have the same parts
    let mut known: HashMap<(u32, u32), bool> = HashMap::new();
    let people_of = ["groupe", "corps.qui"].map(|family| context.classes(family));
    let mut out = Vec::new();
    for total in counts {
        if out.len() == SOUGHT {
            break;
        }
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
        // « douze membres : quatre élus, dont un de la minorité, six habitants… »: what comes next is no part of the four
        let within = mark == "dont" && (range.start..total.number.tokens.start).any(|i| context.text(i) == ":");
        let close = if bracket {
            ")"
        } else if within {
            ","
        } else {
            ";"
        };
        // within brackets in what follows: « cinq étudiants (trois élus, deux volontaires) » is one part
        let mut depth = 0;
        let mut inner = Vec::new();
        let end = (next + 1..range.end).find(|&i| {
            let text = context.text(i);
            if depth == 0 && text == close {
                return true;
            }
            depth += i32::from(text == "(") - i32::from(text == ")");
            inner.push(depth > 0);
            false
        });
        let end = end.unwrap_or(range.end);
        // « l'adjointe, un élu, deux commerçants »: one each; « des riverains »: who knows
        let opens = |i: &u32| matches!(context.text(i - 1), ":" | "," | "et" | "(");
        let first_words = || (next + 1..end).filter(opens).map(|i| context.text(i));
        if first_words().any(|word| word == "des") || (next + 1..end).any(|i| context.text(i) == "dont") {
            continue;
        }
        let singles = first_words().filter(|word| matches!(*word, "un" | "une" | "l" | "le" | "la")).count() as f64;
        let all = &context.annotations.entities.numbers;
        let from = all.partition_point(|n| n.tokens.start <= next);
        let mut of_people = |number: &Number| {
            let noun = number.tokens.end;
            let is = || context.annotations.marks_of(total.sentence).any(|m| m.start == noun && m.end <= end && people_of.iter().any(|f| f.contains(&m.class)));
            *known.entry((noun, end)).or_insert_with(is)
        };
        let within = all[from..].iter().take_while(|n| n.tokens.start < end).filter(|n| n.tokens.end <= end);
        // « à moins de 800 mètres » opens no part and counts nobody
        let part = |n: &&Number| !inner[(n.tokens.start - next - 1) as usize] && (opens(&n.tokens.start) || of_people(n));
        let numbers: Vec<&Number> = within.filter(part).collect();
        if numbers.len() < 2 || !numbers.iter().all(|n| of_people(n)) || numbers.iter().any(|n| n.approximate) {
            continue;
        }
        let sum: f64 = numbers.iter().map(|n| n.value).sum();
        // « trois élus, dont un de la minorité, trois agents »: of few, what comes next is counted beside them
        let wrong = if mark == "dont" {
            total.everyone && sum > total.number.value
        } else {
            total.number.value < sum - 0.1 || total.number.value > sum + singles + 0.1
        };
        if wrong {
            let last = numbers[numbers.len() - 1];
            let parts = context.span(total.sentence, numbers[0].tokens.start, last.tokens.end);
            out.push(sum_finding(span(context, total), total.number.value, parts, sum));
        }
    }
    out
}

/// « Quatre groupes de douze inscrits, soit 52 participants ».
fn product(context: &Context<'_>, total: &Count<'_>) -> Option<Finding> {
    let said = total.number.tokens.start;
    if context.text(said.checked_sub(1)?) != "soit" {
        return None;
    }
    let all = &context.annotations.entities.numbers;
    let [.., times, each] = &all[..all.partition_point(|n| n.tokens.end < said)] else { return None };
    let here = times.tokens.start >= context.dossier.sentences[total.sentence as usize].tokens.start;
    let of = matches!(context.before(&each.tokens, 0), "de" | "d") && each.tokens.start - times.tokens.end <= 4 && said - each.tokens.end <= 8;
    let whole = !times.approximate && !each.approximate && times.value.fract() == 0.0 && each.value.fract() == 0.0;
    let value = times.value * each.value;
    let group = context.span(total.sentence, times.tokens.start, each.tokens.end);
    (here && of && whole && value != total.number.value).then(|| sum_finding(span(context, total), total.number.value, group, value))
}

fn sum_finding(primary: Span, total: f64, parts: Span, sum: f64) -> Finding {
    Finding::of_sum((primary, shown(total)), (parts, shown(sum)))
}

/// « Ils seront 24, de 16 ans et plus : 8 du Centre, 6 des Tanneries, 5 de la Gare et 3 des hameaux »: parts that do not say of whom.
fn shares(context: &Context<'_>, counts: &[Count<'_>], founding: &Founding<'_>) -> Vec<Finding> {
    let all = &context.annotations.entities.numbers;
    let mut out = Vec::new();
    let founded = founding.before.iter().filter_map(|hit| {
        let end = hit.tokens(context.dossier).end;
        let total = all[all.partition_point(|n| n.tokens.start < end)..].first().filter(|n| n.tokens.start <= end + 1)?;
        Some((total.tokens.start, (total, hit.sentence, total.tokens.end)))
    });
    let led = counts.iter().filter(|count| count.opens || context.text(count.end) == ":");
    let led = led.map(|count| (count.number.tokens.start, (count.number, count.sentence, count.end)));
    for (total, sentence, end) in founded.chain(led).collect::<BTreeMap<u32, (&Number, SentenceId, u32)>>().into_values() {
        let range = &context.dossier.sentences[sentence as usize].tokens;
        let Some(colon) = (total.tokens.end..range.end).find(|&i| context.text(i) == ":") else { continue };
        let after = &all[all.partition_point(|n| n.tokens.start < colon)..];
        let after = &after[..after.partition_point(|n| n.tokens.start < range.end)];
        // not the number of « Deux-Rives »
        let named = |part: &Number| context.token(part.tokens.start).is_some_and(|token| token.flags.has(TokenFlags::CAPITAL));
        let parts: Vec<&Number> = after.iter().filter(|part| !named(part)).collect();
        let share = |part: &Number| {
            matches!(context.after(&part.tokens, 0), "de" | "du" | "des" | "d" | "en" | "qui" | "pour" | "dans" | "a" | "au" | "aux")
                && matches!(context.before(&part.tokens, 0), ":" | "," | "et")
                // « 15 de moins de 30 ans »: they may be from anywhere
                && !matches!(context.after(&part.tokens, 1), "moins" | "plus")
                && part.value.fract() == 0.0
                && !part.approximate
        };
        let counted = counts.get(counts.partition_point(|count| count.number.tokens.start <= colon)).is_some_and(|count| count.sentence == sentence);
        if total.approximate || parts.len() < 3 || counted || !parts.iter().all(|part| share(part)) {
            continue;
        }
        let sum: f64 = parts.iter().map(|part| part.value).sum();
        if (sum - total.value).abs() > 0.1 && sum < 2.0 * total.value && total.value < 2.0 * sum {
            let parts = context.span(sentence, parts[0].tokens.start, parts[parts.len() - 1].tokens.end);
            out.push(sum_finding(context.span(sentence, total.tokens.start, end), total.value, parts, sum));
        }
    }
    out
}

/// A column of head counts with a total row.
fn table(context: &Context<'_>, rows: &[SentenceId]) -> Option<Finding> {
    let block = |row: SentenceId| &context.dossier.blocks[context.dossier.sentences[row as usize].block as usize];
    let (&last, parts) = rows.split_last().filter(|(last, parts)| context.is_total(**last) && parts.len() > 1)?;
    let parts: Vec<SentenceId> = parts.iter().copied().filter(|&row| !context.is_subtotal(row)).collect();
    let header = &context.dossier.blocks[block(last).header? as usize];
    let (groups, columns) = (context.classes("groupe"), context.classes("colonne-effectif"));
    let head = header.sentences.clone().next()?;
    let of_people = |column: &usize| {
        let cell = &header.cells[*column];
        context.annotations.marks_of(head).any(|m| cell.contains(&m.start) && (groups.contains(&m.class) || columns.contains(&m.class)))
    };
    let value = |row: SentenceId, column: usize| context.number_in(row, column).filter(|number| number.value.fract() == 0.0);
    (1..header.cells.len()).filter(of_people).find_map(|column| {
        let total = value(last, column)?;
        let parts: Vec<&Number> = parts.iter().map(|&row| value(row, column)).collect::<Option<_>>()?;
        let sum: f64 = parts.iter().map(|part| part.value).sum();
        let ends = context.place(&parts[parts.len() - 1].tokens);
        let primary = context.span(last, total.tokens.start, total.tokens.end);
        (sum != total.value).then(|| sum_finding(primary, total.value, ends, sum))
    })
}
