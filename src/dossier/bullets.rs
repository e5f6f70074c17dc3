//! Lists whose bullets are typed in the text, as word processors leave them: « • », « ➢ », « – ». Markdown sees a paragraph there.

use super::markdown::{Raw, RawKind};

/// Marks that open nothing but an item; the last three are those of Word's symbol font.
const BULLETS: [char; 21] = ['•', '●', '▪', '■', '◦', '○', '‣', '⁃', '❑', '❒', '❏', '□', '☐', '➢', '➤', '►', '✓', '✔', '\u{f0b7}', '\u{f0a7}', '\u{f0d8}'];

/// Cuts the paragraphs of `text` at the lines that a bullet opens: what comes before them introduces the items.
pub(super) fn split(raws: Vec<Raw>, text: &str) -> Vec<Raw> {
    let mut out: Vec<Raw> = Vec::with_capacity(raws.len());
    // for each block, where the last of its pieces is
    let mut moved = Vec::with_capacity(raws.len());
    // the items that end the blocks so far are typed ones
    let mut typed = false;
    for mut raw in raws {
        raw.lead_in = raw.lead_in.map(|at| moved[at]);
        raw.header = raw.header.map(|at| moved[at]);
        let items = if matches!(raw.kind, RawKind::Paragraph | RawKind::Item) { items(&text[raw.start as usize..raw.end as usize]) } else { Vec::new() };
        match items.first() {
            None => {
                out.push(raw);
                typed = false;
            }
            Some(first) => {
                let end = |line: usize| raw.start + text[raw.start as usize..raw.start as usize + line].trim_end().len() as u32;
                let opening = Raw { end: end(first.line), ..raw.clone() };
                let lead_in = if opening.end > opening.start {
                    out.push(opening);
                    Some(out.len() - 1)
                } else {
                    before(&out, typed, text).or(raw.lead_in)
                };
                for (at, item) in items.iter().enumerate() {
                    let stop = items.get(at + 1).map_or(raw.end, |next| end(next.line));
                    out.push(Raw { kind: RawKind::Item, start: raw.start + item.text as u32, end: stop, lead_in, ..raw });
                }
                typed = true;
            }
        }
        moved.push(out.len() - 1);
    }
    out
}

/// What introduces items that nothing precedes in their paragraph: the block before, or what introduces the items that it is.
fn before(out: &[Raw], typed: bool, text: &str) -> Option<usize> {
    let last = out.last()?;
    if typed {
        return last.lead_in;
    }
    let introduces = last.kind == RawKind::Paragraph && text[last.start as usize..last.end as usize].trim_end_matches(['*', '_']).ends_with(':');
    introduces.then(|| out.len() - 1)
}

/// An item: where its line begins, and its text.
struct Item {
    line: usize,
    text: usize,
}

/// The items of a paragraph.
fn items(paragraph: &str) -> Vec<Item> {
    let mut out = Vec::new();
    let mut at = 0;
    // a dash may set a clause off, unless the line before has ended or began with one
    let mut ended = true;
    let mut dashed = false;
    for line in paragraph.split_inclusive(['\n', '\r']) {
        let inner = line.trim_start_matches(['>', ' ', '\t', '\u{a0}']);
        let start = at;
        at += line.len();
        let Some(first) = inner.chars().next() else { continue };
        let rest = &inner[first.len_utf8()..];
        let text = rest.trim_start();
        let dash = matches!(first, '–' | '—') && (ended || dashed) && text.len() < rest.len();
        if (dash || BULLETS.contains(&first)) && !text.is_empty() {
            dashed = dash;
            out.push(Item { line: start, text: at - text.len() });
        }
        let said = inner.trim_end();
        if !said.is_empty() {
            ended = said.ends_with([':', ';', '.']);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(paragraph: &str) -> Vec<&str> {
        items(paragraph).iter().map(|item| paragraph[item.text..].lines().next().unwrap_or_default()).collect()
    }

    #[test]
    fn a_bullet_opens_an_item_at_the_beginning_of_a_line() {
        assert_eq!(texts("Trois étapes :\n• la première\n  ● la deuxième\r\n>\u{f0b7}\tla troisième"), ["la première", "la deuxième", "la troisième"]);
        assert_eq!(texts("• collé\n•collé aussi\n•"), ["collé", "collé aussi"]);
        assert_eq!(texts("Mardi • mercredi"), [""; 0]);
    }

    #[test]
    fn a_dash_that_sets_a_clause_off_opens_none() {
        assert_eq!(texts("Sont associés :\n– la ville ;\n– l’État"), ["la ville ;", "l’État"]);
        assert_eq!(texts("– la ville\n– l’État\n— la région"), ["la ville", "l’État", "la région"]);
        assert_eq!(texts("La ville,\n– qui paie – décide.\nLe reste\n–attend"), [""; 0]);
    }
}
