//! `coherence.effectifs`: two different numbers for the same group, or parts that do not add up.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use crate::annotate::kinds;
use crate::annotate::numbers::Number;
use crate::annotate::time::year;
use crate::checks::format::Mode;
use crate::checks::inflect::mood;
use crate::dossier::{Block, BlockKind, Dossier, SentenceId};
use crate::text::{Span, TokenFlags};

use super::super::hits::Hit;
use super::sums::{leaves_a_rest, multiplies, tells_some};
use super::{Context, Finding, NEAR, SOUGHT, alike, grouped, is_content};

/// A number said of a group of people.
struct Count<'a> {
    number: &'a Number,
    sentence: SentenceId,
    /// The noun, without its plural mark, with « tiré au sort » where that follows.
    group: String,
    /// « les 120 citoyens »: the whole group, known already.
    whole: bool,
    /// What the known group is of, where not of all who take part: « tracé », in « les 850 riverains du tracé ».
    of: Vec<&'a str>,
    /// The noun is one of those for all who take part.
    everyone: bool,
    /// « Le panel de 45 membres », « du panel (45 membres) »: the body, known already.
    body: Option<&'a str>,
    /// « Cent citoyens sont tirés au sort »: perhaps to be asked, not to sit.
    being_drawn: bool,
    /// « Les 12 habitants tirés au sort dans le quartier Nord »: some of those who are told elsewhere.
    of_a_place: bool,
    /// « Un comité de suivi, formé de six jurés », « six membres de la convention »: some of those who take part.
    some: bool,
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
    for (at, count) in counts.iter().enumerate().filter(|(_, c)| c.whole || c.body.is_some()) {
        if out.len() == SOUGHT {
            break;
        }
        let group = &groups[count.group.as_str()];
        // the number it contradicts is the first one given for the group, when that one founds it
        let mut own = group.founding.iter().find(|i| **i != at).map(|i| &counts[*i]);
        if let Some(body) = count.body {
            // « le panel de 40 membres », « le panel de 30 membres »: each told by its number; « chaque panel compte… »: not this one
            let by_number = context.before(&count.number.tokens, 0) != "(";
            own = own.filter(|other| {
                let says = |word: &str| subject(context, other).any(|i| context.text(i) == word);
                other.number.tokens.start < count.number.tokens.start && !(by_number && other.body.is_some()) && says(body) && !says("chaque")
            });
            if own.is_none() {
                continue;
            }
        }
        // else, the only one given for all who take part, under another name
        let Some(other) = own.or_else(|| everyone.contradicted_by(count).map(|at| &counts[at])) else { continue };
        let known = group.values[&count.number.value.to_bits()] > 1;
        // « huit résidents » and « les 74 résidents »: some of them, and all
        let far = count.number.value.max(other.number.value) > 3.0 * count.number.value.min(other.number.value);
        // « ces 40 habitants »: those of another name told before
        let these = context.before(&count.number.tokens, 0) == "ces" && !values.once(count);
        if known || far || these || other.sentence == count.sentence || multiples(count.number.value, other.number.value) || values.make(count) {
            continue;
        }
        out.push(differ(context, count, other));
    }
    out.extend(owned(context, &counts, &founding, &values));
    out.extend(parts(context, &counts));
    out.extend(totalled(context, &counts, &values));
    out.extend(lists(context, &counts));
    out.extend(shares(context, &counts, &founding));
    out.extend(counts.iter().filter_map(|count| product(context, count).or_else(|| split(context, count))).take(SOUGHT));
    out.extend(context.shared.tables.iter().filter_map(|rows| table(context, rows)));
    // what a number is wrong for is said once
    let mut told = HashSet::new();
    out.retain(|finding| told.insert(finding.primary));
    out
}

/// Two numbers of one group: the later is reported.
fn differ(context: &Context<'_>, later: &Count<'_>, first: &Count<'_>) -> Finding {
    Finding {
        primary: span(context, later),
        message: "effectif",
        primary_label: "ici",
        labels: vec![(span(context, first), "la")],
        blanks: vec![("un", shown(later.number.value)), ("autre", shown(first.number.value))],
        ..Finding::default()
    }
}

