//! `<!-- cadrage: ignore ID — reason -->`: silencing a gap in the dossier itself, with a reason, and telling the comments that
//! silence nothing.

use std::collections::{BTreeMap, VecDeque};

use crate::checks::Catalogue;
use crate::dossier::{Block, BlockId, BlockKind, Comment, Dossier};
use crate::lang::Lang;
use crate::messages::{self, Message};
use crate::text::distance::{distance, nearest};
use crate::text::{FileId, Span};

use super::filter::covers;
use super::fingerprint::Fingerprints;
use super::{Diagnostic, DossierReport, Kind, MOST_PASSAGES, Severity};

/// What the ids of [`FAULTS`] begin with.
pub const FAMILY: &str = "suppression";
/// How serious they are.
pub const SEVERITY: Severity = Severity::Warning;

/// What a comment may be reported for.
#[derive(Debug, Clone, Copy)]
pub struct Fault {
    /// Its id.
    pub id: &'static str,
    /// In a few words.
    pub title: Message,
    /// What is reported.
    pub reports: Message,
    /// What to write instead.
    pub help: Message,
}

const WITHOUT_REASON: Fault = Fault {
    id: "suppression.sans-motif",
    title: messages::SUPPRESSION_WITHOUT_REASON_TITLE,
    reports: messages::SUPPRESSION_WITHOUT_REASON,
    help: messages::SUPPRESSION_WITHOUT_REASON_HELP,
};
pub(crate) const UNUSED: Fault = Fault {
    id: "suppression.inutile",
    title: messages::SUPPRESSION_UNUSED_TITLE,
    reports: messages::SUPPRESSION_UNUSED,
    help: messages::SUPPRESSION_UNUSED_HELP,
};
const UNKNOWN: Fault = Fault {
    id: "suppression.inconnue",
    title: messages::SUPPRESSION_UNKNOWN_TITLE,
    reports: messages::SUPPRESSION_UNKNOWN,
    help: messages::SUPPRESSION_UNKNOWN_HELP,
};

const OPEN: Fault =
    Fault { id: "suppression.commentaire-ouvert", title: messages::OPEN_COMMENT_TITLE, reports: messages::OPEN_COMMENT, help: messages::OPEN_COMMENT_HELP };

/// Every one of them.
pub const FAULTS: [Fault; 4] = [WITHOUT_REASON, UNUSED, UNKNOWN, OPEN];

/// What a comment that speaks to the tool begins with.
const NAME: &str = "cadrage";
const IGNORE: &str = "ignore";
const IGNORE_FILE: &str = "ignore-file";
/// What is said to other tools in the place of [`IGNORE`].
const ELSEWHERE: &[&str] = &["allow", "disable", "disable-file", "disable-next-line", "noqa", "off", "skip", "suppress"];

/// What a comment says to the tool, whatever white space and case it is written with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Directive<'a> {
    /// Whether a colon tells it from a sentence that begins with « cadrage ».
    pub colon: bool,
    /// Its first word.
    word: &'a str,
    /// What follows the word; empty while it is being written.
    pub rest: &'a str,
}

impl<'a> Directive<'a> {
    /// What `inside`, the text of a comment, says to the tool.
    #[must_use]
    pub fn read(inside: &'a str) -> Option<Self> {
        let inside = inside.trim_start();
        let after = inside.get(..NAME.len()).filter(|name| name.eq_ignore_ascii_case(NAME)).map(|_| &inside[NAME.len()..])?;
        let spoken = after.trim_start();
        let (colon, command) = match spoken.strip_prefix(':') {
            Some(command) => (true, command.trim_start()),
            None => (false, spoken),
        };
        let end = command.find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(command.len());
        let (word, rest) = command.split_at(end);
        (colon || spoken.len() < after.len()).then_some(Self { colon, word, rest })
    }

    /// Whether it speaks for the whole file; `None` when it is no directive of the tool.
    #[must_use]
    pub fn whole_file(&self) -> Option<bool> {
        [(IGNORE, false), (IGNORE_FILE, true)].into_iter().find(|(word, _)| self.word.eq_ignore_ascii_case(word)).map(|(_, whole)| whole)
    }

