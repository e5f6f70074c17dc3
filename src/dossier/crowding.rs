//! Texts made of little else than signs, which take hundreds of times their size in memory: they are refused before they are read.

/// Signs that follow each other closely are at most one of so many bytes that a file may have.
const BYTES_A_SIGN: u64 = 8;

/// Bytes from one sign to the next, at most, where they follow each other closely.
const CLOSE: usize = 8;

/// How many signs may follow each other closely in a file of which so many bytes are read: the two and a half million of the usual
/// limit take half a gigabyte. The framing documents at hand have half as many for their length, at most.
#[must_use]
pub fn most_signs(max_file_size: u64) -> u64 {
    max_file_size / BYTES_A_SIGN
}

/// Whether more than `most` signs of a text follow each other closely. Those that cost little are left aside: bars and dashes, of
/// which tables are full, backticks, carets.
#[must_use]
pub fn is_crowded(text: &str, most: u64) -> bool {
    if text.len() as u64 <= most {
        return false;
    }
    let sign = |byte: &u8| byte.is_ascii_punctuation() && !matches!(byte, b'|' | b'-' | b'`' | b'^') || *byte == b'\n';
    let mut last = None;
    let places = text.bytes().enumerate().filter(|(_, byte)| sign(byte)).map(|(at, _)| at);
    let close = places.filter(|&at| last.replace(at).is_some_and(|last: usize| at - last <= CLOSE));
    close.take(usize::try_from(most).unwrap_or(usize::MAX).saturating_add(1)).count() as u64 > most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_counted_where_they_are_close() {
        for text in ["*_", "a\n", "abcdefg.", "]"] {
            assert!(is_crowded(&text.repeat(101), 99), "{text}");
            assert!(!is_crowded(&text.repeat(100 / text.len()), 100), "{text}");
        }
        assert!(!is_crowded(&"abcdefgh. ".repeat(1_000), 10), "words of ordinary length");
        assert!(!is_crowded(&"|-".repeat(1_000), 10), "tables");
    }
}
