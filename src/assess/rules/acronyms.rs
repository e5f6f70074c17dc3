//! `redaction.sigle-non-defini`: an acronym spelled out nowhere.

use std::cell::LazyCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

use crate::annotate::{Mark, kinds, nouns, time};
use crate::checks::engine::WordList;
use crate::checks::lexicon::ClassId;
use crate::dossier::{Block, BlockKind, SentenceId};
use crate::text::fold::is_letter;
use crate::text::{Token, TokenFlags, TokenKind};

use super::{Context, Finding, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let (common, people, all) = (context.classes("sigle.courant"), context.classes("personne"), context.classes("sigle"));
    let capitals = context.classes("capitales");
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let (places, initials) = (LazyCell::new(|| places(context, &all)), LazyCell::new(|| initials_of(context)));
    let words = LazyCell::new(|| words_among(context, &places));
    let run_in = LazyCell::new(|| openings_in_capitals(context) >= RUN_IN);
    let mut looked_for: HashMap<&str, bool> = HashMap::new();
    let mut out = Vec::new();
    for sentence in 0..context.dossier.sentences.len() as SentenceId {
        let marks = context.annotations.marks_of(sentence);
        if matches!(context.kind(sentence), BlockKind::Heading { .. }) {
            continue;
        }
        let within = |m: &Mark, classes: &Range<ClassId>| marks.clone().any(|o| classes.contains(&o.class) && o.start <= m.start && o.end >= m.end);
        for mark in acronyms_of(context, sentence, &all) {
            let text = context.text(mark.start);
            if seen.contains(text) {
                continue;
            }
            // « TODO » is to be filled in, not spelled out
            let known = context.annotations.may_be(mark.start, kinds::BLANK)
                || beside_capitals(context, mark.start)
                || numbered(context, mark.start)
                || labelled(context, mark.start)
                || in_reference(context, mark.start)
                || accented(context, mark.start)
                || shown(context, mark.start)
                || place(context, mark.start)
                || firm(context, mark.start)
                || opens_block(context, sentence, mark.start) && *run_in
                || before_an_initial(context, mark.start)
                || within(&mark, &common)
                || within(&mark, &people)
                || within(&mark, &capitals)
                || stressed(context, mark.start)
                || roman(text)
                || surname(context, sentence, mark.start)
                || !text.bytes().all(|b| b.is_ascii_alphabetic())
                || context.annotations.may_be(mark.start, kinds::MONTH | kinds::NUMBER)
                || text.len() == 2 && context.annotations.may_be(mark.start, kinds::SKIPPED)
                || time::weekday(text).is_some()
                || among_names(context, sentence, mark.start)
                || text.len() > SHORTEST && words.contains(text);
            if known {
                continue;
            }
            let at = places.get(text).map_or(&[][..], Vec::as_slice);
            // each is looked for in the whole dossier
            if looked_for.len() == SOUGHT {
                return out;
            }
            let spelled = *looked_for.entry(text).or_insert_with(|| spelled_out(context, text, at) || spelled_elsewhere(&initials, text));
            // it may be told where it stands again, unless it is spelled out
            if !spelled && in_capitals(context, mark.start, sentence) {
                continue;
            }
            seen.insert(text);
            if spelled {
                continue;
            }
            let primary = context.span(sentence, mark.start, mark.end);
            let shown = context.dossier.reading(primary);
            out.push(Finding { primary, message: "sigle", blanks: vec![("sigle", shown)], ..Finding::default() });
        }
    }
    out
}

/// The acronyms that the dossier also writes in small letters, but for the shortest: « l'atelier COULOIRS, dans les couloirs » has none.
fn words_among<'a>(context: &Context<'a>, acronyms: &HashMap<&'a str, Vec<u32>>) -> HashSet<&'a str> {
    // most words begin or are as long as no acronym
    let shape = |text: &str| 1_u64 << ((text.as_bytes().first().unwrap_or(&0) ^ (text.len() as u8) << 3) & 63);
    let shapes = acronyms.keys().fold(0, |shapes, text| shapes | shape(text));
    context
        .dossier
        .tokens
        .iter()
        .filter(|t| in_small_letters(t))
        .map(|t| context.dossier.folded(t))
        .filter(|text| shapes & shape(text) != 0 && acronyms.contains_key(text))
        .collect()
}