    /// What it names, and the reason after a dash or a colon.
    #[must_use]
    pub fn parts(&self) -> (&'a str, Option<&'a str>) {
        let rest = self.rest.trim_start_matches([':', ',']);
        let parts = |c: char, at: usize| match c {
            '—' | '–' | '―' | '−' | ':' => true,
            // ids hold hyphens
            '-' | '\u{2011}' => {
                let (before, after) = (rest[..at].chars().next_back(), rest[at + c.len_utf8()..].chars().next());
                before.is_none_or(char::is_whitespace) || after.is_some_and(|c| c.is_whitespace() || c == '-')
            }
            _ => false,
        };
        let Some((at, _)) = rest.char_indices().find(|(at, c)| parts(*c, *at)) else { return (rest, None) };
        let reason = rest[at..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '―' | '−' | '-' | '\u{2011}' | ':'));
        (&rest[..at], Some(reason.trim_end()))
    }

    /// Whether it is meant for the tool, which does not know its word, and is no note about the framing.
    fn misspelt(&self, ids: &[String], known: &[&str]) -> bool {
        let word = self.word.to_ascii_lowercase();
        let near = word.is_empty() && self.rest.trim().is_empty() || word.is_ascii() && [IGNORE, IGNORE_FILE].iter().any(|own| distance(&word, own) <= 2);
        self.colon && (near || ELSEWHERE.contains(&word.as_str()) || ids.iter().any(|id| is_precise(id, known)))
    }
}

/// Whether `id` can be nothing but an id: its theme is of the catalogue.
fn is_precise(id: &str, known: &[&str]) -> bool {
    id.split_once('.').is_some_and(|(theme, _)| known.iter().any(|k| covers(theme, k)))
}

/// A suppression comment.
#[derive(Debug, Clone)]
struct Suppression {
    span: Span,
    /// The word that is no directive; the comment then has no effect.
    unknown: Option<String>,
    /// Ids or themes; empty with `ignore-file`: everything.
    ids: Vec<String>,
    /// The same, as they are written.
    written: Vec<String>,
    reason: Option<String>,
    whole_file: bool,
    block: Option<BlockId>,
    /// Its number among the comments of the dossier.
    number: usize,
}

/// Moves what the comments of the dossier silence out of the diagnostics, and adds a diagnostic for each comment at fault. `idle` tells which
/// of the reasons say nothing.
pub fn apply(report: &mut DossierReport, catalogue: &Catalogue, lang: Lang, idle: impl FnOnce(Vec<&str>) -> Vec<bool>) {
    let known: Vec<&str> = catalogue.ids().collect();
    let mut kept: Vec<Diagnostic> = report.dossier.comments.iter().filter_map(|comment| open_comment(&report.dossier, comment, lang)).collect();
    let mut found: Vec<Suppression> =
        report.dossier.comments.iter().enumerate().filter_map(|(at, c)| Some(Suppression { number: at, ..parse(&report.dossier, c, &known)? })).collect();
    if found.is_empty() && kept.is_empty() {
        return;
    }
    let reasons = found.iter().map(|suppression| suppression.reason.as_deref().unwrap_or_default()).collect();
    let idle = idle(reasons);
    found.iter_mut().zip(idle).filter(|(_, idle)| *idle).for_each(|(suppression, _)| suppression.reason = None);
    let reaches = Reaches::new(&report.dossier, &found);
    let mut used = vec![false; found.len()];
    // by id, the comments that may silence it
    let mut candidates: BTreeMap<String, Candidates> = BTreeMap::new();
    for diagnostic in std::mem::take(&mut report.diagnostics) {
        let able = candidates.entry(diagnostic.id.clone()).or_insert_with(|| Candidates::new(&found, &diagnostic));
        match able.silence(&found, &reaches, &diagnostic) {
            Some(at) => {
                used[at] = true;
                let reason = found[at].reason.clone().unwrap_or_default();
                if let Some(criterion) = report.criteria.iter_mut().find(|c| c.id == diagnostic.id) {
                    criterion.suppressed = Some(reason.clone());
                }
                report.suppressed.push((diagnostic, reason));
            }
            None => kept.push(diagnostic),
        }
    }
    kept.extend(first_ones(found.iter().zip(used).filter_map(|(suppression, used)| fault(suppression, used, &known, lang)), lang));
    let mut fingerprints = Fingerprints::default();
    for diagnostic in kept.iter_mut().filter(|diagnostic| diagnostic.kind == Kind::Suppression) {
        diagnostic.fingerprint = fingerprints.next(&diagnostic.id, &report.dossier, Some(diagnostic.primary));
    }
    Diagnostic::sort(&mut kept);
    report.diagnostics = kept;
}

