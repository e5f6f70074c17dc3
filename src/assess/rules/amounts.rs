//! `coherence.montants`: amounts that do not add up to the total they are given for, or (`stated_totals.rs`) two totals of one budget.

use std::collections::HashSet;
use std::ops::Range;

use crate::annotate::entities::Amount;
use crate::annotate::numbers::{Number, digits};
use crate::annotate::takes_up;
use crate::annotate::time::year;
use crate::dossier::{Block, BlockKind, SentenceId};
use crate::text::{Span, TokenFlags};

use super::sums::{goes_on, leaves_a_rest, multiplies, tells_some};
use super::{Context, Finding, SOUGHT, alike, grouped, is_content, stated_totals};

/// Rounding that an author may allow: one euro in a thousand, one euro at least.
pub(super) fn equal(a: f64, b: f64) -> bool {
    (a - b).abs() <= (a.abs() / 1000.0).max(1.0)
}

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut out = in_sentences(context);
    out.extend(lists(context));
    let partial = context.sentences_with("sans-addition");
    for rows in context.shared.tables.iter().filter(|rows| !rows.iter().any(|row| deducts(context, *row) || partial.contains(row))) {
        // « dont impression »: a part of the row above
        let rows: Vec<SentenceId> = rows.iter().copied().filter(|&row| !opens_with_part(context, row)).collect();
        // each total of some rows, then that of all
        let (mut first, mut all) = (0, Vec::new());
        for (at, &row) in rows.iter().enumerate() {
            if context.is_subtotal(row) {
                out.extend(table(context, &rows[first..at], Some(row)));
                first = at + 1;
            } else {
                all.push(row);
            }
        }
        // what stands below a total (tax, subsidies) is no part of it
        let (parts, total) = match all.iter().position(|&row| context.is_total(row)) {
            Some(0) => (&all[1..], Some(all[0])),
            Some(at) => (&all[..at], Some(all[at])),
            None => match all.split_last().filter(|(last, others)| names_the_whole(context, **last, others)) {
                Some((last, others)) => (others, Some(*last)),
                None => (&all[..], None),
            },
        };
        out.extend(table(context, parts, total));
        out.extend(rows.iter().filter(|row| !context.is_total(**row)).filter_map(|row| years_of(context, *row)));
        out.extend(total.and_then(|total| column_of_shares(context, parts, total)));
    }
    // a total that its parts already belie is said once
    let belied: HashSet<Span> = out.iter().map(|finding| finding.primary).collect();
    out.extend(stated_totals::check(context).into_iter().filter(|finding| !belied.contains(&finding.primary)));
    out
}

/// « À déduire | − 3 000 € »: a row that is taken off, so that the others add up to nothing that is told.
fn deducts(context: &Context<'_>, row: SentenceId) -> bool {
    let mut words = context.dossier.sentences[row as usize].tokens.clone().map(|i| context.text(i));
    words.any(|word| word.starts_with("deduire") || word.starts_with("deduction"))
        || amounts_of(context, row).iter().any(|amount| {
            // « -1 000 € » fills its cell
            let fills = || context.block(row).cells.iter().any(|cell| cell.start + 1 == amount.tokens.start);
            matches!(context.before(&amount.tokens, 0), "−" | "–") || context.before(&amount.tokens, 0) == "-" && fills()
        })
}

/// « Enveloppe 2027 », as the last row of a table that has no other of that name, and near the sum of the others.
fn names_the_whole(context: &Context<'_>, row: SentenceId, others: &[SentenceId]) -> bool {
    let first = |row: SentenceId| context.dossier.sentences[row as usize].tokens.start;
    let at = first(row);
    let told = year(context.text(at + 1)).is_some();
    let named = matches!(context.text(at), "budget" | "enveloppe" | "dotation" | "cout" | "montant") && context.text(at + 1 + u32::from(told)) == "|";
    let value = |row: SentenceId| match amounts_of(context, row) {
        [one] => Some(one.euros),
        _ => None,
    };
    let sum = || others.iter().map(|&row| value(row)).sum::<Option<f64>>();
    let alone = || !others.iter().any(|&other| context.text(first(other)) == context.text(at));
    named && others.len() > 1 && alone() && sum().zip(value(row)).is_some_and(|(sum, whole)| comparable(sum, whole))
}

fn opens_with_part(context: &Context<'_>, row: SentenceId) -> bool {
    let first = context.dossier.sentences[row as usize].tokens.start;
    context.text(first) == "dont" || matches!(context.text(first), "–" | "—" | "-") && context.text(first + 1) == "dont"
}

/// Whether an amount says that it is without tax, or with it.
pub(super) fn taxed(context: &Context<'_>, amount: &Amount) -> Option<bool> {
    let said = |word: &str| match word {
        "ttc" | "toutes" | "taxes" => Some(true),
        "ht" | "hors" => Some(false),
        _ => None,
    };
    match taxes(context, amount) {
        0 => said(context.before(&amount.tokens, u32::from(context.before(&amount.tokens, 0) == ":"))),
        _ => said(context.text(amount.tokens.end)),
    }
}

/// Tokens after an amount that say it: « 12 000 € HT », « 12 000 € hors taxes », « toutes taxes comprises ». « Total TTC : 36 000 € » says
/// it before.
pub(super) fn taxes(context: &Context<'_>, amount: &Amount) -> u32 {
    let after = |further| context.after(&amount.tokens, further);
    match after(0) {
        "ttc" | "ht" => 1,
        "hors" if after(1).starts_with("tax") => 2,
        "taxes" if after(1).starts_with("compris") => 2,
        "toutes" if after(1) == "taxes" => 3,
        _ => 0,
    }
}

/// « 12 000 € HT » and « 17 400 € TTC »: what cannot be compared.
fn taxed_otherwise(context: &Context<'_>, parts: &[Amount], total: &Amount) -> bool {
    let of_total = taxed(context, total);
    of_total.is_some() && parts.iter().any(|part| taxed(context, part).is_some_and(|taxed| Some(taxed) != of_total))
}

