//! Matching a phrase of the pattern language on the tokens of a sentence.

use crate::checks::engine::{SIGN_NUMBERS, Signs, decode_signs, op};
use crate::checks::lexicon::{ClassId, Form, Symbol};

/// What a token is for patterns.
#[derive(Debug, Clone, Copy, Default)]
pub struct Facts {
    /// Symbol of its stem.
    pub stem: Symbol,
    /// Symbol of its very form; of a punctuation mark.
    pub exact: Symbol,
    /// Its verb analyses, in [`super::Annotations::forms`].
    pub forms: (u32, u32),
    /// A small word that may stand between two elements of a phrase unnoticed.
    pub skip: bool,
    /// A word, as opposed to a punctuation mark.
    pub word: bool,
    /// What else it may be: see [`super::kinds`].
    pub kinds: u8,
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
    /// For each token of the sentence, and its end, the first mark that begins there or after.
    pub marks_at: &'a [u32],
    /// Index in the dossier of the sentence's first token.
    pub first: u32,
    /// For each token, the signs of its symbols and of the marks that begin there.
    pub own: &'a [Signs],
    /// For each token, and for the end, those of the next token that is not skipped and of those skipped before it.
    pub near: &'a [Signs],
}

/// Small words that may be skipped between two elements.
const MAX_SKIPS: u8 = 4;

/// What is left to match after an alternative.
struct Rest<'a> {
    code: &'a [u32],
    next: Option<&'a Rest<'a>>,
}

impl View<'_> {
    /// Whether the phrase of `code` begins at token `at`; then the end of the match.
    #[must_use]
    pub fn match_at(&self, code: &[u32], at: usize) -> Option<usize> {
        self.run(code, None, at, false, 0).filter(|end| *end > at)
    }

    /// Goes on element by element; calls itself only where there is a choice.
    fn run<'r>(&self, mut code: &'r [u32], mut rest: Option<&'r Rest<'r>>, mut at: usize, mut may_skip: bool, mut skipped: u8) -> Option<usize> {
        loop {
            let Some((&head, mut after)) = code.split_first() else {
                let Some(next) = rest else { return Some(at) };
                (code, rest) = (next.code, next.next);
                continue;
            };
            let operand = head >> 4;
            let here = self.facts.get(at);
            let skips = may_skip && skipped < MAX_SKIPS && here.is_some_and(|f| f.skip);
            match head & 0xf {
                op::ANY => {
                    let (branches, after) = after.split_at(operand as usize);
                    let (signs, mut branches) = branches.split_at(SIGN_NUMBERS);
                    if !self.signed(decode_signs(signs), at, may_skip) {
                        return None;
                    }
                    let tail = Rest { code: after, next: rest };
                    while let Some((&length, others)) = branches.split_first() {
                        let (branch, others) = others.split_at(length as usize);
                        if skips || self.may_begin(branch, at) {
                            let found = self.run(branch, Some(&tail), at, may_skip, skipped);
                            if found.is_some() {
                                return found;
                            }
                        }
                        branches = others;
                    }
                }
                op::CLASS => {
                    let found = self.class_at(after[0], at).find_map(|end| self.run(&after[1..], rest, end, true, 0));
                    if found.is_some() {
                        return found;
                    }
                }
                op::OPTIONAL => {
                    let (inner, after) = after.split_at(operand as usize);
                    let tail = Rest { code: after, next: rest };
                    let found = self.run(inner, Some(&tail), at, may_skip, skipped);
                    if found.is_some() {
                        return found;
                    }
                    code = after;
                    continue;
                }
                op::GAP => {
                    let most = (operand as usize).min(self.facts.len().saturating_sub(at));
                    return (0..=most).filter(|k| self.may_begin(after, at + k)).find_map(|k| self.run(after, rest, at + k, false, 0));
                }
                op::START if at > 0 => return None,
                op::START => {
                    (code, may_skip, skipped) = (after, false, 0);
                    continue;
                }
                op::END => {
                    if self.facts[at.min(self.facts.len())..].iter().any(|f| f.word) {
                        return None;
                    }
                    code = after;
                    continue;
                }
                single => {
                    let is = here.is_some_and(|f| match single {
                        op::STEM => f.stem == operand,
                        op::EXACT => f.exact == operand,
                        op::MARK => f.mark as u32 == operand,
                        op::WORD => f.word,
                        // op::VERB
                        _ => self.is_verb(f, operand, after[0] as u16),
                    });
                    if single == op::VERB {
                        after = &after[1..];
                    }
                    if is && !skips {
                        (code, at, may_skip, skipped) = (after, at + 1, true, 0);
                        continue;
                    }
                    let found = if is { self.run(after, rest, at + 1, true, 0) } else { None };
                    if found.is_some() {
                        return found;
                    }
                }
            }
            if !skips {
                return None;
            }
            (at, skipped) = (at + 1, skipped + 1);
        }
    }

    /// Whether one of `signs` is at token `at`, or after what may be skipped.
    fn signed(&self, signs: Signs, at: usize, may_skip: bool) -> bool {
        let here = if may_skip { self.near.get(at) } else { self.own.get(at) };
        signs == Signs::MAX || here.is_some_and(|here| here & signs != 0)
    }

    /// Whether a phrase may begin at the very token `at`, by its first element.
    #[inline]
    fn may_begin(&self, code: &[u32], at: usize) -> bool {
        let Some(&head) = code.first() else { return true };
        let operand = head >> 4;
        let is = |is: fn(&Facts, u32) -> bool| self.facts.get(at).is_some_and(|f| is(f, operand));
        match head & 0xf {
            op::STEM => is(|f, symbol| f.stem == symbol),
            op::EXACT => is(|f, symbol| f.exact == symbol),
            op::MARK => is(|f, mark| f.mark as u32 == mark),
            op::ANY => self.signed(decode_signs(&code[1..]), at, false),
            _ => true,
        }
    }

    fn is_verb(&self, facts: &Facts, verb: Symbol, moods: u16) -> bool {
        self.forms[facts.forms.0 as usize..facts.forms.1 as usize].iter().any(|f| f.verb == verb && (moods == 0 || f.mood & moods != 0))
    }

    /// Ends of the occurrences of a family of classes that begin at token `at`, the longest first.
    fn class_at(&self, family: u32, at: usize) -> impl Iterator<Item = usize> {
        let classes = family as ClassId..(family >> 16) as ClassId;
        let range = self.marks_at.get(at..at + 2).map_or(0..0, |bounds| bounds[0] as usize..bounds[1] as usize);
        self.marks[range].iter().rev().filter(move |m| classes.contains(&m.class)).map(|m| (m.end - self.first) as usize)
    }
}
