//! Patterns compiled for matching many at a time. Every phrase is tried only at the tokens it can begin with, and only where a
//! sign of its second element stands at the right distance.
//!
//! Everything is laid out flat in arrays of numbers, so that those of the built-in catalogue are part of the binary: nothing is
//! compiled, nor even read, when the tool starts.

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
pub const BUILTIN: [(Builtin, &str); 18] = [
    (Builtin::Day, "date.jour"),
    (Builtin::Month, "date.mois"),
    (Builtin::VagueDate, "date-vague"),
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
    /// Alternatives: the length of what follows: the signs of what they may begin with, then each, after its length.
    pub const ANY: u32 = 4;
    /// There or not: the length of what follows.
    pub const OPTIONAL: u32 = 5;
    /// At most so many tokens; the signs of what stands after them follow.
    pub const GAP: u32 = 6;
    /// One word, whichever.
    pub const WORD: u32 = 7;
    /// The beginning of the sentence.
    pub const START: u32 = 8;
    /// The end of the sentence.
    pub const END: u32 = 9;
    /// One token among words, marks and verbs: how many; their signs, then their symbols, sorted, and the moods of each follow.
    pub const SET: u32 = 10;
}

/// Where the second element of a phrase is looked for, counted from the end of the first one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// At the next token that is not skipped.
    Near,
    /// Among so many tokens.
    Short,
    /// Among more.
    Long,
    /// Anywhere until the end of the sentence.
    Rest,
}

impl Reach {
    /// Tokens of [`Reach::Short`].
    pub const SHORT: usize = 6;
    /// Tokens of [`Reach::Long`].
    pub const LONG: usize = 13;
}

/// A set of signs of symbols: several symbols have the same one, so that it tells what cannot be there.
pub type Signs = u128;

/// A sign that stands everywhere: what needs nothing is looked for by it.
pub const EVERYWHERE: Signs = 1;

/// The sign of a symbol, never [`EVERYWHERE`].
#[must_use]
pub fn sign(symbol: Symbol) -> Signs {
    1 << (symbol.wrapping_mul(0x9e37_79b1) >> 25).max(1)
}

/// How many numbers a set of signs is.
pub const SIGN_NUMBERS: usize = 4;

/// A set of signs as numbers.
pub(super) fn encode_signs(signs: Signs) -> [u32; SIGN_NUMBERS] {
    std::array::from_fn(|at| (signs >> (32 * at)) as u32)
}

/// The set of signs that `numbers` begin with.
#[inline]
#[must_use]
pub fn decode_signs(numbers: &[u32]) -> Signs {
    let [a, b, c, d] = numbers.first_chunk::<SIGN_NUMBERS>().copied().unwrap_or_default();
    let half = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
    Signs::from(half(a, b)) | Signs::from(half(c, d)) << 64
}

/// Numbers of a [`Candidate`] in an index.
pub(super) const CANDIDATE: usize = 1 + 2 * SIGN_NUMBERS + NEEDS;

/// A phrase that may begin at a token, because of one of its symbols; as numbers, which are read one at a time.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a>(&'a [u32; CANDIDATE]);

/// The candidates of a symbol.
#[derive(Debug, Clone, Copy)]
pub struct Candidates<'a>(&'a [[u32; CANDIDATE]]);

impl<'a> Candidates<'a> {
    /// How many there are.
    #[inline]
    #[must_use]
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// All of them, in order.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = Candidate<'a>> {
        self.0.iter().map(Candidate)
    }

    /// The one at a place.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    #[must_use]
    pub fn get(self, place: usize) -> Candidate<'a> {
        Candidate(&self.0[place])
    }
}

/// What a [`Candidate`] is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct CandidateParts {
    pub phrase: u32,
    pub reach: Reach,
    pub second: Signs,
    pub rest: Signs,
    pub level: u8,
    pub late: bool,
    pub start: bool,
    pub whole: bool,
    pub begun: bool,
    pub needs: [Need; NEEDS],
}

impl CandidateParts {
    pub(super) fn encode(self) -> Vec<u32> {
        let flags = [self.late, self.whole, self.start, self.begun].iter().rev().fold(0, |flags, flag| flags << 1 | u32::from(*flag));
        let head = self.phrase << 12 | u32::from(self.level) << 6 | flags << 2 | self.reach as u32;
        let mut numbers = vec![head];
        numbers.extend([self.second, self.rest].map(encode_signs).as_flattened());
        numbers.extend(self.needs.map(|need| need.0));
        numbers
    }
}