/// A word of some letters, not all of them capitals.
fn in_small_letters(token: &Token) -> bool {
    token.kind == TokenKind::Word && (token.end - token.start) as usize > SHORTEST && !token.flags.has(TokenFlags::ALL_CAPS)
}

/// « MM. ARNAL, DUCROS et LE GOFF »: names, after a title in the plural.
fn among_names(context: &Context<'_>, sentence: SentenceId, at: u32) -> bool {
    let first = context.dossier.sentences[sentence as usize].tokens.start;
    (first.max(at.saturating_sub(NAMES))..at).any(|i| matches!(context.text(i), "mm" | "mmes" | "messieurs" | "mesdames"))
}

/// Letters of words that are no more words than acronyms: « les MES », « mes ».
const SHORTEST: usize = 3;

/// Tokens after a title in the plural among which names are looked for.
const NAMES: u32 = 30;

/// Bytes of a line that are looked at, on each side.
const LINE: usize = 4_000;

/// On a line of the file mostly in capitals: a title that Markdown does not mark.
fn in_capitals(context: &Context<'_>, at: u32, sentence: SentenceId) -> bool {
    let Some(token) = context.token(at) else { return false };
    let text = &context.dossier.file(context.dossier.sentences[sentence as usize].span.file).text;
    // what is far off on an endless line says nothing of this word
    let (mut first, mut last) = ((token.start as usize).saturating_sub(LINE), (token.end as usize + LINE).min(text.len()));
    first += text.as_bytes()[first..].iter().take_while(|b| **b & 0xc0 == 0x80).count();
    last += text.as_bytes()[last..].iter().take_while(|b| **b & 0xc0 == 0x80).count();
    let start = text[first..token.start as usize].rfind('\n').map_or(first, |i| first + i + 1);
    let end = text[token.end as usize..last].find('\n').map_or(last, |i| token.end as usize + i);
    let (mut letters, mut capitals) = (0, 0);
    for c in text[start..end].chars().filter(|c| is_letter(*c)) {
        letters += 1;
        capitals += usize::from(c.is_uppercase());
    }
    capitals * 5 > letters * 3
}

/// « CASILLO I. », « PERRAUD J-M. »: the name of an author.
fn before_an_initial(context: &Context<'_>, at: u32) -> bool {
    let capital = context.token(at + 1).is_some_and(|t| t.flags.has(TokenFlags::CAPITAL));
    capital && context.text(at + 1).split('-').all(|letter| letter.len() == 1) && matches!(context.text(at + 2), "." | "-")
}

/// « DÉCISION », « RÉ »: a word; acronyms have no accents.
fn accented(context: &Context<'_>, at: u32) -> bool {
    !context.dossier.slice(context.place(&(at..at + 1))).is_ascii()
}

/// « VOTEZ ! », « ICI »: what is written on a board or a bulletin, alone between quotation marks.
fn shown(context: &Context<'_>, at: u32) -> bool {
    let closed = context.text(at + 1) == "»" || matches!(context.text(at + 1), "!" | "?") && context.text(at + 2) == "»";
    closed && at.checked_sub(1).is_some_and(|before| context.text(before) == "«")
}

/// Tokens between « gymnase » and the town in capitals, at most.
const NAMED: u32 = 5;

/// « La commune des MOUTIERS », « gymnase Zatopek (BRON) »: a place, where nothing but small words and a name parts it from the noun.
fn place(context: &Context<'_>, at: u32) -> bool {
    let of = |i: u32| matches!(context.text(i), "de" | "des" | "du" | "d");
    let small = |i: u32| of(i) || matches!(context.text(i), "la" | "l" | "le" | "(" | "'" | "’");
    for i in (at.saturating_sub(NAMED)..at).rev() {
        match context.text(i).trim_end_matches('s') {
            "salle" | "gymnase" | "stade" | "lycee" | "college" | "ecole" | "rue" => return true,
            "commune" | "ville" | "village" | "canton" | "bourg" | "mairie" | "gare" | "ile" | "port" => return of(i + 1),
            _ if small(i) || name(context, i) => {}
            _ => return false,
        }
    }
    false
}

