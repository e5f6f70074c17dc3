//! The text of an open document, kept as the editor has it.

use lsp_types::{Range, TextDocumentContentChangeEvent};

use super::encoding::{Encoding, Places};
use crate::text::LineIndex;

/// An open document.
#[derive(Debug, Clone)]
pub struct Document {
    text: String,
    lines: LineIndex,
    /// The editor's number of this state.
    pub version: i32,
}

impl Document {
    /// A document as it was opened.
    #[must_use]
    pub fn new(text: String, version: i32) -> Self {
        let lines = LineIndex::new(&text);
        Self { text, lines, version }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where places are looked for in it.
    #[must_use]
    pub fn places(&self, encoding: Encoding) -> Places<'_> {
        Places { text: &self.text, lines: &self.lines, encoding, skip_bom: false }
    }

    /// Applies changes, one after the other.
    pub fn apply(&mut self, changes: Vec<TextDocumentContentChangeEvent>, version: i32, encoding: Encoding) {
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(part) => self.replace(part.range, &part.text, encoding),
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(whole) => self.text = whole.text,
            }
            self.lines = LineIndex::new(&self.text);
        }
        self.version = version;
    }

    fn replace(&mut self, range: Range, text: &str, encoding: Encoding) {
        let places = self.places(encoding);
        let (start, end) = (places.offset(range.start) as usize, places.offset(range.end) as usize);
        self.text.replace_range(start..end.max(start), text);
    }
}
