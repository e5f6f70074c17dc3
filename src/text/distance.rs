//! Edit distance, to name the nearest valid word in a message.

/// The candidate nearest to `word`, if one is near enough to be what was meant.
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    // of a word of two letters, none may be another
    let limit = (length / 3).max(2).min(length / 2);
    // too long or too short to be near, whatever its letters
    let comparable = candidates.filter(|c| c.chars().count().abs_diff(length) <= limit);
    comparable.map(|c| (distance(word, c), c)).filter(|(d, _)| *d <= limit).min().map(|(_, c)| c)
}

/// Levenshtein distance in Unicode scalar values.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, cb) in b.iter().enumerate() {
            let next = (diagonal + usize::from(ca != *cb)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = row[j + 1];
            row[j + 1] = next;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    #[test]
    fn finds_the_nearest() {
        let names = ["gouvernance.garant", "gouvernance.rythme", "suites.suivi"];
        assert_eq!(super::nearest("gouvernance.garrant", names.into_iter()), Some("gouvernance.garant"));
        assert_eq!(super::nearest("meteo", names.into_iter()), None);
        assert_eq!(super::nearest("de", ["fr", "en"].into_iter()), None);
    }
}
