//! The other half of `coherence.montants`: two different totals stated for the same budget.

use std::collections::HashMap;
use std::ops::Range;

use crate::annotate::entities::Amount;
use crate::annotate::kinds;
use crate::checks::format::Mode;
use crate::dossier::{SectionId, SentenceId};

use super::amounts::{amounts_of, bounded, equal, shown, taxed, taxes, unit_price};
use super::{Context, Finding, NEAR, SOUGHT, alike, is_content};

/// An amount said of a whole budget: « le budget de la concertation s'élève à 42 000 € ».
struct Stated<'a> {
    amount: &'a Amount,
    section: SectionId,
    /// « budget », « enveloppe »; empty for the total of a table.
    noun: &'a str,
    /// What it is the budget of: « de la concertation »; empty where that is not said.
    of: Vec<&'a str>,
    /// « le budget », « cette enveloppe »: one that is known.
    definite: bool,
    /// « Budget de la démarche : 45 000 € », at the beginning of a sentence: perhaps that of one of several.
    label: bool,
}

/// The amounts stated so far for one budget.
struct Group {
    first: usize,
    /// All the others are the same.
    agree: bool,
}

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let stated = stated(context);
    let mut all: Vec<f64> = context.annotations.entities.amounts.iter().map(|amount| amount.euros).collect();
    all.sort_by(f64::total_cmp);
    let (mut owned, mut named, mut placed) = (HashMap::new(), HashMap::new(), HashMap::new());
    let mut out = Vec::new();
    for (at, later) in stated.iter().enumerate() {
        let group = match later {
            Stated { noun: "", .. } => placed.get(&later.section),
            Stated { of, .. } if of.is_empty() => named.get(later.noun),
            _ => owned.get(&(later.noun, &later.of)),
        };
        let known = |group: &&Group| later.definite || later.label && !later.of.is_empty() && stated[group.first].definite;
        if let Some(Group { first, agree: true }) = group.filter(known)
            && contradict(context, stated[*first].amount, later.amount, &all)
            && out.len() < SOUGHT
        {
            out.push(finding(context, stated[*first].amount, later.amount));
        }
        // nothing is compared with the total of a table
        if later.noun.is_empty() {
            continue;
        }
        let see = |group: &mut Group| group.agree &= equal(stated[group.first].amount.euros, later.amount.euros);
        let new = || Group { first: at, agree: true };
        owned.entry((later.noun, &later.of)).and_modify(see).or_insert_with(new);
        named.entry(later.noun).and_modify(see).or_insert_with(new);
        placed.entry(later.section).and_modify(see).or_insert_with(new);
    }
    out.extend(taken_up(context, &all));
    out.extend(these(context, &all));
    out.truncate(SOUGHT);
    out
}

/// « Que faire s'il reste de l'argent sur les 18 000 € ? », where the largest amount of the dossier, given twice, is 20 000 €.
fn taken_up(context: &Context<'_>, all: &[f64]) -> Vec<Finding> {
    let [.., before, largest] = all else { return Vec::new() };
    let amounts = &context.annotations.entities.amounts;
    let Some(first) = amounts.iter().find(|amount| equal(amount.euros, *largest)).filter(|_| equal(*before, *largest)) else { return Vec::new() };
    let once = |euros: f64| all[all.partition_point(|amount| *amount < euros)..].iter().take_while(|amount| **amount <= euros).count() == 1;
    let known = |amount: &&Amount| matches!(context.before(&amount.tokens, 0), "les" | "aux") && once(amount.euros) && !goes_to_some(context, amount);
    let wrong = amounts.iter().filter(known).filter(|amount| contradict(context, first, amount, all) && !unit_price(context, amount));
    wrong.map(|amount| finding(context, first, amount)).collect()
}

