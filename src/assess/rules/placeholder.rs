//! `redaction.a-completer`: a placeholder left in the text.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;

use crate::annotate::kinds;
use crate::annotate::time::{month, year};
use crate::dossier::{BlockId, BlockKind, SentenceId, is_division};
use crate::text::{Token, TokenFlags, TokenKind};

use super::super::criteria::Blank;
use super::super::hits::Hit;
use super::{Context, Finding, SOUGHT, acronyms};

/// Words that a sentence has besides its blanks to say what it is about: « Le budget est de [montant] € » has four.
const WORDS_AROUND_BLANKS: usize = 3;
/// Tokens before a blank, or after a mention, that tell what it stands in.
const NEAR: u32 = 40;

/// Tokens that end « Le calendrier reste à fixer » and are to be filled in.
const PENDING: u32 = 2;

/// Tokens of a field of a template, with its marks, at most.
const LONGEST_FIELD: u32 = 14;

/// Tokens of the label of a line to fill in, with its colon, at most.
const LABEL: usize = 12;

/// Tokens of placeholders that stand side by side and are reported as one.
const TOGETHER: u32 = 6;

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut last_end = 0;
    for (id, found) in &context.shared.placeholders {
        if out.len() >= SOUGHT {
            break;
        }
        // « ouverte par … (nom à compléter) »: the dots, which end a sentence, are told already
        let first = context.dossier.sentences[*id as usize].tokens.start;
        if last_end == first && first > 0 && context.text(first - 1) == "…" && context.text(first) == "(" {
            out.pop();
        }
        for &(start, end) in found {
            if start >= last_end {
                out.push(Finding { primary: context.span(*id, start, end), message: "mention", ..Finding::default() });
                last_end = end;
            }
        }
    }
    out
}

/// For each sentence, what placeholders leave of it.
#[must_use]
pub(super) fn blanks(context: &Context<'_>) -> Vec<Blank> {
    let mut out = vec![Blank::No; context.dossier.sentences.len()];
    for (id, found) in &context.shared.placeholders {
        out[*id as usize] = blank(context, *id, found);
    }
    out
}

/// For each file, whether it says nothing besides placeholders.
pub(super) fn idle(context: &Context<'_>) -> Vec<bool> {
    let mut out = vec![true; context.dossier.files.len()];
    let mut found = context.shared.placeholders.iter().peekable();
    for (id, sentence) in (0..).zip(&context.dossier.sentences) {
        let blanks = found.next_if(|(of, _)| *of == id).map_or(&[][..], |(_, blanks)| blanks.as_slice());
        if outside(sentence.tokens.clone(), blanks).any(|i| context.token(i).is_some_and(|t| t.kind != TokenKind::Punct)) {
            out[sentence.span.file.0 as usize] = false;
        }
    }
    out
}

/// Those of `tokens` that are in none of `blanks`, which are in order.
fn outside(tokens: Range<u32>, blanks: &[(u32, u32)]) -> impl Iterator<Item = u32> {
    let mut blanks = blanks.iter().peekable();
    tokens.filter(move |i| {
        while blanks.next_if(|(_, end)| end <= i).is_some() {}
        blanks.peek().is_none_or(|(start, _)| start > i)
    })
}

fn blank(context: &Context<'_>, sentence: SentenceId, found: &[(u32, u32)]) -> Blank {
    let tokens = context.dossier.sentences[sentence as usize].tokens.clone();
    // « | Délibération | à préciser | »: what the row should say of it
    let cell = |&(start, end): &(u32, u32)| (start == tokens.start || context.text(start - 1) == "|") && (end >= tokens.end || context.text(end) == "|");
    if matches!(context.kind(sentence), BlockKind::TableRow { .. }) && found.iter().any(cell) {
        return Blank::Empty;
    }
    let words = outside(tokens, found).filter(|&i| context.token(i).is_some_and(|t| t.kind == TokenKind::Word)).count();
    if words >= WORDS_AROUND_BLANKS { Blank::ToFill } else { Blank::Empty }
}