/// Reads a comment that speaks to the tool: `cadrage: ignore ID[, ID] — reason`, `cadrage: ignore-file [ID…] — reason`. Without
/// its colon it must name an id, so that no sentence is taken for one.
fn parse(dossier: &Dossier, comment: &Comment, known: &[&str]) -> Option<Suppression> {
    let directive = Directive::read(dossier.slice(comment.span).strip_prefix("<!--")?.strip_suffix("-->")?)?;
    let (ids, reason) = directive.parts();
    let written: Vec<String> = ids.split(|c: char| c.is_whitespace() || c == ',' || c == ';').filter(|id| !id.is_empty()).map(str::to_owned).collect();
    let ids: Vec<String> = written.iter().map(|id| id.to_lowercase()).collect();
    let nothing = Suppression { span: comment.span, unknown: None, ids: Vec::new(), written, reason: None, whole_file: false, block: comment.block, number: 0 };
    let Some(whole_file) = directive.whole_file() else {
        return directive.misspelt(&ids, known).then(|| Suppression { unknown: Some(directive.word.to_owned()), ..nothing });
    };
    let meant = directive.colon || whole_file || ids.first().is_some_and(|id| is_precise(id, known));
    let reason = reason.filter(|r| !r.is_empty()).map(|r| r.split_whitespace().collect::<Vec<_>>().join(" "));
    meant.then_some(Suppression { ids, reason, whole_file, ..nothing })
}

/// The comments that name an id and give a reason, in order of the text.
struct Candidates {
    /// Those that silence it wherever it is said: for a criterion, or what is said in their file.
    anywhere: Vec<usize>,
    /// Those that silence it in their passage.
    here: Vec<usize>,
    /// Those of `here` before this one have been entered.
    next: usize,
    /// The entered ones whose passage may not be over, each reaching further than those before it.
    open: VecDeque<usize>,
}

impl Candidates {
    fn new(found: &[Suppression], diagnostic: &Diagnostic) -> Self {
        let names = |s: &Suppression| s.ids.iter().any(|id| covers(id, &diagnostic.id)) || s.whole_file && s.ids.is_empty();
        let able = (0..found.len()).filter(|&at| found[at].reason.is_some() && names(&found[at]));
        let (anywhere, here) = able.partition(|&at| found[at].whole_file || diagnostic.kind == Kind::Criterion);
        Self { anywhere, here, next: 0, open: VecDeque::new() }
    }

    /// The first comment that silences `diagnostic`. Diagnostics of one id are asked for in order of the text.
    fn silence(&mut self, found: &[Suppression], reaches: &Reaches, diagnostic: &Diagnostic) -> Option<usize> {
        let place = diagnostic.primary;
        let anywhere = self.anywhere.iter().copied().find(|&at| !found[at].whole_file || found[at].span.file == place.file);
        while let Some(&at) = self.here.get(self.next).filter(|&&at| reaches.of[at].0 <= (place.file, place.start)) {
            self.next += 1;
            if self.open.back().is_none_or(|&last| reaches.of[last].1 < reaches.of[at].1) {
                self.open.push_back(at);
            }
        }
        while self.open.front().is_some_and(|&at| reaches.of[at].1 <= (place.file, place.start)) {
            self.open.pop_front();
        }
        anywhere.into_iter().chain(self.open.front().copied()).min()
    }
}

/// For each comment, the places between which it silences a rule: those of the block that holds it, or at the end of which it stands; else
/// of the block that follows it, with the rest of its list or table, or, for a heading, of its section.
struct Reaches {
    of: Vec<((FileId, u32), (FileId, u32))>,
}

impl Reaches {
    fn new(dossier: &Dossier, found: &[Suppression]) -> Self {
        // one past the last block of the list or table that each block stands in
        let mut ends = vec![0; dossier.blocks.len()];
        for at in (0..ends.len()).rev() {
            let run = dossier.blocks.get(at + 1).is_some_and(|next| same_run(&dossier.blocks[at], next));
            ends[at] = if run { ends[at + 1] } else { at + 1 };
        }
        let above = blocks_above(dossier);
        let reach = |suppression: &Suppression| {
            // a comment at the end of the text has no passage after it
            let above = above[suppression.number];
            let block = above.or_else(|| suppression.block.map(|block| block as usize)).filter(|&block| block < ends.len());
            let Some(block) = block else { return ((FileId(u32::MAX), 0), (FileId(u32::MAX), 0)) };
            let first = &dossier.blocks[block];
            let heading = matches!(first.kind, BlockKind::Heading { .. });
            let within = above.is_some() || first.span.file == suppression.span.file && first.span.start <= suppression.span.start;
            let end = match (heading, within) {
                (true, _) => dossier.sections[first.section as usize].blocks.end as usize,
                // in an item or a cell: of that item, of that row
                (false, true) => block + 1,
                (false, false) => ends[block],
            };
            let last = dossier.blocks[..end.max(block + 1)].iter().rev().find(|b| b.span.file == first.span.file).unwrap_or(first);
            ((first.span.file, first.span.start), (last.span.file, last.span.end.max(last.span.start + 1)))
        };
        Self { of: found.iter().map(reach).collect() }
    }
}

