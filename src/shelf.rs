//! What is kept from one dossier to the next, up to a size.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasher, Hash};

/// Values by key. When there is no room for one more, all make room for it: the next dossiers resemble the last ones more than the
/// first.
#[derive(Debug)]
pub(crate) struct Shelf<K, V, S = std::hash::RandomState> {
    values: HashMap<K, V, S>,
    size: usize,
}

impl<K, V, S: Default> Default for Shelf<K, V, S> {
    fn default() -> Self {
        Self { values: HashMap::default(), size: 0 }
    }
}

impl<K: Hash + Eq, V, S: BuildHasher + Default> Shelf<K, V, S> {
    /// The value of `key`.
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.values.get(key)
    }

    /// Keeps a value of `size`, with others of `most` in all.
    pub(crate) fn keep(&mut self, key: K, value: V, size: usize, most: usize) {
        if self.size + size > most {
            *self = Self::default();
        }
        self.size += size;
        self.values.insert(key, value);
    }
}
