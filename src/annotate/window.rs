//! Where phrases can begin, for all tokens of a stretch of a sentence at once: a set of tokens is a number, one bit each.

use super::marks::Marks;
use super::matcher::TokenFacts;
use crate::checks::engine::{Anchored, Engine, MAX_SKIPS, Need, sieve};
use crate::checks::lexicon::{ANY, ClassId, Symbol};

/// Tokens of a window, one a bit; the last bit stands for all that come after it.
pub type Tokens = u64;

/// How many tokens a window is.
pub const WIDTH: usize = Tokens::BITS as usize - 1;

/// How many windows after one are looked at: what stands farther in an endless sentence belongs to no phrase that begins there.
const FARTHEST: u8 = 2;

/// All that come after the window.
const AFTER: Tokens = 1 << WIDTH;

/// The bit of a token of the window, or after it, that is so many after its first one.
#[inline]
fn bit(at: usize) -> Tokens {
    1 << at.min(WIDTH)
}

/// The tokens so many before one of those given.
#[inline]
const fn before(tokens: Tokens, by: u32) -> Tokens {
    // the last bit stays, and spreads: what comes after the window may come at any distance
    (tokens.cast_signed() >> by).cast_unsigned()
}

/// Calls `each` with each token of the window among those given.
pub fn each(tokens: Tokens) -> impl Iterator<Item = usize> {
    let mut left = tokens & !AFTER;
    std::iter::from_fn(move || {
        let at = (left != 0).then(|| left.trailing_zeros() as usize)?;
        left &= left - 1;
        Some(at)
    })
}

/// A stretch of a sentence, with what comes after it. The windows of a sentence are gone through from the last to the first, since what
/// begins at a token depends on nothing before it.
#[derive(Debug)]
pub struct Window {
    /// The token of the sentence that is its first.
    first: usize,
    /// By symbol, where it stands.
    at: Vec<Tokens>,
    /// The symbols that stand somewhere, as they come.
    known: Vec<Symbol>,
    /// By symbol that stands only after the window, how many windows after.
    farness: Vec<u8>,
    /// By symbol, 1 if it stands there, or after: what is asked most, and small enough to stay at hand.
    present: Vec<u8>,
    /// What was told of sets: there, or after; and there alone, where something comes after.
    told: Told,
    told_here: Told,
    /// Whether something does.
    more: bool,
    /// Small words, which may be skipped.
    small: Tokens,
    words: Tokens,
    /// Where no word follows.
    closing: Tokens,
}

/// Of sets of symbols, whether one of them is there, told once.
#[derive(Debug)]
struct Told {
    /// Of each set, the answer in the last bit; above, when it was told. None before one is asked for.
    sets: Vec<u8>,
    now: u8,
}

impl Told {
    const fn nothing() -> Self {
        Self { sets: Vec::new(), now: 1 }
    }

    /// Forgets what was told, before other symbols are added.
    fn forget(&mut self) {
        self.now += 1;
        if self.now == 1 << 7 {
            self.sets.fill(0);
            self.now = 1;
        }
    }

    /// Whether one of the symbols of a set is there; `there` is 0 of those that are not.
    #[inline]
    fn any(&mut self, number: u32, engine: &Engine, there: impl Fn(Symbol) -> Tokens) -> bool {
        match self.sets.get(number as usize) {
            Some(told) if told >> 1 == self.now => told & 1 != 0,
            _ => self.tell(number, engine, there),
        }
    }

    #[inline(never)]
    fn tell(&mut self, number: u32, engine: &Engine, there: impl Fn(Symbol) -> Tokens) -> bool {
        let (some, rest) = engine.sets.of(number).as_chunks::<4>();
        // several at once, since most are not there
        let there = |symbols: &[Symbol]| symbols.iter().fold(0, |all, symbol| all | there(*symbol)) != 0;
        let any = some.iter().any(|symbols| there(symbols)) || there(rest);
        if self.sets.is_empty() {
            self.sets.resize(engine.sets.len(), 0);
        }
        self.sets[number as usize] = self.now << 1 | u8::from(any);
        any
    }
}