pub(super) fn amounts_of<'a>(context: &Context<'a>, sentence: SentenceId) -> &'a [Amount] {
    amounts_in(context, &context.dossier.sentences[sentence as usize].tokens)
}

fn amounts_in<'a>(context: &Context<'a>, tokens: &Range<u32>) -> &'a [Amount] {
    let all = &context.annotations.entities.amounts;
    let from = all.partition_point(|a| a.tokens.start < tokens.start);
    let to = all.partition_point(|a| a.tokens.start < tokens.end);
    &all[from..to]
}

pub(super) fn shown(euros: f64) -> String {
    let cents = (euros * 100.0).round();
    let (mut out, cents) = (grouped((cents / 100.0).trunc()), cents % 100.0);
    if cents > 0.0 {
        out += &format!(",{cents:02.0}");
    }
    out + "\u{a0}€"
}

/// « 14 500 € (animation 9 000 €, impression 2 500 €, location 2 000 €) »; with « dont », the parts may not exceed the whole.
fn in_sentences(context: &Context<'_>) -> Vec<Finding> {
    let unlike = context.sentences_with("sans-partage");
    let mut out = Vec::new();
    for id in 0..context.dossier.sentences.len() as SentenceId {
        if out.len() >= SOUGHT {
            break;
        }
        let amounts = amounts_of(context, id);
        out.extend(shares(context, id));
        if amounts.is_empty() || matches!(context.kind(id), BlockKind::TableRow { .. }) || unlike.contains(&id) {
            continue;
        }
        out.extend(listed(context, id, amounts));
        out.extend(multiplied(context, id, amounts));
        out.extend(with_tax(context, id, amounts));
        out.extend(financed(context, id, amounts));
        out.extend(said_after(context, id, amounts));
        out.extend(said_last(context, id, amounts));
        for (at, total) in amounts.iter().enumerate() {
            let Some((kind, end)) = breakdown(context, id, total.tokens.end) else { continue };
            if ranged(context, total, amounts) {
                continue;
            }
            // « auxquels s’ajoutent 15 000 € »: beside the total
            let beside = |i: &u32| ["auxquel", "ajout", "outre", "sus"].iter().any(|word| context.text(*i).starts_with(word));
            let end = (total.tokens.end..end).find(beside).unwrap_or(end);
            let following = &amounts[at + 1..][..amounts[at + 1..].partition_point(|a| a.tokens.start < end)];
            // « ; la région rembourse 4 000 € » may be the last part
            let whole: f64 = following.iter().map(|part| part.euros).sum();
            if equal(whole, total.euros) {
                break;
            }
            let (following, end) = siblings(context, following, total.tokens.end..end);
            let mut told: Vec<Amount> = following.into_iter().filter(|part| !repeats(context, part, amounts)).cloned().collect();
            if kind == Breakdown::Part {
                // « dont 3 000 € de salles, à comparer aux 22 000 € de 2024 »
                let others = told.iter().position(|part| part.euros > total.euros || !labelled(context, part));
                told.truncate(others.unwrap_or(told.len()));
            } else if told.is_empty() {
                told = bare_millions(context, total.tokens.end..end);
                if told.is_empty() {
                    told = bare_euros(context, total.tokens.end..end).unwrap_or_default();
                }
            }
            let parts = told.as_slice();
            if parts.len() < 2 || !told_in_full(context, parts, total.tokens.end..end) {
                continue;
            }
            let sum = sum_of(parts);
            // « au plus 50 000 € », « la Ville avançant 20 000 € »: no share
            let share = |part: &Amount| {
                matches!(context.before(&part.tokens, 0), ":" | "," | ";" | "et" | "(" | "savoir" | "soit" | "pour" | "en")
                    && !context.after(&part.tokens, 0).starts_with("max")
            };
            let unsure = || !comparable(sum, total.euros) || !parts.iter().all(share);
            if reach(parts, total)
                || taxed_otherwise(context, parts, total)
                || kind == Breakdown::Shared && unsure()
                || kind == Breakdown::Whole && !adds_up_to(context, parts, total, end)
            {
                break;
            }
            let over = sum > total.euros;
            let all = kind != Breakdown::Part && !goes_on(context, parts[parts.len() - 1].tokens.end..end);
            if (over || all) && !make(parts, total) {
                out.push(wrong_sum(context, id, total, parts, sum));
            }
            break;
        }
    }
    out
}

/// The amounts told at the level of the parts of a total, and where what tells them ends: not « 40 000 € », in « 70 000 € de fonctionnement (dont
/// 40 000 € d'animation) et 30 000 € d'investissement », nor what is past the bracket that holds the total, or past « ; » with a verb that the
/// parts have not.
fn siblings<'a>(context: &Context<'_>, amounts: &'a [Amount], told: Range<u32>) -> (Vec<&'a Amount>, u32) {
    let verb_from = |i: u32| (i..told.end).take_while(|&j| j == i || context.text(j) != ";").any(|j| context.is_conjugated(j));
    let (mut depth, mut inner, mut verb) = (0, false, false);
    let mut placed: Vec<(i32, &Amount)> = Vec::new();
    let mut rest = amounts;
    let mut end = told.end;
    for i in told.clone() {
        match context.text(i) {
            "(" => depth += 1,
            ")" => depth -= 1,
            // of the first, the parts are told
            "dont" => inner = !placed.is_empty(),
            _ => verb |= context.is_conjugated(i),
        }
        inner &= !matches!(context.text(i), "," | ";" | ")");
        if depth < 0 || context.text(i) == ";" && !verb && verb_from(i) {
            end = i;
            break;
        }
        if let [next, others @ ..] = rest
            && next.tokens.start == i
        {
            rest = others;
            placed.extend((!inner).then_some((depth, next)));
        }
    }
    let level = placed.iter().map(|(depth, _)| *depth).min();
    (placed.into_iter().filter(|(depth, _)| Some(*depth) == level).map(|(_, amount)| amount).collect(), end)
}

/// Whether the first amounts of some make a total by themselves: the others are told beside it.
fn reach(parts: &[Amount], total: &Amount) -> bool {
    let mut told = 0.0;
    parts[..parts.len() - 1].iter().any(|part| {
        told += part.euros;
        equal(told, total.euros)
    })
}

