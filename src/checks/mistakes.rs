//! What is wrong in data that people write: the sentences about checks, and what the readers of TOML and YAML say, said to people.

use crate::lang::{Lang, Message, Text, messages};
use crate::text::distance::nearest;

messages! {
    /// After what is wrong: the name that was probably meant.
    DID_YOU_MEAN: "vouliez-vous dire «\u{a0}{name}\u{a0}»\u{a0}?", "did you mean “{name}”?";
    /// A pattern that ends, or goes on, without anything to find.
    NOTHING_HERE: "rien à chercher ici", "nothing to look for here";
    /// A character out of place.
    MISPLACED: "«\u{a0}{mark}\u{a0}» n’a pas sa place ici", "“{mark}” has no place here";
    /// A mark that opens a part of a pattern, in a group.
    OPENS_A_PART: "«\u{a0}{mark}\u{a0}» ouvre une partie du motif\u{a0}: il se met après «\u{a0}+\u{a0}», hors des parenthèses", "“{mark}” opens a part of the pattern: it goes after “+”, outside of the brackets";
    /// A pattern that only excludes.
    NOTHING_TO_FIND: "un motif doit chercher quelque chose dans la phrase ou dans ses titres", "a pattern needs something to find in the sentence or its headings";
    /// A pattern that could match in millions of ways.
    TOO_MANY_WAYS: "trop de façons de trouver ce motif à partir d’ici\u{a0}: il faut moins de mots sautés, d’éléments facultatifs ou de possibilités", "too many ways to match from here on: fewer gaps, optional parts or alternatives are needed";
    /// Brackets in brackets in brackets…
    TOO_DEEP: "trop de parenthèses imbriquées", "brackets too deep";
    /// `@` alone.
    CLASS_EXPECTED: "un nom de classe est attendu après @", "a class name is expected after @";
    /// `=` alone.
    WORD_EXPECTED: "un mot est attendu après =", "a word is expected after =";
    /// `\` alone.
    MARK_EXPECTED: "un signe de ponctuation est attendu après \\", "a punctuation mark is expected after \\";
    /// `(` without `)`.
    OPEN_BRACKET: "une parenthèse n’est pas fermée", "a bracket is not closed";
    /// `(a|)`.
    EMPTY_ALTERNATIVE: "une des possibilités est vide", "an alternative is empty";
    /// `<` without `>`.
    OPEN_VERB: "«\u{a0}<\u{a0}» n’est pas fermé", "“<” is not closed";
    /// `<>`.
    VERB_EXPECTED: "un verbe est attendu", "a verb is expected";
    /// `<publier:futur>`.
    NO_MOOD: "aucun mode ne s’appelle «\u{a0}{name}\u{a0}» ({known})", "no mood named “{name}” ({known})";
    /// After what is wrong with a pattern: the pattern.
    IN_PATTERN: "{mistake}, dans le motif «\u{a0}{pattern}\u{a0}»", "{mistake} in the pattern “{pattern}”";
    /// A pattern in the place of a phrase.
    PLAIN_PHRASES: "une classe ne contient que des suites de mots\u{a0}: ni +, ni #, ni\u{a0}!, ni ~", "a class holds plain phrases: no +, #, ! or ~";
    /// A verb whose forms are not known.
    NO_VERB: "le verbe «\u{a0}{verb}\u{a0}» n’est dans aucune table [verbs] du vocabulaire", "the verb “{verb}” is in no [verbs] table of the vocabulary";
    /// A class that does not exist.
    NO_CLASS: "aucune classe @{name} dans le vocabulaire{near}", "no class @{name} in the vocabulary{near}";
    /// A class that needs itself.
    CIRCULAR_CLASS: "la classe @{class} renvoie à elle-même", "class @{class} refers to itself";
    /// Several words in a list of words.
    NOT_ONE_WORD: "«\u{a0}{word}\u{a0}» n’est pas un seul mot", "“{word}” is not a single word";
    /// A verb with a hyphen.
    HYPHEN: "un trait d’union sépare deux mots\u{a0}: le verbe est «\u{a0}{verb}\u{a0}», les motifs disent «\u{a0}{first} <{verb}>\u{a0}»", "a hyphen parts two words: the verb is “{verb}”, patterns say “{first} <{verb}>”";
    /// What is conjugated is no infinitive.
    NO_INFINITIVE: "«\u{a0}{verb}\u{a0}» n’est pas un infinitif", "“{verb}” is no infinitive";
    /// A model that does not exist.
    NO_CONJUGATION: "aucune conjugaison ne s’appelle «\u{a0}{name}\u{a0}»", "no conjugation named “{name}”";
    /// A verb that does not follow its model.
    OTHER_ENDING: "«\u{a0}{verb}\u{a0}» ne finit pas en -{ending} comme «\u{a0}{name}\u{a0}»", "“{verb}” does not end in -{ending} like “{name}”";
    /// A list of words that does not exist.
    NO_WORD_LIST: "aucune liste de mots ne s’appelle «\u{a0}{name}\u{a0}»", "no list of words is named “{name}”";
    /// An id in another shape.
    NO_ID: "«\u{a0}{id}\u{a0}» n’est pas un identifiant\u{a0}: il faut thème.nom, en minuscules sans accent, chiffres et traits d’union, comme moyens.budget", "“{id}” is no id: write theme.name, in lower-case letters without accents, digits and hyphens, like moyens.budget";
    /// A theme whose id is in another shape.
    NO_THEME_ID: "«\u{a0}{id}\u{a0}» n’est pas l’identifiant d’un thème\u{a0}: il faut des minuscules sans accent, des chiffres et des traits d’union", "“{id}” is no id of a theme: write lower-case letters without accents, digits and hyphens";
    /// A criterion that the plan names.
    NO_CRITERION: "aucun critère ne s’appelle «\u{a0}{id}\u{a0}»", "no criterion “{id}”";
    /// A piece that a set names.
    NO_PIECE: "ce critère n’a pas d’élément «\u{a0}{name}\u{a0}»", "no piece named “{name}” in this criterion";
    /// More than the engine numbers.
    TOO_MANY_PATTERNS: "plus de {most} motifs dans une liste, ou listes de motifs", "more than {most} patterns in a list, or lists of patterns";
    /// A rule of one's own, which would need code.
    NO_RULE: "aucune règle ne s’appelle «\u{a0}{id}\u{a0}»\u{a0}: l’outil n’a que les siennes", "no rule “{id}”: the tool has its own only";
    /// A list of patterns, or a message, that a rule knows nothing of.
    NOT_ASKED: "cette règle ne demande rien qui s’appelle «\u{a0}{name}\u{a0}»", "the rule asks for nothing named “{name}”";
    /// A message that a rule cannot do without.
    NO_MESSAGE: "il manque à cette règle le message «\u{a0}{name}\u{a0}»", "the rule lacks the message “{name}”";
    /// Signs of a type of process that nothing looks for.
    NO_SIGNS: "rien ne demande de signes nommés «\u{a0}{name}\u{a0}»", "nothing asks for signs named “{name}”";
    /// A folder of checks without any.
    NO_CHECKS: "aucun fichier de critères (.toml) dans ce répertoire", "no check file (.toml) in this folder";
}