/// « La ville consacre 25 000 € à la démarche. Ces 28 000 € couvrent l'animation »: given nowhere else, after a sentence of one amount.
fn these(context: &Context<'_>, all: &[f64]) -> Vec<Finding> {
    let amounts = &context.annotations.entities.amounts;
    let sentence = |amount: &Amount| context.sentence_of(amount.tokens.start);
    let wrong = amounts.windows(2).filter_map(|pair| {
        let [first, later] = pair else { return None };
        let from = all.partition_point(|euros| *euros < later.euros);
        let once = all[from..].iter().take_while(|euros| **euros <= later.euros).count() == 1;
        let told_before = || amounts_of(context, sentence(first)).len() == 1 && sentence(first) + 1 == sentence(later) && !unit_price(context, first);
        // « ces 25 000 € déjà engagés »: some of them
        let all_of_them = context.is_conjugated(later.tokens.end + taxes(context, later));
        let wrong = context.before(&later.tokens, 0) == "ces" && all_of_them && once && told_before() && contradict(context, first, later, all);
        (wrong && alike(1.3, first.euros, later.euros)).then(|| finding(context, first, later))
    });
    wrong.take(SOUGHT).collect()
}

/// Whether two amounts cannot be those of one budget: near each other, said with the same taxes, and no amount stated is what lies between.
fn contradict(context: &Context<'_>, first: &Amount, later: &Amount, all: &[f64]) -> bool {
    let (a, b) = (first.euros, later.euros);
    let between = (a - b).abs();
    let explained = all[all.partition_point(|amount| *amount < between - 1.0)..].first().is_some_and(|amount| equal(*amount, between));
    !equal(a, b) && alike(2.0, a, b) && !explained && taxed(context, first) == taxed(context, later)
}

fn finding(context: &Context<'_>, first: &Amount, later: &Amount) -> Finding {
    Finding {
        primary: context.place(&later.tokens),
        message: "deux-totaux",
        primary_label: "ici",
        labels: vec![(context.place(&first.tokens), "la")],
        blanks: vec![("un", shown(later.euros)), ("autre", shown(first.euros))],
        help: "aide-deux-totaux",
    }
}

fn stated<'a>(context: &Context<'a>) -> Vec<Stated<'a>> {
    let other = context.named("autre-budget");
    let set_apart = |sentence: SentenceId| {
        let modes = context.annotations.modes[sentence as usize];
        modes.has(Mode::Past) || modes.has(Mode::Law) || other.binary_search_by_key(&sentence, |hit| hit.sentence).is_ok()
    };
    let mut out: Vec<Stated<'a>> = Vec::new();
    for hit in context.every("budget") {
        let head = compared(context, hit.tokens(context.dossier));
        let amounts = amounts_of(context, hit.sentence);
        if let Some(amount) = amounts.iter().find(|amount| is_of(context, amount, &head)).filter(|_| !set_apart(hit.sentence)) {
            let end = context.dossier.sentences[hit.sentence as usize].tokens.end.min(head.end + NEAR);
            let (section, noun) = (context.block(hit.sentence).section, context.text(head.start));
            out.push(Stated { amount, section, noun, of: owner(context, head.end..end), definite: true, label: false });
            continue;
        }
        let Some(amount) = amounts.iter().find(|amount| amount.tokens.start >= head.end) else { continue };
        let gap = head.end..amount.tokens.start;
        let numbered = || gap.clone().any(|i| context.is_number(i));
        let counted = gap.end - gap.start > NEAR || set_apart(hit.sentence) || numbered() || bounded(context, amount) || unit_price(context, amount);
        // « le budget de l'enveloppe », « le coût, à la charge du budget »: the first noun
        let known = out.last().is_some_and(|last| last.amount.tokens == amount.tokens);
        let whole = for_all(context, hit.sentence, amount);
        if counted || known || whole.is_none() && goes_to_some(context, amount) {
            continue;
        }
        let article = context.before(&head, 0);
        let holder = holder(context, hit.sentence, &head);
        let definite = matches!(article, "le" | "l" | "ce" | "cette" | "du" | "au" | "son" | "notre" | "leur") || holder.is_some();
        out.push(Stated {
            amount,
            section: context.block(hit.sentence).section,
            noun: context.text(head.start),
            of: whole.or(holder).map_or_else(|| owner(context, gap), |word| vec![word]),
            definite,
            label: head.start == context.dossier.sentences[hit.sentence as usize].tokens.start && context.before(&amount.tokens, 0) == ":",
        });
    }
    // the total of the only table of a section that has one: of two, one may tell the receipts
    let partial = context.sentences_with("sans-addition");
    let totals = context.shared.tables.iter().flat_map(|rows| rows.iter().filter(|row| context.is_total(**row) && !partial.contains(row)));
    let mut totals: Vec<(SectionId, SentenceId)> = totals.map(|row| (context.block(*row).section, *row)).collect();
    totals.sort_unstable();
    for alone in totals.chunk_by(|a, b| a.0 == b.0).filter(|rows| rows.len() == 1) {
        if let [amount] = amounts_of(context, alone[0].1) {
            out.push(Stated { amount, section: alone[0].0, noun: "", of: Vec::new(), definite: true, label: false });
        }
    }
    out.sort_by_key(|stated| stated.amount.tokens.start);
    out
}

