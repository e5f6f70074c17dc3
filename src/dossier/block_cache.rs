//! What the texts of blocks read as, kept from one dossier to the next: an archive repeats its templates, and a dossier that is
//! checked after every keystroke repeats itself.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use super::build::Pseudo;
use super::inline::Found;
use super::{Dossier, Link};
use crate::cache::{Cache, SeenBefore};
use crate::text::{FileId, Span, Token};

/// Bytes held.
const MOST: usize = 3 << 19;
/// Bytes of the longest text that is kept.
const LONGEST: usize = 8 << 10;
/// Places of [`BlockCache::seen`].
const SEEN: usize = 1 << 15;
/// Bytes of a dossier that may well repeat itself.
const LONG: usize = 256 << 10;

/// Tells a passage from all others, and the two blocks that it may be cut into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PassageId(u64);

impl PassageId {
    /// What follows the heading, where a passage opens with one.
    pub(super) fn rest(self) -> Self {
        Self(self.0 + 1)
    }

    /// As a number.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

/// How a block is read, as far as it changes what the same text reads as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Heading,
    Item,
    HeaderRow,
    Row,
    /// It may open with a line that serves as a heading.
    Paragraph,
    Plain,
}

/// A text as it was read: bytes from the beginning of its block, tokens from its first one.
#[derive(Debug)]
pub(super) struct Passage {
    pub(super) id: PassageId,
    shape: Shape,
    text: Box<str>,
    tokens: Box<[Token]>,
    arena: Box<str>,
    /// Where each sentence ends.
    ends: Box<[u32]>,
    /// The line that serves as a heading, and where it ends.
    pub(super) pseudo: Option<(Pseudo, u32)>,
    links: Box<[Link]>,
    comments: Box<[Span]>,
    media: bool,
}

/// What is known of a text.
pub(super) enum Sight {
    /// Nothing: it comes for the first time, as most do, and is not worth keeping yet.
    First,
    /// It has come before: to be kept under this number.
    Again(PassageId, u64),
    /// It was kept.
    Kept(Arc<Passage>),
}

/// The texts of blocks already read. Shared by threads; a few megabytes at most.
#[derive(Debug)]
pub struct BlockCache {
    kept: Cache<Arc<Passage>>,
    /// The hashes of the texts that came, each in the only place that it may have; the last to come stays.
    seen: OnceLock<Box<[AtomicU64]>>,
    next: AtomicU64,
    seen_before: SeenBefore,
}

impl Default for BlockCache {
    fn default() -> Self {
        Self { kept: Cache::new(MOST), seen: OnceLock::new(), next: AtomicU64::new(0), seen_before: SeenBefore::default() }
    }
}

impl BlockCache {
    /// Whether to look for the texts of a dossier of so many bytes.
    pub(super) fn is_worthwhile(&self, bytes: usize) -> bool {
        self.seen_before.is_worthwhile(bytes > LONG)
    }

    pub(super) fn look(&self, text: &str, shape: Shape) -> Sight {
        if text.len() > LONGEST {
            return Sight::First;
        }
        let hash = self.kept.hash(&(shape as u8, text));
        if let Some(passage) = self.kept.get(hash, |passage| passage.is(shape, text)) {
            return Sight::Kept(passage);
        }
        let seen = self.seen.get_or_init(|| (0..SEEN).map(|_| AtomicU64::new(0)).collect());
        if seen[hash as usize % SEEN].swap(hash, Ordering::Relaxed) == hash {
            Sight::Again(PassageId(self.next.fetch_add(2, Ordering::Relaxed)), hash)
        } else {
            Sight::First
        }
    }

    pub(super) fn keep(&self, hash: u64, passage: Passage) {
        let size = passage.size();
        self.kept.keep(hash, Arc::new(passage), size);
    }
}

/// What of a dossier was read from a text.
pub(super) struct Piece<'a> {
    pub(super) shape: Shape,
    /// First byte.
    pub(super) start: u32,
    pub(super) text: &'a str,
    pub(super) tokens: Range<u32>,
    /// Of [`Dossier::arena`].
    pub(super) arena: Range<usize>,
    /// The first sentence of those that end the dossier.
    pub(super) sentence: usize,
    /// The line that serves as a heading, and where it ends in the dossier.
    pub(super) pseudo: Option<(Pseudo, u32)>,
    pub(super) found: &'a Found,
}

impl Passage {
    fn is(&self, shape: Shape, text: &str) -> bool {
        self.shape == shape && *self.text == *text
    }

    pub(super) fn of(id: PassageId, dossier: &Dossier, piece: &Piece<'_>) -> Self {
        let first = piece.tokens.start;
        let back = |span: Span| Span::new(FileId(0), span.start - piece.start, span.end - piece.start);
        let tokens = &dossier.tokens[first as usize..piece.tokens.end as usize];
        Self {
            id,
            shape: piece.shape,
            text: piece.text.into(),
            tokens: tokens.iter().map(|token| token.moved(piece.start.wrapping_neg(), (piece.arena.start as u32).wrapping_neg())).collect(),
            arena: dossier.arena[piece.arena.clone()].into(),
            ends: dossier.sentences[piece.sentence..].iter().map(|sentence| sentence.tokens.end - first).collect(),
            pseudo: piece.pseudo.map(|(pseudo, end)| (pseudo, end - first)),
            links: piece.found.links.iter().map(|link| Link { span: back(link.span), ..link.clone() }).collect(),
            comments: piece.found.comments.iter().map(|span| back(*span)).collect(),
            media: piece.found.media,
        }
    }

    /// Adds its tokens to `dossier` as those of the text at byte `start` of `file`, and tells what else stands in it.
    pub(super) fn read(&self, dossier: &mut Dossier, file: FileId, start: u32) -> Found {
        let arena = dossier.arena.len() as u32;
        dossier.arena.push_str(&self.arena);
        dossier.tokens.extend(self.tokens.iter().map(|token| token.moved(start, arena)));
        let there = |span: Span| Span::new(file, start + span.start, start + span.end);
        Found {
            links: self.links.iter().map(|link| Link { span: there(link.span), ..link.clone() }).collect(),
            comments: self.comments.iter().map(|span| there(*span)).collect(),
            media: self.media,
        }
    }

    /// The sentences of some of its tokens, from the first of these on.
    pub(super) fn sentences(&self, tokens: Range<u32>) -> Vec<Range<usize>> {
        let mut start = tokens.start;
        let ends = self.ends.iter().filter(|end| tokens.contains(&(**end - 1)));
        let range = |end: &u32| (std::mem::replace(&mut start, *end) - tokens.start) as usize..(end - tokens.start) as usize;
        ends.map(range).collect()
    }

    fn size(&self) -> usize {
        let links = self.links.iter().map(|link| link.url.len() + size_of::<Link>()).sum::<usize>();
        size_of::<Self>() + self.text.len() + self.arena.len() + size_of_val(&*self.tokens) + size_of_val(&*self.ends) + links
    }
}