/// « Le conseil des usagers comprend 24 membres »… « les 26 membres du conseil des usagers »; « les 850 riverains du tracé »… « les 580
/// riverains du tracé ».
fn owned(context: &Context<'_>, counts: &[Count<'_>], founding: &Founding<'_>, values: &Values) -> Vec<Finding> {
    // the words before a number that founds a group, and that number where it is the only one
    let mut founded: HashMap<(&str, &str), Option<usize>> = HashMap::new();
    // the first of the numbers given for a group and what it is of
    let mut named: HashMap<(&str, &[&str]), usize> = HashMap::new();
    let mut times: HashMap<(&str, &[&str], u64), usize> = HashMap::new();
    for (at, count) in counts.iter().enumerate() {
        if !count.of.is_empty() {
            *times.entry((&count.group, &count.of, count.number.value.to_bits())).or_default() += 1;
        } else if !count.whole && founds(count, founding) {
            for word in subject(context, count).map(|i| context.text(i)) {
                let seen = founded.entry((&count.group, word)).or_insert(Some(at));
                *seen = seen.filter(|&i| counts[i].number.value == count.number.value);
            }
        }
    }
    let section = |count: &Count<'_>| context.block(count.sentence).section;
    let mut out = Vec::new();
    for (at, count) in counts.iter().enumerate().filter(|(_, count)| !count.of.is_empty()) {
        let of: &[&str] = &count.of;
        let again = times.get(&(&count.group, of, count.number.value.to_bits())).is_some_and(|&often| often > 1);
        let first = *named.entry((&count.group, of)).or_insert(at);
        let same = Some(&counts[first]).filter(|first| {
            // « les 20 membres du groupe »: of the one that this section tells of
            count.number.value.min(first.number.value) >= 10.0 && (of.len() > 1 || section(first) == section(count))
        });
        let founder = founded.get(&(count.group.as_str(), of[0])).copied().flatten().map(|i| &counts[i]);
        // « les 20 membres du conseil » may be those of another than the « conseil municipal »
        let founder = founder.filter(|founder| match of {
            [word] => subject(context, founder).any(|i| context.text(i) == *word && context.is_conjugated(i + 1)),
            _ => of.iter().all(|word| subject(context, founder).any(|i| context.text(i) == *word)),
        });
        let wrong = |other: &&Count<'_>| {
            let (a, b) = (count.number.value, other.number.value);
            other.sentence != count.sentence && a != b && alike(2.0, a, b)
        };
        if let Some(other) = founder.filter(wrong).or(same.filter(wrong))
            && !again
            && out.len() < SOUGHT
            && !values.make(count)
        {
            out.push(differ(context, count, other));
        }
    }
    out
}

/// The words before a number, in its sentence.
fn subject<'a>(context: &'a Context<'_>, count: &Count<'_>) -> impl Iterator<Item = u32> + use<'a> {
    let number = count.number.tokens.start;
    let from = context.dossier.sentences[count.sentence as usize].tokens.start.max(number.saturating_sub(NEAR));
    (from..number).filter(|&i| context.text(i).chars().count() > 3)
}

/// « Du tracé », « du conseil des usagers »: the words that follow a group, up to a verb or a mark.
fn complement<'a>(context: &Context<'a>, sentence: SentenceId, from: u32) -> Vec<&'a str> {
    let end = context.dossier.sentences[sentence as usize].tokens.end;
    let mut out = Vec::new();
    for i in from..end.min(from + NEAR) {
        let text = context.text(i);
        match text {
            "du" | "de" | "des" | "d" | "la" | "l" | "le" | "les" => {}
            // « les membres du comité et du conseil »
            "et" | "ou" => return Vec::new(),
            "a" | "au" | "aux" | "en" | "par" | "pour" | "dans" | "sur" | "qui" | "que" | "se" | "s" | "ne" | "n" | "y" => break,
            _ if context.is_conjugated(i) || !text.starts_with(char::is_alphanumeric) => break,
            // « de l'atelier du 12 mars »
            _ if is_content(text) => out.push(text),
            _ => {}
        }
    }
    out
}

/// All who take part, under whatever name.
struct Everyone {
    /// The first count that founds the group, and its value, where no other founds it with another.
    sole: Option<(usize, f64)>,
    /// The numbers given for it, and how often.
    values: HashMap<u64, usize>,
}

impl Count<'_> {
    /// « Les 130 habitants tirés au sort ».
    fn drawn(&self) -> bool {
        self.group.contains("tire au sort")
    }
}

