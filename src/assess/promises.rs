//! Which weak promises are made to those who take part: « le tracé suivrait la berge » promises nothing to anybody.

use std::ops::Range;

use crate::annotate::commitments::{Commitment, Firmness};
use crate::annotate::{Annotations, takes_up};
use crate::checks::catalogue::Catalogue;
use crate::checks::lexicon::ClassId;
use crate::dossier::Dossier;

use super::subjects::heading_of;

/// The class of what is promised to participants.
const MATTER: &str = "engagement.propos";

/// The class of what is told of the project in the words of a promise: « la température de l'eau fera l'objet d'un suivi ».
const OTHER_MATTER: &str = "engagement.hors-propos";

/// Tells promises to participants from what is said of the project.
pub struct Promises<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    matter: Range<ClassId>,
    other_matter: Range<ClassId>,
}

impl<'a> Promises<'a> {
    /// For the commitments of `annotations`.
    #[must_use]
    pub fn new(dossier: &'a Dossier, annotations: &'a Annotations, catalogue: &Catalogue) -> Self {
        let [matter, other_matter] = [MATTER, OTHER_MATTER].map(|family| catalogue.engine.lexicon.family(family));
        Self { dossier, annotations, matter, other_matter }
    }

    /// Whether a commitment, or what it goes on from, says that it is on the participation: its heading, what leads to its list, the
    /// sentence before that its pronoun takes up. One that is firm, or in the passive, has named what is done with contributions, unless it
    /// is told of the project.
    #[must_use]
    pub fn to_participants(&self, commitment: &Commitment) -> bool {
        let Self { dossier, annotations, matter, other_matter } = self;
        if matches!(commitment.firmness, Firmness::Firm | Firmness::Agentless) {
            return annotations.has_class(commitment.sentence, other_matter).is_none();
        }
        let sentence = &dossier.sentences[commitment.sentence as usize];
        let block = &dossier.blocks[sentence.block as usize];
        let first = dossier.folded(&dossier.tokens[sentence.tokens.start as usize]);
        let pronoun = takes_up(first) || first == "cela";
        let taken_up = commitment.sentence.checked_sub(1).filter(|before| pronoun && block.sentences.contains(before));
        let section = &dossier.sections[block.section as usize];
        // a title names the whole document
        let heading = heading_of(dossier, section).filter(|_| section.level > 1);
        let mut told = [Some(commitment.sentence), taken_up, block.lead_in].into_iter().flatten().chain(heading);
        told.any(|sentence| annotations.has_class(sentence, matter).is_some())
    }
}
