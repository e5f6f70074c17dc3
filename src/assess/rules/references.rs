//! `coherence.renvoi`: an annex, a part, a document said to be attached, a heading or a file linked to, that the dossier does not hold.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::annotate::kinds;
use crate::checks::format::Mode;
use crate::diagnostics::MOST_PASSAGES;
use crate::dossier::{BlockKind, Dossier, Link, LinkTarget, SectionId, SentenceId};
use crate::text::{Span, TokenFlags};

use super::super::hits::Hit;
use super::{Context, Finding, NEAR, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut out = links(context);
    let linked: BTreeSet<SentenceId> = out.iter().map(|f| sentence_at(context, f)).collect();
    out.extend(annexes(context).into_iter().filter(|f| !linked.contains(&sentence_at(context, f))));
    out
}

fn sentence_at(context: &Context<'_>, finding: &Finding) -> SentenceId {
    let place = (finding.primary.file, finding.primary.start);
    context.dossier.sentences.partition_point(|s| (s.span.file, s.span.end) <= place) as SentenceId
}

fn links(context: &Context<'_>) -> Vec<Finding> {
    let anchors = LazyCell::new(|| anchors(context.dossier));
    let nowhere = |link: &&Link| {
        let letters = link.url.strip_prefix('#').filter(|name| !name.contains('%')).map(anchor).unwrap_or_default();
        let top = letters.is_empty() || letters.starts_with("fn") || matches!(letters.as_str(), "top" | "haut");
        !top && !anchors.contains(&letters)
    };
    let absent = context.dossier.links.iter().filter(|l| l.target == LinkTarget::Absent || nowhere(l));
    absent.map(|l| Finding { primary: l.span, message: "lien", blanks: vec![("piece", l.url.clone())], ..Finding::default() }).take(SOUGHT).collect()
}

/// What may be linked to: headings, `<a id="criteres">`, `{#criteres}`. Tools do not agree on accents, marks and numbers: none of them
/// counts.
fn anchors(dossier: &Dossier) -> BTreeSet<String> {
    let headings = dossier.sections.iter().filter_map(|section| section.heading).map(|heading| &dossier.blocks[heading as usize]);
    let mut out: BTreeSet<String> = headings.map(|heading| anchor(&dossier.reading(dossier.first_words(heading)))).collect();
    for file in &dossier.files {
        let named = ["id=", "name=", "{#"].into_iter().flat_map(|mark| file.text.match_indices(mark).map(|(at, mark)| &file.text[at + mark.len()..]));
        let ends = |c: &char| matches!(c, '"' | '\'' | '}' | '>' | ' ' | '\n');
        out.extend(named.map(|rest| anchor(&rest.chars().skip_while(|c| matches!(c, '"' | '\'')).take_while(|c| !ends(c)).take(ANCHOR).collect::<String>())));
    }
    out
}

/// Letters of an anchor that are looked at.
const ANCHOR: usize = 200;

/// The letters of an anchor, or of the heading that it leads to.
fn anchor(text: &str) -> String {
    let mut letters = crate::text::fold::fold(text);
    letters.retain(char::is_alphabetic);
    letters
}

/// What the headings, file names and opening words of blocks say the dossier holds.
#[derive(Default)]
struct Holdings {
    /// « 3 », « a »: annexes by number.
    annexes: BTreeSet<String>,
    /// Some heading or file is an annex.
    any: bool,
    /// Words of headings and file names, with the section where it is the only one.
    words: BTreeMap<String, Option<SectionId>>,
    /// The numbers of the parts of the document, as its headings give them: « 2 », « 3.1 ».
    parts: BTreeSet<String>,
    /// The numbers of its articles: « Article 3 – Jury ».
    articles: BTreeSet<String>,
}

