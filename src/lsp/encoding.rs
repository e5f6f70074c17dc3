//! Places as the protocol counts them: 0-based lines, 0-based columns in the units that were agreed on.

use lsp_types::{Position, PositionEncodingKind, Range};

use crate::text::LineIndex;

/// The unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes of UTF-8.
    Utf8,
    /// Units of 16 bits: the protocol's default.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

impl Encoding {
    /// The encoding of this name in the protocol.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "utf-8" => Some(Self::Utf8),
            "utf-16" => Some(Self::Utf16),
            "utf-32" => Some(Self::Utf32),
            _ => None,
        }
    }

    /// Its name in the protocol.
    #[must_use]
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// How many units `text` has. Counted in bulk: a paragraph may be a line of megabytes.
    fn units(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            // those that start with such a byte take a pair
            Self::Utf16 => text.chars().count() + text.bytes().filter(|byte| *byte >= 0xf0).count(),
            Self::Utf32 => text.chars().count(),
        }
    }

    fn width(self, c: char) -> usize {
        match self {
            Self::Utf8 => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
            Self::Utf32 => 1,
        }
    }
}

/// A text in which places are looked for.
#[derive(Debug, Clone, Copy)]
pub struct Places<'a> {
    /// The text.
    pub text: &'a str,
    /// Its lines.
    pub lines: &'a LineIndex,
    /// The unit of columns.
    pub encoding: Encoding,
    /// Whether a byte-order mark counts for nothing: an editor does not show that of a file on the disk.
    pub skip_bom: bool,
}

impl Places<'_> {
    /// The place of byte `offset`; of the start of the character that holds it; of the end when it is past the end.
    #[must_use]
    pub fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.lines.line_of(offset as u32);
        let before = &self.text[self.start_of(line).min(offset)..offset];
        Position { line: line - 1, character: self.encoding.units(before) as u32 }
    }

    /// The place of the bytes `start..end`.
    #[must_use]
    pub fn range(&self, start: u32, end: u32) -> Range {
        Range { start: self.position(start), end: self.position(end) }
    }

    /// The byte at `position`. One past the end of a line counts as the end of the line; one past the last line as the end of the
    /// text; one inside a character as the character's start.
    #[must_use]
    pub fn offset(&self, position: Position) -> u32 {
        if position.line >= self.lines.line_count() {
            return self.text.len() as u32;
        }
        let start = self.start_of(position.line + 1);
        let mut left = position.character as usize;
        let mut at = start;
        for c in self.text[start..].chars() {
            let width = self.encoding.width(c);
            if matches!(c, '\n' | '\r') || left < width {
                break;
            }
            left -= width;
            at += c.len_utf8();
        }
        at as u32
    }

    /// Where 1-based `line` begins, for an editor.
    fn start_of(&self, line: u32) -> usize {
        let start = self.lines.line_start(line) as usize;
        start + if self.skip_bom && start == 0 && self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a é\u{1f600}b\r\n\rfin";

    fn places(lines: &LineIndex, encoding: Encoding) -> Places<'_> {
        Places { text: TEXT, lines, encoding, skip_bom: false }
    }

    #[test]
    fn columns_are_counted_in_the_units_agreed_on() {
        let lines = LineIndex::new(TEXT);
        let b = TEXT.find('b').unwrap() as u32;
        for (encoding, column) in [(Encoding::Utf8, 8), (Encoding::Utf16, 5), (Encoding::Utf32, 4)] {
            assert_eq!(places(&lines, encoding).position(b), Position { line: 0, character: column });
            assert_eq!(places(&lines, encoding).offset(Position { line: 0, character: column }), b);
        }
    }

    #[test]
    fn a_position_outside_of_the_text_is_brought_back_into_it() {
        let lines = LineIndex::new(TEXT);
        let places = places(&lines, Encoding::Utf16);
        let at = |line, character| places.offset(Position { line, character });
        assert_eq!(at(0, 99), TEXT.find('\r').unwrap() as u32);
        assert_eq!(at(1, 5), TEXT.rfind('\r').unwrap() as u32);
        assert_eq!(at(9, 0), TEXT.len() as u32);
        // the second half of a pair
        assert_eq!(at(0, 4), TEXT.find('\u{1f600}').unwrap() as u32);
    }

    #[test]
    fn a_byte_order_mark_on_the_disk_is_not_counted() {
        let text = "\u{feff}abc";
        let lines = LineIndex::new(text);
        let shown = Places { text, lines: &lines, encoding: Encoding::Utf8, skip_bom: true };
        assert_eq!(shown.position(4), Position { line: 0, character: 1 });
        assert_eq!(shown.position(0), Position { line: 0, character: 0 });
        assert_eq!(shown.offset(Position { line: 0, character: 1 }), 4);
    }
}
