//! Markdown to blocks. comrak lives here only.

use comrak::nodes::{AstNode, NodeValue, Sourcepos};
use comrak::{Arena, Options};

use crate::text::{FileId, LineIndex, Span, each_line};

use super::{FrontMatter, FrontMatterFormat, bullets};

/// A block as Markdown has it, before sentences and sections.
#[derive(Debug, Clone)]
pub struct Raw {
    /// Its kind.
    pub kind: RawKind,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// Block quotes around it.
    pub quotes: u8,
    /// The block before the list, table or details, which introduces it.
    pub lead_in: Option<usize>,
    /// For a row, the table's header row.
    pub header: Option<usize>,
}

/// Kinds of [`Raw`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RawKind {
    /// `#` or setext.
    Heading(u8),
    /// A paragraph.
    Paragraph,
    /// A paragraph of a list item.
    Item,
    /// A row of a table.
    Row {
        /// Header row.
        header: bool,
    },
    /// A footnote's paragraph.
    Footnote,
    /// Code.
    Code,
    /// HTML.
    Html {
        /// Whether a list item or a quotation ends with it, after something else.
        ends: bool,
    },
}

#[derive(Clone, Copy, Default)]
struct Context {
    quotes: u8,
    listed: bool,
    footnote: bool,
    lead_in: Option<usize>,
    header: Option<usize>,
}

/// The blocks of `text`, in order of the text. Front matter is not among them.
pub fn blocks(text: &str, lines: &LineIndex, front_matter: Option<&FrontMatter>) -> Vec<Raw> {
    let masked = mask(text, front_matter);
    let dense = is_dense(&masked);
    let masked = tame(masked, dense);
    let arena = Arena::new();
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.tasklist = true;
    options.extension.description_lists = true;
    options.extension.alerts = true;
    options.extension.strikethrough = true;
    // where the references are hidden, the notes stay
    options.parse.leave_footnote_definitions = dense;
    let root = comrak::parse_document(&arena, &masked, &options);
    let mut out = Vec::new();
    collect(root, text, lines, &mut out);
    bullets::split(order(out), text)
}

/// Blanks what comrak must not see (front matter, a byte-order mark, NUL) byte for byte, so that positions hold.
fn mask<'a>(text: &'a str, front_matter: Option<&FrontMatter>) -> std::borrow::Cow<'a, str> {
    let bom = text.starts_with('\u{feff}');
    if front_matter.is_none() && !bom && !text.contains('\0') {
        return text.into();
    }
    let blank = front_matter.map_or(0, |f| fence_end(text, f.span.end as usize));
    let mut bytes = text.as_bytes().to_vec();
    for byte in &mut bytes[..blank] {
        if !matches!(byte, b'\n' | b'\r') {
            *byte = b' ';
        }
    }
    if bom {
        bytes[..3].fill(b' ');
    }
    for byte in bytes.iter_mut().filter(|b| **b == 0) {
        *byte = b' ';
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned()).into()
}

/// Marks of block quotes and lists at the beginning of a line that open one another; the following ones are text.
const DEEPEST: usize = 100;
/// Columns of a table; a line with more borders is no row.
pub(super) const WIDEST: usize = 1_000;
/// Cells that comrak adds to the rows of a text that are shorter than their header; past them, what would head a table does not.
const FILLED: usize = 100_000;
/// Inline marks of a text beyond which they are hidden from comrak, of whose inlines nothing is used.
const DENSEST: usize = 100_000;
/// What stands for a mark that is hidden; what stands there in the text is read from the text.
const HIDDEN: u8 = b'x';

fn is_inline(byte: u8) -> bool {
    matches!(byte, b'[' | b']' | b'*' | b'_' | b'`' | b'&' | b'!' | b'<' | b'~' | b'^')
}

/// Whether the text has more marks of inlines than any text written to be read.
fn is_dense(text: &str) -> bool {
    text.len() > DENSEST && text.bytes().filter(|b| is_inline(*b)).count() > DENSEST
}

/// Hides what no text needs and what would make comrak slow or hungry: quotes in quotes in quotes, tables of thousands of
/// columns, and, in a text of nothing else, the marks of inlines.
fn tame(text: std::borrow::Cow<'_, str>, dense: bool) -> std::borrow::Cow<'_, str> {
    let wide = |line: &str| line.len() > WIDEST && memchr::memchr_iter(b'|', line.as_bytes()).count() > WIDEST;
    let deep = |line: &str| line.len() > DEEPEST && opening(line.as_bytes()).1 > 0;
    let last_table = last_table(&text);
    if !dense && last_table == text.len() && !text.split('\n').any(|line| wide(line) || deep(line)) {
        return text;
    }
    let mut bytes = Vec::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let from = bytes.len();
        bytes.extend_from_slice(line.as_bytes());
        let line_bytes = &mut bytes[from..];
        let (kept, hidden) = opening(line_bytes);
        line_bytes[kept..hidden.max(kept)].iter_mut().filter(|b| !b.is_ascii_whitespace()).for_each(|b| *b = HIDDEN);
        if wide(line) || from >= last_table && heads_table(line) {
            line_bytes.iter_mut().filter(|b| **b == b'|').for_each(|b| *b = HIDDEN);
        }
        if dense {
            hide_inlines(&mut line_bytes[kept..]);
        }
    }
    String::from_utf8(bytes).map_or(text, std::borrow::Cow::Owned)
}

