//! From characters with their bytes in the file to tokens.

use unicode_normalization::UnicodeNormalization;

use super::fold::{is_apostrophe, is_combining, is_ignorable, is_letter, is_space, push_folded, push_lower};
use super::token::{Spelling, Token, TokenFlags, TokenKind};

/// A character of the text as it reads, with the bytes of the file it comes from (more than its own for an escape or an entity).
#[derive(Debug, Clone, Copy)]
pub struct Glyph {
    /// The character; a line end is `\n`, a cell border of a table is [`CELL`].
    pub c: char,
    /// First byte in the file.
    pub start: u32,
    /// One past the last byte in the file.
    pub end: u32,
    /// [`TokenFlags`] bits that the markup gives it (`STRONG`, `CODE`).
    pub style: u8,
}

/// Stands between the cells of a table row.
pub const CELL: char = '\u{1f}';

/// Second halves of compounds that keep their hyphen at a line's end (« rendez-⏎vous » is not « rendezvous »).
const KEEPS_HYPHEN: &[&str] = &["vous", "nous", "ci", "la", "meme", "memes", "il", "elle", "ils", "elles", "on", "etre", "dire", "ce", "t"];

/// Feminine and plural endings that inclusive spelling sets off with a point, a hyphen or brackets.
const INCLUSIVE: &[&str] = &[
    "e", "es", "ne", "nes", "le", "les", "rice", "rices", "trice", "trices", "euse", "euses", "ere", "eres", "ive", "ives", "se", "ses", "te", "tes", "fe",
    "fes", "ve", "ves", "ienne", "iennes", "esse", "esses", "re", "eure", "eures", "s",
];

/// Cuts `glyphs`, the text of one block, into tokens appended to `out`; their forms go to `arena`.
pub fn tokenize(glyphs: &[Glyph], arena: &mut String, out: &mut Vec<Token>) {
    Tokenizer { glyphs, at: 0, arena, out, space: false, line: false, run: (0, 0, None), kept: Vec::new() }.run();
}

struct Tokenizer<'a> {
    glyphs: &'a [Glyph],
    at: usize,
    arena: &'a mut String,
    out: &'a mut Vec<Token>,
    space: bool,
    line: bool,
    /// One past the last character of the run, without spaces, in which addresses are looked for; past its last closing marks; and
    /// its last character that only addresses have.
    run: (usize, usize, Option<usize>),
    /// Scratch space for the letters of a word.
    kept: Vec<char>,
}

/// Longest address, in characters, that does not say what it is from its first letters.
const ADDRESS: usize = 300;

