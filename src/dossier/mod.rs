//! A dossier: one or more Markdown files read as one document, cut into sections, blocks, sentences and tokens,
//! each of which knows its exact bytes in its file.

mod block_cache;
mod build;
mod bullets;
mod crowding;
mod definitions;
mod inline;
mod load;
mod markdown;
mod parts;

use std::ops::Range;

pub use block_cache::{BlockCache, PassageId};
pub use load::{LoadError, Loader, Source, Unsaved, is_first, is_markdown};
pub(crate) use load::{markdown_files, walk};
pub use parts::{gathers, is_division, is_part};

use self::definitions::Definitions;
use self::inline::{Found, Reader, Reading};
use crate::text::fold::is_ignorable;
use crate::text::{FileId, LineIndex, Position, Span, Token};

/// One file of a dossier.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path as it is reported: as the user gave it, or below the folder the user gave, with `/` as separator.
    pub path: String,
    /// The whole content, as on disk (byte-order mark included).
    pub text: String,
    /// Its lines.
    pub lines: LineIndex,
    /// The front matter, where there is one.
    pub front_matter: Option<FrontMatter>,
    /// Where its reference links lead.
    definitions: Definitions,
}

/// How front matter is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrontMatterFormat {
    /// Between `---` lines.
    Yaml,
    /// Between `+++` lines.
    Toml,
}

/// The block of metadata at the head of a file.
#[derive(Debug, Clone)]
pub struct FrontMatter {
    /// Its syntax.
    pub format: FrontMatterFormat,
    /// Bytes of what is between the fences.
    pub span: Span,
}

/// Index of a section in [`Dossier::sections`].
pub type SectionId = u32;
/// Index of a block in [`Dossier::blocks`].
pub type BlockId = u32;
/// Index of a sentence in [`Dossier::sentences`].
pub type SentenceId = u32;

/// A heading and what stands under it, up to the next heading. Sections nest through `parent`.
#[derive(Debug, Clone)]
pub struct Section {
    /// The heading's block; `None` for what precedes the first heading of a file.
    pub heading: Option<BlockId>,
    /// 1 for a title, 2 and more below; 0 without heading.
    pub level: u8,
    /// Whether Markdown marks the heading, with `#` or an underline: no line that only serves as one.
    pub marked: bool,
    /// The section it belongs to.
    pub parent: Option<SectionId>,
    /// Blocks of this section itself, heading included, subsections excluded.
    pub blocks: Range<BlockId>,
    /// One past the last section nested in this one (sections are in order of the text).
    pub end: SectionId,
    /// Its file.
    pub file: FileId,
}

/// What a block is in Markdown, as far as reading needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading: `#`, setext, or a bold or capitals line that serves as one.
    Heading {
        /// 1 for a title.
        level: u8,
    },
    /// A paragraph.
    Paragraph,
    /// The text of a list item (each of its paragraphs is a block).
    ListItem,
    /// A row of a table.
    TableRow {
        /// The header row.
        header: bool,
    },
    /// A paragraph of a footnote.
    Footnote,
    /// Code, fenced or indented: not read, but it fills a section.
    Code,
}

/// A piece of text that stands by itself.
#[derive(Debug, Clone)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Inside a block quote.
    pub quoted: bool,
    /// The section it stands in (a heading stands in the section it opens).
    pub section: SectionId,
    /// Its bytes.
    pub span: Span,
    /// Its sentences.
    pub sentences: Range<SentenceId>,
    /// For a list item or a table: the sentence before the list that introduces it (« Elle comprend : »), or, for a nested
    /// item, the last sentence of the item above.
    pub lead_in: Option<SentenceId>,
    /// For a table row below a header: the header row's block.
    pub header: Option<BlockId>,
    /// For a table row: tokens of each cell. Empty otherwise.
    pub cells: Vec<Range<u32>>,
    /// Whether an image or other content without words stands in it.
    pub has_media: bool,
    /// Which text it is, where its text is known by others: two blocks of the same number have the same tokens and sentences, at
    /// other places.
    pub passage: Option<PassageId>,
}

/// A sentence; a heading, a table row or an item without full stop is one too.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Its block.
    pub block: BlockId,
    /// Its tokens, in [`Dossier::tokens`].
    pub tokens: Range<u32>,
    /// From the first to the last token's bytes, closing punctuation included.
    pub span: Span,
}

/// Whether what a link points to is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LinkTarget {
    /// Another site, an address, a place in the same file; or a file that cannot be looked for (standard input).
    #[default]
    Elsewhere,
    /// A file that is there.
    Present,
    /// A file that is not.
    Absent,
}

/// A link or image of the text.
#[derive(Debug, Clone)]
pub struct Link {
    /// The whole link.
    pub span: Span,
    /// Where it points.
    pub url: String,
    /// Whether that is there.
    pub target: LinkTarget,
}