/// Whether a line is the one below the header of a table: `|---|:--|`.
fn heads_table(line: &str) -> bool {
    let opens = line.trim_start().starts_with(['|', '-', ':']);
    opens && line.contains('|') && line.contains('-') && line.bytes().all(|b| matches!(b, b'|' | b'-' | b':') || b.is_ascii_whitespace())
}

/// Where the text begins in which no table is read any more: its end, but in a text of tables whose rows are nearly empty.
fn last_table(text: &str) -> usize {
    if text.len() < WIDEST {
        return text.len();
    }
    let (mut at, mut columns, mut filled) = (0, 0, 0);
    for line in text.split_inclusive('\n') {
        if heads_table(line) {
            columns = memchr::memchr_iter(b'|', line.as_bytes()).count() + 1;
        } else if line.trim_ascii().is_empty() {
            columns = 0;
        } else if columns > 0 {
            filled += columns.saturating_sub(memchr::memchr_iter(b'|', line.as_bytes()).count() + 1);
        }
        at += line.len();
        if filled > FILLED {
            return at;
        }
    }
    text.len()
}

/// Where the marks of block quotes and lists that open `line` end, [`DEEPEST`] of them at most; then where the following ones
/// end, 0 when there are none.
fn opening(line: &[u8]) -> (usize, usize) {
    let (mut at, mut count, mut kept) = (0, 0, 0);
    loop {
        at += line[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        let digits = line[at..].iter().take(10).take_while(|b| b.is_ascii_digit()).count();
        let mark = match line.get(at + digits) {
            Some(b'>') if digits == 0 => 1,
            Some(b'-' | b'+' | b'*') if digits == 0 => 2,
            Some(b'.' | b')') if digits > 0 => digits + 2,
            _ => break,
        };
        // the mark of a list has a blank after it
        if mark > 1 && !matches!(line.get(at + mark - 1), Some(b' ' | b'\t')) {
            break;
        }
        at += mark;
        count += 1;
        if count <= DEEPEST {
            kept = at;
        }
    }
    (kept, if count > DEEPEST { at } else { 0 })
}

/// Hides the marks of inlines in a line, its block marks taken off, where they make no block: not those of a line of marks, of
/// a fence, of what opens a definition or a task, nor the first one.
fn hide_inlines(line: &mut [u8]) {
    let rule = line.iter().all(|b| matches!(b, b'*' | b'_' | b'-' | b' ' | b'\t' | b'\r' | b'\n'));
    let fence = line.trim_ascii_start().starts_with(b"```") || line.trim_ascii_start().starts_with(b"~~~");
    if rule || fence {
        return;
    }
    let first = line.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let from = match line.get(first) {
        Some(b'[') => line.iter().position(|b| *b == b']').unwrap_or(line.len()),
        _ => first,
    };
    // `]]>` ends a block of HTML
    let ends = |line: &[u8], at: usize| line[at] == b']' && matches!(line.get(at + 1), Some(b']' | b'>'));
    for at in from + 1..line.len() {
        if is_inline(line[at]) && !ends(line, at) {
            line[at] = HIDDEN;
        }
    }
}

fn fence_end(text: &str, from: usize) -> usize {
    text[from..].find(['\n', '\r']).map_or(text.len(), |end| from + end)
}

/// Finds the front matter of a file: `---` (YAML) or `+++` (TOML) on the first line, up to the same on a line of its own.
pub fn front_matter(text: &str, file: FileId) -> Option<FrontMatter> {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let (format, fence) = match text[bom..].get(..3)? {
        "---" => (FrontMatterFormat::Yaml, "---"),
        "+++" => (FrontMatterFormat::Toml, "+++"),
        _ => return None,
    };
    let first = each_line(&text[bom..]).next()?;
    if first.trim_end() != fence {
        return None;
    }
    let start = bom + first.len();
    let mut at = start;
    for line in each_line(&text[start..]) {
        let bare = line.trim_end();
        if bare == fence || (bare == "..." && format == FrontMatterFormat::Yaml) {
            return Some(FrontMatter { format, span: Span::new(file, start as u32, at as u32) });
        }
        at += line.len();
    }
    None
}

fn collect<'a>(root: &'a AstNode<'a>, text: &str, lines: &LineIndex, out: &mut Vec<Raw>) {
    let mut stack = vec![(root, Context::default())];
    while let Some((node, context)) = stack.pop() {
        let data = node.data.borrow();
        let (start, mut end) = bytes(data.sourcepos, text, lines);
        if matches!(data.value, NodeValue::DescriptionTerm) {
            // of a term right above its details, comrak tells the first letter; of the words in it, all
            end = node.descendants().skip(1).map(|inner| bytes(inner.data.borrow().sourcepos, text, lines).1).fold(end, u32::max);
        }
        let mut inner = context;
        let mut leaf = |kind: RawKind| {
            if end > start {
                out.push(Raw { kind, start, end, quotes: context.quotes, lead_in: context.lead_in, header: context.header });
            }
        };
        match &data.value {
            NodeValue::Heading(heading) => {
                leaf(RawKind::Heading(heading.level));
                continue;
            }
            NodeValue::Paragraph => {
                leaf(paragraph_kind(&context));
                continue;
            }
            NodeValue::DescriptionTerm => {
                leaf(RawKind::Paragraph);
                continue;
            }
            NodeValue::CodeBlock(_) => {
                leaf(RawKind::Code);
                continue;
            }
            NodeValue::HtmlBlock(_) => {
                let held = node.parent().is_some_and(|parent| !matches!(parent.data.borrow().value, NodeValue::Document));
                leaf(RawKind::Html { ends: held && node.previous_sibling().is_some() && node.next_sibling().is_none() });
                continue;
            }
            NodeValue::TableRow(header) => {
                leaf(RawKind::Row { header: *header });
                continue;
            }
            NodeValue::BlockQuote | NodeValue::MultilineBlockQuote(_) | NodeValue::Alert(_) => inner.quotes = context.quotes.saturating_add(1),
            NodeValue::List(_) => {
                inner.listed = true;
                inner.lead_in = introduces(node, out, text, lines);
                inner.header = None;
            }
            NodeValue::Table(_) => {
                inner.lead_in = introduces(node, out, text, lines);
                inner.header = None;
                push_rows(node, inner, text, lines, out);
                continue;
            }
            NodeValue::DescriptionDetails => {
                inner.lead_in = node.previous_sibling().and_then(|term| emitted(term, out, text, lines));
            }
            NodeValue::FootnoteDefinition(_) => inner.footnote = true,
            _ => {}
        }
        stack.extend(node.reverse_children().map(|child| (child, inner)));
    }
}