/// A sentence with placeholders, and the token ranges of these, in order.
pub(super) type Placeholders = (SentenceId, Vec<(u32, u32)>);

/// Looks for placeholders, once for all that asks for them.
pub(super) fn all(context: &Context<'_>) -> Vec<Placeholders> {
    let (mentions, isolated, excused) = (context.every("mention"), context.every("mention-isolee"), context.every("sauf"));
    let pending = context.every("en-suspens");
    let (buttons, forms) = (context.sentences_with("bouton"), LazyCell::new(|| forms(context)));
    let aside = context.classes("crochet");
    let mut out = Vec::new();
    let shaped = context.annotations.facts.iter().any(|facts| facts.kinds & kinds::BLANK != 0);
    if mentions.is_empty() && isolated.is_empty() && pending.is_empty() && !shaped {
        return out;
    }
    for (id, sentence) in (0..).zip(&context.dossier.sentences) {
        let tokens = sentence.tokens.clone();
        let here = |hits: &'_ [Hit]| {
            let from = hits.partition_point(|hit| hit.sentence < id);
            from..from + hits[from..].iter().take_while(|hit| hit.sentence == id).count()
        };
        let (mentions, isolated) = (&mentions[here(mentions)], &isolated[here(isolated)]);
        let isolated = isolated.iter().filter(|hit| stands_alone(context, hit, tokens.start, tokens.end));
        let words = |hit: &Hit| hit.tokens(context.dossier);
        let excused: Vec<Range<u32>> = excused[here(excused)].iter().map(words).collect();
        // what they are said of is no blank
        let pending = pending[here(pending)].iter().map(words).map(|told| told.end - PENDING..told.end);
        let told = mentions.iter().chain(isolated).map(words).chain(pending).filter(|told| !excused.iter().any(|e| e.start < told.end && told.start < e.end));
        let mut found: Vec<(u32, u32)> = told.map(|told| (told.start, told.end)).collect();
        let mut at = tokens.start;
        while at < tokens.end {
            let shape = shape(context, at, tokens.start, tokens.end).filter(|_| match context.text(at) {
                "[" => {
                    let pressed = buttons.contains(&id) && capital(context, at + 1);
                    !pressed && !context.annotations.marks_at(id, at).any(|m| aside.contains(&m.class))
                }
                "…" | "_" => !forms.contains(&sentence.block),
                _ => true,
            });
            shape.into_iter().for_each(|end| found.push((at, end)));
            at = shape.unwrap_or(at + 1);
        }
        if !found.is_empty() {
            found.sort_unstable();
            // « 0 800 XX XX XX » is one
            found.dedup_by(|next, last| {
                let one = next.0 == last.1 && next.1 - last.0 <= TOGETHER && context.text(next.0) != "[";
                if one {
                    last.1 = next.1;
                }
                one
            });
            out.push((id, found));
        }
    }
    out
}

/// The blocks that the participants fill in: « Fait à ……, le …… », all that stands under « Bulletin d'inscription », and the lines beside
/// « Nom : …… » that have nothing but a label and a blank.
fn forms(context: &Context<'_>) -> HashSet<BlockId> {
    let dossier = context.dossier;
    let block = |id: SentenceId| dossier.sentences[id as usize].block;
    let mut out: HashSet<BlockId> = context.sentences_with("formulaire").into_iter().map(block).collect();
    for heading in context.sentences_with("titre-formulaire").into_iter().map(block) {
        let section = dossier.blocks[heading as usize].section as usize;
        if dossier.sections[section].heading == Some(heading) {
            out.extend(heading..dossier.sections[dossier.sections[section].end as usize - 1].blocks.end);
        }
    }
    let mut beside: Vec<BlockId> = out.iter().flat_map(|&block| [block.wrapping_sub(1), block + 1]).collect();
    while let Some(block) = beside.pop() {
        if is_field(context, block) && out.insert(block) {
            beside.extend([block.wrapping_sub(1), block + 1]);
        }
    }
    out
}