/// For each comment, the block that is its passage though it stands before it: the one right under which it stands, alone or with other
/// comments, with a blank line, or nothing, after it; the one before it in the item or the quotation that ends with it.
fn blocks_above(dossier: &Dossier) -> Vec<Option<usize>> {
    let comments = &dossier.comments;
    let between = |file: FileId, from: u32, to: u32| dossier.file(file).text.get(from as usize..to as usize).filter(|text| text.chars().all(is_blank));
    let follows = |at: usize| {
        let (before, after) = (comments.get(at.checked_sub(1)?)?.span, comments.get(at)?.span);
        between(after.file, before.end, after.start).filter(|text| before.file == after.file && text.matches('\n').count() < 2)
    };
    let mut above: Vec<Option<usize>> = Vec::with_capacity(comments.len());
    for (at, comment) in comments.iter().enumerate() {
        let span = comment.span;
        let passage = || {
            let number = dossier.blocks.partition_point(|block| (block.span.file, block.span.end) <= (span.file, span.start)).checked_sub(1)?;
            let block = &dossier.blocks[number];
            // « Voici : » introduces what comes below the comment
            let opens = matches!(block.kind, BlockKind::Heading { .. }) || dossier.slice(block.span).trim_end().ends_with(':');
            let between = between(span.file, block.span.end, span.start).filter(|_| block.span.file == span.file && !opens)?;
            (comment.ends || between.matches('\n').count() == 1).then_some(number)
        };
        let with_the_last = || follows(at).and_then(|_| above[at - 1]);
        let found = passage().or_else(with_the_last);
        above.push(found);
    }
    let mut last = false;
    for at in (0..comments.len()).rev() {
        let Comment { span, ends, .. } = comments[at];
        let after = dossier.file(span.file).text[span.end as usize..].chars();
        let mut lines = if ends { 1 } else { 2 };
        let mut rest = after.take_while(|c| {
            lines -= usize::from(*c == '\n');
            lines > 0
        });
        let alone = rest.all(is_blank);
        last = alone || last && follows(at + 1).is_some();
        if !last {
            above[at] = None;
        }
    }
    above
}

/// Whether `c` is white space or the mark of a quotation.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '>'
}

fn same_run(first: &Block, next: &Block) -> bool {
    let item = |block: &Block| matches!(block.kind, BlockKind::ListItem);
    let row = |block: &Block| matches!(block.kind, BlockKind::TableRow { .. });
    first.span.file == next.span.file && (item(first) && item(next) || row(first) && row(next))
}

/// As many as may be told of each fault; the last one tells that there are others.
fn first_ones(faults: impl Iterator<Item = Diagnostic>, lang: Lang) -> Vec<Diagnostic> {
    let mut told: Vec<Diagnostic> = Vec::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for fault in faults {
        let times = times.entry(fault.id.clone()).or_default();
        *times += 1;
        if *times <= MOST_PASSAGES {
            told.push(fault);
        } else if *times == MOST_PASSAGES + 1
            && let Some(last) = told.iter_mut().rfind(|last| last.id == fault.id)
        {
            last.tell_of_others(lang);
        }
    }
    told
}

/// What is said of a comment at fault, its identity still to be given.
fn fault(suppression: &Suppression, used: bool, known: &[&str], lang: Lang) -> Option<Diagnostic> {
    let unknown = suppression.ids.iter().position(|id| !known.iter().any(|k| covers(id, k)));
    let said = |message: Message| message.get(lang).to_owned();
    let (fault, message, help) = if let Some(word) = &suppression.unknown {
        let unknown = || messages::SUPPRESSION_UNKNOWN_COMMAND.fill(lang, &[("word", &messages::quoted(lang, word))]);
        let message = if word.is_empty() { said(messages::SUPPRESSION_NO_COMMAND) } else { unknown() };
        (UNKNOWN, message, said(UNKNOWN.help))
    } else if let Some(at) = unknown {
        unknown_id(suppression, at, known, lang)
    } else if suppression.ids.is_empty() && !suppression.whole_file {
        (UNKNOWN, said(messages::SUPPRESSION_NO_ID), said(UNKNOWN.help))
    } else if suppression.reason.is_none() {
        (WITHOUT_REASON, said(WITHOUT_REASON.reports), said(WITHOUT_REASON.help))
    } else if !used {
        (UNUSED, said(UNUSED.reports), said(UNUSED.help))
    } else {
        return None;
    };
    Some(diagnostic(fault, suppression.span, message, help))
}

