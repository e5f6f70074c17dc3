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
    all: Vec<SentenceMark>,
    /// For each mark, the next at its token: its place in `all`, counted from 1.
    next: Vec<u32>,
    /// For each token, the first there, likewise.
    first: Vec<u32>,
}

impl Marks {
    /// Forgets all marks, before a sentence of so many tokens.
    pub fn clear(&mut self, tokens: usize) {
        self.all.clear();
        self.next.clear();
        self.first.clear();
        self.first.resize(tokens, 0);
    }

    /// Adds a mark that begins at a token of the sentence; whether it was not there yet.
    pub fn add(&mut self, mark: SentenceMark) -> bool {
        let Self { all, next, first } = self;
        let order = |mark: SentenceMark| (mark.end, mark.class);
        let (mut before, mut at) = (None, first[mark.start as usize]);
        while at != 0 && order(all[at as usize - 1]) > order(mark) {
            (before, at) = (Some(at), next[at as usize - 1]);
        }
        if at != 0 && all[at as usize - 1] == mark {
            return false;
        }
        all.push(mark);
        next.push(at);
        let link = before.map_or(&mut first[mark.start as usize], |before| &mut next[before as usize - 1]);
        *link = all.len() as u32;
        true
    }

    /// Those that begin at a token, the longest first.
    #[inline]
    pub fn at(&self, token: usize) -> impl Iterator<Item = SentenceMark> {
        let number = |number: u32| (number as usize).checked_sub(1);
        let first = self.first.get(token).copied().and_then(number);
        std::iter::successors(first, move |&at| number(self.next[at])).map(|at| self.all[at])
    }

    /// All of them, as they were added.
    #[must_use]
    pub fn as_added(&self) -> &[SentenceMark] {
        &self.all
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
