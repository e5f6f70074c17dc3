//! The little language in which checks say what to look for. `checks/README.md` teaches it.
//!
//! ```text
//! comité de pilotage            words, in this order; plural and feminine do not matter, nor do the small words between
//! <répondre> .. proposition     any form of a verb; a gap of at most five words (`...`: twelve)
//! <publier:fut>                 only some moods: inf pres fut cond impf past subj pp ppres fini nous je
//! @acteur (adresse|remet) avis  a class of the vocabulary; alternatives
//! une? date =publié             optional; the very form, accents included
//! @montant + # budget           and, in the same sentence; under a heading that says so
//! @instance + ! marché + ~ @date  without; in a neighbouring sentence
//! ```

use super::inflect::mood;
use super::mistakes;
use crate::lang::{Message, Text};

/// What kind of place a conjunct is looked for in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The sentence, or what introduces it (lead-in of a list, header of a table).
    Here,
    /// A heading above.
    Heading,
    /// Must not be in the sentence.
    Not,
    /// Must be in no heading above.
    NotUnder,
    /// The sentence or one near it.
    Near,
}

impl Place {
    /// Whether headings are looked at.
    #[must_use]
    pub const fn in_headings(self) -> bool {
        matches!(self, Self::Heading | Self::NotUnder)
    }

    /// Whether what is found there makes the pattern fail.
    #[must_use]
    pub const fn denies(self) -> bool {
        matches!(self, Self::Not | Self::NotUnder)
    }
}

/// A pattern: every conjunct must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern<S> {
    /// The conjuncts.
    pub conjuncts: Vec<(Place, Vec<Element<S>>)>,
}

/// An element of a phrase; `S` is a word, verb or class: a name when parsed, a symbol when compiled.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Element<S> {
    /// A word, whatever its number and gender.
    Stem(S),
    /// The very form.
    Exact(S),
    /// A punctuation mark.
    Mark(char),
    /// A verb, in some of its moods (0: any).
    Verb(S, u16),
    /// A class of the vocabulary.
    Class(S),
    /// One of several sequences.
    Any(Vec<Vec<Element<S>>>),
    /// There or not.
    Optional(Vec<Element<S>>),
    /// At most so many tokens of any kind.
    Gap(u8),
    /// One word, whichever.
    Word,
    /// The beginning of the sentence.
    Start,
    /// The end of the sentence (closing punctuation aside).
    End,
}

/// A word, verb or class of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its name.
    pub text: String,
    /// Byte offset in the pattern.
    pub at: usize,
}

/// A mistake in a pattern: byte offset and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// Byte offset in the pattern.
    pub at: usize,
    /// What is wrong.
    pub message: Text,
}

/// Words of a gap `..`.
const SHORT_GAP: u8 = 5;
/// Words of a gap `...`.
const LONG_GAP: u8 = 12;
/// Ways to match that a phrase may leave open by its gaps, optional parts and alternatives, each of which multiplies them: all are
/// tried where a text is made for it. The checks that ship with the tool need fewer than a million.
const MOST_WAYS: u64 = 1 << 22;

