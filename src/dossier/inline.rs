//! From the source of a block to the characters a reader sees, each with its bytes in the file.
//!
//! comrak's positions are exact for blocks but not always for inlines (escapes, entities, cells), so the inline text is read here.

use std::collections::HashMap;

use crate::text::tokenize::{CELL, Glyph};
use crate::text::{FileId, Span, TokenFlags};

use super::definitions::Definitions;
use super::{Link, LinkTarget};

/// What reading a block's source yields besides its characters.
#[derive(Debug, Default)]
pub struct Found {
    /// Links and images.
    pub links: Vec<Link>,
    /// HTML comments.
    pub comments: Vec<Span>,
    /// An image, a film or the like stands in the block.
    pub media: bool,
}

/// How to read a block's source.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// The file.
    pub file: FileId,
    /// First byte of the block.
    pub start: u32,
    /// One past its last byte.
    pub end: u32,
    /// Whether `|` separates cells.
    pub row: bool,
    /// Depth of block quotes around it: that many `>` are taken off each line.
    pub quotes: u8,
}

/// Reads the block of a text that a [`Reading`] describes, in one piece or in several.
pub struct Reader<'a> {
    slice: &'a str,
    reading: Reading,
    at: usize,
    strong: bool,
    /// Length of the backtick run that opened the code span, 0 outside.
    code: usize,
    /// The link being read: the offsets of its closing bracket and of its end; 0 outside.
    link: (usize, usize),
    /// The square and the round brackets of the block, each with the one that closes it; found when first asked for.
    brackets: Option<Pairs>,
    parens: Option<Pairs>,
    /// The first white space from where it was last looked for on.
    space: usize,
    /// Where the last run of backticks of each length begins, once one is asked for.
    last_runs: Option<HashMap<usize, usize>>,
    /// No `>` comes any more.
    no_angle: bool,
    /// No `-->` comes any more.
    no_comment_end: bool,
    out: Vec<Glyph>,
    definitions: &'a Definitions,
    found: &'a mut Found,
}

impl<'a> Reader<'a> {
    /// Reads the block of `text` that `reading` describes, in a file with these `definitions`; what is not text goes to `found`.
    pub fn new(text: &'a str, reading: Reading, definitions: &'a Definitions, found: &'a mut Found) -> Self {
        let slice = &text[reading.start as usize..reading.end as usize];
        Self {
            slice,
            reading,
            at: 0,
            strong: false,
            code: 0,
            link: (0, 0),
            brackets: None,
            parens: None,
            space: 0,
            last_runs: None,
            no_angle: false,
            no_comment_end: false,
            out: Vec::new(),
            definitions,
            found,
        }
    }

    /// Whether the whole block has been read.
    pub fn is_done(&self) -> bool {
        self.at >= self.slice.len()
    }

    /// Appends to `out` the block's characters: `window` of them or a few more, up to the next white space, unless it is far.
    pub fn read(&mut self, out: &mut Vec<Glyph>, window: usize) {
        std::mem::swap(out, &mut self.out);
        self.run(window);
        std::mem::swap(out, &mut self.out);
    }

    fn style(&self) -> u8 {
        (if self.strong { TokenFlags::STRONG } else { 0 }) | (if self.code > 0 { TokenFlags::CODE } else { 0 })
    }

    fn emit(&mut self, c: char, len: usize) {
        let start = self.reading.start + self.at as u32;
        let style = self.style();
        self.out.push(Glyph { c, start, end: start + len as u32, style });
        self.at += len;
    }

    fn span(&self, from: usize, to: usize) -> Span {
        Span::new(self.reading.file, self.reading.start + from as u32, self.reading.start + to as u32)
    }

