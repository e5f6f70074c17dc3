//! Patterns compiled for matching many at a time. Every phrase is looked for only in the sentences that hold its rarest element.
//!
//! Everything is laid out flat in arrays of numbers, so that those of the built-in catalogue are part of the binary: nothing is
//! compiled, nor even read, when the tool starts.

use std::collections::BTreeSet;

use super::lexicon::{ClassId, Lexicon, Symbol};
use super::pattern::Place;
use super::table::Array;

/// Number of a pattern of a check.
pub type PatternId = u32;
/// Number of a list of patterns, one of which is enough.
pub type AnyOf = u32;
/// Lists of patterns, and patterns of a list, are fewer: what is found keeps their numbers in fifteen bits.
pub const MOST_PATTERNS: usize = 1 << 15;
/// Number of a phrase of a pattern; the same phrase in several patterns has one number.
pub type PhraseId = u32;

/// A class that the code recognises by its shape, not by its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Builtin {
    Day,
    Month,
    VagueDate,
    TextDate,
    Period,
    Delay,
    Duration,
    Amount,
    Percentage,
    Number,
    Hour,
    Email,
    Phone,
    Url,
    Person,
    ProperNoun,
    Acronym,
    Question,
    FirstPerson,
}

/// Their names; patterns use them like those of the vocabulary.
pub const BUILTIN: [(Builtin, &str); 19] = [
    (Builtin::Day, "date.jour"),
    (Builtin::Month, "date.mois"),
    (Builtin::VagueDate, "date-vague"),
    (Builtin::TextDate, "date-texte"),
    (Builtin::Period, "periode"),
    (Builtin::Delay, "delai"),
    (Builtin::Duration, "duree"),
    (Builtin::Amount, "montant"),
    (Builtin::Percentage, "pourcentage"),
    (Builtin::Number, "nombre"),
    (Builtin::Hour, "heure"),
    (Builtin::Email, "courriel"),
    (Builtin::Phone, "telephone"),
    (Builtin::Url, "url"),
    (Builtin::Person, "personne"),
    (Builtin::ProperNoun, "nom-propre"),
    (Builtin::Acronym, "sigle"),
    (Builtin::Question, "interrogation"),
    (Builtin::FirstPerson, "premiere-personne"),
];

/// A list of words that the code asks of the vocabulary, one by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WordList {
    /// Small words that may stand between two elements of a phrase unnoticed.
    Small,
    /// First names, which open a person's name without « M. » or « Mme ».
    FirstName,
    /// Words that open a sentence before its verb without naming anybody.
    Nameless,
    /// Participles and verbs that say that their subject exists, by their stems: whatever their gender and number.
    Established,
}

/// Their names in the files of the vocabulary.
pub const WORD_LISTS: [(WordList, &str); 4] =
    [(WordList::Small, "mot-outil"), (WordList::FirstName, "prenom"), (WordList::Nameless, "sans-nom"), (WordList::Established, "etabli")];

/// What an element of a phrase is, in the lower four bits of its code; the rest is its operand.
pub mod op {
    /// A word of any number and gender: its symbol.
    pub const STEM: u32 = 0;
    /// The very form, or a punctuation mark: its symbol.
    pub const EXACT: u32 = 1;
    /// A verb: its symbol; the moods follow.
    pub const VERB: u32 = 2;
    /// A class among so many families: for each follow the first and one past the last, in one number.
    pub const CLASS: u32 = 3;
    /// Alternatives: the length of what follows: each, after its length.
    pub const ANY: u32 = 4;
    /// There or not: the length of what follows.
    pub const OPTIONAL: u32 = 5;
    /// At most so many tokens.
    pub const GAP: u32 = 6;
    /// One word, whichever.
    pub const WORD: u32 = 7;
    /// The beginning of the sentence.
    pub const START: u32 = 8;
    /// The end of the sentence.
    pub const END: u32 = 9;
    /// One token among words, marks and verbs: how many; their symbols follow, sorted, then the moods of each.
    pub const SET: u32 = 10;
}

