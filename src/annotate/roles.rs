//! What each class of the vocabulary is for a reader of sentences, as bits: one look-up a mark, whatever the number of families.

use super::{Engine, Mark};

/// The roles of each class.
#[derive(Debug)]
pub(super) struct Roles(Vec<u16>);

impl Roles {
    /// Every class of each family has the role that stands before its name.
    pub(super) fn new<'a>(engine: &Engine, families: impl IntoIterator<Item = (u16, &'a str)>) -> Self {
        let mut roles = vec![0; engine.lexicon.classes.len()];
        for (role, family) in families {
            engine.lexicon.family(family).for_each(|class| roles[class as usize] |= role);
        }
        Self(roles)
    }

    /// The roles of the class of `mark`.
    pub(super) fn of(&self, mark: &Mark) -> u16 {
        self.0.get(mark.class as usize).copied().unwrap_or(0)
    }

    /// Whether the class of `mark` has one of `roles`.
    pub(super) fn has(&self, mark: &Mark, roles: u16) -> bool {
        self.of(mark) & roles != 0
    }
}