/// « La concertation », in « un budget de 35 000 € pour la concertation ».
fn for_all<'a>(context: &Context<'a>, sentence: SentenceId, amount: &Amount) -> Option<&'a str> {
    let further = taxes(context, amount);
    let word = amount.tokens.end + further + 2;
    let articled = context.after(&amount.tokens, further) == "pour" && matches!(context.text(word - 1), "la" | "l" | "le" | "cette" | "ce");
    let whole = context.classes("tous-ensemble");
    let is = || context.annotations.marks_at(sentence, word).any(|mark| mark.end == word + 1 && whole.contains(&mark.class));
    // « pour la concertation des jeunes »
    let plain = |i: u32| !matches!(context.text(i), "de" | "du" | "des" | "d") && !context.text(i).starts_with(char::is_alphabetic) || context.is_conjugated(i);
    (articled && is() && plain(word + 1)).then(|| context.text(word))
}

/// « Enveloppe », in « le montant de l'enveloppe est de »: the noun that is compared.
fn compared(context: &Context<'_>, head: Range<u32>) -> Range<u32> {
    let noun = match (context.text(head.end), context.text(head.end + 1)) {
        ("du", _) => head.end + 1,
        ("de", "la" | "l" | "cette" | "ce") => head.end + 2,
        _ => return head,
    };
    if matches!(context.text(noun), "budget" | "enveloppe" | "dotation") { noun..noun + 1 } else { head }
}

/// « Les 350 000 € de l'enveloppe ».
fn is_of(context: &Context<'_>, amount: &Amount, head: &Range<u32>) -> bool {
    let between: Vec<&str> = (amount.tokens.end..head.start.min(amount.tokens.end + 3)).map(|i| context.text(i)).collect();
    let known = matches!(context.before(&amount.tokens, 0), "les" | "des" | "aux" | "ces");
    known && amount.tokens.end < head.start && matches!(between.as_slice(), ["du"] | ["de", "l" | "la" | "cette" | "ce"])
}

/// « La démarche », in « la démarche dispose d'un budget de 28 000 € ».
fn holder<'a>(context: &Context<'a>, sentence: SentenceId, head: &Range<u32>) -> Option<&'a str> {
    let before = |further| context.before(head, further);
    let led = matches!(before(0), "un" | "une") && before(1) == "d" && matches!(before(4), "la" | "l" | "le" | "cette" | "ce");
    let verb = head.start.checked_sub(3).filter(|&verb| led && context.is_conjugated(verb))?;
    let whole = context.classes("tous-ensemble");
    let is = context.annotations.marks_at(sentence, verb - 1).any(|mark| mark.end == verb && whole.contains(&mark.class));
    is.then(|| context.text(verb - 1))
}

/// « De la concertation », in « le budget de la concertation s'élève à »: the words up to the verb.
fn owner<'a>(context: &Context<'a>, gap: Range<u32>) -> Vec<&'a str> {
    let end = gap.clone().find(|&i| matches!(context.text(i), ":" | "(" | ",") || context.is_conjugated(i)).unwrap_or(gap.end);
    (gap.start..end).map(|i| context.text(i)).filter(|word| is_content(word)).collect()
}

/// « L'enveloppe de 200 000 € réservée aux quartiers »: that of some, not the whole.
fn goes_to_some(context: &Context<'_>, amount: &Amount) -> bool {
    let further = taxes(context, amount);
    let next = context.after(&amount.tokens, further);
    let participle = || context.annotations.may_be(amount.tokens.end + further, kinds::PARTICIPLE);
    matches!(next, "de" | "d" | "du" | "des" | "pour" | "a" | "au" | "aux" | "par") || !next.is_empty() && participle()
}