/// What tells where a phrase can begin: its elements from the last to the first. The lower four bits of a number tell what it is; the rest
/// is its operand.
pub mod sieve {
    pub use super::op::{ANY, END, GAP, OPTIONAL, START, WORD};

    /// One token: its symbol.
    pub const TOKEN: u32 = 0;
    /// One token: the number of the set of its symbols.
    pub const TOKEN_SET: u32 = 1;
    /// A class: its symbol.
    pub const CLASS: u32 = 2;
    /// A class: the number of the set of their symbols.
    pub const CLASS_SET: u32 = 3;
}

/// Small words that may be skipped between two elements.
pub const MAX_SKIPS: u8 = 4;

/// Lists of numbers, one a number: where each begins, then all of them.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Where each list begins in `items`, and where the last ends.
    pub starts: Array,
    /// The lists, one after the other.
    pub items: Array,
}

impl Lists {
    /// The list of a number; empty past the last one.
    #[must_use]
    pub fn of(&self, number: u32) -> &[u32] {
        let bounds = self.starts.get(number as usize..number as usize + 2).unwrap_or(&[0, 0]);
        &self.items[bounds[0] as usize..bounds[1] as usize]
    }

    /// How many lists there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<I: IntoIterator<Item = u32>> FromIterator<I> for Lists {
    fn from_iter<T: IntoIterator<Item = I>>(lists: T) -> Self {
        let (mut starts, mut items) = (vec![0], Vec::new());
        for list in lists {
            items.extend(list);
            starts.push(items.len() as u32);
        }
        Self { starts: starts.into(), items: items.into() }
    }
}

/// Phrases, each in one piece: the length of its [`sieve`], that, and its code, of [`op`].
#[derive(Debug, Default)]
pub struct Phrases(pub Lists);

impl Phrases {
    /// The sieve and the code of a phrase.
    #[inline]
    #[must_use]
    pub fn of(&self, phrase: u32) -> (&[u32], &[u32]) {
        self.0.of(phrase).split_first().map_or((&[], &[]), |(length, rest)| rest.split_at(*length as usize))
    }

    /// A phrase as it is laid out.
    pub(super) fn lay_out(sieve: Vec<u32>, code: Vec<u32>) -> Vec<u32> {
        [vec![sieve.len() as u32], sieve, code].concat()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A conjunct of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conjunct {
    /// Where it is looked for.
    pub place: Place,
    /// What is looked for.
    pub phrase: PhraseId,
}

/// Stands for no conjunct.
pub(super) const NOTHING: u32 = u32::MAX;

impl Conjunct {
    pub(super) fn encode(self) -> u32 {
        self.phrase << 3
            | match self.place {
                Place::Here => 0,
                Place::Heading => 1,
                Place::Not => 2,
                Place::Near => 3,
                Place::NotUnder => 4,
            }
    }

    fn decode(number: u32) -> Self {
        let place = match number & 7 {
            0 => Place::Here,
            1 => Place::Heading,
            2 => Place::Not,
            3 => Place::Near,
            _ => Place::NotUnder,
        };
        Self { place, phrase: number >> 3 }
    }
}

/// The phrases to look for in a sentence, by the symbols that stand there: for each, how many phrases it is the whole of, and which, or
/// the classes that this makes; then those that are nowhere without it, or another of the same set. Nothing where there is neither.
#[derive(Debug, Default)]
pub struct Index(pub Lists);

impl Index {
    /// The phrases that a symbol is the whole of, or their classes, and those to look for where it stands: of their elements, it is the rarest.
    #[inline]
    pub fn of(&self, symbol: Symbol) -> (&[u32], impl Iterator<Item = Anchored> + use<'_>) {
        let (whole, anchored) = self.0.of(symbol).split_first().map_or((&[][..], &[][..]), |(count, rest)| rest.split_at(*count as usize));
        (whole, anchored.as_chunks().0.iter().map(|&numbers| Anchored::decode(numbers)))
    }

    /// The list of a symbol.
    pub(super) fn lay_out(whole: Vec<u32>, anchored: Vec<[u32; 3]>) -> Vec<u32> {
        if whole.is_empty() && anchored.is_empty() {
            return Vec::new();
        }
        [vec![whole.len() as u32], whole, anchored.into_flattened()].concat()
    }
}

/// Some classes and all that are wider, in order.
pub(super) fn with_wider(classes: impl IntoIterator<Item = ClassId>, wider: &Lists) -> Vec<u32> {
    let mut out = BTreeSet::new();
    let mut new: Vec<u32> = classes.into_iter().map(u32::from).collect();
    while let Some(class) = new.pop() {
        if out.insert(class) {
            new.extend(wider.of(class));
        }
    }
    out.into_iter().collect()
}

/// A phrase to look for where its rarest element is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchored {
    /// The phrase: of a class, or of a pattern.
    pub phrase: u32,
    /// For a phrase of a class, when it is looked for: after the classes that it refers to.
    pub level: u8,
    /// Whether it begins with the first word of its sentence, and one of [`Engine::firsts`].
    pub opening: bool,
    /// What else it needs that is known by then, what comes least first.
    pub needs: [Need; 2],
}

impl Anchored {
    pub(super) fn encode(self) -> [u32; 3] {
        let [need, other] = self.needs.map(Need::encode);
        [self.phrase << u8::BITS | u32::from(self.opening) << 7 | u32::from(self.level), need, other]
    }

