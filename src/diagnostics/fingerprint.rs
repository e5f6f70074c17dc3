//! The identity of a diagnostic: what it is about and the words it is at, not the line, so that it survives edits elsewhere.

use std::collections::HashMap;

use crate::dossier::Dossier;
use crate::text::Span;
use crate::text::fold::fold;

/// 16 hexadecimal digits from the id and the words at `place`, white space and case aside.
#[must_use]
pub fn of(id: &str, dossier: &Dossier, place: Option<Span>) -> String {
    Fingerprints::default().next(id, dossier, place)
}

/// The identities of the diagnostics of one dossier, given out in order of the text: several of the same id at the same words are
/// told apart by their number.
#[derive(Debug, Default)]
pub struct Fingerprints {
    /// By identity, how many have it but for their number.
    seen: HashMap<u64, u32>,
}

impl Fingerprints {
    /// The identity of the next diagnostic: what [`of`] gives for the first of its id at these words.
    #[must_use]
    pub fn next(&mut self, id: &str, dossier: &Dossier, place: Option<Span>) -> String {
        let mut hash = Fnv::new();
        hash.write(id.as_bytes());
        if let Some(place) = place {
            for word in fold(dossier.slice(place)).split_whitespace() {
                hash.write(b" ");
                hash.write(word.as_bytes());
            }
        }
        let before = self.seen.entry(hash.0).or_default();
        if *before > 0 {
            hash.write(&before.to_le_bytes());
        }
        *before += 1;
        format!("{:016x}", hash.0)
    }
}

/// FNV-1a, 64 bits: the same on every machine and in every release, which the standard hasher does not promise.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}