    fn rest(&self) -> &'a str {
        &self.slice[self.at..]
    }

    /// What nothing in Markdown is made of, up to `window` characters in all.
    fn plain(&mut self, window: usize) {
        let (style, from) = (self.style(), self.reading.start + self.at as u32);
        let left = window.saturating_sub(self.out.len());
        let mut read = 0;
        for c in self.rest().chars().take_while(|c| !is_special(*c)).take(left) {
            let start = from + read as u32;
            read += c.len_utf8();
            self.out.push(Glyph { c, start, end: from + read as u32, style });
        }
        self.at += read;
    }

    fn run(&mut self, window: usize) {
        self.out.reserve(window.min(self.slice.len() - self.at));
        loop {
            self.plain(window);
            let Some(c) = self.rest().chars().next() else { break };
            if self.out.len() >= window && (c.is_whitespace() || self.out.len() >= window.saturating_mul(4)) {
                break;
            }
            match c {
                '\n' | '\r' => self.line_end(),
                '`' => self.backticks(),
                _ if self.code > 0 => self.emit(c, c.len_utf8()),
                '\\' => self.escape(),
                '&' => self.entity(),
                '*' | '_' => self.emphasis(c),
                '~' if self.rest().starts_with("~~") => self.struck(),
                '<' => self.angle(),
                '!' if self.rest().starts_with("![") => self.bracket(true),
                '[' => self.bracket(false),
                ']' if self.link.1 > 0 && self.link.0 == self.at => self.at = std::mem::take(&mut self.link).1,
                '|' if self.reading.row => self.emit(CELL, 1),
                _ => self.emit(c, c.len_utf8()),
            }
        }
    }

    fn line_end(&mut self) {
        let len = if self.rest().starts_with("\r\n") { 2 } else { 1 };
        self.emit('\n', len);
        // indentation and the block quote's marks belong to no text
        let mut left = self.reading.quotes;
        loop {
            let bytes = self.slice.as_bytes();
            while matches!(bytes.get(self.at), Some(b' ' | b'\t')) {
                self.at += 1;
            }
            if left == 0 || bytes.get(self.at) != Some(&b'>') {
                break;
            }
            self.at += 1;
            left -= 1;
        }
    }

    fn backticks(&mut self) {
        let run = self.rest().bytes().take_while(|b| *b == b'`').count();
        if self.code == run {
            self.code = 0;
        } else if self.code == 0 {
            let (slice, from) = (self.slice, self.at + run);
            let last = self.last_runs.get_or_insert_with(|| last_runs(slice));
            if last.get(&run).is_none_or(|&at| at < from) {
                for _ in 0..run {
                    self.emit('`', 1);
                }
                return;
            }
            self.code = run;
        }
        self.at += run;
    }

    fn escape(&mut self) {
        match self.rest()[1..].chars().next() {
            // the line breaks there
            Some('\n' | '\r') => self.at += 1,
            Some(c) if c.is_ascii_punctuation() => {
                let start = self.reading.start + self.at as u32;
                let style = self.style();
                self.out.push(Glyph { c, start, end: start + 2, style });
                self.at += 2;
            }
            _ => self.emit('\\', 1),
        }
    }

    fn entity(&mut self) {
        let rest = self.rest();
        // « R&D, TODO &amp; »: nothing but letters or figures stands between its marks
        let end = 1 + rest.bytes().skip(1).take(LONGEST_ENTITY).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        if rest.as_bytes().get(end) == Some(&b';') {
            let source = &rest[..=end];
            let decoded = html_escape::decode_html_entities(source);
            if decoded != source {
                let (start, style) = (self.reading.start + self.at as u32, self.style());
                let stop = start + source.len() as u32;
                self.at += source.len();
                self.out.extend(decoded.chars().map(|c| Glyph { c, start, end: stop, style }));
                return;
            }
        }
        self.emit('&', 1);
    }

    fn emphasis(&mut self, mark: char) {
        let run = self.rest().chars().take_while(|c| *c == mark).count();
        let before = self.slice[..self.at].chars().next_back();
        let after = self.slice[self.at + run..].chars().next();
        let alone = before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
        let inside = mark == '_' && before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric);
        if alone || inside {
            for _ in 0..run {
                self.emit(mark, 1);
            }
            return;
        }
        if run >= 2 {
            self.strong = !self.strong;
        }
        self.at += run;
    }

    /// Struck text is no longer said.
    fn struck(&mut self) {
        match self.rest()[2..].find("~~") {
            Some(end) => self.at += end + 4,
            None => self.at += 2,
        }
    }

    fn angle(&mut self) {
        let rest = self.rest();
        if rest.starts_with("<!--") {
            return self.comment();
        }
        let second = rest[1..].chars().next();
        let opens = second.is_some_and(|c| c.is_ascii_alphabetic() || c == '/');
        let Some(end) = (opens && !self.no_angle).then(|| rest.find('>')).flatten() else {
            self.no_angle |= opens;
            return self.emit('<', 1);
        };
        let inner = &rest[1..end];
        if !inner.contains(char::is_whitespace) && (inner.contains('@') || inner.contains("://")) {
            // an autolink: its text is the address
            self.at += 1;
            for c in inner.chars() {
                self.emit(c, c.len_utf8());
            }
            self.at += 1;
            return;
        }
        let name = inner.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        if is_field(inner) {
            return self.emit('<', 1);
        }
        let is = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
        self.found.media |= is(&MEDIA);
        if is(&UNREAD) {
            self.at += end + 1;
            return self.skip_element(name);
        }
        let breaks = inner.get(..2).is_some_and(|s| s.eq_ignore_ascii_case("br"));
        if breaks {
            self.emit(' ', end + 1);
        } else {
            self.at += end + 1;
        }
    }

    /// What nothing closes hides the rest of the block where it opens a line, as a block of HTML does, and is text elsewhere.
    fn comment(&mut self) {
        let rest = self.rest();
        let close = (!self.no_comment_end).then(|| rest.find("-->")).flatten();
        self.no_comment_end |= close.is_none();
        let before = self.slice[..self.at].trim_end_matches([' ', '\t', '>']);
        let opens = before.is_empty() || before.ends_with(['\n', '\r']);
        let len = match close {
            Some(end) => end + 3,
            None if opens => rest.len(),
            None => return self.emit('<', 1),
        };
        self.found.comments.push(self.span(self.at, self.at + len));
        self.at += len;
    }

    /// Goes past the end of the element `name`, or of the block.
    fn skip_element(&mut self, name: &str) {
        let rest = self.rest();
        let closes = |at: &usize| rest.get(at + 2..at + 2 + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name));
        let close = memchr::memmem::find_iter(rest.as_bytes(), "</").find(closes);
        self.at += close.map_or(rest.len(), |close| rest[close..].find('>').map_or(rest.len(), |end| close + end + 1));
    }

    fn bracket(&mut self, image: bool) {
        let open = self.at + usize::from(image);
        if self.slice[open..].starts_with("[^")
            && let Some(end) = self.slice.as_bytes()[open..].iter().take(LINK_TEXT).position(|b| *b == b']')
            && !self.slice[open..open + end].contains(char::is_whitespace)
        {
            self.at = open + end + 1;
            return;
        }
        let Some(close) = self.closing(open) else {
            self.at = open;
            return self.emit('[', 1);
        };
        let Some((url, end)) = self.target(close + 1).or_else(|| self.reference(open, close)) else {
            if image {
                self.at = open;
            }
            return self.emit('[', 1);
        };
        self.found.links.push(Link { span: self.span(self.at, end), url, target: LinkTarget::Elsewhere });
        if image {
            self.found.media = true;
            self.at = end;
        } else {
            self.at += 1;
            self.link = (close, end);
        }
    }

    /// Where the brackets `open..=close` lead by a definition of the file, and the offset past the link: `[text][label]`, `[label][]`, `[label]`.
    fn reference(&self, open: usize, close: usize) -> Option<(String, usize)> {
        if self.definitions.is_empty() {
            return None;
        }
        let text = &self.slice[open + 1..close];
        let after =
            self.slice[close + 1..].strip_prefix('[').and_then(|after| Some(&after[..after.as_bytes().iter().take(LINK_TEXT).position(|b| *b == b']')?]));
        let (label, end) = match after {
            Some("") => (text, close + 3),
            Some(label) => (label, close + 3 + label.len()),
            None => (text, close + 1),
        };
        Some((self.definitions.url(label)?.to_owned(), end))
    }

    /// The bracket that closes the one at `open`.
    fn closing(&mut self, open: usize) -> Option<usize> {
        let brackets = self.brackets.get_or_insert_with(|| Pairs::of(self.slice, *b"[]"));
        brackets.closing(open).filter(|close| close - open < LINK_TEXT)
    }

    /// The address in the round brackets at `at`, and the offset past them. An address may be long, when an image is written in it; what
    /// comes with it may not.
    fn target(&mut self, at: usize) -> Option<(String, usize)> {
        if self.slice.as_bytes().get(at) != Some(&b'(') {
            return None;
        }
        let close = self.parens.get_or_insert_with(|| Pairs::of(self.slice, *b"()")).closing(at)?;
        let from = at + 1 + self.slice[at + 1..close].bytes().take(LINK_TEXT).take_while(u8::is_ascii_whitespace).count();
        if self.space < from {
            self.space = from + self.slice[from..].bytes().position(|b| b.is_ascii_whitespace()).unwrap_or(self.slice.len() - from);
        }
        let to = self.space.min(close);
        let around = &self.slice.as_bytes()[to..close];
        if around.len() >= LINK_TEXT || around.windows(2).any(|ends| matches!(ends, b"\n\n" | b"\r\r" | b"\n\r")) {
            return None;
        }
        Some((self.slice[from..to].trim_start_matches('<').trim_end_matches('>').to_owned(), close + 1))
    }
}

