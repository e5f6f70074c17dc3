//! `coherence.renvoi`: an annex, a document said to be attached, or a file linked to, that the dossier does not hold.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use crate::annotate::kinds;
use crate::checks::format::Mode;
use crate::dossier::{BlockKind, Link, LinkTarget, SentenceId};
use crate::text::{Span, TokenFlags};

use super::{Context, Finding, SOUGHT};

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
    let absent = context.dossier.links.iter().filter(|l| l.target == LinkTarget::Absent);
    absent.map(|l| Finding { primary: l.span, message: "lien", blanks: vec![("piece", l.url.clone())], ..Finding::default() }).take(SOUGHT).collect()
}

/// What the headings, file names and opening words of blocks say the dossier holds.
struct Holdings {
    /// « 3 », « a »: annexes by number.
    annexes: BTreeSet<String>,
    /// Some heading or file is an annex.
    any: bool,
    /// Words of headings and file names.
    words: BTreeSet<String>,
}

fn holdings(context: &Context<'_>) -> Holdings {
    let mut out = Holdings { annexes: BTreeSet::new(), any: false, words: BTreeSet::new() };
    let mut hold = |words: Vec<String>, heading: bool| {
        for (i, word) in words.iter().enumerate() {
            let annex = word == "annexe" || word == "annexes";
            if annex && (i == 0 || heading) {
                out.any = true;
                out.annexes.extend(words.get(i + 1).map(|w| numeral(w)));
            }
            if heading {
                out.words.insert(word.trim_end_matches('s').to_owned());
            }
        }
    };
    for block in &context.dossier.blocks {
        let Some(sentence) = block.sentences.clone().next() else { continue };
        let tokens = context.dossier.sentences[sentence as usize].tokens.clone();
        let heading = matches!(block.kind, BlockKind::Heading { .. });
        let words = tokens.take(if heading { 40 } else { 3 }).map(|i| context.text(i).to_owned()).filter(|w| w.starts_with(|c: char| c.is_alphanumeric()));
        let words: Vec<String> = words.collect();
        if heading || matches!(block.kind, BlockKind::Paragraph) {
            hold(words, heading);
        }
    }
    for file in &context.dossier.files {
        let name = crate::text::fold::fold(file.path.rsplit('/').next().unwrap_or_default());
        hold(name.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect(), true);
    }
    out
}

fn numeral(text: &str) -> String {
    match text {
        "i" => "1",
        "ii" => "2",
        "iii" => "3",
        "iv" => "4",
        "v" => "5",
        other => other.trim_start_matches('0'),
    }
    .to_owned()
}

fn annexes(context: &Context<'_>) -> Vec<Finding> {
    let held = LazyCell::new(|| holdings(context));
    let outside: BTreeSet<SentenceId> = context.named("dehors").iter().map(|h| h.sentence).collect();
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
            let label = context.text(at + 1);
            let numbered = at + 1 < sentence.tokens.end
                && (label.parse::<u32>().is_ok()
                    || label.len() == 1 && label.bytes().all(|b| b.is_ascii_alphabetic()) && (capital(context, at + 1) || !matches!(label, "a" | "d" | "l"))
                    || matches!(label, "ii" | "iii" | "iv"));
            let opens = at == sentence.tokens.start && matches!(context.kind(id), BlockKind::Paragraph | BlockKind::ListItem);
            let before = at.checked_sub(1).map_or("", |i| context.text(i));
            let absent = if numbered { !held.annexes.contains(&numeral(label)) } else { before == "en" && !held.any && !of_another(context, at + 1) };
            if opens || !absent {
                continue;
            }
            let primary = if numbered { context.span(id, at, at + 2) } else { context.span(id, at - 1, at + 1) };
            if leads(context, primary) {
                continue;
            }
            if last == Some(id) {
                if let Some(previous) = out.last_mut() {
                    previous.labels.push((primary, "aussi"));
                }
                continue;
            }
            last = Some(id);
            out.push(Finding { primary, message: "annexe", blanks: vec![("piece", context.dossier.reading(primary))], ..Finding::default() });
        }
    }
    let mut told: BTreeSet<SentenceId> = out.iter().map(|f| sentence_at(context, f)).collect();
    let attached = context
        .named("jointe")
        .into_iter()
        .filter(|h| !outside.contains(&h.sentence) && !h.denied() && !context.annotations.modes[h.sentence as usize].has(Mode::Past));
    for hit in attached.filter(|h| !linked(context, h.sentence)).take(SOUGHT) {
        let named =
            hit.tokens(context.dossier).any(|i| held.words.contains(context.text(i).trim_end_matches('s')) && !matches!(context.text(i), "joint" | "annexe"));
        if !named && !held.any && told.insert(hit.sentence) {
            let primary = context.words(&hit);
            out.push(Finding { primary, message: "annexe", blanks: vec![("piece", context.dossier.reading(primary))], ..Finding::default() });
        }
    }
    out.sort_by_key(|f| (f.primary.file, f.primary.start));
    out
}

/// « Annexe A », not « l'annexe a été ».
fn capital(context: &Context<'_>, at: u32) -> bool {
    context.token(at).is_some_and(|t| t.flags.has(TokenFlags::CAPITAL) || t.flags.has(TokenFlags::ALL_CAPS))
}

/// « En annexe du rapport »: of another document than this one.
fn of_another(context: &Context<'_>, at: u32) -> bool {
    let complement = matches!(context.text(at), "du" | "de" | "des" | "d" | "au" | "aux" | "a");
    complement && !(at..at + 4).any(|i| matches!(context.text(i), "present" | "presente"))
}

/// Whether a link of the sentence leads somewhere.
fn linked(context: &Context<'_>, sentence: SentenceId) -> bool {
    links_over(context, context.dossier.sentences[sentence as usize].span).next().is_some()
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