impl Window {
    pub fn new(engine: &Engine) -> Self {
        Self {
            first: 0,
            at: vec![0; engine.lexicon.symbol_count()],
            known: Vec::new(),
            farness: vec![0; engine.lexicon.symbol_count()],
            present: vec![0; engine.lexicon.symbol_count()],
            told: Told::nothing(),
            told_here: Told::nothing(),
            more: false,
            small: 0,
            words: 0,
            closing: 0,
        }
    }

    /// The token of the sentence that is its first.
    pub fn first(&self) -> usize {
        self.first
    }

    /// Begins with the last window of a sentence.
    pub fn last_of(&mut self, sentence: &[TokenFacts]) {
        for symbol in self.known.drain(..) {
            self.at[symbol as usize] = 0;
            self.present[symbol as usize] = 0;
        }
        (self.small, self.words) = (0, 0);
        self.first = sentence.len().saturating_sub(1) / WIDTH * WIDTH;
        self.read(sentence);
    }

    /// Goes on with the one before, if there is one.
    pub fn go_back(&mut self, sentence: &[TokenFacts]) -> bool {
        let Some(first) = self.first.checked_sub(WIDTH) else { return false };
        self.first = first;
        let all_after = |tokens: &mut Tokens| *tokens = if *tokens == 0 { 0 } else { AFTER };
        let Self { known, at, farness, present, .. } = self;
        known.retain(|symbol| {
            let (there, windows) = (&mut at[*symbol as usize], &mut farness[*symbol as usize]);
            *windows = if *there == AFTER { windows.saturating_add(1) } else { 1 };
            let near = *windows <= FARTHEST;
            *there = if near { AFTER } else { 0 };
            present[*symbol as usize] = near.into();
            near
        });
        all_after(&mut self.small);
        all_after(&mut self.words);
        self.read(sentence);
        true
    }

    fn read(&mut self, sentence: &[TokenFacts]) {
        self.more = sentence.len() > self.first + WIDTH;
        self.told.forget();
        self.told_here.forget();
        let own = &sentence[self.first..sentence.len().min(self.first + WIDTH)];
        for (at, fact) in own.iter().enumerate() {
            let bit = bit(at);
            self.small |= if fact.skip() { bit } else { 0 };
            self.words |= if fact.word() { bit } else { 0 };
        }
        let last_word = Tokens::BITS - self.words.leading_zeros();
        self.closing = AFTER | Tokens::MAX.checked_shl(last_word).unwrap_or(0);
    }

    /// Tells that a symbol stands at a token of the window.
    #[inline]
    pub fn add(&mut self, symbol: Symbol, at: usize) {
        let there = &mut self.at[symbol as usize];
        if *there == 0 {
            self.known.push(symbol);
            self.present[symbol as usize] = 1;
        }
        *there |= bit(at);
    }

    /// The symbols that stand there, or after, as they were added.
    pub fn known(&self) -> &[Symbol] {
        &self.known
    }

    /// Where a symbol stands.
    #[inline]
    pub fn of(&self, symbol: Symbol) -> Tokens {
        self.at[symbol as usize]
    }

    /// Whether what a phrase needs stands there, or after, and what it begins with, by its number among the `firsts`, there.
    #[inline]
    pub fn may_hold(&mut self, Anchored { phrase, opening, needs, .. }: Anchored, firsts: &[u32], engine: &Engine) -> bool {
        let Self { present, told, .. } = self;
        let there = |need: Need| match need {
            Need::One(symbol) => present[symbol as usize] != 0,
            Need::Set(number) => told.any(number, engine, |symbol| present[symbol as usize].into()),
        };
        needs.into_iter().all(there) && (!opening && !self.more || self.may_begin(Need::decode(firsts[phrase as usize]), opening, engine))
    }

    /// Whether one of the symbols with which a phrase begins stands there; of an `opening` one, at the beginning of the sentence.
    #[inline(never)]
    fn may_begin(&mut self, first: Need, opening: bool, engine: &Engine) -> bool {
        let Self { at, told_here, .. } = self;
        if opening && self.first > 0 {
            return false;
        }
        let among = if opening { 1 } else { !AFTER };
        let there = |symbol: Symbol| at[symbol as usize] & among;
        match first {
            Need::One(symbol) => symbol == ANY || there(symbol) != 0,
            Need::Set(number) if opening => engine.sets.of(number).iter().any(|symbol| there(*symbol) != 0),
            Need::Set(number) => told_here.any(number, engine, there),
        }
    }

