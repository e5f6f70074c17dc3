//! Text of a dossier made inert for the format that carries it.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use super::plain::{is_command, placeholder, visible};

/// `value` as JSON, on one line unless `indented`. What could act on a terminal or break a line is written `\uXXXX`, so that
/// the text is inert and a program reads the same value.
pub(super) fn json(value: &impl Serialize, indented: bool) -> io::Result<String> {
    let text = if indented { serde_json::to_string_pretty(value) } else { serde_json::to_string(value) }?;
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text.as_bytes()[at..].iter().position(|byte| may_act(*byte)) {
        at += found;
        let Some(c) = text[at..].chars().next() else { break };
        if placeholder(c).is_some() {
            out.push_str(&text[copied..at]);
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
            copied = at + c.len_utf8();
        }
        at += c.len_utf8();
    }
    out.push_str(&text[copied..]);
    Ok(out)
}

/// Whether a byte of JSON may begin a character that acts: U+007F, U+0080 to U+00BF, U+0600 and above. Those below U+0020 are written
/// `\uXXXX` already, and the line ends outside of strings may stay.
fn may_act(byte: u8) -> bool {
    byte == 0x7f || byte == 0xc2 || byte >= 0xd8
}

/// A path as a relative URI reference, `file:` when it is absolute.
pub(super) fn uri(path: &str) -> String {
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => out.push(byte.into()),
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

/// `markup`, of HTML, in which no line begins with what the log of a CI system would take for a command; it reads the same.
pub(super) fn markup(markup: &str) -> String {
    let inert = |line: &str| {
        let word = line.trim_start();
        let Some(first) = word.chars().next().filter(|_| is_command(word)) else { return line.to_owned() };
        format!("{}&#{};{}", &line[..line.len() - word.len()], first as u32, &word[first.len_utf8()..])
    };
    markup.split_inclusive('\n').map(inert).collect()
}

/// One line of Markdown that shows `text` and nothing else: no markup, no cell, no HTML, no link, no mention, no formula.
pub(crate) fn markdown(text: &str) -> String {
    let text = visible(text);
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let next = || text[at + c.len_utf8()..].chars().next();
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '|' | '`' | '$' => {
                let _ = write!(out, "&#{};", c as u32);
            }
            '*' | '_' | '[' | ']' | '~' => out.extend(['\\', c]),
            // Mentions and references of the platforms.
            '@' | '#' | '!' | '%' if next().is_some_and(|n| n.is_alphanumeric() || n == '"') => {
                let _ = write!(out, "{c}&#8203;");
            }
            // Links without markup.
            ':' if next() == Some('/') => out.push_str("\\:"),
            '.' if out.as_bytes().last_chunk().is_some_and(|end: &[u8; 3]| end.eq_ignore_ascii_case(b"www")) => out.push_str("\\."),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_the_value_and_none_of_the_controls() {
        let value = "a\u{1b}[31m\u{202e}b\u{2028}c\u{e0041}\n\"é\"";
        let text = json(&value, false).unwrap();
        assert_eq!(text, r#""a\u001b[31m\u202eb\u2028c\udb40\udc41\n\"é\"""#);
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), value);
    }

    #[test]
    fn no_line_of_markup_is_a_command() {
        assert_eq!(markup("<pre>::a\n::b::\n  ##[c]\n# d</pre>"), "<pre>::a\n&#58;:b::\n  &#35;#[c]\n# d</pre>");
    }

    #[test]
    fn uris_are_percent_encoded() {
        assert_eq!(uri("notes/eau 100 %/l’été.md"), "notes/eau%20100%20%25/l%E2%80%99%C3%A9t%C3%A9.md");
        assert_eq!(uri("a:b\n<c>\"?#"), "a%3Ab%0A%3Cc%3E%22%3F%23");
        assert_eq!(uri("/tmp/a.md"), "file:///tmp/a.md");
    }

    #[test]
    fn markdown_is_text() {
        assert_eq!(markdown("a|b `c` <i> [d](e) *f*\ng\\"), "a&#124;b &#96;c&#96; &lt;i&gt; \\[d\\](e) \\*f\\* g&#92;");
        assert_eq!(markdown("@nom, #1, 20 %, https://x.fr www.x.fr"), "@&#8203;nom, #&#8203;1, 20 %, https\\://x.fr www\\.x.fr");
    }
}
