//! Fixes for what is missing: the wording of the plan, put in the section where it belongs or, where there is none, in a new
//! section at its place among the others.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::annotate::Annotations;
use crate::checks::catalogue::Compiled;
use crate::checks::{Catalogue, Criterion};
use crate::diagnostics::{Fix, ProcessType};
use crate::dossier::{Block, BlockKind, Dossier, Section, SectionId};
use crate::lang::Lang;
use crate::messages;
use crate::text::fold::fold;
use crate::text::{Span, line_end};

use super::Templates;

/// What the fixes of a dossier are made from.
pub(super) struct Repairer<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    catalogue: &'a Catalogue,
    templates: &'a Templates<'a>,
    process_type: ProcessType,
    lang: Lang,
    /// The heading that stands for the whole document: the only one of the highest rank.
    title: Option<SectionId>,
    /// The level of the headings of new sections: that of the sections that Markdown marks.
    level: u8,
    /// For each section of the plan, that of the dossier; found when first asked for.
    neighbours: Vec<OnceCell<Option<SectionId>>>,
    /// The first section with each heading, folded.
    by_heading: OnceCell<HashMap<String, SectionId>>,
}

impl<'a> Repairer<'a> {
    pub(super) fn new(
        dossier: &'a Dossier,
        annotations: &'a Annotations,
        catalogue: &'a Catalogue,
        templates: &'a Templates<'a>,
        process_type: ProcessType,
        lang: Lang,
    ) -> Self {
        let headed = || dossier.sections.iter().enumerate().filter(|(_, s)| s.heading.is_some());
        let highest = headed().map(|(_, s)| s.level).min();
        let mut titles = headed().filter(|(_, s)| Some(s.level) == highest).map(|(at, _)| at as SectionId);
        let title = titles.next().filter(|_| titles.next().is_none());
        let marked = (0..).zip(&dossier.sections).filter(|(at, section)| section.marked && Some(*at) != title);
        let level = marked.map(|(_, section)| section.level).min().unwrap_or(2).clamp(2, 6);
        Self {
            dossier,
            annotations,
            catalogue,
            templates,
            process_type,
            lang,
            title,
            level,
            neighbours: vec![OnceCell::new(); catalogue.plan.section.len()],
            by_heading: OnceCell::new(),
        }
    }

    /// The fix for a missing criterion; none where the plan has no place for it or its wording is in the dossier already.
    pub(super) fn fix(&self, criterion: &Criterion, compiled: &Compiled) -> Option<Fix> {
        let plan = &self.catalogue.plan;
        let planned = plan.section_of(&criterion.id)?;
        let section = &plan.section[planned];
        let wording = plan.wording(criterion, self.process_type);
        if self.templates.find(wording).is_some() {
            return None;
        }
        let within = section.criteria.iter().position(|id| *id == criterion.id).unwrap_or(section.criteria.len());
        let rank = (planned, within);
        let home = self.home(criterion, compiled).or_else(|| self.same_heading(planned));
        let in_home = home.and_then(|home| {
            let blocks = &self.dossier.sections[home as usize].blocks;
            let name = self.dossier.reading(self.dossier.first_words(&self.dossier.blocks[blocks.start as usize]));
            Some((self.after_block(blocks.end.checked_sub(1)?)?, None, messages::FIX_IN_SECTION.fill(self.lang, &[("section", &name)])))
        });
        let in_its_own = || Some((self.new_place(planned)?, Some(self.level), messages::FIX_NEW_SECTION.fill(self.lang, &[("section", &section.heading)])));
        let (at, level, title) = in_home.or_else(in_its_own)?;
        let source = &self.dossier.file(at.file).text;
        let line_end = line_end(source);
        // a line that follows at once would go on with the paragraph
        let after = if has_line_after(source, at.start as usize) { "\n" } else { "" };
        let paragraph = |parts: &[&str]| {
            let text = ["\n\n"].iter().chain(parts).copied().collect::<String>();
            if line_end == "\n" { text } else { text.replace('\n', line_end) }
        };
        let opening = |level: u8| paragraph(&[&"######"[..level.into()], " ", &section.heading, "\n\n", &section.comment()]);
        Some(Fix { span: at, section: level.map(opening), text: paragraph(&[wording, after]), title, rank })
    }

