//! `redaction.section-vide`: a heading with nothing of substance under it.

use std::cell::LazyCell;
use std::collections::HashSet;
use std::ops::Range;

use crate::dossier::{Block, BlockKind, Section, SentenceId, gathers, is_division};
use crate::text::{Span, TokenKind};

use super::{Context, Finding, SOUGHT};

pub(super) fn check(context: &Context<'_>) -> Vec<Finding> {
    let dossier = context.dossier;
    let first = dossier.sections.iter().position(|s| s.heading.is_some());
    // a title over several lines, each marked as one
    let opening = dossier.blocks.iter().position(|b| !matches!(b.kind, BlockKind::Heading { .. })).unwrap_or(dossier.blocks.len());
    let title_line = |heading: u32| (heading as usize) < opening && matches!(dossier.blocks[heading as usize].kind, BlockKind::Heading { level: 1 });
    let level = |at: usize| dossier.sections.get(at).map_or(0, |section| section.level);
    // « # Titre », « ### Note de cadrage, 4 janvier 2027 », « ## Contexte »: a second title, in smaller letters
    let subtitle = |id: usize, heading: u32| (heading as usize) < opening && id > 0 && level(id) > level(id - 1) + 1 && (1..level(id)).contains(&level(id + 1));
    // « # Note de cadrage », « ## Concertation sur la place », « ## Contexte »: the title goes on
    let named = LazyCell::new(|| context.sentences_with("sous-titre"));
    let second = |id: usize, heading: u32| {
        let goes_on = || dossier.blocks[heading as usize].sentences.clone().any(|sentence| named.contains(&sentence));
        (heading as usize) < opening && id.checked_sub(1) == first && level(id + 1) == level(id) && goes_on()
    };
    let titles = LazyCell::new(|| title_block(context, opening));
    let telling = context.sentences_with("dit");
    let mut out = Vec::new();
    // what is under a heading that is reported is said with it
    let mut told = 0;
    for (id, section) in dossier.sections.iter().enumerate() {
        if out.len() == SOUGHT {
            break;
        }
        let Some(heading) =
            section.heading.filter(|h| id >= told && Some(id) != first && !title_line(*h) && !subtitle(id, *h) && !second(id, *h) && !titles.contains(&id))
        else {
            continue;
        };
        // a bold line with nothing under it is more often emphasis than a heading
        if (section.marked || is_numbered(context, heading)) && !is_filled(context, id, &telling) && !divides(context, section) {
            out.push(Finding { primary: dossier.first_words(&dossier.blocks[heading as usize]), message: "vide", ..Finding::default() });
            told = section.end as usize;
        }
    }
    out
}

/// Lines of a title that are known as such by standing one under the other.
const TITLE_LINES: usize = 3;

/// « # Dossier de concertation », « ## La place du Lavoir », « ### Commune de Lestrac », then « ## 1. Contexte »: the sections of the title, each
/// in smaller letters than the one before, up to a heading that has a number, or with no blank line between them.
fn title_block(context: &Context<'_>, opening: usize) -> Range<usize> {
    let sections = &context.dossier.sections;
    let heading = |id: usize| sections.get(id).and_then(|section| section.heading);
    let Some(first) = (0..sections.len()).find(|&id| heading(id).is_some()) else { return 0..0 };
    let goes_on = |id: usize| {
        heading(id).is_some_and(|h| (h as usize) < opening && !is_numbered(context, h))
            && sections[id].level > sections[id - 1].level
            && sections[id].file == sections[id - 1].file
    };
    let end = (first + 1..sections.len()).find(|&id| !goes_on(id)).unwrap_or(sections.len());
    let next = heading(end).filter(|_| sections[end].file == sections[first].file);
    let tight = || {
        let headings: Vec<Span> = (first..end).filter_map(heading).map(|h| context.dossier.blocks[h as usize].span).collect();
        let close = |pair: &[Span]| context.dossier.start(pair[1]).line <= context.dossier.end(pair[0]).line + 1;
        headings.len() >= TITLE_LINES && headings.windows(2).all(close)
    };
    if next.is_some_and(|next| is_numbered(context, next) || tight()) { first..end } else { 0..0 }
}

