//! What is kept from one dossier to the next, up to a size, by several threads.

use std::hash::{BuildHasher, Hash};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use foldhash::quality::FixedState;
use hashbrown::DefaultHashBuilder;
use indexmap::IndexMap;

/// Parts, each under its own lock.
const PARTS: usize = 16;

/// Of so many values that find no room, one is let in.
const ADMITTED: u64 = 4;

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

/// Values by hash, of which each tells its own key.
///
/// When a part is full, one newcomer in [`ADMITTED`] takes the place of others, drawn by lot. The last to be asked for would be the better to
/// keep where what comes is at hand for a while; but an archive is gone through once, or over and over: there all that is kept would go before it
/// came again.
#[derive(Debug)]
pub(crate) struct Cache<V> {
    parts: [Mutex<Part<V>>; PARTS],
    /// Every bit counts, for parts and tables: hashes that only a table looks at leave parts empty under one seed in two hundred. The seed is
    /// the same in each run, so that each remembers the same.
    hasher: FixedState,
    /// The size of what a part holds at most.
    most: usize,
}

#[derive(Debug)]
struct Part<V> {
    kept: IndexMap<u64, Kept<V>, DefaultHashBuilder>,
    size: usize,
    /// The last lot.
    lot: u64,
}

#[derive(Debug)]
struct Kept<V> {
    value: V,
    size: usize,
}

impl<V> Default for Part<V> {
    fn default() -> Self {
        Self { kept: IndexMap::default(), size: 0, lot: 1 }
    }
}

impl<V> Part<V> {
    /// Makes room for `size` more bytes of `most`, or not.
    fn make_room(&mut self, size: usize, most: usize) -> bool {
        if size > most {
            return false;
        }
        if self.size + size <= most {
            return true;
        }
        if !self.draw().is_multiple_of(ADMITTED) {
            return false;
        }
        while self.size + size > most {
            let at = self.draw() as usize % self.kept.len().max(1);
            let Some((_, gone)) = self.kept.swap_remove_index(at) else { break };
            self.size -= gone.size;
        }
        true
    }

    /// Draws a lot: Marsaglia's xorshift.
    fn draw(&mut self) -> u64 {
        self.lot ^= self.lot << 13;
        self.lot ^= self.lot >> 7;
        self.lot ^= self.lot << 17;
        self.lot
    }
}

impl<V: Clone> Cache<V> {
    /// A cache for values of `most` bytes in all.
    pub(crate) fn new(most: usize) -> Self {
        Self { parts: std::array::from_fn(|_| Mutex::default()), hasher: FixedState::default(), most: most / PARTS }
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
        let part = self.part(hash).lock().ok()?;
        part.kept.get(&hash).filter(|kept| is(&kept.value)).map(|kept| kept.value.clone())
    }

    /// Keeps a value of `size` bytes, unless one of the same hash is there.
    pub(crate) fn keep(&self, hash: u64, value: V, size: usize) {
        let Ok(mut part) = self.part(hash).lock() else { return };
        if !part.kept.contains_key(&hash) && part.make_room(size, self.most) {
            part.size += size;
            part.kept.insert(hash, Kept { value, size });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_as_long_as_there_is_room() {
        let cache: Cache<(u32, u32)> = Cache::new(PARTS * 100);
        let keep = |key: u32| cache.keep(cache.hash(&key), (key, key * 2), 10);
        let get = |key: u32| cache.get(cache.hash(&key), |(known, _)| *known == key).map(|(_, value)| value);
        (0..2).for_each(|_| keep(7));
        assert_eq!((get(7), get(8)), (Some(14), None));
        (0..1_000).for_each(keep);
        let held = |keys: std::ops::Range<u32>| keys.filter(|key| get(*key).is_some()).count();
        assert_eq!(held(0..1_000), PARTS * 10);
        // what comes in turn finds some of it, though more comes than there is room for
        let found: usize = (0..100)
            .flat_map(|_| 0..2 * PARTS as u32 * 10)
            .filter(|key| {
                get(*key).is_some() || {
                    keep(*key);
                    false
                }
            })
            .count();
        assert!(found > 100 * PARTS * 10 / 2, "{found}");
        // and what no longer comes makes room
        (0..40).for_each(|_| (5_000..5_000 + PARTS as u32 * 5).for_each(keep));
        assert!(held(5_000..5_000 + PARTS as u32 * 5) > PARTS * 4);
        // a value larger than the room is not kept
        cache.keep(cache.hash(&9_999), (9_999, 0), 101);
        assert_eq!(get(9_999), None);
    }
}