/// A word with a capital, not all of it.
fn name(context: &Context<'_>, at: u32) -> bool {
    context.token(at).is_some_and(|token| token.flags.has(TokenFlags::CAPITAL) && !token.flags.has(TokenFlags::ALL_CAPS))
}

/// Blocks that begin with a word in capitals, from which on such words are headings: « QUI tous les locataires », « DROITS Personne
/// n'est tenu de répondre ».
const RUN_IN: usize = 3;

fn openings_in_capitals(context: &Context<'_>) -> usize {
    let paragraphs = context.dossier.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Paragraph | BlockKind::ListItem));
    let first = |block: &Block| context.token(context.dossier.sentences[block.sentences.clone().next()? as usize].tokens.start);
    paragraphs.filter_map(first).filter(|token| all_capitals(token)).count()
}

/// A word of more than two letters, all of them capitals.
fn all_capitals(token: &Token) -> bool {
    token.kind == TokenKind::Word && token.end - token.start > 2 && token.flags.has(TokenFlags::ALL_CAPS)
}

/// Whether token `at` of a sentence is the first of its block.
fn opens_block(context: &Context<'_>, sentence: SentenceId, at: u32) -> bool {
    let data = &context.dossier.sentences[sentence as usize];
    data.tokens.start == at && context.dossier.blocks[data.block as usize].sentences.start == sentence
}

/// « Majeurs ET inscrits », « mais PAS les deux », « VENEZ »: a small word or a verb that is insisted on; not « le PAS », « une MES ».
fn stressed(context: &Context<'_>, at: u32) -> bool {
    let before = at.checked_sub(1).map_or("", |before| context.text(before));
    let determined =
        matches!(before, "le" | "la" | "les" | "l" | "un" | "une" | "du" | "de" | "des" | "d" | "au" | "aux" | "ce" | "cette" | "son" | "sa" | "notre");
    let text = context.text(at);
    let small = context.annotations.may_be(at, kinds::SKIPPED | kinds::NEGATION | kinds::SUBORDINATE)
        || nouns::is_preposition(text)
        || text.len() > SHORTEST && !context.annotations.analyses(at).is_empty()
        || context.catalogue.engine.lexicon.is_listed(WordList::Nameless, text);
    small && !determined
}

/// « La société ACMR », « le magasin BOGE »: a name, not an acronym.
fn firm(context: &Context<'_>, at: u32) -> bool {
    at.checked_sub(1).is_some_and(|noun| {
        matches!(
            context.text(noun),
            "societe" | "entreprise" | "enseigne" | "magasin" | "marque" | "logiciel" | "usine" | "agence" | "cabinet" | "festival" | "groupe"
        )
    })
}

/// « CM2 », « A86 »: a code, not an acronym.
fn numbered(context: &Context<'_>, at: u32) -> bool {
    context.token(at + 1).is_some_and(|t| t.kind == TokenKind::Number && !t.flags.has(TokenFlags::SPACE_BEFORE))
}

/// Tokens between « parcelles » and the last of them, at most.
const PARCELS: u32 = 8;

/// « La section ZK », « les parcelles AC 12 et AD 3 », « niveau AA »: two letters that serve as a number.
fn labelled(context: &Context<'_>, at: u32) -> bool {
    let label = |i: u32| {
        matches!(
            context.text(i).trim_end_matches('s'),
            "section" | "parcelle" | "secteur" | "zone" | "zonage" | "ilot" | "lot" | "batiment" | "amphi" | "amphitheatre" | "porte" | "niveau" | "ligne"
        )
    };
    let short = |i: u32| context.token(i).is_some_and(|t| t.end - t.start == 2 && t.flags.has(TokenFlags::ALL_CAPS));
    let listed = |i: u32| context.is_number(i) || short(i) || matches!(context.text(i), "," | "et" | "a" | "n" | "°" | "nº" | "no" | "cadastrale");
    let before = (at.saturating_sub(PARCELS)..at).rev().find(|&i| !listed(i));
    short(at) && before.is_some_and(label)
}