/// Whether something is said in a section or those below it, in their headings included.
fn is_filled(context: &Context<'_>, id: usize, telling: &HashSet<SentenceId>) -> bool {
    let dossier = context.dossier;
    let within = id..dossier.sections[id].end as usize;
    let lone = within.len() == 2;
    within.clone().any(|at| {
        let section = &dossier.sections[at];
        let own = section.heading.map(|heading| &dossier.blocks[heading as usize]);
        // « ## Budget », « **40 000 € TTC** »: a line in bold with nothing else under a heading is what the heading announces
        let emphasis = |heading: &Block| at > id && !section.marked && (lone || is_closed(context, heading));
        own.is_some_and(|heading| tells(context, heading, telling) || emphasis(heading))
            || dossier.blocks[section.blocks.start as usize..section.blocks.end as usize].iter().any(|block| has_substance(context, block))
    })
}

/// Whether a block that is no heading says something: words or figures, not « … » or a dash; of a table, more than its header.
fn has_substance(context: &Context<'_>, block: &Block) -> bool {
    let nothing = |at: u32| matches!(context.text(at), "…" | "." | "-" | "–" | "—" | "/" | "|" | "*");
    let says = |at: u32| match block.kind {
        BlockKind::TableRow { header: true } => context.is_number(at),
        _ => !nothing(at),
    };
    !matches!(block.kind, BlockKind::Heading { .. }) && (block.has_media || block.kind == BlockKind::Code || tokens(context, block).any(says))
}

fn tokens(context: &Context<'_>, block: &Block) -> Range<u32> {
    let sentence = |id: SentenceId| &context.dossier.sentences[id as usize].tokens;
    block.sentences.clone().next().map_or(0..0, |first| sentence(first).start..sentence(block.sentences.end - 1).end)
}

/// « Séance 1 – samedi 8 mai 2027, 9 h 30 », « Le budget est de 18 000 € »: the heading says what stands elsewhere under it.
fn tells(context: &Context<'_>, heading: &Block, telling: &HashSet<SentenceId>) -> bool {
    let tokens = tokens(context, heading);
    let amounts = &context.annotations.entities.amounts;
    let amount = amounts.get(amounts.partition_point(|amount| amount.tokens.start < tokens.start)).is_some_and(|amount| amount.tokens.end <= tokens.end);
    // « Qui décide ? Le conseil municipal »
    let answered = tokens.clone().skip_while(|&at| context.text(at) != "?").any(|at| context.token(at).is_some_and(|token| token.kind == TokenKind::Word));
    amount || answered || context.holds_a_day(&tokens, false) || heading.sentences.clone().any(|sentence| telling.contains(&sentence))
}

/// Whether a line is a sentence: « Non. », « Quels usages pour la place ? »
fn is_closed(context: &Context<'_>, heading: &Block) -> bool {
    tokens(context, heading).last().is_some_and(|last| matches!(context.text(last), "." | "?" | "!"))
}

/// « # Deuxième partie », « # Annexes »: the parts of a document that are written at the level of those they hold.
fn divides(context: &Context<'_>, section: &Section) -> bool {
    let dossier = context.dossier;
    let opening = |section: &Section| {
        let tokens = section.heading.map_or(0..0, |heading| tokens(context, &dossier.blocks[heading as usize]));
        tokens.take(OPENING).map(|at| context.text(at))
    };
    let next = dossier.sections.get(section.end as usize).filter(|next| next.level == section.level && next.file == section.file);
    let mut named = opening(section).filter(|word| gathers(word));
    named.next().is_some_and(|name| next.is_some_and(|next| !opening(next).any(|word| word == name)))
}

/// Tokens of a heading among which it says what part it is: « La deuxième partie ».
const OPENING: usize = 3;

/// Whether a number opens a line that serves as a heading.
fn is_numbered(context: &Context<'_>, heading: u32) -> bool {
    let mut tokens = tokens(context, &context.dossier.blocks[heading as usize]);
    tokens.next().is_some_and(|first| context.is_number(first) || is_division(context.text(first)))
}
