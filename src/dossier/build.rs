//! From the blocks of Markdown to the dossier: pseudo-headings, tokens, sentences, sections.

use std::ops::Range;

use crate::text::tokenize::{CELL, Glyph, tokenize};
use crate::text::{FileId, LineIndex, Span, Token, TokenFlags, TokenKind, sentence};

use super::block_cache::{BlockCache, Passage, PassageId, Piece, Shape, Sight};
use super::definitions::Definitions;
use super::inline::{Found, Reader, Reading};
use super::markdown::{self, Raw, RawKind};
use super::parts::is_part;
use super::{Block, BlockId, BlockKind, Comment, Dossier, Section, SectionId, SentenceId, SourceFile};

/// Characters of a block that are held at a time; a longer one is read piece by piece.
const WINDOW: usize = 1 << 16;
/// A line longer than this is a paragraph, however bold.
const HEADING_CHARS: usize = 120;

impl Dossier {
    /// Reads `sources`, in this order, as one document reported under `path`.
    #[must_use]
    pub fn from_sources(path: impl Into<String>, sources: Vec<super::Source>) -> Self {
        Self::from_sources_after(path, sources, &BlockCache::default())
    }

    /// The same as [`Self::from_sources`], faster, with what is known of the texts of blocks read before, in `cache`.
    #[must_use]
    pub fn from_sources_after(path: impl Into<String>, sources: Vec<super::Source>, cache: &BlockCache) -> Self {
        let cache = Some(cache).filter(|cache| cache.is_worthwhile(sources.iter().map(|source| source.text.len()).sum()));
        let mut dossier = Dossier { path: path.into(), ..Dossier::default() };
        for source in sources {
            let id = FileId(dossier.files.len() as u32);
            let lines = LineIndex::new(&source.text);
            let front_matter = markdown::front_matter(&source.text, id);
            let definitions = Definitions::of(&source.text);
            dossier.files.push(SourceFile { path: source.path, text: source.text, lines, front_matter, definitions });
            Builder::new(&mut dossier, id, cache).run();
        }
        dossier
    }
}

/// How a line that serves as a heading shows it; deeper in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pseudo {
    Capitals,
    Numbered(u8),
    Bold,
    RunIn,
}

struct Builder<'a> {
    dossier: &'a mut Dossier,
    file: FileId,
    cache: Option<&'a BlockCache>,
    /// Level of the last heading that Markdown knows.
    real_level: u8,
    /// Levels of the open pseudo-headings below it.
    pseudo: Vec<Pseudo>,
    /// Open sections, outermost first.
    open: Vec<SectionId>,
    /// Last sentence of each raw block, for lead-ins.
    last_sentence: Vec<Option<SentenceId>>,
    /// Block of each raw block, for table headers.
    block_of: Vec<Option<BlockId>>,
    glyphs: Vec<Glyph>,
}

/// A block that has been read, before it has its place.
struct Read<'a> {
    tokens: Range<u32>,
    media: bool,
    /// Which text it is, where it is one to keep or kept.
    id: Option<PassageId>,
    /// As it was kept.
    kept: Option<&'a Passage>,
}

impl<'a> Builder<'a> {
    fn new(dossier: &'a mut Dossier, file: FileId, cache: Option<&'a BlockCache>) -> Self {
        Self { dossier, file, cache, real_level: 0, pseudo: Vec::new(), open: Vec::new(), last_sentence: Vec::new(), block_of: Vec::new(), glyphs: Vec::new() }
    }

    fn run(mut self) {
        // the text is put back when it has been read
        let file = &mut self.dossier.files[self.file.0 as usize];
        let text = std::mem::take(&mut file.text);
        let raws = markdown::blocks(&text, &file.lines, file.front_matter.as_ref());
        self.make_room(&text, raws.len());
        self.open_section(None, 0, false);
        for raw in &raws {
            self.block(&text, raw);
        }
        self.close_sections(0);
        self.dossier.files[self.file.0 as usize].text = text;
    }

    /// For the words and blocks of most texts, which would be copied as they grow: what is not used of it is no memory.
    fn make_room(&mut self, text: &str, raws: usize) {
        self.dossier.arena.reserve(text.len());
        self.dossier.tokens.reserve(text.len() / 5);
        self.dossier.blocks.reserve(raws);
        self.dossier.sentences.reserve(raws * 2);
        self.block_of.reserve(raws);
        self.last_sentence.reserve(raws);
    }