/// What is said of a comment the id number `at` of which the catalogue does not have.
fn unknown_id(suppression: &Suppression, at: usize, known: &[&str], lang: Lang) -> (Fault, String, String) {
    let (unknown, written) = (&suppression.ids[at], &suppression.written[at]);
    if FAULTS.iter().any(|fault| covers(unknown, fault.id)) {
        let message = messages::SUPPRESSION_OF_A_FAULT.fill(lang, &[("id", &messages::quoted(lang, written))]);
        return (UNKNOWN, message, messages::SUPPRESSION_OF_A_FAULT_HELP.get(lang).to_owned());
    }
    let near = nearest(unknown, known.iter().copied());
    // words that name nothing, after what they are the reason of
    let told = suppression.reason.is_none() && suppression.ids[at..].iter().all(|id| !is_precise(id, known));
    if told && (at > 0 || suppression.whole_file && near.is_none() && suppression.ids.len() > 1) {
        let (ids, reason) = suppression.written.split_at(at);
        let command = if suppression.whole_file { IGNORE_FILE } else { IGNORE };
        let directive: Vec<&str> = std::iter::once(command).chain(ids.iter().map(String::as_str)).collect();
        let help = messages::SUPPRESSION_WITHOUT_DASH_HELP.fill(lang, &[("directive", &directive.join(" ")), ("reason", &reason.join(" "))]);
        return (WITHOUT_REASON, messages::SUPPRESSION_WITHOUT_DASH.get(lang).to_owned(), help);
    }
    let help = near.map_or_else(|| messages::LIST_HINT.get(lang).to_owned(), |near| messages::NEAREST_ID.fill(lang, &[("id", &near)]));
    (UNKNOWN, capitalized(&messages::UNKNOWN_ID.fill(lang, &[("id", &messages::quoted(lang, written))])), capitalized(&help))
}

/// What is said of a comment that nothing closes, at the mark that opens it.
fn open_comment(dossier: &Dossier, comment: &Comment, lang: Lang) -> Option<Diagnostic> {
    let (span, hidden) = (comment.span, dossier.slice(comment.span));
    if hidden.ends_with("-->") {
        return None;
    }
    let line = |length: usize| dossier.end(Span::new(span.file, span.start, span.start + length as u32)).line;
    // what was meant to be hidden is a paragraph at most
    let mut paragraph = 0;
    hidden.split_inclusive('\n').take_while(|line| !line.chars().all(is_blank)).for_each(|line| paragraph += line.len());
    let message = messages::OPEN_COMMENT_TO.fill(lang, &[("line", &line(hidden.trim_end().len()))]);
    let help = messages::OPEN_COMMENT_AT.fill(lang, &[("line", &line(hidden[..paragraph].trim_end().len()))]);
    Some(diagnostic(OPEN, Span::new(span.file, span.start, span.start + 4), message, help))
}

fn diagnostic(fault: Fault, primary: Span, message: String, help: String) -> Diagnostic {
    Diagnostic {
        id: fault.id.to_owned(),
        kind: Kind::Suppression,
        severity: SEVERITY,
        verdict: None,
        message,
        primary,
        primary_label: String::new(),
        labels: Vec::new(),
        help: Some(help),
        example: None,
        references: Vec::new(),
        fingerprint: String::new(),
        fix: None,
    }
}

/// `text` with a capital letter first.
fn capitalized(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(char::to_uppercase).into_iter().flatten().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_follows_a_dash_or_a_colon() {
        let parts = |text: &'static str| Directive::read(text).map(|d| d.parts());
        for text in [
            "cadrage: ignore moyens.budget — voté",
            "cadrage\u{a0}: ignore moyens.budget\u{a0}— voté",
            "Cadrage\u{202f}:\tIGNORE moyens.budget—voté",
            "cadrage:ignore moyens.budget -- voté",
            "cadrage: ignore moyens.budget - voté",
            "cadrage: ignore moyens.budget : voté",
            "cadrage ignore: moyens.budget –\u{a0}voté",
        ] {
            let (ids, reason) = parts(text).unwrap();
            assert_eq!((ids.trim(), reason), ("moyens.budget", Some("voté")), "{text}");
        }
        assert_eq!(parts("cadrage: ignore suites.reponse-"), Some((" suites.reponse-", None)));
        assert_eq!(parts("cadrage: ignore moyens.budget —"), Some((" moyens.budget ", Some(""))));
        assert!(parts("cadrages: ignore x").is_none() && parts("le cadrage: ignore x").is_none());
    }
}