impl Everyone {
    fn of(counts: &[Count<'_>], founding: &Founding<'_>) -> Self {
        let everyone = || counts.iter().enumerate().filter(|(_, count)| count.everyone);
        // « les 130 habitants tirés au sort » are known already: another number founds them
        let partly = |count: &Count<'_>| count.some || count.being_drawn || count.whole && count.drawn();
        let mut founders = everyone().filter(|(_, count)| founds(count, founding) && !partly(count)).map(|(at, count)| (at, count.number.value));
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
    if value.fract() == 0.0 { grouped(value) } else { format!("{value}") }
}

fn span(context: &Context<'_>, count: &Count<'_>) -> Span {
    context.span(count.sentence, count.number.tokens.start, count.end)
}

fn counts<'a>(context: &Context<'a>) -> Vec<Count<'a>> {
    let (groups, everyone, whole_of) = (context.classes("groupe"), context.classes("groupe.ensemble"), context.classes("tous-ensemble"));
    let bodies = context.classes("instance-a-part");
    // where the first of them ends in the sentence looked at
    let mut body_of = (SentenceId::MAX, None);
    let mut out = Vec::new();
    for number in &context.annotations.entities.numbers {
        let sentence = context.sentence_of(number.tokens.start);
        let modes = context.annotations.modes[sentence as usize];
        if number.approximate || number.value < 3.0 || number.value.fract() != 0.0 || modes.has(Mode::Past) && !asked(context, sentence) || modes.has(Mode::Law)
        {
            continue;
        }
        let mark = context.annotations.marks_at(sentence, number.tokens.end).filter(|m| groups.contains(&m.class)).max_by_key(|m| m.end);
        let Some(mark) = mark else { continue };
        // « 15 habitants maximum »
        let after = |further| context.after(&(mark.start..mark.end), further);
        if matches!(after(0), "maximum" | "minimum" | "maxi" | "mini" | "max" | "min") || after(0) == "au" && matches!(after(1), "plus" | "moins" | "maximum") {
            continue;
        }
        let mut group: Vec<&str> = (mark.start..mark.end).map(|i| context.text(i).trim_end_matches('s')).collect();
        let being_drawn = matches!(after(0), "sont" | "seront") && after(1).starts_with("tire") && after(2) == "au" && after(3) == "sort";
        if being_drawn {
            group.extend(["tire", "au", "sort"]);
        }
        let before = number.tokens.start.checked_sub(1).map_or("", |i| context.text(i));
        let partitive = matches!(context.before(&number.tokens, 1), "parmi" | "sur" | "de" | "dont" | "entre" | "premiers" | "avec");
        // « les 12 membres du comité » are not those of the panel
        let next = mark.end + u32::from(matches!(context.after(&(mark.start..mark.end), 1), "la" | "l" | "chaque" | "cette"));
        let everybody = context.annotations.marks_at(sentence, next + 1).filter(|m| whole_of.contains(&m.class)).map(|m| m.end).max();
        // « de l’atelier du 12 mars », « du panel « Eau »»: of one of several
        let of_others =
            matches!(context.after(&(mark.start..mark.end), 0), "du" | "de" | "des" | "d") && everybody.is_none_or(|end| is_told_apart(context, end));
        let known = matches!(before, "les" | "aux" | "nos" | "des" | "ces") && !partitive && !is_narrowed(context, sentence, mark.end);
        let of_a_place = known && is_of_a_place(context, mark.end);
        let known = known && !of_a_place;
        let whole = known && !of_others;
        let of = if known && of_others { complement(context, sentence, mark.end) } else { Vec::new() };
        if body_of.0 != sentence {
            let named = context.annotations.marks_of(sentence).filter(|mark| bodies.contains(&mark.class));
            body_of = (sentence, named.map(|mark| mark.end).min());
        }
        let of_a_body = || body_of.1.is_some_and(|end| end <= number.tokens.start);
        let everyone = everyone.contains(&mark.class);
        let some = everyone && !known && (of_others && everybody.is_some() || of_a_body());
        let opens = everyone && opens_without_verb(context, sentence, number);
        let body = restated(context, sentence, number, mark.end).filter(|_| !of_others);
        out.push(Count { number, sentence, group: group.join(" "), whole, of, everyone, body, being_drawn, of_a_place, some, opens, end: mark.end });
    }
    out
}

/// « Panel », in « le panel de 45 membres », « l'avis du panel (45 membres) »; not in « le bureau du panel (5 membres) ».
fn restated<'a>(context: &Context<'a>, sentence: SentenceId, number: &Number, end: u32) -> Option<&'a str> {
    let before = |further| context.before(&number.tokens, further);
    let is_a =
        |at: u32, family: &str| context.annotations.marks_at(sentence, at).any(|mark| mark.end == at + 1 && context.classes(family).contains(&mark.class));
    let body = number.tokens.start.checked_sub(2).filter(|&body| is_a(body, "tous-ensemble"))?;
    let of = matches!(before(2), "du") || matches!(before(2), "la" | "l" | "cette" | "ce") && before(3) == "de";
    let known = of || matches!(before(2), "le" | "la" | "l" | "ce" | "cette");
    let said = match before(0) {
        "de" | "d" => true,
        "(" => context.text(end) == ")" && (!of || body.checked_sub(if before(2) == "du" { 2 } else { 3 }).is_some_and(|said| is_a(said, "livrable"))),
        _ => false,
    };
    (known && said).then(|| context.text(body))
}

/// « Dans le quartier Nord », « dans la commune de Vic »: a place among others, by its name.
fn is_of_a_place(context: &Context<'_>, after: u32) -> bool {
    let capital = |i: u32| context.token(i).is_some_and(|token| token.flags.has(TokenFlags::CAPITAL));
    let small = |i: &u32| matches!(context.text(*i), "le" | "la" | "l" | "les" | "de" | "du" | "d" | "des");
    let skip = |from: u32| (from..from + 3).find(|i| !small(i)).unwrap_or(from);
    let noun = skip(after + 1);
    context.text(after) == "dans" && !capital(noun) && capital(skip(noun + 1))
}