    fn block(&mut self, text: &str, raw: &Raw) {
        let shape = shape(raw);
        let source = &text[raw.start as usize..raw.end as usize];
        // where it leads may change from one file to the next
        let refers = !self.dossier.files[self.file.0 as usize].definitions.is_empty() && source.contains('[');
        let sight = self.cache.filter(|_| !refers).zip(shape).map_or(Sight::First, |(cache, shape)| cache.look(source, shape));
        let (first, arena, sentence) = (self.dossier.tokens.len() as u32, self.dossier.arena.len(), self.dossier.sentences.len());
        let (found, kept) = match &sight {
            Sight::Kept(passage) => (passage.read(self.dossier, self.file, raw.start), Some(&**passage)),
            _ => (self.read(text, raw), None),
        };
        let id = match &sight {
            Sight::Kept(passage) => Some(passage.id),
            Sight::Again(id, _) => Some(*id),
            Sight::First => None,
        };
        let tokens = first..self.dossier.tokens.len() as u32;
        let before = self.dossier.blocks.len() as u32;
        let pseudo = self.place(raw, &Read { tokens: tokens.clone(), media: found.media, id, kept });
        if let (Sight::Again(id, hash), Some(cache), Some(shape)) = (&sight, self.cache, shape) {
            let arena = arena..self.dossier.arena.len();
            let piece = Piece { shape, start: raw.start, text: source, tokens, arena, sentence, pseudo, found: &found };
            cache.keep(*hash, Passage::of(*id, self.dossier, &piece));
        }
        let after = self.dossier.blocks.len() as u32;
        self.block_of.push((after > before).then(|| after - 1));
        self.last_sentence.push((after > before).then(|| self.dossier.blocks[after as usize - 1].sentences.clone().last()).flatten());
        self.dossier.links.extend(found.links);
        let section = self.open.last().copied().unwrap_or(0);
        let ends = raw.kind == (RawKind::Html { ends: true }) && after == before;
        for span in found.comments {
            // the block that holds it, or the next one to come
            self.dossier.comments.push(Comment { span, section, block: Some(before), ends });
        }
    }

    /// Adds the tokens of a block.
    fn read(&mut self, text: &str, raw: &Raw) -> Found {
        let mut found = Found::default();
        if raw.kind == RawKind::Code {
            return found;
        }
        let row = matches!(raw.kind, RawKind::Row { .. });
        let reading = Reading { file: self.file, start: raw.start, end: raw.end, row, quotes: raw.quotes };
        // the marks at the end of these belong to no text
        let window = if row || matches!(raw.kind, RawKind::Heading(_)) { usize::MAX } else { WINDOW };
        let mut reader = Reader::new(text, reading, &self.dossier.files[self.file.0 as usize].definitions, &mut found);
        let mut opening = true;
        while opening || !reader.is_done() {
            self.glyphs.clear();
            reader.read(&mut self.glyphs, window);
            if opening {
                trim_markers(&raw.kind, &mut self.glyphs);
            }
            opening = false;
            tokenize(&self.glyphs, &mut self.dossier.arena, &mut self.dossier.tokens);
        }
        found
    }

