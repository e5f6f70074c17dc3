//! The identity of a diagnostic: what it is about and the words it is at, not the line, so that it survives edits elsewhere.

use crate::dossier::Dossier;
use crate::text::Span;
use crate::text::fold::fold;

/// 16 hexadecimal digits from the id, the words at `place` (white space and case aside) and `ordinal`, which tells apart
/// several of the same id at the same words.
#[must_use]
pub fn of(id: &str, dossier: &Dossier, place: Option<Span>, ordinal: u32) -> String {
    let mut hash = Fnv::new();
    hash.write(id.as_bytes());
    if let Some(place) = place {
        for word in fold(dossier.slice(place)).split_whitespace() {
            hash.write(b" ");
            hash.write(word.as_bytes());
        }
    }
    if ordinal > 0 {
        hash.write(&ordinal.to_le_bytes());
    }
    format!("{:016x}", hash.0)
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
