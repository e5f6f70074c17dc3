//! The text layer: places, folding, tokens, sentence boundaries. It knows no Markdown and no criterion.

pub mod distance;
pub mod fold;
pub mod sentence;
pub mod span;
pub mod token;
pub mod tokenize;

pub use span::{FileId, LineIndex, Position, Span, each_line, line_end};
pub use token::{Spelling, Token, TokenFlags, TokenKind};