/// « Les 120 citoyens présents », « les 45 habitants inscrits le 3 mai »: some of them. What tells all of them is a verb, a mark, a preposition, or
/// how they were chosen.
fn is_narrowed(context: &Context<'_>, sentence: SentenceId, after: u32) -> bool {
    const CHOSEN: [&str; 9] = ["tire", "selectionn", "retenu", "recrut", "design", "choisi", "reuni", "mobilis", "concern"];
    const SOME: [&str; 6] = ["present", "restant", "absent", "ayant", "qui", "encore"];
    const LINKS: [&str; 24] = [
        "ou", "ni", "avec", "sans", "sous", "sur", "entre", "chez", "lors", "pendant", "avant", "apres", "ainsi", "comme", "mais", "car", "puis", "soit",
        "dont", "toujours", "eux", "elles", "leur", "chaque",
    ];
    let text = context.text(after);
    let starts = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    // « aux 26 jurés quinze jours avant »
    let counts = context.annotations.may_be(after, kinds::NUMBER);
    if after >= context.dossier.sentences[sentence as usize].tokens.end || !text.starts_with(char::is_alphabetic) || starts(&CHOSEN) || counts {
        return false;
    }
    // « les 45 citoyens les plus éloignés »
    if starts(&SOME) || matches!(text, "le" | "la" | "les") && matches!(context.text(after + 1), "plus" | "moins") {
        return true;
    }
    let links = !is_content(text) || LINKS.contains(&text);
    !links && !context.annotations.analyses(after).iter().any(|form| form.mood & mood::PP == 0)
}

/// Whether what follows tells a group apart from others of its kind: a name, a date, a place.
fn is_told_apart(context: &Context<'_>, at: u32) -> bool {
    matches!(context.text(at), "«" | "“" | "\"" | "du" | "de" | "des" | "d" | "n") || context.is_number(at)
}

/// « Vous avez souhaité confier à 50 citoyens… »: a request that is past, of a process that is not.
fn asked(context: &Context<'_>, sentence: SentenceId) -> bool {
    let tokens = &context.dossier.sentences[sentence as usize].tokens;
    let dated = |i: u32| context.is_number(i) && context.text(i).len() == 4;
    tokens.clone().any(|i| context.text(i) == "vous" && context.text(i + 1) == "avez") && !tokens.clone().any(dated)
}

/// Whether a number is the first word of a paragraph's sentence that has no verb before a colon.
fn opens_without_verb(context: &Context<'_>, sentence: SentenceId, number: &Number) -> bool {
    let tokens = &context.dossier.sentences[sentence as usize].tokens;
    let told = || tokens.clone().take_while(|&i| context.text(i) != ":");
    number.tokens.start == tokens.start && matches!(context.kind(sentence), BlockKind::Paragraph) && !told().any(|i| context.is_conjugated(i))
}

