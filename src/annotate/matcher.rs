//! Matching a phrase of the pattern language on the tokens of a sentence.

use crate::checks::lexicon::{ClassId, Form, NONE, Symbol};
use crate::checks::pattern::Element;

/// What a token is for patterns.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Symbol of its stem.
    pub stem: Symbol,
    /// Symbol of its very form.
    pub exact: Symbol,
    /// Its verb analyses, in [`super::Annotations::forms`].
    pub forms: (u32, u32),
    /// A small word that may stand between two elements of a phrase unnoticed.
    pub skip: bool,
    /// A word, as opposed to a punctuation mark.
    pub word: bool,
    /// The mark, for punctuation.
    pub mark: char,
}

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

/// The tokens of a sentence with what is known of them.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Facts of the sentence's tokens.
    pub facts: &'a [Facts],
    /// All verb analyses of the dossier.
    pub forms: &'a [Form],
    /// Marks of the sentence, sorted by start.
    pub marks: &'a [Mark],
    /// Index in the dossier of the sentence's first token.
    pub first: u32,
    /// Sets of classes that `@name` stands for.
    pub families: &'a [Vec<ClassId>],
}

/// Small words that may be skipped between two elements.
const MAX_SKIPS: u8 = 4;

/// What is left to match after an alternative.
struct Rest<'a> {
    elements: &'a [Element<Symbol>],
    next: Option<&'a Rest<'a>>,
}

impl View<'_> {
    /// The first occurrence of `phrase`: tokens of the sentence, `start..end`.
    #[must_use]
    pub fn find(&self, phrase: &[Element<Symbol>]) -> Option<(usize, usize)> {
        self.find_from(phrase, 0)
    }

    /// The first occurrence of `phrase` that begins at token `from` or after.
    #[must_use]
    pub fn find_from(&self, phrase: &[Element<Symbol>], from: usize) -> Option<(usize, usize)> {
        (from..self.facts.len()).find_map(|at| self.match_at(phrase, at).map(|end| (at, end)))
    }

    /// Whether `phrase` begins at token `at`; then the end of the match.
    #[must_use]
    pub fn match_at(&self, phrase: &[Element<Symbol>], at: usize) -> Option<usize> {
        self.run(phrase, None, at, false, 0).filter(|end| *end > at)
    }

    fn run(&self, elements: &[Element<Symbol>], rest: Option<&Rest<'_>>, at: usize, may_skip: bool, skipped: u8) -> Option<usize> {
        let Some((element, after)) = elements.split_first() else {
            return match rest {
                Some(rest) => self.run(rest.elements, rest.next, at, may_skip, skipped),
                None => Some(at),
            };
        };
        let found = match element {
            Element::Gap(most) => {
                return (0..=usize::from(*most)).take_while(|k| at + k <= self.facts.len()).find_map(|k| self.run(after, rest, at + k, false, 0));
            }
            Element::Start => return if at == 0 { self.run(after, rest, at, false, 0) } else { None },
            Element::End => {
                let closed = self.facts[at.min(self.facts.len())..].iter().all(|f| !f.word);
                return if closed { self.run(after, rest, at, may_skip, skipped) } else { None };
            }
            Element::Any(branches) => {
                let tail = Rest { elements: after, next: rest };
                branches.iter().find_map(|branch| self.run(branch, Some(&tail), at, may_skip, skipped))
            }
            Element::Optional(inner) => {
                let tail = Rest { elements: after, next: rest };
                return self.run(inner, Some(&tail), at, may_skip, skipped).or_else(|| self.run(after, rest, at, may_skip, skipped));
            }
            Element::Class(family) => self.class_at(*family, at).find_map(|end| self.run(after, rest, end, true, 0)),
            single => self.single(single, at).then(|| self.run(after, rest, at + 1, true, 0)).flatten(),
        };
        found.or_else(|| {
            let skips = may_skip && skipped < MAX_SKIPS && self.facts.get(at).is_some_and(|f| f.skip);
            if skips { self.run(elements, rest, at + 1, true, skipped + 1) } else { None }
        })
    }

    fn single(&self, element: &Element<Symbol>, at: usize) -> bool {
        let Some(facts) = self.facts.get(at) else { return false };
        match element {
            Element::Stem(symbol) => *symbol != NONE && facts.stem == *symbol,
            Element::Exact(symbol) => *symbol != NONE && facts.exact == *symbol,
            Element::Mark(mark) => facts.mark == *mark,
            Element::Word => facts.word,
            Element::Verb(verb, moods) => self.verb(facts, *verb, *moods),
            _ => false,
        }
    }

    fn verb(&self, facts: &Facts, verb: Symbol, moods: u16) -> bool {
        self.forms[facts.forms.0 as usize..facts.forms.1 as usize].iter().any(|f| f.verb == verb && (moods == 0 || f.mood & moods != 0))
    }

    /// Ends of the occurrences of a family of classes that begin at token `at`, the longest first.
    fn class_at(&self, family: Symbol, at: usize) -> impl Iterator<Item = usize> {
        let start = self.first + at as u32;
        let classes = &self.families[family as usize];
        let from = self.marks.partition_point(|m| m.start < start);
        let to = from + self.marks[from..].iter().take_while(|m| m.start == start).count();
        self.marks[from..to].iter().rev().filter(|m| classes.contains(&m.class)).map(|m| (m.end - self.first) as usize)
    }
}
