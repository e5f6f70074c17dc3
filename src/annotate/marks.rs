//! Occurrences of classes: in a dossier, in a sentence, and while those of a sentence are looked for.

use crate::checks::lexicon::ClassId;
#[cfg(doc)]
use crate::text::sentence::LONGEST;

/// An occurrence of a class of the vocabulary: tokens `start..end` of the dossier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// First token.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The class.
    pub class: ClassId,
}

/// The same, of the tokens of its sentence, of which there are [`LONGEST`] at most. It is kept small: there are millions in a
/// text of some megabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct SentenceMark {
    /// First token.
    pub start: u16,
    /// One past the last.
    pub end: u16,
    /// The class.
    pub class: ClassId,
}

impl Mark {
    /// Counted from the token that is the `first` of its sentence.
    #[must_use]
    pub const fn in_sentence(self, first: u32) -> SentenceMark {
        SentenceMark { start: (self.start - first) as u16, end: (self.end - first) as u16, class: self.class }
    }
}

impl SentenceMark {
    /// Counted in the dossier, of which token `first` begins its sentence.
    #[must_use]
    pub const fn in_dossier(self, first: u32) -> Mark {
        Mark { start: first + self.start as u32, end: first + self.end as u32, class: self.class }
    }
}

/// The marks of a sentence, by the token at which they begin: each once, the longest first, as they come.
#[derive(Debug, Default)]
pub struct Marks {
    all: Vec<Node>,
    /// For each token, the first there: its place in `all`, counted from 1.
    first: Vec<u32>,
}

/// A mark.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// Where it ends and, in the lower half, its class: the longest come first.
    order: u32,
    /// The next at its token, as in [`Marks::first`].
    next: u32,
    start: u16,
}

impl Node {
    const fn mark(self) -> SentenceMark {
        SentenceMark { start: self.start, end: (self.order >> 16) as u16, class: self.order as ClassId }
    }
}

impl Marks {
    /// Forgets all marks, before a sentence of so many tokens.
    pub fn clear(&mut self, tokens: usize) {
        self.all.clear();
        self.first.clear();
        self.first.resize(tokens, 0);
    }

    /// Adds a mark that begins at a token of the sentence; whether it was not there yet.
    pub fn add(&mut self, SentenceMark { start, end, class }: SentenceMark) -> bool {
        let order = u32::from(end) << 16 | u32::from(class);
        let number = self.all.len() as u32 + 1;
        let first = &mut self.first[start as usize];
        let (mut before, mut at) = (0, *first);
        while let Some(node) = self.all.get((at as usize).wrapping_sub(1)) {
            if node.order <= order {
                if node.order == order {
                    return false;
                }
                break;
            }
            (before, at) = (at, node.next);
        }
        match self.all.get_mut((before as usize).wrapping_sub(1)) {
            Some(before) => before.next = number,
            None => *first = number,
        }
        self.all.push(Node { order, next: at, start });
        true
    }

    /// Those that begin at a token, the longest first.
    #[inline]
    pub fn at(&self, token: usize) -> impl Iterator<Item = SentenceMark> {
        let node = |number: u32| self.all.get((number as usize).wrapping_sub(1));
        let first = self.first.get(token).copied().and_then(node);
        std::iter::successors(first, move |at| node(at.next)).map(|node| node.mark())
    }

    /// All of them, as they were added.
    pub fn as_added(&self) -> impl Iterator<Item = SentenceMark> {
        self.all.iter().map(|node| node.mark())
    }

    /// Adds all of them to `out`, by start, end and class.
    pub fn sorted_into(&self, out: &mut Vec<SentenceMark>) {
        for token in 0..self.first.len() {
            let from = out.len();
            out.extend(self.at(token));
            out[from..].reverse();
        }
    }
}