/// « L'assemblée compte 60 membres », « un panel de 150 citoyens », « composé de 40 habitants »: the number that makes the group.
fn founds(count: &Count<'_>, founding: &Founding<'_>) -> bool {
    if count.of_a_place {
        return false;
    }
    let number = &count.number.tokens;
    let here = |hits: &'_ [Hit], near: &dyn Fn(Range<u32>) -> bool| {
        let from = hits.partition_point(|hit| hit.sentence < count.sentence);
        hits[from..].iter().take_while(|hit| hit.sentence == count.sentence).any(|hit| near(hit.tokens(founding.dossier)))
    };
    here(founding.before, &|words| words.end <= number.start + 1 && number.start.saturating_sub(words.end) <= 3)
        || here(founding.after, &|words| words.start >= count.end && words.start - count.end <= 1)
        || count.drawn()
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

    /// Whether the number is given this once.
    fn once(&self, count: &Count<'_>) -> bool {
        self.0.get(&(count.number.value as u64)).is_some_and(|(often, ..)| *often == 1)
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
        // « douze membres, soit », « à savoir »
        next += u32::from(context.text(next) == "a" && context.text(next + 1) == "savoir");
        // « soixante usagers sont conviés à l'atelier : vingt patients… »
        let breaks = |i: &u32| matches!(context.text(*i), "(" | ";" | "dont") || context.is_number(*i);
        let further = (next..range.end.min(next + NEAR)).take_while(|i| !breaks(i)).find(|&i| i > next && context.text(i) == ":");
        next = further.unwrap_or(next);
        let mark = context.text(next);
        let bracket = mark == "(";
        if !(matches!(mark, ":" | "soit" | "savoir" | "dont") || bracket) {
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
        // so is « quatre élus, dont deux de la minorité, », up to the comma; of « dont deux maires et trois agents », who knows
        let (mut depth, mut some, mut unclear) = (0, false, false);
        let mut inner = Vec::new();
        let end = (next + 1..range.end).find(|&i| {
            let text = context.text(i);
            if depth == 0 && text == close {
                return true;
            }
            depth += i32::from(text == "(") - i32::from(text == ")");
            some = text == "dont" || some && text != ",";
            unclear |= some && (text == "et" || mark != ":");
            inner.push(depth > 0 || some);
            false
        });
        let end = end.unwrap_or(range.end);
        // « l'adjointe, un élu, deux commerçants »: one each; « des riverains »: who knows
        let opens = |i: &u32| matches!(context.text(i - 1), ":" | "soit" | "savoir" | "," | "et" | "(" | "que") && context.text(*i) != "dont";
        let first_words = || (next + 1..end).filter(opens).map(|i| context.text(i));
        if first_words().any(|word| matches!(word, "des" | "ses" | "les" | "leurs" | "plusieurs" | "quelques"))
            || unclear
            || leaves_a_rest(context, next + 1..end)
        {
            continue;
        }
        let singles = first_words().filter(|word| opens_one(word)).count() as f64;
        // « maire, adjointe à l’urbanisme, deux agents »: each one, or more said of the one before
        let bare = (next + 1..end).filter(opens).filter(|&i| is_bare_noun(context, i)).count() as f64;
        // « contre 45 en 2022 », « un représentant de chacun des trois collèges »
        let other = |i: u32| context.text(i) == "contre" || context.is_number(i) && year(context.text(i)).is_some();
        // « soit 12 élus, soit 12 habitants »: either
        let either = mark == "soit" && (next + 1..end).any(|i| context.text(i) == "soit");
        let compared = either || (next + 1..end).any(other) || multiplies(context, next + 1..end);
        let all = &context.annotations.entities.numbers;
        let from = all.partition_point(|n| n.tokens.start <= next);
        let mut of_people = |number: &Number| {
            let noun = number.tokens.end;
            let is = || context.annotations.marks_at(total.sentence, noun).any(|m| m.end <= end && people_of.iter().any(|f| f.contains(&m.class)));
            *known.entry((noun, end)).or_insert_with(is)
        };
        let within = all[from..].iter().take_while(|n| n.tokens.start < end).filter(|n| n.tokens.end <= end);
        // « à moins de 800 mètres » opens no part and counts nobody
        let part = |n: &&Number| !inner[(n.tokens.start - next - 1) as usize] && (opens(&n.tokens.start) || of_people(n));
        let numbers: Vec<&Number> = within.filter(part).collect();
        // one number, or a colon further on: then all that is listed must be counted
        let all_counted = || first_words().all(opens_one) || every_part_counted(context, next + 1..end, &numbers, &inner);
        let few = numbers.len() < 2;
        if numbers.is_empty() || compared || few && (singles == 0.0 || mark == "dont" || !all_counted()) || further.is_some() && !all_counted() {
            continue;
        }
        // « 8 retraités, 9 salariés, 4 moins de 25 ans »: of most is told who they are
        let people = numbers.iter().filter(|n| of_people(n)).count();
        let mostly = people < numbers.len();
        let unknown = mostly && (people * 3 < numbers.len() * 2 || mark != ":" || !numbers.iter().all(|n| opens(&n.tokens.start)));
        // « deux élus et huit habitants, soit dix personnes »: a sum, not the parts
        let sums_up = mark == "soit" && numbers[0].value > total.number.value;
        if unknown || sums_up || numbers.iter().any(|n| n.approximate) {
            continue;
        }
        let sum: f64 = numbers.iter().map(|n| n.value).sum();
        // « trois élus, dont un de la minorité, trois agents »: of few, what comes next is counted beside them
        let wrong = if mark == "dont" {
            total.everyone && sum > total.number.value
        } else {
            total.number.value < sum - 0.1 || total.number.value > sum + singles + bare + 0.1
        };
        // « 40 femmes, 40 hommes, 20 jeunes »: the last are counted already
        let mut told = 0.0;
        let again = numbers.iter().any(|n| {
            told += n.value;
            told == total.number.value
        });
        let at_most = match (mostly, few || further.is_some()) {
            (true, _) => 1.3,
            (false, true) => 1.5,
            (false, false) => 2.0,
        };
        let near = sum < at_most * total.number.value && total.number.value < at_most * (sum + singles);
        if wrong && (near && !again || mark == "dont") {
            let last = numbers[numbers.len() - 1];
            let parts = context.span(total.sentence, numbers[0].tokens.start, noun_end(context, last));
            out.push(sum_finding(span(context, total), total.number.value, parts, sum + singles));
        }
    }
    out
}

/// « Le maire », « son adjointe », « Mme Martin »: one.
fn opens_one(word: &str) -> bool {
    matches!(word, "un" | "une" | "l" | "le" | "la" | "son" | "sa" | "m" | "mme" | "mlle" | "monsieur" | "madame")
}

/// Whether a part opens with a noun that may be one person.
fn is_bare_noun(context: &Context<'_>, at: u32) -> bool {
    let text = context.text(at);
    let plural = text.ends_with('s') || text.ends_with('x');
    text.chars().count() > 3 && text.starts_with(char::is_alphabetic) && !plural && !context.is_conjugated(at) && !context.annotations.may_be(at, kinds::NUMBER)
}

/// Whether each part of a list opens with a number or with « un », « la ».
fn every_part_counted(context: &Context<'_>, within: Range<u32>, numbers: &[&Number], inner: &[bool]) -> bool {
    // « 12 professionnels (marbriers, cultes) » is one part
    let parts = within.zip(inner).filter(|(_, inner)| !**inner).map(|(i, _)| i);
    parts.filter(|i| matches!(context.text(i - 1), ":" | "," | "et" | "(")).all(|i| {
        opens_one(context.text(i))
            || numbers.binary_search_by_key(&i, |n| n.tokens.start).is_ok()
            // « 14 ouvriers et employés »
            || context.text(i - 1) == "et" && !matches!(context.text(i), "des" | "les" | "son" | "sa" | "ses" | "leur" | "leurs" | "du" | "de")
    })
}