    /// Adds the block or, where a line of its own serves as a heading, the two blocks of a text; the heading, and where it ends.
    fn place(&mut self, raw: &Raw, read: &Read<'_>) -> Option<(Pseudo, u32)> {
        let span = Span::new(self.file, raw.start, raw.end);
        let tokens = read.tokens.clone();
        let quoted = raw.quotes > 0;
        let lead_in = raw.lead_in.and_then(|i| self.last_sentence[i]);
        let block = |this: &mut Self, kind: BlockKind, span: Span, tokens: Range<u32>, passage: Option<PassageId>| {
            this.push(
                Block {
                    kind,
                    quoted,
                    section: this.open.last().copied().unwrap_or(0),
                    span,
                    sentences: 0..0,
                    lead_in,
                    header: raw.header.and_then(|i| this.block_of[i]),
                    cells: Vec::new(),
                    has_media: read.media,
                    passage,
                },
                tokens,
                read,
            );
        };
        match raw.kind {
            RawKind::Heading(level) => {
                self.real_level = level;
                self.pseudo.clear();
                self.heading((level, true), span, tokens, read);
            }
            RawKind::Paragraph if raw.lead_in.is_none() && !quoted => {
                let pseudo = match read.kept {
                    Some(kept) => kept.pseudo.map(|(pseudo, end)| (pseudo, tokens.start + end)),
                    None => self.pseudo_heading(&tokens),
                };
                let Some((style, end)) = pseudo else {
                    block(self, BlockKind::Paragraph, span, tokens, read.id);
                    return None;
                };
                let level = self.pseudo_level(style);
                let stop = self.dossier.tokens[end as usize - 1].end;
                self.heading((level, false), Span::new(self.file, raw.start, stop), tokens.start..end, read);
                if end < tokens.end {
                    let start = self.dossier.tokens[end as usize].start;
                    let rest = read.id.map(PassageId::rest);
                    block(self, BlockKind::Paragraph, Span::new(self.file, start, raw.end), end..tokens.end, rest);
                }
                return pseudo;
            }
            RawKind::Paragraph => block(self, BlockKind::Paragraph, span, tokens, read.id),
            RawKind::Html { .. } => {
                if !tokens.is_empty() || read.media {
                    block(self, BlockKind::Paragraph, span, tokens, read.id);
                }
            }
            RawKind::Item => block(self, BlockKind::ListItem, span, tokens, read.id),
            RawKind::Row { header } => block(self, BlockKind::TableRow { header }, span, tokens, read.id),
            RawKind::Footnote => block(self, BlockKind::Footnote, span, tokens, read.id),
            RawKind::Code => block(self, BlockKind::Code, span, tokens, read.id),
        }
        None
    }

    fn heading(&mut self, (level, marked): (u8, bool), span: Span, tokens: Range<u32>, read: &Read<'_>) {
        let id = self.dossier.blocks.len() as BlockId;
        self.open_section(Some(id), level, marked);
        let section = self.open.last().copied().unwrap_or(0);
        self.push(
            Block {
                kind: BlockKind::Heading { level },
                quoted: false,
                section,
                span,
                sentences: 0..0,
                lead_in: None,
                header: None,
                cells: Vec::new(),
                has_media: false,
                passage: read.id,
            },
            tokens,
            read,
        );
    }

    fn open_section(&mut self, heading: Option<BlockId>, level: u8, marked: bool) {
        if heading.is_some() {
            self.close_sections(level);
        }
        let at = self.dossier.blocks.len() as BlockId;
        let id = self.dossier.sections.len() as SectionId;
        let parent = self.open.last().copied().filter(|&p| self.dossier.sections[p as usize].heading.is_some());
        self.dossier.sections.push(Section { heading, level, marked, parent, blocks: at..at, end: id + 1, file: self.file });
        self.open.push(id);
    }

    /// Closes the sections of `level` and deeper.
    fn close_sections(&mut self, level: u8) {
        let end = self.dossier.sections.len() as SectionId;
        while let Some(&id) = self.open.last() {
            let section = &mut self.dossier.sections[id as usize];
            if section.heading.is_some() && section.level < level {
                break;
            }
            section.end = end;
            self.open.pop();
        }
    }

    fn push(&mut self, mut block: Block, tokens: Range<u32>, read: &Read<'_>) {
        let id = self.dossier.blocks.len() as BlockId;
        let dossier = &mut *self.dossier;
        let slice = &dossier.tokens[tokens.start as usize..tokens.end as usize];
        let arena = &dossier.arena;
        let folded = |t: &Token| t.spelling.folded(arena);
        let whole = matches!(block.kind, BlockKind::TableRow { .. } | BlockKind::Heading { .. });
        let pieces = || (0..slice.len()).step_by(sentence::LONGEST).map(|at| at..slice.len().min(at + sentence::LONGEST)).collect();
        let ranges = match read.kept {
            Some(kept) => kept.sentences(tokens.start - read.tokens.start..tokens.end - read.tokens.start),
            None if whole => pieces(),
            None => sentence::split(slice, folded),
        };
        if matches!(block.kind, BlockKind::TableRow { .. }) {
            block.cells = cells(slice, tokens.start, folded);
        }
        let first = dossier.sentences.len() as SentenceId;
        for range in ranges {
            let span = Span::new(self.file, slice[range.start].start, slice[range.end - 1].end);
            let tokens = tokens.start + range.start as u32..tokens.start + range.end as u32;
            dossier.sentences.push(super::Sentence { block: id, tokens, span });
        }
        block.sentences = first..dossier.sentences.len() as SentenceId;
        dossier.sections[block.section as usize].blocks.end = id + 1;
        dossier.blocks.push(block);
    }