    /// The section, other than the whole document, whose heading announces the criterion or its theme.
    fn home(&self, criterion: &Criterion, compiled: &Compiled) -> Option<SectionId> {
        super::expected_section(self.annotations, self.catalogue, compiled, &criterion.id, |s| self.is_part(s))
    }

    fn is_part(&self, section: SectionId) -> bool {
        let it = &self.dossier.sections[section as usize];
        it.heading.is_some() && it.level > 0 && self.title != Some(section)
    }

    /// The section of the dossier with the very heading of a section of the plan.
    fn same_heading(&self, planned: usize) -> Option<SectionId> {
        let by_heading = self.by_heading.get_or_init(|| {
            let mut out = HashMap::new();
            for (s, section) in (0..).zip(&self.dossier.sections).filter(|(s, _)| self.is_part(*s)) {
                let Some(block) = section.heading else { continue };
                out.entry(fold(self.dossier.slice(self.dossier.first_words(&self.dossier.blocks[block as usize]))).trim().to_owned()).or_insert(s);
            }
            out
        });
        by_heading.get(&fold(&self.catalogue.plan.section[planned].heading)).copied()
    }

    /// The section of the dossier that corresponds best to a section of the plan: it has its heading, or one under which a
    /// criterion settled there is expected.
    fn neighbour(&self, planned: usize) -> Option<SectionId> {
        *self.neighbours[planned].get_or_init(|| {
            self.same_heading(planned).or_else(|| {
                let settled = &self.catalogue.plan.section[planned].criteria;
                let mut own = self.catalogue.criteria.iter().zip(&self.catalogue.compiled).filter(|(c, _)| settled.contains(&c.id));
                own.find_map(|(_, compiled)| super::section_under(self.annotations, self.catalogue, compiled.expected, |s| self.is_part(s)))
            })
        })
    }

    /// The section of the level of new ones, or above it, that holds `section`.
    fn around(&self, section: SectionId) -> SectionId {
        let of = |section: SectionId| &self.dossier.sections[section as usize];
        let parent = |section: &SectionId| of(*section).parent.filter(|parent| of(*section).level > self.level && self.is_part(*parent));
        std::iter::successors(Some(section), parent).last().unwrap_or(section)
    }

    /// Where a section that the dossier lacks goes: after the one that precedes it in the plan, before the one that follows, else at the
    /// end; at the level of its sections, in none of them.
    fn new_place(&self, planned: usize) -> Option<Span> {
        if let Some(before) = (0..planned).rev().find_map(|p| self.neighbour(p)) {
            return self.outside(self.out_of_others(self.last_block(self.around(before))?));
        }
        let after = (planned + 1..self.catalogue.plan.section.len()).find_map(|p| self.neighbour(p)).map(|after| self.around(after));
        let in_its_file = |s: SectionId| s > 0 && self.dossier.sections[s as usize].file == self.dossier.sections[s as usize - 1].file;
        let follows = |s: SectionId| in_its_file(s).then(|| self.dossier.sections[s as usize].blocks.start.checked_sub(1)).flatten();
        if let Some(previous) = after.and_then(follows) {
            return self.outside(self.out_of_others(previous));
        }
        self.outside((self.dossier.blocks.len() as u32).checked_sub(1)?)
    }

    /// The place after `block`; where code that nothing ends is there, the one before the heading under which it stands.
    fn outside(&self, block: u32) -> Option<Span> {
        let file = self.dossier.blocks[block as usize].span.file;
        let closed =
            |at: &u32| self.dossier.blocks[*at as usize].span.file == file && !matches!(self.dossier.blocks[*at as usize].kind, BlockKind::Heading { .. });
        self.after_block(block).or_else(|| self.after_block((0..block).rev().find(closed)?))
    }