/// « Animation 9 000 € »; not « aux 9 000 € », « plus de 9 000 € », « verse 9 000 € ».
fn labelled(context: &Context<'_>, part: &Amount) -> bool {
    let before = context.before(&part.tokens, 0);
    let small = matches!(before, "de" | "d" | "a" | "au" | "aux" | "les" | "des" | "que" | "plus" | "moins" | "sous" | "entre" | "jusqu");
    !small && !context.is_conjugated(part.tokens.start - 1)
}

/// « 96 000 € TTC (80 000 € HT) »: the same amount, otherwise.
fn repeats(context: &Context<'_>, amount: &Amount, amounts: &[Amount]) -> bool {
    let taxed_alike = |other: &Amount| taxed(context, other).is_none() || taxed(context, other) == taxed(context, amount);
    let before = amounts.iter().find(|other| other.tokens.end + taxes(context, other) + 1 == amount.tokens.start);
    context.before(&amount.tokens, 0) == "(" && before.is_some_and(|other| !taxed_alike(other))
}

/// Whether the amounts that follow a total, up to `end`, may be meant for its parts. Where they stand in a plain list they may be far from it;
/// where a verb or a year is told, or a bound, they are when their sum is near.
fn adds_up_to(context: &Context<'_>, parts: &[Amount], total: &Amount, end: u32) -> bool {
    let mut told = total.tokens.end..end;
    let dated = told.clone().any(|i| context.is_number(i) && year(context.text(i)).is_some());
    let plain = parts.iter().all(|part| labelled(context, part)) && !told.any(|i| context.is_conjugated(i));
    let ratio = match (dated, plain) {
        (true, _) => 1.25,
        (false, true) => 2.5,
        (false, false) => 1.5,
    };
    alike(ratio, sum_of(parts), total.euros) && !parts.iter().any(|part| ranged(context, part, parts) || !plain && bounded(context, part))
}

/// « De 1 000 € à 5 000 € », « entre 2 000 € et 20 000 € »: one of the ends of a range.
fn ranged(context: &Context<'_>, amount: &Amount, amounts: &[Amount]) -> bool {
    let range = |first: &Amount, last: &Amount| {
        first.tokens.end + 1 == last.tokens.start
            && matches!(context.text(first.tokens.end), "a" | "et")
            && matches!(context.before(&first.tokens, 0), "de" | "entre")
    };
    amounts.iter().any(|other| range(amount, other) || range(other, amount))
}

fn numbers_in<'a>(context: &Context<'a>, within: Range<u32>) -> impl Iterator<Item = &'a Number> {
    let all = &context.annotations.entities.numbers;
    all[all.partition_point(|n| n.tokens.start < within.start)..].iter().take_while(move |n| n.tokens.end < within.end)
}

/// « 34 millions d'euros, répartis entre le Département pour 21 millions et l'État pour 13 millions »: the currency is said of the total.
fn bare_millions(context: &Context<'_>, within: Range<u32>) -> Vec<Amount> {
    let amount = |number: &Number| {
        let unit = number.tokens.end;
        let factor = match context.text(unit) {
            "million" | "millions" => 1e6,
            "milliard" | "milliards" => 1e9,
            _ => return None,
        };
        // « 21 millions de voyageurs »
        let of_something = matches!(context.text(unit + 1), "d" | "de" | "des");
        (!of_something).then(|| Amount { tokens: number.tokens.start..unit + 1, euros: number.value * factor, approximate: number.approximate })
    };
    numbers_in(context, within).filter_map(amount).collect()
}

/// « 54 000 euros par an : 30 000 pour l'animation, 24 000 pour les salles »: the same, where every number of some size is such a part.
fn bare_euros(context: &Context<'_>, within: Range<u32>) -> Option<Vec<Amount>> {
    let large = numbers_in(context, within).filter(|n| n.value >= 100.0 && year(context.text(n.tokens.start)).is_none());
    let part = |number: &Number| {
        let opens = matches!(context.before(&number.tokens, 0), ":" | "," | ";" | "et" | "(");
        let amount = Amount { tokens: number.tokens.clone(), euros: number.value, approximate: number.approximate };
        (opens && context.after(&number.tokens, 0) == "pour").then_some(amount)
    };
    large.map(part).collect()
}

/// « 18 000 € pour la concertation, à ne pas confondre avec…: 9 500 € d'animation, 5 200 € d'impression, 2 300 € de salles »: the first
/// amount of the sentence, and a list of three amounts or more, each « de » something; or of two, near it and without a verb.
fn listed(context: &Context<'_>, sentence: SentenceId, amounts: &[Amount]) -> Option<Finding> {
    let (total, others) = amounts.split_first()?;
    let last = context.dossier.sentences[sentence as usize].tokens.end;
    let colon = (total.tokens.end..last).find(|&i| context.text(i) == ":")?;
    if breakdown(context, sentence, total.tokens.end).is_some() || (total.tokens.end..colon).any(|i| context.text(i) == ";") {
        return None;
    }
    let parts = &others[others.partition_point(|part| part.tokens.start < colon)..];
    let of = |part: &Amount| matches!(context.after(&part.tokens, 0), "de" | "d" | "du" | "des" | "pour" | "en" | "a" | "au" | "aux");
    let follows = |part: &Amount| matches!(context.before(&part.tokens, 0), ":" | "," | ";" | "et");
    if parts.len() < 2 || !parts.iter().all(|part| of(part) && follows(part)) || !told_in_full(context, parts, colon..last) || ranged(context, total, amounts) {
        return None;
    }
    let sum = sum_of(parts);
    let told = (colon..last).any(|i| context.is_conjugated(i) || matches!(context.text(i), "dont" | "notamment"));
    let end = parts[parts.len() - 1].tokens.end;
    let pair = || {
        // « 20 000 € pour la première phase, 15 000 € pour la deuxième, la troisième étant à chiffrer »
        let told = told || (end..last).any(|i| matches!(context.text(i), "," | ";"));
        let near = colon - total.tokens.end <= 10 && others.len() == parts.len() && !told;
        let a_price = unit_price(context, total) || parts.iter().chain([total]).any(|amount| bounded(context, amount));
        near && !a_price && !taxed_otherwise(context, parts, total)
    };
    let all = sum > total.euros || !goes_on(context, end..last);
    let meant = comparable(sum, total.euros) && (parts.len() > 2 || pair());
    (meant && all && !make(parts, total)).then(|| wrong_sum(context, sentence, total, parts, sum))
}