/// « 60 titulaires et 15 suppléants, soit 80 personnes »; « 18 agriculteurs, 22 riverains. Les 42 participants… »; « Nord, 14 ; Sud, 16.
/// L'assemblée réunit ainsi 32 personnes ».
fn totalled(context: &Context<'_>, counts: &[Count<'_>], values: &Values) -> Vec<Finding> {
    let sentences = &context.dossier.sentences;
    let all = &context.annotations.entities.numbers;
    let wrong = |total: &Count<'_>| {
        let said = total.number.tokens.start;
        let own = &sentences[total.sentence as usize];
        let before = |further| context.before(&total.number.tokens, further);
        let so = before(0) == "soit" || before(0) == "de" && before(1) == "total" && matches!(before(2), "un" | "au");
        let first = said - own.tokens.start < 4 && matches!(context.text(own.tokens.start), "soit" | "total" | "au");
        let ainsi = first || before(0) == "ainsi" || so && said - own.tokens.start < 6;
        let known = total.whole && total.everyone && said - own.tokens.start == 1 && values.once(total);
        // the sentence of the parts, and where they end
        let (within, end) = if ainsi || known {
            let last = total.sentence.checked_sub(1).filter(|last| sentences[*last as usize].block == own.block)?;
            (last, sentences[last as usize].tokens.end)
        } else if so {
            (total.sentence, said)
        } else {
            return None;
        };
        let start = sentences[within as usize].tokens.start.max(end.saturating_sub(FAR));
        let colon = (start..end).rev().find(|&i| context.text(i) == ":");
        let from = colon.unwrap_or(start);
        let partial = (from..end).any(|i| matches!(context.text(i), "plus" | "sur" | "(")) || tells_some(context, from..end) || multiplies(context, from..end);
        if (known && colon.is_none()) || start > sentences[within as usize].tokens.start || partial {
            return None;
        }
        let parts = &all[all.partition_point(|n| n.tokens.start < from)..all.partition_point(|n| n.tokens.start < end)];
        // « deux élus »: too few to be a group
        let people = |n: &Number| {
            let counted = counts.binary_search_by_key(&n.tokens.start, |count| count.number.tokens.start).is_ok();
            counted || n.value < 3.0 && noun_end(context, n) > n.tokens.end
        };
        let exact = |n: &Number| !n.approximate && n.value.fract() == 0.0;
        let bare = |n: &Number| colon.is_some() && !known && stands_alone(context, n);
        if parts.len() < 2 || !parts.iter().all(exact) || !(parts.iter().all(people) || parts.len() > 2 && parts.iter().all(bare)) {
            return None;
        }
        let sum: f64 = parts.iter().map(|n| n.value).sum();
        let value = total.number.value;
        let after = |further| context.after(&(said..total.end), further);
        let more = after(0) == "de" && matches!(after(1), "plus" | "moins");
        let near = alike(1.4, sum, value) && parts.iter().all(|n| n.value < value);
        let told = counts.get(counts.partition_point(|count| count.number.tokens.start < sentences[within as usize].tokens.start)..)?;
        let told = told.iter().take_while(|count| count.number.tokens.start < from).any(|count| count.number.value == value);
        (sum != value && near && !more && !told).then(|| {
            let of_parts = context.span(within, parts[0].tokens.start, noun_end(context, &parts[parts.len() - 1]));
            sum_finding(span(context, total), value, of_parts, sum)
        })
    };
    counts.iter().filter_map(wrong).take(SOUGHT).collect()
}

/// Tokens of a sentence whose numbers are added up, at most.
const FAR: u32 = 80;

/// « Nord, 14 ; Sud, 16 », « Nord (14), Sud (16) »: a number that no noun follows.
fn stands_alone(context: &Context<'_>, part: &Number) -> bool {
    matches!(context.before(&part.tokens, 0), "," | ":" | "(") && matches!(context.after(&part.tokens, 0), ";" | "," | ")" | "." | "et" | "")
}