/// « Lycée : ………… », « Coût : ____ € »: a label, and a blank up to the end of the line.
fn is_field(context: &Context<'_>, block: BlockId) -> bool {
    let dossier = context.dossier;
    let Some(block) = dossier.blocks.get(block as usize).filter(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem)) else { return false };
    let mut tokens = block.sentences.clone().flat_map(|id| dossier.sentences[id as usize].tokens.clone()).map(|at| context.text(at));
    let labelled = tokens.by_ref().take(LABEL).any(|text| text == ":");
    let mut blank = tokens.peekable();
    labelled && blank.peek().is_some() && blank.all(|text| matches!(text, "…" | "_" | "." | "€" | "euros"))
}

fn capital(context: &Context<'_>, at: u32) -> bool {
    context.token(at).is_some_and(|token| token.flags.has(TokenFlags::CAPITAL))
}

/// « À compléter », « budget : à définir »: at the beginning, or after a mark or a few words without a verb; and nothing after.
fn stands_alone(context: &Context<'_>, hit: &Hit, first: u32, last: u32) -> bool {
    let words = hit.tokens(context.dossier);
    let after = if words.end < last { context.text(words.end) } else { "" };
    let closed = words.end >= last
        || matches!(after, "." | ")" | "]" | "|" | ";" | "," | "»" | "!" | "…" | "ulterieurement")
        // « Lieu à définir avec la mairie », not « Les usages à définir avec les voisins sont… »
        || matches!(after, "par" | "avec" | "selon" | "apres" | "avant" | "en" | "d")
            && !(words.end..last.min(words.end + NEAR)).take_while(|&i| !context.annotations.may_be(i, kinds::STOP)).any(|i| context.is_conjugated(i));
    let before = if words.start == first { "" } else { context.text(words.start - 1) };
    let opened = matches!(before, "" | ":" | "—" | "–" | "-" | "(" | "[" | "|" | ";" | "•" | "=" | ",");
    // « … sauf la deuxième (salle à préciser) », « valide chaque étape – composition à préciser »: what the mark opens
    let opens = |&i: &u32| matches!(context.text(i), "(" | "–" | "—" | "|" | ":" | ";");
    let first = (first..words.start).rev().take(6).find(opens).map_or(first, |mark| mark + 1);
    let words_before = (first..words.start).filter(|&i| context.token(i).is_some_and(|t| t.kind == TokenKind::Word)).count();
    let verb_before = (first..words.start).any(|i| {
        matches!(
            context.text(i),
            "est" | "sont" | "reste" | "restent" | "sera" | "seront" | "etait" | "etant" | "resteront" | "restera" | "il" | "ont" | "a" | "aura"
        )
    });
    closed && (opened || words_before <= 4 && !verb_before)
}

/// Placeholders known by their shape.
fn shape(context: &Context<'_>, at: u32, first: u32, last: u32) -> Option<u32> {
    if context.annotations.facts[at as usize].kinds & kinds::BLANK == 0 {
        return None;
    }
    // code says what it says
    let token = context.token(at).filter(|token| !token.flags.has(TokenFlags::CODE))?;
    let text = context.text(at);
    let lower = context.dossier.lower(token);
    match text {
        "[" => bracket(context, at, first, last),
        "todo" | "tbd" | "tbc" | "fixme" if token.flags.has(TokenFlags::ALL_CAPS) => Some(at + 1),
        "lorem" if at + 1 < last && context.text(at + 1) == "ipsum" => Some(at + 2),
        // « au format jj/mm/aaaa »: how a date is written
        "jj" | "dd" if at > first && matches!(context.text(at - 1), "format" | "forme") => None,
        "jj" | "dd" if context.text(at + 1) == "/" && context.text(at + 2) == "mm" => Some(if context.text(at + 3) == "/" { at + 5 } else { at + 3 }.min(last)),
        "xx" | "xxx" | "xxxx" | "xxxxx" if token.kind == TokenKind::Word && !roman(context, at, lower) => Some(dates(context, at, last)),
        "xxh" | "xxhxx" => Some(at + 1),
        "…" => ellipsis(context, at, first, last),
        "{" => braces(context, at, last),
        "<" => angles(context, at, last),
        "_" if !in_form(context, at, first) => run(context, at, last, "_", 3),
        // « Salle : ? »
        "?" if at + 1 == last && at > first && context.text(at - 1) == ":" && !in_form(context, at, first) => Some(at + 1),
        // « réunit ?? habitants », not « Vraiment ?? »
        "?" => run(context, at, last, "?", if before_noun(context, at + 2, last) { 2 } else { 3 }),
        _ => None,
    }
}