impl Holdings {
    /// What the words of a heading or of a file's name tell.
    fn entitle(&mut self, words: &[&str], section: Option<SectionId>) {
        if words.first() == Some(&"article") {
            self.open(words);
        }
        for at in (0..words.len()).filter(|at| is_annex(words[*at])) {
            self.open(&words[at..]);
        }
        for word in words {
            self.words.entry(word.trim_end_matches('s').to_owned()).and_modify(|one| *one = one.filter(|one| Some(*one) == section)).or_insert(section);
        }
        // « 2. Calendrier », « Partie 2 »
        let labelled = words.first().is_some_and(|word| matches!(*word, "partie" | "chapitre" | "section" | "titre"));
        let marked = |number: &str| number.contains('.') || words.get(1).is_some_and(|mark| matches!(*mark, "." | ")" | "-" | "–" | "—" | ":"));
        let number = words.get(usize::from(labelled)).filter(|word| labelled || word.starts_with(|c: char| c.is_ascii_digit()) && marked(word));
        self.parts.extend(number.and_then(|word| part(word)));
    }

    /// Whether the document has a part of that number, or numbers none so far down.
    fn divides(&self, number: &str) -> bool {
        let within = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.parts.iter().any(|part| within(part, number) || within(number, part))
    }

    /// Whether a heading or a file other than the section itself has a word.
    fn entitles(&self, word: &str, section: SectionId) -> bool {
        self.words.get(word.trim_end_matches('s')).is_some_and(|one| *one != Some(section))
    }

    /// What the first words of a text tell.
    fn open(&mut self, words: &[&str]) {
        if let ["article", number, ..] = words {
            self.articles.extend(article(number));
        }
        if words.first().is_some_and(|word| is_annex(word)) {
            self.any = true;
            self.annexes.extend(numbers(words).into_iter().map(|(_, number)| number));
        }
    }
}

/// Words of a heading that are looked at.
const TITLE: u32 = 40;
/// Words of a heading among which « annexes » says what it gathers.
const ANNOUNCED: usize = 3;
/// Words after « annexe » among which its numbers are looked for.
const LISTED: u32 = 16;

fn holdings(context: &Context<'_>) -> Holdings {
    let dossier = context.dossier;
    let mut out = Holdings::default();
    let words = |tokens: Range<u32>, most: u32| -> Vec<&str> { tokens.take(most as usize).map(|at| context.text(at)).collect() };
    for block in &dossier.blocks {
        let Some(sentence) = block.sentences.clone().next() else { continue };
        let tokens = dossier.sentences[sentence as usize].tokens.clone();
        match block.kind {
            BlockKind::Heading { .. } => {
                let words = words(tokens, TITLE);
                out.entitle(&words, Some(block.section));
                // « Annexes », « Liste des annexes »
                let named = words.iter().take(ANNOUNCED).position(|word| is_annex(word));
                if named.is_some_and(|at| numbers(&words[at..]).is_empty()) {
                    out.annexes.extend((1..=parts(dossier, block.section)).map(|number| number.to_string()));
                }
            }
            BlockKind::Paragraph | BlockKind::ListItem => out.open(&words(tokens, LISTED)),
            BlockKind::TableRow { .. } => block.cells.iter().for_each(|cell| out.open(&words(cell.clone(), LISTED))),
            BlockKind::Footnote | BlockKind::Code => {}
        }
    }
    for file in &dossier.files {
        let name = crate::text::fold::fold(file.path.rsplit('/').next().unwrap_or_default());
        out.entitle(&name.split(|c: char| !c.is_alphanumeric()).collect::<Vec<_>>(), None);
    }
    out
}

/// How many annexes stand under « Annexes »: its sections, else the items of its list.
fn parts(dossier: &Dossier, section: SectionId) -> usize {
    let it = &dossier.sections[section as usize];
    let below = dossier.sections[section as usize + 1..it.end as usize].iter().filter(|below| below.parent == Some(section)).count();
    let items = || dossier.blocks[it.blocks.start as usize..it.blocks.end as usize].iter().filter(|block| block.kind == BlockKind::ListItem).count();
    if below > 0 { below } else { items() }
}

fn is_annex(word: &str) -> bool {
    matches!(word, "annexe" | "annexes")
}