    const fn decode([number, need, other]: [u32; 3]) -> Self {
        let needs = [Need::decode(need), Need::decode(other)];
        Self { phrase: number >> u8::BITS, level: number as u8 & 0x7f, opening: number & 0x80 != 0, needs }
    }
}

/// What a phrase is nowhere to be looked for without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A symbol.
    One(Symbol),
    /// One of the symbols of a set, by its number.
    Set(u32),
}

impl Need {
    pub(super) const fn encode(self) -> u32 {
        match self {
            Self::One(symbol) => symbol << 1,
            Self::Set(number) => number << 1 | 1,
        }
    }

    /// The one that is a number of [`Engine::firsts`].
    #[inline]
    #[must_use]
    pub const fn decode(number: u32) -> Self {
        if number & 1 == 0 { Self::One(number >> 1) } else { Self::Set(number >> 1) }
    }
}

/// All patterns, with an index from symbols to those worth trying.
#[derive(Debug, Default)]
pub struct Engine {
    /// Words, verbs, classes.
    pub lexicon: Lexicon,
    /// The phrases of classes.
    pub class_phrases: Phrases,
    /// The class of each.
    pub class_of: Array,
    /// The phrases of patterns.
    pub phrases: Phrases,
    /// The conjuncts of each pattern.
    pub patterns: Lists,
    /// The phrases of classes; where a symbol is the whole of some, their classes and the wider ones, in order.
    pub class_index: Index,
    /// Class → the classes of which it is a phrase by itself: where it stands, they do.
    pub wider: Lists,
    /// The phrases looked for in sentences.
    pub phrase_index: Index,
    /// The phrases looked for in headings only.
    pub heading_index: Index,
    /// The phrases that matter only beside others, looked for where those are: see [`Engine::is_secondary`].
    pub secondary_index: Index,
    /// Which phrases these are, one bit each.
    pub secondary: Array,
    /// What each phrase of a class begins with, as a [`Need`], as far as that is known when it is looked for.
    pub class_firsts: Array,
    /// What each phrase begins with.
    pub firsts: Array,
    /// The sets of symbols that sieves number.
    pub sets: Lists,
    /// Phrase → patterns to try in the sentences where it is found: see [`Engine::patterns_with`].
    pub patterns_with: Lists,
    /// Phrase → secondary phrases to look for in the sentences where it is found.
    pub beside: Lists,
    /// Phrase → patterns to try in the sentences that one where it is found introduces.
    pub patterns_after: Lists,
    /// Phrase → patterns to try near the sentences where it is found.
    pub patterns_near: Lists,
    /// Phrase → patterns to try under the headings where it is found.
    pub patterns_under: Lists,
    /// List → its patterns.
    pub lists: Lists,
    /// Pattern → lists with it, each with its place there.
    pub lists_with: Lists,
}