/// Tokens of a reference on each side of a piece of it, at most.
const REFERENCE: u32 = 8;

/// « DU/AR/2027-14 »: a piece of what is joined by marks, with a number.
fn in_reference(context: &Context<'_>, at: u32) -> bool {
    let joined = |i: u32| context.token(i).is_some_and(|t| !t.flags.has(TokenFlags::SPACE_BEFORE));
    let piece = |i: u32| {
        matches!(context.text(i), "/" | "-" | "_") || context.token(i).is_some_and(|t| t.kind == TokenKind::Number || t.flags.has(TokenFlags::ALL_CAPS))
    };
    let first = (at.saturating_sub(REFERENCE)..at).rev().take_while(|&i| joined(i + 1) && piece(i)).last().unwrap_or(at);
    let last = (at + 1..at + REFERENCE).take_while(|&i| joined(i) && piece(i)).last().unwrap_or(at);
    (first..=last).any(|i| context.text(i) == "/") && (first..=last).any(|i| context.token(i).is_some_and(|t| t.kind == TokenKind::Number))
}

/// Next to another word in capitals: a title, not an acronym.
fn beside_capitals(context: &Context<'_>, at: u32) -> bool {
    let capitals = |i: u32| context.token(i).is_some_and(all_capitals);
    let past = |i: u32| matches!(context.text(i), "-" | "'" | "’");
    let before = at.checked_sub(1).is_some_and(|b| capitals(b) || past(b) && b.checked_sub(1).is_some_and(capitals));
    before || capitals(at + 1) || past(at + 1) && capitals(at + 2)
}

fn roman(text: &str) -> bool {
    // thousands, hundreds, tens, units
    let mut rest = text.trim_start_matches('m');
    for [one, five, ten] in [["c", "d", "m"], ["x", "l", "c"], ["i", "v", "x"]] {
        let nine = [one, ten].concat();
        let four = [one, five].concat();
        rest = rest
            .strip_prefix(nine.as_str())
            .or_else(|| rest.strip_prefix(four.as_str()))
            .unwrap_or_else(|| rest.strip_prefix(five).unwrap_or(rest).trim_start_matches(one));
    }
    // « MDL », « CD », « DC » have the letters of great numbers only
    rest.is_empty() && text.contains(['i', 'v', 'x'])
}

/// « Claire LEFORT », « ROY Paul », « M. ROY »: beside a first name, after a capitalised word that does not open the sentence, or a title.
fn surname(context: &Context<'_>, sentence: SentenceId, at: u32) -> bool {
    let tokens = &context.dossier.sentences[sentence as usize].tokens;
    let first_name = |at: u32| {
        let capital = context.token(at).is_some_and(|t| t.flags.has(TokenFlags::CAPITAL) && !t.flags.has(TokenFlags::ALL_CAPS));
        capital && context.catalogue.engine.lexicon.is_listed(WordList::FirstName, context.text(at))
    };
    if at + 1 < tokens.end && first_name(at + 1) {
        return true;
    }
    let Some(before) = at.checked_sub(1).filter(|&before| before >= tokens.start) else { return false };
    let Some(token) = context.token(before) else { return false };
    let opens = before == tokens.start;
    let name = token.kind == TokenKind::Word && token.flags.has(TokenFlags::CAPITAL) && !token.flags.has(TokenFlags::ALL_CAPS) && token.end - token.start > 2;
    name && !opens
        || first_name(before)
        || matches!(context.text(before), "mme" | "m" | "mlle")
        || context.text(before) == "." && before > 0 && matches!(context.text(before - 1), "m" | "mm" | "dr" | "pr")
}

/// The tokens of a sentence that are acronyms by themselves: marks of one of these classes, in capitals.
fn acronyms_of(context: &Context<'_>, sentence: SentenceId, classes: &Range<ClassId>) -> impl Iterator<Item = Mark> {
    let tokens = context.dossier.sentences[sentence as usize].tokens.clone();
    let capitals = tokens.filter(|at| context.token(*at).is_some_and(|token| token.flags.has(TokenFlags::ALL_CAPS)));
    let marks = capitals.flat_map(move |at| context.annotations.marks_at(sentence, at));
    marks.filter(|mark| classes.contains(&mark.class) && mark.end == mark.start + 1)
}