/// The numbers of annexes that `words` name, « annexe » being the first, each with its place: « annexe n° 5 », « annexes 1, 2 et 4 »,
/// « annexes 1 à 3 ».
fn numbers(words: &[&str]) -> Vec<(usize, String)> {
    let after_sign = |at: usize| match (words.get(at), words.get(at + 1)) {
        (Some(&("n" | "no" | "numero")), Some(&"°")) => at + 2,
        (Some(&("n" | "no" | "numero")), _) => at + 1,
        _ => at,
    };
    let number = |at: usize| words.get(at).and_then(|word| numeral(word));
    let (mut out, mut at) = (Vec::new(), after_sign(1));
    // « annexe n »: the letter is the number
    if number(at).is_none() {
        at = 1;
    }
    while let Some(found) = number(at) {
        out.push((at, found));
        let next = after_sign(at + 2);
        match (words.first(), words.get(at + 1)) {
            (Some(&"annexes"), Some(&("," | "et" | "ou" | "&"))) => at = next + usize::from(matches!(words.get(next), Some(&("et" | "ou")))),
            (Some(&"annexes"), Some(&("a" | "-" | "–"))) => {
                let bounds = [at, next].map(|at| words.get(at).and_then(|word| word.parse::<u32>().ok()));
                if let [Some(first), Some(last)] = bounds {
                    out.extend((first + 1..last).take(MOST_PASSAGES).map(|between| (next, between.to_string())));
                }
                at = next;
            }
            _ => break,
        }
    }
    out
}

/// The number that a word is: « 05 », « V » and « 5 » are the same.
fn numeral(word: &str) -> Option<String> {
    const ROMAN: [&str; 12] = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"];
    let letter = word.len() == 1 && word.bytes().all(|b| b.is_ascii_alphabetic());
    let roman = ROMAN.iter().position(|roman| *roman == word).map(|place| (place + 1).to_string());
    let digits = || (word.parse::<u32>().is_ok()).then(|| word.trim_start_matches('0').to_owned());
    roman.or_else(digits).or_else(|| letter.then(|| word.to_owned()))
}

/// The number of a part: « 7 », « IV », « 3.1 »; no letter.
fn part(word: &str) -> Option<String> {
    let word = word.trim_end_matches('.');
    let decimal = word.split('.').all(|level| level.parse::<u8>().is_ok());
    let number = if decimal { Some(word.to_owned()) } else { numeral(word) };
    number.filter(|number| number.starts_with(|c: char| c.is_ascii_digit()))
}

/// The number of an article: « 1er », « premier » and « 1 » are the same.
fn article(word: &str) -> Option<String> {
    if matches!(word, "premier" | "1er") { Some("1".to_owned()) } else { part(word) }
}

/// Whether a table or an image comes right after: « Le calendrier ci-joint : », then the table.
fn shown_below(context: &Context<'_>, sentence: SentenceId) -> bool {
    let next = context.dossier.blocks.get(context.dossier.sentences[sentence as usize].block as usize + 1);
    next.is_some_and(|block| block.has_media || matches!(block.kind, BlockKind::TableRow { .. }))
}

