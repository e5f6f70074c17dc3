//! Things that have a shape rather than a spelling: dates, amounts, numbers, people, addresses.

use std::ops::Range;

use crate::checks::engine::{BUILTIN, Builtin, WordList};
use crate::checks::inflect::mood;
use crate::checks::lexicon::{ClassId, Lexicon};
use crate::dossier::{Block, BlockKind, Dossier, is_part};
use crate::text::{Token, TokenFlags, TokenKind};

use super::kinds;
use super::marks::Mark;
use super::matcher::TokenFacts;
use super::numbers::{self, Number};
use super::time::{self, Precision, Times};

/// An amount of money.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// Tokens, the currency included.
    pub tokens: Range<u32>,
    /// In euros.
    pub euros: f64,
    /// « environ 20 000 € », « de l'ordre de 50 000 € »: not to the euro.
    pub approximate: bool,
}

/// What has been recognised.
#[derive(Debug, Default)]
pub struct Entities {
    /// Dates, periods, delays.
    pub times: Times,
    /// Numbers that are not part of a date or an amount.
    pub numbers: Vec<Number>,
    /// Amounts of money.
    pub amounts: Vec<Amount>,
}

/// The class of each [`Builtin`].
#[derive(Debug)]
pub(super) struct Classes([ClassId; BUILTIN.len()]);

impl Classes {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let mut classes = [ClassId::MAX; BUILTIN.len()];
        for (builtin, name) in BUILTIN {
            classes[builtin as usize] = lexicon.class(name).unwrap_or(ClassId::MAX);
        }
        Self(classes)
    }

    fn mark(&self, builtin: Builtin, tokens: &Range<u32>) -> Mark {
        Mark { start: tokens.start, end: tokens.end, class: self.0[builtin as usize] }
    }
}

/// Finds the entities of blocks.
pub(super) struct Reader<'a> {
    pub(super) dossier: &'a Dossier,
    pub(super) lexicon: &'a Lexicon,
    pub(super) classes: &'a Classes,
    /// Tokens that belong to a date, an amount or a length.
    pub(super) taken: Vec<bool>,
}

impl Reader<'_> {
    /// Adds the entities of `block` to `out`, and sets `marks` to the occurrences of their classes, sorted by start.
    pub(super) fn block(&mut self, block: &Block, facts: &[TokenFacts], out: &mut Entities, marks: &mut Vec<Mark>) {
        marks.clear();
        let (dossier, sentences) = (self.dossier, &self.dossier.sentences[block.sentences.start as usize..block.sentences.end as usize]);
        let Some((first, last)) = sentences.first().zip(sentences.last()) else { return };
        let (dates, periods) = (out.times.dates.len(), out.times.periods.len());
        let (delays, durations) = (out.times.delays.len(), out.times.durations.len());
        for sentence in sentences {
            time::sentence(dossier, facts, sentence, &mut out.times);
        }
        let range = first.tokens.start as usize..last.tokens.end as usize;
        self.taken.resize(range.end, false);
        let mut finder = Finder { dossier, facts, lexicon: self.lexicon, classes: self.classes, range, taken: &mut self.taken, out, marks };
        finder.times(dates, periods, delays, durations);
        finder.addresses(block);
        let heading = matches!(block.kind, BlockKind::Heading { .. });
        for sentence in sentences {
            finder.sentence(sentence.tokens.start as usize..sentence.tokens.end as usize, heading);
        }
        marks.sort_unstable();
        marks.dedup();
    }
}

struct Finder<'a> {
    dossier: &'a Dossier,
    facts: &'a [TokenFacts],
    lexicon: &'a Lexicon,
    classes: &'a Classes,
    /// Tokens of the block.
    range: Range<usize>,
    /// See [`Reader`].
    taken: &'a mut [bool],
    out: &'a mut Entities,
    marks: &'a mut Vec<Mark>,
}

