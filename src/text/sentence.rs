//! Where French sentences end: not after « M. », « art. L. 121-16 », « p. ex. », nor inside « guillemets ».

use super::token::{Token, TokenFlags, TokenKind};

/// Words after which a full stop abbreviates and ends nothing.
const ABBREVIATIONS: &[&str] = &[
    "m", "mm", "mme", "mmes", "mlle", "mlles", "dr", "drs", "pr", "prs", "st", "ste", "pp", "cf", "ex", "env", "urb", "chap", "fig", "tel", "av", "bd", "vol",
    "ed", "resp", "approx", "hab", "delib", "sq", "ref", "dept", "vs", "univ",
];

/// Tokens after which a sentence is cut, whatever it says: what is longer is none (a list without stops, a table, noise), and
/// what is asked of a sentence may cost the square of its length.
pub const LONGEST: usize = 1_000;

/// Splits the tokens of one block into sentences: ranges of indices into `tokens`, in order, covering every token.
/// `folded` gives a token's folded text.
pub fn split<'a>(tokens: &[Token], folded: impl Fn(&Token) -> &'a str) -> Vec<std::ops::Range<usize>> {
    let mut out = Vec::new();
    let (mut start, mut depth) = (0, 0_i32);
    let mut at = 0;
    while at < tokens.len() {
        if at - start == LONGEST {
            out.push(start..at);
            (start, depth) = (at, 0);
        }
        let text = folded(&tokens[at]);
        match text {
            "«" | "“" => depth += 1,
            "»" | "”" => depth = (depth - 1).max(0),
            _ => {}
        }
        if tokens[at].kind == TokenKind::Punct && depth == 0 && ends_here(tokens, at, start, &folded) {
            let mut end = at + 1;
            while end < tokens.len() && end - start < LONGEST && closes(folded(&tokens[end])) && !tokens[end].flags.has(TokenFlags::SPACE_BEFORE) {
                end += 1;
            }
            out.push(start..end);
            start = end;
            at = end;
            continue;
        }
        at += 1;
    }
    if start < tokens.len() {
        out.push(start..tokens.len());
    }
    out
}

fn closes(text: &str) -> bool {
    matches!(text, ")" | "]" | "»" | "”" | "\"" | "." | "!" | "?" | "…")
}

fn ends_here<'a>(tokens: &[Token], at: usize, start: usize, folded: &impl Fn(&Token) -> &'a str) -> bool {
    let mark = folded(&tokens[at]);
    let after_quote = matches!(mark, "»" | "”") && at > start && matches!(folded(&tokens[at - 1]), "." | "?" | "!" | "…");
    if !matches!(mark, "." | "?" | "!" | "…") && !after_quote {
        return false;
    }
    let Some(next) = tokens.get(at + 1) else { return true };
    let next_text = folded(next);
    if closes(next_text) && !next.flags.has(TokenFlags::SPACE_BEFORE) {
        return matches!(next_text, ")" | "»" | "”" | "\"") && tokens.get(at + 2).is_none_or(|t| opens(t, folded(t)));
    }
    if !next.flags.has(TokenFlags::SPACE_BEFORE) || !opens(next, next_text) {
        return false;
    }
    mark != "." || at == start || !abbreviates(&tokens[at - 1], folded(&tokens[at - 1]), &tokens[at], next, next_text)
}

/// Whether a token can begin a sentence.
fn opens(token: &Token, text: &str) -> bool {
    match token.kind {
        TokenKind::Punct => matches!(text, "«" | "“" | "\"" | "(" | "[" | "–" | "—" | "-" | "•"),
        TokenKind::Number => true,
        _ => token.flags.has(TokenFlags::CAPITAL),
    }
}

fn abbreviates(before: &Token, text: &str, dot: &Token, next: &Token, next_text: &str) -> bool {
    if before.kind != TokenKind::Word || dot.flags.has(TokenFlags::SPACE_BEFORE) {
        return false;
    }
    // a single capital: an initial (« J. Martin ») or a code's part (« L. 121-16 »)
    if text.len() == 1 && before.flags.has(TokenFlags::CAPITAL) {
        return true;
    }
    match text {
        "etc" => !next.flags.has(TokenFlags::CAPITAL),
        "no" | "nos" | "mes" | "me" | "min" | "max" | "ss" | "cons" | "ann" | "coll" | "tab" | "dir" | "adj" | "p" | "n" | "al" | "ch" | "art" => {
            next.kind == TokenKind::Number || (next_text.len() == 1 && next.kind == TokenKind::Word && text == "art")
        }
        // « sept. 2027 »
        "janv" | "fev" | "fevr" | "avr" | "juil" | "sept" | "oct" | "nov" | "dec" | "lun" | "mar" | "mer" | "jeu" | "ven" | "vend" | "sam" | "dim" => {
            next.kind == TokenKind::Number
        }
        _ => ABBREVIATIONS.contains(&text),
    }
}