fn annexes(context: &Context<'_>) -> Vec<Finding> {
    let held = LazyCell::new(|| holdings(context));
    let outside = context.sentences_with("dehors");
    let mut out: Vec<Finding> = Vec::new();
    let mut last: Option<SentenceId> = None;
    for id in 0..context.dossier.sentences.len() as SentenceId {
        if out.len() == SOUGHT {
            break;
        }
        let sentence = &context.dossier.sentences[id as usize];
        let modes = context.annotations.modes[id as usize];
        if outside.contains(&id) || modes.has(Mode::Heading) || modes.has(Mode::Past) {
            continue;
        }
        for at in sentence.tokens.clone().filter(|&i| context.annotations.may_be(i, kinds::ANNEX)) {
            let Some((primary, piece)) = absent(context, id, at, &held).filter(|(primary, _)| !leads(context, *primary)) else { continue };
            if last == Some(id) {
                if let Some(previous) = out.last_mut() {
                    previous.labels.push((primary, "aussi"));
                }
                continue;
            }
            last = Some(id);
            let message = if piece.is_some() { "annexe" } else { "en-annexe" };
            out.push(Finding { primary, message, blanks: piece.map(|piece| ("piece", piece)).into_iter().collect(), ..Finding::default() });
        }
    }
    let lacks = |words: Range<u32>, message| {
        let primary = context.place(&words);
        Finding { primary, message, blanks: vec![("piece", context.dossier.reading(primary))], ..Finding::default() }
    };
    let mut told: BTreeSet<SentenceId> = out.iter().map(|f| sentence_at(context, f)).collect();
    for hit in
        context.named("partie").iter().filter(|hit| !outside.contains(&hit.sentence) && !context.annotations.modes[hit.sentence as usize].has(Mode::Heading))
    {
        let words = hit.tokens(context.dossier);
        // a document that does not number its parts has none of that number to lack
        let absent = held.parts.len() > 1 && part(context.text(words.end - 1)).is_some_and(|number| !held.divides(&number));
        if absent && !of_another(context, words.end) && told.insert(hit.sentence) {
            out.push(lacks(words.end - 2..words.end, "partie"));
        }
    }
    for hit in context.every("article").iter().filter(|hit| !outside.contains(&hit.sentence) && held.articles.len() > 1) {
        let words = hit.tokens(context.dossier);
        let Some(at) = words.clone().find(|&at| context.text(at) == "article") else { continue };
        let absent = article(context.text(at + 1)).is_some_and(|number| !held.articles.contains(&number));
        if absent && !of_another(context, at + 2) && told.insert(hit.sentence) {
            out.push(lacks(at..at + 2, "article"));
        }
    }
    let attached = context
        .named("jointe")
        .into_iter()
        .filter(|h| !outside.contains(&h.sentence) && !h.denied() && !context.annotations.modes[h.sentence as usize].has(Mode::Past));
    // « le guide et l’annexe 2 », « un plan et trois annexes »: the noun, not « annexé »
    let noun = |h: &Hit| {
        let last = h.tokens(context.dossier).end - 1;
        let determines = |i: u32| {
            matches!(context.text(i), "l" | "d" | "une" | "cette" | "notre" | "son" | "des" | "les" | "ses")
                || context.is_number(i)
                || context.annotations.may_be(i, kinds::NUMBER)
        };
        is_annex(context.text(last)) && last.checked_sub(1).is_some_and(determines)
    };
    for hit in attached.filter(|h| !linked(context, h.sentence) && !noun(h) && !shown_below(context, h.sentence)).take(SOUGHT) {
        let says = |i: u32| context.text(i).chars().count() > 3 && !context.is_conjugated(i) && !matches!(context.text(i), "joint" | "annexe");
        let section = context.block(hit.sentence).section;
        let named = hit.tokens(context.dossier).any(|i| says(i) && held.entitles(context.text(i), section));
        if !named && !held.any && told.insert(hit.sentence) {
            let words = context.with_clitics(&hit.tokens(context.dossier));
            let primary = context.span(hit.sentence, words.start, words.end);
            out.push(Finding { primary, message: "piece-jointe", blanks: vec![("piece", context.dossier.reading(primary))], ..Finding::default() });
        }
    }
    out.sort_by_key(|f| (f.primary.file, f.primary.start));
    out
}

