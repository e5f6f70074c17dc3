//! Texts made of little else than signs, or of ends of lines, which take many times their size in memory: they are refused before they
//! are read.

use super::markdown::WIDEST;
use crate::messages::{self, Message};
use crate::text::each_line;

/// Signs that follow each other closely are at most one of so many bytes that a file may have.
const BYTES_A_SIGN: u64 = 8;

/// Bytes from one sign to the next, at most, where they follow each other closely.
const CLOSE: usize = 8;

/// Lines with something on them are at most one for so many bytes that a file may have…
const BYTES_A_LINE: u64 = 32;

/// … and may be as many as this whatever its size. Of the framing documents at hand, lists included, none has a line for thirty bytes.
const LINES: u64 = 50_000;

/// Cells of tables are at most one for so many bytes that a file may have, or [`LINES`].
const BYTES_A_CELL: u64 = 16;

/// What makes a text of which so many bytes are read at most too crowded to be read, and how much of it there may be. The two and a half
/// million signs of the usual limit, its 625,000 lines or its 1,250,000 cells take half a gigabyte; the framing documents at hand have half as many signs for
/// their length, at most.
#[must_use]
pub fn crowding(text: &str, max_file_size: u64) -> Option<(Message, u64)> {
    let (signs, lines) = (max_file_size / BYTES_A_SIGN, (max_file_size / BYTES_A_LINE).max(LINES));
    let cells = (max_file_size / BYTES_A_CELL).max(LINES);
    if exceed(close_signs(text).chain(quotes_twice(text)), signs, text) {
        Some((messages::CROWDED_SIGNS, signs))
    } else if exceed(each_line(text).filter(|line| !line.trim_start().is_empty()), lines, text) {
        Some((messages::CROWDED_LINES, lines))
    } else if exceed(borders(text), cells, text) {
        Some((messages::CROWDED_CELLS, cells))
    } else {
        None
    }
}

/// Whether there are more than `most` of what a text has one of in a byte at most.
fn exceed(things: impl Iterator, most: u64, text: &str) -> bool {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    text.len() > most && things.take(most.saturating_add(1)).count() > most
}

/// The signs of a text that follow another closely. Those that cost little are left aside: bars and dashes, of which tables are full,
/// backticks, carets.
fn close_signs(text: &str) -> impl Iterator<Item = usize> {
    let ends_line = |at: usize, byte: u8| byte == b'\n' || byte == b'\r' && text.as_bytes().get(at + 1) != Some(&b'\n');
    let sign = move |at: usize, byte: u8| byte.is_ascii_punctuation() && !matches!(byte, b'|' | b'-' | b'`' | b'^') || ends_line(at, byte);
    let mut last = None;
    let places = text.bytes().enumerate().filter(move |&(at, byte)| sign(at, byte)).map(|(at, _)| at);
    places.filter(move |&at| last.replace(at).is_some_and(|last: usize| at - last <= CLOSE))
}

/// The borders of cells, in lines that may be rows.
fn borders(text: &str) -> impl Iterator<Item = usize> {
    each_line(text).map(|line| memchr::memchr_iter(b'|', line.as_bytes()).count()).filter(|count| *count <= WIDEST).flat_map(|count| 0..count)
}

/// Each straight quotation mark of a text, twice: wherever it stands, comrak makes two nodes of it.
fn quotes_twice(text: &str) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b'"', text.as_bytes()).flat_map(|at| [at, at])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_crowded(text: &str, most: u64) -> bool {
        crowding(text, most * BYTES_A_SIGN).is_some()
    }

    #[test]
    fn signs_are_counted_where_they_are_close() {
        for text in ["*_", "a\n", "a\r", "abcdefg.", "]"] {
            assert!(is_crowded(&text.repeat(101), 99), "{text}");
            assert!(!is_crowded(&text.repeat(100 / text.len()), 100), "{text}");
        }
        assert!(!is_crowded(&"abcdefgh. ".repeat(1_000), 10), "words of ordinary length");
        assert!(is_crowded(&"\"abcdefghij abcdefghij ".repeat(51), 100), "quotation marks");
        assert!(!is_crowded(&"\"abcdefghij abcdefghij ".repeat(50), 100), "quotation marks");
        assert!(!is_crowded(&"|-".repeat(1_000), 10), "tables");
    }

    #[test]
    fn lines_are_counted_where_something_is_on_them() {
        let most = 2 * LINES;
        let crowded = |line: &str, count: u64| crowding(&line.repeat(count as usize), most * BYTES_A_LINE).map(|(_, limit)| limit);
        assert_eq!(crowded("- un avis du public\r\n\r\n", most), None);
        assert_eq!(crowded("- un avis du public\r\n\r\n", most + 1), Some(most));
        assert_eq!(crowded("- un avis du public\r", most + 1), Some(most));
        assert_eq!(crowding(&"- un avis du public\n".repeat(LINES as usize), 1_000_000), None, "whatever the limit of the size");
    }

    #[test]
    fn cells_are_counted_where_there_may_be_a_row() {
        let cells = |row: &str, rows: u64| crowding(&format!("{row}\n").repeat(rows as usize), LINES * BYTES_A_CELL).map(|(_, limit)| limit);
        let row = "|a b c d e f".repeat(10);
        assert_eq!(cells(&row, LINES / 10), None);
        assert_eq!(cells(&row, LINES / 10 + 1), Some(LINES));
        assert_eq!(cells(&row.repeat(101), LINES / 1_000), None, "too wide for a row");
    }
}
