//! Text of a dossier made safe and measurable for a terminal: nothing in it moves the cursor, changes a colour or turns
//! the direction of writing, and every character is as wide as it is counted.

use std::borrow::Cow;

use unicode_width::UnicodeWidthChar;

/// Columns that `text` takes on the screen.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// What is printed in place of a character; `None` when the character is printed as it is.
pub(crate) fn placeholder(c: char) -> Option<Cow<'static, str>> {
    match c {
        '\t' | '\n' | '\r' => Some(Cow::Borrowed(" ")),
        '\0'..='\u{1f}' => Some(Cow::Owned(char::from_u32(0x2400 + c as u32).map(String::from).unwrap_or_default())),
        '\u{7f}' => Some(Cow::Borrowed("\u{2421}")),
        // Invisible, and as wide as a terminal likes.
        '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}' => Some(Cow::Borrowed("")),
        '\u{80}'..='\u{9f}' | '\u{2028}' | '\u{2029}' => Some(code_point(c)),
        c if is_bidi_control(c) || is_tag(c) || is_noncharacter(c) => Some(code_point(c)),
        _ => None,
    }
}

/// Whether `c` changes the direction in which what follows is shown.
pub(crate) fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether `c` is one of the invisible tag characters.
fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// Whether `c` is one of the code points that are no characters, which XML and others refuse.
fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || c as u32 & 0xfffe == 0xfffe
}

fn code_point(c: char) -> Cow<'static, str> {
    Cow::Owned(format!("‹U+{:04X}›", c as u32))
}

/// `text` with every character that would act on a terminal replaced by a visible one.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| placeholder(c).is_none()) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match placeholder(c) {
            Some(shown) => out.push_str(&shown),
            None => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// The same as [`visible`], with the line ends kept, each as `\n`.
pub(crate) fn visible_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// `text`, every byte of it at its place, with a question mark for each byte of what would act on a terminal: for whoever marks
/// places in it. Lines and tabs are kept; every line ends with `\n`.
pub(crate) fn visible_in_place(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' => out.push(if rest.peek() == Some(&'\n') { ' ' } else { '\n' }),
            c if placeholder(c).is_some() => out.extend(std::iter::repeat_n('?', c.len_utf8())),
            c => out.push(c),
        }
    }
    out
}

/// `text` in lines of at most `columns`, the first of them after `first` columns already taken. Breaks at ASCII spaces
/// only, so that French punctuation stays with its word; a longer word has a line of its own. No line begins with what the log of
/// a CI system would take for a command; a bar stands before one that the text begins with.
pub(crate) fn wrap(text: &str, columns: usize, first: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut used) = if first == 0 && is_command(text) { ("│".to_owned(), 1) } else { (String::new(), first) };
    for word in text.split([' ', '\n', '\t']).filter(|word| !word.is_empty()) {
        let wide = width(word);
        let gap = usize::from(!matches!(line.as_str(), "" | "│"));
        let full = used + gap + wide > columns && !is_command(word);
        if full && (gap == 1 || (lines.is_empty() && first > 0)) {
            lines.push(std::mem::take(&mut line));
            used = 0;
        } else if gap == 1 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += wide;
    }
    lines.push(line);
    lines
}

/// Whether a line of a log that begins with `word` is a command to the CI system that shows it, which trims blanks.
pub(crate) fn is_command(word: &str) -> bool {
    let word = word.trim_start();
    word.starts_with("::") || word.starts_with("##[") || word.starts_with("##vso[")
}

/// `text`, made visible, for the beginning of a line: a bar before it where the log of a CI system would take it for a command.
pub(crate) fn opening(text: &str) -> Cow<'_, str> {
    let text = visible(text);
    if is_command(&text) { Cow::Owned(format!("│{text}")) } else { text }
}

/// The first `most` of `lines`, the last of them ended with an ellipsis when others follow.
pub(crate) fn first_lines(mut lines: Vec<String>, most: usize, columns: usize) -> Vec<String> {
    if lines.len() > most && most > 0 {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            *last = clip(&format!("{last} …"), columns, true);
        }
    }
    lines
}

/// `text` cut to `columns` with an ellipsis, at a word where `words` asks so.
pub(crate) fn clip(text: &str, columns: usize, words: bool) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 0;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        end = at + c.len_utf8();
    }
    let mut kept = &text[..end];
    if words && let Some((before, _)) = kept.trim_end_matches(['…', ' ']).rsplit_once(' ') {
        kept = before;
        return format!("{} …", kept.trim_end_matches([' ', ',', ';', ':', '\u{a0}']));
    }
    format!("{}…", kept.trim_end())
}

/// `text` filled with blanks on the right up to `columns`.
pub(crate) fn pad_right(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// `text` filled with blanks on the left up to `columns`.
pub(crate) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Fails when `text` holds a character that acts on a terminal or on the direction of writing.
#[cfg(test)]
pub(super) fn assert_inert(text: &str) {
    let acts = |c: &char| (c.is_control() && *c != '\n') || is_bidi_control(*c);
    assert_eq!(text.chars().find(acts), None, "{text:?}");
    assert!(!text.contains(['\u{fffe}', '\u{ffff}']), "{text:?}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_shown_instead() {
        assert_eq!(visible("a\u{1b}[31mb"), "a␛[31mb");
        assert_eq!(visible("a\u{202e}b\u{7f}\u{9b}2J"), "a‹U+202E›b␡‹U+009B›2J");
        assert_eq!(visible("a\u{fffe}b\u{1ffff}\u{fffd}"), "a‹U+FFFE›b‹U+1FFFF›\u{fffd}");
        assert_eq!(visible("co\u{ad}opé\u{200b}ration"), "coopération");
        assert!(matches!(visible("déjà\u{a0}: œuvre"), Cow::Borrowed(_)));
    }

    #[test]
    fn what_is_marked_stays_at_its_place() {
        let text = "\u{feff}a = \"\u{1b}]0;é\u{7}\u{9b}2J\u{202e}\u{e0041}\"\r\n\tb\rc\n";
        let shown = visible_in_place(text);
        assert_eq!(shown, "???a = \"?]0;é???2J???????\" \n\tb\nc\n");
        assert_eq!(shown.len(), text.len());
    }

    #[test]
    fn wrapping_keeps_non_breaking_spaces() {
        assert_eq!(wrap("un deux\u{a0}: trois", 8, 0), ["un", "deux\u{a0}:", "trois"]);
        assert_eq!(wrap("un deux", 8, 6), ["un", "deux"]);
        assert_eq!(wrap("un deux ::error::x", 8, 0), ["un deux ::error::x"]);
        assert_eq!(wrap(" ::error::x un", 8, 0), ["│::error::x", "un"]);
        assert_eq!(wrap("::error::x", 8, 6), ["::error::x"]);
        assert_eq!(wrap("", 8, 6), [""]);
    }

    #[test]
    fn clipping_counts_columns() {
        assert_eq!(clip("日本語の文", 5, false), "日本…");
        assert_eq!(clip("Pilotage et composition", 12, true), "Pilotage …");
        assert_eq!(first_lines(vec!["un deux".into(), "trois".into()], 1, 9), ["un deux …"]);
        assert_eq!(first_lines(vec!["un deux".into(), "trois".into()], 1, 8), ["un …"]);
    }
}
