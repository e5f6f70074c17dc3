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
    /// In inline code.
    pub const CODE: u8 = 64;

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
    /// Its forms.
    pub spelling: Spelling,
}

/// The forms of a token, in the dossier's arena: folded, then in lower case with accents where that is another. There are millions of
/// tokens in a text of some megabytes: it is kept small, and no more than [`Spelling::LONGEST`] characters are spelled.
#[derive(Debug, Clone, Copy)]
pub struct Spelling {
    start: u32,
    folded: u16,
    /// 0 where it is the folded form.
    lower: u16,
}

impl Spelling {
    /// Characters of a token that are spelled; what comes after them in an endless one tells nothing.
    pub const LONGEST: usize = 1_000;

    /// The forms that end `arena`: from `start` and from `middle` on. The second one is taken back if it is the first one again.
    #[must_use]
    pub fn ending(arena: &mut String, start: usize, middle: usize) -> Self {
        if arena[start..middle] == arena[middle..] {
            arena.truncate(middle);
        }
        Self { start: start as u32, folded: (middle - start) as u16, lower: (arena.len() - middle) as u16 }
    }

    /// The folded form, in `arena`.
    #[must_use]
    pub fn folded(self, arena: &str) -> &str {
        let start = self.start as usize;
        &arena[start..start + usize::from(self.folded)]
    }

    /// The lower-case form with accents, in `arena`.
    #[must_use]
    pub fn lower(self, arena: &str) -> &str {
        if self.lower == 0 {
            return self.folded(arena);
        }
        let start = self.start as usize + usize::from(self.folded);
        &arena[start..start + usize::from(self.lower)]
    }

    /// Whether nothing can be spelled.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.folded == 0
    }

    fn moved(self, by: u32) -> Self {
        Self { start: self.start.wrapping_add(by), ..self }
    }
}

impl Token {
    /// The same token, so many bytes further in its file, and its forms so many further in their arena; both may wrap around.
    #[must_use]
    pub fn moved(self, bytes: u32, arena: u32) -> Self {
        Self { start: self.start.wrapping_add(bytes), end: self.end.wrapping_add(bytes), spelling: self.spelling.moved(arena), ..self }
    }
}
