//! What the parts of a dossier speak of: the project that is debated, its works, its cost, its site — or how people take part in it.

use std::ops::Range;

use crate::annotate::Annotations;
use crate::checks::catalogue::Catalogue;
use crate::checks::lexicon::ClassId;
use crate::dossier::{Block, Dossier, Section, SentenceId};

/// The families of the classes of headings on a project, of the words of works and plants, of those of participation.
const FAMILIES: [&str; 3] = ["sujet.projet", "sujet.ouvrage", "sujet.participation"];

/// Words of works in a block that is on the project, at least: one may be said of anything.
const SEVERAL: usize = 2;

/// What sections and blocks speak of.
pub struct Subjects<'a> {
    dossier: &'a Dossier,
    annotations: &'a Annotations,
    /// What each section is on.
    sections: Vec<Subject>,
    /// The words of works and plants.
    works: Range<ClassId>,
    /// The words of participation.
    participation: Range<ClassId>,
}

/// What a heading says that its section is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Project,
    Participation,
    Unsaid,
}

impl<'a> Subjects<'a> {
    /// Reads the headings: one on the project holds for the sections below it, until one on participation.
    #[must_use]
    pub fn new(dossier: &'a Dossier, annotations: &'a Annotations, catalogue: &Catalogue) -> Self {
        let [project, works, participation] = FAMILIES.map(|family| catalogue.engine.lexicon.family(family));
        let mut sections: Vec<Subject> = Vec::with_capacity(dossier.sections.len());
        for section in &dossier.sections {
            let says = |classes| heading_of(dossier, section).any(|sentence| annotations.has_class(sentence, classes).is_some());
            let above = || section.parent.map_or(Subject::Unsaid, |parent| sections[parent as usize]);
            // a title names the whole document
            sections.push(match section.level {
                0 | 1 => Subject::Unsaid,
                _ if says(&participation) => Subject::Participation,
                _ if says(&project) => Subject::Project,
                _ => above(),
            });
        }
        Self { dossier, annotations, sections, works, participation }
    }

    /// Whether a sentence is on the project: it has no words of participation, nor has what introduces it, and its section is on the project, or
    /// its section does not say what it is on, and its block has several words of works and none of participation.
    #[must_use]
    pub fn of_project(&self, sentence: SentenceId) -> bool {
        let own = self.block(sentence);
        match self.sections[own.section as usize] {
            Subject::Unsaid => {
                let works = |sentence| self.annotations.marks_of(sentence).filter(|mark| self.works.contains(&mark.class));
                let several = own.sentences.clone().flat_map(works).nth(SEVERAL - 1).is_some();
                several && !self.participates(sentence) && !own.sentences.clone().any(|other| self.on_participation(other))
            }
            _ => self.under_project(sentence),
        }
    }

    /// Whether a sentence stands in a section on the project, and neither it nor what introduces it has words of participation.
    #[must_use]
    pub fn under_project(&self, sentence: SentenceId) -> bool {
        self.sections[self.block(sentence).section as usize] == Subject::Project && !self.participates(sentence)
    }

    fn block(&self, sentence: SentenceId) -> &'a Block {
        &self.dossier.blocks[self.dossier.sentences[sentence as usize].block as usize]
    }

    /// Whether a sentence, or what introduces it, has words of participation.
    fn participates(&self, sentence: SentenceId) -> bool {
        self.on_participation(sentence) || self.block(sentence).lead_in.is_some_and(|introduction| self.on_participation(introduction))
    }

    fn on_participation(&self, sentence: SentenceId) -> bool {
        self.annotations.has_class(sentence, &self.participation).is_some()
    }
}

/// The sentences of a section's heading.
fn heading_of(dossier: &Dossier, section: &Section) -> impl Iterator<Item = SentenceId> {
    section.heading.map(|block| dossier.blocks[block as usize].sentences.clone()).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::super::Memory;
    use super::*;
    use crate::dossier::Source;

    /// The sentences of a text that are on the project.
    fn of_project(text: &str) -> Vec<String> {
        let catalogue = Catalogue::builtin().unwrap();
        let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text: text.into() }]);
        let annotations = Annotations::new(&dossier, &catalogue.engine, &Memory::default().texts);
        let subjects = Subjects::new(&dossier, &annotations, &catalogue);
        let on_it = (0..dossier.sentences.len() as SentenceId).filter(|sentence| subjects.of_project(*sentence));
        on_it.map(|sentence| dossier.slice(dossier.sentences[sentence as usize].span).to_owned()).collect()
    }

    #[test]
    fn what_a_section_on_the_project_says_without_a_word_of_participation_is_on_the_project() {
        let cost = "## 2. Coût et financement des travaux\n\nLe total est de 12 millions.\n\n### Aides\n\nLa région en donne le tiers.\n\n";
        let people = "Les ateliers coûtent 9 000 euros.\n\n## 3. La concertation\n\nLe total est de 9 000 euros.\n";
        let own = ["2. Coût et financement des travaux", "Le total est de 12 millions.", "Aides", "La région en donne le tiers."];
        assert_eq!(of_project(&format!("# Note\n\n{cost}{people}")), own);
    }

    #[test]
    fn without_a_heading_several_words_of_works_tell_a_paragraph_on_the_project() {
        assert_eq!(
            of_project("Le chantier dure deux ans. Le permis de construire est délivré."),
            ["Le chantier dure deux ans.", "Le permis de construire est délivré."]
        );
        assert!(of_project("L’état des travaux est tenu à jour chaque mois.").is_empty());
        assert!(of_project("Le chantier dure deux ans, le permis de construire est délivré. Les habitants sont concertés.").is_empty());
    }
}