/// Items of a list, each with one head count: the sentence that introduces them gives their total, or the one below.
fn lists(context: &Context<'_>, counts: &[Count<'_>]) -> Vec<Finding> {
    let sentences = &context.dossier.sentences;
    let all = &context.annotations.entities.numbers;
    let at = |tokens: Range<u32>| {
        let numbers = &all[all.partition_point(|n| n.tokens.start < tokens.start)..];
        let numbers = &numbers[..numbers.partition_point(|n| n.tokens.start < tokens.end)];
        let told = &counts[counts.partition_point(|count| count.number.tokens.start < tokens.start)..];
        (numbers, &told[..told.partition_point(|count| count.number.tokens.start < tokens.end)])
    };
    let partial =
        |tokens: Range<u32>| tells_some(context, tokens.clone()) || multiplies(context, tokens.clone()) || tokens.clone().any(|i| context.text(i) == "plus");
    let value = |block: &Block| {
        let tokens = sentences.get(block.sentences.start as usize)?.tokens.clone();
        let ([number], told) = at(tokens.clone()) else { return None };
        let people = !told.is_empty() || number.value < 3.0 && noun_end(context, number) > number.tokens.end;
        let alone = block.sentences.len() == 1 && !number.approximate && !partial(tokens);
        (people && alone).then_some(number)
    };
    let total = |sentence: SentenceId| {
        let tokens = &sentences[sentence as usize].tokens;
        let (_, [total]) = at(tokens.clone()) else { return None };
        (total.of.is_empty() && !partial(tokens.clone())).then_some(total)
    };
    let wrong = |(items, next): (&[Block], Option<&Block>)| {
        let parts: Vec<&Number> = items.iter().map(value).collect::<Option<_>>()?;
        let led = || items[0].lead_in.filter(|lead| context.text(sentences[*lead as usize].tokens.end - 1) == ":").and_then(total);
        // « l'atelier de 30 habitants s'appuie sur : deux animateurs, … »: of few, who knows
        let few = parts.iter().any(|part| part.value < 3.0);
        let total = context.total_below(next).and_then(total).or_else(|| led().filter(|_| !few))?;
        let (sum, value) = (parts.iter().map(|n| n.value).sum::<f64>(), total.number.value);
        let near = alike(1.5, sum, value);
        // « 6 suppléants », below those who make the group
        let beside = parts.last().is_some_and(|last| sum - last.value == value);
        let near = near && !beside;
        let last = parts[parts.len() - 1];
        let last = context.place(&(last.tokens.start..noun_end(context, last)));
        (sum != value && near).then(|| sum_finding(span(context, total), value, last, sum).up_to_there())
    };
    context.lists().filter_map(wrong).take(SOUGHT).collect()
}

/// « Quatre groupes de douze inscrits, soit 52 participants ».
fn product(context: &Context<'_>, total: &Count<'_>) -> Option<Finding> {
    let said = total.number.tokens.start;
    if context.text(said.checked_sub(1)?) != "soit" {
        return None;
    }
    let all = &context.annotations.entities.numbers;
    let first = context.dossier.sentences[total.sentence as usize].tokens.start;
    let here = &all[all.partition_point(|n| n.tokens.start < first)..all.partition_point(|n| n.tokens.end < said)];
    let of = |each: &Number| matches!(context.before(&each.tokens, 0), "de" | "d");
    let (mut value, mut from, mut rest) = (0.0, None, here);
    while let [number, others @ ..] = rest {
        let exact = |n: &Number| !n.approximate && n.value.fract() == 0.0;
        rest = others;
        match others {
            [each, others @ ..] if of(each) && each.tokens.start - number.tokens.end <= 4 && exact(number) && exact(each) => {
                (value, from, rest) = (value + number.value * each.value, from.or(Some(number.tokens.start)), others);
            }
            // « et une table de six »
            _ if from.is_some() && of(number) && exact(number) && (1..5).any(|back| matches!(context.before(&number.tokens, back), "un" | "une")) => {
                value += number.value;
            }
            // what is no product ends none
            _ if from.is_some() => return None,
            _ => {}
        }
    }
    let (from, last) = (from?, here.last()?);
    let group = context.span(total.sentence, from, noun_end(context, last));
    (said - last.tokens.end <= 8 && value != total.number.value).then(|| sum_finding(span(context, total), total.number.value, group, value))
}

/// « 24 participants, répartis en quatre groupes de 8 »: a whole group lacks, or is too many; or a fifth of them.
fn split(context: &Context<'_>, total: &Count<'_>) -> Option<Finding> {
    let verb = total.end + u32::from(context.text(total.end) == ",");
    let shared = ["reparti", "divise", "partage"].iter().any(|word| context.text(verb).starts_with(word)) && context.text(verb + 1) == "en";
    let all = &context.annotations.entities.numbers;
    let [groups, each, ..] = &all[all.partition_point(|n| n.tokens.start < verb + 2)..] else { return None };
    // « de 6 à 8 », « de 7 ou 8 »
    let exact = !groups.approximate && !each.approximate && !matches!(context.after(&each.tokens, 0), "a" | "ou" | "et" | "maximum");
    let near = groups.tokens.start == verb + 2 && each.tokens.start - groups.tokens.end <= 3 && matches!(context.before(&each.tokens, 0), "de" | "d");
    let product = groups.value * each.value;
    // « 50 participants, répartis en six tables de huit »: two more chairs, no contradiction
    let rest = (product - total.number.value).abs();
    let far = rest >= each.value || rest > total.number.value / 5.0;
    let wrong = shared && near && exact && context.sentence_of(each.tokens.start) == total.sentence && far;
    let parts = || context.span(total.sentence, groups.tokens.start, each.tokens.end);
    wrong.then(|| sum_finding(span(context, total), total.number.value, parts(), product))
}

