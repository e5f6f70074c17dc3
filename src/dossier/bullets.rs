//! Lists whose bullets are typed in the text, as word processors leave them: « • », « ➢ », « – ». Markdown sees a paragraph there.

use super::markdown::{Raw, RawKind};
use crate::text::each_line;

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
        let items = if matches!(raw.kind, RawKind::Paragraph | RawKind::Item) { items(said(&raw, text)) } else { Vec::new() };
        typed = match items.as_slice() {
            [] => {
                out.push(raw);
                false
            }
            items => {
                push(&raw, items, typed, text, &mut out);
                true
            }
        };
        moved.push(out.len() - 1);
    }
    out
}

fn said<'a>(raw: &Raw, text: &'a str) -> &'a str {
    &text[raw.start as usize..raw.end as usize]
}

/// Adds what a paragraph says before its items, then these, each with what introduces it.
fn push(raw: &Raw, items: &[Item], typed: bool, text: &str, out: &mut Vec<Raw>) {
    let end = |line: usize| raw.start + said(raw, text)[..line].trim_end().len() as u32;
    let opening = Raw { end: end(items[0].line), ..raw.clone() };
    let outer = if opening.end > opening.start {
        out.push(opening);
        Some(out.len() - 1)
    } else {
        raw.lead_in.or_else(|| before(raw, out, typed, text))
    };
    let mut lead_in = outer;
    for (at, item) in items.iter().enumerate() {
        if item.mark == items[0].mark {
            lead_in = outer;
        } else if item.mark != items[at - 1].mark && out.last().is_some_and(|last| introduces(last, text)) {
            // « • Comité de pilotage : », then « ◦ la maire »
            lead_in = Some(out.len() - 1);
        }
        let stop = items.get(at + 1).map_or(raw.end, |next| end(next.line));
        out.push(Raw { kind: RawKind::Item, start: raw.start + item.text as u32, end: stop, quotes: raw.quotes, lead_in, header: raw.header });
    }
}

/// What introduces items that nothing precedes in their paragraph: the block before, or what introduces the items that it is.
fn before(raw: &Raw, out: &[Raw], typed: bool, text: &str) -> Option<usize> {
    let last = out.last().filter(|last| last.quotes == raw.quotes)?;
    if typed {
        return last.lead_in;
    }
    (last.kind == RawKind::Paragraph && introduces(last, text)).then(|| out.len() - 1)
}

fn introduces(raw: &Raw, text: &str) -> bool {
    said(raw, text).trim_end().trim_end_matches(['*', '_']).trim_end().ends_with(':')
}

/// An item: its bullet, where its line begins, and its text.
struct Item {
    mark: char,
    line: usize,
    text: usize,
}

/// The items of a paragraph.
fn items(paragraph: &str) -> Vec<Item> {
    let mut out = Vec::new();
    let mut at = 0;
    // a dash may set a clause off, unless the line before has ended, or an item before began with one
    let mut ended = true;
    let mut dashed = false;
    let commented = paragraph.contains(COMMENT.0);
    let mut hidden = false;
    for line in each_line(paragraph) {
        let inner = line.trim_start_matches(['>', ' ', '\t', '\u{a0}']);
        let start = at;
        at += line.len();
        let Some(mark) = inner.chars().next() else { continue };
        let rest = &inner[mark.len_utf8()..];
        let text = rest.trim_start();
        let dash = matches!(mark, '–' | '—') && (ended || dashed) && text.len() < rest.len();
        if (dash || BULLETS.contains(&mark)) && !text.is_empty() && !hidden {
            dashed = dash;
            out.push(Item { mark, line: start, text: at - text.len() });
        }
        let shown = inner.trim_end();
        if !shown.is_empty() {
            ended = shown.ends_with([':', ';', '.', '?', '!', '…']);
        }
        if commented {
            let (opens, closes) = (line.rfind(COMMENT.0), line.rfind(COMMENT.1));
            hidden = opens.map_or(hidden && closes.is_none(), |opens| closes.is_none_or(|closes| closes < opens));
        }
    }
    if let [only] = out.as_slice()
        && only.line == 0
        && is_heading(paragraph[only.text..].trim_end())
    {
        out.clear();
    }
    out
}

const COMMENT: (&str, &str) = ("<!--", "-->");

/// « ■ CALENDRIER PRÉVISIONNEL »: a line in capitals that serves as a heading.
fn is_heading(text: &str) -> bool {
    let capitals = text.contains(char::is_uppercase) && !text.contains(char::is_lowercase);
    capitals && !text.contains(['\n', '\r']) && !text.ends_with(['.', ';', ','])
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
        assert_eq!(texts("Avant <!-- à revoir :\n• caché\n--> fin\n• montré"), ["montré"]);
        assert_eq!(texts("■ CALENDRIER PRÉVISIONNEL"), [""; 0]);
    }

    #[test]
    fn a_dash_that_sets_a_clause_off_opens_none() {
        assert_eq!(texts("Sont associés :\n– la ville ;\n– l’État"), ["la ville ;", "l’État"]);
        assert_eq!(texts("– la ville\n– l’État\n— la région"), ["la ville", "l’État", "la région"]);
        assert_eq!(texts("Qui siège ?\n– la maire"), ["la maire"]);
        assert_eq!(texts("La ville,\n– qui paie – décide.\nLe reste\n–attend"), [""; 0]);
    }
}
