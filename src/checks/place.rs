//! Where a key or a string stands in a file of TOML, for whoever has made a mistake there.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The first key `name` below one of the keys `under`.
#[must_use]
pub fn of_key(text: &str, under: &[&str], name: &str) -> Option<Range<usize>> {
    first(text, under, name, true).map(|span| inside(text, span, 0))
}

/// The first string `value` below one of the keys `under`, without its quotation marks, from byte `at` of the value on.
#[must_use]
pub fn of_value(text: &str, under: &[&str], value: &str, at: usize) -> Option<Range<usize>> {
    first(text, under, value, false).map(|span| inside(text, span, at))
}

/// The first key of a table `under` that leads to a table itself, with the key below: « moyens.budget » for `moyens.budget = "error"`.
#[must_use]
pub fn of_dotted(text: &str, under: &str) -> Option<(String, Range<usize>)> {
    fn search(table: &DeTable<'_>, under: &str, below: bool) -> Option<(String, Range<usize>)> {
        table.iter().find_map(|(key, value)| match value.get_ref() {
            DeValue::Table(inner) if below => inner.keys().next().map(|last| (format!("{}.{}", key.get_ref(), last.get_ref()), key.span())),
            DeValue::Table(inner) => search(inner, under, key.get_ref() == under),
            DeValue::Array(values) => values.iter().find_map(|value| match value.get_ref() {
                DeValue::Table(inner) => search(inner, under, false),
                _ => None,
            }),
            _ => None,
        })
    }
    search(DeTable::parse(text).ok()?.get_ref(), under, false)
}

fn first(text: &str, under: &[&str], sought: &str, keys: bool) -> Option<Range<usize>> {
    let document = DeTable::parse(text).ok()?;
    let mut search = Search { under, sought, keys, first: None };
    search.table(document.get_ref(), false);
    search.first
}

struct Search<'a> {
    under: &'a [&'a str],
    sought: &'a str,
    keys: bool,
    first: Option<Range<usize>>,
}

impl Search<'_> {
    fn table(&mut self, table: &DeTable<'_>, below: bool) {
        for (key, value) in table {
            if below && self.keys && key.get_ref() == self.sought {
                self.found(key.span());
            }
            self.value(value, below || self.under.contains(&key.get_ref().as_ref()));
        }
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, below: bool) {
        match value.get_ref() {
            DeValue::String(string) if below && !self.keys && string == self.sought => self.found(value.span()),
            DeValue::Array(values) => values.iter().for_each(|value| self.value(value, below)),
            DeValue::Table(table) => self.table(table, below),
            _ => {}
        }
    }

    /// Tables are not in the order of the file.
    fn found(&mut self, span: Range<usize>) {
        if self.first.as_ref().is_none_or(|first| span.start < first.start) {
            self.first = Some(span);
        }
    }
}

/// A string or key as it is written, without its quotation marks, from byte `at` of its value on.
fn inside(text: &str, span: Range<usize>, at: usize) -> Range<usize> {
    let written = &text[span.clone()];
    let mark = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|mark| written.starts_with(mark) && written.len() >= 2 * mark.len()).unwrap_or("");
    let body = &written[mark.len()..written.len() - mark.len()];
    // the line after three marks begins the value
    let line = if mark.len() == 3 { body.len() - body.trim_start_matches('\r').trim_start_matches('\n').len() } else { 0 };
    let skipped = line + written_length(&body[line..], at, mark.starts_with('"'));
    span.start + mark.len() + skipped..span.end - mark.len()
}

/// How many bytes of `body` say the first `at` bytes of its value.
fn written_length(body: &str, at: usize, escapes: bool) -> usize {
    let (mut rest, mut value) = (body.chars(), 0);
    while value < at {
        let Some(c) = rest.next() else { break };
        value += if escapes && c == '\\' { escaped(&mut rest) } else { c.len_utf8() };
    }
    body.len() - rest.as_str().len()
}

/// Reads an escape after its bar; how many bytes it stands for.
fn escaped(rest: &mut std::str::Chars<'_>) -> usize {
    let digits = match rest.next() {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        _ => return 1,
    };
    let code: String = rest.by_ref().take(digits).collect();
    u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_found_below_its_key_whatever_is_written_before() {
        let text = "# avis\ntitle = { fr = \"avis\" }\nany = [\"un avis\", 'avis']\n[piece.avis]\nany = [\"avis\"]\n";
        let span = of_value(text, &["any"], "avis", 0).unwrap();
        assert_eq!((&text[span.clone()], &text[..span.start]), ("avis", "# avis\ntitle = { fr = \"avis\" }\nany = [\"un avis\", '"));
        let span = of_key(text, &["piece"], "avis").unwrap();
        assert!(text[..span.start].ends_with("[piece."));
        assert_eq!(of_value(text, &["not"], "avis", 0), None);
    }

    #[test]
    fn an_offset_is_that_of_the_text_as_it_is_written() {
        let after = |written: &str, value: &str, at: usize| {
            let text = format!("any = [{written}]");
            let span = of_value(&text, &["any"], value, at).unwrap();
            text[span].to_owned()
        };
        assert_eq!(after(r#""a \\: (b""#, "a \\: (b", 5), "(b");
        assert_eq!(after(r#""\u00e9té (b""#, "été (b", 6), "(b");
        assert_eq!(after(r"'a \: (b'", "a \\: (b", 5), "(b");
        assert_eq!(after("\"\"\"\nété (b\"\"\"", "été (b", 6), "(b");
        assert_eq!(after("\"\"", "", 3), "");
    }
}
