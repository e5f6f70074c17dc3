//! Strings numbered from 0 and found by hashing, laid out flat so that the table of the built-in catalogue is made by the build.

use std::borrow::Cow;

/// Numbers that are part of the binary, or made at run time.
pub type Array = Cow<'static, [u32]>;

/// A set of strings, each with its number.
#[derive(Debug, Clone, Default)]
pub struct Strings {
    /// All of them, one after the other.
    pub text: Cow<'static, str>,
    /// Where each ends in `text`.
    pub ends: Array,
    /// Open addressing, a power of two of pairs: upper half of the hash, number + 1 (0: free).
    pub slots: Array,
}

impl Strings {
    /// Numbers `strings`, all different, in this order.
    #[must_use]
    pub fn new<'a>(strings: impl Iterator<Item = &'a str> + Clone) -> Self {
        let count = strings.clone().count();
        let capacity = (count * 2).next_power_of_two();
        let (mut text, mut ends, mut slots) = (String::new(), Vec::with_capacity(count), vec![0; capacity * 2]);
        for (number, string) in (1..).zip(strings) {
            text.push_str(string);
            ends.push(text.len() as u32);
            place(&mut slots, string, number);
        }
        Self { text: text.into(), ends: ends.into(), slots: slots.into() }
    }

    /// Adds a string that is not there; its number.
    pub fn push(&mut self, string: &str) -> u32 {
        let number = self.len() as u32;
        if self.slots.len() < 4 * (self.len() + 1) {
            *self = Self::new((0..number).map(|known| self.at(known)).chain([string]));
            return number;
        }
        self.text.to_mut().push_str(string);
        self.ends.to_mut().push(self.text.len() as u32);
        place(self.slots.to_mut(), string, number + 1);
        number
    }

    /// The number of a string.
    #[must_use]
    pub fn get(&self, string: &str) -> Option<u32> {
        let slots: &[u32] = &self.slots;
        let mask = (slots.len() / 2).checked_sub(1)?;
        let hash = hash(string.as_bytes());
        let mut at = hash as usize & mask;
        loop {
            let number = slots[at * 2 + 1].checked_sub(1)?;
            if slots[at * 2] == (hash >> 32) as u32 && self.at(number) == string {
                return Some(number);
            }
            at = (at + 1) & mask;
        }
    }

    /// The string of a number.
    #[must_use]
    pub fn at(&self, number: u32) -> &str {
        let ends: &[u32] = &self.ends;
        let start = number.checked_sub(1).map_or(0, |before| ends[before as usize]);
        &self.text[start as usize..ends[number as usize] as usize]
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}

/// Puts the number of a string, counted from 1, in its slot or the next that is free.
fn place(slots: &mut [u32], string: &str, number: u32) {
    let (hash, mask) = (hash(string.as_bytes()), slots.len() / 2 - 1);
    let mut at = hash as usize & mask;
    while slots[at * 2 + 1] != 0 {
        at = (at + 1) & mask;
    }
    slots[at * 2] = (hash >> 32) as u32;
    slots[at * 2 + 1] = number;
}

/// A hash of short strings; the same on every machine, since the build writes what a run reads.
#[must_use]
pub fn hash(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| (hash.rotate_left(5) ^ word).wrapping_mul(FACTOR);
    let mut hash = bytes.len() as u64;
    let mut chunks = bytes.chunks_exact(8);
    for chunk in &mut chunks {
        hash = mix(hash, chunk.try_into().map_or(0, u64::from_le_bytes));
    }
    let rest = chunks.remainder();
    if !rest.is_empty() {
        let mut word = [0; 8];
        word[..rest.len()].copy_from_slice(rest);
        hash = mix(hash, u64::from_le_bytes(word));
    }
    hash ^ (hash >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_string_is_found_and_no_other() {
        let words: Vec<String> = (0..1_000).map(|n| format!("mot{n}")).collect();
        let table = Strings::new(words.iter().map(String::as_str));
        assert!((0..).zip(&words).all(|(n, word)| table.get(word) == Some(n) && table.at(n) == word));
        assert_eq!(table.get("mot1000"), None);
        assert_eq!(table.get(""), None);
        assert_eq!(Strings::default().get("mot"), None);
    }

    #[test]
    fn strings_are_added_one_by_one() {
        let words: Vec<String> = (0..1_000).map(|n| format!("mot{n}")).collect();
        let mut table = Strings::default();
        assert!((0..).zip(&words).all(|(n, word)| table.push(word) == n));
        assert!((0..).zip(&words).all(|(n, word)| table.get(word) == Some(n) && table.at(n) == word));
        assert_eq!(table.get("mot1000"), None);
    }
}
