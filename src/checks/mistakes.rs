//! What the readers of TOML and YAML say of a mistake, said to people.

use crate::lang::Lang;
use crate::text::distance::nearest;

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
    let expected = message.strip_prefix("invalid type: ").and_then(|rest| rest.split_once(", expected ")).map(|(_, expected)| expected);
    match (lang, expected) {
        _ if (key || value) && valid.is_empty() => message.to_owned(),
        (Lang::Fr, _) if key => format!("clé inconnue «\u{a0}{named}\u{a0}»{near}\u{a0}; clés valides\u{a0}: {}", valid.join(", ")),
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