/// An HTML comment; never content.
#[derive(Debug, Clone)]
pub struct Comment {
    /// From `<!--` to `-->`.
    pub span: Span,
    /// The section it stands in.
    pub section: SectionId,
    /// The block that holds it, or follows it (one past the last when nothing does).
    pub block: Option<BlockId>,
    /// Whether it stands by itself at the end of a list item or a quotation, after something else.
    pub ends: bool,
}

/// Files read as one document.
#[derive(Debug, Clone, Default)]
pub struct Dossier {
    /// Path as the user gave it.
    pub path: String,
    /// In reading order.
    pub files: Vec<SourceFile>,
    /// In order of the text.
    pub sections: Vec<Section>,
    /// In order of the text.
    pub blocks: Vec<Block>,
    /// In order of the text.
    pub sentences: Vec<Sentence>,
    /// In order of the text.
    pub tokens: Vec<Token>,
    /// Folded and lower-case forms of the tokens.
    pub(crate) arena: String,
    /// Links and images.
    pub links: Vec<Link>,
    /// HTML comments.
    pub comments: Vec<Comment>,
}

impl Dossier {
    /// The file of a span.
    #[must_use]
    pub fn file(&self, file: FileId) -> &SourceFile {
        &self.files[file.0 as usize]
    }

    /// The bytes of a span, as in the file.
    #[must_use]
    pub fn slice(&self, span: Span) -> &str {
        let text = &self.file(span.file).text;
        text.get(span.start as usize..span.end as usize).unwrap_or("")
    }

    /// The words of a span as they read, on one line: without markup, entities decoded, invisible characters left out.
    #[must_use]
    pub fn reading(&self, span: Span) -> String {
        if self.slice(span).is_empty() {
            return String::new();
        }
        let reading = Reading { file: span.file, start: span.start, end: span.end, row: false, quotes: u8::MAX };
        let (mut glyphs, mut found) = (Vec::new(), Found::default());
        let file = self.file(span.file);
        Reader::new(&file.text, reading, &file.definitions, &mut found).read(&mut glyphs, usize::MAX);
        let mut out = String::new();
        for c in glyphs.into_iter().map(|glyph| glyph.c).filter(|c| !is_ignorable(*c)) {
            match c {
                // a no-break space stays one
                ' ' | '\t' | '\n' | '\r' if out.ends_with(' ') => {}
                ' ' | '\t' | '\n' | '\r' => out.push(' '),
                _ => out.push(c),
            }
        }
        out.trim_matches(' ').to_owned()
    }

    /// Start of a span, for people.
    #[must_use]
    pub fn start(&self, span: Span) -> Position {
        let file = self.file(span.file);
        file.lines.position(&file.text, span.start)
    }

    /// End (exclusive) of a span, for people.
    #[must_use]
    pub fn end(&self, span: Span) -> Position {
        let file = self.file(span.file);
        file.lines.position(&file.text, span.end)
    }

    /// Where a span starts, as `file:line:column`.
    #[must_use]
    pub fn place(&self, span: Span) -> String {
        let start = self.start(span);
        format!("{}:{}:{}", self.file(span.file).path, start.line, start.column)
    }

    /// The bytes of some tokens of a sentence; those of the first one where there is none.
    #[must_use]
    pub fn words(&self, sentence: SentenceId, tokens: &Range<u32>) -> Span {
        let first = &self.tokens[tokens.start as usize];
        let last = &self.tokens[tokens.end.max(tokens.start + 1) as usize - 1];
        Span::new(self.sentences[sentence as usize].span.file, first.start, last.end)
    }

    /// The bytes of the first sentence of a block: the words of a heading without its marks. Those of the block where it has none.
    #[must_use]
    pub fn first_words(&self, block: &Block) -> Span {
        block.sentences.clone().next().map_or(block.span, |s| self.sentences[s as usize].span)
    }

    /// The token's folded form: lower case, without accents, ligatures opened.
    #[must_use]
    pub fn folded(&self, token: &Token) -> &str {
        token.spelling.folded(&self.arena)
    }

    /// The token's lower-case form with its accents.
    #[must_use]
    pub fn lower(&self, token: &Token) -> &str {
        token.spelling.lower(&self.arena)
    }

    /// Whether a sentence is a title: a heading of the first rank.
    #[must_use]
    pub fn is_title(&self, sentence: SentenceId) -> bool {
        matches!(self.blocks[self.sentences[sentence as usize].block as usize].kind, BlockKind::Heading { level: 1 })
    }

    /// The dossier's title: its first heading of the highest rank, if it has one.
    #[must_use]
    pub fn title(&self) -> Option<&Block> {
        self.sections.iter().filter(|s| s.heading.is_some()).min_by_key(|s| s.level).and_then(|s| s.heading).map(|b| &self.blocks[b as usize])
    }
}
