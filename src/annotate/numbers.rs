//! Numbers in digits and in words.

use std::ops::Range;

/// The value of a French number word, and whether it multiplies what precedes (« cents », « mille »).
fn word_value(word: &str) -> Option<(f64, bool)> {
    let value = match word {
        "zero" => 0,
        "un" | "une" => 1,
        "deux" => 2,
        "trois" => 3,
        "quatre" => 4,
        "cinq" => 5,
        "six" => 6,
        "sept" => 7,
        "huit" => 8,
        "neuf" => 9,
        "dix" => 10,
        "onze" => 11,
        "douze" => 12,
        "treize" => 13,
        "quatorze" => 14,
        "quinze" => 15,
        "seize" => 16,
        "vingt" | "vingts" => 20,
        "trente" => 30,
        "quarante" => 40,
        "cinquante" => 50,
        "soixante" => 60,
        "septante" => 70,
        "octante" | "huitante" => 80,
        "nonante" => 90,
        "cent" | "cents" => return Some((100.0, true)),
        "mille" => return Some((1000.0, true)),
        "dizaine" | "dizaines" => 10,
        "douzaine" | "douzaines" => 12,
        "quinzaine" => 15,
        "vingtaine" => 20,
        "trentaine" => 30,
        "quarantaine" => 40,
        "cinquantaine" => 50,
        "soixantaine" => 60,
        "centaine" | "centaines" => return Some((100.0, true)),
        "millier" | "milliers" => return Some((1000.0, true)),
        _ => return None,
    };
    Some((f64::from(value), false))
}

/// Whether a folded word is a number.
#[must_use]
pub fn is_word(word: &str) -> bool {
    word_value(word).is_some()
}

/// The value of a number token (`150`, `1200`, `2,5`, `12000`), letters glued to it aside (`1er` is 1).
#[must_use]
pub fn digits(folded: &str) -> Option<f64> {
    let end = folded.find(|c: char| !c.is_ascii_digit() && c != ',' && c != '.').unwrap_or(folded.len());
    let bare = folded[..end].trim_end_matches([',', '.']);
    // « 4.200 » counts thousands, « 4.2 » tenths
    let thousands = bare.split_once('.').is_some_and(|(head, tail)| tail.len() == 3 && head.len() <= 3 && !tail.contains('.'));
    let plain = if thousands { bare.replace('.', "") } else { bare.replace(',', ".") };
    plain.parse().ok()
}

/// The number words that begin at the start of `words`: their value and how many there are.
pub fn words<'a>(words: impl Iterator<Item = &'a str>) -> Option<(f64, usize)> {
    let (mut total, mut current, mut used, mut pending_et) = (0.0, 0.0, 0, false);
    for (at, word) in words.enumerate() {
        if word == "et" && used > 0 {
            pending_et = true;
            continue;
        }
        let Some((value, multiplies)) = word_value(word) else { break };
        // « vingt et un », « soixante et onze »; not « deux et trois »
        if pending_et && (value > 11.0 || current < 20.0 || multiplies) {
            break;
        }
        if multiplies {
            current = if current == 0.0 { value } else { current * value };
            if value >= 1000.0 {
                total += current;
                current = 0.0;
            }
        } else if value == 20.0 && (current % 100.0) == 4.0 {
            current += 76.0;
        } else if used > 0 && current % 10.0 != 0.0 && current % 100.0 != 60.0 && current != 0.0 {
            break;
        } else {
            current += value;
        }
        used = at + 1;
        pending_et = false;
    }
    (used > 0).then_some((total + current, used))
}

/// A number of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Number {
    /// Tokens.
    pub tokens: Range<u32>,
    /// Its value.
    pub value: f64,
    /// « une vingtaine », « environ 150 », « trois à quatre cents »: not a figure to compare.
    pub approximate: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_words() {
        let read = |text: &str| words(text.split(' '));
        assert_eq!(read("trente deux personnes"), Some((32.0, 2)));
        assert_eq!(read("quatre vingt dix sept"), Some((97.0, 4)));
        assert_eq!(read("deux cents habitants"), Some((200.0, 2)));
        assert_eq!(read("mille deux cent cinquante"), Some((1250.0, 4)));
        assert_eq!(read("vingt et un jours"), Some((21.0, 3)));
        assert_eq!(read("soixante quinze"), Some((75.0, 2)));
        assert_eq!(read("trois elus et deux habitants"), Some((3.0, 1)));
        assert_eq!(read("personne"), None);
    }

    #[test]
    fn reads_digits() {
        assert_eq!(digits("2,5"), Some(2.5));
        assert_eq!(digits("600000"), Some(600_000.0));
        assert_eq!(digits("4.200"), Some(4200.0));
        assert_eq!(digits("1er"), Some(1.0));
    }
}