impl Engine {
    /// All arrays, in the order in which the build lays them out.
    pub fn arrays(&mut self) -> [&mut Array; 43] {
        let Self {
            lexicon,
            class_phrases,
            class_of,
            phrases,
            patterns,
            class_index,
            wider,
            phrase_index,
            heading_index,
            secondary_index,
            secondary,
            class_firsts,
            firsts,
            sets,
            patterns_with,
            beside,
            patterns_after,
            patterns_near,
            patterns_under,
            lists,
            lists_with,
        } = self;
        [
            &mut lexicon.strings.ends,
            &mut lexicon.strings.slots,
            &mut lexicon.facts,
            &mut lexicon.forms,
            &mut lexicon.classes.ends,
            &mut lexicon.classes.slots,
            &mut lexicon.symbols,
            &mut class_phrases.0.starts,
            &mut class_phrases.0.items,
            class_of,
            &mut phrases.0.starts,
            &mut phrases.0.items,
            &mut patterns.starts,
            &mut patterns.items,
            &mut class_index.0.starts,
            &mut class_index.0.items,
            &mut wider.starts,
            &mut wider.items,
            &mut phrase_index.0.starts,
            &mut phrase_index.0.items,
            &mut heading_index.0.starts,
            &mut heading_index.0.items,
            &mut secondary_index.0.starts,
            &mut secondary_index.0.items,
            secondary,
            class_firsts,
            firsts,
            &mut sets.starts,
            &mut sets.items,
            &mut patterns_with.starts,
            &mut patterns_with.items,
            &mut beside.starts,
            &mut beside.items,
            &mut patterns_after.starts,
            &mut patterns_after.items,
            &mut patterns_near.starts,
            &mut patterns_near.items,
            &mut patterns_under.starts,
            &mut patterns_under.items,
            &mut lists.starts,
            &mut lists.items,
            &mut lists_with.starts,
            &mut lists_with.items,
        ]
    }

    /// The conjuncts of a pattern.
    pub fn conjuncts(&self, pattern: PatternId) -> impl DoubleEndedIterator<Item = Conjunct> + use<'_> {
        self.patterns.of(pattern).iter().map(|&number| Conjunct::decode(number))
    }

    /// Whether a phrase matters only beside others: it is looked for once another of its pattern is found, but in a long sentence, which
    /// is looked through once.
    #[inline]
    #[must_use]
    pub fn is_secondary(&self, phrase: PhraseId) -> bool {
        self.secondary.get((phrase / u32::BITS) as usize).is_some_and(|bits| bits >> (phrase % u32::BITS) & 1 != 0)
    }

    /// The patterns to try where a phrase is in the sentence, and for each what else it needs, to be asked first.
    pub fn patterns_with(&self, phrase: PhraseId) -> impl Iterator<Item = (PatternId, Option<Conjunct>)> + use<'_> {
        let lists = self.patterns_with.of(phrase).as_chunks().0.iter();
        lists.map(|&[pattern, first]| (pattern, (first != NOTHING).then(|| Conjunct::decode(first))))
    }

    /// The lists with a pattern that is looked for in sentences, and its place in each.
    pub fn lists_with(&self, pattern: PatternId) -> impl Iterator<Item = (AnyOf, u32)> + use<'_> {
        self.lists_with.of(pattern).as_chunks().0.iter().map(|&[list, place]| (list, place))
    }

    /// The class of a phrase of a class.
    #[must_use]
    pub fn class_of(&self, phrase: u32) -> ClassId {
        self.class_of[phrase as usize] as ClassId
    }
}
