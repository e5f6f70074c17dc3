//! What the numbered parts of a document are called: « Article 4 – Suites », « phase 2 », « chapitre XX ».

/// What a text of law, rules or a contract is divided into; folded.
const DIVISIONS: &[&str] = &["article", "titre", "chapitre"];

/// What else a number follows in headings; folded.
const OTHERS: &[&str] = &["partie", "fiche", "annexe", "etape", "phase", "volet", "axe"];

/// Whether a folded word names what a text of law, rules or a contract is divided into.
#[must_use]
pub fn is_division(folded: &str) -> bool {
    DIVISIONS.contains(&folded)
}

/// Whether a folded word names a part of a document or of what it tells, which a number tells from the others.
#[must_use]
pub fn is_part(folded: &str) -> bool {
    is_division(folded) || OTHERS.contains(&folded)
}

/// What holds other parts of a document, which may be written at the same level as these; folded.
const GATHERING: &[&str] = &["partie", "titre", "chapitre", "livre", "tome", "annexes"];

/// Whether a folded word names what holds other parts of a document: « Première partie », « Annexes ».
#[must_use]
pub fn gathers(folded: &str) -> bool {
    GATHERING.contains(&folded)
}