impl Candidate<'_> {
    const fn flag(self, number: u32) -> bool {
        self.0[0] >> (2 + number) & 1 != 0
    }

    /// The phrase: of a class, or of a pattern.
    #[inline]
    #[must_use]
    pub const fn phrase(self) -> u32 {
        self.0[0] >> 12
    }

    /// Where a sign of its second element is looked for: a [`Reach`], as a number.
    #[inline]
    #[must_use]
    pub const fn reach(self) -> usize {
        self.0[0] as usize & 3
    }

    /// The signs of its second element; one is enough.
    #[inline]
    #[must_use]
    pub fn second(self) -> Signs {
        decode_signs(&self.0[1..])
    }

    /// The signs of what else it takes until the end of the sentence; one is enough.
    #[inline]
    #[must_use]
    pub fn rest(self) -> Signs {
        decode_signs(&self.0[1 + SIGN_NUMBERS..])
    }

    /// What it takes further on in the sentence.
    #[inline]
    #[must_use]
    pub fn needs(self) -> [Need; NEEDS] {
        self.0.last_chunk().map_or([Need::NOTHING; NEEDS], |needs: &[u32; NEEDS]| needs.map(Need))
    }

    /// For a phrase of a class, when it is looked for: after the classes that it refers to.
    #[inline]
    #[must_use]
    pub const fn level(self) -> usize {
        self.0[0] as usize >> 6 & 0x3f
    }

    /// Whether the second element may be a class of the vocabulary.
    #[inline]
    #[must_use]
    pub const fn late(self) -> bool {
        self.flag(0)
    }

    /// Whether the symbol is the whole phrase.
    #[inline]
    #[must_use]
    pub const fn whole(self) -> bool {
        self.flag(1)
    }

    /// Whether the phrase begins at the beginning of a sentence; such candidates come last.
    #[inline]
    #[must_use]
    pub const fn start(self) -> bool {
        self.flag(2)
    }

    /// Whether the symbol is of the first element, so that what else is needed stands after it.
    #[inline]
    #[must_use]
    pub const fn begun(self) -> bool {
        self.flag(3)
    }
}

/// What a phrase requires where it begins or further on, and how far on at most: a symbol, or one of a set of them, either of which
/// has a number, its slot. See [`Engine::slots_of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Need(u32);

impl Need {
    /// The farthest that is told.
    const FARTHEST: u32 = 0xff;

    /// Something that is there everywhere.
    pub(super) const NOTHING: Self = Self(Self::FARTHEST << 24);

    /// What has the slot is needed, at most `within` tokens after the end of the first element; anywhere further on where that is not
    /// known.
    pub(super) fn new(slot: u32, within: Option<u32>) -> Self {
        Self(within.unwrap_or(Self::FARTHEST).min(Self::FARTHEST) << 24 | slot)
    }

    /// The slot of what is needed; the first one is of what is there everywhere.
    #[inline]
    #[must_use]
    pub const fn slot(self) -> usize {
        self.0 as usize & 0xff_ffff
    }

    /// How many tokens after the end of the first element it begins at most, if fewer than 255.
    #[inline]
    #[must_use]
    pub const fn within(self) -> usize {
        (self.0 >> 24) as usize
    }
}

/// Small words that may be skipped between two elements.
pub const MAX_SKIPS: u8 = 4;

/// How many needs of a phrase are looked at before it is tried.
pub const NEEDS: usize = 2;

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
        self.phrase << 2
            | match self.place {
                Place::Here => 0,
                Place::Heading => 1,
                Place::Not => 2,
                Place::Near => 3,
            }
    }

    fn decode(number: u32) -> Self {
        let place = match number & 3 {
            0 => Place::Here,
            1 => Place::Heading,
            2 => Place::Not,
            _ => Place::Near,
        };
        Self { place, phrase: number >> 2 }
    }
}

/// All patterns, with an index from symbols to those worth trying.
#[derive(Debug, Default)]
pub struct Engine {
    /// Words, verbs, classes.
    pub lexicon: Lexicon,
    /// The code of the phrases of classes.
    pub class_phrases: Lists,
    /// The class of each.
    pub class_of: Array,
    /// The code of the phrases of patterns.
    pub phrases: Lists,
    /// The conjuncts of each pattern.
    pub patterns: Lists,
    /// Symbol → phrases of classes that it may begin.
    pub class_index: Lists,
    /// Symbol → phrases that it may begin, looked for in sentences.
    pub phrase_index: Lists,
    /// Symbol → phrases that it may begin, looked for in headings.
    pub heading_index: Lists,
    /// Symbol → slots of what phrases need that it fulfils: see [`Need`].
    pub slots_of: Lists,
    /// How many slots there are, in one number.
    pub slots: Array,
    /// Phrase → patterns to try where it is found: see [`Engine::patterns_with`].
    pub patterns_with: Lists,
    /// Phrase → patterns of headings only that it begins.
    pub patterns_under: Lists,
    /// List → its patterns.
    pub lists: Lists,
    /// Pattern → lists with it, each with its place there.
    pub lists_with: Lists,
}

impl Engine {
    /// All arrays, in the order in which the build lays them out.
    pub fn arrays(&mut self) -> [&mut Array; 31] {
        let Self {
            lexicon,
            class_phrases,
            class_of,
            phrases,
            patterns,
            class_index,
            phrase_index,
            heading_index,
            slots_of,
            slots,
            patterns_with,
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
            &mut class_phrases.starts,
            &mut class_phrases.items,
            class_of,
            &mut phrases.starts,
            &mut phrases.items,
            &mut patterns.starts,
            &mut patterns.items,
            &mut class_index.starts,
            &mut class_index.items,
            &mut phrase_index.starts,
            &mut phrase_index.items,
            &mut heading_index.starts,
            &mut heading_index.items,
            &mut slots_of.starts,
            &mut slots_of.items,
            slots,
            &mut patterns_with.starts,
            &mut patterns_with.items,
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

    /// The patterns that need a phrase in the sentence, and for each what else it needs, to be asked first.
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

    /// The candidates of a symbol in one of the indices.
    #[inline]
    #[must_use]
    pub fn candidates(index: &Lists, symbol: Symbol) -> Candidates<'_> {
        Candidates(index.of(symbol).as_chunks().0)
    }
}
