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

#[cfg(test)]
mod tests {
    use super::super::{bodies, commitments, modes};
    use crate::checks::Catalogue;

    #[test]
    fn the_vocabulary_has_every_family_that_has_a_role() {
        let catalogue = Catalogue::builtin().unwrap();
        let bodies = bodies::ROLES.iter().map(|(_, family)| *family);
        let commitments = commitments::ROLES.iter().flat_map(|(_, families)| families.iter().copied());
        let mut all = bodies.chain(commitments).chain(modes::SIGNS);
        assert_eq!(all.find(|family| catalogue.engine.lexicon.family(family).is_empty()), None);
    }
}