    /// Whether the paragraph made of `tokens` begins with a line that serves as a heading: its style, and the token after it.
    fn pseudo_heading(&self, tokens: &Range<u32>) -> Option<(Pseudo, u32)> {
        let all = &self.dossier.tokens[tokens.start as usize..tokens.end as usize];
        let last = all.last()?;
        let line = all.iter().skip(1).position(|t| t.flags.has(TokenFlags::LINE_BEFORE)).map_or(all.len(), |at| at + 1);
        let one_line = line == all.len();
        let chars = (last.end - all[0].start) as usize;
        let folded = |t: &Token| self.dossier.folded(t);
        let strong = all.iter().take_while(|t| t.flags.has(TokenFlags::STRONG) || (t.kind == TokenKind::Punct && folded(t) != "(")).count();
        let words = all.iter().filter(|t| t.kind == TokenKind::Word).count();
        if words == 0 {
            return None;
        }
        let closed = matches!(folded(last), "." | ";" | "," | "!" | "…");
        let bold = all[0].flags.has(TokenFlags::STRONG);
        if bold && strong == all.len() && one_line && chars <= HEADING_CHARS && !matches!(folded(last), ";" | "," | "€" | "euros") {
            return Some((Pseudo::Bold, tokens.end));
        }
        if bold && strong < all.len() {
            if strong >= line && self.labels(&all[..line], &all[line]) {
                return Some((Pseudo::RunIn, tokens.start + line as u32));
            }
            if self.runs_in(&all[..strong]) && !(one_line && self.names_a_value(&all[..strong], &all[strong..])) {
                return Some((Pseudo::RunIn, tokens.start + strong as u32));
            }
        }
        if !one_line || closed || chars > HEADING_CHARS {
            return None;
        }
        let capitals = all.iter().filter(|t| t.kind == TokenKind::Word && t.end - t.start > 2);
        if capitals.clone().count() > 0 && capitals.clone().all(|t| t.flags.has(TokenFlags::ALL_CAPS)) && words > 1 {
            return Some((Pseudo::Capitals, tokens.end));
        }
        self.numbering(all).map(|depth| (Pseudo::Numbered(depth), tokens.end))
    }

    /// A bold beginning is a run-in heading when a stop, a colon or a dash ends it, within or just after.
    fn runs_in(&self, strong: &[Token]) -> bool {
        let words = strong.iter().filter(|t| t.kind == TokenKind::Word).count();
        let ends = strong.last().is_some_and(|t| matches!(self.dossier.folded(t), "." | ":" | "–" | "—" | "?" | "-"));
        let chars = strong.last().map_or(0, |t| (t.end - strong[0].start) as usize);
        words > 0 && ends && chars <= HEADING_CHARS
    }

    /// « **Clôture** : 2 juin 2027 »: a label and its value, which are read together.
    fn names_a_value(&self, label: &[Token], value: &[Token]) -> bool {
        const LONGEST: usize = 10;
        let colon = label.last().is_some_and(|t| self.dossier.folded(t) == ":");
        let number = value.iter().any(|t| t.kind == TokenKind::Number);
        colon && number && value.len() <= LONGEST
    }

    /// A bold line is the label of a form when what is under it begins anew, rather than go on with its sentence.
    fn labels(&self, line: &[Token], next: &Token) -> bool {
        let words = line.iter().any(|t| t.kind == TokenKind::Word);
        let chars = line.last().map_or(0, |t| (t.end - line[0].start) as usize);
        let open = line.last().is_some_and(|t| matches!(self.dossier.folded(t), ";" | ","));
        words && !open && chars <= HEADING_CHARS && (next.kind != TokenKind::Word || next.flags.has(TokenFlags::CAPITAL))
    }

