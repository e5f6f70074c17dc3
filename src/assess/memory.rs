//! What the patterns of a section are found to be, kept from one dossier to the next: an archive repeats its templates, and a dossier
//! that is checked after every keystroke repeats itself.

use std::sync::Arc;

use super::hits::Hit;
use crate::cache::Cache;
use crate::dossier::{Dossier, SectionId, SentenceId};

/// Bytes held on sections.
const MOST: usize = 3 << 18;
/// Blocks of the longest section that is kept.
const LONGEST: usize = 256;

/// Remembers what was found in the texts of dossiers assessed with one catalogue. Shared by threads; a few megabytes at most.
#[derive(Debug, Default)]
pub struct Memory {
    /// What the texts read as.
    pub texts: crate::annotate::AnnotationCache,
    /// Where the patterns are in each section.
    pub(super) sections: SectionHits,
}

/// The hits of sections, sentences counted from the first of the section.
#[derive(Debug)]
pub struct SectionHits {
    kept: Cache<Arc<Section>>,
}

/// What tells a section, and its hits.
type Section = (Box<[u64]>, Box<[Hit]>);

impl Default for SectionHits {
    fn default() -> Self {
        Self { kept: Cache::new(MOST) }
    }
}

/// All that the hits of a section depend on, as numbers.
#[derive(Debug, Default)]
pub(super) struct Key {
    numbers: Vec<u64>,
}

impl Key {
    /// Sets the key to what tells a section whose first sentence is `first`: its text, how its blocks introduce each other, and
    /// the headings above. `false` where it does not tell everything.
    pub(super) fn tell(&mut self, dossier: &Dossier, section: SectionId, first: SentenceId) -> bool {
        let numbers = &mut self.numbers;
        numbers.clear();
        let it = &dossier.sections[section as usize];
        let blocks = &dossier.blocks[it.blocks.start as usize..it.blocks.end as usize];
        if blocks.len() > LONGEST {
            return false;
        }
        for block in blocks {
            let Some(passage) = block.passage else { return false };
            // counted from 1; 0 where there is none
            let lead_in = block.lead_in.map_or(Some(0), |sentence| Some(sentence.checked_sub(first)? + 1));
            let header = block.header.map_or(Some(0), |header| Some(header.checked_sub(it.blocks.start)? + 1));
            let Some((lead_in, header)) = lead_in.zip(header) else { return false };
            numbers.extend([passage.number(), u64::from(lead_in) << 32 | u64::from(header)]);
        }
        let mut above = it.parent;
        while let Some(section) = above {
            let section = &dossier.sections[section as usize];
            let Some(passage) = section.heading.and_then(|heading| dossier.blocks[heading as usize].passage) else { return false };
            numbers.push(passage.number());
            above = section.parent;
        }
        // tells how many of these are blocks
        numbers.push(blocks.len() as u64);
        true
    }
}

impl SectionHits {
    /// Adds the hits of the section of `key`, whose first sentence is `first` now. `false` when nothing is known of it.
    pub(super) fn recall(&self, key: &Key, first: SentenceId, out: &mut Vec<Hit>) -> bool {
        let hash = self.kept.hash(&*key.numbers);
        let Some(known) = self.kept.get(hash, |section| *section.0 == *key.numbers) else { return false };
        out.extend(known.1.iter().map(|hit| hit.moved(first)));
        true
    }

    /// Keeps the hits of the section of `key`, whose first sentence is `first`.
    pub(super) fn keep(&self, key: &Key, first: SentenceId, hits: &[Hit]) {
        let back = |hit: &Hit| hit.moved(first.wrapping_neg());
        let size = size_of_val(&*key.numbers) + size_of_val(hits);
        let section: Section = (key.numbers.as_slice().into(), hits.iter().map(back).collect());
        self.kept.keep(self.kept.hash(&*key.numbers), Arc::new(section), size);
    }
}
