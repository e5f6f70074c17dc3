//! What the parts of a dossier speak of: the project that is debated, its works, its cost, its site — or how people take part in it.

use fixedbitset::FixedBitSet;

use crate::annotate::Annotations;
use crate::checks::catalogue::Catalogue;
use crate::dossier::{Dossier, Section, SentenceId};

/// The families of the classes of headings on a project, of the words of works and plants, of those of participation.
const FAMILIES: [&str; 3] = ["sujet.projet", "sujet.ouvrage", "sujet.participation"];

/// Words of works in a block that is on the project, at least: one may be said of anything.
const SEVERAL: usize = 2;

/// What a heading says that its section is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Subject {
    Project,
    Participation,
    Unsaid,
}

/// The sentences that are on the project.
pub struct Subjects {
    under_project: FixedBitSet,
    of_project: FixedBitSet,
}

impl Subjects {
    /// Reads the headings, then what is under them.
    #[must_use]
    pub fn new(dossier: &Dossier, annotations: &Annotations, catalogue: &Catalogue) -> Self {
        let [project, works, participation] = FAMILIES.map(|family| catalogue.engine.lexicon.family(family));
        let says = |sentence, classes| annotations.has_class(sentence, classes).is_some();
        let subjects = headings(dossier, |sentence| says(sentence, &project), |sentence| says(sentence, &participation));
        let of_works = |sentence| annotations.marks_of(sentence).filter(|mark| works.contains(&mark.class)).count();
        let none = FixedBitSet::with_capacity(dossier.sentences.len());
        let (mut under_project, mut of_project, mut on_participation) = (none.clone(), none.clone(), none);
        for (section, subject) in dossier.sections.iter().zip(subjects).filter(|(_, subject)| *subject != Subject::Participation) {
            for block in &dossier.blocks[section.blocks.start as usize..section.blocks.end as usize] {
                let own = block.sentences.start as usize..block.sentences.end as usize;
                block.sentences.clone().filter(|sentence| says(*sentence, &participation)).for_each(|sentence| on_participation.insert(sentence as usize));
                if block.lead_in.is_some_and(|introduction| on_participation.contains(introduction as usize)) {
                    continue;
                }
                let apart = own.clone().filter(|sentence| !on_participation.contains(*sentence));
                if subject == Subject::Project {
                    apart.for_each(|sentence| {
                        under_project.insert(sentence);
                        of_project.insert(sentence);
                    });
                } else if apart.count() == own.len() && block.sentences.clone().map(of_works).sum::<usize>() >= SEVERAL {
                    of_project.insert_range(own);
                }
            }
        }
        Self { under_project, of_project }
    }

    /// Whether a sentence is on the project: neither it nor what introduces it has words of participation, and its section is on the project, or
    /// its section does not say what it is on, and its block has several words of works and none of participation.
    #[must_use]
    pub fn of_project(&self, sentence: SentenceId) -> bool {
        self.of_project.contains(sentence as usize)
    }

    /// Whether a sentence stands in a section on the project, and neither it nor what introduces it has words of participation.
    #[must_use]
    pub fn under_project(&self, sentence: SentenceId) -> bool {
        self.under_project.contains(sentence as usize)
    }
}

/// What each section is on: a heading holds for the sections below it, until another says something else.
fn headings(dossier: &Dossier, project: impl Fn(SentenceId) -> bool, participation: impl Fn(SentenceId) -> bool) -> Vec<Subject> {
    let mut out: Vec<Subject> = Vec::with_capacity(dossier.sections.len());
    for section in &dossier.sections {
        let above = || section.parent.map_or(Subject::Unsaid, |parent| out[parent as usize]);
        let own = || heading_of(dossier, section);
        let subject = match section.level {
            // a title names the whole document
            0 | 1 => Subject::Unsaid,
            _ if own().any(&participation) => Subject::Participation,
            _ if own().any(&project) => Subject::Project,
            _ => above(),
        };
        out.push(subject);
    }
    out
}

/// The sentences of a section's heading.
pub fn heading_of(dossier: &Dossier, section: &Section) -> impl Iterator<Item = SentenceId> {
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