    /// Where a phrase can begin, by its [`sieve`]; nowhere else does it. What comes after the window, and the mood of a verb, are left
    /// open.
    pub fn starts(&self, code: &[u32], marks: &Marks, engine: &Engine) -> Tokens {
        Sieve { window: self, marks, engine }.before(code, Tokens::MAX)
    }

    /// The tokens before these, and before small words that lead to them.
    #[inline]
    fn leading_to(&self, tokens: Tokens) -> Tokens {
        before(self.over_small_words(tokens), 1)
    }

    /// These tokens, and those from which small words lead to them.
    #[inline]
    fn over_small_words(&self, tokens: Tokens) -> Tokens {
        (0..MAX_SKIPS).fold(tokens, |reached, _| reached | self.small & before(reached, 1))
    }
}

/// What tells where phrases can begin in a window.
struct Sieve<'a> {
    window: &'a Window,
    marks: &'a Marks,
    engine: &'a Engine,
}

impl Sieve<'_> {
    /// Where `code` can begin, when what follows it can begin at one of the tokens `then`.
    fn before(&self, mut code: &[u32], mut then: Tokens) -> Tokens {
        while let Some((&head, mut after)) = code.split_first() {
            let operand = head >> 4;
            let mut inner = || {
                let (inner, others) = after.split_at(operand as usize);
                after = others;
                inner
            };
            then = match head & 0xf {
                sieve::TOKEN => self.window.of(operand) & self.window.leading_to(then),
                sieve::TOKEN_SET => self.of_set(operand) & self.window.leading_to(then),
                sieve::CLASS => self.ending(self.window.of(operand), &[operand], then),
                sieve::CLASS_SET => self.ending(self.of_set(operand), self.engine.sets.of(operand), then),
                sieve::ANY => {
                    let mut branches = inner();
                    let (mut there, leading) = (0, self.window.leading_to(then));
                    while let Some((&length, rest)) = branches.split_first() {
                        let (branch, others) = rest.split_at(length as usize);
                        branches = others;
                        // most end in a word, that is not there
                        there |= match branch.split_first() {
                            Some((&last, rest)) if last & 0xf == sieve::TOKEN => match self.window.of(last >> 4) & leading {
                                ends if ends == 0 || rest.is_empty() => ends,
                                ends => self.before(rest, ends),
                            },
                            _ => self.before(branch, then),
                        };
                    }
                    there
                }
                sieve::OPTIONAL => then | self.before(inner(), then),
                sieve::GAP => {
                    let mut reach = 0;
                    while reach < operand {
                        // what is known of so many tokens tells of as many more
                        let by = (reach + 1).min(operand - reach);
                        then |= before(then, by);
                        reach += by;
                    }
                    then
                }
                sieve::WORD => self.window.words & self.window.leading_to(then),
                sieve::START => then & Tokens::from(self.window.first == 0),
                // sieve::END
                _ => then & self.window.closing,
            };
            if then == 0 {
                break;
            }
            code = after;
        }
        then
    }

    /// Where one of a set of symbols stands.
    #[inline]
    fn of_set(&self, number: u32) -> Tokens {
        self.engine.sets.of(number).iter().fold(0, |there, symbol| there | self.window.of(*symbol))
    }

    /// Those of the tokens `there` where a class of one of these symbols begins that ends before one of the tokens `then`.
    fn ending(&self, there: Tokens, symbols: &[Symbol], then: Tokens) -> Tokens {
        if then == Tokens::MAX || there == 0 {
            return there;
        }
        let (first, ends) = (self.window.first, self.window.over_small_words(then));
        let among = |class: ClassId| symbols.contains(&self.engine.lexicon.class_symbol(class));
        let ends_well = |at: usize| self.marks.at(first + at).any(|mark| ends & bit(mark.end as usize - first) != 0 && among(mark.class));
        each(there).filter(|at| ends_well(*at)).fold(there & AFTER, |well, at| well | bit(at))
    }
}
