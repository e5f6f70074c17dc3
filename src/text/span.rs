//! Places in files: byte spans, and their lines and columns.

use serde::{Deserialize, Serialize};

/// Index of a file within its dossier (see [`crate::dossier::Dossier::files`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct FileId(pub u32);

/// A half-open range of bytes `start..end` in a file as it is on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte, counted from the start of the file (a byte-order mark included).
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `file` from byte `start` to byte `end` (exclusive).
    #[must_use]
    pub fn new(file: FileId, start: u32, end: u32) -> Self {
        Self { file, start, end: end.max(start) }
    }

    /// The smallest span that holds both; `other` is ignored when it is in another file.
    #[must_use]
    pub fn join(self, other: Span) -> Self {
        if self.file != other.file {
            return self;
        }
        Self { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }

    /// Whether `other` lies wholly within this span.
    #[must_use]
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }
}

/// A place for people and programs: 1-based line, 1-based column in Unicode scalar values, byte offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Position {
    /// 1-based line.
    pub line: u32,
    /// 1-based column, in Unicode scalar values (a byte-order mark at the start of the file is not counted).
    pub column: u32,
    /// Offset in UTF-8 bytes from the start of the file as it is on disk.
    pub offset: u32,
}

/// The line ending of a file: that of its first line.
#[must_use]
pub fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        None if text.contains('\r') => "\r",
        _ => "\n",
    }
}

/// The lines of a text, each with its end: `\n`, `\r\n` or a lone `\r`.
pub fn each_line(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes());
        let end = end.map_or(rest.len(), |at| at + if rest[at..].starts_with("\r\n") { 2 } else { 1 });
        let (line, after) = rest.split_at(end);
        rest = after;
        (!line.is_empty()).then_some(line)
    })
}

/// Where the lines of a text begin. A line ends with `\n`, `\r\n` or a lone `\r`.
#[derive(Debug, Clone, Default)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// Characters before each multiple of [`STRIDE`] bytes, so that a place far into a line costs no more than one near its start.
    characters: Vec<u32>,
    has_bom: bool,
}

const STRIDE: usize = 1_024;
/// Bytes of a line, in most texts at least.
const LINE: usize = 64;

/// How many characters begin in `bytes`.
fn characters(bytes: &[u8]) -> u32 {
    bytecount::num_chars(bytes) as u32
}

impl LineIndex {
    /// Indexes `text`, the whole content of a file.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = Vec::with_capacity(bytes.len() / LINE + 1);
        starts.push(0);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n') {
                continue;
            }
            starts.push(at as u32 + 1);
        }
        let mut before = 0;
        let mut counted = Vec::with_capacity(bytes.len() / STRIDE + 1);
        for chunk in bytes.chunks(STRIDE) {
            counted.push(before);
            before += characters(chunk);
        }
        Self { starts, characters: counted, has_bom: text.starts_with('\u{feff}') }
    }

    /// How many lines the text has (at least one).
    #[must_use]
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The 1-based line that holds byte `offset`.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// Byte offset at which 1-based `line` begins; the last line's for a line past the end.
    #[must_use]
    pub fn line_start(&self, line: u32) -> u32 {
        let at = (line.max(1) as usize - 1).min(self.starts.len() - 1);
        self.starts[at]
    }

    /// The place of byte `offset` of `text`, the text the index was made from.
    /// An offset inside a character counts as the character's own; one past the end as the end.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset as u32);
        let start = self.line_start(line) as usize;
        let bom = usize::from(self.has_bom && line == 1 && offset > 0);
        let column = self.characters_between(text.as_bytes(), start, offset) as usize + 1 - bom;
        Position { line, column: column.max(1) as u32, offset: offset as u32 }
    }

    fn characters_between(&self, bytes: &[u8], start: usize, end: usize) -> u32 {
        let before = |at: usize| self.characters.get(at / STRIDE).map_or(0, |n| n + characters(&bytes[at / STRIDE * STRIDE..at]));
        if end - start > STRIDE && end < bytes.len() { before(end) - before(start) } else { characters(&bytes[start..end]) }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_file_has_the_line_ending_of_its_first_line() {
        let endings = ["a\nb\r\n", "a\r\nb\n", "a\rb\r", "a"].map(super::line_end);
        assert_eq!(endings, ["\n", "\r\n", "\r", "\n"]);
    }

    #[test]
    fn lines_keep_their_ends() {
        let lines = |text| super::each_line(text).collect::<Vec<_>>();
        assert_eq!(lines("a\r\n\nb\rc\r\r\nd"), ["a\r\n", "\n", "b\r", "c\r", "\r\n", "d"]);
        assert_eq!(lines(""), [""; 0]);
    }
}