/// Whether a sum may be meant for a total.
fn comparable(sum: f64, total: f64) -> bool {
    alike(1.5, sum, total)
}

fn sum_of(parts: &[Amount]) -> f64 {
    parts.iter().map(|part| part.euros).sum()
}

/// Whether parts add up to a total: nearly, where one of them is told as near.
fn make(parts: &[Amount], total: &Amount) -> bool {
    let rounded = total.approximate || parts.iter().any(|part| part.approximate);
    let sum = sum_of(parts);
    equal(sum, total.euros) || rounded && alike(1.1, sum, total.euros)
}

/// Whether the amounts told in some words are all the parts of a total, none of them a price.
fn told_in_full(context: &Context<'_>, parts: &[Amount], told: Range<u32>) -> bool {
    !leaves_a_rest(context, told) && !parts.iter().any(|part| unit_price(context, part))
}

/// « 12 000 € de la commune et 18 000 € de l'aménageur, soit 32 000 € au total »: the last amount of the sentence is that of the others.
fn said_last(context: &Context<'_>, sentence: SentenceId, amounts: &[Amount]) -> Option<Finding> {
    let (total, parts) = amounts.split_last().filter(|(_, parts)| parts.len() > 1)?;
    let before = |further| context.before(&total.tokens, further);
    // « soit un budget global de »
    let sum = |word: &str| {
        matches!(word, "de" | "un" | "une" | "budget" | "cout" | "montant" | "financement" | "enveloppe" | "total" | "totale" | "global" | "globale")
    };
    let back = (0..5).find(|&further| !sum(before(further))).unwrap_or(0);
    let in_all = || before(back) == "pour" && (0..back).any(|further| before(further) == "total");
    let so = before(back) == "soit"
        || in_all()
        || before(0) == "de" && before(1) == "total" && matches!(before(2), "un" | "au")
        || before(1) == "total" && before(0) == ":";
    let told = context.dossier.sentences[sentence as usize].tokens.start..total.tokens.start;
    // « à 500 € l'un », « entre 20 000 € et 30 000 € », « de 10 000 € à 12 000 € »: prices and bounds
    let price = |part: &Amount| bounded(context, part) || context.before(&part.tokens, 0) == "a";
    // « animation : 12 000 €, salles : 3 000 €, soit »
    let labels = || parts.iter().all(|part| context.before(&part.tokens, 0) == ":");
    let broken = || (parts[0].tokens.end..total.tokens.start).any(|i| context.text(i) == ":") && !labels();
    let partial = || tells_some(context, told.clone()) || multiplies(context, told.clone()) || broken();
    if !so
        || unit_price(context, total)
        || parts.iter().any(price)
        || partial()
        || !told_in_full(context, parts, told.clone())
        || taxed_otherwise(context, parts, total)
    {
        return None;
    }
    let sum = sum_of(parts);
    let over = parts.iter().all(|part| part.euros < total.euros);
    let further = context.after(&total.tokens, 0) == "de" && matches!(context.after(&total.tokens, 1), "plus" | "moins");
    (over && !further && comparable(sum, total.euros) && !make(parts, total)).then(|| wrong_sum(context, sentence, total, parts, sum))
}

/// « Six quartiers, 45 000 € chacun, soit 280 000 € »; « 85 € par journée, soit 500 € pour les cinq journées ».
fn multiplied(context: &Context<'_>, sentence: SentenceId, amounts: &[Amount]) -> Option<Finding> {
    let [each, total] = amounts else { return None };
    if context.before(&total.tokens, 0) != "soit" || total.tokens.start - each.tokens.end > 6 {
        return None;
    }
    let times = times_before(context, sentence, each).or_else(|| times_after(context, sentence, each, total))?;
    // « quatre journées à 80 € pour 30 participants »: a third factor
    let more = (each.tokens.end..total.tokens.start).any(|i| context.is_number(i));
    let product = times.value * each.euros;
    let rounded = times.approximate || each.approximate || total.approximate;
    (!more && !rounded && !equal(product, total.euros)).then(|| wrong_sum(context, sentence, total, std::slice::from_ref(each), product))
}

/// « Six », in « six quartiers, 45 000 € chacun », « six ateliers à 3 000 € ».
fn times_before<'a>(context: &Context<'a>, sentence: SentenceId, each: &Amount) -> Option<&'a Number> {
    let numbers = &context.annotations.entities.numbers;
    let first = context.dossier.sentences[sentence as usize].tokens.start;
    let times = numbers[..numbers.partition_point(|n| n.tokens.end <= each.tokens.start)].last().filter(|n| n.tokens.start >= first)?;
    let each_of = matches!(context.after(&each.tokens, 0), "chacun" | "chacune") || matches!(context.after(&times.tokens, 1), "de" | "a" | "d");
    (each_of && each.tokens.start - times.tokens.end <= 4).then_some(times)
}

/// « Cinq », in « 85 € par journée, soit 500 € pour les cinq journées »: of what the price is for, and of nothing else.
fn times_after<'a>(context: &Context<'a>, sentence: SentenceId, each: &Amount, total: &Amount) -> Option<&'a Number> {
    let numbers = &context.annotations.entities.numbers;
    let unit = context.text(each.tokens.end + 1);
    let times = numbers.get(numbers.partition_point(|n| n.tokens.start < total.tokens.end))?;
    let led = context.after(&each.tokens, 0) == "par" && matches!(context.after(&total.tokens, 0), "pour" | "sur") && !unit.is_empty();
    let alone = each.tokens.end + 4 >= total.tokens.start;
    let near = times.tokens.start - total.tokens.end <= 2 && times.tokens.end < context.dossier.sentences[sentence as usize].tokens.end;
    let ends = context.dossier.sentences[sentence as usize].tokens.end == times.tokens.end + 1 || !is_content(context.text(times.tokens.end + 1));
    (led && alone && near && ends && context.text(times.tokens.end).starts_with(unit)).then_some(times)
}