    /// The first block from `block` on after which a new section takes in nothing of what follows: neither lines that serve as headings,
    /// which belong to the heading above them that Markdown marks, nor sections of a lower rank than its own.
    fn out_of_others(&self, block: u32) -> u32 {
        let file = self.dossier.blocks[block as usize].span.file;
        let opens = |section: &Section| section.heading.filter(|heading| *heading > block && section.file == file);
        let closes = |section: &Section| section.marked && section.level <= self.level;
        let mut headings = self.dossier.sections.iter().filter_map(|section| Some((opens(section)?, closes(section)))).peekable();
        if headings.next_if(|(_, closes)| !closes).is_none() {
            return block;
        }
        let in_file = || self.dossier.blocks.partition_point(|block| block.span.file <= file) as u32;
        headings.find(|(_, closes)| *closes).map_or_else(in_file, |(heading, _)| heading).saturating_sub(1)
    }

    /// The last block of a section, those nested in it included.
    fn last_block(&self, section: SectionId) -> Option<u32> {
        let end = self.dossier.sections[section as usize].end.max(section + 1);
        self.dossier.sections[end as usize - 1].blocks.end.checked_sub(1)
    }

    /// The end of the line on which `block` ends, or on which a comment that begins there does; the underline of a heading
    /// belongs to it. `None` after code that nothing ends: what is written there would be code.
    fn after_block(&self, block: u32) -> Option<Span> {
        let Block { span, quoted, .. } = self.dossier.blocks[block as usize];
        let text = &self.dossier.file(span.file).text;
        // what follows a quotation is out of it
        if !quoted && is_open(self.dossier.slice(span)) {
            return None;
        }
        let mut at = span.start as usize + text[span.start as usize..span.end as usize].trim_end().len();
        loop {
            at = end_of_line(text, at);
            let comments = &self.dossier.comments;
            let before = comments.partition_point(|c| (c.span.file, c.span.start) < (span.file, at as u32));
            match before.checked_sub(1).map(|last| &comments[last]).filter(|c| c.span.file == span.file && at < c.span.end as usize) {
                Some(comment) => at = comment.span.end as usize,
                None => break,
            }
        }
        let next = text[at..].trim_start_matches('\r').strip_prefix('\n').unwrap_or("").lines().next().unwrap_or("").trim();
        let underlined = matches!(self.dossier.blocks[block as usize].kind, BlockKind::Heading { .. })
            && !next.is_empty()
            && (next.bytes().all(|b| b == b'=') || next.bytes().all(|b| b == b'-'));
        if underlined {
            at = end_of_line(text, at + text[at..].find('\n').map_or(0, |n| n + 1));
        }
        Some(Span { file: span.file, start: at as u32, end: at as u32 })
    }
}

/// What begins a block of HTML in which a blank line ends nothing, and what ends it.
const VERBATIM: &[(&str, &str)] =
    &[("<pre", "</pre>"), ("<script", "</script>"), ("<style", "</style>"), ("<textarea", "</textarea>"), ("<?", "?>"), ("<![CDATA[", "]]>")];

/// Whether a block is code, fenced or of HTML, that goes on to the end of the text because nothing ends it.
fn is_open(block: &str) -> bool {
    let block = block.trim();
    if let Some(mark) = block.chars().next().filter(|c| matches!(c, '`' | '~')) {
        let fence = block.len() - block.trim_start_matches(mark).len();
        let (first, rest) = block.split_once(['\n', '\r']).unwrap_or((block, ""));
        let last = rest.rsplit(['\n', '\r']).next().unwrap_or_default().trim();
        // what a line of backticks alone holds is code within a line
        let fenced = fence >= 3 && !(mark == '`' && first[fence..].contains(mark));
        return fenced && !(last.len() >= fence && last.chars().all(|c| c == mark));
    }
    let begins = |start: &str| block.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start));
    VERBATIM.iter().find(|(start, _)| begins(start)).is_some_and(|(_, end)| !block.to_ascii_lowercase().contains(&end.to_ascii_lowercase()))
}

/// Where the line that holds `at` ends, its line ending left out.
fn end_of_line(text: &str, at: usize) -> usize {
    at + text[at..].find(['\n', '\r']).unwrap_or(text.len() - at)
}

/// Whether something stands on the line after the one that ends at `at`.
fn has_line_after(text: &str, at: usize) -> bool {
    let rest = &text[at..];
    let next = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(['\n', '\r'])).unwrap_or_default();
    next.split(['\n', '\r']).next().is_some_and(|line| !line.trim().is_empty())
}
