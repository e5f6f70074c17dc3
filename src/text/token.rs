//! Tokens: words, numbers and punctuation, each with its bytes in the file.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters.
    Word,
    /// Digits, with letters glued to them (`1er`, `3e`, `2027`).
    Number,
    /// One punctuation mark or symbol; an ellipsis is one, a cell border is `|`.
    Punct,
    /// An e-mail address, whole.
    Email,
    /// A web address, whole.
    Url,
}

/// Facts about a token, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct TokenFlags(pub u8);

impl TokenFlags {
    /// The first letter is a capital.
    pub const CAPITAL: u8 = 1;
    /// Two letters or more, all capitals.
    pub const ALL_CAPS: u8 = 2;
    /// White space stands before it.
    pub const SPACE_BEFORE: u8 = 4;
    /// A line end stands before it, within the block.
    pub const LINE_BEFORE: u8 = 8;
    /// Strong text (bold).
    pub const STRONG: u8 = 16;
    /// In the text of a link.
    pub const LINK: u8 = 32;
    /// In inline code.
    pub const CODE: u8 = 64;
    /// An ASCII hyphen joins it to the token before (`rendez-vous`).
    pub const HYPHEN_BEFORE: u8 = 128;

    /// Whether all bits of `flag` are set.
    #[must_use]
    pub fn has(self, flag: u8) -> bool {
        self.0 & flag == flag
    }
}

/// A token of a dossier.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// First byte in the file.
    pub start: u32,
    /// One past the last byte in the file.
    pub end: u32,
    /// What it is.
    pub kind: TokenKind,
    /// Facts about it.
    pub flags: TokenFlags,
    /// Folded form, in the dossier's arena.
    pub folded: (u32, u32),
    /// Lower-case form with accents, in the dossier's arena.
    pub lower: (u32, u32),
}

impl Token {
    /// The same token, so many bytes further in its file, and its forms so many further in their arena; both may wrap around.
    #[must_use]
    pub fn moved(self, bytes: u32, arena: u32) -> Self {
        let form = |(start, end): (u32, u32)| (start.wrapping_add(arena), end.wrapping_add(arena));
        Self { start: self.start.wrapping_add(bytes), end: self.end.wrapping_add(bytes), folded: form(self.folded), lower: form(self.lower), ..self }
    }
}
