//! What is kept from one dossier to the next, up to a size, by several threads.

use std::hash::{BuildHasher, Hash};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use hashbrown::{DefaultHashBuilder, HashTable};

/// Parts, each under its own lock.
const PARTS: usize = 16;

/// Tells whether a dossier has come already.
#[derive(Debug, Default)]
pub(crate) struct SeenBefore(AtomicBool);

impl SeenBefore {
    /// Whether to look for, and keep, what the dossier that comes holds: a first one is often the last, and pays for nothing unless
    /// it is `large`.
    pub(crate) fn is_worthwhile(&self, large: bool) -> bool {
        self.0.swap(true, Ordering::Relaxed) || large
    }
}

/// Values by hash, of which each tells its own key. When a part is full, those that were neither kept nor asked for of late go.
#[derive(Debug)]
pub(crate) struct Cache<V> {
    parts: [Mutex<Part<V>>; PARTS],
    hasher: DefaultHashBuilder,
    /// The size of what each half of a part holds at most.
    most: usize,
}

/// What was kept or asked for of late, and before.
#[derive(Debug)]
struct Part<V> {
    late: HashTable<Kept<V>>,
    early: HashTable<Kept<V>>,
    /// Of `late`.
    size: usize,
}

#[derive(Debug)]
struct Kept<V> {
    hash: u64,
    value: V,
    size: usize,
}

impl<V> Default for Part<V> {
    fn default() -> Self {
        Self { late: HashTable::new(), early: HashTable::new(), size: 0 }
    }
}

impl<V> Part<V> {
    fn put(&mut self, kept: Kept<V>, most: usize) {
        if self.size + kept.size > most {
            self.early = std::mem::take(&mut self.late);
            self.size = 0;
        }
        self.size += kept.size;
        self.late.insert_unique(kept.hash, kept, |kept| kept.hash);
    }
}

impl<V: Clone> Cache<V> {
    /// A cache for values of `most` bytes in all.
    pub(crate) fn new(most: usize) -> Self {
        Self { parts: std::array::from_fn(|_| Mutex::default()), hasher: DefaultHashBuilder::default(), most: most / PARTS / 2 }
    }

    /// The hash of a key.
    pub(crate) fn hash<K: Hash + ?Sized>(&self, key: &K) -> u64 {
        self.hasher.hash_one(key)
    }

    fn part(&self, hash: u64) -> &Mutex<Part<V>> {
        // a table looks at the other bits
        &self.parts[(hash >> 32) as usize % PARTS]
    }

    /// The value of `hash` that `is` the one looked for.
    pub(crate) fn get(&self, hash: u64, is: impl Fn(&V) -> bool) -> Option<V> {
        let mut part = self.part(hash).lock().ok()?;
        let is = |kept: &Kept<V>| kept.hash == hash && is(&kept.value);
        if let Some(kept) = part.late.find(hash, is) {
            return Some(kept.value.clone());
        }
        let (kept, _) = part.early.find_entry(hash, is).ok()?.remove();
        let value = kept.value.clone();
        part.put(kept, self.most);
        Some(value)
    }

    /// Keeps a value of `size` bytes, unless one that `is` the same is there.
    pub(crate) fn keep(&self, hash: u64, value: V, size: usize, is: impl Fn(&V) -> bool) {
        let Ok(mut part) = self.part(hash).lock() else { return };
        let is = |kept: &Kept<V>| kept.hash == hash && is(&kept.value);
        if part.late.find(hash, is).is_none() {
            part.put(Kept { hash, value, size }, self.most);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_until_there_is_no_room() {
        let cache: Cache<(u32, u32)> = Cache::new(PARTS * 100);
        let keep = |key: u32| cache.keep(cache.hash(&key), (key, key * 2), 10, |(known, _)| *known == key);
        let get = |key: u32| cache.get(cache.hash(&key), |(known, _)| *known == key).map(|(_, value)| value);
        (0..2).for_each(|_| keep(7));
        assert_eq!((get(7), get(8)), (Some(14), None));
        (0..1_000).for_each(keep);
        let held = (0..1_000).filter(|key| get(*key).is_some()).count();
        assert!((1..=PARTS * 10).contains(&held), "{held}");
        assert_eq!(get(999), Some(1998));
        // what is asked for again and again stays
        (1_000..2_000).for_each(|key| {
            keep(key);
            assert_eq!(get(999), Some(1998), "{key}");
        });
    }
}