/// « XX/XX/2026 » is one placeholder.
fn dates(context: &Context<'_>, at: u32, last: u32) -> u32 {
    let mut end = at + 1;
    while end + 1 < last && context.text(end) == "/" && context.token(end + 1).is_some_and(|t| !t.flags.has(TokenFlags::SPACE_BEFORE)) {
        end += 2;
    }
    end
}

/// « siècle XX », « Louis XX », « chapitre XX »: a roman numeral.
fn roman(context: &Context<'_>, at: u32, lower: &str) -> bool {
    let before = if at > 0 { context.text(at - 1) } else { "" };
    lower == "xx" && context.text(at + 1) == "siecle"
        || is_division(before)
        || matches!(before, "louis" | "pie" | "charles" | "jean" | "livre" | "tome" | "siecle")
}

/// `[nom du garant]`: words in square brackets. Not `[…]`, `[1]`, `[sic]`, a link or a box.
fn bracket(context: &Context<'_>, at: u32, first: u32, last: u32) -> Option<u32> {
    let close = (at + 1..last.min(at + 25)).find(|&i| context.text(i) == "]")?;
    let words = (at + 1..close).filter(|&i| context.token(i).is_some_and(|t| t.kind == TokenKind::Word)).count();
    let letters = (at + 1..close).map(|i| context.text(i).len()).sum::<usize>();
    let dots = (at + 1..close).any(|i| context.text(i) == "…");
    // « [N] foyers », « tous les [X] mois »
    let unknown = context.text(at + 1) == "n" || context.text(at + 1) == "x" && at > first && capital(context, at + 1);
    let count = close == at + 2 && unknown && before_noun(context, close + 1, last);
    let checked = context.text(at + 1) == "x" && !count;
    // « [[page]] », « [TOC] », « [@auteur2020] »: what other tools read
    let mark = context.dossier.slice(context.place(&(at + 1..at + 2)));
    let foreign = mark.starts_with(['[', '@']) || at > first && context.text(at - 1) == "[" || mark.eq_ignore_ascii_case("toc") && close == at + 2;
    let follows = |i: u32| i < last && context.token(i).is_some_and(|t| !t.flags.has(TokenFlags::SPACE_BEFORE));
    let linked = matches!(context.text(close + 1), "(" | "[" | ":") && follows(close + 1);
    // « l[a] », « [s]'engage »: a quotation mended
    let mended = letters <= 2 && !count
        || context.token(at).is_some_and(|t| !t.flags.has(TokenFlags::SPACE_BEFORE))
            && at > first
            && context.token(at - 1).is_some_and(|t| t.kind == TokenKind::Word);
    let only_dots = dots && words == 0;
    // « [CNDP, 2021] », « [voir page 3] », « l’arrêté [du 3 mai 2027] »
    let named = |i: u32| context.token(i).is_some_and(|t| t.kind != TokenKind::Word || t.flags.has(TokenFlags::CAPITAL));
    let source = (at + 1..close).all(named) && (at + 1..close).any(|i| year(context.text(i)).is_some());
    let aside = source || matches!(context.text(at + 1), "voir" | "cf") || context.holds_a_day(&(at + 1..close), true);
    let aside = aside || at > first && acronyms::spelled_after(context, at - 1);
    (words > 0 && !aside && !checked && !foreign && !cited(context, at, first) && !linked && !mended && !only_dots).then_some(close + 1)
}