/// Where a number and the noun of those that it counts end.
fn noun_end(context: &Context<'_>, number: &Number) -> u32 {
    let people_of = ["groupe", "corps.qui"].map(|family| context.classes(family));
    let after = context.annotations.marks_at(context.sentence_of(number.tokens.start), number.tokens.end);
    after.filter(|mark| people_of.iter().any(|family| family.contains(&mark.class))).map(|mark| mark.end).max().unwrap_or(number.tokens.end)
}

fn sum_finding(primary: Span, total: f64, parts: Span, sum: f64) -> Finding {
    Finding { help: "aide-somme", ..Finding::of_sum((primary, shown(total)), (parts, shown(sum))) }
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
    // « 24 au total : »
    let in_all = all.iter().filter(|n| says_in_all(context, n) && context.text(n.tokens.end + 2) == ":");
    let in_all = in_all.map(|n| (n.tokens.start, (n, context.sentence_of(n.tokens.start), n.tokens.end)));
    for (total, sentence, end) in founded.chain(led).chain(in_all).collect::<BTreeMap<u32, (&Number, SentenceId, u32)>>().into_values() {
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
        let shared = parts.iter().all(|part| share(part));
        let people = says_in_all(context, total) && parts.iter().all(|part| opens_a_part(context, part)) && mostly_people(context, &parts);
        let bare = !shared && parts.iter().all(|part| stands_alone(context, part) && part.value.fract() == 0.0 && !part.approximate);
        if total.approximate || parts.len() < 3 || !people && (counted || !bare && !shared) || leaves_a_rest(context, colon..range.end) {
            continue;
        }
        let sum: f64 = parts.iter().map(|part| part.value).sum();
        let at_most = if bare || people { 1.3 } else { 2.0 };
        if (sum - total.value).abs() > 0.1 && alike(at_most, sum, total.value) {
            let parts = context.span(sentence, parts[0].tokens.start, parts[parts.len() - 1].tokens.end);
            out.push(sum_finding(context.span(sentence, total.tokens.start, end), total.value, parts, sum));
        }
    }
    out
}

/// « 24 au total », « 24 en tout ».
fn says_in_all(context: &Context<'_>, number: &Number) -> bool {
    matches!((context.after(&number.tokens, 0), context.after(&number.tokens, 1)), ("au", "total") | ("en", "tout"))
}

fn opens_a_part(context: &Context<'_>, number: &Number) -> bool {
    matches!(context.before(&number.tokens, 0), ":" | "," | "et") && !number.approximate && number.value.fract() == 0.0
}

/// « 9 malades, 7 proches, 6 soignants »: of most is told who they are.
fn mostly_people(context: &Context<'_>, parts: &[&Number]) -> bool {
    parts.iter().filter(|part| noun_end(context, part) > part.tokens.end).count() * 3 >= parts.len() * 2
}

/// A column of head counts with a total row.
fn table(context: &Context<'_>, rows: &[SentenceId]) -> Option<Finding> {
    let (&last, parts) = rows.split_last().filter(|(last, parts)| context.is_total(**last) && parts.len() > 1)?;
    // « Ensemble (participants distincts) »: who came twice counts once
    let distinct = |i: u32| ["distinct", "unique", "different"].iter().any(|word| context.text(i).starts_with(word));
    if context.block(last).cells.first()?.clone().any(distinct) {
        return None;
    }
    let parts: Vec<SentenceId> = parts.iter().copied().filter(|&row| !context.is_subtotal(row)).collect();
    let header = &context.dossier.blocks[context.block(last).header? as usize];
    let (groups, columns) = (context.classes("groupe"), context.classes("colonne-effectif"));
    let head = header.sentences.clone().next()?;
    // « Femmes | 22 », under « Nombre »
    let names_people = |row: &SentenceId| {
        let of_people = ["groupe", "corps.qui"].map(|family| context.classes(family));
        let mut labelled = context.block(*row).cells.first().into_iter().flat_map(|label| context.annotations.marks_at(*row, label.start));
        labelled.any(|mark| of_people.iter().any(|family| family.contains(&mark.class)))
    };
    let of_people = |column: &usize| {
        let cell = &header.cells[*column];
        if cell.len() == 1 && context.text(cell.start) == "nombre" {
            return parts.iter().all(names_people);
        }
        context.annotations.marks_of(head).any(|m| cell.contains(&m.start) && (groups.contains(&m.class) || columns.contains(&m.class)))
    };
    let value = |row: SentenceId, column: usize| context.number_in(row, column).filter(|number| number.value.fract() == 0.0);
    (1..header.cells.len()).filter(of_people).find_map(|column| {
        let total = value(last, column)?;
        let parts: Vec<&Number> = parts.iter().map(|&row| value(row, column)).collect::<Option<_>>()?;
        let sum: f64 = parts.iter().map(|part| part.value).sum();
        let ends = context.place(&parts[parts.len() - 1].tokens);
        let primary = context.span(last, total.tokens.start, total.tokens.end);
        (sum != total.value).then(|| sum_finding(primary, total.value, ends, sum).up_to_there())
    })
}