/// « 20 000 € HT, soit 25 000 € TTC (TVA à 20 %) ».
fn with_tax(context: &Context<'_>, sentence: SentenceId, amounts: &[Amount]) -> Option<Finding> {
    let [net, gross] = amounts else { return None };
    let told = &context.dossier.sentences[sentence as usize].tokens;
    let so = gross.tokens.start - net.tokens.end <= 4 && matches!(context.before(&gross.tokens, 0), "soit" | "(");
    if !so || taxed(context, net) != Some(false) || taxed(context, gross) != Some(true) || net.approximate || gross.approximate {
        return None;
    }
    let mut rates = told.clone().filter(|&i| context.is_number(i) && i + 1 < told.end && context.text(i + 1) == "%");
    let (rate, None) = (rates.next()?, rates.next()) else { return None };
    if !(rate.saturating_sub(3)..rate + 5).any(|i| told.contains(&i) && context.text(i) == "tva") {
        return None;
    }
    let due = net.euros * (1.0 + digits(context.text(rate))? / 100.0);
    let place = |amount: &Amount| context.place(&amount.tokens);
    (!equal(due, gross.euros)).then(|| Finding {
        primary: place(gross),
        message: "taxe",
        primary_label: "total-ici",
        labels: vec![(place(net), "hors-taxe"), (context.span(sentence, rate, rate + 2), "taux")],
        blanks: vec![("total", shown(gross.euros)), ("net", shown(net.euros)), ("somme", shown(due)), ("taux", format!("{}\u{a0}%", context.text(rate)))],
        help: "aide-taxe",
    })
}

/// « Le dialogue coûte 90 000 €. Il est financé par la Région à hauteur de 40 000 € et par la Ville pour 25 000 € ».
fn financed(context: &Context<'_>, sentence: SentenceId, parts: &[Amount]) -> Option<Finding> {
    let before = sentence.checked_sub(1)?;
    let sentences = &context.dossier.sentences;
    let tokens = &sentences[sentence as usize].tokens;
    let opening = || (tokens.start..tokens.end.min(tokens.start + 7)).map(|i| context.text(i));
    // « il », « cette somme », « ce dialogue » where the sentence before tells of one
    let again = || sentences[before as usize].tokens.clone().any(|i| context.text(i) == context.text(tokens.start + 1));
    let taken_up = match context.text(tokens.start) {
        word if takes_up(word) => true,
        "ce" | "cette" | "cet" => matches!(context.text(tokens.start + 1), "budget" | "somme" | "montant" | "enveloppe" | "cout" | "depense") || again(),
        _ => false,
    };
    let shared = opening().any(|text| ["financ", "reparti", "ventil", "decompos"].iter().any(|word| text.starts_with(word)));
    if parts.len() < 2 || !taken_up || !shared || sentences[before as usize].block != sentences[sentence as usize].block {
        return None;
    }
    let [total] = amounts_of(context, before) else { return None };
    let all = !tells_some(context, tokens.clone()) && told_in_full(context, parts, tokens.clone());
    let sum = sum_of(parts);
    (all && comparable(sum, total.euros) && !make(parts, total)).then(|| wrong_sum(context, before, total, parts, sum))
}

/// « 8 000 € pour le bourg, 5 000 € pour les hameaux. Soit 12 000 € en tout »: the total of the sentence before, or of those that have a label and
/// an amount each: « Animation : 12 000 €. Salles : 3 000 €. Total : 15 000 € ».
fn said_after(context: &Context<'_>, sentence: SentenceId, amounts: &[Amount]) -> Option<Finding> {
    let [total] = amounts else { return None };
    let before = sentence.checked_sub(1)?;
    let sentences = &context.dossier.sentences;
    let tokens = &sentences[sentence as usize].tokens;
    let says_all = |sentence: SentenceId| matches!(context.text(sentences[sentence as usize].tokens.start), "soit" | "total");
    if !says_all(sentence) || total.tokens.start - tokens.start > 5 {
        return None;
    }
    let label = |told: &SentenceId| {
        let one = matches!(amounts_of(context, *told), [one] if context.before(&one.tokens, 0) == ":");
        one && !says_all(*told) && sentences[*told as usize].block == sentences[sentence as usize].block
    };
    let first = (0..sentence).rev().take_while(label).last().unwrap_or(before);
    let told = || sentences[first as usize].tokens.start..tokens.start;
    let parts = amounts_in(context, &told());
    let all = || !multiplies(context, told()) && told_in_full(context, parts, told());
    if parts.len() < 2 || unit_price(context, total) || !goes_with(context, before, sentence) || !all() {
        return None;
    }
    let sum = sum_of(parts);
    // « 14 000 €, dont 9 000 € d'animation. Soit… »: other sums are
    (!make(parts, total)
        && comparable(sum, total.euros)
        && breakdown(context, first, parts[0].tokens.end).is_none_or(|(kind, _)| kind == Breakdown::Whole && parts.len() > 2))
    .then(|| wrong_sum(context, sentence, total, parts, sum))
}

/// Whether two sentences that follow each other are of one block, or of two items of one list.
fn goes_with(context: &Context<'_>, first: SentenceId, next: SentenceId) -> bool {
    let [a, b] = [first, next].map(|sentence| context.dossier.sentences[sentence as usize].block);
    let [one, other] = [a, b].map(|block| &context.dossier.blocks[block as usize]);
    a == b
        || a + 1 == b
            && matches!((&one.kind, &other.kind), (BlockKind::ListItem, BlockKind::ListItem))
            && one.section == other.section
            && one.lead_in == other.lead_in
}