impl Tokenizer<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.glyphs.get(self.at + ahead).map(|g| g.c)
    }

    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            if is_letter(c) {
                if !self.address() {
                    self.word();
                }
            } else if is_space(c) {
                self.space = true;
                self.line |= c == '\n';
                self.at += 1;
            } else if c.is_ascii_digit() {
                self.number();
            } else if is_ignorable(c) || is_combining(c) {
                self.at += 1;
            } else {
                self.punct(c);
            }
        }
    }

    fn push(&mut self, from: usize, to: usize, kind: TokenKind, spelling: Spelling) {
        let first = self.glyphs[from];
        let mut flags = first.style;
        let letters = || self.glyphs[from..to].iter().map(|g| g.c).filter(|c| is_letter(*c));
        if first.c.is_uppercase() {
            flags |= TokenFlags::CAPITAL;
            if letters().count() > 1 && letters().all(|c| !c.is_lowercase()) {
                flags |= TokenFlags::ALL_CAPS;
            }
        }
        if self.space {
            flags |= TokenFlags::SPACE_BEFORE;
        }
        if self.line {
            flags |= TokenFlags::LINE_BEFORE;
        }
        self.out.push(Token { start: first.start, end: self.glyphs[to - 1].end, kind, flags: TokenFlags(flags), spelling });
        (self.space, self.line) = (false, false);
    }

    /// Writes the two forms of the characters chosen by `chars` to the arena.
    fn spell(&mut self, chars: impl Iterator<Item = char> + Clone) -> Spelling {
        let (start, chars) = (self.arena.len(), chars.take(Spelling::LONGEST));
        if chars.clone().all(|c| c.is_ascii()) {
            chars.for_each(|c| self.arena.push(c.to_ascii_lowercase()));
            let end = self.arena.len();
            return Spelling::ending(self.arena, start, end);
        }
        for c in chars.clone().filter(|c| !is_combining(*c)) {
            push_folded(c, self.arena);
        }
        let middle = self.arena.len();
        // « é » may be an « e » and its accent, as macOS and converted PDF write it
        if chars.clone().any(is_combining) {
            chars.nfc().for_each(|c| push_lower(c, self.arena));
        } else {
            chars.for_each(|c| push_lower(c, self.arena));
        }
        Spelling::ending(self.arena, start, middle)
    }

    fn punct(&mut self, c: char) {
        let from = self.at;
        let mut to = from + 1;
        if c == '.' && self.peek(1) == Some('.') && self.peek(2) == Some('.') {
            to = from + 3;
            while self.glyphs.get(to).is_some_and(|g| g.c == '.') {
                to += 1;
            }
        }
        let shown = match c {
            '.' if to > from + 1 => '…',
            CELL => '|',
            _ if is_apostrophe(c) => '\'',
            '‑' | '‐' => '-',
            _ => c,
        };
        let spelling = self.spell(std::iter::once(shown));
        if spelling.is_empty() {
            self.at = to;
            return;
        }
        self.push(from, to, TokenKind::Punct, spelling);
        self.at = to;
    }

    /// `12`, `1 200`, `1.200.000`, `2,5`, `1er`, `18h30`.
    fn number(&mut self) {
        let from = self.at;
        let digits = |t: &Self, at: usize| t.glyphs[at.min(t.glyphs.len())..].iter().take_while(|g| g.c.is_ascii_digit()).count();
        let mut to = from + digits(self, from);
        let grouped = to - from <= 3;
        let groups = |t: &Self, at: usize, parts: &[char]| t.glyphs.get(at).is_some_and(|g| parts.contains(&g.c)) && digits(t, at + 1) == 3;
        while grouped && (groups(self, to, &[' ', '\u{a0}', '\u{202f}', '\u{2009}']) || groups(self, to, &['\n']) && self.goes_on(to + 1)) {
            to += 4;
        }
        // a comma marks the decimals
        let mut whole = from;
        while grouped && (to == from + digits(self, from) || whole == to) && groups(self, to, &['.']) {
            to += 4;
            whole = to;
        }
        if self.glyphs.get(to).is_some_and(|g| matches!(g.c, ',' | '.')) && digits(self, to + 1) > 0 {
            to += 1 + digits(self, to + 1);
        }
        while self.glyphs.get(to).is_some_and(|g| g.c.is_alphanumeric()) {
            to += 1;
        }
        let glyphs = self.glyphs;
        let spelling = self.spell((from..to).map(|at| (at, glyphs[at].c)).filter(|(at, c)| !is_space(*c) && (*c != '.' || *at > whole)).map(|(_, c)| c));
        self.push(from, to, TokenKind::Number, spelling);
        self.at = to;
    }

    /// Whether the three figures that begin a line are the end of a number: none begins with a zero, and of a sum the line before says more.
    fn goes_on(&self, at: usize) -> bool {
        let after = self.glyphs[at + 3..].iter().map(|g| g.c).skip_while(|c| is_space(*c));
        self.glyphs[at].c == '0' || ["€", "euro"].iter().any(|unit| unit.chars().eq(after.clone().take(unit.chars().count())))
    }

    /// An e-mail or web address, taken whole.
    fn address(&mut self) -> bool {
        let from = self.at;
        let plain = |c: char| is_letter(c) || c.is_numeric() || matches!(c, '.' | '_' | '-' | '+' | '%' | '@' | '/' | ':' | '?' | '=' | '&' | '#' | '~');
        // most words meet no '@', '/', ':' or inner '.', so look for one first, once for all the words of a run
        if from >= self.run.0 {
            let (mut end, mut closed, mut marked) = (from, from, None);
            for c in self.glyphs[from..].iter().map(|g| g.c).take_while(|c| plain(*c)) {
                if matches!(c, '@' | '.' | ':' | '/') {
                    marked = Some(end);
                }
                end += 1;
                if !matches!(c, '.' | ':' | '?' | '-' | '/') {
                    closed = end;
                }
            }
            self.run = (end, closed, marked);
        }
        let (_, to, marked) = self.run;
        if marked.is_none_or(|at| at < from) || to <= from {
            return false;
        }
        // what begins like this is an address to its end; anything else so long is none, and would be looked at again at its next word
        let schemed = || ["http://", "https://", "www."].iter().any(|scheme| scheme.chars().eq(self.glyphs[from..].iter().take(scheme.len()).map(|g| g.c)));
        if to - from > ADDRESS && !schemed() {
            return false;
        }
        let text: String = self.glyphs[from..to].iter().map(|g| g.c).collect();
        let kind = if is_email(&text) {
            TokenKind::Email
        } else if is_url(&text) {
            TokenKind::Url
        } else {
            return false;
        };
        let spelling = self.spell(text.chars());
        self.push(from, to, kind, spelling);
        self.at = to;
        true
    }

    fn word(&mut self) {
        match self.plain_word() {
            Some((to, spelling)) => self.push_word(to, spelling),
            None => self.any_word(),
        }
    }

    /// The word that is nothing but letters without accents, as most are, up to what cannot go on with it.
    fn plain_word(&mut self) -> Option<(usize, Spelling)> {
        let start = self.arena.len();
        let letters = self.glyphs[self.at..].iter().take(Spelling::LONGEST).map(|g| g.c).take_while(char::is_ascii_alphabetic);
        letters.for_each(|c| self.arena.push(c.to_ascii_lowercase()));
        let end = self.arena.len();
        let to = self.at + end - start;
        let ends = self.glyphs.get(to).is_none_or(|g| matches!(g.c, ' ' | '\n' | ',' | ';' | ':' | ')' | '\'' | '’' | '\u{a0}'));
        if ends {
            return Some((to, Spelling::ending(self.arena, start, end)));
        }
        self.arena.truncate(start);
        None
    }

    fn any_word(&mut self) {
        let from = self.at;
        let mut kept = std::mem::take(&mut self.kept);
        kept.clear();
        let mut to = from;
        while let Some(g) = self.glyphs.get(to) {
            if is_letter(g.c) || is_combining(g.c) {
                kept.push(g.c);
            } else if !is_ignorable(g.c) {
                if let Some(next) = self.hyphenated(to) {
                    to = next;
                    continue;
                }
                break;
            }
            to += 1;
        }
        to = self.inclusive(to, &mut kept);
        let spelling = self.spell(kept.iter().copied());
        self.kept = kept;
        self.push_word(to, spelling);
    }

    fn push_word(&mut self, to: usize, spelling: Spelling) {
        let from = self.at;
        let apostrophe =
            self.glyphs.get(to).is_some_and(|g| is_apostrophe(g.c)) && self.glyphs.get(to + 1).is_some_and(|g| g.c.is_alphanumeric() || g.c == '«');
        let end = if apostrophe { to + 1 } else { to };
        self.push(from, end, TokenKind::Word, spelling);
        self.at = end;
        if self.glyphs.get(end).is_some_and(|g| matches!(g.c, '-' | '‑' | '‐')) && self.glyphs.get(end + 1).is_some_and(|g| g.c.is_alphanumeric()) {
            self.at = end + 1;
        }
    }

    /// If a word is cut by a hyphen at the end of a line, the place where it goes on.
    fn hyphenated(&self, at: usize) -> Option<usize> {
        if !matches!(self.glyphs[at].c, '-' | '‐') {
            return None;
        }
        let mut to = at + 1;
        let mut line = false;
        while let Some(g) = self.glyphs.get(to).filter(|g| is_space(g.c)) {
            line |= g.c == '\n';
            to += 1;
        }
        // in capitals, the second half is too
        let shouted = at > 0 && self.glyphs[at - 1].c.is_uppercase();
        if !line || !self.glyphs.get(to).is_some_and(|g| g.c.is_lowercase() || shouted && g.c.is_uppercase()) {
            return None;
        }
        let mut rest = String::new();
        for g in self.glyphs[to..].iter().take_while(|g| is_letter(g.c)) {
            push_folded(g.c, &mut rest);
        }
        (!KEEPS_HYPHEN.contains(&rest.as_str())).then_some(to)
    }

    /// Past an inclusive ending (« citoyen·ne·s », « habitant.e.s », « tiré-e-s », « citoyen(ne)s »), of which only the plural is kept.
    fn inclusive(&self, from: usize, kept: &mut Vec<char>) -> usize {
        let (mut to, mut plural, mut parts) = (from, false, 0);
        while let Some(mark) = self.glyphs.get(to).map(|g| g.c) {
            let middle = matches!(mark, '·' | '•' | '‧' | '⋅' | '∙');
            if !middle && !matches!(mark, '.' | '-' | '(') {
                break;
            }
            let mut ending = String::new();
            let mut end = to + 1;
            while let Some(g) = self.glyphs.get(end).filter(|g| is_letter(g.c)) {
                push_folded(g.c, &mut ending);
                end += 1;
            }
            let known = INCLUSIVE.contains(&ending.as_str());
            if ending.is_empty() || !(known || middle) {
                break;
            }
            if mark == '(' {
                if self.glyphs.get(end).is_none_or(|g| g.c != ')') {
                    break;
                }
                end += 1;
                if self.glyphs.get(end).is_some_and(|g| g.c == 's') && self.glyphs.get(end + 1).is_none_or(|g| !is_letter(g.c)) {
                    end += 1;
                    plural = true;
                }
            }
            // « tiré-e-s » but not « est-elle » nor « celle-s » : a hyphen needs the plural mark after it
            if mark == '-' && parts == 0 && !(self.glyphs.get(end).is_some_and(|g| g.c == '-') && self.glyphs.get(end + 1).is_some_and(|g| g.c == 's')) {
                break;
            }
            if mark == '.' && parts == 0 && (ending == "s" || ending == "les" || ending == "le" || ending == "ses" || ending == "se") {
                break;
            }
            plural |= ending.ends_with('s');
            parts += 1;
            to = end;
        }
        if plural && kept.last() != Some(&'s') && kept.last() != Some(&'x') {
            kept.push('s');
        }
        to
    }
}

fn is_email(text: &str) -> bool {
    let Some((name, host)) = text.split_once('@') else { return false };
    !name.is_empty() && host.contains('.') && !host.contains('@') && host.split('.').all(|part| !part.is_empty())
}

fn is_url(text: &str) -> bool {
    const ENDS: &[&str] = &["fr", "org", "com", "eu", "net", "info", "io", "example", "bzh", "corsica", "paris", "alsace", "re", "gouv"];
    if text.starts_with("http://") || text.starts_with("https://") || text.starts_with("www.") {
        return text.len() > 8;
    }
    let host = text.split('/').next().unwrap_or("");
    let mut parts = host.split('.').rev();
    let last = parts.next().unwrap_or("");
    let second = parts.next().unwrap_or("");
    ENDS.contains(&last) && second.len() > 2 && host.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-') && !host.chars().any(char::is_uppercase)
}