/// « les arrêts [de la ligne 40] ne sont pas éclairés », « [Les experts] parlaient trop vite »: what a quotation adds. Not « Comment [verbe] à
/// [lieu] ? », all to fill.
fn cited(context: &Context<'_>, at: u32, first: u32) -> bool {
    let Some(opened) = context.opened(first.max(at.saturating_sub(NEAR))..at, "«", "»") else { return false };
    let before = (opened + 1..=at).take_while(|&i| context.text(i) != "[");
    let told = matches!(context.text(at + 1), "le" | "la" | "les" | "l" | "ce" | "cette" | "ces" | "nos" | "nous" | "on" | "il" | "elle" | "ils" | "elles");
    told || before.filter(|&i| context.token(i).is_some_and(|t| t.kind == TokenKind::Word)).count() > 1
}

/// « … € », « le … 2027 », « Nom : …… »: dots where a value should be; not the end of an enumeration.
fn ellipsis(context: &Context<'_>, at: u32, first: u32, last: u32) -> Option<u32> {
    let before = if at > first { context.text(at - 1) } else { "" };
    // « ………… € » is one
    let end = (at + 1..last).find(|&i| context.text(i) != "…").unwrap_or(last);
    if before == "…" {
        return None;
    }
    let next = if end < last { context.text(end) } else { "" };
    let unit = matches!(next, "€" | "euros" | "k" | "%" | "habitants" | "participants" | "personnes" | "jours" | "mois" | "semaines" | "h" | "heures")
        || year(next).is_some() && year(before).is_none();
    // « le … juin »
    let unit = unit || matches!(before, "le" | "du" | "au") && month(next).is_some();
    let led = matches!(before, "le" | "du" | "de" | "au" | ":" | "a" | "les" | "d" | "m" | "mme" | "par" | "n" | "°" | "pour")
        && (unit || next.is_empty() || matches!(next, "." | "|" | ")" | "/" | ";" | ","));
    let spaced = context.token(at).is_some_and(|t| t.flags.has(TokenFlags::SPACE_BEFORE)) || at == first;
    let form = in_form(context, at, first);
    let cell = before == "|" && (next == "|" || next.is_empty());
    ((unit || led && !form || cell) && spaced && !matches!(before, "[" | "(")).then_some(if unit { end + 1 } else { end })
}

/// « Votre remarque : …… », « Mon idée : ____ »: the participants will write there.
fn in_form(context: &Context<'_>, at: u32, first: u32) -> bool {
    (first.max(at.saturating_sub(NEAR))..at).any(|i| matches!(context.text(i), "votre" | "vos" | "je" | "j" | "mon" | "ma" | "mes"))
}

/// Whether a word in small letters, of some length, is token `at` of a sentence that ends at `last`.
fn before_noun(context: &Context<'_>, at: u32, last: u32) -> bool {
    let word = |token: &Token| token.kind == TokenKind::Word && !token.flags.has(TokenFlags::CAPITAL) && token.end - token.start > 3;
    at < last && context.token(at).is_some_and(word)
}

/// `<nom de la commune>`: what to write there; not « < 5 ans et > 3 ans ».
fn angles(context: &Context<'_>, at: u32, last: u32) -> Option<u32> {
    let close = (at + 2..last.min(at + LONGEST_FIELD)).find(|&i| context.text(i) == ">")?;
    let joined = |i: u32| context.token(i).is_some_and(|t| !t.flags.has(TokenFlags::SPACE_BEFORE));
    let word = |i: u32| context.token(i).is_some_and(|t| t.kind == TokenKind::Word) || context.text(i) == "'";
    (joined(at + 1) && joined(close) && (at + 1..close).all(word)).then_some(close + 1)
}

/// `{{nom_commune}}`: a field of a template.
fn braces(context: &Context<'_>, at: u32, last: u32) -> Option<u32> {
    let close = (context.text(at + 1) == "{").then(|| (at + 2..last.min(at + LONGEST_FIELD)).find(|&i| context.text(i) == "}"))??;
    (close > at + 2 && context.text(close + 1) == "}").then_some(close + 2)
}

fn run(context: &Context<'_>, at: u32, last: u32, mark: &str, least: u32) -> Option<u32> {
    let end = (at..last).find(|&i| context.text(i) != mark).unwrap_or(last);
    (end - at >= least).then_some(end)
}
