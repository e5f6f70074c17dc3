//! Folding of characters for matching: lower case, accents off, ligatures opened.
//!
//! « Équité », « équité » and « EQUITE » fold to the same letters, so that capitals without accents and converted
//! PDF text are read like any other.

use unicode_normalization::char::decompose_canonical;

/// Appends the folded form of `c` to `out`. Characters that carry nothing (soft hyphen, zero width) append nothing.
pub fn push_folded(c: char, out: &mut String) {
    if c.is_ascii() {
        out.push(c.to_ascii_lowercase());
        return;
    }
    let simple = match c {
        'à' | 'â' | 'ä' | 'À' | 'Â' | 'Ä' | 'á' | 'Á' | 'ã' | 'å' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => 'e',
        'î' | 'ï' | 'Î' | 'Ï' | 'í' => 'i',
        'ô' | 'ö' | 'Ô' | 'Ö' | 'ó' => 'o',
        'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' | 'ú' => 'u',
        'ÿ' | 'Ÿ' => 'y',
        'ç' | 'Ç' => 'c',
        'ñ' | 'Ñ' => 'n',
        'ᵉ' => 'e',
        'ʳ' => 'r',
        'ᵈ' => 'd',
        'ˢ' => 's',
        _ => return push_rare(c, out),
    };
    out.push(simple);
}

fn push_rare(c: char, out: &mut String) {
    match c {
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        'ﬁ' => out.push_str("fi"),
        'ﬂ' => out.push_str("fl"),
        'ﬀ' => out.push_str("ff"),
        'ﬃ' => out.push_str("ffi"),
        'ﬄ' => out.push_str("ffl"),
        'ﬅ' | 'ﬆ' => out.push_str("st"),
        'ß' => out.push_str("ss"),
        _ if is_ignorable(c) => {}
        _ => decompose_canonical(c, |part| {
            if !is_combining(part) {
                out.extend(part.to_lowercase());
            }
        }),
    }
}

/// Appends the lower-case form of `c`, accents kept (composed), ligatures opened.
pub fn push_lower(c: char, out: &mut String) {
    match c {
        '\0'..='\u{7f}' => out.push(c.to_ascii_lowercase()),
        'à'..='ö' | 'ø'..='ÿ' => out.push(c),
        'ﬁ' | 'ﬂ' | 'ﬀ' | 'ﬃ' | 'ﬄ' | 'ﬅ' | 'ﬆ' | 'œ' | 'Œ' => push_rare(c, out),
        _ if is_ignorable(c) => {}
        _ => out.extend(c.to_lowercase()),
    }
}

/// Folds a whole text.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if !is_combining(c) {
            push_folded(c, &mut out);
        }
    }
    out
}

/// Letters of any script; those of French are told without a table.
#[inline]
#[must_use]
pub fn is_letter(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphabetic(),
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ÿ' => true,
        '\u{300}'..='\u{36f}' => false,
        // dashes, quotation marks, the apostrophe
        '\u{2000}'..='\u{206f}' => false,
        _ => c.is_alphabetic(),
    }
}

/// Marks that combine with the letter before them.
#[must_use]
pub fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Characters that show nothing and break words for a machine only: soft hyphen, zero-width space and joiners, BOM.
#[must_use]
pub fn is_ignorable(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The apostrophes of French typing.
#[must_use]
pub fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '‘' | '´' | '′')
}

/// Spaces, the non-breaking and thin ones of French typography included.
#[must_use]
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{2007}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_without_accents_fold_alike() {
        assert_eq!(fold("MODALITES"), fold("Modalités"));
        assert_eq!(fold("cœur"), "coeur");
        assert_eq!(fold("ﬁn"), "fin");
        assert_eq!(fold("e\u{301}quipe"), "equipe");
        assert_eq!(fold("concer\u{ad}tation"), "concertation");
    }
}