/// The name that was probably meant, as a help.
#[must_use]
pub fn meant<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<Box<Text>> {
    nearest(name, known).map(|near| Box::new(DID_YOU_MEAN.both(&[("name", &near)])))
}

/// [`said`], in both languages.
#[must_use]
pub fn told(message: &str) -> Text {
    Text::each(|lang| said(message, lang))
}

/// What a reader of TOML or YAML says of a mistake, with the nearest valid name where a key or value does not exist; in French where
/// it is one of the mistakes that people make, in the reader's English otherwise.
#[must_use]
pub fn said(message: &str, lang: Lang) -> String {
    let named = message.split('`').nth(1).unwrap_or_default();
    // TOML quotes the valid names, YAML does not and tells the place after them
    let valid = message.split_once("expected ").map_or("", |(_, list)| list.trim_start_matches("one of "));
    let valid = valid.split(" at line ").next().unwrap_or_default();
    let valid: Vec<&str> = valid.split(", ").flat_map(|names| names.split(" or ")).map(|name| name.trim_matches('`')).filter(|name| !name.is_empty()).collect();
    let near = nearest(named, valid.iter().copied()).map(|name| format!(" ({name}\u{a0}?)")).unwrap_or_default();
    let (key, value) = (message.starts_with("unknown field"), message.starts_with("unknown variant"));
    let missing = message.starts_with("missing field");
    let typed = message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected ")).map(|(_, expected)| expected);
    // the reader of YAML says it so
    let expected = typed.or(Some("a sequence").filter(|_| message.starts_with("expected sequence start")));
    match (lang, expected) {
        _ if (key || value) && valid.is_empty() => message.to_owned(),
        (Lang::Fr, _) if key => format!("clé inconnue «\u{a0}{named}\u{a0}»{near}\u{a0}; clés valides\u{a0}: {}", valid.join(", ")),
        (Lang::Fr, _) if missing => format!("il manque la clé «\u{a0}{named}\u{a0}»"),
        (Lang::Fr, _) if value => format!("valeur inconnue «\u{a0}{named}\u{a0}»{near}\u{a0}; valeurs valides\u{a0}: {}", valid.join(", ")),
        (Lang::En, _) if key || value => {
            let what = if key { "key" } else { "value" };
            format!("unknown {what} “{named}”{near}; valid {what}s: {}", valid.join(", ")).replace('\u{a0}', "")
        }
        (Lang::Fr, Some(expected)) => match expected {
            _ if expected.starts_with("a sequence") => "une liste est attendue ici, entre crochets".to_owned(),
            _ if expected.starts_with("a string") || expected.starts_with("string") => "un texte est attendu ici, entre guillemets".to_owned(),
            _ if expected.starts_with("a map") || expected.starts_with("struct") => "une table est attendue ici".to_owned(),
            _ => message.to_owned(),
        },
        _ => message.to_owned(),
    }
}