/// Parses a pattern.
///
/// # Errors
/// With the place of the first mistake.
pub fn parse(text: &str) -> Result<Pattern<Name>, PatternError> {
    let mut parser = Parser { text, at: 0, ways: 1 };
    let mut conjuncts = Vec::new();
    loop {
        parser.spaces();
        let place = parser.place()?;
        parser.ways = 1;
        let elements = parser.sequence(0)?;
        if elements.is_empty() {
            return Err(parser.error(mistakes::NOTHING_HERE));
        }
        conjuncts.push((place, elements));
        match parser.peek() {
            Some('+') => parser.at += 1,
            None => break,
            Some(c) => return Err(PatternError { at: parser.at, message: mistakes::MISPLACED.both(&[("mark", &c)]) }),
        }
    }
    if conjuncts.iter().all(|(place, _)| place.denies() || *place == Place::Near) {
        return Err(PatternError { at: 0, message: mistakes::NOTHING_TO_FIND.both(&[]) });
    }
    Ok(Pattern { conjuncts })
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// Ways to match what has been read of the phrase.
    ways: u64,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn spaces(&mut self) {
        while let Some(c) = self.peek().filter(|c| c.is_whitespace() || matches!(c, '\'' | '’' | '-')) {
            self.at += c.len_utf8();
        }
    }

    fn error(&self, message: Message) -> PatternError {
        PatternError { at: self.at, message: message.both(&[]) }
    }

    fn sequence(&mut self, depth: usize) -> Result<Vec<Element<Name>>, PatternError> {
        if depth > 8 {
            return Err(self.error(mistakes::TOO_DEEP));
        }
        let mut out = Vec::new();
        loop {
            self.spaces();
            let Some(c) = self.peek() else { break };
            if matches!(c, '+' | '|' | ')') {
                break;
            }
            let start = self.at;
            let element = self.element(c, depth)?;
            if let Element::Gap(most) = element {
                self.multiply(u64::from(most) + 1, start)?;
            }
            if self.peek() == Some('?') {
                self.at += 1;
                self.multiply(2, start)?;
                out.push(Element::Optional(vec![element]));
            } else {
                out.push(element);
            }
        }
        Ok(out)
    }

    /// Reads where a part is looked for: `#`, `!`, `~`, `! #`, or nothing.
    fn place(&mut self) -> Result<Place, PatternError> {
        let mut place = Place::Here;
        while let Some(mark @ ('#' | '!' | '~')) = self.peek() {
            place = match (place, mark) {
                (Place::Here, '#') => Place::Heading,
                (Place::Here, '!') => Place::Not,
                (Place::Here, _) => Place::Near,
                (Place::Not, '#') => Place::NotUnder,
                _ => return Err(PatternError { at: self.at, message: mistakes::MISPLACED.both(&[("mark", &mark)]) }),
            };
            self.at += 1;
            self.spaces();
        }
        Ok(place)
    }

    /// Takes into account an element, at `start`, that may be matched in so many ways.
    fn multiply(&mut self, ways: u64, start: usize) -> Result<(), PatternError> {
        self.ways *= ways;
        if self.ways <= MOST_WAYS {
            return Ok(());
        }
        Err(PatternError { at: start, message: mistakes::TOO_MANY_WAYS.both(&[]) })
    }

    fn element(&mut self, c: char, depth: usize) -> Result<Element<Name>, PatternError> {
        match c {
            '#' | '!' | '~' if depth > 0 => Err(PatternError { at: self.at, message: mistakes::OPENS_A_PART.both(&[("mark", &c)]) }),
            '(' => self.group(depth),
            '<' => self.verb(),
            '@' => {
                let at = self.at;
                self.at += 1;
                let name = Name { at, text: self.take(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_')) };
                if name.text.is_empty() { Err(self.error(mistakes::CLASS_EXPECTED)) } else { Ok(Element::Class(name)) }
            }
            '.' if self.text[self.at..].starts_with("..") => {
                let long = self.text[self.at..].starts_with("...");
                self.at += if long { 3 } else { 2 };
                Ok(Element::Gap(if long { LONG_GAP } else { SHORT_GAP }))
            }
            '^' => self.single(Element::Start),
            '$' => self.single(Element::End),
            '_' => self.single(Element::Word),
            '=' => {
                self.at += 1;
                let Name { text, at } = self.word();
                if text.is_empty() { Err(self.error(mistakes::WORD_EXPECTED)) } else { Ok(Element::Exact(Name { text: text.to_lowercase(), at })) }
            }
            '\\' => {
                self.at += 1;
                let mark = self.peek().ok_or_else(|| self.error(mistakes::MARK_EXPECTED))?;
                self.at += mark.len_utf8();
                Ok(Element::Mark(mark))
            }
            _ if c.is_alphanumeric() => Ok(Element::Stem(self.word())),
            _ => {
                self.at += c.len_utf8();
                Ok(Element::Mark(c))
            }
        }
    }

    fn single(&mut self, element: Element<Name>) -> Result<Element<Name>, PatternError> {
        self.at += 1;
        Ok(element)
    }

    fn take(&mut self, keep: impl Fn(char) -> bool) -> String {
        let rest = &self.text[self.at..];
        let len = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        let out = rest[..len].trim_end_matches('.').to_owned();
        self.at += out.len();
        out
    }

    fn word(&mut self) -> Name {
        Name { at: self.at, text: self.take(char::is_alphanumeric) }
    }

    fn group(&mut self, depth: usize) -> Result<Element<Name>, PatternError> {
        let (start, before) = (self.at, self.ways);
        let (mut branches, mut most) = (Vec::new(), before);
        loop {
            // the bracket, or the bar
            self.at += 1;
            self.ways = before;
            branches.push(self.sequence(depth + 1)?);
            most = most.max(self.ways);
            match self.peek() {
                Some('|') => {}
                Some(')') => {
                    self.at += 1;
                    break;
                }
                _ => return Err(self.error(mistakes::OPEN_BRACKET)),
            }
        }
        if branches.iter().any(Vec::is_empty) {
            return Err(self.error(mistakes::EMPTY_ALTERNATIVE));
        }
        self.ways = most;
        // of branches that are one token each, one at most matches
        let longer = |branch: &&Vec<_>| branch.len() > 1 || matches!(branch.as_slice(), [Element::Optional(_) | Element::Gap(_)]);
        if branches.iter().filter(longer).count() > 1 {
            self.multiply(2, start)?;
        }
        Ok(Element::Any(branches))
    }

    fn verb(&mut self) -> Result<Element<Name>, PatternError> {
        let open = self.at;
        let close = self.text[self.at..].find('>').ok_or_else(|| self.error(mistakes::OPEN_VERB))?;
        let inside = &self.text[self.at + 1..self.at + close];
        self.at += close + 1;
        let (infinitives, moods) = inside.split_once(':').unwrap_or((inside, ""));
        let mut bits = 0;
        for name in moods.split(',').filter(|m| !m.trim().is_empty()) {
            bits |= mood_bits(name.trim()).ok_or_else(|| PatternError {
                at: open,
                message: mistakes::NO_MOOD.both(&[("name", &name), ("known", &"inf, pres, fut, cond, impf, subj, pp, ppres, past, fini, nous, je")]),
            })?;
        }
        let mut at = open + 1;
        let mut verbs: Vec<Vec<Element<Name>>> = Vec::new();
        for verb in infinitives.split('|') {
            verbs.push(vec![Element::Verb(Name { text: crate::text::fold::fold(verb.trim()), at }, bits)]);
            at += verb.len() + 1;
        }
        if verbs.len() == 1 {
            return verbs.pop().and_then(|mut v| v.pop()).ok_or_else(|| self.error(mistakes::VERB_EXPECTED));
        }
        Ok(Element::Any(verbs))
    }
}

fn mood_bits(name: &str) -> Option<u16> {
    Some(match name {
        "inf" => mood::INF,
        "pres" => mood::PRES,
        "fut" => mood::FUT,
        "cond" => mood::COND,
        "impf" => mood::IMPF,
        "subj" => mood::SUBJ,
        "pp" => mood::PP,
        "ppres" => mood::PPRES,
        "past" => mood::PAST,
        "fini" => mood::FINITE,
        "nous" => mood::P1P,
        "je" => mood::P1S,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_looked_for_where_its_marks_say() {
        let place = |text: &str| parse(&format!("avis + {text} bilan")).map(|pattern| pattern.conjuncts[1].0);
        let expected = [("", Place::Here), ("#", Place::Heading), ("!", Place::Not), ("! #", Place::NotUnder), ("~", Place::Near)];
        expected.into_iter().for_each(|(mark, expected)| assert_eq!(place(mark), Ok(expected), "{mark}"));
        ["# !", "~ #", "! ~", "! # #", "~ ~"].into_iter().for_each(|marks| assert!(place(marks).is_err(), "{marks}"));
    }

    #[test]
    fn parses_every_construct() {
        let pattern = parse("^ @acteur (<répondre|adresser:fut> .. =à chaque?|remet l'avis) ... proposition \\; $ + # et après + ! marché + ~ @date").unwrap();
        assert_eq!(pattern.conjuncts.len(), 4);
        assert_eq!(pattern.conjuncts[1].0, Place::Heading);
        assert!(matches!(pattern.conjuncts[0].1[0], Element::Start));
    }

    #[test]
    fn mistakes_have_a_place() {
        assert_eq!(parse("comité (de|").unwrap_err().at, 12);
        assert!(parse("<répondre").is_err());
        assert!(parse("a + ").is_err());
        assert!(parse("<publier:futur>").is_err());
        assert!(parse("! seul").is_err());
        assert_eq!(parse("comité + (# suivi|bilan)").unwrap_err().at, 11);
    }

    #[test]
    fn what_would_take_forever_to_match_is_refused_where_it_is_too_much() {
        for (part, most) in [(" ... avis", 5), (" .. avis", 8), (" avis?", 22), (" (a?|b?)", 11), (" (avis|avis citoyen|avis rendu)", 22)] {
            let phrase = format!("un{}", part.repeat(most));
            assert!(parse(&phrase).is_ok(), "{phrase}");
            assert!(parse(&format!("{phrase} + {phrase}")).is_ok(), "{phrase}");
            let at = parse(&format!("{phrase}{part}")).unwrap_err().at;
            assert!((phrase.len()..phrase.len() + part.len()).contains(&at), "{phrase}: {at}");
        }
    }
}