/// The acronyms of the dossier, each with all tokens that have its letters.
fn places<'a>(context: &Context<'a>, classes: &Range<ClassId>) -> HashMap<&'a str, Vec<u32>> {
    let marks = (0..context.dossier.sentences.len() as SentenceId).flat_map(|sentence| acronyms_of(context, sentence, classes));
    let mut out: HashMap<&str, Vec<u32>> = marks.map(|m| (context.text(m.start), Vec::new())).collect();
    // most words have neither the length nor the first letter of any
    let shape = |text: &str| 1_u64 << text.len().min(31) | text.bytes().next().map_or(0, |b| 1 << (u64::from(b) % 32 + 32));
    let shapes = out.keys().fold(0, |shapes, acronym| shapes | shape(acronym));
    for at in 0..context.dossier.tokens.len() as u32 {
        let text = context.text(at);
        if shape(text) & !shapes == 0
            && let Some(places) = out.get_mut(text)
        {
            places.push(at);
        }
    }
    out
}

/// Whether some occurrence stands beside its expansion: « nom complet (SIGLE) », « SIGLE (nom complet) », « SIGLE : nom complet ».
fn spelled_out(context: &Context<'_>, acronym: &str, places: &[u32]) -> bool {
    places.iter().any(|&at| {
        let before = at.checked_sub(1).map_or("", |b| context.text(b));
        let after = context.text(at + 1);
        let bracketed =
            before == "(" && matches!(after, ")" | "," | ";") || before == "«" && at >= 2 && (context.text(at - 2) == "(" || is_called(context.text(at - 2)));
        // « … et de prévention des inondations (compétence GEMAPI) »
        let told = after == ")" && (at.saturating_sub(3)..at).any(|i| context.text(i) == "(" && initials_before(context, i, acronym));
        // « Le syndicat du bassin, en abrégé SYB », « que chacun appelle ici le SYB »
        let called = || (at.saturating_sub(CALLED)..at).rev().find(|&i| is_called(context.text(i)));
        let abridged = at.checked_sub(2).is_some_and(|i| matches!(before, "abrege" | "sigle" | "acronyme") && context.text(i) == "en");
        let named = || called().is_some_and(|verb| initials_before(context, verb, acronym));
        let follows = abridged
            || named()
            || (is_called(before) || matches!(before, "," | "ou" | "—" | "–" | "-" | "|" | ":")) && initials_before(context, at - 1, acronym);
        // « la MDS, ou maison des solidarités »
        let or = u32::from(matches!(context.text(at + 2), "ou" | "soit"));
        // « Le SIVOD, syndicat à vocation double, »
        let close = || (at + 3..at + APPOSED).find(|&i| matches!(context.text(i), "," | "." | ";" | "(" | ")"));
        let apposed = after == "," && close().is_some_and(|end| context.text(end) == "," && describes(context, at + 2..end, acronym));
        let leads = apposed
            || after == "(" && of_syllables(context, at + 2, acronym)
            || matches!(after, "(" | ":" | "," | "=" | "|" | "–" | "—" | "-" | "»") && initials_after(context, at + 2 + or, acronym);
        bracketed && (words_before(context, at - 1) || initials_before(context, at - 1, acronym)) || told || follows || leads
    })
}

/// Tokens between « appelé » and the name, at most.
const CALLED: u32 = 4;
/// Tokens between an acronym and the end of what describes it, at most.
const APPOSED: u32 = 14;

/// « Les maisons des solidarités, dites MDS », « dénommée ci-après »: what gives a name.
fn is_called(word: &str) -> bool {
    matches!(word, "dit" | "dite" | "dits" | "dites" | "apres") || ["denomme", "surnomme", "appel", "nomme", "abreg"].iter().any(|verb| word.starts_with(verb))
}