fn push_rows<'a>(table: &'a AstNode<'a>, context: Context, text: &str, lines: &LineIndex, out: &mut Vec<Raw>) {
    let mut head = None;
    for row in table.children() {
        let data = row.data.borrow();
        let NodeValue::TableRow(header) = data.value else { continue };
        let (start, end) = bytes(data.sourcepos, text, lines);
        if header {
            head = Some(out.len());
        }
        if end > start {
            out.push(Raw {
                kind: RawKind::Row { header },
                start,
                end,
                quotes: context.quotes,
                lead_in: context.lead_in,
                header: if header { None } else { head },
            });
        }
    }
}

fn paragraph_kind(context: &Context) -> RawKind {
    if context.footnote {
        RawKind::Footnote
    } else if context.listed {
        RawKind::Item
    } else {
        RawKind::Paragraph
    }
}

/// The block just before `node` among its siblings, where it is a paragraph.
fn introduces<'a>(node: &'a AstNode<'a>, out: &[Raw], text: &str, lines: &LineIndex) -> Option<usize> {
    let before = node.previous_sibling()?;
    matches!(before.data.borrow().value, NodeValue::Paragraph).then(|| emitted(before, out, text, lines)).flatten()
}

fn emitted<'a>(node: &'a AstNode<'a>, out: &[Raw], text: &str, lines: &LineIndex) -> Option<usize> {
    let (start, _) = bytes(node.data.borrow().sourcepos, text, lines);
    let last = out.len().checked_sub(1)?;
    (out[last].start == start).then_some(last)
}

/// A source position of comrak (1-based lines, columns in bytes, end inclusive) as bytes of the file.
fn bytes(pos: Sourcepos, text: &str, lines: &LineIndex) -> (u32, u32) {
    if pos.start.line == 0 {
        return (0, 0);
    }
    let at = |line: usize, column: usize| {
        let mut at = (lines.line_start(line as u32) as usize + column).min(text.len());
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at as u32
    };
    let start = at(pos.start.line, pos.start.column.saturating_sub(1));
    let end = if pos.end.column == 0 { at(pos.end.line, 0) } else { at(pos.end.line, pos.end.column) };
    (start, end.max(start))
}

/// Sorts by place; footnotes come where they are written.
fn order(raws: Vec<Raw>) -> Vec<Raw> {
    if raws.is_sorted_by_key(|r| r.start) {
        return raws;
    }
    let mut by_place: Vec<usize> = (0..raws.len()).collect();
    by_place.sort_by_key(|&i| raws[i].start);
    let mut moved = vec![0; raws.len()];
    for (new, &old) in by_place.iter().enumerate() {
        moved[old] = new;
    }
    by_place
        .iter()
        .map(|&old| {
            let mut raw = raws[old].clone();
            raw.lead_in = raw.lead_in.map(|i| moved[i]);
            raw.header = raw.header.map(|i| moved[i]);
            raw
        })
        .collect()
}
