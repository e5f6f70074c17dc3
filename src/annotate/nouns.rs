//! Nouns that are spelt like a verb: « une demande », « le vote », « par courrier ». Where what stands before leaves no doubt, they
//! are no verbs.

use super::numbers;
use crate::checks::inflect::mood;
use crate::checks::lexicon::Form;
use crate::dossier::Dossier;
use crate::text::TokenKind;

/// Determiners, and what else no finite verb follows.
#[rustfmt::skip]
const BEFORE_NOUN: &[&str] = &[
    "un", "une", "des", "du", "au", "aux", "ce", "cet", "cette", "ces", "mon", "ma", "mes", "ton", "ta", "tes", "son", "sa", "ses", "notre", "nos", "votre", "vos",
    "leurs", "chaque", "quelque", "quelques", "plusieurs", "aucun", "aucune", "quel", "quelle", "quels", "quelles", "d", "pour",
];
/// Prepositions: neither a finite verb nor the pronoun before one follows them.
#[rustfmt::skip]
const PREPOSITIONS: &[&str] = &[
    "de", "par", "sur", "dans", "avec", "sans", "sous", "vers", "chez", "entre", "selon", "apres", "avant", "depuis", "pendant", "contre", "malgre", "envers",
];
/// What « ce » is the subject of.
const AFTER_CE: &[&str] = &["sont", "peut", "doit", "semble"];
/// Articles, which may be pronouns too (« le conseil les vote »), but not after a preposition.
const ARTICLES: &[&str] = &["le", "la", "l", "les"];

/// Whether a folded word is a preposition of one word.
pub fn is_preposition(word: &str) -> bool {
    PREPOSITIONS.contains(&word)
}

/// Whether a word that has only these verb analyses could be a noun: each is of the present, and no participle or infinitive.
pub fn may_be(forms: &[Form]) -> bool {
    !forms.is_empty() && forms.iter().all(|form| form.mood & mood::PRES != 0 && form.mood & (mood::PP | mood::INF | mood::PPRES) == 0)
}

/// Whether token `at` of a block that begins with token `first` is a noun, by what stands before.
pub fn is_one(dossier: &Dossier, at: usize, first: usize) -> bool {
    let before = |by: usize| at.checked_sub(by).filter(|at| *at >= first).map(|at| &dossier.tokens[at]);
    let Some(last) = before(1) else { return false };
    let (text, own) = (dossier.folded(last), dossier.folded(&dossier.tokens[at]));
    // « elle rédige les comptes rendus »
    let next = dossier.tokens.get(at + 1).map_or("", |token| dossier.folded(token));
    if matches!((own, next), ("compte", "rendu" | "tenu") | ("comptes", "rendus")) {
        return true;
    }
    if BEFORE_NOUN.contains(&text) || is_preposition(text) {
        // « l’un vote »
        let pronoun = matches!(text, "un" | "une") && before(2).is_some_and(|token| dossier.folded(token) == "l");
        return !(pronoun || text == "ce" && AFTER_CE.contains(&own));
    }
    if numbers::is_word(text) {
        // « tous deux votent »
        return !own.ends_with("ent");
    }
    ARTICLES.contains(&text)
        && before(2).is_none_or(|token| match token.kind {
            TokenKind::Punct => dossier.folded(token) != ",",
            _ => matches!(dossier.folded(token), "a" | "en") || is_preposition(dossier.folded(token)),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dossier::Source;

    /// The words of a text that what stands before makes nouns of.
    fn nouns(text: &str) -> Vec<String> {
        let dossier = Dossier::from_sources("note.md", vec![Source { path: "note.md".into(), text: text.into() }]);
        let nouns = (0..dossier.tokens.len()).filter(|&at| dossier.tokens[at].kind == TokenKind::Word && is_one(&dossier, at, 0));
        nouns.map(|at| dossier.folded(&dossier.tokens[at]).to_owned()).collect()
    }

    #[test]
    fn a_determiner_or_a_preposition_makes_a_noun() {
        assert_eq!(nouns("Sa demande passe par courrier et donne lieu à un vote."), ["demande", "courrier", "vote"]);
        assert_eq!(nouns("Le compte rendu suit (la charge en revient au maire)."), ["compte", "charge", "maire"]);
        assert_eq!(nouns("Tous deux votent, avec trois cadres."), ["trois", "cadres"]);
        assert_eq!(nouns("Elle rédige le compte rendu."), ["compte"]);
        assert_eq!(nouns("Il procède à l’analyse."), ["analyse"]);
    }

    #[test]
    fn a_pronoun_does_not() {
        for text in ["Le conseil les vote.", "Il lit les avis, les classe et la publie.", "On leur demande ce que fait la ville.", "Ce sont eux ; l’un vote."]
        {
            let verbs = ["vote", "classe", "publie", "demande", "fait", "sont"];
            assert!(!nouns(text).iter().any(|noun| verbs.contains(&noun.as_str())), "{text} {:?}", nouns(text));
        }
    }
}
