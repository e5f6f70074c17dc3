//! Adds plain words to the classes of an engine that is compiled: what a team adds to the vocabulary costs no compiling.

use std::cmp::Reverse;

use super::engine::{Anchored, Engine, Lists, Need, op, sieve};
use super::lexicon::{ANY, ClassId, Symbol};

impl Engine {
    /// Adds to a class the phrase of these `words`, of any number and gender, as if it had been compiled with it.
    pub fn add_phrase(&mut self, class: ClassId, words: &[&str]) {
        let before = self.lexicon.symbol_count() as Symbol;
        let symbols: Vec<Symbol> = words.iter().map(|word| self.lexicon.intern_stem(word)).collect();
        let Some(first) = symbols.first() else { return };
        let count = self.lexicon.symbol_count();
        for index in [&mut self.class_index, &mut self.phrase_index, &mut self.heading_index, &mut self.secondary_index] {
            index.whole.lengthen(count);
            index.anchored.lengthen(count);
        }
        let phrase = self.class_of.len() as u32;
        self.class_of.to_mut().push(class.into());
        self.class_phrases.push(symbols.iter().map(|symbol| op::STEM | symbol << 4));
        self.class_sieves.push(symbols.iter().rev().map(|symbol| sieve::TOKEN | symbol << 4));
        self.class_firsts.to_mut().push(Need::One(*first).encode());
        // a word that no other pattern has is rare; a long one is rarer than others
        let mut rarest: Vec<(Symbol, &&str)> = symbols.iter().copied().zip(words).collect();
        rarest.sort_by_key(|(symbol, word)| (*symbol < before, Reverse(word.len())));
        let anchor = rarest[0].0;
        if symbols.len() == 1 {
            self.class_index.whole.add(anchor, &[phrase]);
        } else {
            let need = rarest.iter().map(|(symbol, _)| *symbol).find(|symbol| *symbol != anchor).unwrap_or(ANY);
            let anchored = Anchored { phrase, level: 0, opening: false, need: Need::One(need) };
            self.class_index.anchored.add(anchor, &anchored.encode());
        }
    }
}

impl Lists {
    /// Adds a list after the last one.
    fn push(&mut self, items: impl Iterator<Item = u32>) {
        self.items.to_mut().extend(items);
        self.starts.to_mut().push(self.items.len() as u32);
    }

    /// Adds empty lists, up to so many.
    fn lengthen(&mut self, count: usize) {
        if self.len() < count {
            self.starts.to_mut().resize(count + 1, self.items.len() as u32);
        }
    }

    /// Adds to the list of a number.
    fn add(&mut self, number: Symbol, items: &[u32]) {
        let number = number as usize;
        let end = self.starts[number + 1] as usize;
        self.items.to_mut().splice(end..end, items.iter().copied());
        self.starts.to_mut()[number + 1..].iter_mut().for_each(|start| *start += items.len() as u32);
    }
}
