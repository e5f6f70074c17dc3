//! What an edit must leave as it was: the blocks of a text.

#![allow(dead_code)]

use cadrage::dossier::{BlockKind, Dossier, Source};

/// A block: what it is, whether it is quoted, what it says.
pub type Piece = (BlockKind, bool, String);

/// The blocks of a text: what they are, and what they say without its blanks.
pub fn blocks(text: &str) -> Vec<Piece> {
    let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text: text.into() }]);
    let said = |span| dossier.reading(span).split_whitespace().collect::<String>();
    dossier.blocks.iter().map(|block| (block.kind.clone(), block.quoted, said(block.span))).collect()
}

/// Whether all of `before` is in `after`, in the same order.
pub fn stays(before: &[Piece], after: &[Piece]) -> bool {
    let mut rest = after.iter();
    before.iter().all(|block| rest.any(|other| other == block))
}