    /// « 3. Gouvernance », « 1.2 Calendrier », « IV – Publics », « Article 4 – Suites », « A) Objet »: depth of the number.
    fn numbering(&self, all: &[Token]) -> Option<u8> {
        let text = |i: usize| all.get(i).map(|t| self.dossier.folded(t));
        let next_capital = |i: usize| all.get(i).is_some_and(|t| t.flags.has(TokenFlags::CAPITAL));
        let mark = |i: usize| matches!(text(i), Some("." | ")" | "–" | "—" | "-" | ":"));
        let first = text(0)?;
        if is_part(first) {
            let number = all.get(1).is_some_and(|t| t.kind == TokenKind::Number) || text(1).is_some_and(is_roman);
            return (number && all[0].flags.has(TokenFlags::CAPITAL) && (all.len() <= 2 || mark(2)) && all.len() <= 16).then_some(0);
        }
        if all.len() > 14 {
            return None;
        }
        if all[0].kind == TokenKind::Number && all[0].end - all[0].start <= 5 {
            let depth = first.bytes().filter(|b| *b == b'.').count() as u8;
            let after = (1..all.len()).find(|&i| !mark(i) && all[i].kind != TokenKind::Number)?;
            let numbered = first.bytes().all(|b| b.is_ascii_digit() || b == b'.') && first.len() <= 5 && !first.starts_with("20");
            return (numbered && next_capital(after) && (mark(1) || depth > 0 || after == 1 && all.len() < 10)).then_some(depth);
        }
        let label = all[0].flags.has(TokenFlags::CAPITAL) && (is_roman(first) || first.len() == 1);
        (label && mark(1) && next_capital(2)).then_some(0)
    }

    fn pseudo_level(&mut self, kind: Pseudo) -> u8 {
        match self.pseudo.iter().position(|open| *open == kind) {
            Some(at) => self.pseudo.truncate(at + 1),
            None => {
                if kind == Pseudo::Capitals {
                    self.pseudo.clear();
                }
                self.pseudo.push(kind);
            }
        }
        self.real_level.saturating_add(self.pseudo.len().min(20) as u8)
    }
}

/// How a block is read; none where its text alone does not tell what it reads as.
fn shape(raw: &Raw) -> Option<Shape> {
    if raw.quotes > 0 {
        return None;
    }
    Some(match raw.kind {
        RawKind::Heading(_) => Shape::Heading,
        RawKind::Item => Shape::Item,
        RawKind::Row { header: true } => Shape::HeaderRow,
        RawKind::Row { header: false } => Shape::Row,
        RawKind::Paragraph if raw.lead_in.is_none() => Shape::Paragraph,
        RawKind::Paragraph | RawKind::Footnote | RawKind::Html { .. } => Shape::Plain,
        RawKind::Code => return None,
    })
}

fn is_roman(text: &str) -> bool {
    !text.is_empty() && text.len() <= 5 && text.bytes().all(|b| matches!(b, b'i' | b'v' | b'x'))
}

/// Takes off what Markdown puts around a heading's or an item's text.
fn trim_markers(kind: &RawKind, glyphs: &mut Vec<Glyph>) {
    match kind {
        RawKind::Heading(_) => trim_heading(glyphs),
        RawKind::Item => {
            let box_mark: String = glyphs.iter().take(3).map(|g| g.c).collect();
            if matches!(box_mark.as_str(), "[ ]" | "[x]" | "[X]") {
                glyphs.drain(..3);
            }
        }
        RawKind::Row { .. } => {
            while glyphs.last().is_some_and(|g| g.c.is_whitespace()) {
                glyphs.pop();
            }
            if glyphs.last().is_some_and(|g| g.c == CELL) {
                glyphs.pop();
            }
            if glyphs.first().is_some_and(|g| g.c == CELL) {
                glyphs.remove(0);
            }
        }
        _ => {}
    }
}

fn trim_heading(glyphs: &mut Vec<Glyph>) {
    let hashes = glyphs.iter().take_while(|g| g.c == '#').count();
    if hashes > 0 {
        glyphs.drain(..hashes);
        let tail = glyphs.iter().rev().skip_while(|g| g.c.is_whitespace()).take_while(|g| g.c == '#').count();
        if tail > 0 {
            let keep = glyphs.iter().rposition(|g| g.c != '#' && !g.c.is_whitespace()).map_or(0, |at| at + 1);
            glyphs.truncate(keep);
        }
        return;
    }
    // setext: the underline is the last line
    let Some(last) = glyphs.iter().rposition(|g| g.c == '\n') else { return };
    let underline = glyphs[last + 1..].iter().all(|g| matches!(g.c, '=' | '-' | ' ' | '\t'));
    if underline && last + 1 < glyphs.len() {
        glyphs.truncate(last);
    }
}

/// The cells of a row; a bar that is escaped takes more than a byte of the text, and parts nothing.
fn cells<'a>(tokens: &[Token], first: u32, folded: impl Fn(&Token) -> &'a str) -> Vec<Range<u32>> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == TokenKind::Punct && token.end - token.start == 1 && folded(token) == "|" {
            out.push(first + start as u32..first + at as u32);
            start = at + 1;
        }
    }
    out.push(first + start as u32..first + tokens.len() as u32);
    out
}