impl Finder<'_> {
    fn mark(&mut self, builtin: Builtin, tokens: Range<usize>) {
        self.marks.push(self.classes.mark(builtin, &(tokens.start as u32..tokens.end as u32)));
    }

    /// Marks what has been found about time from these places on.
    fn times(&mut self, dates: usize, periods: usize, delays: usize, durations: usize) {
        let times = &self.out.times;
        let mut mark = |builtin: Builtin, tokens: &Range<u32>| self.marks.push(self.classes.mark(builtin, tokens));
        for date in &times.dates[dates..] {
            let builtin = match date.precision {
                Precision::Day if date.of_text => Builtin::TextDate,
                Precision::Day => Builtin::Day,
                Precision::Month => Builtin::Month,
                Precision::Vague => Builtin::VagueDate,
            };
            mark(builtin, &date.tokens);
            self.taken[date.tokens.start as usize..date.tokens.end as usize].fill(true);
        }
        times.periods[periods..].iter().for_each(|p| mark(Builtin::Period, &p.tokens));
        times.delays[delays..].iter().for_each(|d| mark(Builtin::Delay, d));
        times.durations[durations..].iter().for_each(|(tokens, ..)| mark(Builtin::Duration, tokens));
    }

    /// Marks the links of `block` that lead to an address or a telephone, whatever they say: « [nous écrire](mailto:…) ».
    fn addresses(&mut self, block: &Block) {
        let (dossier, span) = (self.dossier, block.span);
        let from = dossier.links.partition_point(|l| (l.span.file, l.span.start) < (span.file, span.start));
        for link in dossier.links[from..].iter().take_while(|l| l.span.file == span.file && l.span.start < span.end) {
            let builtin = match link.url.split_once(':') {
                Some(("mailto", _)) => Builtin::Email,
                Some(("tel", _)) => Builtin::Phone,
                _ => continue,
            };
            let first = self.range.start + dossier.tokens[self.range.clone()].partition_point(|t| t.start < link.span.start);
            if dossier.tokens.get(first).is_some_and(|t| t.start < link.span.end) && first < self.range.end {
                self.mark(builtin, first..first + 1);
            }
        }
    }

    fn token(&self, at: usize) -> Option<&Token> {
        self.range.contains(&at).then(|| &self.dossier.tokens[at])
    }

    fn text(&self, at: usize) -> &str {
        self.token(at).map_or("", |t| self.dossier.folded(t))
    }

    fn sentence(&mut self, range: Range<usize>, heading: bool) {
        self.question(&range);
        let (mut words, mut capitals, mut small) = (0, 0, 0);
        for token in self.dossier.tokens[range.clone()].iter() {
            let word = token.kind == TokenKind::Word;
            small += usize::from(word && !token.flags.has(TokenFlags::CAPITAL));
            if token.end - token.start > 3 {
                words += usize::from(word);
                capitals += usize::from(token.flags.has(TokenFlags::ALL_CAPS));
            }
        }
        // « La CORVA et le PIDEL sont associés au TRUMA » has its small words in small letters
        let shouted = words > 0 && capitals * 2 > words && small <= capitals;
        let mut at = range.start;
        while at < range.end {
            let next = match self.dossier.tokens[at].kind {
                TokenKind::Email => self.single(Builtin::Email, at),
                TokenKind::Url => self.single(Builtin::Url, at),
                TokenKind::Punct => at + 1,
                // a word that is neither a number nor a name
                TokenKind::Word if self.facts[at].kinds & kinds::NUMBER == 0 && !self.dossier.tokens[at].flags.has(TokenFlags::CAPITAL) => {
                    self.first_person(at);
                    at + 1
                }
                _ => self
                    .amount(at, range.end)
                    .or_else(|| self.phone(at, range.end))
                    .or_else(|| self.hour(at, range.end))
                    .or_else(|| self.number(at, range.end))
                    .or_else(|| self.person(at, range.end, shouted))
                    .unwrap_or_else(|| self.name(at, &range, shouted || heading)),
            };
            at = next.max(at + 1);
        }
    }

    fn single(&mut self, builtin: Builtin, at: usize) -> usize {
        self.mark(builtin, at..at + 1);
        at + 1
    }

    fn question(&mut self, range: &Range<usize>) {
        let last = range.clone().rev().find(|&i| !matches!(self.text(i), "»" | "”" | ")" | "\"" | "*" | ";" | "."));
        if let Some(last) = last.filter(|&i| self.text(i) == "?") {
            self.mark(Builtin::Question, last..last + 1);
        }
    }

    /// The value of the number at `at`, in digits or words, and the token after it.
    fn value(&self, at: usize, end: usize) -> Option<(f64, usize)> {
        let token = self.token(at)?;
        match token.kind {
            TokenKind::Number => numbers::digits(self.dossier.folded(token)).map(|v| (v, at + 1)),
            TokenKind::Word if self.facts[at].kinds & kinds::NUMBER == 0 => None,
            TokenKind::Word => numbers::words((at..end.min(at + 8)).map(|i| self.text(i))).map(|(v, used)| (v, at + used)),
            _ => None,
        }
    }

    /// `12 k€`, `1,2 M€`, `45 000 € TTC`, `9 millions d'euros`, `cinquante mille euros`.
    fn amount(&mut self, at: usize, end: usize) -> Option<usize> {
        if self.taken[at] {
            return None;
        }
        let (mut value, mut next) = self.value(at, end)?;
        let glued = self.text(at).trim_start_matches(|c: char| c.is_ascii_digit() || c == ',' || c == '.').to_owned();
        if let Some(factor) = scale(&glued).filter(|_| self.token(at).is_some_and(|t| t.kind == TokenKind::Number)) {
            value *= factor;
        }
        if let Some(factor) = scale(self.text(next)) {
            value *= factor;
            next += 1;
            if matches!(self.text(next), "d" | "de") {
                next += 1;
            } else if let Some((more, after)) = self.value(next, end).filter(|(more, _)| *more < 1e6) {
                // « un million deux cent mille euros »
                (value, next) = (value + more, after);
            }
        }
        let currency = matches!(self.text(next), "€" | "euros" | "euro" | "eur") || matches!(glued.as_str(), "eur" | "euros");
        if !currency || next >= end && !matches!(glued.as_str(), "eur" | "euros") {
            return None;
        }
        next = (next + 1).min(end);
        let tokens = at..next;
        self.taken[tokens.clone()].fill(true);
        self.mark(Builtin::Amount, tokens.clone());
        let approximate = self.rounded(&tokens);
        self.out.amounts.push(Amount { tokens: tokens.start as u32..tokens.end as u32, euros: value, approximate });
        Some(next)
    }

    /// « Environ 150 », « près de 200 », « de l'ordre de 50 », « 60 environ ».
    fn rounded(&self, figure: &Range<usize>) -> bool {
        const ABOUT: [&str; 6] = ["environ", "quelque", "quelques", "pres", "autour", "presque"];
        let before = |back: usize| figure.start.checked_sub(back).map_or("", |at| self.text(at));
        ABOUT.contains(&before(1))
            || matches!(before(1), "de" | "d") && matches!(before(2), "pres" | "plus" | "moins" | "autour" | "ordre")
            || self.text(figure.end) == "environ"
    }

    /// `02 40 00 00 00`, `02.40.00.00.00`, `0 800 12 34 56`, `+33 (0)2 40 00 00 00`: ten digits, whatever parts them.
    fn phone(&mut self, at: usize, end: usize) -> Option<usize> {
        self.token(at).filter(|t| t.kind == TokenKind::Number)?;
        let before = at.checked_sub(1).filter(|before| self.token(*before).is_some());
        let abroad = before.filter(|before| self.text(*before) == "+").and_then(|_| self.text(at).strip_prefix("33"));
        let goes_on = before.is_some_and(|before| self.dossier.tokens[before].kind == TokenKind::Number);
        if self.taken[at] || goes_on || abroad.is_none() && !self.text(at).starts_with('0') {
            return None;
        }
        let (mut first, mut next, mut digits) = (at, at, String::new());
        if let Some(rest) = abroad {
            let told = (at + 1..at + 4).map(|i| self.text(i)).eq(["(", "0", ")"]);
            (first, next) = (at - 1, at + if told { 4 } else { 1 });
            digits = format!("0{rest}");
        }
        // a point between two pairs is read as that of a decimal number
        let part = |i: usize| {
            let text = self.token(i).filter(|t| i < end && t.kind == TokenKind::Number).map(|t| self.dossier.folded(t))?;
            text.bytes().all(|b| b.is_ascii_digit() || b == b'.').then_some(text)
        };
        while digits.len() < 10 {
            next += usize::from(matches!(self.text(next), "." | "-") && next > at);
            let Some(part) = part(next) else { break };
            digits.extend(part.chars().filter(|c| *c != '.'));
            next += 1;
        }
        let is_number = digits.len() == 10 && digits.starts_with('0') && !digits.starts_with("00") && part(next).is_none();
        is_number.then(|| {
            self.taken[first..next].fill(true);
            self.mark(Builtin::Phone, first..next);
            next
        })
    }

    /// `19 h`, `18 h 30`, `19h30`, `20 heures`.
    fn hour(&mut self, at: usize, end: usize) -> Option<usize> {
        self.token(at).filter(|t| t.kind == TokenKind::Number)?;
        let text = self.text(at);
        let glued = text.split_once('h').filter(|(h, m)| h.parse::<u8>().is_ok_and(|h| h < 25) && (m.is_empty() || m.parse::<u8>().is_ok_and(|m| m < 60)));
        if glued.is_some() {
            self.taken[at] = true;
            return Some(self.single(Builtin::Hour, at));
        }
        let hours = text.parse::<u8>().ok().filter(|h| *h < 25)?;
        let unit = self.text(at + 1);
        let before = at.checked_sub(1).map_or("", |b| self.text(b));
        let moment = matches!(before, "a" | "des" | "vers" | "de" | "," | "et");
        // a sentence that is cut for its length ends anywhere
        if at + 1 >= end || !(unit == "h" || unit == "heures" && moment && hours > 6) {
            return None;
        }
        let minutes = at + 2 < end && self.token(at + 2).is_some_and(|t| t.kind == TokenKind::Number && t.end - t.start == 2);
        let next = at + 2 + usize::from(minutes);
        self.taken[at..next].fill(true);
        self.mark(Builtin::Hour, at..next);
        Some(next)
    }

    fn number(&mut self, at: usize, end: usize) -> Option<usize> {
        if self.taken[at] {
            return None;
        }
        let (value, mut next) = self.value(at, end)?;
        let text = self.text(at);
        // « un », « une » are articles; « 1er », « 3e » ordinals; « L. 121-16 », « 1.2 » numbers of things
        let article = matches!(text, "un" | "une") && next == at + 1;
        let ordinal = self.token(at)?.kind == TokenKind::Number && text.ends_with(|c: char| c.is_ascii_alphabetic());
        let before = at.checked_sub(1).map_or("", |b| self.text(b));
        let numbered =
            matches!(before, "art" | "articles" | "n" | "°" | "no" | "lot" | "ligne" | "page" | "p" | "session" | "atelier" | "variante" | "scenario");
        let label = numbered || is_part(before);
        // but « 15-25 ans »
        let part = before == "-" && !self.dossier.tokens[at].flags.has(TokenFlags::SPACE_BEFORE) && self.text(next) != "ans";
        if article || ordinal || label || part {
            return Some(next);
        }
        let sign = match self.text(next) {
            "%" => 1,
            "pour" if matches!(self.text(next + 1), "cent" | "mille") => 2,
            _ => 0,
        };
        // a sentence that is cut for its length ends anywhere
        if sign > 0 && next + sign <= end {
            next += sign;
            self.mark(Builtin::Percentage, at..next);
            return Some(next);
        }
        let word_round = self.token(at)?.kind == TokenKind::Word && self.text(next - 1).trim_end_matches('s').ends_with("aine");
        let bounded = matches!(before, "moins" | "plus" | "minimum" | "maximum" | "a" | "ou")
            || matches!(self.text(next), "a" | "ou" | "minimum" | "maximum")
            || self.text(next) == "au" && self.text(next + 1) != "total";
        let approximate = word_round || bounded || self.rounded(&(at..next));
        self.mark(Builtin::Number, at..next);
        self.out.numbers.push(Number { tokens: at as u32..next as u32, value, approximate });
        Some(next)
    }

    /// « M. Dupont », « Mme Sabine Orvault », « Anne Delcourt-Ribes ».
    fn person(&mut self, at: usize, end: usize, shouted: bool) -> Option<usize> {
        self.token(at).filter(|t| t.flags.has(TokenFlags::CAPITAL))?;
        let text = self.text(at);
        let title =
            matches!(text, "m" | "mm" | "mme" | "mmes" | "mlle" | "monsieur" | "madame" | "messieurs" | "mesdames" | "dr" | "pr" | "maitre" | "docteur");
        let mut next = at;
        if title {
            next += 1;
            if self.text(next) == "." {
                next += 1;
            }
            // « Mme la maire », « Madame l'inspectrice générale » name a function, not a person
        } else if shouted || !self.lexicon.is_listed(WordList::FirstName, text) {
            return None;
        }
        let start = next;
        while next < end && self.capital(next) && next - start < 5 {
            next += 1;
        }
        let named = next - start >= if title { 1 } else { 2 };
        if !named {
            return None;
        }
        self.mark(Builtin::Person, at..next);
        self.mark(Builtin::ProperNoun, start..next);
        Some(next)
    }

    fn capital(&self, at: usize) -> bool {
        self.token(at).is_some_and(|t| t.kind == TokenKind::Word && t.flags.has(TokenFlags::CAPITAL))
    }

    /// « Déclics dépouille les questionnaires »: a capital before a finite verb, that no pronoun or article explains.
    fn names_the_subject(&self, at: usize) -> bool {
        let finite = |i: usize| {
            self.token(i).is_some_and(|t| {
                let (lower, folded) = (self.dossier.lower(t), self.dossier.folded(t));
                let mut forms = self.lexicon.forms_of(lower, folded, false).peekable();
                forms.peek().is_some() && forms.all(|f| f.mood & (mood::PRES | mood::FUT) != 0 && f.mood & (mood::PP | mood::INF) == 0)
            })
        };
        !self.lexicon.is_listed(WordList::Nameless, self.text(at)) && finite(at + 1) && !finite(at)
    }

    fn first_person(&mut self, at: usize) {
        if self.facts[at].kinds & kinds::FIRST_PERSON != 0 {
            self.mark(Builtin::FirstPerson, at..at + 1);
        }
    }

    fn name(&mut self, at: usize, range: &Range<usize>, heading: bool) -> usize {
        let token = self.dossier.tokens[at];
        self.first_person(at);
        if !token.flags.has(TokenFlags::CAPITAL) || token.kind != TokenKind::Word {
            return at + 1;
        }
        let len = self.text(at).len();
        if token.flags.has(TokenFlags::ALL_CAPS) && (2..=8).contains(&len) && !heading {
            self.mark(Builtin::Acronym, at..at + 1);
        }
        let before = at.checked_sub(1).map_or("", |b| self.text(b));
        let opening = at == range.start || matches!(before, "." | ":" | "«" | "!" | "?" | "|" | "–" | "—");
        if !opening {
            let mut next = at;
            while next < range.end && self.capital(next) {
                next += 1;
            }
            self.mark(Builtin::ProperNoun, at..next);
            return next;
        }
        if at == range.start && self.names_the_subject(at) {
            self.mark(Builtin::ProperNoun, at..at + 1);
        }
        at + 1
    }
}

fn scale(text: &str) -> Option<f64> {
    match text {
        "k" => Some(1e3),
        "m" | "million" | "millions" => Some(1e6),
        "md" | "mds" | "milliard" | "milliards" => Some(1e9),
        "mille" | "milliers" => Some(1e3),
        _ => None,
    }
}