fn wrong_sum(context: &Context<'_>, sentence: SentenceId, total: &Amount, parts: &[Amount], sum: f64) -> Finding {
    let place = context.span(sentence, total.tokens.start, total.tokens.end);
    let of_parts = context.place(&(parts[0].tokens.start..parts[parts.len() - 1].tokens.end));
    Finding::of_sum((place, shown(total.euros)), (of_parts, shown(sum)))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Breakdown {
    /// All the parts are given.
    Whole,
    /// All, said by a word that also tells of rules: « partagés entre les quartiers ».
    Shared,
    /// « dont »: some of them.
    Part,
}

/// Whether what follows a total breaks it down, and where that ends.
fn breakdown(context: &Context<'_>, sentence: SentenceId, after: u32) -> Option<(Breakdown, u32)> {
    let last = context.dossier.sentences[sentence as usize].tokens.end;
    let mut at = after;
    while at < last && matches!(context.text(at), "ttc" | "ht" | "hors" | "taxes" | "toutes" | "comprises" | "par" | "an" | ",") {
        at += 1;
    }
    match context.text(at) {
        "dont" => Some((Breakdown::Part, last)),
        "(" => {
            let close = (at..last).find(|&i| context.text(i) == ")").unwrap_or(last);
            let partial = matches!(context.text(at + 1), "dont" | "notamment" | "y" | "contre" | "soit" | "hors");
            (!partial || context.text(at + 1) == "dont").then_some((if partial { Breakdown::Part } else { Breakdown::Whole }, close))
        }
        ":" => Some((Breakdown::Whole, last)),
        // « 20 000 € HT, soit 24 000 € TTC »
        "soit" if at > after && (after..at).all(|i| context.text(i) == ",") && context.text(at + 2) != "total" => Some((Breakdown::Whole, last)),
        "comprenant" | "incluant" | "comprend" | "inclut" => Some((Breakdown::Part, last)),
        _ => {
            // « est partagé entre la métropole (45 000 €) et l'État », « à savoir 600 000 € pour… »
            let starts = |i: u32, words: &[&str]| words.iter().any(|word| context.text(i).starts_with(word));
            (at..last.min(at + 8)).take_while(|&i| !context.is_number(i)).find_map(|i| match context.text(i) {
                "reparti" => Some((Breakdown::Whole, last)),
                _ if starts(i, &["repartis", "repartie", "ventile", "decompose"]) => Some((Breakdown::Whole, last)),
                "savoir" => Some((Breakdown::Shared, last)),
                // « 180 000 € pour l’année, soit 90 000 € pour le Centre, … »
                "soit" if i > at && context.text(i - 1) == "," => Some((Breakdown::Shared, last)),
                _ if starts(i, &["repartit", "partag", "divis", "cofinanc"]) => Some((Breakdown::Shared, last)),
                // « financé par la ville (60 000 €) et la région (40 000 €) », « provient de »
                _ if starts(i, &["financ", "provien", "provenant"]) => {
                    let some = (i..last).any(|i| matches!(context.text(i), "partie" | "partiellement" | "notamment" | "aussi" | "egalement"));
                    (!some).then_some((Breakdown::Shared, last))
                }
                _ => None,
            })
        }
    }
}

/// « 92 € par jour », « 30 € chacun »: a price, not a share.
pub(super) fn unit_price(context: &Context<'_>, amount: &Amount) -> bool {
    let after = |further| context.after(&amount.tokens, further);
    // « Centre : 12 000 € / Nord : 9 000 € » lists
    let named = || context.token(amount.tokens.end + 1).is_some_and(|token| token.flags.has(TokenFlags::CAPITAL));
    matches!(after(0), "par" | "chacun" | "chacune" | "l" | "la" | "le" | "piece")
        || after(0) == "/" && !named()
        || after(0) == "a" && after(1) == "l" && after(2) == "unite"
        || after(0) == "de" && after(1) == "l" && after(2) == "heure"
}

/// A column of plain numbers, and what each is worth in euros.
struct Column {
    at: usize,
    unit: f64,
}

/// The one column of a table whose header says that it holds euros, or thousands of them: « Montant (€ HT) », « k€ ».
fn euros_column(context: &Context<'_>, row: SentenceId) -> Option<Column> {
    let blocks = &context.dossier.blocks;
    let header = &blocks[context.block(row).header? as usize];
    let says = |cell: &Range<u32>, words: &[&str]| cell.clone().any(|i| words.contains(&context.text(i)));
    let in_euros = |cell: &Range<u32>| says(cell, &["€", "euros", "eur", "keur", "meur"]) && !is_price(context, cell);
    let mut columns = header.cells.iter().enumerate().filter(|(_, cell)| in_euros(cell));
    let (at, cell) = columns.next().filter(|_| columns.next().is_none())?;
    let unit = if says(cell, &["k", "keur", "milliers"]) {
        1e3
    } else if says(cell, &["m", "meur", "millions"]) {
        1e6
    } else {
        1.0
    };
    Some(Column { at, unit })
}

/// Whether the header of a column says that its cells are not added up: « Montant par habitant », « Budget cumulé ».
fn is_price(context: &Context<'_>, header: &Range<u32>) -> bool {
    let apart = |text: &str| matches!(text, "par" | "/" | "unitaire" | "%") || ["cumul", "maxim", "plafond", "minim"].iter().any(|word| text.starts_with(word));
    header.clone().any(|i| apart(context.text(i)))
}

/// Rows of a table that make the total of one row, or that of the sentence that introduces the table.
fn table(context: &Context<'_>, rows: &[SentenceId], total_row: Option<SentenceId>) -> Option<Finding> {
    let column = euros_column(context, *rows.first()?);
    // « Indemnités (60 × 86 €) | 5 160 € »
    let price = |amount: &&Amount| matches!(context.before(&amount.tokens, 0), "×" | "x" | "*" | "fois");
    let value = |row: SentenceId| {
        let mut own = amounts_of(context, row).iter().filter(|amount| !price(amount));
        match (own.next(), own.next()) {
            (None, _) => {
                let Column { at, unit } = column.as_ref()?;
                let of = |number: &Number| Amount { tokens: number.tokens.clone(), euros: number.value * unit, approximate: number.approximate };
                context.number_in(row, *at).map(of)
            }
            (one, None) => one.cloned(),
            _ => None,
        }
    };
    if let Some(total) = total_row.filter(|&row| amounts_of(context, row).len() > 1) {
        return columns(context, rows, total);
    }
    let parts: Vec<Amount> = rows.iter().filter_map(|&row| value(row)).collect();
    if parts.len() < 2 || parts.len() < rows.len() || parts.iter().any(|p| unit_price(context, p)) {
        return None;
    }
    let block = context.block(*rows.first()?);
    let total = match total_row {
        Some(row) => {
            let label = context.block(row).cells.first()?;
            let rounded = label.clone().any(|i| ["arrondi", "environ"].iter().any(|word| context.text(i).starts_with(word)));
            value(row).map(|total| Amount { approximate: total.approximate || rounded, ..total })?
        }
        None => {
            let sum = sum_of(&parts);
            let header = &context.dossier.blocks[block.header? as usize];
            introduced(context, block.lead_in?).filter(|one| comparable(sum, one.euros) && !header.cells.iter().any(|cell| is_price(context, cell)))?
        }
    };
    // « 12 k€ » may be 12 400 €: half of the last figure told, for each
    let grain = column
        .filter(|column| column.unit > 1.0)
        .map_or(0.0, |column| if parts.iter().all(|p| p.euros % column.unit == 0.0) { column.unit } else { column.unit / 10.0 });
    if (sum_of(&parts) - total.euros).abs() <= grain / 2.0 * parts.len() as f64 {
        return None;
    }
    summed_up(context, &parts, &total, total_row.is_some())
}

/// A percentage: its tokens and its value.
fn percentages(context: &Context<'_>, within: &Range<u32>) -> Vec<(Range<u32>, f64)> {
    let signs = within.clone().skip(1).filter(|&i| context.text(i) == "%" && context.is_number(i - 1));
    signs.filter_map(|i| digits(context.text(i - 1)).map(|value| (i - 1..i + 1, value))).collect()
}

/// « Financement : 50 % commune, 30 % région, 30 % État ».
fn shares(context: &Context<'_>, sentence: SentenceId) -> Option<Finding> {
    let told = &context.dossier.sentences[sentence as usize].tokens;
    let colon = told.clone().find(|&i| context.text(i) == ":").filter(|colon| (told.start..*colon).any(|i| context.text(i).starts_with("financ")))?;
    if matches!(context.kind(sentence), BlockKind::TableRow { .. }) || tells_some(context, told.clone()) || told.clone().any(|i| context.text(i) == "taux") {
        return None;
    }
    let parts = percentages(context, &(colon..told.end));
    // « 30 % à la commande, 30 % de TVA »: a share is that of someone
    let listed = |(tokens, _): &(Range<u32>, f64)| {
        matches!(context.before(tokens, 0), ":" | "," | ";" | "et" | "(") && !matches!(context.after(tokens, 0), "a" | "au" | "aux" | "en")
    };
    let sum: f64 = parts.iter().map(|(_, value)| value).sum();
    let [(first, _), _, .., (last, _)] = parts.as_slice() else { return None };
    (parts.iter().all(listed) && sum > 101.0 && sum < 130.0).then(|| over_a_whole(context.span(sentence, first.start, last.end), sum))
}

/// A column of percentages whose total row says 100 %.
fn column_of_shares(context: &Context<'_>, rows: &[SentenceId], total_row: SentenceId) -> Option<Finding> {
    let cell = |row: SentenceId, column: usize| {
        let cell = context.block(row).cells.get(column)?;
        percentages(context, cell).into_iter().next().filter(|(tokens, _)| tokens == cell)
    };
    let header = &context.dossier.blocks[context.block(total_row).header? as usize];
    let of_parts = |column: &usize| header.cells[*column].clone().any(|i| matches!(context.text(i), "part" | "parts" | "repartition" | "cle" | "%"));
    (1..header.cells.len().min(MOST_COLUMNS)).filter(of_parts).find_map(|column| {
        let (place, whole) = cell(total_row, column)?;
        let parts: Vec<f64> = rows.iter().map(|&row| cell(row, column).map(|(_, value)| value)).collect::<Option<_>>()?;
        let sum: f64 = parts.iter().sum();
        // each may be rounded
        let wrong = (sum - whole).abs() > (parts.len() as f64 / 2.0).max(1.0) && alike(1.3, sum, whole);
        (parts.len() > 1 && whole == 100.0 && wrong).then(|| over_a_whole(context.place(&place), sum))
    })
}

fn over_a_whole(primary: Span, sum: f64) -> Finding {
    let sum = format!("{}\u{a0}%", (sum * 10.0).round() / 10.0);
    Finding { primary, message: "pourcentages", blanks: vec![("somme", sum)], ..Finding::default() }
}

/// The first column of several amounts a row that does not make the total below it.
fn columns(context: &Context<'_>, rows: &[SentenceId], total_row: SentenceId) -> Option<Finding> {
    let value = |row: SentenceId, column: usize| {
        let cell = context.block(row).cells.get(column)?;
        let mut amounts = amounts_of(context, row).iter().filter(|amount| cell.contains(&amount.tokens.start));
        amounts.next().filter(|_| amounts.next().is_none()).cloned()
    };
    let header = context.block(total_row).header.map(|header| &context.dossier.blocks[header as usize]);
    let added = |column: &usize| header.and_then(|header| header.cells.get(*column)).is_none_or(|cell| !is_price(context, cell));
    let width = context.block(total_row).cells.len().min(MOST_COLUMNS);
    (1..width).filter(added).find_map(|column| {
        let total = value(total_row, column)?;
        let parts: Vec<Amount> = rows.iter().map(|&row| value(row, column)).collect::<Option<_>>()?;
        let priced = parts.iter().any(|part| unit_price(context, part));
        (parts.len() > 1 && !priced).then(|| summed_up(context, &parts, &total, true))?
    })
}

/// « | Études | 10 000 € | 20 000 € | 35 000 € | », under « 2027 », « 2028 » and « Total »: the last amount of a row that the others do not make.
fn years_of(context: &Context<'_>, row: SentenceId) -> Option<Finding> {
    let header = &context.dossier.blocks[context.block(row).header? as usize];
    let [_, years @ .., last] = header.cells.as_slice() else { return None };
    let says = |cell: &Range<u32>, is: &dyn Fn(&str) -> bool| cell.len() == 1 && is(context.text(cell.start));
    let by_year = years.len() > 1 && years.iter().all(|cell| says(cell, &|text| year(text).is_some())) && says(last, &|text| text == "total");
    let (total, parts) = amounts_of(context, row).split_last().filter(|(_, parts)| by_year && parts.len() == years.len())?;
    summed_up(context, parts, total, true)
}

/// Columns of a table that are added up, at most.
const MOST_COLUMNS: usize = 20;

/// The parts of a table or a list against their total: reported at the total, or at the last row of a table that lacks the one of its total.
fn summed_up(context: &Context<'_>, parts: &[Amount], total: &Amount, at_total: bool) -> Option<Finding> {
    let sum = sum_of(parts);
    // rows that head others, in a table that does not say which, count twice
    let headed = equal(sum, 2.0 * total.euros) || equal(sum_of_heads(parts), total.euros);
    if make(parts, total) || headed || taxed_otherwise(context, parts, total) {
        return None;
    }
    let span = |a: &Amount| context.place(&a.tokens);
    let last = &parts[parts.len() - 1];
    let finding = Finding::of_sum((span(total), shown(total.euros)), (span(last), shown(sum)));
    if at_total {
        return Some(finding.up_to_there());
    }
    Some(Finding { primary: span(last), primary_label: "jusqu-ici", labels: vec![(span(total), "total-ici")], ..finding })
}

/// The sum of some rows without those that another, above them, is the sum of: « 1. Animation, 12 000 € », « 1.1 Séances, 8 000 € »,
/// « 1.2 Garde, 4 000 € », « 2. Salles, 3 000 € ».
fn sum_of_heads(mut rows: &[Amount]) -> f64 {
    let mut sum = 0.0;
    while let [head, below @ ..] = rows {
        sum += head.euros;
        let mut told = 0.0;
        let last = below.iter().position(|row| {
            told += row.euros;
            told > head.euros || equal(told, head.euros)
        });
        rows = &below[last.filter(|_| equal(told, head.euros)).map_or(0, |last| last + 1)..];
    }
    sum
}

/// Items of a list, each with one amount: the last one is their total, or the sentence that introduces them or the one below gives it.
fn lists(context: &Context<'_>) -> Vec<Finding> {
    let value = |block: &Block| match block.sentences.clone().flat_map(|id| amounts_of(context, id)).collect::<Vec<_>>()[..] {
        [one] if !unit_price(context, one) && !bounded(context, one) => Some(one.clone()),
        _ => None,
    };
    let alone = |sentence: SentenceId| match amounts_of(context, sentence) {
        [one] if !unit_price(context, one) && !bounded(context, one) => Some(one.clone()),
        _ => None,
    };
    let partial = context.sentences_with("sans-addition");
    context
        .lists()
        .filter_map(|(items, next)| {
            let mut parts: Vec<Amount> = items.iter().map(value).collect::<Option<_>>()?;
            let last = items.last()?.sentences.clone().next()?;
            let ends = context.is_total(last);
            let below = context.total_below(next).filter(|_| !ends).and_then(alone).filter(|total| of_the_list(context, total));
            let total = match below.filter(|total| comparable(sum_of(&parts), total.euros)) {
                Some(total) => total,
                None if ends => parts.pop()?,
                None => introduced(context, items[0].lead_in?)?,
            };
            if partial.contains(&context.sentence_of(total.tokens.start)) {
                return None;
            }
            // « 100 000 € pour deux sortes de projets : de 5 000 €, de 20 000 € »: prices
            let sum = sum_of(&parts);
            let comparable = ends || alike(2.0, sum, total.euros);
            (parts.len() > 1 && comparable).then(|| summed_up(context, &parts, &total, true))?
        })
        .take(SOUGHT)
        .collect()
}

/// « Total : », « Soit un budget global de »; not « Total du budget de communication : », nor « Total des deux ateliers : ».
fn of_the_list(context: &Context<'_>, total: &Amount) -> bool {
    let first = context.dossier.sentences[context.sentence_of(total.tokens.start) as usize].tokens.start;
    let words = || (first..total.tokens.start).map(|i| context.text(i));
    let of = words().filter(|word| matches!(*word, "de" | "du" | "des" | "d" | "pour")).count();
    of < 2
        && total.tokens.start - first <= 8
        && !words().any(|word| matches!(word, "deux" | "trois" | "quatre"))
        && !(first..total.tokens.start).any(|i| context.is_number(i))
}

/// The one amount of a sentence that ends with a colon.
fn introduced(context: &Context<'_>, lead_in: SentenceId) -> Option<Amount> {
    let [one] = amounts_of(context, lead_in) else { return None };
    let end = context.dossier.sentences[lead_in as usize].tokens.end;
    let partial = tells_some(context, one.tokens.end..end) || (one.tokens.end..end).any(|i| context.text(i) == "plus");
    // « Montant total : 46 000 € », without a colon after it
    let said_alone = context.before(&one.tokens, 0) == ":" && end - one.tokens.end <= 1;
    ((context.text(end - 1) == ":" || said_alone) && !partial && !bounded(context, one) && !unit_price(context, one)).then(|| one.clone())
}

/// « Au plus 5 000 € », « 20 000 € maximum »: a limit, not a share.
pub(super) fn bounded(context: &Context<'_>, amount: &Amount) -> bool {
    let limit = |text: &str| ["max", "min", "plafon", "planche", "jusqu", "plus", "moins", "environ", "limite"].iter().any(|word| text.starts_with(word));
    let near = amount.tokens.start.saturating_sub(4)..amount.tokens.end + 3;
    // « 190 000 € pour les plus petits »
    let superlative = |i: u32| matches!(context.text(i), "plus" | "moins") && matches!(context.text(i.saturating_sub(1)), "le" | "la" | "les");
    near.filter(|i| !amount.tokens.contains(i)).any(|i| limit(context.text(i)) && !superlative(i)) || context.before(&amount.tokens, 0) == "entre"
}
