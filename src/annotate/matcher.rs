//! Matching a phrase of the pattern language on the tokens of a sentence.

use super::kinds;
use super::marks::Marks;
use crate::checks::engine::{MAX_SKIPS, op};
use crate::checks::lexicon::{ClassId, Form, Symbol};

/// What a token is for patterns. There are millions in a text of some megabytes: it is kept small.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokenFacts {
    /// Symbol of its stem.
    pub stem: Symbol,
    /// Symbol of its very form; of a punctuation mark.
    pub exact: Symbol,
    /// Its verb analyses, in [`super::Annotations::forms`].
    pub forms: Analyses,
    /// What else it may be: see [`super::kinds`].
    pub kinds: u16,
}

/// Some verb analyses that follow each other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Analyses {
    start: u32,
    count: u16,
}

impl Analyses {
    /// Those that end `forms`, from `start` on; a word has a few.
    #[must_use]
    pub const fn ending(forms: &[Form], start: usize) -> Self {
        Self { start: start as u32, count: (forms.len() - start) as u16 }
    }

    /// The same, so many further on, which may wrap around.
    #[must_use]
    pub const fn moved(self, by: u32) -> Self {
        Self { start: self.start.wrapping_add(by), ..self }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.count == 0
    }
}

impl TokenFacts {
    /// Its verb analyses among `all` those of the dossier.
    #[must_use]
    pub fn analyses<'a>(&self, all: &'a [Form]) -> &'a [Form] {
        let start = self.forms.start as usize;
        &all[start..start + usize::from(self.forms.count)]
    }

    /// The same of a word that is no verb here.
    #[must_use]
    pub fn noun(self) -> Self {
        Self { forms: Analyses::default(), ..self }
    }

    /// Whether it is a small word that may stand between two elements of a phrase unnoticed.
    #[must_use]
    pub const fn skip(&self) -> bool {
        self.kinds & kinds::SKIPPED != 0
    }

    /// Whether it is a word, as opposed to a punctuation mark.
    #[must_use]
    pub const fn word(&self) -> bool {
        self.kinds & kinds::WORD != 0
    }
}

