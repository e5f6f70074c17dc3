//! Adds plain words to the classes of an engine that is compiled: what a team adds to the vocabulary costs no compiling.

use std::cmp::Reverse;

use super::engine::{Anchored, Engine, Index, Lists, Need, Phrases, op, sieve, with_wider};
use super::lexicon::{ANY, ClassId, Symbol};

impl Engine {
    /// Adds to a class the phrase of these `words`, of any number and gender, as if it had been compiled with it.
    pub fn add_phrase(&mut self, class: ClassId, words: &[&str]) {
        let before = self.lexicon.symbol_count() as Symbol;
        let symbols: Vec<Symbol> = words.iter().map(|word| self.lexicon.intern_stem(word)).collect();
        let Some(first) = symbols.first() else { return };
        let count = self.lexicon.symbol_count();
        for index in [&mut self.class_index, &mut self.phrase_index, &mut self.heading_index, &mut self.secondary_index] {
            index.0.lengthen(count);
        }
        let phrase = self.class_of.len() as u32;
        self.class_of.to_mut().push(class.into());
        let sieve = symbols.iter().rev().map(|symbol| sieve::TOKEN | symbol << 4).collect();
        let code = symbols.iter().map(|symbol| op::STEM | symbol << 4).collect();
        self.class_phrases.0.push(Phrases::lay_out(sieve, code));
        self.class_firsts.to_mut().push(Need::One(*first).encode());
        // a word that no other pattern has is rare; a long one is rarer than others
        let mut rarest: Vec<(Symbol, &&str)> = symbols.iter().copied().zip(words).collect();
        rarest.sort_by_key(|(symbol, word)| (*symbol < before, Reverse(word.len())));
        let anchor = rarest[0].0;
        if symbols.len() == 1 {
            self.class_index.add_whole(anchor, with_wider([class], &self.wider));
        } else {
            let need = rarest.iter().map(|(symbol, _)| *symbol).find(|symbol| *symbol != anchor).unwrap_or(ANY);
            let anchored = Anchored { phrase, level: 0, opening: false, needs: [need, ANY].map(Need::One) };
            self.class_index.add_anchored(anchor, anchored);
        }
    }
}

impl Index {
    fn add_whole(&mut self, symbol: Symbol, classes: Vec<u32>) {
        self.begin(symbol);
        let known = self.of(symbol).0.to_vec();
        let new: Vec<u32> = classes.into_iter().filter(|class| !known.contains(class)).collect();
        let count = self.0.starts[symbol as usize] as usize;
        self.0.items.to_mut()[count] += new.len() as u32;
        self.0.insert(symbol, 1, &new);
    }

    fn add_anchored(&mut self, symbol: Symbol, anchored: Anchored) {
        self.begin(symbol);
        self.0.insert(symbol, self.0.of(symbol).len(), &anchored.encode());
    }

    /// Puts its count before the phrases of a symbol that has none.
    fn begin(&mut self, symbol: Symbol) {
        if self.0.of(symbol).is_empty() {
            self.0.insert(symbol, 0, &[0]);
        }
    }
}

impl Lists {
    /// Adds a list after the last one.
    fn push(&mut self, items: Vec<u32>) {
        self.items.to_mut().extend(items);
        self.starts.to_mut().push(self.items.len() as u32);
    }

    /// Adds empty lists, up to so many.
    fn lengthen(&mut self, count: usize) {
        if self.len() < count {
            self.starts.to_mut().resize(count + 1, self.items.len() as u32);
        }
    }

    /// Inserts into the list of a number, after so many.
    fn insert(&mut self, number: Symbol, after: usize, items: &[u32]) {
        let number = number as usize;
        let at = self.starts[number] as usize + after;
        self.items.to_mut().splice(at..at, items.iter().copied());
        self.starts.to_mut()[number + 1..].iter_mut().for_each(|start| *start += items.len() as u32);
    }
}