/// The annex that token `at` speaks of, if the dossier does not hold it: its place, and how to name it where it has a number.
fn absent(context: &Context<'_>, sentence: SentenceId, at: u32, held: &Holdings) -> Option<(Span, Option<String>)> {
    // « le schéma (voir son annexe 4) »
    let its = at.checked_sub(1).is_some_and(|before| matches!(context.text(before), "son" | "ses" | "leur" | "leurs"));
    if its || opens(context, sentence, at) {
        return None;
    }
    let end = context.dossier.sentences[sentence as usize].tokens.end;
    let words: Vec<&str> = (at..end).take(LISTED as usize).map(|i| context.text(i)).collect();
    // « l’annexe a été », « l’annexe n’est pas »
    let small = |place: usize| words[place].len() == 1 && !words[place].starts_with(char::is_numeric) && !capital(context, at + place as u32);
    let numbers: Vec<(u32, String)> =
        numbers(&words).into_iter().take_while(|(place, _)| !small(*place)).map(|(place, number)| (at + place as u32, number)).collect();
    if numbers.is_empty() {
        let before = at.checked_sub(1).filter(|&i| context.text(i) == "en" && !held.any && !of_another(context, at + 1))?;
        return Some((context.span(sentence, before, at + 1), None));
    }
    let last = numbers.iter().map(|(place, _)| *place).max()?;
    let first = numbers.iter().position(|(_, number)| !held.annexes.contains(number)).filter(|_| !of_another(context, last + 1))?;
    let place = numbers[first].0;
    // « annexes 1 et 2 », of which the first is there
    let primary = context.span(sentence, if first == 0 { at } else { place }, place + 1);
    // each is said by its own number
    let number = context.span(sentence, if context.text(at) == "annexe" { at + 1 } else { place }, place + 1);
    Some((primary, Some(format!("annexe {}", context.dossier.reading(number)))))
}

/// Whether token `at` opens a text or a cell: « Annexe 3 : composition » names what stands there.
fn opens(context: &Context<'_>, sentence: SentenceId, at: u32) -> bool {
    let block = context.block(sentence);
    match block.kind {
        BlockKind::Paragraph | BlockKind::ListItem => at == context.dossier.sentences[sentence as usize].tokens.start,
        _ => block.cells.iter().any(|cell| cell.start == at),
    }
}

/// « Annexe A », not « l'annexe a été ».
fn capital(context: &Context<'_>, at: u32) -> bool {
    context.token(at).is_some_and(|t| t.flags.has(TokenFlags::CAPITAL) || t.flags.has(TokenFlags::ALL_CAPS))
}

/// « En annexe du rapport », « l’annexe 2 (page 4) du guide »: of another document than this one.
fn of_another(context: &Context<'_>, mut at: u32) -> bool {
    if context.text(at) == "(" {
        at = (at..at + NEAR).find(|&i| context.text(i) == ")").map_or(at, |close| close + 1);
    }
    let complement = |i: u32| matches!(context.text(i), "du" | "de" | "des" | "d" | "au" | "aux" | "a");
    let this = |i: u32| matches!(context.text(i), "present" | "presente" | "ce" | "cette" | "cet");
    // « du dossier », « de la note », not « du dossier de presse »
    let head = (at + 1..at + 3).find(|&i| !matches!(context.text(i), "la" | "l" | "le"));
    let own = head.is_some_and(|i| matches!(context.text(i), "dossier" | "document" | "note" | "cadrage" | "cahier" | "lettre") && !complement(i + 1));
    complement(at) && !own && !(at..at + 4).any(this)
}

/// Whether a link of the sentence leads somewhere, or an address is told.
fn linked(context: &Context<'_>, sentence: SentenceId) -> bool {
    links_over(context, context.dossier.sentences[sentence as usize].span).next().is_some()
        || context.annotations.has_class(sentence, &context.classes("url")).is_some()
}

/// « Voir [l'annexe 1](annexes/a1.pdf) »: the link over these words leads to what may be there.
fn leads(context: &Context<'_>, words: Span) -> bool {
    links_over(context, words).any(|link| link.target != LinkTarget::Absent)
}

/// The links that share a byte with `span`.
fn links_over<'a>(context: &'a Context<'_>, span: Span) -> impl Iterator<Item = &'a Link> {
    let links = &context.dossier.links;
    let from = links.partition_point(|l| (l.span.file, l.span.start) < (span.file, span.start));
    // one that begins before ends before it too, or covers it
    let around = &links[from.saturating_sub(1)..];
    around.iter().take_while(move |l| l.span.file <= span.file && l.span.start < span.end).filter(move |l| l.span.file == span.file && l.span.end > span.start)
}