/// Brackets of a text, each with the one that closes it, in the order of those that open.
struct Pairs(Vec<(usize, usize)>);

impl Pairs {
    /// Those of `text` that open and close with these `marks`.
    fn of(text: &str, marks: [u8; 2]) -> Self {
        let (mut open, mut pairs) = (Vec::new(), Vec::new());
        for at in memchr::memchr2_iter(marks[0], marks[1], text.as_bytes()) {
            if text.as_bytes()[at] == marks[0] {
                open.push(at);
            } else if let Some(start) = open.pop() {
                pairs.push((start, at));
            }
        }
        pairs.sort_unstable();
        Self(pairs)
    }

    /// The one that closes that at `open`.
    fn closing(&self, open: usize) -> Option<usize> {
        let at = self.0.binary_search_by_key(&open, |(open, _)| *open).ok()?;
        Some(self.0[at].1)
    }
}

/// Whether what stands between angle brackets is a field of a template, « nom de la commune », and no tag: several words, none of them
/// an attribute with a value, the first no element of HTML.
fn is_field(inner: &str) -> bool {
    let mut words = inner.split(' ');
    let element = |name: &str| ELEMENTS.binary_search(&name.to_ascii_lowercase().as_str()).is_ok();
    let first = words.next().is_some_and(|first| !element(first));
    first && words.next().is_some() && inner.len() < LONGEST_FIELD && inner.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '\'' | '’'))
}