/// The tokens of a sentence with what is known of them.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// Facts of the sentence's tokens.
    pub facts: &'a [TokenFacts],
    /// All verb analyses of the dossier.
    pub forms: &'a [Form],
    /// Marks of the sentence.
    pub marks: &'a Marks,
}

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

    fn run(&self, code: &[u32], rest: Option<&Rest<'_>>, at: usize, may_skip: bool, skipped: u8) -> Option<usize> {
        let Some((&head, after)) = code.split_first() else {
            return match rest {
                Some(rest) => self.run(rest.code, rest.next, at, may_skip, skipped),
                None => Some(at),
            };
        };
        let operand = head >> 4;
        let found = match head & 0xf {
            op::STEM => self.single(at, |f| f.stem == operand, after, rest),
            op::EXACT => self.single(at, |f| f.exact == operand, after, rest),
            op::WORD => self.single(at, |f| f.word(), after, rest),
            op::VERB => {
                let (moods, after) = (after[0] as u16, &after[1..]);
                self.single(at, |f| self.is_verb(f, operand, moods), after, rest)
            }
            op::SET => {
                let (set, after) = after.split_at(2 * operand as usize);
                self.single(at, |f| self.is_in(f, set), after, rest)
            }
            op::CLASS => {
                let (families, after) = after.split_at(operand as usize);
                self.class_at(families, at).find_map(|end| self.run(after, rest, end, true, 0))
            }
            op::ANY => {
                let (mut branches, after) = after.split_at(operand as usize);
                let skips = may_skip && self.facts.get(at).is_some_and(|f| f.skip());
                let tail = Rest { code: after, next: rest };
                let mut found = None;
                while let (None, Some((&length, rest))) = (found, branches.split_first()) {
                    let (branch, others) = rest.split_at(length as usize);
                    if skips || self.may_begin(branch, at) {
                        found = self.run(branch, Some(&tail), at, may_skip, skipped);
                    }
                    branches = others;
                }
                found
            }
            op::OPTIONAL => {
                let (inner, after) = after.split_at(operand as usize);
                let tail = Rest { code: after, next: rest };
                return self.run(inner, Some(&tail), at, may_skip, skipped).or_else(|| self.run(after, rest, at, may_skip, skipped));
            }
            op::GAP => {
                let last = self.facts.len().min(at + operand as usize);
                return (at..=last).filter(|at| self.may_begin(after, *at)).find_map(|at| self.run(after, rest, at, false, 0));
            }
            op::START => return if at == 0 { self.run(after, rest, at, false, 0) } else { None },
            // op::END
            _ => {
                let closed = self.facts[at.min(self.facts.len())..].iter().all(|f| !f.word());
                return if closed { self.run(after, rest, at, may_skip, skipped) } else { None };
            }
        };
        found.or_else(|| {
            let skips = may_skip && skipped < MAX_SKIPS && self.facts.get(at).is_some_and(|f| f.skip());
            if skips { self.run(code, rest, at + 1, true, skipped + 1) } else { None }
        })
    }

    /// Whether a phrase may begin at the very token `at`, by its first element.
    #[inline]
    fn may_begin(&self, code: &[u32], at: usize) -> bool {
        let Some(&head) = code.first() else { return true };
        let operand = head >> 4;
        let is = |is: fn(&TokenFacts, u32) -> bool| self.facts.get(at).is_some_and(|f| is(f, operand));
        match head & 0xf {
            op::STEM => is(|f, symbol| f.stem == symbol),
            op::EXACT => is(|f, symbol| f.exact == symbol),
            op::VERB => self.facts.get(at).is_some_and(|f| self.forms_of(f).iter().any(|form| form.verb == operand)),
            op::CLASS => self.class_at(&code[1..][..operand as usize], at).next().is_some(),
            op::SET => self.facts.get(at).is_some_and(|f| self.is_in(f, &code[1..][..2 * operand as usize])),
            _ => true,
        }
    }

    #[inline]
    fn single(&self, at: usize, is: impl FnOnce(&TokenFacts) -> bool, after: &[u32], rest: Option<&Rest<'_>>) -> Option<usize> {
        if self.facts.get(at).is_some_and(is) { self.run(after, rest, at + 1, true, 0) } else { None }
    }

    fn is_verb(&self, facts: &TokenFacts, verb: Symbol, moods: u16) -> bool {
        self.forms_of(facts).iter().any(|f| f.verb == verb && (moods == 0 || f.mood & moods != 0))
    }

    fn forms_of(&self, facts: &TokenFacts) -> &[Form] {
        facts.analyses(self.forms)
    }

    /// Whether a token is one of the words, marks and verbs of a set: its symbols, the moods of each.
    fn is_in(&self, facts: &TokenFacts, set: &[u32]) -> bool {
        let (symbols, moods) = set.split_at(set.len() / 2);
        // no verb has the symbol of a word: the moods of those are none
        let holds = |symbol: Symbol, mood: u16| symbols.binary_search(&symbol).is_ok_and(|at| moods[at] == 0 || moods[at] & u32::from(mood) != 0);
        holds(facts.stem, 0) || holds(facts.exact, 0) || self.forms_of(facts).iter().any(|form| holds(form.verb, form.mood))
    }

    /// Ends of the occurrences of families of classes that begin at token `at`, the longest first.
    fn class_at(&self, families: &[u32], at: usize) -> impl Iterator<Item = usize> {
        let among = |class| families.iter().any(|family| (*family as ClassId..(family >> 16) as ClassId).contains(&class));
        self.marks.at(at).filter(move |mark| among(mark.class)).map(|mark| mark.end as usize)
    }
}