/// « Syndicat à vocation double »: words without a verb, the first of which has the first letter of the acronym, and half of its letters.
fn describes(context: &Context<'_>, words: Range<u32>, acronym: &str) -> bool {
    let small = context.token(words.start).is_some_and(|t| !t.flags.has(TokenFlags::CAPITAL));
    let firsts: Vec<&str> = words.clone().map(|i| context.text(i)).collect();
    small && !words.clone().any(|i| context.is_conjugated(i)) && common_initials(&firsts, acronym).is_some_and(|common| common * 2 >= acronym.len())
}

/// « La commission de la formation et de la vie universitaire »: all the letters, in a row, of words that stand anywhere.
fn spelled_elsewhere(initials: &str, acronym: &str) -> bool {
    acronym.len() > 2 && initials.contains(acronym)
}

/// The initials of the words of the dossier that may be those of an acronym, a line a sentence.
fn initials_of(context: &Context<'_>) -> String {
    let mut out = String::new();
    for sentence in &context.dossier.sentences {
        let words = sentence.tokens.clone().map(|i| context.text(i)).filter(|w| significant(w) && w.len() > 2);
        out.extend(words.filter_map(|w| w.chars().next()));
        out.push('\n');
    }
    out
}

/// « Le SDIS [service d'incendie et de secours] »: whether token `at` is an acronym that what comes after the bracket spells out.
pub(super) fn spelled_after(context: &Context<'_>, at: u32) -> bool {
    context.token(at).is_some_and(all_capitals) && initials_after(context, at + 2, context.text(at))
}

/// A common noun before the bracket.
fn words_before(context: &Context<'_>, at: u32) -> bool {
    (at.saturating_sub(3)..at).filter_map(|i| context.token(i)).filter(|t| in_small_letters(t)).count() >= 1
}

fn significant(text: &str) -> bool {
    !matches!(text, "de" | "la" | "le" | "les" | "l" | "d" | "du" | "des" | "a" | "au" | "aux" | "et" | "en" | "pour" | "sur" | "par" | "un" | "une" | "dans")
}

/// Initials of the words before `at` against the letters of the acronym, at least two thirds of them in order.
fn initials_before(context: &Context<'_>, at: u32, acronym: &str) -> bool {
    let words: Vec<&str> = (at.saturating_sub(14)..at).map(|i| context.text(i)).collect();
    // the first word has the first letter
    let opens = |word: &str| significant(word) && word.chars().next() == acronym.chars().next();
    (0..words.len()).any(|from| opens(words[from]) && initials(&words[from..], acronym))
}

fn initials_after(context: &Context<'_>, at: u32, acronym: &str) -> bool {
    let words: Vec<&str> =
        (at..at + 14).map(|i| context.text(i)).skip_while(|w| !w.starts_with(|c: char| c.is_ascii_alphabetic()) || !significant(w)).collect();
    initials(&words, acronym)
}

/// « SOMIVAL (Société de mise en valeur…) »: the acronym begins as the first of several words in brackets, from token `at` on.
fn of_syllables(context: &Context<'_>, at: u32, acronym: &str) -> bool {
    let words = (at..at + APPOSED).take_while(|&i| context.text(i) != ")").filter(|&i| significant(context.text(i))).count();
    acronym.len() > 4 && words > 2 && acronym.get(..2).is_some_and(|syllable| context.text(at).starts_with(syllable))
}

/// Whether two thirds of the letters are initials of the words, in order, the first one of the first word.
fn initials(words: &[&str], acronym: &str) -> bool {
    common_initials(words, acronym).is_some_and(|common| common * 3 >= acronym.chars().count() * 2 && common >= 2)
}

/// How many of the letters are initials of the words, in order, where the first one is of the first word.
fn common_initials(words: &[&str], acronym: &str) -> Option<usize> {
    let letters: Vec<char> = acronym.chars().collect();
    let firsts: Vec<char> = words.iter().filter(|w| significant(w)).filter_map(|w| w.chars().next()).collect();
    // longest common subsequence
    let mut row = vec![0usize; letters.len() + 1];
    for first in &firsts {
        let mut diagonal = 0;
        for (i, letter) in letters.iter().enumerate() {
            let above = row[i + 1];
            row[i + 1] = if letter == first { diagonal + 1 } else { above.max(row[i]) };
            diagonal = above;
        }
    }
    (firsts.first() == letters.first()).then_some(row[letters.len()])
}
