//! How often words, verbs and classes come in the texts that the tool reads, about: the examples of the checks are such texts.

use super::lexicon::{ClassId, Lexicon, NONE, Symbol};
use crate::text::fold::fold;

/// Words of the examples that are counted: more would tell the same.
const MOST_WORDS: usize = 60_000;
/// Of so many words, one begins what the code recognises by its shape: a date, an amount, a name.
const SHAPED: u32 = 50;

/// How often each symbol comes in a sample of texts.
#[derive(Debug)]
pub struct Frequencies {
    times: Vec<u32>,
}

impl Frequencies {
    /// Those of words and verbs in `texts`; a class is taken to come as often as what the code recognises, until [`Self::set`].
    #[must_use]
    pub fn in_texts<'a>(texts: impl IntoIterator<Item = &'a str>, lexicon: &Lexicon) -> Self {
        let mut times = vec![0; lexicon.symbol_count()];
        let mut count = |symbol: Symbol| times[symbol as usize] += u32::from(symbol != NONE);
        let (mut stem, mut words) = (String::new(), 0);
        for piece in texts.into_iter().flat_map(|text| text.split_inclusive(|c: char| !c.is_alphanumeric())).take(MOST_WORDS) {
            let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
            count(piece[word.len()..].chars().next().map_or(NONE, |mark| lexicon.mark(mark)));
            if word.is_empty() {
                continue;
            }
            words += 1;
            let (lower, folded) = (word.to_lowercase(), fold(word));
            let word = lexicon.word(&lower, &folded, false, &mut stem);
            count(word.stem());
            count(word.exact());
            word.forms(&lower, &folded).for_each(|form| count(form.verb));
        }
        let classes = lexicon.classes.len() as ClassId;
        (0..classes).for_each(|class| times[lexicon.class_symbol(class) as usize] = words / SHAPED);
        Self { times }
    }

    /// Tells how often a symbol comes.
    pub fn set(&mut self, symbol: Symbol, times: u32) {
        self.times[symbol as usize] = times;
    }

    /// How often one of these comes.
    pub fn of(&self, symbols: impl IntoIterator<Item = Symbol>) -> u32 {
        symbols.into_iter().fold(0, |sum, symbol| sum.saturating_add(self.times[symbol as usize]))
    }
}