/// Longest field of a template between angle brackets, in bytes.
const LONGEST_FIELD: usize = 80;
/// The elements of HTML, in the order of the alphabet.
#[rustfmt::skip]
const ELEMENTS: [&str; 122] = [
    "a", "abbr", "acronym", "address", "area", "article", "aside", "audio", "b", "base", "bdi", "bdo", "big", "blockquote", "body", "br", "button", "canvas",
    "caption", "center", "cite", "code", "col", "colgroup", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed",
    "fieldset", "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input",
    "ins", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "marquee", "math", "menu", "meta", "meter", "nav", "noframes", "noscript", "object", "ol",
    "optgroup", "option", "output", "p", "param", "path", "picture", "pre", "progress", "q", "rp", "rt", "ruby", "s", "samp", "script", "search", "section",
    "select", "slot", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg", "table", "tbody", "td", "template", "textarea",
    "tfoot", "th", "thead", "time", "title", "tr", "track", "tt", "u", "ul", "use", "var", "video", "wbr",
];

/// Longest entity that is looked for, in bytes, without its marks: the longest known one has 31.
const LONGEST_ENTITY: usize = 32;
/// Elements that are content without words.
const MEDIA: [&str; 8] = ["img", "picture", "video", "audio", "iframe", "object", "svg", "embed"];
/// Elements whose content nobody reads.
const UNREAD: [&str; 3] = ["script", "style", "template"];

/// Characters that may be part of the markup.
fn is_special(c: char) -> bool {
    const SPECIAL: u128 = {
        let (mut set, mut at, marks) = (0, 0, b"\n\r`\\&*_~<![]|");
        while at < marks.len() {
            set |= 1 << marks[at];
            at += 1;
        }
        set
    };
    c.is_ascii() && SPECIAL >> (c as u32) & 1 != 0
}

/// Where the last run of backticks of each length begins.
fn last_runs(text: &str) -> HashMap<usize, usize> {
    let mut out = HashMap::new();
    let mut run = 0..0;
    for at in memchr::memchr_iter(b'`', text.as_bytes()) {
        if at > run.end {
            out.insert(run.len(), run.start);
            run = at..at;
        }
        run.end = at + 1;
    }
    out.insert(run.len(), run.start);
    out
}

/// Longest text of a link that is looked for, and longest title, in bytes: beyond, a bracket is a bracket.
const LINK_TEXT: usize = 2_000;
